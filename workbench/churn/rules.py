"""How likely is it, by each rule, that a customer stays away? Scores of what was known on a day."""

from collections.abc import Mapping
from typing import Any, Literal, cast, get_args

import numpy as np
import pandas as pd

from workbench import arguments, errors, models
from workbench.churn.bands import DECIMALS, Floats, warn

Rule = Literal["interval_ratio", "days_since_last", "probability_alive", "overdue_quantile"]
RULES: tuple[Rule, ...] = get_args(Rule)

#: Where each rule begins to warn, unless told otherwise.
THRESHOLDS: dict[Rule, float] = {
    "interval_ratio": 1.2,
    "days_since_last": 90.0,
    "probability_alive": 0.5,
    "overdue_quantile": 0.9,
}
#: The one rule that warns of a low value.
FALLING: tuple[Rule, ...] = ("probability_alive",)

#: What is tried where a band is chosen, and where scores are cut for calibration.
CANDIDATES: dict[Rule, Floats] = {
    "interval_ratio": np.round(np.arange(0.5, 3.0, 0.1), DECIMALS),
    "days_since_last": np.arange(10.0, 370.0, 10.0),
    "probability_alive": np.round(np.arange(0.05, 1.0, 0.05), DECIMALS),
    "overdue_quantile": np.round(np.arange(0.5, 1.0, 0.025), DECIMALS),
}
BINS: dict[Rule, tuple[float, ...]] = {
    "interval_ratio": (0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0),
    "days_since_last": (0.0, 30.0, 60.0, 90.0, 120.0, 180.0, 270.0, 365.0),
    "probability_alive": tuple(tenth / 10 for tenth in range(10)),
    "overdue_quantile": tuple(tenth / 10 for tenth in range(10)),
}

# A customer's own regularity counts as much as the group's from so many spare intervals on.
_POOLED_INTERVALS = 5
# No rhythm is so regular that a day more or less could not happen.
_LEAST_SPREAD = 1e-4


def known(
    history: pd.DataFrame,
    *,
    rules: tuple[Rule, ...],
    model: type[models.PurchaseModel],
    horizon_days: int,
    min_intervals: int,
) -> tuple[pd.DataFrame, str | None]:
    """Score the customers of one day by each rule; a null score is a rule that cannot tell.

    Gives the table, and why no model could be fitted where none could.
    """
    warnings = warn(history, min_intervals=min_intervals)
    buyers = history.loc[history["frequency"].to_numpy() > 0].reset_index(drop=True)
    table = warnings[["as_of", "customer_id", "value_at_stake"]].copy()
    has_rhythm = (warnings["warning"] != "too_little_history").to_numpy()
    ratio = np.where(has_rhythm, warnings["ratio"].to_numpy(dtype="float64"), np.nan)
    table["ratio"] = ratio
    table["has_stayed_away"] = buyers["purchases_ahead"].to_numpy() == 0
    table["monetary_ahead"] = buyers["monetary_ahead"].to_numpy()
    reason = None
    for rule in rules:
        if rule == "interval_ratio":
            table[rule] = ratio
        elif rule == "days_since_last":
            table[rule] = warnings["days_since_last"].to_numpy(dtype="float64")
        elif rule == "overdue_quantile":
            table[rule] = np.where(has_rhythm, overdue(buyers), np.nan)
        else:
            alive, silent, reason = _alive(buyers, model, horizon_days)
            table[rule] = alive
            table["probability_no_purchase"] = silent
    return table, reason


