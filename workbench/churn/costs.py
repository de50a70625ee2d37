"""What does moving a band cost in calls?"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.churn.bands import BANDS, Band, Floats, WarningName, check_bands, warn
from workbench.churn.calls import CALLS, check_called
from workbench.churn.owners import Teams
from workbench.results import Result

# The list that grows or shrinks when this band moves.
_MOVED: dict[Band, WarningName] = {
    "due_from": "likely_repurchase",
    "risk_from": "churn_risk",
    "lost_from": "churn_risk",
}


COSTS = Result(
    "churn.costs(history, values=…)", band="text", threshold="ratio", owner_id="id",
    owner_name="text", likely_repurchase="count", churn_risk="count", calls="count",
    value_at_stake="money", calls_change="count", value_at_stake_change="money",
)  # fmt: skip


def costs(
    history: pd.DataFrame,
    *,
    values: Sequence[float],
    band: Band = "risk_from",
    warning: WarningName | Sequence[WarningName] | None = None,
    customers: Any = None,
    owners: Any = None,
    due_from: float = 0.8,
    risk_from: float = 1.2,
    lost_from: float = 3.0,
    min_intervals: int = 2,
) -> pd.DataFrame:
    """What would moving a band cost each owner in calls?

    Parameters
    ----------
    history
        One row per customer, as ``purchases.history`` makes it.
    values
        Where the band might begin instead; each has to keep the bands rising.
    band
        The band that moves: ``due_from``, ``risk_from`` or ``lost_from``.
    warning
        Which customers are called: ``likely_repurchase``, ``churn_risk`` or both. By default the
        list that the band moves: likely to repurchase for ``due_from``, churn risk for the others.
    customers
        ``customer_id`` with ``owner_id``.
    owners
        ``owner_id`` with ``owner_name``; owners without calls get rows too.
    due_from, risk_from, lost_from, min_intervals
        The setting all is compared with, as in ``churn.warn``.

    Returns
    -------
    pandas.DataFrame
        One row per value and owner, values in the order given, owners by ``owner_id`` (customers
        whose owner is not known share a row with a null one, last):

        - ``band``, ``threshold``: the band that moved, and where to
        - ``owner_id``, ``owner_name``
        - ``likely_repurchase``, ``churn_risk``: customers with that warning then
        - ``calls``, ``value_at_stake``: customers called then, and their money at stake
        - ``calls_change``, ``value_at_stake_change``: against the setting compared with

    Raises
    ------
    ContractError
        A table breaks its contract.
    UnknownNameError
        There is no such band or warning.
    ParameterError
        No value is given, or with one of them the bands would not rise.

    Examples
    --------
    >>> history = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "days_since_last": [13, 20],
    ...         "frequency": [3, 3],
    ...         "monetary": [30.0, 60.0],
    ...         "interval_1": [10, 10],
    ...         "interval_2": [10, 10],
    ...         "interval_3": [None, None],
    ...     }
    ... )
    >>> costs(history, values=[1.2, 1.4])[["threshold", "churn_risk", "calls", "calls_change"]]
       threshold  churn_risk  calls  calls_change
    0        1.2           2      2             0
    1        1.4           1      1            -1
    """
    arguments.one_of("band", band, BANDS)
    called = check_called(_MOVED[band] if warning is None else warning, known=CALLS)
    now = {"due_from": due_from, "risk_from": risk_from, "lost_from": lost_from}
    compared = check_bands(**now)
    moved = [check_bands(**{**now, band: value}) for value in _values(values)]
    warnings = warn(history, **now, min_intervals=min_intervals)
    teams = Teams.of(warnings["customer_id"], customers=customers, owners=owners)
    count = _Count(warnings, teams, [compared, *moved])
    calls_now, value_now = count.of(called, compared)
    frames = []
    for bands in moved:
        calls, value = count.of(called, bands)
        frames.append(
            teams.owners.assign(
                band=band,
                threshold=bands[band],
                **{name: count.of((name,), bands)[0] for name in CALLS},
                calls=calls,
                value_at_stake=value,
                calls_change=calls - calls_now,
                value_at_stake_change=value - value_now,
            )
        )
    table = pd.concat(frames, ignore_index=True).astype({"band": "str"})
    return table[["band", "threshold", *table.columns.drop(["band", "threshold"])]]


class _Count:
    """How many customers, with how much at stake, would each owner call under any of these bands?

    All edges of all bands cut the ratios once; a band is then a run of neighbouring columns, so
    another value costs no further pass over the customers.
    """

    def __init__(
        self, warnings: pd.DataFrame, teams: Teams, every: Sequence[dict[Band, float]]
    ) -> None:
        judged = (warnings["warning"] != "too_little_history").to_numpy()
        self.edges = np.unique([edge for bands in every for edge in bands.values()])
        column = np.searchsorted(
            self.edges, warnings["ratio"].to_numpy(dtype="float64")[judged], side="right"
        )
        shape = (len(teams.owners), len(self.edges) + 1)
        cell = np.ravel_multi_index((teams.codes[judged], column), shape) if shape[0] else column
        cells = shape[0] * shape[1]
        value = warnings["value_at_stake"].to_numpy(dtype="float64")[judged]
        self.customers = np.bincount(cell, minlength=cells).reshape(shape)
        self.value = np.bincount(cell, weights=value, minlength=cells).reshape(shape)

    def of(
        self, called: tuple[str, ...], bands: dict[Band, float]
    ) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Floats]:
        """Give calls and money at stake per owner, for these warnings under these bands."""
        due, risk, lost = np.searchsorted(self.edges, list(bands.values())) + 1
        spans = {"likely_repurchase": slice(due, risk), "churn_risk": slice(risk, lost)}
        calls = sum(self.customers[:, spans[name]].sum(axis=1) for name in called)
        value = sum(self.value[:, spans[name]].sum(axis=1) for name in called)
        return np.asarray(calls, dtype="int64"), np.asarray(value, dtype="float64")


def _values(values: Sequence[float]) -> list[float]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable) or not len(values):
        raise errors.ParameterError(
            f"values is {values!r}.", mend="Give a list of ratios to try, such as [1.2, 1.4]."
        )
    return list(values)
