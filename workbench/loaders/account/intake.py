"""How do the files of a source become one table, so that each row's fate is known and none counts twice?

Each file is read by itself, with its own header, encoding and malformed rows. The good rows of
several go into one table, where duplicates and keys are looked for across all of them.
"""

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench import errors
from workbench.loaders.account import acceptance, cache, ledger, meaning, rejects
from workbench.loaders.cast import staged, statuses
from workbench.loaders.cast.by_kind import Staged
from workbench.loaders.cast.contract import SQL_TYPES
from workbench.loaders.cast.mapping import Resolved
from workbench.loaders.cast.staged import Casts, Run

# Why a row is kept apart when its file is read.
_APART = ("where", "further", "total")


@dataclass(frozen=True)
class Part:
    """One file or sheet, or a database's answer: what it is called, what it holds, how it is staged.

    ``left_out`` names the sheets beside it that have other columns.
    """

    name: str
    fingerprint: str
    stage: Callable[[Run], Staged]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Read:
    """One part that was read: its good rows, and those that were rejected by themselves."""

    part: Part
    staged: Staged
    rows: int
    apart: Mapping[str, int]
    rejects: pd.DataFrame

    @property
    def columns(self) -> dict[str, str]:
        """Ours to the file's own."""
        columns: dict[str, str] = self.staged.entries["columns"]
        return columns

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
    reads: list[_Read] = []
    for number, part in enumerate(parts):
        reads.append(_read(run, part, several))
        if several:
            _set_aside(run, number, reads[-1])
    if several:
        _check_alike(run, reads)
        casts, place = _join(run, reads), "part, place"
    else:
        casts, place = reads[0].staged.casts, f"0, staged.{reads[0].place}"
    excluded = acceptance.exclude(run, casts, several=several)
    written = acceptance.write(run, casts, run.folder / cache.ACCEPTED)
    table = _rejects(run, reads, casts, place, several)
    if excluded.get("implausible_dates"):
        excluded["implausible_first"] = _first_implausible(run, reads, casts, place, several)
    entries = _alike(reads) if several else dict(reads[0].staged.entries)
    if several:
        files = entries["files"] = _by_file(run, reads, table)
        entries["repeated_file_rows"] = sum(file["rows_read"] for file in files if file["same_as"])
    rows = sum(read.rows for read in reads)
    away = rows - len(table) - excluded["duplicates_dropped"] - written["rows_kept"]
    return {
        **entries,
        "rows_read": rows,
        "rows_rejected": len(table),
        "rows_apart": away,
        "sheets_left_out": tuple(dict.fromkeys(n for part in parts for n in part.left_out)),
        "rejects": table,
        **_apart(run, reads),
        **excluded,
        **written,
    }


def _first_implausible(
    run: Run, reads: Sequence[_Read], casts: Casts, place: str, several: bool
) -> str:
    """Say where the first date stands that cannot be, and which it is."""
    at = next(casts.values()[name] for name in meaning.DATED_BY if name in casts.values())
    part, line, day = run.row(
        f"SELECT {place}, CAST(CAST({at} AS DATE) AS VARCHAR) FROM staged JOIN excluded "
        "ON staged.rowid = rid WHERE reason = 'implausible' ORDER BY ALL LIMIT 1"
    )
    rows = reads[part].with_lines(pd.DataFrame({"line_number": [line]}))
    file = f"{reads[part].part.name}, " if several else ""
    return f"{file}line {rows['line_number'].iloc[0]}: {day}"


def _apart(run: Run, reads: Sequence[_Read]) -> dict[str, Any]:
    """Count the rows that were kept apart before anything was compared, where it was looked for."""
    counts = {code: sum(read.apart.get(code, 0) for read in reads) for code in _APART}
    orders = run.table.name == "orders"
    return {
        "left_out": counts["where"] if run.options.where else None,
        "further_lines": counts["further"] if orders else None,
        "total_rows": counts["total"] + sum(read.staged.below for read in reads),
    }


