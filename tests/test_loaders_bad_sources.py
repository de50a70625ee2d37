"""Sources that are odd as such: no file at all, too large, full disks, damage in every container.

Every kind here ends in a message that says what, where and mend, with nothing left in the cache;
through the command line too, where no traceback is shown. What is odd but whole stands below, with
its account. Kinds of bad content are in ``test_loaders_bad_input``.
"""

import gzip
import io
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_loaders_fuzz import parquet, sqlite, xlsx

from workbench import cli, errors, loaders
from workbench.loaders.account import acceptance
from workbench.loaders.cast import by_kind

pytestmark = pytest.mark.many

HEADER = "order_id,customer_id,ordered_at,amount\n"
GOOD = "O1,C1,2026-03-05,10.00\n"
TEXT = (HEADER + GOOD * 30).encode()
Make = Callable[[Path], Path]


def made(name: str, content: bytes | Callable[[], bytes]) -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content())
        return path

    return make


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(
                zipfile.ZipInfo(name.replace("__", "/").replace("_csv", ".csv")), content
            )
    return out.getvalue()


def with_password() -> bytes:
    content = bytearray(packed(orders_csv=TEXT))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def broken_inside(content: bytes) -> bytes:
    middle = len(content) // 3
    return (
        content[:middle]
        + bytes(byte ^ 0x55 for byte in content[middle : middle + 40])
        + (content[middle + 40 :])
    )


def named_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "orders.csv")
    return folder / "orders.csv"


def device(_: Path) -> Path:
    return Path("/dev/zero")


def circle(folder: Path) -> Path:
    for here, there in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        (folder / here).symlink_to(folder / there)
    return folder / "a.csv"


def dangling(folder: Path) -> Path:
    (folder / "orders.csv").symlink_to(folder / "gone.csv")
    return folder / "orders.csv"


def below_a_file(folder: Path) -> Path:
    (folder / "orders").write_bytes(TEXT)
    return folder / "orders" / "orders.csv"


def mixed_folder(folder: Path) -> Path:
    made("a.csv", TEXT)(folder)
    made("b.parquet", parquet)(folder)
    made("c.xlsx", xlsx)(folder)
    return folder


def folder_of_folders(folder: Path) -> Path:
    (folder / "2026").mkdir()
    return folder


def empty_parquet_table() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({}), out)
    return out.getvalue()


def nested_parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"customer_id": [["a"]], "ordered_at": [{"x": 1}]}), out)
    return out.getvalue()


