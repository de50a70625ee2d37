"""What was written to leads, and what did they answer, as far as the worklist knows?"""

import datetime as dt
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench.engine import parameters
from workbench.worklist import arguments, lists, writing
from workbench.worklist.store import Worklist
from workbench.worklist.tables import OPERATIONS
from workbench.worklist.tables import TOUCHES as _TOUCHES

#: The columns of ``touches``: those of the contract, with ``party_id`` for ``lead_id``.
TOUCHES = (
    "touch_id",
    "party_id",
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
_SAID = ("touch_id", "party_id", "touched_at", "channel", "direction", "owner_id", "plan", "step",
         "text", "delivered", "feedback")  # fmt: skip
_SAME = ["party_id", "touched_at"]


def touches(store: Worklist, *, as_of: parameters.DayLike) -> pd.DataFrame:
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
        ``touches``, with ``party_id`` for ``lead_id``; a step done here has the ``touch_id``
        ``step``, its enrolment and its number.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"party_id": "L1", "plan": "spring", "step": [1, 2],
    ...                         "due_date": ["2026-11-02", "2026-11-09"], "channel": "wechat"})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 08:00", by="Lin")
    >>> today = worklist.due(store, as_of="2026-11-02")
    >>> _ = worklist.mark_done(store, today, at="2026-11-02 09:00", by="Lin")
    >>> _ = worklist.stop(store, "L1", feedback="positive", at="2026-11-03 10:00", by="Lin")
    >>> touches(store, as_of="2026-11-03")[["direction", "step", "feedback"]].values.tolist()
    [['out', 1, nan], ['in', <NA>, 'positive']]
    """
    end = arguments.end_of(as_of)
    asked = (
        sa.select(*(_TOUCHES.c[name] for name in _SAID))
        .where(_TOUCHES.c.touched_at < end, _TOUCHES.c.operation_id.not_in(writing.undone(end)))
        .order_by(_TOUCHES.c.touched_at, _TOUCHES.c.touch_id)
    )
    with store.reading() as connection:
        said = arguments.frame(connection.execute(asked).fetchall(), list(_SAID))
    done = lists.done(store, as_of=as_of)
    wrote = pd.DataFrame(
        {
            "touch_id": "step " + done["enrolment_id"] + " " + done["step"].astype("str"),
            "party_id": done["party_id"],
            "touched_at": done["closed_at"],
            "direction": "out",
            "text": done["text_sent"],
            **{
                name: done[name]
                for name in ("channel", "owner_id", "plan", "step", "template_id",
                             "template_version", "variant", "edited")
            },
        }
    )  # fmt: skip
    # what another tool sent and thereby did a step: the step knows more, the tool if it arrived
    sent = said[said["direction"] == "out"].drop_duplicates(_SAME).set_index(_SAME)["delivered"]
    keys = pd.MultiIndex.from_frame(wrote[_SAME])
    wrote["delivered"] = sent.reindex(keys).to_numpy()
    there = pd.MultiIndex.from_frame(said[_SAME]).isin(keys) & (said["direction"] == "out")
    both = [part for part in (said[~there], wrote) if len(part)] or [said]
    table = pd.concat(both, ignore_index=True).reindex(columns=list(TOUCHES))
    table = table.astype(
        {"step": "Int64", "template_version": "Int64", "touched_at": "datetime64[us]"}
    )
    return table.sort_values(["touched_at", "party_id", "touch_id"], ignore_index=True)


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
