"""Which parameters make the data most likely, and how sure is that?"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.likelihoods.special import Floats


@dataclass(frozen=True)
class Climb:
    """What is to be maximised?

    Parameters
    ----------
    objective
        Gives the total log-likelihood and its gradient in the parameters.
    customers
        How many customers the total is over.
    names
        The names of the parameters.
    derivatives
        Gives the same and the second derivatives, where these cost little.
    scale
        What is large or small for each parameter in these data, so that no unit of time or money
        says where the search begins, where it ends, and what it calls flat; None for 1.
    prior_spread
        The standard deviation of a weak prior on the logarithm of each parameter over its scale;
        None for no prior.
    """

    objective: Callable[[Floats], tuple[float, Floats]]
    customers: float
    names: tuple[str, ...]
    derivatives: Callable[[Floats], tuple[float, Floats, Floats]] | None = None
    scale: Floats | None = None
    prior_spread: float | None = None


# of a fit that is steadied: a factor of 20 either way is one standard deviation
PRIOR_SPREAD = 3.0
# parameters are sought between e^-16 and e^16 times their scale: beyond lies nothing to tell apart
_BOUND = 16.0
# the log-likelihood that one more Newton step could still win
_CLOSE = 1e-5
# a standard error of a log-parameter past which its size is not known even roughly
_UNKNOWN = 5.0
_WEAK = 1.0
# the log-likelihood that is left to be won with a parameter e times as large, on a ridge
_LEVEL = 1e-3
# a place so little below a top, and as much below as its curvature foretells, belongs to it
_SLOPES = 5.0
_SAME = 0.02


#: Why there is no maximum: the likelihood is highest where nobody ever stops, where all customers are
#: alike in something, where they are one extreme or the other; it is flat; the search stopped short.
CAUSES = ("nobody_stops", "all_alike", "extremes", "flat", "stopped_short")


@dataclass(frozen=True)
class Verdict:
    """Did the search end at the top, and what does the top say?

    Parameters
    ----------
    converged
        Whether this is a maximum: nothing left to gain, and curved downwards all around.
    reason
        In words, why it is one, or why not.
    gradient_norm
        The largest slope of the log-likelihood per customer in any log-parameter.
    gain_left
        How much log-likelihood one more Newton step promises; None where there is no top.
    curvature_ratio
        Curvature in the flattest direction over that in the steepest; at or below 0 there is no
        top, near 0 some mix of parameters is hardly known.
    not_identified
        Parameters about which the data say next to nothing.
    tops
        How many tops the climbs from all starts ended at; this is the highest. 0 where there is none.
    cause
        Why it is no maximum, as one of ``CAUSES``; empty where it is one.
    optimiser
        Who found it.
    evaluations
        How often the log-likelihood was computed over all rows.
    """

    converged: bool
    reason: str
    gradient_norm: float
    gain_left: float | None
    curvature_ratio: float
    not_identified: tuple[str, ...] = ()
    tops: int = 1
    cause: str = ""
    optimiser: str = "BFGS"
    evaluations: int = 0


@dataclass(frozen=True)
class Maximum:
    """Where is the top, how high, how wide?

    Parameters
    ----------
    parameters
        On their own scale.
    loglik
        The total log-likelihood there, without the prior.
    covariance
        Of the logarithms of the parameters; empty where there is no top.
    verdict
        How the search ended.
    """

    parameters: Floats
    loglik: float
    covariance: Floats
    verdict: Verdict


class _Hill:
    """The negative log-likelihood (and prior) per customer over scaled log-parameters, counted."""

    def __init__(self, climb: Climb) -> None:
        self.climb, self.count = climb, 0
        self.scale = np.ones(len(climb.names)) if climb.scale is None else climb.scale
        spread = climb.prior_spread
        self._prior = 0.0 if spread is None else 1 / (spread**2 * climb.customers)
        self._at, self._curved = b"", np.empty((0, 0))
        self._seen: tuple[float, Floats] = (1e10, np.empty(0))

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        # the place last looked at is asked about again: by the judge, and by what checks a step
        if self._at != logs.tobytes():
            self._seen = self._look(logs)
            self._at = logs.tobytes()
        return self._seen

    def _look(self, logs: Floats) -> tuple[float, Floats]:
        self.count += 1
        parameters = self.parameters(logs)
        if self.climb.derivatives is None:
            value, gradient = self.climb.objective(parameters)
        else:
            value, gradient, hessian = self.climb.derivatives(parameters)
            scaled = -hessian * np.outer(parameters, parameters)
            self._curved = (scaled - np.diag(gradient * parameters)) / self.climb.customers
            self._curved += self._prior * np.eye(len(logs))
        if not (math.isfinite(value) and np.isfinite(gradient).all()):
            return 1e10, np.zeros_like(logs)
        slope = -gradient * parameters / self.climb.customers + self._prior * logs
        return -value / self.climb.customers + self.prior(logs), slope

    @property
    def method(self) -> str:
        """Who climbs it first."""
        return "BFGS" if self.climb.derivatives is None else "Newton"

    def parameters(self, logs: Floats) -> Floats:
        """Give the parameters on their own scale."""
        return self.scale * np.exp(np.clip(logs, -_BOUND - 4, _BOUND + 4))

    def logs(self, parameters: Floats) -> Floats:
        """Give the logarithms of parameters over their scale, within the bounds."""
        return np.clip(np.log(parameters / self.scale), -_BOUND, _BOUND)

    def prior(self, logs: Floats) -> float:
        """Give what the prior takes off per customer."""
        return self._prior * float(logs @ logs) / 2

    def hessian(self, logs: Floats) -> Floats:
        """Take the analytic one, or else differentiate the analytic gradient."""
        if self.climb.derivatives is not None:
            self(logs)
            return self._curved
        size, step = len(logs), 1e-4
        rows = np.empty((size, size))
        for i in range(size):
            shift = np.zeros(size)
            shift[i] = step
            rows[i] = (self(logs + shift)[1] - self(logs - shift)[1]) / (2 * step)
        return (rows + rows.T) / 2


@dataclass(frozen=True)
class _Peak:
    """Where a climb ended, in scaled log-parameters, and how the ground is curved there."""

    logs: Floats
    value: float
    slope: Floats
    hessian: Floats
    customers: float
    method: str

    @cached_property
    def inverse(self) -> Floats | None:
        """The inverse of the curvature, where the ground is curved as at a top."""
        return _inverse(self.hessian)

    @cached_property
    def spread(self) -> Floats:
        """The standard error of each log-parameter."""
        if self.inverse is None:
            return np.full(len(self.logs), np.inf)
        return np.sqrt(np.diag(self.inverse) / self.customers)

    @property
    def gain(self) -> float:
        """The log-likelihood that one more Newton step promises."""
        if self.inverse is None:
            return math.inf
        return float(self.slope @ self.inverse @ self.slope) * self.customers / 2

    @cached_property
    def unknown(self) -> NDArray[np.bool_]:
        """Which parameters the data leave open."""
        # without a top, those that lie along the flattest direction
        flat = self.spread > _UNKNOWN
        if self.inverse is None and np.isfinite(self.hessian).all():
            flat = np.abs(np.linalg.eigh(self.hessian)[1][:, 0]) > 0.3
        return np.asarray(flat | self.at_bound)

    @property
    def at_bound(self) -> NDArray[np.bool_]:
        """Which parameters have run as far as they may."""
        return np.asarray(np.abs(self.logs) > _BOUND - 1)

    @property
    def converged(self) -> bool:
        """Whether this is a top, and says how large each parameter is."""
        return self.inverse is not None and self.gain <= _CLOSE and not self.unknown.any()

    @property
    def is_ridge(self) -> bool:
        """Whether nothing is left to climb, and yet it is no top: the same to every optimiser."""
        level = float(np.abs(self.slope).max()) * self.customers < _LEVEL
        return level and bool(self.unknown.any()) and self.flatness > -1e-3

    @property
    def flatness(self) -> float:
        """The curvature in the flattest direction over that in the steepest."""
        if not np.isfinite(self.hessian).all():
            return -1.0
        values = np.linalg.eigvalsh(self.hessian)
        return float(values[0] / max(values[-1], 1e-300))

    def explains(self, logs: Floats, value: float) -> bool:
        """Tell whether a place lies on the slopes of this top: as low as its curvature says."""
        away = logs - self.logs
        foreseen = float(away @ self.hessian @ away) / 2 * self.customers
        lower = (value - self.value) * self.customers
        return abs(foreseen) < _SLOPES and abs(lower - foreseen) < _SAME + abs(foreseen) / 4


def maximise(
    climb: Climb, *, starts: Sequence[Floats], sketch: Climb | None = None, insist: bool = True
) -> Maximum:
    """Climb from every start, keep the highest top, and judge it; if it is none, try on.

    Parameters
    ----------
    climb
        What to maximise.
    starts
        Where to begin, on the parameters' own scale: from some of them every top is reached, as
        nobody knows before which is the highest.
    sketch
        The same over a thin sample of the rows, where there are many: which tops there are, and the
        way up, is found on it, and only the last steps go over all rows.
    insist
        Whether to try other optimisers where no top was found.

    Examples
    --------
    >>> top = maximise(
    ...     Climb(
    ...         lambda p: (-float(np.log(p[0] / 3) ** 2), np.array([-2 * np.log(p[0] / 3) / p[0]])),
    ...         customers=1.0,
    ...         names=("a",),
    ...     ),
    ...     starts=[np.array([1.0])],
    ... )
    >>> float(top.parameters[0].round(6)), top.verdict.converged, top.verdict.tops
    (3.0, True, 1)
    """
    hill = _Hill(climb)
    scout = hill if sketch is None else _Hill(sketch)
    logs = [hill.logs(start) for start in starts]
    with np.errstate(all="ignore"):
        reached = [_ascend(hill, end.logs, end.inverse) for end in _explored(scout, logs)]
        peaks = [_peak(hill, _polished(hill, end), hill.method) for end in reached]
        best = min(peaks, key=lambda peak: peak.value)
        if insist and not (best.converged or best.is_ridge):
            best = _by_other_means(hill, best, logs)
        tops: list[_Peak] = []
        for peak in [best, *peaks]:
            if peak.converged and not any(top.explains(peak.logs, peak.value) for top in tops):
                tops.append(peak)
        return _told(hill, best, len(tops))


def _explored(hill: _Hill, starts: list[Floats]) -> list[_Peak]:
    """Climb from each start, until it is clear that the way leads to where another has led."""
    ends: list[_Peak] = []
    for start in starts:
        logs = _ascend(hill, start, enough=1e-2, known=ends)
        if not any(end.explains(logs, hill(logs)[0]) for end in ends):
            ends.append(_peak(hill, logs, hill.method))
    return ends


def _by_other_means(hill: _Hill, best: _Peak, starts: list[Floats]) -> _Peak:
    """Try SciPy's optimisers one after the other, from everywhere that was reached or proposed."""
    for method in ("BFGS", "L-BFGS-B", "Nelder-Mead"):
        for start in [best.logs, *starts]:
            peak = _peak(hill, _polished(hill, _search(hill, start, method)), method)
            best = min(best, peak, key=lambda one: one.value)
        if best.converged or best.is_ridge:
            break
    return best


