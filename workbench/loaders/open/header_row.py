"""Which row names the columns? In a workbook and in a CSV alike, below whatever stands above it."""

import re
from collections.abc import Collection, Sequence

#: How far down a header is looked for.
TOP = 200
# A number or a date: no name of a column.
_VALUE = re.compile(r"[+-]?[0-9][0-9.,:/ +-]*")


def find_header(rows: Sequence[Sequence[str]], expected: Collection[str]) -> int:
    """Take the row with the most names that are expected, else the first that could be a header.

    Examples
    --------
    >>> find_header([["Report", ""], ["", ""], ["who", "when"], ["A", "2026-03-01"]], ["when"])
    2
    >>> find_header([["Sales, March"], ["who", "when", "how much"], ["A", "2026-03-01", "5"]], [])
    1
    """
    wanted = {name.casefold() for name in expected}
    cells = {place: filled for place, row in enumerate(rows) if (filled := [c for c in row if c])}
    known = {
        place: len(wanted.intersection(map(str.casefold, row))) for place, row in cells.items()
    }
    best = max(cells, key=lambda place: known[place])
    if known[best]:
        return best
    widest = max(map(len, cells.values()))
    for place, row in cells.items():
        is_text = not any(_VALUE.fullmatch(cell) for cell in row)
        if is_text and 2 * len(set(row)) > max(len(row), widest):
            return place
    return next(iter(cells))
