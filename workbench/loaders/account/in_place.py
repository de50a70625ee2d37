"""May a Parquet file be used where it lies? Only if every row keeps the contract, as it stands."""

from pathlib import Path
from typing import Any

from workbench import schema
from workbench.load_options import LoadOptions
from workbench.loaders.account import acceptance, meaning, repeats
from workbench.loaders.cast import contract, mapping
from workbench.loaders.cast.mapping import Resolved
from workbench.loaders.cast.staged import Run
from workbench.loaders.cast.texts import clean_id
from workbench.loaders.open import parquet, sql
from workbench.loaders.open.cells import BLANKS, DATED
from workbench.loaders.open.sql import literal

# What was looked for, and would have made the file one to be copied.
_NOTHING_FOUND = {"total_rows": 0, "cleaned_ids": 0, "placeholder_ids": 0}
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")


def take(run: Run, path: Path, named: str) -> dict[str, Any] | None:
    """Count a file that keeps the contract as it lies; None where a row has to be cast or dropped.

    Returns
    -------
    dict
        The entries of a ledger: every row is read and kept.
    """
    file = parquet.describe(run.connection, path, named)
    resolved = mapping.resolve(run.table, file.headers, run.options, named)
    if not _serves(run, file, resolved):
        return None
    if meaning.is_asked(run, resolved, file):
        return None
    cells = {mapped.column.name: f"c{mapped.positions[0]}" for mapped in resolved.columns}
    whole = sql.columns(len(file.headers))
    duplicates = repeats.count_again(run.connection, whole, f"{file.relation} WHERE true")
    if run.options.drop_duplicates and duplicates:
        return None
    money = [mapped.positions[0] for mapped in resolved.columns if mapped.column.type == "money"]
    fractions = [place for place in money if file.types[place] not in _WHOLE]
    finer = " OR ".join(f"round(c{place}, 2) <> c{place}" for place in fractions) or "false"
    counts = acceptance.counts(run, file.relation, "true", cells, finer if money else None)
    return {
        "format": "parquet",
        "columns": resolved.sources,
        "ignored_columns": resolved.ignored,
        "rows_read": counts["rows_kept"],
        "rows_rejected": 0,
        "exact_duplicates": duplicates,
        **_NOTHING_FOUND,
        "further_lines": 0 if run.table.name == "orders" else None,
        "implausible_dates": 0 if meaning.is_dated(run.table, cells) else None,
        **counts,
        **meaning.ids(run, cells, file.relation, "true"),
    }


def _serves(run: Run, file: parquet.ParquetFile, resolved: Resolved) -> bool:
    """Does every row keep the contract, under our names and types? Asked by aggregates alone."""
    doubts: list[str] = []
    for mapped in resolved.columns:
        if mapped.source != mapped.column.name or len(mapped.positions) != 1:
            return False
        cell = f"c{mapped.positions[0]}"
        doubt = _doubt(mapped.column, cell, file.types[mapped.positions[0]], run.options)
        if doubt is None:
            return False
        doubts += [f"({doubt})"] + ([] if mapped.column.nullable else [f"{cell} IS NULL"])
    broken = f"count(*) FILTER ({' OR '.join(doubts)})"
    if key := resolved.sources.get(run.table.key or ""):
        broken += f" + count(*) - count(DISTINCT c{file.headers.index(key)})"
    return run.row(f"SELECT {broken} FROM {file.relation}") == (0,)


def _doubt(column: schema.Column, cell: str, kind: str, options: LoadOptions) -> str | None:
    """Write when a typed cell breaks its contract; None where the type itself needs a cast."""
    if column.type in ("id", "text", "choice"):
        if kind != "VARCHAR":
            return None
        if column.type == "id":
            words = contract.none_words(column)
            written = f"{clean_id(cell, words)} IS DISTINCT FROM {cell}"
            return f"{cell} IS NOT NULL AND ({written} OR {contract.lost_digits(cell)})"
        blanks = f"{cell} <> trim({cell}, {literal(BLANKS)})"
        unknown = ", ".join(literal(choice) for choice in column.choices)
        choice = f" OR {cell} NOT IN ({unknown})" if unknown else ""
        return f"{cell} = '' OR contains({cell}, chr(0)) OR {blanks}{choice}"
    if column.type in DATED:
        zones = {options.timezone, options.local_zone}
        is_converted = None not in zones and len(zones) == 2
        if kind not in _TIMES or (kind != "DATE" and (column.type == "date" or is_converted)):
            return None
        # Nanoseconds hold no year outside 1677 to 2262: they need no asking, and could not be asked.
        first, last = "'0001-01-01'", "'9999-12-31 23:59:59.999999'"
        return (
            "false"
            if kind == "TIMESTAMP_NS"
            else f"NOT ({cell} BETWEEN {first}::TIMESTAMP AND {last}::TIMESTAMP)"
        )
    if kind in _WHOLE:
        return "false"
    if column.type == "integer":
        return None
    if kind == "DOUBLE":
        return f"NOT isfinite({cell}) OR abs({cell}) >= 1e15"
    if kind.startswith("DECIMAL"):
        return f"abs({cell}) >= 1e15"
    return None
