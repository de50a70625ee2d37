"""A sparkline in a notebook: the last periods in the space of a word."""

from workbench import figures


def test_the_figure_has_the_values_and_says_the_last():
    figure = figures.kpis.sparkline([0.4, None, 0.462], name="Repurchase rate", unit="rate")
    assert list(figure.data[0].y) == [0.4, None, 0.462]
    assert figure.data[1].text == ("46.2%",)
    assert figure.layout.meta["alt"] == "Repurchase rate went from 40.0% to 46.2% over 3 periods."


def test_a_name_in_the_title_is_shown_literally():
    figure = figures.kpis.sparkline([1, 2], name="<b>Revenue</b>")
    assert figure.layout.title.text.startswith("&lt;b&gt;Revenue")
    assert figure.layout.meta["alt"].startswith("<b>Revenue</b> went")
