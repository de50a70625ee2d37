"""Templates cannot run code, what is missing is told before anything is queued, lots are fair."""

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import campaigns, errors, nurture, schema
from workbench.nurture import variants
from workbench.words import Words

AS_OF = "2026-10-31"


def template(**changes: Any) -> dict[str, Any]:
    return {
        "template_id": "T1",
        "plan": "Wake-up",
        "step": 1,
        "channel": "sms",
        "language": "en",
        "variant": "A",
        "template_version": 1,
        "body": "Hello {lead_name}, {owner_name} here.",
        "subject": None,
        "approved_by": "Lin",
        "approved_on": pd.Timestamp("2026-01-01"),
    } | changes


def lead(**changes: Any) -> dict[str, Any]:
    return {
        "lead_id": "L1",
        "lead_name": "Ada",
        "company": None,
        "owner_id": "S1",
        "language": "en",
        "phone": "+999 1",
        "email": "ada@mail.example",
        "sms_opted_out_on": pd.NaT,
    } | changes


OWNERS = pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin Yue"], "phone": ["+999 11"]})
STEP = {"lead_id": "L1", "plan": "Wake-up", "step": 1}


def draft(
    *,
    steps: list[dict[str, Any]] | None = None,
    leads: list[dict[str, Any]] | None = None,
    templates: list[dict[str, Any]] | None = None,
    **options: Any,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return nurture.draft(
        pd.DataFrame(steps or [STEP]),
        leads=pd.DataFrame(leads or [lead()]),
        owners=OWNERS,
        templates=pd.DataFrame(templates or [template()]),
        as_of=AS_OF,
        **options,
    )


# ---- what a template may hold ---------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "{lead_name.__class__}",
        "{lead_name!r}",
        "{lead_name:>10}",
        "{lead_name[0]}",
        "{0}",
        "{}",
        "{ lead_name }",
        "{{lead_name}}",
        "{lead_name",
        "lead_name}",
        "{__import__('os')}",
        "{customer}",
        "{{",
    ],
)
def test_whatever_is_no_merge_field_is_refused(body: str) -> None:
    with pytest.raises(errors.ContentError, match=r"is no merge field|stands alone"):
        nurture.fields(body)
    with pytest.raises(errors.ContentError, match=r"T1 version 1 en A \(row 1\)") as told:
        nurture.library(pd.DataFrame([template(body=body)]), as_of=AS_OF)
    assert told.value.problems["row"].unique().tolist() == [1]


def test_percent_signs_dollars_and_markup_are_plain_text() -> None:
    said = "%s %(x)s $lead_name ${x <script> \\n"
    assert nurture.fields(said.replace("{", "")) == ()
    table, wrong = draft(templates=[template(body="%s $name <b>{lead_name}</b> \\1")])
    assert wrong.empty
    assert table["text"].item() == "%s $name <b>Ada</b> \\1"


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
@pytest.mark.slow
def test_what_a_lead_is_called_is_written_as_it_is(names: list[str]) -> None:
    ids = [f"L{number}" for number in range(len(names))]
    leads = [lead(lead_id=who, lead_name=name) for who, name in zip(ids, names, strict=True)]
    table, wrong = draft(leads=leads, steps=[STEP | {"lead_id": who} for who in ids])
    texts = dict(zip(table["lead_id"], table["text"], strict=True))
    for who, name in zip(ids, names, strict=True):
        if name.strip():
            assert texts[who] == f"Hello {name.strip()}, Lin Yue here."
    nameless = [who for who, name in zip(ids, names, strict=True) if not name.strip()]
    assert wrong["lead_id"].tolist() == nameless
    assert set(wrong["problem"]) <= {"missing_field"}


def test_a_name_that_looks_like_a_field_is_not_filled_in_again() -> None:
    table, _ = draft(leads=[lead(lead_name="{owner_name}")])
    assert table["text"].item() == "Hello {owner_name}, Lin Yue here."


# ---- which version --------------------------------------------------------------------------


def test_the_latest_version_approved_by_the_day_is_used() -> None:
    versions = [
        template(template_version=1, body="one"),
        template(template_version=2, body="two", approved_on=pd.Timestamp("2026-09-01")),
        template(template_version=3, body="three", approved_on=pd.Timestamp("2026-11-01")),
        template(template_version=4, body="four", approved_by=None, approved_on=pd.NaT),
        template(template_version=5, body="five", approved_by="  "),
    ]
    for order in itertools.islice(itertools.permutations(versions), 10):
        table = pd.DataFrame(order)
        assert nurture.library(table, as_of=AS_OF)["body"].tolist() == ["two"]
        assert nurture.library(table, as_of="2026-08-31")["body"].tolist() == ["one"]
        assert nurture.library(table, as_of="2026-11-01")["body"].tolist() == ["three"]


