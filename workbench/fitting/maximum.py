"""Which parameters make the data most likely, and how sure is that?"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

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


def maximise(
    climb: Climb,
    *,
    starts: Sequence[Floats],
    sketch: Climb | None = None,
    glance: Climb | None = None,
) -> Maximum:
    """Climb from the best of several starts, and judge what was found; if it is no top, try on.

    Parameters
    ----------
    climb
        What to maximise.
    starts
        Where to begin, on the parameters' own scale.
    sketch
        The same over a thin sample of the rows, where there are many: the way up is found on it,
        and only the last steps go over all rows.
    glance
        The same over a few of the rows, enough to tell which start is best.

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
    >>> float(top.parameters[0].round(6)), top.verdict.converged
    (3.0, True)
    """
    hill = _Hill(climb)
    logs = [hill.logs(start) for start in starts]
    with np.errstate(all="ignore"):
        first = _Hill(sketch) if sketch is not None else hill
        chooser = _Hill(glance) if glance is not None else first
        logs.sort(key=lambda start: chooser(start)[0])
        begin, shape = logs[0], None
        if sketch is not None:
            begin = _ascend(first, logs[0], enough=1e-4)
            shape = _inverse(first.hessian(begin))
        best = _judge(
            hill,
            _ascend(hill, begin, shape),
            "Newton" if hill.climb.derivatives is not None else "BFGS",
        )
        if best.verdict.converged:
            return best
        # the fallbacks, from everywhere that was reached or proposed
        for method in ("BFGS", "L-BFGS-B", "Nelder-Mead"):
            for start in [hill.logs(best.parameters), *logs]:
                climbed = _judge(hill, _search(hill, start, method), method)
                if climbed.verdict.converged:
                    return climbed
                best = max(best, climbed, key=lambda candidate: candidate.loglik)
            # a ridge without a top looks the same to every optimiser
            if best.verdict.not_identified:
                break
    return best


def _ascend(
    hill: _Hill, start: Floats, shape: Floats | None = None, *, enough: float = 1e-7
) -> Floats:
    """Climb by Newton where second derivatives are at hand, by BFGS where they are not."""
    if hill.climb.derivatives is None:
        return _search(hill, start, "BFGS", shape)
    logs = start
    value, slope = hill(logs)
    for _ in range(60):
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


def _search(hill: _Hill, start: Floats, method: str, shape: Floats | None = None) -> Floats:
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
        options: dict[str, Any] = {"gtol": 1e-7, "maxiter": 300, **curvature}
        result = minimize(hill, start, jac=True, method=method, options=options)
    return np.asarray(np.clip(result.x, -_BOUND, _BOUND), dtype=float)


def _inverse(hessian: Floats) -> Floats | None:
    if not np.isfinite(hessian).all():
        return None
    values, vectors = np.linalg.eigh(hessian)
    if values[0] <= 1e-10 * max(values[-1], 1e-30):
        return None
    return np.asarray((vectors / values) @ vectors.T, dtype=float)


def _judge(hill: _Hill, logs: Floats, optimiser: str) -> Maximum:
    """Polish by Newton as long as it helps, then look at slope and curvature."""
    customers, names = hill.climb.customers, hill.climb.names
    value, slope = hill(logs)
    hessian = hill.hessian(logs)
    for _ in range(4):
        inverse = _inverse(hessian)
        if inverse is None:
            break
        step = -inverse @ slope
        if float(-slope @ step) * customers < 1e-14 or np.abs(step).max() > 1:
            break
        then, tilt = hill(logs + step)
        # equal to rounding, a smaller slope still counts
        if then > value + 1e-14 * abs(value) or np.abs(tilt).max() >= np.abs(slope).max():
            break
        logs, value, slope = logs + step, then, tilt
        if np.abs(step).max() > 1e-3:
            hessian = hill.hessian(logs)
    inverse = _inverse(hessian)
    vectors = np.linalg.eigh(hessian)[1] if np.isfinite(hessian).all() else np.eye(len(logs))
    spread, gain, covariance = np.full(len(logs), np.inf), np.inf, np.empty((0, 0))
    if inverse is not None:
        covariance = inverse / customers
        spread = np.sqrt(np.diag(covariance))
        gain = float(slope @ inverse @ slope) * customers / 2
    # without a top, those are unknown that lie along the flattest direction
    unknown = np.abs(vectors[:, 0]) > 0.3 if inverse is None else spread > _UNKNOWN
    unknown = unknown | (np.abs(logs) > _BOUND - 1)
    weak = (spread > _WEAK) & ~unknown
    listed = tuple(name for name, is_flagged in zip(names, unknown, strict=True) if is_flagged)
    roughly = tuple(name for name, is_flagged in zip(names, weak, strict=True) if is_flagged)
    converged = inverse is not None and gain <= _CLOSE and not listed
    return Maximum(
        parameters=hill.parameters(logs),
        loglik=(hill.prior(logs) - value) * customers,
        covariance=covariance,
        verdict=Verdict(
            converged=converged,
            reason=_reason(
                converged, listed, roughly, gain, steadied=hill.climb.prior_spread is not None
            ),
            gradient_norm=float(np.abs(slope).max()),
            gain_left=float(gain) if math.isfinite(gain) else None,
            curvature_ratio=_flatness(hessian),
            not_identified=listed,
            optimiser=optimiser,
            evaluations=hill.count,
        ),
    )


def _flatness(hessian: Floats) -> float:
    if not np.isfinite(hessian).all():
        return 0.0
    values = np.linalg.eigvalsh(hessian)
    return float(values[0] / max(values[-1], 1e-300))


def _reason(
    converged: bool,
    unknown: tuple[str, ...],
    weak: tuple[str, ...],
    gain: float,
    *,
    steadied: bool,
) -> str:
    if unknown:
        return f"the data do not tell how large {_listed(unknown)} should be"
    if not converged:
        return f"the search stopped short: {gain:.2g} of log-likelihood is still to be won"
    what = "a maximum, steadied by a weak prior" if steadied else "a maximum"
    if weak:
        return (
            f"{what}: no slope, curved downwards; "
            f"{_listed(weak)} {'is' if len(weak) == 1 else 'are'} known only roughly"
        )
    return f"{what}: no slope, curved downwards all around"


def _listed(names: tuple[str, ...]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
