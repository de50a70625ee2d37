"""How does a source become a checked table? The sequence, from the cache to the ledger."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import config, errors, labels, schema
from workbench.loaders import cache as caching
from workbench.loaders import files
from workbench.loaders.casting import Times, one_parquet
from workbench.loaders.ledger import Ledger, no_rejects, reason_in_words
from workbench.loaders.options import Options, Widths, check_widths

_MEMORY_LIMIT = "1GB"
_PANDAS_TYPES = {
    "money": "DOUBLE",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "date": "TIMESTAMP",
    "timestamp": "TIMESTAMP",
}


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
    widths: Widths | None = None,
    max_reject_rate: float = 0.05,
    drop_duplicates: bool = False,
    cache: Path | str | None = None,
) -> Loaded:
    r"""Which rows of this file can be trusted, and what became of the others?

    Text is read as text and cast by the table's contract; a row that breaks it is rejected with
    its line and reason, never dropped silently. The accepted rows are written once to a Parquet
    cache, so that a second load of the same content is instant. A header without rows gives an
    empty table and a ledger of zeros.

    Parameters
    ----------
    source
        A CSV file (``.gz``: compressed), a fixed-width file (with ``widths``) or a Parquet file,
        which is used where it lies if it already keeps the contract.
    table
        The contract in ``schema``: orders, customers, order_lines, products, owners.
    columns
        Our names to the file's own, or to the product of two: ``{"customer_id": "CustomerID",
        "amount": "Quantity * UnitPrice"}``. A column that is not named is looked for under our own
        name; what the contract does not take is listed in the ledger.
    date_format
        How dates are written, in the codes of ``strptime``: ``"%Y%m%d"``. None takes ISO dates.
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
    widths
        For fixed-width files: each column's start and stop, counted in characters from 0, the stop
        left out, as Python slices: ``{"customer_id": (0, 6), "date": (7, 15)}``. The names stand
        for headers. A first line that names them all is a header; every other line is a row.
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
    )
    loaded = _cached(files.find(source), str(source), options, caching.folder(cache))
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
        As ``load``; the ledger names the source as the settings do.

    Raises
    ------
    ConfigError
        The settings name no source for the table.

    Examples
    --------
    >>> load_configured("orders", config.Settings())
    Traceback (most recent call last):
    workbench.errors.ConfigError: settings: no source is given for the table 'orders'.
    Write in workbench.toml: [tables.orders] source = "path/to/orders.csv"
    """
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
        widths=chosen.widths,
        max_reject_rate=chosen.max_reject_rate,
        drop_duplicates=chosen.drop_duplicates,
        cache=caching.folder(root=settings.root),
    )
    ledger = dataclasses.replace(loaded.ledger, source=chosen.source)
    return dataclasses.replace(loaded, ledger=ledger)


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
    raise errors.RejectRateError(
        f"{ledger.table}: {ledger.rows_rejected:,} of {ledger.rows_read:,} rows of "
        f"'{ledger.source}' were rejected ({labels.percent(rate, digits=1)}, allowed "
        f"{labels.percent(max_reject_rate, digits=1)}).",
        mend=f"Most often: {place}{reason_in_words(str(reason))}, first in "
        f"line {first['line_number']} ({shown!r}). {_mend_of(str(reason))}"
        "The rows are in the error's ledger.rejects; on the command line, --rejects FILE writes them.",
        ledger=ledger,
    )


def _mend_of(reason: str) -> str:
    mends = {
        "not_a_date": "State how dates are written, for example date_format='%d.%m.%Y'. ",
        "offset_without_zone": "State the zone the times become: timezone='Asia/Shanghai', "
        'or in workbench.toml: timezone = "Asia/Shanghai". ',
        "too_few_fields": "Check the separator. ",
        "too_many_fields": "Check the separator. ",
        "not_in_encoding": "State the encoding, for example encoding='gb18030'. ",
    }
    return mends.get(reason.split("; ")[0], "Mend them at the source, or allow more. ")


def _cached(path: Path, named: str, options: Options, cache: Path) -> Loaded:
    """Give the cached load of a source, made first if there is none."""
    try:
        content = caching.fingerprint(path, cache)
        stem = f"{path.name.split('.')[0]}-{options.table.name}"
        place = caching.entry(cache, stem, content, options.said())
        said = caching.use(place)
        if said is None:
            _make(path, named, content, options, place)
            said = caching.use(place) or {}
        rejects = no_rejects()
        if said["ledger"]["rows_rejected"]:
            rejects = pd.read_parquet(place / caching.REJECTS).astype(rejects.dtypes)
    except OSError as error:
        if isinstance(error, errors.WorkbenchError):
            raise
        raise _failed(named, cache, error) from error
    ledger = Ledger.from_dict({**said["ledger"], "source": named})
    in_place = bool(said["in_place"])
    return Loaded(
        path.resolve() if in_place else place / caching.ACCEPTED,
        dataclasses.replace(ledger, rejects=rejects),
    )


def _make(path: Path, named: str, content: str, options: Options, place: Path) -> None:
    """Read a source into a new entry of the cache: all of it, or nothing."""
    import duckdb

    from workbench.loaders import reading

    before = path.stat()
    try:
        with caching.drafting(place) as draft:
            with duckdb.connect(
                ":memory:",
                config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(draft / "spill")},
            ) as connection:
                connection.execute("SET TimeZone = 'UTC'")
                made = reading.read(connection, path, named, options, draft)
            after = path.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise errors.SourceError(
                    f"'{named}' changed while it was read.", mend="Load it again when it is whole."
                )
            ledger = Ledger(source=named, table=options.table.name, fingerprint=content, **made)
            if ledger.rows_rejected:
                ledger.rejects.to_parquet(draft / caching.REJECTS, index=False)
            in_place = not (draft / caching.ACCEPTED).exists()
            said: dict[str, Any] = {"in_place": in_place, "ledger": ledger.to_dict(rejects=False)}
            text = json.dumps(said, ensure_ascii=False, indent=1)
            (draft / caching.LEDGER).write_text(text, encoding="utf-8")
    except duckdb.Error as error:
        raise _failed(named, place.parent, error) from error


def _failed(named: str, cache: Path, error: Exception) -> errors.SourceError:
    why = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return errors.SourceError(
        f"'{named}' could not be loaded: {why}.",
        mend=f"Check that the file is whole, and that the cache folder '{cache}' has room.",
    )


__all__ = ["Loaded", "load", "load_configured"]
