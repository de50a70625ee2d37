"""The figures of repurchase and churn draw what their tables hold."""

import itertools

import figure_tables as t
import pandas as pd
import pytest
from spoken import drawn

from workbench import exhibits, words
from workbench.charts import style, text

workload = drawn(exhibits.churn.workload)


def ratios(bins, summary, **options):
    return drawn(exhibits.churn.ratios)(summary, bins=bins, **options)


def test_the_histogram_draws_every_bin_with_its_customers():
    table = t.ratios()
    figure = ratios(table, t.warning_summary())
    customers = [n for trace in figure.data for n in trace.customdata]
    assert customers == table["customers"].tolist()


def test_bars_of_equal_bins_are_as_high_as_their_customers():
    table = pd.DataFrame(
        {
            "left": [0.7, 0.8, 1.2],
            "right": [0.8, 0.9, 1.3],
            "customers": [4, 5, 6],
            "warning": ["not_due", "likely_repurchase", "churn_risk"],
        }
    )
    figure = ratios(table, t.warning_summary())
    assert [y for trace in figure.data for y in trace.y] == [4, 5, 6]
    assert figure.layout.yaxis.title.text == "customers"


def test_bins_cut_by_a_band_say_per_what_they_count():
    figure = ratios(t.ratios(), t.warning_summary())
    assert figure.layout.yaxis.title.text.startswith("customers per ")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_each_band_is_labelled_with_its_name_and_count_in_its_colour(lang):
    figure = ratios(t.ratios(), t.warning_summary(), lang=lang)
    written = {a.text.replace("<br>", " "): a.font.color for a in figure.layout.annotations}
    for warning, customers in (("not_due", 612), ("churn_risk", 241), ("lost", 57)):
        name = words.Words(lang)(f"warning.{warning}")
        ink = style.LIGHT[f"{style.WARNING_TONES[warning]}_text"]
        assert written[f"{name} <b>{customers}</b>"] == ink


def test_band_edges_are_ticks():
    figure = ratios(t.ratios(), t.warning_summary())
    assert {0.0, 0.8, 1.2, 3.0} <= set(figure.layout.xaxis.tickvals)
    assert "4+" in figure.layout.xaxis.ticktext


def test_customers_without_a_rhythm_are_counted_in_the_subtitle():
    figure = ratios(t.ratios(), t.warning_summary())
    assert "1,198 customers with a known rhythm" in figure.layout.meta["subtitle"]
    assert "90 with too little history" in figure.layout.meta["subtitle"]


def test_an_open_bin_that_would_dwarf_the_others_is_cut_and_counted():
    table = t.ratios()
    table.loc[table.index[-1], "customers"] = 90_000
    figure = ratios(table, t.warning_summary())
    assert figure.layout.yaxis.range[1] < 2_000
    assert "<b>90,000</b> ↑" in [a.text for a in figure.layout.annotations]
    assert 90_000 in figure.data[-1].customdata


@pytest.mark.parametrize("window", [style.WIDE_PX, style.PHONE_PX])
@pytest.mark.parametrize("edges", [(0.8, 1.2, 3), (0.85, 0.95, 1.05), (0.1, 3.8, 3.9), (1, 2, 3)])
@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.many
def test_band_labels_never_cover_each_other(window, edges, lang):
    bounds = (0, *edges, 4)
    table = pd.DataFrame(
        {
            "left": bounds[:-1],
            "right": bounds[1:],
            "customers": [1_234, 1_234, 1_234, 1_234],
            "warning": ["not_due", "likely_repurchase", "churn_risk", "lost"],
        }
    ).astype({"left": float, "right": float})
    summary = t.warning_summary().assign(customers=1_234)
    figure = ratios(table, summary, lang=lang)
    phone = figure.layout.meta["phone"]
    boxes = []
    for i, annotation in enumerate(figure.layout.annotations):
        x = annotation.x if window == style.WIDE_PX else phone[f"annotations[{i}].x"]
        # plotly hides what is centred outside the axis
        assert 0 <= x <= 4
        centre = x / 4 * (window - 65)
        half = text.pixels(annotation.text) / 2
        boxes.append((centre - half, centre + half))
    for one, other in itertools.pairwise(boxes):
        assert one[1] < other[0]


def test_the_workload_stacks_the_calls_of_each_owner():
    table = t.workload()
    figure = workload(table)
    assert figure.layout.barmode == "stack"
    assert list(figure.data[0].x) == table["churn_risk"].tolist()
    assert list(figure.data[1].x) == table["likely_repurchase"].tolist()


def test_calls_money_and_change_stand_beside_the_bars():
    figure = workload(t.workload(), change=t.workload_change())
    assert figure.data[1].text == (
        "<b>31 ▼8</b> · 12,400",
        "<b>22 ▲5</b> · 24,800",
        "<b>13</b> · 37,200",
    )


def test_calls_that_nobody_owns_have_a_row():
    figure = workload(t.workload())
    assert figure.layout.yaxis.ticktext[-1] == "no owner"


def test_the_change_of_calls_that_nobody_owns_finds_its_row():
    change = pd.DataFrame({"owner_id": [float("nan")], "calls_change": [4]})
    figure = workload(t.workload(), change=change)
    assert figure.data[1].text[-1] == "<b>13 ▲4</b> · 37,200"


def test_owners_beyond_twenty_are_counted_not_drawn():
    names = tuple(f"Owner {i}" for i in range(23))
    table = t.workload(names)
    figure = workload(table)
    assert len(figure.data[0].x) == 20
    rest = int(table["calls"].sort_values().head(3).sum())
    assert f"and 3 more owners with {rest} calls" in [a.text for a in figure.layout.annotations]


def test_owners_without_a_name_go_by_their_id():
    table = t.workload(("",)).assign(owner_id="07")
    assert workload(table).layout.yaxis.ticktext == ("07",)


def test_an_owners_name_is_shown_literally_everywhere():
    hostile = "<a href='https://example.org'>Lin & <b>Yue</b></a>"
    figure = workload(t.workload((hostile, "Chen Wei")))
    # the text alternative and the subtitle are plain text, which no figure draws
    said = set(t.texts_of(figure)) - {figure.layout.meta["alt"], figure.layout.meta["subtitle"]}
    for one in said:
        assert "<a" not in one
        assert "<b>Yue" not in one
    whole = "&lt;a href='https://example.org'&gt;Lin &amp; &lt;b&gt;Yue&lt;/b&gt;&lt;/a&gt;"
    assert figure.data[0].hovertext[0].startswith(f"<b>{whole}</b><br>")


def test_hover_texts_are_not_templates():
    figure = workload(t.workload(("%{x} {{ 7*7 }}", "Chen Wei")))
    assert all(trace.hoverinfo == "text" and not trace.hovertemplate for trace in figure.data)
    assert "%{x} {{ 7*7 }}" in figure.data[0].hovertext[0]


def test_the_currency_is_told_in_the_subtitle():
    figure = workload(t.workload(), currency="CNY", lang="zh")
    assert "（元）" in figure.layout.meta["subtitle"]
