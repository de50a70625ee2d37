"""By which addresses may the people on a list be reached, as far as the settings let them be seen?"""

import datetime as dt
from typing import Any

import pandas as pd

from workbench import config, loaders, schema, worklist
from workbench.campaigns.optouts import opted_out
from workbench.campaigns.pond import standing
from workbench.people import People, as_text

# An opt-out counts whenever it was said: also on a page of an earlier month that is made again.
_EVER = dt.date(9000, 1, 1)


def reachable(
    people: People, settings: config.Settings, *, store: worklist.Worklist | None = None
) -> People:
    """How are people reached, so that lists may say it? As ``[privacy] contacts`` allows.

    A channel is left out for whoever has opted out of it: in the tables, in the worklist, as a
    customer or as the lead they once were, or by sharing the address with one who has. All of it
    counts to this day, whatever day the list is of.

    Parameters
    ----------
    people
        Who is who. The settings' table of leads, or of customers, is loaded for its opt-outs and
        addresses where ``people`` has none.
    settings
        As ``config.load`` gives them.
    store
        The worklist, where it is open already; else that of the settings, if there is one.

    Returns
    -------
    People
        The same people, whose ``contacted`` adds the addresses; with ``contacts = "none"`` as they
        were, and nothing is read.

    Raises
    ------
    SourceError, ContractError
        As ``loaders.load_configured`` and ``worklist.connect``.

    Examples
    --------
    >>> from pathlib import Path
    >>> asked = {"root": Path("/nowhere"), "privacy": {"contacts": "shown"}}
    >>> customers = pd.DataFrame({"customer_id": ["a", "b"], "phone": ["+999 1-23", "00999123"],
    ...                           "phone_opted_out_on": [None, "2026-11-02"], "wechat": ["wxa", None]})
    >>> people = reachable(People(customers), config.Settings.model_validate(asked))
    >>> people.contacted(customers[["customer_id"]])
      customer_id wechat
    0           a    wxa
    1           b    NaN
    """
    if settings.privacy.contacts == "none":
        return people
    store = standing(settings) if store is None else store
    tables = {"customer_id": people.customers, "lead_id": people.leads}
    for key, name in (("customer_id", "customers"), ("lead_id", "leads")):
        if tables[key].empty and name in settings.tables:
            tables[key] = loaders.load_configured(name, settings).table
    known = {key: table for key, table in tables.items() if key in table}
    # in the worklist customers and leads are of one kind
    parties = [_party(table, key) for key, table in known.items()]
    everybody = pd.concat(parties, ignore_index=True) if parties else pd.DataFrame()
    closed = opted_out(store, everybody, as_of=_EVER, country=settings.nurture.country)
    closed = pd.concat([closed, _as_customers(closed, tables["lead_id"])])
    contacts = {key: _open(table, key, closed) for key, table in known.items()}
    return People(
        people.customers, people.owners, people.leads, contacts=contacts,
        masked=settings.privacy.contacts == "masked",
    )  # fmt: skip


def _party(table: pd.DataFrame, key: str) -> pd.DataFrame:
    names = [*schema.CHANNELS.values(), *(f"{channel}_opted_out_on" for channel in schema.CHANNELS)]
    held = table[[name for name in dict.fromkeys(names) if name in table]]
    return held.assign(lead_id=as_text(table[key]))


def _as_customers(closed: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """Give what a lead has opted out of to the customer it has become."""
    if "customer_id" not in leads:
        return closed.head(0)
    became = leads.dropna(subset=["customer_id"]).astype({"lead_id": "str"})
    became = became.assign(party=as_text(became["customer_id"]))[["lead_id", "party"]]
    return closed.merge(became, on="lead_id").assign(lead_id=lambda rows: rows.pop("party"))


def _open(table: pd.DataFrame, key: str, closed: pd.DataFrame) -> pd.DataFrame:
    """Give the addresses that may be offered: one whose channel is closed is none."""
    ids = as_text(table[key])
    found: dict[str, Any] = {key: ids}
    for name in (name for name in schema.CONTACTS if name in table):
        gone = closed.loc[closed["channel"] == name, "lead_id"]
        written = table[name].astype("str").str.strip()
        found[name] = written.mask(ids.isin(gone) | (written == ""))
    return pd.DataFrame(found)
