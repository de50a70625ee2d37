"""The sentences of nurture: singular and plural, nothing to say, names as they are."""

import pandas as pd
import pytest
from figure_tables import cohorts, compared, effect, punctuality, upcoming, waiting

from workbench.findings import nurture


def test_an_extreme_of_a_handful_is_not_told_of() -> None:
    table = effect()
    table.loc[2, ["heard_out", "replied", "reply_rate", "reply_rate_low", "reply_rate_high"]] = [
        5, 0, 0.0, 0.0, 0.43,
    ]  # fmt: skip
    said = nurture.effect(table, by="channel")
    assert said.startswith("Answered most often: wechat, 15%; least often: text message, 8%")
    assert said.endswith("it may be chance")
    assert "QQ" in nurture.effect(table[table["channel"] == "qq"], by="channel")


def test_nothing_to_say_is_said() -> None:
    for lang in ("en", "zh"):
        said = [
            nurture.effect(effect().iloc[:0], by="channel", lang=lang),
            nurture.compared(compared().iloc[:0], lang=lang),
            nurture.cohorts(cohorts().iloc[2:], lang=lang),
            nurture.waiting(waiting()[1].iloc[:0], lang=lang),
            nurture.upcoming(upcoming().iloc[:0], lang=lang),
            nurture.punctuality(punctuality().iloc[:0], lang=lang),
            nurture.listed(pd.DataFrame(), what="missed", lang=lang),
        ]
        assert all(said)
        assert len(set(said)) == len(said)


def test_a_difference_that_shows_is_told_with_both_rates() -> None:
    said = nurture.compared(compared())
    assert said == ("A difference shows in one of two comparisons: 7, step 1, 2 23% against 1 12%")


def test_where_none_shows_the_smallest_number_it_would_take_is_told() -> None:
    table = compared().assign(is_shown=False)
    assert nurture.compared(table) == (
        "No difference shows yet; the largest would take 182 steps in each arm"
    )
    equal = table.assign(trials_needed=pd.array([None, None], dtype="Int64"))
    assert nurture.compared(equal).startswith("No difference shows: so far")


@pytest.mark.parametrize(
    ("positive", "waiting", "said"),
    [
        (0, 0, "No leads said yes this week; no wait to be called"),
        (1, 1, "One lead said yes this week; one waits to be called"),
        (13, 2, "13 leads said yes this week; two wait to be called"),
    ],
)
def test_the_headline_counts_those_who_said_yes_and_those_who_wait(
    positive: int, waiting: int, said: str
) -> None:
    weeks = pd.DataFrame({"positive": [positive]})
    assert nurture.headline(weeks, pd.DataFrame({"lead_id": range(waiting)})) == said


def test_a_name_that_turns_the_sentence_round_is_closed_off() -> None:
    table = punctuality(("\u202eevil", "Lin"))
    assert "\u2068\u202eevil\u2069" in nurture.punctuality(table)
    assert nurture.group("plan", "Wake\nup") == "Wake up"
