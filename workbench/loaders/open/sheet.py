"""Which sheet of a workbook holds the table, and where does it begin below its titles?"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workbench import errors
from workbench.load_options import LoadOptions
from workbench.loaders.find import limits
from workbench.loaders.open.calamine_reader import is_blank
from workbench.loaders.open.cells import spreadsheet_text
from workbench.loaders.open.header_row import TOP, find_header
from workbench.loaders.open.workbook import Book


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook from its header on; ``rows`` gives each row with its number."""

    name: str
    headers: tuple[str, ...]
    header_row: int
    first_column: int
    rows: Iterator[tuple[int, Sequence[Any]]]
    merged: dict[int, dict[int, int]]


def open_sheet(book: Book, named: str, options: LoadOptions, expected: Sequence[str]) -> Sheet:
    """Choose the sheet and find its header, by the names that are expected in it.

    Raises
    ------
    SourceError
        No sheet holds anything, or several do and none was stated.
    UnknownNameError
        The stated sheet is not there.
    ParameterError
        There is nothing in the stated header row.
    """
    name = _choose(book, named, options.sheet)
    (_, left), merged, _, height, width = book.ask("sheet", name)
    limits.sheet(named, height, width)
    rows: Iterator[tuple[int, Sequence[Any]]] = enumerate(book.rows(), 1)
    top = list(itertools.islice(rows, max(TOP, options.header_row or 0)))
    filled = [place for place, (_, row) in enumerate(top) if not is_blank(row)]
    if not filled:
        raise errors.SourceError(
            f"'{named}': the sheet '{name}' is empty in its first {TOP} rows.",
            mend="State another sheet, or the row of the header: header_row=…",
        )
    if options.header_row is None:
        place = find_header([list(_texts(row)) for _, row in top], expected)
    else:
        place = options.header_row - 1
        if place not in filled:
            raise errors.ParameterError(
                f"header_row is {options.header_row}, but row {options.header_row} of the sheet "
                f"'{name}' in '{named}' is empty.",
                mend=f"The first row with text is {top[filled[0]][0]}.",
            )
    number, header = top[place]
    rest = itertools.chain(top[place + 1 :], rows)
    return Sheet(name, _texts(header), number, left, rest, _merged(merged, number, left))


def filled(book: Book) -> list[str]:
    """Name the visible sheets that hold anything."""
    return [
        n for n, is_sheet, seen in book.sheets if is_sheet and seen and not book.ask("sheet", n)[2]
    ]


def _choose(book: Book, named: str, stated: Any) -> str:
    """Take the sheet that is stated, else the only visible one that holds anything."""
    names = [name for name, is_sheet, _ in book.sheets if is_sheet]
    visible = [name for name, is_sheet, is_visible in book.sheets if is_sheet and is_visible]
    if stated is not None:
        return _stated(stated, names, visible, named)
    filled = [name for name in names if not book.ask("sheet", name)[2]]
    shown = [name for name in filled if name in visible]
    hidden = [f"'{name}'" for name in filled if name not in visible]
    if len(shown) == 1:
        return shown[0]
    if shown:
        listed = ", ".join(f"'{name}'" for name in shown)
        also = f" (and hidden: {', '.join(hidden)})" if hidden else ""
        raise errors.SourceError(
            f"'{named}' has {len(shown)} sheets with data: {listed}{also}.",
            mend=f"State one: sheet='{shown[0]}'; on the command line --sheet "
            f'"{shown[0]}", in workbench.toml: sheet = "{shown[0]}".',
        )
    if hidden:
        raise errors.SourceError(
            f"'{named}' holds data in hidden sheets only: {', '.join(hidden)}.",
            mend=f"If that is meant, state the sheet: sheet={hidden[0]}.",
        )
    raise errors.SourceError(
        f"'{named}' is an empty workbook: no sheet holds anything.",
        mend="It needs a header row; export the table again.",
    )


def _stated(stated: str | int, names: list[str], visible: list[str], named: str) -> str:
    if isinstance(stated, str) and stated in names:
        return stated
    if isinstance(stated, int) or stated.isdecimal():
        if 1 <= int(stated) <= len(visible):
            return visible[int(stated) - 1]
        listed = ", ".join(f"{place} '{name}'" for place, name in enumerate(visible, 1))
        raise errors.ParameterError(
            f"sheet is {stated}, but '{named}' has {len(visible)} visible sheets.",
            mend=f"Sheets are counted from 1: {listed}.",
        )
    raise errors.unknown(f"sheet in '{named}'", stated, names)


def _texts(header: Sequence[Any]) -> tuple[str, ...]:
    # A header broken over two lines inside its cell is one name.
    return tuple(" ".join(str(spreadsheet_text(cell) or "").split()) for cell in header)


def _merged(ranges: list[Any], header_row: int, first_column: int) -> dict[int, dict[int, int]]:
    """Give the cells that a merged cell covers downwards: row, column, and the row it begins in."""
    found: dict[int, dict[int, int]] = {}
    for (top, left), (bottom, _) in ranges:
        if len(found) + bottom - top > limits.SHEET_CELLS:  # more than any sheet has
            break
        for row in range(max(top + 1, header_row), bottom + 1):
            found.setdefault(row + 1, {})[left - first_column] = top + 1
    return found
