"""Do the ranges of what will be hold what comes? Simulated shops whose truth is known; 200 in full.

Run: make bench, or python -m benchmarks.bench_ranges. In each shop customers buy, stop and spend exactly
as one of the models says, with parameters that the fit has to find from what was seen. Of what came in the
26 weeks after, the 80 % range of the total has to hold 80 ± 6 % and the 95 % range 95 ± 4 %; the 80 % range
of a customer's own spend at least 80 %. Else it ends with an error.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench import errors, models, value

WEEKS_AHEAD = 26
SPEND = {"p": 4.0, "q": 3.5, "v": 40.0}
#: Of each model: its parameters, and whether a coin is tossed after the first purchase.
SHOPS: dict[str, tuple[dict[str, float], bool]] = {
    "BetaGeo": ({"r": 0.6, "alpha": 6.0, "a": 0.8, "b": 2.4}, False),
    "ModifiedBetaGeo": ({"r": 0.8, "alpha": 6.0, "a": 0.6, "b": 1.6}, True),
    "ParetoNBD": ({"r": 0.7, "alpha": 8.0, "s": 0.6, "beta": 12.0}, False),
    "BetaGeoCNBD": ({"r": 0.9, "alpha": 3.0, "a": 0.8, "b": 2.4, "k": 3}, False),
    "ModifiedBetaGeoCNBD": ({"r": 0.9, "alpha": 3.0, "a": 0.6, "b": 1.8, "k": 3}, True),
    "NBD": ({"r": 0.5, "alpha": 9.0}, False),
}
#: How often what came lay within: of all together, and the share of single customers.
COLUMNS = ("purchases_80", "purchases_95", "money_80", "money_95", "worth_80", "worth_95",
           "own_purchases", "own_money", "own_worth")  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """What is known of the customers, and what they did afterwards.

    Parameters
    ----------
    known
        One row per customer, as ``models.summary`` has it, in weeks.
    came
        One row per customer: ``purchases``, ``money`` and its ``worth`` in today's money.
    """

    known: pd.DataFrame
    came: pd.DataFrame


def shop(
    name: str, customers: int, seed: int, *, weeks: int = WEEKS_AHEAD, yearly_rate: float = 0.1
) -> Shop:
    """Customers who behave exactly as a model says, known for 26 to 78 weeks."""
    dice = np.random.default_rng([seed, customers])
    given, at_start = SHOPS[name]
    k, n = int(given.get("k", 1)), customers
    rate = dice.gamma(given["r"], 1 / given["alpha"], n)
    age = dice.uniform(26, 78, n)
    gone = np.full(n, np.inf)
    if "s" in given:
        gone = dice.exponential(1, n) / dice.gamma(given["s"], 1 / given["beta"], n)
    stop = dice.beta(given["a"], given["b"], n) if "a" in given else np.zeros(n)
    scale = dice.gamma(SPEND["q"], 1 / SPEND["v"], n)
    seen, spent, last, logs, bought, came, worth, now = np.zeros((8, n))
    there = np.arange(n)
    if at_start:
        there = there[dice.random(n) >= stop]
    while len(there):
        step = dice.gamma(k, 1, len(there)) / rate[there]
        now[there] += step
        going = now[there] <= np.minimum(age[there] + weeks, gone[there])
        there, step = there[going], step[going]
        money = dice.gamma(SPEND["p"], 1, len(there)) / scale[there]
        is_seen = now[there] <= age[there]
        before, after = there[is_seen], there[~is_seen]
        seen[before] += 1
        spent[before] += money[is_seen]
        last[before] = now[before]
        logs[before] += np.log(step[is_seen])
        bought[after] += 1
        came[after] += money[~is_seen]
        years = (now[after] - age[after]) * 7 / 365.25
        worth[after] += money[~is_seen] * (1 + yearly_rate) ** -years
        there = there[dice.random(len(there)) >= stop[there]]
    known = pd.DataFrame({
        "customer_id": np.arange(n), "repeat_purchases": seen.astype(int),
        "last_purchase_age": last, "customer_age": age, "log_interval_sum": logs,
        "mean_repeat_value": np.divide(spent, seen, out=np.full(n, np.nan), where=seen > 0),
        "time_unit": "W",
    })  # fmt: skip
    return Shop(known, pd.DataFrame({"purchases": bought, "money": came, "worth": worth}))


def steady(kind: Any, known: pd.DataFrame) -> Any:
    """Fit as forecasts do: steadied where the data leave parameters open."""
    try:
        return kind.fit(known)
    except errors.ConvergenceError:
        return kind.fit(known, steadied=True)


def held(
    name: str, customers: int, seed: int, *, weeks: int = WEEKS_AHEAD, yearly_rate: float = 0.1
) -> dict[str, float]:
    """Did the ranges of one shop hold what came? 1 or 0, and the share of its customers."""
    made = shop(name, customers, seed, weeks=weeks, yearly_rate=yearly_rate)
    expected = value.expect(
        made.known, purchases=steady(getattr(models, name), made.known),
        spend=steady(models.GammaGamma, made.known), horizon_days=7 * weeks,
        yearly_rate=yearly_rate, seed=seed,
    )  # fmt: skip
    total = expected.total.iloc[0]
    each = expected.customers.set_index("customer_id").loc[made.known["customer_id"]]
    row: dict[str, float] = {}
    for what in ("purchases", "money", "worth"):
        came, whole = made.came[what].to_numpy(), made.came[what].sum()
        for level, low, high in (("80", "low", "high"), ("95", "lowest", "highest")):
            row[f"{what}_{level}"] = total[f"{what}_{low}"] <= whole <= total[f"{what}_{high}"]
        own = (each[f"{what}_low"] <= came) & (came <= each[f"{what}_high"])
        row[f"own_{what}"] = own.mean()
    return row


def coverage(sets: int, *, customers: int = 300, seed: int = 1) -> pd.DataFrame:
    """Give one row per shop, each model in turn."""
    names = [name for _, name in zip(range(sets), _in_turn(), strict=False)]
    rows = [held(name, customers, seed + i) for i, name in enumerate(names)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(float).assign(model=names)


def _in_turn() -> Iterator[str]:
    while True:
        yield from SHOPS


def faults(found: pd.DataFrame) -> list[str]:
    """Name what does not hold as often as it says."""
    means = found[list(COLUMNS)].mean()
    wrong = []
    for name, share in means.items():
        level, slack = (0.95, 0.04) if str(name).endswith("95") else (0.8, 0.06)
        if share < level - slack or (not str(name).startswith("own") and share > level + slack):
            wrong.append(f"{name} held {share:.3f}, where {level} was said")
        elif str(name).startswith("own") and share < level:
            wrong.append(f"{name} held {share:.3f}, where at least {level} was said")
    return wrong


def main(arguments: list[str] | None = None) -> None:
    """Print how often ranges held, by model and in all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_ranges")
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--customers", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    found = coverage(asked.sets, customers=asked.customers, seed=asked.seed)
    by_model = found.groupby("model").mean()
    by_model.loc["all"] = found[list(COLUMNS)].mean()
    print(
        f"Ranges that held what came: {asked.sets} simulated shops of {asked.customers} customers"
    )
    print(by_model.round(3).to_string())
    if wrong := faults(found):
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
