"""How does a source become a checked table? The sequence, from the cache to the ledger."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench import config, errors, labels, schema
from workbench.loaders import (
    cache as caching,
)
from workbench.loaders import (
    casting,
    checking,
    delimited,
    files,
    fixed_width,
    mapping,
    records,
    typed,
)
from workbench.loaders.fixed_width import Widths
from workbench.loaders.ledger import Ledger, no_rejects, reason_in_words

if TYPE_CHECKING:
    import duckdb

_MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Loaded:
    """What did a load bring: where the accepted rows lie, the table, and the ledger?

    Parameters
    ----------
    source
        The Parquet file of the accepted rows, for ``engine``: any size.
    ledger
        What happened to every row.

    Attributes
    ----------
    table
        The accepted rows as a pandas DataFrame, read when first asked for: one row per row of the
        source, columns as in ``schema``; money as float64, days and times as datetime64.
    """

    source: Path
    ledger: Ledger

    @cached_property
    def table(self) -> pd.DataFrame:
        """The accepted rows as a pandas DataFrame; read once, then kept."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = list(self.ledger.columns)
        found = pq.read_table(self.source, columns=names, partitioning=None)
        fields = []
        for name, kind in zip(found.schema.names, found.schema.types, strict=True):
            if pa.types.is_decimal(kind):
                kind = pa.float64()
            elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
                kind = pa.timestamp("us")
            fields.append(pa.field(name, kind))
        table: pd.DataFrame = found.cast(pa.schema(fields), safe=False).to_pandas()
        return table[names]

    def __repr__(self) -> str:
        kept, read = self.ledger.rows_kept, self.ledger.rows_read
        return f"Loaded({self.ledger.table}: {kept:,} of {read:,} rows of {self.ledger.source})"


@dataclass(frozen=True)
class _Options:
    table: schema.Table
    columns: dict[str, str]
    times: casting.Times
    encoding: str | None
    separator: str | None
    widths: dict[str, tuple[int, int]] | None
    drop_duplicates: bool

    def said(self) -> dict[str, Any]:
        """Say all that the accepted rows depend on, for the cache's name."""
        return dataclasses.asdict(self)


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
        The zone the times become, naive. Without both, naive times stay as they are. Times that
        carry an offset need ``local_timezone``, or are rejected.
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
    options = _Options(
        schema.table(table),
        dict(columns or {}),
        casting.Times(date_format, config.time_zone(timezone), config.time_zone(local_timezone)),
        files.codec(encoding) if encoding is not None else None,
        separator,
        fixed_width.check(widths) if widths is not None else None,
        bool(drop_duplicates),
    )
    if not 0 <= max_reject_rate <= 1:
        raise errors.ParameterError(
            f"max_reject_rate is {max_reject_rate}.", mend="Write a share from 0 to 1: 0.05."
        )
    path = files.find(source)
    loaded = _cached(path, str(source), options, caching.folder(cache))
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
    return load(
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
        "offset_without_zone": "State the zone the times become: local_timezone='Asia/Shanghai', "
        'or in workbench.toml: timezone = "Asia/Shanghai". ',
        "too_few_fields": "Check the separator. ",
        "too_many_fields": "Check the separator. ",
        "not_in_encoding": "State the encoding, for example encoding='gb18030'. ",
    }
    return mends.get(reason.split("; ")[0], "Mend them at the source, or allow more. ")


def _cached(path: Path, named: str, options: _Options, cache: Path) -> Loaded:
    content = caching.fingerprint(path, cache)
    place = caching.entry(
        cache, f"{path.name.split('.')[0]}-{options.table.name}", content, options.said()
    )
    if not caching.is_whole(place):
        _make(path, named, content, options, place)
    else:
        caching.touch(place)
    said = json.loads((place / caching.LEDGER).read_text(encoding="utf-8"))
    rejects = no_rejects()
    if said["rows_rejected"]:
        rejects = pd.read_parquet(place / caching.REJECTS).astype(rejects.dtypes)
    ledger = dataclasses.replace(Ledger.from_dict(said), rejects=rejects, source=named)
    accepted = place / caching.ACCEPTED
    return Loaded(accepted if accepted.exists() else path.resolve(), ledger)


