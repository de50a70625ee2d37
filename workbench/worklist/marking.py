"""How is a step marked done or skipped, a plan paused and resumed?"""

import re
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors
from workbench.results import Result
from workbench.worklist import events, typed
from workbench.worklist.events import KEYS
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS

# what nobody can read: blanks of all kinds, and signs without a width
_BLANK = re.compile(r"[\s\u00ad\u115f\u2060-\u2064\u200b-\u200f\u2800\u3164\ufeff]+")
_MADE = "worklist.due(…) or worklist.steps(…)"
MARKED = Result(
    "worklist.mark_done(store, steps, …)", enrolment_id="id", step="count", is_written="truth",
    status="status", is_paused="truth", closed_at="moment", closed_by="text", text_sent="text",
    operation_id="count",
)  # fmt: skip


def mark_done(
    store: Worklist, steps: pd.DataFrame, *, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """Who did it, and with which words? Marks pending steps done, each once.

    Two people cannot both do one step: the second is told who did it. Marking again what one has
    done changes nothing.

    Parameters
    ----------
    store
        The worklist.
    steps
        One row per step: ``enrolment_id``, ``step``; also ``text``, the words as sent (missing: as
        planned), and ``done_at``, when (missing: ``at``).
    at, by
        When it is marked, in local time, and who did it.
    dry_run
        Check and answer, but keep nothing.

    Returns
    -------
    pandas.DataFrame
        One row per row of ``steps``, in their order: ``enrolment_id``, ``step``; ``is_written``:
        it was pending and is done now; ``status``, ``is_paused``, ``closed_at``, ``closed_by`` and
        ``text_sent`` as they are now; ``operation_id``, for ``undo``.

    Raises
    ------
    ContractError
        A column is missing or wrong, a step is named twice, or the words as sent are empty.
    WorklistError
        There is no such step. Nothing is changed.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1"], "owner_id": "S1", "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02", "text": "Hello!"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02", owner_id="S1")
    >>> mark_done(store, today, at="2026-11-02 09:30", by="Lin")["is_written"].item()
    True
    >>> again = mark_done(store, today, at="2026-11-02 09:31", by="Wu")
    >>> again[["is_written", "status", "closed_by"]].values.tolist()
    [[False, 'done', 'Lin']]
    """
    _refuse_empty(steps)
    asked = typed.table(steps, "steps", KEYS, ["text", "done_at"], made_by=_MADE)
    return _close(store, asked, "done", at, by, dry_run)


def _refuse_empty(steps: Any) -> None:
    """Refuse words as sent that say nothing; where none are given, those planned were sent."""
    for text in steps.get("text", ()):
        if isinstance(text, str) and not _BLANK.sub("", text):
            raise errors.ContractError(
                "The words as sent are empty.",
                mend="Write what was sent, leave it out where it was sent as planned, or skip the "
                "step; nothing was changed.",
            )


def skip(
    store: Worklist, steps: pd.DataFrame, *, reason: str, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """Which steps are left out, and why? The plan goes on with the next.

    Returns
    -------
    pandas.DataFrame
        As ``mark_done``.

    Raises
    ------
    ParameterError
        There is no reason.
    ContractError, WorklistError
        As ``mark_done``.
    """
    asked = typed.table(steps, "steps", KEYS, made_by=_MADE)
    asked = asked.assign(reason=arguments.text("reason", reason))
    return _close(store, asked, "skipped", at, by, dry_run)


def _close(
    store: Worklist, asked: pd.DataFrame, status: str, at: Any, by: str, dry_run: bool
) -> pd.DataFrame:
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    events.refuse_twice(asked)
    enrolments = asked["enrolment_id"].unique().tolist()
    with store.writing(dry_run=dry_run) as connection:
        last = events.last_of(connection, enrolments)
        events.refuse_unknown(asked, last)
        table = asked.merge(last, on=KEYS, how="left", suffixes=("_as_sent", ""))
        table["is_written"] = table["status"] == "pending"
        left = table[table["is_written"]]
        if len(left):
            given: dict[str, Any] = {"at": moment, "status": status}
            if status == "done":
                given["at"] = left["done_at"].fillna(pd.Timestamp(moment))
                events.refuse_far(connection, given["at"].min(), given["at"].max())
                given["text"] = left["text_as_sent"].fillna(left["text"])
            else:
                given["reason"] = left["reason_as_sent"]
            kind = "done" if status == "done" else "skip"
            operation = events.begin(connection, kind, moment, person)
            events.append(connection, operation, events.follow(left, **given))
        now = events.last_of(connection, enrolments)
    result = table[[*KEYS, "is_written"]].merge(now, on=KEYS, how="left")
    closed = ~result["status"].isin(events.OPEN)
    return result.assign(
        is_paused=result["status"] == "paused",
        status=result["status"].replace("paused", "pending"),
        closed_at=result["at"].where(closed),
        closed_by=result["by_whom"].where(closed),
        operation_id=result["operation_id"].mask(dry_run & result["is_written"]),
    )[[*MARKED.columns]]


def pause(
    store: Worklist,
    lead_id: str,
    *,
    plan: str | None = None,
    at: Any,
    by: str,
    dry_run: bool = False,
) -> pd.DataFrame:
    """Which steps wait until further notice? The pending ones of a lead, in one plan or in all.

    Returns
    -------
    pandas.DataFrame
        One row per step that is paused now: ``enrolment_id``, ``step``, ``due_date``,
        ``operation_id``. Empty where nothing was pending.

    Raises
    ------
    WorklistError
        The worklist knows no such lead, or not in this plan.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1"], "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> left = pause(store, "C1", at="2026-11-02 10:00", by="Lin")
    >>> len(worklist.due(store, as_of="2026-11-02"))
    0
    >>> again = left.assign(due_date="2026-11-09", move_reason="pause")
    >>> _ = resume(store, again, at="2026-11-09 09:00", by="Lin")
    >>> len(worklist.due(store, as_of="2026-11-09"))
    1
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    with store.writing(dry_run=dry_run) as connection:
        last = of_lead(connection, lead_id, plan)
        pending = last[last["status"] == "pending"]
        operation = None
        if len(pending):
            operation = events.begin(connection, "pause", moment, person)
            waits = events.follow(pending, status="paused", at=moment)
            events.append(connection, operation, waits)
    return events.told(pending, "due_date", operation, dry_run=dry_run)


def resume(
    store: Worklist, steps: pd.DataFrame, *, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """On which days are paused steps due now? The dates come from ``scheduling.resume``.

    Parameters
    ----------
    store
        The worklist.
    steps
        One row per paused step, all of an enrolment: ``enrolment_id``, ``step``, ``due_date``;
        also ``move_reason``.
    at, by, dry_run
        As ``mark_done``.

    Returns
    -------
    pandas.DataFrame
        The steps that are pending again: ``enrolment_id``, ``step``, ``due_date``,
        ``operation_id``.

    Raises
    ------
    ContractError
        A column is missing or wrong, or a step is due before the day of ``at``.
    WorklistError
        A step is not paused, or another paused step of its enrolment has no new date.
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    needed = [*KEYS, "due_date"]
    asked = typed.table(steps, "steps", needed, ["move_reason"], made_by="scheduling.resume(…)")
    events.refuse_twice(asked)
    past = asked["due_date"] < pd.Timestamp(moment).normalize()
    if past.any():
        first = asked[past].iloc[0]
        raise errors.ContractError(
            f"Step {first['step']} would be due on {first['due_date']:%Y-%m-%d}, before"
            f" {moment:%Y-%m-%d}{typed.more(past)}.",
            mend="Lay them out from the day of resuming; nothing was changed.",
        )
    events.refuse_late_start(asked.groupby("enrolment_id")["due_date"].min(), moment)
    with store.writing(dry_run=dry_run) as connection:
        last = events.last_of(connection, asked["enrolment_id"].unique().tolist())
        events.refuse_unknown(asked, last)
        paused = last[last["status"] == "paused"].drop(columns=["due_date", "move_reason"])
        both = paused.merge(asked, on=KEYS, how="outer", indicator=True)
        odd = both[both["_merge"] != "both"]
        if len(odd):
            first = odd.iloc[0]
            wrong = "has no new date" if first["_merge"] == "left_only" else "is not paused"
            raise errors.WorklistError(
                f"Step {first['step']} of enrolment '{first['enrolment_id']}' {wrong}.",
                mend="Resume all paused steps of an enrolment at once; nothing was changed.",
            )
        operation = None
        if len(both):
            operation = events.begin(connection, "resume", moment, person)
            again = events.follow(both, status="pending", at=moment)
            events.append(connection, operation, again)
    return events.told(both, "due_date", operation, dry_run=dry_run)


def of_lead(connection: sa.Connection, lead_id: str, plan: str | None) -> pd.DataFrame:
    """Give all steps of a lead as they stand; refuse one that nobody knows."""
    where = [ENROLMENTS.c.lead_id == str(lead_id)]
    where += [] if plan is None else [ENROLMENTS.c.plan == plan]
    ids = connection.execute(sa.select(ENROLMENTS.c.enrolment_id).where(*where)).scalars().all()
    if not ids:
        place = "" if plan is None else f" in the plan '{plan}'"
        raise errors.WorklistError(
            f"The worklist knows no '{lead_id}'{place}.", mend="Check the id; nothing was changed."
        )
    return events.last_of(connection, ids)
