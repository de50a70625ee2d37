"""On which days are people at work? Every day, or a country's working days with its holidays."""

import datetime as dt
import functools
import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench import arguments, errors

Dates = np.ndarray[Any, np.dtype[np.datetime64]]

Whole = np.ndarray[Any, np.dtype[np.int64]]

# where the lists of holidays begin and end, so do plans
FIRST_YEAR, LAST_YEAR = 1950, 2100
_LAST_DAY = int(np.datetime64(f"{LAST_YEAR}-12-31", "D").astype("int64"))


@dataclass(frozen=True)
class Calendar:
    """On which days are people at work?

    Parameters
    ----------
    country
        Two letters, as "CN" or "DE": its weekends and public holidays are days off, and a weekend
        day that is worked to make up for a holiday (调休) is not. None: people work every day.
    subdivision
        The state or province, where holidays differ.
    days_off, working_days
        Days of the company's own, which decide before the country does.

    Raises
    ------
    UnknownNameError
        There is no such country or subdivision.
    ParameterError, ParameterTypeError
        A day is no day.

    Notes
    -----
    Holidays come from the package ``holidays``. It knows the make-up days of the years they were
    announced for; for others it computes the festivals alone, and ``knows`` says so.

    Examples
    --------
    The Sunday before National Day 2026 was worked, and the Tuesday after was not:

    >>> china = Calendar("CN")
    >>> china.is_working("2026-09-20"), china.is_working("2026-10-06")
    (True, False)
    >>> china.knows(2026)
    True
    """

    country: str | None = None
    subdivision: str | None = None
    days_off: tuple[arguments.DayLike, ...] = ()
    working_days: tuple[arguments.DayLike, ...] = ()

    def __post_init__(self) -> None:
        """Check the country and read the days, so that a typing error shows at once."""
        if self.country is not None:
            _check_country(self.country, self.subdivision)
        for name in ("days_off", "working_days"):
            given = tuple(sorted({arguments.day(name, day) for day in getattr(self, name)}))
            object.__setattr__(self, name, given)

    def is_working(self, day: arguments.DayLike) -> bool:
        """Are people at work on this day?"""
        read = np.datetime64(arguments.day("day", day), "D")
        return bool(self.working(read, read)[0])

    def knows(self, year: int) -> bool:
        """Are this year's days off known, not only computed?"""
        return self.country is None or _year(self.country, self.subdivision, year)[1]

    def working(self, first: np.datetime64, last: np.datetime64) -> np.ndarray[Any, Any]:
        """Say of each day from first to last whether people are at work."""
        span = np.arange(first, last + np.timedelta64(1, "D"), dtype="datetime64[D]")
        at_work = np.ones(len(span), dtype=bool)
        if self.country is not None:
            years = range(_year_of(first), _year_of(last) + 1)
            off = np.concatenate([_year(self.country, self.subdivision, year)[0] for year in years])
            at_work = ~np.isin(span, off)
        at_work[np.isin(span, np.array(self.days_off, dtype="datetime64[D]"))] = False
        at_work[np.isin(span, np.array(self.working_days, dtype="datetime64[D]"))] = True
        return at_work


EVERY_DAY = Calendar()


class WorkingDays:
    """The working days from the first day of a plan on, numbered.

    Parameters
    ----------
    calendar
        Which days are worked.
    laid
        The days, as numbers since 1970, on which the steps of a plan would fall.
    """

    def __init__(self, calendar: Calendar, laid: Whole) -> None:
        self.calendar = calendar
        self.first = int(laid.min(initial=_LAST_DAY))
        self._reach(int(laid.max(initial=self.first)) + 400)

    def _reach(self, last: int) -> None:
        self.last = min(last, _LAST_DAY)
        ends = (np.datetime64(day, "D") for day in (self.first, self.last))
        self.days = self.first + np.flatnonzero(self.calendar.working(*ends))

    def number(self, day: Whole) -> Whole:
        """Give the number of the first working day that is not before each day."""
        return np.asarray(np.searchsorted(self.days, day))

    def holds(self, day: Whole) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Is each day one of them?"""
        return np.isin(day, self.days)

    def day(self, number: Whole) -> Whole:
        """Give the day of each working day's number.

        Raises
        ------
        ParameterError
            There are not so many before the calendars end.
        """
        most = int(number.max(initial=-1))
        if most >= len(self.days) and self.last < _LAST_DAY:
            self._reach(_LAST_DAY)
        if most >= len(self.days):
            raise errors.ParameterError(
                f"Some steps find no room before the end of {LAST_YEAR}.",
                mend="Raise the capacity of the owners, enrol fewer leads, or give more working days.",
            ).told_by("no_room", name="capacity", year=LAST_YEAR)
        return np.asarray(self.days[number])

    def unknown(self, day: Whole) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Does each day lie in a year whose days off the calendar has only computed?"""
        years = day.astype("datetime64[D]").astype("datetime64[Y]").astype("int64") + 1970
        different, which = np.unique(years, return_inverse=True)
        return ~np.array([self.calendar.knows(int(year)) for year in different], dtype=bool)[which]


def _year_of(day: np.datetime64) -> int:
    return int(day.astype("datetime64[Y]").astype(int)) + 1970


def _check_country(country: str, subdivision: str | None) -> None:
    import holidays

    countries = holidays.list_supported_countries(include_aliases=True)
    if country not in countries:
        raise errors.unknown("country's calendar", str(country), countries)
    if subdivision is not None and subdivision not in countries[country]:
        raise errors.unknown(f"part of {country}", str(subdivision), countries[country])


@functools.lru_cache(maxsize=512)
def _year(country: str, subdivision: str | None, year: int) -> tuple[Dates, bool]:
    """Give a year's days off, and whether they are known."""
    import holidays

    kind = type(holidays.country_holidays(country))
    asked: dict[str, Any] = {"subdiv": subdivision, "years": year}
    # in English it marks in words what it has only computed, as the moon's months are, where asked
    if "en_US" in kind.supported_languages:
        asked["language"] = "en_US"
    if "islamic_show_estimated" in inspect.signature(kind).parameters:
        asked["islamic_show_estimated"] = True
    calendar: Any = kind(**asked)
    first = dt.date(year, 1, 1)
    span = [first + dt.timedelta(days=n) for n in range(366)]
    off = [day for day in span if day.year == year and not calendar.is_working_day(day)]
    is_covered = calendar.start_year <= year <= calendar.end_year
    # where weekends are moved by decree, a year without a decree is only computed
    if calendar.has_substituted_holidays:
        is_covered = is_covered and year in calendar.special_public_holidays
    is_covered = is_covered and not any("estimated" in name for name in calendar.values())
    return np.array(off, dtype="datetime64[D]"), is_covered
