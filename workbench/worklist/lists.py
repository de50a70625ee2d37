"""What is due, what was missed, what is done? The lists people work from, as of any day."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import arguments, schema
from workbench.results import Result
from workbench.worklist import events
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, EVENTS

LISTED = Result(
    "worklist.steps(store, as_of=…)", enrolment_id="id", lead_id="id", owner_id="id", plan="plan",
    enrolled_on="date", cycle_days="count", step="count", due_date="date", original_date="date",
    move_reason="move_reason", channel="channel", address="text", language="text", template_id="id",
    template_version="count", variant="text", topic="text", subject="text", text="text",
    status="status", is_paused="truth", closed_on="date", closed_at="moment", closed_by="text",
    text_sent="text", edited="choice", reason="feedback", operation_id="count", as_of="date",
)  # fmt: skip
#: The columns of every list of steps.
COLUMNS = LISTED.columns
_CLOSED = ("done", "skipped", "stopped")
_ORDER = ["due_date", "lead_id", "plan", "enrolled_on", "step"]


def steps(
    store: Worklist,
    *,
    as_of: arguments.DayLike,
    owner_id: str | None = None,
    lead_id: str | None = None,
    status: Sequence[str] = schema.STATUSES,
) -> pd.DataFrame:
    """Which steps are there, and how does each stand?

    Parameters
    ----------
    store
        The worklist.
    as_of
        The day; what was planned, done or moved later is not seen.
    owner_id, lead_id
        Only this salesperson's, only this lead's or customer's.
    status
        Only these of ``pending``, ``done``, ``skipped``, ``stopped``.

    Returns
    -------
    pandas.DataFrame
        One row per step, by ``due_date``, lead, plan and step:

        - ``enrolment_id``, ``lead_id``, ``owner_id``, ``plan``, ``enrolled_on``, ``cycle_days``
          (days), ``step`` (1 …)
        - ``due_date``; ``original_date`` and ``move_reason`` where it was moved
        - ``channel``, ``address``, ``language``, ``template_id``, ``template_version``,
          ``variant``, ``topic``, ``subject``, ``text``: what is to be sent, as planned
        - ``status``; ``is_paused``: pending, but not to be done until it is resumed
        - ``closed_on``, ``closed_at``, ``closed_by``: when and by whom it was done, skipped or
          stopped; ``text_sent``, and ``edited`` (yes, no): whether it is another than ``text``;
          ``reason``, why it was skipped or stopped
        - ``operation_id``: what was done to it last, for ``undo``; ``as_of``

    Raises
    ------
    UnknownNameError
        There is no such status.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": "L1", "owner_id": "S1", "plan": "spring",
    ...                         "step": [1, 2], "due_date": ["2026-11-02", "2026-11-09"]})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 09:00", by="Lin")
    >>> worklist.steps(store, as_of="2026-11-02")[["lead_id", "step", "status"]].values.tolist()
    [['L1', 1, 'pending'], ['L1', 2, 'pending']]
    >>> len(worklist.steps(store, as_of="2026-11-01"))
    0
    """
    for state in status:
        arguments.one_of("status", state, schema.STATUSES)
    return _listed(store, as_of, owner_id, lead_id, status, ())


def due(store: Worklist, *, as_of: arguments.DayLike, owner_id: str | None = None) -> pd.DataFrame:
    """What is to be done today (今日我需执行)?

    Returns
    -------
    pandas.DataFrame
        The pending steps whose ``due_date`` is ``as_of``, paused ones left out; columns as
        ``steps``.
    """
    day = arguments.day("as_of", as_of)
    return _listed(store, as_of, owner_id, None, ("pending",), (EVENTS.c.due_date == day,), False)


def missed(
    store: Worklist, *, as_of: arguments.DayLike, owner_id: str | None = None
) -> pd.DataFrame:
    """What should have been done before, and was not (过去我未执行)?

    Returns
    -------
    pandas.DataFrame
        The pending steps due before ``as_of``, paused ones left out, the oldest first; columns as
        ``steps``.
    """
    day = arguments.day("as_of", as_of)
    return _listed(store, as_of, owner_id, None, ("pending",), (EVENTS.c.due_date < day,), False)


def done(
    store: Worklist,
    *,
    as_of: arguments.DayLike,
    owner_id: str | None = None,
    since: arguments.DayLike | None = None,
) -> pd.DataFrame:
    """What has been done (我已经执行)?

    Returns
    -------
    pandas.DataFrame
        The steps done up to ``as_of``, from the day ``since`` on if that is given, the latest
        first; columns as ``steps``.
    """
    start = arguments.optional_day("since", since)
    after = () if start is None else (EVENTS.c.at >= pd.Timestamp(start).to_pydatetime(),)
    table = _listed(store, as_of, owner_id, None, ("done",), after)
    order = ["closed_at", "lead_id", "plan", "step"]
    return table.sort_values(order, ascending=[False, True, True, True], ignore_index=True)


def _listed(
    store: Worklist,
    as_of: arguments.DayLike,
    owner_id: str | None,
    lead_id: str | None,
    status: Sequence[str],
    where: Sequence[Any],
    with_paused: bool = True,
) -> pd.DataFrame:
    """Read steps with their last event of the day."""
    wanted = [*status, *(["paused"] if "pending" in status and with_paused else [])]
    where = [*where, EVENTS.c.status.in_(wanted)]
    if owner_id is not None:
        where.append(ENROLMENTS.c.owner_id == owner_id)
    if lead_id is not None:
        where.append(ENROLMENTS.c.lead_id == lead_id)
    with store.reading() as connection:
        table = events.current(connection, arguments.end_of(as_of), *where)
    paused = table["status"] == "paused"
    closed = table["status"].isin(_CLOSED)
    sent = table["text_sent"]
    edited = (sent != table["text"]).map({True: "yes", False: "no"})
    at = table.pop("at").where(closed)
    table = table.assign(
        status=table["status"].mask(paused, "pending"),
        is_paused=paused,
        closed_on=at.dt.normalize(),
        closed_at=at,
        closed_by=table["by_whom"].where(closed),
        edited=edited.where((table["status"] == "done") & sent.notna()).astype("str"),
        as_of=pd.Timestamp(arguments.day("as_of", as_of)).as_unit("us"),
    )
    return table.sort_values(_ORDER, ignore_index=True)[list(COLUMNS)]
