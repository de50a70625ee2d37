"""Tables for people: words, inert text, and files a spreadsheet opens without harm."""

import io

import openpyxl
import pandas as pd
import pytest

from workbench import results, tables
from workbench.words import Words
from workbench.words.wordlists import texts

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{{ 7*7 }}",
    "'; drop table customers; --",
    "\u202eevil\u202c",
]


def hostile() -> pd.DataFrame:
    return pd.DataFrame({"customer_name": HOSTILE, "monetary": [-1.5] * len(HOSTILE)})


def test_headers_and_codes_are_words_of_the_language() -> None:
    table = pd.DataFrame({"segment_before": ["key_keep", "absent"], "customers": [3, 1]})
    said = tables.worded(table, words=Words("zh"))
    assert list(said.columns) == ["之前类别", "客户数"]
    assert said.iloc[0, 0] == "重要保持客户"
    assert said["客户数"].tolist() == [3, 1]


def test_a_text_that_only_looks_like_a_code_stays_as_it_is() -> None:
    table = pd.DataFrame({"customer_name": ["key_keep"], "segment": ["own class"]})
    assert tables.worded(table).iloc[0].tolist() == ["key_keep", "own class"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("customer_share", 0.4621, "46.2%"),
        ("share", 0.005, "0.5%"),
        ("ratio", 1.4286, "1.43"),
        ("mean_interval_days", 6.6667, "6.7"),
        ("days_since_last", 50, "50"),
        ("value_at_stake", 12400.4, "12,400"),
        ("monetary_high", True, "yes"),
        ("as_of", pd.Timestamp("2026-10-31"), "31 Oct 2026"),
        ("mean_interval_days", None, "–"),
    ],
)
def test_a_column_is_written_by_its_unit(column: str, value: object, said: str) -> None:
    series = pd.Series([value], dtype="float64" if value is None else None)
    table = pd.DataFrame({column: series})
    assert f">{said}</td>" in tables.html(table)


def test_hostile_text_is_inert_in_html_and_whole() -> None:
    html = tables.html(hostile(), caption="<b>Customers</b>")
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_hostile_column_name_is_inert_too() -> None:
    assert "<i>" not in tables.html(pd.DataFrame({"<i>": [1]}))


def test_the_html_says_how_many_rows_it_leaves_out() -> None:
    table = pd.DataFrame({"customers": range(2410)})
    html = tables.html(table, rows=20)
    assert html.count("<tr>") == 21
    assert "showing 20 of 2,410" in html


def test_an_empty_table_says_so_instead_of_showing_a_bare_header() -> None:
    html = tables.html(pd.DataFrame({"customers": []}), caption="Customers", words=Words("zh"))
    assert "<th " not in html
    assert "无" in html


def test_columns_that_go_on_a_phone_are_marked() -> None:
    html = tables.html(pd.DataFrame({"rank": [1], "reason": ["late"]}), essential=["reason"])
    assert '<td class="number minor">1</td><td>late</td>' in html


def test_csv_neutralises_text_and_leaves_numbers_alone() -> None:
    content = tables.csv(hostile())
    assert content.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", keep_default_na=False)
    dangerous = ("=", "+", "-", "@", "\t", "\r", "\n")
    for text, read in zip(HOSTILE, back["Customer"], strict=True):
        assert not read.startswith(dangerous)
        assert read in (text, f"'{text}")
    assert back["Money"].tolist() == [-1.5] * len(HOSTILE)


def test_csv_writes_days_as_iso_and_missing_as_nothing() -> None:
    table = pd.DataFrame(
        {"as_of": pd.to_datetime(["2026-10-31", None]), "customer_id": ["007", None]}
    )
    assert tables.csv(table).decode("utf-8-sig") == "As of,Customer ID\r\n2026-10-31,007\r\n,\r\n"


def test_excel_cells_of_text_are_never_formulas() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(tables.excel(hostile(), name="a/b"))).active
    assert sheet is not None
    for row, text in enumerate(HOSTILE, 2):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s"
        assert str(cell.value).replace("\n", "\r").replace("_x000D_", "\r") == text
        assert sheet.cell(row, 2).value == -1.5
        assert sheet.cell(row, 2).data_type == "n"


