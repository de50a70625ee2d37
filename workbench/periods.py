"""Which stretch of days does a report cover? Weeks, months, quarters and years by name."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args

from workbench import arguments, errors
from workbench.words import Words, spoken

__all__ = [
    "KINDS", "Period", "containing", "day", "earlier", "far", "last_whole", "parse", "seen_until",
]  # fmt: skip
__dir__ = __all__.copy

Kind = Literal["week", "month", "quarter", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_FORMS = (
    ("week", re.compile(r"(\d{4})-W(\d{2})")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])")),
    ("year", re.compile(r"(\d{4})")),
)


@dataclass(frozen=True, order=True)
class Period:
    """Which days does ``2026-W45``, ``2026-10``, ``2026-Q4`` or ``2026`` cover?

    Examples
    --------
    >>> october = parse("2026-10")
    >>> october.start, october.as_of, october.days
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 31), 31)
    >>> str(october.previous), str(october.year_before)
    ('2026-09', '2025-10')
    """

    start: dt.date
    as_of: dt.date
    kind: Kind

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.as_of - self.start).days + 1

    @property
    def previous(self) -> "Period":
        """The period of the same kind just before."""
        return containing(self.start - dt.timedelta(days=1), self.kind)

    @property
    def year_before(self) -> "Period":
        """The same week, month, quarter or year one year earlier; week 53 meets week 52."""
        if self.kind == "week":
            year, week, _ = self.start.isocalendar()
            last_week = dt.date(year - 1, 12, 28).isocalendar().week
            monday = dt.date.fromisocalendar(year - 1, min(week, last_week), 1)
            return containing(monday, "week")
        return containing(dt.date(self.start.year - 1, self.start.month, 1), self.kind)

    def last(self, n: int) -> list["Period"]:
        """Give the ``n`` periods that end with this one, oldest first."""
        run = [self]
        while len(run) < n:
            run.append(run[-1].previous)
        return run[::-1]

    def label(self, words: Words | None = None) -> str:
        """Name the period as people do: October 2026, 2026年10月."""
        lang = (words or spoken()).lang
        year, month = self.start.year, self.start.month
        if self.kind == "week":
            year, week, _ = self.start.isocalendar()
            return f"Week {week}, {year}" if lang == "en" else f"{year}年第{week}周"
        if self.kind == "month":
            return f"{calendar.month_name[month]} {year}" if lang == "en" else f"{year}年{month}月"
        if self.kind == "quarter":
            number = (month + 2) // 3
            return f"Q{number} {year}" if lang == "en" else f"{year}年第{number}季度"
        return str(year) if lang == "en" else f"{year}年"

    def __str__(self) -> str:
        year, month = self.start.year, self.start.month
        if self.kind == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year:04}-W{week:02}"
        if self.kind == "month":
            return f"{year:04}-{month:02}"
        if self.kind == "quarter":
            return f"{year:04}-Q{(month + 2) // 3}"
        return f"{year:04}"


def parse(name: str) -> Period:
    """Read a period by its name.

    Raises
    ------
    ParameterError
        The name has none of the four forms, or there is no such week, month or year.

    Examples
    --------
    >>> parse("2026-Q4").as_of
    datetime.date(2026, 12, 31)
    """
    for kind, form in _FORMS:
        match = form.fullmatch(str(name))
        if not match:
            continue
        numbers = [int(part) for part in match.groups()]
        try:
            if kind == "week":
                day = dt.date.fromisocalendar(numbers[0], numbers[1], 1)
            else:
                month = {"month": numbers[-1], "quarter": numbers[-1] * 3, "year": 1}[kind]
                day = dt.date(numbers[0], month, 1)
            return containing(day, kind)  # type: ignore[arg-type]
        except (ValueError, OverflowError):
            break
    raise errors.ParameterError(
        f"period is '{name}', which names no week, month, quarter or year.",
        mend="Write 2026-W45, 2026-10, 2026-Q4 or 2026.",
    )


def containing(day: dt.date, kind: Kind) -> Period:
    """Give the period of a kind that a day lies in.

    Examples
    --------
    >>> str(containing(dt.date(2026, 1, 1), "week"))
    '2026-W01'
    """
    if kind == "week":
        monday = day - dt.timedelta(days=day.weekday())
        return Period(monday, monday + dt.timedelta(days=6), kind)
    if kind == "month":
        first, last = day.month, day.month
    elif kind == "quarter":
        first = (day.month - 1) // 3 * 3 + 1
        last = first + 2
    elif kind == "year":
        first, last = 1, 12
    else:
        raise errors.unknown("kind of period", kind, KINDS)
    end = dt.date(day.year, last, calendar.monthrange(day.year, last)[1])
    return Period(dt.date(day.year, first, 1), end, kind)


def last_whole(first_day: dt.date, last_day: dt.date, kind: Kind) -> Period | None:
    """Give the last period that data from ``first_day`` to ``last_day`` cover whole, if any.

    Examples
    --------
    >>> str(last_whole(dt.date(2025, 1, 1), dt.date(2026, 10, 30), "month"))
    '2026-09'
    """
    period = containing(last_day, kind)
    if period.as_of > last_day:
        period = period.previous
    return period if period.start >= first_day else None


def day(
    as_of: arguments.DayLike | None,
    first_day: dt.date | None,
    last_day: dt.date | None,
    *,
    kind: Kind = "month",
) -> dt.date:
    """Which day are all figures for: the one that is stated, or the last that the data cover well?

    Where none is stated, the last day of the last whole period; of data that cover none, their own.

    Raises
    ------
    NoDataError
        None is stated, and there are no data.

    Examples
    --------
    >>> day(None, dt.date(2025, 1, 1), dt.date(2026, 10, 30))
    datetime.date(2026, 9, 30)
    >>> day("2026-10-15", dt.date(2025, 1, 1), dt.date(2026, 10, 30))
    datetime.date(2026, 10, 15)
    """
    if as_of is not None:
        return arguments.day("as_of", as_of)
    if first_day is None or last_day is None:
        raise errors.NoDataError(
            "There is no row with a date.", mend="Load data, or state the day: as_of='2026-10-31'."
        )
    whole = last_whole(first_day, last_day, kind)
    return last_day if whole is None else whole.as_of


def seen_until(as_of: dt.date, last_day: dt.date | None) -> dt.date:
    """Up to which day is it known who bought and who did not: ``as_of``, or the last day of data?

    What is expected from here on, what is judged by what came, and who came back when count from
    this day: who did not buy after the data end is not known to have stayed away.

    Examples
    --------
    >>> seen_until(dt.date(2026, 10, 31), dt.date(2026, 10, 12))
    datetime.date(2026, 10, 12)
    """
    return as_of if last_day is None else min(as_of, last_day)


def far(
    as_of: dt.date, first_day: dt.date | None, last_day: dt.date | None, *, kind: Kind = "month"
) -> Literal["before", "after"] | None:
    """Does a day lie so far from the data that its figures say little?

    ``before`` the first, or ``after`` the last by more than two periods; else None.

    Examples
    --------
    >>> far(dt.date(2027, 10, 31), dt.date(2025, 1, 1), dt.date(2026, 10, 30))
    'after'
    """
    if first_day is None or last_day is None:
        return None
    if as_of < first_day:
        return "before"
    late = (as_of - last_day).days > 2 * containing(as_of, kind).days
    return "after" if late else None


def earlier(as_of: dt.date, first_day: dt.date, *, months: int) -> dt.date:
    """Give the end of the month so many before that of a day; of shorter data, the day half-way.

    Examples
    --------
    >>> earlier(dt.date(2026, 10, 31), dt.date(2025, 1, 1), months=3)
    datetime.date(2026, 7, 31)
    >>> earlier(dt.date(2026, 10, 31), dt.date(2026, 10, 1), months=3)
    datetime.date(2026, 10, 16)
    """
    ended = containing(as_of, "month").last(months + 1)[0].as_of
    return max(ended, first_day + (as_of - first_day) // 2)
