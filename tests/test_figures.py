"""What holds for every figure: the palette, the words, the text alternative, the empty table."""

import copy
import functools
import html
import json
import re

import pandas as pd
import pytest
from figure_tables import EMPTY, FULL, strings, words

from workbench import errors, exhibits, figures
from workbench.figures import style

pytestmark = pytest.mark.many

MARKUP = re.compile(r"</?b>|<br>")
# What is called the same in Chinese: RFM, models by their initials, their criteria.
NOT_ENGLISH = re.compile(r"RFM|Pareto/NBD|M?BG/C?NBD(-k)?|NBD|[AB]IC")
ALLOWED = set(style.LIGHT.values()) | {style.CLEAR}


@functools.cache
def drawn(name, lang="en"):
    """Each figure is drawn once; no test changes it."""
    return FULL[name](lang=lang)


def said(words_: list[str]) -> list[str]:
    return [html.unescape(MARKUP.sub(" ", word)) for word in words_]


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.slow
def test_every_colour_is_of_the_palette(name, scheme):
    figure = style.themed(drawn(name), scheme)
    allowed = ALLOWED if scheme == "light" else {style.DARK.get(c, c) for c in ALLOWED}
    found = strings(figure.to_dict())
    colours = [
        (place, value)
        for place, value in found
        if re.search(r"color\w*$|colorscale$", place) or re.match(r"#[0-9a-fA-F]{3,8}$|rgb", value)
    ]
    assert colours
    assert [(place, value) for place, value in colours if value not in allowed] == []


@pytest.mark.parametrize("name", FULL)
def test_no_text_holds_a_colour_that_a_page_could_not_turn_dark(name):
    assert [word for word in words(drawn(name)) if re.search(r"#[0-9a-f]{6}|style=", word)] == []


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_text_alternative_and_subtitle_are_there(name, lang):
    figure = drawn(name, lang)
    meta = figure.layout.meta
    assert meta["alt"]
    assert meta["subtitle"]
    assert meta["height"] == figure.layout.height
    assert figure.layout.title.text


@pytest.mark.parametrize("name", FULL)
def test_chinese_figures_hold_no_english(name):
    english = [w for w in said(words(drawn(name, "zh"))) if re.search(r"[A-Za-z]", w)]
    assert [word for word in english if re.search(r"[A-Za-z]", NOT_ENGLISH.sub("", word))] == []


@pytest.mark.parametrize("name", FULL)
def test_english_figures_hold_no_chinese_but_names(name):
    names = "林悦陈未"
    chinese = [w for w in said(words(drawn(name))) if re.search("[\u4e00-\u9fff，。：（）]", w)]
    assert [w for w in chinese if re.sub(f"[{names}]", "", w) == w] == []


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_raw_code_is_read(name, lang):
    assert [word for word in words(drawn(name, lang)) if re.search(r"[a-z]_[a-z]", word)] == []


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_title_fits_a_phone(name, lang):
    assert figures.text.pixels(drawn(name, lang).layout.title.text, size=15) <= style.PHONE_PX


@pytest.mark.parametrize("name", FULL)
def test_no_figure_has_a_fixed_width(name):
    figure = drawn(name)
    assert figure.layout.width is None
    assert figure.layout.autosize is True
    assert figure.layout.height > 0


@pytest.mark.parametrize("name", FULL)
def test_there_is_no_pie_no_third_dimension_and_no_second_axis_on_a_side(name):
    figure = drawn(name)
    assert {trace.type for trace in figure.data} <= {"bar", "heatmap", "scatter"}
    assert not [key for key in figure.to_dict()["layout"] if key.startswith("scene")]
    assert not [a for a in figure.select_yaxes() if a.overlaying]


@pytest.mark.parametrize("name", FULL)
def test_bars_begin_at_zero(name):
    figure = drawn(name)
    for trace in figure.select_traces({"type": "bar"}):
        assert trace.base is None
        number = (trace.xaxis or "x")[1:]
        axis = figure.layout[f"{'x' if trace.orientation == 'h' else 'y'}axis{number}"]
        assert axis.range[0] == 0
        assert axis.type in (None, "linear")


@pytest.mark.parametrize("name", FULL)
def test_what_changes_on_a_phone_names_parts_that_are_there(name):
    figure = drawn(name)
    for place, value in figure.layout.meta.get("phone", {}).items():
        found = re.fullmatch(r"annotations\[(\d+)\]\.(\w+)", place)
        if found:
            annotation = figure.layout.annotations[int(found[1])]
            assert annotation[found[2]] is not None
        else:
            part = figure.layout
            for step in place.split("."):
                part = part[step]
        assert value is not None


