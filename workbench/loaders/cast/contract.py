"""Which value does a text stand for, and if none, why? The contract as DuckDB SQL.

Every cell arrives as text. A cell becomes a value by one expression and is bad by another; the
words for why are worked out for bad rows alone. Names from files never reach SQL: columns are
positions (``c0``, ``c1`` …), stated texts are literals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from workbench import errors, schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import lists
from workbench.loaders.cast.mapping import Mapped
from workbench.loaders.cast.texts import clean_id, has_year, joined_offset, matches, unguarded
from workbench.loaders.open.cells import DATED
from workbench.loaders.open.sql import literal

MONEY = "DECIMAL(18,2)"
SQL_TYPES: dict[schema.ColumnType, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "money": MONEY,
    "integer": "BIGINT",
    "number": "DOUBLE",
}
_FACTOR = "DECIMAL(18,8)"
_WIDE = "DECIMAL(38,8)"
_CLOCK_CODES = ("%H", "%-H", "%I", "%-I", "%c", "%X")
# After the clock time, a letter or a sign: Z, +08, Europe/Berlin.
_OFFSET = r":[0-9][0-9.]*\s*[A-Za-z+-]"
# What a spreadsheet writes where a formula failed; #N/A may also stand for nobody.
_ERROR_WORDS = ", ".join(
    literal(word)
    for word in (
        "#N/A",
        "#REF!",
        "#DIV/0!",
        "#VALUE!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
    )
)
# A long number as a spreadsheet shows it: its last digits are lost.
_LOST_DIGITS = r"[0-9]+\.[0-9]+E\+[0-9]+"
# A day, with or without a clock time to the second: neither has room for an offset.
_FULL = ("____-__-_____:__:__", "____-__-__")
# An amount with two places: no third one, and no exponent that would make it finer.
_CENTS = "%.__"


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
    money had more than two places, ``cleaned`` whether an id was written otherwise, ``nobody``
    whether it is a word for nobody.
    """

    name: str
    type: schema.ColumnType
    value: str
    bad: str
    reason: str
    shown: str
    finer: str | None = None
    cleaned: str | None = None
    nobody: str | None = None


def cast(mapped: Mapped, cells: tuple[Cell, ...], options: LoadOptions) -> Cast:
    """Write one column's cast from its one or two trimmed cells."""
    column = mapped.column
    if len(cells) == 2:
        return _product(column, cells)
    makers: dict[str, Callable[[schema.Column, Cell], Cast]] = {
        "id": partial(_id, fold=options.id_case == "fold", may_lack=options.distinct),
        "text": _text,
        "choice": _choice,
        "money": _money,
        "integer": _integer,
        "number": _number,
    }
    if column.type in DATED:
        return _time(column, cells[0], options)
    return makers[column.type](column, cells[0])


def _cast(
    column: schema.Column,
    value: str,
    no_value: str,
    why: str,
    *cells: Cell,
    empty: str | None = None,
    **more: str | None,
) -> Cast:
    """Put together what all casts share: empty is missing, anything else needs a value."""
    missing = empty or " OR ".join(f"{cell.raw} = ''" for cell in cells)
    error = " OR ".join(f"upper({cell.raw}) IN ({_ERROR_WORDS})" for cell in cells)
    nul = " OR ".join(f"contains({cell.raw}, chr(0))" for cell in cells)
    if_missing = "NULL" if column.nullable else "'missing_value'"
    bad = f"NOT ({missing}) AND {no_value}" if column.nullable else f"{missing} OR {no_value}"
    reason = (
        f"CASE WHEN {nul} THEN 'nul_byte' WHEN {missing} THEN {if_missing} "
        f"WHEN {error} THEN 'excel_error' "
        f"WHEN {no_value} THEN {why} END"
    )
    shown = " || ' * ' || ".join(cell.raw for cell in cells)
    return Cast(column.name, column.type, value, f"({bad})", reason, shown, **more)


def _text(column: schema.Column, cell: Cell) -> Cast:
    error = f"starts_with({cell.text}, '#') AND upper({cell.text}) IN ({_ERROR_WORDS})"
    return _cast(
        column,
        f"nullif({unguarded(cell.text)}, '')",
        f"(contains({cell.text}, chr(0)) OR {error})",
        "'nul_byte'",
        cell,
    )


