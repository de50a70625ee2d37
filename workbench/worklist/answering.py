"""What happens when a lead answers: the plan stops, a channel closes, sales takes over."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Literal, get_args

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors, schema
from workbench.results import Result
from workbench.worklist import events, sharing
from workbench.worklist.marking import of_lead
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, OPERATIONS, STEPS, TAKEOVERS, TOUCHES

Feedback = Literal["positive", "negative", "opted_out", "none"]
FEEDBACK: tuple[Feedback, ...] = get_args(Feedback)
STOPPED = Result(
    "worklist.stop(store, lead_id, …)", enrolment_id="id", step="count", due_date="date",
    operation_id="count",
)  # fmt: skip
WAITING = Result(
    "worklist.handovers(store, as_of=…)", lead_id="id", owner_id="id", plan="plan",
    waiting_since="date", waiting_days="count", channel="channel", text="text", as_of="date",
)  # fmt: skip
HANDOVERS = WAITING.columns
OPTED_OUT = Result(
    "worklist.opted_out(store, as_of=…)", lead_id="id", channel="channel", opted_out_on="date"
)


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
    shared_by: Collection[str] = (),
    dry_run: bool = False,
) -> pd.DataFrame:
    """What did the lead say, and which steps does it end?

    A positive answer stops the rest and hands the lead over to sales; a negative one stops it;
    opting out stops it, and the worklist takes no more steps for the lead on that channel. All the
    lead's plans stop, or ``plan`` alone; a channel is closed for all of them, and the steps on it
    stop in every plan, and for every other lead that has the same address on it. An answer is never dated before what was sent that day.

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
    shared_by
        Of who opts out: further leads that have the address, besides those the worklist knows of.
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
    >>> handovers(store, as_of="2026-11-05")[["lead_id", "waiting_days", "text"]].values.tolist()
    [['L1', 2, 'Call me!']]
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    why = _checked(feedback, channel, reason)
    lead = arguments.text("lead_id", lead_id)
    with store.writing(dry_run=dry_run) as connection:
        others: list[str] = []
        if feedback == "opted_out":
            # who opts out need not be known; a channel is closed in every plan
            leads = pd.DataFrame({"lead_id": [lead, *shared_by], "channel": channel})
            known = sharing.keyed(
                sharing.pairs(connection, STEPS.c.channel == channel), country=store.country
            )
            others = sorted({*shared_by, *sharing.others(known, leads)["other"]} - {lead})
            steps = events.last_of_leads(connection, [lead, *others])
            mine = steps[steps["lead_id"] == lead]
            last = of_lead(connection, lead, plan) if plan is not None and len(mine) else mine
            inside = steps["enrolment_id"].isin(last["enrolment_id"])
            last = steps[inside | (steps["channel"] == channel)]
        else:
            last = of_lead(connection, lead, plan)
        mine = last[last["lead_id"] == lead]
        moment = _after_what_was_sent(moment, mine)
        operation = events.begin(connection, "stop", moment, person)
        if feedback != "none":
            answer: dict[str, Any] = dict.fromkeys(TOUCHES.c.keys())
            answer |= {
                "operation_id": operation,
                "touch_id": f"answer {operation}",
                "lead_id": lead,
                "touched_at": moment,
                "channel": channel or _last_channel(mine),
                "direction": "in",
                "owner_id": mine["owner_id"].iloc[0] if len(mine) else None,
                "plan": plan,
                "text": arguments.optional_text("text", text),
                "feedback": feedback,
            }
            same_for = [
                answer | {"lead_id": other, "touch_id": f"answer {operation} {other}", "plan": None}
                for other in others
            ]
            rows = pd.DataFrame([answer, *same_for]).astype({"touched_at": "datetime64[us]"})
            events.insert(connection, TOUCHES, rows)
        left = last[last["status"].isin(events.OPEN)]
        ends = events.follow(left, status="stopped", at=moment, reason=why)
        events.append(connection, operation, ends)
    return events.told(left, "due_date", operation, dry_run=dry_run)


def _after_what_was_sent(moment: dt.datetime, last: pd.DataFrame) -> dt.datetime:
    """Date an answer not before the message it answers, where both are known by the day."""
    sent = last.loc[last["status"] == "done", "at"]
    sent = sent[(sent > moment) & (sent.dt.date == moment.date())]
    return moment if sent.empty else sent.max().to_pydatetime()


