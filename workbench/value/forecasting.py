"""What will customers spend, by the model that came closest on past days? One rule for all who ask."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from workbench import arguments, errors, kept, models
from workbench.fitting.units import DAYS, yearly_to_continuous
from workbench.results import Result
from workbench.value.expecting import Expectation, expect, nothing

CANDIDATES: tuple[type[models.PurchaseModel], ...] = (
    models.BetaGeo,
    models.ModifiedBetaGeo,
    models.ParetoNBD,
    models.BetaGeoCNBD,
    models.ModifiedBetaGeoCNBD,
    models.NBD,
)
#: Why there may be no value: nobody bought twice; fewer than ``LEAST_AGAIN`` did; nobody had by the
#: day the models are judged from; no repeat purchase had a value; the spend has no finite mean; no
#: model could be fitted, steadied or not.
WHY = ("no_repeats", "few", "too_short", "no_money", "no_finite_mean", "no_fit")
#: With fewer customers who bought again, a steadied model tells of its prior and not of them.
LEAST_AGAIN = 5
# what came in so many days judges the models, but at most the last third of all
_JUDGED_DAYS, _JUDGED_SHARE = 182, 1 / 3
_TIMES, _DRAWS = 6, 200
_Fits: TypeAlias = tuple[models.PurchaseModel | None, models.GammaGamma | None]


@dataclass(frozen=True)
class Chosen:
    """Which model came closest on past days, and what has it learnt?

    Parameters
    ----------
    model
        The name of the model's class; empty where none could be fitted.
    reason, why
        Why there is none: as it was said, and as one of ``WHY``.
    as_of, calibration_end
        The last day that is seen, and the last day before the holdout.
    summary, before
        What the models were fitted on: what was known at ``as_of`` and at ``calibration_end``.
    compared
        How right each candidate was; no rows where none could be asked.
    purchases, spend, purchases_before, spend_before
        The models fitted on the one and on the other; None where there is none.
    """

    model: str
    reason: str
    why: str
    as_of: dt.date
    calibration_end: dt.date
    summary: pd.DataFrame
    before: pd.DataFrame
    compared: models.Comparison
    purchases: models.PurchaseModel | None = None
    spend: models.GammaGamma | None = None
    purchases_before: models.PurchaseModel | None = None
    spend_before: models.GammaGamma | None = None

    @property
    def is_steadied(self) -> bool:
        """Whether a weak prior took part in what is expected from ``as_of`` on."""
        return any(fit is not None and fit.is_steadied for fit in (self.purchases, self.spend))

    @property
    def holdout_days(self) -> int:
        """How many days judge the models."""
        return (self.as_of - self.calibration_end).days

    def forecast(
        self, *, horizon_days: int, yearly_rate: float = 0.1, of: Collection[str] | None = None,
        seed: int = 0,
    ) -> "Forecast":  # fmt: skip
        """What is expected from ``as_of`` on? As ``value.forecast``, of what was fitted already."""
        # refused here, whether or not there is a model
        yearly_to_continuous(yearly_rate, unit="W")
        fits = (self.purchases, self.spend)
        ahead = _expected(self.summary, fits, horizon_days, yearly_rate, of=of, seed=seed)
        return Forecast(ahead, self, of, seed)


@dataclass(frozen=True)
class Forecast:
    """What will customers spend, by the model that came closest on past days?

    Parameters
    ----------
    ahead
        What is expected from ``as_of`` on.
    chosen
        Which model, and how it was chosen and fitted.
    of, seed
        Of which customers, and where the dice begin.
    """

    ahead: Expectation
    chosen: Chosen
    of: Collection[str] | None = None
    seed: int = 0

    @functools.cached_property
    def past(self) -> Expectation:
        """What the same model expected at ``calibration_end`` of the days until ``as_of``."""
        chosen = self.chosen
        days, fits = chosen.holdout_days, (chosen.purchases_before, chosen.spend_before)
        return _expected(chosen.before, fits, days, 0.0, of=self.of, seed=self.seed, draws=_DRAWS)

    @property
    def model(self) -> str:
        """The name of the model's class; empty where none could be fitted."""
        return self.chosen.model

    @property
    def why(self) -> str:
        """Why there is no model, as one of ``WHY``; empty where there is one."""
        return self.chosen.why

    @property
    def scores(self) -> pd.DataFrame:
        """How right each candidate was, as in ``models.compare``; no rows where none could be."""
        return self.chosen.compared.scores


