"""What a row means: which are sales, whose, once, in one currency and on real days, and it is told."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import cli, errors, loaders, purchases
from workbench.blocks.exhibited import came_in
from workbench.loaders.cast import annotations, statuses, texts
from workbench.words import Words

pytestmark = pytest.mark.many

HEADER = "customer_id,ordered_at,amount"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a table as a CSV, or as a workbook with the same cells."""

    def write(text: str, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        if name.endswith(".csv"):
            path.write_text(text, encoding="utf-8")
            return path
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in text.splitlines():
            book.active.append([cell.strip('"') or None for cell in line.split(",")])
        book.save(path)
        return path

    return write


@pytest.fixture(params=["orders.csv", "orders.xlsx"])
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def load(path: Path, **options: Any) -> loaders.Loaded:
    loaded = loaders.load(path, **options)
    ledger = loaded.ledger
    whole = ledger.rows_kept + ledger.rows_apart + ledger.rows_rejected + ledger.duplicates_dropped
    assert ledger.rows_read == whole
    assert len(loaded.table) == ledger.rows_kept + (ledger.refund_rows or 0)
    return loaded


def money(loaded: loaders.Loaded, as_of: str = "2026-12-31") -> dict[str, tuple[int, float]]:
    history = purchases.history(loaded, as_of=as_of)
    rows = zip(history["customer_id"], history["frequency"], history["monetary"], strict=True)
    return {who: (many, float(sum_)) for who, many, sum_ in rows if many}


# Sale or not


def test_what_was_cancelled_or_not_paid_is_no_purchase(put: Any, kind: str) -> None:
    rows = (
        "1,A,2026-03-01,10,wc-completed\n2,A,2026-04-02,90,wc-cancelled\n3,B,2026-05-02,9,failed\n"
    )
    loaded = load(put(f"order_id,{HEADER},status\n{rows}", kind))
    assert money(loaded) == {"A": (1, 10.0)}
    assert (loaded.ledger.no_sale, loaded.ledger.unknown_statuses) == (2, 0)
    assert loaded.ledger.statuses["wc-cancelled"] == [1, "no_sale"]
    assert loaded.ledger.notes(Words())[0] == "No sale: failed (1), wc-cancelled (1)."


def test_unknown_words_are_sales_until_said_and_are_told(put: Any) -> None:
    path = put(f"{HEADER},status\nA,2026-03-01,10,blue\nA,2026-04-01,20,green\n")
    loaded = load(path)
    assert money(loaded) == {"A": (2, 30.0)}
    assert loaded.ledger.unknown_statuses == 2
    assert "Not known, counted as sales: blue (1), green (1)." in loaded.ledger.notes(Words())
    assert money(load(path, no_sale_status=["BLUE"])) == {"A": (1, 20.0)}
    only = load(path, no_sale_status=["blue", "green"], sale_status=["green"])
    assert money(only) == {"A": (1, 20.0)}


def test_a_bare_pending_depends_on_the_layout(put: Any) -> None:
    rows = "A,2026-03-01,10,pending\nA,2026-04-01,20,paid\n"
    unknown = load(put(f"{HEADER},status\n{rows}"))
    assert money(unknown) == {"A": (2, 30.0)}, "in a layout nobody knows it counts and is asked"
    assert unknown.ledger.notes(Words())[0].startswith(
        "Counted as sales, and are they? pending (1)"
    )
    invoices = rows.replace(",pending", ",pending,2026-04-01").replace(",paid", ",paid,2026-05-01")
    terms = load(put(f"{HEADER},status,Due Date\n{invoices}"))
    assert (money(terms), terms.ledger.open_statuses) == ({"A": (2, 30.0)}, 0), "bought on terms"


def test_of_stages_only_what_was_won_is_a_sale(put: Any) -> None:
    rows = (
        "A,2026-03-01,10,Closed Won (Sales)\nA,2026-04-01,20,Negotiation\nB,2026-04-01,,Qualified\n"
    )
    loaded = load(put(f"{HEADER},Deal Stage\n{rows}"), columns={"status": "Deal Stage"})
    assert money(loaded) == {"A": (1, 10.0)}
    assert loaded.ledger.no_sale == 2, "an open deal needs no amount"


def test_money_that_goes_out_is_no_sale(put: Any, kind: str) -> None:
    rows = "A,2026-03-01,10,收入\nB,2026-03-02,99,支出\nC,2026-03-03,5,不计收支\n"
    loaded = load(put(f"{HEADER},收/支\n{rows}", kind))
    assert money(loaded) == {"A": (1, 10.0)}
    assert loaded.ledger.columns["direction"] == "收/支"


@given(st.text(alphabet=" _-aAＡ", max_size=8))
def test_case_width_blanks_and_dashes_never_change_a_word(noise: str) -> None:
    word = f"{noise}paid"
    assert texts.folded(texts.folded(word)) == texts.folded(word)
    assert texts.folded(word.upper()) == texts.folded(word)


# Whose


@pytest.mark.parametrize("word", ["0", "-", "NULL", "None", "nan", "N/A", "#N/A", "(blank)", "Guest",
                                  "unknown", "散客", "游客", "匿名", "无", "ＮＵＬＬ", '"=""0"""'])  # fmt: skip
def test_a_word_for_nobody_is_an_anonymous_sale(put: Any, word: str) -> None:
    loaded = load(put(f"{HEADER}\n{word},2026-03-01,10\nC7,2026-03-05,80\n"))
    assert (loaded.ledger.anonymous, loaded.ledger.placeholder_ids) == (1, 1)
    assert money(loaded) == {"C7": (1, 80.0)}


def test_a_customer_called_nobody_is_kept_out_and_told(put: Any, kind: str) -> None:
    path = put("customer_id,customer_name\n0,Guests\nA,Anna\n", kind)
    loaded = load(path, table="customers")
    assert loaded.table["customer_id"].tolist() == ["A"]
    assert (loaded.ledger.placeholder_ids, loaded.ledger.rows_rejected) == (1, 0)


def test_a_lead_without_an_id_in_words_is_a_reject(put: Any) -> None:
    path = put("lead_id,created_on\nNULL,2026-03-01\nL1,2026-03-02\n")
    loaded = load(path, table="leads", max_reject_rate=1)
    assert loaded.ledger.rejects["reason"].tolist() == ["missing_value"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Zoe\u0301", "Zoé"), ("Ｃ００１", "C001"), ("C001\u200b", "C001"), ("Anna\u00a0Li", "Anna Li"),
        ("Anna  Li", "Anna Li"), ('"=""00123"""', "00123"), ("'00123", "00123"), ("'+49 30", "+49 30"),
        ("17850.0", "17850"), ("O'Neill", "O'Neill"), ("1.50", "1.50"), ("'tHooft", "'tHooft"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["orders", "customers", "touches"])
def test_what_nobody_sees_makes_no_other_id(put: Any, table: str, written: str, meant: str) -> None:
    key, header, rest = {
        "orders": ("customer_id", HEADER, "2026-03-01,1"),
        "customers": ("customer_id", "customer_id,customer_name", "x"),
        "touches": ("touch_id", "touch_id,lead_id,touched_at,channel,direction",
                    "L,2026-03-01 10:00,sms,out"),
    }[table]  # fmt: skip
    loaded = load(put(f"{header}\n{written},{rest}\n"), table=table)
    assert loaded.table[key].tolist() == [meant]
    assert loaded.ledger.cleaned_ids == int(written.strip('"') != meant)


@pytest.mark.parametrize("table", ["orders", "leads"])
def test_an_id_whose_last_digits_are_lost_is_a_reject(put: Any, table: str) -> None:
    header = {"orders": HEADER, "leads": "lead_id,created_on,x"}[table]
    loaded = load(put(f"{header}\n2.6E+15,2026-03-01,1\n"), table=table, max_reject_rate=1)
    assert loaded.ledger.rejects["reason"].tolist() == ["id_digits_lost"]


def test_ids_that_differ_in_case_are_told_and_joined_on_request(put: Any) -> None:
    path = put(f"{HEADER}\na@x.com,2026-03-01,1\nA@X.com,2026-04-01,2\nb,2026-04-01,3\n")
    assert load(path).ledger.case_ids == 2
    assert money(load(path, id_case="fold")) == {"a@x.com": (2, 3.0), "b": (1, 3.0)}


def test_an_id_that_is_in_most_rows_of_most_days_is_told(put: Any) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(60)]
    rows = "".join(f"C{n},{day},5\nKasse,{day},9\n" for n, day in enumerate(days))
    ledger = load(put(f"{HEADER}\n{rows}")).ledger
    assert ledger.suspicious_ids == {"Kasse": 60}
    assert any("'Kasse' stands in 60 rows" in note for note in ledger.notes(Words()))
    few = "".join(f"C{n % 5},{day},5\nKasse,{day},9\n" for n, day in enumerate(days))
    assert load(put(f"{HEADER}\n{few}")).ledger.suspicious_ids == {}, (
        "in a small book that is usual"
    )


# One order, several rows


LINES = "1,A,2026-03-01,100,tea\n1,A,2026-03-01,100,cup\n1,A,2026-03-01,100,pot\n2,B,2026-03-02,50,tea\n"


def test_a_total_on_each_line_is_refused_until_it_is_said(put: Any, kind: str) -> None:
    path = put(f"order_id,{HEADER},sku\n{LINES}", kind)
    with pytest.raises(
        errors.ContractError, match=r"the order's total.*\n.*amount_is='order'.*'line'"
    ):
        load(path)
    once = load(path, amount_is="order")
    assert money(once) == {"A": (1, 100.0), "B": (1, 50.0)}
    assert once.ledger.order_totals == 2
    assert money(load(path, amount_is="line")) == {"A": (1, 300.0), "B": (1, 50.0)}


def test_an_order_whose_rows_differ_adds_up_and_is_told(put: Any) -> None:
    path = put(f"order_id,{HEADER},sku\n{LINES}3,C,2026-03-03,10,tea\n3,C,2026-03-03,20,cup\n")
    loaded = load(path, amount_is="order")
    assert money(loaded)["C"] == (1, 30.0)
    assert loaded.ledger.orders_added_up == 1


def test_rows_that_are_alike_in_everything_are_duplicates_and_no_totals(put: Any) -> None:
    path = put(f"order_id,{HEADER}\n" + "1,A,2026-03-01,100\n" * 3)
    assert load(path).ledger.exact_duplicates == 2


def test_two_lines_of_one_price_are_no_total(put: Any) -> None:
    path = put(f"order_id,{HEADER},sku\n1,A,2026-03-01,5,tea\n1,A,2026-03-01,5,cup\n")
    assert money(load(path)) == {"A": (1, 10.0)}, "one order of two rows is not enough"
    total = put(
        "order_id,customer_id,ordered_at,Order Total,sku\n1,A,2026-03-01,5,tea\n1,A,2026-03-01,5,cup\n"
    )
    with pytest.raises(errors.ContractError, match="'Order Total'"):
        load(total, columns={"amount": "Order Total"})


def test_further_lines_bring_no_money(put: Any, kind: str) -> None:
    rows = "1,A,2026-03-01,30,tea\n1,A,2026-03-01,,cup\n2,B,2026-03-02,5,tea\n"
    loaded = load(put(f"order_id,{HEADER},sku\n{rows}", kind))
    assert money(loaded) == {"A": (1, 30.0), "B": (1, 5.0)}
    assert (loaded.ledger.further_lines, loaded.ledger.rows_rejected) == (1, 0)


def test_what_stands_on_the_first_row_is_carried_down(put: Any, kind: str) -> None:
    rows = "1,A,2026-03-01,30,tea\n,,,20,cup\n2,B,2026-03-02,5,tea\nTotal,,,55,\n"
    path = put(f"order_id,{HEADER},sku\n{rows}", kind)
    loaded = load(path, fill_down=True)
    assert money(loaded) == {"A": (1, 50.0), "B": (1, 5.0)}
    assert (loaded.ledger.total_rows, loaded.ledger.rows_rejected) == (1, 0)
    assert money(load(path, fill_down=["order_id", "customer_id", "ordered_at"])) == money(loaded)
    assert loaders.propose(path).options["fill_down"] is True


def test_nothing_is_carried_over_a_first_empty_row(put: Any) -> None:
    loaded = load(
        put(f"order_id,{HEADER}\n,,,20\n1,A,2026-03-01,30\n"), fill_down=True, max_reject_rate=1
    )
    assert loaded.ledger.rejects["line_number"].tolist() == [2]
    with pytest.raises(errors.ContractError, match="fill_down names 'Customer'"):
        load(put(f"{HEADER}\nA,2026-03-01,1\n"), fill_down=["Customer"])


# The same order in two files


def exports(folder: Path, **files: str) -> Path:
    for name, rows in files.items():
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / f"{name}.csv").write_text(f"order_id,{HEADER},status\n{rows}", "utf-8")
    return folder / "in"


