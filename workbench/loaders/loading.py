"""How does a source become a checked table? The sequence, from the cache to the ledger."""

import dataclasses
import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import config, errors, redaction, schema, scratch
from workbench.load_options import LoadOptions, one_by_one
from workbench.loaders.account import cache as caching
from workbench.loaders.account import in_place, intake, rejects
from workbench.loaders.account.ledger import CHECKS, Ledger
from workbench.loaders.cast import by_kind, staged, texts
from workbench.loaders.find import files, sources, workbooks
from workbench.loaders.open.sql import one_parquet
from workbench.results import Result
from workbench.words import MISSING, Words

_MEMORY_LIMIT = "1GB"
_PANDAS_TYPES = {
    "money": "DOUBLE",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "date": "TIMESTAMP",
    "timestamp": "TIMESTAMP",
}
# What to do about the rows, by the reason most of them were rejected for.
_MENDS = {
    "not_a_date": "State how dates are written, for example date_format='%d.%m.%Y', with a clock "
    "and an offset '%d.%m.%Y %H:%M:%S %z'. ",
    "other_date_form": "Write all dates one way at the source, or state date_format. ",
    "other_number_form": "Write all numbers one way at the source, or state decimal. ",
    "two_digit_year": "Write years with four digits at the source. ",
    "percentage": "Map a column of amounts. ",
    "offset_without_zone": "State the zone the times become: timezone='Asia/Shanghai', "
    'or in workbench.toml: timezone = "Asia/Shanghai". ',
    "too_few_fields": "Check the separator. ",
    "too_many_fields": "Check the separator. ",
    "not_in_encoding": "State the encoding, for example encoding='gb18030'. ",
}


