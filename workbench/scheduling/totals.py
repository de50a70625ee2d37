"""How much is due when for whom, and what has to be said about a plan?"""

from typing import Literal, get_args

import pandas as pd

from workbench.results import Result
from workbench.scheduling.plans import PLANNED

WarningName = Literal["shares_day", "brought_together", "year_unknown"]
WARNINGS: tuple[WarningName, ...] = get_args(WarningName)


WORKLOAD = Result(
    "scheduling.workload(plan)", owner_id="id", due_date="date", steps="count", moved="count",
    leads="count",
)  # fmt: skip


def workload(plan: pd.DataFrame) -> pd.DataFrame:
    """How many touches has each owner on each day?

    Parameters
    ----------
    plan
        One row per lead, plan and step, as ``plan`` makes it; several may be put together.

    Returns
    -------
    pandas.DataFrame
        One row per owner and day with a touch, sorted by both, steps without an owner last:
        ``owner_id``, ``due_date``, ``steps``, ``moved`` (of them, due later than planned), ``leads``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> from workbench.scheduling import dates
    >>> one = dates("2026-11-02", 3).assign(lead_id="L1", owner_id="S1", plan="spring")
    >>> workload(one)
      owner_id   due_date  steps  moved  leads
    0       S1 2026-11-02      2      0      1
    1       S1 2026-11-03      2      0      1
    2       S1 2026-11-04      2      0      1
    """
    needed = ("lead_id", "owner_id", "due_date", "move_reason")
    PLANNED.require(plan, "plan", needed)
    steps = plan.assign(is_moved=plan["move_reason"].notna())
    groups = steps.groupby(["owner_id", "due_date"], dropna=False)
    sums = {
        "steps": ("lead_id", "size"),
        "moved": ("is_moved", "sum"),
        "leads": ("lead_id", "nunique"),
    }
    return groups.agg(**sums).reset_index()


WARNINGS_COUNTED = Result(
    "scheduling.warnings(plan)", warning="warning", steps="count", first_date="date",
    last_date="date",
)  # fmt: skip


def warnings(plan: pd.DataFrame) -> pd.DataFrame:
    """What has to be said about this plan before anybody follows it?

    Parameters
    ----------
    plan
        As ``plan`` or ``dates`` makes it.

    Returns
    -------
    pandas.DataFrame
        One row per warning that holds, in the order of ``WARNINGS``: ``warning``, ``steps`` (how
        many it is about), ``first_date`` and ``last_date`` of them. Empty where all is well.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> from workbench.scheduling import dates
    >>> warnings(dates("2026-11-02", 3))
          warning  steps first_date  last_date
    0  shares_day      6 2026-11-02 2026-11-04
    """
    PLANNED.require(plan, "plan", ("due_date", *WARNINGS))
    due_dates = {name: plan.loc[plan[name].astype(bool), "due_date"] for name in WARNINGS}
    rows = [
        (name, len(dates), dates.min(), dates.max())
        for name, dates in due_dates.items()
        if len(dates)
    ]
    kinds = {"warning": "str", "steps": "int64"}
    kinds |= dict.fromkeys(("first_date", "last_date"), "datetime64[us]")
    return pd.DataFrame(rows, columns=list(WARNINGS_COUNTED.columns)).astype(kinds)
