"""Did customers buy as the model expected, by frequency and week by week?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.bins import ticks
from workbench.findings import lifetime as findings

_MADE_BY = "models.compare(orders, …)"


def calibration(by_frequency: pd.DataFrame, *, model: str, lang: labels.Lang = "en") -> go.Figure:
    """Did those who had bought seldom, and those who had bought often, buy as was expected?

    Parameters
    ----------
    by_frequency
        One row per model and number of repeat purchases, of ``models.compare``.
    model
        The name of the model's class, such as ``BetaGeo``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of the mean purchases with their intervals, and what was expected.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"model": "BetaGeo", "repeat_purchases": [0, 7],
    ...     "is_open_ended": [False, True], "customers": [774, 517], "actual_mean": [0.14, 5.33],
    ...     "actual_mean_low": [0.1, 5.0], "actual_mean_high": [0.2, 5.7], "expected_mean": [0.37, 6.06]})
    >>> calibration(table, model="BetaGeo").layout.xaxis.ticktext
    ('0<br><b>774</b>', '7+<br><b>517</b>')
    """
    means = ("actual_mean", "actual_mean_low", "actual_mean_high", "expected_mean")
    columns = ("model", "repeat_purchases", "is_open_ended", "customers", *means)
    title = labels.text("figure.lifetime.calibration.title", lang)
    said = {"model": findings.model(model, lang)}
    subtitle = labels.text("figure.lifetime.calibration.subtitle", lang, **said)
    schema.require(by_frequency, "by_frequency", columns, made_by=_MADE_BY)
    rows = by_frequency.loc[by_frequency["model"] == model]
    rows = rows.sort_values("repeat_purchases", ignore_index=True)
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    places = list(range(len(rows)))
    actual = rows["actual_mean"].astype("float64")
    high = rows["actual_mean_high"].astype("float64").fillna(actual)
    low = rows["actual_mean_low"].astype("float64").fillna(actual).clip(lower=0)
    bought, expected = (labels.text(f"figure.lifetime.{k}", lang) for k in ("happened", "expected"))
    hover = [
        f"{bought} <b>{labels.number(row['actual_mean'], lang, digits=2)}</b><br>"
        f"{expected} <b>{labels.number(row['expected_mean'], lang, digits=2)}</b><br>"
        f"{text.customers(int(row['customers']), lang)}"
        for _, row in rows.iterrows()
    ]
    figure = style.base(title, height=380)
    figure.add_bar(
        x=places,
        y=actual.tolist(),
        marker={"color": style.KEPT, "line": {"width": 0}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (high - actual).tolist(),
            "arrayminus": (actual - low).tolist(),
            "color": style.INK,
            "thickness": 1.5,
            "width": 4,
        },
        hovertext=hover,
        hoverinfo="text",
        name=bought,
    )
    figure.add_scatter(
        x=places, y=rows["expected_mean"].tolist(), mode="markers",
        marker={
            "color": style.PAPER, "symbol": "diamond", "size": 11,
            "line": {"color": style.INK, "width": 2},
        },
        hovertext=hover, hoverinfo="text", name=expected,
    )  # fmt: skip
    # a few customers tell nothing: their interval may leave the picture
    most = max(float(actual.max()), float(rows["expected_mean"].max()), 0.01)
    top = min(max(float(high.max()), most), 1.6 * most)
    marks = ticks(top) if top >= 2 else [0, round(top / 2, 2), round(top, 2)]
    figure.update_yaxes(
        range=[0, top * 1.06], tickvals=marks, showgrid=True,
        tickfont={"color": style.GREY_TEXT}, ticklabelstandoff=6,
    )  # fmt: skip
    figure.update_xaxes(
        title={"text": labels.text("figure.lifetime.calibration.x", lang)},
        tickvals=places,
        ticktext=[
            f"{int(row['repeat_purchases'])}{'+' if row['is_open_ended'] else ''}"
            f"<br><b>{labels.number(int(row['customers']), lang)}</b>"
            for _, row in rows.iterrows()
        ],
        tickangle=0,
        showline=True,
        linecolor=style.GREY,
    )
    figure.update_layout(bargap=0.25)
    alt = findings.calibration(by_frequency, model, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle)


def tracking(tracking: pd.DataFrame, *, model: str, lang: labels.Lang = "en") -> go.Figure:
    """Did as many purchases happen, week by week, as the model expected?

    Parameters
    ----------
    tracking
        One row per model and step, of ``models.compare``.
    model, lang
        As in ``calibration``.

    Returns
    -------
    plotly.graph_objects.Figure
        Two lines, both added up; the weeks the model had not seen are marked.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"model": "BetaGeo", "until": pd.to_datetime(["2026-01-31", "2026-10-31"]),
    ...     "is_holdout": [False, True], "actual_purchases": [900, 100], "actual_cumulated": [900, 1000],
    ...     "expected_purchases": [910.0, 119.0], "expected_cumulated": [910.0, 1029.0]})
    >>> tracking(table, model="BetaGeo").data[0].y
    (900.0, 1000.0)
    """
    counts = [
        f"{what}_{how}" for what in ("actual", "expected") for how in ("purchases", "cumulated")
    ]
    title = labels.text("figure.lifetime.tracking.title", lang)
    said = {"model": findings.model(model, lang)}
    subtitle = labels.text("figure.lifetime.tracking.subtitle", lang, **said)
    schema.require(
        tracking, "tracking", ("model", "until", "is_holdout", *counts), made_by=_MADE_BY
    )
    rows = tracking.loc[tracking["model"] == model].sort_values("until", ignore_index=True)
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    places = list(range(len(rows)))
    figure = style.base(title, height=380)
    lines = (
        ("actual_cumulated", "happened", style.KEPT, style.KEPT_TEXT, "solid", "━"),
        ("expected_cumulated", "expected", style.INK, style.INK, "dot", "┅"),
    )
    top = max(float(rows[name].max()) for name, *_ in lines)
    for i, (name, word, colour, ink, dash, sign) in enumerate(lines):
        named = labels.text(f"figure.lifetime.{word}", lang)
        figure.add_scatter(
            x=places, y=rows[name].astype("float64").tolist(), mode="lines",
            line={"color": colour, "width": 3, "dash": dash}, name=named, hoverinfo="text",
            hovertext=[
                f"{named} <b>{labels.number(value, lang)}</b><br>{labels.date(day, lang)}"
                for value, day in zip(rows[name], rows["until"], strict=True)
            ],
        )  # fmt: skip
        figure.add_annotation(
            text=f"{sign} {named}", showarrow=False, xref="paper", x=0, xanchor="left",
            yref="paper", y=1, yanchor="top", yshift=-19 * i, borderpad=0,
            font={"color": ink, "size": style.SMALL},
        )  # fmt: skip
    _mark_holdout(figure, rows, lang)
    marks = ticks(top)
    figure.update_yaxes(
        range=[0, max(top, 1) * 1.04], domain=[0, 0.82], tickvals=marks, showgrid=True,
        ticktext=[text.short(mark, lang) for mark in marks],
        tickfont={"color": style.GREY_TEXT}, ticklabelstandoff=6,
    )  # fmt: skip
    shown = _thinned(places, at_most=6)
    few = _thinned(places, at_most=3)
    figure.update_xaxes(
        range=[-0.5, places[-1] + 0.5],
        tickvals=shown,
        ticktext=[_short(rows["until"].iloc[i], lang) for i in shown],
        tickangle=0,
        showline=True,
        linecolor=style.GREY,
    )
    phone = {
        "xaxis.tickvals": few,
        "xaxis.ticktext": [_short(rows["until"].iloc[i], lang) for i in few],
    }
    alt = findings.tracking(tracking, model, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def _mark_holdout(figure: go.Figure, rows: pd.DataFrame, lang: labels.Lang) -> None:
    """Draw where the days begin that the model had not seen."""
    later = rows.index[rows["is_holdout"].astype("bool")]
    if not len(later):
        return
    edge = float(later[0]) - 0.5
    figure.add_shape(
        type="line", xref="x", x0=edge, x1=edge, yref="paper", y0=0, y1=0.82,
        line={"color": style.GREY, "width": 2, "dash": "dot"},
    )  # fmt: skip
    late = edge > len(rows) / 2
    figure.add_annotation(
        text=labels.text("figure.lifetime.tracking.holdout", lang) + (" →" if late else ""),
        showarrow=False, xref="x", x=edge, xanchor="right" if late else "left",
        xshift=-6 if late else 6, yref="paper", y=0.02, yanchor="bottom", borderpad=0,
        font={"color": style.GREY_TEXT, "size": style.SMALL},
    )  # fmt: skip


def _thinned(places: list[int], *, at_most: int) -> list[int]:
    step = -(-len(places) // at_most)
    # from the middle of the first stretch on, so that no label reaches beyond the picture
    return places[step // 2 :: step]


def _short(day: Any, lang: labels.Lang) -> str:
    from babel.dates import format_date

    pattern, locale = ("d MMM yy", "en_GB") if lang == "en" else ("yy/M/d", "zh_CN")
    return str(format_date(day, pattern, locale=locale))
