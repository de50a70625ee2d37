"""Which model is closest, and what were classes really worth?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import lifetime as findings
from workbench.words import Words

_NOT_SEEN = "not_seen"


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
    words = Words(lang).within("figure.lifetime.models")
    rows = scores.sort_values(["mean_absolute_error", "model"], ignore_index=True)
    is_fit = rows["converged"].astype("bool")
    worse = rows["bic"] - rows["bic"].min()
    rows = rows.assign(
        no_fit=is_fit.map({False: words("no_fit")}),
        rank=is_fit.map({False: words("no_fit"), True: words("best")}),
        worse=worse.where(worse > 0),
        error=["grey" if place else "kept" for place in rows.index],
        fit=["grey" if one else "kept" for one in worse],
    )
    panes = [
        charts.Bars(
            rows=rows,
            label="model",
            label_as="model",
            value=value,
            counts="converged",
            tone=head,
            beside=f"beside_{head}",
            hover="hover",
            narrowest_px=charts.style.PANEL_PX,
        )
        for head, value in (("error", "wape"), ("fit", "worse"))
    ]
    return charts.Panes(charts=panes, heads=["error", "fit"]).drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", n=int(scores["customers"].max()) if len(scores) else 0),
        alt=findings.models(scores, lang=lang),
    )


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
