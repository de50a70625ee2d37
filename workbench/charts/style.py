"""Which colour means what, and what do all figures share? The palette, the base layout, the dark.

Every colour of every figure is one of ``LIGHT``, written as a whole string (never inside a text),
so that a page can turn a figure dark by looking each colour up in ``DARK``.
"""

import copy
from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from workbench import errors
from workbench.words import Words

Scheme = Literal["light", "dark"]

# Marks stand at 3 : 1 or better on both papers and stay apart for colour-blind readers; words in
# the colour of a mark need 4.5 : 1 and have their own, darker shade.
RISK, RISK_TEXT, RISK_TINT = "#b93c1a", "#b23a1b", "#f8ddd3"
DUE, DUE_TEXT = "#c4870f", "#8a5d00"
KEPT, KEPT_TEXT, KEPT_TINT = "#0b6278", "#0c6175", "#d3e8ec"
LOST, LOST_TEXT = "#2f2e3d", "#302f3e"
GREY, GREY_TEXT, GREY_TINT = "#8794a3", "#5f6976", "#eceae5"
INK, PAPER, GRID = "#1a2130", "#fffdf9", "#e4e1da"
HEAT = ("#f6f7f4", "#e3f0f2", "#c3dfe5", "#9ccbd5", "#72b3c1")
CLEAR = "rgba(0,0,0,0)"

LIGHT: dict[str, str] = {
    "risk": RISK,
    "due": DUE,
    "kept": KEPT,
    "lost": LOST,
    "grey": GREY,
    "ink": INK,
    "paper": PAPER,
    "grid": GRID,
    "risk_text": RISK_TEXT,
    "due_text": DUE_TEXT,
    "kept_text": KEPT_TEXT,
    "lost_text": LOST_TEXT,
    "grey_text": GREY_TEXT,
    "risk_tint": RISK_TINT,
    "kept_tint": KEPT_TINT,
    "grey_tint": GREY_TINT,
    **{f"heat_{step}": colour for step, colour in enumerate(HEAT)},
}
_DARK_BY_NAME: dict[str, str] = {
    "risk": "#e4623f",
    "due": "#f0bd4f",
    "kept": "#46a9c1",
    "lost": "#dbd8e6",
    "grey": "#67727f",
    "ink": "#ece8df",
    "paper": "#14181f",
    "grid": "#2c333d",
    "risk_text": "#f0846a",
    "due_text": "#f0bd50",
    "kept_text": "#5fb9cf",
    "lost_text": "#dbd8e5",
    "grey_text": "#a3aebb",
    "risk_tint": "#552a20",
    "kept_tint": "#16414d",
    "grey_tint": "#262c35",
    "heat_0": "#181e26",
    "heat_1": "#17303a",
    "heat_2": "#173d49",
    "heat_3": "#174b5a",
    "heat_4": "#175c6e",
}
DARK: dict[str, str] = {LIGHT[name]: dark for name, dark in _DARK_BY_NAME.items()}

WARNING_TONES = {
    "not_due": "grey",
    "likely_repurchase": "due",
    "churn_risk": "risk",
    "lost": "lost",
    "too_little_history": "grey",
}
WARNING_COLOURS: dict[str, tuple[str, str]] = {
    warning: (LIGHT[tone], LIGHT[f"{tone}_text"]) for warning, tone in WARNING_TONES.items()
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
    colours = LIGHT if _scheme(scheme) == "light" else _DARK_BY_NAME
    return " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in colours.items())


def base(title: str, *, height: int) -> go.Figure:
    """What do all figures share? An empty figure with the title, the type and quiet axes.

    Examples
    --------
    >>> base("Customers by region", height=300).layout.title.text
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
    figure = go.Figure()
    figure.update_layout(
        # An own template keeps plotly's default colours out without touching global state.
        template=go.layout.Template(layout={"xaxis": axis, "yaxis": axis}),
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
    return figure


def finished(
    figure: go.Figure, *, alt: str, subtitle: str, phone: dict[str, Any] | None = None
) -> go.Figure:
    """Give a figure its text alternative, its subtitle and what changes on a phone."""
    meta: dict[str, Any] = {"alt": alt, "subtitle": subtitle, "height": figure.layout.height}
    if phone:
        meta["phone"] = phone
    figure.update_layout(meta=meta)
    return figure


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
    figure.add_annotation(
        text=sentence, showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5,
        font={"color": GREY_TEXT, "size": SIZE},
    )  # fmt: skip
    return finished(figure, alt=sentence, subtitle=subtitle)


def themed(figure: go.Figure, scheme: Scheme) -> go.Figure:
    """How does the figure look on dark paper? A copy with each colour looked up in ``DARK``.

    Parameters
    ----------
    figure
        A figure of this package, in its light colours.
    scheme
        ``light`` gives a plain copy.

    Examples
    --------
    >>> themed(base("Sales", height=300), "dark").layout.font.color
    '#ece8df'
    """
    drawn = figure.to_dict()
    if _scheme(scheme) == "dark":
        drawn = _recoloured(drawn)
    # _validate=False: the parts were valid before and only colours changed.
    return go.Figure(copy.deepcopy(drawn))


def _recoloured(part: Any) -> Any:
    if isinstance(part, str):
        return DARK.get(part.lower(), part)
    if isinstance(part, dict):
        return {key: _recoloured(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_recoloured(value) for value in part]
    return part


def _scheme(scheme: str) -> str:
    if scheme not in ("light", "dark"):
        raise errors.ParameterError(f"scheme is '{scheme}'.", mend="Use one of: light, dark.")
    return scheme


def write_cells(
    figure: go.Figure, cells: Sequence[tuple[float, float, str, str]]
) -> dict[str, Any]:
    """What stands in the cells of a matrix? Gives what is left of it on a phone.

    Annotations, since a page can change these for a phone, and a heat map's own text it cannot.

    Parameters
    ----------
    figure
        Gets one annotation per cell.
    cells
        Column, row, the text, and the text where there is hardly room.

    Examples
    --------
    >>> write_cells(base("Moves", height=300), [(0, 0, "3<br>1.2k", "3")])
    {'annotations[0].text': '3'}
    """
    first = len(figure.layout.annotations)
    # all at once: plotly goes through every annotation again for each one added
    written = [
        {"x": x, "y": y, "xref": "x", "yref": "y", "text": wide, "showarrow": False,
         "borderpad": 0, "font": {"color": INK, "size": SMALL}}
        for x, y, wide, _ in cells
    ]  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *written])
    return {
        f"annotations[{first + i}].text": narrow
        for i, (_, _, wide, narrow) in enumerate(cells)
        if narrow != wide
    }
