"""The ledger's figure draws what became of every row."""

import figure_tables as t

from workbench import figures
from workbench.figures import style


def test_the_bars_are_the_shares_of_the_rows_read():
    figure = figures.ledger.summary(t.ledger())
    (bars,) = figure.data
    assert list(bars.customdata) == [20_081, 37, 216, 561]
    assert list(bars.x) == [n / 20_118 for n in bars.customdata]


def test_kept_and_rejected_are_always_drawn_and_others_where_they_found_something():
    figure = figures.ledger.summary(t.ledger(rows_kept=20_118, rows_rejected=0, refunds=0))
    assert list(figure.data[0].customdata) == [20_118, 0, 216]


def test_kept_and_rejected_have_the_colours_of_their_meaning():
    bars = figures.ledger.summary(t.ledger()).data[0]
    assert list(bars.marker.color)[:3] == [style.KEPT, style.RISK, style.GREY]


def test_rows_stand_beside_shares():
    bars = figures.ledger.summary(t.ledger()).data[0]
    assert bars.text[1] == "<b>37</b> · &lt;1%"


def test_the_rows_read_are_told_in_the_subtitle():
    assert "20,118 rows read" in figures.ledger.summary(t.ledger()).layout.meta["subtitle"]


def test_each_column_has_a_bar_of_its_completeness_and_an_absent_one_says_so():
    figure = figures.ledger.completeness(t.completeness())
    (bars,) = figure.data
    assert list(bars.x) == [1.0, 0.75, 0.0]
    assert list(bars.text) == ["<b>200</b> · 100%", "<b>150</b> · 75%", "not in the source"]
    assert list(bars.marker.color) == [style.KEPT, style.GREY, style.GREY]
    assert figure.layout.meta["alt"] == (
        "Owner is the emptiest column: a quarter of its rows hold nothing"
    )
