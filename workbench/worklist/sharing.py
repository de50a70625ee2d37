"""Which leads share an address? Who opts out of one has opted out for all of them on that channel."""

from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import addresses
from workbench.results import Result
from workbench.worklist import events
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, STEPS

PLANNED = Result("worklist.planned(store)", lead_id="id", channel="channel", address="text")


def planned(store: Worklist) -> pd.DataFrame:
    """By which addresses were leads to be reached, in whatever plan?

    Returns
    -------
    pandas.DataFrame
        One row per ``lead_id``, ``channel`` and ``address``.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> planned(worklist.connect(tempfile.mkdtemp() + "/worklist.db")).columns.tolist()
    ['lead_id', 'channel', 'address']
    """
    with store.reading() as connection:
        return pairs(connection)


def pairs(connection: sa.Connection, *where: Any) -> pd.DataFrame:
    """Read of each lead by which address it was to be reached on which channel."""
    columns = (ENROLMENTS.c.lead_id, STEPS.c.channel, STEPS.c.address)
    asked = (
        sa.select(*columns)
        .join(ENROLMENTS, ENROLMENTS.c.enrolment_id == STEPS.c.enrolment_id)
        .where(STEPS.c.channel.is_not(None), STEPS.c.address.is_not(None), *where)
        .distinct()
    )
    return events.read(connection, asked)


def keyed(known: pd.DataFrame, *, country: str | None) -> pd.DataFrame:
    """Put beside each address how it is compared, as ``key``; those that say nothing are left out.

    Examples
    --------
    >>> known = pd.DataFrame({"lead_id": ["L1", "L2"], "channel": ["sms", "email"],
    ...                       "address": ["00999 123", "Ada@mail.example"]})
    >>> keyed(known, country=None)["key"].tolist()
    ['999123', 'ada@mail.example']
    """
    parts = [
        part.assign(key=addresses.folded(str(channel), part["address"], country=country))
        for channel, part in known.groupby("channel")
    ]
    table = pd.concat(parts) if parts else known.assign(key=pd.Series(dtype="str"))
    return table.dropna(subset=["key"]).sort_index()


def others(known: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Which other leads have an address of these on the channel?

    ``known`` is as ``keyed`` gives it; ``asked`` has ``lead_id`` and ``channel``. One row per row of
    ``asked`` and other lead, sorted by them: ``place``, which row it is by its index, and ``other``.

    Examples
    --------
    >>> known = keyed(pd.DataFrame({"lead_id": ["L1", "L2"], "channel": "sms",
    ...                             "address": ["00999 123", "+999 123"]}), country=None)
    >>> others(known, known[["lead_id", "channel"]])["other"].tolist()
    ['L2', 'L1']
    """
    keys = known[["lead_id", "channel", "key"]].drop_duplicates()
    mine = asked[["lead_id", "channel"]].rename_axis("place").reset_index()
    both = mine.merge(keys, on=["lead_id", "channel"])
    both = both.merge(keys.rename(columns={"lead_id": "other"}), on=["channel", "key"])
    both = both[both["other"] != both["lead_id"]]
    return both[["place", "other"]].drop_duplicates().sort_values(["place", "other"])
