"""What has happened: with one lead from the first day on; and all touches, as their table has them."""

import datetime as dt
import hashlib
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import arguments
from workbench.results import Result
from workbench.worklist import events, lists
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, EVENTS, METADATA, OPERATIONS, STEPS, TAKEOVERS
from workbench.worklist.tables import TOUCHES as _TOUCHES

TIMELINE = Result(
    "worklist.timeline(store, lead_id, as_of=…)", at="moment", what="what", plan="plan",
    step="count", due_date="date", channel="channel", text="text", reason="feedback",
    by_whom="text", operation_id="count", is_undone="truth",
)  # fmt: skip
TOUCHED = Result(
    "worklist.touches(store, as_of=…)", touch_id="id", lead_id="id", touched_at="date",
    channel="channel", direction="direction", owner_id="id", plan="plan", step="count",
    template_id="id", template_version="count", variant="text", edited="choice", text="text",
    delivered="text", feedback="feedback",
)  # fmt: skip
#: The columns of ``touches``, as the contract has them.
TOUCHES = TOUCHED.columns
_DID = ["enrolment_id", "did_step"]
_OF_STEP = ["lead_id", "channel", "owner_id", "plan", "step", "template_id", "template_version",
            "variant", "edited"]  # fmt: skip
_TIMELINE = ("enrolment_id", *TIMELINE.columns[:-1])
_EVER = dt.date(9999, 12, 30)


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
    end, lead = arguments.end_of(as_of), str(lead_id)
    asked = (_step_events(lead, end), _heard(lead, end), _takeovers(lead, end))
    with store.reading() as connection:
        table = pd.concat([events.read(connection, part) for part in asked], ignore_index=True)
        undone = set(connection.execute(events.undone(end)).scalars())
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


def _columns(**known: Any) -> Any:
    """Ask for the columns of a timeline; those that are not known are missing."""
    given = {"by_whom": OPERATIONS.c.by_whom, "operation_id": OPERATIONS.c.operation_id, **known}
    return [given.get(name, sa.null()).label(name) for name in _TIMELINE]


def _step_events(lead: str, end: dt.datetime) -> Any:
    kinds = {"undo": "undone", "enrol": "planned", "resume": "resumed", "reopen": "reopened"}
    what = sa.case(kinds, value=OPERATIONS.c.kind, else_=EVENTS.c.status)
    same = {name: EVENTS.c[name] for name in _TIMELINE if name in EVENTS.c}
    columns = _columns(**same, what=what, plan=ENROLMENTS.c.plan, channel=STEPS.c.channel)
    return events.with_steps(*columns).where(ENROLMENTS.c.lead_id == lead, EVENTS.c.at < end)


def _heard(lead: str, end: dt.datetime) -> Any:
    what = sa.case(
        (_TOUCHES.c.direction == "out", "sent"),
        (_TOUCHES.c.feedback.in_(("positive", "negative", "opted_out")), _TOUCHES.c.feedback),
        else_="replied",
    )
    same = {name: _TOUCHES.c[name] for name in _TIMELINE if name in _TOUCHES.c}
    return (
        sa.select(*_columns(**same, what=what, at=_TOUCHES.c.touched_at))
        .join(OPERATIONS, OPERATIONS.c.operation_id == _TOUCHES.c.operation_id)
        .where(
            _TOUCHES.c.lead_id == lead,
            _TOUCHES.c.touched_at < end,
            # what another tool sent and thereby did a step is told as the step
            _TOUCHES.c.enrolment_id.is_(None),
        )
    )


def _takeovers(lead: str, end: dt.datetime) -> Any:
    mine = sa.select(TAKEOVERS.c.operation_id).where(TAKEOVERS.c.lead_id == lead)
    columns = _columns(at=OPERATIONS.c.at, what=sa.literal("taken_over"))
    return sa.select(*columns).where(OPERATIONS.c.operation_id.in_(mine), OPERATIONS.c.at < end)


