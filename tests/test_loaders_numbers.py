"""How a column's numbers are written is found from all its values, or refused, never guessed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from workbench import errors, loaders

pytestmark = pytest.mark.many


def load(folder: Path, *written: str, **options: Any) -> loaders.Loaded:
    rows = "".join(f'C{number},2026-03-05,"{text}"\n' for number, text in enumerate(written))
    path = folder / "orders.csv"
    path.write_text("customer_id,ordered_at,amount\n" + rows, encoding="utf-8")
    options = {"max_reject_rate": 1, **options}
    return loaders.load(path, cache=folder / "cache", **options)


def amounts(loaded: loaders.Loaded) -> list[str]:
    rows = duckdb.sql(f"SELECT amount FROM '{loaded.source}'").fetchall()
    assert all(isinstance(amount, Decimal) for (amount,) in rows)
    return [str(amount) for (amount,) in rows]


def reasons(loaded: loaders.Loaded) -> list[tuple[str, str]]:
    rejects = loaded.ledger.rejects
    return list(zip(rejects["value"].tolist(), rejects["reason"].tolist(), strict=True))


# As written, beside a value that settles the decimal sign, and what it means.
POINT = [
    ("1234.5", "1234.50"),
    ("1,234.50", "1234.50"),
    ("1,234", "1234.00"),
    ("1,234,567", "1234567.00"),
    ("12,34,567.89", "1234567.89"),
    ("1 234 567.89", "1234567.89"),
    ("1\N{NO-BREAK SPACE}234.5", "1234.50"),
    ("1\N{NARROW NO-BREAK SPACE}234.5", "1234.50"),
    ("1\N{THIN SPACE}234.5", "1234.50"),
    ("1'234.50", "1234.50"),
    ("1\N{RIGHT SINGLE QUOTATION MARK}234.50", "1234.50"),
    ("-1,234.50", "-1234.50"),
    ("\N{MINUS SIGN}5", "-5.00"),
    ("\N{FULLWIDTH HYPHEN-MINUS}5", "-5.00"),
    ("5-", "-5.00"),
    ("1,234.50-", "-1234.50"),
    ("(1,234.50)", "-1234.50"),
    ("（5）", "-5.00"),
    ("($5.00)", "-5.00"),
    ("$(5.00)", "-5.00"),
    ("+5", "5.00"),
    ("$1,234.50", "1234.50"),
    ("-$5", "-5.00"),
    ("$-5", "-5.00"),
    ("US$ 5", "5.00"),
    ("USD5", "5.00"),
    ("5 usd", "5.00"),
    ("１，２３４．５０", "1234.50"),
    ("-１２", "-12.00"),
    ("1.2万", "12000.00"),
    ("-1.2万", "-12000.00"),
    ("3亿", "300000000.00"),
    ("1.5千", "1500.00"),
    ("0.00012345万", "1.23"),
    ("1.23455万亿", "1234550000000.00"),
    ("1.005", "1.01"),
    ("1e3", "1000.00"),
]
COMMA = [
    ("1234,5", "1234.50"),
    ("1.234,50", "1234.50"),
    ("1.234", "1234.00"),
    ("1.234.567", "1234567.00"),
    ("1 234 567,89", "1234567.89"),
    ("1'234,50", "1234.50"),
    ("-1.234,50", "-1234.50"),
    ("(1.234,50)", "-1234.50"),
    ("1.234,50-", "-1234.50"),
    ("1.234,50 €", "1234.50"),
    ("€ 5", "5.00"),
    ("EUR 1.234,50", "1234.50"),
    ("1,005", "1.01"),
    ("7", "7.00"),
]


@pytest.mark.parametrize(("written", "meant"), POINT)
def test_beside_a_decimal_point_every_common_writing_is_read(
    tmp_path: Path, written: str, meant: str
) -> None:
    loaded = load(tmp_path, "10.50", written)
    assert amounts(loaded) == ["10.50", meant]


@pytest.mark.parametrize(("written", "meant"), COMMA)
def test_beside_a_decimal_comma_every_common_writing_is_read(
    tmp_path: Path, written: str, meant: str
) -> None:
    loaded = load(tmp_path, "10,50", written)
    assert amounts(loaded) == ["10.50", meant]
    assert loaded.ledger.forms["amount"].endswith(",56")


@pytest.mark.parametrize(("written", "meant"), [*POINT, *COMMA])
def test_a_stated_sign_needs_no_other_value(tmp_path: Path, written: str, meant: str) -> None:
    sign = "." if (written, meant) in POINT else ","
    assert amounts(load(tmp_path, written, decimal=sign)) == [meant]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["1", "20"], "1234"),
        (["1.5", "20"], "1234.56"),
        (["1,234.50", "20"], "1234.56"),
        (["1,234", "1.5"], "1,234.56"),
        (["1,5", "20"], "1234,56"),
        (["1.234", "1,5"], "1.234,56"),
    ],
)
def test_the_ledger_tells_how_numbers_are_written(
    tmp_path: Path, written: list[str], said: str
) -> None:
    assert load(tmp_path, *written).ledger.forms["amount"] == said


@pytest.mark.parametrize(
    ("written", "first", "second"),
    [
        (["1,234"], "1234", "1.234"),
        (["1.234"], "1234", "1.234"),
        (["12", "1,234", "500"], "1234", "1.234"),
        (["1.234", "1,234"], "1234", "1.234"),
        (["$1,234"], "1234", "1.234"),
        (["123,456"], "123456", "123.456"),
    ],
)
def test_a_number_that_may_be_a_thousand_times_another_is_refused(
    tmp_path: Path, written: list[str], first: str, second: str
) -> None:
    with pytest.raises(errors.ContractError) as caught:
        load(tmp_path, *written)
    assert "orders: column 'amount' of '" in caught.value.what
    assert f"may be {first} or {second}, and no value of the column tells which" in str(
        caught.value
    )
    assert "State the decimal sign: decimal='.' or decimal=','" in caught.value.mend


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,23", "1.23"),
        ("0,234", "0.23"),
        ("1234,567", "1234.57"),
        (",5", "0.50"),
        ("1,2345", "1.23"),
        ("1,234,567", "1234567.00"),
        ("1.234.567", "1234567.00"),
        ("12,34,567", "1234567.00"),
        ("1 234", "1234.00"),
        ("0.234", "0.23"),
        ("1234.567", "1234.57"),
    ],
)
def test_a_number_that_can_only_be_one_is_read(tmp_path: Path, written: str, meant: str) -> None:
    assert amounts(load(tmp_path, written)) == [meant]


def test_the_value_that_settles_it_may_stand_anywhere(tmp_path: Path) -> None:
    loaded = load(tmp_path, *["12"] * 30_000, "1.234", "7,5")
    assert amounts(loaded)[-2:] == ["1234.00", "7.50"]
    with pytest.raises(errors.ContractError, match="may be 1234 or"):
        load(tmp_path, *["12"] * 30_000, "1.234")


def test_in_a_column_of_both_signs_the_most_frequent_holds_and_what_may_be_either_goes(
    tmp_path: Path,
) -> None:
    loaded = load(tmp_path, "1.50", "2.50", "3,50", "1,234", "1.234", "1,234.50", "2")
    assert amounts(loaded) == ["1.50", "2.50", "1234.50", "2.00"]
    assert reasons(loaded) == [
        ("3,50", "other_number_form"),
        ("1,234", "other_number_form"),
        ("1.234", "other_number_form"),
    ]


def test_as_many_points_as_commas_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        errors.ContractError, match=r"as many decimal points \('1\.50'\) as decimal"
    ):
        load(tmp_path, "1.50", "2,50")


@pytest.mark.parametrize("written", ["12%", "12.5 %", "１２％", "5‰"])
def test_percentages_are_refused(tmp_path: Path, written: str) -> None:
    loaded = load(tmp_path, "10.50", written)
    assert reasons(loaded) == [(written, "percentage")]


@pytest.mark.parametrize(
    "written",
    ["1,2,3", "1,23,4", "1,234.5.6", "12,34", "--5", "(-5)", "(5", "5)", "5 EUR 3", "1 2", "1  234",
     "free", "5 pieces", "1万2", "1.2K", "0x10", "1_000", "٣", "½", "$", "()", ",", ".", "-", "1..5"],
)  # fmt: skip
def test_what_is_no_number_is_rejected_and_not_mended(tmp_path: Path, written: str) -> None:
    loaded = load(tmp_path, "10.50", "1,234.50", written)
    assert [value for value, _ in reasons(loaded)] == [written]


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        (["10.50"], None),
        (["¥10.50", "5"], "¥"),
        (["￥10.50", "5元"], "CNY"),
        (["RMB 10.50", "人民币5", "¥3", "CNY 2"], "CNY"),
        (["¥10.50", "5円"], "JPY"),
        (["$10.50"], "$"),
        (["$10.50", "US$5"], "USD"),
        (["€10.50"], "EUR"),
        (["10.50 GBP", "£5"], "GBP"),
        (["1.2万元"], "CNY"),
        (["₹12,34,567.00", "Rs. 5"], "INR"),
        (["10.50 kr"], "KR"),
    ],
)
def test_the_one_currency_is_told_in_the_ledger(
    tmp_path: Path, written: list[str], currency: str | None
) -> None:
    loaded = load(tmp_path, *written)
    assert loaded.ledger.rows_rejected == 0
    assert loaded.ledger.currency == currency


@pytest.mark.parametrize(
    "written", [["€1.50", "$1.50"], ["¥5.50", "€5"], ["CNY 5", "JPY 5"], ["$5.00", "5 EUR"]]
)
def test_two_currencies_in_one_source_are_refused(tmp_path: Path, written: list[str]) -> None:
    with pytest.raises(
        errors.ContractError, match=r"more than one currency in .* \(.*\)\.\nOne source"
    ):
        load(tmp_path, *written)


def test_two_currencies_in_two_columns_are_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text("order_id,product_id,quantity,unit_price,x\n1,p,$2,€3,\n", encoding="utf-8")
    with pytest.raises(errors.ContractError, match="more than one currency"):
        loaders.load(path, table="order_lines", cache=tmp_path / "cache")


def test_each_factor_of_a_product_has_its_own_form(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text('who;when;pieces;price\na;2026-03-05;"1,5";¥2.50\nb;2026-03-05;2;¥1,000.50\n')
    loaded = loaders.load(
        path,
        columns={"customer_id": "who", "ordered_at": "when", "amount": "pieces * price"},
        cache=tmp_path / "cache",
    )
    assert amounts(loaded) == ["3.75", "2001.00"]
    assert loaded.ledger.forms["amount"] == "1234,56 * 1234.56"


def test_a_large_clean_file_with_one_odd_row_reads_that_row_too(tmp_path: Path) -> None:
    loaded = load(tmp_path, *["10.50"] * 5_000, "1,234.50")
    assert amounts(loaded)[-1] == "1234.50"
    assert loaded.ledger.rows_rejected == 0


def test_ids_are_never_read_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    ids = ["007", "００７", "1,234", "1.50", "¥5", "1e5", "-3", "1.2万"]
    rows = "".join(f'"{one}",2026-03-05,"1,234.50"\n' for one in ids)
    path.write_text("customer_id,ordered_at,amount\n" + rows, encoding="utf-8")
    loaded = loaders.load(path, cache=tmp_path / "cache")
    assert loaded.table["customer_id"].tolist() == ["007", *ids[:1], *ids[2:]]


def test_only_a_point_or_a_comma_is_a_decimal_sign(tmp_path: Path) -> None:
    with pytest.raises(errors.ParameterError, match=r"decimal is ';'\.\nIt takes '\.' or ','"):
        load(tmp_path, "1", decimal=";")
