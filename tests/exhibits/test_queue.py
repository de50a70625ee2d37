"""The sentences of a salesperson's morning: what is due, and what has happened with a lead."""

import pandas as pd
import pytest
from figure_tables import lead_events
from spoken import said

from workbench.exhibits import queue
from workbench.words import LANGUAGES, Lang


def morning(**counts: int) -> pd.DataFrame:
    return pd.DataFrame([counts]).assign(as_of=pd.Timestamp("2026-11-02"))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((0, 0, 0), "No touch is due on 2 Nov 2026; none was missed, none is done"),
        ((1, 1, 1), "One touch is due on 2 Nov 2026; one was missed, one is done"),
        ((3, 13, 2), "Three touches are due on 2 Nov 2026; 13 were missed, two are done"),
    ],
)
def test_the_morning_is_counted_in_singular_and_plural(
    counts: tuple[int, int, int], told: str
) -> None:
    due, missed, done = counts
    assert said(queue.day)(morning(due=due, missed=missed, done=done)) == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lead_of_whom_nothing_is_known_yet_is_told_of(lang: Lang) -> None:
    events, ahead = (table.iloc[:0] for table in lead_events())
    told = said(queue.timeline)(events, ahead=ahead, as_of="2026-11-11", lang=lang)
    assert told == {
        "en": "Not written to yet; nothing lies ahead", "zh": "尚未触达；之后没有安排"
    }[lang]  # fmt: skip


def test_the_last_answer_and_the_next_step_are_told() -> None:
    events, ahead = lead_events()
    given = {"ahead": ahead, "as_of": "2026-11-11", "lead": "Wu Ning"}
    assert said(queue.timeline)(events, **given) == (
        "Wu Ning: Written to once, answered on 10 Nov 2026 (negative); step 3 comes on 16 Nov 2026"
    )
    assert "step 3 has been due since" in said(queue.timeline)(
        events, **given | {"as_of": "2026-11-17"}
    )


def test_what_was_taken_back_is_not_drawn_and_a_step_is_shown_by_its_number() -> None:
    events, ahead = lead_events()
    figure = queue.timeline(events, ahead=ahead, as_of="2026-11-11").figure()
    assert figure is not None
    assert {"1", "3", "4"} <= {words.text for words in figure.layout.annotations}


def test_the_lists_are_counted() -> None:
    two = pd.DataFrame({"lead_id": ["L1", "L2"]})
    assert said(queue.handovers)(two) == "Call these first: two leads said yes and wait"
    assert said(queue.handovers)(two.iloc[:0]) == "No hand-over is waiting"
    assert said(queue.steps)(two) == "2 steps"
    assert said(queue.done)(two) == "2 steps done"