def _id(column: schema.Column, cell: Cell, *, fold: bool, may_lack: bool) -> Cast:
    """Write an id as ids are compared, and a word for nobody as none."""
    value = clean_id(cell.text, none_words(column), fold=fold)
    text = cell.text
    error = (
        f"starts_with({text}, '#') AND upper({text}) IN ({_ERROR_WORDS}) AND {value} IS NOT NULL"
    )
    return _cast(
        column,
        value,
        f"(contains({text}, chr(0)) OR {lost_digits(text)} OR ({error}))",
        "'id_digits_lost'",
        cell,
        empty="false" if may_lack else _no_id(column, value, text),
        cleaned=f"({value} <> {text})",
        nobody=f"({value} IS NULL AND {text} <> '')",
    )


def _no_id(column: schema.Column, value: str, text: str) -> str:
    """Write whether an id is missing; a customer called nobody is kept apart, and no mistake."""
    return f"({text} = '')" if column.name == "customer_id" else f"({value} IS NULL)"


def none_words(column: schema.Column) -> list[str]:
    """List the words that stand for no id; for a customer also those for nobody in particular."""
    kinds = ("missing", "nobody") if column.name in ("customer_id", "order_id") else ("missing",)
    return [row["word"] for row in lists.rows("nobody.csv") if row["means"] in kinds]


def lost_digits(text: str) -> str:
    """Write the condition that an id is a long number as a spreadsheet shows it."""
    return f"(contains({text}, 'E+') AND {matches(text, _LOST_DIGITS)})"


def _choice(column: schema.Column, cell: Cell) -> Cast:
    if not column.choices:
        return _text(column, cell)
    own = {choice.lower(): choice for choice in column.choices}
    listed = [row for row in lists.rows("values.csv") if row["column"] == column.name]
    written = {**{row["written"].lower(): row["code"] for row in listed}, **own}
    whens = " ".join(f"WHEN {literal(text)} THEN {literal(code)}" for text, code in written.items())
    value = f"(CASE lower({cell.text}) {whens} END)"
    return _cast(column, value, f"({value}) IS NULL", "'unknown_choice'", cell)


def _money(column: schema.Column, cell: Cell) -> Cast:
    text = cell.text
    value = f"TRY_CAST({text} AS {MONEY})"
    # Only texts with a third place, or an exponent, can be finer than a cent; most have two.
    finer = (
        f"CASE WHEN {text} LIKE '{_CENTS}' THEN false "
        f"WHEN contains({text}, '.') AND length({text}) - strpos({text}, '.') > 2 "
        f"OR contains(lower({text}), 'e') "
        f"THEN coalesce(TRY_CAST({text} AS DECIMAL(38,18)) <> {value}, false) ELSE false END"
    )
    return _cast(column, value, _no_number(text, value), _why_number(cell), cell, finer=finer)


def _number(column: schema.Column, cell: Cell) -> Cast:
    value = f"TRY_CAST({cell.text} AS DOUBLE)"
    no_value = f"({_no_number(cell.text, value)} OR NOT isfinite({value}))"
    return _cast(column, value, no_value, _why_number(cell), cell)


def _integer(column: schema.Column, cell: Cell) -> Cast:
    exact = f"TRY_CAST({cell.text} AS {_WIDE})"
    value = f"TRY_CAST({exact} AS BIGINT)"
    no_value = f"({_no_number(cell.text, value)} OR {exact} <> {value})"
    why = f"CASE WHEN {exact} <> {value} THEN 'not_whole' ELSE {_why_number(cell)} END"
    return _cast(column, value, no_value, why, cell)


def _no_number(text: str, value: str) -> str:
    # DuckDB reads 1_000 as a thousand; in an export it is a broken cell.
    return f"({value} IS NULL OR contains({text}, '_'))"


def _why_number(cell: Cell) -> str:
    text = cell.text
    return (
        f"CASE WHEN contains({text}, '_') OR TRY_CAST({text} AS DOUBLE) IS NULL THEN {cell.why} "
        f"WHEN regexp_matches({text}, '^[+-]?[.0-9]') THEN 'number_too_large' ELSE 'not_finite' END"
    )


def _product(column: schema.Column, cells: tuple[Cell, ...]) -> Cast:
    """Write the product of two cells, exact to sixteen places before it is rounded to cents."""
    factors = [f"TRY_CAST({cell.text} AS {_FACTOR})" for cell in cells]
    exact = "(" + " * ".join(f"{factor}::{_WIDE}" for factor in factors) + ")"
    value = f"TRY_CAST({exact} AS {SQL_TYPES[column.type]})"
    broken = " OR ".join(f"contains({cell.text}, '_')" for cell in cells)
    odd = f" OR {exact} <> {value}" if column.type == "integer" else ""
    whys = " ".join(
        f"WHEN {cell.text} = '' OR {_no_number(cell.text, factor)} THEN {_why_number(cell)}"
        for cell, factor in zip(cells, factors, strict=True)
    )
    last = "'not_whole'" if odd else "'number_too_large'"
    return _cast(
        column,
        value,
        f"({value} IS NULL OR {broken}{odd})",
        f"CASE {whys} ELSE {last} END",
        *cells,
        finer=f"coalesce({exact} <> {value}, false)" if column.type == "money" else None,
    )