def test_a_draft_with_a_mistake_stops_nobody_but_is_told() -> None:
    table = pd.DataFrame([template(), template(template_version=2, body="{x}", approved_by=None)])
    assert len(nurture.library(table, as_of=AS_OF)) == 1
    told = nurture.problems(table)
    assert told[["row", "is_approved", "what"]].values.tolist() == [
        [2, False, "'{x}' is no merge field."]
    ]


def test_two_templates_for_one_place_are_a_problem_and_so_are_empty_ones() -> None:
    table = pd.DataFrame([template(), template(template_id="T2", body=" "), template(step=0)])
    said = nurture.problems(table)["what"].tolist()
    assert said == [
        "The template has no words.",
        "Another template has the same plan, step, channel, language, variant and version.",
        "step is 0, no whole number from 1.",
    ]


# ---- what is in the way ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "who", "what", "problem"),
    [
        ({"lead_id": "L9"}, {}, {}, "unknown_lead"),
        ({"plan": "Other"}, {}, {}, "no_template"),
        ({}, {"language": "zh"}, {}, "no_template"),
        ({}, {}, {"approved_by": None}, "not_approved"),
        ({"channel": "sms"}, {}, {"approved_by": None}, "not_approved"),
        ({"channel": "fax"}, {}, {}, "unknown_channel"),
        ({"channel": "sms"}, {"phone": None}, {}, "no_address"),
        ({"channel": "sms"}, {"phone": "  "}, {}, "no_address"),
        ({"channel": "sms"}, {"sms_opted_out_on": pd.Timestamp(AS_OF)}, {}, "opted_out"),
        ({}, {"sms_opted_out_on": pd.Timestamp(AS_OF)}, {}, "no_channel"),
        ({}, {"phone": None}, {}, "no_channel"),
        ({}, {}, {"body": "{company}"}, "missing_field"),
        ({}, {}, {"body": "x", "subject": "{owner_email}"}, "missing_field"),
    ],
)
@pytest.mark.many
def test_each_thing_in_the_way_has_its_name_and_stops_its_own_step_alone(
    step: dict[str, Any], who: dict[str, Any], what: dict[str, Any], problem: str
) -> None:
    steps = [STEP | {"channel": None} | step, STEP | {"channel": "sms", "lead_id": "L2"}]
    leads = [lead(**who), lead(lead_id="L2")]
    others = [template(**what), template(variant="B", template_id="T2", body="x")]
    table, wrong = draft(steps=steps, leads=leads, templates=others[:1])
    first = wrong[wrong["row"] == 1]
    assert first["problem"].tolist() == [problem]
    assert first["lead_id"].tolist() == [steps[0]["lead_id"]]
    assert table["text"].isna().iloc[0]
    assert f"lead {steps[0]['lead_id']}" in campaigns.reason(first.iloc[0].to_dict())


def test_who_opts_out_later_has_not_opted_out_yet() -> None:
    _, wrong = draft(leads=[lead(sms_opted_out_on=pd.Timestamp("2026-11-01"))])
    assert wrong.empty


def test_every_missing_field_is_named_with_its_lead() -> None:
    steps = [STEP, STEP | {"lead_id": "L2"}]
    leads = [lead(lead_name=None), lead(lead_id="L2", lead_name="")]
    _, wrong = draft(
        steps=steps, leads=leads, templates=[template(body="{lead_name} {company} {lead_name}")]
    )
    assert wrong[["row", "lead_id", "field"]].values.tolist() == [
        [1, "L1", "lead_name"],
        [1, "L1", "company"],
        [2, "L2", "lead_name"],
        [2, "L2", "company"],
    ]
    for problem in wrong.to_dict("records"):
        assert problem["field"] in campaigns.reason(problem, Words("zh"))
        assert problem["lead_id"] in campaigns.reason(problem)


def test_every_problem_has_its_sentence_in_both_languages() -> None:
    one = {
        "lead_id": "L1",
        "plan": "P",
        "step": 1,
        "channel": "sms",
        "language": "en",
        "field": "f",
    }
    for problem in nurture.PROBLEMS:
        said = [campaigns.reason(one | {"problem": problem}, Words(lang)) for lang in ("en", "zh")]
        assert all("L1" in each for each in said)
        assert said[0] != said[1]


