"""What do all operations share? Each is one row that names who and when, and its events."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import errors
from workbench.worklist import lists, typed
from workbench.worklist.tables import EVENTS, OPERATIONS, TOUCHES

_EVENT = (
    "enrolment_id",
    "step",
    "seq",
    "status",
    "due_date",
    "move_reason",
    "at",
    "text",
    "reason",
)
# SQLite takes 32,766 values in a statement, older ones 999.
_PART = 900


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut a long list into what one statement takes."""
    for start in range(0, len(values), _PART):
        yield values[start : start + _PART]


def begin(
    connection: sa.Connection, kind: str, at: dt.datetime, by: str, *, undoes: int | None = None
) -> int:
    """Write down that something is done, and give its number."""
    row = OPERATIONS.insert().values(kind=kind, at=at, by_whom=by, undoes=undoes)
    made = connection.execute(row.returning(OPERATIONS.c.operation_id))
    return int(made.scalar_one())


def insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Write many rows at once."""
    if rows:
        connection.execute(table.insert(), rows)


def append(connection: sa.Connection, operation: int, events: pd.DataFrame) -> None:
    """Write what became of steps."""
    table = events[list(_EVENT)].assign(operation_id=operation)
    table["at"] = table["at"].astype("datetime64[us]")
    insert(connection, EVENTS, typed.records(table))


def follow(
    last: pd.DataFrame, *, status: Any, at: Any, text: Any = None, reason: Any = None
) -> pd.DataFrame:
    """Make the next event of steps from their last one: never earlier than that."""
    moments = pd.Series(at, index=last.index).astype("datetime64[us]")
    return last[["enrolment_id", "step", "due_date", "move_reason"]].assign(
        seq=last["seq"] + 1,
        status=status,
        at=moments.where(moments > last["at"], last["at"]),
        text=text,
        reason=reason,
    )


def last_of(connection: sa.Connection, enrolments: Sequence[str]) -> pd.DataFrame:
    """Give the state of all steps of these enrolments, as of the last that was written."""
    found = [
        lists.current(connection, None, [EVENTS.c.enrolment_id.in_(part)])
        for part in parts(list(enrolments))
    ]
    return (
        pd.concat(found, ignore_index=True)
        if found
        else lists.current(connection, None, [sa.false()])
    )


def undone(end: dt.datetime | None = None) -> Any:
    """Which operations have been undone, up to ``end``? As a subquery."""
    asked = sa.select(OPERATIONS.c.undoes).where(OPERATIONS.c.undoes.is_not(None))
    return asked if end is None else asked.where(OPERATIONS.c.at < end)


def opted_out(connection: sa.Connection, leads: Sequence[str]) -> pd.DataFrame:
    """Which channels do these leads want nothing more by: ``lead_id``, ``channel``."""
    rows: list[Any] = []
    for part in parts(leads):
        asked = sa.select(TOUCHES.c.lead_id, TOUCHES.c.channel).where(
            TOUCHES.c.lead_id.in_(part),
            TOUCHES.c.feedback == "opted_out",
            TOUCHES.c.operation_id.not_in(undone()),
        )
        rows += connection.execute(asked.distinct()).fetchall()
    return typed.frame(rows, ["lead_id", "channel"])


def refuse_unknown(asked: pd.DataFrame, known: pd.DataFrame) -> None:
    """Refuse steps that nobody planned."""
    keys = ["enrolment_id", "step"]
    lacking = asked.merge(known[keys], on=keys, how="left", indicator=True)
    lacking = lacking[lacking["_merge"] == "left_only"]
    if len(lacking):
        first = lacking.iloc[0]
        raise errors.WorklistError(
            f"The worklist knows no step {first['step']} of enrolment '{first['enrolment_id']}'"
            + (f", nor {len(lacking) - 1} more." if len(lacking) > 1 else "."),
            mend="Take steps from worklist.due(…) or worklist.steps(…); nothing was changed.",
        )