@pytest.mark.parametrize("name", FULL)
def test_a_figure_survives_json_as_a_page_embeds_it(name):
    embedded = json.loads(drawn(name).to_json())
    assert embedded["layout"]["meta"]["alt"]


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize(
    ("lang", "words_"),
    [("en", "There is no data to draw here."), ("zh", "这里没有可以绘制的数据。")],
)
def test_an_empty_table_gives_a_figure_that_says_so(name, lang, words_):
    figure = EMPTY[name](lang=lang)
    assert [annotation.text for annotation in figure.layout.annotations] == [words_]
    assert not figure.data
    assert figure.layout.meta["alt"] == words_
    assert figure.layout.meta["subtitle"]
    assert figure.layout.title.text


def test_no_figure_changes_its_table():
    import figure_tables as t

    cases = [
        (figures.churn.ratios, (t.ratios(), t.warning_summary())),
        (figures.churn.workload, (t.workload(), t.workload_change())),
        (figures.rfm.segments, (t.segment_summary(),)),
        (figures.rfm.grid, (t.grid(),)),
        (figures.rfm.migration, (t.migration(),)),
        (figures.rfm.distributions, (t.distribution(), t.cut_points())),
        (functools.partial(t.drawn, exhibits.scheduling.timeline), (t.planned(),)),
        (functools.partial(t.drawn, exhibits.scheduling.workload), (t.load(),)),
        (functools.partial(t.drawn, exhibits.scheduling.rules), (t.scheduling.compare(30),)),
        (figures.retention.triangle, (t.retained()["cohorts"],)),
        (figures.retention.by_age, (t.retained()["by_age"],)),
        (figures.retention.second, (t.retained()["curve"],)),
        (figures.retention.revenue, (t.retained()["revenue"],)),
    ]
    for draw, tables in cases:
        before = copy.deepcopy(tables)
        draw(*tables)
        for table, kept in zip(tables, before, strict=True):
            pd.testing.assert_frame_equal(table, kept)


def test_no_figure_depends_on_the_order_of_rows():
    import figure_tables as t

    for draw, tables in (
        (figures.churn.ratios, (t.ratios(), t.warning_summary())),
        (figures.churn.workload, (t.workload(), t.workload_change())),
        (figures.rfm.segments, (t.segment_summary(),)),
        (figures.rfm.grid, (t.grid(),)),
        (figures.rfm.migration, (t.migration(),)),
        (figures.rfm.distributions, (t.distribution(), t.cut_points())),
        (functools.partial(t.drawn, exhibits.scheduling.timeline), (t.planned(),)),
        (functools.partial(t.drawn, exhibits.scheduling.workload), (t.load(),)),
        (functools.partial(t.drawn, exhibits.scheduling.rules), (t.scheduling.compare(30),)),
        (figures.retention.triangle, (t.retained()["cohorts"],)),
        (figures.retention.by_age, (t.retained()["by_age"],)),
        (figures.retention.second, (t.retained()["curve"],)),
        (figures.retention.revenue, (t.retained()["revenue"],)),
    ):
        shuffled = [table.sample(frac=1, random_state=7) for table in tables]
        assert draw(*shuffled).to_json() == draw(*tables).to_json()


@pytest.mark.parametrize(
    ("draw", "column"),
    [
        (lambda t: figures.churn.ratios(t, t), "left"),
        (lambda t: figures.churn.workload(t), "owner_id"),
        (lambda t: figures.rfm.segments(t), "segment"),
        (lambda t: figures.rfm.grid(t), "recency_score"),
        (lambda t: figures.rfm.migration(t), "segment_before"),
        (lambda t: figures.rfm.distributions(t, t), "left"),
        (lambda t: figures.retention.triangle(t), "first_period"),
        (lambda t: figures.retention.by_age(t), "age"),
        (lambda t: figures.retention.second(t), "days"),
        (lambda t: figures.retention.revenue(t), "period"),
        (lambda t: exhibits.scheduling.rules(t).sentence(), "rule"),
        (lambda t: exhibits.scheduling.timeline(t).sentence(), "step"),
        (lambda t: exhibits.scheduling.workload(t).sentence(), "owner_id"),
    ],
)
def test_a_missing_column_is_refused_by_name(draw, column):
    with pytest.raises(errors.ContractError, match=f"'{column}'") as caught:
        draw(pd.DataFrame({"measure": [1]}))
    assert "made by" in caught.value.mend


def test_a_figure_leaves_plotlys_own_defaults_alone():
    import plotly.io as pio

    before = pio.templates.default
    FULL["churn.ratios"]()
    assert pio.templates.default == before == "plotly"
