"""Which model says best what customers did next? Fitted on one part of the time, judged by the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, engine, errors, estimates
from workbench.fitting import units
from workbench.fitting.purchasing import PurchaseModel, check_on_days
from workbench.fitting.summaries import summary
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats
from workbench.results import Result

_OPEN_FROM = 7


SCORES = Result(
    "models.compare(orders, …).scores", model="model", parameter_count="count", loglik="count",
    aic="count", bic="count", customers="count", holdout_purchases="count",
    expected_purchases="ratio", bias="rate", mean_absolute_error="ratio", wape="rate",
    tracking_error="rate", converged="truth", tops="count", reason="feedback",
)  # fmt: skip
BY_FREQUENCY = Result(
    "models.compare(orders, …).by_frequency", interval=["actual_mean"], model="model",
    repeat_purchases="count", is_open_ended="truth", customers="count", actual_mean="ratio",
    expected_mean="ratio",
)  # fmt: skip
TRACKING = Result(
    "models.compare(orders, …).tracking", model="model", step="count", until="date",
    is_holdout="truth", actual_purchases="count", expected_purchases="ratio",
    actual_cumulated="count", expected_cumulated="count",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Which model says best what customers did next?

    Parameters
    ----------
    scores
        One row per model, best holdout first: ``model``, ``parameter_count``, ``loglik``, ``aic``,
        ``bic``; ``customers``, ``holdout_purchases`` (what happened), ``expected_purchases``,
        ``bias`` (expected / happened − 1), ``mean_absolute_error`` (per customer), ``wape`` (the
        sum of errors / what happened), ``tracking_error`` (the same over the steps of the holdout);
        ``converged``, ``tops`` (how many the fit found, of which it kept the highest), ``reason``.
        Missing for a model without a fit.
    by_frequency
        One row per model and number of repeat purchases in the calibration: ``model``,
        ``repeat_purchases``, ``is_open_ended`` (the last: so many or more), ``customers``,
        ``actual_mean`` with Student's interval, ``expected_mean`` of the holdout.
    tracking
        One row per model and step of time: ``model``, ``step`` (1 is the first), ``until`` (its last
        day), ``is_holdout``, ``actual_purchases``, ``expected_purchases`` and both cumulated.
    models
        The fitted models by name.
    """

    scores: pd.DataFrame
    by_frequency: pd.DataFrame
    tracking: pd.DataFrame
    models: dict[str, PurchaseModel]


def compare(
    orders: Any,
    *,
    calibration_end: arguments.DayLike,
    as_of: arguments.DayLike,
    models: Sequence[type[PurchaseModel]],
    time_unit: units.Unit,
    steadied: bool,
    tracked: bool,
) -> Comparison:
    """Fit each model on the calibration and judge it by the holdout."""
    if not models:
        raise errors.ParameterError("models is empty.", mend="Name at least one model.")
    for model in models:
        check_on_days(model)
    table = summary(orders, time_unit=time_unit, calibration_end=calibration_end, as_of=as_of)
    fitted: dict[str, PurchaseModel] = {}
    reasons: dict[str, str] = {}
    for model in models:
        name = model.__name__
        try:
            fitted[name] = model.fit(table, steadied=steadied)
            reasons[name] = fitted[name].verdict_.reason
        except errors.ConvergenceError as error:
            reasons[name] = error.what
    tracks = []
    if tracked:
        days = engine.query(
            "purchase_days", orders=orders, as_of=as_of, cohort_until=calibration_end
        )
        tracks = [_tracked(name, one, days, calibration_end, as_of) for name, one in fitted.items()]
    expected = {name: _expected(model, table) for name, model in fitted.items()}
    scores = [
        _score(name, fitted.get(name), reason, table, expected.get(name), tracks)
        for name, reason in reasons.items()
    ]
    return Comparison(
        scores=pd.DataFrame(scores)
        .sort_values(["mean_absolute_error", "model"], ignore_index=True)
        .astype({"converged": bool}),
        by_frequency=_joined(
            [_binned(name, table, e) for name, e in expected.items()], BY_FREQUENCY.columns
        ),
        tracking=_joined(tracks, TRACKING.columns),
        models=fitted,
    )


