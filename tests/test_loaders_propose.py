"""A foreign file's columns are proposed from its headers and values; what is unsure is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench import errors, loaders, schema
from workbench.loaders.cast import headers

Put = Callable[..., Path]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def said(proposal: loaders.Proposal, column: str) -> loaders.Match:
    return next(one for one in proposal.matches if one.column.name == column)


# What is found


def test_our_own_names_are_certain_and_the_table_is_told(put: Put) -> None:
    proposal = loaders.propose(
        put("order_id,customer_id,ordered_at,amount\n1,a,2026-03-05,5\n2,a,2026-03-06,7\n")
    )
    assert proposal.table == "orders"
    assert proposal.columns == {
        name: name for name in ("order_id", "customer_id", "ordered_at", "amount")
    }
    sure = {one.confidence for one in proposal.matches if one.theirs}
    assert sure == {"certain"}
    assert proposal.missing == ()
    assert proposal.unused == ()


def test_an_export_in_chinese_is_mapped_and_loads(put: Put) -> None:
    path = put(
        "订单编号,会员号,下单时间,实付金额（元）,备注\nA1,007,2026年3月5日,￥1,200.50,x\n".replace(
            "￥1,200.50", '"￥1,200.50"'
        )
        + 'A2,008,2026年3月6日,"￥80.00",\n',
        encoding="gb18030",
    )
    proposal = loaders.propose(path)
    assert proposal.table == "orders"
    assert proposal.columns == {
        "order_id": "订单编号",
        "customer_id": "会员号",
        "ordered_at": "下单时间",
        "amount": "实付金额（元）",
    }
    assert proposal.found["encoding"] == "gb18030"
    assert proposal.unused == ("备注",)
    loaded = loaders.load(path, table=proposal.table, columns=proposal.columns)
    assert loaded.table["amount"].tolist() == [1200.5, 80.0]
    assert loaded.table["customer_id"].tolist() == ["007", "008"]


def test_an_amount_that_is_nowhere_is_quantity_times_price(put: Put) -> None:
    text = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
    proposal = loaders.propose(put(text + "536365,85123A,6,2010-12-01 08:26,2.55,17850\n"))
    assert proposal.columns["amount"] == "Quantity * UnitPrice"
    assert (said(proposal, "amount").evidence, said(proposal, "amount").confidence) == (
        "product",
        "likely",
    )
    assert proposal.example("Quantity * UnitPrice") == "6 * 2.55"


def test_a_total_that_is_there_goes_before_quantity_times_price(put: Put) -> None:
    proposal = loaders.propose(put("cust id,date,qty,price,total\na,2026-03-05,2,3,6\n"))
    assert proposal.columns["amount"] == "total"
    assert "qty * price" in said(proposal, "amount").alternatives


def test_a_name_with_a_slip_of_the_pen_is_likely_and_not_certain(put: Put) -> None:
    proposal = loaders.propose(put("custmer_id,ordered_at,amount\na,2026-03-05,5\n"))
    found = said(proposal, "customer_id")
    assert (found.theirs, found.evidence, found.confidence) == ("custmer_id", "near_name", "likely")


def test_the_only_column_of_dates_is_a_guess_for_the_missing_date(put: Put) -> None:
    proposal = loaders.propose(put("customer_id,wann,amount\na,2026-03-05,5\nb,2026-03-06,6\n"))
    found = said(proposal, "ordered_at")
    assert (found.theirs, found.evidence, found.confidence) == ("wann", "only_dates", "guess")


def test_of_two_columns_of_dates_none_is_guessed(put: Put) -> None:
    proposal = loaders.propose(
        put("customer_id,wann,dann,amount\na,2026-03-05,2026-04-05,5\n"), table="orders"
    )
    assert proposal.missing == ("ordered_at",)
    assert "ordered_at" not in proposal.columns


def test_two_columns_that_serve_alike_are_told_as_ambiguous(put: Put) -> None:
    proposal = loaders.propose(
        put("customer_id,order date,amount,invoice date\na,2026-03-05,5,2026-03-07\n")
    )
    found = said(proposal, "ordered_at")
    assert found.theirs == "order date", "the more telling name goes first"
    assert found.is_ambiguous
    assert found.confidence == "likely"
    assert found.alternatives == ("invoice date",)


def test_a_name_whose_values_are_something_else_is_not_proposed(put: Put) -> None:
    proposal = loaders.propose(
        put("customer_id,date,amount\na,soon,5\nb,later,6\n"), table="orders"
    )
    assert proposal.missing == ("ordered_at",)
    assert said(proposal, "ordered_at").alternatives == ("date",)


def test_our_own_name_over_wrong_values_is_kept_and_told(put: Put) -> None:
    # load takes a column by our own name whatever it holds
    proposal = loaders.propose(put("customer_id,ordered_at,amount\na,soon,5\nb,later,6\n"))
    found = said(proposal, "ordered_at")
    assert (found.theirs, found.fits, found.confidence) == ("ordered_at", False, "likely")


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("客户编号,客户名称,负责人,地区\n1,甲,乙,北京\n", "customers"),
        ("owner_id,owner_name,team\nS1,Lin,North\n", "owners"),
        ("SKU,Product name,Category,List price\n1,Cup,Tea,9.9\n", "products"),
        ("order no,sku,qty,price\n1,2,3,4\n", "order_lines"),
        ("线索编号,姓名,手机号,来源,创建时间\n1,甲,1,web,2026-03-05\n", "leads"),
    ],
)
def test_the_table_is_the_one_whose_columns_are_there(put: Put, text: str, table: str) -> None:
    proposal = loaders.propose(put(text))
    assert proposal.table == table
    assert proposal.tables[0] == table
    assert proposal.missing == ()


@pytest.mark.parametrize("table", list(schema.TABLES))
def test_each_contract_recognises_its_own_header(put: Put, table: str) -> None:
    names = schema.table(table).column_names
    assert loaders.propose(put(",".join(names) + "\n")).table == table


def test_a_header_without_rows_is_judged_by_its_names_alone(put: Put) -> None:
    proposal = loaders.propose(put("CustomerID,InvoiceDate,Total\n"))
    assert proposal.missing == ()
    assert proposal.example("Total") == ""


# Every kind of source


def test_a_header_below_titles_of_a_workbook_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["销售报表 2026"], [], ["客户编号", "下单日期", "金额"], ["C1", "2026-03-05", 12.5],
    ):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "sales.xlsx")
    proposal = loaders.propose(tmp_path / "sales.xlsx")
    assert (proposal.table, proposal.found["header_row"]) == ("orders", 3)
    assert proposal.columns["amount"] == "金额"


def test_parquet_databases_folders_and_fixed_widths_are_looked_into(
    tmp_path: Path, put: Put
) -> None:
    import sqlite3

    import duckdb

    want = {"customer_id": "CustomerID", "ordered_at": "InvoiceDate", "amount": "Total"}
    row = "'7' AS CustomerID, DATE '2026-03-05' AS InvoiceDate, 9.5 AS Total"
    duckdb.sql(f"COPY (SELECT {row}) TO '{tmp_path / 'a.parquet'}'")
    assert loaders.propose(tmp_path / "a.parquet").columns == want
    with sqlite3.connect(tmp_path / "shop.db") as base:
        base.execute("CREATE TABLE sales (CustomerID TEXT, InvoiceDate TEXT, Total REAL)")
        base.execute("INSERT INTO sales VALUES ('7', '2026-03-05', 9.5)")
    assert loaders.propose(f"sqlite:///{tmp_path}/shop.db", db_table="sales").columns == want
    (tmp_path / "many").mkdir()
    put("CustomerID,InvoiceDate,Total\n7,2026-03-05,9.5\n", name="many/a.csv")
    put("CustomerID,InvoiceDate,Total\n8,2026-03-05,9.5\n", name="many/b.csv")
    assert loaders.propose(tmp_path / "many").columns == want
    fixed = put("7         20260305    9.50\n", name="fixed.txt")
    widths = {"CustomerID": (0, 10), "InvoiceDate": (10, 20), "Total": (20, 26)}
    assert loaders.propose(fixed, widths=widths).columns == want


# What nobody expects


def test_nothing_alike_is_said_with_all_that_is_missing(put: Put) -> None:
    proposal = loaders.propose(put("x1,x2\n1,2\n"), table="orders")
    assert proposal.columns == {}
    assert proposal.missing == ("customer_id", "ordered_at", "amount")
    assert proposal.unused == ("x1", "x2")


@pytest.mark.slow
def test_ten_thousand_columns_are_looked_through(put: Put) -> None:
    names = [f"x{number}" for number in range(10_000)]
    names[5000:5003] = ["CustomerID", "InvoiceDate", "Total"]
    row = ["1"] * 10_000
    row[5001] = "2026-03-05"
    proposal = loaders.propose(put(",".join(names) + "\n" + ",".join(row) + "\n"))
    assert proposal.columns == {
        "customer_id": "CustomerID", "ordered_at": "InvoiceDate", "amount": "Total",
    }  # fmt: skip


def test_hostile_headers_are_kept_as_text(put: Put) -> None:
    names = ["<script>alert(1)</script>", "' ; drop table x; --", "=1+1", "{0.__class__}", "金额"]
    quoted = ",".join(f'"{name}"' for name in names)
    proposal = loaders.propose(put(f"{quoted}\na,b,c,d,5\n"), table="orders")
    assert proposal.columns == {"amount": "金额"}
    assert proposal.unused == tuple(names[:4])


def test_two_columns_of_one_name_are_refused(put: Put) -> None:
    with pytest.raises(errors.ContractError, match="2 columns called 'amount'"):
        loaders.propose(put("customer_id,ordered_at,amount,amount\na,2026-03-05,1,2\n"))


def test_what_cannot_be_opened_says_so_as_load_does(tmp_path: Path, put: Put) -> None:
    with pytest.raises(errors.SourceNotFoundError, match="There is no file"):
        loaders.propose(tmp_path / "nothing.csv")
    with pytest.raises(errors.SourceError, match="is empty"):
        loaders.propose(put(""))
    with pytest.raises(errors.UnknownNameError, match="no table called 'ordrs'"):
        loaders.propose(put("a\n1\n"), table="ordrs")


# Properties

KNOWN = st.sampled_from(headers.known())
OTHER = st.text(
    st.characters(exclude_characters="\r\n\x00", exclude_categories=("Cs",)), min_size=1, max_size=8
)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@QUIET
@given(data=st.data(), names=st.lists(KNOWN | OTHER, min_size=1, max_size=7, unique_by=str.strip))
def test_the_order_of_columns_never_matters(data: Any, names: list[str], put: Put) -> None:
    names = [name for name in names if name.strip().strip("\ufeff")]
    values = {name: data.draw(st.sampled_from(["2026-03-05", "12.50", "x", ""])) for name in names}
    shuffled = data.draw(st.permutations(names))

    def proposed(order: list[str]) -> loaders.Proposal:
        rows = (order, [values[name] for name in order])
        text = "\n".join(",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
        return loaders.propose(put(text + "\n"), separator=",", encoding="utf-8")

    if not names:
        return
    one, other = proposed(names), proposed(shuffled)
    assert (one.table, one.columns, one.missing) == (other.table, other.columns, other.missing)
    used = [part for theirs in one.columns.values() for part in theirs.split(" * ")]
    assert len(used) == len(set(used)), "no column is used twice"


def test_every_known_name_leads_to_a_column_that_there_is() -> None:
    for (table, column), names in headers.listed().items():
        assert column in headers.SIGNS or schema.table(table).column(column)
        plain = [headers.plain(name) for name in names]
        assert all(plain), (table, column)
        twice = {name for name in plain if plain.count(name) > 1}
        assert not twice, f"{table}.{column} names {twice} twice"


# Real files


@pytest.mark.shared
def test_the_uci_online_retail_file_is_mapped_without_a_word(shared_data: Path) -> None:
    proposal = loaders.propose(shared_data / "online_retail_uci" / "online_retail.csv.gz")
    assert proposal.table == "orders"
    assert proposal.columns == {
        "order_id": "InvoiceNo",
        "customer_id": "CustomerID",
        "ordered_at": "InvoiceDate",
        "amount": "Quantity * UnitPrice",
    }


@pytest.mark.parametrize(
    "table",
    ["customers", "leads", "order_lines", "orders", "owners", "products", "steps", "templates", "touches"],
)  # fmt: skip
def test_each_table_of_the_samples_is_recognised(root: Path, table: str) -> None:
    proposal = loaders.propose(root / "data" / "samples" / f"{table}.csv")
    assert (proposal.table, proposal.missing, proposal.unused) == (table, (), ())