def _checked(feedback: str, channel: str | None, reason: str | None) -> str:
    arguments.one_of("feedback", feedback, FEEDBACK)
    if channel is not None:
        arguments.one_of("channel", channel, schema.CHANNELS)
    if feedback == "opted_out" and channel is None:
        raise errors.ParameterError(
            "Which channel the lead has opted out of is not stated.",
            mend=f"Name the channel: {', '.join(schema.CHANNELS)}.",
        )
    return arguments.text("reason", reason) if feedback == "none" else feedback


def _last_channel(last: pd.DataFrame) -> str:
    """By which way was the last step done: the way an answer comes, if nothing else is said."""
    sent = last[(last["status"] == "done") & last["channel"].notna()]
    if sent.empty:
        raise errors.ParameterError(
            "By which channel the answer came is not stated, and no step was done before it.",
            mend=f"Name the channel: {', '.join(schema.CHANNELS)}.",
        )
    return str(sent.sort_values(["at", "step"])["channel"].iloc[-1])


def handovers(
    store: Worklist, *, as_of: arguments.DayLike, owner_id: str | None = None
) -> pd.DataFrame:
    """Which leads have said yes and wait for sales to take over?

    Returns
    -------
    pandas.DataFrame
        One row per lead that waits, the longest first: ``lead_id``, ``owner_id``, ``plan`` (the
        last it was in; both missing where it was in none), ``waiting_since``, ``waiting_days``,
        ``channel`` and ``text`` of its first positive answer, ``as_of``.
    """
    end = arguments.end_of(as_of)
    columns = [ENROLMENTS.c[name] for name in ("lead_id", "owner_id", "plan", "enrolled_on")]
    enrolled = (
        sa.select(*columns)
        .where(
            ENROLMENTS.c.enrolled_on < end.date(),
            ENROLMENTS.c.operation_id.not_in(events.undone(end)),
        )
        .order_by(ENROLMENTS.c.enrolled_on, ENROLMENTS.c.plan)
    )
    with store.reading() as connection:
        waiting = _waiting(connection, end)
        leads = waiting["lead_id"].tolist()
        plans = events.read(connection, enrolled, ENROLMENTS.c.lead_id, leads)
    both = waiting.merge(plans, on="lead_id", how="left")
    # the plan it was in when it answered; one begun later has not moved it
    both["later"] = both["enrolled_on"] > both["touched_at"]
    both = both.sort_values(["later", "enrolled_on"], ascending=[False, True], kind="stable")
    table = both.drop_duplicates("touch_id", keep="last")
    if owner_id is not None:
        table = table[table["owner_id"] == owner_id]
    day = pd.Timestamp(arguments.day("as_of", as_of)).as_unit("us")
    since = table["touched_at"].dt.normalize()
    table = table.assign(
        waiting_since=since, waiting_days=(day - since).dt.days.astype("int64"), as_of=day
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
        TAKEOVERS.c.operation_id.not_in(events.undone(end)),
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
            TOUCHES.c.operation_id.not_in(events.undone(end)),
            ~taken,
            *([] if end is None else [TOUCHES.c.touched_at < end]),
            *([] if lead is None else [TOUCHES.c.lead_id == lead]),
        )
        .order_by(TOUCHES.c.touched_at, TOUCHES.c.touch_id)
    )
    found = events.read(connection, asked)
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
                mend="See who does: workbench nurture handovers; nothing was changed.",
            )
        operation = events.begin(connection, "take_over", moment, person)
        rows = waiting[["lead_id", "touch_id"]].assign(operation_id=operation)
        events.insert(connection, TAKEOVERS, rows)
    return None if dry_run else operation


def opted_out(store: Worklist, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """Who wants nothing more by which channel?

    Returns
    -------
    pandas.DataFrame
        One row per lead and channel, sorted by them: ``lead_id``, ``channel``,
        ``opted_out_on``, the first time it was said.
    """
    with store.reading() as connection:
        closed = events.read(connection, events.closed_channels(arguments.end_of(as_of)))
    closed["opted_out_on"] = closed.pop("touched_at").dt.normalize()
    return closed.sort_values(["lead_id", "channel"], ignore_index=True)
