"""What can every model of purchases do? Fit itself, and say who is alive and who will buy."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from workbench import errors
from workbench.fitting import customers, predictions, units
from workbench.fitting.maximum import CAUSES, PRIOR_SPREAD, Climb, Maximum, listed, maximise
from workbench.fitting.results import Fit, Fitted, Process
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats

# so many rows tell which tops there are, and the way up
_SKETCH = 2000


@dataclass(frozen=True, kw_only=True)
class PurchaseModel(Fitted):
    """A model of when customers buy and when they stop, in a stated time unit."""

    time_unit: units.Unit = field(default="W")

    needs_intervals: ClassVar[bool] = False
    counts_occasions: ClassVar[bool] = False
    # whether one purchase ever says anything about being alive
    tells_one_time_buyers: ClassVar[bool] = True
    # whether customers ever stop
    knows_dropout: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        units.check(self.time_unit)

    likelihood: ClassVar[Process]

    @property
    def process(self) -> Process:
        """The likelihood behind the model."""
        return self.likelihood

    # -- reading ---------------------------------------------------------------------------------

    def _rows(self, summary: Any, *, with_intervals: bool = False) -> Rows:
        return customers.rows(
            summary,
            unit=self.time_unit,
            with_intervals=with_intervals and self.needs_intervals,
            whole=self.counts_occasions,
        )

    def _ahead(self, horizon: units.Horizon, time_unit: str | None) -> float:
        ahead = units.horizon(horizon, unit=self.time_unit, time_unit=time_unit)
        if self.counts_occasions and ahead != np.floor(ahead):
            raise errors.ParameterError(
                f"horizon is {ahead:g} occasions.", mend="Give a whole number of occasions."
            )
        return ahead

    # -- fitting ---------------------------------------------------------------------------------

    @classmethod
    def fit(
        cls,
        summary: pd.DataFrame,
        *,
        time_unit: units.Unit | None = None,
        steadied: bool = False,
    ) -> Self:
        """Which parameters make these customers' purchases most likely?

        Parameters
        ----------
        summary
            One row per customer, as ``models.summary`` makes it; ``repeat_purchases``,
            ``last_purchase_age`` and ``customer_age`` are enough. A column ``customers`` says how
            many customers a row stands for.
        time_unit
            The unit of the model; None for the one the table states, or else weeks.
        steadied
            Whether a weak prior keeps the parameters within reason where the data leave them open:
            the logarithm of each is normal around 0 with a standard deviation of 3, times counted
            in mean ages of these customers. The result says so, ``is_steadied``; its ``loglik_`` is
            the likelihood's own, its standard errors are the posterior's.

        Returns
        -------
        The fitted model, which carries ``loglik_``, ``aic_``, ``bic_``, ``standard_errors_``,
        ``verdict_`` and ``is_steadied``.

        Raises
        ------
        ContractError
            The table lacks a column, holds values no customer can have, or has no repeat purchase.
        ConvergenceError
            No maximum was found: the message says why, ``error.result`` is the best that was found.
        """
        unit = units.check(time_unit) if time_unit else customers.unit_of(summary) or "W"
        rows = customers.rows(
            summary, unit=unit, with_intervals=cls.needs_intervals, whole=cls.counts_occasions
        )
        refuse_nothing_to_learn(rows)
        return cls._fitted(rows.compressed, unit, steadied=steadied)

    @classmethod
    def _fitted(cls, rows: Rows, unit: units.Unit, *, steadied: bool) -> Self:
        return cls._climbed(rows, unit, steadied=steadied).checked()

    @classmethod
    def _climbed(
        cls, rows: Rows, unit: units.Unit, *, steadied: bool, start: Floats | None = None,
        **more: Any,
    ) -> Self:  # fmt: skip
        """Fit, whether or not it is a top; with ``start`` from there alone, for a first look."""
        model = cls._of(np.ones(len(cls.parameter_names)), unit, **more)
        top = climbed(model.process, rows, steadied=steadied, start=start)
        fit = Fit.of(top, customers=rows.customers, is_steadied=steadied)
        return cls._of(top.parameters, unit, fit, **more)

    @classmethod
    def _of(cls, vector: Floats, unit: units.Unit, fit: Fit | None = None, **more: Any) -> Self:
        named = {
            name: float(value) for name, value in zip(cls.parameter_names, vector, strict=True)
        }
        return cls(**named, **more, time_unit=unit, fit_=fit)

    def checked(self) -> Self:
        """Give itself, or refuse to pass for a fit that is none."""
        verdict = self.verdict_
        if not verdict.converged:
            raise not_converged(self)
        return self

    def log_likelihood(self, summary: pd.DataFrame) -> float:
        """How likely is what these customers did? The total of the logarithms, never the mean."""
        rows = self._rows(summary, with_intervals=True)
        if not len(rows):
            return 0.0
        return self.process.log_likelihood(self.vector, rows.compressed)[0]

    # -- predicting ------------------------------------------------------------------------------

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Who may still buy? One probability per row of the table, with its index.

        A model with ``tells_one_time_buyers`` False gives 1 to who bought once: it cannot tell.
        What is shown to people is left to ``can_tell``.
        """
        rows = self._rows(summary)
        probabilities = predictions.in_pieces(
            rows, lambda some: self.process.alive(self.vector, some)
        )
        return pd.Series(probabilities, index=summary.index, name="probability_alive")

    def can_tell(self, summary: pd.DataFrame) -> pd.Series:
        """Of whom does ``probability_alive`` say anything? One truth per row, with its index.

        Where it is False the probability is 1 by construction, and no finding: with a dropout that
        comes after a repeat purchase, who bought once has had no occasion to drop out.
        """
        bought_once = self._rows(summary).x == 0
        told = ~bought_once | self.tells_one_time_buyers
        return pd.Series(told & self.knows_dropout, index=summary.index, name="can_tell")

    def expected_purchases(
        self, summary: pd.DataFrame, *, horizon: units.Horizon, time_unit: str | None = None
    ) -> pd.Series:
        """How often will each customer buy in the time ahead? One mean per row of the table.

        Parameters
        ----------
        summary
            One row per customer.
        horizon
            The time ahead: a number in ``time_unit``, a text such as ``"90D"``, or a timedelta.
        time_unit
            The unit of a bare number; None for the model's own.
        """
        rows, ahead = self._rows(summary), self._ahead(horizon, time_unit)
        purchases = predictions.in_pieces(
            rows, lambda some: predictions.expected(self.process, self.vector, some, ahead)
        )
        return pd.Series(purchases, index=summary.index, name="expected_purchases")

    def probability_no_purchase(
        self, summary: pd.DataFrame, *, horizon: units.Horizon, time_unit: str | None = None
    ) -> pd.Series:
        """Who will not buy in the time ahead? One probability per row, dropped out or not."""
        rows, ahead = self._rows(summary), self._ahead(horizon, time_unit)
        probabilities = predictions.in_pieces(
            rows,
            lambda some: self.process.silent(self.vector, some, np.full(len(some), ahead)),
        )
        return pd.Series(probabilities, index=summary.index, name="probability_no_purchase")

    def predict(
        self,
        summary: pd.DataFrame,
        *,
        horizon: units.Horizon,
        time_unit: str | None = None,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """What will each customer do in the time ahead, and how sure is that?

        Parameters
        ----------
        summary, horizon, time_unit
            As in ``expected_purchases``.
        level
            The level of the intervals.

        Returns
        -------
        pandas.DataFrame
            One row per row of the table, with its index:

            - ``customer_id``, where the table has it
            - ``probability_alive``, ``probability_no_purchase``
            - ``expected_purchases``: the mean
            - ``…_low``, ``…_high``: how far the parameters are known; no width for a model that
              was given its parameters
            - ``purchases_low``, ``purchases_high``: between which the customer's own count will
              lie, chance included
        """
        rows, ahead = self._rows(summary), self._ahead(horizon, time_unit)
        table = predictions.per_customer(
            self.process, self.vector, self.likely_parameters(), rows, ahead, level
        ).set_index(summary.index)
        if "customer_id" in summary.columns:
            table.insert(0, "customer_id", summary["customer_id"])
        return table

    def total(
        self,
        summary: pd.DataFrame,
        *,
        horizon: units.Horizon,
        time_unit: str | None = None,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """How often will all these customers buy together, and how sure is that?

        Returns
        -------
        pandas.DataFrame
            One row: ``customers, expected_purchases, expected_purchases_low,
            expected_purchases_high`` (how far the parameters are known) and ``purchases_low,
            purchases_high`` (between which the actual number will lie, chance included).
        """
        rows, ahead = self._rows(summary), self._ahead(horizon, time_unit)
        likely = self.likely_parameters()
        return predictions.total(self.process, self.vector, likely, rows, ahead, level)

    def new_customer(
        self, *, horizon: units.Horizon, time_unit: str | None = None, level: float = 0.95
    ) -> pd.DataFrame:
        """How often will a customer buy again who has just bought for the first time?

        Returns
        -------
        pandas.DataFrame
            One row, with the columns of ``predict``.
        """
        ahead = self._ahead(horizon, time_unit)
        likely = self.likely_parameters()
        rows = Rows.new_customer()
        return predictions.per_customer(self.process, self.vector, likely, rows, ahead, level)


def check_on_days(model: Any) -> None:
    """Refuse what is no class of a purchase model, or one that cannot be judged on days."""
    if not (isinstance(model, type) and issubclass(model, PurchaseModel)):
        raise errors.ParameterTypeError(
            f"{model!r} is no class of a purchase model.", mend="Hand in a class: models.BetaGeo."
        )
    if model.counts_occasions:
        raise errors.ParameterError(
            f"{model.__name__} counts occasions and cannot be judged on days.",
            mend="Use another model, such as models.ModifiedBetaGeo.",
        )


def climbed(
    process: Process, rows: Rows, *, steadied: bool = False, start: Floats | None = None
) -> Maximum:
    """Find the parameters that make the rows most likely, or, steadied, are most probable."""
    derivatives = getattr(process, "derivatives", None)
    steep = derivatives is not None and getattr(process, "k", 1) == 1
    scale = np.array([rows.mean_age if name in process.times else 1.0 for name in process.names])

    def climb(some: Rows) -> Climb:
        return Climb(
            lambda p: process.log_likelihood(p, some),
            customers=some.customers,
            names=process.names,
            derivatives=(lambda p: derivatives(p, some)) if steep and derivatives else None,
            scale=scale,
            prior_spread=PRIOR_SPREAD if steadied else None,
        )

    sketch = climb(rows.thinned(_SKETCH)) if len(rows) > 1.5 * _SKETCH else None
    starts = [scale * each for each in process.starts(rows)] if start is None else [start]
    top = maximise(climb(rows), starts=starts, sketch=sketch, insist=start is None)
    return _explained(top, process, scale)


# the logarithms, over their scale, from which on a chance is next to none, and parameters are huge
_NEVER, _HUGE = -8.0, 4.0
_WORDS = {
    "nobody_stops": "nobody seems to stop: with {names} the likelihood gains nothing over customers "
    "who never do",
    "all_alike": "the customers do not differ in how {often} they {what}: the likelihood is highest "
    "with {names} ever larger",
    "extremes": "some customers {what} at every chance and others never: the likelihood is highest "
    "with {names} ever nearer to 0",
    "flat": "the likelihood is flat: the data do not tell how large {names} should be",
}


def _explained(top: Maximum, process: Process, scale: Floats) -> Maximum:
    """Say of parameters without a top where they lead: what the customers are like there."""
    unknown = top.verdict.not_identified
    logs = dict(zip(process.names, np.log(top.parameters / scale), strict=True))
    causes: dict[str, str] = {}
    for what, pair in process.traits.items():
        named = [name for name in pair if name in unknown]
        one, other = (logs[name] for name in pair)
        if not named:
            continue
        if what == "stop" and one - other < _NEVER:
            cause = "nobody_stops"
        elif min(one, other) > _HUGE:
            cause = "all_alike"
        else:
            cause = "extremes" if max(one, other) < -_HUGE else "flat"
        often = "often" if what == "buy" else "readily"
        said = _WORDS[cause].format(names=listed(named), what=what, often=often)
        causes[cause] = f"{causes[cause]}; {said}" if cause in causes else said
    if not causes:
        return top
    first, reason = min(causes, key=CAUSES.index), "; ".join(causes.values())
    verdict = dataclasses.replace(top.verdict, cause=first, reason=reason)
    return dataclasses.replace(top, verdict=verdict)


def not_converged(result: Fitted) -> errors.ConvergenceError:
    """Make the error for a fit that is none."""
    return errors.ConvergenceError(
        f"{type(result).__name__}: no fit: {result.verdict_.reason}.",
        mend=(
            "Fit with steadied=True, where a weak prior decides what the data leave open; or use "
            "another model, more customers or a longer time"
            if result.verdict_.not_identified
            else "Try another model, or look at the customers who bought most often"
        )
        + "; the best that was found is the error's .result.",
        result=result,
    )


def refuse_nothing_to_learn(rows: Rows) -> None:
    """Refuse customers from whom no model of purchases can be learnt."""
    mend = "Hand in customers with repeat purchases; models.summary makes such a table of orders."
    if not len(rows):
        raise errors.ContractError("summary: there are no customers.", mend=mend)
    if not rows.T.any():
        raise errors.ContractError("summary: every customer_age is 0.", mend=mend)
    if not rows.x.any():
        raise errors.ContractError(
            f"summary: none of the {rows.customers:,.0f} customers has a repeat purchase, "
            "so nothing can be learnt about the next one.",
            mend=mend,
        )
