"""How is what was a mistake taken back? An operation, or single steps of it; both stay on record."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors
from workbench.worklist import marking, typed, writing
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, EVENTS, OPERATIONS, TAKEOVERS, TOUCHES

_KEYS = ["enrolment_id", "step"]
_OPEN = ["pending", "paused"]


def undo(
    store: Worklist, operation_id: int, *, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """What was a mistake? Takes back one operation, all of it; both stay in the timeline.

    Returns
    -------
    pandas.DataFrame
        One row per step that stands as before: ``enrolment_id``, ``step``, ``status``,
        ``operation_id`` (of the undoing). Steps whose enrolment was undone have status
        ``withdrawn`` and are in no list.

    Raises
    ------
    WorklistError
        There is no such operation, it is an undo itself or undone already, something has been done
        to a step since, a lead it handed over has been taken over, or a lead would be in one plan
        twice. Nothing is changed.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1"], "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02")
    >>> made = worklist.mark_done(store, today, at="2026-11-02 09:30", by="Lin")
    >>> undo(store, made["operation_id"].item(), at="2026-11-02 09:31", by="Lin")["status"].item()
    'pending'
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    with store.writing(dry_run=dry_run) as connection:
        number = _undoable(connection, operation_id)
        mine = EVENTS.select().where(EVENTS.c.operation_id == number)
        written = _events(connection, mine)
        last = writing.last_of(connection, written["enrolment_id"].unique().tolist())
        changed = last.merge(written[[*_KEYS, "seq"]], on=_KEYS, suffixes=("", "_then"))
        since = changed[changed["seq"] != changed["seq_then"]]
        if len(since):
            first = since.iloc[0]
            raise errors.WorklistError(
                f"Step {first['step']} of enrolment '{first['enrolment_id']}' has changed since"
                f" (it is {first['status']}).",
                mend=f"Undo operation {first['operation_id']} first; nothing was changed.",
            )
        operation = writing.begin(connection, "undo", moment, person, undoes=number)
        events = _as_before(connection, written, changed, moment)
        _refuse_second(connection, events, last)
        writing.append(connection, operation, events)
    made = pd.Series(None if dry_run else operation, index=events.index, dtype="Int64")
    result = events[[*_KEYS, "status"]].assign(operation_id=made)
    return result.sort_values(_KEYS, ignore_index=True)


def _undoable(connection: sa.Connection, operation_id: int) -> int:
    """Refuse what cannot be undone."""
    number = typed.table(
        pd.DataFrame({"operation_id": [operation_id]}), "undo", ["operation_id"], made_by="a write"
    )["operation_id"].item()
    found = connection.execute(
        OPERATIONS.select().where(OPERATIONS.c.operation_id == int(number))
    ).one_or_none()
    what, mend = "", "Nothing was changed."
    if found is None:
        what = f"There is no operation {number}."
        mend = "Take it from worklist.timeline(…); nothing was changed."
    elif found.kind == "undo":
        what = f"Operation {number} is an undo itself."
        mend = "Do again what it took back; nothing was changed."
    else:
        before = connection.execute(
            OPERATIONS.select().where(OPERATIONS.c.undoes == int(number))
        ).one_or_none()
        if before is not None:
            what = f"Operation {number} was undone already, by {before.by_whom} at {before.at}."
        else:
            taken = connection.execute(
                sa.select(TAKEOVERS.c.lead_id, TAKEOVERS.c.operation_id)
                .join(TOUCHES, TOUCHES.c.touch_id == TAKEOVERS.c.touch_id)
                .where(
                    TOUCHES.c.operation_id == int(number),
                    TAKEOVERS.c.operation_id.not_in(writing.undone()),
                )
            ).first()
            if taken is not None:
                what = f"'{taken[0]}' has been taken over by sales since."
                mend = f"Undo operation {taken[1]} first; nothing was changed."
    if what:
        raise errors.WorklistError(what, mend=mend)
    return int(number)


def _events(connection: sa.Connection, asked: Any) -> pd.DataFrame:
    rows = connection.execute(asked).fetchall()
    return typed.frame(rows, [column.name for column in EVENTS.c])


