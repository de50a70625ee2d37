"""What has happened with one lead or customer, from the first day on?"""

import datetime as dt

import pandas as pd
import sqlalchemy as sa

from workbench import arguments
from workbench.worklist import typed, writing
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, EVENTS, OPERATIONS, STEPS, TAKEOVERS, TOUCHES


def timeline(store: Worklist, lead_id: str, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """What has happened with this lead, from the first day on, mistakes and all?

    Returns
    -------
    pandas.DataFrame
        One row per event, in the order it happened:

        - ``at``; ``what``: planned, done, skipped, stopped, paused, resumed, undone; sent,
          replied, positive, negative, opted_out; taken_over
        - ``plan``, ``step``, ``due_date``, ``channel``, ``text`` (as sent, or the lead's words),
          ``reason``
        - ``by_whom``; ``operation_id``, for ``undo``; ``is_undone``: it was taken back

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1"], "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02")
    >>> _ = worklist.skip(store, today, reason="on holiday", at="2026-11-02 10:00", by="Lin")
    >>> timeline(store, "C1", as_of="2026-11-02")[["what", "reason"]].fillna("").values.tolist()
    [['planned', ''], ['skipped', 'on holiday']]
    """
    end = arguments.end_of(as_of)
    lead = str(lead_id)
    with store.reading() as connection:
        found = [_step_events(connection, lead, end), _touches(connection, lead, end)]
        found.append(_takeovers(connection, lead, end))
        undone = set(connection.execute(writing.undone(end)).scalars())
    table = pd.concat(found, ignore_index=True)
    table["is_undone"] = table["operation_id"].isin(undone)
    # a step that was reopened: the mark before it is taken back, though its operation is not
    closed = table["what"].isin(["done", "skipped"])
    steps = table[closed | (table["what"] == "reopened")].sort_values(["at", "operation_id"])
    following = steps.groupby(["plan", "enrolment_id", "step"])["what"].shift(-1)
    table["is_undone"] |= (following == "reopened").reindex(table.index, fill_value=False) & closed
    table["what"] = table["what"].replace("reopened", "undone")
    table = table.drop(columns="enrolment_id")
    order = ["at", "operation_id", "plan", "step"]
    return table.sort_values(order, ignore_index=True, na_position="first")


def last_operation(store: Worklist, lead_id: str) -> int:
    """Which number has what was written for this lead last? For ``undo``."""
    # an event is never earlier than the one before it, so it may lie past any day
    return int(timeline(store, lead_id, as_of=_EVER)["operation_id"].max())


_EVER = dt.date(9999, 12, 30)
_TIMELINE = (
    "enrolment_id",
    "at",
    "what",
    "plan",
    "step",
    "due_date",
    "channel",
    "text",
    "reason",
    "by_whom",
    "operation_id",
)


def _step_events(connection: sa.Connection, lead: str, end: dt.datetime) -> pd.DataFrame:
    what = sa.case(
        (OPERATIONS.c.kind == "undo", "undone"),
        (OPERATIONS.c.kind == "enrol", "planned"),
        (OPERATIONS.c.kind == "resume", "resumed"),
        (OPERATIONS.c.kind == "reopen", "reopened"),
        else_=EVENTS.c.status,
    )
    asked = (
        sa.select(
            EVENTS.c.enrolment_id,
            EVENTS.c.at,
            what,
            ENROLMENTS.c.plan,
            EVENTS.c.step,
            EVENTS.c.due_date,
            STEPS.c.channel,
            EVENTS.c.text,
            EVENTS.c.reason,
            OPERATIONS.c.by_whom,
            EVENTS.c.operation_id,
        )
        .select_from(EVENTS)
        .join(ENROLMENTS, ENROLMENTS.c.enrolment_id == EVENTS.c.enrolment_id)
        .join(
            STEPS,
            sa.and_(STEPS.c.enrolment_id == EVENTS.c.enrolment_id, STEPS.c.step == EVENTS.c.step),
        )
        .join(OPERATIONS, OPERATIONS.c.operation_id == EVENTS.c.operation_id)
        .where(ENROLMENTS.c.lead_id == lead, EVENTS.c.at < end)
    )
    return typed.frame(connection.execute(asked).fetchall(), _TIMELINE)


def _touches(connection: sa.Connection, lead: str, end: dt.datetime) -> pd.DataFrame:
    what = sa.case(
        (TOUCHES.c.direction == "out", "sent"),
        (TOUCHES.c.feedback.in_(("positive", "negative", "opted_out")), TOUCHES.c.feedback),
        else_="replied",
    )
    asked = (
        sa.select(
            TOUCHES.c.enrolment_id,
            TOUCHES.c.touched_at,
            what,
            TOUCHES.c.plan,
            TOUCHES.c.step,
            sa.null(),
            TOUCHES.c.channel,
            TOUCHES.c.text,
            sa.null(),
            OPERATIONS.c.by_whom,
            TOUCHES.c.operation_id,
        )
        .join(OPERATIONS, OPERATIONS.c.operation_id == TOUCHES.c.operation_id)
        .where(
            TOUCHES.c.lead_id == lead,
            TOUCHES.c.touched_at < end,
            # what another tool sent and thereby did a step is told as the step
            TOUCHES.c.enrolment_id.is_(None),
        )
    )
    return typed.frame(connection.execute(asked).fetchall(), _TIMELINE)


def _takeovers(connection: sa.Connection, lead: str, end: dt.datetime) -> pd.DataFrame:
    none = [sa.null()] * 6
    asked = sa.select(
        sa.null(),
        OPERATIONS.c.at,
        sa.literal("taken_over"),
        *none,
        OPERATIONS.c.by_whom,
        OPERATIONS.c.operation_id,
    ).where(
        OPERATIONS.c.operation_id.in_(
            sa.select(TAKEOVERS.c.operation_id).where(TAKEOVERS.c.lead_id == lead)
        ),
        OPERATIONS.c.at < end,
    )
    return typed.frame(connection.execute(asked).fetchall(), _TIMELINE)