def test_a_later_file_replaces_the_same_order(tmp_path: Path) -> None:
    place = exports(
        tmp_path,
        march="1,A,2026-03-01,100,processing\n2,B,2026-03-30,50,pending\n",
        april="2,B,2026-03-30,50,completed\n3,A,2026-04-10,80,completed\n",
    )
    loaded = load(place)
    assert money(loaded) == {"A": (2, 180.0), "B": (1, 50.0)}
    assert (loaded.ledger.replaced_orders, loaded.ledger.added_orders) == (1, 0)
    assert loaded.table.set_index("order_id").loc["2", "status"] == "completed", (
        "april is the later"
    )
    assert money(load(place, same_order="add"))["B"] == (1, 100.0)


def test_parts_and_refunds_in_another_file_add_up_and_are_told(tmp_path: Path) -> None:
    place = exports(
        tmp_path,
        a="1,A,2026-03-01,100,paid\n1,A,2026-03-01,30,paid\n2,B,2026-03-02,10,paid\n3,C,2026-03-03,5,paid\n",
        b="3,C,2026-03-03,7,paid\n1,A,2026-03-01,100,paid\n2,B,2026-03-02,-10,paid\n4,D,2026-04-01,1,paid\n",
    )
    loaded = load(place)
    assert money(loaded) == {"A": (1, 230.0), "C": (1, 12.0), "D": (1, 1.0)}
    assert (loaded.ledger.replaced_orders, loaded.ledger.added_orders) == (0, 3)
    assert money(load(place, same_order="replace"))["A"] == (1, 100.0)


