"""Which model is closest, and what were classes really worth?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.figures import style, text
from workbench.findings import lifetime as findings
from workbench.words import Words

_NOT_SEEN = "not_seen"
# a panel on a phone is narrower than a report
_PHONE_PX = 222


def models(scores: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """Which model came closest to what customers did next, and which fits best?

    Parameters
    ----------
    scores
        One row per model, the ``scores`` of ``models.compare``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Above, the errors on days the models had not seen, with the bias; below, how far the BIC of
        each is above the best. A model without a fit keeps its row.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> scores = pd.DataFrame({"model": ["BetaGeo", "NBD"], "loglik": [-90.0, -95.0],
    ...     "aic": [188.0, 194.0], "bic": [190.0, 195.0], "mean_absolute_error": [1.25, 1.92],
    ...     "wape": [0.56, 0.85], "bias": [0.18, 0.61], "customers": 1609,
    ...     "holdout_purchases": 3617, "converged": True})
    >>> [trace.x for trace in models(scores).data if trace.type == "bar"]
    [(0.56, 0.85), (0.0, 5.0)]
    """
    likelihood = ("loglik", "aic", "bic")
    columns = (
        "model",
        *likelihood,
        "mean_absolute_error",
        "wape",
        "bias",
        "customers",
        "converged",
    )
    schema.require(
        scores, "scores", (*columns, "holdout_purchases"), made_by="models.compare(orders, …)"
    )
    title = labels.text("figure.lifetime.models.title", lang)
    seen = int(scores["customers"].max()) if len(scores) else 0
    subtitle = labels.text(
        "figure.lifetime.models.subtitle", lang, customers=text.customers(seen, lang)
    )
    rows = scores.sort_values(["mean_absolute_error", "model"], ignore_index=True)
    if not rows["converged"].astype("bool").any():
        return style.no_data(title, subtitle=subtitle, lang=lang)

    names = [findings.model(str(name), lang) for name in rows["model"]]
    no_fit = labels.text("figure.lifetime.models.no_fit", lang)
    worse = (rows["bic"] - rows["bic"].min()).astype("float64")
    errors = [_error(row, no_fit, lang) for row in _rows(rows)]
    fits = [
        no_fit if pd.isna(much)
        else labels.text("figure.lifetime.models.best", lang) if much == 0
        else f"+{labels.number(much, lang, digits=0 if much >= 10 else 1)}"
        for much in worse
    ]  # fmt: skip
    parts = (
        ("error", rows["wape"].astype("float64").fillna(0.0).tolist(), errors),
        ("fit", worse.fillna(0.0).tolist(), fits),
    )
    figure = style.base(title, height=112 + 2 * (30 * len(rows) + 12))
    hover = [_scored(name, row, no_fit, lang) for name, row in zip(names, _rows(rows), strict=True)]
    phone: dict[str, Any] = {}
    for part, (word, values, beside) in enumerate(parts):
        phone |= _bars(figure, part, word, values, beside, names, hover, lang)
    figure.update_layout(bargap=0.35)
    alt = findings.models(scores, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def classes(
    judged: pd.DataFrame,
    *,
    horizon_days: int,
    by: str = "segment",
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """What did classes really spend in the days after, and was that expected?

    Parameters
    ----------
    judged
        One row per class, from ``value.judge``.
    horizon_days
        How many days after.
    by
        The column of the class: ``segment``, or ``tenth`` for the order of a model.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        The money per customer of each class with its interval, and what a model expected, where
        it was asked.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> judged = pd.DataFrame({"segment": ["key_champion", "not_seen"], "customers": [100, 9],
    ...     "monetary_per_customer": [123.0, 20.0], "monetary_per_customer_low": [100.0, 10.0],
    ...     "monetary_per_customer_high": [146.0, 30.0], "monetary_ahead_share": [0.9, 0.1],
    ...     "predicted": [11_000.0, None]})
    >>> [trace.x[0] for trace in classes(judged, horizon_days=90).data]
    [123.0, 110.0]
    """
    money = [f"monetary_per_customer{end}" for end in ("", "_low", "_high")]
    columns = (by, "customers", "monetary_ahead_share", "predicted", *money)
    schema.require(judged, "judged", columns, made_by="value.judge(classes, spent)")
    words = Words(lang, currency).within("figure.lifetime.classes")
    rows = _in_order(judged, by)
    chart = charts.Dots(
        rows=rows.assign(
            name=[findings.class_name(by, str(name), lang) for name in rows[by]],
            expected=(rows["predicted"] / rows["customers"].where(rows["customers"] > 0)),
        ),
        values=["monetary_per_customer", "expected"],
        names=["spent", "expected"],
        scale="number",
        under="under",
    )
    is_predicted = bool(judged["predicted"].notna().any())
    return chart.drawn(
        words,
        title=words("tenths.title" if by == "tenth" else "segments.title"),
        subtitle=words(
            "segments.subtitle",
            days=horizon_days,
            predicted=words("segments.predicted") if is_predicted else None,
        ),
        alt=findings.classes(judged, horizon_days=horizon_days, by=by, lang=lang),
    )


def _in_order(judged: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sort classes by money per customer, tenths by number; who came new stands last."""
    is_new = judged[by].astype("str") == _NOT_SEEN
    place = (
        pd.to_numeric(judged[by], errors="coerce").fillna(0)
        if by == "tenth"
        else -judged["monetary_per_customer"].astype("float64")
    )
    keys = pd.DataFrame({"new": is_new, "place": place, "name": judged[by].astype("str")})
    return judged.loc[keys.sort_values(["new", "place", "name"]).index].reset_index(drop=True)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _bars(
    figure: go.Figure,
    part: int,
    word: str,
    values: list[float],
    beside: list[str],
    names: list[str],
    hover: list[str],
    lang: labels.Lang,
) -> dict[str, Any]:
    """Draw one of two rows of bars, named above; give what changes on a phone."""
    x, y = ("x", "y") if not part else ("x2", "y2")
    places = list(range(len(values)))
    shown = [style.KEPT if not i else style.GREY for i in places]
    if part:
        least = min((one for one, said in zip(values, beside, strict=True) if said), default=0.0)
        shown = [style.KEPT if one == least else style.GREY for one in values]
    figure.add_bar(
        orientation="h", x=values, y=places, xaxis=x, yaxis=y, hovertext=hover, hoverinfo="text",
        marker={"color": shown, "line": {"width": 0}}, text=[f" {said}" for said in beside],
        textposition="outside", textfont={"color": style.GREY_TEXT, "size": style.SMALL},
        cliponaxis=False,
    )  # fmt: skip
    domain = [0.53, 0.94] if not part else [0.0, 0.41]
    axis = {"fixedrange": True, "showgrid": False}
    rooms = [text.room(values, beside, names, window_px=px) for px in (style.WIDE_PX, _PHONE_PX)]
    figure.update_layout(
        {
            f"xaxis{x[1:]}": {**axis, "anchor": y, "visible": False, "range": rooms[0]},
            f"yaxis{y[1:]}": {
                **axis, "anchor": x, "domain": domain, "tickvals": places, "ticktext": names,
                "range": [len(values) - 0.5, -0.5], "ticklabelstandoff": 6, "automargin": True,
            },
        }
    )  # fmt: skip
    figure.add_annotation(
        text=labels.text(f"figure.lifetime.models.{word}", lang), showarrow=False, xref="paper",
        x=0, xanchor="left", yref="paper", y=domain[1], yanchor="bottom", yshift=3, borderpad=0,
        font={"color": style.GREY_TEXT, "size": style.SMALL},
    )  # fmt: skip
    return {f"xaxis{x[1:]}.range": rooms[1]}


def _error(row: dict[str, Any], no_fit: str, lang: labels.Lang) -> str:
    if not row["converged"]:
        return no_fit
    if pd.isna(row["wape"]):
        return labels.MISSING
    sign = "+" if row["bias"] > 0 else ""
    bias = f"{sign}{labels.percent(row['bias'], lang)}"
    return f"<b>{labels.percent(row['wape'], lang)}</b> ({bias})"


def _scored(name: str, row: dict[str, Any], no_fit: str, lang: labels.Lang) -> str:
    if not row["converged"]:
        return f"<b>{name}</b><br>{no_fit}"
    said = {key: labels.number(row[key], lang) for key in ("loglik", "aic", "bic")}
    off = labels.number(row["mean_absolute_error"], lang, digits=2)
    return f"<b>{name}</b><br>" + labels.text("figure.lifetime.models.hover", lang, off=off, **said)
