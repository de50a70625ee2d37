"""A matrix writes its cells, tells the empty from the unknown, and gives way on a phone."""

from typing import Any

import pandas as pd
import pytest

from workbench import charts
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words

HOSTILE = "<b>Bold</b> & Sons, purveyors of everything"


def drawn(chart: charts.Matrix, lang: Lang = "en", scope: str = "rfm.grid") -> Any:
    words = Words(lang).within(scope)
    return chart.drawn(words, title="Title", subtitle="Subtitle", alt="Alternative")


def scores(bins: int = 3, **options: Any) -> charts.Matrix:
    pairs = [(r, f) for r in range(1, bins + 1) for f in range(1, bins + 1)]
    rows = pd.DataFrame(pairs, columns=["recency_score", "frequency_score"])
    rows = rows.assign(customers=range(len(rows)), monetary=range(0, 1000 * len(rows), 1000))
    rows["buyers"] = rows["customers"].where(rows["customers"] > 0)
    return charts.Matrix(
        rows=rows, x="frequency_score", y="recency_score", value="monetary", cell="cell",
        counts="customers", **options,
    )  # fmt: skip


def load(owners: dict[str, str], **options: Any) -> charts.Matrix:
    days = pd.to_datetime(["2026-11-02", "2026-11-05"])
    rows = pd.DataFrame(
        [(key, name, day, 2 + place) for place, (key, name) in enumerate(owners.items())
         for day in days],
        columns=["owner_id", "owner", "due_date", "steps"],
    )  # fmt: skip
    return charts.Matrix(
        rows=rows, x="due_date", y="owner_id", value="steps", name="owner", x_as="short date",
        beside="beside", more="more", absent={"steps": 0}, **options,
    )  # fmt: skip


WORKLOAD = "scheduling.workload"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cell_is_written_and_where_nothing_is_left_of_its_text_stands_a_dash(lang: Lang) -> None:
    figure = drawn(scores(), lang)
    written = {(said.x, said.y): said.text for said in figure.layout.annotations}
    assert len(written) == 9
    assert written[1, 1] == "–"
    # in Chinese a thousand has no sign of its own
    assert written[3, 3] == f"<b>{'8k' if lang == 'en' else '8,000'}</b><br>8"
    assert figure.data[0].customdata[2][2] == 8
    assert "annotations[0].text" not in figure.layout.meta.get("phone", {})


def test_two_lines_become_one_on_a_phone() -> None:
    phone = drawn(scores(cell_phone="cell_phone")).layout.meta["phone"]
    assert phone["annotations[8].text"] == "8"


def test_the_highest_row_stands_at_the_top_only_where_that_is_asked() -> None:
    assert drawn(scores()).layout.yaxis.range == (2.5, -0.5)
    assert drawn(scores(upward=True)).layout.yaxis.range is None


def test_from_the_darkest_on_it_is_as_dark_as_it_gets() -> None:
    assert drawn(scores()).data[0].zmax == 8000
    assert drawn(scores(darkest=500.0)).data[0].zmax == 500


def test_a_pair_that_is_not_there_is_empty_and_one_without_a_value_is_grey() -> None:
    rows = pd.DataFrame({"x": [0, 1, 0], "y": [0, 0, 1], "share": [0.5, None, 0.25]})
    figure = drawn(charts.Matrix(rows=rows, x="x", y="y", value="share", hover="title"))
    heat, grey = figure.data
    assert heat.z == ([0.5, None], [0.25, None])
    assert grey.z == ([None, 0], [None, None])
    assert {colour for _, colour in grey.colorscale} == {style.GREY_TINT}
    assert heat.hovertext[1][1] == ""
    assert heat.hoverongaps is False


def test_kinds_have_the_colours_of_the_palette() -> None:
    rows = pd.DataFrame({"x": [0, 1], "y": [0, 0], "kind": ["fell", None]})
    chart = charts.Matrix(
        rows=rows, x="x", y="y", tone="kind", tones={"rose": "kept_tint", "fell": "risk_tint"},
        hover="title",
    )  # fmt: skip
    (heat,) = drawn(chart).data
    assert heat.z == ([1, None],)
    assert heat.colorscale[-1][1] == style.RISK_TINT


