"""How is what was a mistake taken back? An operation, or single steps of it; both stay on record."""

from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors
from workbench.results import Result
from workbench.worklist import events, typed
from workbench.worklist.events import KEYS
from workbench.worklist.store import Worklist
from workbench.worklist.tables import EVENTS, OPERATIONS, TAKEOVERS, TOUCHES

UNDONE = Result(
    "worklist.undo(store, …)", enrolment_id="id", step="count", status="status",
    operation_id="count",
)  # fmt: skip


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
        written = events.read(connection, EVENTS.select().where(EVENTS.c.operation_id == number))
        last = events.last_of(connection, written["enrolment_id"].unique().tolist())
        changed = last.merge(written[[*KEYS, "seq"]], on=KEYS, suffixes=("", "_then"))
        since = changed[changed["seq"] != changed["seq_then"]]
        if len(since):
            first = since.iloc[0]
            raise errors.WorklistError(
                f"Step {first['step']} of enrolment '{first['enrolment_id']}' has changed since"
                f" (it is {first['status']}).",
                mend=f"Undo operation {first['operation_id']} first; nothing was changed.",
            )
        operation = events.begin(connection, "undo", moment, person, undoes=number)
        restored = _as_before(connection, written, changed, moment)
        _refuse_second(connection, restored, last)
        events.append(connection, operation, restored)
    return events.told(restored, "status", operation, dry_run=dry_run)


def _undoable(connection: sa.Connection, operation_id: int) -> int:
    """Refuse what cannot be undone."""
    asked = pd.DataFrame({"operation_id": [operation_id]})
    read = typed.table(asked, "undo", ["operation_id"], made_by="a write")
    number = int(read["operation_id"].item())

    def first(*where: Any) -> Any:
        return connection.execute(OPERATIONS.select().where(*where)).first()

    operation = first(OPERATIONS.c.operation_id == number)
    before = first(OPERATIONS.c.undoes == number)
    taken = connection.execute(
        sa.select(TAKEOVERS.c.lead_id, TAKEOVERS.c.operation_id)
        .join(TOUCHES, TOUCHES.c.touch_id == TAKEOVERS.c.touch_id)
        .where(TOUCHES.c.operation_id == number, TAKEOVERS.c.operation_id.not_in(events.undone()))
    ).first()
    if operation is None:
        what, mend = (
            f"There is no operation {number}.",
            "Take its number from the lead's timeline: workbench nurture timeline LEAD",
        )
    elif operation.kind == "undo":
        what, mend = f"Operation {number} is an undo itself.", "Do again what it took back"
    elif before is not None:
        what = f"Operation {number} was undone already, by {before.by_whom} at {before.at:%Y-%m-%d %H:%M}."
        mend = "See the lead's timeline: workbench nurture timeline LEAD"
    elif taken is not None:
        what = f"'{taken[0]}' has been taken over by sales since."
        mend = f"Undo operation {taken[1]} first"
    else:
        return number
    raise errors.WorklistError(what, mend=f"{mend}; nothing was changed.")


def _as_before(
    connection: sa.Connection, written: pd.DataFrame, last: pd.DataFrame, at: Any
) -> pd.DataFrame:
    """Make events that leave steps as they were before these; the first of all withdraws them."""
    enrolments = written["enrolment_id"].unique().tolist()
    history = events.read(connection, EVENTS.select(), EVENTS.c.enrolment_id, enrolments)
    before = written[[*KEYS, "seq"]].assign(seq=written["seq"] - 1)
    before = before.merge(history, on=[*KEYS, "seq"], how="left").set_index(KEYS)
    restored = events.follow(last, status="withdrawn", at=at).reset_index(drop=True)
    there = before.reindex(pd.MultiIndex.from_frame(restored[KEYS])).reset_index(drop=True)
    known = there["status"].notna()
    for name in ("status", "due_date", "move_reason"):
        restored[name] = there[name].where(known, restored[name])
    return restored


def _refuse_second(connection: sa.Connection, restored: pd.DataFrame, last: pd.DataFrame) -> None:
    """Refuse to open a plan again that the lead is in a second time by now."""
    opened = restored.loc[restored["status"].isin(events.OPEN), "enrolment_id"]
    again = last.loc[last["enrolment_id"].isin(opened), ["lead_id", "plan"]]
    rest = events.last_of_leads(connection, again["lead_id"].unique().tolist())
    rest = rest[rest["status"].isin(events.OPEN) & ~rest["enrolment_id"].isin(opened)]
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
    asked = typed.table(steps, "steps", KEYS, made_by="worklist.done(…)")
    events.refuse_twice(asked)
    with store.writing(dry_run=dry_run) as connection:
        last = events.last_of(connection, asked["enrolment_id"].unique().tolist())
        events.refuse_unknown(asked, last)
        mine = asked.merge(last, on=KEYS, how="left")
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
        operation = events.begin(connection, "reopen", moment, person)
        restored = _as_before(connection, mine[[*KEYS, "seq"]], mine, moment)
        _refuse_second(connection, restored, last)
        events.append(connection, operation, restored)
    return events.told(restored, "status", operation, dry_run=dry_run)


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
