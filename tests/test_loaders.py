"""Files become checked tables: what is read, under which names, types, zones and encodings."""

import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from workbench import config, errors, loaders, schema
from workbench.words import MISSING

pytestmark = pytest.mark.many

ORDERS = """order_id,customer_id,ordered_at,amount
0001,007,2026-03-05 10:30:00,10.00
0002,007,2026-03-05 18:00:00,5.50
0003,,2026-03-06,7
0004,008,2026-03-07,-2.25
0005,008,2026-03-08,0
"""
HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A0",
    "{{ 7*7 }}",
    "' ; drop table staged; --",
    '"quoted"',
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "\N{RIGHT-TO-LEFT MARK}x",
    "张三，李四",
    "+1+1",
    "@SUM(A1)",
    "$as_of",
    "%s {0} \\n",
    "NULL",
    "nan",
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("WORKBENCH_CACHE", str(folder))
    return folder


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_orders_come_in_with_their_types_and_a_ledger(put: Any) -> None:
    loaded = loaders.load(put(ORDERS))
    assert loaded.table.dtypes.astype(str).to_dict() == {
        "order_id": "str",
        "customer_id": "str",
        "ordered_at": "datetime64[us]",
        "amount": "float64",
    }
    assert loaded.table["customer_id"].tolist()[:2] == ["007", "007"], "ids keep leading zeros"
    ledger = loaded.ledger
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == (5, 5, 0)
    assert (ledger.refunds, ledger.anonymous, ledger.same_day_merges) == (1, 1, 1)
    assert (ledger.first_date, ledger.last_date) == (dt.date(2026, 3, 5), dt.date(2026, 3, 8))
    assert (ledger.format, ledger.encoding, ledger.separator) == ("csv", "utf-8", ",")


