"""Which touches and answers that another tool knows of belong to which lead's steps?"""

from typing import Any

import pandas as pd

from workbench import worklist
from workbench.campaigns.optouts import known_addresses
from workbench.people import as_text, frame
from workbench.worklist import sharing

_RANK = {"stopped": 1, "kept": 2, "there_already": 3, "not_yet": 4, "unknown_lead": 5}


def record(
    store: worklist.Worklist,
    touches: pd.DataFrame,
    *,
    at: Any,
    by: str,
    leads: Any = None,
    known: Any = None,
    dry_run: bool = False,
) -> pd.DataFrame:
    """What do these touches close, and whose are they?

    Who opts out does so for all that share the address, also those who are in no plan yet.

    Parameters
    ----------
    store
        The worklist.
    touches
        As ``worklist.record`` takes them.
    at, by, dry_run
        As ``worklist.record``.
    leads
        Where ``lead_id`` holds addresses instead: whose they are, by each touch's channel; phones by
        their digits, all else whatever its case and blanks.
    known
        Where it holds ids: the leads, whose addresses tell who shares that of one who opts out.

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
    given = known if leads is None else leads
    table = pd.DataFrame({"lead_id": []}) if given is None else frame(given)
    told = touches.reset_index(drop=True)
    told["row"] = told.index
    if leads is None:
        told = _for_all(told, store, table)
    else:
        addressed = known_addresses(None, table, country=store.country)
        told = _by_address(told, addressed, store.country)
    everybody = as_text(table["lead_id"]).tolist()
    made = worklist.record(
        store, told.drop(columns="row"), at=at, by=by, may_opt_out=everybody, dry_run=dry_run
    )
    # of a touch that was taken in for several leads, the most that came of it is told
    made = made.assign(row=told["row"].to_numpy(), rank=made["outcome"].map(_RANK).fillna(0))
    made = made.sort_values(["row", "rank"], kind="stable").drop_duplicates("row").set_index("row")
    rows = range(len(touches))
    return touches.assign(
        outcome=made["outcome"].reindex(rows, fill_value="unknown_address").to_numpy(),
        operation_id=made["operation_id"].reindex(rows).to_numpy(),
    )


def _by_address(touches: pd.DataFrame, known: pd.DataFrame, country: str | None) -> pd.DataFrame:
    """Find each lead by the address of the touch's channel; who opts out, all who have it."""
    stated = sharing.keyed(touches.rename(columns={"lead_id": "address"}), country=country)
    found = stated.merge(
        known[["lead_id", "channel", "key"]].drop_duplicates(), on=["channel", "key"]
    )
    found = found.sort_values(["row", "lead_id"], ignore_index=True)
    single = ~found.duplicated("row", keep=False)
    found = found[single | _opts_out(found)]
    return _each_with_an_id(found[touches.columns])


def _for_all(touches: pd.DataFrame, store: worklist.Worklist, leads: pd.DataFrame) -> pd.DataFrame:
    """Take what opts out in for all who share the lead's address."""
    out = touches[_opts_out(touches)]
    if out.empty:
        return touches
    same = sharing.others(known_addresses(store, leads), out)
    more = touches.loc[same["place"]].assign(lead_id=same["other"].to_numpy())
    every = pd.concat([touches, more]).sort_values("row", kind="stable", ignore_index=True)
    return _each_with_an_id(every)


def _opts_out(touches: pd.DataFrame) -> "pd.Series[bool]":
    said = touches.get("feedback", pd.Series(pd.NA, index=touches.index))
    return said.eq("opted_out").fillna(value=False).astype(bool)


def _each_with_an_id(touches: pd.DataFrame) -> pd.DataFrame:
    """Give what one touch is for a second lead an id of its own, the same each time."""
    again = touches.duplicated("row")
    own = touches["touch_id"].astype("str")
    return touches.assign(touch_id=own.mask(again, own + " " + touches["lead_id"].astype("str")))
