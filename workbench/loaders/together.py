"""How do several files become one table, so that each row's file is known and none counts twice?

Each file is read by itself, with its own header, encoding and malformed rows. The good rows go
into one table, where duplicates and keys are looked for across all files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from workbench import errors, schema
from workbench.loaders import cache, checking, ledger, reading
from workbench.loaders.options import Options

_Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Part:
    """One of several files: where it lies, what it is called, what it holds."""

    path: Path
    name: str
    fingerprint: str


@dataclass(frozen=True)
class _Read:
    """One file whose good rows stand in ``together`` under its number."""

    part: Part
    staged: reading.Staged
    rows: int
    rejects: pd.DataFrame


def read(
    connection: _Connection, parts: Sequence[Part], options: Options, draft: Path
) -> dict[str, Any]:
    """Read all files, write their accepted rows, and give the ledger's entries."""
    reading.check_date_format(connection, options.times.date_format)
    done = [_take(connection, number, part, options, draft) for number, part in enumerate(parts)]
    _check_alike(done, options.table)
    casts = _join(connection, done, options.table)
    excluded = checking.exclude(connection, casts, drop_duplicates=options.drop_duplicates)
    found = checking.write(connection, casts, draft / cache.ACCEPTED)
    rejects = pd.concat([*(one.rejects for one in done), _repeated_keys(connection, casts, done)])
    order = {one.part.name: number for number, one in enumerate(done)}
    rejects = rejects.sort_values(
        ["file", "line_number"],
        key=lambda column: column.map(order) if column.name == "file" else column,
        kind="stable",
        ignore_index=True,
    ).astype(ledger.no_rejects(several=True).dtypes)
    files = _accounts(connection, done, rejects)
    return {
        **_alike(done),
        "columns": {
            name: theirs
            for one in reversed(done)
            for name, theirs in one.staged.said["columns"].items()
        },
        "ignored_columns": tuple(
            dict.fromkeys(name for one in done for name in one.staged.said["ignored_columns"])
        ),
        "rows_read": sum(one.rows + len(one.staged.malformed) for one in done),
        "rows_rejected": len(rejects),
        "exact_duplicates": excluded["exact_duplicates"],
        "duplicates_dropped": excluded["duplicates_dropped"],
        "repeated_file_rows": sum(file["rows_read"] for file in files if file["same_as"]),
        "files": tuple(files),
        "rejects": rejects,
        **found,
    }


def _take(connection: _Connection, number: int, part: Part, options: Options, draft: Path) -> _Read:
    """Read one file; its good rows become the table ``part<number>`` under our own names."""
    try:
        staged = reading.stage(connection, part.path, part.name, options, draft)
    except errors.ContractError as error:
        if part.name in error.what:
            raise
        raise errors.ContractError(f"'{part.name}': {error.what}", mend=error.mend) from error
    rows, bad = checking.count(connection)
    checking.exclude_nothing(connection)
    rejects = [staged.malformed]
    if bad:
        rejects.append(checking.rejects(connection, staged.casts, staged.lines))
    values = ", ".join(
        f'v{place} AS "{cast.name}"' for place, cast in enumerate(staged.casts.columns)
    )
    line = "line" if staged.lines is None else "rowid"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE part{number} AS "
        f"SELECT {values}, h, finer, {line} AS place FROM staged WHERE texts IS NULL"
    )
    found = pd.concat(rejects)
    found.insert(0, "file", pd.Series([part.name] * len(found), index=found.index, dtype="str"))
    return _Read(part, staged, rows, found)


def _check_alike(done: Sequence[_Read], table: schema.Table) -> None:
    """Refuse a file in another currency, or one that spells a column otherwise.

    The column would be empty there.
    """
    stated = [(one, one.staged.said.get("currency")) for one in done]
    known = [(one, currency) for one, currency in stated if currency]
    for one, currency in known[1:]:
        if currency != known[0][1]:
            raise errors.ContractError(
                f"{table.name}: '{one.part.name}' is in {currency}, '{known[0][0].part.name}' in "
                f"{known[0][1]}.",
                mend="One table has one currency: convert, or load the files of one currency.",
            )
    for one in done:
        for other in done:
            for name in other.staged.said["columns"].keys() - one.staged.said["columns"].keys():
                theirs = other.staged.said["columns"][name]
                likely = errors.did_you_mean(theirs, one.staged.said["ignored_columns"])
                if likely:
                    raise errors.ContractError(
                        f"{table.name}: '{one.part.name}' has no column '{theirs}', which "
                        f"'{other.part.name}' has.",
                        mend=f"{likely}Rename it in that file, or load it by itself.",
                    )


