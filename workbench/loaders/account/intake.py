"""How do the files of a source become one table, so that each row's fate is known and none counts twice?

Each file is read by itself, with its own header, encoding and malformed rows. The good rows of
several go into one table, where duplicates and keys are looked for across all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench import errors
from workbench.loaders.account import acceptance, cache, ledger, rejects
from workbench.loaders.cast import staged
from workbench.loaders.cast.by_kind import Staged
from workbench.loaders.cast.contract import SQL_TYPES
from workbench.loaders.cast.staged import Casts, Run


@dataclass(frozen=True)
class Part:
    """One file, or a database's answer: what it is called, what it holds, how it is staged."""

    name: str
    fingerprint: str
    stage: Callable[[Run], Staged]


@dataclass(frozen=True)
class _Read:
    """One part that was read: its good rows, and those that were rejected by themselves."""

    part: Part
    staged: Staged
    rows: int
    rejects: pd.DataFrame

    @property
    def place(self) -> str:
        """The SQL of what tells a row's line."""
        return "line" if self.staged.lines is None else "rowid"

    def with_lines(self, table: pd.DataFrame) -> pd.DataFrame:
        """Turn the places of rows into their lines."""
        if self.staged.lines is None:
            return table
        places = table["line_number"].to_numpy(dtype=np.int64)
        return table.assign(line_number=self.staged.lines(places))


def take(run: Run, parts: Sequence[Part], *, several: bool) -> dict[str, Any]:
    """Read all parts, write their accepted rows, and give the ledger's entries."""
    done: list[_Read] = []
    for number, part in enumerate(parts):
        done.append(_read(run, part, several))
        if several:
            _set_aside(run, number, done[-1])
    if several:
        _check_alike(run, done)
        casts, place = _join(run, done), "part, place"
    else:
        casts, place = done[0].staged.casts, f"0, staged.{done[0].place}"
    excluded = acceptance.exclude(run, casts)
    written = acceptance.write(run, casts, run.folder / cache.ACCEPTED)
    table = _rejects(run, done, casts, place, several)
    said = {**(_alike(done) if several else done[0].staged.said)}
    if several:
        said["files"] = _by_file(run, done, table)
        said["repeated_file_rows"] = sum(f["rows_read"] for f in said["files"] if f["same_as"])
    return {
        **said,
        "rows_read": sum(one.rows for one in done),
        "rows_rejected": len(table),
        "rejects": table,
        **excluded,
        **written,
    }


def _read(run: Run, part: Part, several: bool) -> _Read:
    """Read one part into ``staged``, and list the rows that are rejected by themselves."""
    try:
        found = part.stage(run)
    except errors.ContractError as error:
        if not several or part.name in error.what:
            raise
        raise errors.ContractError(f"'{part.name}': {error.what}", mend=error.mend) from error
    rows, bad = staged.rows(run)
    malformed = rejects.table(found.malformed)
    read = _Read(part, found, rows + len(malformed), malformed)
    if not bad:
        return read
    broken = read.with_lines(acceptance.bad_rows(run, found.casts, read.place))
    return _Read(part, found, read.rows, pd.concat([malformed, broken]))


def _set_aside(run: Run, number: int, read: _Read) -> None:
    """Keep the good rows of one of several files as ``part<number>``, under our own names."""
    values = ", ".join(f'{cell} AS "{name}"' for name, cell in read.staged.casts.values().items())
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE part{number} AS "
        f"SELECT {values}, h, finer, {read.place} AS place FROM staged WHERE texts IS NULL"
    )


