"""Who is who: one lookup, of frames of any kind, that loses no row and doubles none."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pytest

from workbench import errors
from workbench.people import People

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "d"],
        "customer_name": ["A", "B", None],
        "owner_id": ["x", None, "z"],
    }
)
OWNERS = pd.DataFrame({"owner_id": ["x", "y"], "owner_name": ["Lin Yue", "Chen Wei"]})


def test_names_are_looked_up_without_losing_or_adding_a_row_and_the_id_stands_for_a_name() -> None:
    table = pd.DataFrame({"customer_id": ["b", "a", "c", "d"], "frequency": [1, 2, 3, 4]})
    named = People(CUSTOMERS, OWNERS).named(table)
    assert named["customer_id"].tolist() == ["b", "a", "c", "d"]
    assert named["customer_name"].tolist() == ["B", "A", "c", "d"]
    assert named["owner_name"].fillna("").tolist() == ["", "Lin Yue", "", "z"]
    assert list(table.columns) == ["customer_id", "frequency"]


def test_nobody_need_be_known() -> None:
    named = People().named(pd.DataFrame({"customer_id": ["b"]}))
    assert named["customer_name"].tolist() == ["b"]
    assert named["owner_name"].isna().all()


@pytest.mark.parametrize(
    "kind",
    [
        pl.from_pandas,
        lambda table: pl.from_pandas(table).to_arrow(),
        lambda table: SimpleNamespace(ledger=None, table=table),  # as a loader returns it
    ],
)
def test_frames_of_any_kind_are_taken(kind: Any) -> None:
    people, bought = People(kind(CUSTOMERS), kind(OWNERS)), pd.DataFrame({"customer_id": ["a"]})
    assert people.named(kind(bought))["owner_name"].tolist() == ["Lin Yue"]
    assert people.of(kind(bought), "x")["customer_id"].tolist() == ["a"]


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(errors.ContractError, match="1 row repeats a customer_id, the first is 'a'"):
        People(pd.concat([CUSTOMERS, CUSTOMERS.head(1)]))


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(errors.ParameterTypeError, match="A list is no table of people"):
        People(["a"])
    with pytest.raises(errors.ParameterTypeError, match="A list is no table of people"):
        People().named(["a"])
    with pytest.raises(errors.ContractError, match="neither owner_id, customer_id nor lead_id"):
        People(owners=OWNERS).of(pd.DataFrame({"region": ["north"]}), "x")


def test_rows_of_an_owner_are_found_by_whatever_id_the_table_has() -> None:
    leads = pd.DataFrame({"lead_id": ["l"], "lead_name": ["L"], "owner_id": ["y"]})
    people = People(CUSTOMERS, OWNERS, leads)
    bought = pd.DataFrame({"customer_id": ["a", "b"]})
    assert people.of(bought, "x")["customer_id"].tolist() == ["a"]
    assert people.of(pd.DataFrame({"lead_id": ["l", "m"]}), "y")["lead_id"].tolist() == ["l"]
    assert people.of(pd.DataFrame({"owner_id": ["x", "y"]}), "y").index.tolist() == [0]
    assert people.of(bought, None) is bought
    assert people.owner_names() == {"x": "Lin Yue", "y": "Chen Wei", "z": "z"}
    with pytest.raises(errors.UnknownNameError, match="There is no owner called 'xx'"):
        people.of(bought, "xx")