def touches(store: Worklist, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """What was written to leads, and what did they answer, as the table of touches has it?

    Parameters
    ----------
    store
        The worklist.
    as_of
        The last day that is seen.

    Returns
    -------
    pandas.DataFrame
        One row per step done, per answer written down and per touch imported, in the order of
        time; a step that was done by an imported touch is there once. Columns as the contract
        ``touches``; a step done here has the ``touch_id`` ``step``, its enrolment and its number.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": "L1", "plan": "spring", "step": [1, 2],
    ...                         "due_date": ["2026-11-02", "2026-11-09"], "channel": "wechat"})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 08:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02")
    >>> _ = worklist.mark_done(store, today, at="2026-11-02 09:00", by="Lin")
    >>> _ = worklist.stop(store, "L1", feedback="positive", at="2026-11-03 10:00", by="Lin")
    >>> touches(store, as_of="2026-11-03")[["direction", "step", "feedback"]].values.tolist()
    [['out', 1, None], ['in', <NA>, 'positive']]
    """
    end = arguments.end_of(as_of)
    names = [*(name for name in TOUCHES if name in _TOUCHES.c), *_DID]
    asked = sa.select(*(_TOUCHES.c[name] for name in names)).where(
        _TOUCHES.c.touched_at < end, _TOUCHES.c.operation_id.not_in(events.undone(end))
    )
    asked = asked.order_by(_TOUCHES.c.touched_at, _TOUCHES.c.touch_id)
    with store.reading() as connection:
        said = events.read(connection, asked)
    done = lists.done(store, as_of=as_of)
    # of a step that another tool did, the tool knows when, and whether it arrived
    did = said[said["enrolment_id"].notna()].drop_duplicates(_DID, keep="last")
    did = did[[*_DID, "touch_id", "touched_at", "delivered"]].rename(columns={"did_step": "step"})
    told = done[["enrolment_id", "step"]].merge(
        did.astype({"step": done["step"].dtype}), how="left", on=["enrolment_id", "step"]
    )
    has = told["touch_id"].notna()
    own = "step " + done["enrolment_id"] + " " + done["step"].astype("str")
    wrote = done[_OF_STEP].assign(
        touch_id=told["touch_id"].where(has, own),
        touched_at=told["touched_at"].where(has, done["closed_at"]),
        direction="out",
        text=done["text_sent"],
        delivered=told["delivered"],
        feedback=None,
    )
    said = said[said["enrolment_id"].isna()]
    both = [part for part in (said, wrote) if len(part)] or [said]
    table = pd.concat(both, ignore_index=True).reindex(columns=list(TOUCHES))
    table = table.astype(
        {"step": "Int64", "template_version": "Int64", "touched_at": "datetime64[us]"}
    )
    return table.sort_values(["touched_at", "lead_id", "touch_id"], ignore_index=True)


def span(store: Worklist) -> tuple[dt.date, dt.date] | tuple[None, None]:
    """Between which days has anything been written to the worklist?

    Returns
    -------
    tuple
        The first day and the last; both None where nothing has.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> span(worklist.connect(tempfile.mkdtemp() + "/worklist.db"))
    (None, None)
    """
    asked = sa.select(sa.func.min(OPERATIONS.c.at), sa.func.max(OPERATIONS.c.at))
    with store.reading() as connection:
        first, last = connection.execute(asked).one()
    return (None, None) if first is None else (_day(first), _day(last))


def fingerprint(store: Worklist) -> str:
    """Has anything been written to the worklist since? Equal as long as nothing has.

    Every row names the operation that wrote it and is never changed, so that the operations, with
    how many rows each table holds, tell all that is read here.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> fingerprint(store) == fingerprint(store)
    True
    """
    counts = [sa.select(sa.func.count()).select_from(table) for table in METADATA.sorted_tables]
    with store.reading() as connection:
        written = connection.execute(sa.select(OPERATIONS).order_by(OPERATIONS.c.operation_id))
        digest = hashlib.sha256(repr([tuple(row) for row in written]).encode())
        digest.update(repr([connection.execute(count).scalar_one() for count in counts]).encode())
    return digest.hexdigest()


def _day(moment: Any) -> dt.date:
    return pd.Timestamp(moment).date()
