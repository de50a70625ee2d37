"""Which touches and answers that another tool knows of belong to which lead's steps?"""

from typing import Any

import pandas as pd

from workbench import schema, worklist
from workbench.people import frame


def record(
    store: worklist.Worklist,
    touches: pd.DataFrame,
    *,
    at: Any,
    by: str,
    leads: Any = None,
    dry_run: bool = False,
) -> pd.DataFrame:
    """What do these touches close, and whose are they?

    Parameters
    ----------
    store
        The worklist.
    touches
        As ``worklist.record`` takes them.
    at, by, dry_run
        As ``worklist.record``.
    leads
        Where ``lead_id`` holds addresses instead: whose they are, by each touch's channel, whatever
        their case and spaces.

    Returns
    -------
    pandas.DataFrame
        The rows of ``touches``, with ``outcome`` (one of ``worklist.OUTCOMES``, or
        ``unknown_address``: no lead, or several, by this address) and ``operation_id``.

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> heard = pd.DataFrame({"touch_id": ["m1"], "lead_id": ["who@mail.example"],
    ...     "touched_at": ["2026-11-02 10:00"], "channel": "email", "direction": "in"})
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "email": ["ada@mail.example"]})
    >>> record(store, heard, leads=leads, at="2026-11-02 12:00", by="Lin")["outcome"].item()
    'unknown_address'
    """
    lead_id = touches["lead_id"] if leads is None else _by_address(touches, frame(leads))
    known = lead_id.notna()
    told = touches.assign(lead_id=lead_id)[known]
    made = worklist.record(store, told, at=at, by=by, dry_run=dry_run).set_index(told.index)
    return touches.assign(
        outcome=made["outcome"].reindex(touches.index, fill_value="unknown_address"),
        operation_id=made["operation_id"].reindex(touches.index),
    )


def _by_address(touches: pd.DataFrame, leads: pd.DataFrame) -> "pd.Series[str]":
    """Find each lead by the address of the touch's channel."""
    stated = touches["lead_id"].astype("str").str.strip().str.casefold()
    lead_id = pd.Series(pd.NA, index=touches.index, dtype="str")
    for channel, name in schema.CHANNELS.items():
        if name in leads:
            address = leads[name].astype("str").str.strip().str.casefold()
            of = leads.assign(address=address).dropna(subset=["address"])
            of = of.drop_duplicates("address", keep=False)
            known = dict(zip(of["address"], of["lead_id"], strict=True))
            lead_id = lead_id.mask(touches["channel"] == channel, stated.map(known))
    return lead_id