def _read(run: Run, part: Part, several: bool) -> _Read:
    """Read one part into ``staged``, and list the rows that are rejected by themselves."""
    try:
        result = part.stage(run)
    except errors.ContractError as error:
        if not several or part.name in error.what:
            raise
        raise errors.ContractError(f"'{part.name}': {error.what}", mend=error.mend) from error
    rows, bad = staged.rows(run)
    apart = dict(
        run.connection.execute(
            "SELECT apart, count(*) FROM staged WHERE apart IS NOT NULL GROUP BY apart"
        ).fetchall()
    )
    malformed = rejects.table(result.malformed)
    rows += len(malformed) + result.below - apart.pop("blank", 0)
    read = _Read(part, result, rows, apart, malformed)
    if not bad:
        return read
    broken = read.with_lines(acceptance.bad_rows(run, result.casts, read.place))
    return dataclasses.replace(read, rejects=pd.concat([malformed, broken]))


def _set_aside(run: Run, number: int, read: _Read) -> None:
    """Keep the good rows of one of several files as ``part<number>``, under our own names."""
    values = ", ".join(f'{cell} AS "{name}"' for name, cell in read.staged.casts.values().items())
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE part{number} AS "
        f"SELECT {values}, {_means(read.staged.casts)}, h, finer, cleaned, nobody, apart, "
        f"{read.place} AS place FROM staged "
        "WHERE texts IS NULL AND (apart IS NULL OR apart = 'no_sale')"
    )


def _means(casts: Casts) -> str:
    """Write what a row's status and direction mean in its file as columns of their own."""
    return ", ".join(f"{casts.means.get(name, 'NULL')} AS m_{name}" for name in statuses.COLUMNS)


def _check_alike(run: Run, reads: Sequence[_Read]) -> None:
    """Refuse a file in another currency, or one that spells a column otherwise.

    The column would be empty there.
    """
    currencies: dict[str, str] = {}
    for read in reads:
        if currency := read.staged.entries["currency"]:
            currencies.setdefault(currency, read.part.name)
    if len(currencies) > 1:
        (money, name), (other_money, other_name), *_ = currencies.items()
        raise errors.ContractError(
            f"{run.table.name}: '{other_name}' is in {other_money}, '{name}' in {money}.",
            mend="One table has one currency: convert, or load the files of one currency.",
        )
    for read, other in itertools.permutations(reads, 2):
        for name in other.columns.keys() - read.columns.keys():
            theirs, ignored = other.columns[name], read.staged.entries["ignored_columns"]
            if likely := errors.did_you_mean(theirs, ignored):
                raise errors.ContractError(
                    f"{run.table.name}: '{read.part.name}' has no column '{theirs}', which "
                    f"'{other.part.name}' has.",
                    mend=f"{likely}Rename it in that file, or load it by itself.",
                )


def _join(run: Run, reads: Sequence[_Read]) -> Casts:
    """Make ``staged`` anew from the good rows of all files, each with its file and place."""
    by_name = {cast.name: cast for read in reads for cast in read.staged.casts.columns}
    order = (*run.table.column_names, "ordered_at")
    casts = tuple(by_name[name] for name in dict.fromkeys(order) if name in by_name)
    types = ", ".join(f"v{place} {SQL_TYPES[cast.type]}" for place, cast in enumerate(casts))
    meanings = ", ".join(f"m_{name} VARCHAR" for name in statuses.COLUMNS)
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged ({types}, {meanings}, h UBIGINT, finer BOOLEAN, cleaned BOOLEAN, "
        "nobody BOOLEAN, texts VARCHAR[], apart VARCHAR, part INTEGER, place BIGINT)"
    )
    means = ", ".join(f"m_{name}" for name in statuses.COLUMNS)
    for number, read in enumerate(reads):
        has = read.staged.casts.values()
        values = ", ".join(f'"{cast.name}"' if cast.name in has else "NULL" for cast in casts)
        run.connection.execute(
            f"INSERT INTO staged SELECT {values}, {means}, h, finer, cleaned, nobody, NULL, apart, {number}, "
            f"place FROM part{number}"
        )
        run.connection.execute(f"DROP TABLE part{number}")
    # each column as the first file that has it says it
    every = [mapped for read in reads for mapped in read.staged.casts.resolved.columns]
    columns = {mapped.column.name: mapped for mapped in reversed(every)}
    said = {name: f"m_{name}" for name in statuses.COLUMNS if name in columns}
    resolved = Resolved(tuple(columns.values()), ())
    return Casts(casts, entries=_alike(reads), resolved=resolved, means=said)


