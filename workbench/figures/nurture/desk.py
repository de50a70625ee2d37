"""What did each owner do of what was due, and what lies ahead?"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.nurture import marks
from workbench.findings import nurture as findings

_STATES = {
    "on_time": (style.KEPT, style.KEPT_TEXT),
    "late": (style.DUE, style.DUE_TEXT),
    "missed": (style.RISK, style.RISK_TEXT),
    "not_done": (style.GREY, style.GREY_TEXT),
}
# More owners than this make a list, not a figure; the table below holds them all.
_SHOWN = 20


def punctuality(
    punctuality: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """What did each owner do of what was due?

    Parameters
    ----------
    punctuality
        One row per owner, from ``nurture.punctuality``.
    names
        Names of owners by their id.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Stacked bars, most due first, at most 20 owners.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"owner_id": ["S1"], "due": [4], "on_time": [2], "late": [1],
    ...                       "missed": [1], "not_done": [0], "on_time_rate": [0.5]})
    >>> [trace.x for trace in punctuality(table).data]
    [(2,), (1,), (1,), (0,)]
    """
    columns = ("owner_id", "due", *_STATES, "on_time_rate")
    schema.require(punctuality, "punctuality", columns, made_by="nurture.punctuality(outcomes)")
    title = labels.text("figure.nurture.punctuality.title", lang)
    subtitle = labels.text("figure.nurture.punctuality.subtitle", lang)
    if punctuality.empty or not punctuality["due"].sum():
        return style.no_data(title, subtitle=subtitle, lang=lang)
    shown = punctuality.head(_SHOWN)
    rows = list(range(len(shown)))
    called = [marks.named("owner_id", owner, names, lang) for owner in shown["owner_id"]]
    beside = [
        f"<b>{text.shown(text.share(rate, lang))}</b>"
        + (f" · {labels.text('figure.nurture.missed', lang, n=int(missed))}" if missed else "")
        for rate, missed in zip(shown["on_time_rate"], shown["missed"], strict=True)
    ]
    figure = style.base(title, height=76 + 32 * len(shown))
    for place, (state, (colour, _)) in enumerate(_STATES.items()):
        last = place == len(_STATES) - 1
        figure.add_bar(
            orientation="h",
            x=[int(n) for n in shown[state]],
            y=rows,
            name=labels.text(f"column.{state}", lang),
            marker={"color": colour, "line": {"width": 0}},
            hovertext=[
                labels.text(
                    "figure.pair", lang, name=labels.text(f"column.{state}", lang),
                    value=labels.number(int(n), lang),
                )
                for n in shown[state]
            ],
            hoverinfo="text",
            **(
                {"text": beside, "textposition": "outside", "cliponaxis": False,
                 "textfont": {"color": style.GREY_TEXT, "size": style.SMALL}}
                if last
                else {}
            ),
        )  # fmt: skip
    taken = marks.key(
        figure,
        [(f"■ {labels.text(f'column.{state}', lang)}", ink) for state, (_, ink) in _STATES.items()],
    )
    wide, narrow = (
        text.room([float(n) for n in shown["due"]], beside, called, window_px=window)
        for window in (style.WIDE_PX, style.PHONE_PX)
    )
    figure.update_xaxes(visible=False, range=wide)
    figure.update_yaxes(
        tickvals=rows, ticktext=called, range=[len(rows) - 0.5, -0.5], ticklabelstandoff=6,
        domain=[0, 1 - (taken + 14) / figure.layout.height],
    )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.35)
    said = findings.punctuality(punctuality, names=dict(names or {}), lang=lang)
    return style.finished(figure, alt=said, subtitle=subtitle, phone={"xaxis.range": narrow})


def upcoming(upcoming: pd.DataFrame, *, days: int = 14, lang: labels.Lang = "en") -> go.Figure:
    """How many steps fall on each of the next days?

    Parameters
    ----------
    upcoming
        One row per day and owner, from ``nurture.upcoming``.
    days
        How many days it reaches ahead.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A bar per day, its count above it.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"due_date": pd.to_datetime(["2026-10-26"] * 2),
    ...                       "owner_id": ["S1", "S2"], "steps": [3, 4]})
    >>> upcoming(table).data[0].y
    (7,)
    """
    schema.require(
        upcoming, "upcoming", ("due_date", "steps"), made_by="nurture.upcoming(outcomes)"
    )
    title = labels.text("figure.nurture.upcoming.title", lang, days=days)
    subtitle = labels.text("figure.nurture.upcoming.subtitle", lang)
    if upcoming.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    by_day = upcoming.groupby("due_date")["steps"].sum()
    by_day = by_day.reindex(pd.date_range(by_day.index.min(), by_day.index.max()), fill_value=0)
    rows = list(range(len(by_day)))
    figure = style.base(title, height=300)
    figure.add_bar(
        x=rows,
        y=[int(n) for n in by_day],
        marker={"color": style.DUE, "line": {"width": 0}},
        text=[f"<b>{labels.number(int(n), lang)}</b>" if n else "" for n in by_day],
        textposition="outside",
        textfont={"color": style.INK, "size": style.SMALL},
        cliponaxis=False,
        hovertext=[
            labels.text(
                "figure.pair", lang, name=labels.date(pd.Timestamp(day).date(), lang),
                value=labels.number(int(n), lang),
            )
            for day, n in zip(by_day.index, by_day, strict=True)
        ],
        hoverinfo="text",
    )  # fmt: skip
    ticks = [_day(day, lang) for day in by_day.index]
    figure.update_xaxes(tickvals=rows, ticktext=ticks, tickangle=0, range=[-0.6, len(rows) - 0.4])
    figure.update_yaxes(visible=False, range=[0, int(by_day.max()) * 1.15])
    sparse = [tick if place % 3 == 0 else "" for place, tick in enumerate(ticks)]
    return style.finished(
        figure,
        alt=findings.upcoming(upcoming, days=days, lang=lang),
        subtitle=subtitle,
        phone={"xaxis.ticktext": sparse},
    )


def _day(value: pd.Timestamp, lang: labels.Lang) -> str:
    return labels.text(
        "figure.nurture.day", lang, weekday=labels.text(f"weekday.{value.isoweekday()}", lang),
        day=value.day, month=value.month,
    )  # fmt: skip
