"""Does it take longer here than there? The log-rank comparison of survival curves."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.estimates.survival import life_table


@dataclass(frozen=True)
class LogRank:
    """Do the groups differ in how long it takes?

    Parameters
    ----------
    statistic
        The log-rank statistic; NaN where at no event two groups were still there.
    freedom
        Its degrees of freedom: groups less one.
    p_value
        How often groups that do not differ would look as different as this; NaN as above.
    groups
        One row per group: the group, ``cases``, ``events``, and ``expected``, the events it would
        have had if the groups did not differ.
    """

    statistic: float
    freedom: int
    p_value: float
    groups: pd.DataFrame


def log_rank(durations: Any, observed: Any, *, by: Any) -> LogRank:
    """Do the groups differ in how long it takes, and could it be chance?

    Parameters
    ----------
    durations, observed, by
        As ``survival`` takes them.

    Returns
    -------
    LogRank
        The two-sided comparison of all groups at once.

    Raises
    ------
    ContractError
        As ``survival``.

    References
    ----------
    Mantel (1966), *Evaluation of survival data and two new rank order statistics arising in its
    consideration*; Kalbfleisch & Prentice (2002), section 1.5.

    Examples
    --------
    >>> found = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], by=list("aaabbb"))
    >>> print(f"{found.statistic:.3f} with {found.freedom}, p = {found.p_value:.3f}")
    5.052 with 1, p = 0.025
    """
    from scipy.special import chdtrc

    # scipy.stats.logrank compares two groups, and does not say how many events it expected
    cases, name = life_table(durations, observed, by=by)
    moments = cases.loc[cases["events"] > 0, "time"].unique()
    moments.sort()
    count = int(cases["code"].max()) + 1 if len(cases) else 0
    at_risk, events = np.zeros((2, count, len(moments)))
    for code, rows in enumerate(part for _, part in cases.groupby("code")):
        # at each moment are those who were there at the group's own next time
        followed = np.append(rows["at_risk"].to_numpy(), 0)
        at_risk[code] = followed[np.searchsorted(rows["time"], moments)]
        came = rows.loc[rows["events"] > 0]
        events[code, np.searchsorted(moments, came["time"])] = came["events"]
    everybody, happened = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / everybody
    expected = (share * happened).sum(axis=1)
    one_left = everybody > 1
    weight = np.zeros(len(moments))
    weight[one_left] = (happened * (everybody - happened))[one_left] / (everybody - 1)[one_left]
    covariance = np.diag((share * weight).sum(axis=1)) - (share * weight) @ share.T
    excess = (events.sum(axis=1) - expected)[:-1]
    statistic = p_value = float("nan")
    if np.trace(covariance) > 1e-12:
        # a group of which nobody was there at any event tells nothing: hence the pseudo-inverse
        statistic = float(excess @ np.linalg.pinv(covariance[:-1, :-1]) @ excess)
        p_value = float(chdtrc(count - 1, statistic))
    groups = cases.groupby("group", sort=False).agg(
        cases=("at_risk", "first"), events=("events", "sum")
    )
    groups = groups.assign(expected=expected).rename_axis(name).reset_index()
    return LogRank(statistic, max(count - 1, 0), p_value, groups)
