"""When is which lead to be touched? Steps with their dates, for one lead or a million."""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import pandas as pd

from workbench import arguments
from workbench.results import Result
from workbench.scheduling import cycle, layout
from workbench.scheduling.calendars import EVERY_DAY, Calendar, WorkingDays
from workbench.scheduling.layout import Laid
from workbench.scheduling.placing import Flags, Room, Steps, Whole, place

Reason = Literal["pause", "day_off", "frequency_cap", "capacity"]
REASONS: tuple[Reason, ...] = get_args(Reason)
DATES = Result(
    "scheduling.dates(start_date, cycle_days)", step="count", day="count", due_date="date",
    original_date="date", move_reason="move_reason", shares_day="truth", brought_together="truth",
    year_unknown="truth",
)  # fmt: skip
PLANNED = Result(
    "scheduling.plan(enrolments)", lead_id="id", owner_id="id", plan="plan", **DATES.kinds
)
PLAN = PLANNED.columns


def dates(
    start: arguments.DayLike,
    cycle_days: int,
    *,
    steps: int = 6,
    rule: cycle.Rule = "even",
    calendar: Calendar = EVERY_DAY,
) -> pd.DataFrame:
    """On which dates are the touches of one lead due?

    Parameters
    ----------
    start
        The day of enrolment: day 1.
    cycle_days, steps, rule
        As ``days`` takes them.
    calendar
        The days people are at work; a step on another day moves to the next of them.

    Returns
    -------
    pandas.DataFrame
        One row per step: ``step`` (1 …), ``day`` (of the cycle), ``due_date``, ``original_date``,
        ``move_reason`` (one of ``REASONS``, missing where not moved), and the warnings
        ``shares_day``, ``brought_together`` and ``year_unknown``, as ``plan`` gives them.

    Raises
    ------
    ParameterError, ParameterTypeError, UnknownNameError
        As ``days``; or ``start`` is no day, or the dates leave the years that calendars know.

    Examples
    --------
    The third touch falls on a Saturday:

    >>> found = dates("2026-11-06", 30, calendar=Calendar("CN"))
    >>> found[["step", "day", "due_date", "move_reason"]].head(3)
       step  day   due_date move_reason
    0     1    1 2026-11-06         NaN
    1     2    2 2026-11-09     day_off
    2     3    9 2026-11-16     day_off
    """
    first = np.datetime64(arguments.day("start", start), "D").astype("int64")
    day = np.array(cycle.days(cycle_days, steps=steps, rule=rule), dtype="int64")
    rows = np.zeros(len(day), dtype="int64")
    laid = layout.within_years(first + day - 1)
    course = Laid(layout.NOBODY, rows, np.arange(1, len(day) + 1), day, laid, laid)
    return _dated(course, calendar, capacity=None, per_day=1, already=None)[list(PLAN[3:])]


def plan(
    enrolments: pd.DataFrame,
    *,
    steps: int = 6,
    calendar: Calendar = EVERY_DAY,
    capacity: int | Mapping[str, int] | None = None,
    per_day: int = 1,
    already: pd.DataFrame | None = None,
    as_of: arguments.DayLike | None = None,
) -> pd.DataFrame:
    """When is each lead to be touched, by whom, so that nobody is swamped and nobody pestered?

    Parameters
    ----------
    enrolments
        One row per lead and plan: ``lead_id``, ``owner_id`` (may be missing: nobody's queue is
        ever full), ``plan``, ``start_date``, ``cycle_days``, and ``steps`` if plans differ in it.
    steps
        How many touches each plan holds, if ``enrolments`` does not say.
    calendar
        The days people are at work; a step on another day moves to the next of them.
    capacity
        Steps an owner can do in a day, for all or by ``owner_id``; what is over moves to the next
        day with room, oldest due first. None: no limit.
    per_day
        From how many *different* plans a lead may get touches on one day; the step that has waited
        longest keeps the day. A plan's own shared days stay, and count once.
    already
        Steps planned before and not yet done (``lead_id``, ``owner_id``, ``plan``, ``due_date``):
        they keep their days and take their room.
    as_of
        Refuse starts before this day. None: any start.

    Returns
    -------
    pandas.DataFrame
        One row per lead, plan and step, sorted by them:

        - ``lead_id``, ``owner_id``, ``plan``, ``step`` (1 …), ``day`` (of the cycle)
        - ``due_date``; ``original_date``, where the cycle puts it; ``move_reason``, the last rule
          that moved it (one of ``REASONS``), missing where none did
        - warnings: ``shares_day`` (the cycle itself puts several touches on the day),
          ``brought_together`` (a move put it on the day of another of its plan), ``year_unknown``
          (the calendar has only computed the days off of its year)

    Raises
    ------
    ContractError
        A column is missing, a lead is enrolled twice in one plan, a value is missing, a cycle or a
        number of steps is no whole number from 1, or a start lies before ``as_of``.
    ParameterError, ParameterTypeError
        ``capacity``, ``per_day`` or ``steps`` makes no sense, or some steps find no room before the
        calendars end.

    Examples
    --------
    >>> enrolments = pd.DataFrame(
    ...     {
    ...         "lead_id": ["L1", "L2"],
    ...         "owner_id": "S1",
    ...         "plan": "spring",
    ...         "start_date": pd.Timestamp("2026-11-02"),
    ...         "cycle_days": [7, 14],
    ...     }
    ... )
    >>> found = plan(enrolments, steps=2, capacity=1)
    >>> found[["lead_id", "step", "due_date", "original_date", "move_reason"]]
      lead_id  step   due_date original_date move_reason
    0      L1     1 2026-11-02    2026-11-02         NaN
    1      L1     2 2026-11-04    2026-11-03    capacity
    2      L2     1 2026-11-03    2026-11-02    capacity
    3      L2     2 2026-11-05    2026-11-03    capacity
    """
    laid = layout.enrolments(
        enrolments, steps=arguments.whole("steps", steps, mend="Write steps=6."), as_of=as_of
    )
    return _dated(laid, calendar, capacity, per_day, already)


