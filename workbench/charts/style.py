"""Which colour means what, and what do all figures share? The palette, the base layout, the dark.

Every colour of every figure is one of ``LIGHT``, written as a whole string (never inside a text),
so that a page can turn a figure dark by looking each colour up in ``DARK``.
"""

from collections.abc import Mapping
from typing import Any, Literal

import plotly.graph_objects as go

from workbench import errors
from workbench.charts.sketch import Sketch
from workbench.words import Words

Scheme = Literal["light", "dark"]

# Each colour on light paper and on dark. Marks stand at 3 : 1 or better on both and stay apart for
# colour-blind readers; words in the colour of a mark need 4.5 : 1 and have their own, darker shade.
_PALETTE: dict[str, tuple[str, str]] = {
    "risk": ("#b93c1a", "#e4623f"),
    "due": ("#c4870f", "#f0bd4f"),
    "kept": ("#0b6278", "#46a9c1"),
    "lost": ("#2f2e3d", "#dbd8e6"),
    "grey": ("#8794a3", "#67727f"),
    "ink": ("#1a2130", "#ece8df"),
    "paper": ("#fffdf9", "#14181f"),
    "grid": ("#e4e1da", "#2c333d"),
    "risk_text": ("#b23a1b", "#f0846a"),
    "due_text": ("#8a5d00", "#f0bd50"),
    "kept_text": ("#0c6175", "#5fb9cf"),
    "lost_text": ("#302f3e", "#dbd8e5"),
    "grey_text": ("#5f6976", "#a3aebb"),
    "risk_tint": ("#f8ddd3", "#552a20"),
    "kept_tint": ("#d3e8ec", "#16414d"),
    "grey_tint": ("#eceae5", "#262c35"),
    "heat_0": ("#f6f7f4", "#181e26"),
    "heat_1": ("#e3f0f2", "#17303a"),
    "heat_2": ("#c3dfe5", "#173d49"),
    "heat_3": ("#9ccbd5", "#174b5a"),
    "heat_4": ("#72b3c1", "#175c6e"),
}
LIGHT = {name: light for name, (light, _) in _PALETTE.items()}
DARK = dict(_PALETTE.values())
RISK, DUE, KEPT, LOST, GREY, INK, PAPER, GRID, *_SHADES = LIGHT.values()
RISK_TEXT, DUE_TEXT, KEPT_TEXT, LOST_TEXT, GREY_TEXT, *_TINTS = _SHADES
RISK_TINT, KEPT_TINT, GREY_TINT, *HEAT = _TINTS
CLEAR = "rgba(0,0,0,0)"

WARNING_TONES = {
    "not_due": "grey",
    "likely_repurchase": "due",
    "churn_risk": "risk",
    "lost": "lost",
    "too_little_history": "grey",
}

FONT = (
    "'Source Sans 3', 'Segoe UI', -apple-system, BlinkMacSystemFont, Roboto, 'Helvetica Neue', "
    "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', "
    "'Source Han Sans SC', Arial, sans-serif"
)
SIZE = 13
SMALL = 12

# The narrowest a figure gets, inside a page's margins: on a small phone, and in a window that is
# just too wide to count as one.
PHONE_PX = 305
WIDE_PX = 440
# A panel of a notebook on a phone is narrower than a page.
PANEL_PX = 225


def css(scheme: Scheme = "light") -> str:
    """Which CSS variables give a page the figures' colours?

    Examples
    --------
    >>> css("dark").split(";")[0]
    '--risk: #e4623f'
    """
    if scheme not in ("light", "dark"):
        raise errors.ParameterError(f"scheme is '{scheme}'.", mend="Use one of: light, dark.")
    return " ".join(
        f"--{name.replace('_', '-')}: {light if scheme == 'light' else dark};"
        for name, (light, dark) in _PALETTE.items()
    )


def base(title: str, *, height: int) -> Sketch:
    """What do all figures share? An empty one with the title, the type and quiet axes.

    Examples
    --------
    >>> base("Customers by region", height=300).figure().layout.title.text
    'Customers by region'
    """
    axis = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": True,
        "color": INK,
        "gridcolor": GRID,
        "linecolor": GRID,
        "zerolinecolor": GRID,
        "tickfont": {"color": INK, "size": SMALL},
        "title": {"font": {"color": GREY_TEXT, "size": SMALL}, "standoff": 8},
    }
    sketch = Sketch()
    sketch.update_layout(
        # An own template keeps plotly's default colours out without touching global state.
        template={"layout": {"xaxis": axis, "yaxis": axis}},
        title={
            "text": title,
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "automargin": True,
            "pad": {"l": 8, "t": 10, "b": 14},
            "font": {"color": INK, "size": 15, "family": FONT},
        },
        font={"family": FONT, "size": SIZE, "color": INK},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        autosize=True,
        height=height,
        showlegend=False,
        dragmode=False,
        hoverlabel={
            "bgcolor": PAPER,
            "bordercolor": GREY,
            "align": "left",
            "font": {"family": FONT, "size": SIZE, "color": INK},
        },
        modebar={"bgcolor": CLEAR, "color": GREY, "activecolor": INK},
    )
    return sketch


def finished(
    sketch: Sketch, *, alt: str, subtitle: str, **more: dict[str, Any] | None
) -> go.Figure:
    """Make it a figure with its text alternative, its subtitle, what changes on a phone or opens."""
    meta: dict[str, Any] = {"alt": alt, "subtitle": subtitle, "height": sketch.layout["height"]}
    sketch.update_layout(meta=meta | {name: part for name, part in more.items() if part})
    return sketch.figure()


def no_data(title: str, words: Words, *, subtitle: str) -> go.Figure:
    """What stands where there is nothing to draw? A figure that says so.

    Examples
    --------
    >>> no_data("Calls per owner", Words(), subtitle="calls").layout.annotations[0].text
    'There is no data to draw here.'
    """
    sentence = words("figure.no_data")
    figure = base(title, height=160)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    place = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5}
    figure.add_annotation(note(sentence, place, ink=GREY_TEXT, size=SIZE))
    return finished(figure, alt=sentence, subtitle=subtitle)


def note(
    text: str, place: Mapping[str, Any], *, ink: str = INK, size: int = SMALL
) -> dict[str, Any]:
    """Give words at a place of the figure: an annotation without an arrow.

    Examples
    --------
    >>> note("3 calls", {"x": 1, "y": 2})["font"]["size"]
    12
    """
    look = {"showarrow": False, "borderpad": 0, "font": {"color": ink, "size": size}}
    return {"text": text, **look, **place}


def edge_note(text: str, *, y: float, ink: str = GREY_TEXT, **place: Any) -> dict[str, Any]:
    """Give words that begin at the left edge of the plot; ``y`` is a share of the figure.

    Examples
    --------
    >>> edge_note("Steps", y=1)["xref"]
    'paper'
    """
    edge = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "yanchor": "top"}
    return note(text, {**edge, "y": y, **place}, ink=ink)


def line(
    colour: str, ends: Mapping[str, Any], *, width: float = 1.5, dash: str | None = "dot"
) -> dict[str, Any]:
    """Give a line across the figure, dotted where nothing else is said.

    Examples
    --------
    >>> line(GREY, {"x0": 1, "x1": 1, "y0": 0, "y1": 1})["line"]["dash"]
    'dot'
    """
    return {"type": "line", "line": {"color": colour, "width": width, "dash": dash}, **ends}
