"""What came in, what was left out, and why?"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench import arguments, exhibits, loaders, people
from workbench.panel import Choice, Panel, Shown, Words


def panel(
    loaded: loaders.Loaded | Mapping[str, loaders.Loaded], *,
    as_of: arguments.DayLike | None = None,
    dates: tuple[dt.date | None, dt.date | None] | None = None, words: Words | None = None,
) -> Panel:  # fmt: skip
    r"""What came in, what was left out, and why?

    Parameters
    ----------
    loaded
        What ``loaders.load`` gave, or several by the name of their table: then a control chooses.
    as_of, dates
        The day all figures are for, and the days between which something is known, by default those
        of the orders: where the one lies far from the others, the sentence says so.
    words
        The language; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: one row per check. Actions: the rejected rows with their reasons.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = pathlib.Path(folder) / "orders.csv"
    ...     _ = source.write_text("customer_id,ordered_at,amount\na,2026-10-01,5\n")
    ...     shown = panel(loaders.load(source, cache=folder))
    >>> shown.sentence
    'The one row was kept. From 1 Oct 2026 to 1 Oct 2026'
    """
    sources = loaded if isinstance(loaded, Mapping) else {}
    tables, day = tuple(sources), arguments.optional_day("as_of", as_of)
    if dates is None and "orders" in sources:
        orders = sources["orders"].ledger
        dates = orders.first_date, orders.last_date
    return Panel(
        "panel.ledger", words=words, height=360,
        given={"loaded": loaded, "as_of": day, "dates": dates},
        controls=[Choice(name="source", value=tables[0], options=tables, words="report.table")]
        if tables else [],
        steps=[ledger, strangers], views=[summary], lists=rejects,
    )  # fmt: skip


def ledger(loaded: Any, source: str = "") -> loaders.Ledger:
    """Which source is looked at?"""
    account: loaders.Ledger = (loaded[source] if source else loaded).ledger
    return account


def strangers(loaded: Any) -> pd.DataFrame:
    """Which tables hardly know each other's ids?"""
    return people.strangers(loaded if isinstance(loaded, Mapping) else {})


def summary(
    ledger: loaders.Ledger, strangers: pd.DataFrame, as_of: dt.date | None, dates: Any
) -> Shown:
    """Show what became of every row."""
    return exhibits.ledger.summary(
        ledger.summary(), ledger=ledger, strangers=strangers, as_of=as_of, dates=dates
    )


def rejects(ledger: loaders.Ledger) -> Shown:
    """List the rows that were left out, and why."""
    return exhibits.ledger.rejects(ledger.rejects)