def _check_alike(run: Run, done: Sequence[_Read]) -> None:
    """Refuse a file in another currency, or one that spells a column otherwise.

    The column would be empty there.
    """
    known = [(one, money) for one in done if (money := one.staged.said["currency"])]
    for one, currency in known[1:]:
        if currency != known[0][1]:
            raise errors.ContractError(
                f"{run.table.name}: '{one.part.name}' is in {currency}, '{known[0][0].part.name}' "
                f"in {known[0][1]}.",
                mend="One table has one currency: convert, or load the files of one currency.",
            )
    for one in done:
        for other in done:
            for name in other.staged.said["columns"].keys() - one.staged.said["columns"].keys():
                theirs = other.staged.said["columns"][name]
                likely = errors.did_you_mean(theirs, one.staged.said["ignored_columns"])
                if likely:
                    raise errors.ContractError(
                        f"{run.table.name}: '{one.part.name}' has no column '{theirs}', which "
                        f"'{other.part.name}' has.",
                        mend=f"{likely}Rename it in that file, or load it by itself.",
                    )


def _join(run: Run, done: Sequence[_Read]) -> Casts:
    """Make ``staged`` anew from the good rows of all files, each with its file and place."""
    known = {cast.name: cast for one in done for cast in one.staged.casts.columns}
    casts = tuple(known[name] for name in run.table.column_names if name in known)
    types = ", ".join(f"v{place} {SQL_TYPES[cast.type]}" for place, cast in enumerate(casts))
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged ({types}, h UBIGINT, finer BOOLEAN, "
        "texts VARCHAR[], part INTEGER, place BIGINT)"
    )
    for number, one in enumerate(done):
        has = one.staged.casts.values()
        values = ", ".join(f'"{cast.name}"' if cast.name in has else "NULL" for cast in casts)
        run.connection.execute(
            f"INSERT INTO staged SELECT {values}, h, finer, NULL, {number}, place FROM part{number}"
        )
        run.connection.execute(f"DROP TABLE part{number}")
    return Casts(casts)


def _rejects(
    run: Run, done: Sequence[_Read], casts: Casts, place: str, several: bool
) -> pd.DataFrame:
    """List all rejects in the order of the files and lines: also rows whose key came before."""
    repeated = acceptance.repeated_keys(run, casts, place)
    repeated.columns = pd.Index(["part", *rejects.COLUMNS])
    tables = []
    for number, one in enumerate(done):
        mine = repeated[repeated["part"] == number].drop(columns="part")
        table = pd.concat([one.rejects, one.with_lines(mine).astype(one.rejects.dtypes)])
        table = table.sort_values("line_number", kind="stable", ignore_index=True)
        if several:
            table.insert(0, "file", pd.Series(one.part.name, index=table.index, dtype="str"))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _by_file(run: Run, done: Sequence[_Read], table: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """Say of each file what came of its rows, and whether an earlier one holds the very same."""
    dropped = dict(
        run.connection.execute(
            "SELECT part, count(*) FROM staged JOIN excluded ON staged.rowid = rid "
            "WHERE reason IS NULL GROUP BY part"
        ).fetchall()
    )
    rejected = table["file"].value_counts()
    every = {name for one in done for name in one.staged.said["columns"]}
    first: dict[str, str] = {}
    files = []
    for number, one in enumerate(done):
        lost, duplicates = int(rejected.get(one.part.name, 0)), int(dropped.get(number, 0))
        same_as = first.setdefault(one.part.fingerprint, one.part.name)
        files.append(
            {
                "file": one.part.name,
                "rows_read": one.rows,
                "rows_kept": one.rows - lost - duplicates,
                "rows_rejected": lost,
                "duplicates_dropped": duplicates,
                "same_as": None if same_as == one.part.name else same_as,
                "lacks": sorted(every - set(one.staged.said["columns"])),
            }
        )
    return tuple(files)


def _alike(done: Sequence[_Read]) -> dict[str, Any]:
    """Say what the files have in common: counts add up, what differs is listed or left out."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in done for name in one.staged.said):
        said: list[Any] = [one.staged.said.get(name) for one in done]
        if name == "columns":
            found[name] = {ours: one[ours] for one in reversed(said) for ours in one}
        elif name == "ignored_columns":
            found[name] = tuple(dict.fromkeys(header for headers in said for header in headers))
        elif name in ledger.ADDED:
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
