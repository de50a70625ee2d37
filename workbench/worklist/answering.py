"""What happens when a lead answers: the plan stops, a channel closes, sales takes over."""

import datetime as dt
from typing import Any, Literal, get_args

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors, schema
from workbench.worklist import typed, writing
from workbench.worklist.marking import of_lead
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, OPERATIONS, TAKEOVERS, TOUCHES

Feedback = Literal["positive", "negative", "opted_out", "none"]
FEEDBACK: tuple[Feedback, ...] = get_args(Feedback)
HANDOVERS = (
    "lead_id",
    "owner_id",
    "plan",
    "waiting_since",
    "days_waiting",
    "channel",
    "text",
    "as_of",
)
_KEYS = ["enrolment_id", "step"]


def stop(
    store: Worklist,
    lead_id: str,
    *,
    feedback: Feedback,
    at: Any,
    by: str,
    channel: str | None = None,
    text: str | None = None,
    reason: str | None = None,
    plan: str | None = None,
    dry_run: bool = False,
) -> pd.DataFrame:
    """What did the lead say, and which steps does it end?

    A positive answer stops the rest and hands the lead over to sales; a negative one stops it;
    opting out stops it, and the worklist takes no more steps for the lead on that channel. All the
    lead's plans stop, or ``plan`` alone; a channel is closed for all of them, and the steps on it
    stop in every plan. An answer is never dated before what was sent that day.

    Parameters
    ----------
    store
        The worklist.
    lead_id
        The lead or customer.
    feedback
        ``positive``, ``negative``, ``opted_out``; or ``none``, to stop without an answer, with a
        reason.
    at, by
        When it was said, in local time, and who writes it down.
    channel
        By which way. Opting out needs it; else it is that of the last step done.
    text
        The words, if they are to be kept.
    reason
        Why, where there was no answer.
    plan
        Stop this plan only.
    dry_run
        Check and answer, but keep nothing.

    Returns
    -------
    pandas.DataFrame
        One row per step that is stopped now: ``enrolment_id``, ``step``, ``due_date``,
        ``operation_id``.

    Raises
    ------
    ParameterError
        Opting out names no channel, stopping without an answer no reason, or the channel cannot be
        told from a step done.
    UnknownNameError
        There is no such feedback or channel.
    WorklistError
        The worklist knows no such lead, or not in this plan. Who opts out need not be known.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": "L1", "owner_id": "S1", "plan": "spring",
    ...                         "step": [1, 2], "due_date": ["2026-11-02", "2026-11-09"],
    ...                         "channel": "wechat"})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 09:00", by="Lin")
    >>> ended = stop(store, "L1", feedback="positive", channel="wechat", text="Call me!",
    ...              at="2026-11-03 10:00", by="Lin")
    >>> ended["step"].tolist()
    [1, 2]
    >>> handovers(store, as_of="2026-11-05")[["lead_id", "days_waiting", "text"]].values.tolist()
    [['L1', 2, 'Call me!']]
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    why = _checked(feedback, channel, reason)
    lead = arguments.text("lead_id", lead_id)
    with store.writing(dry_run=dry_run) as connection:
        if feedback == "opted_out" and not _is_known(connection, lead):
            last = writing.last_of(connection, [])
        else:
            last = of_lead(connection, lead, plan)
        if feedback == "opted_out" and plan is not None and len(last):
            every = of_lead(connection, lead, None)
            there = every["enrolment_id"].isin(last["enrolment_id"])
            last = every[there | (every["channel"] == channel)]
        moment = _after_what_was_sent(moment, last)
        answer = pd.DataFrame(
            {
                "lead_id": [lead],
                "touched_at": pd.to_datetime([moment]).astype("datetime64[us]"),
                "channel": [channel or _last_channel(last, feedback)],
                "text": [arguments.optional_text("text", text)],
                "feedback": [feedback],
            }
        )
        operation = writing.begin(connection, "stop", moment, person)
        if feedback != "none":
            first = last.head(1)
            row = answer.assign(
                touch_id=f"answer {operation}",
                direction="in",
                owner_id=first["owner_id"].item() if len(first) else None,
                plan=plan,
                step=None,
                delivered=None,
                operation_id=operation,
            )
            writing.insert(connection, TOUCHES, typed.records(row))
        stopped = end(connection, operation, last, moment, why)
    number = pd.Series(None if dry_run else operation, index=stopped.index, dtype="Int64")
    result = stopped[[*_KEYS, "due_date"]].assign(operation_id=number)
    return result.sort_values(_KEYS, ignore_index=True)


def _after_what_was_sent(moment: dt.datetime, last: pd.DataFrame) -> dt.datetime:
    """Date an answer not before the message it answers, where both are known by the day."""
    sent = last.loc[last["status"] == "done", "at"]
    sent = sent[(sent > moment) & (sent.dt.date == moment.date())]
    return moment if sent.empty else sent.max().to_pydatetime()


def end(
    connection: sa.Connection, operation: int, last: pd.DataFrame, at: Any, reason: Any
) -> pd.DataFrame:
    """Stop the steps that are still open, and give them."""
    left = last[last["status"].isin(["pending", "paused"])]
    if len(left):
        events = writing.follow(left, status="stopped", at=at, reason=reason)
        writing.append(connection, operation, events)
    return left


def _checked(feedback: str, channel: str | None, reason: str | None) -> str:
    arguments.one_of("feedback", feedback, FEEDBACK)
    if channel is not None:
        arguments.one_of("channel", channel, schema.CHANNELS)
    if feedback == "opted_out" and channel is None:
        raise errors.ParameterError(
            "Which channel the lead has opted out of is not stated.",
            mend=f"State it: channel='wechat'. Known: {', '.join(schema.CHANNELS)}.",
        )
    return arguments.text("reason", reason) if feedback == "none" else feedback


def _is_known(connection: sa.Connection, lead: str) -> bool:
    asked = sa.select(ENROLMENTS.c.lead_id).where(ENROLMENTS.c.lead_id == lead).limit(1)
    return connection.execute(asked).first() is not None


def _last_channel(last: pd.DataFrame, feedback: str) -> str | None:
    """By which way was the last step done: the way an answer comes, if nothing else is said."""
    sent = last[(last["status"] == "done") & last["channel"].notna()]
    if len(sent):
        return str(sent.sort_values(["at", "step"])["channel"].iloc[-1])
    if feedback == "none":
        return None
    raise errors.ParameterError(
        "By which channel the answer came is not stated, and no step was done before it.",
        mend=f"State it: channel='wechat'. Known: {', '.join(schema.CHANNELS)}.",
    )


def handovers(
    store: Worklist, *, as_of: arguments.DayLike, owner_id: str | None = None
) -> pd.DataFrame:
    """Which leads have said yes and wait for sales to take over?

    Returns
    -------
    pandas.DataFrame
        One row per lead that waits, the longest first: ``lead_id``, ``owner_id``, ``plan`` (the
        last it was in; both missing where it was in none), ``waiting_since``, ``days_waiting``,
        ``channel`` and ``text`` of its first positive answer, ``as_of``.
    """
    end = arguments.end_of(as_of)
    with store.reading() as connection:
        waiting = _waiting(connection, end)
        leads = waiting["lead_id"].tolist()
        known: list[Any] = []
        for part in writing.parts(leads):
            asked = (
                sa.select(
                    ENROLMENTS.c.lead_id,
                    ENROLMENTS.c.owner_id,
                    ENROLMENTS.c.plan,
                    ENROLMENTS.c.enrolled_on,
                )
                .where(
                    ENROLMENTS.c.lead_id.in_(part),
                    ENROLMENTS.c.enrolled_on < end.date(),
                    ENROLMENTS.c.operation_id.not_in(writing.undone(end)),
                )
                .order_by(ENROLMENTS.c.enrolled_on, ENROLMENTS.c.plan)
            )
            known += connection.execute(asked).fetchall()
    of = typed.frame(known, ["lead_id", "owner_id", "plan", "enrolled_on"])
    # the plan it was in when it answered; one begun later has not moved it
    both = waiting.merge(of, on="lead_id", how="left")
    both["later"] = pd.to_datetime(both["enrolled_on"]) > both["touched_at"]
    both = both.sort_values(["later", "enrolled_on"], ascending=[False, True], kind="stable")
    table = both.drop_duplicates("touch_id", keep="last")
    if owner_id is not None:
        table = table[table["owner_id"] == owner_id]
    day = pd.Timestamp(arguments.day("as_of", as_of)).as_unit("us")
    since = table["touched_at"].dt.normalize()
    table = table.assign(
        waiting_since=since, days_waiting=(day - since).dt.days.astype("int64"), as_of=day
    )
    table = table.sort_values(["touched_at", "lead_id"], ignore_index=True)
    return table[list(HANDOVERS)]


def _waiting(
    connection: sa.Connection, end: dt.datetime | None, lead: str | None = None
) -> pd.DataFrame:
    """Give the first positive answer of each lead that nobody has taken over."""
    taken = sa.exists().where(
        TAKEOVERS.c.touch_id == TOUCHES.c.touch_id,
        TAKEOVERS.c.lead_id == TOUCHES.c.lead_id,
        TAKEOVERS.c.operation_id == OPERATIONS.c.operation_id,
        TAKEOVERS.c.operation_id.not_in(writing.undone(end)),
        *([] if end is None else [OPERATIONS.c.at < end]),
    )
    # what another tool tells of the time before a lead was enrolled is history
    enrolled = sa.exists().where(
        ENROLMENTS.c.lead_id == TOUCHES.c.lead_id,
        sa.func.date(ENROLMENTS.c.enrolled_on) <= sa.func.date(TOUCHES.c.touched_at),
    )
    written_down = TOUCHES.c.operation_id.in_(
        sa.select(OPERATIONS.c.operation_id).where(OPERATIONS.c.kind == "stop")
    )
    asked = (
        sa.select(
            *(TOUCHES.c[name] for name in ("lead_id", "touch_id", "touched_at", "channel", "text"))
        )
        .where(
            TOUCHES.c.feedback == "positive",
            sa.or_(written_down, enrolled),
            TOUCHES.c.operation_id.not_in(writing.undone(end)),
            ~taken,
            *([] if end is None else [TOUCHES.c.touched_at < end]),
            *([] if lead is None else [TOUCHES.c.lead_id == lead]),
        )
        .order_by(TOUCHES.c.touched_at, TOUCHES.c.touch_id)
    )
    names = ["lead_id", "touch_id", "touched_at", "channel", "text"]
    found = typed.frame(connection.execute(asked).fetchall(), names)
    # a lead waits once, however often it said yes
    return found if lead is not None else found.drop_duplicates("lead_id")


def take_over(
    store: Worklist, lead_id: str, *, at: Any, by: str, dry_run: bool = False
) -> int | None:
    """Who in sales takes the lead on from here?

    Returns
    -------
    int or None
        The operation, for ``undo``; None in a dry run.

    Raises
    ------
    WorklistError
        The lead does not wait: it never said yes, or somebody has taken it over.
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    lead = arguments.text("lead_id", lead_id)
    with store.writing(dry_run=dry_run) as connection:
        waiting = _waiting(connection, None, lead)
        if waiting.empty:
            raise errors.WorklistError(
                f"'{lead}' does not wait to be taken over.",
                mend="worklist.handovers(…) lists who does; nothing was changed.",
            )
        operation = writing.begin(connection, "take_over", moment, person)
        rows = [
            {"operation_id": operation, "lead_id": lead, "touch_id": touch}
            for touch in waiting["touch_id"]
        ]
        writing.insert(connection, TAKEOVERS, rows)
    return None if dry_run else operation


def opted_out(store: Worklist, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """Who wants nothing more by which channel?

    Returns
    -------
    pandas.DataFrame
        One row per lead and channel, sorted by them: ``lead_id``, ``channel``,
        ``opted_out_on``, the first time it was said.
    """
    end = arguments.end_of(as_of)
    asked = (
        sa.select(TOUCHES.c.lead_id, TOUCHES.c.channel, sa.func.min(TOUCHES.c.touched_at))
        .where(
            TOUCHES.c.feedback == "opted_out",
            TOUCHES.c.touched_at < end,
            TOUCHES.c.operation_id.not_in(writing.undone(end)),
        )
        .group_by(TOUCHES.c.lead_id, TOUCHES.c.channel)
    )
    with store.reading() as connection:
        rows = connection.execute(asked).fetchall()
    found = typed.frame(rows, ["lead_id", "channel", "touched_at"])
    found["opted_out_on"] = found.pop("touched_at").dt.normalize()
    return found.sort_values(["lead_id", "channel"], ignore_index=True)
