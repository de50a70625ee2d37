"""What will customers buy and spend from here on, how sure is that, and from how few does it come?"""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, kept, models, people
from workbench.estimates.intervals import quantile
from workbench.fitting import futures, predictions, spending
from workbench.fitting.futures import LIKELY, WIDE
from workbench.fitting.summaries import SUMMARY
from workbench.likelihoods.special import Floats
from workbench.results import Result, kind

PARTS = 10
# fewer have no end that 95 in a hundred stay within
_LEAST_DRAWS = 40
_MEASURES = ("expected_purchases", "expected_monetary", "lifetime_value")


EXPECTED = Result(
    "value.expect(summary, …).customers", interval=["expected_purchases", "lifetime_value"],
    customer_id="id", as_of="date", repeat_purchases="count", probability_alive="rate",
    expected_purchases="ratio", purchases_low="count", purchases_high="count",
    expected_spend="money", expected_monetary="money", money_low="money", money_high="money",
    lifetime_value="money", worth_low="money", worth_high="money",
)  # fmt: skip
EXPECTED_IN_ALL = Result(
    "value.expect(summary, …).total",
    interval=["expected_purchases", "expected_monetary", "lifetime_value"], customers="count",
    expected_purchases="ratio", purchases_low="count", purchases_high="count",
    purchases_lowest="count", purchases_highest="count", expected_monetary="money",
    money_low="money", money_high="money", money_lowest="money", money_highest="money",
    lifetime_value="money", worth_low="money", worth_high="money", worth_lowest="money",
    worth_highest="money",
)  # fmt: skip


@dataclass(frozen=True)
class Expectation:
    """What will customers buy and spend in the days ahead?

    Two kinds of range stand here and are never mixed. ``…_low`` and ``…_high`` of a name that says
    what is *expected* (``expected_purchases``, ``expected_monetary``, ``lifetime_value``) are of the
    expectation: how far a mean is known, the parameters alone. Those of ``purchases``, ``money`` and
    ``worth`` are of what will be: parameters, chance, and the spend of each purchase; what is really
    bought and spent lies in them eight times in ten, from ``…_lowest`` to ``…_highest`` 95 times in a
    hundred. Neither holds what the models leave out.

    Parameters
    ----------
    customers
        One row per customer, most valuable first, equal ones by ``customer_id``: ``customer_id``,
        ``as_of`` (where the summary has it), ``repeat_purchases``, ``probability_alive`` (missing
        where the model cannot tell); ``expected_purchases`` with both ranges (``purchases_low``,
        ``purchases_high``); ``expected_spend`` (per purchase); ``expected_monetary`` (their product)
        with ``money_low`` and ``money_high``; ``lifetime_value`` (the same in today's money) with
        both ranges (``worth_low``, ``worth_high``).
    total
        One row: ``customers``, and ``expected_purchases``, ``expected_monetary`` and
        ``lifetime_value`` of all together, each with its range of the expectation and the two of
        what will be.
    horizon_days, yearly_rate
        How far ahead, and the discount rate per year.
    """

    customers: pd.DataFrame
    total: pd.DataFrame
    horizon_days: int
    yearly_rate: float


def alive(summary: pd.DataFrame, model: models.PurchaseModel) -> pd.Series:
    """Who is still active, as far as the model can tell? Missing where it cannot.

    BG/NBD gives 1 to who bought once, since nobody drops out before a repeat purchase; that is no
    finding and must not be read as one.

    Parameters
    ----------
    summary
        One row per customer, from ``models.summary``.
    model
        A fitted model of purchases.

    Returns
    -------
    pandas.Series
        One probability per row, with its index.

    Examples
    --------
    >>> table = pd.DataFrame({"repeat_purchases": [2, 0], "last_purchase_age": [30.43, 0],
    ...                       "customer_age": [38.86, 38.86]})
    >>> alive(table, models.BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426)).round(3).tolist()
    [0.727, nan]
    """
    return model.probability_alive(summary).where(model.can_tell(summary))


