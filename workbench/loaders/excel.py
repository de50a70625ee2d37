"""Which sheet of a workbook holds the table, where does it begin, and what do its cells say?

calamine reads the values. What only a spreadsheet does to a table is told here: titles above the
header, merged cells, days as numbers, ids as numbers, error cells, a row of totals.
"""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workbench import errors
from workbench.loaders import cells, damage, workbooks
from workbench.loaders.calamine_reader import is_blank
from workbench.loaders.mapping import Resolved
from workbench.loaders.options import Options

# How far down a header is looked for.
_TOP = 200
# Excel counts days: 2 is 1900-01-01 only from March 1900 on, since it has a 29 February 1900.
_DAYS_FROM = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
# Plain numbers that are taken for days in a column of dates: 1927 to 9999. A year is no day.
_FIRST_DAY, _LAST_DAY = 10_000, 2_958_466
_EXACT = 10.0**15
_TOTALS = {
    "total", "totals", "grand total", "subtotal", "sum", "合计", "总计", "小计", "总和", "合計",
    "總計", "小計",
}  # fmt: skip
_UNMERGED_TYPES = ("money", "number", "integer")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook from its header on; ``rows`` gives each row with its number."""

    name: str
    headers: tuple[str, ...]
    header_row: int
    first_column: int
    rows: Iterator[tuple[int, Sequence[Any]]]
    merged: dict[int, dict[int, int]]


@dataclass(frozen=True)
class Found:
    """What was found while a sheet was written: counts for the ledger."""

    counts: dict[str, int]
    unnamed: tuple[str, ...]


def open_sheet(
    book: workbooks.Book,
    named: str,
    *,
    sheet: str | int | None,
    header_row: int | None,
    expected: Sequence[str],
) -> Sheet:
    """Choose the sheet and find its header.

    Parameters
    ----------
    book
        The workbook.
    named
        The file in messages.
    sheet
        Its name, or its number as the tabs are counted from 1; None takes the only one that holds
        anything.
    header_row
        The row of the header as Excel numbers it; None looks for it.
    expected
        Names that are looked for in the header.

    Raises
    ------
    SourceError
        No sheet holds anything, or several do and none was stated.
    UnknownNameError
        The stated sheet is not there.
    ParameterError
        There is nothing in the stated header row.
    """
    name, start, merged = _choose(book, named, sheet)
    rows: Iterator[tuple[int, Sequence[Any]]] = enumerate(book.rows(), 1)
    top = list(itertools.islice(rows, max(_TOP, header_row or 0)))
    filled = [place for place, (_, row) in enumerate(top) if not is_blank(row)]
    if not filled:
        raise errors.SourceError(
            f"'{named}': the sheet '{name}' is empty in its first {_TOP} rows.",
            mend="State another sheet, or the row of the header: header_row=…",
        )
    if header_row is None:
        place = _find_header(top, filled, expected)
    else:
        place = header_row - 1
        if place not in filled:
            raise errors.ParameterError(
                f"header_row is {header_row}, but row {header_row} of the sheet "
                f"'{name}' in '{named}' is empty.",
                mend=f"The first row with text is {top[filled[0]][0]}.",
            )
    number, header = top[place]
    return Sheet(
        name,
        tuple(_header_text(cell) for cell in header),
        number,
        start[1],
        itertools.chain(top[place + 1 :], rows),
        _merged(merged, number, start[1]),
    )


def _choose(
    book: workbooks.Book, named: str, stated: str | int | None
) -> tuple[str, tuple[int, int], list[Any]]:
    """Choose a sheet, and give its name, the place of its first cell, and its merged cells."""
    names = [name for name, is_sheet, _ in book.sheets if is_sheet]
    visible = [name for name, is_sheet, is_visible in book.sheets if is_sheet and is_visible]
    if stated is not None:
        name = _stated(stated, names, visible, named)
        start, merged, _ = book.ask("sheet", name)
        return name, start, merged
    candidates: list[str] = []
    hidden: list[str] = []
    last: tuple[str, tuple[int, int], list[Any]] = ("", (0, 0), [])
    for name in names:
        start, merged, is_empty = book.ask("sheet", name)
        last = name, start, merged
        if not is_empty and name in visible:
            candidates.append(name)
        elif not is_empty:
            hidden.append(f"'{name}'")
    if len(candidates) == 1:
        if last[0] != candidates[0]:
            start, merged, _ = book.ask("sheet", candidates[0])
            last = candidates[0], start, merged
        return last
    if candidates:
        listed = ", ".join(f"'{name}'" for name in candidates)
        also = f" (and hidden: {', '.join(hidden)})" if hidden else ""
        raise errors.SourceError(
            f"'{named}' has {len(candidates)} sheets with data: {listed}{also}.",
            mend=f"State one: sheet='{candidates[0]}'; on the command line --sheet "
            f'"{candidates[0]}", in workbench.toml: sheet = "{candidates[0]}".',
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


def _find_header(
    top: list[tuple[int, Sequence[Any]]], filled: list[int], expected: Sequence[str]
) -> int:
    """Take the row with the most names that are expected, else the first that could be a header."""
    names = set(expected)
    best = max(
        filled, key=lambda place: len(names & {_header_text(cell) for cell in top[place][1]})
    )
    if names & {_header_text(cell) for cell in top[best][1]}:
        return best
    widest = max(_width(top[place][1]) for place in filled)
    for place in filled:
        said = [cell for cell in top[place][1] if cell != ""]
        is_text = all(isinstance(cell, str) for cell in said)
        if is_text and len(set(said)) == len(said) and 2 * len(said) > widest:
            return place
    return filled[0]


def _width(row: Sequence[Any]) -> int:
    return sum(cell != "" for cell in row)


def _header_text(cell: Any) -> str:
    # A header broken over two lines inside its cell is one name.
    return " ".join(str(cells.spreadsheet_text(cell) or "").split())


def _merged(ranges: list[Any], header_row: int, first_column: int) -> dict[int, dict[int, int]]:
    """Give the cells that a merged cell covers downwards: row, column, and the row it begins in."""
    found: dict[int, dict[int, int]] = {}
    for (top, left), (bottom, _) in ranges:
        for row in range(max(top + 1, header_row), bottom + 1):
            found.setdefault(row + 1, {})[left - first_column] = top + 1
    return found


def write(
    sheet: Sheet,
    resolved: Resolved,
    writer: cells.Writer,
    *,
    damaged: dict[int, list[damage.Damaged]],
    from_1904: bool,
    options: Options,
) -> Found:
    """Write the rows of a sheet as text; rows that no cast could judge are rejected here.

    Parameters
    ----------
    sheet
        The sheet.
    resolved
        Our columns among its headers.
    writer
        Where the rows go.
    damaged
        What ``damage.find`` found.
    from_1904
        The workbook counts its days from 1904.
    options
        What was asked of the load.
    """
    ours = {place: mapped.column for mapped in resolved.columns for place in mapped.positions}
    ids = [place for place, column in ours.items() if column.type == "id"]
    days = (
        [place for place, column in ours.items() if column.type in ("date", "timestamp")]
        if options.times.date_format in (None, "excel")
        else []
    )
    fills = {place for place, column in ours.items() if column.type not in _UNMERGED_TYPES}
    begin = _DAYS_FROM[from_1904]
    counts = {"number_ids": 0, "serial_dates": 0, "merged_cells": 0}
    unnamed = {place for place, header in enumerate(sheet.headers) if not header}
    blank_so_far = set(unnamed)
    above: dict[int, tuple[int, Any]] = {}
    for number, given in sheet.rows:
        for place in list(blank_so_far):
            if given[place] != "":
                blank_so_far.discard(place)
        if is_blank(given):
            continue
        if number in damaged and (found := _damage_in(damaged[number], ours, sheet.first_column)):
            writer.reject(number, *found)
            continue
        if _is_total(given):
            shown = ", ".join(str(cells.spreadsheet_text(cell)) for cell in given if cell != "")
            writer.reject(number, "", shown, "totals_row")
            continue
        row = list(given)
        for place in fills:
            if row[place] != "":
                above[place] = (number, row[place])
        if number in sheet.merged:
            counts["merged_cells"] += _fill(row, sheet.merged[number], above)
        if (long := _long_id(row, ids)) is not None:
            shown = format(row[long], ".15g")
            writer.reject(number, ours[long].name, shown, "id_digits_lost")
            continue
        for place in ids:
            counts["number_ids"] += isinstance(row[place], float)
        for place in days:
            cell = row[place]
            if isinstance(cell, float) and _FIRST_DAY <= cell < _LAST_DAY:
                moment = begin + dt.timedelta(milliseconds=round(cell * 86_400_000))
                row[place] = moment if moment.time() != dt.time() else moment.date()
                counts["serial_dates"] += 1
        writer.add(number, row)
    letters = sorted(unnamed - blank_so_far)
    return Found(
        counts,
        tuple(f"column {damage.letters_of(place + sheet.first_column)}" for place in letters),
    )


def _damage_in(
    found: list[damage.Damaged], ours: dict[int, Any], first_column: int
) -> tuple[str, str, str] | None:
    known = [one for one in found if one.column - first_column in ours]
    if not known:
        return None
    names = "; ".join(ours[one.column - first_column].name for one in known)
    return names, "; ".join(one.text for one in known), "; ".join(one.reason for one in known)


def _is_total(row: Sequence[Any]) -> bool:
    """Is the first word of a row 'total', and all the rest numbers?"""
    said = [cell for cell in row if cell != ""]
    first = said[0]
    if not isinstance(first, str) or first.strip().rstrip(":：").lower() not in _TOTALS:
        return False
    return len(said) > 1 and all(isinstance(cell, float | int) for cell in said[1:])


def _fill(row: list[Any], merged: dict[int, int], above: dict[int, tuple[int, Any]]) -> int:
    filled = 0
    for place, begins in merged.items():
        if place in above and row[place] == "" and above[place][0] == begins:
            row[place] = above[place][1]
            filled += 1
    return filled


def _long_id(row: Sequence[Any], ids: list[int]) -> int | None:
    # A number keeps fifteen digits: of a longer id the last ones are gone.
    for place in ids:
        cell = row[place]
        if isinstance(cell, float) and abs(cell) >= _EXACT:
            return place
    return None
