"""Which customers look alike? Unique rows with weights, so that nothing is computed twice."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.likelihoods.special import Floats

Whole = NDArray[np.intp]

# so many at a time, where each takes dozens of numbers
_PIECE = 16_384
# so many tell whether values repeat
_PROBE = 4096
# x, t_x, T and weight of a customer who has only just bought for the first time
_ONCE = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Rows:
    """What is known of the customers: x repeat purchases, the last at age t_x, now at age T.

    Parameters
    ----------
    x, t_x, T
        One value per row; all rows are taken as checked.
    weight
        How many customers a row stands for.
    log_intervals
        Per row the sum, over its customers, of the logarithms of all intervals between purchases;
        None where the model does not look at them.
    """

    x: Floats
    t_x: Floats
    T: Floats
    weight: Floats
    log_intervals: Floats | None = None

    @classmethod
    def new_customer(cls) -> "Rows":
        """Give the one row of a customer whose first purchase is now."""
        nought = np.zeros(1)
        return cls(nought, nought, nought, np.ones(1), nought)

    def __len__(self) -> int:
        return len(self.x)

    def part(self, which: Any) -> "Rows":
        """Give some of the rows."""
        logs = self.log_intervals
        return Rows(
            self.x[which],
            self.t_x[which],
            self.T[which],
            self.weight[which],
            None if logs is None else logs[which],
        )

    @cached_property
    def waited(self) -> Floats:
        """The time since the last purchase, T − t_x."""
        return self.T - self.t_x

    @cached_property
    def by_x(self) -> tuple[Floats, Whole]:
        """The different x in order, and for each row which of them it has."""
        if not len(self.x):
            return unique(self.x)
        # whole numbers, as checked
        found, index = _dense(self.x.astype(np.int64), int(self.x.max()) + 1)
        return found.astype(float), index

    @cached_property
    def by_T(self) -> tuple[Floats, Whole]:
        """The different T in order, and for each row which of them it has."""
        return unique(self.T)

    @cached_property
    def x_weight(self) -> Floats:
        """How many customers have each of the different x."""
        return sums(self.by_x[1], self.weight, len(self.by_x[0]))

    @cached_property
    def T_weight(self) -> Floats:
        """How many customers have each of the different T."""
        return sums(self.by_T[1], self.weight, len(self.by_T[0]))

    @cached_property
    def T_purchases(self) -> Floats:
        """How many repeat purchases the customers of each of the different T made."""
        return sums(self.by_T[1], self.weight * self.x, len(self.by_T[0]))

    @cached_property
    def customers(self) -> float:
        """How many customers the rows stand for."""
        return float(self.weight.sum())

    @cached_property
    def mean_age(self) -> float:
        """The mean of T over the customers: what a long time is in these data."""
        return float(np.average(self.T, weights=self.weight))

    @cached_property
    def mean_purchases(self) -> float:
        """The mean of x over the customers."""
        return float(np.average(self.x, weights=self.weight))

    @cached_property
    def repeating(self) -> "Rows":
        """The rows with a repeat purchase."""
        return self.part(self.x > 0)

    @cached_property
    def compressed(self) -> "Rows":
        """The same customers, each different row once, in an order of its own."""
        kinds, index = self.alike
        weight = sums(index, self.weight, len(kinds))
        logs = self.log_intervals
        if logs is not None:
            # summed by size, so that the order of the rows does not show in the last digit
            rising = np.argsort(logs, kind="stable")
            logs = sums(index[rising], logs[rising], len(kinds))
        return Rows(kinds.x, kinds.t_x, kinds.T, weight, logs)

    @cached_property
    def alike(self) -> tuple["Rows", Whole]:
        """The different rows in order, and for each row which of them it is."""
        return self._once(*self._key(with_t_x=True))

    @cached_property
    def by_x_and_T(self) -> tuple["Rows", Whole]:
        """The different pairs of x and T as rows, and for each row which of them it has.

        Where ages hardly repeat, to look for equal pairs costs more than it saves: all rows then.
        """
        if not _repeats(self.T):
            # not itself, which would hold itself in memory
            return self.part(slice(None)), np.arange(len(self))
        return self._once(*self._key(with_t_x=False))

    @cached_property
    def by_x_and_t_x(self) -> tuple["Rows", Whole]:
        """The different pairs of x and t_x as rows of the age t_x, and for each row which it has.

        First comes the one of all who bought once.
        """
        again = np.flatnonzero(self.x)
        last = self.t_x[again]
        kinds, kind = Rows(self.x[again], last, last, self.weight[again]).by_x_and_T
        index = np.zeros(len(self), dtype=np.intp)
        index[again] = kind + 1
        columns = (kinds.x, kinds.t_x, kinds.T, kinds.weight)
        return Rows(
            *(np.insert(column, 0, at) for column, at in zip(columns, _ONCE, strict=True))
        ), index

    @cached_property
    def pieces(self) -> list["Rows"]:
        """The rows in pieces of a bounded size."""
        return [self.part(slice(i, i + _PIECE)) for i in range(0, len(self), _PIECE)]

    def _once(self, key: NDArray[np.int64], size: int) -> tuple["Rows", Whole]:
        order, index = _dense(key, size)
        first = np.empty(len(order), dtype=np.intp)
        # written backwards, so that the first of equal rows stays: any of them will do
        first[index[::-1]] = np.arange(len(key) - 1, -1, -1)
        return self.part(first), index

    def _key(self, *, with_t_x: bool) -> tuple[NDArray[np.int64], int]:
        """Number the rows, equal ones alike, in the order of x, T and t_x; and give what is above all."""
        (ages, age), (counts, count) = self.by_T, self.by_x
        key, size = count.astype(np.int64) * len(ages) + age, len(counts) * len(ages)
        if not with_t_x:
            return key, size
        # renumbered, so that the product stays small
        pairs, key = _dense(key, size)
        lasts, last = unique(self.t_x)
        return key.astype(np.int64) * len(lasts) + last, len(pairs) * len(lasts)

    def thinned(self, most: int) -> "Rows":
        """Give at most so many of the rows, evenly through them, for a first look."""
        if len(self) <= most:
            return self
        return self.part(np.linspace(0, len(self) - 1, most).astype(int))


def unique(values: NDArray[Any]) -> tuple[NDArray[Any], Whole]:
    """Give the different values in order, and for each value which of them it is.

    Examples
    --------
    >>> unique(np.array([7.0, 3.0, 7.0]))
    (array([3., 7.]), array([1, 0, 1]))
    """
    # by hash first: many rows and few values are the rule, and sorting all rows is slower
    codes, found = pd.factorize(values, sort=True)
    return np.asarray(found), codes


def _repeats(values: Floats) -> bool:
    """Tell by a sample whether many values are equal to others; few rows are not worth the question."""
    if len(values) <= _PROBE:
        return True
    sample = values[:: len(values) // _PROBE]
    return len(pd.unique(sample)) < 0.9 * len(sample)


def sums(which: Whole, values: Floats, count: int) -> Floats:
    """Add up values by which group each belongs to.

    Examples
    --------
    >>> sums(np.array([0, 1, 0]), np.array([1.0, 2.0, 3.0]), 2)
    array([4., 2.])
    """
    return np.asarray(np.bincount(which, values, count), dtype=float)


def _dense(key: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], Whole]:
    """Do as ``unique`` for whole numbers from 0 to below a size, by counting where it is small."""
    if size > 8 * len(key) + 100_000:
        return unique(key)
    there = np.zeros(size, dtype=bool)
    there[key] = True
    order = np.flatnonzero(there)
    number = np.empty(size, dtype=np.intp)
    number[order] = np.arange(len(order))
    return order, number[key]