def expect(
    summary: pd.DataFrame,
    *,
    purchases: models.PurchaseModel,
    spend: models.GammaGamma,
    horizon_days: int,
    yearly_rate: float = 0.1,
    level: float = 0.95,
    of: Collection[str] | None = None,
    draws: int = futures.DRAWS,
    seed: int = 0,
) -> Expectation:
    """What will each customer, and all together, buy and spend in the days ahead?

    What is expected is computed; what will be is drawn: futures of every customer from both models.

    Parameters
    ----------
    summary
        One row per customer, from ``models.summary``.
    purchases, spend
        Fitted models of purchases and of the value of one.
    horizon_days
        How many days ahead are counted.
    yearly_rate
        The discount rate per year, as a share.
    level
        The level of the ranges of the expectation.
    of
        The customers asked about; None: all of the summary.
    draws, seed
        How many futures are drawn, and where the dice begin: the same seed gives the same ranges,
        whatever the order of rows and whoever is asked about.

    Raises
    ------
    ContractError
        A column is missing, or a customer is there twice.
    ParameterError, ParameterTypeError
        ``horizon_days`` is no whole number from 1, there are fewer than 40 draws, the rate is −1 or
        less, or the model of spend has no finite mean (q ≤ 1).

    Examples
    --------
    >>> table = pd.DataFrame({"customer_id": ["a", "b"], "repeat_purchases": [0, 2],
    ...     "last_purchase_age": [0, 30.43], "customer_age": [38.86, 38.86],
    ...     "mean_repeat_value": [None, 22.35], "time_unit": "W"})
    >>> found = expect(table, purchases=models.BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ...                spend=models.GammaGamma(p=6.25, q=3.74, v=15.44), horizon_days=365)
    >>> columns = ["customer_id", "probability_alive", "expected_purchases", "purchases_high"]
    >>> found.customers[columns].round(2)
      customer_id  probability_alive  expected_purchases  purchases_high
    0           b               0.73                1.56               4
    1           a                NaN                0.25               1
    """
    needed = ("customer_id", "repeat_purchases", "mean_repeat_value")
    SUMMARY.require(summary, "summary", needed, key="customer_id")
    if "customers" in summary:
        raise errors.ContractError(
            "summary: its rows stand for several customers each.",
            mend="Hand in one row per customer, as models.summary makes it.",
        )
    days, z = arguments.number_of_days("horizon_days", horizon_days), quantile(level)
    mend = "Ask for as many as the ranges are to be sure: draws=600."
    arguments.whole("draws", draws, least=_LEAST_DRAWS, mend=mend)
    (ids,) = people.alike(summary["customer_id"])
    # in one order, so that that of the rows changes no dice
    summary = summary.assign(customer_id=ids.array).sort_values("customer_id", ignore_index=True)
    asked = np.ones(len(summary), dtype=bool)
    if of is not None:
        asked = summary["customer_id"].astype("str").isin([*map(str, of)]).to_numpy()
    ahead: dict[str, Any] = {"horizon": f"{days}D"}
    means = kept.answer(
        lambda: _means(summary, purchases, spend, yearly_rate, ahead),
        "value.means", summary, purchases, spend, yearly_rate, ahead,
    )  # fmt: skip
    value, other_values, bought, counts, today = means
    by_spend = predictions.spread(value, other_values)
    by_count = predictions.spread(bought, counts)
    # what of the time ahead is left today hardly hangs on the parameters, nor on when in it a purchase
    # falls: the mean share is taken
    left = np.divide(today, bought, out=np.ones(len(bought)), where=bought > 0)
    count_reach, reach = np.exp(z * by_count), np.exp(z * np.hypot(by_count, by_spend))
    worth = today * value
    what_will_be = futures.drawn(
        summary, purchases=purchases, spend=spend, **ahead, today=left, asked=asked, draws=draws,
        seed=seed,
    )  # fmt: skip
    customers = pd.DataFrame(
        {
            "customer_id": summary["customer_id"].array,
            "repeat_purchases": summary["repeat_purchases"].to_numpy(),
            "probability_alive": alive(summary, purchases).to_numpy(),
            "expected_purchases": bought,
            "expected_purchases_low": bought / count_reach,
            "expected_purchases_high": bought * count_reach,
            "purchases_low": what_will_be.purchases_low.astype("int64"),
            "purchases_high": what_will_be.purchases_high.astype("int64"),
            "expected_spend": value,
            "expected_monetary": bought * value,
            "money_low": what_will_be.money_low,
            "money_high": what_will_be.money_high,
            "lifetime_value": worth,
            "lifetime_value_low": worth / reach,
            "lifetime_value_high": worth * reach,
            "worth_low": what_will_be.money_low * left,
            "worth_high": what_will_be.money_high * left,
        }
    )
    if "as_of" in summary:
        customers.insert(1, "as_of", summary["as_of"].to_numpy())
    customers = customers[asked].sort_values(
        ["lifetime_value", "customer_id"], ascending=[False, True], ignore_index=True
    )
    # what is counted, what each is worth (one purchase, or its value), and what else they may be
    certain = asked.astype(float)
    mine, other_mine = value * asked, [other * asked for other in other_values]
    sums = {
        "expected_purchases": (bought, counts, certain, []),
        "expected_monetary": (bought, counts, mine, other_mine),
        "lifetime_value": (today, [other * left for other in counts], mine, other_mine),
    }
    total: dict[str, float] = {"customers": int(asked.sum())}
    for name, (count, other_counts, each, others_each) in sums.items():
        centre = float(count @ each)
        by_purchases = _one_spread(centre, [float(other @ each) for other in other_counts])
        by_value = _one_spread(centre, [float(count @ other) for other in others_each])
        factor = np.exp(z * np.hypot(by_purchases, by_value))
        ends = (centre, float(centre / factor), float(centre * factor))
        total |= dict(zip(_ends(name), ends, strict=True))
    for name, drawn in _in_all(what_will_be).items():
        likely, wide = (futures.between(drawn, share) for share in (LIKELY, WIDE))
        total |= dict(zip(_will_be(name), map(float, (*likely, *wide)), strict=True))
    return Expectation(customers, pd.DataFrame([total]), days, float(yearly_rate))