def _time(column: schema.Column, cell: Cell, options: LoadOptions) -> Cast:
    """Write a time: ISO or as stated, from its zone to the local one, within years 1 to 9999."""
    text = cell.text
    if options.date_format is not None:
        value, offset = _stated_time(text, options)
    else:
        value, offset = _iso_time(text, options)
    in_range = (
        f"{value} BETWEEN '0001-01-01'::TIMESTAMP AND '9999-12-31 23:59:59.999999'::TIMESTAMP"
    )
    # DuckDB also reads the words 'epoch' and 'infinity', and 26-03-05 as the year 26.
    four = has_year(text) if options.date_format is None else _whole_year(text, value)
    no_zone = offset if options.local_zone is None else "false"
    no_value = f"({value} IS NULL OR NOT ({in_range}) OR NOT ({four}) OR {no_zone})"
    if options.date_format is None:
        # Most times are written in full: seeing that costs a quarter of asking all of the above.
        shapes = " OR ".join(f"{text} LIKE '{shape}'" for shape in _FULL)
        no_value = f"CASE WHEN {in_range} AND ({shapes}) THEN false ELSE {no_value} END"
    why = (
        f"CASE WHEN {value} IS NOT NULL AND NOT ({in_range}) AND left({text}, 4) BETWEEN '0' AND "
        f"'9999' THEN 'date_out_of_range' WHEN {value} IS NULL OR NOT ({four}) THEN {cell.why} "
        f"WHEN {no_zone} THEN 'offset_without_zone' ELSE 'date_out_of_range' END"
    )
    kept = f"CAST({value} AS DATE)" if column.type == "date" else value
    return _cast(column, kept, no_value, why, cell)


def _whole_year(text: str, value: str) -> str:
    """Write the condition that a year came from four digits: strptime takes 26 for the year 26."""
    return f"({value} >= TIMESTAMP '1000-01-01' OR contains({text}, format('{{:04d}}', year({value}))))"


def _iso_time(text: str, options: LoadOptions) -> tuple[str, str]:
    plain = f"TRY_CAST({text} AS TIMESTAMP)"
    # A text of 10 characters, or 19 with a colon before the seconds, has no room for an offset.
    offset = (
        f"CASE WHEN length({text}) = 10 OR (length({text}) = 19 AND substr({text}, 17, 1) = ':') "
        f"THEN false ELSE regexp_matches({text}, {literal(_OFFSET)}) END"
    )
    # A day without a clock time has no zone: converting midnight would move it.
    naive = _to_local(plain, options)
    if naive != plain:
        naive = f"CASE WHEN contains({text}, ':') THEN {naive} ELSE {plain} END"
    if options.local_zone is None:
        return naive, offset
    moment = f"(TRY_CAST({joined_offset(text)} AS TIMESTAMPTZ) AT TIME ZONE {literal(options.local_zone)})"
    return f"CASE WHEN {offset} THEN {moment} ELSE {naive} END", offset


def _stated_time(text: str, options: LoadOptions) -> tuple[str, str]:
    form = str(options.date_format)
    parsed = f"try_strptime({text}, {literal(form)})"
    if "%z" in form or "%Z" in form:
        if options.local_zone is None:
            raise errors.ParameterError(
                f"date_format is '{form}', with an offset, but no local zone is stated.",
                mend="State the zone the times become: timezone='Asia/Shanghai', "
                'or in workbench.toml: timezone = "Asia/Shanghai".',
            )
        return f"({parsed} AT TIME ZONE {literal(options.local_zone)})", "false"
    return (_to_local(parsed, options) if has_clock(form) else parsed), "false"


def has_clock(form: str) -> bool:
    """Does a date format say the hour? A day without a clock time is never converted.

    Examples
    --------
    >>> has_clock("%d.%m.%Y %H:%M"), has_clock("%Y%m%d")
    (True, False)
    """
    return any(code in form for code in _CLOCK_CODES)


def _to_local(naive: str, options: LoadOptions) -> str:
    source, local = options.timezone, options.local_zone
    if source is None or local is None or source == local:
        return naive
    return f"({naive} AT TIME ZONE {literal(source)} AT TIME ZONE {literal(local)})"