def test_sheets_of_one_workbook_are_one_table_and_count_as_files(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Jan"
    for name, rows in {"Jan": [["1", "A", "2026-01-01", 5]], "Feb": [["1", "A", "2026-01-01", 5],
                       ["2", "B", "2026-02-01", 7]], "Notes": []}.items():  # fmt: skip
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        sheet.append(["order_id", *HEADER.split(",")] if rows else ["to do", "by whom"])
        for row in rows:
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    both = load(path, sheet=["Jan", "Feb"])
    assert money(both) == {"A": (1, 5.0), "B": (1, 7.0)}
    assert both.ledger.replaced_orders == 1
    every = load(path, sheet="*")
    assert every.table.equals(both.table)
    assert every.ledger.sheets_left_out == ("Notes",)
    assert "Sheets with other columns were left out: Notes." in every.ledger.notes(Words())
    book.move_sheet("Notes", -2)
    book.save(path)
    assert loaders.propose(path, sheet="*").options["columns"]["amount"] == "amount"
    assert load(path, **loaders.propose(path, sheet="*").options).ledger.rows_kept == 2
    with pytest.raises(errors.WorkbenchError, match="Notes"):
        load(path, sheet=["Jan", "Notes"])


# Refunds


def test_a_refunded_amount_is_a_row_of_its_own(put: Any) -> None:
    rows = "1,A,2026-03-01,40,10\n2,A,2026-04-01,20,-50\n3,B,2026-04-01,5,0\n3,B,2026-04-01,6,\n"
    loaded = load(put(f"order_id,{HEADER},refunded_amount\n{rows}"))
    assert money(loaded) == {"A": (1, 30.0), "B": (1, 11.0)}, "at most the order's amount"
    assert loaded.ledger.refund_rows == 2


def test_a_refund_on_each_line_is_the_orders_and_counts_once(put: Any) -> None:
    rows = "1,A,2026-03-01,40,10\n1,A,2026-03-01,5,10\n"
    assert money(load(put(f"order_id,{HEADER},refunded_amount\n{rows}"))) == {"A": (1, 35.0)}


def test_one_of_two_ways_to_say_a_refund_takes_it_off_never_both(put: Any) -> None:
    rows = "1,A,2026-03-01,40,refunded\n1,A,2026-03-05,-40,paid\n2,A,2026-06-01,5,paid\n3,B,2026-06-01,9,refunded\n"
    loaded = load(put(f"order_id,{HEADER},status\n{rows}"))
    assert loaded.table["amount"].tolist() == [40.0, -40.0, 5.0]
    both = "1,A,2026-03-01,40,40\n1,A,2026-03-05,-40,0\n"
    assert load(put(f"order_id,{HEADER},refunded_amount\n{both}")).ledger.refund_rows == 0


# Unit, currency, zone


@pytest.mark.parametrize(
    ("header", "cell", "meant"),
    [
        ("金额（万元）", "1.5", 15000), ("金额(千元)", "2", 2000), ("Amount (cents)", "1050", 10.5),
        ("销售额（亿）", "0.5", 5e7), ("Sales (k)", "3", 3000), ("Sales, thousand", "3", 3000),
        ("金额/分", "99", 0.99), ("金额（万元）", "300元", 3000000), ("金额（万元）", "2.5千元", 2500),
        ("Amount (cents)", "1.2k", 1200), ("Amount", "300 cents", 3), ("Amount", "1.5万元", 15000),
        ("Amount (net)", "7", 7),
    ],
)  # fmt: skip
def test_a_unit_in_the_header_or_the_cell_multiplies(
    put: Any, kind: str, header: str, cell: str, meant: float
) -> None:
    path = put(f'customer_id,ordered_at,"{header}"\nA,2026-03-01,"{cell}"\n'.replace('"', "")
               if "," not in header else f'customer_id,ordered_at,"{header}"\nA,2026-03-01,{cell}\n',
               kind if "," not in header else "orders.csv")  # fmt: skip
    assert load(path, columns={"amount": header}).table["amount"].tolist() == [meant]


def test_real_numbers_of_a_workbook_are_multiplied_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["customer_id", "ordered_at", "金额(万元)"],
        ["A", dt.date(2026, 3, 1), 1.5],
        ["A", dt.date(2026, 3, 2), "2千"],
    ):
        book.active.append(row)
    book.save(tmp_path / "o.xlsx")
    loaded = load(tmp_path / "o.xlsx", columns={"amount": "金额(万元)"})
    assert loaded.table["amount"].tolist() == [15000.0, 2000.0]
    assert (loaded.ledger.forms["amount"], loaded.ledger.currency) == (
        "1234.56 × 10000",
        "CNY",
    ) or ("× 10000" in loaded.ledger.forms["amount"])


