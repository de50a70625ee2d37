"""The simulated leads: consistent, and answering with the chances that were put in."""

import numpy as np
import pandas as pd
import pytest

from workbench import samples, schema
from workbench.samples import content


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    return samples.company(customers=6000, seed=11)


@pytest.fixture(scope="module")
def steps(company: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The planned steps, with what was really so about each, and whether it was answered."""
    truth = samples.nurture_truth(customers=6000, seed=11)
    joined = company["steps"].merge(truth, on=["enrolment_id", "step"], validate="one_to_one")
    sent = company["touches"].dropna(subset="plan")
    joined = joined.merge(
        sent[["lead_id", "plan", "step", "delivered", "edited", "touched_at"]],
        on=["lead_id", "plan", "step"],
        how="left",
        validate="one_to_one",
    )
    assert (joined["touched_at"].notna() == (joined["status"] == "done")).all()
    return joined


def test_a_step_is_closed_when_it_is_no_longer_pending(steps: pd.DataFrame) -> None:
    assert (steps["closed_on"].isna() == (steps["status"] == "pending")).all()
    assert set(steps["status"]) == set(schema.STATUSES)
    done = steps[steps["status"] == "done"]
    assert (done["closed_on"] >= done["due_date"]).all()
    assert (done["closed_on"] == done["touched_at"].dt.normalize()).all()


def test_the_days_of_the_steps_are_those_of_the_even_rule(steps: pd.DataFrame) -> None:
    day = (steps["due_date"] - steps["enrolled_on"]).dt.days + 1
    for plan in content.PLANS:
        rows = (steps["plan"] == plan.name).to_numpy()
        assert (day[rows] == np.array(plan.days)[steps.loc[rows, "step"] - 1]).all()
        x = plan.cycle_days
        even = [1, 2, *(2 + ((n - 2) * (x - 2) + 2) // 4 for n in range(3, 7))]
        assert list(plan.days) == even


def test_nobody_is_reached_where_there_is_no_address(company: dict[str, pd.DataFrame]) -> None:
    leads = company["leads"].set_index("lead_id")
    for rows in (company["touches"], company["steps"]):
        for channel, address in schema.CHANNELS.items():
            used = rows.loc[rows["channel"] == channel, "lead_id"]
            assert leads[address].reindex(used).notna().all()


def test_an_answer_that_counts_stops_the_plan(company: dict[str, pd.DataFrame]) -> None:
    touches = company["touches"]
    ends = touches[touches["feedback"].isin(["positive", "negative"])]
    stopped = ends.groupby("lead_id")["touched_at"].min()
    sent = touches[touches["plan"].notna()]
    after = sent["touched_at"] > stopped.reindex(sent["lead_id"]).to_numpy()
    assert len(stopped) > 100
    assert not after.any()


def test_every_step_has_an_approved_template_in_both_languages(
    company: dict[str, pd.DataFrame],
) -> None:
    templates = company["templates"]
    approved = templates[templates["approved_by"].notna()]
    assert len(approved) == len(templates) - 1
    keys = ["template_id", "template_version", "variant"]
    for language in ("en", "zh"):
        there = approved.loc[approved["language"] == language, keys]
        needed = company["steps"][keys].drop_duplicates()
        assert len(needed.merge(there)) == len(needed)


def test_who_became_a_customer_is_one_from_that_day(company: dict[str, pd.DataFrame]) -> None:
    leads = company["leads"].dropna(subset="customer_id")
    assert leads["customer_id"].is_unique
    joined = company["customers"].set_index("customer_id")["created_on"]
    assert (joined.reindex(leads["customer_id"]).to_numpy() == leads["converted_on"]).all()
    assert (leads["converted_on"] >= leads["created_on"]).all()


def test_nothing_happens_after_the_last_day(company: dict[str, pd.DataFrame]) -> None:
    end = pd.Timestamp(samples.END)
    assert company["touches"]["touched_at"].max() < end + pd.Timedelta(days=1)
    assert company["steps"]["closed_on"].max() <= end
    assert company["leads"][["created_on", "converted_on"]].max().max() <= end
    assert company["steps"]["due_date"].max() > end, "some steps still lie ahead"


def test_leads_answer_owners_act_and_touches_arrive_as_often_as_was_put_in(
    company: dict[str, pd.DataFrame], steps: pd.DataFrame
) -> None:
    done = steps[steps["status"] == "done"]
    delivered = done[done["delivered"] == "yes"]
    replies = (company["touches"]["direction"] == "in").sum()
    expected = delivered["reply_probability"]
    # three standard deviations of a sum of independent chances; the last day cuts off a few
    assert abs(replies - expected.sum()) < 3 * np.sqrt((expected * (1 - expected)).sum()) + 5
    arrived = (done["delivered"] == "yes").sum() - done["delivery_probability"].sum()
    assert abs(arrived) < 3 * np.sqrt(len(done) * 0.1)
    assert 0.28 < (done["edited"] == "yes").mean() < 0.32
    asked = steps["step"].isin([step + 1 for step in content.ASKED_STEPS])
    assert 0.46 < (steps.loc[asked & (steps["channel"] != "phone"), "variant"] == "B").mean() < 0.54


def test_the_truth_is_larger_for_what_was_put_in_as_larger(steps: pd.DataFrame) -> None:
    asked = steps["step"].isin([1, 3]) & (steps["channel"] == "wechat")
    by_variant = steps[asked].groupby("variant")["reply_probability"].mean()
    assert by_variant["B"] / by_variant["A"] == pytest.approx(samples.TRUTH.variant_b, rel=0.05)
    edited = steps.dropna(subset="edited").groupby("edited")["reply_probability"].mean()
    assert edited["yes"] / edited["no"] == pytest.approx(samples.TRUTH.edited, rel=0.1)
    slow, quick = np.argmin(samples.TRUTH.on_time), np.argmax(samples.TRUTH.on_time)
    on_time = steps.groupby("owner_id")["on_time_probability"].first()
    assert (on_time.idxmin(), on_time.idxmax()) == (f"S0{slow + 1}", f"S0{quick + 1}")
