"""How are the dates and numbers of one file written, column by column?

A sample tells whether they are ISO dates and plain numbers, which DuckDB reads as they stand. If
not, or if a row turns up that is not, all values are counted by what they look like, and each
column's form is decided from the counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from workbench import errors, schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import annotations, dates, numbers
from workbench.loaders.cast.dates import DateForm
from workbench.loaders.cast.mapping import Resolved
from workbench.loaders.cast.numbers import NumberForm
from workbench.loaders.cast.texts import Seen, ascii_text
from workbench.loaders.open.cells import DATED, NUMERIC

SAMPLE_ROWS = 2_000
_AS_THEY_STAND = {
    "date": ("", "real", "iso", "other"),
    "number": ("", "real", "whole", "point", "either_point", "percent", "other"),
}


@dataclass(frozen=True)
class Notation:
    """How the dates and numbers of a file are written, by position; ISO and plain if not said."""

    dates: Mapping[int, DateForm] = field(default_factory=dict)
    numbers: Mapping[int, NumberForm] = field(default_factory=dict)
    factors: Mapping[int, str] = field(default_factory=dict)
    currency: str | None = None

    def read(self, cell: str, place: int, kind: schema.ColumnType) -> tuple[str, str | None, str]:
        """Write how a trimmed cell is read: the text's name, its SQL if it is turned, and why not."""
        if kind in DATED:
            form = self.dates.get(place, dates.ISO)
            turned = dates.to_iso(cell, form)
            return (f"i{place}" if turned else cell), turned, dates.why_not(cell, form)
        if kind in NUMERIC:
            turned = numbers.to_plain(cell, self.numbers.get(place, numbers.PLAIN))
            if place in self.factors:
                # a cell with its own unit takes only that
                own = numbers.own_unit(ascii_text(cell))
                number = turned or cell
                turned = (
                    f"CASE WHEN {own} <> '' THEN {number} ELSE {self._times(number, place)} END"
                )
            return (f"n{place}" if turned else cell), turned, numbers.why_not(cell)
        return cell, None, "'not_a_number'"

    def real(self, place: int) -> str:
        """Write the text of a cell that is a real number or date."""
        return self._times(f"t{place}", place) if place in self.factors else f"t{place}"

    def _times(self, number: str, place: int) -> str:
        times = numbers.multiplied(number, self.factors[place])
        # a number that is too large stays one, and is rejected as such
        return f"coalesce({times}, CASE WHEN TRY_CAST({number} AS DOUBLE) IS NULL THEN {number} ELSE '1e99' END)"

    def is_iso(self, place: int) -> bool:
        """Is a column of dates read as ISO, whatever ``date_format`` says?"""
        return place in self.dates

    def entries(self, resolved: Resolved) -> dict[str, Any]:
        """Tell the ledger how each column is written, and the currency that was seen."""
        written: dict[str, str] = {}
        for mapped in resolved.columns:
            forms = self.dates if mapped.column.type in DATED else self.numbers
            known = [forms[place].written for place in mapped.positions if place in forms]
            if known:
                written[mapped.column.name] = " * ".join(dict.fromkeys(known))
            for place in mapped.positions:
                if factor := self.factors.get(place):
                    said = written.get(mapped.column.name, numbers.WHOLE.written)
                    written[mapped.column.name] = f"{said} × {factor}"
        return {"forms": written, "currency": self.currency}


@dataclass(frozen=True)
class Counted:
    """What the values of each column look like, and the currencies among them."""

    looks: Mapping[int, Mapping[str, Seen]]
    currencies: Mapping[str, Seen]


