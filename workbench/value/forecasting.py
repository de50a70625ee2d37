"""What will customers spend, by the model that came closest on past days?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench import arguments, errors, models
from workbench.fitting.units import yearly_to_continuous
from workbench.value.expecting import Expectation, expect, nothing

CANDIDATES: tuple[type[models.PurchaseModel], ...] = (
    models.BetaGeo,
    models.ModifiedBetaGeo,
    models.ParetoNBD,
)


#: Why no model may be found: nobody bought twice, the orders cover too short a time, the spend has
#: no finite mean, the customers are too few or too alike.
WHY = ("no_repeats", "too_short", "no_finite_mean", "few")


@dataclass(frozen=True)
class Forecast:
    """What will customers spend, by the model that came closest on past days?

    Parameters
    ----------
    ahead
        What is expected from ``as_of`` on.
    past
        What the same model expected at ``calibration_end`` of the days until ``as_of``.
    model
        The name of the model's class; empty where none could be fitted.
    reason, why
        Why there is none: as it was said, and as one of ``WHY``.
    scores
        How right each candidate was, as in ``models.compare``.
    summary
        What the models were fitted on.
    """

    ahead: Expectation
    past: Expectation
    model: str
    reason: str
    scores: pd.DataFrame
    summary: pd.DataFrame
    why: str = ""


def forecast(
    orders: Any,
    *,
    as_of: arguments.DayLike,
    calibration_end: arguments.DayLike,
    horizon_days: int,
    yearly_rate: float = 0.1,
    candidates: Sequence[type[models.PurchaseModel]] = CANDIDATES,
    of: Collection[str] | None = None,
) -> Forecast:
    """What will customers spend, by the model that came closest on past days?

    Each candidate is fitted on what was known at ``calibration_end`` and judged by what came until
    ``as_of``; the closest is fitted again on all of it. Where the customers are too few for any,
    that is no error: ``model`` is empty and the tables hold no rows.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of, calibration_end
        The last day that is seen, and the last day before the holdout.
    horizon_days, yearly_rate
        As in ``expect``.
    candidates
        The models to choose from.
    of
        The customers whose value is asked; the models learn from all. None: all.

    Raises
    ------
    ContractError
        The orders lack a column or hold what they must not.
    ParameterError, ParameterTypeError
        The calibration does not end before ``as_of``, or ``horizon_days`` or the rate is none.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> found = forecast(orders, as_of="2026-10-31", calibration_end="2026-07-31", horizon_days=90)
    >>> found.model, len(found.ahead.customers) > 200
    ('ModifiedBetaGeo', True)
    >>> forecast(orders.head(3), as_of="2026-10-31", calibration_end="2026-07-31", horizon_days=9).model
    ''
    """
    yearly_to_continuous(yearly_rate, unit="W")  # refused here, whether or not a model is found
    before = models.summary(orders, as_of=as_of, calibration_end=calibration_end)
    now = models.summary(orders, as_of=as_of)
    days = round(before["holdout_age"].iloc[0] * 7) if len(before) else 1
    no_rows = nothing(horizon_days, yearly_rate)
    none = pd.DataFrame(columns=["model", "bias", "mean_absolute_error", "converged"])
    empty_forecast = Forecast(no_rows, nothing(days, 0.0), "", "", none, now)
    try:
        compared = models.compare(
            orders, calibration_end=calibration_end, as_of=as_of, models=candidates
        )
        spend, spend_before = models.GammaGamma.fit(now), models.GammaGamma.fit(before)
        if min(spend.q, spend_before.q) <= 1:
            raise errors.ParameterError(
                f"GammaGamma: q is {min(spend.q, spend_before.q):.3g}: no finite mean.",
                mend="Fit on more customers.",
            )
        best, fitted = _closest(compared, now)
    except (errors.ContractError, errors.ConvergenceError, errors.ParameterError) as error:
        why = _why(before, now, is_infinite="no finite mean" in error.what)
        return Forecast(**{**vars(empty_forecast), "reason": error.what, "why": why})
    asked = [summary if of is None else _only(summary, of) for summary in (now, before)]
    ahead = expect(
        asked[0], purchases=fitted, spend=spend, horizon_days=horizon_days, yearly_rate=yearly_rate
    )
    past = expect(
        asked[1],
        purchases=compared.models[best],
        spend=spend_before,
        horizon_days=days,
        yearly_rate=0.0,
    )
    return Forecast(ahead, past, best, "", compared.scores, now)


def _why(before: pd.DataFrame, now: pd.DataFrame, *, is_infinite: bool) -> str:
    if is_infinite:
        return "no_finite_mean"
    if not (now["repeat_purchases"] > 0).any():
        return "no_repeats"
    return "few" if len(before) and (before["repeat_purchases"] > 0).any() else "too_short"


def _closest(
    compared: models.Comparison, summary: pd.DataFrame
) -> tuple[str, models.PurchaseModel]:
    """Fit the closest model again on all that is known; where that fails, the next."""
    why: errors.ConvergenceError | None = None
    for name in compared.scores["model"]:
        if name not in compared.models:
            continue
        try:
            return name, type(compared.models[name]).fit(summary)
        except errors.ConvergenceError as error:
            why = error
    reasons = "; ".join(compared.scores["reason"].astype("str"))
    raise why or errors.ParameterError(reasons, mend="Fit on more customers.")


def _only(summary: pd.DataFrame, of: Collection[str]) -> pd.DataFrame:
    mine = summary["customer_id"].astype("str").isin([str(customer) for customer in of])
    return summary[mine].reset_index(drop=True)