class _NoModelError(Exception):
    """No model, and why not as one of ``WHY``: no error of ours, nobody ever sees it."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what)
        self.what, self.why = what, why


def choose(
    orders: Any,
    *,
    as_of: arguments.DayLike,
    calibration_end: arguments.DayLike | None = None,
    candidates: Sequence[type[models.PurchaseModel]] = CANDIDATES,
) -> Chosen:
    """Which model came closest on past days? Fitted then and now, as all who ask for value do.

    Each candidate is fitted on what was known at ``calibration_end`` and judged by what came until
    ``as_of``; the closest is fitted again on all of it. Where the data leave the parameters of every
    model that knows of leaving open, all are *steadied*: fitted with a weak prior, as
    ``models.X.fit(…, steadied=True)`` has it. So is the model of spend, where it is open or has no
    finite mean. Where even that makes no sense, it is no error: ``model`` is empty, and ``why`` says
    why.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.
    calibration_end
        The last day before the holdout; None: 182 days before ``as_of``, but at most the last third
        of the time since the first purchase.
    candidates
        The models to choose from.

    Raises
    ------
    ContractError
        The orders lack a column or hold what they must not.
    ParameterError, ParameterTypeError
        The calibration does not end before ``as_of``, or a candidate is no model of purchases on days.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> found = choose(orders, as_of="2026-10-31", candidates=[models.ModifiedBetaGeo])
    >>> found.model, found.is_steadied, found.calibration_end.isoformat(), found.holdout_days
    ('ModifiedBetaGeo', False, '2026-05-02', 182)
    >>> choose(orders.head(3), as_of="2026-10-31").why
    'no_repeats'
    """
    until = arguments.day("as_of", as_of)
    now = models.summary(orders, as_of=until)
    end = _judged_from(now, until)
    if calibration_end is not None:
        end = arguments.day("calibration_end", calibration_end)
    before = models.summary(orders, as_of=until, calibration_end=end)
    asked = (orders, now, before, until, end, candidates)
    # all that is compared follows from the two summaries
    return kept.answer(lambda: _chosen(*asked), "value.choose", *asked[1:])


def _chosen(
    orders: Any, now: pd.DataFrame, before: pd.DataFrame, until: dt.date, end: dt.date,
    candidates: Sequence[type[models.PurchaseModel]],
) -> Chosen:  # fmt: skip
    without: dict[str, Any] = {
        "as_of": until, "calibration_end": end, "summary": now, "before": before,
    }  # fmt: skip
    try:
        _refuse_too_little(now, before)
        compared, purchases = _closest(orders, now, until, end, candidates)
        spend, spend_before = _spend(now), _spend(before)
    except _NoModelError as error:
        scores, by_frequency, tracking = (
            pd.DataFrame(columns=list(of.columns))
            for of in (models.SCORES, models.BY_FREQUENCY, models.TRACKING)
        )
        nothing_compared = models.Comparison(scores, by_frequency, tracking, {})
        return Chosen("", error.what, error.why, **without, compared=nothing_compared)
    model = type(purchases).__name__
    return Chosen(
        model, "", "", **without, compared=compared, purchases=purchases, spend=spend,
        purchases_before=compared.models[model], spend_before=spend_before,
    )  # fmt: skip


def forecast(
    orders: Any,
    *,
    as_of: arguments.DayLike,
    calibration_end: arguments.DayLike | None = None,
    horizon_days: int,
    yearly_rate: float = 0.1,
    candidates: Sequence[type[models.PurchaseModel]] = CANDIDATES,
    of: Collection[str] | None = None,
    seed: int = 0,
) -> Forecast:
    """What will customers spend, by the model that came closest on past days?

    The model is that of ``choose``. Where the customers are too few for any, that is no error:
    ``model`` is empty, ``why`` says why, and the tables hold no rows.

    Parameters
    ----------
    orders, as_of, calibration_end, candidates
        As in ``choose``.
    horizon_days, yearly_rate, seed
        As in ``expect``.
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
    >>> found = forecast(orders, as_of="2026-10-31", horizon_days=90)
    >>> found.model, len(found.ahead.customers) > 200
    ('ModifiedBetaGeoCNBD', True)
    >>> forecast(orders.head(3), as_of="2026-10-31", horizon_days=9).model
    ''
    """
    yearly_to_continuous(yearly_rate, unit="W")
    arguments.number_of_days("horizon_days", horizon_days)
    chosen = choose(orders, as_of=as_of, calibration_end=calibration_end, candidates=candidates)
    return chosen.forecast(horizon_days=horizon_days, yearly_rate=yearly_rate, of=of, seed=seed)


def _expected(
    known: pd.DataFrame, fits: _Fits, days: int, yearly_rate: float, **more: Any
) -> Expectation:
    purchases, spend = fits
    if purchases is None or spend is None:
        return nothing(days, yearly_rate)
    ahead: dict[str, Any] = {"horizon_days": days, "yearly_rate": yearly_rate, **more}
    return kept.answer(
        lambda: expect(known, purchases=purchases, spend=spend, **ahead),
        "value.expect", known, fits, ahead,
    )  # fmt: skip


HELD = Result(
    "value.held(orders, chosen)", as_of="date", until="date", customers="count",
    expected_monetary="money", money_low="money", money_high="money", monetary_ahead="money",
    is_held="truth", held_count="count",
)  # fmt: skip


def held(
    orders: Any, chosen: Chosen, *, of: Collection[str] | None = None, times: int = _TIMES,
    seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """How often did the ranges of the model that was chosen hold on past days?

    The model is fitted on what was known on each past day, and its ranges of what will be (eight
    times in ten) are compared with what customers spent in the days after. The past days lie as far
    apart as the days are many that judged the model, so that no purchase is counted twice, and each
    has at least as many days before it.

    Parameters
    ----------
    orders
        The orders ``chosen`` was made from.
    chosen
        From ``choose``.
    of
        The customers asked about; None: all.
    times
        At most so many past days.
    seed
        Where the dice begin.

    Returns
    -------
    pandas.DataFrame
        One row per past day, the latest first: ``as_of``; ``until``, the last day it is judged by;
        ``customers``; ``expected_monetary`` of all of them, ``money_low``, ``money_high`` (where it
        was to lie), ``monetary_ahead`` (what they spent), ``is_held`` (whether it lay there);
        ``held_count``, of how many customers the own spend lay in the own range. No rows where
        there is no model, or no such day.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> chosen = choose(orders, as_of="2026-10-31", candidates=[models.ModifiedBetaGeo])
    >>> found = held(orders, chosen, times=2)
    >>> found["until"].dt.date.astype(str).tolist(), (found["held_count"] <= found["customers"]).all()
    (['2026-10-31', '2026-05-02'], np.True_)
    """
    rows = []
    days = dt.timedelta(days=chosen.holdout_days)
    if chosen.purchases is not None:
        first = chosen.as_of - dt.timedelta(days=_span(chosen.summary))
        ends = [chosen.as_of - days * time for time in range(times)]
        for until in (end for end in ends if end - 2 * days >= first):
            known = chosen.before
            fits: _Fits | None = (chosen.purchases_before, chosen.spend_before)
            if until != chosen.as_of:
                known = models.summary(orders, as_of=until, calibration_end=until - days)
                fits = _fits(type(chosen.purchases), known)
            rows += [_judged(known, fits, until, chosen.holdout_days, of, seed)] if fits else []
    kinds = {"as_of": "datetime64[us]", "until": "datetime64[us]", "is_held": "bool"}
    kinds |= {"customers": "int64", "held_count": "int64"}
    found = pd.DataFrame(rows, columns=list(HELD.columns))
    return found.astype({name: kinds.get(name, "float64") for name in HELD.columns})


def _fits(
    model: type[models.PurchaseModel], known: pd.DataFrame
) -> tuple[models.PurchaseModel, models.GammaGamma] | None:
    """Fit both on what was known on a past day; None where that makes no sense."""

    def fits() -> tuple[models.PurchaseModel, models.GammaGamma] | None:
        try:
            _refuse_too_little(known, known)
            return _fitted(model, known), _spend(known)
        except _NoModelError:
            return None

    return kept.answer(fits, "value.held", model, known)


def _judged(
    known: pd.DataFrame, fits: _Fits, until: dt.date, days: int, of: Collection[str] | None,
    seed: int,
) -> dict[str, Any]:  # fmt: skip
    """Compare what was expected of the days with what came."""
    ahead = _expected(known, fits, days, 0.0, of=of, draws=_DRAWS, seed=seed)
    each = ahead.customers.merge(known[["customer_id", "holdout_value"]], on="customer_id")
    spent, total = each["holdout_value"], ahead.total.iloc[0]
    return {
        "as_of": until - dt.timedelta(days=days), "until": until, "customers": len(each),
        "monetary_ahead": spent.sum(),
        **{name: total[name] for name in ("expected_monetary", "money_low", "money_high")},
        "is_held": total["money_low"] <= spent.sum() <= total["money_high"],
        "held_count": int(spent.between(each["money_low"], each["money_high"]).sum()),
    }  # fmt: skip


def _judged_from(now: pd.DataFrame, until: dt.date) -> dt.date:
    days = min(_JUDGED_DAYS, int(_span(now) * _JUDGED_SHARE))
    return until - dt.timedelta(days=max(days, 1))


def _span(summary: pd.DataFrame) -> int:
    """Give the days since the first purchase of all."""
    return round(summary["customer_age"].max() * DAYS["W"]) if len(summary) else 0


def _refuse_too_little(now: pd.DataFrame, before: pd.DataFrame) -> None:
    """Refuse customers of whom even a steadied model would tell nothing."""
    again, then = ((table["repeat_purchases"] > 0).sum() for table in (now, before))
    if not again:
        raise _NoModelError("Nobody has bought twice.", "no_repeats")
    if again < LEAST_AGAIN:
        raise _NoModelError(f"Only {again} customers have bought again.", "few")
    if not then:
        raise _NoModelError("Nobody had bought twice by calibration_end.", "too_short")
    for table in (now, before):
        if not (table["mean_repeat_value"] > 0).any():
            raise _NoModelError("No repeat purchase has a value above 0.", "no_money")


def _closest(
    orders: Any, now: pd.DataFrame, until: dt.date, end: dt.date,
    candidates: Sequence[type[models.PurchaseModel]],
) -> tuple[models.Comparison, models.PurchaseModel]:  # fmt: skip
    """Fit the closest model again on all that is known; where that fails, the next."""
    # plain NBD is nearly always identified; that nobody ever leaves is no finding where others are not
    wanted = [each for each in candidates if each.knows_dropout] or candidates
    reasons = ""
    for steadied in (False, True):
        compared = models.compare(
            orders, calibration_end=end, as_of=until, models=candidates, steadied=steadied,
            tracked=False,
        )  # fmt: skip
        fitted = {}
        for name, model in compared.models.items():
            try:
                fitted[name] = type(model).fit(now, steadied=steadied)
            except errors.ConvergenceError as error:
                reasons = error.what
        if any(each.__name__ in fitted for each in wanted):
            order = [name for name in compared.scores["model"] if name in fitted]
            return compared, fitted[order[0]]
        reasons = "; ".join([*compared.scores["reason"].astype("str"), reasons])
    raise _NoModelError(reasons, "no_fit")


def _fitted(model: type[models.PurchaseModel], known: pd.DataFrame) -> models.PurchaseModel:
    """Fit it, steadied where it has to be."""
    try:
        return model.fit(known)
    except errors.ConvergenceError:
        try:
            return model.fit(known, steadied=True)
        except errors.ConvergenceError as error:
            raise _NoModelError(error.what, "no_fit") from error


def _spend(known: pd.DataFrame) -> models.GammaGamma:
    """Fit the model of spend, steadied where it has to be."""
    spend, reason = None, ""
    for steadied in (False, True):
        try:
            spend = models.GammaGamma.fit(known, steadied=steadied)
        except errors.ConvergenceError as error:
            reason, best = error.what, error.result
            # one price for all has no top, as more and more alike is better and better: as far as
            # was gone they are alike, and nothing is left unsure
            if steadied and isinstance(best, models.GammaGamma) and best.fit_:
                spend = dataclasses.replace(
                    best, fit_=dataclasses.replace(best.fit_, covariance=())
                )
        if spend is not None and spend.q > 1:
            return spend
    if spend is not None:
        raise _NoModelError(f"GammaGamma: q is {spend.q:.3g}: no finite mean.", "no_finite_mean")
    raise _NoModelError(reason, "no_fit")