COMPLETENESS = Result(
    "loaders.load(…).completeness()", column="column", rows="count", filled="count",
    completeness="rate", distinct="count", smallest="text", largest="text",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What did a load bring: where the accepted rows lie, the table, and the ledger?

    Parameters
    ----------
    source
        The Parquet file of the accepted rows, for ``engine``: any size. Money is
        ``DECIMAL(18,2)`` there.
    ledger
        What happened to every row.
    """

    source: Path
    ledger: Ledger

    @cached_property
    def table(self) -> pd.DataFrame:
        """The accepted rows, read when first asked for: one row per row of the source.

        Columns as in ``schema``: ids and texts as str, money and numbers as float64, days and
        times as datetime64.
        """
        import duckdb

        contract = schema.table(self.ledger.table)
        # DuckDB divides cents by 100; Arrow multiplies by 0.01 and makes 29.330000000000002.
        columns = ", ".join(
            f'CAST("{name}" AS {_PANDAS_TYPES.get(contract.column(name).type, "VARCHAR")}) AS "{name}"'
            for name in self.ledger.columns
        )
        with duckdb.connect(":memory:") as connection:
            rows = connection.sql(f"SELECT {columns} FROM {one_parquet(self.source)}")
            table: pd.DataFrame = rows.to_arrow_table().to_pandas()
        return table

    def completeness(self) -> pd.DataFrame:
        """Which columns are filled, and between which values do they lie?

        Returns
        -------
        DataFrame
            One row per column of the contract, in its order: ``column``, ``rows`` (kept),
            ``filled`` (rows that hold a value), ``completeness`` (0..1; missing where the source
            does not have the column or nothing was kept), ``distinct`` values, ``smallest`` and
            ``largest`` as texts.
        """
        import duckdb

        rows = self.ledger.rows_kept + (self.ledger.refund_rows or 0)
        described: list[tuple[Any, ...]] = []
        with duckdb.connect(":memory:") as connection:
            for column in schema.table(self.ledger.table).columns:
                filled, distinct, smallest, largest = 0, 0, None, None
                if is_there := column.name in self.ledger.columns:
                    name = f'"{column.name}"'
                    ends = (
                        f"regexp_replace({end}({name})::VARCHAR, ' 00:00:00$', '')"
                        for end in ("min", "max")
                    )
                    filled, distinct, smallest, largest = connection.execute(
                        f"SELECT count({name}), count(DISTINCT {name}), {', '.join(ends)} "
                        f"FROM {one_parquet(self.source)}"
                    ).fetchall()[0]
                share = filled / rows if rows and is_there else None
                described.append((column.name, rows, filled, share, distinct, smallest, largest))
        types = dict.fromkeys(("column", "smallest", "largest"), "str")
        types |= {
            "rows": "int64",
            "filled": "int64",
            "completeness": "float64",
            "distinct": "int64",
        }
        names = ["column", "rows", "filled", "completeness", "distinct", "smallest", "largest"]
        return pd.DataFrame(described, columns=names).astype(types)

    def __repr__(self) -> str:
        kept, read = self.ledger.rows_kept, self.ledger.rows_read
        return f"Loaded({self.ledger.table}: {kept:,} of {read:,} rows of {self.ledger.source})"


@dataclass(frozen=True, kw_only=True)
class _Load(LoadOptions):
    """What ``load`` takes beside the source."""

    table: str = "orders"
    cache: Path | str | None = None


@one_by_one(_Load)
def load(source: Path | str, asked: _Load) -> Loaded:
    r"""Which rows of this source can be trusted, and what became of the others?

    Text is read as text and cast by the table's contract; a row that breaks it is rejected with
    its line and reason, never dropped silently. The accepted rows are written once to a Parquet
    cache, so that a second load of the same content is instant. A header without rows gives an
    empty table and a ledger of zeros.

    Parameters
    ----------
    source
        A CSV file (``.gz``: compressed), a fixed-width file (with ``widths``), an Excel workbook
        (``.xlsx``, ``.xlsm``, ``.xlsb``, ``.xls``, ``.ods``) or a Parquet file, which is used where
        it lies if it already keeps the contract. A folder, or a pattern such as
        ``"exports/2026-*.csv"``: all its files, of one kind, as one table. A SQLite file or the
        address of a database (``"sqlite:///shop.db"``, ``"postgresql://user:password@host/shop"``),
        with ``db_table`` or ``sql``; it is only read.
    table
        The contract in ``schema``: orders, customers, order_lines, products, owners.
    columns
        Our names to the file's own, or to the product of two: ``{"customer_id": "CustomerID",
        "amount": "Quantity * UnitPrice"}``. A column that is not named is looked for under our own
        name; what the contract does not take is listed in the ledger.
    date_format
        How dates are written, in the codes of ``strptime``: ``"%Y%m%d"``; or by a word: ``"iso"``,
        ``"excel"`` (serial numbers), ``"epoch_seconds"``, ``"epoch_milliseconds"``. None finds it
        from all values of the column: year first, day or month first, month names, Chinese dates,
        20260305, and what is counted. Every value not in the column's form is rejected.
    timezone
        The zone the source's times are in.
    local_timezone
        The zone the times become, naive; None keeps ``timezone``. Where neither is stated, naive
        times stay as they are, and times that carry an offset are rejected. A day without a clock
        time is never converted.
    encoding
        None detects UTF-8 with or without byte order mark; state any other, such as ``"gb18030"``.
    separator
        The character between fields; None finds comma, semicolon, tab or bar.
    decimal
        The decimal sign, ``"."`` or ``","``; None finds it for each column from all its values,
        and refuses one in which ``1,234`` may be either. Thousands separators, currency signs,
        parentheses and trailing minus, full-width digits and 万/亿 are read either way.
    day_first
        Whether 5/3/2026 is 5 March (True) or 3 May (False); None finds it from the values above 12,
        and refuses a column without any.
    widths
        For fixed-width files: each column's start and stop, counted in characters from 0, the stop
        left out, as Python slices: ``{"customer_id": (0, 6), "date": (7, 15)}``. The names stand
        for headers. A first line that names them all is a header; every other line is a row.
    sheet
        The sheet of a workbook: its name, or its number among the visible tabs, from 1. None takes
        the only one that holds anything. Several names, or ``"*"`` for all with the columns of the
        first: one table, each sheet as a file.
    header_row
        The row of a workbook's header, as Excel numbers it, or the line of a CSV's; None looks for
        the column names, below titles.
    where
        Only rows in which the file's own columns hold one of these values, whatever their case:
        ``{"Deal Stage": "Won"}``.
    fill_down
        True carries order number, customer, time, status and currency into rows in which all of
        them are empty; or the headers to carry.
    distinct
        Of a table with one row per id: the latest row of each id stands. For the names in an order
        file.
    sale_status, no_sale_status
        Words of the status that are a sale, and that are none; they go before ``statuses.csv``.
    amount_is
        Of an order in several rows with the same amount: ``"order"`` counts it once, ``"line"``
        adds them up. None refuses where it is probably the order's total.
    same_order
        Of an order in two files: ``"replace"`` lets the later one stand, ``"add"`` adds them up;
        None replaces what is whole again in the later file, and adds up and tells the rest.
    id_case
        ``"fold"`` joins ids that differ only in case.
    plausible
        The first and the last day that a date may be; None: from 1990 to a year after the day
        below which nine tenths of the rows lie.
    sql, db_table
        What a database is asked for: a SELECT, or the name of a table or view
        (``"orders"``, ``"sales.orders"``).
    max_reject_rate
        The share of rows (0..1) that may be rejected.
    drop_duplicates
        Leave out rows that equal an earlier one in every column of the source; they are counted
        either way.
    cache
        A folder for the accepted rows; None takes ``WORKBENCH_CACHE``, ``.workbench/cache`` beside
        the settings, or the user's cache folder.

    Returns
    -------
    Loaded
        ``source`` (the Parquet file), ``table`` (pandas), ``ledger``.

    Raises
    ------
    SourceNotFoundError, SourceError
        The file is not there, empty, damaged, or not what it was said to be.
    ContractError
        A required column is missing, or two columns have one name.
    RejectRateError
        More rows than ``max_reject_rate`` were rejected; its ``ledger`` says which.
    ParameterError, UnknownNameError
        An option makes no sense.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> file = folder / "shop.csv"
    >>> _ = file.write_text("who,when,pieces,price\n007,2026-03-05,2,9.90\n,2026-03-06,-1,9.90\n")
    >>> orders = load(file, cache=folder / "cache", columns={"customer_id": "who",
    ...               "ordered_at": "when", "amount": "pieces * price"})
    >>> orders.table["amount"].tolist()
    [19.8, -9.9]
    >>> orders.ledger.rows_kept, orders.ledger.anonymous, orders.ledger.refunds
    (2, 1, 1)
    """
    return _load(source, asked.table, asked, caching.folder(asked.cache))


def load_configured(name: str, settings: config.Settings) -> Loaded:
    """Which rows of a table of ``workbench.toml`` can be trusted?

    Parameters
    ----------
    name
        The table: orders, customers, order_lines, products, owners.
    settings
        What ``config.load`` returned; its ``timezone`` is the zone the times become.

    Returns
    -------
    Loaded
        As ``load``; the ledger names the source as the settings do. Customers and owners, which
        are names and who is in charge, may be left out of the settings: then they have no row.

    Raises
    ------
    ConfigError
        The settings name no source for another table.

    Examples
    --------
    >>> load_configured("orders", config.Settings())
    Traceback (most recent call last):
    workbench.errors.ConfigError: settings: no source is given for the table 'orders'.
    Write in workbench.toml: [tables.orders] source = "path/to/orders.csv"
    """
    cache = caching.folder(root=settings.root)
    if name in schema.OPTIONAL and name not in settings.tables:
        # A table that nobody has: all its columns, and no row.
        with scratch.Folder() as folder:
            header = folder / f"{name}.csv"
            header.write_text(",".join(schema.table(name).column_names) + "\n", encoding="utf-8")
            return _named(_load(header, name, LoadOptions(), cache), MISSING)
    chosen = settings.table(name)
    zone = chosen.local_timezone or settings.timezone
    options = dataclasses.replace(chosen, local_timezone=zone)
    loaded = _load(settings.source(name), name, options, cache)
    return _named(loaded, redaction.address(chosen.source))


def _named(loaded: Loaded, source: str) -> Loaded:
    return dataclasses.replace(loaded, ledger=dataclasses.replace(loaded.ledger, source=source))


def _load(source: Path | str, name: str, options: LoadOptions, cache: Path) -> Loaded:
    """Give the cached load of a source, made first if there is none, and check its rejects."""
    table = schema.table(name)
    origin = sources.find(source, options)
    try:
        with _parts(origin, table, options, cache) as parts:
            fingerprint = parts[0].fingerprint
            if len(parts) > 1 or origin.is_several:
                content = "\0".join(f"{part.name}\0{part.fingerprint}" for part in parts)
                fingerprint = hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest()
            # what is counted is part of what is kept
            key = {"table": dataclasses.asdict(table), "counted": CHECKS, **options.key()}
            place = caching.entry(cache, f"{origin.stem}-{name}", fingerprint, key)
            entry = caching.use(place)
            if entry is None:
                _make(origin, parts, fingerprint, place, table, options)
                entry = caching.use(place) or {}
        rejected = rejects.table(file="" if entry["ledger"]["files"] else None)
        if entry["ledger"]["rows_rejected"]:
            rejected = pd.read_parquet(place / caching.REJECTS).astype(rejected.dtypes)
    except OSError as error:
        if isinstance(error, errors.WorkbenchError):
            raise
        raise _failed(origin.named, cache, error) from error
    ledger = Ledger.from_dict({**entry["ledger"], "source": origin.named})
    ledger = dataclasses.replace(ledger, rejects=rejected)
    _check_rate(ledger, options.max_reject_rate)
    return Loaded(
        origin.paths[0].resolve() if entry["in_place"] else place / caching.ACCEPTED, ledger
    )


@contextmanager
def _parts(
    source: sources.Source, table: schema.Table, options: LoadOptions, cache: Path
) -> Iterator[list[intake.Part]]:
    """Say what there is to read, each with its fingerprint; a database is asked at once."""
    if source.question is None:
        for name, path in zip(source.names, source.paths, strict=True):
            if options.widths is None and not files.is_parquet(path):
                workbooks.refuse_at_sight(path, name)
        yield [
            part
            for name, path in zip(source.names, source.paths, strict=True)
            for part in _sheets(path, name, caching.fingerprint(path, cache), table, options)
        ]
        return
    with scratch.Folder(cache) as folder:
        yield [intake.Part(source.named, *by_kind.ask(source.question, table, options, folder))]


def _sheets(
    path: Path, name: str, fingerprint: str, table: schema.Table, options: LoadOptions
) -> list[intake.Part]:
    """Take a file as it is, or each of its sheets as a part of its own."""
    if not options.has_sheets:
        return [intake.Part(name, fingerprint, partial(by_kind.stage, path=path, named=name))]
    sheets, others = by_kind.sheets(path, name, table, options)
    return [
        intake.Part(
            f"{name}, {sheet}",
            f"{fingerprint}, {sheet}",
            partial(by_kind.stage, path=path, named=name, sheet=sheet),
            tuple(others),
        )
        for sheet in sheets
    ]


def _make(
    source: sources.Source,
    parts: list[intake.Part],
    fingerprint: str,
    place: Path,
    table: schema.Table,
    options: LoadOptions,
) -> None:
    """Read a source into a new entry of the cache: all of it, or nothing."""
    import duckdb

    before = source.state()
    try:
        with caching.drafting(place) as draft:
            with duckdb.connect(
                ":memory:",
                config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(draft / "spill")},
            ) as connection:
                connection.execute("SET TimeZone = 'UTC'")
                texts.teach(connection)
                entries = _read(source, parts, staged.Run(connection, table, options, draft))
            if source.state() != before:
                raise errors.SourceError(
                    f"'{source.named}' changed while it was read.",
                    mend="Load it again when it is whole.",
                )
            ledger = Ledger(source.named, table.name, fingerprint=fingerprint, **entries)
            if ledger.rows_rejected:
                ledger.rejects.to_parquet(draft / caching.REJECTS, index=False)
            is_in_place = not (draft / caching.ACCEPTED).exists()
            entry = {"in_place": is_in_place, "ledger": ledger.to_dict(rejects=False)}
            text = json.dumps(entry, ensure_ascii=False, indent=1)
            (draft / caching.LEDGER).write_text(text, encoding="utf-8")
    except duckdb.Error as error:
        raise _failed(source.named, place.parent, error) from error


def _read(source: sources.Source, parts: list[intake.Part], run: staged.Run) -> dict[str, Any]:
    """Give the ledger's entries; a Parquet file that keeps the contract is not copied."""
    staged.check_date_format(run)
    if not source.is_several and source.paths and run.options.widths is None:
        path = source.paths[0]
        counted = in_place.take(run, path, source.named) if files.is_parquet(path) else None
        if counted is not None:
            return counted
    return intake.take(run, parts, several=source.is_several or run.options.has_sheets)


