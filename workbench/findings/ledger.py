"""Was every row read, and what should be known before trusting the figures?"""

from typing import Protocol

import pandas as pd

from workbench import labels
from workbench.blocks.exhibited import came_in
from workbench.findings import quantities
from workbench.words import Words


class Counts(Protocol):
    """What a ledger has to tell for its sentence."""

    @property
    def rows_read(self) -> int:
        """Rows the source has."""

    @property
    def rows_rejected(self) -> int:
        """Rows that were not accepted."""

    @property
    def anonymous(self) -> int | None:
        """Rows without a customer; None where the table has none."""


def sentence(ledger: Counts, *, lang: labels.Lang = "en") -> str:
    """Can the data be trusted? How many rows were rejected, and how many have no customer.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sentence(SimpleNamespace(rows_read=20_118, rows_rejected=37, anonymous=0))
    '37 of 20,118 rows were rejected (less than 1%)'
    >>> sentence(SimpleNamespace(rows_read=541_909, rows_rejected=0, anonymous=135_080))
    'All 541,909 rows were kept; a quarter have no customer and count in no customer figure'
    """
    return came_in(ledger, Words(lang))


def completeness(columns: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """Which column is the least filled?

    Examples
    --------
    >>> columns = pd.DataFrame({"column": ["order_id", "amount"], "rows": 4, "filled": [3, 4],
    ...                         "completeness": [0.75, 1.0]})
    >>> completeness(columns)
    'Order is the emptiest column: a quarter of its rows hold nothing'
    """
    there = columns[columns["completeness"].notna()]
    if there.empty:
        return labels.text("finding.ledger.empty", lang)
    least = there.sort_values("completeness", kind="stable").iloc[0]
    if least["completeness"] == 1:
        return labels.text("finding.completeness.full", lang)
    said = labels.text(
        "finding.completeness.least",
        lang,
        column=labels.text(f"column.{least['column']}", lang),
        share=quantities.share(1 - float(least["completeness"]), lang),
    )
    return quantities.sentence(said)
