"""Most cells are decided by their shape alone; that decides as the whole question would."""

import random

import duckdb
import pytest

from workbench import schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import contract

ORDERS = schema.table("orders")
ODD = {
    "ordered_at": [
        "2026-03-05", "2026-03-05 10:30:00", "2026-03-05T10:30:00", "2026-03-05 10:30:00Z",
        "2026-03-05 10:30+08", "2026/03/05 10:30:00", "0000-01-01", "0000-12-31 10:00:00",
        "202-10-10 10:10:10", "9999-12-31 23:59:59", "10000-01-01", "2026-13-01", "2026-02-30",
        "2026-03-0５", "2026-03-05 24:00:00", "2026-03-05 (BC)", "2026-03-05x10:30:00",
        "+2026-03-05", "infinity", "epoch", "", "26-03-05", "2026-3-5", "-026-03-05",
    ],
    "amount": [
        "1.00", "1.005", "1.5", "1", "1.e5", "1e2", "1.e-3", "1.2e5", "1e.55", "_1.00", "1_0.00",
        "1.2.34", ".05", "-.05", "+1.00", "1.0０", "", ".", "..12", "1.99", "0.001e3", "1E2",
    ],
}  # fmt: skip


def texts(name: str) -> list[str]:
    """Odd ones, and two thousand more with some signs of them changed."""
    made = random.Random(7)
    signs = "0123456789-/: .eE+_TZ"
    changed = [
        "".join(made.choice(signs) if made.random() < 0.15 else sign for sign in text)
        for text in ODD[name] * 100
    ]
    return ODD[name] + [text.strip() for text in changed]


def decided(name: str, local_zone: str | None) -> list[tuple[bool, bool]]:
    cell = contract.Cell("t", "t", "'not_a_date'")
    column = ORDERS.column(name)
    options = LoadOptions(local_timezone=local_zone)
    cast = (
        contract._time(column, cell, options)
        if name == "ordered_at"
        else contract._money(column, cell)
    )
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cells AS SELECT unnest($1::VARCHAR[]) AS t", [texts(name)])
        return connection.execute(
            f"SELECT {cast.bad}, {cast.finer or 'false'} FROM cells ORDER BY rowid"
        ).fetchall()


@pytest.mark.parametrize(
    ("name", "local_zone"),
    [("ordered_at", None), ("ordered_at", "Asia/Shanghai"), ("amount", None)],
)
def test_a_shape_decides_as_the_whole_question_does(
    name: str, local_zone: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = decided(name, local_zone)
    monkeypatch.setattr(contract, "_FULL", ("no such shape",))
    monkeypatch.setattr(contract, "_CENTS", "no such shape")
    assert decided(name, local_zone) == short
    assert {bad for bad, _ in short} == {True, False}
