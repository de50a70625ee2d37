"""Weeks, months, quarters and years by name: their days, neighbours and words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, periods
from workbench.words import Words

days = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 1, 1))
kinds = st.sampled_from(periods.KINDS)


@pytest.mark.parametrize(
    ("name", "start", "as_of", "kind"),
    [
        ("2026-W45", "2026-11-02", "2026-11-08", "week"),
        ("2026-W01", "2025-12-29", "2026-01-04", "week"),
        ("2020-W53", "2020-12-28", "2021-01-03", "week"),
        ("2026-10", "2026-10-01", "2026-10-31", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "quarter"),
        ("2026", "2026-01-01", "2026-12-31", "year"),
    ],
)
def test_a_name_covers_these_days(name: str, start: str, as_of: str, kind: str) -> None:
    period = periods.parse(name)
    assert (period.start.isoformat(), period.as_of.isoformat()) == (start, as_of)
    assert period.kind == kind
    assert str(period) == name


@pytest.mark.parametrize(
    "name",
    ["", "Oct", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-W54", "2025-W53", "2026-W00",
     "0000", "26-10", "2026-10-31", " 2026-10", "2026-10\n", "２０２６-10x", "None"],
)  # fmt: skip
def test_a_name_of_nothing_is_refused_with_the_four_forms(name: str) -> None:
    with pytest.raises(errors.ParameterError, match=r"2026-W45, 2026-10, 2026-Q4 or 2026"):
        periods.parse(name)


@given(days, kinds)
def test_every_day_lies_in_the_period_that_contains_it(day: dt.date, kind: periods.Kind) -> None:
    period = periods.containing(day, kind)
    assert period.start <= day <= period.as_of
    assert periods.parse(str(period)) == period


@given(days, kinds)
def test_periods_follow_each_other_without_gap_or_overlap(day: dt.date, kind: periods.Kind) -> None:
    period = periods.containing(day, kind)
    assert period.previous.as_of + dt.timedelta(days=1) == period.start
    assert period.previous.kind == kind


@given(days, kinds)
def test_the_year_before_is_a_period_of_the_same_kind_a_year_earlier(
    day: dt.date, kind: periods.Kind
) -> None:
    period = periods.containing(day, kind)
    before = period.year_before
    assert before.kind == kind
    assert 357 <= (period.start - before.start).days <= 372


def test_week_53_is_compared_with_the_last_week_of_the_year_before() -> None:
    assert str(periods.parse("2020-W53").year_before) == "2019-W52"


def test_the_last_periods_end_with_this_one_oldest_first() -> None:
    run = periods.parse("2026-02").last(4)
    assert [str(period) for period in run] == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("2026-W45", "Week 45, 2026", "2026年第45周"),
        ("2026-W01", "Week 1, 2026", "2026年第1周"),
        ("2026-10", "October 2026", "2026年10月"),
        ("2026-Q4", "Q4 2026", "2026年第4季度"),
        ("2026", "2026", "2026年"),
    ],
)
def test_a_period_is_named_as_people_do(name: str, english: str, chinese: str) -> None:
    assert periods.parse(name).label() == english
    assert periods.parse(name).label(Words("zh")) == chinese


@pytest.mark.parametrize(
    ("first", "last", "kind", "whole"),
    [
        ("2025-01-01", "2026-10-31", "month", "2026-10"),
        ("2025-01-01", "2026-10-30", "month", "2026-09"),
        ("2025-01-01", "2026-10-31", "year", "2025"),
        ("2025-01-02", "2026-10-31", "year", None),
        ("2026-10-02", "2026-10-31", "month", None),
        ("2026-10-05", "2026-10-11", "week", "2026-W41"),
    ],
)
def test_only_a_period_that_the_data_cover_whole_is_the_last(
    first: str, last: str, kind: periods.Kind, whole: str | None
) -> None:
    found = periods.last_whole(dt.date.fromisoformat(first), dt.date.fromisoformat(last), kind)
    assert (str(found) if found else None) == whole


def test_an_unknown_kind_is_answered_with_the_known() -> None:
    with pytest.raises(errors.UnknownNameError, match="month, quarter, week, year"):
        periods.containing(dt.date(2026, 1, 1), "decade")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("as_of", "first", "last", "day"),
    [
        (None, "2025-01-02", "2026-10-30", "2026-09-30"),
        (None, "2026-10-05", "2026-10-20", "2026-10-20"),
        ("2026-01-15", "2025-01-02", "2026-10-30", "2026-01-15"),
        ("2026-01-15", None, None, "2026-01-15"),
    ],
)
def test_where_no_day_is_stated_it_is_the_end_of_the_last_whole_period_or_of_the_data(
    as_of: str | None, first: str | None, last: str | None, day: str
) -> None:
    ends = (None if each is None else dt.date.fromisoformat(each) for each in (first, last))
    assert periods.day(as_of, *ends) == dt.date.fromisoformat(day)


def test_of_no_data_no_day_is_the_last() -> None:
    with pytest.raises(errors.NoDataError, match="no row with a date"):
        periods.day(None, None, None)


@pytest.mark.parametrize(
    ("as_of", "kind", "side"),
    [
        ("2024-12-31", "month", "before"),
        ("2025-01-01", "month", None),
        ("2026-12-29", "month", None),
        ("2027-01-01", "month", "after"),
        ("2026-11-13", "week", None),
        ("2026-11-14", "week", "after"),
    ],
)
def test_far_is_before_the_data_or_more_than_two_periods_after_them(
    as_of: str, kind: periods.Kind, side: str | None
) -> None:
    first, last = dt.date(2025, 1, 1), dt.date(2026, 10, 30)
    assert periods.far(dt.date.fromisoformat(as_of), first, last, kind=kind) == side
