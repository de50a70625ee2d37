"""How is each kind of source brought from its headers to staged rows?

Every kind does the same: headers, mapping, raw rows, casts. A further format is one more function
beside these.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from workbench import errors, schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import contract, mapping, staged
from workbench.loaders.cast.mapping import Resolved
from workbench.loaders.cast.staged import Casts, Raw, Run
from workbench.loaders.find import archives, databases, files, workbooks
from workbench.loaders.open import (
    cells,
    database,
    delimited,
    fixed_width,
    line_by_line,
    parquet,
    sheet,
    sheet_rows,
    text_file,
    workbook,
)
from workbench.loaders.open.cells import DATED, NUMERIC, Reject, Writer
from workbench.loaders.open.sql import literal, one_parquet

Lines = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Staged:
    """One file whose rows stand in ``staged``: what the ledger says of it, and what was malformed.

    ``lines`` gives the line of a row by its place; None where ``staged`` has ``line``.
    """

    entries: dict[str, Any]
    casts: Casts
    malformed: list[Reject]
    lines: Lines | None = None
    below: int = 0


def stage(run: Run, path: Path, named: str, sheet: str | None = None) -> Staged:
    """Read one file, or one of its sheets, into ``staged``, whatever kind it is."""
    if sheet is not None:
        run = dataclasses.replace(run, options=dataclasses.replace(run.options, sheet=sheet))
    options = run.options
    if options.widths is None and files.is_parquet(path):
        return _parquet(run, path, named)
    if path.suffix.lower() in (".parquet", ".pq"):
        raise parquet.damaged(named)
    kind = workbooks.kind(path, named) if options.widths is None else None
    if kind is not None:
        return _workbook(run, path, named, kind)
    if options.sheet is not None:
        raise errors.ParameterError(
            f"'{named}' is no Excel workbook, but sheet is stated.",
            mend="Leave sheet out, or name a workbook.",
        )
    path = archives.only_member(path, named, run.folder) or path
    file = text_file.open_text_file(path, named, options.encoding, run.folder)
    result = _text(run, file)
    reasons = {reject.reason for reject in result.malformed}
    if options.encoding is None and "not_in_encoding" in reasons:
        # Nothing but ASCII in the sample: what comes later tells the encoding.
        encoding = text_file.encoding_of(file)
        if encoding is not None:
            result = _text(run, text_file.open_text_file(path, named, encoding, run.folder))
    return result


def _staged(
    resolved: Resolved,
    casts: Casts,
    entries: dict[str, Any],
    malformed: list[Reject],
    lines: Lines | None = None,
    *,
    below: int = 0,
) -> Staged:
    """Put together what the ledger tells of every kind; ``below`` counts lines below the table."""
    mapped = {"columns": resolved.sources, "ignored_columns": resolved.ignored}
    every = {**mapped, **entries, **casts.entries}
    return Staged(every, casts, malformed, lines, below)


def _text(run: Run, file: text_file.TextFile) -> Staged:
    with text_file.decompressing(file.named):
        if run.options.widths is None:
            return _delimited(run, file)
        widths = run.options.widths
        resolved = mapping.resolve(run.table, list(widths), run.options, file.named)
        writer = fixed_width.write(file, widths, run.folder / "lines.parquet")
        casts = staged.stage(run, _written(run, writer, (len(widths),)), resolved, file.named)
        entries = {"format": "fixed width", "encoding": file.encoding}
        return _staged(resolved, casts, entries, writer.rejects)


def _delimited(run: Run, file: text_file.TextFile) -> Staged:
    expected = mapping.expected(run.table, run.options.columns)
    laid = delimited.layout(file, run.options.separator, expected, run.options.header_row)
    resolved = mapping.resolve(run.table, laid.headers, run.options, file.named)
    entries: dict[str, Any] = {
        "format": "csv", "encoding": file.encoding, "separator": laid.separator
    }  # fmt: skip
    if laid.header_lines > 1:
        entries["header_row"] = laid.header_lines
    every = mapping.by_name(laid.headers)
    fast = _in_one_pass(run, file, laid, resolved, every)
    if fast is None:
        place = run.folder / "records.parquet"
        writer = line_by_line.write(file, laid.separator, len(every), laid.header_lines, place)
        casts = staged.stage(run, _written(run, writer, every), resolved, file.named)
        last = run.row("SELECT max(line) FROM staged")[0] or 0
        below = _below(file, writer.rejects, last, laid)
        return _staged(resolved, casts, entries, writer.rejects, below=below)
    casts, malformed = fast
    every_line = malformed_lines = np.array([reject.line for reject in malformed], dtype=np.int64)

    def lines(ordinals: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return delimited.lines_of(ordinals, every_line, laid.header_lines)

    last = laid.header_lines + staged.rows(run)[0] + len(malformed)
    while len(malformed_lines) and malformed_lines[-1] == last:
        malformed_lines, last = malformed_lines[:-1], last - 1
    below = _below(file, malformed, last, laid)
    return _staged(resolved, casts, entries, malformed, lines, below=below)


def _below(
    file: text_file.TextFile, malformed: list[Reject], last: int, laid: delimited.Layout
) -> int:
    """Take what stands below the table out of the malformed rows, and count it.

    A file that was cut off ends in the middle of a line.
    """
    if not malformed or not file.ends_whole():
        return 0
    few = [
        reject
        for reject in malformed
        if reject.line > last
        and reject.reason == "too_few_fields"
        and 2 * (reject.value.count(laid.separator) + 1) <= len(laid.headers)
    ]
    for reject in few:
        malformed.remove(reject)
    return len(few)


def _in_one_pass(
    run: Run,
    file: text_file.TextFile,
    laid: delimited.Layout,
    resolved: Resolved,
    every: tuple[int, ...],
) -> tuple[Casts, list[Reject]] | None:
    """Stage with DuckDB's own parser; None where only the slow one knows every line."""
    if not laid.header_is_plain or file.has_long_line():
        return None
    raw = Raw(delimited.relation(file, laid), {place: f"c{place}" for place in every}, every)
    # DuckDB adds to these with every file it reads.
    run.connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    try:
        casts = staged.stage(run, raw, resolved, file.named)
        malformed = delimited.malformed(run.connection)
    except duckdb.Error:
        return None
    # What is too much in a row may be empty: the slow parser sees that.
    if malformed is None or any(reject.reason == "too_many_fields" for reject in malformed):
        return None
    rows, bad = staged.rows(run)
    needs_lines = bool(bad or malformed or run.table.key)
    if needs_lines and not delimited.is_regular(file, laid, rows, len(malformed)):
        return None
    return casts, malformed