def resume(
    remaining: pd.DataFrame,
    *,
    on: arguments.DayLike,
    calendar: Calendar = EVERY_DAY,
    capacity: int | Mapping[str, int] | None = None,
    per_day: int = 1,
    already: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """After a pause, when are the touches due that were left over?

    The first of each plan falls on the day of resuming and the others follow with the gaps they
    had, so that nothing piles up.

    Parameters
    ----------
    remaining
        The steps left over, one row per lead, plan and step, as ``plan`` gave them.
    on
        The day of resuming.
    calendar, capacity, per_day, already
        As ``plan`` takes them.

    Returns
    -------
    pandas.DataFrame
        The same rows with new dates, as ``plan`` gives them; ``original_date`` stays, and
        ``move_reason`` is ``pause`` where no other rule moved the step further.

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError
        As ``plan``.

    Examples
    --------
    >>> left = dates("2026-11-02", 30).iloc[3:].assign(lead_id="L1", owner_id="S1", plan="spring")
    >>> resume(left, on="2026-12-07")[["step", "due_date", "original_date", "move_reason"]]
       step   due_date original_date move_reason
    0     4 2026-12-07    2026-11-17       pause
    1     5 2026-12-14    2026-11-24       pause
    2     6 2026-12-21    2026-12-01       pause
    """
    laid = layout.remaining(remaining, on=arguments.day("on", on))
    return _dated(laid, calendar, capacity, per_day, already)


def _dated(
    steps: Laid,
    calendar: Calendar,
    capacity: int | Mapping[str, int] | None,
    per_day: int,
    already: pd.DataFrame | None,
) -> pd.DataFrame:
    """Give steps their dates: working days first, then the limits of parties and owners."""
    limit = arguments.whole("per_day", per_day, mend="Write per_day=1.")
    courses = steps.courses
    owner, owners = pd.factorize(courses["owner_id"])
    party, parties = pd.factorize(courses["lead_id"])
    rooms = layout.capacities(capacity, owners)
    work = WorkingDays(calendar, steps.laid)
    due = work.number(steps.laid)
    queued = Steps(steps.course, party[steps.course], owner[steps.course], due)
    taken = layout.taken(already, owners=owners, parties=parties, work=work)
    allowed, placed = place(queued, Room(rooms, limit, taken))
    days_due = work.day(placed)
    held = {
        "capacity": placed > allowed,
        "frequency_cap": allowed > due,
        "day_off": days_due > steps.laid,
        "pause": steps.laid != steps.original,
    }
    # the last rule that moved it
    reason = np.select(list(held.values()), [REASONS.index(name) for name in held], default=-1)
    together, apart = _on_one_day(steps.course, days_due, steps.laid)
    table = {name: courses[name].take(steps.course).array for name in PLAN[:3]}
    table |= {"step": steps.step, "day": steps.day}
    table["due_date"] = days_due.astype("datetime64[D]").astype("datetime64[us]")
    table["original_date"] = steps.original.astype("datetime64[D]").astype("datetime64[us]")
    table["move_reason"] = pd.array(list(REASONS), dtype="str").take(reason, allow_fill=True)
    table |= {"shares_day": together, "brought_together": apart}
    return pd.DataFrame(table).assign(year_unknown=work.unknown(days_due))[list(PLAN)]


def _on_one_day(course: Whole, due: Whole, laid: Whole) -> tuple[Flags, Flags]:
    """Which steps share a day with another of their plan: by the cycle, or by a move?"""
    same_day = (np.diff(course) == 0) & (np.diff(due) == 0)
    by_cycle = np.zeros(len(due) + 1, dtype=bool)
    by_cycle[1:-1] = same_day & (np.diff(laid) == 0)
    run = np.cumsum(np.append(True, ~same_day)[: len(due)]) - 1
    moved = np.bincount(run[1:], weights=same_day & (np.diff(laid) != 0), minlength=len(due))
    return by_cycle[1:] | by_cycle[:-1], np.asarray(moved[run] > 0)
