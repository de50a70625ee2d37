"""Which scores does each customer have, and which class is that?"""

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.models import MEASURES, Measure, MeasureCuts, Method, RFMCuts, check_method
from workbench.results import Result
from workbench.rfm.measures import MEASURED, Floats, check_measures

Segment = Literal[
    "key_champion", "key_keep", "key_develop", "key_win_back",
    "general_champion", "general_keep", "general_develop", "general_win_back",
]  # fmt: skip
SEGMENTS: tuple[Segment, ...] = get_args(Segment)

HIGH_FROM = 4
"""The usual lowest high score."""

_SCORE = {measure: f"{measure.removesuffix('_days')}_score" for measure in MEASURES}
_HIGH = {measure: f"{measure.removesuffix('_days')}_high" for measure in MEASURES}


def cuts(
    measures: pd.DataFrame,
    *,
    method: Method = "quantile",
    bins: int = 5,
    high_from: int | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> RFMCuts:
    """Where do these customers' scores begin, and where does high begin?

    A quantile cut k of ``bins`` is the smallest value with p ≥ k / ``bins``, where
    p = (average rank − 0.5) / n, best last. Customers with equal values share a rank, so row order
    never matters.

    Parameters
    ----------
    measures
        One row per customer, as ``rfm.measure`` makes it.
    method
        What counts as high: ``quantile``, a score of ``high_from`` or more; ``mean`` or
        ``median``, strictly better than it; ``fixed``, at or better than ``thresholds``. The
        score cuts are quantiles in all four.
    bins
        How many scores there are, 2 to 20.
    high_from
        The lowest high score, for ``quantile``; None: 4, or ``bins`` where there are fewer.
    thresholds
        For ``fixed``: ``{"recency_days": 60, "frequency": 5, "monetary": 1000}``.

    Returns
    -------
    models.RFMCuts
        Frozen; saves to and loads from JSON.

    Raises
    ------
    ContractError
        The table is empty or breaks its contract.
    ParameterError
        An option is unknown or out of range.

    Examples
    --------
    >>> measures = pd.DataFrame(
    ...     {
    ...         "customer_id": list("abcde"),
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "recency_days": [10, 20, 30, 40, 50],
    ...         "frequency": [5, 4, 3, 2, 1],
    ...         "monetary": [500.0, 400.0, 300.0, 200.0, 100.0],
    ...     }
    ... )
    >>> cuts(measures).recency_days.points
    (40.0, 30.0, 20.0, 10.0)
    >>> cuts(measures, method="mean").monetary.threshold
    300.0
    """
    lowest_high = _lowest_high(high_from, bins)
    check_method(method, bins, lowest_high)
    fixed = _thresholds(method, thresholds)
    values = check_measures(measures)
    if measures.empty:
        raise errors.ContractError(
            "measures: there is no customer to learn cut points from.",
            mend="Choose an as_of or a window with purchases, or pass saved cuts.",
        )
    learnt = {
        name: MeasureCuts(
            points=_points(values[name], bins, falling=name == "recency_days"),
            threshold=_threshold(values[name], method, fixed.get(name), name),
        )
        for name in MEASURES
    }
    return RFMCuts(
        method=method,
        bins=int(bins),
        high_from=int(lowest_high),
        as_of=pd.Timestamp(measures["as_of"].iloc[0]).date(),
        customers=len(measures),
        **learnt,
    )


SCORES = Result(
    "rfm.score(measures)", **MEASURED.kinds, recency_score="count", frequency_score="count",
    monetary_score="count", recency_high="truth", frequency_high="truth", monetary_high="truth",
)  # fmt: skip


def score(
    measures: pd.DataFrame,
    *,
    method: Method = "quantile",
    bins: int = 5,
    high_from: int | None = None,
    thresholds: Mapping[str, float] | None = None,
    cuts: RFMCuts | None = None,
) -> pd.DataFrame:
    """Which score does each customer have, and is it high?

    Parameters
    ----------
    measures
        One row per customer, as ``rfm.measure`` makes it.
    method, bins, high_from, thresholds
        As in ``rfm.cuts``; learnt on these same customers.
    cuts
        Saved cuts to score by instead. Options left at their defaults then follow the cuts;
        others have to agree with them.

    Returns
    -------
    pandas.DataFrame
        ``measures`` with ``recency_score``, ``frequency_score``, ``monetary_score`` (1 to
        ``bins``, best last, quantile whatever the method) and ``recency_high``,
        ``frequency_high``, ``monetary_high``; one row per customer, in the order given.

    Raises
    ------
    ContractError
        The table breaks its contract.
    ParameterError
        An option is unknown, out of range, or disagrees with ``cuts``.

    Examples
    --------
    >>> measures = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b", "c"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "recency_days": [10, 10, 50],
    ...         "frequency": [3, 1, 1],
    ...         "monetary": [90.0, 20.0, 20.0],
    ...     }
    ... )
    >>> score(measures)[["customer_id", "recency_score", "frequency_score", "monetary_score"]]
      customer_id  recency_score  frequency_score  monetary_score
    0           a              4                5               5
    1           b              4                2               2
    2           c              1                2               2
    """
    check_method(method, bins, _lowest_high(high_from, bins))
    _thresholds(method, thresholds)
    values = check_measures(measures)
    if cuts is not None:
        _agree(cuts, method=method, bins=bins, high_from=high_from, thresholds=thresholds)
    elif len(measures):
        cuts = _learn(
            measures, method=method, bins=bins, high_from=high_from, thresholds=thresholds
        )
    scores = measures.reset_index(drop=True)
    if cuts is None:
        # nobody to learn from: the columns without rows
        kinds = {**dict.fromkeys(_SCORE.values(), "int64"), **dict.fromkeys(_HIGH.values(), "bool")}
        return scores.assign(**{name: np.zeros(0, kind) for name, kind in kinds.items()})
    for name in MEASURES:
        scores[_SCORE[name]] = score_of(values[name], cuts, measure=name)
    for name in MEASURES:
        scores[_HIGH[name]] = _is_high(values[name], scores[_SCORE[name]].to_numpy(), cuts, name)
    return scores


# ``score`` has an option called ``cuts``, which hides the function of that name inside it.
_learn = cuts


SEGMENTED = Result("rfm.segment(scores)", **SCORES.kinds, segment="segment")


def segment(scores: pd.DataFrame) -> pd.DataFrame:
    """Which of the eight classes is each customer in?

    Money decides the tier (key or general); near and frequent decide the class in it: both
    champion, only frequent keep, only near develop, neither win back.

    Parameters
    ----------
    scores
        One row per customer, as ``rfm.score`` makes it.

    Returns
    -------
    pandas.DataFrame
        ``scores`` with ``segment``, one of ``rfm.SEGMENTS``; one row per customer.

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, or a high/low column is not true or false.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "recency_high": [True, False],
    ...         "frequency_high": [True, True],
    ...         "monetary_high": [True, False],
    ...     }
    ... )
    >>> segment(scores)[["customer_id", "segment"]]
      customer_id       segment
    0           a  key_champion
    1           b  general_keep
    """
    SCORES.require_customers(scores, "scores", *_HIGH.values())
    near, frequent, valuable = (_flags(scores, column) for column in _HIGH.values())
    index = 4 * ~valuable + 2 * ~frequent + 1 * ~near
    classes = scores.reset_index(drop=True)
    classes["segment"] = pd.Series(np.array(SEGMENTS, dtype=object)[index], dtype="str")
    return classes


def _lowest_high(high_from: int | None, bins: int) -> int:
    # A wrong kind of ``bins`` is refused by check_method, in its own words.
    if high_from is None:
        return min(HIGH_FROM, bins) if isinstance(bins, int | np.integer) else HIGH_FROM
    return high_from


def score_of(values: Floats, cuts: RFMCuts, *, measure: Measure) -> Any:
    """Which score do these values have by these cuts? 1 and one more for every cut crossed."""
    sign = -1.0 if measure == "recency_days" else 1.0
    better = sign * np.array(cuts.of(measure).points, dtype="float64")
    return 1 + np.searchsorted(better, sign * values, side="right").astype("int64")


def _is_high(values: Floats, scores: Any, cuts: RFMCuts, name: Measure) -> Any:
    threshold = cuts.of(name).threshold
    if threshold is None:
        return scores >= cuts.high_from
    sign = -1.0 if name == "recency_days" else 1.0
    if cuts.method == "fixed":
        return sign * values >= sign * threshold
    return sign * values > sign * threshold


def _points(values: Floats, bins: int, *, falling: bool) -> tuple[float, ...]:
    """Learn the quantile cuts, from score 2 upwards."""
    sign = -1.0 if falling else 1.0
    distinct, counts = np.unique(sign * values, return_counts=True)
    # (average rank - 0.5) / n >= k / bins, in whole numbers: 0.6 is not 3 / 5 in floating point.
    doubled_rank = 2 * counts.cumsum() - counts
    wanted = 2 * len(values) * np.arange(1, bins)
    first = np.searchsorted(doubled_rank * bins, wanted, side="left")
    reached = distinct[first[first < len(distinct)]]
    return tuple(float(point) + 0.0 for point in sign * reached)


def _threshold(values: Floats, method: Method, fixed: float | None, name: Measure) -> float | None:
    if method in ("quantile", "fixed"):
        return fixed
    centre = math.fsum(values) / len(values) if method == "mean" else float(np.median(values))
    # The mean of 1.05, 1.1 and 1.15 misses 1.1 by the last bit, and "strictly better" would
    # then turn on noise: a value that is the mean but for rounding is the mean.
    noise = 1e-14 * float(np.mean(np.abs(values)))
    same = values[np.abs(values - centre) <= noise]
    if not len(same):
        return centre
    return float(same.min() if name == "recency_days" else same.max())


def _thresholds(method: str, thresholds: Mapping[str, float] | None) -> dict[Measure, float]:
    if method != "fixed":
        if thresholds is not None:
            raise errors.ParameterError(
                f"thresholds are given, but method is '{method}'.",
                mend="Use method='fixed', or leave the thresholds out.",
            )
        return {}
    form = "Give thresholds={'recency_days': 60, 'frequency': 5, 'monetary': 1000}."
    if not isinstance(thresholds, Mapping):
        raise errors.ParameterError("method 'fixed' has no thresholds.", mend=form)
    for name in thresholds:
        if name not in MEASURES:
            raise errors.ParameterError(
                f"thresholds: there is no measure '{name}'.",
                mend=f"{errors.did_you_mean(str(name), MEASURES)}{form}",
            )
    checked: dict[Measure, float] = {}
    for measure in MEASURES:
        if measure not in thresholds:
            raise errors.ParameterError(f"thresholds: '{measure}' is missing.", mend=form)
        value = thresholds[measure]
        least = -math.inf if measure == "monetary" else 0
        checked[measure] = arguments.number(f"thresholds: {measure}", value, least=least, mend=form)
    return checked


def _agree(
    cuts: RFMCuts,
    *,
    method: Method,
    bins: int,
    high_from: int | None,
    thresholds: Mapping[str, float] | None,
) -> None:
    if not isinstance(cuts, RFMCuts):
        raise errors.ParameterTypeError(
            f"cuts is a {type(cuts).__name__}.", mend="Pass what rfm.cuts or RFMCuts.load gave."
        )
    asked: tuple[tuple[str, object, object, object], ...] = (
        ("method", method, "quantile", cuts.method),
        ("bins", bins, 5, cuts.bins),
        ("high_from", high_from, None, cuts.high_from),
    )
    for name, value, default, held in asked:
        if value not in (default, held):
            raise errors.ParameterError(
                f"{name} is {value!r}, but the cuts were made with {held!r}.",
                mend=f"Leave {name} out, or make new cuts with it.",
            )
    held_thresholds = {measure: cuts.of(measure).threshold for measure in MEASURES}
    if thresholds is not None and _thresholds("fixed", thresholds) != held_thresholds:
        raise errors.ParameterError(
            f"thresholds are {dict(thresholds)}, but the cuts hold {held_thresholds}.",
            mend="Leave thresholds out, or make new cuts with them.",
        )


def _flags(scores: pd.DataFrame, column: str) -> Any:
    values = scores[column]
    if values.isna().any() or (len(values) and not pd.api.types.is_bool_dtype(values)):
        raise errors.ContractError(
            f"scores: {column} is not true or false in every row.",
            mend="Such a table is made by rfm.score(measures).",
        )
    return values.to_numpy(dtype="bool")