def overdue(history: pd.DataFrame, *, pooled_intervals: float = _POOLED_INTERVALS) -> Floats:
    """What share of a customer's own intervals would be over by now?

    Intervals are taken as gamma distributed about the customer's own mean. How regular they are is
    the customer's own spread pooled with the group's by weight n/(n + ``pooled_intervals``), n
    counting the intervals beyond the first. The share allows for the mean being known from few
    intervals: with n of them, of sum S, and a shape k, the next one is below t with probability
    I(t/(t + S); k, nk), the regularised incomplete beta function.

    Parameters
    ----------
    history
        One row per customer with a purchase day, as ``purchases.history`` makes it.
    pooled_intervals
        How many own intervals weigh as much as the group.

    Returns
    -------
    numpy.ndarray
        A share per customer, 0 to 1; null without an interval.

    References
    ----------
    The ratio of gamma variables: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate
    Distributions 2, section 25.2. The spread log(mean) − mean(log) and its shape: Minka (2002),
    Estimating a Gamma distribution, eq. 10.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "frequency": [5, 5],
    ...         "days_since_last": [30, 60],
    ...         "customer_age_days": [150, 180],
    ...         "log_interval_sum": [13.5, 13.5],
    ...     }
    ... )
    >>> overdue(table).round(2).tolist()
    [0.52, 0.99]
    """
    from scipy.special import betainc

    count = history["frequency"].to_numpy(dtype="float64") - 1
    since = history["days_since_last"].to_numpy(dtype="float64")
    spanned = history["customer_age_days"].to_numpy(dtype="float64") - since
    logs = history["log_interval_sum"].to_numpy(dtype="float64")
    quantiles = np.full(len(history), np.nan)
    told = count > 0
    n, total, since = count[told], spanned[told], since[told]
    # n times the spread; equal intervals have none, whatever rounding makes of it
    spread = np.maximum(n * np.log(total / n) - logs[told], 0.0)
    spare = n - 1
    # sorted, so that the order of rows does not show in the last bit
    group = np.sort(spread).sum() / spare.sum() if spare.sum() else np.log(2.0)
    pooled = (spread + pooled_intervals * group) / (spare + pooled_intervals)
    shape = _shape(np.maximum(pooled, _LEAST_SPREAD))
    quantiles[told] = betainc(shape, n * shape, since / (since + total))
    return quantiles


def _shape(spread: Floats) -> Floats:
    """Give the k of a gamma distribution with log(k) − digamma(k) = spread."""
    from scipy.special import digamma, polygamma

    k = (3 - spread + np.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread)
    for _ in range(4):
        wrong = np.log(k) - digamma(k) - spread
        slope = 1 / k - polygamma(1, k)
        k = 1 / (1 / k + wrong / (k * k * slope))
    return np.asarray(k, dtype="float64")


def _alive(
    buyers: pd.DataFrame, model: type[models.PurchaseModel], horizon_days: int
) -> tuple[Floats, Floats, str | None]:
    """Fit a model on what was known, and give who may be alive and who will not buy."""
    nobody = np.full(len(buyers), np.nan)
    seen = models.summary(buyers.sort_values("customer_id"))
    try:
        fitted = model.fit(seen)
    except (errors.ConvergenceError, errors.ContractError) as error:
        return nobody, nobody.copy(), error.what
    told = fitted.can_tell(seen)
    horizon = f"{horizon_days}D"
    scores = pd.DataFrame(
        {
            "alive": fitted.probability_alive(seen).where(told),
            "silent": fitted.probability_no_purchase(seen, horizon=horizon).where(told),
        }
    ).set_axis(seen["customer_id"])
    scores = scores.reindex(buyers["customer_id"])
    return scores["alive"].to_numpy(), scores["silent"].to_numpy(), None


def check_rules(rule: Any) -> tuple[Rule, ...]:
    """Read one rule or several; each is judged once.

    Raises
    ------
    UnknownNameError
        There is no such rule.
    ParameterError
        None is given.

    Examples
    --------
    >>> check_rules("interval_ratio")
    ('interval_ratio',)
    """
    return cast("tuple[Rule, ...]", arguments.some_of("rule", rule, RULES, kind="rule"))


def check_thresholds(
    thresholds: Mapping[Rule, float] | None, rules: tuple[Rule, ...]
) -> dict[Rule, float]:
    """Read where each rule begins to warn; what is not given is as usual.

    Raises
    ------
    UnknownNameError
        A threshold is for a rule that is not judged.
    ParameterError
        It is no number from 0 up, or a share above 1.

    Examples
    --------
    >>> check_thresholds({"interval_ratio": 1.5}, ("interval_ratio", "days_since_last"))
    {'interval_ratio': 1.5, 'days_since_last': 90.0}
    """
    given = dict(thresholds or {})
    for name, value in given.items():
        arguments.one_of("rule with a threshold", name, rules)
        share = name in ("probability_alive", "overdue_quantile")
        mend = "Use a share from 0 to 1." if share else "Use a number from 0 up."
        most = {"most": 1} if share else {}
        arguments.number(f"The threshold of {name}", value, least=0, **most, mend=mend)
    return {name: round(float(given.get(name, THRESHOLDS[name])), DECIMALS) for name in rules}
