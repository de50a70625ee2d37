"""What does a text look like? As SQL, and as what was seen of a column."""

from dataclasses import dataclass

from workbench import outputs
from workbench.loaders.open.cells import BLANKS
from workbench.loaders.open.sql import literal

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
