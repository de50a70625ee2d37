"""What happened to every row of a source?"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.loaders.account import rejects as rejecting
from workbench.results import Result
from workbench.words import Words, spoken

LEDGER = Result("loaders.load(…).ledger.summary()", check="ledger", rows="count", share="rate")
BY_FILE = Result(
    "loaders.load(…).ledger.by_file()", file="text", rows_read="count", rows_kept="count",
    rows_apart="count", rows_rejected="count", duplicates_dropped="count", same_as="text",
    lacks="text",
)  # fmt: skip
# Counts that the files of one load bring each for itself.
ADDED = ("number_ids", "serial_dates", "merged_cells")


@dataclass(frozen=True)
class Ledger:
    """How many rows came in, how many stayed, and what became of the others?

    ``rows_read = rows_kept + rows_apart + rows_rejected + duplicates_dropped``, always. Counts that
    make no sense for a table (refunds of customers), or that were not looked for, are None.

    Parameters
    ----------
    source, table, format
        The source as it was named, the contract, and ``csv``, ``fixed width``, ``parquet``,
        ``excel`` or ``database``.
    fingerprint
        SHA-256 of the file's bytes, of the names and bytes of all files, or of the rows a database
        gave.
    sheet, header_row
        Of a workbook: the sheet that was read, and the row its header stands in.
    encoding, separator
        As detected or stated; None for Parquet.
    forms
        How dates and numbers are written, as found, by our column: dates in the codes of
        ``strptime``, or ``excel``, ``epoch_seconds``, ``epoch_milliseconds``; numbers as
        ``1234.56`` would be, ``1234`` where none has a decimal sign.
    currency
        The one currency that signs or codes in the amounts say; None where there are none.
    columns
        Ours to the file's own, as read.
    ignored_columns
        Columns of the file that the contract does not take.
    rows_read, rows_kept, rows_rejected, rows_apart
        Rows; the header and blank lines are no rows. What is kept apart is no mistake, but does
        not count: no sales, totals, what ``where`` leaves out; each kind has its own count.
    duplicates_dropped
        Exact duplicates left out by ``drop_duplicates=True``.
    exact_duplicates
        Well-formed rows equal, in every column of the source, to an earlier one; kept unless
        dropped.
    refunds
        Kept rows with an amount below 0.
    anonymous
        Kept orders without a customer id.
    same_day_merges
        Kept rows that fold into an earlier row of the same customer and day, since the orders of
        one customer on one day are one purchase.
    amounts_finer_than_cent
        Kept rows with money of more than two places, rounded half away from zero.
    left_out
        Rows that ``where`` leaves out.
    further_lines
        Rows that go on with an order and say no amount.
    total_rows
        Rows of totals, and lines below the table.
    replaced_orders, added_orders
        Of several files: orders of which a later file holds all rows again, and replaces them; and
        orders with rows in two files that were added up: parts, or refunds?
    no_sale
        Orders that are no sale by their status or direction, kept apart.
    unknown_statuses, open_statuses
        Orders whose status is a word that nobody listed, or one like pending, of which the layout
        does not tell what it means: counted as sales.
    statuses
        Each word of a status or direction: its rows and what it was taken for (``sale``,
        ``no_sale``, ``open``, ``unknown``).
    order_totals, orders_added_up
        Rows that repeat their order's total, which counts once (``amount_is="order"``); orders
        whose rows differ and were added up.
    refund_rows
        Rows that were added for refunded amounts; they stand behind the rows of the source.
    implausible_dates
        Rows dated before 1990, or long after nearly all others, kept apart.
    repeated_ids, differing_ids
        With ``distinct``: earlier rows of an id, and ids of which rows say different things.
    cleaned_ids
        Rows with an id that was written otherwise than it is shown: full-width, in ``="…"``, with
        blanks or signs nobody sees, ``17850.0``.
    placeholder_ids
        Rows in which a word stands for no id: ``0``, ``null``, ``guest``, ``散客``.
    case_ids
        Ids that differ from another one only in case (``id_case="fold"`` joins them).
    suspicious_ids
        Ids that are held by more rows, on more days, than one customer's would be: their rows.
    header_zone
        The time zone that a header says the times are in, where no local one is stated that they
        become.
    implausible_first
        The first row with an implausible date: its line and what stands there; empty if there is
        none.
    sheets_left_out
        Of ``sheet="*"``: sheets with other columns.
    number_ids
        Ids that a workbook holds as numbers: leading zeros they may have had are lost.
    serial_dates
        Days that a workbook holds as plain numbers (46086), read as Excel counts them.
    merged_cells
        Empty ids, dates and texts that took the value of the merged cell over them.
    repeated_file_rows
        Of several files: rows in files that equal an earlier one byte for byte. They are among the
        exact duplicates.
    files
        Of several files: what came of the rows of each, as ``by_file`` shows.
    first_date, last_date
        The days the kept orders lie between.
    rejects
        One row per rejected row: ``file`` (only where several were loaded), ``line_number`` (the physical line the record starts on, 1 is
        the file's first; in Parquet the row, in a workbook the row as Excel numbers it), ``column``, ``value`` as it stood, ``reason`` as a
        code whose words are the texts ``ledger.reason.*``. Several findings in one row are
        joined with ``; ``.

    Examples
    --------
    >>> ledger = Ledger(source="orders.csv", table="orders", format="csv", fingerprint="0",
    ...                 rows_read=3, rows_kept=3, rows_rejected=0, refunds=1)
    >>> ledger.summary()["check"].tolist()
    ['rows_read', 'rows_kept', 'rows_rejected', 'rows_apart', 'duplicates_dropped', 'exact_duplicates', 'refunds']
    """

    source: str
    table: str
    format: str
    fingerprint: str
    rows_read: int
    rows_kept: int
    rows_rejected: int
    rows_apart: int = 0
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    forms: Mapping[str, str] = field(default_factory=dict, hash=False)
    currency: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    ignored_columns: tuple[str, ...] = ()
    duplicates_dropped: int = 0
    exact_duplicates: int = 0
    refunds: int | None = None
    anonymous: int | None = None
    same_day_merges: int | None = None
    amounts_finer_than_cent: int | None = None
    left_out: int | None = None
    further_lines: int | None = None
    total_rows: int | None = None
    replaced_orders: int | None = None
    added_orders: int | None = None
    no_sale: int | None = None
    unknown_statuses: int | None = None
    open_statuses: int | None = None
    order_totals: int | None = None
    orders_added_up: int | None = None
    refund_rows: int | None = None
    implausible_dates: int | None = None
    repeated_ids: int | None = None
    differing_ids: int | None = None
    cleaned_ids: int | None = None
    placeholder_ids: int | None = None
    case_ids: int | None = None
    statuses: Mapping[str, Sequence[Any]] = field(default_factory=dict, hash=False)
    suspicious_ids: Mapping[str, int] = field(default_factory=dict, hash=False)
    sheets_left_out: tuple[str, ...] = ()
    header_zone: str | None = None
    implausible_first: str = ""
    number_ids: int | None = None
    serial_dates: int | None = None
    merged_cells: int | None = None
    repeated_file_rows: int | None = None
    files: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    rejects: pd.DataFrame = field(default_factory=rejecting.table, compare=False, repr=False)

    @property
    def reject_rate(self) -> float | None:
        """Rejected rows as a share of those read; None where nothing was read."""
        return self.rows_rejected / self.rows_read if self.rows_read else None

    def summary(self) -> pd.DataFrame:
        """What does the ledger come to?

        Returns
        -------
        DataFrame
            One row per check that applies: ``check`` (a code; its words are the text
            ``ledger.<check>``), ``rows``, ``share`` of the rows read (0..1, missing where nothing
            was read).
        """
        counts = {name: count for name in CHECKS if (count := getattr(self, name)) is not None}
        shares = [count / self.rows_read if self.rows_read else None for count in counts.values()]
        return pd.DataFrame(
            {
                "check": pd.Series(list(counts), dtype="str"),
                "rows": pd.Series(list(counts.values()), dtype="int64"),
                "share": pd.Series(shares, dtype="float64"),
            }
        )

    def notes(self, words: Words | None = None) -> list[str]:
        """What was taken for a sale, over which days, and what should somebody look at?

        Returns
        -------
        list of str
            Sentences, what is asked first: statuses that may be sales or not, then those that are
            and are not, the days, ids that look like no customer, sheets with other columns.
        """
        said = (words or spoken()).within("ledger.note")
        by_meaning: dict[str, str] = {}
        for meaning in ("open", "unknown", "no_sale", "sale"):
            known = [
                (word, rows) for word, (rows, means) in self.statuses.items() if means == meaning
            ]
            if known:
                listed = ", ".join(f"{word} ({said.write(rows, 'count')})" for word, rows in known)
                by_meaning[meaning] = said(meaning, words=listed)
        notes = list(by_meaning.values())
        if self.first_date and self.last_date:
            notes.append(said("days", first=self.first_date, last=self.last_date))
        if self.header_zone:
            notes.append(said("zone", zone=self.header_zone))
        if self.implausible_first:
            notes.append(said("implausible", first=self.implausible_first))
        notes += [
            said("suspicious", id=one, n=rows, share=rows / self.rows_read)
            for one, rows in self.suspicious_ids.items()
        ]
        if self.sheets_left_out:
            notes.append(said("sheets", sheets=", ".join(self.sheets_left_out)))
        return notes

    def by_file(self) -> pd.DataFrame:
        """What came of the rows of each file?

        Returns
        -------
        DataFrame
            One row per file, where several were loaded together: ``file``, ``rows_read``,
            ``rows_kept``, ``rows_apart``, ``rows_rejected``, ``duplicates_dropped``, ``same_as`` (an earlier file
            with the very same bytes), ``lacks`` (columns that others have and this one does not).
        """
        rows = [
            {**file, "same_as": file["same_as"] or "", "lacks": ", ".join(file["lacks"])}
            for file in self.files
        ]
        return pd.DataFrame(rows, columns=list(BY_FILE.columns)).astype(
            {name: "int64" if kind == "count" else "str" for name, kind in BY_FILE.kinds.items()}
        )

    def rejects_in_words(self, words: Words | None = None) -> pd.DataFrame:
        """Which rows were rejected, and why, said in words?

        Returns
        -------
        DataFrame
            The rejects, one row each, with ``reason`` in these words, or as last said with
            ``words.speak``.
        """
        return rejecting.said(self.rejects, words or spoken())

    def write_rejects(self, path: Path | str, *, words: Words | None = None) -> Path:
        """Which rows have to be mended at the source? Write them to hand back.

        A CSV (UTF-8 with a byte order mark, so that spreadsheets read Chinese). Cells a
        spreadsheet would take for a formula get an apostrophe in front; the ledger itself keeps
        them as they stood. The file appears whole or not at all, and never in a source's place.

        Parameters
        ----------
        path
            The file to write; its folder has to exist.
        words
            Language of the header and the reasons; by default as last said with ``words.speak``.

        Returns
        -------
        Path
            The file written.
        """
        return rejecting.write(self.rejects, path, words or spoken(), self.source)

    def to_dict(self, *, rejects: bool = True) -> dict[str, Any]:
        """Write the ledger as what JSON can hold; ``from_dict`` reads it back.

        Parameters
        ----------
        rejects
            With the rejected rows themselves, or only their number.
        """
        entries: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, dt.date):
                entries[name] = value.isoformat()
            elif isinstance(value, Mapping | tuple):
                entries[name] = dict(value) if isinstance(value, Mapping) else list(value)
            elif name != "rejects":
                entries[name] = value
            elif rejects:
                entries[name] = self.rejects.astype("object").to_numpy().tolist()
        return entries

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> "Ledger":
        """Read back what ``to_dict`` wrote.

        Examples
        --------
        >>> ledger = Ledger(source="o.csv", table="orders", format="csv", fingerprint="0",
        ...                 rows_read=0, rows_kept=0, rows_rejected=0)
        >>> Ledger.from_dict(ledger.to_dict()) == ledger
        True
        """
        values = dict(entries)
        for name in ("first_date", "last_date"):
            values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("ignored_columns", "files", "sheets_left_out"):
            values[name] = tuple(values.get(name, ()))
        rejects = rejecting.table(file="" if values["files"] else None)
        if rows := values.pop("rejects", None):
            rejects = pd.DataFrame(rows, columns=list(rejects.columns)).astype(rejects.dtypes)
        return cls(**values, rejects=rejects)


# What ``summary`` counts: every number of the account, and the header's row is none.
CHECKS = [
    entry.name
    for entry in dataclasses.fields(Ledger)
    if entry.type in (int, int | None) and entry.name != "header_row"
]
