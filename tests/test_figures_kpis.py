"""Sparklines: the last periods in the space of a word."""

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from workbench import figures

SVG = "{http://www.w3.org/2000/svg}"


def parts(svg):
    tree = ET.fromstring(svg)
    return tree, tree.find("path").get("d"), tree.findall("circle")


def test_the_line_goes_up_where_the_values_do():
    _, path, _ = parts(figures.kpis.sparkline_svg([1, 2, 3], width=100, height=20))
    assert path == "M3 17L50 10L97 3"


def test_screen_readers_pass_over_it():
    tree, _, _ = parts(figures.kpis.sparkline_svg([1, 2]))
    assert tree.get("aria-hidden") == "true"
    assert tree.get("focusable") == "false"


def test_it_takes_the_colour_of_the_text_around_it():
    svg = figures.kpis.sparkline_svg([1, 2])
    assert 'stroke="currentColor"' in svg
    assert "#" not in svg


def test_a_missing_value_breaks_the_line():
    for missing in (None, float("nan"), pd.NA):
        _, path, dots = parts(figures.kpis.sparkline_svg([1, 2, missing, 3, 4]))
        assert path.count("M") == 2
        assert len(dots) == 1


def test_there_is_no_last_dot_where_the_last_value_is_missing():
    _, _, dots = parts(figures.kpis.sparkline_svg([1, 2, None]))
    assert dots == []


def test_equal_values_are_a_level_line():
    _, path, _ = parts(figures.kpis.sparkline_svg([5, 5, 5], width=100, height=20))
    assert path == "M3 10L50 10L97 10"


@pytest.mark.parametrize("values", [[], [1], [None, 2], [float("inf"), 2]])
def test_fewer_than_two_values_are_no_line(values):
    assert figures.kpis.sparkline_svg(values) == ""


def test_everything_stays_inside_the_picture():
    svg = figures.kpis.sparkline_svg([0, 1e12, -1e12, 5], width=80, height=20)
    _, path, _ = parts(svg)
    for point in path.replace("M", " ").replace("L", " ").split("  "):
        numbers = [float(n) for n in point.split()]
        assert all(0 <= x <= 80 for x in numbers[0::2])
        assert all(0 <= y <= 20 for y in numbers[1::2])


def test_the_figure_has_the_values_and_says_the_last():
    figure = figures.kpis.sparkline([0.4, None, 0.462], name="Repurchase rate", unit="rate")
    assert list(figure.data[0].y) == [0.4, None, 0.462]
    assert figure.data[1].text == ("46.2%",)
    assert figure.layout.meta["alt"] == "Repurchase rate went from 40.0% to 46.2% over 3 periods."


def test_a_name_in_the_title_is_shown_literally():
    figure = figures.kpis.sparkline([1, 2], name="<b>Revenue</b>")
    assert figure.layout.title.text.startswith("&lt;b&gt;Revenue")
    assert figure.layout.meta["alt"].startswith("<b>Revenue</b> went")