def _rejects(
    run: Run, reads: Sequence[_Read], casts: Casts, place: str, several: bool
) -> pd.DataFrame:
    """List all rejects in the order of the files and lines: also rows whose key came before."""
    repeated = acceptance.repeated_keys(run, casts, place)
    repeated.columns = pd.Index(["part", *rejects.COLUMNS])
    tables = []
    for number, read in enumerate(reads):
        mine = repeated[repeated["part"] == number].drop(columns="part")
        table = pd.concat([read.rejects, read.with_lines(mine).astype(read.rejects.dtypes)])
        table = table.sort_values("line_number", kind="stable", ignore_index=True)
        if several:
            table.insert(0, "file", pd.Series(read.part.name, index=table.index, dtype="str"))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _by_file(run: Run, reads: Sequence[_Read], table: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """Say of each file what came of its rows, and whether an earlier one holds the very same."""
    dropped = dict(
        run.connection.execute(
            "SELECT part, count(*) FROM staged JOIN excluded ON staged.rowid = rid "
            "WHERE reason = 'duplicate' GROUP BY part"
        ).fetchall()
    )
    apart = dict(
        run.connection.execute(
            "SELECT part, count(*) FROM staged JOIN excluded ON staged.rowid = rid "
            "WHERE reason NOT IN ('duplicate', 'duplicate_key') GROUP BY part"
        ).fetchall()
    )
    rejected = table["file"].value_counts()
    every = set().union(*(read.columns for read in reads))
    first: dict[str, str] = {}
    files = []
    for number, read in enumerate(reads):
        lost, duplicates = int(rejected.get(read.part.name, 0)), int(dropped.get(number, 0))
        away = sum(read.apart.values()) + read.staged.below + apart.get(number, 0)
        same_as = first.setdefault(read.part.fingerprint, read.part.name)
        files.append(
            {
                "file": read.part.name,
                "rows_read": read.rows,
                "rows_kept": read.rows - lost - duplicates - away,
                "rows_apart": away,
                "rows_rejected": lost,
                "duplicates_dropped": duplicates,
                "same_as": None if same_as == read.part.name else same_as,
                "lacks": sorted(every - set(read.columns)),
            }
        )
    return tuple(files)


def _alike(reads: Sequence[_Read]) -> dict[str, Any]:
    """Say what the files have in common: counts add up, what differs is listed or left out."""
    alike: dict[str, Any] = {}
    for name in dict.fromkeys(name for read in reads for name in read.staged.entries):
        entries: list[Any] = [read.staged.entries.get(name) for read in reads]
        first = entries[0]
        if name == "columns":
            alike[name] = {ours: columns[ours] for columns in reversed(entries) for ours in columns}
        elif name == "ignored_columns":
            alike[name] = tuple(dict.fromkeys(header for headers in entries for header in headers))
        elif name in ledger.ADDED:
            alike[name] = sum(entries)
        elif isinstance(first, Mapping):
            keys = dict.fromkeys(key for forms in entries for key in forms)
            alike[name] = {key: _listed([forms.get(key) for forms in entries]) for key in keys}
        elif isinstance(first, int):
            alike[name] = first if len(set(entries)) == 1 else None
        else:
            alike[name] = _listed(entries)
    return alike


def _listed(values: Sequence[str | None]) -> str | None:
    return ", ".join(sorted({value for value in values if value})) or None