@contextmanager
def _connected(draft: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(draft / "spill")},
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = true")
        yield connection
    finally:
        connection.close()


def _make(path: Path, named: str, content: str, options: _Options, place: Path) -> None:
    import duckdb

    try:
        with caching.drafting(place) as draft, _connected(draft) as connection:
            _check_date_format(connection, options.times.date_format)
            made = _read(connection, path, named, options, draft)
            ledger = Ledger(source=named, table=options.table.name, fingerprint=content, **made)
            if ledger.rows_rejected:
                ledger.rejects.to_parquet(draft / caching.REJECTS, index=False)
            said = json.dumps(ledger.to_dict(rejects=False), ensure_ascii=False, indent=1)
            (draft / caching.LEDGER).write_text(said, encoding="utf-8")
    except errors.WorkbenchError:
        raise
    except (duckdb.Error, OSError) as error:
        raise errors.SourceError(
            f"'{named}' could not be loaded: {str(error).splitlines()[0]}.",
            mend=f"Check that the file is whole and that the cache folder '{place.parent}' has room.",
        ) from error


def _check_date_format(connection: "duckdb.DuckDBPyConnection", form: str | None) -> None:
    import duckdb

    if form is None:
        return
    try:
        connection.execute(f"SELECT try_strptime('', {casting.literal(form)})")
        if "%" not in form:
            raise duckdb.InvalidInputException("no code in it")
    except duckdb.Error as error:
        raise errors.ParameterError(
            f"date_format is '{form}', which describes no date.",
            mend="Write it with the codes of strptime: '%Y%m%d' for 20260305, "
            "'%d.%m.%Y %H:%M' for 05.03.2026 14:30.",
        ) from error


def _read(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    named: str,
    options: _Options,
    draft: Path,
) -> dict[str, Any]:
    if options.widths is None and files.is_parquet(path):
        return _read_parquet(connection, path, named, options, draft)
    if path.suffix.lower() in (".parquet", ".pq"):
        raise errors.SourceError(
            f"'{named}' cannot be read as Parquet; it is damaged or something else.",
            mend="Copy or export it again.",
        )
    file = files.open_text_file(path, named, encoding=options.encoding, scratch=draft)
    if options.widths is not None:
        return _read_fixed_width(connection, file, options, draft)
    return _read_csv(connection, file, options, draft)


def _read_csv(
    connection: "duckdb.DuckDBPyConnection", file: files.TextFile, options: _Options, draft: Path
) -> dict[str, Any]:
    expected = delimited.contract_names(options.table, options.columns)
    laid = delimited.layout(file, separator=options.separator, expected=expected)
    mapping.check_headers(laid.headers, options.table, file.named)
    resolved = mapping.resolve(options.table, laid.headers, options.columns)
    every = tuple(range(len(laid.headers)))
    cells = {place: f"c{place}" for place in every}
    source = checking.Source(delimited.relation(file, laid), cells, every)
    casts = checking.casts(options.table, resolved, source, options.times)
    malformed = _stage_fast(connection, file, laid, source, casts)
    lines: checking.Lines | None = None
    if malformed is None:
        try:
            name, malformed = records.stage(connection, file, laid.separator, len(every))
        except (EOFError, OSError) as error:
            raise files.truncated(file.named) from error
        source = dataclasses.replace(source, relation=name, has_line=True)
        checking.stage(connection, source, casts)
    else:
        malformed_lines = malformed["line_number"].to_numpy()

        def lines(ordinals: Any) -> Any:
            return delimited.lines_of(ordinals, malformed_lines, laid.header_lines)

    return {
        "format": "csv",
        "encoding": file.encoding,
        "separator": laid.separator,
        "columns": resolved.said,
        "ignored_columns": resolved.ignored,
        **_check(connection, casts, options, draft, malformed, lines),
    }


