"""How are the numbers of a column written? Found from all its values, never guessed for one row.

``1,234.50`` says which sign is the decimal, ``1,234`` does not: where no value of a column tells,
the load is refused. Whatever the writing, it becomes the plain text that ``contract`` reads.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench import errors
from workbench.loaders.cast import lists
from workbench.loaders.cast.texts import Seen, ascii_text, matches
from workbench.loaders.open.sql import literal

# What a sign or code may stand for; more than one where countries share it.
_CURRENCIES: dict[str, list[str]] = {}
for _row in lists.rows("currencies.csv"):
    _CURRENCIES.setdefault(_row["written"], []).append(_row["code"])
# What stands between thousands, by the decimal sign.
_GROUP = {".": ",", ",": "."}
# What multiplies a number behind which it stands; what may mean two things multiplies none.
_UNITS = {row["written"]: row["factor"] for row in lists.rows("units.csv") if row["factor"] != "?"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CURRENCY = _any_of(_CURRENCIES)
# A single letter is a unit as it is written: k is a thousand, K may be something else.
_UNIT = f"{_any_of(set(_UNITS) - {'k'})}|(?-i:k)"
# Between groups of three: a blank or an apostrophe says nothing about the decimal sign.
_FIRST = r"[1-9]\d{0,2}"
_NEUTRAL = rf"{_FIRST}( \d{{3}})+|{_FIRST}('\d{{3}})+"
_WHOLE = {
    ".": rf"\d+|{_NEUTRAL}|{_FIRST}(,\d{{3}})+|[1-9]\d?(,\d{{2}})+,\d{{3}}",
    ",": rf"\d+|{_NEUTRAL}|{_FIRST}(\.\d{{3}})+",
}
_BODIES: dict[str, str] = {
    "whole": rf"\d+|{_NEUTRAL}",
    "either_comma": rf"{_FIRST},\d{{3}}",
    "either_point": rf"{_FIRST}\.\d{{3}}",
    ".": rf"({_WHOLE['.']})(\.\d*)?|\.\d+",
    ",": rf"({_WHOLE[',']})(,\d*)?|,\d+",
}
_PLAIN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_NOT_FINITE = "(?i)[+-]?(nan|inf(inity)?)"


def _dressed(body: str) -> str:
    """Allow for a body what may stand around it: sign, parentheses, currency, unit."""
    sign = "[+-]? *"
    before = rf"(({_CURRENCY})\.? *(({_CURRENCY}) *)?\(?{sign})?"
    return rf"(?i)(\({sign}|{sign}){before}({body}) *({_UNIT})? *-? *({_CURRENCY})? *-?\)?"


# The unit of a dressed number: what stands between its digits and the currency behind them.
_OWN_UNIT = rf"(?i)[0-9.,] *({_UNIT}) *-? *(?:{_CURRENCY})? *-?\)?$"
_DIGITS = r"\d[\d.,' ]*|[.,]\d+"
_PERCENT = r".*\d *[%‰]"


@dataclass(frozen=True)
class NumberForm:
    """How one column's numbers are written.

    ``decimal`` is the decimal sign. ``is_plain`` says that DuckDB reads them as they stand;
    ``is_whole`` that no decimal sign was seen yet, so that one has to be looked at when it comes;
    ``is_mixed`` that a few rows use the other sign, so that what could be either is rejected.
    """

    decimal: str
    written: str
    is_plain: bool = False
    is_whole: bool = False
    is_mixed: bool = False


PLAIN = NumberForm(".", "1234.56", is_plain=True)
WHOLE = NumberForm(".", "1234", is_plain=True, is_whole=True)


def kind(cell: str) -> str:
    """Write the SQL that says what a trimmed cell looks like; '' for an empty one.

    The kinds are ``whole``, ``point``, ``either_point`` (1.234), which DuckDB reads as they
    stand; with ``dressed_`` in front those that it does not; ``comma``, ``either_comma``,
    ``percent`` and ``other``.
    """
    text = ascii_text(cell)
    plain = {
        "whole": r"[+-]?\d+([eE][+-]?\d+)?",
        "either_point": "[+-]?" + _BODIES["either_point"],
        "point": _PLAIN,
    }
    dressed = {
        "dressed_whole": _BODIES["whole"],
        "either_comma": _BODIES["either_comma"],
        "dressed_either_point": _BODIES["either_point"],
        "dressed_point": _BODIES["."],
        "comma": _BODIES[","],
    }
    whens = [f"WHEN {matches(cell, pattern)} THEN '{name}'" for name, pattern in plain.items()]
    whens += [
        f"WHEN {matches(text, _dressed(body))} THEN '{name}'" for name, body in dressed.items()
    ]
    whens += [f"WHEN {matches(text, _PERCENT)} THEN 'percent'"]
    return f"CASE WHEN {cell} = '' THEN '' {' '.join(whens)} ELSE 'other' END"


def currency(cell: str) -> str:
    """Write the SQL that gives the currency signs and codes around a number; '' for none."""
    text = ascii_text(cell)
    is_bare = matches(cell, r"[+-]?[0-9.,' ]*")
    found = f"array_to_string(regexp_extract_all({text}, {literal(f'(?i){_CURRENCY}')}), ' ')"
    return f"CASE WHEN {is_bare} THEN '' ELSE upper({found}) END"


def found(seen: Mapping[str, Seen], where: str, decimal: str | None) -> NumberForm:
    """Decide from all values of a column how its numbers are written.

    Parameters
    ----------
    seen
        Kinds of ``kind`` and how many values are so.
    where
        The column, as messages name it.
    decimal
        The decimal sign as stated; None finds it.

    Raises
    ------
    ContractError
        No value tells the decimal sign from the thousands separator.
    """
    count = {looks: entry.count for looks, entry in seen.items()}
    points = count.get("point", 0) + count.get("dressed_point", 0)
    commas = count.get("comma", 0)
    eithers = ("either_comma", "either_point", "dressed_either_point")
    either = next((seen[looks] for looks in eithers if looks in seen), None)
    if decimal is None and points == commas and (either or points):
        raise _undecided(seen, where, either)
    sign = decimal or ("," if commas > points else ".")
    is_mixed = decimal is None and bool(points) and bool(commas)
    dressed = any(entry for looks, entry in count.items() if looks.startswith("dressed"))
    has_commas = bool(commas or "either_comma" in count)
    if sign == "." and not dressed and not has_commas:
        return PLAIN if points or either or decimal else WHOLE
    grouped = {".": ("either_comma",), ",": ("either_point", "dressed_either_point")}[sign]
    group = _GROUP[sign] if any(looks in seen for looks in grouped) else ""
    return NumberForm(sign, f"1{group}234{sign}56", is_mixed=is_mixed)


def _undecided(seen: Mapping[str, Seen], where: str, either: Seen | None) -> errors.ContractError:
    mend = "State the decimal sign: decimal='.' or decimal=','; on the command line --decimal."
    if either is None:
        point = seen.get("point") or seen["dressed_point"]
        return errors.ContractError(
            f"{where} has as many decimal points ({point.example!r}) as decimal commas "
            f"({seen['comma'].example!r}).",
            mend=f"{mend} The other rows are then rejected.",
        )
    digits = re.sub(r"[^\d.,．，]", "", either.example).replace("．", ".").replace("，", ",")
    thousands = re.sub(r"\D", "", digits)
    return errors.ContractError(
        f"{where}: {either.example!r} may be {thousands} or {digits.replace(',', '.')}, "
        "and no value of the column tells which.",
        mend=mend,
    )


def one_currency(tokens: Mapping[str, Seen], named: str, *, strict: bool = False) -> str | None:
    """Give the one currency the signs and codes of a source stand for; None where there are none.

    ``strict`` takes a word that is no known sign or code for a currency of its own. Where several countries share the sign and nothing tells which is meant, it is the sign.

    Raises
    ------
    ContractError
        There are two currencies: their sum would mean nothing.

    Examples
    --------
    >>> one_currency({"¥": Seen(3, "¥5"), "RMB": Seen(1, "RMB 7")}, "'orders.csv'")
    'CNY'
    """
    left: set[str] | None = None
    first = ""
    for signs, entry in tokens.items():
        whole = [signs] if strict or signs in _CURRENCIES else signs.split()
        for token in whole:
            codes = set(_CURRENCIES.get(token, [token] * strict))
            if not codes:
                continue
            if left is not None and not left & codes:
                raise errors.ContractError(
                    f"There is more than one currency in {named} ({tokens[first].example!r}, "
                    f"{entry.example!r}).",
                    mend="One source has one currency: convert, or load one file per currency.",
                )
            left = codes if left is None else left & codes
            first = first or signs
    if left is None:
        return None
    return left.pop() if len(left) == 1 else first.split()[0]


def to_plain(cell: str, form: NumberForm) -> str | None:
    """Write the SQL that turns a trimmed cell into a plain number; '?' where it is not in the form.

    None where the column is plain: there is nothing to turn.
    """
    if form.is_whole:
        return f"CASE WHEN contains({cell}, '.') THEN '?' ELSE {cell} END"
    if form.is_plain:
        return None
    text = ascii_text(cell)
    quick = _BODIES[form.decimal]
    simple = _without_groups(cell, form.decimal)
    digits = _without_groups(f"regexp_extract({text}, {literal(_DIGITS)})", form.decimal)
    # Ten places are kept of a number in 万; as text, so that cents are rounded where all are.
    units = " ".join(
        f"WHEN '{unit}' THEN {multiplied(digits, factor)}" for unit, factor in _UNITS.items()
    )
    signs = (
        f"(length({text}) - length(replace(replace(replace({text}, '-', ''), '(', ''), '+', '')))"
    )
    minus = f"CASE WHEN contains({text}, '-') OR contains({text}, '(') THEN '-' ELSE '' END"
    paired = f"contains({text}, '(') = contains({text}, ')')"
    dressed = matches(text, _dressed(quick))
    whens = [f"WHEN {matches(cell, _NOT_FINITE)} THEN {cell}"]
    if form.is_mixed:
        either = f"{_BODIES['either_comma']}|{_BODIES['either_point']}"
        whens.insert(0, f"WHEN {matches(text, _dressed(either))} THEN '?'")
    exponent = rf"[+-]?({quick})([eE][+-]?\d+)?"
    whens.append(f"WHEN {matches(cell, exponent)} THEN {simple}")
    whens.append(
        f"WHEN {dressed} AND {paired} AND {signs} <= 1 "
        f"THEN coalesce({minus} || CASE lower({own_unit(text)}) {units} ELSE {digits} END, '?')"
    )
    return f"CASE WHEN {cell} = '' THEN '' {' '.join(whens)} ELSE '?' END"


def own_unit(text: str) -> str:
    """Write the unit that stands behind the digits of a number; '' where there is none."""
    return f"regexp_extract({text}, {literal(_OWN_UNIT)}, 1)"


def multiplied(number: str, factor: str) -> str:
    """Write a plain number times a factor, as text; NULL where it is no number."""
    # thirty-eight digits are all there is: a small factor leaves more of them to the number
    kept, of = ("28,8", 8) if places(factor) else ("22,10", 15)
    return f"CAST(TRY_CAST({number} AS DECIMAL({kept})) * {factor}::DECIMAL({of},{places(factor)}) AS VARCHAR)"


def places(factor: str) -> int:
    """How many places does a factor have behind its point?

    Examples
    --------
    >>> places("100"), places("0.01")
    (0, 2)
    """
    return len(factor.partition(".")[2])


def _without_groups(text: str, decimal: str) -> str:
    """Write a text of digits without what stands between thousands, a point for the decimal sign."""
    for sign in (_GROUP[decimal], " ", "'"):
        text = f"replace({text}, {literal(sign)}, '')"
    return f"replace({text}, ',', '.')" if decimal == "," else text


def why_not(cell: str) -> str:
    """Write the SQL that says why a cell is none of its column's numbers."""
    looks = kind(cell)
    return (
        f"CASE {looks} WHEN 'percent' THEN 'percentage' WHEN 'other' THEN 'not_a_number' "
        "ELSE 'other_number_form' END"
    )