def test_excel_takes_control_characters_that_the_format_forbids() -> None:
    content = tables.excel(pd.DataFrame({"customer_name": ["a\x00b"], "x\x01": [1]}))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == "a\ufffdb"


def test_excel_keeps_days_shares_and_truth_as_such() -> None:
    table = pd.DataFrame(
        {
            "as_of": pd.to_datetime(["2026-10-31"]),
            "customer_share": [0.25],
            "customers": pd.array([3], dtype="Int64"),
            "monetary_high": [True],
        }
    )
    sheet = openpyxl.load_workbook(io.BytesIO(tables.excel(table))).active
    assert sheet is not None
    values = [sheet.cell(2, column).value for column in range(1, 5)]
    assert values[0] == pd.Timestamp("2026-10-31").to_pydatetime()
    assert values[1:3] == [0.25, 3]
    assert values[3] is True
    assert sheet.cell(2, 2).number_format == "0.0%"


def test_a_workbook_by_owner_has_a_sheet_for_each_that_excel_can_open() -> None:
    names = [
        "Lin", "lin", "[x]:*?/\\'", "=1+1", "History", "n" * 40, "N" * 40, "\U0001f600" * 30, None, "Lin (2)",
    ]  # fmt: skip
    owners = [f"S{place}" if place != 8 else None for place in range(len(names))]
    table = pd.DataFrame(
        {"customer_name": "=2+2", "owner_id": owners, "owner_name": names, "customers": 1}
    )
    table = pd.concat([table, table.assign(customers=2)], ignore_index=True)
    book = openpyxl.load_workbook(io.BytesIO(tables.excel(table, by="owner")))
    assert book.sheetnames == [
        "Lin", "lin (2)", "x", "=1+1", "History 1", "n" * 31, "N" * 27 + " (2)", "\U0001f600" * 15,
        "Lin (2) (2)", "no owner",
    ]  # fmt: skip
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(min_row=2))
        assert [row[3].value for row in rows] == [1, 2], "its own rows alone, in their order"
        assert {row[0].data_type for row in rows} == {"s"}
    words = Words("zh")
    told = openpyxl.load_workbook(io.BytesIO(tables.excel(table, by="owner", words=words)))
    assert told.sheetnames[-1] == "无负责人"
    nobody = openpyxl.load_workbook(io.BytesIO(tables.excel(table.head(0), by="owner")))
    assert nobody.sheetnames == ["Sheet1"]


def test_a_notebook_shows_the_same_inert_table() -> None:
    shown = tables.shown(hostile(), rows=2)
    assert "<script" not in shown._repr_html_()
    assert "showing 2 of 11" in shown._repr_html_()
    assert "Customer" in repr(shown)


def test_a_chance_that_is_all_but_certain_is_not_written_as_certain() -> None:
    chances = (0.99996, 1.0, 0.98, 0.9794, 0.5)
    written = [tables.cell("probability_alive", chance, "rate") for chance in chances]
    assert written == ["≥98%", "≥98%", "≥98%", "97.9%", "50.0%"], "who is in doubt stands out"
    assert tables.cell("customer_share", 0.99996, "rate") == ">99.9%"
    assert tables.cell("customer_share", 0.0004, "rate") == "<0.1%"


def test_a_rate_is_a_percentage_on_every_surface_and_never_a_whole_number() -> None:
    tables.html(pd.DataFrame({"share": [0.5]}))  # all answers have declared their columns
    rates = [name for name, (kind, _) in results._KINDS.items() if kind == "rate"]
    assert len(rates) > 50
    values = pd.Series([0, 0.0004, 0.5, 0.9996, 1.0])
    for name in rates:
        how = tables.kind(name, values)
        written = [tables.cell(name, value, how) for value in values]
        sure = ["≥98%"] * 2 if name == "probability_alive" else [">99.9%", "100.0%"]
        assert written == ["0.0%", "<0.1%", "50.0%", *sure], name
        assert tables.kind(name, pd.Series([0, 1])) == "rate", "a column of none and all, too"
    # in a sentence, a card, a mark and under a pointer: by the format of the text
    for key, said in texts().items():
        for field in (field for lang in said.values() for field in lang.fields()):
            if field.name in rates and field.name != "bias":  # which is told in words
                assert "rate" in field.how or field.how in ("chance", "points"), (key, field)
