"""How did it go with time: by month of enrolment, and by days since?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, periods, schema
from workbench.figures import style, text
from workbench.figures.nurture import marks
from workbench.findings import nurture as findings

_LAST_DAY = 90


def cohorts(cohorts: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """Of those enrolled in a month, what share woke up, and what share became customers?

    Parameters
    ----------
    cohorts
        One row per month, from ``nurture.cohorts``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Two dots per month with their intervals, both labelled; months nobody of whom has been
        followed long enough are left out.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"cohort": pd.to_datetime(["2026-07-01"]), "followed": [10],
    ...     "reactivated": [4], "converted": [1], "within_days": [60],
    ...     "reactivation_rate": [0.4], "reactivation_rate_low": [0.2],
    ...     "reactivation_rate_high": [0.7], "conversion_rate": [0.1],
    ...     "conversion_rate_low": [0.0], "conversion_rate_high": [0.4]})
    >>> [trace.y for trace in cohorts(table).data]
    [(0.4,), (0.1,)]
    """
    rates = ("reactivation_rate", "conversion_rate")
    columns = ["cohort", "followed", "within_days",
               *(f"{rate}{end}" for rate in rates for end in ("", "_low", "_high"))]  # fmt: skip
    schema.require(cohorts, "cohorts", columns, made_by="nurture.cohorts(…)")
    title = labels.text("figure.nurture.cohorts.title", lang)
    days = int(cohorts["within_days"].iloc[0]) if len(cohorts) else 0
    subtitle = labels.text("figure.nurture.cohorts.subtitle", lang, days=days)
    known = cohorts[cohorts["followed"] > 0].sort_values("cohort")
    if known.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    figure = style.base(title, height=380)
    places = list(range(len(known)))
    looks = ((rates[0], style.KEPT, style.KEPT_TEXT, "circle", -0.12),
             (rates[1], style.DUE, style.DUE_TEXT, "diamond", 0.12))  # fmt: skip
    for rate, colour, _, symbol, shift in looks:
        values = known[rate].tolist()
        figure.add_scatter(
            x=[place + shift for place in places],
            y=values,
            mode="markers",
            name=labels.text(f"column.{rate}", lang),
            marker={"color": colour, "size": 9, "symbol": symbol},
            error_y=marks.bars(values, known[f"{rate}_low"], known[f"{rate}_high"], colour),
            hovertext=[
                labels.text(
                    "figure.pair",
                    lang,
                    name=labels.text(f"column.{rate}", lang),
                    value=text.shown(text.share(value, lang)),
                )
                for value in values
            ],
            hoverinfo="text",
            cliponaxis=False,
        )
    top = float(known[f"{rates[0]}_high"].max())
    ink = [(labels.text(f"column.{rate}", lang), words, mark)
           for rate, _, words, mark, _ in looks]  # fmt: skip
    marks.key(figure, [(("●" if mark == "circle" else "◆") + " " + said, colour)
                  for said, colour, mark in ink])  # fmt: skip
    names = [_month(value, lang) for value in known["cohort"]]
    figure.update_xaxes(
        tickvals=places,
        ticktext=[
            f"{name}<br>{labels.text('figure.nurture.followed', lang, n=int(n))}"
            for name, n in zip(names, known["followed"], strict=True)
        ],
        range=[-0.5, len(known) - 0.5],
    )
    figure.update_yaxes(
        range=[0, min(1.0, top * 1.08)], tickformat=".0%", showgrid=True, domain=[0, 0.9], nticks=6,
        tickfont={"color": style.GREY_TEXT},
    )  # fmt: skip
    sparse = [
        tick if place % 2 == 0 or len(known) < 6 else ""
        for place, tick in enumerate(figure.layout.xaxis.ticktext)
    ]
    return style.finished(
        figure,
        alt=findings.cohorts(cohorts, lang=lang),
        subtitle=subtitle,
        phone={"xaxis.ticktext": sparse},
    )


def waiting(curve: pd.DataFrame, reached: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """What share has answered positively after how many days?

    Parameters
    ----------
    curve
        From ``estimates.survival`` of ``nurture.waiting``, one curve: ``time, at_risk, survival``
        and its bounds.
    reached
        From ``estimates.survival_at`` of that curve, at the day the finding tells of.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        One less the Kaplan–Meier curve, with its interval, up to 90 days.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> curve = pd.DataFrame({"time": [0.0, 5.0], "at_risk": [10, 10], "survival": [1.0, 0.9],
    ...                       "survival_low": [None, 0.5], "survival_high": [None, 0.98]})
    >>> reached = curve.tail(1)
    >>> [round(y, 1) for y in waiting(curve, reached).data[-1].y]
    [0.0, 0.1]
    """
    columns = ("time", "at_risk", "survival", "survival_low", "survival_high")
    schema.require(curve, "curve", columns, made_by="estimates.survival(…)")
    title = labels.text("figure.nurture.waiting.title", lang)
    subtitle = labels.text("figure.nurture.waiting.subtitle", lang)
    if curve.empty or not len(curve[curve["time"] > 0]):
        return style.no_data(title, subtitle=subtitle, lang=lang)
    seen = curve[curve["time"] <= _LAST_DAY]
    times = seen["time"].tolist()
    share = [1 - float(value) for value in seen["survival"]]
    low, high = (
        (1 - seen[name].astype("float64")).fillna(0.0).tolist()
        for name in ("survival_high", "survival_low")
    )
    figure = style.base(title, height=360)
    line: dict[str, Any] = {"shape": "hv", "width": 0, "color": style.KEPT}
    figure.add_scatter(x=times, y=low, mode="lines", line=line, hoverinfo="skip", name="")
    figure.add_scatter(
        x=times, y=high, mode="lines", line=line, hoverinfo="skip", fill="tonexty",
        fillcolor=style.KEPT_TINT, name="",
    )  # fmt: skip
    figure.add_scatter(
        x=times,
        y=share,
        mode="lines",
        line={"shape": "hv", "width": 2.5, "color": style.KEPT},
        name=labels.text("figure.nurture.waiting.title", lang),
        hovertext=[
            labels.text(
                "figure.nurture.waiting.hover",
                lang,
                day=int(day),
                share=text.shown(text.share(value, lang)),
                n=labels.number(int(n), lang),
            )
            for day, value, n in zip(times, share, seen["at_risk"], strict=True)
        ],
        hoverinfo="text",
    )
    end = min(_LAST_DAY, max(times))
    figure.add_annotation(
        x=end, y=share[-1], text=f"<b>{text.shown(text.share(share[-1], lang))}</b>",
        showarrow=False, xanchor="right", yanchor="bottom", yshift=3, borderpad=0,
        font={"color": style.KEPT_TEXT, "size": style.SIZE},
    )  # fmt: skip
    figure.update_xaxes(
        title={"text": labels.text("figure.nurture.waiting.x", lang)},
        # a little air, so that the first tick stands clear of the other axis
        range=[-end * 0.06, end * 1.02],
        tickvals=[day for day in range(0, _LAST_DAY + 1, 15) if day <= end],
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, max([*high, 0.05]) * 1.08], tickformat=".0%", showgrid=True, nticks=6,
        tickfont={"color": style.GREY_TEXT},
    )  # fmt: skip
    return style.finished(figure, alt=findings.waiting(reached, lang=lang), subtitle=subtitle)


def _month(value: pd.Timestamp, lang: labels.Lang) -> str:
    return periods.containing(value.date(), "month").label(lang).replace(" ", "<br>")
