"""How do dated steps come onto the worklist: all of them, each once, or none?"""

import hashlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors
from workbench.results import Result
from workbench.worklist import events, sharing, typed
from workbench.worklist.store import Worklist
from workbench.worklist.tables import CONTENT, ENROLMENTS, EVENTS, STEPS, TOUCHES

_REQUIRED = ("lead_id", "plan", "step", "due_date")
_OPTIONAL = ("owner_id", "enrolled_on", "cycle_days", "original_date", "move_reason", *CONTENT)
_COURSE = ["lead_id", "plan"]

ENROLLED = Result(
    "worklist.enrol(store, steps, …)", lead_id="id", plan="plan", owner_id="id",
    enrolled_on="date", enrolment_id="id", steps="count", is_new="truth", operation_id="count",
)  # fmt: skip


def enrol(
    store: Worklist, steps: pd.DataFrame, *, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """Put dated steps onto the worklist: those of a nurture plan, or any list of calls.

    A lead may be in several plans at once, but in each only once at a time. Enrolling again with
    the same first day changes nothing, so that a command may be repeated; with another day it is
    refused until the first has ended.

    Parameters
    ----------
    store
        The worklist.
    steps
        One row per step: ``lead_id`` (a lead, a customer), ``plan``, ``step`` (1 …) and
        ``due_date``. Also, where known: ``owner_id``; ``enrolled_on``, the first day (else the
        earliest ``original_date`` of the plan); ``cycle_days``; ``original_date`` and
        ``move_reason`` where it was moved; ``channel``, ``address``, ``language``,
        ``template_id``, ``template_version``, ``variant``, ``topic``, ``subject``, ``text``.
        Other columns are not kept.
    at, by
        When, in local time, and who.
    dry_run
        Check and answer, but keep nothing.

    Returns
    -------
    pandas.DataFrame
        One row per lead and plan, sorted by them: ``lead_id``, ``plan``, ``owner_id``,
        ``enrolled_on``, ``enrolment_id``, ``steps``, ``is_new`` (False: it was there already) and
        ``operation_id``, for ``undo`` (missing where nothing was written).

    Raises
    ------
    ContractError
        A column is missing, a value is missing or of another type, a step is there twice, a plan
        has several owners or first days, or a step is due before the day of ``at``.
    ParameterError
        A plan starts more than a year after ``at``, or ``at`` lies far from all that the worklist
        holds and plans, as ``connect`` says; so whatever writes.
    WorklistError
        A lead is in the plan since another day, or has opted out of a step's channel.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1", "C2"], "owner_id": "S1", "plan": "call",
    ...                       "step": 1, "due_date": "2026-11-02"})
    >>> enrol(store, calls, at="2026-11-02 09:00", by="Lin")["is_new"].tolist()
    [True, True]
    >>> enrol(store, calls, at="2026-11-02 09:01", by="Lin")["is_new"].tolist()
    [False, False]
    """
    moment, who = arguments.moment("at", at), arguments.text("by", by)
    table = _checked(steps, moment)
    courses = table.drop_duplicates(_COURSE).sort_values(_COURSE, ignore_index=True)
    with store.writing(dry_run=dry_run) as connection:
        courses = _with_ids(connection, courses)
        new = table.merge(courses.loc[courses["is_new"], [*_COURSE, "enrolment_id"]], on=_COURSE)
        _refuse_opted_out(connection, new, store.country)
        operation = None
        if len(new):
            operation = events.begin(connection, "enrol", moment, who)
            _write(connection, operation, courses[courses["is_new"]], new, moment)
    counts = table.groupby(_COURSE, sort=False).size().rename("steps").reset_index()
    result = courses.drop(columns="step").merge(counts, on=_COURSE)
    number = pd.Series(None if dry_run else operation, index=result.index, dtype="Int64")
    return result.assign(operation_id=number.where(result["is_new"]))[list(ENROLLED.columns)]


def _checked(steps: pd.DataFrame, moment: Any) -> pd.DataFrame:
    table = typed.table(steps, "steps", _REQUIRED, _OPTIONAL, made_by="scheduling.plan(…)")
    twice = table.duplicated([*_COURSE, "step"])
    if twice.any():
        first = table[twice].iloc[0]
        raise errors.ContractError(
            f"Step {first['step']} of '{first['plan']}' for '{first['lead_id']}' is there twice.",
            mend="There may be one row per lead, plan and step; nothing was changed.",
        )
    table["original_date"] = table["original_date"].fillna(table["due_date"])
    by_course = table.groupby(_COURSE, sort=False)
    first_day = by_course["original_date"].transform("min")
    table["enrolled_on"] = table["enrolled_on"].fillna(first_day)
    for name in ("owner_id", "enrolled_on", "cycle_days"):
        kinds = by_course[name].transform(lambda values: values.nunique(dropna=False))
        if (kinds > 1).any():
            first = table[kinds > 1].iloc[0]
            raise errors.ContractError(
                f"The plan '{first['plan']}' for '{first['lead_id']}' has several {name}.",
                mend="One plan of one lead has one; nothing was changed.",
            )
    today = pd.Timestamp(moment).normalize()
    past = table["due_date"] < today
    if past.any():
        first = table[past].iloc[0]
        raise errors.ContractError(
            f"Step {first['step']} of '{first['plan']}' for '{first['lead_id']}' would be due on"
            f" {first['due_date']:%Y-%m-%d}, before {today:%Y-%m-%d}{typed.more(past)}.",
            mend="A plan starts today or later; nothing was changed.",
        )
    events.refuse_late_start(by_course["due_date"].min(), moment)
    events.refuse_late_start(table["enrolled_on"], moment)
    return table


def _with_ids(connection: sa.Connection, courses: pd.DataFrame) -> pd.DataFrame:
    """Say of each lead and plan whether it is there already, and give its id."""
    known = _known(connection, courses["lead_id"].tolist())
    there = courses.merge(known, on=_COURSE, how="left", suffixes=("", "_known"))
    active = there[there["is_active"].eq(True)]
    same = active[active["enrolled_on"] == active["enrolled_on_known"]]
    same = same.drop_duplicates(_COURSE, keep="last")
    other = active[active["is_open"].eq(True)].merge(
        same[_COURSE], on=_COURSE, how="left", indicator=True
    )
    other = other[other["_merge"] == "left_only"]
    if len(other):
        first = other.iloc[0]
        raise errors.WorklistError(
            f"{other['lead_id'].nunique()} are in the plan already, since another day:"
            f" {typed.named(other['lead_id'].unique())}. '{first['lead_id']}' is in"
            f" '{first['plan']}' since {first['enrolled_on_known']:%Y-%m-%d}.",
            mend="Leave them out, or stop that plan first; nothing was changed.",
        )
    ids = same.set_index(_COURSE)["enrolment_id"]
    result = courses.join(ids, on=_COURSE)
    result["is_new"] = result["enrolment_id"].isna()
    # what was withdrawn keeps its id, so that the next of that day gets another
    day = there[~there["is_active"].eq(True) & (there["enrolled_on"] == there["enrolled_on_known"])]
    before = day.groupby(_COURSE).size().rename("withdrawn")
    count = result.join(before, on=_COURSE)["withdrawn"].fillna(0).astype("int64")
    made = [
        _id(lead, plan, start, number)
        for lead, plan, start, number in zip(
            result["lead_id"], result["plan"], result["enrolled_on"], count, strict=True
        )
    ]
    result["enrolment_id"] = result["enrolment_id"].where(
        ~result["is_new"], pd.Series(made, dtype="str")
    )
    return result


def _id(lead: str, plan: str, start: Any, number: int) -> str:
    said = "\x1f".join((lead, plan, f"{start:%Y-%m-%d}", str(number)))
    return "E" + hashlib.sha256(said.encode()).hexdigest()[:20]


def _known(connection: sa.Connection, leads: Sequence[str]) -> pd.DataFrame:
    """Give the enrolments of these leads: whether one has open steps, or was not withdrawn."""
    columns = [ENROLMENTS.c[name] for name in (*_COURSE, "enrolled_on", "enrolment_id")]
    is_open, is_active = (
        sa.func.max(sa.case((state, 1), else_=0)).label(name)
        for name, state in (
            ("is_open", EVENTS.c.status.in_(events.OPEN)),
            ("is_active", EVENTS.c.status != "withdrawn"),
        )
    )
    asked = (
        sa.select(*columns, is_open, is_active)
        .join(EVENTS, EVENTS.c.enrolment_id == ENROLMENTS.c.enrolment_id)
        .where(events.is_last())
        .group_by(*columns)
    )
    return events.read(connection, asked, ENROLMENTS.c.lead_id, leads)


def _refuse_opted_out(connection: sa.Connection, new: pd.DataFrame, country: str | None) -> None:
    """Refuse steps by a way that the lead, or whoever else has its address, wants nothing more by."""
    closed = events.read(connection, events.closed_channels())[["lead_id", "channel"]]
    if closed.empty or new.empty:
        return
    known = sharing.pairs(connection, ENROLMENTS.c.lead_id.in_(sa.select(TOUCHES.c.lead_id)))
    keys = sharing.keyed(known.merge(closed), country=country)[["channel", "key"]]
    by_address = sharing.keyed(new.dropna(subset=["channel", "address"]), country=country)
    by_address = by_address.merge(keys.drop_duplicates(), on=["channel", "key"])
    found = pd.concat([new.merge(closed, on=["lead_id", "channel"]), by_address])
    if len(found):
        first = found.iloc[0]
        raise errors.WorklistError(
            f"{found['lead_id'].nunique()} have opted out of a channel of their steps, or share an"
            f" address with one who has: {typed.named(found['lead_id'].unique())}."
            f" '{first['lead_id']}' wants nothing more by {first['channel']}.",
            mend="Take another channel, or leave them out; nothing was changed.",
        )


def _write(
    connection: sa.Connection,
    operation: int,
    courses: pd.DataFrame,
    steps: pd.DataFrame,
    moment: Any,
) -> None:
    names = ["enrolment_id", "lead_id", "plan", "owner_id", "enrolled_on", "cycle_days"]
    events.insert(connection, ENROLMENTS, courses[names].assign(operation_id=operation))
    events.insert(connection, STEPS, steps[["enrolment_id", "step", "original_date", *CONTENT]])
    first = steps[["enrolment_id", "step", "due_date", "move_reason"]].assign(
        seq=0, status="pending", at=moment, text=None, reason=None
    )
    events.append(connection, operation, first)
