"""One place for all contracts: complete, consistent, in words people know."""

import re

import pytest

from workbench import errors, schema
from workbench.words import LANGUAGES, Words

TABLES = list(schema.TABLES.values())
COLUMNS = [(table, column) for table in TABLES for column in table.columns]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
every_column = pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS]
)


def test_orders_need_who_when_and_how_much() -> None:
    assert schema.table("orders").required_names == ("customer_id", "ordered_at", "amount")
    assert "order_id" in schema.table("orders").column_names


@every_table
def test_a_table_is_found_by_its_own_name(table: schema.Table) -> None:
    assert schema.table(table.name) is table
    assert table.grain.startswith("one row per ")


@every_table
def test_column_names_are_unique_and_the_key_is_one_of_them(table: schema.Table) -> None:
    assert len(set(table.column_names)) == len(table.column_names)
    assert table.key is None or table.key in table.required_names
    assert set(table.required_names) <= set(table.column_names)


@every_column
def test_a_column_says_what_it_means_and_money_in_which_unit(
    table: schema.Table, column: schema.Column
) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*", column.name)
    assert column.meaning.endswith(".")
    if column.type == "money":
        assert column.unit
    assert table.column(column.name) is column


@every_column
def test_a_column_has_its_word_in_both_languages(
    table: schema.Table, column: schema.Column
) -> None:
    english, chinese = (Words(lang)(f"column.{column.name}") for lang in LANGUAGES)
    assert english
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_the_same_name_means_the_same_type_in_every_table() -> None:
    types: dict[str, str] = {}
    for _, column in COLUMNS:
        assert types.setdefault(column.name, column.type) == column.type


def test_an_unknown_table_or_column_is_answered_with_the_likely_one() -> None:
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'orders'"):
        schema.table("order")
    with pytest.raises(errors.UnknownNameError, match="in table 'orders' called 'amont'"):
        schema.table("orders").column("amont")