def _stage_fast(
    connection: "duckdb.DuckDBPyConnection",
    file: files.TextFile,
    laid: delimited.Layout,
    source: checking.Source,
    casts: checking.Casts,
) -> pd.DataFrame | None:
    """Stage with DuckDB's own parser; None where only the slow one knows every line."""
    import duckdb

    if not laid.header_is_plain:
        return None
    try:
        checking.stage(connection, source, casts)
        malformed = delimited.malformed(connection)
    except duckdb.Error:
        return None
    if malformed is None:
        return None
    rows, bad = checking.count(connection)
    has_key = casts.table.key is not None
    if (bad or len(malformed) or has_key) and not delimited.is_regular(
        file, laid, rows, len(malformed)
    ):
        return None
    return malformed


def _read_fixed_width(
    connection: "duckdb.DuckDBPyConnection", file: files.TextFile, options: _Options, draft: Path
) -> dict[str, Any]:
    widths = options.widths or {}
    resolved = mapping.resolve(options.table, list(widths), options.columns)
    try:
        name, malformed = fixed_width.stage(connection, file, widths)
    except (EOFError, OSError) as error:
        raise files.truncated(file.named) from error
    cells = {place: f"c{place}" for place in range(len(widths))}
    source = checking.Source(name, cells, hashed=(len(widths),), has_line=True)
    casts = checking.casts(options.table, resolved, source, options.times)
    checking.stage(connection, source, casts)
    return {
        "format": "fixed width",
        "encoding": file.encoding,
        "columns": resolved.said,
        "ignored_columns": resolved.ignored,
        **_check(connection, casts, options, draft, malformed, None),
    }


def _read_parquet(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    named: str,
    options: _Options,
    draft: Path,
) -> dict[str, Any]:
    file = typed.describe(connection, path, named)
    mapping.check_headers(file.headers, options.table, named)
    resolved = mapping.resolve(options.table, file.headers, options.columns)
    said = {
        "format": "parquet",
        "columns": resolved.said,
        "ignored_columns": resolved.ignored,
    }
    in_place = typed.take(connection, file, resolved, options.table, options.times)
    if in_place is not None and not (options.drop_duplicates and in_place["exact_duplicates"]):
        return {**said, **in_place}
    typed_times = frozenset(place for place, kind in enumerate(file.types) if typed.is_time(kind))
    every = tuple(range(len(file.headers)))
    source = checking.Source(file.relation, typed.cells(file), every, typed_times=typed_times)
    casts = checking.casts(options.table, resolved, source, options.times)
    checking.stage(connection, source, casts)
    return {**said, **_check(connection, casts, options, draft, no_rejects(), lambda row: row + 1)}


def _check(
    connection: "duckdb.DuckDBPyConnection",
    casts: checking.Casts,
    options: _Options,
    draft: Path,
    malformed: pd.DataFrame,
    lines: checking.Lines | None,
) -> dict[str, Any]:
    """Sort staged rows into accepted and rejected, write the accepted, and add everything up."""
    staged, bad = checking.count(connection)
    excluded = checking.exclude(connection, casts, drop_duplicates=options.drop_duplicates)
    found = checking.write(connection, casts, draft / caching.ACCEPTED)
    rejects = malformed
    if bad or excluded["repeated_keys"]:
        rejects = pd.concat([malformed, checking.rejects(connection, casts, lines)])
    rejects = rejects.sort_values("line_number", kind="stable", ignore_index=True)
    return {
        "rows_read": staged + len(malformed),
        "rows_rejected": len(rejects),
        "exact_duplicates": excluded["exact_duplicates"],
        "duplicates_dropped": excluded["duplicates_dropped"],
        "rejects": rejects,
        **found,
    }


__all__ = ["Loaded", "load", "load_configured"]
