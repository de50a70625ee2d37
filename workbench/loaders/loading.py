"""How does a source become a checked table? The sequence, from the cache to the ledger."""

import dataclasses
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import config, errors, labels, schema
from workbench.loaders import cache as caching
from workbench.loaders import database, files, sources
from workbench.loaders.casting import Times, one_parquet
from workbench.loaders.ledger import Ledger, no_rejects, reason_in_words
from workbench.loaders.options import Options, Widths, check_decimal, check_widths
from workbench.results import Result

_MEMORY_LIMIT = "1GB"
_PANDAS_TYPES = {
    "money": "DOUBLE",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "date": "TIMESTAMP",
    "timestamp": "TIMESTAMP",
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
            found = connection.sql(f"SELECT {columns} FROM {one_parquet(self.source)}")
            table: pd.DataFrame = found.to_arrow_table().to_pandas()
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

        names = [column.name for column in schema.table(self.ledger.table).columns]
        there = [name for name in names if name in self.ledger.columns]
        asked = ", ".join(
            f'count("{name}"), count(DISTINCT "{name}"), '
            f"regexp_replace(CAST(min(\"{name}\") AS VARCHAR), ' 00:00:00$', ''), "
            f"regexp_replace(CAST(max(\"{name}\") AS VARCHAR), ' 00:00:00$', '')"
            for name in there
        )
        with duckdb.connect(":memory:") as connection:
            found = connection.execute(f"SELECT {asked} FROM {one_parquet(self.source)}").fetchone()
        told = {name: (found or ())[4 * place : 4 * place + 4] for place, name in enumerate(there)}
        rows = self.ledger.rows_kept
        table = pd.DataFrame(
            [(name, *told.get(name, (0, 0, None, None))) for name in names],
            columns=["column", "filled", "distinct", "smallest", "largest"],
        )
        table.insert(1, "rows", rows)
        shares = [
            row / rows if rows and name in told else None
            for name, row in zip(names, table["filled"], strict=True)
        ]
        table.insert(3, "completeness", pd.Series(shares, dtype="float64"))
        texts = dict.fromkeys(("column", "smallest", "largest"), "str")
        return table.astype({**texts, "filled": "int64", "distinct": "int64"})

    def __repr__(self) -> str:
        kept, read = self.ledger.rows_kept, self.ledger.rows_read
        return f"Loaded({self.ledger.table}: {kept:,} of {read:,} rows of {self.ledger.source})"


def load(
    source: Path | str,
    *,
    table: str = "orders",
    columns: Mapping[str, str] | None = None,
    date_format: str | None = None,
    timezone: str | None = None,
    local_timezone: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    day_first: bool | None = None,
    widths: Widths | None = None,
    sheet: str | int | None = None,
    header_row: int | None = None,
    sql: str | None = None,
    db_table: str | None = None,
    max_reject_rate: float = 0.05,
    drop_duplicates: bool = False,
    cache: Path | str | None = None,
) -> Loaded:
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
        the only one that holds anything.
    header_row
        The row of a workbook's header, as Excel numbers it; None looks for the column names, below
        titles.
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
    if not 0 <= max_reject_rate <= 1:
        raise errors.ParameterError(
            f"max_reject_rate is {max_reject_rate}.", mend="Write a share from 0 to 1: 0.05."
        )
    source_zone = config.time_zone(timezone)
    options = Options(
        schema.table(table),
        dict(columns or {}),
        Times(date_format, source_zone, config.time_zone(local_timezone) or source_zone),
        files.codec(encoding) if encoding is not None else None,
        separator,
        check_widths(widths) if widths is not None else None,
        bool(drop_duplicates),
        sheet=sheet,
        header_row=_check_header_row(header_row),
        decimal=check_decimal(decimal),
        day_first=day_first,
    )
    found = sources.find(source, sql=sql, db_table=db_table)
    loaded = _cached(found, options, caching.folder(cache))
    _check_rate(loaded.ledger, max_reject_rate)
    return loaded


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
    if name in schema.OPTIONAL and name not in settings.tables:
        return _without_rows(name, settings)
    chosen = settings.table(name)
    loaded = load(
        settings.source(name),
        table=name,
        columns=chosen.columns,
        date_format=chosen.date_format,
        timezone=chosen.timezone,
        local_timezone=settings.timezone,
        encoding=chosen.encoding,
        separator=chosen.separator,
        decimal=chosen.decimal,
        day_first=chosen.day_first,
        widths=chosen.widths,
        sheet=chosen.sheet,
        header_row=chosen.header_row,
        sql=chosen.sql,
        db_table=chosen.db_table,
        max_reject_rate=chosen.max_reject_rate,
        drop_duplicates=chosen.drop_duplicates,
        cache=caching.folder(root=settings.root),
    )
    ledger = dataclasses.replace(loaded.ledger, source=database.masked(chosen.source))
    return dataclasses.replace(loaded, ledger=ledger)


def _without_rows(name: str, settings: config.Settings) -> Loaded:
    """Give a table that nobody has: all its columns, and no row."""
    place = caching.folder(root=settings.root)
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        header = Path(folder) / f"{name}.csv"
        header.write_text(",".join(schema.table(name).column_names) + "\n", encoding="utf-8")
        loaded = load(header, table=name, cache=place)
    return dataclasses.replace(
        loaded, ledger=dataclasses.replace(loaded.ledger, source=labels.MISSING)
    )


def _check_header_row(stated: int | None) -> int | None:
    if stated is not None and stated < 1:
        raise errors.ParameterError(
            f"header_row is {stated}.", mend="Rows are counted from 1, as Excel numbers them."
        )
    return stated


def _check_rate(ledger: Ledger, max_reject_rate: float) -> None:
    rate = ledger.reject_rate
    if rate is None or rate <= max_reject_rate:
        return
    column, reason = (
        ledger.rejects.groupby(["column", "reason"])
        .size()
        .sort_values(ascending=False, kind="stable")
        .index[0]
    )
    first = ledger.rejects[
        (ledger.rejects["column"] == column) & (ledger.rejects["reason"] == reason)
    ].iloc[0]
    shown = first["value"] if len(first["value"]) <= 60 else first["value"][:57] + "…"
    place = f"column '{column}', " if column else ""
    where = f"{first['file']}, line" if "file" in first else "line"
    raise errors.RejectRateError(
        f"{ledger.table}: {ledger.rows_rejected:,} of {ledger.rows_read:,} rows of "
        f"'{ledger.source}' were rejected ({labels.percent(rate, digits=1)}, allowed "
        f"{labels.percent(max_reject_rate, digits=1)}).",
        mend=f"Most often: {place}{reason_in_words(str(reason))}, first in "
        f"{where} {first['line_number']} ({shown!r}). {_mend_of(str(reason))}"
        "The rows are in the error's ledger.rejects; on the command line, --rejects FILE writes them.",
        ledger=ledger,
    )


def _mend_of(reason: str) -> str:
    mends = {
        "not_a_date": "State how dates are written, for example date_format='%d.%m.%Y'. ",
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
    return mends.get(reason.split("; ")[0], "Mend them at the source, or allow more. ")


def _cached(source: sources.Source, options: Options, cache: Path) -> Loaded:
    """Give the cached load of a source, made first if there is none."""
    try:
        with source.opened(options, cache) as opened:
            stem = f"{source.stem}-{options.table.name}"
            place = caching.entry(cache, stem, opened.fingerprint, options.said())
            said = caching.use(place)
            if said is None:
                _make(opened, options, place)
                said = caching.use(place) or {}
        rejects = no_rejects(several=bool(said["ledger"]["files"]))
        if said["ledger"]["rows_rejected"]:
            rejects = pd.read_parquet(place / caching.REJECTS).astype(rejects.dtypes)
    except OSError as error:
        if isinstance(error, errors.WorkbenchError):
            raise
        raise _failed(source.named, cache, error) from error
    ledger = Ledger.from_dict({**said["ledger"], "source": source.named})
    in_place = source.path is not None and bool(said["in_place"])
    return Loaded(
        source.path.resolve() if in_place and source.path else place / caching.ACCEPTED,
        dataclasses.replace(ledger, rejects=rejects),
    )


def _make(source: sources.Source, options: Options, place: Path) -> None:
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
                made = source.read(connection, options, draft)
            if source.state() != before:
                raise errors.SourceError(
                    f"'{source.named}' changed while it was read.",
                    mend="Load it again when it is whole.",
                )
            ledger = Ledger(
                source=source.named,
                table=options.table.name,
                fingerprint=source.fingerprint,
                **made,
            )
            if ledger.rows_rejected:
                ledger.rejects.to_parquet(draft / caching.REJECTS, index=False)
            in_place = not (draft / caching.ACCEPTED).exists()
            said: dict[str, Any] = {"in_place": in_place, "ledger": ledger.to_dict(rejects=False)}
            text = json.dumps(said, ensure_ascii=False, indent=1)
            (draft / caching.LEDGER).write_text(text, encoding="utf-8")
    except duckdb.Error as error:
        raise _failed(source.named, place.parent, error) from error


def _failed(named: str, cache: Path, error: Exception) -> errors.SourceError:
    why = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return errors.SourceError(
        f"'{named}' could not be loaded: {why}.",
        mend=f"Check that the file is whole, and that the cache folder '{cache}' has room.",
    )


__all__ = ["Loaded", "load", "load_configured"]
