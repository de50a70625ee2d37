"""How do the rows of one source become values, whatever way its dates and numbers are written?

All in DuckDB. ``staged`` holds one row per well-formed record: the values (``v0`` …), a hash of
the whole source row (``h``), ``finer`` (money beyond cents), ``cleaned`` and ``nobody`` (an id was
written otherwise, or says that there is none), ``apart`` (why a row is kept apart, if it is), and
for bad rows alone the texts as they stood (``texts``). Its ``rowid`` is the record's place in the
file.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from workbench import errors, schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import contract, dates, mapping, notation, statuses
from workbench.loaders.cast.contract import Cast, Cell
from workbench.loaders.cast.mapping import Mapped, Resolved
from workbench.loaders.cast.notation import Counted, Notation
from workbench.loaders.cast.texts import folded, folded_sql, trimmed
from workbench.loaders.open import sql
from workbench.loaders.open.sql import literal

# What of an order its further rows may leave out, where the whole of it is carried down.
_SAID = ("id", "text", "choice")
_KEPT = ("id", "date", "timestamp", "choice")
_CARRIED = ("order_id", "customer_id", "ordered_at", "status", "currency")
# The first word of a row of totals, whatever follows it: Total for Tea, 合计：3笔.
_TOTALS = (
    r"(?i)((grand |sub)?totals?|sum|summe|gesamt|gesamtsumme|zwischensumme"
    r"|(本页|本月|本年)?(合计|总计|小计|总和|累计|合計|總計|小計))([ :：(（].*)?"
)


_NOTHING = Resolved((), ())


@dataclass(frozen=True)
class Run:
    """What every step of a load works with: DuckDB, the contract, what was asked, a folder."""

    connection: duckdb.DuckDBPyConnection
    table: schema.Table
    options: LoadOptions
    folder: Path

    def row(self, query: str) -> tuple[Any, ...]:
        """Give the first row that a query answers."""
        return tuple(self.connection.execute(query).fetchall()[0])


@dataclass(frozen=True)
class Raw:
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
    has_where: bool = False


@dataclass(frozen=True)
class Casts:
    """The casts of a table's columns, and which positions of the file they need.

    ``turned`` gives each text that is not read as it stands, as SQL over the trimmed cells
    (``t0`` …) and which of them are real (``r0`` …); ``real`` the positions that have such.
    ``entries`` is what the ledger tells of how the file is written, ``resolved`` what of the file
    the columns are made from, ``means`` the SQL of what a row's status and direction mean.
    """

    columns: tuple[Cast, ...]
    positions: tuple[int, ...] = ()
    turned: Mapping[str, str] = field(default_factory=dict)
    real: tuple[int, ...] = ()
    entries: Mapping[str, Any] = field(default_factory=dict)
    resolved: Resolved = _NOTHING
    means: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """Where does the value of each column stand in ``staged``?"""
        return {cast.name: f"v{place}" for place, cast in enumerate(self.columns)}

    def with_turned(self, cells: str) -> str:
        """Add to a relation of cells the texts that are not read as they stand."""
        if not self.turned:
            return cells
        turned = ", ".join(f"{sql} AS {name}" for name, sql in self.turned.items())
        return f"(SELECT *, {turned} FROM {cells})"


def stage(run: Run, raw: Raw, resolved: Resolved, named: str) -> Casts:
    """Read a source into ``staged``, and give the casts it was read with.

    What a sample shows to be ISO and plain is read at once. All values are counted first where
    the sample shows another form, or afterwards where a rejected row does.

    Raises
    ------
    ContractError
        Dates or numbers may be read in two ways, and nothing is stated.
    """
    raw = _filled_down(run, _where(run, raw, resolved, named), resolved, named)
    known = {place for place, cell in raw.real.items() if cell == "true"} | raw.typed_times
    kinds = notation.kinds_asked(resolved, known, run.options)

    def count(rows: Raw) -> Counted:
        cells = {place: trimmed(rows.cells[place]) for place in kinds}
        return notation.count(run.connection, rows.relation, cells, rows.real, kinds)

    def decide(counted: Counted) -> Notation:
        return notation.decide(counted, kinds, resolved, run.options, run.table.name, named)

    def read(forms: Notation) -> Casts:
        casts = _casts(resolved, raw, run.options, forms)
        _write(run, raw, casts)
        casts = dataclasses.replace(casts, means=_means(run, casts))
        if rows(run)[1]:
            _set_no_sales_apart(run, casts)
            _set_further_lines_apart(run, casts)
            _set_remarks_apart(run, "line" if raw.has_line else "rowid")
        return casts

    counted_rows = _counted(run, raw, resolved)
    sample = f"(FROM {counted_rows.relation} LIMIT {notation.SAMPLE_ROWS})"
    counted = count(dataclasses.replace(raw, relation=sample))
    if notation.is_as_it_stands(counted, kinds, run.options.decimal):
        forms = decide(counted)
        casts = read(forms)
        if not rows(run)[1] or not notation.is_promising(count(bad_cells(casts)), kinds, forms):
            return casts
    return read(decide(count(counted_rows)))


def _casts(resolved: Resolved, raw: Raw, options: LoadOptions, forms: Notation) -> Casts:
    """Write the casts of all mapped columns."""
    turned: dict[str, str] = {}

    def cell(place: int, kind: schema.ColumnType) -> Cell:
        text, sql, why = forms.read(f"t{place}", place, kind)
        if sql is not None:
            as_it_is = forms.real(place)
            real = place in raw.real
            turned[text] = f"CASE WHEN r{place} THEN {as_it_is} ELSE {sql} END" if real else sql
        return Cell(f"t{place}", text, why)

    def cast(mapped: Mapped) -> Cast:
        cells = tuple(cell(place, mapped.column.type) for place in mapped.positions)
        first = mapped.positions[0]
        is_iso = first in forms.dates or first in raw.typed_times
        said = as_iso if is_iso else options
        zone = said.timezone or resolved.zone(mapped)
        return contract.cast(mapped, cells, dataclasses.replace(said, timezone=zone))

    # Real dates, and what was turned, are ISO whatever ``date_format`` says.
    as_iso = dataclasses.replace(options, date_format=None)
    columns = tuple(cast(mapped) for mapped in resolved.columns)
    positions = tuple(sorted(resolved.ours))
    real = tuple(place for place in positions if place in raw.real)
    zones = {zone for mapped in resolved.columns if (zone := resolved.zone(mapped))}
    stays = zones and options.local_zone is None
    entries = {
        **forms.entries(resolved),
        "header_zone": ", ".join(sorted(zones)) if stays else None,
    }
    return Casts(columns, positions, turned, real, entries, resolved)


def _write(run: Run, raw: Raw, casts: Casts) -> None:
    """Read the source once into ``staged``."""
    line = ", line" if raw.has_line else ""
    texts = [f"{trimmed(raw.cells[place])} AS t{place}" for place in casts.positions]
    texts += [f"{raw.real[place]} AS r{place}" for place in casts.real]
    whole = [f"c{place}" for place in raw.hashed]
    apart = "CASE WHEN NOT w THEN 'where' END" if raw.has_where else "NULL"
    cells = (
        f"(SELECT {', '.join([*texts, *whole])}, hash({', '.join(whole)}) AS h, {apart} AS a{line} "
        f"FROM {raw.relation})"
    )
    values = ", ".join(f"{cast.value} AS v{place}" for place, cast in enumerate(casts.columns))
    bad = _by_name(casts, " OR ".join(cast.bad for cast in casts.columns))
    shown = [f"t{place}" for place in casts.positions]
    shown += [f"CAST(r{place} AS VARCHAR)" for place in casts.real]
    # Only a bad row can be blank, or one of totals: most rows are not asked.
    every = f"list_filter([{', '.join(f'CAST({cell} AS VARCHAR)' for cell in sorted(whole, key=lambda c: int(c[1:])))}], lambda x: trim(x) <> '')"
    values_of = ", ".join(f"CAST({value} AS VARCHAR)" for value in casts.values().values())
    is_wide = len(whole) > 2
    # what has a day or an amount is no remark, however little else there is
    told = [f"v{place}" for place, cast in enumerate(casts.columns) if cast.type not in _SAID]
    is_remark = (
        f"bad AND coalesce({', '.join(f'CAST({v} AS VARCHAR)' for v in told) or 'NULL'}) IS NULL"
    )
    no_row = _no_row(
        every,
        f"coalesce({values_of}) IS NULL" if is_wide else "false",
        is_remark if len(whole) > 3 else "false",
    )
    # a total may stand in a row whose day is there: then it has no customer
    nobody = casts.values().get("customer_id") if run.table.name == "orders" else None
    asked = f"bad OR {nobody} IS NULL" if nobody else "bad"
    if key := casts.values().get(run.table.key or ""):
        asked = f"bad OR regexp_full_match({key}, {literal(_TOTALS)})"
    none = f"(CASE WHEN a IS NULL AND ({asked}) THEN {no_row} ELSE a END)"

    def flag(name: str) -> str:
        said = " OR ".join(one for cast in casts.columns if (one := getattr(cast, name)))
        return f"{_by_name(casts, said or 'false')} AS {name}"

    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged AS SELECT {sql.columns(len(casts.columns), 'v')}, h, "
        f"{flag('finer')}, {flag('cleaned')}, {flag('nobody')}, "
        f"CASE WHEN bad AND coalesce(apart, 'sparse') = 'sparse' THEN [{', '.join(shown)}] END AS texts, "
        f"apart{line} "
        f"FROM (SELECT *, {none} AS apart FROM (SELECT *, {bad} AS bad "
        f"FROM (SELECT *, {values} FROM {casts.with_turned(cells)})))"
    )


def _no_row(cells: str, empty: str = "false", bad: str = "false") -> str:
    """Write whether a row is none: blank, of totals, or one cell that is a heading or a remark.

    Parameters
    ----------
    cells
        SQL of the list of its filled cells.
    empty
        SQL of whether none of our columns has a value: then one cell alone is no row either.
    bad
        SQL of whether the row breaks the contract: one cell or two may be a remark below the table.
    """
    number = r"[-+(]?[^0-9A-Za-z]?[0-9][0-9.,' /:-]*[^0-9]{0,3}"
    return (
        f"list_transform([{cells}], lambda l: CASE WHEN len(l) = 0 THEN 'blank' "
        f"WHEN len(l) = 1 AND {empty} THEN 'total' "
        f"WHEN len(l) > 1 AND regexp_full_match(trim(l[1]), {literal(_TOTALS)}) AND "
        f"len(list_filter(l[2:], lambda x: NOT regexp_full_match(trim(x), {literal(number)}))) = 0 "
        f"THEN 'total' WHEN len(l) <= 2 AND {bad} THEN 'sparse' END)[1]"
    )


def _where(run: Run, raw: Raw, resolved: Resolved, named: str) -> Raw:
    """Note in each row whether it is one of those that are asked for."""
    if not run.options.where:
        return raw
    conditions: list[str] = []
    for header, wanted in run.options.where.items():
        mapping.check_headers(resolved.headers, [header], run.table, named)
        if header not in resolved.headers:
            raise errors.ContractError(
                f"{run.table.name}: where names '{header}', which is not a column of '{named}'.",
                mend=f"{errors.did_you_mean(header, resolved.headers)}"
                f"Found: {mapping.listed(resolved.headers)}.",
            )
        cell = trimmed(raw.cells[resolved.headers.index(header)])
        values = ", ".join(literal(folded(value)) for value in wanted)
        conditions.append(f"{folded_sql(cell)} IN ({values})")
    relation = f"(SELECT *, {' AND '.join(conditions)} AS w FROM {raw.relation})"
    return dataclasses.replace(raw, relation=relation, has_where=True)


def _filled_down(run: Run, raw: Raw, resolved: Resolved, named: str) -> Raw:
    """Carry what stands on an order's first row into those in which all of it is empty."""
    asked = run.options.fill_down
    if not asked:
        return raw
    if isinstance(asked, bool):
        carried = [
            m.positions[0]
            for m in resolved.columns
            if (m.column.name in _CARRIED if run.table.name == "orders" else m.column.type in _KEPT)
        ]
    else:
        unknown = [header for header in asked if header not in resolved.headers]
        if unknown:
            raise errors.ContractError(
                f"{run.table.name}: fill_down names '{unknown[0]}', which is not a column of "
                f"'{named}'.",
                mend=f"{errors.did_you_mean(unknown[0], resolved.headers)}"
                f"Found: {mapping.listed(resolved.headers)}.",
            )
        carried = [resolved.headers.index(header) for header in asked]
    cells = {place: trimmed(raw.cells[place]) for place in range(len(resolved.headers))}
    every = f"list_filter([{', '.join(cells.values())}], lambda x: x <> '')"
    is_empty = " AND ".join(f"{cells[place]} = ''" for place in carried)
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE above AS SELECT *, row_number() OVER () AS n, "
        f"({is_empty}) AND {_no_row(every)} IS NULL AS f FROM {raw.relation}"
    )
    flags = {raw.real[place] for place in carried if raw.real.get(place, "true") != "true"}
    names = [*(f"c{place}" for place in carried), *sorted(flags)]
    over = "OVER (PARTITION BY g ORDER BY n)"
    taken = ", ".join(
        f"CASE WHEN f THEN first_value({name}) {over} ELSE {name} END AS {name}" for name in names
    )
    relation = (
        f"(SELECT * REPLACE ({taken}) FROM (SELECT *, sum(CASE WHEN f THEN 0 ELSE 1 END) "
        "OVER (ORDER BY n) AS g FROM above) ORDER BY n)"
    )
    return dataclasses.replace(raw, relation=relation)


