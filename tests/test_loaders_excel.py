"""A workbook comes in as it looks in Excel: sheet, header, dates, ids, and nothing lost silently."""

import datetime as dt
import io
import pickle
import re
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from workbook_bytes import Error, compound, encrypted, ods, serial, xls, xlsb

from workbench import config, errors, loaders
from workbench.loaders.open import calamine_reader, damage, workbook

pytestmark = pytest.mark.many

HEADER = ["order_id", "customer_id", "ordered_at", "amount"]
DAY = dt.date(2026, 3, 5)
NOON = dt.datetime(2026, 3, 5, 12, 30, 15)
Put = Callable[..., Path]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a workbook: sheets by name with their rows, then what `change` does to the first."""

    def write(
        *rows: Sequence[Any],
        name: str = "orders.xlsx",
        change: Callable[[Any], None] | None = None,
        **sheets: Sequence[Sequence[Any]],
    ) -> Path:
        book = openpyxl.Workbook()
        first = book.active
        first.title = "Orders"
        for row in rows:
            first.append(list(row))
        for title, other in sheets.items():
            sheet = book.create_sheet(title)
            for row in other:
                sheet.append(list(row))
        if change is not None:
            change(first)
        path = tmp_path / name
        book.save(path)
        return path

    return write


def rejected(loaded: loaders.Loaded) -> list[tuple[int, str, str, str]]:
    ledger = loaded.ledger
    assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.rows_apart
    assert len(loaded.table) == loaded.ledger.rows_kept
    return [tuple(row) for row in loaded.ledger.rejects.itertuples(index=False)]


def load(path: Path, **options: Any) -> loaders.Loaded:
    return loaders.load(path, **{"max_reject_rate": 1, **options})


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(errors.WorkbenchError) as caught:
        load(path, **options)
    assert caught.value.what
    assert caught.value.mend
    return str(caught.value)


# Values


def test_typed_cells_keep_their_exact_values(put: Put) -> None:
    path = put(
        HEADER,
        ["A1", "007", DAY, 0.1],
        ["A2", "张三", NOON, 19.8 * 3],
        ["A3", 17850, NOON, 1234567890123.45],
        [None, None, DAY, -2.25],
        ["A5", "C5", NOON.replace(microsecond=123000), 1e-7],
    )
    loaded = load(path)
    assert rejected(loaded) == []
    assert loaded.table["customer_id"].tolist()[:3] == ["007", "张三", "17850"]
    assert loaded.table["ordered_at"].tolist()[:2] == [dt.datetime(2026, 3, 5), NOON]
    assert loaded.table["ordered_at"].tolist()[4].microsecond == 123000
    money = [row[0] for row in duckdb.sql(f"SELECT amount FROM '{loaded.source}'").fetchall()]
    assert money == [
        Decimal(text) for text in ("0.10", "59.40", "1234567890123.45", "-2.25", "0.00")
    ]
    ledger = loaded.ledger
    assert (ledger.format, ledger.sheet, ledger.header_row) == ("excel", "Orders", 1)
    assert ledger.amounts_finer_than_cent == 1, "59.4 is what Excel shows; only 1e-7 is finer"
    assert (ledger.anonymous, ledger.refunds, ledger.number_ids) == (1, 1, 1)


@pytest.mark.parametrize(
    ("kind", "from_1904"),
    # OpenDocument keeps dates as dates: it has no day that others are counted from.
    [
        *((one, mac) for one in ("xlsx", "xlsm", "xls", "xlsb") for mac in (False, True)),
        ("ods", False),
    ],
)
def test_every_kind_of_workbook_reads_the_same(
    put: Put, tmp_path: Path, kind: str, from_1904: bool
) -> None:
    rows = [HEADER, ["1", "张三", NOON, 0.1], ["2", 17850, serial(DAY, from_1904=from_1904), 2.5]]
    rows += [["3", None, DAY, True], ["4", Error(), DAY, 7]]
    path = tmp_path / f"orders.{kind}"
    if kind in ("xlsx", "xlsm"):
        plain = [[cell if not isinstance(cell, Error) else "#N/A" for cell in row] for row in rows]

        def change(sheet: Any) -> None:
            if from_1904:
                sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
            sheet["B5"].data_type = "e"

        put(*plain, name=path.name, change=change)
    elif kind == "ods":
        path.write_bytes(ods(rows))
    else:
        path.write_bytes({"xls": xls, "xlsb": xlsb}[kind](rows, from_1904=from_1904))
    loaded = load(path)
    assert loaded.table["customer_id"].fillna("nobody").tolist() == ["张三", "17850", "nobody"]
    assert loaded.table["ordered_at"].tolist()[:2] == [NOON, dt.datetime(2026, 3, 5)]
    assert loaded.table["amount"].tolist() == [0.1, 2.5, 7]
    assert rejected(loaded) == [(4, "amount", "TRUE", "not_a_number")]
    assert loaded.ledger.serial_dates == 1


def test_days_may_be_numbers_texts_and_dates_in_one_column(put: Put) -> None:
    path = put(
        HEADER,
        [1, "a", DAY, 1],
        [2, "b", 46086, 1],
        [3, "c", 46086.5, 1],
        [4, "d", "2026-03-05", 1],
        [5, "e", "soon", 1],
        [6, "f", dt.time(10, 30), 1],
        [7, "g", 2026, 1],
    )
    loaded = load(path)
    assert loaded.table["ordered_at"].dt.normalize().unique().tolist() == [dt.datetime(2026, 3, 5)]
    assert loaded.table["ordered_at"].tolist()[2].hour == 12
    assert [row[:2] for row in rejected(loaded)] == [(row, "ordered_at") for row in (6, 7, 8)]
    assert loaded.ledger.serial_dates == 2


def test_a_stated_date_format_is_for_texts_and_not_for_real_dates(put: Put) -> None:
    path = put(HEADER, [1, "a", NOON, 1], [2, "b", "05.03.2026", 1], [3, "c", 20260305, 1])
    loaded = load(path, date_format="%d.%m.%Y")
    assert loaded.table["ordered_at"].tolist() == [NOON, dt.datetime(2026, 3, 5)]
    assert [row[0] for row in rejected(loaded)] == [4]


def test_a_real_number_is_not_read_by_the_decimal_comma_of_the_texts(put: Put) -> None:
    path = put(HEADER, [1, "a", DAY, 1.234], [2, "b", DAY, "1.234,50"], [3, "c", DAY, "7,25"])
    assert load(path).table["amount"].tolist() == [1.23, 1234.5, 7.25]


def test_ids_that_excel_turned_into_numbers_are_told(put: Put) -> None:
    path = put(
        HEADER,
        [1.0, 17850.0, DAY, 1],
        ["2", "00017850", DAY, 1],
        [3, 123456789012345, DAY, 1],
        [4, 6217000012345678901, DAY, 1],
    )
    loaded = load(path)
    assert loaded.table["customer_id"].tolist() == ["17850", "00017850", "123456789012345"]
    assert loaded.ledger.number_ids == 4
    assert rejected(loaded) == [(5, "customer_id", "6.21700001234568e+18", "id_digits_lost")]


def test_numbers_kept_as_text_are_numbers(put: Put) -> None:
    path = put(HEADER, ["1", "a", "2026-03-05", "12.50"], ["2", "b", "2026-03-05", " 7 "])
    assert load(path).table["amount"].tolist() == [12.5, 7.0]


def test_errors_and_formulas_without_a_value_are_rejects_and_no_empty_cells(put: Put) -> None:
    def change(sheet: Any) -> None:
        for place in ("B2", "D3", "E4"):
            sheet[place].data_type = "e"

    path = put(
        [*HEADER, "note"],
        [1, "#N/A", DAY, 1],
        [2, "b", DAY, "#DIV/0!"],
        [3, "c", DAY, 3, "#REF!"],
        [4, "=B2", DAY, 4],
        [5, "e", DAY, "=D2*2"],
        change=change,
    )
    loaded = load(path)
    assert loaded.table["amount"].tolist() == [1.0, 3.0], (
        "what no column of ours needs is no matter"
    )
    assert loaded.ledger.anonymous == 1, "#N/A is a word for nobody"
    assert rejected(loaded) == [
        (3, "amount", "#DIV/0!", "excel_error"),
        (5, "customer_id", "=B2", "formula_without_value"),
        (6, "amount", "=D2*2", "formula_without_value"),
    ]


def test_formulas_give_the_value_excel_kept(put: Put, tmp_path: Path) -> None:
    path = put(HEADER, [1, "=A2", DAY, "=1+1"], [2, '=IF(1,"")', DAY, 5])
    values = {b"<f>A2</f><v />": b"<f>A2</f><v>1</v>", b"<f>1+1</f><v />": b"<f>1+1</f><v>2.5</v>"}
    mended = tmp_path / "kept.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(mended, "w") as new:
        for part in old.namelist():
            content = old.read(part).replace(b"<v></v>", b"<v />").replace(b"<v/>", b"<v />")
            for bare, kept in values.items():
                content = content.replace(bare, kept)
            # A formula whose result is the empty text was calculated.
            content = re.sub(rb'<c r="B3"[^>]*>', b'<c r="B3" t="str">', content)
            new.writestr(part, content)
    loaded = load(mended)
    assert rejected(loaded) == []
    assert loaded.table["amount"].tolist() == [2.5, 5.0]
    assert loaded.ledger.anonymous == 1


# Layout


def test_titles_above_the_header_and_empty_rows_and_columns_are_no_rows(put: Put) -> None:
    def change(sheet: Any) -> None:
        sheet.insert_rows(1, 4)
        sheet.insert_cols(1, 2)
        sheet["C2"] = "Sales of the North, October"
        sheet.merge_cells("C2:F2")
        sheet["C3"], sheet["D3"] = "printed", DAY

    path = put(HEADER, [1, "a", DAY, 1], [None] * 4, ["  "], [2, "b", "soon", 2], change=change)
    loaded = load(path)
    assert loaded.ledger.header_row == 5
    assert loaded.ledger.rows_read == 2
    assert [row[0] for row in rejected(loaded)] == [9], "rows are numbered as Excel does"
    assert loaded.ledger.ignored_columns == ()


def test_a_header_is_found_by_its_mapped_names(put: Put) -> None:
    rows = [
        ["销售明细"],
        ["导出人", "张三", "部门", "北区"],
        ["客户 编号", "日期", "金额"],
        ["007", DAY, 5],
    ]
    maps = {"customer_id": "客户 编号", "ordered_at": "日期", "amount": "金额"}
    assert load(put(*rows), columns=maps).ledger.header_row == 3


def test_a_header_over_two_lines_of_one_cell_is_one_name(put: Put) -> None:
    path = put(["customer_id", "Order\n date", "amount"], ["a", DAY, 1])
    assert load(path, columns={"ordered_at": "Order date"}).ledger.rows_kept == 1


def test_a_foreign_header_below_titles_is_told_with_its_names(put: Put) -> None:
    said = refused(
        put(["Sales"], [], ["client", "date", "total sum"], ["a", DAY, 1], ["b", DAY, 2])
    )
    assert "missing columns 'customer_id', 'ordered_at', 'amount'" in said
    assert "'client'" in said
    assert "Sales" not in said


def test_the_header_row_may_be_stated(put: Put) -> None:
    rows = [HEADER, [1, "old", DAY, 1], [], HEADER, [2, "new", DAY, 2]]
    assert load(put(*rows), header_row=4).table["customer_id"].tolist() == ["new"]
    said = refused(put(*rows), header_row=3)
    assert "row 3 of the sheet 'Orders' in" in said
    assert "is empty" in said
    assert "header_row is 0" in refused(put(*rows), header_row=0)


def test_a_row_of_totals_is_kept_apart_and_counted(put: Put) -> None:
    path = put(HEADER, [1, "a", DAY, 1], ["Total", None, None, 1], [None, "合计：", None, 1])
    loaded = load(path)
    assert (loaded.ledger.rows_kept, loaded.ledger.total_rows, rejected(loaded)) == (1, 2, [])
    customers = put(["customer_id", "customer_name"], ["Total", "Total SA"], ["合计", 5])
    loaded = load(customers, table="customers")
    assert loaded.table["customer_id"].tolist() == ["Total"], "a company may be called so"
    assert (loaded.ledger.total_rows, rejected(loaded)) == (1, [])


def test_merged_ids_and_dates_hold_for_all_their_rows_but_money_does_not(put: Put) -> None:
    def change(sheet: Any) -> None:
        for place in ("B2:B4", "C2:C3", "D2:D3"):
            sheet.merge_cells(place)

    path = put(
        HEADER, [1, "a", DAY, 10], [2, None, None, None], [3, None, DAY, 5], [4, None, DAY, 6],
        change=change,
    )  # fmt: skip
    loaded = load(path)
    assert loaded.table["customer_id"].astype(object).where(lambda s: s.notna(), None).tolist() == [
        "a",
        "a",
        None,
    ]
    assert rejected(loaded) == [(3, "amount", "", "missing_value")]
    assert loaded.ledger.merged_cells == 3


def test_a_column_without_a_name_is_told_if_it_holds_anything(put: Put) -> None:
    path = put([*HEADER, None, None], [1, "a", DAY, 1, None, "x"])
    assert load(path).ledger.ignored_columns == ("column F",)


def test_duplicates_and_repeated_keys_are_found_as_in_any_file(put: Put) -> None:
    path = put(HEADER, [1, "a", DAY, 1], [1, "a", DAY, 1])
    assert load(path).ledger.exact_duplicates == 1
    assert load(path, drop_duplicates=True).ledger.duplicates_dropped == 1
    path = put(["customer_id"], ["a"], ["a"], name="c.xlsx")
    assert rejected(load(path, table="customers")) == [(3, "customer_id", "a", "duplicate_key")]


def test_a_header_without_rows_is_an_empty_table(put: Put) -> None:
    loaded = load(put(HEADER))
    assert loaded.table.empty
    assert loaded.ledger.rows_read == 0


# Sheets


def test_the_only_sheet_with_data_is_taken(put: Put) -> None:
    assert load(put(HEADER, [1, "a", DAY, 1], Empty=[], Blank=[[" "]])).ledger.sheet == "Orders"


def test_of_several_sheets_one_has_to_be_stated(put: Put) -> None:
    path = put(HEADER, [1, "a", DAY, 1], Refunds=[HEADER, [2, "b", DAY, -1]], Empty=[])
    said = refused(path)
    assert "has 2 sheets with data: 'Orders', 'Refunds'" in said
    assert "State one: sheet='Orders'" in said
    assert load(path, sheet="Refunds").table["amount"].tolist() == [-1.0]
    assert load(path, sheet=2).ledger.sheet == "Refunds"
    assert load(path, sheet="2").ledger.sheet == "Refunds"
    assert "Did you mean 'Refunds'?" in refused(path, sheet="refund")
    assert "counted from 1: 1 'Orders', 2 'Refunds', 3 'Empty'" in refused(path, sheet=0)
    assert "sheet is 9" in refused(path, sheet=9)


def test_a_hidden_sheet_is_read_only_if_it_is_stated(put: Put) -> None:
    def hide(sheet: Any) -> None:
        sheet.parent["Old"].sheet_state = "hidden"

    path = put(HEADER, [1, "a", DAY, 1], Old=[HEADER, [2, "b", DAY, 2]], change=hide)
    assert load(path).ledger.sheet == "Orders"
    assert load(path, sheet="Old").table["customer_id"].tolist() == ["b"]

    path = put(Old=[HEADER, [2, "b", DAY, 2]], change=hide, name="hidden.xlsx")
    assert "holds data in hidden sheets only: 'Old'" in refused(path)


def test_the_settings_state_sheet_and_header(put: Put, tmp_path: Path) -> None:
    put(["x"], HEADER, [1, "a", DAY, 1], Other=[["y"]])
    (tmp_path / "workbench.toml").write_text(
        '[tables.orders]\nsource = "orders.xlsx"\nsheet = "Orders"\nheader_row = 2\n'
    )
    ledger = loaders.load_configured("orders", config.load(tmp_path)).ledger
    assert (ledger.sheet, ledger.header_row, ledger.rows_kept) == ("Orders", 2, 1)


# What is no workbook, or none that can be read


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


GOOD = ods([HEADER, ["1", "a", DAY, 1]])
UNREADABLE: dict[str, tuple[str, bytes, str]] = {
    "password": ("o.xlsx", encrypted(), r"protected by a password\.\n.*remove the password"),
    "password, named xls": ("o.xls", encrypted(), r"protected by a password"),
    "password of Excel 97": ("o.xls", xls([HEADER], locked=True), r"protected by a password"),
    "cut short": ("o.xlsx", GOOD[: len(GOOD) // 2], r"damaged Excel workbook or ZIP.*\nCopy"),
    "broken inside": ("o.ods", GOOD.replace(b"<table:table ", b"<table:tab\0e "), r"damaged"),
    "sheet is missing": ("o.xlsx", packed(xl__workbook="x"), r"damaged"),
    "old container cut short": ("o.xls", xls([HEADER])[:700], r"damaged|old or password"),
    "old container of zeros": ("o.xls", b"\xd0\xcf\x11\xe0" + bytes(5000), r"old or password"),
    "before 1997": ("o.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", r"Excel file of before 1997"),
    "a Word document": ("o.xlsx", packed(word__document="x"), r"a Word document, not a table"),
    "an old Word document": ("o.xls", compound("WordDocument", b"x"), r"an Office document"),
    "slides": ("o.xlsx", packed(ppt__slides="x"), r"a PowerPoint presentation"),
    "Apple Numbers": ("o.numbers", packed(Index__Document="x"), r"an Apple Numbers document"),
    "an OpenDocument text": (
        "o.odt",
        packed(mimetype="application/vnd.oasis.opendocument.text"),
        r"a document, not a spreadsheet",
    ),
    "a web page called xls": (
        "o.xls",
        b"<html><table><tr><td>1</td></tr></table></html>",
        r"a web page \(HTML\), not a table\.\nIf Excel opens it, save it there",
    ),
    "XML of Excel 2003": ("o.xls", b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", r"is XML"),
    "a log-in page called csv": ("o.csv", b"\n<!DOCTYPE html><html>", r"a web page \(HTML\)"),
    "JSON": ("o.csv", b'[{"customer_id": 1}]', r"is JSON, not a table"),
    "binary called xlsx": ("o.xlsx", bytes(range(256)) * 9, r"damaged or something else"),
    "nothing called xlsx": ("o.xlsx", b"", r"is empty"),
    "no sheet holds anything": ("o.ods", ods([]), r"empty workbook: no sheet holds anything"),
    "blanks only": ("o.ods", ods([[" "]]), r"empty workbook"),
    "header twice": ("o.xls", xls([["customer_id", "amount", "amount"]]), r"2 columns called"),
    "an archive of two": ("o.zip", packed(a="x", b="y"), r"a ZIP archive with 'a', 'b', not one"),
    "an archive of a picture": ("o.zip", packed(picture="x"), r"a ZIP archive with 'picture'"),
    "an empty archive": ("o.zip", packed() + b"", r"damaged|ZIP|not text"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_told_with_its_mend(
    kind: str, tmp_path: Path, cache: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name, content, message = UNREADABLE[kind]
    path = tmp_path / name
    path.write_bytes(content)
    said = refused(path)
    assert re.search(message, said), said
    assert "Traceback" not in said
    assert "panicked" not in capfd.readouterr().err
    assert not list(cache.glob("*-*")), "nothing half-written is left"


def test_a_workbook_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    rows = [HEADER, ["1", "a", DAY, 1.5]]
    for name, content in {
        "really_xls.xlsx": xls(rows),
        "really_ods.xls": ods(rows),
        "really_xlsb.csv": xlsb(rows),
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert load(path).table["amount"].tolist() == [1.5]
    text = tmp_path / "really_text.xls"
    text.write_text("customer_id\tordered_at\tamount\na\t2026-03-05\t1\n")
    assert load(text).ledger.format == "csv"


def test_a_sheet_stated_for_a_file_without_any_is_told(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("customer_id,ordered_at,amount\n")
    assert "is no Excel workbook, but sheet is stated" in refused(path, sheet="Orders")
    assert "line 2 of" in refused(path, header_row=2)


def test_one_csv_in_an_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "o.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("exports/", "")
        archive.writestr("__MACOSX/._o.csv", "x")
        archive.writestr("exports/o.csv", "customer_id,ordered_at,amount\na,2026-03-05,1\n")
    assert load(path).ledger.rows_kept == 1
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("exports/o.csv").header_offset + 30 + len("exports/o.csv")
    damaged = bytearray(path.read_bytes())
    damaged[place + 8 : place + 12] = b"\xff\xff\xff\xff"
    (tmp_path / "bad.zip").write_bytes(damaged)
    assert "damaged" in refused(tmp_path / "bad.zip")


def test_damage_is_found_across_the_pieces_a_large_sheet_is_read_in(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(sheet: Any) -> None:
        for row in range(2, 300):
            sheet.cell(row, 2).data_type = "e"

    rows = [[row, "#N/A", DAY, "=1"] for row in range(1, 299)]
    path = put(HEADER, *rows, change=change)
    for size in (64, 1000, 1 << 22):
        monkeypatch.setattr(damage, "_CHUNK", size)
        found = damage.find(path, "xlsx", "Orders")
        assert sorted(found) == list(range(2, 300))
        assert all(len(cells) == 2 for cells in found.values())


def test_a_panic_of_the_reader_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(*_: object) -> None:
        raise PanicException("index out of bounds\nstack backtrace")

    monkeypatch.setattr(calamine_reader, "_open", panic)
    replies = io.BytesIO()
    calamine_reader.serve(io.BytesIO(pickle.dumps(("open", "o.xlsx", False))), replies)
    assert pickle.loads(replies.getvalue()) == ("damaged", "index out of bounds")


def test_a_stray_cell_in_the_far_corner_ends_in_a_message_and_not_the_program(
    put: Put, capfd: pytest.CaptureFixture[str]
) -> None:
    def change(sheet: Any) -> None:
        sheet["XFD1048576"] = "x"

    said = refused(put(HEADER, [1, "a", DAY, 1], change=change))
    assert "its cells need more memory than there is, or it is damaged" in said
    assert "Delete what stands far outside the table (Ctrl+End shows the last cell)" in said
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_no_process_is_left_behind(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    honest = workbook.subprocess.Popen

    def popen(*args: Any, **options: Any) -> Any:
        started.append(honest(*args, **options))
        return started[-1]

    monkeypatch.setattr(workbook.subprocess, "Popen", popen)
    path = put(HEADER, *[[row, "a", DAY, 1] for row in range(20_000)], Other=[["x"]])
    assert load(path, sheet="Orders").ledger.rows_kept == 20_000
    refused(path)
    refused(path, sheet="Orders", columns={"amount": "Sum"})
    assert len(started) == 3
    assert all(process.poll() is not None for process in started)


@pytest.mark.slow
def test_every_row_of_the_largest_sheet_is_read_in_bounded_time(tmp_path: Path) -> None:
    rows = 100_000
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    sheet.append(["customer_id", "ordered_at", "amount"])
    for row in range(rows):
        sheet.append([f"C{row % 997}", DAY, row / 100])
    book.save(tmp_path / "big.xlsx")
    loaded = load(tmp_path / "big.xlsx")
    assert loaded.ledger.rows_kept == rows
    assert round(loaded.table["amount"].sum(), 2) == round(rows * (rows - 1) / 200, 2)
