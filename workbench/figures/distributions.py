"""How are recency, frequency and money spread, and where do the scores cut?"""

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.bins import drawn_bins, folded, ticks
from workbench.findings import rfm as findings

_MEASURES = ("recency_days", "frequency", "monetary")
_ROW_PX = 170


def distributions(
    distribution: pd.DataFrame,
    cut_points: pd.DataFrame,
    *,
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """How are recency, frequency and money spread, and where do the scores cut?

    One histogram per measure. The bars that count as high are in the colour of what is kept, the
    threshold is labelled, and the scores stand above their stretch where there is room. Bars stand
    for customers per bin width, so that a bin cut by a score keeps the shape; the hover text
    counts customers.

    Parameters
    ----------
    distribution
        One row per measure and bin (``measure, left, right, customers, score``), from
        ``rfm.distribution``; an open last bin has no ``right``.
    cut_points
        One row per cut (``measure, cut, score_from, is_high_threshold``), from
        ``rfm.cut_points``.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        With ``layout.meta``: ``alt``, ``subtitle``, ``height``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> bins = pd.DataFrame({"measure": ["frequency"] * 2, "left": [1.0, 2.0],
    ...                      "right": [2.0, 3.0], "customers": [7, 3], "score": [1, 2]})
    >>> cuts = pd.DataFrame({"measure": ["frequency"], "cut": [2.0], "score_from": [2],
    ...                      "is_high_threshold": [True]})
    >>> distributions(bins, cuts).data[0].customdata
    (7, 3)
    """
    schema.require(
        distribution,
        "distribution",
        ("measure", "left", "right", "customers", "score"),
        made_by="rfm.distribution(measures, cuts)",
    )
    schema.require(
        cut_points,
        "cut_points",
        ("measure", "cut", "score_from", "is_high_threshold"),
        made_by="rfm.cut_points(cuts)",
    )
    title = labels.text("figure.rfm.distributions.title", lang)
    present = [m for m in _MEASURES if (distribution["measure"] == m).any()]
    total = int(distribution.loc[distribution["measure"].isin(present[:1]), "customers"].sum())
    subtitle = labels.text(
        "figure.rfm.distributions.subtitle",
        lang,
        currency=style.currency(currency, lang),
        customers=text.customers(total, lang),
    )
    if not total:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    figure = style.base(title, height=40 + _ROW_PX * len(present))
    for row, measure in enumerate(present):
        bins = drawn_bins(folded(distribution[distribution["measure"] == measure]))
        cuts = cut_points[cut_points["measure"] == measure]
        _draw(figure, row, len(present), measure, bins, cuts, lang)
    alt = findings.thresholds(cut_points, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle)


def _draw(
    figure: go.Figure,
    row: int,
    rows: int,
    measure: str,
    bins: pd.DataFrame,
    cuts: pd.DataFrame,
    lang: labels.Lang,
) -> None:
    x, y = (f"{axis}{row + 1 if row else ''}" for axis in "xy")
    high = _is_high(measure, bins, cuts)
    figure.add_bar(
        x=bins["middle"].tolist(),
        y=bins["height"].tolist(),
        width=(bins["width"] * 0.94).tolist(),
        customdata=[int(n) for n in bins["customers"]],
        hovertext=[_said(measure, bin_, lang) for bin_ in bins.to_dict("records")],
        hoverinfo="text",
        marker={
            "color": [style.KEPT if is_high else style.GREY for is_high in high],
            "line": {"width": 0},
        },
        xaxis=x,
        yaxis=y,
    )
    # each row: bars in the lower part of its band, scores and the threshold's label above them
    band = 1 / rows
    bottom = 1 - (row + 1) * band + (52 / _ROW_PX) * band
    domain = [bottom, 1 - row * band - (36 / _ROW_PX) * band]
    start, end = float(bins["left"].min()), float(bins["end"].max())
    tops = float(bins["height"].max())
    tickvals, ticktext = _ticks(measure, bins, start, end, lang)
    axis = {"showgrid": False, "fixedrange": True}
    figure.update_layout(
        {
            f"xaxis{x[1:]}": {
                **axis,
                "anchor": y,
                "range": [start, end],
                "tickvals": tickvals,
                "ticktext": ticktext,
                "showline": True,
                "linecolor": style.GREY,
                "title": {"text": labels.text(f"figure.rfm.distributions.{measure}", lang)},
            },
            f"yaxis{y[1:]}": {
                **axis,
                "anchor": x,
                "domain": domain,
                "range": [0, tops * 1.04],
                "showgrid": True,
                "tickvals": ticks(tops, at_most=3),
                "tickformat": ",d",
                "tickfont": {"color": style.GREY_TEXT},
                "ticklabelstandoff": 6,
                "title": {"text": labels.text("figure.churn.ratios.y", lang)},
            },
        }
    )
    _mark_scores(figure, x, domain[1], bins, start, end)
    _mark_threshold(figure, x, y, domain[1], measure, cuts, (start, end), lang)


def _is_high(measure: str, bins: pd.DataFrame, cuts: pd.DataFrame) -> list[bool]:
    at = cuts[cuts["is_high_threshold"].astype(bool)]
    if at.empty:
        return [False] * len(bins)
    score = at["score_from"].iloc[0]
    if pd.notna(score):
        return [bool(held >= score) for held in bins["score"]]
    threshold = float(at["cut"].iloc[0])
    better = -1 if measure == "recency_days" else 1
    return [bool(better * middle >= better * threshold) for middle in bins["middle"]]


def _is_counted_one_by_one(measure: str, bins: pd.DataFrame) -> bool:
    return measure != "monetary" and math.isclose(float(bins["usual"].iloc[0]), 1)


def _ticks(
    measure: str, bins: pd.DataFrame, start: float, end: float, lang: labels.Lang
) -> tuple[list[float], list[str]]:
    is_open = bins[bins["is_open"]]
    last = float(is_open["left"].iloc[0]) if len(is_open) else math.inf
    usual = float(bins["usual"].iloc[0])
    shift = usual / 2 if _is_counted_one_by_one(measure, bins) else 0.0
    values = [v for v in ticks(end, at_most=6) if start <= v < min(last, end)]
    # a tick right beside the open bin would run into its label
    values = [v for v in values if last - v > (end - start) / 12]
    said = [text.short(v, lang) for v in values]
    if math.isfinite(last):
        values.append(last)
        said.append(text.short(last, lang) + "+")
    return [v + shift for v in values], said


def _said(measure: str, bin_: dict[Any, Any], lang: labels.Lang) -> str:
    left, right = float(bin_["left"]), float(bin_["right"])
    whole = measure != "monetary"
    write = labels.number if whole else labels.money
    if bin_["is_open"]:
        span = labels.text("figure.rfm.distributions.open", lang, left=write(left, lang))
    elif whole and right - left == 1:
        span = write(left, lang)
    else:
        last = right - 1 if whole else right
        span = labels.text(
            "figure.rfm.distributions.span", lang, left=write(left, lang), right=write(last, lang)
        )
    customers = text.customers(int(bin_["customers"]), lang)
    unit = labels.text(f"figure.rfm.distributions.{measure}", lang)
    score = labels.text("figure.rfm.distributions.score", lang, score=int(bin_["score"]))
    return f"<b>{customers}</b><br>{labels.text('figure.pair', lang, name=unit, value=span)}<br>{score}"


def _mark_scores(
    figure: go.Figure, x: str, y: float, bins: pd.DataFrame, start: float, end: float
) -> None:
    """Write each score above its stretch, where the stretch is wide enough on a phone."""
    spans = bins.groupby("score").agg(left=("left", "min"), right=("end", "max"))
    for score, span in zip(spans.index, spans.to_dict("records"), strict=True):
        if (span["right"] - span["left"]) / (end - start) * (style.PHONE_PX - 65) < 12:
            continue
        figure.add_annotation(
            text=str(score), showarrow=False, xref=x, x=(span["left"] + span["right"]) / 2,
            yref="paper", y=y, yanchor="bottom", borderpad=0,
            font={"color": style.GREY_TEXT, "size": style.SMALL},
        )  # fmt: skip


def _mark_threshold(
    figure: go.Figure,
    x: str,
    y: str,
    top: float,
    measure: str,
    cuts: pd.DataFrame,
    ends: tuple[float, float],
    lang: labels.Lang,
) -> None:
    at = cuts[cuts["is_high_threshold"].astype(bool)]
    if at.empty:
        return
    value = float(at["cut"].iloc[0])
    # the day of the cut itself still counts, and its bar ends a day later
    edge = math.floor(value) + 1 if measure == "recency_days" else value
    start, end = ends
    place = min(max(edge, start), end)
    said = labels.text(
        f"figure.rfm.distributions.high.{measure}",
        lang,
        value=labels.money(value, lang) if measure == "monetary" else labels.number(value, lang),
    )
    is_right = (place - start) / (end - start) > 0.55
    figure.add_shape(
        type="line", xref=x, x0=place, x1=place, yref=f"{y} domain", y0=0, y1=1.12,
        line={"color": style.KEPT_TEXT, "width": 1, "dash": "dot"},
    )  # fmt: skip
    figure.add_annotation(
        text=said, showarrow=False, xref=x, x=place, xanchor="right" if is_right else "left",
        yref="paper", y=top, yanchor="bottom", yshift=15, borderpad=0,
        font={"color": style.KEPT_TEXT, "size": style.SMALL},
    )  # fmt: skip