def _means(run: Run, casts: Casts) -> dict[str, str]:
    """Write what each row's status and direction mean, by the words that stand in this file."""
    if run.table.name != "orders":
        return {}
    found: dict[str, str] = {}
    for column in statuses.COLUMNS:
        if value := casts.values().get(column):
            meant = statuses.means_in(run.connection, column, value, casts.resolved, run.options)
            # of a column called Type no word may be known: it says nothing
            found |= {column: statuses.meaning(value, meant)} if meant else {}
    return found


def _counted(run: Run, raw: Raw, resolved: Resolved) -> Raw:
    """Leave out of what is looked at the rows that do not count: not asked for, or no sale."""
    conditions = ["w"] if raw.has_where else []
    for mapped in resolved.columns:
        if run.table.name == "orders" and mapped.column.name in statuses.COLUMNS:
            cell = trimmed(raw.cells[mapped.positions[0]])
            rows = run.connection.execute(f"SELECT DISTINCT {cell} FROM {raw.relation}").fetchall()
            words = [word for (word,) in rows if word]
            name = mapped.column.name
            meant = statuses.means(name, words, mapped.source, resolved, run.options)
            if none := [literal(word) for word, means in meant.items() if means == "no_sale"]:
                conditions.append(f"{cell} NOT IN ({', '.join(none)})")
    if not conditions:
        return raw
    return dataclasses.replace(
        raw, relation=f"(FROM {raw.relation} WHERE {' AND '.join(conditions)})"
    )