def _ascend(
    hill: _Hill,
    start: Floats,
    shape: Floats | None = None,
    *,
    enough: float = 1e-7,
    known: Sequence[_Peak] = (),
) -> Floats:
    """Climb by Newton where second derivatives are at hand, by BFGS where they are not.

    Stops short where so little is left to be won, or on the slopes of a top that is known.
    """
    if hill.climb.derivatives is None:
        return _search(hill, start, "BFGS", shape, slope=max(1e-7, enough / 100))
    logs = start
    value, slope = hill(logs)
    for _ in range(60):
        if any(peak.explains(logs, value) for peak in known):
            break
        values, vectors = np.linalg.eigh(hill.hessian(logs))
        # uphill also where the ground is not curved as at a top
        bent = np.maximum(np.abs(values), 1e-9 * max(float(np.abs(values).max()), 1e-12))
        step = -vectors @ ((vectors.T @ slope) / bent)
        gain = float(-slope @ step)
        if gain * hill.climb.customers < enough:
            break
        step *= min(1.0, 1.5 / float(np.abs(step).max()))
        for _ in range(30):
            then, tilt = hill(np.clip(logs + step, -_BOUND, _BOUND))
            if then <= value + 1e-4 * float(slope @ step):
                break
            step = step / 2
        else:
            break
        logs, value, slope = np.clip(logs + step, -_BOUND, _BOUND), then, tilt
    return logs


