"""What does a text look like? As SQL, and as what was seen of a column."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from workbench import outputs
from workbench.loaders.open.cells import BLANKS
from workbench.loaders.open.sql import literal

# Most ids: no step of the cleaning would change them.
_PLAIN_ID = "[A-Za-z0-9][A-Za-z0-9_-]*"
_FULL_WIDTH = "０１２３４５６７８９，．：／－＋（）％＄￥＇　"
_HALF_WIDTH = "0123456789,.:/-+()%$¥' "
# Minus signs and dashes, blanks inside numbers, apostrophes between thousands.
_MINUS = "\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{SMALL HYPHEN-MINUS}"
_BLANK = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\N{HAIR SPACE}"
_APOSTROPHE = (
    "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
)
_FROM = _FULL_WIDTH + _MINUS + _BLANK + _APOSTROPHE
_TO = _HALF_WIDTH + "-" * len(_MINUS) + " " * len(_BLANK) + "'" * len(_APOSTROPHE)


@dataclass(frozen=True)
class Seen:
    """How many values of a column look one way, and one of them."""

    count: int
    example: str


def trimmed(cell: str) -> str:
    """Write a cell without the blanks around it; a missing one is empty."""
    # Most cells begin and end with a visible ASCII character: seeing that costs a quarter of
    # looking for every kind of blank.
    plain = f"{cell} BETWEEN '!' AND '~' AND {cell}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {plain} THEN {cell} ELSE coalesce(trim({cell}, {literal(BLANKS)}), '') END"


def unguarded(text: str) -> str:
    """Write a text without the apostrophe that kept a spreadsheet from taking it for a formula."""
    guard = literal(f"^'{outputs.FORMULA}")
    is_guarded = f"{text}[1] = chr(39) AND regexp_matches({text}, {guard})"
    return f"(CASE WHEN {is_guarded} THEN {text}[2:] ELSE {text} END)"


def clean_id(cell: str, words: Sequence[str], *, fold: bool = False) -> str:
    """Write an id without what nobody sees or means, so that what is one is written one way.

    Parameters
    ----------
    cell
        SQL of the trimmed text.
    words
        What stands for no id: its value is missing.
    fold
        Whether ids that differ only in case are one.
    """
    steps = (
        (r"\p{Cf}+", "", "'g'"),
        (r"[\s\p{Z}]+", " ", "'g'"),
        # how spreadsheets are told that this is a text, also both ways at once
        (r"^'([=+@0-9−-])", r"\1", "''"),
        (r'^="(.*)"$', r"\1", "''"),
        (r"^'([=+@0-9−-])", r"\1", "''"),
        (r"^([0-9]+)\.0$", r"\1", "''"),
    )
    cleaned = f"nfkc({cell})"
    for pattern, becomes, flags in steps:
        cleaned = (
            f"trim(regexp_replace({cleaned}, {literal(pattern)}, {literal(becomes)}, {flags}))"
        )
    none = ", ".join(literal(word) for word in ("", *words))

    def unless_none(text: str) -> str:
        written = f"lower({text})" if fold else text
        # longer than the longest word: most ids are not looked up
        is_none = f"length({text}) <= {max(map(len, words))} AND lower({text}) IN ({none})"
        return f"CASE WHEN {is_none} THEN NULL ELSE {written} END"

    odd = f"list_transform([{cleaned}], lambda i: {unless_none('i')})[1]"
    return f"(CASE WHEN {matches(cell, _PLAIN_ID)} THEN {unless_none(cell)} ELSE {odd} END)"


def teach(connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB write compatible letters one way: its function ``nfkc``."""
    import pyarrow.compute as pc

    def nfkc(texts: Any) -> Any:
        return pc.utf8_normalize(texts, form="NFKC")

    # its types know no word for the kind of a function
    known: Any = connection
    known.create_function("nfkc", nfkc, ["VARCHAR"], "VARCHAR", type="arrow")


def folded(text: str) -> str:
    """Write a word as words are compared: case, width, blanks, ``_`` and ``-`` make no difference.

    Examples
    --------
    >>> folded(" Partially_Refunded "), folded("ＰＡＩＤ")
    ('partially refunded', 'paid')
    """
    return " ".join(re.sub("[_-]", " ", unicodedata.normalize("NFKC", text).lower()).split())


def folded_sql(text: str) -> str:
    """Write a text as ``folded`` compares it, as SQL."""
    plain = f"regexp_replace(lower(nfkc({text})), '[\\s_-]+', ' ', 'g')"
    return f"trim({plain})"


def ascii_text(cell: str) -> str:
    """Write a cell with ASCII digits and signs in place of full-width and typographic ones.

    Most cells are ASCII: seeing that is far cheaper than looking for each sign.
    """
    turned = f"trim(translate({cell}, {literal(_FROM)}, {literal(_TO)}))"
    return f"(CASE WHEN strlen({cell}) = length({cell}) THEN {cell} ELSE {turned} END)"


def matches(text: str, pattern: str) -> str:
    """Write the condition that the whole of a text fits a pattern (RE2)."""
    return f"regexp_full_match({text}, {literal(pattern)})"


def has_year(text: str) -> str:
    """Write the condition that a text begins with four signs and a separator of ISO."""
    return f"{text}[5] IN ('-', '/')"


def joined_offset(text: str) -> str:
    """Write a time without the blank before its offset, which DuckDB does not read."""
    pattern, joined = r"([0-9])[ ]+([+-][0-9]{2}:?([0-9]{2})?)$", r"\1\2"
    return f"regexp_replace({text}, {literal(pattern)}, {literal(joined)})"