def _as_before(
    connection: sa.Connection, written: pd.DataFrame, last: pd.DataFrame, at: Any
) -> pd.DataFrame:
    """Make events that leave steps as they were before these; the first of all withdraws them."""
    found = [
        _events(connection, EVENTS.select().where(EVENTS.c.enrolment_id.in_(part)))
        for part in writing.parts(written["enrolment_id"].unique().tolist())
    ]
    every: Sequence[pd.DataFrame] = found or [written]
    history = pd.concat(every, ignore_index=True)
    before = written[[*_KEYS, "seq"]].assign(seq=written["seq"] - 1)
    before = before.merge(history, on=[*_KEYS, "seq"], how="left").set_index(_KEYS)
    events = writing.follow(last, status="withdrawn", at=at)
    there = before.reindex(pd.MultiIndex.from_frame(events[_KEYS])).reset_index(drop=True)
    events = events.reset_index(drop=True)
    known = there["status"].notna()
    for name in ("status", "due_date", "move_reason"):
        events[name] = there[name].where(known, events[name])
    return events


def _refuse_second(connection: sa.Connection, events: pd.DataFrame, last: pd.DataFrame) -> None:
    """Refuse to open a plan again that the lead is in a second time by now."""
    opened = events.loc[events["status"].isin(_OPEN), "enrolment_id"].unique().tolist()
    again = last.loc[last["enrolment_id"].isin(opened), ["enrolment_id", "lead_id", "plan"]]
    leads = again["lead_id"].unique().tolist()
    others: list[str] = []
    for part in writing.parts(leads):
        asked = sa.select(ENROLMENTS.c.enrolment_id).where(ENROLMENTS.c.lead_id.in_(part))
        others += connection.execute(asked).scalars().all()
    rest = writing.last_of(connection, [one for one in others if one not in set(opened)])
    rest = rest[rest["status"].isin(_OPEN)]
    twice = again.merge(rest[["lead_id", "plan"]], on=["lead_id", "plan"])
    if len(twice):
        first = twice.iloc[0]
        raise errors.WorklistError(
            f"'{first['lead_id']}' is in the plan '{first['plan']}' again since.",
            mend="Undo the later enrolment, or stop it, first; nothing was changed.",
        )


def reopen(
    store: Worklist, steps: pd.DataFrame, *, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """Which steps were marked done or skipped by mistake? They stand as before, they alone.

    ``undo`` takes back a whole operation, which may have marked many.

    Parameters
    ----------
    store
        The worklist.
    steps
        One row per step: ``enrolment_id``, ``step``.
    at, by, dry_run
        As ``mark_done``.

    Returns
    -------
    pandas.DataFrame
        One row per step: ``enrolment_id``, ``step``, ``status``, ``operation_id``.

    Raises
    ------
    ContractError
        A column is missing or wrong, or a step is named twice.
    WorklistError
        There is no such step, it is neither done nor skipped, or its plan has been stopped or begun
        again since. Nothing is changed.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1", "C2"], "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02")
    >>> _ = worklist.mark_done(store, today, at="2026-11-02 09:30", by="Lin")
    >>> reopen(store, today.head(1), at="2026-11-02 09:31", by="Lin")["status"].tolist()
    ['pending']
    >>> len(worklist.done(store, as_of="2026-11-02"))
    1
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    asked = typed.table(steps, "steps", _KEYS, made_by="worklist.done(…)")
    marking.refuse_twice(asked)
    with store.writing(dry_run=dry_run) as connection:
        last = writing.last_of(connection, asked["enrolment_id"].unique().tolist())
        writing.refuse_unknown(asked, last)
        mine = asked.merge(last, on=_KEYS, how="left")
        odd = mine[~mine["status"].isin(["done", "skipped"])]
        closed = set(last.loc[last["status"] == "stopped", "enrolment_id"])
        ended = mine[mine["enrolment_id"].isin(closed)]
        if len(odd) or len(ended):
            first = (odd if len(odd) else ended).iloc[0]
            what = first["status"] if len(odd) else "of a plan that has been stopped"
            raise errors.WorklistError(
                f"Step {first['step']} of '{first['lead_id']}' is {what}.",
                mend="Undo what stopped it first; nothing was changed."
                if not len(odd)
                else "Only a step that is done or skipped can be reopened; nothing was changed.",
            )
        operation = writing.begin(connection, "reopen", moment, person)
        events = _as_before(connection, mine[[*_KEYS, "seq"]], mine, moment)
        _refuse_second(connection, events, last)
        writing.append(connection, operation, events)
    number = pd.Series(None if dry_run else operation, index=events.index, dtype="Int64")
    result = events[[*_KEYS, "status"]].assign(operation_id=number)
    return result.sort_values(_KEYS, ignore_index=True)


def is_undone(store: Worklist, operation_id: int) -> bool:
    """Has this operation been taken back already?

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> is_undone(worklist.connect(tempfile.mkdtemp() + "/worklist.db"), 1)
    False
    """
    with store.reading() as connection:
        asked = sa.select(OPERATIONS.c.undoes).where(OPERATIONS.c.undoes == int(operation_id))
        return connection.execute(asked).first() is not None
