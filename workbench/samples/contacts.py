"""How are the simulated customers reached, and what did some ask us not to use any more?"""

import numpy as np
import pyarrow as pa

from workbench import schema
from workbench.samples import content, pond, pond_tables
from workbench.samples.customers import Traits

#: Chances that a customer's address is known.
_KNOWN = {"phone": 0.85, "email": 0.65, "wechat": 0.60}
#: No way to reach anybody: +999 is no country's code, .example nobody's domain, 0wx no account.
_WRITTEN = {
    "phone": ("+999 22 ", "+999 00 ", ""),
    "email": ("c", "lead", "@mail.example"),
    "wechat": ("0wx-c", "0wx-", ""),
}
_OPTED_OUT = 0.02
_CHANNELS = tuple(channel for channel, name in schema.CHANNELS.items() if name in _KNOWN)


def columns(
    rng: np.random.Generator, traits: Traits, leads: pond.Leads, *,
    first: int, first_lead: int, start: np.datetime64, days: int,
) -> dict[str, pa.Array]:  # fmt: skip
    """Give the columns of a block's contacts; who was a lead keeps the lead's address.

    ``first`` customers and ``first_lead`` leads were numbered before.
    """
    size = len(traits.kind)
    own = np.char.zfill((first + 1 + np.arange(size)).astype(np.str_), 7)
    became = np.flatnonzero(leads.customer >= 0)
    lead = np.char.zfill((first_lead + 1 + np.arange(len(leads.kind))).astype(np.str_), 7)[became]
    found = {}
    for name, (before, as_lead, after) in _WRITTEN.items():
        known = rng.random(size) < _KNOWN[name]
        written = np.char.add(np.char.add(before, own), after).astype("U32")
        written[leads.customer[became]] = np.char.add(np.char.add(as_lead, lead), after)
        known[leads.customer[became]] |= leads.known[became, content.CHANNELS.index(name)]
        found[name] = pond_tables.texts(written, known)
    for channel in _CHANNELS:
        since = np.maximum(traits.joined_day, 0)
        day = since + (rng.random(size) * (days - since)).astype(np.int64)
        said = rng.random(size) < _OPTED_OUT
        found[f"{channel}_opted_out_on"] = pa.array(
            (start + day).astype("datetime64[D]"), mask=~said
        )
    return found
