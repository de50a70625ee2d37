"""Which rows are accepted, which rejected, and what else is there to know about them?

All in DuckDB. ``staged`` holds one row per well-formed record: the values (``v0`` …), a hash of
the whole source row (``h``), ``finer`` (money beyond cents), and for bad rows alone the texts as
they stood (``texts``). Its ``rowid`` is the record's place in the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench import schema
from workbench.loaders import casting, ledger, repeats
from workbench.loaders.casting import Cast, Cell, literal
from workbench.loaders.forms import Forms
from workbench.loaders.mapping import Mapped, Resolved
from workbench.loaders.options import Options

SQL_TYPES: dict[schema.ColumnType, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "money": casting.MONEY,
    "integer": "BIGINT",
    "number": "DOUBLE",
}
_FLOAT_ID = literal(r"[0-9]+\.0")

Lines = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Source:
    """Where raw rows come from: a DuckDB relation with columns ``c0`` …, and how to take them.

    ``cells`` is the SQL of each column's text, ``has_line`` says whether the relation has ``line``,
    ``typed_times`` which columns are real dates, ``hashed`` the columns that make up a whole row.
    ``real`` is the SQL of which cells of a column were dates or numbers and no text: how those
    are written is known.
    """

    relation: str
    cells: Mapping[int, str]
    hashed: tuple[int, ...]
    has_line: bool = False
    typed_times: frozenset[int] = frozenset()
    real: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Casts:
    """The casts of a table's columns, and which positions of the file they need.

    ``turned`` gives each text that is not read as it stands, as SQL over the trimmed cells
    (``t0`` …) and which of them are real (``r0`` …); ``real`` the positions that have such.
    ``said`` is what the ledger tells of how the file is written.
    """

    table: schema.Table
    columns: tuple[Cast, ...]
    positions: tuple[int, ...]
    turned: Mapping[str, str] = field(default_factory=dict)
    real: tuple[int, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)

    def place(self, name: str) -> int | None:
        """Give the place of a column among the values; None where the file does not have it."""
        for place, column in enumerate(self.columns):
            if column.name == name:
                return place
        return None


def casts(
    resolved: Resolved, source: Source, options: Options, forms: Forms | None = None
) -> Casts:
    """Write the casts of all mapped columns.

    Parameters
    ----------
    forms
        How the file's dates and numbers are written; None takes ISO and plain numbers.
    """
    forms = forms or Forms()
    positions = sorted({place for mapped in resolved.columns for place in mapped.positions})
    turned: dict[str, str] = {}

    def cell(place: int, kind: schema.ColumnType) -> Cell:
        text, sql, why = forms.read(f"t{place}", place, kind)
        if sql is not None:
            real = place in source.real
            turned[text] = f"CASE WHEN r{place} THEN t{place} ELSE {sql} END" if real else sql
        return Cell(f"t{place}", text, why)

    def one(mapped: Mapped) -> Cast:
        cells = tuple(cell(place, mapped.column.type) for place in mapped.positions)
        is_iso = forms.is_iso(mapped.positions[0]) or mapped.positions[0] in source.typed_times
        return casting.cast(mapped, cells, options.times, typed_time=is_iso)

    columns = tuple(one(mapped) for mapped in resolved.columns)
    real = tuple(place for place in positions if place in source.real)
    return Casts(options.table, columns, tuple(positions), turned, real, forms.said(resolved))


def stage(connection: duckdb.DuckDBPyConnection, source: Source, casts: Casts) -> None:
    """Read the source once into ``staged``."""
    line = ", line" if source.has_line else ""
    texts = ", ".join(
        f"{casting.trimmed(source.cells[place])} AS t{place}" for place in casts.positions
    )
    real = "".join(f", {source.real[place]} AS r{place}" for place in casts.real)
    whole = ", ".join(f"c{place}" for place in source.hashed)
    values = ", ".join(f"{cast.value} AS v{place}" for place, cast in enumerate(casts.columns))
    names = ", ".join(f"v{place}" for place in range(len(casts.columns)))
    bad = _named(casts, " OR ".join(cast.bad for cast in casts.columns))
    finer = " OR ".join(cast.finer for cast in casts.columns if cast.finer) or "false"
    shown = [f"t{place}" for place in casts.positions]
    shown += [f"CAST(r{place} AS VARCHAR)" for place in casts.real]
    cells = f"(SELECT {texts}{real}, hash({whole}) AS h{line} FROM {source.relation})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged AS SELECT {names}, h, "
        f"{_named(casts, finer)} AS finer, "
        f"CASE WHEN {bad} THEN [{', '.join(shown)}] END AS texts{line} "
        f"FROM (SELECT *, {values} FROM {_turned(casts, cells)})"
    )


def _named(casts: Casts, sql: str) -> str:
    """Take each value by its name: written out, DuckDB would cast a text once for each use."""
    for place, cast in enumerate(casts.columns):
        sql = sql.replace(cast.value, f"v{place}")
    return sql


def _turned(casts: Casts, cells: str) -> str:
    """Add to a relation of cells the texts that are not read as they stand."""
    if not casts.turned:
        return cells
    turned = ", ".join(f"{sql} AS {name}" for name, sql in casts.turned.items())
    return f"(SELECT *, {turned} FROM {cells})"


def bad_cells(casts: Casts) -> Source:
    """Give the cells of the staged rows that are bad as a source of their own."""
    numbers = {place: number for number, place in enumerate(casts.positions, 1)}
    flags = {place: number for number, place in enumerate(casts.real, len(numbers) + 1)}
    cells = {place: f"texts[{number}]" for place, number in numbers.items()}
    real = {place: f"(texts[{number}] = 'true')" for place, number in flags.items()}
    return Source("(FROM staged WHERE texts IS NOT NULL)", cells, (), real=real)


def count(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many rows are staged, and how many of them are bad?"""
    rows, bad = _row(connection, "SELECT count(*), count(texts) FROM staged")
    return rows, bad


