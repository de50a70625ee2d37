"""What part of the money is repeat business, what part comes from new customers?"""

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.figures.retention import spans
from workbench.findings import retention as findings
from workbench.periods import containing
from workbench.words import Words

# A year and the month it is compared with; the table holds all.
_PERIODS = 13


def revenue(
    revenue: pd.DataFrame,
    *,
    currency: str | None = None,
    begins: dt.date | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """What part of each period's money is repeat business, what part comes from new customers?

    Parameters
    ----------
    revenue
        One row per period, from ``retention.revenue``.
    currency
        The money's currency, for the subtitle.
    begins
        The first day of the order book; by default that of the first period.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Stacked bars of the last 13 periods, above each the share of repeat business.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "period": pd.to_datetime(["2026-10-01"]), "new_customers": [4], "repeat_customers": [6],
    ...     "new_revenue": [20.0], "repeat_revenue": [80.0], "revenue": [100.0],
    ...     "repeat_share": [0.8], "every": "month"})
    >>> [trace.y for trace in revenue(table).data]
    [(80.0,), (20.0,)]
    """
    columns = ("period", "new_customers", "repeat_customers", "new_revenue", "repeat_revenue")
    schema.require(
        revenue, "revenue", (*columns, "revenue", "repeat_share", "every"),
        made_by="retention.revenue(orders, as_of=…)",
    )  # fmt: skip
    words = Words(lang, currency).within("figure.retention.revenue")
    every = str(revenue["every"].iloc[0]) if len(revenue) else "month"
    rows = revenue.sort_values("period").tail(_PERIODS)
    is_whole = len(rows) == len(revenue)
    chart = charts.Columns(
        rows=rows.assign(period=[containing(day.date(), every) for day in rows["period"]]),
        x="period", x_as=("short period", "shorter period"),
        parts={"repeat_revenue": "kept", "new_revenue": "grey"}, hover="hover", above="above",
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words(
            "subtitle",
            every=every,
            begins=every if is_whole and spans.is_first(rows["period"].tolist(), begins) else None,
            all=len(revenue),
            **({} if is_whole else {f"{every}s": len(rows)}),
        ),
        alt=findings.revenue(revenue, lang=lang),
    )
