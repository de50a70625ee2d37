"""Dots: a mark and its interval per row or per column, names, words beside, what they are held to."""

from typing import Any

import pandas as pd
import pytest

from workbench import charts
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words


def table(n: int = 2) -> pd.DataFrame:
    rows = range(n)
    return pd.DataFrame(
        {"name": [f"group {i}" for i in rows], "share": 0.3, "share_low": 0.2, "share_high": 0.5,
         "other": 0.4, "other_low": 0.3, "other_high": 0.6, "hoped": 0.35, "usual": 0.25,
         "some": 3, "of": 10, "customers": 1_200}
    )  # fmt: skip


def dots(**changed: Any) -> charts.Dots:
    given = {"rows": table(), "values": ["share"], "hover": "figure.pair"}
    return charts.Dots(**given | changed)


def drawn(chart: charts.Dots, lang: Lang = "en") -> Any:
    words = Words(lang).within("test")
    return chart.drawn(words, title="t", subtitle="s", alt="a")


PAIR = ["one", "two"]


def test_each_row_has_its_dot_with_its_interval_from_the_top_down() -> None:
    figure = drawn(dots())
    (dot,) = figure.data
    assert (dot.x, dot.y) == ((0.3, 0.3), (0, 1))
    assert [round(one, 9) for one in (*dot.error_x.array, *dot.error_x.arrayminus)] == [
        *(0.2, 0.2),
        *(0.1, 0.1),
    ]
    low, high = figure.layout.yaxis.range
    assert low > high, "the first row on top"
    assert figure.layout.yaxis.ticktext == ("group 0", "group 1")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_stand_beside_the_interval_and_have_room_on_a_phone(lang: Lang) -> None:
    figure = drawn(dots(beside="beside"), lang)
    beside = figure.layout.annotations[0]
    assert (beside.x, beside.xanchor) == (0.5, "left")
    assert beside.text == {"en": "<b>30%</b> · 3 of 10", "zh": "<b>30%</b> · 10中的3"}[lang]
    assert figure.layout.meta["phone"]["xaxis.range"][1] > figure.layout.xaxis.range[1] > 0.5


def test_names_from_the_data_are_cut_and_escaped() -> None:
    rows = table().assign(name=["<b>$x$</b>", "A very long name of somebody"])
    figure = drawn(dots(rows=rows))
    assert figure.layout.yaxis.ticktext == (
        "&lt;b&gt;&#36;x&#36;&lt;/b&gt;",
        "A very long name of…",
    )
    assert figure.data[0].hovertext[0] == "&lt;b&gt;&#36;x&#36;&lt;/b&gt;: 0.3"


def test_words_may_stand_below_a_name() -> None:
    figure = drawn(dots(under="under"))
    assert figure.layout.yaxis.ticktext[0] == "group 0<br>1,200 customers"
    assert figure.layout.height > drawn(dots()).layout.height


def test_two_with_intervals_stand_side_by_side_named_above_and_of_two_signs() -> None:
    figure = drawn(dots(values=["share", "other"], names=PAIR, scale="whole share"))
    first, second = figure.data
    assert (first.y[0], second.y[0]) == (-0.12, 0.12)
    assert (first.marker.symbol, second.marker.symbol) == ("circle", "diamond")
    assert [one.text[0] for one in figure.layout.annotations] == ["●", "◆"]
    assert figure.layout.yaxis.domain[1] < 1
    assert figure.layout.meta["phone"]["xaxis.tickvals"] == [0, 0.5, 1]


def test_what_was_expected_is_a_hollow_mark_at_the_same_place_left_out_where_nothing_is_known() -> (
    None
):
    dot, expected = drawn(dots(values=["share", "hoped"])).data
    assert expected.y == dot.y
    assert (expected.marker.symbol, expected.marker.color) == ("diamond-open", style.INK)
    assert len(drawn(dots(rows=table().assign(hoped=None), values=["share", "hoped"])).data) == 1


def test_a_line_runs_from_edge_to_edge_behind_the_marks() -> None:
    line, dot = drawn(dots(line="usual")).data
    assert (line.mode, dot.mode) == ("lines", "markers")
    assert line.x == (0.25,) * 4
    assert line.y == (-0.5, 0, 1, 1.5)


def test_rows_that_show_nothing_are_grey() -> None:
    figure = drawn(dots(rows=table().assign(is_shown=[True, False]), strong="is_shown"))
    assert [one.marker.color for one in figure.data] == [style.KEPT, style.GREY]
    assert [one.y for one in figure.data] == [(0,), (1,)]


def test_only_so_many_rows_are_drawn() -> None:
    assert len(drawn(dots(rows=table(30))).data[0].x) == 20


def test_what_goes_below_nought_is_in_the_picture() -> None:
    rows = table().assign(share=-0.1, share_low=-0.3, share_high=0.1)
    assert drawn(dots(rows=rows)).layout.xaxis.range[0] == -0.3


def test_money_has_round_ticks_fewer_on_a_phone() -> None:
    rows = table().assign(share=9_000.0, share_low=8_000.0, share_high=12_000.0)
    layout = drawn(dots(rows=rows, scale="number")).layout
    assert layout.xaxis.ticktext == ("0", "5k", "10k")
    assert len(layout.meta["phone"]["xaxis.tickvals"]) <= 3


# Upright


def test_upright_names_stand_below_in_lines() -> None:
    figure = drawn(dots(upright=True, under="under"))
    assert figure.data[0].y == (0.3, 0.3)
    assert figure.layout.xaxis.ticktext[0] == "group<br>0<br>1,200 customers"


def test_days_get_as_many_ticks_as_have_room() -> None:
    rows = table(12).assign(name=pd.date_range("2026-01-31", periods=12, freq="ME"))
    layout = drawn(dots(rows=rows, upright=True)).layout
    assert layout.xaxis.ticktext[0] == "28 Feb 26"
    assert len(layout.meta["phone"]["xaxis.ticktext"]) < len(layout.xaxis.ticktext) <= 6


def test_columns_carry_their_intervals_and_a_filled_mark_for_what_was_expected() -> None:
    column, expected = drawn(dots(values=["share", "hoped"], upright=True, columns=True)).data
    assert column.type == "bar"
    assert column.error_y.color == style.INK
    assert (expected.marker.symbol, expected.marker.color) == ("diamond", style.PAPER)


def test_an_interval_of_a_few_may_leave_the_picture() -> None:
    rows = table().assign(share=[10.0, 4.0], share_low=0.0, share_high=[11.0, 90.0])
    layout = drawn(dots(rows=rows, upright=True, scale="number")).layout
    assert layout.yaxis.range[1] < 20


@pytest.mark.parametrize("rows", [table(0), table().assign(share=None)])
def test_nothing_to_draw_is_said(rows: pd.DataFrame) -> None:
    assert drawn(dots(rows=rows)).layout.annotations[0].text == "There is no data to draw here."