def exclude(
    connection: duckdb.DuckDBPyConnection, casts: Casts, *, drop_duplicates: bool
) -> dict[str, int]:
    """Find exact duplicates and repeated keys among the good rows; note those that have to go.

    ``excluded`` gets ``rid`` and ``reason`` (NULL for a duplicate that was dropped on request).

    Returns
    -------
    dict
        ``exact_duplicates``, ``duplicates_dropped``, ``repeated_keys``.
    """
    exclude_nothing(connection)
    values = ", ".join(f"v{place}" for place in range(len(casts.columns)))
    suspects = repeats.met_again(connection, "h", "staged WHERE texts IS NULL")
    duplicates = 0
    if len(suspects):
        # A hash can meet by chance: rows are equal only if their values are, too.
        repeats.with_suspects(connection, suspects)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE repeats AS SELECT rid FROM ("
            f"SELECT rowid AS rid, row_number() OVER (PARTITION BY h, {values} ORDER BY rowid) AS n "
            "FROM staged WHERE texts IS NULL AND h IN (SELECT h FROM suspects)) WHERE n > 1"
        )
        duplicates = _row(connection, "SELECT count(*) FROM repeats")[0]
        if drop_duplicates:
            connection.execute("INSERT INTO excluded SELECT rid, NULL FROM repeats")
    dropped = duplicates if drop_duplicates else 0
    repeated = 0
    key = casts.place(casts.table.key) if casts.table.key else None
    if key is not None:
        connection.execute(
            "INSERT INTO excluded SELECT rid, 'duplicate_key' FROM ("
            f"SELECT rowid AS rid, row_number() OVER (PARTITION BY v{key} ORDER BY rowid) AS n "
            "FROM staged WHERE texts IS NULL AND rowid NOT IN (SELECT rid FROM excluded)) "
            "WHERE n > 1"
        )
        repeated = _row(connection, "SELECT count(*) FROM excluded WHERE reason IS NOT NULL")[0]
    return {
        "exact_duplicates": duplicates,
        "duplicates_dropped": dropped,
        "repeated_keys": repeated,
    }