def _join(connection: _Connection, done: Sequence[_Read], table: schema.Table) -> checking.Casts:
    """Make ``staged`` anew from the good rows of all files, each with its file and place."""
    known = {cast.name: cast for one in done for cast in one.staged.casts.columns}
    casts = tuple(known[name] for name in table.column_names if name in known)
    types = ", ".join(
        f"v{place} {checking.SQL_TYPES[cast.type]}" for place, cast in enumerate(casts)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged ({types}, h UBIGINT, finer BOOLEAN, "
        "texts VARCHAR[], part INTEGER, place BIGINT)"
    )
    for number, one in enumerate(done):
        has = {cast.name for cast in one.staged.casts.columns}
        values = ", ".join(f'"{cast.name}"' if cast.name in has else "NULL" for cast in casts)
        connection.execute(
            f"INSERT INTO staged SELECT {values}, h, finer, NULL, {number}, place FROM part{number}"
        )
        connection.execute(f"DROP TABLE part{number}")
    return checking.Casts(table, casts, ())


def _repeated_keys(
    connection: _Connection, casts: checking.Casts, done: Sequence[_Read]
) -> pd.DataFrame:
    """List the rows whose key a row of this or an earlier file has already."""
    rejects = ledger.no_rejects(several=True)
    key = casts.place(casts.table.key) if casts.table.key else None
    if key is None:
        return rejects
    found = connection.execute(
        f"SELECT part, place, v{key} AS value, reason FROM staged "
        "JOIN excluded ON staged.rowid = rid WHERE reason IS NOT NULL ORDER BY part, place"
    ).df()
    for number, rows in found.groupby("part"):
        one = done[int(str(number))]
        places = rows["place"].to_numpy()
        lines = places if one.staged.lines is None else one.staged.lines(places)
        repeated = pd.DataFrame({"file": one.part.name, "line_number": lines})
        repeated["column"] = casts.table.key
        repeated["value"] = rows["value"].to_numpy()
        repeated["reason"] = rows["reason"].to_numpy()
        rejects = pd.concat([rejects, repeated.astype(rejects.dtypes)])
    return rejects


def _accounts(
    connection: _Connection, done: Sequence[_Read], rejects: pd.DataFrame
) -> list[dict[str, Any]]:
    """Say of each file what came of its rows, and whether an earlier one holds the very same."""
    dropped = dict(
        connection.execute(
            "SELECT part, count(*) FROM staged JOIN excluded ON staged.rowid = rid "
            "WHERE reason IS NULL GROUP BY part"
        ).fetchall()
    )
    rejected = rejects["file"].value_counts()
    every = {name for one in done for name in one.staged.said["columns"]}
    first: dict[str, str] = {}
    found = []
    for number, one in enumerate(done):
        rows = one.rows + len(one.staged.malformed)
        lost = int(rejected.get(one.part.name, 0))
        duplicates = int(dropped.get(number, 0))
        same_as = first.setdefault(one.part.fingerprint, one.part.name)
        found.append(
            {
                "file": one.part.name,
                "rows_read": rows,
                "rows_kept": rows - lost - duplicates,
                "rows_rejected": lost,
                "duplicates_dropped": duplicates,
                "same_as": None if same_as == one.part.name else same_as,
                "lacks": sorted(every - set(one.staged.said["columns"])),
            }
        )
    return found


def _alike(done: Sequence[_Read]) -> dict[str, Any]:
    """Say what the files have in common: counts add up, what differs is listed or left out."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in done for name in one.staged.said):
        said = [one.staged.said.get(name) for one in done]
        if name in ("columns", "ignored_columns"):
            continue
        if name in ledger.ADDED:
            found[name] = sum(count for count in said if count is not None)
        elif isinstance(said[0], Mapping):
            keys = dict.fromkeys(key for value in said for key in value or {})
            found[name] = {key: _listed([(value or {}).get(key) for value in said]) for key in keys}
        elif isinstance(said[0], int):
            found[name] = said[0] if len(set(said)) == 1 else None
        else:
            found[name] = _listed(said)
    return found


def _listed(values: Sequence[str | None]) -> str | None:
    return ", ".join(sorted({value for value in values if value})) or None
