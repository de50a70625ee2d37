"""How did it go with time: by month of enrolment, and by days since?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, periods, schema
from workbench.findings import nurture as findings
from workbench.words import Words

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
    words = Words(lang).within("figure.nurture.cohorts")
    rows = cohorts.loc[cohorts["followed"] > 0].sort_values("cohort")
    months = [periods.containing(day.date(), "month").label(lang) for day in rows["cohort"]]
    chart = charts.Dots(
        rows=rows.assign(name=months),
        values=rates,
        names=[f"column.{rate}" for rate in rates],
        tones=["kept", "due"],
        upright=True,
        under="followed",
    )
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", days=int(cohorts["within_days"].max()) if len(cohorts) else 0),
        alt=findings.cohorts(cohorts, lang=lang),
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
    words = Words(lang).within("figure.nurture.waiting")
    answered = pd.DataFrame(
        {"day": curve["time"], "share": 1 - curve["survival"], "at_risk": curve["at_risk"],
         "share_low": 1 - curve["survival_high"], "share_high": 1 - curve["survival_low"]}
    )  # fmt: skip
    chart = charts.Steps(rows=answered, x="day", y="share", below="at_risk", until=_LAST_DAY)
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle"),
        alt=findings.waiting(reached, lang=lang),
    )