def _search(
    hill: _Hill,
    start: Floats,
    method: str,
    shape: Floats | None = None,
    *,
    slope: float = 1e-7,
) -> Floats:
    """Hand over to one of SciPy's optimisers."""
    from scipy.optimize import minimize

    if method == "Nelder-Mead":
        limits = {"maxiter": 400 * len(start), "xatol": 1e-7, "fatol": 1e-12}
        result = minimize(lambda logs: hill(logs)[0], start, method=method, options=limits)
    elif method == "L-BFGS-B":
        bounds = [(-_BOUND, _BOUND)] * len(start)
        result = minimize(hill, start, jac=True, method=method, bounds=bounds)
    else:
        # what the thin sample knows of the shape of the hill saves most of the steps
        curvature: dict[str, Any] = {} if shape is None else {"hess_inv0": (shape + shape.T) / 2}
        options: dict[str, Any] = {"gtol": slope, "maxiter": 300, **curvature}
        result = minimize(hill, start, jac=True, method=method, options=options)
    return np.asarray(np.clip(result.x, -_BOUND, _BOUND), dtype=float)


def _inverse(hessian: Floats) -> Floats | None:
    if not np.isfinite(hessian).all():
        return None
    values, vectors = np.linalg.eigh(hessian)
    if values[0] <= 1e-10 * max(values[-1], 1e-30):
        return None
    return np.asarray((vectors / values) @ vectors.T, dtype=float)


