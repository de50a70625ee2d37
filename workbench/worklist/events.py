"""What do all operations share? Each is one row that names who and when, and its events."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import errors
from workbench.worklist import typed
from workbench.worklist.tables import CONTENT, ENROLMENTS, EVENTS, OPERATIONS, STEPS, TOUCHES

#: A step, by its enrolment and its number.
KEYS = ["enrolment_id", "step"]
#: What is not closed yet; a paused step is shown as pending.
OPEN = ("pending", "paused")
_EVENT = [*KEYS, "seq", "status", "due_date", "move_reason", "at", "text", "reason"]
#: How far may a day lie from the days that the worklist holds? A leap year; and where the day it is
#: today is known, a month after that and after the last planned day.
FAR_DAYS, AHEAD_DAYS = 366, 31
# SQLite takes 32,766 values in a statement, older ones 999.
_PART = 900


def read(
    connection: sa.Connection, asked: Any, column: Any = None, among: Sequence[Any] = ()
) -> pd.DataFrame:
    """Read what is asked, of those rows whose ``column`` is ``among`` these, however many."""
    cuts = range(0, len(among), _PART)
    parts = [asked.where(column.in_(among[start : start + _PART])) for start in cuts]
    rows: list[Any] = []
    for part in [asked] if column is None else parts:
        rows += connection.execute(part).fetchall()
    return typed.frame(rows, asked.selected_columns.keys())


def with_steps(*columns: Any) -> Any:
    """Ask for events, with their step, its enrolment and the operation that wrote them."""
    same_step = sa.and_(*(STEPS.c[key] == EVENTS.c[key] for key in KEYS))
    return (
        sa.select(*columns)
        .select_from(EVENTS)
        .join(STEPS, same_step)
        .join(ENROLMENTS, ENROLMENTS.c.enrolment_id == EVENTS.c.enrolment_id)
        .join(OPERATIONS, OPERATIONS.c.operation_id == EVENTS.c.operation_id)
    )


_STATE = (
    *(ENROLMENTS.c[name] for name in ("enrolment_id", "lead_id", "owner_id", "plan")),
    *(ENROLMENTS.c[name] for name in ("enrolled_on", "cycle_days")),
    *(STEPS.c[name] for name in ("step", "original_date", *CONTENT)),
    *(EVENTS.c[name] for name in ("due_date", "move_reason", "status", "at", "reason", "seq")),
    EVENTS.c.text.label("text_sent"),
    EVENTS.c.operation_id,
    OPERATIONS.c.by_whom,
)


def is_last(end: dt.datetime | None = None) -> Any:
    """Is an event the last of its step before ``end``, or of all that was ever written?"""
    later = EVENTS.alias("later")
    after = sa.exists().where(
        *(later.c[key] == EVENTS.c[key] for key in KEYS),
        later.c.seq > EVENTS.c.seq,
        *([] if end is None else [later.c.at < end]),
    )
    return ~after if end is None else sa.and_(~after, EVENTS.c.at < end)


def current(
    connection: sa.Connection,
    end: dt.datetime | None,
    *where: Any,
    column: Any = None,
    among: Sequence[Any] = (),
) -> pd.DataFrame:
    """Read the last event before ``end`` of every step, with the step: its state is derived here."""
    asked = with_steps(*_STATE).where(is_last(end), EVENTS.c.status != "withdrawn", *where)
    return read(connection, asked, column, among)


def last_of(connection: sa.Connection, enrolments: Sequence[str]) -> pd.DataFrame:
    """Give the state of all steps of these enrolments, as of the last that was written."""
    return current(connection, None, column=EVENTS.c.enrolment_id, among=list(enrolments))


def last_of_leads(connection: sa.Connection, leads: Sequence[str]) -> pd.DataFrame:
    """Give the state of all steps of these leads, as of the last that was written."""
    return current(connection, None, column=ENROLMENTS.c.lead_id, among=list(leads))


def begin(
    connection: sa.Connection, kind: str, at: dt.datetime, by: str, *, undoes: int | None = None
) -> int:
    """Write down that something is done, and give its number; a day far from all others is refused."""
    refuse_far(connection, at)
    row = OPERATIONS.insert().values(kind=kind, at=at, by_whom=by, undoes=undoes)
    made = connection.execute(row.returning(OPERATIONS.c.operation_id))
    return int(made.scalar_one())


def refuse_far(connection: sa.Connection, *moments: dt.datetime) -> None:
    """Refuse a day far from all that the worklist plans, and from today where that is known.

    What is dated there would be in no list until then, and could not be done again. Without today,
    the last day on which something was written counts too.
    """
    counts = OPERATIONS.c.operation_id.not_in(undone()), OPERATIONS.c.kind != "undo"
    written = sa.select(sa.func.min(OPERATIONS.c.at), sa.func.max(OPERATIONS.c.at)).where(*counts)
    planned = sa.select(sa.func.max(EVENTS.c.due_date)).where(
        EVENTS.c.operation_id.not_in(undone())
    )
    begun, ended = connection.execute(written).one()
    today = connection.get_execution_options().get("today")
    ends = [connection.execute(planned).scalar_one(), ended if today is None else today]
    last = max((pd.Timestamp(day).date() for day in ends if day is not None), default=None)
    if last is None:
        return
    ahead, span = (FAR_DAYS, "a year") if today is None else (AHEAD_DAYS, "a month")
    first = pd.Timestamp(begun or last).date()
    for moment in moments:
        day, far = moment.date(), ""
        if day > last + dt.timedelta(days=ahead):
            far = f"{span} after"
        elif begun and day < first - dt.timedelta(days=FAR_DAYS):
            far = "a year before"
        if far:
            refused = errors.ParameterError(
                f"{day} is more than {far} all that the worklist holds and plans"
                f" ({first} to {last}).",
                mend="Write the day on which it happened, --as-of on the command line; "
                "nothing was changed.",
            )
            refused.option = "at"
            raise refused


def refuse_late_start(starts: Any, at: dt.datetime) -> None:
    """Refuse steps of which the first is due more than a year after they are planned."""
    late = starts[starts > pd.Timestamp(at).normalize() + pd.Timedelta(days=FAR_DAYS)]
    if len(late):
        raise errors.ParameterError(
            f"{late.iloc[0]:%Y-%m-%d} is more than a year after {at:%Y-%m-%d}, the day of planning.",
            mend="Start within a year, --start on the command line; nothing was changed.",
        )


def insert(connection: sa.Connection, table: sa.Table, rows: pd.DataFrame) -> None:
    """Write many rows at once."""
    if len(rows):
        connection.execute(table.insert(), typed.records(rows))


def append(connection: sa.Connection, operation: int, events: pd.DataFrame) -> None:
    """Write what became of steps."""
    table = events[_EVENT].assign(operation_id=operation)
    insert(connection, EVENTS, table.astype({"at": "datetime64[us]"}))


def follow(
    last: pd.DataFrame, *, status: Any, at: Any, text: Any = None, reason: Any = None
) -> pd.DataFrame:
    """Make the next event of steps from their last one: never earlier than that."""
    moments = pd.Series(at, index=last.index).astype("datetime64[us]")
    return last[[*KEYS, "due_date", "move_reason"]].assign(
        seq=last["seq"] + 1,
        status=status,
        at=moments.where(moments > last["at"], last["at"]),
        text=text,
        reason=reason,
    )


def told(steps: pd.DataFrame, column: str, operation: int | None, *, dry_run: bool) -> pd.DataFrame:
    """Say of which steps an operation wrote: by their keys, with one more column and its number."""
    number = pd.Series(None if dry_run else operation, index=steps.index, dtype="Int64")
    table = steps[[*KEYS, column]].assign(operation_id=number)
    return table.sort_values(KEYS, ignore_index=True)


def undone(end: dt.datetime | None = None) -> Any:
    """Which operations have been undone, up to ``end``? As a subquery."""
    asked = sa.select(OPERATIONS.c.undoes).where(OPERATIONS.c.undoes.is_not(None))
    return asked if end is None else asked.where(OPERATIONS.c.at < end)


def closed_channels(end: dt.datetime | None = None) -> Any:
    """Ask who wants nothing more by which channel, and since when it was first said."""
    return (
        sa.select(
            TOUCHES.c.lead_id,
            TOUCHES.c.channel,
            sa.func.min(TOUCHES.c.touched_at).label("touched_at"),
        )
        .where(
            TOUCHES.c.feedback == "opted_out",
            TOUCHES.c.operation_id.not_in(undone(end)),
            *([] if end is None else [TOUCHES.c.touched_at < end]),
        )
        .group_by(TOUCHES.c.lead_id, TOUCHES.c.channel)
    )


def refuse_unknown(asked: pd.DataFrame, known: pd.DataFrame) -> None:
    """Refuse steps that nobody planned."""
    lacking = asked.merge(known[KEYS], on=KEYS, how="left", indicator=True)
    lacking = lacking[lacking["_merge"] == "left_only"]
    if len(lacking):
        first = lacking.iloc[0]
        raise errors.WorklistError(
            f"The worklist knows no step {first['step']} of enrolment '{first['enrolment_id']}'"
            + (f", nor {len(lacking) - 1} more." if len(lacking) > 1 else "."),
            mend="Look at the lists again: workbench nurture due, missed; nothing was changed.",
        )


def refuse_twice(asked: pd.DataFrame) -> None:
    """Refuse a list that names a step twice."""
    twice = asked.duplicated(KEYS)
    if twice.any():
        first = asked[twice].iloc[0]
        raise errors.ContractError(
            f"Step {first['step']} of enrolment '{first['enrolment_id']}' is named twice.",
            mend="Name each step once; nothing was changed.",
        )
