"""What does a fitted model carry, and how is it kept? The common part of all models."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.estimates.intervals import quantile
from workbench.fitting import documents
from workbench.fitting.maximum import Maximum, Verdict
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats
from workbench.results import Result


class Process(Protocol):
    """How do customers buy and stop? What every likelihood of purchase times can say."""

    names: ClassVar[tuple[str, ...]]
    # which of them are times
    times: ClassVar[tuple[str, ...]]
    # which two say how much customers "buy" or "stop": the first over the second, or over both
    traits: ClassVar[dict[str, tuple[str, str]]]

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters, times in mean ages."""
        ...

    def log_likelihood(self, p: Floats, rows: Rows, /) -> tuple[float, Floats]:
        """Give the total and its gradient in the parameters."""
        ...

    def alive(self, p: Floats, rows: Rows, /) -> Floats:
        """Give the probability that each customer may still buy."""
        ...

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase in the horizon."""
        ...

    def expected(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the expected purchases in the horizon of those who are alive."""
        ...

    def bend(self, p: Floats, rows: Rows) -> Floats:
        """Give the time in which the expectation bends."""
        ...

    def survival(self, p: Floats, rows: Rows, horizon: Floats) -> Iterator[Floats]:
        """Give, for n = 1, 2, …, the probability that those who are alive buy at least n times."""
        ...

    def drawn(self, p: Floats, rows: Rows, horizon: float, dice: np.random.Generator) -> Floats:
        """Draw how often each of those who are alive will buy in the horizon."""
        ...


@dataclass(frozen=True)
class Fit:
    """What came of fitting: how likely, on how many customers, how sure?

    Parameters
    ----------
    loglik
        The total log-likelihood.
    customers
        How many customers it is over.
    covariance
        Of the logarithms of the parameters, in their order.
    verdict
        How the search ended.
    left_out
        How many customers the model could not use.
    is_steadied
        Whether a weak prior took part: then it is the most probable, not the most likely, and the
        covariance that of the posterior.
    """

    loglik: float
    customers: int
    covariance: tuple[tuple[float, ...], ...]
    verdict: Verdict
    left_out: int = 0
    is_steadied: bool = False

    @classmethod
    def of(
        cls, top: Maximum, *, customers: float, left_out: int = 0, is_steadied: bool = False
    ) -> "Fit":
        """Make it of a maximum."""
        covariance = tuple(tuple(float(cell) for cell in row) for row in top.covariance)
        return cls(top.loglik, round(customers), covariance, top.verdict, left_out, is_steadied)


