"""What has happened with one lead or customer, from the first day on?"""

import datetime as dt

import pandas as pd
import sqlalchemy as sa

from workbench import arguments
from workbench.results import Result
from workbench.worklist import typed, writing
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, EVENTS, OPERATIONS, STEPS, TAKEOVERS, TOUCHES

TIMELINE = Result(
    "worklist.timeline(store, party_id, as_of=…)", at="moment", what="what", plan="text",
    step="count", due_date="date", channel="channel", text="text", reason="feedback",
    by_whom="text", operation_id="count", is_undone="truth",
)  # fmt: skip


def timeline(store: Worklist, party_id: str, *, as_of: arguments.DayLike) -> pd.DataFrame:
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
    >>> calls = pd.DataFrame({"party_id": ["C1"], "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02")
    >>> _ = worklist.skip(store, today, reason="on holiday", at="2026-11-02 10:00", by="Lin")
    >>> timeline(store, "C1", as_of="2026-11-02")[["what", "reason"]].fillna("").values.tolist()
    [['planned', ''], ['skipped', 'on holiday']]
    """
    end = arguments.end_of(as_of)
    party = str(party_id)
    with store.reading() as connection:
        found = [_step_events(connection, party, end), _touches(connection, party, end)]
        found.append(_takeovers(connection, party, end))
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


_TIMELINE = (
    "enrolment_id", "at", "what", "plan", "step", "due_date", "channel", "text", "reason",
    "by_whom", "operation_id",
)  # fmt: skip


def _step_events(connection: sa.Connection, party: str, end: dt.datetime) -> pd.DataFrame:
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
        .where(ENROLMENTS.c.party_id == party, EVENTS.c.at < end)
    )
    return typed.frame(connection.execute(asked).fetchall(), _TIMELINE)


def _touches(connection: sa.Connection, party: str, end: dt.datetime) -> pd.DataFrame:
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
            TOUCHES.c.party_id == party,
            TOUCHES.c.touched_at < end,
            # what another tool sent and thereby did a step is told as the step
            TOUCHES.c.enrolment_id.is_(None),
        )
    )
    return typed.frame(connection.execute(asked).fetchall(), _TIMELINE)


def _takeovers(connection: sa.Connection, party: str, end: dt.datetime) -> pd.DataFrame:
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
            sa.select(TAKEOVERS.c.operation_id).where(TAKEOVERS.c.party_id == party)
        ),
        OPERATIONS.c.at < end,
    )
    return typed.frame(connection.execute(asked).fetchall(), _TIMELINE)
