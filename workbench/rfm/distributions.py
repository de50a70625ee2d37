"""How are the three measures spread, and where do the cuts fall?"""

import math
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments
from workbench.models import MEASURES, Measure, RFMCuts
from workbench.results import Result
from workbench.rfm.measures import Floats, check_measures
from workbench.rfm.scores import score_of

DISTRIBUTION = Result(
    "rfm.distribution(measures, cuts)", measure="column", left="number", right="number",
    customers="count", score="count",
)  # fmt: skip


def distribution(measures: pd.DataFrame, cuts: RFMCuts, *, bars: int = 30) -> pd.DataFrame:
    """How many customers have which recency, frequency and money?

    Parameters
    ----------
    measures
        One row per customer, as ``rfm.measure`` makes it.
    cuts
        As ``rfm.cuts`` makes them; bars end where a score ends, so each has one score.
    bars
        About how many bars each measure gets, 5 to 200.

    Returns
    -------
    pandas.DataFrame
        One row per bar:

        - ``measure``: ``recency_days``, ``frequency`` or ``monetary``
        - ``left``, ``right``: the bar holds values from ``left`` on and below ``right``, in days,
          purchase days or money. Where a few values lie far beyond the others, they share a last
          bar, whose ``right`` is infinite.
        - ``customers``: how many; summed per measure they are all customers
        - ``score``: the score these values have

        Empty where there is no customer.

    Raises
    ------
    ContractError
        The table breaks its contract.
    ParameterError
        ``bars`` is out of range.

    Examples
    --------
    >>> from workbench.models import MeasureCuts
    >>> measures = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b", "c"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "recency_days": [0, 3, 4],
    ...         "frequency": [1, 1, 2],
    ...         "monetary": [10.0, 20.0, 30.0],
    ...     }
    ... )
    >>> cuts = RFMCuts(
    ...     method="quantile",
    ...     bins=2,
    ...     high_from=2,
    ...     recency_days=MeasureCuts((3.0,)),
    ...     frequency=MeasureCuts((2.0,)),
    ...     monetary=MeasureCuts((20.0,)),
    ... )
    >>> distribution(measures, cuts, bars=5).query("measure == 'recency_days'")
            measure  left  right  customers  score
    0  recency_days   0.0    1.0          1      2
    1  recency_days   1.0    2.0          0      2
    2  recency_days   2.0    3.0          0      2
    3  recency_days   3.0    4.0          1      2
    4  recency_days   4.0    5.0          1      1
    """
    values = check_measures(measures)
    arguments.whole("bars", bars, least=5, most=200, mend="Use a whole number from 5 to 200.")
    if measures.empty:
        kinds = {"measure": "str", "customers": "int64", "score": "int64"}
        kinds |= dict.fromkeys(("left", "right"), "float64")
        return pd.DataFrame(columns=list(DISTRIBUTION.columns)).astype(kinds)
    return pd.concat(
        [_bars(values[name], cuts, name, bars) for name in MEASURES], ignore_index=True
    )


CUT_POINTS = Result(
    "rfm.cut_points(cuts)", measure="column", cut="number", score_from="count",
    is_high_threshold="truth",
)  # fmt: skip


def cut_points(cuts: RFMCuts) -> pd.DataFrame:
    """At which value does each score begin, and at which does high begin?

    Parameters
    ----------
    cuts
        As ``rfm.cuts`` makes them.

    Returns
    -------
    pandas.DataFrame
        One row per cut, by measure, from low scores to high:

        - ``measure``
        - ``cut``: days, purchase days or money. Scores begin at the cut itself: at most so many
          days, at least so many purchases or so much money. Cuts that ties make equal are one row.
        - ``score_from``: the score that begins there; null for a threshold that is no score cut
        - ``is_high_threshold``: high begins here (at it for quantile and fixed, beyond it for
          mean and median). No row where no value is high.

    Examples
    --------
    >>> from workbench.models import MeasureCuts
    >>> cuts = RFMCuts(
    ...     method="quantile",
    ...     bins=3,
    ...     high_from=3,
    ...     recency_days=MeasureCuts((60.0, 20.0)),
    ...     frequency=MeasureCuts((2.0, 2.0)),
    ...     monetary=MeasureCuts((100.0,)),
    ... )
    >>> cut_points(cuts)
            measure    cut  score_from  is_high_threshold
    0  recency_days   60.0           2              False
    1  recency_days   20.0           3               True
    2     frequency    2.0           3               True
    3      monetary  100.0           2              False
    """
    rows: list[dict[str, Any]] = []
    for name in MEASURES:
        scores = {point: score for score, point in enumerate(cuts.of(name).points, start=2)}
        high = [point for point, score in scores.items() if score >= cuts.high_from]
        threshold = cuts.of(name).threshold
        rows += [
            {
                "measure": name,
                "cut": point,
                "score_from": score,
                "is_high_threshold": threshold is None and point in high[:1],
            }
            for point, score in scores.items()
        ]
        if threshold is not None:
            rows.append(
                {"measure": name, "cut": threshold, "score_from": None, "is_high_threshold": True}
            )
    kinds = {"measure": "str", "cut": "float64", "score_from": "Int64", "is_high_threshold": "bool"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _bars(values: Floats, cuts: RFMCuts, name: Measure, bars: int) -> pd.DataFrame:
    usual = _usual(values)
    step = _step(usual - float(values.min()), bars, whole=name != "monetary")
    first = math.floor(values.min() / step)
    last = max(math.floor(usual / step) + 1, first + 1)
    even = np.round(np.arange(first, last + 1) * step, 9)
    points = np.array(cuts.of(name).points, dtype="float64")
    # Recency scores begin at or below a cut of whole days: the bar of the day itself is inside.
    edges = np.floor(points) + 1 if name == "recency_days" else points
    left = np.unique(np.concatenate([even, edges[(edges > even[0]) & (edges <= values.max())]]))
    right = np.append(left[1:], np.inf)
    # An average below the first edge by no more than rounding belongs to the first bar.
    at = np.maximum(np.searchsorted(left, values, side="right") - 1, 0)
    counted = np.bincount(at, minlength=len(left))
    if counted[-1] == 0:
        left, right, counted = left[:-1], right[:-1], counted[:-1]
    return pd.DataFrame(
        {
            "measure": pd.Series([name] * len(left), dtype="str"),
            "left": left,
            "right": right,
            "customers": counted.astype("int64"),
            "score": score_of(left, cuts, measure=name),
        }
    )


def _usual(values: Floats) -> float:
    """Up to where are values drawn one by one? A few giants would squeeze all others together."""
    largest = float(values.max())
    most = float(np.quantile(values, 0.95, method="inverted_cdf"))
    smallest = float(values.min())
    return most if largest - smallest > 1.5 * (most - smallest) > 0 else largest


def _step(span: float, bars: int, *, whole: bool) -> float:
    """Choose a round width, 1, 2 or 5 times a power of ten, that gives about so many bars."""
    finest = 1.0 if whole else 0.01
    raw = max(span / bars, finest)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * size for size in (1, 2, 5, 10) if power * size >= raw * (1 - 1e-9))