def chart_only() -> bytes:
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def empty_sheets() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("second")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BAD: dict[str, tuple[Make, str]] = {
    "named pipe": (named_pipe, r"is a pipe or a device, not a file\.\nWrite its content"),
    "device": (device, r"is a pipe or a device, not a file\.\n"),
    "links in a circle": (circle, r"There is no file .*\n.*Check the path"),
    "link to nothing": (dangling, r"There is no file .*\n.*Check the path"),
    "path below a file": (below_a_file, r"There is no file .*\n.*not there either"),
    "folder of several kinds": (mixed_folder, r"several kinds: .*\nName those of one kind"),
    "folder of folders": (folder_of_folders, r"holds no file\.\nName the folder"),
    "byte order mark alone": (made("o.csv", b"\xef\xbb\xbf"), r"no header|missing column"),
    "UTF-16 mark alone": (made("o.csv", b"\xff\xfe"), r"no header|empty|missing column"),
    "NUL bytes alone": (made("o.csv", bytes(5000)), r"not text: it holds NUL bytes\.\n"),
    "one line without a separator": (made("o.csv", b"hello"), r"missing columns.*\nFound: 'hello'"),
    "separators alone": (made("o.csv", b",,,\n,,,\n"), r"missing columns|no name"),
    "header of another table": (made("o.csv", b"product_id,price\n1,2\n"), r"missing columns .*\n"),
    "separators mixed in the header": (
        made("o.csv", b"order_id;customer_id,ordered_at;amount\n"),
        r"missing column",
    ),
    "PNG called csv": (made("o.csv", b"\x89PNG\r\n\x1a\n" + bytes(99)), r"NUL bytes|not in UTF-8"),
    "JSON called csv": (made("o.csv", b'[{"customer_id": 1}]'), r"is JSON, not a table\.\n"),
    "XML called csv": (made("o.csv", b"<?xml version='1.0'?><a/>"), r"is XML, not a table\.\n"),
    "gzip header alone": (made("o.csv.gz", b"\x1f\x8b"), r"damaged.*\nCopy or export"),
    "gzip with a wrong check": (
        made("o.csv.gz", lambda: gzip.compress(TEXT, mtime=0)[:-8] + bytes(8)),
        r"damaged: .*\nCopy or export",
    ),
    "gzip in gzip": (
        made("o.csv.gz", lambda: gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0)),
        r"not (text|in UTF-8)|NUL bytes",
    ),
    "archive with a password": (made("o.zip", with_password), r"protected by a password\.\nUnpack"),
    "archive with a broken member": (
        made("o.zip", lambda: broken_inside(packed(orders_csv=os.urandom(900)))),
        r"damaged ZIP archive\.\nCopy",
    ),
    "archive cut short": (made("o.zip", lambda: packed(orders_csv=TEXT)[:-30]), r"damaged.*\nCopy"),
    "archive of folders": (
        made("o.zip", lambda: packed(a__=b"")),
        r"with nothing, not one CSV\.\n",
    ),
    "archive in an archive": (
        made("o.zip", lambda: packed(inner=packed(orders_csv=TEXT))),
        r"ZIP archive with 'inner', not one CSV\.\nUnpack",
    ),
    "Parquet without its end": (made("o.parquet", lambda: parquet()[:-200]), r"Parquet.*\nCopy"),
    "Parquet with a broken middle": (
        made("o.parquet", lambda: parquet()[:200] + b"\xff" * 400 + parquet()[600:]),
        r"cannot be read as Parquet|could not be loaded: .*\nCheck",
    ),
    "Parquet without columns": (made("o.parquet", empty_parquet_table), r"Parquet|missing column"),
    "Parquet of lists": (made("o.parquet", nested_parquet), r"missing column 'amount'"),
    "workbook of charts alone": (made("o.xlsx", chart_only), r"empty workbook|no sheet"),
    "workbook of empty sheets": (made("o.xlsx", empty_sheets), r"empty workbook"),
    "workbook cut short": (made("o.xlsx", lambda: xlsx()[:-50]), r"damaged.*\nCopy"),
    "workbook with a broken part": (
        made("o.xlsx", lambda: xlsx().replace(b"<sheetData>", b"<sheetDat\x00>")),
        r"damaged|empty workbook",
    ),
    "SQLite, no table named": (made("shop.db", sqlite), r"db_table|table"),
    "SQLite cut short": (made("shop.db", lambda: sqlite()[:50]), r"no SQLite database|damaged"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.mark.parametrize("kind", BAD)
def test_an_odd_source_ends_in_a_message_and_an_empty_cache(
    kind: str, folder: Path, tmp_path: Path
) -> None:
    make, message = BAD[kind]
    cache = tmp_path / "cache"
    with pytest.raises(errors.WorkbenchError, match=message) as caught:
        loaders.load(make(folder), cache=cache)
    assert caught.value.what
    assert caught.value.mend
    assert not list(cache.glob("*-*"))


@pytest.mark.parametrize("kind", BAD)
def test_the_command_line_says_it_in_one_line(
    kind: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    code = cli.main(["check", str(BAD[kind][0](folder)), "--table", "orders"])
    said = capfd.readouterr()
    assert code not in (0, 1)
    assert said.err.startswith("workbench: ")
    assert len(said.err.splitlines()) == 1
    assert "Traceback" not in said.err


def loaded_whole(path: Path, cache: Path, **options: Any) -> loaders.Ledger:
    loaded = loaders.load(path, cache=cache, max_reject_rate=1, **options)
    ledger = loaded.ledger
    ends = (ledger.rows_kept, ledger.rows_rejected, ledger.duplicates_dropped, ledger.rows_apart)
    assert ledger.rows_read == sum(ends)
    assert (len(loaded.table), len(ledger.rejects)) == ends[:2]
    return ledger


# Content that is odd and whole: rows read, kept, rejected.
ODD: dict[str, tuple[str, bytes, tuple[int, int, int]]] = {
    "carriage returns alone": ("o.csv", TEXT.replace(b"\n", b"\r"), (30, 30, 0)),
    "no line end at the end": ("o.csv", TEXT.rstrip(b"\n"), (30, 30, 0)),
    "first and last day": (
        "o.csv",
        (HEADER + "1,a,1990-01-01,1\n2,a,9999-12-31,1\n").encode(),
        (2, 1, 0),
    ),
    "types mixed in every column": (
        "o.csv",
        (HEADER + "1,2,2026-03-05,3\nx,true,soon,null\n2026-03-05,1.5,7,é\n").encode(),
        (3, 1, 2),
    ),
    "huge numbers": (
        "o.csv",
        (HEADER + "1,a,2026-03-05,1e308\n2,a,2026-03-05," + "9" * 400 + "\n").encode(),
        (2, 0, 2),
    ),
    "header alone": ("o.csv", HEADER.encode(), (0, 0, 0)),
    "header without a line end": ("o.csv", HEADER.strip().encode(), (0, 0, 0)),
    "byte order mark twice": ("o.csv", b"\xef\xbb\xbf" * 2 + TEXT, (30, 30, 0)),
    "end-of-file sign of DOS": ("o.csv", TEXT + b"\x1a", (31, 30, 1)),
    "a text of quotes": ("o.csv", (HEADER + '"""",a,2026-03-05,1\n').encode(), (1, 1, 0)),
    "overlong UTF-8": ("o.csv", TEXT + b"O2,C\xc0\xaf,2026-03-05,1\n", (31, 30, 1)),
    "surrogates in UTF-8": ("o.csv", TEXT + b"O2,C\xed\xa0\x80,2026-03-05,1\n", (31, 30, 1)),
    "two gzips in one": ("o.csv.gz", gzip.compress(TEXT) + gzip.compress(GOOD.encode()), (31, 31, 0)),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_what_is_odd_but_whole_comes_in_with_its_account(
    kind: str, folder: Path, tmp_path: Path
) -> None:
    name, content, expected = ODD[kind]
    ledger = loaded_whole(made(name, content)(folder), tmp_path / "cache")
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == expected


def test_a_path_in_an_archive_never_leads_out_of_it(folder: Path, tmp_path: Path) -> None:
    path = made("o.zip", packed(**{"..__..__evil_csv": TEXT}))(folder)
    assert loaded_whole(path, tmp_path / "cache").rows_kept == 30
    assert not list(tmp_path.rglob("evil*"))


def test_a_file_that_vanishes_while_it_is_read_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made("o.csv", TEXT)(folder)
    honest = by_kind.stage

    def vanish(*args: Any, **options: Any) -> Any:
        path.unlink()
        return honest(*args, **options)

    monkeypatch.setattr(by_kind, "stage", vanish)
    with pytest.raises(errors.SourceError, match=r"could not be loaded: .*No such file.*\nCheck"):
        loaders.load(path, cache=tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*-*"))


@pytest.mark.parametrize("code", [28, 5, 122], ids=["no space", "disk error", "quota"])
def test_a_disk_that_fails_leaves_nothing(
    code: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(acceptance, "write", fail)
    with pytest.raises(errors.SourceError, match=r"could not be loaded: .*\n.*has room"):
        loaders.load(made("o.csv", TEXT)(folder), cache=tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*-*"))
    assert not list((tmp_path / "cache").glob(".workbench-draft-*"))


@pytest.mark.slow
def test_a_locked_database_is_told(folder: Path, tmp_path: Path) -> None:
    path = made("shop.db", sqlite)(folder)
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(errors.SourceError, match=r"lock"):
            loaders.load(path, db_table="orders", cache=tmp_path / "cache")
    finally:
        other.close()


def test_a_workbook_with_macros_is_read_and_nothing_in_it_runs(
    folder: Path, tmp_path: Path
) -> None:
    plain = io.BytesIO(xlsx())
    with zipfile.ZipFile(plain, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open(): End Sub")
    path = made("o.xlsm", plain.getvalue())(folder)
    assert loaded_whole(path, tmp_path / "cache").rows_kept == 60


def test_the_kinds_are_many_and_each_stands_once() -> None:
    from test_loaders_bad_input import ROWS, UNREADABLE
    from test_loaders_excel import UNREADABLE as WORKBOOKS

    kinds = [*BAD, *ODD, *ROWS, *UNREADABLE, *WORKBOOKS]
    assert len(set(kinds)) >= 120