def _means(
    summary: pd.DataFrame,
    purchases: models.PurchaseModel,
    spend: models.GammaGamma,
    yearly_rate: float,
    ahead: dict[str, Any],
) -> tuple[Floats, list[Floats], Floats, list[Floats], Floats]:
    """Give each one's value and purchases, by the fits and by others as likely, and those of today."""
    value, other_values = spending.with_likely(spend, *spending.known(summary))

    # without their fits, so that no likely parameters are tried for each likely parameter
    certain_spend = dataclasses.replace(spend, fit_=None)
    plain = dataclasses.replace(purchases, fit_=None)
    bought = plain.expected_purchases(summary, **ahead).to_numpy()
    counts = [
        dataclasses.replace(plain, **dict(zip(plain.parameter_names, likely, strict=True)))
        .expected_purchases(summary, **ahead)
        .to_numpy()
        for likely in purchases.likely_parameters()
    ]
    terms: dict[str, Any] = {"purchases": plain, "spend": certain_spend, "yearly_rate": yearly_rate}
    today = models.lifetime_value(summary, **terms, **ahead)["discounted_purchases"].to_numpy()
    return value, other_values, bought, counts, today


def _one_spread(centre: float, others: list[float]) -> float:
    arrays = [np.array([other]) for other in others]
    return float(predictions.spread(np.array([centre]), arrays)[0])


TENTHS = Result("value.tenths(customers)", tenth="segment")


def tenths(customers: pd.DataFrame, *, by: str = "lifetime_value") -> pd.DataFrame:
    """In which tenth of all customers is each, the first being the most valuable?

    Parameters
    ----------
    customers
        One row per customer, with a number to rank by.
    by
        That column. Equal values share a tenth, whatever the order of rows.

    Returns
    -------
    pandas.DataFrame
        The same rows, with ``tenth``, 1 to 10.

    Raises
    ------
    ContractError
        The column is missing, or has a missing value.

    Examples
    --------
    >>> tenths(pd.DataFrame({"lifetime_value": range(20)}))["tenth"].tolist()[-4:]
    [2, 2, 1, 1]
    """
    EXPECTED.require(customers, "customers", (by,))
    if customers[by].isna().any():
        raise errors.ContractError(
            f"customers: {int(customers[by].isna().sum())} have no {by}.", mend="Leave them out."
        )
    place = (customers[by].rank(ascending=False) - 0.5) / (len(customers) or 1)
    tenth = np.minimum(np.floor(place.to_numpy(dtype=float) * PARTS + 1e-9) + 1, PARTS)
    return customers.assign(tenth=tenth.astype("int64"))


