"""How is each kind of file read, from its bytes to staged rows and their account?

Every reader does the same: headers, mapping, casts, staging, and then :func:`check` sorts the
staged rows. A further format is one more function beside these.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from workbench import errors
from workbench.loaders import (
    archives,
    cache,
    casting,
    checking,
    damage,
    database,
    dates,
    delimited,
    excel,
    files,
    fixed_width,
    mapping,
    records,
    staging,
    typed,
    workbooks,
)
from workbench.loaders.cells import Writer, spreadsheet_text
from workbench.loaders.ledger import no_rejects
from workbench.loaders.options import Options

_Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Staged:
    """One file whose rows stand in ``staged``: what the ledger says of it, and what was malformed."""

    said: dict[str, Any]
    casts: checking.Casts
    malformed: pd.DataFrame
    lines: checking.Lines | None


def read(
    connection: _Connection, path: Path, named: str, options: Options, draft: Path
) -> dict[str, Any]:
    """Read a source, write its accepted rows into a folder, and give the ledger's entries.

    A Parquet file that keeps the contract is not copied: nothing is written then.
    """
    check_date_format(connection, options.times.date_format)
    if options.widths is None and files.is_parquet(path):
        in_place = _in_place(connection, path, named, options)
        if in_place is not None:
            return in_place
    staged = stage(connection, path, named, options, draft)
    return {
        **staged.said,
        **check(connection, staged.casts, options, draft, staged.malformed, staged.lines),
    }


def stage(connection: _Connection, path: Path, named: str, options: Options, draft: Path) -> Staged:
    """Read one file into ``staged``, whatever kind it is."""
    if options.widths is None and files.is_parquet(path):
        return _stage_parquet(connection, path, named, options)
    if path.suffix.lower() in (".parquet", ".pq"):
        raise errors.SourceError(
            f"'{named}' cannot be read as Parquet; it is damaged or something else.",
            mend="Copy or export it again.",
        )
    book = workbooks.kind(path, named) if options.widths is None else None
    if book is not None:
        return _stage_excel(connection, path, named, book, options, draft)
    _refuse_sheet(named, options)
    path = archives.only_member(path, named, draft) or path
    file = files.open_text_file(path, named, encoding=options.encoding, scratch=draft)
    staged = _stage_text(connection, file, options)
    is_late = options.encoding is None and (staged.malformed["reason"] == "not_in_encoding").any()
    if is_late:
        # Nothing but ASCII in the sample: what comes later tells the encoding.
        found = files.encoding_of(file)
        if found is not None:
            file = files.open_text_file(path, named, encoding=found, scratch=draft)
            staged = _stage_text(connection, file, options)
    return staged


def _stage_text(connection: _Connection, file: files.TextFile, options: Options) -> Staged:
    with files.decompressing(file.named):
        if options.widths is not None:
            return _stage_fixed_width(connection, file, options)
        return _stage_csv(connection, file, options)


def _stage_csv(connection: _Connection, file: files.TextFile, options: Options) -> Staged:
    expected = delimited.contract_names(options.table, options.columns)
    laid = delimited.layout(file, separator=options.separator, expected=expected)
    mapping.check_headers(laid.headers, options.table, file.named)
    resolved = mapping.resolve(options.table, laid.headers, options.columns)
    every = mapping.by_name(laid.headers)
    cells = {place: f"c{place}" for place in every}
    source = checking.Source(delimited.relation(file, laid), cells, every)
    fast = _stage_fast(connection, file, laid, source, resolved, options)
    lines: checking.Lines | None = None
    if fast is None:
        name, malformed = records.stage(connection, file, laid.separator, len(every))
        source = dataclasses.replace(source, relation=name, has_line=True)
        casts = staging.stage(connection, source, resolved, options, file.named)
    else:
        casts, malformed = fast
        malformed_lines = malformed["line_number"].to_numpy()

        def lines(ordinals: Any) -> Any:
            return delimited.lines_of(ordinals, malformed_lines, laid.header_lines)

    said = {
        "format": "csv",
        "encoding": file.encoding,
        "separator": laid.separator,
        "columns": resolved.said,
        "ignored_columns": resolved.ignored,
        **casts.said,
    }
    return Staged(said, casts, malformed, lines)


def _stage_fast(
    connection: _Connection,
    file: files.TextFile,
    laid: delimited.Layout,
    source: checking.Source,
    resolved: mapping.Resolved,
    options: Options,
) -> tuple[checking.Casts, pd.DataFrame] | None:
    """Stage with DuckDB's own parser; None where only the slow one knows every line."""
    if not laid.header_is_plain:
        return None
    # DuckDB adds to these with every file it reads.
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    try:
        casts = staging.stage(connection, source, resolved, options, file.named)
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
    return casts, malformed


