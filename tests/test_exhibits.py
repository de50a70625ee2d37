"""What holds for every exhibit: words, palette, text alternative, phone, the empty table, refusal."""

import copy
import functools
import html
import json
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from dark_paper import themed
from figure_tables import COMPANY, EMPTY, FULL, LISTS, Of, strings, texts_of
from opened_lists import OPENED
from stated_counts import COUNTS

from workbench import charts, errors, exhibits, results
from workbench.charts import style
from workbench.charts.text import pixels
from workbench.exhibit import Exhibit, Shown
from workbench.words import LANGUAGES, Lang, Words, formats
from workbench.words.wordlists import nouns, texts

pytestmark = pytest.mark.many

MARKUP = re.compile(r"</?b>|<br>")
# What is called the same in Chinese: RFM, models by their initials, their criteria.
NOT_ENGLISH = re.compile(r"RFM|Pareto/NBD|M?BG/C?NBD(-k)?|NBD|[AB]IC")
NAMES = "林悦陈未收入"
ALLOWED = set(style.LIGHT.values()) | {style.CLEAR}
# nothing, few, normal; and of the last one for each thing that can be measured
TEMPLATE = re.compile(r"^figure\.no_data$|\.(none|few|some)(\.\w+)*$")
EVERY = {**{f"{name}, empty": of for name, of in EMPTY.items()}, **FULL, **LISTS}
# Whose table stands in the order in which it is read.
IN_ORDER = ("ledger.summary", "ledger.completeness", "nurture.punctuality", "nurture.timeline")
every_figure = pytest.mark.parametrize("name", FULL)
every_language = pytest.mark.parametrize("lang", LANGUAGES)


@functools.cache
def drawn(name: str, lang: Lang = "en") -> go.Figure:
    """Each figure is drawn once; no test changes it."""
    return FULL[name](lang=lang)


def read(name: str, lang: Lang = "en") -> list[str]:
    return [html.unescape(MARKUP.sub(" ", text)) for text in texts_of(drawn(name, lang))]


def exhibit_of(shown: Shown) -> Exhibit[...]:
    question, function = shown.scope.split(".")
    found: Exhibit[...] = getattr(getattr(exhibits, question), function)
    return found


def all_exhibits() -> set[str]:
    return {
        one.scope
        for module in vars(exhibits).values()
        if isinstance(module, ModuleType)
        for one in vars(module).values()
        if isinstance(one, Exhibit)
    }


def test_every_exhibit_has_a_full_table_and_an_empty_one() -> None:
    full = {of.shown().scope for of in (*FULL.values(), *LISTS.values())}
    assert full == all_exhibits()
    assert {of.shown().scope for of in FULL.values()} == {of.shown().scope for of in EMPTY.values()}


@pytest.mark.parametrize("name", EVERY)
@every_language
def test_it_says_one_of_three_sentences_whole_and_without_a_code(name: str, lang: Lang) -> None:
    shown: Shown = EVERY[name].shown()
    made: dict[str, str] = {}
    written = Words._written

    def recorded(words: Words, key: str, values: Any, escaped: Callable[[str], str]) -> str:
        text = written(words, key, values, escaped)
        made[text] = words._found(key, values.get("n")) or ""
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "_written", recorded)
        said = exhibit_of(shown).function(
            shown.table, Words(lang).within(shown.scope), **shown.options
        )
    assert TEMPLATE.search(made[said.sentence]), made[said.sentence]
    sentence = shown.sentence(Words(lang))
    assert sentence[:1] == sentence[:1].upper()
    assert not re.search(r"[{}\[\]|]|[a-z]_[a-z]|\bnan\b|None", sentence), sentence
    for paragraph in shown.meaning(Words(lang)):
        assert not re.search(r"[{}|]|[a-z]_[a-z]|\bnan\b|None", paragraph), paragraph


TIMES = ("days", "weeks", "months")


def is_count(how: str) -> bool:
    noun = how.removeprefix("said ")
    return how in ("count", "said count") or (noun in nouns() and noun not in TIMES)


def counted(key: str) -> set[str]:
    """Which values of a text are counts?"""
    return {field.name for lang in LANGUAGES for field in texts()[key][lang].fields()
            if is_count(field.how)}  # fmt: skip


