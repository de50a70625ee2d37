"""The usual exports of shops, marketplaces, payments, ledgers and CRMs come in as they are.

The files of ``platforms`` are as each platform writes them, with invented people; what each has to
give is worked out by hand in ``platforms/expected.toml``.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from workbench import loaders, purchases, schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import headers, lists

FOLDER = Path(__file__).parent / "platforms"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
REQUIRED = schema.ORDERS.required_names

# The lists


def layouts() -> dict[str, dict[str, list[str]]]:
    """What ``headers.csv`` says of each layout: its headers and options by column."""
    rows = [row for row in lists.rows("headers.csv") if row["layout"]]
    named: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        named.setdefault(row["layout"], {}).setdefault(row["column"], []).append(row["header"])
    return named


def header_names(file: str) -> set[str]:
    """The plain names of the columns of one of the files, wherever its header stands."""
    columns = loaders.propose(FOLDER / file, table="orders").headers
    return {headers.plain(name) for name in columns if name}


def test_every_layout_has_a_file_and_every_file_a_layout() -> None:
    assert {Path(name).stem for name in EXPECTED} == set(layouts())
    assert {path.name for path in FOLDER.iterdir()} == {*EXPECTED, "expected.toml"}


@pytest.mark.parametrize("name", layouts())
def test_a_layout_is_told_by_some_headers_and_says_who_when_and_how_much(name: str) -> None:
    says = layouts()[name]
    assert 2 <= len(says["marker"]) <= 5
    assert says["kind"] in (["shop"], ["invoices"], ["stages"])
    assert set(REQUIRED) <= set(says)
    options = {entry for entry in says if entry in LoadOptions.__dataclass_fields__}
    columns = set(says) - options - {"marker", "kind"}
    assert columns <= {*REQUIRED, "order_id", "status", "direction", "currency", "refunded_amount"}


def test_no_row_of_the_lists_is_there_twice() -> None:
    for name in ("headers.csv", "statuses.csv"):
        rows = Counter(tuple(row.values()) for row in lists.rows(name))
        assert [row for row, times in rows.items() if times > 1] == []


def test_a_status_means_one_thing() -> None:
    means = {"sale", "no_sale", "open", "won", "lost"}
    said = Counter((row["column"], row["word"]) for row in lists.rows("statuses.csv"))
    assert {row["means"] for row in lists.rows("statuses.csv")} == means
    assert {row["column"] for row in lists.rows("statuses.csv")} == {"status", "direction"}
    assert max(said.values()) == 1
    assert not [
        row
        for row in lists.rows("statuses.csv")
        if row["column"] == "direction" and row["means"] not in ("sale", "no_sale")
    ]


@pytest.mark.parametrize("file", EXPECTED)
def test_a_file_has_the_headers_of_its_own_layout_alone(file: str) -> None:
    names = header_names(file)
    told = {
        name
        for name, says in layouts().items()
        if {headers.plain(marker) for marker in says["marker"]} <= names
    }
    assert told == {Path(file).stem}


# The files


def plainly(option: object) -> object:
    """Give an option as TOML writes it."""
    return list(option) if isinstance(option, tuple) else option


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("file", EXPECTED)
def test_who_when_and_how_much_are_known_for_certain(file: str) -> None:
    expected = EXPECTED[file]
    proposal = loaders.propose(FOLDER / file, **expected.get("stated", {}))
    assert proposal.table == "orders"
    found = {name: proposal.columns.get(name) for name in expected["columns"]}
    assert found == expected["columns"]
    unsure = {
        match.column.name: match.confidence
        for match in proposal.matches
        if match.column.name in expected["columns"] and match.confidence != "certain"
    }
    assert unsure == {}
    options = {name: plainly(proposal.options.get(name)) for name in expected.get("options", {})}
    assert options == expected.get("options", {})
    assert proposal.questions == ()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("file", EXPECTED)
def test_every_customer_has_the_purchases_and_the_money_worked_out_by_hand(file: str) -> None:
    expected = EXPECTED[file]
    proposal = loaders.propose(FOLDER / file, **expected.get("stated", {}))
    loaded = loaders.load(FOLDER / file, **proposal.options)
    history = purchases.history(loaded.table, as_of="2026-12-31")
    columns = (history[name].tolist() for name in ("customer_id", "frequency", "monetary"))
    figures = {who: [days, f"{money:.2f}"] for who, days, money in zip(*columns, strict=True)}
    assert figures == expected["customers"]
    assert loaded.ledger.rejects["reason"].tolist() == []
    assert (loaded.ledger.currency or "") == expected["currency"]
    assert loaded.ledger.no_sale == expected.get("no_sale")
    assert loaded.ledger.anonymous == expected["anonymous"]
