"""The figures of RFM draw what their tables hold."""

import figure_tables as t
import numpy as np
import pytest
from spoken import drawn

from workbench import exhibits, rfm
from workbench.charts import style


def test_the_bars_are_the_shares_of_the_money():
    table = t.segment_summary().set_index("segment")
    figure = drawn(exhibits.rfm.segments)(t.segment_summary())
    shown = [x for trace in figure.data for x in trace.x]
    counts = [n for trace in figure.data for n in trace.customdata]
    assert sum(shown) == pytest.approx(1)
    assert sorted(shown) == sorted(table["monetary_share"])
    assert sorted(counts) == sorted(table["customers"])


def test_key_classes_come_first_and_the_largest_first_among_them():
    figure = drawn(exhibits.rfm.segments)(t.segment_summary())
    assert figure.layout.yaxis.ticktext == (
        "Key champion",
        "Key keep",
        "Key win-back",
        "Key develop",
        "General champion",
        "General develop",
        "General keep",
        "General win-back",
    )


def test_key_and_general_differ_by_name_and_colour():
    key, general = drawn(exhibits.rfm.segments)(t.segment_summary()).data
    assert (key.marker.color, general.marker.color) == (style.KEPT, style.GREY)


def test_counts_stand_beside_shares():
    key = drawn(exhibits.rfm.segments)(t.segment_summary()).data[0]
    assert key.text[0] == "<b>38%</b> · 214 customers"


def test_a_class_that_gave_back_more_than_it_bought_is_drawn_below_zero():
    table = t.segment_summary()
    table.loc[7, ["monetary", "monetary_share"]] = [-30.0, -0.03]
    figure = drawn(exhibits.rfm.segments)(table)
    assert min(figure.data[1].x) == -0.03
    assert figure.layout.xaxis.range[0] == -0.03


def test_shares_that_cannot_be_told_are_no_bars():
    table = t.segment_summary().assign(monetary=0.0, monetary_share=np.nan)
    figure = drawn(exhibits.rfm.segments)(table)
    assert {x for trace in figure.data for x in trace.x} == {0.0}
    assert figure.data[0].text[0].startswith("<b>–</b>")


def test_the_grid_is_the_table():
    table = t.grid()
    figure = drawn(exhibits.rfm.grid)(table, high_from=3)
    (heat,) = figure.data
    for row in table.to_dict("records"):
        y, x = heat.y.index(row["recency_score"]), heat.x.index(row["frequency_score"])
        assert heat.z[y][x] == row["monetary"]
        assert heat.customdata[y][x] == row["customers"]


def test_cells_of_the_grid_hold_money_and_counts():
    figure = drawn(exhibits.rfm.grid)(t.grid(), high_from=3)
    said = {(a.x, a.y): a.text for a in figure.layout.annotations}
    assert said[3, 3] == "<b>9k</b><br>8"
    assert said[1, 1] == "–"


def test_the_best_corner_is_top_right():
    heat = drawn(exhibits.rfm.grid)(t.grid(), high_from=3).data[0]
    assert heat.x == tuple(sorted(heat.x))
    assert heat.y == tuple(sorted(heat.y))


def test_with_ten_scores_a_phone_shows_one_number_per_cell():
    phone = drawn(exhibits.rfm.grid)(t.grid(10)).layout.meta["phone"]
    assert len(phone) == 99
    assert not [said for said in phone.values() if "<br>" in said]


def test_the_migration_is_the_table():
    table = t.migration()
    figure = drawn(exhibits.rfm.migration)(table)
    (heat,) = figure.data
    order = [*rfm.SEGMENTS, rfm.ABSENT]
    befores = sorted(set(table["segment_before"]), key=order.index)
    afters = sorted(set(table["segment_after"]), key=order.index)
    for row in table.to_dict("records"):
        cell = heat.customdata[befores.index(row["segment_before"])][
            afters.index(row["segment_after"])
        ]
        assert cell == [row["customers"], row["monetary_before"], row["monetary_after"]]
    shown = sum(cell[0] for line in heat.customdata for cell in line)
    assert shown == table["customers"].sum()