def exclude_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``excluded`` anew, empty."""
    connection.execute("CREATE OR REPLACE TEMP TABLE excluded (rid BIGINT, reason VARCHAR)")


def rejects(
    connection: duckdb.DuckDBPyConnection, casts: Casts, lines: Lines | None
) -> pd.DataFrame:
    """List the staged rows that are rejected, with every reason that holds.

    Parameters
    ----------
    lines
        Gives the line of a row by its place; None where ``staged`` has ``line``.
    """
    line = "rowid" if lines is not None else "line"
    source = bad_cells(casts)
    texts = ", ".join(f"{source.cells[place]} AS t{place}" for place in casts.positions)
    texts += "".join(f", {source.real[place]} AS r{place}" for place in casts.real)
    cells = f"(SELECT {line} AS line_number, {texts} FROM staged WHERE texts IS NOT NULL)"
    reasons = ", ".join(f"{cast.reason} AS r{place}" for place, cast in enumerate(casts.columns))
    shown = ", ".join(f"{cast.shown} AS s{place}" for place, cast in enumerate(casts.columns))

    def joined(word: Callable[[int, Cast], str]) -> str:
        said = ", ".join(
            f"CASE WHEN r{place} IS NOT NULL THEN {word(place, cast)} END"
            for place, cast in enumerate(casts.columns)
        )
        return f"concat_ws('; ', {said})"

    names = joined(lambda _, cast: literal(cast.name))
    values = joined(lambda place, _: f"s{place}")
    codes = joined(lambda place, _: f"r{place}")
    query = (
        f"SELECT line_number, {names}, {values}, {codes} FROM (SELECT line_number, {shown}, "
        f"{reasons} FROM {_turned(casts, cells)})"
    )
    key = casts.place(casts.table.key) if casts.table.key else None
    if key is not None:
        query += (
            f" UNION ALL SELECT staged.{line}, {literal(str(casts.table.key))}, v{key}, reason "
            "FROM staged JOIN excluded ON staged.rowid = rid WHERE reason IS NOT NULL"
        )
    table: pd.DataFrame = connection.execute(query).df()
    table.columns = pd.Index(ledger.REJECT_COLUMNS)
    table = table.astype(ledger.no_rejects().dtypes)
    if lines is not None:
        table["line_number"] = lines(table["line_number"].to_numpy())
    return table


def write(connection: duckdb.DuckDBPyConnection, casts: Casts, target: Path) -> dict[str, Any]:
    """Write the accepted rows to Parquet, and count what a reader of the ledger wants to know.

    Returns
    -------
    dict
        ``rows_kept``, ``refunds``, ``anonymous``, ``same_day_merges``,
        ``amounts_finer_than_cent``, ``float_ids``, ``first_date``, ``last_date``; None where the
        table has no such thing.
    """
    kept = "texts IS NULL"
    if _row(connection, "SELECT count(*) FROM excluded")[0]:
        kept += " AND rowid NOT IN (SELECT rid FROM excluded)"
    floats = _float_ids(connection, casts, kept)
    columns = ", ".join(
        f"CAST({f'left(v{place}, length(v{place}) - 2)' if place in floats else f'v{place}'} "
        f'AS {SQL_TYPES[cast.type]}) AS "{cast.name}"'
        for place, cast in enumerate(casts.columns)
    )
    connection.execute(
        f"COPY (SELECT {columns} FROM staged WHERE {kept}) TO {literal(str(target))} "
        # a dictionary of thousands of ids costs more time than it saves room
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4096)"
    )
    return {
        **counts(
            connection,
            "staged",
            kept,
            {cast.name: f"v{place}" for place, cast in enumerate(casts.columns)},
            "finer" if any(cast.finer for cast in casts.columns) else None,
        ),
        "float_ids": (
            sum(floats.values()) if any(cast.type == "id" for cast in casts.columns) else None
        ),
    }


#: The times that say which days a table covers.
_DATED_BY = ("ordered_at", "touched_at")


def counts(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    kept: str,
    names: Mapping[str, str],
    finer: str | None,
) -> dict[str, Any]:
    """Count what a reader of the ledger wants to know about the kept rows of a relation.

    Parameters
    ----------
    relation, kept
        What to read, and the condition a kept row meets.
    names
        Our columns to the relation's.
    finer
        The condition that money has more than two places; None where there is no money.
    """
    is_orders = {"customer_id", "ordered_at", "amount"} <= set(names)
    asked = {"rows_kept": "count(*)"}
    if finer:
        asked["amounts_finer_than_cent"] = f"count(*) FILTER ({finer})"
    if is_orders:
        customer, at = names["customer_id"], names["ordered_at"]
        asked["refunds"] = f"count(*) FILTER ({names['amount']} < 0)"
        asked["anonymous"] = f"count(*) FILTER ({customer} IS NULL)"
    if dated := next((name for name in _DATED_BY if name in names), None):
        asked["first_date"] = f"CAST(min({names[dated]}) AS DATE)"
        asked["last_date"] = f"CAST(max({names[dated]}) AS DATE)"
    row = _row(connection, f"SELECT {', '.join(asked.values())} FROM {relation} WHERE {kept}")
    found: dict[str, Any] = dict(zip(asked, row, strict=True))
    if is_orders:
        found["same_day_merges"] = repeats.count_again(
            connection,
            f"{customer}, CAST({at} AS DATE)",
            f"{relation} WHERE {kept} AND {customer} IS NOT NULL",
        )
    return found


def _float_ids(connection: duckdb.DuckDBPyConnection, casts: Casts, kept: str) -> dict[int, int]:
    """Find the id columns in which every value is a whole number written as a float."""
    found: dict[int, int] = {}
    for place, cast in enumerate(casts.columns):
        if cast.type != "id":
            continue
        cell = f"v{place}"
        other = f"NOT regexp_full_match({cell}, {_FLOAT_ID})"
        # Most id columns answer with their first value.
        first = connection.execute(
            f"SELECT {other} FROM staged WHERE {kept} AND {cell} IS NOT NULL LIMIT 1"
        ).fetchone()
        if first is None or first[0]:
            continue
        ids, others = _row(
            connection, f"SELECT count({cell}), count(*) FILTER ({other}) FROM staged WHERE {kept}"
        )
        if not others:
            found[place] = ids
    return found


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return tuple(connection.execute(query).fetchall()[0])