def _stage_fixed_width(connection: _Connection, file: files.TextFile, options: Options) -> Staged:
    widths = options.widths or {}
    resolved = mapping.resolve(options.table, list(widths), options.columns)
    name, malformed = fixed_width.stage(connection, file, widths)
    cells = {place: f"c{place}" for place in range(len(widths))}
    source = checking.Source(name, cells, hashed=(len(widths),), has_line=True)
    casts = staging.stage(connection, source, resolved, options, file.named)
    said = {
        "format": "fixed width",
        "encoding": file.encoding,
        "columns": resolved.said,
        "ignored_columns": resolved.ignored,
        **casts.said,
    }
    return Staged(said, casts, malformed, None)


def _stage_excel(
    connection: _Connection,
    path: Path,
    named: str,
    kind: workbooks.Kind,
    options: Options,
    draft: Path,
) -> Staged:
    expected = delimited.contract_names(options.table, options.columns)
    with workbooks.opened(path, named, kind) as book:
        sheet = excel.open_sheet(
            book,
            named,
            sheet=options.sheet,
            header_row=options.header_row,
            expected=expected,
        )
        mapping.check_headers(sheet.headers, options.table, named)
        resolved = mapping.resolve(options.table, sheet.headers, options.columns)
        place = draft / "cells.parquet"
        with Writer(place, len(sheet.headers), resolved, spreadsheet_text) as writer:
            found = excel.write(
                sheet,
                resolved,
                writer,
                damaged=damage.find(path, kind, sheet.name),
                from_1904=workbooks.counts_from_1904(path, kind),
                options=options,
            )
    source = writer.source(options.times, sheet.headers)
    casts = staging.stage(connection, source, resolved, options, named)
    place.unlink()
    said = {
        "format": "excel",
        "sheet": sheet.name,
        "header_row": sheet.header_row,
        "columns": resolved.said,
        "ignored_columns": (*(name for name in resolved.ignored if name), *found.unnamed),
        **found.counts,
        **casts.said,
    }
    return Staged(said, casts, writer.rejects, None)


def read_answer(
    connection: _Connection, answer: database.Answer, named: str, options: Options, draft: Path
) -> dict[str, Any]:
    """Cast what a database gave, write the accepted rows, and give the ledger's entries."""
    check_date_format(connection, options.times.date_format)
    source = answer.writer.source(options.times, answer.headers)
    casts = staging.stage(connection, source, answer.resolved, options, named)
    return {
        "format": "database",
        "columns": answer.resolved.said,
        "ignored_columns": answer.resolved.ignored,
        **casts.said,
        **check(connection, casts, options, draft, answer.writer.rejects, None),
    }


def _refuse_sheet(named: str, options: Options) -> None:
    if options.sheet is not None or options.header_row is not None:
        stated = "sheet" if options.sheet is not None else "header_row"
        raise errors.ParameterError(
            f"'{named}' is no Excel workbook, but {stated} is stated.",
            mend=f"Leave {stated} out, or name a workbook.",
        )


def _open_parquet(
    connection: _Connection, path: Path, named: str, options: Options
) -> tuple[typed.ParquetFile, mapping.Resolved, dict[str, Any]]:
    file = typed.describe(connection, path, named)
    mapping.check_headers(file.headers, options.table, named)
    resolved = mapping.resolve(options.table, file.headers, options.columns)
    said = {
        "format": "parquet",
        "columns": resolved.said,
        "ignored_columns": resolved.ignored,
    }
    return file, resolved, said


def _in_place(
    connection: _Connection, path: Path, named: str, options: Options
) -> dict[str, Any] | None:
    """Count a Parquet file where it lies; None where its rows have to be cast or dropped."""
    file, resolved, said = _open_parquet(connection, path, named, options)
    counts = typed.take(connection, file, resolved, options.table, options.times)
    if counts is None or (options.drop_duplicates and counts["exact_duplicates"]):
        return None
    return {**said, **counts}


def _stage_parquet(connection: _Connection, path: Path, named: str, options: Options) -> Staged:
    file, resolved, said = _open_parquet(connection, path, named, options)
    typed_times = frozenset(place for place, kind in enumerate(file.types) if typed.is_time(kind))
    every = mapping.by_name(file.headers)
    real = {place: "true" for place, kind in enumerate(file.types) if kind != "VARCHAR"}
    source = checking.Source(
        file.relation, typed.cells(file), every, typed_times=typed_times, real=real
    )
    casts = staging.stage(connection, source, resolved, options, named)
    return Staged({**said, **casts.said}, casts, no_rejects(), lambda row: row + 1)


def check(
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


def check_date_format(connection: _Connection, form: str | None) -> None:
    """Refuse a date format that describes no date."""
    if form is None or form in dates.STATED:
        return
    try:
        connection.execute(f"SELECT try_strptime('', {casting.literal(form)})")
        if "%" not in form:
            raise duckdb.InvalidInputException("no code in it")
    except duckdb.Error as error:
        raise errors.ParameterError(
            f"date_format is '{form}', which describes no date.",
            mend="Write it with the codes of strptime: '%Y%m%d' for 20260305, "
            "'%d.%m.%Y %H:%M' for 05.03.2026 14:30; or name what is counted: "
            "'excel', 'epoch_seconds', 'epoch_milliseconds'.",
        ) from error