def test_a_stated_factor_replaces_the_headers_unit(put: Any) -> None:
    path = put("customer_id,ordered_at,Amount (K)\nA,2026-03-01,5\n")
    with pytest.raises(errors.ContractError, match=r"says 'K': thousand, or million\?"):
        load(path, columns={"amount": "Amount (K)"})
    assert load(path, columns={"amount": "Amount (K) * 1000000"}).table["amount"].tolist() == [5e6]
    cents = put("customer_id,ordered_at,Amount (cents)\nA,2026-03-01,5\n")
    assert load(cents, columns={"amount": "Amount (cents) * 2"}).table["amount"].tolist() == [10]
    with pytest.raises(
        errors.ContractError, match=r"'0\.0\.1', which is not a column of the file, nor a number"
    ):
        load(cents, columns={"amount": "Amount (cents) * 0.0.1"})


@pytest.mark.parametrize(
    ("header", "rows", "currency"),
    [
        (f"{HEADER},currency", "A,2026-03-01,1,eur\nA,2026-03-02,2,EUR\n", "EUR"),
        ("customer_id,ordered_at,Amount (USD)", "A,2026-03-01,1\n", "USD"),
        (f"{HEADER},币种", "A,2026-03-01,1,人民币\nA,2026-03-01,1,\n", "CNY"),
        (f"{HEADER},currency,status", "A,2026-03-01,1,EUR,paid\nA,2026-03-02,2,USD,cancelled\n", "EUR"),
        (HEADER, "A,2026-03-01,1\n", None),
    ],
)  # fmt: skip
def test_one_currency_is_found_wherever_it_stands(
    put: Any, header: str, rows: str, currency: str
) -> None:
    columns = {"amount": "Amount (USD)"} if "USD)" in header else {}
    assert load(put(f"{header}\n{rows}"), columns=columns).ledger.currency == currency


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (f"{HEADER},Currency", "A,2026-03-01,10,USD\nB,2026-03-02,9000,JPY\n"),
        ("customer_id,ordered_at,Amount (USD),Currency", "A,2026-03-01,10,EUR\n"),
        (f"{HEADER},Currency", "A,2026-03-01,€10.50,USD\n"),
        (f"{HEADER},Currency", "A,2026-03-01,10,USD\nB,2026-03-02,9000,Taler\n"),
    ],
)
def test_two_currencies_are_refused_wherever_they_stand(put: Any, header: str, rows: str) -> None:
    columns = {"amount": "Amount (USD)"} if "USD)" in header else {}
    with pytest.raises(errors.ContractError, match=r"more than one currency.*\n.*where="):
        load(put(f"{header}\n{rows}"), columns=columns)


def test_of_two_currencies_one_can_be_asked_for(put: Any) -> None:
    path = put(f"{HEADER},Currency\nA,2026-03-01,10,USD\nB,2026-03-02,9000,JPY\n")
    loaded = load(path, where={"Currency": "jpy"})
    assert (money(loaded), loaded.ledger.currency, loaded.ledger.left_out) == (
        {"B": (1, 9000.0)},
        "JPY",
        1,
    )