def count(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    cells: Mapping[int, str],
    real: Mapping[int, str],
    kinds: Mapping[int, str],
) -> Counted:
    """Count what the values of a relation's columns look like.

    Parameters
    ----------
    relation, cells, real
        The rows, the SQL of the trimmed cells, and of which are real dates or numbers.
    kinds
        The columns asked for: ``date`` or ``number`` by position.
    """
    if not kinds:
        return Counted({}, {})
    texts = [f"{cells[place]} AS t{place}" for place in kinds]
    texts += [f"{real[place]} AS r{place}" for place in kinds if place in real]
    asked: list[str] = []
    for place, kind in kinds.items():
        looks = dates.kind(f"t{place}") if kind == "date" else numbers.kind(f"t{place}")
        looks = f"CASE WHEN r{place} THEN 'real' ELSE {looks} END" if place in real else looks
        money = numbers.currency(f"t{place}") if kind == "number" else "''"
        asked += [f"{looks} AS k{place}", f"{money} AS m{place}", f"t{place}"]
    groups = ", ".join(f"k{place}, m{place}" for place in kinds)
    rows = connection.execute(
        f"SELECT count(*), {', '.join(f'k{place}, m{place}, min(t{place})' for place in kinds)} "
        f"FROM (SELECT {', '.join(asked)} FROM (SELECT {', '.join(texts)} FROM {relation})) "
        f"GROUP BY {groups}"
    ).fetchall()
    looks_of: dict[int, dict[str, Seen]] = {place: {} for place in kinds}
    currencies: dict[str, Seen] = {}
    for many, *group in sorted(rows, key=lambda row: str(row[1:])):
        for number, place in enumerate(kinds):
            looks, money, example = group[3 * number : 3 * number + 3]
            _add(looks_of[place], looks, many, example)
            if money and (looks.startswith("dressed") or "comma" in looks):
                _add(currencies, money, many, example)
    return Counted(looks_of, currencies)


def _add(seen: dict[str, Seen], what: str, many: int, example: str) -> None:
    known = seen.get(what, Seen(0, example))
    seen[what] = Seen(known.count + many, min(known.example, example))


def kinds_asked(resolved: Resolved, known: Collection[int], options: LoadOptions) -> dict[int, str]:
    """Which columns' forms have to be found? Not those of real values, nor stated dates."""
    dated = resolved.places(*DATED) if options.date_format is None else []
    kinds = dict.fromkeys(dated, "date") | dict.fromkeys(resolved.places(*NUMERIC), "number")
    return {place: kind for place, kind in kinds.items() if place not in known}


def is_as_it_stands(counted: Counted, kinds: Mapping[int, str], decimal: str | None) -> bool:
    """Are these values ISO dates and plain numbers, and is it sure that they are?"""
    for place, kind in kinds.items():
        seen = counted.looks[place]
        if not seen.keys() <= set(_AS_THEY_STAND[kind]):
            return False
        if decimal is None and "either_point" in seen and "point" not in seen:
            return False
    return True


def is_promising(counted: Counted, kinds: Mapping[int, str], notation: Notation) -> bool:
    """Could rejected values be read, if their column were looked at as a whole?"""
    for place, kind in kinds.items():
        seen = set(counted.looks[place])
        if seen - set(_AS_THEY_STAND[kind]):
            return True
        if (
            kind == "number"
            and notation.numbers[place].is_whole
            and seen & {"point", "either_point"}
        ):
            return True
    return False


def decide(
    counted: Counted,
    kinds: Mapping[int, str],
    resolved: Resolved,
    options: LoadOptions,
    table: str,
    named: str,
) -> Notation:
    """Decide each column's form from what its values look like, or as it is stated.

    Raises
    ------
    ContractError
        A column may be read in two ways, or the source holds two currencies.
    """
    date_forms: dict[int, DateForm] = {}
    number_forms: dict[int, NumberForm] = {}
    for mapped in resolved.columns:
        ours = "" if mapped.source == mapped.column.name else f" ({mapped.column.name})"
        where = f"{table}: column '{mapped.source}'{ours} of '{named}'"
        for place in mapped.positions:
            if mapped.column.type in DATED and options.date_format in dates.STATED:
                date_forms[place] = dates.stated(options.date_format, where, options.local_zone)
            elif kinds.get(place) == "date":
                date_forms[place] = dates.found(counted.looks[place], where, options)
            elif place in kinds:
                number_forms[place] = numbers.found(counted.looks[place], where, options.decimal)
    factors = {place: note.factor for place, note in resolved.notes.items() if note.factor}
    if asked := next((n for n in resolved.notes.values() if n.factor == annotations.ASKED), None):
        raise errors.ContractError(
            f"{table}: a header of '{named}' says '{asked.text}': thousand, or million?",
            mend='State the factor: columns={"amount": "… * 1000"}.',
        )
    said = {n.currency: Seen(1, n.text) for n in resolved.notes.values() if n.currency}
    currency = numbers.one_currency({**counted.currencies, **said}, f"'{named}'")
    return Notation(date_forms, number_forms, factors, currency)
