"""What is wrong with a value, and what is to be written instead? pydantic's findings in our words."""

import datetime as dt
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

_A_SECTION = "a section of its own, or names and values in braces"
_ASKED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dataclass_type": _A_SECTION,
    "dict_type": _A_SECTION,
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number from {ge:g} on",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller number",
    "int_type": "a whole number",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number up to {le:g}",
    "list_type": "a list in square brackets",
    "literal_error": "{expected}",
    "mapping_type": _A_SECTION,
    "model_type": _A_SECTION,
    "string_too_short": "a text that is not empty",
    "string_type": "a text in quotes",
    "tuple_type": "a list in square brackets",
}
_PATTERNS = {
    "^[A-Z]{2}$": "two capital letters, such as 'CN'",
    "^[A-Z]{3}$": "three capital letters, such as 'EUR'",
}


def value(given: Any) -> str:
    """Write a value as a person may have written it.

    Examples
    --------
    >>> value(True), value("yuan"), value(dt.date(2026, 1, 1))
    ('true', "'yuan'", '2026-01-01')
    """
    if isinstance(given, bool):
        return str(given).lower()
    return given.isoformat() if isinstance(given, dt.date) else reprlib.repr(given)


def asked(findings: Sequence[Any], depth: int) -> str:
    """Say what has to be written, by all that pydantic found about one value.

    Parameters
    ----------
    findings
        As ``ValidationError.errors()`` gives them.
    depth
        How many names lead to the value; what stands deeper is a part of it.

    Examples
    --------
    >>> asked([{"type": "int_type", "loc": ("rfm", "bins")}], 2)
    'a whole number'
    """
    return " or ".join(dict.fromkeys(_one(finding, depth) for finding in findings))


def _one(finding: Mapping[str, Any], depth: int) -> str:
    context = finding.get("ctx", {})
    if finding["type"] == "string_pattern_mismatch":
        text = _PATTERNS.get(context["pattern"], "a text of another form")
    else:
        text = _ASKED.get(finding["type"], "something else").format_map(context)
    is_in_list = any(isinstance(part, int) for part in finding["loc"][depth:])
    return f"a list in square brackets, of {text}" if is_in_list else text
