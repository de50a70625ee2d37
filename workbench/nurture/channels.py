"""By which ways may each lead be reached?"""

from typing import Any

import pandas as pd

from workbench import addresses, arguments, schema
from workbench.people import frame
from workbench.results import Result

CHANNELS = Result(
    "nurture.channels(leads, as_of=…)", lead_id="id", channel="channel", address="text",
    has_address="truth", has_opted_out="truth", is_eligible="truth", as_of="date",
)  # fmt: skip


def channels(leads: Any, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """By which channels may each lead be reached, and why not by the others?

    A channel is eligible where the lead has an address for it, and neither it nor another lead with
    the same address has opted out of it.

    Parameters
    ----------
    leads
        One row per lead: ``lead_id``, and of the contract's addresses and days of opting out
        those that are known; a column that is missing is an address nobody has.
    as_of
        The day; who opts out later has not opted out yet.

    Returns
    -------
    pandas.DataFrame
        One row per lead and channel, in the order of ``leads`` and of the contract's channels:
        ``lead_id``, ``channel``, ``address``, ``has_address``, ``has_opted_out``,
        ``is_eligible``, ``as_of``.

    Raises
    ------
    ContractError
        ``lead_id`` is missing, empty or there twice.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "phone": ["+999 1"], "email": ["a@mail.example"],
    ...                       "email_opted_out_on": pd.to_datetime(["2026-10-01"])})
    >>> found = channels(leads, as_of="2026-10-31")
    >>> found[found["has_address"]][["channel", "has_opted_out", "is_eligible"]].values.tolist()
    [['email', True, False], ['sms', False, True], ['phone', False, True]]
    """
    day = pd.Timestamp(arguments.day("as_of", as_of))
    made_by = "loaders.load_configured('leads', settings)"
    leads = frame(leads)
    schema.require(leads, "leads", ["lead_id"], made_by=made_by, key="lead_id")
    table = leads.reset_index(drop=True)
    parts = []
    for channel, column in schema.CHANNELS.items():
        address = table[column] if column in table else pd.Series(pd.NA, index=table.index)
        text = address.astype("str").str.strip().where(address.notna(), "")
        off = f"{channel}_opted_out_on"
        ways = pd.DataFrame({"lead_id": table["lead_id"].astype("str"), "channel": channel})
        ways["address"] = text.where(text != "")
        ways["has_address"] = text != ""
        left = pd.to_datetime(table[off]) <= day if off in table else pd.Series(False, table.index)
        if left.any():
            left |= left.groupby(addresses.folded(channel, text)).transform("any").eq(True)
        ways["has_opted_out"] = left
        parts.append(ways)
    table = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return table.assign(
        is_eligible=table["has_address"] & ~table["has_opted_out"], as_of=day
    ).astype({"channel": "str", "has_opted_out": "bool"})
