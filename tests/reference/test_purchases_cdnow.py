"""CDNOW: purchase history leads to the published figures, free orders and all.

Data: the 1/10 sample of CDNOW's first-quarter 1997 customers (brucehardie.com/datasets), calibration
to 1997-09-30, holdout to 1998-06-30, time in weeks. Sources of the figures:

- BG/NBD: Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2),
  table 2 and equation (6).
- Pareto/NBD: the same table; Schmittlein, Morrison & Colombo 1987; likelihood as in Fader & Hardie
  2005, "A note on deriving the Pareto/NBD model", equations (18) and (19).
- MBG/NBD: Batislam, Denizel & Filiztekin 2007; Hoppe & Wagner 2007.
- Gamma–Gamma: Fader & Hardie 2013, note 025, equation (1a), repeat purchase days only.
"""

import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln, gammaln, hyp2f1

from workbench import purchases

pytestmark = pytest.mark.shared

CALIBRATION, HOLDOUT = dt.date(1997, 9, 30), dt.date(1998, 6, 30)


@pytest.fixture(scope="module")
def orders(shared_data: Path) -> pd.DataFrame:
    with gzip.open(shared_data / "cdnow" / "CDNOW_sample.txt.gz", "rt", encoding="ascii") as lines:
        table = pd.read_csv(
            lines,
            sep=r"\s+",
            names=["master_id", "customer_id", "ordered_at", "quantity", "amount"],
            dtype={"master_id": str, "customer_id": str, "ordered_at": str},
        )
    table["ordered_at"] = pd.to_datetime(table["ordered_at"], format="%Y%m%d")
    return table


@pytest.fixture(scope="module")
def history(orders: pd.DataFrame) -> pd.DataFrame:
    return purchases.history(orders, as_of=CALIBRATION)


@pytest.fixture(scope="module")
def weeks(history: pd.DataFrame) -> dict[str, Any]:
    """The statistics of the papers: repeats x, age at the last t_x, age T, mean repeat spend z."""
    age_at_last = history["last_purchase_date"] - history["first_purchase_date"]
    x = history["frequency"].to_numpy() - 1
    return {
        "x": x,
        "t_x": age_at_last.dt.days.to_numpy() / 7,
        "T": history["customer_age_days"].to_numpy(dtype=float) / 7,
        "z": history["repeat_monetary"].to_numpy()[x > 0] / x[x > 0],
    }


def by_repeats(history: pd.DataFrame) -> pd.Series:
    return (history["frequency"] - 1).clip(upper=7)


def test_repeat_purchases_count_as_published(history: pd.DataFrame) -> None:
    assert len(history) == 2357
    counts = by_repeats(history).value_counts().sort_index()
    assert counts.tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]


def test_without_free_orders_eight_customers_would_vanish(
    orders: pd.DataFrame, history: pd.DataFrame
) -> None:
    paid = purchases.history(orders[orders["amount"] > 0], as_of=CALIBRATION)
    assert len(history) - len(paid) == 8


def test_every_customer_equals_the_published_summary(
    history: pd.DataFrame, weeks: dict[str, Any], shared_data: Path
) -> None:
    summary = pd.read_csv(shared_data / "cdnow" / "cdnow_customers_summary.csv")
    assert history["customer_id"].astype(int).tolist() == summary["ID"].tolist()
    assert weeks["x"].tolist() == summary["frequency"].tolist()
    # printed to two decimals
    np.testing.assert_allclose(weeks["t_x"], summary["recency"], atol=0.0051, rtol=0)
    np.testing.assert_allclose(weeks["T"], summary["T"], atol=0.0051, rtol=0)


def test_holdout_purchases_per_customer_are_as_published(
    orders: pd.DataFrame, history: pd.DataFrame
) -> None:
    later = purchases.history(orders, as_of=HOLDOUT)
    assert later["customer_id"].equals(history["customer_id"])
    bought = (later["frequency"] - history["frequency"]).groupby(by_repeats(history)).mean()
    published = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    np.testing.assert_allclose(bought, published, atol=0.00051, rtol=0)


def test_the_money_of_all_customers_is_the_money_of_all_orders(orders: pd.DataFrame) -> None:
    table = purchases.history(orders, as_of=HOLDOUT)
    assert round(table["monetary"].sum(), 2) == round(orders["amount"].sum(), 2)
    assert round((table["first_purchase_amount"] + table["repeat_monetary"]).sum(), 2) == round(
        orders["amount"].sum(), 2
    )


def test_bg_nbd_log_likelihood_follows_from_history(weeks: dict[str, Any]) -> None:
    r, alpha, a, b = 0.2425945, 4.4136019, 0.7929199, 2.4258881
    x, t_x, age = weeks["x"], weeks["t_x"], weeks["T"]
    # equation (6), with the beta function's ratio taken in logarithms
    gamma_part = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    with np.errstate(divide="ignore"):
        gone = np.where(
            x > 0,
            betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x),
            -np.inf,
        )
    assert (gamma_part + np.logaddexp(alive, gone)).sum() == pytest.approx(-9582.429, abs=6e-4)


def test_mbg_nbd_log_likelihood_follows_from_history(weeks: dict[str, Any]) -> None:
    r, alpha, a, b = 0.525, 6.183, 0.891, 1.614
    x, t_x, age = weeks["x"], weeks["t_x"], weeks["T"]
    gamma_part = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x + 1) - betaln(a, b) - (r + x) * np.log(alpha + age)
    gone = betaln(a + 1, b + x) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    total = (gamma_part + np.logaddexp(alive, gone)).sum()
    assert total == pytest.approx(-9582.136, abs=2e-3)


def test_pareto_nbd_log_likelihood_follows_from_history(weeks: dict[str, Any]) -> None:
    r, alpha, s, beta = 0.553, 10.578, 0.606, 11.669
    x, t_x, age = weeks["x"], weeks["t_x"], weeks["T"]
    # alpha < beta: the form of equation (19)
    total = r + s + x

    def ended(moment: np.ndarray) -> np.ndarray:
        ratio = (beta - alpha) / (beta + moment)
        return hyp2f1(total, r + x, total + 1, ratio) / (beta + moment) ** total

    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    alive = 1 / ((alpha + age) ** (r + x) * (beta + age) ** s)
    likelihood = common + np.log(alive + s / total * (ended(t_x) - ended(age)))
    # parameters printed to three digits
    assert likelihood.sum() == pytest.approx(-9594.976, abs=2e-3)


def test_nbd_log_likelihood_follows_from_history(weeks: dict[str, Any]) -> None:
    r, alpha = 0.3848, 12.072
    x, age = weeks["x"], weeks["T"]
    total = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + age)
    assert total.sum() == pytest.approx(-9763.658, abs=2e-3)


def test_gamma_gamma_log_likelihood_follows_from_the_money_of_repeat_days(
    weeks: dict[str, Any],
) -> None:
    p, q, v = 6.25, 3.74, 15.44
    x, z = weeks["x"][weeks["x"] > 0], weeks["z"]
    assert len(z) == 946
    px = p * x
    total = (
        gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
        + (px - 1) * np.log(z) + px * np.log(x) - (px + q) * np.log(v + x * z)
    )  # fmt: skip
    assert total.sum() == pytest.approx(-4055.918, abs=5e-3)
