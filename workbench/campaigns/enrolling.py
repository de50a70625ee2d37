"""Who is dormant, what can be written to them, and who goes onto the worklist?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench import arguments, errors, nurture, scheduling, schema, worklist
from workbench.campaigns.optouts import opted_out
from workbench.campaigns.pond import Pond
from workbench.people import as_text, frame, looked_up
from workbench.words import Words, spoken

_SHOWN = 5
_COURSE = ["lead_id", "plan"]
# a lead that is left out stands in no row of what was asked
_PROBLEM = [name for name in nurture.DRAFT_PROBLEMS.columns if name != "row"]


@dataclass(frozen=True)
class Draft:
    """What can be written: ``steps``, dated and in words; and ``left_out``, a row per problem.

    ``left_out`` has the columns of ``nurture.draft``'s problems, but ``row``.
    """

    steps: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def reasons(self) -> list[str]:
        """Say of each lead that is left out what is in the way first."""
        first = self.left_out.drop_duplicates("lead_id")
        return [reason(problem) for problem in first.to_dict("records")]


def reason(problem: Mapping[Any, Any], words: Words | None = None) -> str:
    """Say one problem of a draft in a sentence.

    Examples
    --------
    >>> reason({"problem": "opted_out", "lead_id": "L1", "plan": "Wake-up", "step": 2,
    ...         "channel": "sms", "language": "en", "field": None})
    "Step 2 of 'Wake-up' for lead L1: has opted out of text message."
    """
    return (words or spoken())(f"nurture.problem.{problem['problem']}", **problem)


@dataclass(frozen=True)
class Enrolled(Draft):
    """A draft that went onto the worklist: ``enrolled`` is as ``worklist.enrol`` gives it."""

    enrolled: pd.DataFrame


def dormant(
    pond: Pond, *, as_of: arguments.DayLike, owner: str | None = None, most: int | None = None
) -> pd.DataFrame:
    """Which dormant leads are worth enrolling, the best first?

    Who opted out or answered in the worklist, and who is in a plan there or in the table of steps,
    is seen; how long a lead must have been silent, the settings say.

    Returns
    -------
    pandas.DataFrame
        As ``nurture.dormant``; only those of ``owner``, the first ``most``, where stated.

    Raises
    ------
    ParameterError
        ``most`` is no whole number from 1.
    UnknownNameError
        There is no such owner.
    """
    if most is not None:
        arguments.whole("most", most, least=1, mend="Ask for at least 1 lead.")
    found = nurture.dormant(
        pond.leads(as_of=as_of),
        pond.touches(as_of=as_of),
        as_of=as_of,
        silent_days=pond.rules.silent_days,
        steps=pond.steps(as_of=as_of),
    )
    mine: pd.DataFrame = pond.people.of(found, owner)
    return mine.head(len(mine) if most is None else most)


def draft(
    pond: Pond,
    leads: Sequence[str],
    *,
    as_of: arguments.DayLike,
    plan: str | None = None,
    start: arguments.DayLike | None = None,
    cycle_days: int | None = None,
) -> Draft:
    """What would be written to these leads, on which days, and to whom can it not be?

    A lead takes part with all steps of the plan or with none.

    Parameters
    ----------
    pond
        As ``campaigns.pond`` gives it, with a worklist.
    leads
        By lead_id.
    as_of
        The day of asking.
    plan
        Which plan of the templates; None: as the settings say, or the only one.
    start
        The first day; None: ``as_of``.
    cycle_days
        Length of the cycle; None: as the settings say.

    Raises
    ------
    UnknownNameError
        There is no such lead or plan.
    ParameterError
        Which plan is not said, or the pond has no worklist or no templates.
    ContractError
        The first day lies before ``as_of``, or the cycle is no number of days.
    """
    day, rules, store = arguments.day("as_of", as_of), pond.rules, _opened(pond)
    first = day if start is None else arguments.day("start", start)
    table, templates = pond.leads(as_of=day), pond.loaded["templates"].table
    chosen = _plan(plan or rules.plan, templates)
    named = pd.Series(list(dict.fromkeys(leads)), dtype="str")
    known = table["lead_id"].astype("str")
    for lead in named[~named.isin(known)]:
        raise errors.unknown("lead", lead, sorted(known))
    cycle_days = rules.cycle_days if cycle_days is None else cycle_days
    owner_id = looked_up(named, pond.people.leads, "lead_id", "owner_id")
    asked = pd.DataFrame({"lead_id": named, "owner_id": owner_id}).assign(
        plan=chosen, start_date=pd.Timestamp(first), cycle_days=cycle_days
    )
    numbers = pd.DataFrame({"step": range(1, rules.steps + 1)})
    written, problems = nurture.draft(
        asked[["lead_id", "owner_id", "plan"]].merge(numbers, how="cross"),
        leads=table,
        owners=pond.loaded["owners"].table,
        templates=templates,
        as_of=day,
        language=rules.language,
    )
    busy = _in_plan(store, asked.rename(columns={"start_date": "enrolled_on"}), day)
    left_out = _problems(problems, busy)
    ready = asked[~named.isin(left_out["lead_id"])]
    planned = pond.steps(as_of=day)
    # who is enrolled again with the same first day changes nothing, and is not in its own way
    again = planned["lead_id"].isin(ready["lead_id"]) & (planned["plan"] == chosen)
    dated = scheduling.plan(
        ready,
        steps=rules.steps,
        calendar=pond.pace.calendar,
        capacity=pond.pace.capacity,
        per_day=pond.pace.per_day,
        already=planned.loc[
            ~again & (planned["status"] == "pending"), [*_COURSE, "owner_id", "due_date"]
        ],
        as_of=day,
    )
    steps = dated.merge(written.drop(columns="owner_id"), on=[*_COURSE, "step"])
    steps = steps.assign(enrolled_on=pd.Timestamp(first), cycle_days=cycle_days)
    return Draft(steps, left_out)


def enrol(
    pond: Pond,
    leads: Sequence[str],
    *,
    as_of: arguments.DayLike,
    at: Any,
    by: str,
    plan: str | None = None,
    start: arguments.DayLike | None = None,
    cycle_days: int | None = None,
    dry_run: bool = False,
) -> Enrolled:
    """Who goes into the plan, and who cannot? Takes those who can be written to, names the rest.

    Enrolling again with the same first day changes nothing.

    Parameters
    ----------
    pond, leads, as_of, plan, start, cycle_days
        As ``draft``.
    at, by, dry_run
        As ``worklist.enrol``.

    Raises
    ------
    ContentError, WorklistError
        Not one of them can be enrolled; the message names them with what is in the way.
    UnknownNameError, ParameterError, ContractError
        As ``draft`` and ``worklist.enrol``.
    """
    made = draft(pond, leads, as_of=as_of, plan=plan, start=start, cycle_days=cycle_days)
    return _onto(_opened(pond), made, at=at, by=by, dry_run=dry_run)


def hand_over(
    store: worklist.Worklist,
    listed: Any,
    *,
    plan: str,
    on: arguments.DayLike,
    at: Any,
    by: str,
    leads: Any = None,
    dry_run: bool = False,
) -> Enrolled:
    """Who of a list is to be called on a day? Hands a list of calls over to the worklist.

    Who is on that list already, or wants nothing more by the channel, or shares an address with one who
    wants nothing more, is named and left out.

    Parameters
    ----------
    store
        The worklist.
    listed
        One row per customer or lead: ``lead_id`` or else ``customer_id``; also ``owner_id``,
        ``channel``, ``address``, ``subject`` and ``text``. A pandas, Arrow or Polars table, or what
        a loader returned.
    plan
        What the list is called.
    on
        The day of the calls.
    at, by, dry_run
        As ``worklist.enrol``.
    leads
        The leads, where known: who has which address, and who opted out by their table.

    Raises
    ------
    ContractError, WorklistError
        As ``enrol`` and ``worklist.enrol``.

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> late = pd.DataFrame({"customer_id": ["C1", "C2"], "owner_id": "S1"})
    >>> asked = {"plan": "late", "at": "2026-11-02 09:00", "by": "Lin"}
    >>> hand_over(store, late.head(1), on="2026-11-02", **asked).enrolled["lead_id"].tolist()
    ['C1']
    >>> again = hand_over(store, late, on="2026-11-03", **asked)
    >>> again.enrolled["lead_id"].tolist(), again.reasons
    (['C2'], ["Lead C1 is in 'late' already, since 2026-11-02."])
    """
    named = frame(listed)
    if "lead_id" not in named:
        named = named.rename(columns={"customer_id": "lead_id"})
    made_by = "a list of customers or leads"
    schema.require(named, "listed", ["lead_id"], made_by=made_by, key="lead_id")
    day = pd.Timestamp(arguments.day("on", on))
    calls = named.assign(plan=plan, step=1, due_date=day, enrolled_on=day)
    calls["lead_id"] = as_text(calls["lead_id"])
    calls["channel"] = calls.get("channel", pd.Series(index=calls.index, dtype="str"))
    known = calls.dropna(subset=["channel"])
    arguments.codes(known, "listed", "channel", schema.CHANNELS)
    reached = known[["lead_id", "channel", "address"]] if "address" in known else None
    everybody = pd.DataFrame() if leads is None else leads
    closed = opted_out(store, everybody, as_of=day, reached=reached)
    closed = calls.merge(closed, on=["lead_id", "channel"])
    left_out = _problems(_in_plan(store, calls, day), closed.assign(problem="opted_out"))
    ready = calls[~calls["lead_id"].isin(left_out["lead_id"])]
    return _onto(store, Draft(ready, left_out), at=at, by=by, dry_run=dry_run)


def _opened(pond: Pond) -> worklist.Worklist:
    """Give the worklist of a pond that was opened to enrol from."""
    if pond.store is None or "templates" not in pond.loaded:
        raise errors.ParameterError(
            "These tables come without a worklist, or without templates.",
            mend="Open both: campaigns.pond(settings, store=worklist.connect(…)).",
        )
    return pond.store


def _onto(store: worklist.Worklist, made: Draft, *, at: Any, by: str, dry_run: bool) -> Enrolled:
    """Put what can be onto the worklist; where there is nothing but problems, they are an error."""
    if len(made.steps) or made.left_out.empty:
        enrolled = worklist.enrol(store, made.steps, at=at, by=by, dry_run=dry_run)
        return Enrolled(made.steps, made.left_out, enrolled)
    reasons = made.reasons
    more = f" And {len(reasons) - _SHOWN} more." if len(reasons) > _SHOWN else ""
    what = f"None of {len(reasons)} can be enrolled: {' '.join(reasons[:_SHOWN])}{more}"
    if made.left_out["problem"].eq("in_plan").all():
        mend = "Stop that plan first, or leave them out; nothing was changed."
        raise errors.WorklistError(what, mend=mend)
    mend = "Complete the leads, owners or templates; nothing was queued."
    raise errors.ContentError(what, mend=mend, problems=made.left_out)


def _plan(plan: str | None, templates: pd.DataFrame) -> str:
    """Which plan of the templates is meant?"""
    plans: list[str] = sorted(templates["plan"].dropna().astype(str).unique())
    if plan is None and len(plans) == 1:
        return plans[0]
    if plan is None:
        raise errors.ParameterError(
            f"Which plan is not said; there are {', '.join(plans) or 'none'}.",
            mend="Name one, or set it in workbench.toml: [nurture] plan = NAME",
        )
    if plan not in plans:
        raise errors.unknown("plan", plan, plans)
    return plan


def _in_plan(store: worklist.Worklist, asked: pd.DataFrame, as_of: Any) -> pd.DataFrame:
    """Who is in the same plan already, since another day?"""
    there = worklist.steps(store, as_of=as_of, status=["pending"]).drop_duplicates("enrolment_id")
    both = asked[[*_COURSE, "enrolled_on"]].merge(there, on=_COURSE, suffixes=("", "_there"))
    since = both["enrolled_on_there"]
    both = both.assign(problem="in_plan", field=since.dt.strftime("%Y-%m-%d"))
    return both.loc[since != both["enrolled_on"], [*_COURSE, "problem", "field"]]


def _problems(*parts: pd.DataFrame) -> pd.DataFrame:
    filled = [part.reindex(columns=_PROBLEM) for part in parts if len(part)]
    problems = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=_PROBLEM)
    return problems.astype({"step": "Int64"})
