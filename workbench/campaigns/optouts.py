"""Who wants nothing more by which channel: said to us, in the tables, or by whoever has the address?"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench import arguments, schema, worklist
from workbench.people import as_text, frame
from workbench.worklist import sharing

_WAY = ["lead_id", "channel"]


def opted_out(
    store: worklist.Worklist | None,
    leads: Any,
    *,
    as_of: arguments.DayLike,
    reached: pd.DataFrame | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """Who has opted out by a day, themselves or with whom they share the address?

    Parameters
    ----------
    store
        The worklist, where there is one.
    leads
        The leads, with their addresses and the days of opting out that their table knows.
    as_of
        The day.
    reached
        Further addresses: ``lead_id``, ``channel``, ``address``.
    country
        Whose phone numbers are meant where none says it; None: as the worklist was opened.

    Returns
    -------
    pandas.DataFrame
        One row per ``lead_id`` and ``channel``, sorted by them, with ``opted_out_on``, the first day.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1", "L2"], "phone": ["+999 1-23", "00999123"],
    ...                       "sms_opted_out_on": ["2026-11-01", None]})
    >>> opted_out(None, leads, as_of="2026-11-02")["lead_id"].tolist()
    ['L1', 'L2']
    """
    day = pd.Timestamp(arguments.day("as_of", as_of))
    table = frame(leads)
    said = [] if store is None else [worklist.opted_out(store, as_of=as_of)]
    for channel in schema.CHANNELS:
        if "lead_id" in table and (name := f"{channel}_opted_out_on") in table:
            stated = pd.to_datetime(table[name])
            rows = pd.DataFrame({"lead_id": as_text(table["lead_id"]), "opted_out_on": stated})
            said.append(rows[stated <= day].assign(channel=channel))
    told = _together(said, [*_WAY, "opted_out_on"])
    if told.empty:
        return told
    known = known_addresses(store, table, reached=reached, country=country)
    first = known.merge(told, on=_WAY).groupby(["channel", "key"])["opted_out_on"].min()
    shared = known.merge(first.reset_index(), on=["channel", "key"])
    every = _together([told, shared], [*_WAY, "opted_out_on"])
    return every.groupby(_WAY, as_index=False).agg(opted_out_on=("opted_out_on", "min"))


def opted_out_on(
    store: worklist.Worklist,
    leads: Any,
    step: Mapping[Any, Any],
    *,
    as_of: arguments.DayLike,
) -> dt.date | None:
    """Since when does a lead want nothing more by the channel of this step?

    From the worklist and from the table of leads, also of those who share the address; None where
    nothing of the kind was said.
    """
    way = pd.DataFrame([{name: step.get(name) for name in (*_WAY, "address")}])
    closed = opted_out(store, leads, as_of=as_of, reached=way.astype("str"))
    mine = closed[(closed["lead_id"] == str(step.get("lead_id")))]
    first = mine.loc[mine["channel"] == step.get("channel"), "opted_out_on"].min()
    return None if pd.isna(first) else first.date()


def sharing_with(
    store: worklist.Worklist | None, leads: Any, lead_id: str, channel: str
) -> list[str]:
    """Which other leads have an address of this one on the channel?

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1", "L2"], "phone": ["+999 1-23", "00999123"]})
    >>> sharing_with(None, leads, "L1", "sms")
    ['L2']
    """
    asked = pd.DataFrame({"lead_id": [lead_id], "channel": channel})
    same: list[str] = sharing.others(known_addresses(store, frame(leads)), asked)["other"].tolist()
    return same


def known_addresses(
    store: worklist.Worklist | None,
    leads: pd.DataFrame,
    *,
    reached: pd.DataFrame | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """Give each lead's addresses by channel, of table and worklist; ``key`` is how they compare."""
    parts = [] if store is None else [worklist.planned(store)]
    parts += [] if reached is None else [reached]
    for channel, column in schema.CHANNELS.items():
        if "lead_id" in leads and column in leads:
            ids, address = as_text(leads["lead_id"]), leads[column].astype("str")
            parts.append(pd.DataFrame({"lead_id": ids, "channel": channel, "address": address}))
    known = _together(parts, [*_WAY, "address"]).dropna()
    here = country if store is None or country is not None else store.country
    return sharing.keyed(known.drop_duplicates().reset_index(drop=True), country=here)


def _together(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [part[columns] for part in parts if len(part)]
    none = {name: pd.Series(dtype="datetime64[us]" if "_on" in name else "str") for name in columns}
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(none)
