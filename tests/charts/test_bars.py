"""Flat bars: what stands beside them, names from the data, parts, the rest, and a phone."""

from typing import Any

import pandas as pd
import pytest

from workbench import charts
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words

HOSTILE = "<a href='x'>Lin & $Yue$</a>\x00 of Harbour Foods Limited"


def bars(**changed: Any) -> charts.Bars:
    rows = pd.DataFrame(
        {"owner_name": [HOSTILE, "林悦", None], "calls": [5, 3, 1], "value_at_stake": 900.0,
         "churn_risk": [3, 3, 0], "likely_repurchase": [2, 0, 1], "change": [2, None, 0]}
    )  # fmt: skip
    given: dict[str, Any] = {
        "rows": rows,
        "label": "owner_name",
        "value": "calls",
        "beside": "beside",
    }
    return charts.Bars(**given | changed)


def drawn(chart: charts.Chart, lang: Lang = "en", scope: str = "churn.workload") -> Any:
    return chart.drawn(Words(lang).within(scope), title="t", subtitle="s", alt="a")


def test_names_from_the_data_are_escaped_cut_and_whole_in_the_hover_text() -> None:
    figure = drawn(bars(signs=(16, 12), unnamed="nobody"))
    assert figure.layout.yaxis.ticktext == ("&lt;a href='x'&gt;Lin…", "林悦", "no owner")
    assert figure.layout.meta["phone"]["yaxis.ticktext"][0] == "&lt;a href='x'…"
    whole = "&lt;a href='x'&gt;Lin &amp; &#36;Yue&#36;&lt;/a&gt; of Harbour Foods Limited"
    assert figure.data[0].hovertext[0] == f"<b>{whole}</b><br><b>5 ▲2</b> · 900"


def test_a_code_nobody_knows_is_escaped_as_well() -> None:
    rows = pd.DataFrame({"segment": ["key_keep", "<b>x"], "calls": [1, 2]})
    figure = drawn(bars(rows=rows, label="segment", label_as="segment", beside="figure.no_data"))
    assert figure.layout.yaxis.ticktext == ("Key keep", "&lt;b&gt;x")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_parts_are_stacked_and_named_in_their_colours(lang: Lang) -> None:
    parts = {"churn_risk": "risk", "likely_repurchase": "due"}
    figure = drawn(bars(parts=parts, parts_as="warning"), lang)
    assert figure.layout.barmode == "stack"
    assert [trace.marker.color for trace in figure.data] == [style.RISK, style.DUE]
    assert figure.data[0].text is None, "the words stand beside the whole bar"
    words = {one.text: one.font.color for one in figure.layout.annotations}
    assert words[Words(lang)("warning.churn_risk")] == style.RISK_TEXT
    said = "churn risk: 3" if lang == "en" else "流失风险：3"
    assert figure.data[0].hovertext[0] == said


def test_bars_beyond_the_limit_are_counted_with_their_sums() -> None:
    figure = drawn(bars(at_most=1, more="more"))
    assert figure.data[0].x == (5,)
    assert "and 2 more owners with 4 calls" in [one.text for one in figure.layout.annotations]
    assert figure.layout.height > drawn(bars(at_most=1)).layout.height


def test_an_interval_moves_the_words_to_its_end() -> None:
    rows = pd.DataFrame({"name": ["A"], "calls": [5], "calls_low": [4], "calls_high": [9]})
    one = bars(rows=rows, label="name", with_interval=True, beside="figure.no_data")
    bar, words = drawn(one).data
    assert (bar.error_x.array, bar.error_x.arrayminus) == ((4,), (1,))
    assert words.x == (9,)
    assert bar.text is None


def test_each_tone_is_a_series_only_where_asked_for() -> None:
    tones = bars().rows.assign(tone=["kept", "grey", "kept"])
    (together,) = drawn(bars(rows=tones, tone="tone")).data
    assert together.marker.color == (style.KEPT, style.GREY, style.KEPT)
    kept, grey = drawn(bars(rows=tones, tone="tone", apart=True)).data
    assert (kept.x, grey.x) == ((5, 1), (3,))


def test_long_words_wrap_and_a_phone_grows_with_them() -> None:
    rows = pd.DataFrame({"check": ["same_day_merges"], "rows": [3], "share": [0.1]})
    one = bars(rows=rows, label="check", label_as="ledger", value="share", signs=(60, 16))
    figure = drawn(one, scope="ledger.summary")
    assert "<br>" not in figure.layout.yaxis.ticktext[0]
    phone = figure.layout.meta["phone"]
    assert phone["yaxis.ticktext"][0].count("<br>") > 1
    assert phone["height"] > figure.layout.height


def test_a_line_parts_bars() -> None:
    (line,) = drawn(bars(line_after=2)).layout.shapes
    assert (line.y0, line.y1) == (1.5, 1.5)


@pytest.mark.parametrize("calls", [[], [0, 0], [None, None]])
def test_no_bar_at_all_says_so(calls: list[Any]) -> None:
    rows = pd.DataFrame({"owner_name": ["A", "B"][: len(calls)], "calls": calls})
    figure = drawn(bars(rows=rows), "zh")
    assert [one.text for one in figure.layout.annotations] == ["这里没有可以绘制的数据。"]
