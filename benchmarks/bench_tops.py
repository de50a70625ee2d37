"""Does a fit find the highest top? Beside many climbs from everywhere, over dates, seeds and models.

Run: make bench, or python -m benchmarks.bench_tops. Made-up companies of several seeds, seen at the ends
of months; each model of purchases and of spend is fitted, and SciPy's L-BFGS-B climbs the same
likelihood over all rows from random starts. Where one of them comes higher, the bench stops with it.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from workbench import errors, models, samples
from workbench.fitting import customers, spending
from workbench.likelihoods import gamma_gamma
from workbench.likelihoods.geometric import Geometric

KINDS: tuple[type[models.PurchaseModel] | type[models.GammaGamma], ...] = (
    models.BetaGeo,
    models.ModifiedBetaGeo,
    models.ParetoNBD,
    models.BetaGeoCNBD,
    models.ModifiedBetaGeoCNBD,
    models.NBD,
    models.BetaBinomial,
    models.GammaGamma,
)
# log-likelihood by which another top is higher, and not the same with another rounding
HIGHER = 0.01
# starts lie so many powers of e around the mean age, the mean value and 1; tops within more
AROUND, WITHIN = 6.0, 14.0

Logs = NDArray[np.float64]
Likelihood = Callable[[Logs], tuple[float, Logs]]


@dataclass(frozen=True)
class Found:
    """How high did the fit come, and how high does one come from anywhere?"""

    model: str
    fitted: float
    highest: float
    tops: int
    converged: bool
    seconds: float

    @property
    def is_beaten(self) -> bool:
        """Whether there is a higher top than the fit's."""
        return self.highest > self.fitted + HIGHER


def by_month(orders: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """In how many of the months since the first did each customer buy, and in which last?"""
    month = orders["ordered_at"].dt.year * 12 + orders["ordered_at"].dt.month
    end = pd.Timestamp(as_of)
    bought = pd.DataFrame({"customer_id": orders["customer_id"], "month": month})
    bought = bought[orders["ordered_at"].lt(end + pd.Timedelta(days=1))].drop_duplicates()
    each = bought.groupby("customer_id")["month"].agg(["size", "min", "max"])
    return pd.DataFrame(
        {
            "repeat_purchases": each["size"] - 1,
            "last_purchase_age": each["max"] - each["min"],
            "customer_age": end.year * 12 + end.month - each["min"],
        }
    )


def likelihoods(
    kind: type[models.PurchaseModel] | type[models.GammaGamma], table: pd.DataFrame, k: int
) -> Iterator[tuple[Likelihood, Logs]]:
    """The likelihoods a fit chooses among, with the scale of their parameters."""
    if issubclass(kind, models.GammaGamma):
        x, mean, weight, _ = spending.usable(table)
        scale = np.array([1.0, 1.0, np.average(mean, weights=weight)])
        yield lambda p: gamma_gamma.log_likelihood(p, x, mean, weight), scale
        return
    rows = customers.rows(table, unit="W", with_intervals=kind.needs_intervals).compressed
    age = rows.T @ rows.weight / rows.weight.sum()
    coins = [kind.likelihood] if not kind.needs_intervals else [
        Geometric(k=one, drop_at_start=kind is models.ModifiedBetaGeoCNBD)
        for one in sorted({1, max(k - 1, 1), k, min(k + 1, kind.largest_k)})
    ]  # fmt: skip
    for process in coins:
        scale = np.array([age if name in process.times else 1.0 for name in process.names])
        yield (lambda p, process=process: process.log_likelihood(p, rows)), scale  # type: ignore[misc]


def highest(likelihood: Likelihood, scale: Logs, *, starts: int, seed: int) -> float:
    """How high does one come by climbing from so many random starts?"""
    dice = np.random.default_rng(seed)

    def depth(logs: Logs) -> tuple[float, Logs]:
        parameters = scale * np.exp(logs)
        value, gradient = likelihood(parameters)
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            return 1e10, np.zeros_like(logs)
        return -value, -gradient * parameters

    best = -np.inf
    bounds = [(-WITHIN, WITHIN)] * len(scale)
    with np.errstate(all="ignore"):
        for _ in range(starts):
            start = dice.uniform(-AROUND, AROUND, len(scale))
            climbed = minimize(depth, start, jac=True, method="L-BFGS-B", bounds=bounds)
            best = max(best, -float(climbed.fun))
    return best


def compared(
    kind: type[models.PurchaseModel] | type[models.GammaGamma],
    table: pd.DataFrame,
    *,
    starts: int,
    seed: int,
) -> Found:
    """Fit a model, and look for something higher."""
    begun = time.process_time()
    try:
        fitted = kind.fit(table)
    except errors.ConvergenceError as error:
        fitted = error.result
    took = time.process_time() - begun
    chances = likelihoods(kind, table, getattr(fitted, "k", 1))
    best = max(highest(one, scale, starts=starts, seed=seed) for one, scale in chances)
    verdict = fitted.verdict_
    return Found(kind.__name__, fitted.loglik_, best, verdict.tops, verdict.converged, took)


def search(
    *, size: int, dates: Sequence[str], seeds: Sequence[int], starts: int
) -> Iterator[tuple[str, int, Found]]:
    """Compare all models over dates and seeds."""
    for seed in seeds:
        orders = samples.company(customers=size, seed=seed)["orders"]
        for as_of in dates:
            table = models.summary(orders, as_of=as_of)
            for kind in KINDS:
                is_monthly = kind is models.BetaBinomial
                found = compared(
                    kind,
                    by_month(orders, as_of) if is_monthly else table,
                    starts=starts,
                    seed=seed,
                )
                yield as_of, seed, found


def main(arguments: list[str] | None = None) -> None:
    """Compare, and print how often the fit was the highest; stop where it was not."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_tops", description=str(__doc__).split("\n\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="300 customers, two dates, one seed")
    parser.add_argument("--customers", type=int)
    parser.add_argument("--starts", type=int, default=12)
    asked = parser.parse_args(arguments)
    ends = pd.date_range("2026-01-31", "2026-10-31", freq="ME").strftime("%Y-%m-%d").tolist()
    size = asked.customers or (300 if asked.quick else 2000)
    dates, seeds = (ends[::9], [samples.SEED]) if asked.quick else (ends, [samples.SEED, 2, 3])
    rows, beaten = [], []
    for as_of, seed, found in search(size=size, dates=dates, seeds=seeds, starts=asked.starts):
        rows.append(vars(found))
        if found.is_beaten:
            beaten.append(f"{found.model}, {as_of}, seed {seed}: {found}")
    groups = pd.DataFrame(rows).groupby("model", sort=False)
    print(f"The highest top, beside {asked.starts} random starts: {size:,} customers, ", end="")
    print(f"{len(dates)} dates, {len(seeds)} seeds.\n")
    print(f"{'':<22} {'fits':>5} {'highest':>8} {'several tops':>13} {'converged':>10} {'s':>7}")
    for name, one in groups:
        won = int((one["highest"] <= one["fitted"] + HIGHER).sum())
        print(
            f"{name:<22} {len(one):>5} {won:>8} {int((one['tops'] > 1).sum()):>13} "
            f"{int(one['converged'].sum()):>10} {one['seconds'].mean():>7.2f}",
            flush=True,
        )
    if beaten:
        sys.exit("A fit stopped below the highest top.\n" + "\n".join(beaten))


if __name__ == "__main__":
    main()
