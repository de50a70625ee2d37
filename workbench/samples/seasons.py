"""When does the simulated company sell more, and when less? Days weighed by season.

Rhythms run in *business time*: a day in November is worth more than a day, the Chinese New Year
holiday next to nothing. A customer who buys every 30 business days so buys every 30 days over the
year, sooner in November, later over the holiday, and seldom on a Sunday if it is an account.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Kinds of customers, in the order of every pair of numbers in this package.
ACCOUNT, PERSON = 0, 1

_WEEKDAY = np.array(
    [
        [1.20, 1.25, 1.20, 1.15, 1.10, 0.62, 0.48],  # accounts: Monday … Sunday
        [0.92, 0.86, 0.90, 0.94, 1.06, 1.22, 1.10],
    ]
)
_MONTH = np.array(
    [
        [1.00, 0.96, 0.98, 1.00, 1.01, 1.03, 0.96, 0.94, 1.02, 1.04, 1.22, 1.08],
        [0.98, 0.94, 0.94, 0.96, 1.00, 1.06, 0.94, 0.94, 0.98, 1.02, 1.42, 1.12],
    ]
)

#: The first day of the Chinese year; a year that is not here has no dip.
_NEW_YEAR = np.array(
    [
        "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22",
        "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
        "2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08",
    ],
    dtype="datetime64[D]",
)  # fmt: skip
#: Weights on the run of days from ``first`` to ``last`` around Chinese New Year.
_AROUND_NEW_YEAR = (
    (-16, -4, (1.15, 1.30)),  # stocking up before the holiday
    (-3, 7, (0.12, 0.40)),
    (8, 11, (0.60, 0.80)),
)
#: Fixed days of the year: month, first and last day, weights.
_FIXED = (
    (5, 1, 4, (0.55, 1.15)),
    (6, 16, 18, (1.10, 1.60)),
    (10, 1, 5, (0.50, 1.15)),
    (11, 10, 11, (1.15, 2.40)),
)


def _weights(days: NDArray[np.datetime64]) -> Floats:
    month = days.astype("datetime64[M]")
    month_index = month.astype(np.int64) % 12
    day_of_month = (days - month.astype("datetime64[D]")).astype(np.int64) + 1
    weekday = (days.astype(np.int64) + 3) % 7  # day 0, 1 January 1970, was a Thursday
    weights: Floats = _WEEKDAY[:, weekday] * _MONTH[:, month_index]
    for month_number, first, last, factors in _FIXED:
        inside = (
            (month_index == month_number - 1) & (day_of_month >= first) & (day_of_month <= last)
        )
        weights[:, inside] *= np.array(factors)[:, None]
    nearest = np.abs(days[:, None] - _NEW_YEAR[None, :]).argmin(axis=1)
    from_new_year = (days - _NEW_YEAR[nearest]).astype(np.int64)
    for first, last, factors in _AROUND_NEW_YEAR:
        inside = (from_new_year >= first) & (from_new_year <= last)
        weights[:, inside] *= np.array(factors)[:, None]
    return weights


def business_time(start: np.datetime64, days: int) -> Floats:
    """How much business time has passed by the end of each day?

    Returns
    -------
    numpy.ndarray
        Shape (kinds, days): cumulative weights; over whole years a day is worth 1 on average.
    """
    # four fixed years and not the window itself, so that a window of one November stays busy
    usual = np.arange(np.datetime64("2022-01-01"), np.datetime64("2026-01-01"))
    level = _weights(usual).mean(axis=1, keepdims=True)
    window = start + np.arange(days)
    passed: Floats = np.cumsum(_weights(window) / level, axis=1)
    return passed


def day_at(clock: Floats, kind: Integers, moment: Floats) -> Integers:
    """On which day of the window does a moment of business time fall? Past the end: ``days``."""
    day = np.empty(len(moment), dtype=np.int64)
    for each in (ACCOUNT, PERSON):
        chosen = kind == each
        day[chosen] = np.searchsorted(clock[each], moment[chosen], side="left")
    return day


def time_of_day(kind: Integers, draws: Floats) -> Integers:
    """At which second of the day does somebody buy? ``draws`` are three uniform numbers each.

    Accounts order in office hours with a lull at lunch, people at noon and in the evening.
    """
    first_half = draws[0] < np.where(kind == ACCOUNT, 0.55, 0.40)
    half = np.where(first_half, 0, 1)
    middle = np.array([[10.3, 15.4], [12.4, 20.1]])[kind, half]
    spread = np.array([[2.1, 2.9], [3.6, 3.1]])[kind, half]
    hours: Floats = middle + spread * (draws[1] + draws[2] - 1)
    return (hours * 3600).astype(np.int64)