def _set_no_sales_apart(run: Run, casts: Casts) -> None:
    """Keep apart the rows that are no sale and lack something: nobody needs an amount of them."""
    for means in casts.means.values():
        run.connection.execute(
            "UPDATE staged SET apart = 'no_sale', texts = NULL "
            f"WHERE texts IS NOT NULL AND {means} = 'no_sale'"
        )


def _set_remarks_apart(run: Run, place: str) -> None:
    """Keep apart the rows of a cell or two that stand below all others: no table ends so."""
    run.connection.execute(
        "UPDATE staged SET apart = 'total', texts = NULL WHERE apart = 'sparse' AND "
        f"{place} > (SELECT coalesce(max({place}), -1) FROM staged "
        "WHERE apart IS DISTINCT FROM 'sparse' AND apart IS DISTINCT FROM 'blank' "
        "AND apart IS DISTINCT FROM 'total')"
    )
    run.connection.execute("UPDATE staged SET apart = NULL WHERE apart = 'sparse'")


def _set_further_lines_apart(run: Run, casts: Casts) -> None:
    """Keep apart the rows that go on with an order and say no amount: its money stands elsewhere."""
    values = casts.values()
    if run.table.name != "orders" or "order_id" not in values:
        return
    amount = next(mapped for mapped in casts.resolved.columns if mapped.column.name == "amount")
    cells = bad_cells(casts).cells
    empty = " OR ".join(f"{cells[place]} = ''" for place in amount.positions)
    run.connection.execute(
        f"UPDATE staged SET apart = 'further', texts = NULL WHERE texts IS NOT NULL AND ({empty}) "
        f"AND {values['order_id']} IN (SELECT {values['order_id']} FROM staged WHERE texts IS NULL)"
    )


