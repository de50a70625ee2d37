"""How does it go on after the first purchase, and how long does the second one take?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import retention as findings
from workbench.words import Words

# Later ages rest on the few oldest cohorts; the table holds them all.
_LAST_AGE, _LAST_DAY = 24, 365


def by_age(
    by_age: pd.DataFrame,
    *,
    measure: findings.Measure = "customers",
    lang: labels.Lang = "en",
) -> go.Figure:
    """What share is active so long after the first purchase, all cohorts together?

    Parameters
    ----------
    by_age
        One row per age, from ``retention.by_age``.
    measure
        ``customers``, or ``money`` for what they brought against their first period.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A line up to 24 months or weeks after, of customers with its interval; below the ticks how
        many could be seen so long.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "age": [0, 1], "cohort_size": [200, 190], "customers": [200, 61],
    ...     "active_share": [1.0, 0.32], "active_share_low": [0.98, 0.26],
    ...     "active_share_high": [1.0, 0.39], "money_share": [1.0, 0.5], "every": "month"})
    >>> by_age(table).data[-1].y
    (0.32,)
    """
    columns = ("age", "cohort_size", "customers", "money_share", "every")
    bounds = ("active_share", "active_share_low", "active_share_high")
    schema.require(
        by_age, "by_age", (*columns, *bounds), made_by="retention.by_age(retention.cohorts(…))"
    )
    every = str(by_age["every"].iloc[0]) if len(by_age) else "month"
    words = Words(lang).within("figure.retention.by_age")
    chart = charts.Course(
        rows=by_age.loc[by_age["age"].between(1, _LAST_AGE)],
        x="age",
        y=["active_share" if measure == "customers" else "money_share"],
        below="cohort_size",
        labelled=[1, 6, 12],
        x_title=f"x.{every}",
        hover=f"hover.{every}",
    )
    return chart.drawn(
        words,
        title=words(measure),
        subtitle=words(f"subtitle.{measure}", every=every),
        alt=findings.by_age(by_age, measure=measure, lang=lang),
    )


def second(curve: pd.DataFrame, *, within_days: int = 90, lang: labels.Lang = "en") -> go.Figure:
    """What share has bought a second time, so many days after the first?

    Parameters
    ----------
    curve
        One row per day, one curve, from ``retention.time_to_second``.
    within_days
        The time that is marked, and told of.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        The curve with its interval up to a year, or to ``within_days`` where that is more; below
        the ticks how many had not come back and were still watched.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> curve = pd.DataFrame({
    ...     "days": [0, 20, 80, 120], "at_risk": [100, 100, 62, 40], "came_back_count": [0, 38, 22, 0],
    ...     "repurchased_share": [0.0, 0.38, 0.61, 0.61],
    ...     "repurchased_share_low": [None, 0.29, 0.52, 0.52],
    ...     "repurchased_share_high": [None, 0.48, 0.71, 0.71]})
    >>> second(curve, within_days=60).data[2].y
    (0.0, 0.38, 0.61, 0.61)
    """
    columns = ("days", "at_risk", "came_back_count", "repurchased_share")
    bounds = ("repurchased_share_low", "repurchased_share_high")
    schema.require(curve, "curve", (*columns, *bounds), made_by="retention.time_to_second(second)")
    words = Words(lang).within("figure.retention.second")
    chart = charts.Steps(
        rows=curve,
        x="days",
        y="repurchased_share",
        below="at_risk",
        until=_LAST_DAY,
        at=within_days,
        half="half",
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle"),
        alt=findings.second(curve, within_days=within_days, lang=lang),
    )
