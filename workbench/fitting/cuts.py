"""Where are recency, frequency and money cut? Cut points that can be saved and used again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from workbench import arguments, errors
from workbench.fitting import documents
from workbench.schema.rfm import MEASURES, METHODS, Measure, Method

MAX_BINS = 20


@dataclass(frozen=True)
class MeasureCuts:
    """Where is one measure cut?

    Parameters
    ----------
    points
        The score cuts, from score 2 upwards, in the measure's own unit. A value at a cut has
        already crossed it. There are fewer than ``bins - 1`` where ties leave the upper scores
        to nobody. ``recency_days`` falls from point to point, the others rise.
    threshold
        Where high begins, for the methods mean, median and fixed; None for quantile, where a
        score decides.
    """

    points: tuple[float, ...]
    threshold: float | None = None


@dataclass(frozen=True)
class RFMCuts(documents.Saved):
    """Which cut points made these scores, so that other customers can be scored by them?

    Parameters
    ----------
    method, bins, high_from
        As given to ``rfm.cuts``.
    recency_days, frequency, monetary
        The cuts of each measure: days, purchase days, money.
    as_of
        The day of the table the cuts were learnt on.
    customers
        How many customers that table had.

    Raises
    ------
    ParameterError
        A value makes no sense: an unknown method, too few bins, cuts out of order.

    Examples
    --------
    >>> cuts = RFMCuts(
    ...     method="quantile",
    ...     bins=3,
    ...     high_from=3,
    ...     recency_days=MeasureCuts((60.0, 20.0)),
    ...     frequency=MeasureCuts((2.0, 5.0)),
    ...     monetary=MeasureCuts((100.0, 900.5)),
    ...     as_of=dt.date(2026, 10, 31),
    ...     customers=40,
    ... )
    >>> RFMCuts.from_json(cuts.to_json()) == cuts
    True
    """

    method: Method
    bins: int
    high_from: int
    recency_days: MeasureCuts
    frequency: MeasureCuts
    monetary: MeasureCuts
    as_of: dt.date | None = None
    customers: int = 0

    called: ClassVar[str] = "RFM cuts"

    def __post_init__(self) -> None:
        check_method(self.method, self.bins, self.high_from)
        for name in MEASURES:
            self._check_measure(name, self.of(name))
        mend = "Give how many customers were cut."
        arguments.whole("customers", self.customers, least=0, mend=mend)

    def _check_measure(self, name: Measure, cuts: MeasureCuts) -> None:
        points, threshold = cuts.points, cuts.threshold
        numbers = (*points, *(() if threshold is None else (threshold,)))
        if not all(arguments.is_number(number) for number in numbers):
            raise errors.ParameterError(
                f"{name}: a cut point is not a finite number.", mend="Give plain numbers."
            )
        if len(points) >= self.bins:
            raise errors.ParameterError(
                f"{name}: {len(points)} cut points for {self.bins} bins.",
                mend=f"Give at most {self.bins - 1}.",
            )
        if list(points) != sorted(points, reverse=name == "recency_days"):
            raise errors.ParameterError(
                f"{name}: the cut points are out of order.",
                mend="Give them from score 2 upwards: days falling, purchases and money rising.",
            )
        if (threshold is None) != (self.method == "quantile"):
            raise errors.ParameterError(
                f"{name}: method '{self.method}' "
                + ("has no threshold." if threshold is not None else "needs a threshold."),
                mend="Quantile cuts say high by score; the other methods by a threshold.",
            )

    def of(self, measure: Measure) -> MeasureCuts:
        """Give the cuts of one measure by name; an unknown name raises ``UnknownNameError``."""
        arguments.one_of("measure", measure, MEASURES)
        cuts: MeasureCuts = getattr(self, measure)
        return cuts

    def _fields(self) -> dict[str, Any]:
        cuts: dict[str, Any] = {name: vars(self.of(name)) for name in MEASURES}
        day = None if self.as_of is None else self.as_of.isoformat()
        whole = {"bins": int(self.bins), "high_from": int(self.high_from)}
        return {"method": self.method, **whole, "as_of": day, "customers": self.customers, **cuts}

    @classmethod
    def _read(cls, fields: dict[str, Any], where: str) -> Self:
        names = ("method", "bins", "high_from", "as_of", "customers", *MEASURES)
        documents.exact_keys(fields, names, where=where)
        try:
            day = fields["as_of"]
            cuts: dict[str, Any] = {
                name: _measure_cuts(fields, name, where=where) for name in MEASURES
            }
            read = {**fields, **cuts, "as_of": None if day is None else dt.date.fromisoformat(day)}
            return cls(**read)
        except errors.SourceError:
            raise
        except errors.WorkbenchError as error:
            documents.refuse(where, error.what, error.mend)
        except (TypeError, ValueError) as error:
            documents.refuse(where, f"{error}", "Save the cuts again with RFMCuts.save.")


def check_method(method: str, bins: int, high_from: int) -> None:
    """Refuse a way to cut that does not exist.

    Raises
    ------
    ParameterError
        ``method`` is unknown, ``bins`` is not 2 to 20, or ``high_from`` no score above 1.
    """
    arguments.option("method", method, METHODS)
    mend = f"Use a whole number from 2 to {MAX_BINS}; 5 is usual."
    arguments.whole("bins", bins, least=2, most=MAX_BINS, mend=mend)
    # Only quantile reads high_from, so three bins by the mean need not restate it.
    if not arguments.is_whole(high_from) or (method == "quantile" and not 2 <= high_from <= bins):
        raise errors.ParameterError(
            f"high_from is {high_from!r} with {bins} bins.",
            mend=f"Use a whole score from 2 to {bins}: scores from there on count as high.",
        ).told_by("high_score", name="high_from", most=bins)


def _measure_cuts(document: dict[str, Any], name: Measure, *, where: str) -> MeasureCuts:
    fields, where = document[name], f"{where}, {name}"
    if not isinstance(fields, dict):
        documents.refuse(where, "points and threshold are missing.", "Save the cuts again.")
    documents.exact_keys(fields, ("points", "threshold"), where=where)
    points = fields["points"]
    if not isinstance(points, list) or not all(arguments.is_number(point) for point in points):
        documents.refuse(where, "the points are not a list of numbers.", "Save the cuts again.")
    threshold = fields["threshold"]
    if threshold is not None and not arguments.is_number(threshold):
        documents.refuse(where, "the threshold is not a number.", "Write a number or null.")
    return MeasureCuts(
        points=tuple(float(point) for point in points),
        threshold=None if threshold is None else float(threshold),
    )