def _by_name(casts: Casts, written: str) -> str:
    """Take each value by its name: written out, DuckDB would cast a text once for each use."""
    for place, cast in enumerate(casts.columns):
        written = written.replace(cast.value, f"v{place}")
    return written


def bad_cells(casts: Casts) -> Raw:
    """Give the cells of the staged rows that are bad as a source of their own."""
    numbers = {place: number for number, place in enumerate(casts.positions, 1)}
    flags = {place: number for number, place in enumerate(casts.real, len(numbers) + 1)}
    cells = {place: f"texts[{number}]" for place, number in numbers.items()}
    real = {place: f"(texts[{number}] = 'true')" for place, number in flags.items()}
    return Raw("(FROM staged WHERE texts IS NOT NULL)", cells, (), real=real)


def rows(run: Run) -> tuple[int, int]:
    """How many records are staged, and how many of them are bad?"""
    staged, bad = run.row("SELECT count(*), count(texts) FROM staged")
    return staged, bad


def check_date_format(run: Run) -> None:
    """Refuse a date format that describes no date."""
    form = run.options.date_format
    if form is None or form in dates.STATED:
        return
    try:
        run.connection.execute(f"SELECT try_strptime('', {sql.literal(form)})")
        if "%" not in form:
            raise duckdb.InvalidInputException("no code in it")
    except duckdb.Error as error:
        raise errors.ParameterError(
            f"date_format is '{form}', which describes no date.",
            mend="Write it with the codes of strptime: '%Y%m%d' for 20260305, "
            "'%d.%m.%Y %H:%M' for 05.03.2026 14:30; or name what is counted: "
            "'excel', 'epoch_seconds', 'epoch_milliseconds'.",
        ) from error
