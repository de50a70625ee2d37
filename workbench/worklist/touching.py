"""What was written to leads, and what did they answer, as far as the worklist knows?"""

import datetime as dt
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import arguments
from workbench.worklist import lists, typed, writing
from workbench.worklist.store import Worklist
from workbench.worklist.tables import OPERATIONS
from workbench.worklist.tables import TOUCHES as _TOUCHES

#: The columns of ``touches``, as the contract has them.
TOUCHES = (
    "touch_id",
    "lead_id",
    "touched_at",
    "channel",
    "direction",
    "owner_id",
    "plan",
    "step",
    "template_id",
    "template_version",
    "variant",
    "edited",
    "text",
    "delivered",
    "feedback",
)
_SAID = ("touch_id", "lead_id", "touched_at", "channel", "direction", "owner_id", "plan", "step",
         "text", "delivered", "feedback", "enrolment_id", "did_step")  # fmt: skip
_DID = ["enrolment_id", "did_step"]
_OF_STEP = ("lead_id", "channel", "owner_id", "plan", "step", "template_id", "template_version",
            "variant", "edited")  # fmt: skip


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
    asked = (
        sa.select(*(_TOUCHES.c[name] for name in _SAID))
        .where(_TOUCHES.c.touched_at < end, _TOUCHES.c.operation_id.not_in(writing.undone(end)))
        .order_by(_TOUCHES.c.touched_at, _TOUCHES.c.touch_id)
    )
    with store.reading() as connection:
        said = typed.frame(connection.execute(asked).fetchall(), list(_SAID))
    done = lists.done(store, as_of=as_of)
    # of a step that another tool did, the tool knows when, and whether it arrived
    did = said[said["enrolment_id"].notna()].drop_duplicates(_DID, keep="last")
    did = did[[*_DID, "touch_id", "touched_at", "delivered"]].rename(columns={"did_step": "step"})
    told = done[["enrolment_id", "step"]].merge(
        did.astype({"step": done["step"].dtype}), how="left", on=["enrolment_id", "step"]
    )
    has = told["touch_id"].notna()
    own = "step " + done["enrolment_id"] + " " + done["step"].astype("str")
    wrote = done[list(_OF_STEP)].assign(
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


def _day(moment: Any) -> dt.date:
    return pd.Timestamp(moment).date()
