"""Of the customers who first came in one month or week, how many came back in each after?"""

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, periods, schema
from workbench.figures.retention import spans
from workbench.findings import retention as findings
from workbench.words import MISSING, Words

# More of them, and no cell has room for its number; the table holds all.
_COHORTS = 13


def triangle(
    cohorts: pd.DataFrame,
    *,
    measure: findings.Measure = "customers",
    currency: str | None = None,
    begins: dt.date | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """Of the customers who first came in one month or week, how many came back in each after?

    A heat map, the last 13 cohorts in rows and before them how many came; a cell that lies ahead is
    empty, one without a first money has a dash.

    Parameters
    ----------
    cohorts
        One row per cohort and age, from ``retention.cohorts``.
    measure
        ``customers``, or ``money`` for what they brought against their first period.
    currency
        The money's currency, for the subtitle.
    begins
        The first day of the order book; by default the first cohort's. Where it lies before, these
        customers came to a book that was open already.
    lang
        ``en`` or ``zh``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "first_period": pd.to_datetime(["2026-09-01"] * 2 + ["2026-10-01"] * 2),
    ...     "age": [0, 1, 0, 1], "cohort_size": [40, 40, 20, 20], "customers": [40, 12, 20, None],
    ...     "active_share": [1.0, 0.3, 1.0, None], "monetary": [90.0, 45.0, 50.0, None],
    ...     "money_share": [1.0, 0.5, 1.0, None], "every": "month"})
    >>> triangle(table).data[0].z
    ([None, 0.3], [None, None])
    """
    columns = ("first_period", "age", "cohort_size", "customers", "active_share", "monetary")
    schema.require(
        cohorts, "cohorts", (*columns, "money_share", "every"),
        made_by="retention.cohorts(orders, as_of=…)",
    )  # fmt: skip
    words = Words(lang, currency).within("figure.retention.triangle")
    every = str(cohorts["every"].iloc[0]) if len(cohorts) else "month"
    firsts = sorted(cohorts["first_period"].unique())
    shown = firsts[-_COHORTS:]
    rows = cohorts[cohorts["first_period"].isin(shown) & cohorts["customers"].notna()]
    is_first = rows["age"] == 0
    rows = rows.assign(
        first_period=[
            periods.containing(day, "week" if every == "week" else "month")
            for day in rows["first_period"]
        ],
        came=rows["cohort_size"].where(is_first),
        first_money=rows["monetary"].where(is_first),
        share=rows["active_share" if measure == "customers" else "money_share"].mask(is_first),
        **{f"{every}s": rows["age"]},
    )
    chart = charts.Matrix(
        rows=rows, x="age", y="first_period", value="share", darkest=1.0,
        y_as="short period", y_as_phone="shorter period", x_title=f"x.{every}",
        first=f"first.{measure}", columns=(12, 6), cell=f"cell.{measure}",
        head_px=104, row_px=27,
    )  # fmt: skip
    is_cut = len(shown) < len(firsts)
    subtitle = words(
        f"subtitle.{measure}",
        every=every,
        dash=MISSING if rows["money_share"].isna().any() else None,
        older=every if not is_cut and spans.is_first(firsts, begins) else None,
        **{f"{every}s": len(shown) if is_cut else None},
        all=len(firsts),
    )
    alt = findings.triangle(cohorts, measure=measure, begins=begins, lang=lang)
    return chart.drawn(words, title=words(f"title.{measure}"), subtitle=subtitle, alt=alt)
