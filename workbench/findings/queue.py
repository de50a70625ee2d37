"""Which sentence does a salesperson read first in the morning?"""

from collections.abc import Mapping

import pandas as pd

from workbench import labels
from workbench.findings import quantities


def day(counts: Mapping[str, int], *, as_of: object, lang: labels.Lang = "en") -> str:
    """How much is due, and how much was left lying?

    Parameters
    ----------
    counts
        How long each list is: ``due``, ``missed``, ``done``.
    as_of
        The day.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> import datetime as dt
    >>> day({"due": 3, "missed": 1, "done": 0}, as_of=dt.date(2026, 11, 2))
    'Three touches are due on 2 Nov 2026; one was missed, none is done'
    """
    date = labels.date(pd.Timestamp(str(as_of)).date(), lang)
    said = {name: _said(name, counts[name], lang, date=date) for name in ("due", "missed", "done")}
    return quantities.sentence(labels.text("finding.queue.day", lang, **said))


def _said(name: str, n: int, lang: labels.Lang, **said: str) -> str:
    key = f"finding.queue.{name}" if n else f"finding.queue.{name}_none"
    return labels.text(key, lang, n=n, count=quantities.count(n, lang), **said)


def timeline(events: pd.DataFrame, ahead: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """How often was a lead written to, what did it say last, and what comes next?

    Parameters
    ----------
    events
        What has happened, from ``worklist.timeline``: ``at``, ``what``, ``is_undone``.
    ahead
        The steps that are still pending: ``step``, ``due_date``.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> events = pd.DataFrame({"at": pd.to_datetime(["2026-11-02 9:00", "2026-11-03 8:00"]),
    ...                        "what": ["done", "replied"], "is_undone": False})
    >>> timeline(events, pd.DataFrame({"step": [2], "due_date": pd.to_datetime(["2026-11-09"])}))
    'Written to once, answered on 3 Nov 2026 (replied); step 2 comes on 9 Nov 2026'
    """
    told = events[~events["is_undone"].astype(bool)]
    wrote = int(told["what"].isin(["done", "sent"]).sum())
    said = _said("wrote", wrote, lang)
    heard = told[told["what"].isin(HEARD)]
    if len(heard):
        last = heard.iloc[-1]
        said += labels.text(
            "finding.queue.heard",
            lang,
            date=labels.date(last["at"].date(), lang),
            what=labels.text(f"what.{last['what']}", lang),
        )
    if ahead.empty:
        return said + labels.text("finding.queue.nothing_ahead", lang)
    first = ahead.sort_values(["due_date", "step"]).iloc[0]
    return said + labels.text(
        "finding.queue.next",
        lang,
        step=int(first["step"]),
        date=labels.date(first["due_date"].date(), lang),
    )


#: What a lead does, in a timeline; all else is done by us or to the plan.
HEARD = ("replied", "positive", "negative", "opted_out")
