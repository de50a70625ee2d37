"""Customers who behave exactly as a model says, from a seed: their table, and what they do next."""

from typing import Any

import numpy as np
import pandas as pd


def customers(
    kind: str,
    parameters: dict[str, float],
    count: int,
    *,
    seed: int,
    ages: tuple[float, float] = (26.0, 52.0),
    horizon: float = 26.0,
    k: int = 1,
) -> pd.DataFrame:
    """One row per customer: the columns of a summary, and ``future`` purchases in the horizon.

    ``kind`` is ``coin`` (BG/NBD), ``coin at start`` (MBG/NBD), ``lifetime`` (Pareto/NBD) or
    ``never`` (NBD); with k > 1 every k-th event is a purchase.
    """
    dice = np.random.default_rng(seed)
    rate = dice.gamma(parameters["r"], 1 / parameters["alpha"], count)
    age = dice.uniform(*ages, count)
    until = np.full(count, np.inf)
    if kind == "lifetime":
        until = dice.exponential(1, count) / dice.gamma(
            parameters["s"], 1 / parameters["beta"], count
        )
    stop = (
        dice.beta(parameters["a"], parameters["b"], count) if "a" in parameters else np.zeros(count)
    )
    table = {
        "repeat_purchases": np.zeros(count, dtype=int),
        "last_purchase_age": np.zeros(count),
        "customer_age": age,
        "log_interval_sum": np.zeros(count),
        "future": np.zeros(count, dtype=int),
    }
    now = np.zeros(count)
    there = np.arange(count)
    if kind == "coin at start":
        there = there[dice.random(count) >= stop]
    while len(there):
        step = dice.gamma(k, 1, len(there)) / rate[there]
        now[there] += step
        going = (now[there] <= age[there] + horizon) & (now[there] <= until[there])
        there, step = there[going], step[going]
        seen = now[there] <= age[there]
        before, after = there[seen], there[~seen]
        table["repeat_purchases"][before] += 1
        table["last_purchase_age"][before] = now[before]
        table["log_interval_sum"][before] += np.log(step[seen])
        table["future"][after] += 1
        there = there[dice.random(len(there)) >= stop[there]]
    return pd.DataFrame(table)


def spending(parameters: dict[str, float], count: int, *, seed: int) -> pd.DataFrame:
    """Repeat purchases and their mean value, as Gamma–Gamma has them."""
    dice = np.random.default_rng(seed)
    x = dice.integers(0, 8, count)
    scale = dice.gamma(parameters["q"], 1 / parameters["v"], count)
    mean = np.full(count, np.nan)
    some = x > 0
    mean[some] = dice.gamma(parameters["p"] * x[some]) / (x[some] * scale[some])
    return pd.DataFrame({"repeat_purchases": x, "mean_repeat_value": mean})


def occasions(parameters: dict[str, float], count: int, *, n: int, seed: int) -> pd.DataFrame:
    """Purchases at n occasions, as BG/BB has them."""
    dice = np.random.default_rng(seed)
    buys = dice.beta(parameters["alpha"], parameters["beta"], count)
    stops = dice.beta(parameters["gamma"], parameters["delta"], count)
    x, last, there = np.zeros(count, int), np.zeros(count, int), np.ones(count, bool)
    for occasion in range(1, n + 1):
        there &= dice.random(count) >= stops
        bought = there & (dice.random(count) < buys)
        x[bought] += 1
        last[bought] = occasion
    return pd.DataFrame({"repeat_purchases": x, "last_purchase_age": last, "customer_age": n})


def one(x: float, t_x: float, T: float, **more: Any) -> pd.DataFrame:
    """A table of one customer."""
    return pd.DataFrame(
        {"repeat_purchases": [x], "last_purchase_age": [t_x], "customer_age": [T]}
        | {name: [value] for name, value in more.items()}
    )