CONCENTRATION = Result(
    "value.concentration(customers)", tenth="segment", customers="count",
    expected_purchases="ratio", expected_monetary="money", lifetime_value="money",
    lifetime_value_share="rate",
)  # fmt: skip


def concentration(customers: pd.DataFrame) -> pd.DataFrame:
    """How much of what is expected comes from how few customers?

    Parameters
    ----------
    customers
        The ``customers`` of ``expect``.

    Returns
    -------
    pandas.DataFrame
        One row per tenth of the customers, the most valuable first: ``tenth``, ``customers``,
        ``expected_purchases``, ``expected_monetary``, ``lifetime_value`` and
        ``lifetime_value_share`` (null where there is no value).

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"expected_purchases": 1.0, "expected_monetary": 9.0,
    ...                       "lifetime_value": [90.0, 10.0]})
    >>> concentration(table)[["tenth", "customers", "lifetime_value_share"]]
       tenth  customers  lifetime_value_share
    0      3          1                   0.9
    1      8          1                   0.1
    """
    EXPECTED.require(customers, "customers", _MEASURES)
    groups = tenths(customers).groupby("tenth")
    sums = groups[list(_MEASURES)].sum()
    sums.insert(0, "customers", groups.size())
    all_of_it = float(sums["lifetime_value"].sum())
    share = sums["lifetime_value"] / (all_of_it if all_of_it > 0 else np.nan)
    return sums.assign(lifetime_value_share=share).reset_index()


ACTIVITY = Result(
    "value.activity(customers)", left="number", right="number", is_told="truth", customers="count",
    customer_share="rate",
)  # fmt: skip


def activity(customers: pd.DataFrame) -> pd.DataFrame:
    """How many customers are still active, how likely, and of how many can that not be told?

    Parameters
    ----------
    customers
        One row per customer with ``probability_alive``, missing where the model cannot tell, as
        ``expect`` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per tenth of probability, ``left`` to ``right``, ``is_told`` True, with
        ``customers`` and ``customer_share``; the last row, ``is_told`` False and without bounds,
        is of those of whom it cannot be told.

    Raises
    ------
    ContractError
        The column is missing.

    Examples
    --------
    >>> found = activity(pd.DataFrame({"probability_alive": [0.03, 0.97, 1.0, None]}))
    >>> found.loc[found["customers"] > 0, ["left", "right", "is_told", "customers"]]
        left  right  is_told  customers
    0    0.0    0.1     True          1
    9    0.9    1.0     True          2
    10   NaN    NaN    False          1
    """
    EXPECTED.require(customers, "customers", ("probability_alive",))
    chance = customers["probability_alive"].astype("float64")
    told = chance.dropna().to_numpy()
    which = np.minimum(np.floor(told * PARTS + 1e-9), PARTS - 1).astype(int)
    counts = [*np.bincount(which, minlength=PARTS).tolist(), int(chance.isna().sum())]
    edges = np.arange(PARTS + 1) / PARTS
    return pd.DataFrame(
        {
            "left": [*edges[:-1], np.nan],
            "right": [*edges[1:], np.nan],
            "is_told": [*[True] * PARTS, False],
            "customers": pd.Series(counts, dtype="int64"),
            "customer_share": pd.Series(counts) / (len(customers) or np.nan),
        }
    )


def nothing(horizon_days: int, yearly_rate: float = 0.1) -> Expectation:
    """What is expected of nobody: the tables of ``expect`` without rows.

    Examples
    --------
    >>> len(nothing(90).customers), len(nothing(90).total)
    (0, 0)
    """
    known = {"id": "str", "date": "datetime64[us]", "count": "int64"}
    customers, total = (
        pd.DataFrame({
            name: pd.Series(dtype=known.get(str(kind(name)), "float64")) for name in of.columns
        })
        for of in (EXPECTED, EXPECTED_IN_ALL)
    )  # fmt: skip
    return Expectation(
        customers, total, arguments.number_of_days("horizon_days", horizon_days), float(yearly_rate)
    )


def _ends(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high"]


def _will_be(name: str) -> list[str]:
    return [f"{name}_{end}" for end in ("low", "high", "lowest", "highest")]


def _in_all(drawn: futures.Futures) -> dict[str, Floats]:
    return {"purchases": drawn.purchases, "money": drawn.money, "worth": drawn.worth}