def _workbook(run: Run, path: Path, named: str, kind: workbooks.Kind) -> Staged:
    expected = mapping.expected(run.table, run.options.columns)
    with workbook.opened(path, named, kind) as book:
        table = sheet.open_sheet(book, named, run.options, expected)
        resolved = mapping.resolve(run.table, table.headers, run.options, named)
        with _writer(run.folder, len(table.headers), resolved, cells.spreadsheet_text) as writer:
            written = sheet_rows.write(table, resolved.ours, writer, path, kind, run.options)
    casts = staged.stage(run, _written(run, writer, _named(table.headers)), resolved, named)
    return _staged(
        dataclasses.replace(resolved, ignored=(*filter(None, resolved.ignored), *written.unnamed)),
        casts,
        {"format": "excel", "sheet": table.name, "header_row": table.header_row, **written.counts},
        writer.rejects,
    )


def _parquet(run: Run, path: Path, named: str) -> Staged:
    file = parquet.describe(run.connection, path, named)
    resolved = mapping.resolve(run.table, file.headers, run.options, named)
    raw = Raw(
        file.relation,
        parquet.cells(file),
        mapping.by_name(file.headers),
        typed_times=frozenset(n for n, kind in enumerate(file.types) if parquet.is_time(kind)),
        real={place: "true" for place, kind in enumerate(file.types) if kind != "VARCHAR"},
    )
    casts = staged.stage(run, raw, resolved, named)
    return _staged(resolved, casts, {"format": "parquet"}, [], lambda row: row + 1)


