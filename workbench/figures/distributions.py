"""How are recency, frequency and money spread, and where do the scores cut?"""

import math

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import rfm as findings
from workbench.words import Words

_MEASURES = ("recency_days", "frequency", "monetary")


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
    words = Words(lang, currency).within("figure.rfm.distributions")
    panes = charts.Panes(
        charts=[
            charts.Histogram(
                rows=distribution[distribution["measure"] == measure],
                x_title=f"{measure}.x", y_title="y", hover=f"{measure}.hover", score="score",
                line_at=_edge(measure, cut_points), line=f"{measure}.line",
                sides=("kept", "grey") if measure == "recency_days" else ("grey", "kept"),
                is_whole=measure != "monetary", is_folded=True,
            )
            for measure in _MEASURES
        ]
    )  # fmt: skip
    total = next((pane.rows["customers"].sum() for pane in panes.charts if len(pane.rows)), 0)
    return panes.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", customers=total),
        alt=findings.thresholds(cut_points, lang=lang),
    )


def _edge(measure: str, cut_points: pd.DataFrame) -> float | None:
    """Where does high begin? The day of the cut itself still counts, and its bar ends later."""
    is_high = cut_points["is_high_threshold"].astype(bool) & (cut_points["measure"] == measure)
    for cut in cut_points.loc[is_high, "cut"].head(1):
        return math.floor(cut) + 1.0 if measure == "recency_days" else float(cut)
    return None
