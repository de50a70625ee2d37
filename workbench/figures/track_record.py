"""How good was the warning on past days: by day, by band, by score, beside other rules?"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.findings import track_record as findings

# What was caught, and what of the warnings was right: a mark, the ink of its words, a sign.
_MEASURES = {
    "recall": (style.KEPT, style.KEPT_TEXT, "circle"),
    "precision": (style.RISK, style.RISK_TEXT, "diamond"),
}
_MADE_BY = "churn.backtest(orders, as_of_dates=…, horizon_days=…)"
_RATES = [f"{measure}{end}" for measure in ("recall", "precision") for end in ("", "_low", "_high")]


def by_date(
    by_date: pd.DataFrame,
    *,
    horizon_days: int,
    rule: str = "interval_ratio",
    lang: labels.Lang = "en",
) -> go.Figure:
    """How good was the warning each time?

    Parameters
    ----------
    by_date
        One row per rule and day, the ``by_date`` of ``churn.backtest``.
    horizon_days
        How long customers were watched after each day.
    rule
        Whose warnings are drawn.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        The share caught and the share of warnings that were right, with their intervals, over the
        usual share who stayed away.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": ["interval_ratio"], "as_of": pd.to_datetime(["2026-07-31"]), "judged": [400],
    ...     "stayed_away": [60], "warned": [90], "caught": [38], "lift": [2.81],
    ...     "base_rate": [0.15], "threshold": [1.2],
    ...     "recall": [0.63], "recall_low": [0.5], "recall_high": [0.74],
    ...     "precision": [0.42], "precision_low": [0.32], "precision_high": [0.52]})
    >>> [trace.y for trace in by_date(table, horizon_days=90).data]
    [(0.15,), (0.63,), (0.42,)]
    """
    columns = ("rule", "as_of", "judged", "stayed_away", "warned", "caught", "base_rate", "lift")
    schema.require(by_date, "by_date", (*columns, "threshold", *_RATES), made_by=_MADE_BY)
    title = labels.text("figure.track_record.by_date.title", lang)
    rows = by_date.loc[(by_date["rule"] == rule) & (by_date["judged"] > 0)].sort_values("as_of")
    edge = findings.threshold(rule, float(rows["threshold"].iloc[0]), lang) if len(rows) else ""
    subtitle = labels.text(
        "figure.track_record.by_date.subtitle",
        lang,
        band=edge or labels.text(f"rule.{rule}", lang),
        days=labels.number(horizon_days, lang),
    )
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    places = list(range(len(rows)))
    figure = style.base(title, height=380)
    figure.add_scatter(
        x=places, y=rows["base_rate"].tolist(), mode="lines",
        line={"color": style.GREY, "width": 2, "dash": "dot"}, hoverinfo="skip",
        name=labels.text("figure.track_record.base_rate", lang),
    )  # fmt: skip
    days = [labels.date(day, lang) for day in rows["as_of"]]
    for shift, measure in ((-0.06, "recall"), (0.06, "precision")):
        _dots(figure, rows, [place + shift for place in places], measure, days, lang)
    _name_above(figure, lang)
    figure.add_annotation(
        text=labels.text("figure.track_record.base_rate", lang), showarrow=False, xref="x",
        x=-0.3, xanchor="left", yref="y", y=0.01, yanchor="bottom",
        font={"color": style.GREY_TEXT, "size": style.SMALL},
    )  # fmt: skip
    _percent_axis(figure)
    ticks = _thinned(places, at_most=6)
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[_short(rows["as_of"].iloc[i], lang) for i in ticks],
        range=[-0.4, places[-1] + 0.4],
        tickangle=0,
        showline=True,
        linecolor=style.GREY,
    )
    few = _thinned(places, at_most=3)
    phone = {
        "xaxis.tickvals": few,
        "xaxis.ticktext": [_short(rows["as_of"].iloc[i], lang) for i in few],
    }
    alt = findings.headline(by_date, horizon_days=horizon_days, rule=rule, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def rules(record: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """Which rule warned best, at its band as set and at the best of earlier days?

    Parameters
    ----------
    record
        One row per rule and band, the ``record`` of ``churn.backtest``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> record = pd.DataFrame({
    ...     "rule": ["days_since_last"], "band": ["set"], "threshold": [90.0], "judged": [400],
    ...     "stayed_away": [60], "warned": [90], "lift": [2.81], "base_rate": [0.15],
    ...     "concordance": [0.74],
    ...     "recall": [0.63], "recall_low": [0.5], "recall_high": [0.74],
    ...     "precision": [0.42], "precision_low": [0.32], "precision_high": [0.52]})
    >>> rules(record).layout.yaxis.ticktext
    ('90 days or more',)
    """
    columns = ("rule", "band", "threshold", "judged", "warned", "lift", "base_rate", "concordance")
    schema.require(record, "record", (*columns, *_RATES), made_by=_MADE_BY)
    title = labels.text("figure.track_record.rules.title", lang)
    subtitle = labels.text("figure.track_record.rules.subtitle", lang)
    rows = record.loc[record["judged"] > 0].reset_index(drop=True)
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    places = [len(rows) - 1 - i for i in range(len(rows))]
    figure = style.base(title, height=134 + 40 * len(rows))
    for shift, measure in ((0.12, "recall"), (-0.12, "precision")):
        mark, _, sign = _MEASURES[measure]
        figure.add_scatter(
            x=rows[measure].tolist(), y=[place + shift for place in places], mode="markers",
            marker={"color": mark, "symbol": sign, "size": 9},
            error_x=_interval(rows, measure, mark),
            hovertext=_said(rows, measure, [_band(row, lang, " · ") for row in _rows(rows)], lang),
            hoverinfo="text", name=labels.text(f"figure.track_record.{measure}", lang),
        )  # fmt: skip
    base = float(rows["base_rate"].iloc[0])
    figure.add_shape(
        type="line", xref="x", x0=base, x1=base, yref="y", y0=-0.5, y1=len(rows) - 0.5,
        line={"color": style.GREY, "width": 2, "dash": "dot"},
    )  # fmt: skip
    figure.update_xaxes(
        range=[-0.02, 1.04], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", showgrid=True
    )
    figure.update_yaxes(
        tickvals=places,
        ticktext=[_band(row, lang, "<br>") for row in _rows(rows)],
        range=[-0.5, len(rows) - 0.5],
        ticklabelstandoff=6,
    )
    _name_above(figure, lang, at=1)
    phone = {"xaxis.tickvals": [0, 0.5, 1]}
    return style.finished(
        figure, alt=findings.rules(record, lang=lang), subtitle=subtitle, phone=phone
    )


def bands(
    bands: pd.DataFrame,
    record: pd.DataFrame,
    *,
    rule: str = "interval_ratio",
    lang: labels.Lang = "en",
) -> go.Figure:
    """What would another band have caught, on the days that chose none?

    Parameters
    ----------
    bands, record
        Of ``churn.backtest``.
    rule
        Whose bands are drawn.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": "interval_ratio", "threshold": [1.2, 1.4], "is_set": [True, False],
    ...     "is_chosen": [False, True], "recall_judging": [0.47, 0.4],
    ...     "precision_judging": [0.36, 0.42], "warned_judging": [234, 172]})
    >>> record = pd.DataFrame({
    ...     "rule": "interval_ratio", "band": ["set", "chosen"], "threshold": [1.2, 1.4],
    ...     "stayed_away": 182, "warned": [234, 172], "recall": [0.467, 0.401]})
    >>> bands(table, record).data[0].x
    (1.2, 1.4)
    """
    columns = ("rule", "threshold", "is_set", "is_chosen", "warned_judging")
    needed = (*columns, "recall_judging", "precision_judging")
    schema.require(bands, "bands", needed, made_by=_MADE_BY)
    title = labels.text("figure.track_record.bands.title", lang)
    subtitle = labels.text(
        "figure.track_record.bands.subtitle", lang, rule=labels.text(f"rule.{rule}", lang)
    )
    rows = bands.loc[(bands["rule"] == rule) & bands["recall_judging"].notna()]
    rows = rows.sort_values("threshold")
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    figure = style.base(title, height=380)
    for measure, (mark, _, _) in _MEASURES.items():
        said = [
            f"<b>{labels.percent(row[f'{measure}_judging'], lang)}</b> "
            f"{labels.text(f'figure.track_record.{measure}', lang)}<br>"
            f"{findings.threshold(rule, row['threshold'], lang)}"
            for row in _rows(rows)
        ]
        figure.add_scatter(
            x=rows["threshold"].tolist(), y=rows[f"{measure}_judging"].tolist(), mode="lines",
            line={"color": mark, "width": 3, "dash": "solid" if measure == "recall" else "dash"},
            hovertext=said, hoverinfo="text",
            name=labels.text(f"figure.track_record.{measure}", lang),
        )  # fmt: skip
    _percent_axis(figure)
    low, high = float(rows["threshold"].iloc[0]), float(rows["threshold"].iloc[-1])
    figure.update_xaxes(
        title={"text": labels.text(f"figure.track_record.axis.{rule}", lang)},
        # a little air, so that the first tick stands clear of the other axis
        range=[low - (high - low) * 0.06, high + (high - low) * 0.04],
        showline=True,
        linecolor=style.GREY,
    )
    _name_above(figure, lang)
    _mark_bands(figure, rows, lang)
    alt = findings.bands(record, rule=rule, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle)


def calibration(
    calibration: pd.DataFrame, *, rule: str = "interval_ratio", lang: labels.Lang = "en"
) -> go.Figure:
    """Do customers with a worse score stay away more often?

    Parameters
    ----------
    calibration
        One row per rule and bin, the ``calibration`` of ``churn.backtest``.
    rule
        Whose scores are drawn.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "rule": "interval_ratio", "left": [0.0, 2.5], "right": [0.4, 3.0],
    ...     "customers": [900, 80], "away_share": [0.11, 0.6], "away_share_low": [0.1, 0.5],
    ...     "away_share_high": [0.12, 0.7], "predicted_share": [None, None]})
    >>> calibration(table).data[0].y
    (0.11, 0.6)
    """
    columns = ("rule", "left", "right", "customers", "away_share", "predicted_share")
    needed = (*columns, "away_share_low", "away_share_high")
    schema.require(calibration, "calibration", needed, made_by=_MADE_BY)
    title = labels.text("figure.track_record.calibration.title", lang)
    subtitle = labels.text(
        "figure.track_record.calibration.subtitle", lang, rule=labels.text(f"rule.{rule}", lang)
    )
    rows = calibration.loc[(calibration["rule"] == rule) & (calibration["customers"] > 0)]
    rows = rows.sort_values("left").reset_index(drop=True)
    if rows.empty:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    names = [findings.span(row["left"], row["right"], lang) for row in _rows(rows)]
    figure = style.base(title, height=380)
    figure.add_bar(
        x=list(range(len(rows))),
        y=rows["away_share"].tolist(),
        marker={"color": style.RISK, "line": {"width": 0}},
        error_y=_interval(rows, "away_share", style.INK),
        customdata=rows["customers"].tolist(),
        hovertext=[
            f"<b>{labels.percent(row['away_share'], lang)}</b><br>{name}<br>"
            f"{text.customers(int(row['customers']), lang)}"
            for row, name in zip(_rows(rows), names, strict=True)
        ],
        hoverinfo="text",
        name=labels.text("figure.track_record.away_share", lang),
    )
    if rows["predicted_share"].notna().any():
        figure.add_scatter(
            x=list(range(len(rows))), y=rows["predicted_share"].tolist(), mode="markers",
            marker={"color": style.INK, "symbol": "diamond-open", "size": 10, "line": {"width": 2}},
            hoverinfo="skip", name=labels.text("figure.track_record.predicted", lang),
        )  # fmt: skip
    _percent_axis(figure)
    ticks = [
        f"{row['left']:g}{'+' if row['right'] == float('inf') else ''}"
        f"<br><b>{labels.number(int(row['customers']), lang)}</b>"
        for row in _rows(rows)
    ]
    figure.update_xaxes(
        title={"text": labels.text(f"figure.track_record.axis.{rule}", lang)},
        tickvals=list(range(len(rows))),
        ticktext=ticks,
        showline=True,
        linecolor=style.GREY,
    )
    figure.update_layout(bargap=0.25)
    alt = findings.calibration(calibration, rule=rule, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _interval(rows: pd.DataFrame, name: str, colour: str) -> dict[str, Any]:
    value = rows[name].astype("float64")
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows[f"{name}_high"] - value).tolist(),
        "arrayminus": (value - rows[f"{name}_low"]).tolist(),
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def _dots(
    figure: go.Figure,
    rows: pd.DataFrame,
    places: list[float],
    measure: str,
    days: list[str],
    lang: labels.Lang,
) -> None:
    mark, _, sign = _MEASURES[measure]
    figure.add_scatter(
        x=places, y=rows[measure].tolist(), mode="markers",
        marker={"color": mark, "symbol": sign, "size": 9}, error_y=_interval(rows, measure, mark),
        hovertext=_said(rows, measure, days, lang), hoverinfo="text",
        name=labels.text(f"figure.track_record.{measure}", lang),
    )  # fmt: skip


def _said(rows: pd.DataFrame, measure: str, names: Sequence[str], lang: labels.Lang) -> list[str]:
    return [
        f"<b>{labels.percent(row[measure], lang)}</b> "
        f"{labels.text(f'figure.track_record.{measure}', lang)}<br>{name}<br>"
        + labels.text(
            "figure.track_record.interval",
            lang,
            low=labels.percent(row[f"{measure}_low"], lang),
            high=labels.percent(row[f"{measure}_high"], lang),
        )
        for row, name in zip(_rows(rows), names, strict=True)
    ]


def _band(row: dict[str, Any], lang: labels.Lang, joint: str) -> str:
    said = findings.threshold(row["rule"], row["threshold"], lang)
    if row["band"] == "chosen":
        said += joint + labels.text("figure.track_record.chosen", lang)
    return said


def _name_above(figure: go.Figure, lang: labels.Lang, *, at: float = 0) -> None:
    """Name the marks above the plot, each in its own colour; the plot makes way."""
    for i, (measure, (_, ink, sign)) in enumerate(_MEASURES.items()):
        said = labels.text(f"figure.track_record.{measure}", lang)
        figure.add_annotation(
            text=f"{'●' if sign == 'circle' else '◆'} {said}", showarrow=False, xref="paper", x=at,
            xanchor="right" if at else "left", yref="paper", y=1, yanchor="top", yshift=-19 * i,
            borderpad=0, font={"color": ink, "size": style.SMALL},
        )  # fmt: skip
    figure.update_yaxes(domain=[0, _below_names(figure)])


def _below_names(figure: go.Figure) -> float:
    # title and axis take about 90 px of the height, the two names 44 of the rest
    return 1 - 44 / max(float(figure.layout.height) - 90, 88)


def _mark_bands(figure: go.Figure, rows: pd.DataFrame, lang: labels.Lang) -> None:
    """Draw where the warning begins as set, and where the earlier days would have it begin."""
    low, high = float(rows["threshold"].iloc[0]), float(rows["threshold"].iloc[-1])
    marks = []
    for kind, colour in (("set", style.INK), ("chosen", style.KEPT)):
        for value in rows.loc[rows[f"is_{kind}"], "threshold"]:
            marks.append((kind, float(value), colour))
    if len(marks) == 2 and marks[0][1] == marks[1][1]:
        marks = [("both", marks[0][1], style.INK)]
    top = _below_names(figure)
    values = [value for _, value, _ in marks]
    # both names on the side with more room, clear of both lines
    far = bool(values) and max(values) - low > (high - low) * 0.6
    beside = (min(values) if far else max(values)) if values else low
    for i, (kind, value, colour) in enumerate(marks):
        figure.add_shape(
            type="line", xref="x", x0=value, x1=value, yref="paper", y0=0, y1=top,
            line={"color": colour, "width": 1.5, "dash": "dot"},
        )  # fmt: skip
        figure.add_annotation(
            text=labels.text(f"figure.track_record.band.{kind}", lang, value=f"{value:g}"),
            showarrow=False, xref="x", x=beside, xanchor="right" if far else "left",
            xshift=-6 if far else 6, yref="paper", y=top, yanchor="top", yshift=-17 * i,
            borderpad=0,
            font={"color": style.INK if kind != "chosen" else style.KEPT_TEXT, "size": style.SMALL},
        )  # fmt: skip


def _percent_axis(figure: go.Figure) -> None:
    figure.update_yaxes(
        range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", showgrid=True,
        tickfont={"color": style.GREY_TEXT}, ticklabelstandoff=6,
    )  # fmt: skip


def _thinned(places: list[int], *, at_most: int) -> list[int]:
    step = -(-len(places) // at_most)
    return places[len(places) - 1 :: -step][::-1]


def _short(day: Any, lang: labels.Lang) -> str:
    from babel.dates import format_date

    pattern, locale = ("d MMM yy", "en_GB") if lang == "en" else ("yy/M/d", "zh_CN")
    return str(format_date(day, pattern, locale=locale))
