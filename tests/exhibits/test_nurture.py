"""The sentences of nurture: singular and plural, nothing to say, names as they are."""

import pandas as pd
import pytest
from figure_tables import cohorts, compared, effect, punctuality, upcoming, waiting
from spoken import said

from workbench import exhibits, nurture
from workbench.exhibits import nurture as shown
from workbench.words import LANGUAGES, Lang, Words


def test_an_extreme_of_a_handful_is_not_told_of() -> None:
    table = effect()
    table.loc[2, ["heard_out", "replied", "reply_rate", "reply_rate_low", "reply_rate_high"]] = [
        5, 0, 0.0, 0.0, 0.43,
    ]  # fmt: skip
    told = shown.effect(table, by="channel")
    assert told.sentence() == "Answered most often: WeChat, 15%; least often: text message, 8%"
    assert told.sheet().subtitle.endswith(
        "those of WeChat and text message overlap: it may be chance; said of groups of 30 and more"
    )
    assert "QQ" in said(shown.effect)(table[table["channel"] == "qq"], by="channel")


def test_intervals_that_do_not_overlap_are_told_of_in_the_grey_line() -> None:
    table = effect("step").assign(reply_rate_low=[0.5, 0.1, 0.1], reply_rate_high=[0.6, 0.2, 0.2])
    told = shown.effect(table, by="step").sheet()
    assert told.subtitle.endswith("; those of step 1 and step 2 do not overlap")


@pytest.mark.parametrize("rate", nurture.RATES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rate_is_told_by_the_names_of_owners(rate: str, lang: Lang) -> None:
    table = effect("owner_id").assign(owner_name=["Lin", "Wu", None])
    told = shown.effect(table, by="owner_id", rate=rate)
    assert "Lin" in told.sentence(Words(lang))
    figure = told.figure(Words(lang))
    assert figure is not None
    is_drawn = {"en": "Not known", "zh": "未知"}[lang] in figure.layout.yaxis.ticktext
    assert is_drawn is bool(pd.notna(table[rate].iloc[2]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_to_say_is_said(lang: Lang) -> None:
    told = [
        said(shown.effect)(effect().iloc[:0], by="channel", lang=lang),
        said(shown.compared)(compared().iloc[:0], lang=lang),
        said(shown.cohorts)(cohorts().iloc[2:], lang=lang),
        said(shown.waiting)(waiting().iloc[:0], lang=lang),
        said(shown.upcoming)(upcoming().iloc[:0], lang=lang),
        said(shown.punctuality)(punctuality().iloc[:0], lang=lang),
        *(said(listed)(pd.DataFrame(), lang=lang)
          for listed in (shown.handovers, shown.answers, shown.missed)),
    ]  # fmt: skip
    assert all(told)
    assert len(set(told)) == len(told)


def test_a_difference_that_shows_is_told_with_both_rates() -> None:
    assert said(shown.compared)(compared()) == (
        "One wording works better: 7, step 1, 2 23% against 1 12%"
    )
    both = said(shown.compared)(compared().assign(is_shown=True))
    assert both.startswith("Two wordings work better, most clearly: 7, step 1, 2 23%")


def test_arms_and_groups_are_called_by_what_they_are() -> None:
    table = compared().assign(arm_base="no", arm="yes").drop(columns=["plan", "step"])
    assert said(shown.compared)(table) == (
        "One wording works better: All steps, edited 23% against as templated 12%"
    )
    versions = compared().assign(arm_base=1.0, arm=2.0)
    assert "version 2 23% against version 1 12%" in said(shown.compared)(versions)


def test_where_none_shows_the_smallest_number_it_would_take_is_told() -> None:
    table = compared().assign(is_shown=False)
    assert said(shown.compared)(table) == "No difference shows yet; 182 messages each would tell"
    equal = table.assign(trials_needed=pd.array([None, None], dtype="Int64"))
    assert said(shown.compared)(equal).startswith("No difference shows: so far")


def test_the_curve_is_told_of_with_its_interval_as_long_as_leads_were_followed() -> None:
    assert said(shown.waiting)(waiting()) == (
        "Within 60 days 40% (12% to 87%) have answered positively"
    )
    assert said(shown.waiting)(waiting(), within_days=400) == (
        "Nobody has been followed that long yet"
    )


def test_the_cohorts_followed_long_enough_are_told_together() -> None:
    assert said(shown.cohorts)(cohorts()) == (
        "Of 123 leads followed for 60 days, 47 woke up and 7 became customers"
    )


@pytest.mark.parametrize(
    ("positive", "waiting", "told"),
    [
        (0, 0, "No leads said yes this week; nobody waits to be called"),
        (1, 1, "One lead said yes this week; one waits to be called"),
        (13, 2, "13 leads said yes this week; two wait to be called"),
    ],
)
def test_the_title_counts_those_who_said_yes_and_those_who_wait(
    positive: int, waiting: int, told: str
) -> None:
    week = pd.DataFrame({"period": ["2026-W43"], "positive": [positive], "due": 0,
                         "on_time_rate": None})  # fmt: skip
    rows = pd.DataFrame({"overdue_days": range(waiting), "missed_steps": 1})
    title, lede = shown.opening(week, handovers=rows, missed=rows.iloc[:0])
    assert title == told
    assert lede == ["Nothing was due this week.", "No step lies undone."]


def test_the_lede_counts_what_is_overdue_in_all() -> None:
    week = pd.DataFrame({"period": ["2026-W43"], "positive": [1], "due": 20, "on_time": 1,
                         "on_time_rate": 0.05, "missed": 1})  # fmt: skip
    undone = pd.DataFrame({"overdue_days": [231, 9], "missed_steps": [4, 1]})
    _, lede = shown.opening(week, handovers=undone, missed=undone)
    assert lede == [
        "20 steps were due and 1 of them were done on their day, 5%.",
        "1 step of this week was missed; 5 steps are overdue in all, the oldest for 231 days.",
    ]


def test_the_fullest_day_ahead_is_named() -> None:
    assert said(shown.upcoming)(upcoming()) == (
        "16 steps lie ahead in 14 days; the fullest day is 29 Oct 2026, with 9"
    )


def test_a_name_that_turns_the_sentence_round_is_closed_off() -> None:
    table = punctuality(("\u202eevil", "Lin"))
    assert "\u2068\u202eevil\u2069" in said(shown.punctuality)(table)
    named = effect("owner_id").assign(owner_name=["Wake\nup", "b", "c"])
    assert "Wake up" in said(exhibits.nurture.effect)(named, by="owner_id")