def _check_rate(ledger: Ledger, allowed: float) -> None:
    rate = ledger.reject_rate
    if rate is None or rate <= allowed:
        return
    kinds = ledger.rejects.groupby(["column", "reason"]).size()
    column, reason = kinds.sort_values(ascending=False, kind="stable").index[0]
    alike = (ledger.rejects["column"] == column) & (ledger.rejects["reason"] == reason)
    first = ledger.rejects[alike].iloc[0]
    shown = first["value"] if len(first["value"]) <= 60 else first["value"][:57] + "…"
    place = f"column '{column}', " if column else ""
    where = f"{first['file']}, line" if "file" in first else "line"
    raise errors.RejectRateError(
        f"{ledger.table}: {ledger.rows_rejected:,} of {ledger.rows_read:,} rows of "
        f"'{ledger.source}' were rejected ({rate:.1%}, allowed {allowed:.1%}).",
        mend=f"Most often: {place}{rejects.in_words(str(reason), Words())}, first in "
        f"{where} {first['line_number']} ({shown!r}). "
        f"{_MENDS.get(str(reason).split('; ')[0], 'Mend them at the source, or allow more. ')}"
        "The rows are in the error's ledger.rejects; on the command line, --rejects FILE writes them.",
        ledger=ledger,
    )


def _failed(named: str, cache: Path, error: Exception) -> errors.SourceError:
    why = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    if (full := os.strerror(errno.ENOSPC)) in why:  # DuckDB says it at length
        why = full
    return errors.SourceError(
        f"'{named}' could not be loaded: {why}.",
        mend=f"Check that the file is whole, and that the cache folder '{cache}' has room.",
    )
