"""Who fits, and who is dormant: by hand, and whatever the order."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, nurture, schema

answers = st.sampled_from(["yes", "no", "unknown", None])
rows = st.lists(st.tuples(*[answers] * len(schema.TRAITS)), min_size=1, max_size=8)


def leads(traits: list[tuple[Any, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(traits, columns=list(schema.TRAITS), dtype="str")
    return table.assign(lead_id=[f"L{n}" for n in range(len(traits))])


@given(rows)
def test_the_score_is_the_share_of_known_traits_that_hold(traits: list[tuple[Any, ...]]) -> None:
    scored = nurture.fry_score(leads(traits))
    for said, one in zip(traits, scored.itertuples(), strict=True):
        known = [answer for answer in said if answer in ("yes", "no")]
        assert one.traits_known == len(known)
        assert one.traits_held == known.count("yes")
        if known:
            assert one.fry_score == pytest.approx(known.count("yes") / len(known))
        else:
            assert pd.isna(one.fry_score)


def test_weights_count_and_zero_leaves_a_trait_out() -> None:
    table = leads([("yes", "no", None, None, None, "no")])
    weighted = nurture.fry_score(table, weights={"no_clear_need": 3, "cannot_decide": 0})
    assert weighted[["fry_score", "traits_known", "traits_held"]].values.tolist() == [[0.75, 2, 1]]


@pytest.mark.parametrize("weights", [{"curious": -1}, {"curious": True}, {"curious": "2"}])
def test_a_weight_that_is_none_is_refused(weights: dict[str, Any]) -> None:
    with pytest.raises(errors.ParameterError, match=r"curious is .*\nUse a number from 0"):
        nurture.fry_score(leads([("yes",) * 6]), weights=weights)


def test_weights_that_all_leave_out_and_unknown_traits_are_refused() -> None:
    with pytest.raises(errors.ParameterError, match="no trait counts"):
        nurture.fry_score(leads([("yes",) * 6]), weights=dict.fromkeys(schema.TRAITS, 0))
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'curious'"):
        nurture.fry_score(leads([("yes",) * 6]), weights={"curios": 1})
    with pytest.raises(errors.ContractError, match="curious is 'perhaps' in 1 rows"):
        nurture.fry_score(leads([("yes", "perhaps", "no", "no", "no", "no")]))


LEADS = pd.DataFrame(
    [
        # who, recorded, need confirmed, customer since, phone, curious
        ("silent", "2026-01-01", None, None, "+999 1", "yes"),
        ("spoke", "2026-01-01", None, None, "+999 1", "no"),
        ("just spoke", "2026-01-01", None, None, "+999 1", "no"),
        ("new", "2026-10-20", None, None, "+999 1", "no"),
        ("confirmed", "2026-01-01", "2026-10-01", None, "+999 1", "no"),
        ("confirmed later", "2026-01-01", "2026-11-01", None, "+999 1", "no"),
        ("customer", "2026-01-01", None, "2026-10-31", "+999 1", "no"),
        ("unreachable", "2026-01-01", None, None, None, "no"),
        ("in a plan", "2026-01-01", None, None, "+999 1", "no"),
        ("plan over", "2026-01-01", None, None, "+999 1", None),
    ],
    columns=["lead_id", "created_on", "need_confirmed_on", "converted_on", "phone", "curious"],
)
TOUCHES = pd.DataFrame(
    [
        ("spoke", "2026-09-01 10:00", "in"),
        ("spoke", "2026-10-30 10:00", "out"),
        ("just spoke", "2026-10-10 10:00", "in"),
        ("silent", "2026-11-01 10:00", "in"),
    ],
    columns=["lead_id", "touched_at", "direction"],
).astype({"touched_at": "datetime64[us]"})
STEPS = pd.DataFrame(
    [
        ("E1", "in a plan", "2026-10-30", "2026-11-05", "pending", None),
        ("E2", "plan over", "2026-06-01", "2026-06-30", "pending", None),
        ("E3", "plan over", "2026-05-01", "2026-05-30", "done", "2026-05-30"),
    ],
    columns=["enrolment_id", "lead_id", "enrolled_on", "due_date", "status", "closed_on"],
)


def test_dormant_are_the_silent_who_can_still_be_won_and_reached() -> None:
    found = nurture.dormant(LEADS, TOUCHES, as_of="2026-10-31", steps=STEPS)
    assert found["lead_id"].tolist() == ["silent", "confirmed later", "spoke", "plan over"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    by_lead = found.set_index("lead_id")
    assert by_lead["days_silent"].to_dict() == {
        "silent": 303, "confirmed later": 303, "spoke": 60, "plan over": 303,
    }  # fmt: skip
    assert by_lead["days_since_touch"]["spoke"] == 1
    assert by_lead["times_enrolled"]["plan over"] == 2


def test_the_order_of_rows_does_not_matter_and_less_silence_is_enough_for_more() -> None:
    found = nurture.dormant(LEADS, TOUCHES, as_of="2026-10-31", steps=STEPS)
    turned = nurture.dormant(LEADS[::-1], TOUCHES[::-1], as_of="2026-10-31", steps=STEPS[::-1])
    pd.testing.assert_frame_equal(found, turned)
    sizes = [
        len(nurture.dormant(LEADS, TOUCHES, as_of="2026-10-31", silent_days=days))
        for days in (0, 11, 30, 100, 400)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


@pytest.mark.parametrize("days", [True, 1.5, "30", -1])
def test_days_of_silence_are_a_whole_number(days: Any) -> None:
    with pytest.raises(errors.ParameterError, match=r"silent_days is .*\nUse"):
        nurture.dormant(LEADS, TOUCHES, as_of="2026-10-31", silent_days=days)


def test_before_anybody_was_ever_written_to_the_silent_are_dormant_all_the_same() -> None:
    table = leads([("yes",) * 6]).assign(created_on=pd.Timestamp("2026-01-01"), phone="+999 1")
    nothing = pd.DataFrame({"lead_id": [], "direction": [], "touched_at": pd.to_datetime([])})
    found = nurture.dormant(table, nothing, as_of="2026-01-31")
    assert found[["lead_id", "days_silent"]].values.tolist() == [["L0", 30]]
    assert found["days_since_touch"].isna().all()
    assert nurture.dormant(table, nothing, as_of="2026-01-30").empty


def test_who_said_yes_and_waits_to_be_called_is_not_dormant() -> None:
    table = leads([("yes",) * 6] * 3).assign(created_on=pd.Timestamp("2026-01-01"), phone="+999 1")
    days = pd.to_datetime(["2026-08-01 9:00", "2026-08-01 9:00", "2026-08-03 9:00"])
    said = pd.DataFrame(
        {"lead_id": ["L0", "L1", "L1"], "direction": ["in", "in", "out"], "touched_at": days,
         "channel": "sms", "feedback": ["positive", "positive", None]}
    )  # fmt: skip
    waiting = nurture.handovers(said, table, as_of="2026-10-31")["lead_id"].tolist()
    found = nurture.dormant(table, said, as_of="2026-10-31")["lead_id"].tolist()
    assert waiting == ["L0"]
    assert sorted(found) == ["L1", "L2"], "L1 was called, and has been silent since"