@pytest.mark.parametrize(
    ("header", "options", "meant"),
    [
        ("When (UTC)", {"local_timezone": "Asia/Shanghai"}, "2026-03-02 07:30"),
        ("When (UTC)", {}, "2026-03-01 23:30"),
        ("When (GMT+8)", {"local_timezone": "UTC"}, "2026-03-01 15:30"),
        ("时间（北京时间）", {"local_timezone": "UTC"}, "2026-03-01 15:30"),
        ("When UTC", {"local_timezone": "Asia/Shanghai"}, "2026-03-02 07:30"),
        ("When (UTC)", {"timezone": "Asia/Shanghai"}, "2026-03-01 23:30"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["orders", "touches"])
def test_a_zone_in_the_header_counts_as_if_stated(
    put: Any, table: str, header: str, options: dict[str, Any], meant: str
) -> None:
    ours, text = {
        "orders": ("ordered_at", f"customer_id,{header},amount\nA,2026-03-01 23:30,1\n"),
        "touches": ("touched_at", f"touch_id,lead_id,{header},channel,direction\n1,L,2026-03-01 23:30,sms,in\n"),
    }[table]  # fmt: skip
    loaded = load(put(text), table=table, columns={ours: header}, **options)
    told = any(note.startswith("Times stay in UTC") for note in loaded.ledger.notes(Words()))
    assert told == (not options)
    assert [f"{at:%Y-%m-%d %H:%M}" for at in loaded.table[ours]] == [meant]


def test_a_zone_that_several_are_called_is_asked(put: Any) -> None:
    path = put("customer_id,When (CST),amount\nA,2026-03-01 23:30,1\n")
    with pytest.raises(errors.ContractError, match="'CST', which several time zones are called"):
        load(path, columns={"ordered_at": "When (CST)"})
    assert "timezone" in {one.about for one in loaders.propose(path, table="orders").questions}


# Dates


def test_a_date_typed_wrong_is_kept_apart_and_told(put: Any, kind: str) -> None:
    good = "".join(f"A,2026-0{month}-10,10\n" for month in range(1, 7))
    path = put(f"{HEADER}\n{good}B,2206-03-05,10\nC,1926-03-05,10\n", kind)
    ledger = load(path).ledger
    assert (ledger.rows_kept, ledger.implausible_dates) == (6, 2)
    assert (ledger.first_date, ledger.last_date) == (dt.date(2026, 1, 10), dt.date(2026, 6, 10))
    assert any("line 8: 2206-03-05" in note for note in ledger.notes(Words()))
    every = load(path, plausible=["1900-01-01", "2300-01-01"])
    assert every.ledger.rows_kept == 8


@pytest.mark.parametrize(("table", "text"), [
    ("touches", "touch_id,lead_id,touched_at,channel,direction\n1,L,2026-03-01,sms,in\n2,L,2026-03-02,sms,in\n3,L,2206-03-02,sms,in\n"),
    ("leads", "lead_id,created_on\n1,2026-03-01\n2,2026-03-02\n3,2206-03-02\n"),
])  # fmt: skip
def test_a_date_typed_wrong_is_told_of_touches_and_leads_too(
    put: Any, table: str, text: str
) -> None:
    assert load(put(text), table=table).ledger.implausible_dates == 1


# Where, names in an order file, lines around the table


def test_where_keeps_the_rows_that_are_asked_for(put: Any, kind: str) -> None:
    rows = (
        "A,2026-03-01,1,Won,N\nA,2026-03-02,2,lost,N\nB,2026-03-03,4,WON,S\nC,2026-03-04,8,Open,S\n"
    )
    path = put(f"{HEADER},Deal Stage,area\n{rows}", kind)
    loaded = load(path, where={"Deal Stage": "won"})
    assert money(loaded) == {"A": (1, 1.0), "B": (1, 4.0)}
    assert (loaded.ledger.left_out, loaded.ledger.rows_rejected) == (2, 0)
    several = load(path, where={"Deal Stage": ["won", "open"], "area": "S"})
    assert set(money(several)) == {"B"}, "an open deal is no sale all the same"
    with pytest.raises(
        errors.ContractError, match=r"where names 'Deal Stge'.*\nDid you mean 'Deal Stage'"
    ):
        load(path, where={"Deal Stge": "won"})


def test_an_order_file_also_names_its_customers(put: Any) -> None:
    rows = "A,Anna,S1,2026-03-01,1\nB,Ben,S1,2026-03-02,1\nA,Anna Li,S2,2026-05-01,1\nA,Ann,S1,2026-01-01,1\n0,Guest,,2026-01-01,1\n"
    path = put(f"customer_id,customer_name,owner_id,ordered_at,amount\n{rows}")
    loaded = load(path, table="customers", distinct=True)
    assert loaded.table.to_dict("records") == [
        {"customer_id": "B", "customer_name": "Ben", "owner_id": "S1"},
        {"customer_id": "A", "customer_name": "Anna Li", "owner_id": "S2"},
    ]
    ledger = loaded.ledger
    assert (ledger.repeated_ids, ledger.differing_ids, ledger.rows_rejected) == (2, 1, 0)
    with pytest.raises(errors.ParameterError, match="has no column that names each row"):
        load(path, distinct=True)


@pytest.mark.parametrize("table", ["orders", "leads"])
def test_a_header_below_titles_is_found_in_a_csv_too(put: Any, table: str) -> None:
    header, row = {
        "orders": (HEADER, "A,2026-03-01,10"),
        "leads": ("lead_id,created_on,phone", "L,2026-03-01,1"),
    }[table]
    path = put(f"Sales report,,\nExported 2026-04-01,,\n\n{header}\n{row}\n")
    assert load(path, table=table).ledger.header_row == 4
    assert load(path, table=table, header_row=4).ledger.rows_kept == 1
    with pytest.raises(errors.ParameterError, match="line 3 of"):
        load(path, table=table, header_row=3)


def test_the_separator_that_a_first_line_names_is_taken(put: Any) -> None:
    assert load(put("sep=;\ncustomer_id;ordered_at;amount\nA;2026-03-01;1,5\n")).table[
        "amount"
    ].tolist() == [1.5]


def test_what_stands_below_a_table_is_no_row(put: Any) -> None:
    path = put(
        f'{HEADER},x\nA,2026-03-01,10,\n,,,\n合计,,10,\n"2","record(s) downloaded"\nSeller\n'
    )
    ledger = load(path).ledger
    assert (ledger.rows_kept, ledger.total_rows, ledger.rows_rejected) == (1, 3, 0)
    short = put(f"{HEADER},x,y\nA,2026-03-01,10,,\nB,,20,,\n")
    assert load(short, max_reject_rate=1).ledger.rows_rejected == 1, "what has an amount is a row"
    cut = put(f"{HEADER},x\nA,2026-03-01,10,\nB,20")
    assert load(cut, max_reject_rate=1).ledger.rejects["reason"].tolist() == ["too_few_fields"]


@pytest.mark.parametrize("word", ["#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_error_words_are_rejects_in_a_csv_as_in_a_workbook(put: Any, word: str) -> None:
    path = put(f"{HEADER}\n{word},2026-03-01,1\nA,2026-03-01,{word}\nA,2026-03-01,1\n")
    loaded = load(path, max_reject_rate=1)
    assert loaded.ledger.rejects["reason"].tolist() == ["excel_error"] * 2
    names = put(f"customer_id,customer_name\nA,{word}\n")
    assert load(names, table="customers", max_reject_rate=1).ledger.rows_rejected == 1


def test_extra_fields_that_are_empty_lose_nothing(put: Any) -> None:
    loaded = load(put(f"{HEADER}\nA,2026-03-01,10,\nB,2026-03-02,11,,\n"))
    assert loaded.ledger.rows_kept == 2


def test_two_columns_of_one_name_matter_only_where_one_is_needed(put: Any) -> None:
    assert load(put(f"{HEADER},note,note\nA,2026-03-01,1,x,y\n")).ledger.rows_kept == 1
    with pytest.raises(errors.ContractError, match="2 columns called 'amount'"):
        load(put(f"{HEADER},amount\nA,2026-03-01,1,2\n"))


# What is proposed is what loads


def test_an_id_with_one_row_each_is_no_customers(put: Any) -> None:
    rows = "".join(f"{n},{n}7,2026-03-0{n},5\n" for n in range(1, 5))
    proposal = loaders.propose(put(f"Id,custmer_idd,ordered_at,amount\n{rows}"), table="orders")
    assert "customer_id" in proposal.missing
    with pytest.raises(errors.ContractError) as caught:
        loaders.load(put("Id,ordered_at,amount\n1,2026-03-01,5\n"))
    assert 'customer_id = "Id"' not in str(caught.value)


def test_what_is_ambiguous_is_asked(put: Any) -> None:
    proposal = loaders.propose(put("会员号,下单时间,总金额,实付金额\na,2026-03-01,9,7\n"))
    (question,) = proposal.questions
    assert question.about == "amount"
    assert set(question.answers) >= {"总金额", "实付金额"}


def test_stated_options_are_in_force_in_the_proposal(put: Any) -> None:
    path = put("会员号,下单时间,金额,区\na,2026-03-01,9,N\n")
    proposal = loaders.propose(path, where={"区": "N"}, columns={"order_id": "区"})
    assert proposal.options["where"] == {"区": ("N",)}
    assert proposal.options["columns"] == {
        "customer_id": "会员号",
        "ordered_at": "下单时间",
        "amount": "金额",
        "order_id": "区",
    }
    assert loaders.load(path, **proposal.options).ledger.rows_kept == 1


def test_every_word_of_the_lists_has_a_meaning() -> None:
    for column in statuses.COLUMNS:
        assert set(statuses._words(column).values()) <= {"sale", "no_sale", "open", "won", "lost"}
    assert annotations.said("Amount (net)") == annotations.Said()


def test_a_workbook_of_totals_and_a_csv_mean_the_same(put: Any) -> None:
    text = f"order_id,{HEADER},status\n1,A,2026-03-01,10,paid\n2,0,2026-03-02,5,paid\n3,B,2026-03-03,7,void\n"
    tables = [load(put(text, name)).table for name in ("o.csv", "o.xlsx")]
    pd.testing.assert_frame_equal(*tables)


# What fresh eyes found

H = "order_id,customer_id,ordered_at,amount"
FOUND: dict[str, tuple[list[str], dict[str, Any], dict[str, float]]] = {
    "a status in the second file alone": (
        [f"{H}\n1,A,2026-01-05,10\n", f"{H},status\n2,B,2026-02-05,20,paid\n3,B,2026-02-06,9,void\n"], {}, {"A": 10, "B": 20}),
    "stages in the second file alone": (
        [f"{H},status\n1,A,2026-01-05,10,paid\n", f"{H},Deal Stage\n2,B,2026-02-05,20,Qualified\n"], {}, {"A": 10}),
    "a currency in the second file alone": (
        [f"{H}\n1,A,2026-01-05,10\n", f"{H},currency\n2,B,2026-02-05,20,EUR\n"], {}, {"A": 10, "B": 20}),
    "two columns of status": (
        [f"{HEADER},Order Status,Payment Status\nA,2026-01-05,20,cancelled,paid\nB,2026-01-05,5,completed,paid\n"], {}, {"B": 5}),
    "a refund by status without a number": (
        [f"{HEADER},status\nA,2026-01-05,100,completed\nA,2026-01-09,-40,refunded\n"], {}, {"A": 60}),
    "a return beside its sale": (
        [f"{H},status\n1,A,2026-01-05,100,returned\n1,A,2026-01-09,-40,completed\n"], {}, {"A": 60}),
    "lines of a refund": (
        [f"{H},sku\n" + "".join(f"1,A,2026-01-05,50,{n}\n" for n in range(3))
         + "".join(f"1,A,2026-01-09,-20,{n}\n" for n in range(3))], {"amount_is": "order"}, {"A": 30}),
    "a number of two customers": (
        [f"{H},refunded_amount\n1,A,2026-01-05,100,10\n1,B,2026-03-05,100,20\n"], {}, {"A": 90, "B": 80}),
    "a discount is no refund": (
        [f"{H},refunded_amount\n1,A,2026-01-05,100,30\n1,A,2026-01-05,-10,30\n"], {}, {"A": 60}),
    "a kind": (
        [f"{H},Type\n1,A,2026-01-05,100,Sale\n2,A,2026-01-05,9,Fee\n3,A,2026-01-05,9,Transfer\n"], {}, {"A": 100}),
    "a type that is none": ([f"{H},Type\n1,A,2026-01-05,100,tea\n"], {}, {"A": 100}),
    "cancelled in the later file": (
        [f"{H},status\n2,B,2026-01-20,50,paid\n1,A,2026-01-01,5,paid\n", f"{H},status\n2,B,2026-01-20,,cancelled\n9,Z,2026-02-01,1,paid\n"],
        {}, {"A": 5, "Z": 1}),
    "a currency in words": (
        [f"{HEADER},Currency\nA,2026-01-05,1,US Dollar\nA,2026-01-05,1,-\nA,2026-01-05,1,usd\n"], {}, {"A": 3}),
    "another currency among what was cancelled": (
        [f"{HEADER},status\nA,2026-01-05,€10.5,paid\nA,2026-01-05,$10.5,cancelled\n"], {}, {"A": 10.5}),
    "remarks below in an id's column": (
        [f"{H},x\n1,A,2026-01-05,5,\n2,record(s) downloaded,,,\n导出时间：2026-03-01,,,,\n合计：1笔,,,5,\n"], {}, {"A": 5}),
    "a total with a day": ([f"{H},x\n1,A,2026-01-05,5,\nTotal,,2026-01-31,5,\n"], {}, {"A": 5}),
    "further lines of what was cancelled": (
        [f"{H},status\n1,A,2026-01-05,,cancelled\n1,,,,\n2,B,2026-01-05,4,paid\n"], {}, {"B": 4}),
    "a title over two lines": (
        ['"Title\nsecond",,,\norder_id,customer_id,ordered_at,amount\n1,A,2026-01-05,5\n'], {"header_row": 3}, {"A": 5}),
    "brackets": ([f"{HEADER},status\nA,2026-01-01,4,Cancelled [x]\nB,2026-01-01,4,已取消【系统】\nC,2026-01-01,4,paid\n"], {}, {"C": 4}),
    "German": (
        ["Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag;Zahlungsstatus;Währung\n1;K1;13.01.2026;1.234,50;bezahlt;EUR\n2;K2;14.01.2026;5,00;storniert;EUR\n"],
        {"propose": True}, {"K1": 1234.5}),
}  # fmt: skip


@pytest.mark.parametrize("claim", FOUND)
def test_what_fresh_eyes_found(tmp_path: Path, claim: str) -> None:
    files, options, expected = FOUND[claim]
    place = tmp_path / "in"
    place.mkdir()
    for number, text in enumerate(files):
        (place / f"{number}.csv").write_text(text, encoding="utf-8")
    source = place if len(files) > 1 else place / "0.csv"
    if options.pop("propose", False):
        options = dict(loaders.propose(source).options)
    loaded = load(source, **options)
    assert {who: sum_ for who, (_, sum_) in money(loaded).items()} == expected
    assert loaded.ledger.rows_rejected == 0


@pytest.mark.parametrize(
    ("header", "factor"),
    [("金额（单位：万元）", "10000"), ("金额(万元，含税)", "10000"), ("Umsatz (T€)", "1000"), ("Umsatz (Mio. EUR)", "1000000"),
     ("Amount (USD, thousands)", "1000"), ("Revenue (USD m)", "?"), ("Amount (net)", None)],
)  # fmt: skip
def test_a_unit_may_stand_beside_other_words(header: str, factor: str | None) -> None:
    assert annotations.said(header).factor == factor


def test_half_hours_of_a_zone_count(put: Any) -> None:
    path = put("customer_id,Created (GMT+5:30),amount\nA,2026-01-05 20:00,1\n")
    loaded = load(path, columns={"ordered_at": "Created (GMT+5:30)"}, local_timezone="UTC")
    assert f"{loaded.table['ordered_at'].iloc[0]:%H:%M}" == "14:30"


def test_numbers_of_parquet_and_very_large_ones_are_multiplied_or_rejected(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"customer_id": ["A"], "ordered_at": ["2026-01-05"], "Amount (cents)": [1050]}
    )
    table.to_parquet(tmp_path / "o.parquet")
    loaded = load(tmp_path / "o.parquet", columns={"amount": "Amount (cents)"})
    assert loaded.table["amount"].tolist() == [10.5]
    table["Amount (cents)"] = "1234567890123"
    table.to_csv(tmp_path / "o.csv", index=False)
    loaded = load(tmp_path / "o.csv", columns={"amount": "Amount (cents)"})
    assert loaded.table["amount"].tolist() == [12345678901.23]
    table = table.rename(columns={"Amount (cents)": "金额（亿）"})
    table.to_csv(tmp_path / "o.csv", index=False)
    loaded = load(tmp_path / "o.csv", columns={"amount": "金额（亿）"}, max_reject_rate=1)
    assert loaded.ledger.rejects["reason"].tolist() == ["number_too_large"]


def test_names_of_an_order_file_are_the_latest_whatever_its_time_is_called(put: Any) -> None:
    rows = (
        "1,A,2026/1/15,安\n2,A,2026/3/15,安娜\n3,A,2026/2/15,X\n4,A,2206/2/15,Z\n5,,2026/2/15,Y\n"
    )
    path = put(f"订单号,客户编号,下单时间,客户名称\n{rows}")
    columns = {"customer_id": "客户编号", "customer_name": "客户名称"}
    for more in ({}, {"ordered_at": "下单时间"}):
        loaded = load(path, table="customers", distinct=True, columns={**columns, **more})
        assert loaded.table["customer_name"].tolist() == ["安娜"]
        assert loaded.ledger.rows_rejected == 0, "a guest's order names nobody"


# The cases

CASES: Mapping[str, tuple[str, dict[str, Any], dict[str, tuple[int, float]]]] = {
    "offset": ("01-shopify-offset-after-a-blank/two_rows.csv", {"local_timezone": "Europe/Berlin"}, {"A": (2, 30.0)}),
    "status": ("02-cancelled-and-unpaid-orders-count/woo.csv", {}, {"A": (1, 10.0)}),
    "nobody": ("04-placeholder-ids-are-customers/orders.csv", {}, {"C7": (1, 80.0)}),
    "ids": ("06-one-customer-written-two-ways/orders.csv", {}, {"Zoë": (2, 20.0), "C001": (3, 30.0), "Anna Li": (2, 20.0),
            "mara@example.com": (1, 10.0), "MARA@Example.com": (1, 10.0)}),
    "quoted": ("07-formula-quoted-ids/orders.csv", {}, {"00123": (3, 30.0)}),
    "totals": ("09-order-total-on-every-line/orders.csv", {"amount_is": "order"}, {"A": (1, 100.0), "B": (1, 50.0)}),
    "two files": ("10-the-same-order-in-two-exports/exports", {}, {"A": (2, 180.0), "B": (1, 50.0)}),
    "titles": ("11-csv-with-lines-above-the-header/titled.csv", {}, {"A": (1, 10.0)}),
    "one date": ("19-one-date-typed-wrong/orders.csv", {}, {"A": (6, 60.0)}),
    "one name": ("22-two-columns-of-one-name-that-nobody-needs/orders.csv", {}, {"A": (1, 10.0)}),
    "commas": ("23-small-things/commas.csv", {}, {"A": (1, 10.0), "B": (1, 11.0)}),
    "money": ("23-small-things/money.csv", {}, {"A": (1, 1234.5), "B": (1, 900.0)}),
    "weekday": ("23-small-things/weekday.csv", {}, {"A": (1, 10.0), "B": (1, 10.0)}),
    "taobao": ("02-cancelled-and-unpaid-orders-count/ExportOrderList.csv", {"propose": True}, {"水边的树": (1, 598.0), "山中客": (2, 388.5)}),
    "jd": ("09-order-total-on-every-line/jd.csv", {"propose": True}, {"jd_tree": (1, 80.0)}),
    "wechat": ("11-csv-with-lines-above-the-header/wechat_pay.csv", {"propose": True}, {"小树": (1, 30.0), "小山": (1, 50.0)}),
    "yonyou": ("11-csv-with-lines-above-the-header/yonyou.csv", {"propose": True}, {"0101": (1, 200.0)}),
    "wan": ("13-unit-in-the-header/wan.csv", {"propose": True}, {"A": (1, 15000.0), "B": (1, 20000.0)}),
    "cents": ("13-unit-in-the-header/cents.csv", {"propose": True}, {"A": (1, 10.5)}),
    "hubspot": ("15-save-replaces-another-table/hubspot_deals.csv", {"propose": True}, {"5001": (1, 1200.0)}),
    "odoo": ("20-order-fields-only-on-the-first-line/odoo.csv", {"propose": True}, {"Example AG, Mara Example": (1, 300.0)}),
    "shopify": ("21-proposals-miss-the-platforms/shopify.csv", {"propose": True, "local_timezone": "Europe/Berlin"},
                {"mara@example.com": (1, 30.0), "MARA@example.com": (1, 20.0), "kim@example.com": (1, 30.0)}),
    "ebay": ("21-proposals-miss-the-platforms/ebay.csv", {"propose": True}, {"tea_lover": (1, 25.0), "cup_fan": (1, 1010.0)}),
    "pdd": ("21-proposals-miss-the-platforms/pdd.csv", {"propose": True}, {"138****0001": (2, 105.0)}),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES)
def test_each_case_comes_in_right(shared_cases: Path, tmp_path: Path, case: str) -> None:
    name, options, expected = CASES[case]
    path = shared_cases / name
    if options.pop("propose", False):
        options = dict(loaders.propose(path, **options).options)
    assert money(load(path, cache=tmp_path, **options)) == expected


@pytest.mark.shared
@pytest.mark.parametrize("name", ["two.csv", "stripe.csv", "cells.csv"])
def test_each_case_of_two_currencies_is_refused(
    shared_cases: Path, tmp_path: Path, name: str
) -> None:
    path = shared_cases / "03-currency-in-a-column-of-its-own" / name
    with pytest.raises(errors.ContractError, match="more than one currency"):
        loaders.load(path, cache=tmp_path, **loaders.propose(path, table="orders").options)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_noted_ends_without_its_full_stop_and_never_with_two(put: Any, lang: Any) -> None:
    words = Words(lang)
    ledger = load(put(f"{HEADER},status\nA,2026-03-01,1,paid\nB,2026-03-01,1,void\n")).ledger
    said = came_in(ledger.summary(), words, ledger.notes(words))
    assert not said.endswith((".", "。"))
    assert "void" in said
    whole = words("report.sentence", text=said)
    assert not any(twice in whole for twice in ("..", "。。", "。 "))


def test_a_wrong_where_is_told_without_a_proposal_of_columns(
    put: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(f"{HEADER},Status\nA,2026-03-01,1,paid\n")
    assert cli.main(["check", str(path), "--where", "Statu=paid"]) == 3
    said = capsys.readouterr().err
    assert "Did you mean 'Status'?" in said
    assert "--propose" not in said
