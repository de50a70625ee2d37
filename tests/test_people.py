"""Who is who: one lookup, of frames of any kind, that loses no row and doubles none."""

import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pytest

from workbench import campaigns, churn, errors, loaders, nurture, widgets, worklist
from workbench.people import People, strangers

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


# ---- every door ------------------------------------------------------------------------------

AS_OF = "2026-10-31"
WARNINGS = pd.DataFrame(
    {
        "customer_id": ["a"], "as_of": pd.Timestamp(AS_OF), "days_since_last": [50],
        "mean_interval_days": [35.0], "ratio": [50 / 35], "warning": "churn_risk",
        "frequency": [4], "value_at_stake": [9860.0],
    }
)  # fmt: skip
HISTORY = pd.DataFrame(
    {
        "customer_id": ["a"], "as_of": pd.Timestamp(AS_OF), "days_since_last": [13], "frequency": 3,
        "monetary": 30.0, "interval_1": 10, "interval_2": 10, "interval_3": [None],
    }
)  # fmt: skip
LEADS = pd.DataFrame(
    {
        "lead_id": ["L1", "L2"], "lead_name": ["Ada", "Bo"], "owner_id": ["x", "y"],
        "created_on": ["2026-01-01", "2026-02-01"], "phone": ["+999 1", "+999 2"],
        "sms_opted_out_on": [None, "2026-03-01"], "converted_on": [None, "2026-08-01"],
        "curious": ["yes", "no"],
    }
)  # fmt: skip
TOUCHES = pd.DataFrame(
    {
        "touch_id": ["T1"], "lead_id": ["L1"], "touched_at": pd.to_datetime(["2026-07-03 10:00"]),
        "channel": "sms", "direction": "in", "feedback": "positive", "text": "Call me", "owner_id": "x",
    }
)  # fmt: skip
TEMPLATES = pd.DataFrame(
    {
        "template_id": "M1", "plan": "Wake-up", "step": [1], "channel": "phone", "language": "en",
        "variant": "A", "template_version": 1, "approved_by": "Lin", "body": "Hello {lead_name}",
    }
)  # fmt: skip
STEPS = pd.DataFrame({"lead_id": ["L1"], "plan": "Wake-up", "step": 1})
OUTCOMES = pd.DataFrame(
    {
        "enrolment_id": ["E1"], "lead_id": ["L1"], "enrolled_on": pd.to_datetime(["2026-07-01"]),
        "as_of": pd.Timestamp(AS_OF),
    }
)  # fmt: skip
HEARD = TOUCHES.drop(columns="owner_id").assign(lead_id="+999 1", feedback="none")
DOORS: dict[Callable[..., Any], Callable[..., Any]] = {
    churn.call_list: lambda c, o, _l: churn.call_list(WARNINGS, customers=c, owners=o),
    churn.workload: lambda c, o, _l: churn.workload(WARNINGS, customers=c, owners=o),
    churn.costs: lambda c, o, _l: churn.costs(HISTORY, values=[1.4], customers=c, owners=o),
    nurture.channels: lambda _c, _o, leads: nurture.channels(leads, as_of=AS_OF),
    nurture.fry_score: lambda _c, _o, leads: nurture.fry_score(leads),
    nurture.dormant: lambda _c, _o, leads: nurture.dormant(
        leads, TOUCHES.assign(feedback="none"), as_of=AS_OF
    ),
    nurture.handovers: lambda _c, _o, leads: nurture.handovers(TOUCHES, leads, as_of=AS_OF),
    nurture.cohorts: lambda _c, _o, leads: nurture.cohorts(OUTCOMES, TOUCHES, leads),
    nurture.draft: lambda _c, o, leads: nurture.draft(
        STEPS, leads=leads, owners=o, templates=TEMPLATES, as_of=AS_OF
    )[0],
    nurture.preview: lambda _c, o, leads: nurture.preview(
        "Wake-up", "L1", leads=leads, owners=o, templates=TEMPLATES, as_of=AS_OF
    ),
    campaigns.record: lambda _c, _o, leads: campaigns.record(
        worklist.connect(""), HEARD, leads=leads, at=f"{AS_OF} 12:00", by="Lin"
    ),
    campaigns.opted_out_on: lambda _c, _o, leads: pd.DataFrame(
        {
            "on": [
                campaigns.opted_out_on(
                    worklist.connect(""), leads, {"lead_id": "L2", "channel": "sms"}, as_of=AS_OF
                )
            ]
        }
    ),
    widgets.planner: lambda _c, _o, leads: widgets.planner(leads, as_of=AS_OF).actions,
}