# ---- channels -------------------------------------------------------------------------------


def test_the_first_eligible_channel_of_the_preference_that_has_a_text_is_taken() -> None:
    templates = [template(channel="sms"), template(channel="email", template_id="T2")]
    for preference, chosen in (
        (["sms", "email"], "sms"),
        (["wechat", "email", "sms"], "email"),
        (["email"], "email"),
    ):
        table, wrong = draft(templates=templates, preference=preference)
        assert wrong.empty
        assert table["channel"].item() == chosen
    table, _ = draft(leads=[lead(email=None)], templates=templates, preference=["email", "sms"])
    assert (table["channel"].item(), table["address"].item()) == ("sms", "+999 1")


def test_an_unknown_preference_is_answered_with_the_likely_channel() -> None:
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'wechat'"):
        draft(preference=["wechatt"])
    with pytest.raises(errors.ParameterError, match="Give channels in order"):
        draft(preference="sms")


def test_a_channel_is_eligible_with_an_address_and_without_opting_out() -> None:
    both = lead(wechat="0wx-1", wechat_opted_out_on=pd.Timestamp("2026-10-30"))
    table = nurture.channels(pd.DataFrame([both]), as_of=AS_OF).set_index("channel")
    assert table.index.tolist() == list(schema.CHANNELS)
    assert table["is_eligible"].to_dict() == {
        "wechat": False, "qq": False, "email": True, "sms": True, "phone": True, "visit": False,
    }  # fmt: skip
    earlier = nurture.channels(pd.DataFrame([both]), as_of="2026-10-29").set_index("channel")
    assert earlier["is_eligible"]["wechat"]


# ---- the order of rows, and lots ------------------------------------------------------------


def test_rows_may_stand_in_any_order_and_keep_their_other_columns() -> None:
    steps = [STEP | {"lead_id": f"L{n}", "mine": n} for n in range(12)]
    leads = [lead(lead_id=f"L{n}", lead_name=f"Ada {n}") for n in range(12)]
    templates = [template(), template(variant="B", body="B {lead_name}")]
    table, wrong = draft(steps=steps, leads=leads, templates=templates)
    assert wrong.empty
    assert table["mine"].tolist() == list(range(12))
    assert set(table["variant"]) == {"A", "B"}
    turned, _ = draft(steps=steps[::-1], leads=leads[3:] + leads[:3], templates=templates[::-1])
    pd.testing.assert_frame_equal(turned[::-1].reset_index(drop=True), table)


def test_the_lots_stay_what_they_are() -> None:
    # a change here would give leads in the middle of a plan other variants
    assert variants.draw([f"L{n}" for n in range(12)], "Wake-up", 1, 3).tolist() == LOTS
    assert variants.draw(["L1"] * 6, "Wake-up", [1, 2, 3, 4, 5, 6], 2, seed=7).tolist() == SEEDED


LOTS = [2, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1]
SEEDED = [1, 0, 0, 1, 1, 0]


def test_lots_are_fair_and_do_not_hang_together() -> None:
    leads = [f"L{n:07}" for n in range(20_000)]
    one, two, seeded = (
        variants.draw(leads, "Wake-up", step, 2, seed=seed).to_numpy()
        for step, seed in ((1, 0), (2, 0), (1, 1))
    )
    for lots in (one, two, seeded):
        assert abs(lots.mean() - 0.5) < 0.015
    for other in (two, seeded):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


@pytest.mark.parametrize("seed", [True, 1.5, -1, 10**6, "a"])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    with pytest.raises(errors.ParameterError, match=r"seed is .*\nUse a whole number"):
        variants.draw(["L1"], "Wake-up", 1, 2, seed=seed)


def test_a_preview_shows_every_step_and_says_what_is_in_the_way() -> None:
    templates = pd.DataFrame([template(), template(step=2, body="{company}")])
    shown = nurture.preview(
        "Wake-up", "L1", leads=pd.DataFrame([lead()]), owners=OWNERS, templates=templates,
        as_of=AS_OF,
    )  # fmt: skip
    assert shown["step"].tolist() == [1, 2]
    assert shown["problem"].isna().tolist() == [True, False]
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'Wake-up'"):
        nurture.preview(
            "Wakeup", "L1", leads=pd.DataFrame([lead()]), owners=OWNERS, templates=templates,
            as_of=AS_OF,
        )  # fmt: skip