def test_the_accepted_rows_lie_in_parquet_with_exact_money(put: Any) -> None:
    source = loaders.load(put(ORDERS)).source
    columns = duckdb.sql(f"FROM '{source}'")
    types = list(zip(columns.columns, map(str, columns.types), strict=True))
    assert types == [
        ("order_id", "VARCHAR"),
        ("customer_id", "VARCHAR"),
        ("ordered_at", "TIMESTAMP"),
        ("amount", "DECIMAL(18,2)"),
    ]
    assert duckdb.sql(f"SELECT sum(amount) FROM '{source}'").fetchall() == [(Decimal("20.25"),)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(put: Any, separator: str) -> None:
    loaded = loaders.load(put(ORDERS.replace(",", separator)))
    assert loaded.ledger.separator == separator
    assert loaded.ledger.rows_kept == 5


def test_an_unusual_separator_is_stated(put: Any) -> None:
    assert loaders.load(put(ORDERS.replace(",", "~")), separator="~").ledger.rows_kept == 5


def test_the_header_decides_where_the_texts_hold_other_separators(put: Any) -> None:
    text = "customer_id;ordered_at;amount\na,b,c;2026-03-05;1\na,b,d;2026-03-05;1\n"
    loaded = loaders.load(put(text))
    assert loaded.table["customer_id"].tolist() == ["a,b,c", "a,b,d"]


def test_gzip_is_read_by_its_suffix(put: Any) -> None:
    path = put(gzip.compress(ORDERS.encode()), "orders.csv.gz")
    assert loaders.load(path).ledger.rows_kept == 5


@pytest.mark.parametrize(
    ("encoding", "stated", "said"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8-sig", None, "utf-8 with BOM"),
        ("gb18030", "gb18030", "gb18030"),
        ("gbk", "GBK", "gb18030"),
        ("utf-16", "utf-16", "utf-16"),
        ("cp1252", "cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_chinese_and_accented_names_survive_their_encoding(
    put: Any, encoding: str, stated: str | None, said: str, compressed: bool
) -> None:
    name = "Müller" if encoding == "cp1252" else "张三丰"
    text = f"customer_id,customer_name\n1,{name}\n2,x\n".encode(encoding)
    path = put(gzip.compress(text) if compressed else text, "c.csv.gz" if compressed else "c.csv")
    loaded = loaders.load(path, table="customers", encoding=stated)
    assert loaded.table["customer_name"].tolist() == [name, "x"]
    assert loaded.table.columns[0] == "customer_id"
    assert loaded.ledger.encoding == said


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_kind_of_line_end_is_read(put: Any, ends: str, last: bool) -> None:
    text = ORDERS if last else ORDERS.rstrip("\n")
    assert loaders.load(put(text.replace("\n", ends))).ledger.rows_kept == 5


def test_blank_lines_before_the_header_are_skipped(put: Any) -> None:
    loaded = loaders.load(put("\n\n" + ORDERS + "6,1,soon,1\n"), max_reject_rate=1)
    assert loaded.ledger.rows_kept == 5
    assert loaded.ledger.rejects["line_number"].tolist() == [9]


def test_a_header_may_run_over_two_lines(put: Any) -> None:
    text = 'customer_id,"the\nday",amount\n1,2026-03-05,1\n1,soon,1\n'
    loaded = loaders.load(put(text), columns={"ordered_at": "the\nday"}, max_reject_rate=1)
    assert loaded.ledger.rows_kept == 1
    assert loaded.ledger.rejects["line_number"].tolist() == [4]


def test_foreign_headers_are_mapped_and_the_rest_listed(put: Any) -> None:
    text = "Shop,Who,When,Pieces,Price\nA,1,2026-03-05,3,0.333\n"
    loaded = loaders.load(
        put(text), columns={"customer_id": "Who", "ordered_at": "When", "amount": "Pieces * Price"}
    )
    assert loaded.table.columns.tolist() == ["customer_id", "ordered_at", "amount"]
    assert loaded.table["amount"].tolist() == [1.0]
    assert loaded.ledger.columns["amount"] == "Pieces * Price"
    assert loaded.ledger.ignored_columns == ("Shop",)
    assert loaded.ledger.amounts_finer_than_cent == 1


def test_a_header_that_holds_an_asterisk_is_one_column(put: Any) -> None:
    text = "customer_id,ordered_at,a * b,a,b\n1,2026-03-05,9,2,3\n"
    loaded = loaders.load(put(text), columns={"amount": "a * b"})
    assert loaded.table["amount"].tolist() == [9.0]


@pytest.mark.parametrize(
    ("written", "amount", "finer"),
    [
        ("1.005", 1.01, True),
        ("-1.005", -1.01, True),
        ("1.00499999", 1.00, True),
        ("1.0000", 1.0, False),
        ("15.299999999999999", 15.30, True),
        ("1e3", 1000.0, False),
        ("1.5e-3", 0.0, True),
        (".5", 0.5, False),
        ("+5", 5.0, False),
        (" 12 ", 12.0, False),
        ("\N{NO-BREAK SPACE}12\N{IDEOGRAPHIC SPACE}", 12.0, False),
        ("-0", 0.0, False),
        ("9999999999999999.99", 9999999999999999.99, False),
    ],
)
def test_amounts_are_rounded_half_away_from_zero_and_counted(
    put: Any, written: str, amount: float, finer: bool
) -> None:
    text = f"customer_id,ordered_at,amount\n1,2026-03-05,{written}\n"
    loaded = loaders.load(put(text), decimal=".")
    assert loaded.table["amount"].tolist() == [amount]
    assert loaded.ledger.amounts_finer_than_cent == int(finer)


def test_hostile_text_stays_whole_in_the_data(put: Any) -> None:
    rows = "\n".join(
        '{},"{}"'.format(n, text.replace('"', '""')) for n, text in enumerate(HOSTILE, 1)
    )
    loaded = loaders.load(put(f"customer_id,customer_name\n{rows}\n"), table="customers")
    assert loaded.table["customer_name"].tolist() == HOSTILE
    assert loaded.ledger.rows_rejected == 0


def test_hostile_headers_and_file_names_are_only_names(put: Any) -> None:
    header = '"c\'); DROP TABLE staged; --","""w""",{{a}}'
    path = put(f"{header}\n1,2026-03-05,3\n", "a'; drop table x; -- [1]*?.csv")
    loaded = loaders.load(
        path,
        columns={
            "customer_id": "c'); DROP TABLE staged; --",
            "ordered_at": '"w"',
            "amount": "{{a}}",
        },
    )
    assert loaded.table.to_dict("list")["customer_id"] == ["1"]


def test_ids_a_spreadsheet_turned_into_numbers_are_mended(put: Any) -> None:
    text = (
        "customer_id,ordered_at,amount\n17850.0,2026-03-05,1\n,2026-03-05,1\n13047.0,2026-03-05,1\n"
    )
    loaded = loaders.load(put(text))
    assert loaded.table["customer_id"].tolist()[::2] == ["17850", "13047"]
    assert loaded.table["customer_id"].isna().tolist() == [False, True, False]
    assert loaded.ledger.cleaned_ids == 2


def test_of_ids_of_several_kinds_each_is_mended_for_itself(put: Any) -> None:
    text = "customer_id,ordered_at,amount\n17850.0,2026-03-05,1\nA13,2026-03-05,1\n"
    loaded = loaders.load(put(text))
    assert loaded.table["customer_id"].tolist() == ["17850", "A13"]
    assert loaded.ledger.cleaned_ids == 1


def test_exact_duplicates_are_counted_on_whole_source_rows_and_kept(put: Any) -> None:
    text = "customer_id,ordered_at,amount,till\n" + "1,2026-03-05,1,a\n" * 3 + "1,2026-03-05,1,b\n"
    kept = loaders.load(put(text))
    assert (kept.ledger.exact_duplicates, kept.ledger.duplicates_dropped) == (2, 0)
    assert kept.ledger.rows_kept == 4
    dropped = loaders.load(put(text), drop_duplicates=True)
    assert (dropped.ledger.exact_duplicates, dropped.ledger.duplicates_dropped) == (2, 2)
    assert (dropped.ledger.rows_read, dropped.ledger.rows_kept, len(dropped.table)) == (4, 2, 2)


def test_the_first_row_of_a_key_is_kept_and_the_others_are_told(put: Any) -> None:
    text = "customer_id,customer_name\n1,a\n2,b\n1,c\n1,a\n"
    loaded = loaders.load(put(text), table="customers", max_reject_rate=1)
    assert loaded.table["customer_name"].tolist() == ["a", "b"]
    assert loaded.ledger.rejects.to_dict("list") == {
        "line_number": [4, 5],
        "column": ["customer_id"] * 2,
        "value": ["1", "1"],
        "reason": ["duplicate_key"] * 2,
    }
    once = loaders.load(put(text), table="customers", max_reject_rate=1, drop_duplicates=True)
    assert (once.ledger.duplicates_dropped, once.ledger.rows_rejected) == (1, 1)


def test_same_day_merges_count_rows_that_fold_into_an_earlier_one(put: Any) -> None:
    rows = ["a,2026-03-05 09:00", "a,2026-03-05 21:00", "a,2026-03-05 22:00", "b,2026-03-05 09:00"]
    rows += [",2026-03-05 09:00", ",2026-03-05 09:00"]
    text = "customer_id,ordered_at,amount\n" + "".join(f"{row},1\n" for row in rows)
    assert loaders.load(put(text)).ledger.same_day_merges == 2


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("customers", "customer_id,customer_name,owner_id,region,created_on\n1,a,o,n,2026-03-05\n"),
        ("order_lines", "order_id,product_id,quantity,unit_price\n1,p,-2,1.50\n"),
        ("products", "product_id,product_name,category,list_price\np,x,y,9.99\n"),
        ("owners", "owner_id,owner_name,team\no,n,t\n"),
    ],
)
def test_every_table_of_the_schema_loads(put: Any, table: str, text: str) -> None:
    loaded = loaders.load(put(text), table=table)
    assert loaded.table.columns.tolist() == text.split("\n")[0].split(",")
    assert loaded.ledger.rows_kept == 1
    assert loaded.ledger.refunds is None
    assert loaded.ledger.same_day_merges is None


@pytest.mark.parametrize(
    ("form", "written"),
    [("%Y%m%d", "20260305"), ("%d.%m.%Y", "05.03.2026"), ("%m/%d/%Y %H:%M", "03/05/2026 00:00")],
)
def test_a_stated_date_format_is_read(put: Any, form: str, written: str) -> None:
    text = f"customer_id,ordered_at,amount\n1,{written},1\n"
    loaded = loaders.load(put(text), date_format=form)
    assert loaded.table["ordered_at"].tolist() == [pd.Timestamp("2026-03-05")]


@pytest.mark.parametrize(
    ("written", "options", "expected"),
    [
        ("2026-03-05 20:00:00", {}, "2026-03-05 20:00"),
        ("2026-03-05 20:00:00", {"timezone": "UTC"}, "2026-03-05 20:00"),
        (
            "2026-03-05 20:00:00",
            {"timezone": "UTC", "local_timezone": "Asia/Shanghai"},
            "2026-03-06 04:00",
        ),
        ("2026-03-05T20:00:00Z", {"local_timezone": "Asia/Shanghai"}, "2026-03-06 04:00"),
        ("2026-03-05T20:00:00Z", {"timezone": "Asia/Shanghai"}, "2026-03-06 04:00"),
        ("2026-03-05T20:00Z", {"local_timezone": "Asia/Shanghai"}, "2026-03-06 04:00"),
        ("2026-03-05 20:00:00.5+02:00", {"local_timezone": "UTC"}, "2026-03-05 18:00:00.5"),
        ("2026-03-05 20:00 Europe/Berlin", {"local_timezone": "UTC"}, "2026-03-05 19:00"),
        # A day has no zone: midnight is not moved to the day before.
        (
            "2026-03-05",
            {"timezone": "Asia/Shanghai", "local_timezone": "UTC"},
            "2026-03-05 00:00",
        ),
        (
            "05.03.2026 20:00",
            {"date_format": "%d.%m.%Y %H:%M", "timezone": "UTC", "local_timezone": "Asia/Shanghai"},
            "2026-03-06 04:00",
        ),
        (
            "05.03.2026",
            {"date_format": "%d.%m.%Y", "timezone": "Asia/Shanghai", "local_timezone": "UTC"},
            "2026-03-05 00:00",
        ),
        (
            "2026-03-05 20:00 +0200",
            {"date_format": "%Y-%m-%d %H:%M %z", "local_timezone": "UTC"},
            "2026-03-05 18:00",
        ),
    ],
)
def test_times_become_naive_local_time(
    put: Any, written: str, options: dict[str, Any], expected: str
) -> None:
    text = f"customer_id,ordered_at,amount\n1,{written},1\n"
    loaded = loaders.load(put(text), **options)
    assert loaded.table["ordered_at"].tolist() == [pd.Timestamp(expected)]


def test_fixed_width_columns_are_cut_by_position(put: Any) -> None:
    text = "0001 20260305  12.50\n0002 20260306   3.00\n\n0003\n"
    loaded = loaders.load(
        put(text, "orders.txt"),
        widths={"customer_id": (0, 4), "day": (5, 13), "sum": (13, 20), "note": (20, 30)},
        columns={"ordered_at": "day", "amount": "sum"},
        date_format="%Y%m%d",
        max_reject_rate=1,
    )
    assert loaded.table["customer_id"].tolist() == ["0001", "0002"]
    assert loaded.table["amount"].tolist() == [12.5, 3.0]
    assert loaded.ledger.format == "fixed width"
    assert loaded.ledger.ignored_columns == ("note",)
    assert loaded.ledger.rejects["line_number"].tolist() == [4]
    assert loaded.ledger.rejects["reason"].tolist() == ["missing_value; missing_value"]


def test_a_first_line_that_names_all_fixed_width_columns_is_a_header(put: Any) -> None:
    widths = {"customer_id": (0, 11), "ordered_at": (12, 22), "amount": (23, 30)}
    line = "{:<11} {:<10} {:>6}\n"
    text = line.format("customer_id", "ordered_at", "amount") + line.format("1", "2026-03-05", "7")
    loaded = loaders.load(put(text, "o.txt"), widths=widths)
    assert (loaded.ledger.rows_read, loaded.ledger.rows_kept) == (1, 1)


def test_fixed_width_counts_characters_and_not_bytes(put: Any) -> None:
    text = "张三  2026-03-05 1\n".encode("gb18030")
    loaded = loaders.load(
        put(text, "o.txt"),
        widths={"customer_id": (0, 4), "ordered_at": (4, 14), "amount": (15, 16)},
        encoding="gb18030",
    )
    assert loaded.table["customer_id"].tolist() == ["张三"]


def test_an_optional_column_may_be_missing(put: Any) -> None:
    loaded = loaders.load(put("customer_id,ordered_at,amount\n1,2026-03-05,1\n"))
    assert "order_id" not in loaded.table


def test_a_table_of_the_settings_is_loaded_from_beside_them(tmp_path: Path, put: Any) -> None:
    put("Wer;Wann;Stück;Preis\n1;2026-03-05 20:00:00;2;1.50\n", "o.csv")
    (tmp_path / "workbench.toml").write_text(
        'timezone = "Asia/Shanghai"\n[tables.orders]\nsource = "o.csv"\ntimezone = "UTC"\n'
        '[tables.orders.columns]\ncustomer_id = "Wer"\nordered_at = "Wann"\n'
        'amount = "Stück * Preis"\n',
        encoding="utf-8",
    )
    loaded = loaders.load_configured("orders", config.load(tmp_path))
    assert loaded.table["ordered_at"].tolist() == [pd.Timestamp("2026-03-06 04:00")]
    assert loaded.table["amount"].tolist() == [3.0]
    assert loaded.ledger.source == "o.csv", "a ledger does not tell where the settings lie"


def test_a_table_the_settings_do_not_name_says_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigError, match=r"\[tables\.orders\] source ="):
        loaders.load_configured("orders", config.Settings(root=tmp_path))


@pytest.mark.parametrize("name", schema.OPTIONAL)
def test_names_and_owners_may_be_left_out_of_the_settings(tmp_path: Path, name: str) -> None:
    loaded = loaders.load_configured(name, config.Settings(root=tmp_path))
    assert loaded.table.empty
    assert tuple(loaded.table.columns) == schema.table(name).column_names
    assert (loaded.ledger.rows_read, loaded.ledger.source) == (0, MISSING)


def test_a_load_shows_itself_in_one_line(put: Any) -> None:
    assert repr(loaders.load(put(ORDERS))).startswith("Loaded(orders: 5 of 5 rows of ")
