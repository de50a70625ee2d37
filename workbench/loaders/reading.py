"""How is each kind of file read, from its bytes to staged rows and their account?

Every reader does the same: headers, mapping, casts, staging, and then :func:`_check` sorts the
staged rows. A further format is one more function beside these.
"""

import dataclasses
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from workbench import errors
from workbench.loaders import (
    cache,
    casting,
    checking,
    delimited,
    files,
    fixed_width,
    mapping,
    records,
    typed,
)
from workbench.loaders.ledger import no_rejects
from workbench.loaders.options import Options

_Connection = duckdb.DuckDBPyConnection


def read(
    connection: _Connection, path: Path, named: str, options: Options, draft: Path
) -> dict[str, Any]:
    """Read a source, write its accepted rows into a folder, and give the ledger's entries.

    A Parquet file that keeps the contract is not copied: nothing is written then.
    """
    _check_date_format(connection, options.times.date_format)
    if options.widths is None and files.is_parquet(path):
        return _read_parquet(connection, path, named, options, draft)
    if path.suffix.lower() in (".parquet", ".pq"):
        raise errors.SourceError(
            f"'{named}' cannot be read as Parquet; it is damaged or something else.",
            mend="Copy or export it again.",
        )
    file = files.open_text_file(path, named, encoding=options.encoding, scratch=draft)
    with files.decompressing(named):
        if options.widths is not None:
            return _read_fixed_width(connection, file, options, draft)
        return _read_csv(connection, file, options, draft)


def _read_csv(
    connection: _Connection, file: files.TextFile, options: Options, draft: Path
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
        name, malformed = records.stage(connection, file, laid.separator, len(every))
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
    connection: _Connection,
    file: files.TextFile,
    laid: delimited.Layout,
    source: checking.Source,
    casts: checking.Casts,
) -> pd.DataFrame | None:
    """Stage with DuckDB's own parser; None where only the slow one knows every line."""
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
    connection: _Connection, file: files.TextFile, options: Options, draft: Path
) -> dict[str, Any]:
    widths = options.widths or {}
    resolved = mapping.resolve(options.table, list(widths), options.columns)
    name, malformed = fixed_width.stage(connection, file, widths)
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
    connection: _Connection,
    path: Path,
    named: str,
    options: Options,
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
    connection: _Connection,
    casts: checking.Casts,
    options: Options,
    draft: Path,
    malformed: pd.DataFrame,
    lines: checking.Lines | None,
) -> dict[str, Any]:
    """Sort staged rows into accepted and rejected, write the accepted, and add everything up."""
    staged, bad = checking.count(connection)
    excluded = checking.exclude(connection, casts, drop_duplicates=options.drop_duplicates)
    found = checking.write(connection, casts, draft / cache.ACCEPTED)
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


def _check_date_format(connection: _Connection, form: str | None) -> None:
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
