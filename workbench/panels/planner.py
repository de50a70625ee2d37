"""Which leads are touched when, and how full does that make whose day?"""

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from workbench import arguments as parameters
from workbench import exhibits, labels, scheduling, schema, tables
from workbench.panel import Choice, Day, Slider, recipes
from workbench.panel.old import Panel
from workbench.words import Words

EVERY_DAY = "every_day"
_LEADS = ("lead_id", "lead_name", "owner_id")


def planner(
    leads: pd.DataFrame,
    *,
    as_of: parameters.DayLike,
    start: parameters.DayLike | None = None,
    owners: pd.DataFrame | None = None,
    plan: str = "nurture",
    countries: Sequence[str] = ("CN",),
    already: pd.DataFrame | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """When is each of these leads touched, and how full does that make whose day?

    Parameters
    ----------
    leads
        One row per lead to be enrolled: ``lead_id``, ``lead_name``, ``owner_id``.
    as_of
        The day it is: no plan starts before it.
    start
        The day the panel opens with; by default ``as_of``.
    owners
        Names, for the load and the filter.
    plan
        What the plan is called.
    countries
        Whose working days can be chosen, by two letters; the panel opens with the first.
    already
        Steps planned before, which take their room, as ``scheduling.plan`` takes them.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per lead and step with its dates. Actions: the same by name, in the order
        they are due, for one owner or all.

    Raises
    ------
    ContractError
        A column is missing, or a lead is there twice.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "lead_name": ["Wu Ning"], "owner_id": ["S1"]})
    >>> panel = planner(leads, as_of="2026-11-02", countries=["CN"])
    >>> panel.sentence
    'Six touches in 30 days, the last on 1 Dec 2026'
    >>> panel.set(cycle_days=7, calendar="every_day").sentence
    'Six touches in seven days, the last on 8 Nov 2026'
    >>> panel.set(calendar="CN").sentence
    'Six touches in eight days, the last on 9 Nov 2026; two are moved'
    """
    schema.require(leads, "leads", _LEADS, made_by="loaders.load", key="lead_id")
    first = parameters.day("as_of", as_of)
    opening = first if start is None else parameters.day("start", start)
    known = leads[list(_LEADS)].reset_index(drop=True)

    def answer(
        start: dt.date, cycle_days: int, steps: int, calendar: str, capacity: int
    ) -> pd.DataFrame:
        enrolments = known.assign(plan=plan, start_date=pd.Timestamp(start), cycle_days=cycle_days)
        return scheduling.plan(
            enrolments,
            steps=steps,
            calendar=working(calendar),
            capacity=capacity or None,
            already=already,
            as_of=first,
        )

    def figure(
        table: pd.DataFrame,
        view: str,
        start: dt.date,
        cycle_days: int,
        steps: int,
        calendar: str,
        lang: labels.Lang,
    ) -> go.Figure:
        if view == "workload":
            load = tables.owned(scheduling.workload(table), owners=owners)
            shown = exhibits.scheduling.workload(load, warnings=scheduling.warnings(table))
            return shown.figure(Words(lang))
        dates = scheduling.dates(start, cycle_days, steps=steps, calendar=working(calendar))
        shown = exhibits.scheduling.timeline(dates, warnings=scheduling.warnings(dates))
        return shown.figure(Words(lang))

    def actions(table: pd.DataFrame, owner: str | None) -> pd.DataFrame:
        listed = tables.owned(table, owners=owners).merge(
            known[["lead_id", "lead_name"]], on="lead_id"
        )
        listed = listed.sort_values(["due_date", "lead_id", "step"], ignore_index=True)
        return tables.only(listed[list(_LISTED)], owner_id=owner)

    names = (
        {} if owners is None else dict(zip(owners["owner_id"], owners["owner_name"], strict=True))
    )
    in_charge = sorted({str(owner) for owner in known["owner_id"].dropna()})
    return Panel(
        "panel.planner",
        controls=[
            Day(name="start", value=opening, first=first, last=first + dt.timedelta(days=365)),
            Slider(name="cycle_days", value=30, low=1, high=90, step=1),
            Slider(name="steps", value=6, low=1, high=12, step=1),
            Choice(
                name="calendar",
                value=[*countries, EVERY_DAY][0],
                options=(*countries, EVERY_DAY),
                words=_calendar_words,
            ),
            Slider(name="capacity", value=0, low=0, high=60, step=1, note=_capacity_words),
            Choice(
                name="view",
                value="timeline",
                options=("timeline", "workload"),
                words="panel.planner.view",
            ),
            Choice(name="owner", value=None, options=(None, *in_charge), words=names),
        ],
        answer=answer,
        figure=figure,
        actions=actions,
        cost=lambda before, after, step, lang: exhibits.scheduling.cost(
            before, after, Words(lang), step=step
        ),
        code=lambda view, calendar: recipes.filled(
            recipes.PLANNER + recipes.PLANNER_FIGURES[view],
            rule=_calendar_code(calendar),
            plan=plan,
            as_of=first.isoformat(),
            columns=list(_LISTED),
        ),
        lang=lang,
        height=360,
        columns=["due_date", "lead_name", "owner_name", "step", "original_date", "move_reason"],
        essential=["due_date", "lead_name", "step"],
    )


_LISTED = (
    "due_date",
    "lead_id",
    "lead_name",
    "owner_id",
    "owner_name",
    "step",
    "original_date",
    "move_reason",
)


def working(calendar: str) -> scheduling.Calendar:
    """Give the calendar of a choice.

    Examples
    --------
    >>> working("every_day") == scheduling.EVERY_DAY, working("CN").country
    (True, 'CN')
    """
    return scheduling.EVERY_DAY if calendar == EVERY_DAY else scheduling.Calendar(calendar)


def _calendar_code(calendar: str) -> str:
    return "EVERY_DAY" if calendar == EVERY_DAY else f"Calendar({calendar!r})"


def _calendar_words(calendar: str, words: Words) -> str:
    if calendar == EVERY_DAY:
        return words("panel.calendar.every_day")
    from babel import Locale

    territories = Locale.parse({"en": "en_GB", "zh": "zh_CN"}[words.lang]).territories
    return words("panel.calendar.working_days", country=territories.get(calendar, calendar))


def _capacity_words(capacity: int, words: Words) -> str:
    key = "panel.capacity.day" if capacity else "panel.capacity.none"
    return words(key, n=capacity)