INTERVALS = Result(
    "models.X.fit(summary).confidence_intervals()", parameter="text", estimate="ratio",
    standard_error="ratio", low="number", high="number",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fitted(documents.Saved):
    """Which parameters, from which fit? What all fitted models share; they never change."""

    fit_: Fit | None = field(default=None, repr=False)

    parameter_names: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        for name in self.parameter_names:
            value = arguments.number(
                f"{type(self).__name__}: {name}",
                getattr(self, name),
                above=0,
                mend="Give parameters that are numbers above 0.",
            )
            object.__setattr__(self, name, value)

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return {name: float(getattr(self, name)) for name in self.parameter_names}

    @property
    def vector(self) -> Floats:
        """The parameters in their order."""
        return np.array([getattr(self, name) for name in self.parameter_names], dtype=float)

    def _fit(self, what: str) -> Fit:
        if self.fit_ is None:
            raise errors.ParameterError(
                f"This {type(self).__name__} was given its parameters, so it has no {what}.",
                mend=f"Fit one: models.{type(self).__name__}.fit(summary).",
            )
        return self.fit_

    @property
    def loglik_(self) -> float:
        """The total log-likelihood of the customers it was fitted on."""
        return self._fit("log-likelihood").loglik

    @property
    def customers_(self) -> int:
        """How many customers it was fitted on."""
        return self._fit("customers").customers

    @property
    def left_out_(self) -> int:
        """How many customers could not be used in the fit."""
        return self._fit("customers").left_out

    @property
    def is_steadied(self) -> bool:
        """Whether a weak prior helped to fit it; not so where the parameters were given."""
        return self.fit_ is not None and self.fit_.is_steadied

    @property
    def parameter_count_(self) -> int:
        """How many parameters were chosen by likelihood."""
        return len(self.parameter_names)

    @property
    def aic_(self) -> float:
        """Akaike's criterion, smaller is better: 2·parameters − 2·log-likelihood."""
        return 2 * self.parameter_count_ - 2 * self.loglik_

    @property
    def bic_(self) -> float:
        """Schwarz's criterion, smaller is better: ln(customers)·parameters − 2·log-likelihood."""
        return float(np.log(self.customers_)) * self.parameter_count_ - 2 * self.loglik_

    @property
    def verdict_(self) -> Verdict:
        """How the search for the parameters ended."""
        return self._fit("verdict").verdict

    @property
    def covariance_(self) -> pd.DataFrame:
        """The covariance of the parameters, by the delta method from that of their logarithms."""
        logs = np.array(self._fit("covariance").covariance, dtype=float)
        size = len(self.parameter_names)
        if logs.size == 0:
            logs = np.full((size, size), np.nan)
        scaled = logs * np.outer(self.vector, self.vector)
        names = list(self.parameter_names)
        return pd.DataFrame(scaled, index=names, columns=names)

    @property
    def standard_errors_(self) -> dict[str, float]:
        """The standard error of each parameter; NaN where the fit found no maximum."""
        diagonal = np.sqrt(np.diag(self.covariance_.to_numpy()))
        return dict(zip(self.parameter_names, map(float, diagonal), strict=True))

    def confidence_intervals(self, *, level: float = 0.95) -> pd.DataFrame:
        """How sure are the parameters?

        Returns
        -------
        pandas.DataFrame
            One row per parameter: ``parameter, estimate, standard_error, low, high``. The
            interval is symmetric in the logarithm, so it never leaves what is possible.
        """
        z = quantile(level)
        spread = np.sqrt(np.diag(np.array(self._fit("intervals").covariance, dtype=float)))
        return pd.DataFrame(
            {
                "parameter": list(self.parameter_names),
                "estimate": self.vector,
                "standard_error": list(self.standard_errors_.values()),
                "low": self.vector * np.exp(-z * spread),
                "high": self.vector * np.exp(z * spread),
            }
        )

    def likely_parameters(self) -> list[Floats]:
        """Give parameter sets whose mean and covariance, in logarithms, are those of the estimate.

        Two per parameter: enough to carry the uncertainty of the fit into any prediction, without
        chance. None where the parameters were given.
        """
        if self.fit_ is None or not self.fit_.covariance:
            return []
        size = len(self.parameter_names)
        root = np.linalg.cholesky(np.array(self.fit_.covariance)) * np.sqrt(size)
        logs = np.log(self.vector)
        steps = [root[:, i] for i in range(size)]
        return [np.exp(logs + sign * step) for step in steps for sign in (1.0, -1.0)]

    def _fields(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self._names()}
        return {**fields, "fit": None if self.fit_ is None else dataclasses.asdict(self.fit_)}

    @classmethod
    def _names(cls) -> list[str]:
        return [item.name for item in dataclasses.fields(cls) if item.name != "fit_"]

    @classmethod
    def _read(cls, fields: dict[str, Any], where: str) -> Self:
        names = cls._names()
        documents.exact_keys(fields, (*names, "fit"), where=where)
        again = f"Save the model again with {cls.__name__}.save."
        try:
            return cls(**{name: fields[name] for name in names}, fit_=_fit_of(fields["fit"]))
        except errors.WorkbenchError as error:
            documents.refuse(where, error.what, error.mend)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            documents.refuse(where, f"the fit cannot be read ({error}).", again)


def _fit_of(fields: Any) -> Fit | None:
    if fields is None:
        return None
    verdict = dict(fields["verdict"])
    verdict["not_identified"] = tuple(verdict["not_identified"])
    covariance = tuple(tuple(float(cell) for cell in row) for row in fields["covariance"])
    return Fit(**{**fields, "covariance": covariance, "verdict": Verdict(**verdict)})