def sheets(
    path: Path, named: str, table: schema.Table, options: LoadOptions
) -> tuple[list[str], list[str]]:
    """Which sheets of a workbook are one table: the stated ones, or of all those that are alike?

    Returns
    -------
    sheets, others
        Those that have the same columns for ours as the first one, and those that do not.
    """
    kind = workbooks.kind(path, named)
    if kind is None:
        raise errors.ParameterError(
            f"'{named}' is no Excel workbook, but sheets are stated.",
            mend="Leave sheet out, or name a workbook.",
        )
    alike: dict[str, dict[str, str]] = {}
    others: list[str] = []
    with workbook.opened(path, named, kind) as book:
        expected = mapping.expected(table, options.columns)
        stated = sheet.filled(book) if options.sheet == "*" else options.sheet
        for name in stated if isinstance(stated, Sequence) else ():
            one = dataclasses.replace(options, sheet=name)
            laid = sheet.open_sheet(book, named, one, expected)
            try:
                sources = mapping.resolve(table, laid.headers, options, f"{named}, {name}").sources
            except errors.ContractError as error:
                if options.sheet != "*":
                    what = f"sheet '{name}' of '{named}': {error.what}"
                    raise errors.ContractError(what, mend=error.mend) from error
                others.append(laid.name)
                continue
            if alike and sources != next(iter(alike.values())):
                others.append(laid.name)
            else:
                alike[laid.name] = sources
    if not alike or (others and options.sheet != "*"):
        raise errors.ContractError(
            f"{table.name}: the sheets of '{named}' do not have the same columns "
            f"({', '.join([*alike, *others])}).",
            mend="Name those that have, or map the columns.",
        )
    return list(alike), others


def ask(
    question: databases.Question, table: schema.Table, options: LoadOptions, folder: Path
) -> tuple[str, Callable[[Run], Staged]]:
    """Run a query and write its rows into a folder, as text: their fingerprint, and how to stage them.

    Raises
    ------
    SourceNotFoundError, SourceError, UnknownNameError
        As ``database.asked``.
    """
    with database.asked(question, cells.BATCH) as answer:
        headers = answer.headers
        resolved = mapping.resolve(table, headers, options, question.named)
        with _writer(folder, len(headers), resolved, cells.text, answer.times) as writer:
            rows = (row for batch in answer.batches for row in batch)
            for number, row in enumerate(rows, 1):
                writer.add(number, row)

    def stage(run: Run) -> Staged:
        raw = _written(run, writer, _named(headers))
        casts = staged.stage(run, raw, resolved, question.named)
        return _staged(resolved, casts, {"format": "database"}, writer.rejects)

    content = "\x1f".join((*headers, writer.fingerprint))
    return hashlib.sha256(content.encode()).hexdigest(), stage


def _writer(
    folder: Path,
    width: int,
    resolved: Resolved,
    say: Callable[[Any], str | None],
    typed: frozenset[int] = frozenset(),
) -> Writer:
    return Writer(
        folder / "cells.parquet",
        width,
        say,
        dated=resolved.places(*DATED),
        numbers=resolved.places(*NUMERIC),
        typed=typed,
    )


def _named(headers: Sequence[str]) -> tuple[int, ...]:
    """Columns without a name make no difference between two rows."""
    return tuple(place for place in mapping.by_name(headers) if headers[place])


def _written(run: Run, writer: Writer, hashed: tuple[int, ...]) -> Raw:
    """Give rows that were written as texts as a source: of dates, by the stated form."""
    form = run.options.date_format
    texts = {place: f"c{place}" for place in range(writer.width)}
    typed = frozenset(writer.dated if form is not None and "%" in form else ())
    texts |= {place: _as_iso(place, str(form)) for place in typed}
    real = {place: f"d{place}" for place in (*writer.dated, *writer.numbers)}
    return Raw(one_parquet(writer.path), texts, hashed, True, typed, real)


def _as_iso(place: int, form: str) -> str:
    """Write a cell of a dated column as ISO: real dates as they are, texts by the stated form."""
    parsed = f"try_strptime(c{place}, {literal(form)})"
    if "%z" not in form and "%Z" not in form:
        shape = "%Y-%m-%d %H:%M:%S.%f" if contract.has_clock(form) else "%Y-%m-%d"
        iso = f"strftime({parsed}, {literal(shape)})"
    else:
        iso = f"CAST({parsed} AS VARCHAR)"
    return f"CASE WHEN d{place} THEN c{place} ELSE coalesce({iso}, c{place}) END"