def test_every_count_that_a_sentence_may_state_is_declared() -> None:
    stated: dict[str, set[str]] = {}
    for key in texts():
        scope = ".".join(key.split(".")[:2])
        is_sentence = key.removeprefix(f"{scope}.").split(".")[0] in ("none", "few", "some")
        if scope in all_exhibits() and is_sentence and counted(key):
            stated.setdefault(scope, set()).update(counted(key))
    # says what two rows of nurture say
    stated["queue.handovers"] = stated["nurture.handovers"]
    assert {scope: set(counts) for scope, counts in COUNTS.items()} == stated


@pytest.mark.parametrize("name", [*EVERY, *COMPANY])
@every_language
def test_every_count_that_a_sentence_states_is_the_length_of_its_list(
    name: str, lang: Lang
) -> None:
    shown: Shown = (EVERY | COMPANY)[name].shown()
    made: list[tuple[str, str, dict[str, Any]]] = []
    written = Words._written

    def recorded(words: Words, key: str, values: Any, escaped: Callable[[str], str]) -> str:
        text = written(words, key, values, escaped)
        made.append((words._found(key, values.get("n")) or "", text, dict(values)))
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "_written", recorded)
        sheet = exhibit_of(shown).function(
            shown.table, Words(lang).within(shown.scope), **shown.options
        )
    for key, text, values in made:
        if text not in sheet.sentence or not TEMPLATE.search(key):
            continue
        for value in counted(key):
            if not formats.is_missing(values.get(value)):
                expected = COUNTS[shown.scope][value](shown)
                assert int(values[value]) == int(expected), (text, value)


def opening(chart: charts.Chart | None) -> bool:
    if isinstance(chart, charts.Panes):
        return any(map(opening, chart.charts))
    return chart is not None and chart.opens is not None


def test_every_exhibit_whose_marks_open_a_list_is_walked() -> None:
    shown = [of.shown() for of in FULL.values()]
    assert {one.scope for one in shown if opening(one.sheet(Words()).chart)} == set(OPENED)


@pytest.mark.parametrize("name", EVERY)
def test_every_column_that_is_listed_is_declared_and_has_its_words(name: str) -> None:
    shown: Shown = EVERY[name].shown()
    listed = shown.listed(Words("en"))
    assert results.undeclared(listed) == []
    for lang in LANGUAGES:
        heads = [Words(lang).header(str(column)) for column in listed.columns]
        assert len(set(heads)) == len(heads)
    assert [column for column in listed if not Words().has(f"column.{column}")] == []


@every_figure
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.slow
def test_every_colour_is_of_the_palette(name: str, scheme: style.Scheme) -> None:
    figure = themed(drawn(name), scheme)
    allowed = ALLOWED if scheme == "light" else {style.DARK.get(c, c) for c in ALLOWED}
    colours = [
        (place, value)
        for place, value in strings(figure.to_dict())
        if re.search(r"color\w*$|colorscale$", place) or re.match(r"#[0-9a-fA-F]{3,8}$|rgb", value)
    ]
    assert colours
    assert [(place, value) for place, value in colours if value not in allowed] == []


@every_figure
def test_no_text_holds_a_colour_that_a_page_could_not_turn_dark(name: str) -> None:
    assert [w for w in texts_of(drawn(name)) if re.search(r"#[0-9a-f]{6}|style=", w)] == []


@every_figure
@every_language
def test_title_subtitle_and_the_text_alternative_are_there(name: str, lang: Lang) -> None:
    figure = drawn(name, lang)
    meta = figure.layout.meta
    assert meta["alt"] == FULL[name].shown().sentence(Words(lang, FULL[name].currency))
    assert meta["subtitle"]
    assert meta["height"] == figure.layout.height
    assert figure.layout.title.text


@every_figure
def test_chinese_figures_hold_no_english(name: str) -> None:
    english = [w for w in read(name, "zh") if re.search(r"[A-Za-z]", w)]
    assert [word for word in english if re.search(r"[A-Za-z]", NOT_ENGLISH.sub("", word))] == []


@every_figure
def test_english_figures_hold_no_chinese_but_names(name: str) -> None:
    chinese = [w for w in read(name) if re.search("[\u4e00-\u9fff，。：（）]", w)]
    assert [w for w in chinese if re.sub(f"[{NAMES}]", "", w) == w] == []


@every_figure
@every_language
def test_no_raw_code_is_read(name: str, lang: Lang) -> None:
    assert [w for w in texts_of(drawn(name, lang)) if re.search(r"[a-z]_[a-z]", w)] == []


