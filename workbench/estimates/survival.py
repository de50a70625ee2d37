"""How long does it take, when not everybody is there yet? Kaplan–Meier's curve and its median."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.arguments import Floats, finite, share
from workbench.results import Result

SURVIVAL = Result(
    "estimates.survival(…)", interval=["survival"], time="count", at_risk="count", events="count",
    censored="count", survival="rate",
)  # fmt: skip
CURVE = SURVIVAL.columns
_SHARES = ["survival", "survival_low", "survival_high"]


def survival(durations: Any, observed: Any, *, by: Any = None, level: float = 0.95) -> pd.DataFrame:
    """What share has it not happened to yet, after how long?

    Whoever was last seen without it is censored, not counted as one it never happens to.

    Parameters
    ----------
    durations
        One number per case, from 0, in any one unit of time: until it happened, or until the case
        was last seen.
    observed
        One per case, True where it happened, False where the case was only last seen.
    by
        A group per case, for a curve each; a Series gives the column its name. None for one curve.
    level
        The confidence of the interval.

    Returns
    -------
    pandas.DataFrame
        One row per group and time at which something happened or somebody was last seen, and one
        at time 0, sorted by both:

        - the group, named as ``by`` is (or ``group``), if ``by`` is given
        - ``time``, in the unit of ``durations``
        - ``at_risk``: cases still without it just before; ``events``: to whom it happened then;
          ``censored``: last seen then
        - ``survival``: the share it has not happened to by then (0..1), Kaplan–Meier
        - ``survival_low``, ``survival_high``: the log-log interval by Greenwood's variance, which
          stays within 0 and 1; missing before the first event, and where the share is 0

    Raises
    ------
    ContractError
        A duration is missing, infinite or negative, ``observed`` is no yes or no, a group is
        missing, or they are not equally many.
    ParameterError, ParameterTypeError
        ``level`` is no number between 0 and 1.

    References
    ----------
    Kaplan & Meier (1958), *Nonparametric estimation from incomplete observations*; the interval:
    Kalbfleisch & Prentice (2002), *The Statistical Analysis of Failure Time Data*, section 1.4.

    Examples
    --------
    >>> survival([2, 3, 3, 5], [True, True, False, False]).round(3)
       time  at_risk  events  censored  survival  survival_low  survival_high
    0   0.0        4       0         0      1.00           NaN            NaN
    1   2.0        4       1         0      0.75         0.128          0.961
    2   3.0        3       1         1      0.50         0.058          0.845
    3   5.0        1       0         1      0.50         0.058          0.845
    """
    level = share("level", level, example=0.95)
    cases, name = life_table(durations, observed, by=by)
    # who was still there, and whom it happened to when, SciPy keeps to itself
    curve = cases[["time", "at_risk", "events", "censored"]].assign(**dict.fromkeys(_SHARES, 1.0))
    curve[["survival_low", "survival_high"]] = np.nan
    for _, rows in curve[cases["at_risk"] > 0].groupby(cases["code"]):
        curve.loc[rows.index, _SHARES] = _shares(rows, level)
    if name is not None:
        curve.insert(0, name, cases["group"])
    return curve


SURVIVAL_AT = Result(
    "estimates.survival_at(curve, time)", interval=["survival"], time="count", at_risk="count",
    survival="rate",
)  # fmt: skip


def survival_at(curve: pd.DataFrame, time: float) -> pd.DataFrame:
    """What share has it not happened to yet after so long?

    Parameters
    ----------
    curve
        As ``survival`` makes it.
    time
        How long, in the curve's unit.

    Returns
    -------
    pandas.DataFrame
        One row per group (one if there are none): the group, ``time``, ``at_risk`` (cases followed
        beyond ``time``), ``survival``, ``survival_low`` and ``survival_high``; the three are
        missing where nobody was followed that long and some are still without it.

    Raises
    ------
    ContractError
        The table is no curve.
    ParameterError, ParameterTypeError
        ``time`` is no number from 0.

    Examples
    --------
    >>> curve = survival([2, 3, 3, 5], [True, True, False, False])
    >>> survival_at(curve, 4).round(3)
       time  at_risk  survival  survival_low  survival_high
    0   4.0        1       0.5         0.058          0.845
    """
    by = _group_of(curve)
    arguments.number("time", time, least=0, mend="Write time=30 for 30 of the curve's unit.")
    group = curve[by] if by else pd.Series(0, index=curve.index)
    ends = curve.groupby(group, sort=False)["time"].transform("max")
    then = curve.loc[curve["time"] <= time].groupby(group, sort=False).tail(1)
    is_followed = (ends.loc[then.index] >= time) | (then["survival"] == 0)
    shares = then.assign(
        time=float(time), at_risk=then["at_risk"] - then["events"] - then["censored"]
    )
    shares[_SHARES] = shares[_SHARES].where(is_followed)
    return shares[[*([by] if by else []), "time", "at_risk", *_SHARES]].reset_index(drop=True)


MEDIANS = Result(
    "estimates.median_survival(curve)", interval=["median"], cases="count", events="count",
    median="number",
)  # fmt: skip


def median_survival(curve: pd.DataFrame) -> pd.DataFrame:
    """After how long has it happened to half of them?

    Parameters
    ----------
    curve
        As ``survival`` makes it.

    Returns
    -------
    pandas.DataFrame
        One row per group (one if there are none): the group, ``cases``, ``events``, ``median``,
        the first time by which it has happened to half or more, and ``median_low`` and
        ``median_high``, where the curve's bounds come down to half; each is missing where it has
        not been reached.

    Raises
    ------
    ContractError
        The table is no curve.

    References
    ----------
    Brookmeyer & Crowley (1982), *A confidence interval for the median survival time*.

    Examples
    --------
    >>> median_survival(survival([2, 3, 3, 5, 8], [True, True, False, True, True])).round(3)
       cases  events  median  median_low  median_high
    0      5       4     5.0         2.0          NaN
    """
    by = _group_of(curve)
    group = curve[by] if by else pd.Series(0, index=curve.index)
    totals = curve.groupby(group, sort=False).agg(
        cases=("at_risk", "first"), events=("events", "sum")
    )
    for name, bound in _MEDIANS.items():
        # the product of exact shares may miss a half by its last bits
        reached = curve.loc[curve[bound] <= 0.5 + 1e-12]
        totals[name] = reached.groupby(group.loc[reached.index], sort=False)["time"].first()
    totals = totals.astype(dict.fromkeys(_MEDIANS, "float64"))
    return totals.rename_axis(by).reset_index() if by else totals.reset_index(drop=True)


# where the lower bound comes down to half is the earliest that the median may be
_MEDIANS = {"median": "survival", "median_low": "survival_low", "median_high": "survival_high"}


def life_table(durations: Any, observed: Any, *, by: Any) -> tuple[pd.DataFrame, str | None]:
    """Count who was there, to whom it happened and who was last seen, by group and time.

    Returns
    -------
    tuple
        One row per group and time, and one at time 0, sorted: ``code`` (0 …), ``group``, ``time``,
        ``at_risk``, ``events``, ``censored``; and the name of the group's column, None without.
    """
    times = finite(durations, "durations")
    if (times < 0).any():
        raise errors.ContractError(
            f"durations: {int((times < 0).sum())} are negative, the first in row "
            f"{int(np.argmax(times < 0))}.",
            mend="A duration runs from 0: check that the start is not after the end.",
        )
    happened = finite(observed, "observed")
    if not np.isin(happened, (0.0, 1.0)).all():
        raise errors.ContractError(
            "observed holds something else than yes and no.",
            mend="True where it happened, False where the case was only last seen.",
        )
    groups = pd.Series(0, index=range(len(times))) if by is None else pd.Series(by)
    name = None if by is None else "group" if groups.name is None else str(groups.name)
    if not len(times) == len(happened) == len(groups):
        raise errors.ContractError(
            f"durations, observed and by hold {len(times)}, {len(happened)} and {len(groups)} rows.",
            mend="Give one of each per case.",
        )
    if name in CURVE:
        raise errors.ContractError(
            f"by is called '{name}', as a column of the curve is.",
            mend="Rename it: by=groups.rename('cohort').",
        )
    if groups.isna().any():
        raise errors.ContractError(
            f"by: {int(groups.isna().sum())} cases have no group.",
            mend="Leave them out, or give them one.",
        )
    codes, names = pd.factorize(groups, sort=True)
    names = pd.Index([0]) if by is None else pd.Index(names)
    starts = np.arange(len(names))
    table = pd.DataFrame(
        {
            "code": np.concatenate([codes, starts]),
            "time": np.concatenate([times, np.zeros(len(starts))]),
            "cases": np.concatenate([np.ones(len(times), "int64"), np.zeros(len(starts), "int64")]),
            "events": np.concatenate([happened.astype("int64"), np.zeros(len(starts), "int64")]),
        }
    )
    counted = table.groupby(["code", "time"], as_index=False).sum()
    of_group = counted.groupby("code")["cases"]
    counted["at_risk"] = of_group.transform("sum") - of_group.cumsum() + counted["cases"]
    counted["censored"] = counted["cases"] - counted["events"]
    counted["group"] = names.take(counted["code"].to_numpy())
    return counted, name


def _shares(rows: pd.DataFrame, level: float) -> Floats:
    """Give the share of one group left at each time, and its bounds where it is neither 0 nor 1."""
    from scipy import stats

    times = rows["time"].to_numpy()
    curve = stats.ecdf(
        stats.CensoredData(
            uncensored=np.repeat(times, rows["events"]), right=np.repeat(times, rows["censored"])
        )
    ).sf
    # SciPy warns of the bounds that are not there
    with warnings.catch_warnings(action="ignore"):
        bounds = curve.confidence_interval(level, method="log-log")
    shares = np.array([part.evaluate(times) for part in (curve, bounds.low, bounds.high)])
    shares[1:, shares[0] == 1] = np.nan
    return shares.T


def _group_of(curve: pd.DataFrame) -> str | None:
    """Name the group's column of a curve, None if it has none."""
    SURVIVAL.require(curve, "curve")
    others = [column for column in curve.columns if column not in CURVE]
    if len(others) > 1:
        raise errors.ContractError(
            f"curve: more columns than a curve has: {', '.join(map(str, others))}.",
            mend="Hand it in as estimates.survival made it, with at most one column of groups.",
        )
    return others[0] if others else None
