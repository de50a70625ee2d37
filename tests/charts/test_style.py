"""The palette: contrast, colour blindness, light and dark; the base of all figures."""

import itertools
import math

import pytest
from dark_paper import themed

from workbench import errors
from workbench.charts import style

DARK = {name: style.DARK[colour] for name, colour in style.LIGHT.items()}
SCHEMES = {"light": style.LIGHT, "dark": DARK}
MARKS = ("risk", "due", "kept", "lost", "grey")
WORDS = ("ink", *(f"{mark}_text" for mark in MARKS))
# What figures and cards write on: the page, and JupyterLab's own cell backgrounds.
PAPERS = {"light": (style.PAPER, "#ffffff"), "dark": (DARK["paper"], "#111111")}
TINTS = tuple(n for n in style.LIGHT if n.endswith("_tint") or n.startswith("heat_"))

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def seen(colour, sight):
    """CIE L*a*b* (D65) of a colour as somebody with this sight sees it."""
    rgb = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True))))
        for row in SIGHT[sight]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("mark", MARKS)
def test_marks_stand_out_from_the_paper(scheme, mark):
    assert min(contrast(SCHEMES[scheme][mark], paper) for paper in PAPERS[scheme]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("word", WORDS)
def test_words_are_readable_on_the_paper(scheme, word):
    assert min(contrast(SCHEMES[scheme][word], paper) for paper in PAPERS[scheme]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tint", TINTS)
def test_ink_is_readable_on_every_tint(scheme, tint):
    assert contrast(SCHEMES[scheme]["ink"], SCHEMES[scheme][tint]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("sight", SIGHT)
def test_marks_differ_for_every_kind_of_sight(scheme, sight):
    near = min(
        (math.dist(seen(SCHEMES[scheme][a], sight), seen(SCHEMES[scheme][b], sight)), a, b)
        for a, b in itertools.combinations(MARKS, 2)
    )
    # 20 is about ten just noticeable differences
    assert near[0] >= 20, near


def test_each_light_colour_has_one_dark_one():
    assert len(set(style.LIGHT.values())) == len(style.LIGHT)
    assert set(style.DARK) == set(style.LIGHT.values())
    assert len(set(style.DARK.values())) == len(style.DARK)
    assert not set(style.DARK) & set(style.DARK.values())


def test_the_palette_has_the_names_that_carry_meaning():
    assert set(style.LIGHT) >= {"risk", "due", "kept", "lost", "grey", "ink", "paper"}


def test_css_names_every_colour_of_a_scheme():
    for scheme, colours in SCHEMES.items():
        said = style.css(scheme)
        for name, colour in colours.items():
            assert f"--{name.replace('_', '-')}: {colour};" in said


def test_themed_turns_every_colour_and_leaves_the_figure_alone():
    figure = style.base("Title", height=200)
    figure.add_bar(x=[1, 2], y=[1, 2], marker={"color": [style.RISK, style.KEPT.upper()]})
    figure = figure.figure()
    before = figure.to_json()
    dark = themed(figure, "dark")
    assert list(dark.data[0].marker.color) == [style.DARK[style.RISK], style.DARK[style.KEPT]]
    assert dark.layout.font.color == style.DARK[style.INK]
    assert dark.layout.template.layout.xaxis.gridcolor == style.DARK[style.GRID]
    assert figure.to_json() == before


def test_themed_light_is_an_equal_copy():
    figure = style.base("Title", height=200).figure()
    same = themed(figure, "light")
    assert same is not figure
    assert same.to_dict() == figure.to_dict()


def test_an_unknown_scheme_is_refused():
    with pytest.raises(errors.ParameterError, match="sepia"):
        style.css("sepia")


def test_backgrounds_are_clear_so_that_the_page_shows():
    layout = style.base("Title", height=200).figure().layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == style.CLEAR


def test_the_type_has_chinese_families_and_ends_in_a_sans():
    assert "PingFang SC" in style.FONT
    assert "Noto Sans CJK SC" in style.FONT
    assert style.FONT.endswith("sans-serif")
    assert 12 <= style.SMALL <= style.SIZE <= 14


def test_a_swipe_over_a_figure_scrolls_the_page():
    layout = style.base("Title", height=200).figure().layout
    assert layout.dragmode is False
    assert layout.template.layout.xaxis.fixedrange is True