def _joined(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(tables, ignore_index=True)[list(columns)]


def _expected(model: PurchaseModel, table: pd.DataFrame) -> Floats:
    ahead = float(table["holdout_age"].iloc[0])
    return model.expected_purchases(table, horizon=ahead).to_numpy(dtype=float)


def _score(
    name: str,
    model: PurchaseModel | None,
    reason: str,
    table: pd.DataFrame,
    expected: Floats | None,
    tracks: list[pd.DataFrame],
) -> dict[str, Any]:
    actual = table["holdout_purchases"].to_numpy(dtype=float)
    bought = float(actual.sum())
    row: dict[str, Any] = {
        **dict.fromkeys(SCORES.columns, np.nan),
        "model": name,
        "customers": len(table),
        "holdout_purchases": round(bought),
        "converged": model is not None,
        "tops": 0 if model is None else model.verdict_.tops,
        "reason": reason,
    }
    if model is None or expected is None:
        return row
    wrong = float(np.abs(expected - actual).sum())
    missed = step_purchases = 0.0
    for track in (track for track in tracks if track["model"].iloc[0] == name):
        later = track[track["is_holdout"]]
        missed = float((later["expected_purchases"] - later["actual_purchases"]).abs().sum())
        step_purchases = float(later["actual_purchases"].sum())
    return row | {
        "parameter_count": model.parameter_count_,
        "loglik": model.loglik_,
        "aic": model.aic_,
        "bic": model.bic_,
        "expected_purchases": float(expected.sum()),
        "bias": float(expected.sum()) / bought - 1 if bought else np.nan,
        "mean_absolute_error": wrong / len(table),
        "wape": wrong / bought if bought else np.nan,
        "tracking_error": missed / step_purchases if step_purchases else np.nan,
    }


def _binned(name: str, table: pd.DataFrame, expected: Floats) -> pd.DataFrame:
    """Average what was expected and what happened over customers of one frequency."""
    bins = table["repeat_purchases"].clip(upper=_OPEN_FROM)
    both = pd.DataFrame({"expected": expected, "actual": table["holdout_purchases"].astype(float)})
    groups = both.groupby(bins.to_numpy())
    mean = groups.mean().add_suffix("_mean")
    sure = [estimates.mean(rows) for _, rows in groups["actual"]]
    mean.insert(0, "customers", groups.size())
    mean["actual_mean_low"] = [estimate.low for estimate in sure]
    mean["actual_mean_high"] = [estimate.high for estimate in sure]
    mean["is_open_ended"] = mean.index == _OPEN_FROM
    return mean.rename_axis("repeat_purchases").reset_index().assign(model=name)


def _tracked(
    name: str,
    model: PurchaseModel,
    days: pd.DataFrame,
    calibration_end: arguments.DayLike,
    as_of: arguments.DayLike,
) -> pd.DataFrame:
    """Add up, over all first purchases, what is expected in each step since the first of them."""
    start = days.loc[days["first_purchases"] > 0, "day"].min()
    step = units.DAYS[model.time_unit]
    end = pd.Timestamp(arguments.day("as_of", as_of))
    last = pd.Timestamp(arguments.day("calibration_end", calibration_end))
    # whole steps only: a broken last one would look like a slump
    steps = int(((end - start).days + 1) // step)
    offset = (days["day"] - start).dt.days.to_numpy(dtype=float)
    which = np.floor(offset / step).astype(int)
    inside = which < steps
    bought = days["repeat_purchases"].to_numpy(dtype=float)
    actual = np.bincount(which[inside], bought[inside], steps)
    cohort = days["first_purchases"].to_numpy(dtype=float)
    began, count = offset[cohort > 0] / step, cohort[cohort > 0]
    cumulated = _cumulated(model, began, count, np.arange(1, steps + 1, dtype=float))
    expected = np.diff(cumulated, prepend=0.0)
    until = start + pd.to_timedelta(np.ceil(np.arange(1, steps + 1) * step) - 1, unit="D")
    # a step that the model has seen in part is no test of it
    begins = start + pd.to_timedelta(np.ceil(np.arange(steps) * step), unit="D")
    return pd.DataFrame(
        {
            "model": name,
            "step": np.arange(1, steps + 1),
            "until": until,
            "is_holdout": begins > last,
            "actual_purchases": actual.astype(int),
            "expected_purchases": expected,
            "actual_cumulated": actual.cumsum().astype(int),
            "expected_cumulated": cumulated,
        }
    )


def _cumulated(model: PurchaseModel, began: Floats, count: Floats, ends: Floats) -> Floats:
    """Give the purchases expected of new customers until each of the ends."""
    new = Rows.new_customer()
    alive = float(model.process.alive(model.vector, new)[0])
    ages = np.maximum(ends[:, None] - began[None, :], 0.0)
    different, which = np.unique(ages, return_inverse=True)
    nought = np.zeros(len(different))
    crowd = Rows(nought, nought, nought, np.ones(len(different)))
    each = alive * model.process.expected(model.vector, crowd, different)
    return np.asarray(each[which].reshape(ages.shape) @ count, dtype=float)