@every_figure
@every_language
def test_the_title_fits_a_phone(name: str, lang: Lang) -> None:
    assert pixels(drawn(name, lang).layout.title.text, size=15) <= style.PHONE_PX


@every_figure
def test_no_figure_has_a_fixed_width(name: str) -> None:
    figure = drawn(name)
    assert figure.layout.width is None
    assert figure.layout.autosize is True
    assert figure.layout.height > 0


@every_figure
def test_there_is_no_pie_no_third_dimension_and_no_second_axis_on_a_side(name: str) -> None:
    figure = drawn(name)
    assert {trace.type for trace in figure.data} <= {"bar", "heatmap", "scatter"}
    assert not [key for key in figure.to_dict()["layout"] if key.startswith("scene")]
    assert not [axis for axis in figure.select_yaxes() if axis.overlaying]


@every_figure
def test_bars_begin_at_zero(name: str) -> None:
    figure = drawn(name)
    for trace in figure.select_traces({"type": "bar"}):
        assert trace.base is None
        number = (trace.xaxis or "x")[1:]
        axis = figure.layout[f"{'x' if trace.orientation == 'h' else 'y'}axis{number}"]
        assert axis.range[0] == 0
        assert axis.type in (None, "linear")


@every_figure
def test_what_changes_on_a_phone_names_parts_that_are_there(name: str) -> None:
    figure = drawn(name)
    for place, value in figure.layout.meta.get("phone", {}).items():
        found = re.fullmatch(r"annotations\[(\d+)\]\.(\w+)", place)
        if found:
            assert figure.layout.annotations[int(found[1])][found[2]] is not None
        else:
            part = figure.layout
            for step in place.split("."):
                part = part[step]
        assert value is not None


@every_figure
def test_a_figure_survives_json_as_a_page_embeds_it(name: str) -> None:
    assert json.loads(drawn(name).to_json())["layout"]["meta"]["alt"]


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize(
    ("lang", "told"), [("en", "There is no data to draw here."), ("zh", "这里没有可以绘制的数据。")]
)
def test_an_empty_table_gives_a_figure_that_says_so(name: str, lang: Lang, told: str) -> None:
    figure = EMPTY[name](lang=lang)
    assert [annotation.text for annotation in figure.layout.annotations] == [told]
    assert not figure.data
    assert figure.layout.meta["subtitle"]
    assert figure.layout.title.text


# a ledger's rows stand in the order of its checks, or of the contract
@pytest.mark.parametrize("name", [name for name in FULL if not name.startswith("ledger.")])
def test_no_exhibit_changes_its_table_or_depends_on_the_order_of_rows(name: str) -> None:
    of: Of = FULL[name]
    shown = of.shown()
    before = copy.deepcopy((shown.table, dict(shown.options)))
    straight = shown.figure(Words())
    pd.testing.assert_frame_equal(shown.table, before[0])
    for option, value in shown.options.items():
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, before[1][option])
    if name in IN_ORDER:
        return
    shuffled = shown.table.sample(frac=1, random_state=7)
    again = exhibit_of(shown)(shuffled, **shown.options).figure(Words())
    assert straight is not None
    assert again is not None
    assert again.to_json() == straight.to_json()


@pytest.mark.parametrize("name", [name for name in FULL if " " not in name])
def test_a_missing_column_is_refused_by_name_with_who_makes_it(name: str) -> None:
    shown = FULL[name].shown()
    with pytest.raises(errors.ContractError, match=r"missing column '(\w+)'") as caught:
        exhibit_of(shown)(pd.DataFrame({"own": [1]}), **shown.options).figure(Words())
    assert shown.result.made_by in caught.value.mend


def test_a_figure_leaves_plotlys_own_defaults_alone() -> None:
    import plotly.io as pio

    before = pio.templates.default
    FULL["churn.ratios"]()
    assert pio.templates.default == before == "plotly"


def test_every_kind_of_picture_has_two_users() -> None:
    kinds: dict[str, set[str]] = {}
    for of in FULL.values():
        chart = of.shown().sheet(Words()).chart
        for one in chart.charts if isinstance(chart, charts.Panes) else [chart]:
            kinds.setdefault(type(one).__name__, set()).add(of.shown().scope)
        kinds.setdefault(type(chart).__name__, set()).add(of.shown().scope)
    assert {name for name, users in kinds.items() if len(users) < 2} == set()