def loaded_by(folder: Path, name: str, table: pd.DataFrame) -> loaders.Loaded:
    table.to_csv(folder / f"{name}.csv", index=False)
    return loaders.load(folder / f"{name}.csv", table=name, cache=folder / "cache")


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__qualname__)
@pytest.mark.parametrize("kind", ["loader", "polars", "arrow"])
def test_every_door_takes_people_as_a_loader_polars_or_arrow_gives_them(
    door: Callable[..., Any], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = worklist.connect
    monkeypatch.setattr(worklist, "connect", lambda _: connect(tmp_path / "worklist.db"))
    named = {"customers": CUSTOMERS, "owners": OWNERS, "leads": LEADS}
    asked = DOORS[door]
    expected = asked(*named.values())
    (tmp_path / "worklist.db").unlink(missing_ok=True)
    given = {
        "loader": lambda name, table: loaded_by(tmp_path, name, table),
        "polars": lambda _name, table: pl.from_pandas(table),
        "arrow": lambda _name, table: pl.from_pandas(table).to_arrow(),
    }[kind]
    found = asked(*(given(name, table) for name, table in named.items()))
    assert len(expected)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_no_door_is_left_out() -> None:
    tables = {"customers", "owners", "leads"}
    answers = [getattr(place, name) for place in (churn, nurture) for name in place.__all__]
    open_to = {
        door for door in answers
        if inspect.isfunction(door) and tables & {*inspect.signature(door).parameters}
    }  # fmt: skip
    assert open_to <= {*DOORS}


# ---- tables that hardly know each other --------------------------------------------------------


def ids(column: str, *known: object) -> pd.DataFrame:
    return pd.DataFrame({column: list(known)})


def test_tables_that_share_less_than_half_of_the_ids_are_found_with_an_example_of_each() -> None:
    orders, customers = ids("customer_id", "7", "8", "9", "9", None), ids("customer_id", "a", "7")
    found = strangers({"orders": orders, "customers": customers})
    assert found.to_numpy().tolist() == [["orders", "customer_id", 3, 1, "8", "customers", "a"]]
    half = ids("customer_id", "7", "b")
    assert strangers({"orders": half, "customers": customers}).empty, "half is enough"


def test_numbers_and_texts_are_the_same_id_and_an_empty_table_is_no_stranger() -> None:
    orders, customers = ids("customer_id", 7.0, 8.0, None), ids("customer_id", "7", "8")
    assert strangers({"orders": orders, "customers": customers}).empty
    assert strangers({"orders": orders, "customers": customers.head(0)}).empty
    assert strangers({"orders": orders}).empty


def test_owners_and_leads_are_looked_up_wherever_a_table_names_them(tmp_path: Path) -> None:
    tables = {
        "leads": loaded_by(tmp_path, "leads", LEADS),
        "owners": loaded_by(tmp_path, "owners", OWNERS.assign(owner_id=["S1", "S2"])),
        "steps": pl.from_pandas(ids("lead_id", "Q1")),
    }
    found = strangers(tables)
    assert found[["table", "known_in"]].to_numpy().tolist() == [
        ["leads", "owners"], ["steps", "leads"],
    ]  # fmt: skip