def _peak(hill: _Hill, logs: Floats, method: str) -> _Peak:
    value, slope = hill(logs)
    return _Peak(logs, value, slope, hill.hessian(logs), hill.climb.customers, method)


def _polished(hill: _Hill, logs: Floats) -> Floats:
    """Go on by Newton as long as it helps."""
    value, slope = hill(logs)
    inverse = _inverse(hill.hessian(logs))
    for _ in range(4):
        if inverse is None:
            break
        step = -inverse @ slope
        if float(-slope @ step) * hill.climb.customers < 1e-14 or np.abs(step).max() > 1:
            break
        then, tilt = hill(logs + step)
        # equal to rounding, a smaller slope still counts
        if then > value + 1e-14 * abs(value) or np.abs(tilt).max() >= np.abs(slope).max():
            break
        logs, value, slope = logs + step, then, tilt
        if np.abs(step).max() > 1e-3:
            inverse = _inverse(hill.hessian(logs))
    return logs


def _told(hill: _Hill, peak: _Peak, tops: int) -> Maximum:
    """Say what was found, on the parameters' own scale."""
    customers, empty = hill.climb.customers, np.empty((0, 0))
    return Maximum(
        parameters=hill.parameters(peak.logs),
        loglik=(hill.prior(peak.logs) - peak.value) * customers,
        covariance=empty if peak.inverse is None else peak.inverse / customers,
        verdict=Verdict(
            converged=peak.converged,
            reason=_reason(hill, peak, tops),
            gradient_norm=float(np.abs(peak.slope).max()),
            gain_left=peak.gain if math.isfinite(peak.gain) else None,
            curvature_ratio=peak.flatness,
            not_identified=_named(hill, peak.unknown),
            tops=tops,
            cause="" if peak.converged else "flat" if peak.unknown.any() else "stopped_short",
            optimiser=peak.method,
            evaluations=hill.count,
        ),
    )


def _named(hill: _Hill, flagged: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, is_one in zip(hill.climb.names, flagged, strict=True) if is_one)


def _reason(hill: _Hill, peak: _Peak, tops: int) -> str:
    unknown = _named(hill, peak.unknown)
    if unknown:
        return f"the likelihood is flat: the data do not tell how large {listed(unknown)} should be"
    if not peak.converged:
        return f"the search stopped short: {peak.gain:.2g} of log-likelihood is still to be won"
    what = "a maximum" if tops == 1 else f"a maximum, the highest of {tops} tops"
    if hill.climb.prior_spread is not None:
        what += ", steadied by a weak prior"
    weak = _named(hill, peak.spread > _WEAK)
    if weak:
        are = "is" if len(weak) == 1 else "are"
        return f"{what}: no slope, curved downwards; {listed(weak)} {are} known only roughly"
    return f"{what}: no slope, curved downwards all around"


def listed(names: Sequence[str]) -> str:
    """Write names as a list in words."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