@pytest.mark.parametrize("lang", LANGUAGES)
def test_codes_are_words_in_their_own_order_and_wrap_where_there_is_no_room(lang: Lang) -> None:
    codes = ["key_keep", "key_champion"]
    rows = pd.DataFrame({"x": codes, "y": codes, "n": [1, 2]})
    chart = charts.Matrix(
        rows=rows, x="x", y="y", value="n", x_as="segment", y_as="segment", hover="title",
        order=("key_champion", "key_keep"),
    )  # fmt: skip
    figure = drawn(chart, lang)
    words = Words(lang)
    champion, keep = words("segment.key_champion"), words("segment.key_keep")
    assert figure.layout.yaxis.ticktext == (champion, keep)
    phone = figure.layout.meta["phone"]
    assert phone["xaxis.ticktext"] == [champion, keep]
    wrapped = "Key<br>champion" if lang == "en" else champion
    assert phone["yaxis.ticktext"][0] == figure.layout.xaxis.ticktext[0] == wrapped


def test_as_many_columns_are_drawn_as_have_room_and_fewer_on_a_phone() -> None:
    rows = pd.DataFrame({"x": range(30), "y": 0, "n": 123456, "buyers": 123456, "monetary": 1.0})
    figure = drawn(charts.Matrix(rows=rows, x="x", y="y", value="n", cell="cell", hover="title",
                                 columns=(12, 6)))  # fmt: skip
    columns = len(figure.data[0].x) - 1
    assert 1 < columns < 12
    assert len(figure.layout.annotations) == columns + 1
    assert figure.layout.meta["phone"]["xaxis.range"][1] < columns


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_fullest_rows_stand_first_with_their_totals_and_the_rest_is_counted(lang: Lang) -> None:
    figure = drawn(load({f"S{i}": f"owner {i}" for i in range(5)}, rows_shown=3), lang, WORKLOAD)
    assert figure.layout.yaxis.ticktext == ("owner 4", "owner 3", "owner 2")
    *beside, more = [said.text for said in figure.layout.annotations]
    assert beside[0] == {"en": "<b>12</b> · most 6", "zh": "<b>12</b> · 最多6"}[lang]
    assert more == {"en": "and 2 more owners with 10 touches",
                    "zh": "另有2位负责人，共10次触达"}[lang]  # fmt: skip
    assert figure.layout.meta["phone"]["annotations[0].text"] == "<b>12</b>"


def test_days_have_no_gap_and_an_empty_one_is_told_as_nought() -> None:
    (heat,) = drawn(load({"S1": "Lin Yue"}), scope=WORKLOAD).data
    assert heat.z == ([2, None, None, 2],)
    assert heat.hovertext[0][1] == "<b>Lin Yue</b><br>Tue, 3 Nov<br>0 touches"
    assert heat.hoverongaps is None


def test_a_name_from_the_data_is_cut_and_never_markup() -> None:
    figure = drawn(load({"S1": HOSTILE}), scope=WORKLOAD)
    (name,) = figure.layout.yaxis.ticktext
    assert name.startswith("&lt;b&gt;Bold")
    assert name.endswith("…")
    (shorter,) = figure.layout.meta["phone"]["yaxis.ticktext"]
    assert len(shorter) < len(name)
    assert "<b>Bold" not in str(figure.data[0].hovertext)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_row_or_a_count_it_says_that_there_is_nothing(lang: Lang) -> None:
    nothing = Words(lang)("figure.no_data")
    rows = scores().rows
    for empty in (rows.iloc[:0], rows.assign(customers=0)):
        chart = charts.Matrix(rows=empty, x="x", y="y", value="monetary", counts="customers")
        assert drawn(chart, lang).layout.annotations[0].text == nothing
