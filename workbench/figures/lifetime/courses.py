"""Did customers buy as the model expected, by frequency and week by week?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import lifetime as findings
from workbench.words import Words

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
    words = Words(lang).within("figure.lifetime.calibration")
    schema.require(by_frequency, "by_frequency", columns, made_by=_MADE_BY)
    rows = by_frequency.loc[by_frequency["model"] == model].sort_values("repeat_purchases")
    chart = charts.Dots(
        rows=rows.assign(
            name=rows["repeat_purchases"].astype("str")
            + rows["is_open_ended"].map({True: "+"}).fillna("")
        ),
        values=["actual_mean", "expected_mean"],
        scale="number",
        upright=True,
        columns=True,
        under="under",
        x_title="x",
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", model=model),
        alt=findings.calibration(by_frequency, model, lang=lang),
    )


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
    words = Words(lang).within("figure.lifetime.tracking")
    schema.require(
        tracking, "tracking", ("model", "until", "is_holdout", *counts), made_by=_MADE_BY
    )
    rows = tracking.loc[tracking["model"] == model]
    unseen = rows.loc[rows["is_holdout"].astype("bool"), "until"]
    chart = charts.Course(
        rows=rows,
        x="until",
        y=["actual_cumulated", "expected_cumulated"],
        names=["happened", "expected"],
        scale="number",
        line_at=[(unseen.min(), "holdout", "grey")] if len(unseen) else [],
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", model=model),
        alt=findings.tracking(tracking, model, lang=lang),
    )
