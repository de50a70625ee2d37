"""A timeline puts each mark on its day, with its words where there is room for them."""

from typing import Any

import pandas as pd
import pytest

from workbench import charts
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words

HOSTILE = "<b>Bold</b> & Sons"
RULES, DATES, LEAD = (
    "scheduling.rules",
    "scheduling.timeline",
    "queue.timeline",
)
MARKS = {
    "as_printed": charts.Mark(colour="risk", ink="risk_text", symbol="diamond"),
    "even": charts.Mark(colour="kept", side="left"),
}


def drawn(chart: charts.Timeline, scope: str, lang: Lang = "en") -> Any:
    words = Words(lang).within(scope)
    return chart.drawn(words, title="Title", subtitle="Subtitle", alt="Alternative")


def rules(end: int = 44, line_at: int = 30) -> charts.Timeline:
    rows = pd.DataFrame(
        {"rule": ["even", "even", "as_printed"], "step": [1, 2, 2], "day": [1, line_at, end]}
    )
    return charts.Timeline(
        rows=rows, x="day", y="step", y_name="step", mark="rule", marks=MARKS, legend="rule",
        beside="beside", line_at=line_at, x_name="day",
    )  # fmt: skip


def dates(**columns: Any) -> charts.Timeline:
    rows = pd.DataFrame(
        {
            "step": [1, 2],
            "day": [2, 9],
            "planned": [0.0, None],
            "original_date": pd.to_datetime(["2026-11-01", "2026-11-10"]),
            "due_date": pd.to_datetime(["2026-11-03", "2026-11-10"]),
            "move_reason": ["day_off", None],
        }
    ).assign(**columns)
    return charts.Timeline(
        rows=rows, x="day", y="step", y_name="step", beside="beside", planned="planned"
    )


def lead(days: list[str], steps: list[str | None], line_at: str = "2026-11-11") -> charts.Timeline:
    rows = pd.DataFrame({"lane": "us", "day": pd.to_datetime(days), "steps": steps})
    rows["whats"] = [["done", "sent"]] * len(rows)
    return charts.Timeline(
        rows=rows, x="day", y="lane", y_name="lane", lanes=("lead", "us"), above="above",
        line_at=pd.Timestamp(line_at), x_name="day",
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_mark_has_its_colour_its_sign_and_its_name(lang: Lang) -> None:
    figure = drawn(rules(), RULES, lang)
    printed, even = figure.data
    assert (printed.marker.color, printed.marker.symbol) == (style.RISK, "diamond")
    assert (even.marker.color, even.marker.symbol) == (style.KEPT, "circle")
    assert (printed.textposition, even.textposition) == ("middle right", "middle left")
    words = Words(lang)
    names = [words("rule.even"), words("rule.as_printed")]
    assert [said.text for said in figure.layout.annotations] == ["●", names[0], "◆", names[1]]


def test_the_days_named_are_the_first_the_dotted_line_and_the_last_where_there_is_room() -> None:
    figure = drawn(rules(), RULES)
    assert [shape.x0 for shape in figure.layout.shapes] == [30]
    assert figure.layout.xaxis.tickvals == (1, 30, 44)
    assert figure.layout.meta["phone"]["xaxis.tickvals"] == [1, 30, 44]
    assert drawn(rules(end=32), RULES).layout.meta["phone"]["xaxis.tickvals"] == [1, 32]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_moved_mark_is_hollow_where_it_was_planned_and_says_why(lang: Lang) -> None:
    line, hollow, due = drawn(dates(), DATES, lang).data
    assert list(line.x) == [0, 2, None]
    assert list(hollow.x) == [0]
    assert hollow.marker.color == style.PAPER
    first, second = (said.strip() for said in due.text)
    assert first == {"en": "Tue, 3 Nov (day off)", "zh": "11月3日周二（休息日）"}[lang]
    assert second == {"en": "Tue, 10 Nov", "zh": "11月10日周二"}[lang]


def test_where_nothing_moved_there_are_only_marks() -> None:
    assert len(drawn(dates(planned=None), DATES).data) == 1


def test_a_phone_leaves_more_room_for_the_words_beside() -> None:
    figure = drawn(dates(), DATES)
    assert figure.layout.meta["phone"]["xaxis.range"][1] > figure.layout.xaxis.range[1] > 9
    assert figure.layout.xaxis.visible is False


def test_text_from_the_data_is_never_markup() -> None:
    figure = drawn(dates(move_reason=[HOSTILE, None]), DATES)
    due = figure.data[-1]
    assert "&lt;b&gt;Bold" in due.text[0]
    assert "<b>Bold" not in f"{due.text}{due.hovertext}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_that_would_meet_stand_below_and_then_nowhere(lang: Lang) -> None:
    figure = drawn(lead(["2026-11-02"] * 3 + ["2026-11-10"], ["1", None, "3", "4"]), LEAD, lang)
    above, below, nowhere, apart = figure.layout.annotations
    words = Words(lang)
    assert (above.text, above.yshift) == ("1", 14)
    both = words.listed([words("what.done"), words("what.sent")])
    assert (below.text, below.yshift) == (both, -14)
    assert nowhere.text == ""
    assert (apart.text, apart.yshift) == ("4", 14)
    assert both in figure.data[0].hovertext[2]


def test_lanes_stand_in_their_order_also_where_nothing_is_in_them() -> None:
    figure = drawn(lead(["2026-11-02"], ["1"]), LEAD)
    assert figure.layout.yaxis.ticktext == ("The lead", "We")
    assert list(figure.data[0].y) == [1]


def test_dates_have_four_ticks_and_on_a_phone_two() -> None:
    figure = drawn(lead(["2026-11-02"], ["1"]), LEAD)
    assert figure.layout.xaxis.ticktext[0] == "Mon<br>2/11"
    assert len(figure.layout.xaxis.tickvals) == 4
    assert len(figure.layout.meta["phone"]["xaxis.tickvals"]) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_marks_it_says_that_there_is_nothing(lang: Lang) -> None:
    figure = drawn(lead([], []), LEAD, lang)
    assert figure.layout.annotations[0].text == Words(lang)("figure.no_data")
