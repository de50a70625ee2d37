"""What came in, what was left out, and why?"""

from collections.abc import Mapping
from typing import Any

from workbench import exhibits, loaders
from workbench.panel import Choice, Panel, Shown, Words


def panel(
    loaded: loaders.Loaded | Mapping[str, loaders.Loaded], *, words: Words | None = None
) -> Panel:
    r"""What came in, what was left out, and why?

    Parameters
    ----------
    loaded
        What ``loaders.load`` gave, or several by the name of their table: then a control chooses.
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
    'The one row was kept'
    """
    tables = tuple(loaded) if isinstance(loaded, Mapping) else ()
    return Panel(
        "panel.ledger", words=words, height=360, given={"loaded": loaded},
        controls=[Choice(name="source", value=tables[0], options=tables, words="report.table")]
        if tables else [],
        steps=[ledger], views=[summary], lists=rejects,
    )  # fmt: skip


def ledger(loaded: Any, source: str = "") -> loaders.Ledger:
    """Which source is looked at?"""
    account: loaders.Ledger = (loaded[source] if source else loaded).ledger
    return account


def summary(ledger: loaders.Ledger) -> Shown:
    """Show what became of every row."""
    return exhibits.ledger.summary(ledger.summary(), ledger=ledger)


def rejects(ledger: loaders.Ledger) -> Shown:
    """List the rows that were left out, and why."""
    return exhibits.ledger.rejects(ledger.rejects)
