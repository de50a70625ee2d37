"""Whatever the bytes: a table whose ledger balances, or a message. Nothing else."""

import datetime as dt
import gzip
import io
import sqlite3
import tempfile
import warnings
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import errors, loaders

ROWS = [(f"O{n}", f"C{n % 7}", dt.datetime(2026, 1, 1 + n % 28), n * 1.25) for n in range(60)]
NAMES = ("order_id", "customer_id", "ordered_at", "amount")
TEXT = "\r\n".join(
    [",".join(NAMES), *(f'{a},"{b}",{c:%Y-%m-%d},"{d:.2f}"' for a, b, c, d in ROWS), ""]
)


def parquet() -> bytes:
    """The rows as Parquet."""
    packed = io.BytesIO()
    columns = dict(zip(NAMES, map(list, zip(*ROWS, strict=True)), strict=True))
    pq.write_table(pa.table(columns), packed)
    return packed.getvalue()


def xlsx() -> bytes:
    """The rows as a workbook; its parts are stored as they are, so that a change is seen in them."""
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in (NAMES, *ROWS):
        book.active.append(row)
    book.save(written)
    plain = io.BytesIO()
    with zipfile.ZipFile(written) as packed, zipfile.ZipFile(plain, "w") as stored:
        for part in packed.namelist():
            stored.writestr(zipfile.ZipInfo(part), packed.read(part))
    return plain.getvalue()


def archive() -> bytes:
    """The rows as CSV in a ZIP archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr(zipfile.ZipInfo("orders.csv"), TEXT)
    return packed.getvalue()


def sqlite() -> bytes:
    """The rows as a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        connection = sqlite3.connect(path)
        connection.execute(f"CREATE TABLE orders ({', '.join(NAMES)})")
        rows = [(*row[:2], row[2].isoformat(), row[3]) for row in ROWS]
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)
        connection.commit()
        connection.close()
        return path.read_bytes()


@cache
def whole(kind: str) -> bytes:
    """A file of this kind that nobody has damaged."""
    made = {
        "orders.csv": TEXT.encode,
        "utf-16.csv": lambda: TEXT.encode("utf-16"),
        "orders.csv.gz": lambda: gzip.compress(TEXT.encode(), mtime=0),
        "orders.zip": archive,
        "orders.parquet": parquet,
        "orders.xlsx": xlsx,
        "shop.db": sqlite,
    }
    return made[kind]()


KINDS = ("orders.csv", "utf-16.csv", "orders.csv.gz", "orders.zip", "orders.parquet")
SLOW_KINDS = ("orders.xlsx", "shop.db")

# Where, as a share of the length, and what happens there.
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(("flip", "cut", "out", "in", "twice", "zero")),
        st.floats(0, 1),
        st.integers(1, 255),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=4,
)


def changed(content: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    """Damage a file: flip a bit or more, cut it short, take out, put in, repeat, blank a stretch."""
    for what, share, size, other in changes:
        at = int(share * len(content))
        left, middle, right = content[:at], content[at : at + size], content[at + size :]
        content = {
            "flip": left + bytes(byte ^ size for byte in middle[:1]) + content[at + 1 :],
            "cut": left,
            "out": left + right,
            "in": left + other + content[at:],
            "twice": left + middle + middle + right,
            "zero": left + bytes(len(middle)) + right,
        }[what]
    return content


def outcome(content: bytes, name: str) -> str:
    """Load these bytes: a table with a ledger that balances, or a message of ours."""
    options: dict[str, Any] = {"db_table": "orders"} if name.endswith(".db") else {}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path, kept = Path(folder) / name, Path(folder) / "cache"
        path.write_bytes(content)
        told = None
        try:
            loaded = loaders.load(path, cache=kept, max_reject_rate=1, **options)
            table = loaded.table
        except errors.WorkbenchError as error:
            told = error
        if told is not None:
            assert told.what
            assert told.mend
            assert "\n" not in told.what
            assert not list(kept.glob("*-*")), "nothing half-written is left"
            return "message"
        ledger = loaded.ledger
        kinds = (
            ledger.rows_kept,
            ledger.rows_rejected,
            ledger.duplicates_dropped,
            ledger.rows_apart,
        )
        assert ledger.rows_read == sum(kinds)
        assert len(ledger.rejects) == ledger.rows_rejected
        assert len(table) == ledger.rows_kept
        loaded.completeness()
        return "table"


@pytest.mark.parametrize("kind", KINDS + SLOW_KINDS)
def test_what_nobody_has_damaged_comes_in(kind: str) -> None:
    assert outcome(whole(kind), kind) == "table"


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz", "orders.parquet", "orders.xls"])
@given(content=st.binary(max_size=400))
@settings(max_examples=15)
@pytest.mark.slow
def test_any_bytes_are_a_table_or_a_message(name: str, content: bytes) -> None:
    outcome(content, name)


@pytest.mark.parametrize("beginning", [",".join(NAMES).encode() + b"\n", b"PK\x03\x04", b"PAR1"])
@given(rest=st.binary(max_size=400))
@settings(max_examples=15)
@pytest.mark.slow
def test_any_bytes_after_a_true_beginning_are_a_table_or_a_message(
    beginning: bytes, rest: bytes
) -> None:
    outcome(beginning + rest, "orders.csv")


@given(rows=st.text(alphabet=',;"\n\r\t\0 \x0b\u2028\ufeff-.1a五', max_size=120))
@settings(max_examples=40)
@pytest.mark.slow
def test_any_signs_of_csv_are_a_table_or_a_message(rows: str) -> None:
    outcome((",".join(NAMES) + "\n" + rows).encode(), "orders.csv")


@pytest.mark.parametrize("kind", KINDS)
@given(changes=CHANGES)
@settings(max_examples=20)
@pytest.mark.slow
def test_a_damaged_file_is_a_table_or_a_message(
    kind: str, changes: list[tuple[str, float, int, bytes]]
) -> None:
    outcome(changed(whole(kind), changes), kind)


@pytest.mark.parametrize("kind", SLOW_KINDS)
@given(changes=CHANGES)
@settings(max_examples=8)
def test_a_damaged_workbook_or_database_is_a_table_or_a_message(
    kind: str, changes: list[tuple[str, float, int, bytes]]
) -> None:
    outcome(changed(whole(kind), changes), kind)
