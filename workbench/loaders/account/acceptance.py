"""Which staged rows are accepted, which rejected, and what else is there to know about them?"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import errors, schema
from workbench.loaders.account import meaning, rejects, repeats
from workbench.loaders.cast import staged
from workbench.loaders.cast.contract import SQL_TYPES, Cast
from workbench.loaders.cast.staged import Casts, Run
from workbench.loaders.open.sql import literal

# The times that say which days a table covers.
_DATED_BY = ("ordered_at", "touched_at")
_GOOD = "texts IS NULL AND apart IS NULL"


def bad_rows(run: Run, casts: Casts, place: str) -> pd.DataFrame:
    """List the staged rows that break the contract, with every reason that holds.

    Parameters
    ----------
    place
        The SQL of what tells a row's line: ``line``, or ``rowid``.
    """
    raw = staged.bad_cells(casts)
    texts = [f"{raw.cells[n]} AS t{n}" for n in casts.positions]
    texts += [f"{raw.real[n]} AS r{n}" for n in casts.real]
    cells = (
        f"(SELECT {place} AS line_number, {', '.join(texts)} FROM staged WHERE texts IS NOT NULL)"
    )
    reasons = [f"{cast.reason} AS r{n}" for n, cast in enumerate(casts.columns)]
    shown = [f"{cast.shown} AS s{n}" for n, cast in enumerate(casts.columns)]

    def joined(word: Callable[[int, Cast], str]) -> str:
        words = ", ".join(
            f"CASE WHEN r{n} IS NOT NULL THEN {word(n, cast)} END"
            for n, cast in enumerate(casts.columns)
        )
        return f"concat_ws('; ', {words})"

    names, values = joined(lambda _, cast: literal(cast.name)), joined(lambda n, _: f"s{n}")
    table: pd.DataFrame = run.connection.execute(
        f"SELECT line_number, {names}, {values}, {joined(lambda n, _: f'r{n}')} FROM "
        f"(SELECT line_number, {', '.join([*shown, *reasons])} FROM {casts.with_turned(cells)})"
    ).df()
    table.columns = pd.Index(rejects.COLUMNS)
    return table.astype(rejects.table().dtypes)


def exclude(run: Run, casts: Casts, *, several: bool) -> dict[str, Any]:
    """Find among the good rows those that do not count: repeated ones, and what ``meaning`` says.

    ``excluded`` gets ``rid`` and ``reason``.

    Returns
    -------
    dict
        ``exact_duplicates``, ``duplicates_dropped``, and the entries of ``meaning.exclude``.
    """
    run.connection.execute("CREATE OR REPLACE TEMP TABLE excluded (rid BIGINT, reason VARCHAR)")
    entries: dict[str, Any] = {}
    if key := casts.values().get(run.table.key or ""):
        # a row without its key has a word for nobody in it, or is an order's of which nobody bought
        run.connection.execute(
            f"INSERT INTO excluded SELECT rowid, 'nobody' FROM staged WHERE {_GOOD} AND {key} IS NULL"
        )
    if run.options.distinct:
        entries |= _distinct(run, casts)

    def again(columns: str, condition: str) -> str:
        return (
            "SELECT rid FROM (SELECT rowid AS rid, row_number() OVER "
            f"(PARTITION BY {columns} ORDER BY rowid) AS n FROM staged WHERE {_GOOD} "
            f"AND {condition}) WHERE n > 1"
        )

    duplicates = 0
    suspects = repeats.met_again(run.connection, "h", f"staged WHERE {_GOOD}")
    if len(suspects):
        # A hash can meet by chance: rows are equal only if their values are, too.
        repeats.with_suspects(run.connection, suspects)
        values = ", ".join(["h", *casts.values().values()])
        equal = again(values, "h IN (SELECT h FROM suspects)")
        run.connection.execute(f"CREATE OR REPLACE TEMP TABLE repeats AS {equal}")
        duplicates = run.row("SELECT count(*) FROM repeats")[0]
        if run.options.drop_duplicates:
            run.connection.execute("INSERT INTO excluded SELECT rid, 'duplicate' FROM repeats")
    entries |= meaning.exclude(run, casts, several)
    if key:
        repeated = again(key, "rowid NOT IN (SELECT rid FROM excluded)")
        run.connection.execute(
            f"INSERT INTO excluded SELECT rid, 'duplicate_key' FROM ({repeated})"
        )
    dropped = duplicates if run.options.drop_duplicates else 0
    return {"exact_duplicates": duplicates, "duplicates_dropped": dropped, **entries}


def _distinct(run: Run, casts: Casts) -> dict[str, Any]:
    """Keep of each id its latest row; count the ids of which rows say different things."""
    names = casts.values()
    key = names.get(run.table.key or "")
    if key is None:
        raise errors.ParameterError(
            f"distinct is stated, but '{run.table.name}' has no column that names each row.",
            mend=f"It is for {', '.join(t.name for t in schema.TABLES.values() if t.key)}.",
        )
    good = f"{_GOOD} AND rowid NOT IN (SELECT rid FROM excluded)"
    others = [value for name, value in names.items() if name not in (run.table.key, "ordered_at")]
    same = " OR ".join(f"count(DISTINCT {value}) > 1" for value in others) or "false"
    differing = run.row(
        f"SELECT count(*) FROM (SELECT {key} FROM staged WHERE {good} GROUP BY {key} HAVING {same})"
    )[0]
    latest = ""
    if at := names.get("ordered_at"):
        last = meaning.last_day(run, at, counted=_GOOD) or "9999-12-31"
        latest = f"CASE WHEN {at} < DATE '{last}' + INTERVAL 1 DAY THEN {at} END DESC NULLS LAST, "
    run.connection.execute(
        "INSERT INTO excluded SELECT rid, 'repeated_id' FROM (SELECT rowid AS rid, row_number() OVER "
        f"(PARTITION BY {key} ORDER BY {latest}rowid DESC) AS n FROM staged WHERE {good}) WHERE n > 1"
    )
    repeated = run.row("SELECT count(*) FROM excluded WHERE reason = 'repeated_id'")[0]
    return {"repeated_ids": repeated, "differing_ids": differing}


def repeated_keys(run: Run, casts: Casts, place: str) -> pd.DataFrame:
    """List the rows whose key an earlier row has already, with the ``part`` they are of."""
    key = casts.values().get(run.table.key or "", "NULL")
    table: pd.DataFrame = run.connection.execute(
        f"SELECT {place}, {literal(str(run.table.key))}, {key}, reason FROM staged "
        "JOIN excluded ON staged.rowid = rid WHERE reason = 'duplicate_key' ORDER BY ALL"
    ).df()
    return table


def write(run: Run, casts: Casts, target: Path) -> dict[str, Any]:
    """Write the accepted rows to Parquet, and count what a reader of the ledger wants to know.

    Returns
    -------
    dict
        ``rows_kept``, ``refunds``, ``anonymous``, ``same_day_merges``,
        ``amounts_finer_than_cent``, ``first_date``, ``last_date``, and what ``meaning`` tells of
        ids; None where the table has no such thing.
    """
    kept = _GOOD
    if run.row("SELECT count(*) FROM excluded")[0]:
        kept += " AND rowid NOT IN (SELECT rid FROM excluded)"
    names = {name: cell for name, cell in casts.values().items() if name in run.table.column_names}
    rows = ", ".join(f'{cell} AS "{name}"' for name, cell in names.items())
    rows = f"SELECT {rows} FROM staged WHERE {kept}"
    refunded = meaning.refunds(names)
    types = ", ".join(
        f'CAST("{cast.name}" AS {SQL_TYPES[cast.type]}) AS "{cast.name}"'
        for cast in casts.columns
        if cast.name in names
    )
    if refunded:
        # the refunds stand behind the rows of the source
        rows = f"{rows} UNION ALL BY NAME {refunded}"
    run.connection.execute(
        f"COPY (SELECT {types} FROM ({rows})) TO {literal(str(target))} "
        # a dictionary of thousands of ids costs more time than it saves room
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4096)"
    )
    finer = "finer" if any(cast.finer for cast in casts.columns) else None
    has_ids = any(cast.type == "id" for cast in casts.columns)
    told: dict[str, Any] = {"refund_rows": None}
    if refunded:
        told["refund_rows"] = run.row(f"SELECT count(*) FROM ({refunded})")[0]
    if has_ids:
        cleaned, nobody = run.row(
            "SELECT count(*) FILTER (cleaned AND texts IS NULL), "
            "count(*) FILTER (nobody AND texts IS NULL) FROM staged WHERE apart IS NULL"
        )
        told |= {"cleaned_ids": cleaned, "placeholder_ids": nobody}
    return {
        **counts(run, "staged", kept, names, finer),
        **told,
        **meaning.ids(run, names, "staged", kept),
    }


def counts(
    run: Run, relation: str, kept: str, names: Mapping[str, str], finer: str | None
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
    aggregates = {"rows_kept": "count(*)"}
    if finer:
        aggregates["amounts_finer_than_cent"] = f"count(*) FILTER ({finer})"
    if is_orders:
        customer, at = names["customer_id"], names["ordered_at"]
        aggregates["refunds"] = f"count(*) FILTER ({names['amount']} < 0)"
        aggregates["anonymous"] = f"count(*) FILTER ({customer} IS NULL)"
    if dated := next((name for name in _DATED_BY if name in names), None):
        aggregates["first_date"] = f"CAST(min({names[dated]}) AS DATE)"
        aggregates["last_date"] = f"CAST(max({names[dated]}) AS DATE)"
    row = run.row(f"SELECT {', '.join(aggregates.values())} FROM {relation} WHERE {kept}")
    entries: dict[str, Any] = dict(zip(aggregates, row, strict=True))
    if is_orders:
        entries["same_day_merges"] = repeats.count_again(
            run.connection,
            f"{customer}, CAST({at} AS DATE)",
            f"{relation} WHERE {kept} AND {customer} IS NOT NULL",
        )
    return entries
