"""What became of every row that was read?"""

from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import ledger as findings
from workbench.words import Words


class Ledger(findings.Counts, Protocol):
    """What a ledger has to give for its figure."""

    def summary(self) -> pd.DataFrame:
        """One row per check: ``check, rows, share``."""


_TONES = {"rows_kept": "kept", "rows_rejected": "risk"}


def summary(ledger: Ledger, *, lang: labels.Lang = "en") -> go.Figure:
    """What became of every row that was read: kept, rejected, without a customer, a refund?

    Parameters
    ----------
    ledger
        The ledger of a loaded source.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of the share of rows read, with the rows beside, in the order of the ledger: kept and
        rejected always, other checks where they found something.

    Raises
    ------
    ContractError
        The ledger's summary lacks a column.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"check": ["rows_read", "rows_kept", "rows_rejected"],
    ...                       "rows": [10, 9, 1], "share": [1.0, 0.9, 0.1]})
    >>> ledger = SimpleNamespace(rows_read=10, rows_rejected=1, anonymous=0,
    ...                          summary=lambda: table)
    >>> summary(ledger).data[0].x
    (0.9, 0.1)
    """
    table = ledger.summary()
    schema.require(table, "ledger", ("check", "rows", "share"), made_by="ledger.summary()")
    words = Words(lang).within("figure.ledger")
    # what was looked for and not found stands in the table, not in the figure
    is_drawn = table["check"].isin(list(_TONES)) | (table["rows"].fillna(0) > 0)
    rows = table[is_drawn & (table["check"] != "rows_read")]
    rows = rows.assign(tone=rows["check"].map(_TONES).fillna("grey"))
    chart = charts.Bars(
        rows=rows, label="check", label_as="ledger", value="share", counts="rows", tone="tone",
        beside="beside",
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", rows=ledger.rows_read),
        alt=findings.sentence(ledger, lang=lang),
    )


def completeness(columns: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """Which columns are filled, and which are mostly empty?

    Parameters
    ----------
    columns
        One row per column, as ``Loaded.completeness()`` gives it.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of the share of kept rows that hold a value, in the order of the contract; a column
        that the source does not have has no bar, and says so.

    Raises
    ------
    ContractError
        The table lacks a column.

    Examples
    --------
    >>> columns = pd.DataFrame({"column": ["order_id", "amount"], "rows": 4, "filled": [3, 4],
    ...                         "completeness": [0.75, 1.0]})
    >>> completeness(columns).data[0].x
    (0.75, 1.0)
    """
    schema.require(
        columns,
        "completeness",
        ("column", "rows", "filled", "completeness"),
        made_by="loaded.completeness()",
    )
    words = Words(lang).within("figure.completeness")
    tones = columns["completeness"].ge(1).map({True: "kept", False: "grey"})
    chart = charts.Bars(
        rows=columns.assign(tone=tones), label="column", label_as="column", value="completeness",
        counts="filled", tone="tone", beside="beside",
    )  # fmt: skip
    return chart.drawn(
        words,
        title=words("title"),
        subtitle=words("subtitle", rows=columns["rows"].max() if len(columns) else 0),
        alt=findings.completeness(columns, lang=lang),
    )
