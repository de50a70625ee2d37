"""What will customers do, and how sure is that? In pieces, so that memory does not grow."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from workbench.estimates.intervals import quantile
from workbench.fitting.results import Process
from workbench.likelihoods import counts
from workbench.likelihoods.rows import Rows, Whole
from workbench.likelihoods.special import Floats
from workbench.results import Result

_CHUNK = 262_144
_MOST_COUNTS = 200_000
_EXHAUSTED = 1e-9


def pieces(count: int) -> Iterator[slice]:
    """Give the rows in pieces of a bounded size."""
    for start in range(0, count, _CHUNK):
        yield slice(start, min(start + _CHUNK, count))


def groups(process: Process, rows: Rows) -> tuple[Rows, Whole]:
    """Give the different customers as far as the future of those alive goes, and who is which."""
    if getattr(process, "k", 1) > 1:
        return rows, np.arange(len(rows))
    return rows.by_x_and_T


def expected(process: Process, p: Floats, rows: Rows, horizon: float) -> Floats:
    """Give the expected purchases in the horizon, one per row.

    Those who are alive and agree in x and T expect the same, so it is computed once for them.
    """
    kinds, which = groups(process, rows)
    if horizon == 0:
        return np.zeros(len(rows))
    ahead = np.full(len(kinds), horizon)
    return process.alive(p, rows) * process.expected(p, kinds, ahead)[which]


def discounted(process: Process, p: Floats, rows: Rows, horizon: float, rate: float) -> Floats:
    """Give the discounted number of expected purchases in the horizon, one per row."""
    kinds, which = groups(process, rows)
    if horizon == 0:
        return np.zeros(len(rows))
    value = counts.discounted(
        lambda until: process.expected(p, kinds, until), horizon, process.bend(p, kinds), rate
    )
    return process.alive(p, rows) * value[which]


def in_pieces(rows: Rows, answer: Callable[[Rows], Floats]) -> Floats:
    """Give an answer for all rows, piece by piece."""
    values = np.empty(len(rows))
    for piece in pieces(len(rows)):
        values[piece] = answer(rows.part(piece))
    return values


def spread(centre: Floats, others: list[Floats]) -> Floats:
    """Give the standard deviation of a logarithm over the likely parameters, 0 without any."""
    if not others:
        return np.zeros_like(centre)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = [np.log(other / centre) ** 2 for other in others]
    return np.asarray(np.sqrt(np.nan_to_num(np.mean(squares, axis=0), nan=0.0, posinf=0.0)))


PREDICTED = Result(
    "models.X.fit(summary).predict(summary, horizon=…)",
    interval=["probability_alive", "expected_purchases"], probability_alive="rate",
    probability_no_purchase="rate", expected_purchases="ratio", purchases_low="count",
    purchases_high="count",
)  # fmt: skip


def per_customer(
    process: Process, p: Floats, likely: list[Floats], rows: Rows, horizon: float, level: float
) -> pd.DataFrame:
    """Give one row per row: probability alive, expected purchases, their intervals, the range."""
    columns = {name: np.empty(len(rows)) for name in PREDICTED.columns[:-2]}
    columns |= {name: np.empty(len(rows), dtype=int) for name in PREDICTED.columns[-2:]}
    for piece in pieces(len(rows)):
        some = rows.part(piece)
        for name, values in _piece(process, p, likely, some, horizon, level).items():
            columns[name][piece] = values
    return pd.DataFrame(columns)


def _piece(
    process: Process, p: Floats, likely: list[Floats], rows: Rows, horizon: float, level: float
) -> dict[str, Floats]:
    z = quantile(level)
    alive = process.alive(p, rows)
    alives = [process.alive(other, rows) for other in likely]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        odds = alive / (1 - alive)
        step = np.exp(z * spread(odds, [other / (1 - other) for other in alives]))
        low, high = 1 / (1 + step / odds), 1 / (1 + 1 / (step * odds))
    sure = (alive >= 1) | (alive <= 0)
    kinds, which = groups(process, rows)
    ahead = np.full(len(kinds), horizon)

    def mean(q: Floats, there: Floats) -> Floats:
        if horizon == 0:
            return np.zeros(len(rows))
        return there * process.expected(q, kinds, ahead)[which]

    centre = mean(p, alive)
    reach = np.exp(
        z * spread(centre, [mean(q, there) for q, there in zip(likely, alives, strict=True)])
    )
    sets = list(zip(likely, alives, strict=True)) or [(p, alive)]
    fewest, most = _counts(process, sets, rows, horizon, centre, (1 - level) / 2)
    return {
        "probability_alive": alive,
        "probability_alive_low": np.where(sure, alive, low),
        "probability_alive_high": np.where(sure, alive, high),
        "probability_no_purchase": process.silent(p, rows, np.full(len(rows), horizon)),
        "expected_purchases": centre,
        "expected_purchases_low": centre / reach,
        "expected_purchases_high": centre * reach,
        "purchases_low": fewest,
        "purchases_high": most,
    }


def _counts(
    process: Process,
    sets: list[tuple[Floats, Floats]],
    rows: Rows,
    horizon: float,
    centre: Floats,
    tail: float,
) -> tuple[Floats, Floats]:
    """Give the numbers between which a customer's own count will lie, parameters averaged over."""
    low, high = np.zeros(len(rows), dtype=int), np.zeros(len(rows), dtype=int)
    if horizon == 0:
        return low, high
    # those who buy much need many steps: they go by themselves
    order = np.argsort(centre, kind="stable")
    for some in np.array_split(order, max(1, len(rows) // 8192)):
        part = rows.part(some)
        kinds, which = groups(process, part)
        ahead = np.full(len(kinds), horizon)
        there = [alive[some] for _, alive in sets]
        runs = [process.survival(q, kinds, ahead) for q, _ in sets]
        for _ in range(_MOST_COUNTS):
            at_least = np.mean(
                [alive * next(run)[which] for alive, run in zip(there, runs, strict=True)], axis=0
            )
            low[some] += at_least > 1 - tail
            high[some] += at_least > tail
            if not np.any(at_least > tail):
                break
    return low, high


def variance_of_total(process: Process, p: Floats, rows: Rows, horizon: float) -> float:
    """Give the variance of the number of purchases of all rows, the parameters taken as true."""
    if horizon == 0:
        return 0.0
    total = 0.0
    for piece in pieces(len(rows)):
        part = rows.part(piece)
        mean = expected(process, p, part, horizon)
        order = np.argsort(mean, kind="stable")
        for some in np.array_split(order, max(1, len(order) // 8192)):
            here = part.part(some)
            kinds, which = groups(process, here)
            alive = process.alive(p, here)
            weight = np.bincount(which, here.weight * alive, len(kinds))
            run = process.survival(p, kinds, np.full(len(kinds), horizon))
            for n in range(1, _MOST_COUNTS):
                at_least = next(run)
                total += (2 * n - 1) * float(weight @ at_least)
                if n * n * float(at_least.max(initial=0.0)) < _EXHAUSTED:
                    break
            total -= float(here.weight @ mean[some] ** 2)
    return max(total, 0.0)


TOTAL = Result(
    "models.X.fit(summary).total(summary, horizon=…)", interval=["expected_purchases"],
    customers="count", expected_purchases="ratio", purchases_low="count", purchases_high="count",
)  # fmt: skip


def total(
    process: Process, p: Floats, likely: list[Floats], rows: Rows, horizon: float, level: float
) -> pd.DataFrame:
    """Give one row: the expected purchases of all, for how sure, and the range of the actual ones."""
    z = quantile(level)

    def whole(q: Floats) -> float:
        return float(
            sum(
                rows.weight[piece] @ expected(process, q, rows.part(piece), horizon)
                for piece in pieces(len(rows))
            )
        )

    centre = whole(p)
    if centre <= 0:
        nothing = dict.fromkeys(TOTAL.columns[1:], 0.0)
        return pd.DataFrame([{"customers": round(rows.customers), **nothing}])
    by_fit = float(spread(np.array([centre]), [np.array([whole(q)]) for q in likely])[0])
    by_chance = variance_of_total(process, p, rows, horizon) / centre**2
    reach, wide = np.exp(z * by_fit), np.exp(z * np.hypot(by_fit, np.sqrt(by_chance)))
    numbers = (centre, centre / reach, centre * reach, centre / wide, centre * wide)
    return pd.DataFrame(
        [{"customers": round(rows.customers), **dict(zip(TOTAL.columns[1:], numbers, strict=True))}]
    )
