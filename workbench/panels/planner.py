"""Which leads are touched when, and how full does that make whose day?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import arguments, exhibits, scheduling, schema
from workbench.panel import Choice, Day, Panel, People, Shown, Slider, Words, owner_choice
from workbench.people import frame
from workbench.words import formats

EVERY_DAY = "every_day"


def panel(
    leads: Any, *, as_of: arguments.DayLike, start: arguments.DayLike | None = None,
    people: People | None = None, plan: str = "nurture", countries: Sequence[str] = ("CN",),
    already: pd.DataFrame | None = None, words: Words | None = None,
) -> Panel:  # fmt: skip
    """When is each of these leads touched, and how full does that make whose day?

    Parameters
    ----------
    leads
        One row per lead to be enrolled: ``lead_id``, ``owner_id``.
    as_of
        The day it is: no plan starts before it.
    start
        The day the panel opens with; by default ``as_of``.
    people
        Names of leads and owners; by default those in ``leads``.
    plan
        What the plan is called.
    countries
        Whose working days can be chosen, by two letters; the panel opens with the first.
    already
        Steps planned before, which take their room, as ``scheduling.plan`` takes them.
    words
        The language; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: the dates of one lead, or the load per owner and day. Actions: the touches of all,
        by name, in the order they are due, for one owner or all.

    Raises
    ------
    ContractError
        A column is missing, or a lead is there twice.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "lead_name": ["Wu Ning"], "owner_id": ["S1"]})
    >>> shown = panel(leads, as_of="2026-11-02", countries=["CN"])
    >>> shown.sentence
    'Six touches in 30 days, the last on 1 Dec 2026'
    >>> shown.set(cycle_days=7, calendar="every_day").sentence
    'Six touches in seven days, the last on 8 Nov 2026'
    >>> shown.set(calendar="CN").sentence
    'Six touches in eight days, the last on 9 Nov 2026; two are moved'
    """
    leads = frame(leads)
    schema.require(leads, "leads", ("lead_id", "owner_id"), made_by="loaders.load", key="lead_id")
    first, people = arguments.day("as_of", as_of), People(leads=leads) if people is None else people
    opening = first if start is None else arguments.day("start", start)
    calendars, last = (*countries, EVERY_DAY), first + dt.timedelta(days=365)
    return Panel(
        "panel.planner", words=words, height=360,
        given={"leads": leads, "as_of": first, "people": people, "plan": plan, "already": already},
        controls=[
            Day(name="start", value=opening, first=first, last=last),
            Slider(name="cycle_days", value=30, low=1, high=90, step=1),
            Slider(name="capacity", value=0, low=0, high=60, step=1, note=_capacity),
            Choice(name="view", value="timeline", options=("timeline", "workload")),
            Slider(name="steps", value=6, low=1, high=12, step=1, place="adjust"),
            Choice(name="calendar", value=calendars[0], options=calendars, words=_calendar,
                   place="adjust"),
            *owner_choice(people, place="list"),
        ],
        steps=[planned], views=[timeline, workload], lists=touches, cost=cost,
    )  # fmt: skip


def planned(
    leads: pd.DataFrame, plan: str, start: dt.date, cycle_days: int, steps: int, calendar: str,
    capacity: int, already: pd.DataFrame | None, as_of: dt.date,
) -> pd.DataFrame:  # fmt: skip
    """Lay out the touches of all leads."""
    enrolments = leads[["lead_id", "owner_id"]].assign(
        plan=plan, start_date=pd.Timestamp(start), cycle_days=cycle_days
    )
    return scheduling.plan(enrolments, steps=steps, calendar=working(calendar),
                           capacity=capacity or None, already=already, as_of=as_of)  # fmt: skip


def timeline(start: dt.date, cycle_days: int, steps: int, calendar: str) -> Shown:
    """Show the touches of one lead."""
    dates = scheduling.dates(start, cycle_days, steps=steps, calendar=working(calendar))
    return exhibits.scheduling.timeline(dates, warnings=scheduling.warnings(dates))


def workload(planned: pd.DataFrame, people: People) -> Shown:
    """Show how full each owner's day is."""
    load = people.named(scheduling.workload(planned))
    return exhibits.scheduling.workload(load, warnings=scheduling.warnings(planned))


def touches(planned: pd.DataFrame, people: People, owner: str | None = None) -> Shown:
    """List who is touched when, of one owner or of all."""
    return exhibits.scheduling.touches(people.named(people.of(planned, owner)))


def working(calendar: str) -> scheduling.Calendar:
    """Give the calendar of a choice.

    Examples
    --------
    >>> working("every_day") == scheduling.EVERY_DAY, working("CN").country
    (True, 'CN')
    """
    return scheduling.EVERY_DAY if calendar == EVERY_DAY else scheduling.Calendar(calendar)


def cost(opening_planned: pd.DataFrame, planned: pd.DataFrame, words: Words, step: str) -> str:
    """Say what another rhythm means in work."""
    return exhibits.scheduling.cost(opening_planned, planned, words, step=step)


def _calendar(calendar: str, words: Words) -> str:
    country = formats.locale(words.lang).territories.get(calendar, calendar)
    key = EVERY_DAY if calendar == EVERY_DAY else "working_days"
    return words(f"panel.calendar.{key}", country=country)


def _capacity(capacity: int, words: Words) -> str:
    return words("panel.capacity.said", n=capacity or None)
