"""Which value does a text stand for, and if none, why? The contract as DuckDB SQL.

Every cell arrives as text. A cell becomes a value by one expression and is bad by another; the
words for why are worked out for bad rows alone. Names from files never reach SQL: columns are
positions (``c0``, ``c1`` …), stated texts are literals.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from workbench import errors, schema
from workbench.loaders.mapping import Mapped

# Blanks of Western and Chinese text, no-break and full width, and a stray byte order mark.
BLANKS = " \t\r\n\v\f\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
MONEY = "DECIMAL(18,2)"
_FACTOR = "DECIMAL(18,8)"
_WIDE = "DECIMAL(38,8)"
_CLOCK_CODES = ("%H", "%-H", "%I", "%-I", "%c", "%X")
# After the clock time, a letter or a sign: Z, +08, Europe/Berlin.
_OFFSET = r":[0-9][0-9.]*\s*[A-Za-z+-]"
# A day, with or without a clock time to the second: neither has room for an offset.
_FULL = ("____-__-_____:__:__", "____-__-__")
# An amount with two places: no third one, and no exponent that would make it finer.
_CENTS = "%.__"


@dataclass(frozen=True)
class Times:
    """How are times written, in which zone, and which zone is wanted?"""

    date_format: str | None = None
    source_zone: str | None = None
    local_zone: str | None = None


@dataclass(frozen=True)
class Cell:
    """One cell as SQL: the trimmed text as it stood, as it is read, and why it cannot be.

    ``text`` differs from ``raw`` where a column's dates or numbers are written in another form
    than DuckDB's; ``why`` is the reason for a text that is no value.
    """

    raw: str
    text: str
    why: str


@dataclass(frozen=True)
class Cast:
    """One column as SQL over the texts of a row.

    ``value`` is the value (NULL where there is none), ``bad`` whether the row has to be rejected,
    ``reason`` the code why (NULL where fine), ``shown`` the text as it stood, ``finer`` whether
    money had more than two places.
    """

    name: str
    type: schema.ColumnType
    value: str
    bad: str
    reason: str
    shown: str
    finer: str | None = None


def literal(text: str) -> str:
    """Write a text as an SQL literal.

    Examples
    --------
    >>> literal("' ; drop table")
    "''' ; drop table'"
    """
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """Write a path as an SQL literal that names this one file.

    Examples
    --------
    >>> path_literal(Path("orders [1]*.csv"))
    "'orders [[]1][*].csv'"
    """
    return literal("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)))


def one_parquet(path: Path) -> str:
    """Write the DuckDB expression that reads one Parquet file."""
    return f"read_parquet({path_literal(path)}, hive_partitioning=false)"


def trimmed(cell: str) -> str:
    """Write a cell without the blanks around it; a missing one is empty."""
    # Most cells begin and end with a visible ASCII character: seeing that costs a quarter of
    # looking for every kind of blank.
    plain = f"{cell} BETWEEN '!' AND '~' AND {cell}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {plain} THEN {cell} ELSE coalesce(trim({cell}, {literal(BLANKS)}), '') END"


def cast(mapped: Mapped, cells: tuple[Cell, ...], times: Times, *, typed_time: bool) -> Cast:
    """Write one column's cast.

    Parameters
    ----------
    mapped
        The column, with one or two cells it is made from.
    cells
        The trimmed cells.
    times
        How times are written.
    typed_time
        The source holds real dates: their text is ISO whatever ``date_format`` says.
    """
    column = mapped.column
    if len(cells) == 2:
        return _product(column, cells)
    makers: dict[str, Callable[[schema.Column, Cell], Cast]] = {
        "id": _text,
        "text": _text,
        "choice": _choice,
        "money": _money,
        "integer": _integer,
        "number": _number,
    }
    if column.type in ("date", "timestamp"):
        form = Times(None, times.source_zone, times.local_zone) if typed_time else times
        return _time(column, cells[0], form)
    return makers[column.type](column, cells[0])


def _cast(
    column: schema.Column, cell: Cell, value: str, no_value: str, why: str, **rest: str
) -> Cast:
    """Put together what all casts share: empty is missing, anything else needs a value."""
    missing = f"{cell.raw} = ''"
    reasons = f"CASE WHEN contains({cell.raw}, chr(0)) THEN 'nul_byte' "
    if column.nullable:
        bad = f"(NOT ({missing}) AND {no_value})"
        reasons += f"WHEN {missing} THEN NULL "
    else:
        bad = f"({missing} OR {no_value})"
        reasons += f"WHEN {missing} THEN 'missing_value' "
    reasons += f"WHEN {no_value} THEN {why} END"
    return Cast(column.name, column.type, value, bad, reasons, cell.raw, rest.get("finer"))


def _text(column: schema.Column, cell: Cell) -> Cast:
    text = cell.text
    return _cast(column, cell, f"nullif({text}, '')", f"contains({text}, chr(0))", "'nul_byte'")


def _choice(column: schema.Column, cell: Cell) -> Cast:
    if not column.choices:
        return _text(column, cell)
    whens = " ".join(
        f"WHEN {literal(said)} THEN {literal(code)}" for said, code in _written(column).items()
    )
    value = f"(CASE lower({cell.text}) {whens} END)"
    return _cast(column, cell, value, f"({value}) IS NULL", "'unknown_choice'")


def _written(column: schema.Column) -> dict[str, str]:
    """Give the codes of a column by what other programs write for them, in small letters."""
    own = {choice.lower(): choice for choice in column.choices}
    return {**_values().get(column.name, {}), **own}


@cache
def _values() -> dict[str, dict[str, str]]:
    """Read ``values.csv``: what other programs write for our codes, a line each."""
    place = resources.files("workbench.loaders") / "values.csv"
    known: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(place.read_text(encoding="utf-8").splitlines()):
        known.setdefault(row["column"], {})[row["written"].lower()] = row["code"]
    return known


def _money(column: schema.Column, cell: Cell) -> Cast:
    text = cell.text
    value = f"TRY_CAST({text} AS {MONEY})"
    # Only texts with a third place, or an exponent, can be finer than a cent; most have two.
    finer = (
        f"CASE WHEN {text} LIKE '{_CENTS}' THEN false "
        f"WHEN contains({text}, '.') AND length({text}) - strpos({text}, '.') > 2 "
        f"OR contains(lower({text}), 'e') THEN {_finer(text, value)} ELSE false END"
    )
    return _cast(column, cell, value, _no_number(text, value), _why_number(cell), finer=finer)


def _finer(text: str, value: str) -> str:
    return f"coalesce(TRY_CAST({text} AS DECIMAL(38,18)) <> {value}, false)"


def _number(column: schema.Column, cell: Cell) -> Cast:
    value = f"TRY_CAST({cell.text} AS DOUBLE)"
    no_value = f"({_no_number(cell.text, value)} OR NOT isfinite({value}))"
    return _cast(column, cell, value, no_value, _why_number(cell))


def _integer(column: schema.Column, cell: Cell) -> Cast:
    text = cell.text
    exact = f"TRY_CAST({text} AS {_WIDE})"
    value = f"TRY_CAST({exact} AS BIGINT)"
    no_value = f"({_no_number(text, value)} OR {exact} <> {value})"
    why = (
        f"CASE WHEN {exact} <> TRY_CAST({exact} AS BIGINT) THEN 'not_whole' "
        f"ELSE {_why_number(cell)} END"
    )
    return _cast(column, cell, value, no_value, why)


def _no_number(text: str, value: str) -> str:
    # DuckDB reads 1_000 as a thousand; in an export it is a broken cell.
    return f"({value} IS NULL OR contains({text}, '_'))"


def _why_number(cell: Cell) -> str:
    text = cell.text
    number = f"TRY_CAST({text} AS DOUBLE)"
    return (
        f"CASE WHEN contains({text}, '_') OR {number} IS NULL THEN {cell.why} "
        f"WHEN regexp_matches({text}, '^[+-]?[.0-9]') AND isfinite({number}) OR "
        f"regexp_matches({text}, '^[+-]?[.0-9]') THEN 'number_too_large' ELSE 'not_finite' END"
    )


def _product(column: schema.Column, cells: tuple[Cell, ...]) -> Cast:
    """Write the product of two cells, exact to sixteen places before it is rounded to cents."""
    texts = tuple(cell.text for cell in cells)
    raws = tuple(cell.raw for cell in cells)
    first, second = (f"TRY_CAST({text} AS {_FACTOR})::{_WIDE}" for text in texts)
    exact = f"({first} * {second})"
    target = {"money": MONEY, "number": "DOUBLE", "integer": "BIGINT"}[column.type]
    value = f"TRY_CAST({exact} AS {target})"
    shown = f"{raws[0]} || ' * ' || {raws[1]}"
    empty = f"({raws[0]} = '' OR {raws[1]} = '')"
    if_empty = "NULL" if column.nullable else "'missing_value'"
    underscore = f"(contains({texts[0]}, '_') OR contains({texts[1]}, '_'))"
    odd = f" OR {exact} <> {value}" if column.type == "integer" else ""
    no_value = f"({value} IS NULL OR {underscore}{odd})"
    whys = [_why_number(cell) for cell in cells]
    fits = [
        f"({text} <> '' AND NOT contains({text}, '_') AND TRY_CAST({text} AS {_FACTOR}) IS NOT NULL)"
        for text in texts
    ]
    last = "'not_whole'" if odd else "'number_too_large'"
    why = (
        f"CASE WHEN NOT {fits[0]} THEN {whys[0]} WHEN NOT {fits[1]} THEN {whys[1]} ELSE {last} END"
    )
    reasons = (
        f"CASE WHEN contains({raws[0]}, chr(0)) OR contains({raws[1]}, chr(0)) THEN 'nul_byte' "
        f"WHEN {empty} THEN {if_empty} "
        f"WHEN {no_value} THEN {why} END"
    )
    bad = f"(NOT {empty} AND {no_value})" if column.nullable else f"({empty} OR {no_value})"
    finer = f"coalesce({exact} <> {value}, false)" if column.type == "money" else None
    return Cast(column.name, column.type, value, bad, reasons, shown, finer)


def _time(column: schema.Column, cell: Cell, times: Times) -> Cast:
    """Write a time: ISO or as stated, from its zone to the local one, within years 1 to 9999."""
    text = cell.text
    if times.date_format is not None:
        value, offset = _stated_time(text, times)
    else:
        value, offset = _iso_time(text, times)
    in_range = (
        f"{value} BETWEEN '0001-01-01'::TIMESTAMP AND '9999-12-31 23:59:59.999999'::TIMESTAMP"
    )
    # DuckDB also reads the words 'epoch' and 'infinity', and 26-03-05 as the year 26.
    four = has_year(text) if times.date_format is None else _whole_year(text, value)
    no_zone = offset if times.local_zone is None else "false"
    no_value = f"({value} IS NULL OR NOT ({in_range}) OR NOT ({four}) OR {no_zone})"
    if times.date_format is None:
        # Most times are written in full: seeing that costs a quarter of asking all of the above.
        shapes = " OR ".join(f"{text} LIKE '{shape}'" for shape in _FULL)
        no_value = f"CASE WHEN {in_range} AND ({shapes}) THEN false ELSE {no_value} END"
    why = (
        f"CASE WHEN {value} IS NOT NULL AND NOT ({in_range}) AND left({text}, 4) BETWEEN '0' AND "
        f"'9999' THEN 'date_out_of_range' WHEN {value} IS NULL OR NOT ({four}) THEN {cell.why} "
        f"WHEN {no_zone} THEN 'offset_without_zone' ELSE 'date_out_of_range' END"
    )
    kept = f"CAST({value} AS DATE)" if column.type == "date" else value
    return _cast(column, cell, kept, no_value, why)


def has_year(text: str) -> str:
    """Write the condition that a text begins with four signs and a separator of ISO."""
    return f"{text}[5] IN ('-', '/')"


def _whole_year(text: str, value: str) -> str:
    """Write the condition that a year came from four digits: strptime takes 26 for the year 26."""
    return f"({value} >= TIMESTAMP '1000-01-01' OR contains({text}, format('{{:04d}}', year({value}))))"


def _iso_time(text: str, times: Times) -> tuple[str, str]:
    plain = f"TRY_CAST({text} AS TIMESTAMP)"
    # A text of 10 characters, or 19 with a colon before the seconds, has no room for an offset.
    offset = (
        f"CASE WHEN length({text}) = 10 OR (length({text}) = 19 AND substr({text}, 17, 1) = ':') "
        f"THEN false ELSE regexp_matches({text}, {literal(_OFFSET)}) END"
    )
    # A day without a clock time has no zone: converting midnight would move it.
    naive = _to_local(plain, times)
    if naive != plain:
        naive = f"CASE WHEN contains({text}, ':') THEN {naive} ELSE {plain} END"
    if times.local_zone is None:
        return naive, offset
    moment = f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE {literal(times.local_zone)})"
    return f"CASE WHEN {offset} THEN {moment} ELSE {naive} END", offset


def _stated_time(text: str, times: Times) -> tuple[str, str]:
    form = str(times.date_format)
    parsed = f"try_strptime({text}, {literal(form)})"
    if "%z" in form or "%Z" in form:
        if times.local_zone is None:
            raise errors.ParameterError(
                f"date_format is '{form}', with an offset, but no local zone is stated.",
                mend="State the zone the times become: timezone='Asia/Shanghai', "
                'or in workbench.toml: timezone = "Asia/Shanghai".',
            )
        return f"({parsed} AT TIME ZONE {literal(times.local_zone)})", "false"
    return (_to_local(parsed, times) if has_clock(form) else parsed), "false"


def has_clock(form: str) -> bool:
    """Does a date format say the hour? A day without a clock time is never converted.

    Examples
    --------
    >>> has_clock("%d.%m.%Y %H:%M"), has_clock("%Y%m%d")
    (True, False)
    """
    return any(code in form for code in _CLOCK_CODES)


def _to_local(naive: str, times: Times) -> str:
    source, local = times.source_zone, times.local_zone
    if source is None or local is None or source == local:
        return naive
    return f"({naive} AT TIME ZONE {literal(source)} AT TIME ZONE {literal(local)})"
