"""On which days of its cycle does each step fall? Exact, in integers, rounded half up."""

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.results import Result

Rule = Literal["even", "as_printed"]
RULES: tuple[Rule, ...] = get_args(Rule)
PRINTED_STEPS = 6

Days = np.ndarray[Any, np.dtype[np.int64]]


def days(cycle_days: int, *, steps: int = 6, rule: Rule = "even") -> list[int]:
    """On which days of the cycle does each step fall?

    A cycle no longer than the steps spreads them evenly. A longer one has the first two on days 1
    and 2, and spreads the others evenly over the days that remain.

    Parameters
    ----------
    cycle_days
        How many days the cycle has, at least 1; day 1 is the day of enrolment.
    steps
        How many touches it holds, at least 1.
    rule
        ``even``, or ``as_printed``: the published formula ``2 + n(x - 2)/4`` taken literally, for
        six steps only. It contradicts its own sentence and runs past the cycle's end; it is here
        to be taught, not used.

    Returns
    -------
    list of int
        The day of each step, not falling; in a cycle shorter than the steps some share a day. The
        last is ``cycle_days``, except that one or two steps of a longer cycle come at its start.

    Raises
    ------
    ParameterTypeError
        ``cycle_days`` or ``steps`` is no whole number.
    ParameterError
        One is below 1, or the rule is not made for these steps.
    UnknownNameError
        There is no such rule.

    Notes
    -----
    For step n of s in x days: ``n·x/s`` where ``x <= s`` (at least 1), else n for the first two and
    ``2 + (n-2)(x-2)/(s-2)`` after them. Both are rounded half up in integers; Python, NumPy and
    pandas round half to even.

    Examples
    --------
    >>> days(30)
    [1, 2, 9, 16, 23, 30]
    >>> days(3)
    [1, 1, 2, 2, 3, 3]
    >>> days(30, rule="as_printed")
    [1, 2, 23, 30, 37, 44]
    """
    x = arguments.whole("cycle_days", cycle_days, mend="Write cycle_days=30.")
    s = arguments.whole("steps", steps, mend="Write steps=6.")
    arguments.one_of("rule", rule, RULES)
    if rule == "as_printed" and s != PRINTED_STEPS:
        raise errors.ParameterError(
            f"rule 'as_printed' is for {PRINTED_STEPS} steps, and steps is {s}.",
            mend=f"Write rule='even', or steps={PRINTED_STEPS}.",
        )
    numbers = range(1, s + 1)
    if x <= s:
        return [max(1, (2 * n * x + s) // (2 * s)) for n in numbers]
    if rule == "as_printed":
        return [n if n <= 2 else 2 + (n * (x - 2) + 2) // 4 for n in numbers]
    return [
        n if n <= 2 else 2 + (2 * (n - 2) * (x - 2) + (s - 2)) // (2 * (s - 2)) for n in numbers
    ]


RULES_COMPARED = Result(
    "scheduling.compare(cycle_days)", rule="rule", step="count", day="count", cycle_days="count",
)  # fmt: skip


def compare(cycle_days: int) -> pd.DataFrame:
    """How does the rule as printed lay out a cycle, beside the even rule?

    Parameters
    ----------
    cycle_days
        As ``days`` takes it.

    Returns
    -------
    pandas.DataFrame
        One row per rule and step, six of each: ``rule``, ``step``, ``day``, ``cycle_days``.

    Raises
    ------
    ParameterError, ParameterTypeError
        As ``days``.

    Examples
    --------
    >>> compare(30).query("step > 4")
              rule  step  day  cycle_days
    4         even     5   23          30
    5         even     6   30          30
    10  as_printed     5   37          30
    11  as_printed     6   44          30
    """
    rows = [
        (rule, step, day, int(cycle_days))
        for rule in RULES
        for step, day in enumerate(days(cycle_days, rule=rule), start=1)
    ]
    return pd.DataFrame(rows, columns=["rule", "step", "day", "cycle_days"])


def days_of_each(cycles: Days, steps: int) -> Days:
    """Give the days of many cycles at once: one row per cycle, one column per step."""
    x, n = cycles[:, None], np.arange(1, steps + 1)
    short = np.maximum(1, (2 * n * x + steps) // (2 * steps))
    if steps <= 2:
        return np.where(x <= steps, short, n)
    later = 2 + (2 * (n - 2) * (x - 2) + (steps - 2)) // (2 * (steps - 2))
    return np.where(x <= steps, short, np.where(n <= 2, n, later))
