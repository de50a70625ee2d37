"""How near, how frequent, how valuable is each customer, in numbers?"""

import numpy as np
import pandas as pd

from workbench import arguments, people, purchases
from workbench.results import Result
from workbench.schema.rfm import BASES, MEASURES, Basis, Measure

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_HISTORY = ("days_since_last", "frequency", "monetary")


MEASURED = Result(
    "rfm.measure(history)", customer_id="id", as_of="date", recency_days="count", frequency="count",
    monetary="money", monetary_total="money",
)  # fmt: skip


def measure(history: pd.DataFrame, *, basis: Basis = "total") -> pd.DataFrame:
    """How near, how frequent and how valuable is each customer?

    Parameters
    ----------
    history
        One row per customer, as ``purchases.history`` makes it.
    basis
        ``total``: money is all net money. ``average``: net money per purchase day.

    Returns
    -------
    pandas.DataFrame
        One row per customer with a purchase day, in the order of ``history``:

        - ``customer_id``
        - ``as_of``: the day all is measured at
        - ``recency_days``: days from the last purchase day to ``as_of``
        - ``frequency``: purchase days
        - ``monetary``: money on the basis asked for
        - ``monetary_total``: all net money, whatever the basis; what classes are summed by

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, days of different tables are mixed, or a
        customer with purchases has no last day or no finite money.
    ParameterError
        ``basis`` is unknown.

    Examples
    --------
    >>> history = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "days_since_last": [33, 50],
    ...         "frequency": [4, 2],
    ...         "monetary": [400.0, 100.0],
    ...     }
    ... )
    >>> measure(history, basis="average")[["customer_id", "recency_days", "frequency", "monetary"]]
      customer_id  recency_days  frequency  monetary
    0           a            33          4     100.0
    1           b            50          2      50.0
    """
    arguments.option("basis", basis, BASES)
    purchases.HISTORY.require_customers(history, "history", *_HISTORY)
    frequency = arguments.counts(history, "history", "frequency")
    bought = frequency > 0
    buyers = history.loc[bought]
    recency = arguments.counts(buyers, "history", "days_since_last")
    money = arguments.money(buyers, "history", "monetary")
    (ids,) = people.alike(buyers["customer_id"])
    return pd.DataFrame(
        {
            "customer_id": ids.array,
            "as_of": buyers["as_of"].to_numpy(),
            "recency_days": recency.astype("int64"),
            "frequency": frequency[bought].astype("int64"),
            "monetary": money if basis == "total" else _per_day(money, frequency[bought]),
            "monetary_total": money,
        }
    )


def _per_day(money: Floats, days: Floats) -> Floats:
    """Divide so that equal averages are equal numbers: 3.30 / 3 is 1.10 / 1."""
    # A single division of whole numbers is rounded once, so equal quotients come out equal.
    cents = np.round(money * 100)
    in_cents = (np.abs(cents) < 2**53) & (cents / 100 == money)
    return np.where(in_cents, cents / days / 100, money / days)


def check_measures(measures: pd.DataFrame) -> dict[Measure, Floats]:
    """Refuse measures that cannot be scored; give the three columns as numbers.

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, dates are mixed, or a value is not finite.
    """
    MEASURED.require_customers(measures, "measures", *MEASURES)
    return {
        name: (arguments.money if name == "monetary" else arguments.counts)(
            measures, "measures", name
        )
        for name in MEASURES
    }