def test_not_seen_has_a_row_and_a_column_only_where_somebody_was_not_seen():
    table = t.migration()
    table.loc[table["segment_after"] == "absent", "customers"] = 0
    figure = drawn(exhibits.rfm.migration)(table)
    assert "not seen" in figure.layout.yaxis.ticktext
    assert "not seen" not in figure.layout.xaxis.ticktext


def test_cells_nobody_moved_to_stay_empty():
    figure = drawn(exhibits.rfm.migration)(t.migration())
    filled = sum(cell is not None for line in figure.data[0].z for cell in line)
    assert filled == len(figure.layout.annotations) == 5


def test_cells_of_the_migration_hold_counts_and_money_and_counts_on_a_phone():
    figure = drawn(exhibits.rfm.migration)(t.migration())
    said = [a.text for a in figure.layout.annotations]
    assert "<b>186</b><br>4.2M" in said
    # of those no longer seen, the money they had
    assert "<b>106</b><br>55k" in said
    phone = figure.layout.meta["phone"]
    assert phone[f"annotations[{said.index('<b>186</b><br>4.2M')}].text"] == "<b>186</b>"


@pytest.mark.parametrize(
    ("before", "after", "words", "colour"),
    [
        ("key_keep", "general_keep", "fell out of the key classes", style.RISK_TINT),
        ("general_keep", "key_keep", "rose into the key classes", style.KEPT_TINT),
        ("key_keep", "key_keep", "same class", style.GREY_TINT),
        ("key_keep", "key_develop", "moved within the tier", style.HEAT[0]),
        ("absent", "key_keep", "new or returned", style.HEAT[0]),
        ("key_keep", "absent", "no longer seen", style.HEAT[0]),
    ],
)
def test_a_move_is_told_in_words_and_colour(before, after, words, colour):
    table = t.migration().head(1).assign(segment_before=before, segment_after=after)
    heat = drawn(exhibits.rfm.migration)(table).data[0]
    assert words in heat.hovertext[0][0]
    steps = heat.colorscale
    place = (heat.z[0][0] - heat.zmin) / (heat.zmax - heat.zmin)
    assert [c for edge, c in steps if edge <= place][-1] == colour


def test_the_distributions_draw_every_customer():
    table = t.distribution()
    figure = drawn(exhibits.rfm.distributions)(table, cut_points=t.cut_points())
    for trace, measure in zip(figure.data, ("recency_days", "frequency", "monetary"), strict=True):
        assert (
            list(trace.customdata) == table.loc[table["measure"] == measure, "customers"].tolist()
        )


def test_bars_that_count_as_high_have_their_colour_and_the_threshold_its_words():
    figure = drawn(exhibits.rfm.distributions)(t.distribution(), cut_points=t.cut_points())
    recency = figure.data[0]
    assert list(recency.marker.color) == [style.KEPT, style.GREY, style.GREY, style.GREY]
    said = [a.text for a in figure.layout.annotations]
    assert {"near: within 19 days", "frequent: from 3", "high: from 2,000"} <= set(said)


def test_counts_one_by_one_are_labelled_in_the_middle_of_their_bars():
    figure = drawn(exhibits.rfm.distributions)(t.distribution(), cut_points=t.cut_points())
    axis = figure.layout.xaxis2
    assert dict(zip(axis.ticktext, axis.tickvals, strict=True))["2"] == 2.5


def test_a_threshold_that_is_no_score_still_parts_high_from_low():
    cuts = t.cut_points()
    cuts["is_high_threshold"] = False
    cuts.loc[len(cuts)] = ["monetary", 1_400.0, None, True]
    figure = drawn(exhibits.rfm.distributions)(t.distribution(), cut_points=cuts)
    assert list(figure.data[2].marker.color) == [style.GREY, style.KEPT, style.KEPT]
    assert set(figure.data[0].marker.color) == {style.GREY}
