"""Bombs: what is made to fill memory or disk is told before it does, and no long line is lost."""

import gzip
import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench import errors, loaders
from workbench.loaders.find import limits

HEADER = "customer_id,ordered_at,amount,note\n"
ROWS = "".join(f"a{i},2026-10-05,5,x\n" for i in range(30))
UNPACKS = (
    r"unpacks to (more than )?[\d,]+ bytes from [\d,]+, which no table does\.\nIf you trust it"
)

MANIFEST = b"""<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="x"/></manifest:manifest>"""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a quarter of a gigabyte were 64 kB."""
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 1 << 16)


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def bomb(kind: str, path: Path) -> Path:
    zeros = b"0" * (1 << 22)
    match kind:
        case "zip":
            return zipped(path / "o.zip", orders_csv=zeros)
        case "lying zip":
            made = zipped(path / "o.zip", orders_csv=zeros).read_bytes()
            size = struct.pack("<I", len(zeros))
            (path / "o.zip").write_bytes(made.replace(size, struct.pack("<I", 100)))
            return path / "o.zip"
        case "gz":
            (path / "o.csv.gz").write_bytes(gzip.compress(HEADER.encode() + zeros))
            return path / "o.csv.gz"
        case "xlsx":
            return zipped(path / "o.xlsx", xl__workbook_xml=b"<x/>", xl__sharedStrings_xml=zeros)
        case "xlsb":
            return zipped(path / "o.xlsb", xl__workbook_bin=b"", xl__worksheets__sheet1_bin=zeros)
        case _:
            kind = b"application/vnd.oasis.opendocument.spreadsheet"  # type: ignore[assignment]
            return zipped(path / "o.ods", mimetype=kind, content_xml=zeros)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["zip", "lying zip", "gz", "xlsx", "xlsb", "ods"])
def test_one_guard_stands_before_everything_that_is_packed(
    kind: str, tmp_path: Path, small: None
) -> None:
    path = bomb(kind, tmp_path)
    for read in (loaders.load, loaders.propose):
        with pytest.raises(errors.SourceError, match=UNPACKS):
            read(path)


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0", b"\0"])
def test_twenty_gigabytes_are_refused_before_they_are_read(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "o.xls"
    path.write_bytes(start)
    with path.open("rb+") as hollow:
        hollow.truncate(20 << 30)
    began = time.monotonic()
    with pytest.raises(errors.SourceError, match=r"larger than an old Office file|cannot be read"):
        loaders.load(path, cache=tmp_path / "cache")
    assert time.monotonic() - began < 5


def test_an_ods_of_repeated_cells_is_too_large_once_unpacked_not_damaged(tmp_path: Path) -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        "<text:p>a</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    members = {"META-INF__manifest_xml": MANIFEST, "content_xml": content.encode()}
    path = zipped(tmp_path / "o.ods", mimetype=kind, **members)
    with pytest.raises(
        errors.SourceError, match=r"unpacks to 17,179,869,184 cells; a sheet here has at most 100"
    ):
        loaders.load(path, cache=tmp_path / "cache")


def test_what_shrinks_like_a_table_is_read(tmp_path: Path, small: None) -> None:
    rows = "".join(f"a{i * 7919 % 10007},2026-10-05,{i % 97},x\n" for i in range(20_000))
    text = (HEADER + rows).encode()
    (tmp_path / "o.csv.gz").write_bytes(gzip.compress(text))
    for path in (tmp_path / "o.csv.gz", zipped(tmp_path / "o.zip", orders_csv=text)):
        assert loaders.load(path, cache=tmp_path / "cache").ledger.rows_kept == 20_000


WIDE = 100_000


def wide(kind: str, path: Path) -> Path:
    names = ["customer_id", "ordered_at", "amount", *(f"c{i}" for i in range(WIDE))]
    match kind:
        case "csv":
            line = ",".join("1" for _ in names)
            (path / "o.csv").write_text("\n".join([",".join(names), *[line] * 20, ""]))
            return path / "o.csv"
        case "xlsx":
            book = openpyxl.Workbook()
            book.active.append(names[:12_000])  # type: ignore[union-attr]
            book.save(path / "o.xlsx")
            return path / "o.xlsx"
        case _:
            table = pa.table({name: pa.array(["1"]) for name in names[:20_000]})
            pq.write_table(table, path / "o.parquet")
            return path / "o.parquet"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_hundred_thousand_columns_end_in_seconds_with_a_message(
    kind: str, tmp_path: Path
) -> None:
    path = wide(kind, tmp_path)
    for read in (loaders.load, loaders.propose):
        began = time.monotonic()
        with pytest.raises(errors.SourceError, match=r"columns; a table here has at most 10,240\."):
            read(path)
        assert time.monotonic() - began < 20


def test_a_parquet_file_that_says_it_holds_more_than_any_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PARQUET_CELLS", 1_000_000)
    monkeypatch.setattr(limits, "CELLS_PER_BYTE", 1)
    same = pa.array(["1"] * 3_000_000).dictionary_encode()
    pq.write_table(pa.table({"customer_id": same, "amount": same}), tmp_path / "o.parquet")
    with pytest.raises(errors.SourceError, match=r"hold 3,000,000 × 2 cells, which no table does"):
        loaders.load(tmp_path / "o.parquet")


def test_a_sheet_of_more_cells_than_any_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SHEET_CELLS", 1_000)
    book = openpyxl.Workbook()
    book.active.append(["customer_id", "ordered_at", "amount"])  # type: ignore[union-attr]
    book.active.cell(500, 20, "stray")  # type: ignore[union-attr]
    book.save(tmp_path / "o.xlsx")
    with pytest.raises(errors.SourceError, match=r"500 × 20 cells; a sheet here has at most 1,000"):
        loaders.load(tmp_path / "o.xlsx")


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("length", [3_000_000, 33_000_000, 70_000_000])
def test_a_line_past_the_readers_limit_is_a_reject_with_its_number(
    quote: str, packed: bool, length: int, tmp_path: Path
) -> None:
    long = f"b,2026-10-05,5,{quote}{'x' * length}{quote}\n"
    text = (HEADER + ROWS + long + ROWS.replace("a", "c")).encode()
    path = tmp_path / ("o.csv.gz" if packed else "o.csv")
    path.write_bytes(gzip.compress(text, 6) if packed else text)
    ledger = loaders.load(path, cache=tmp_path / "cache", max_reject_rate=1.0).ledger
    assert ledger.rows_read == 61, "no row is gone"
    told = [(row.line_number, row.reason) for row in ledger.rejects.itertuples()]
    assert told == ([(32, "line_too_long")] if length > limits.LINE else [])
    assert all(len(value) <= limits.SHOWN + 1 for value in ledger.rejects["value"])


def test_a_long_line_within_a_quoted_record_is_told_and_what_follows_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LINE", 300_000)
    text = f'{HEADER}{ROWS}b,2026-10-05,5,"begun\n{"x" * 400_000}\n{ROWS.replace("a", "c")}'
    (tmp_path / "o.csv").write_text(text)
    ledger = loaders.load(tmp_path / "o.csv", cache=tmp_path / "c", max_reject_rate=1.0).ledger
    told = [(row.line_number, row.reason) for row in ledger.rejects.itertuples()]
    assert told == [(32, "malformed_quotes"), (33, "line_too_long")]
    assert ledger.rows_kept == 60


def test_a_long_line_of_a_file_by_positions_is_a_reject(tmp_path: Path) -> None:
    line = "a{:03} 2026-10-05 5   \n"
    rows = [line.format(i) for i in range(30)]
    text = "".join([*rows, f"b001 2026-10-05 6   {'x' * limits.LINE}\n", *rows])
    (tmp_path / "o.txt").write_text(text)
    widths = {"customer_id": (0, 4), "ordered_at": (5, 15), "amount": (16, 20)}
    loaded = loaders.load(
        tmp_path / "o.txt", cache=tmp_path / "c", widths=widths, max_reject_rate=1.0
    )
    (row,) = loaded.ledger.rejects.itertuples()
    assert (row.line_number, row.reason, loaded.ledger.rows_kept) == (31, "line_too_long", 60)
