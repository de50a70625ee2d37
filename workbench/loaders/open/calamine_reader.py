"""What does a workbook hold? Read in a process of its own, which alone dies of a damaged one.

calamine lays a sheet out in memory from corner to corner: one stray cell in the last column of the
last row would need more than there is, and the process that asks for it is ended by the system. In
a notebook that would be the kernel. So ``workbooks`` starts this file as a program of its own and
talks to it through pipes: requests come in, replies go out, pickled. It imports nothing of the
package, so that it starts at once.
"""

import io
import os
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import IO, Any

BATCH = 5_000
# What reading a workbook may take: a full sheet of thirty columns fits; beyond is a stray cell.
MEMORY_SHARE = 0.5
MEMORY_BYTES = 4 << 30


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer requests until there are no more.

    ``("open", path, by_content)`` is answered with the sheets: name, is it a sheet of cells, is it
    visible. ``("sheet", name)`` with the place of its first cell, its merged cells, whether it
    is empty, and how many rows and columns it has; ``("rows",)`` then with its rows, batch by batch, and None. What fails is answered
    with ``("password", "")`` or ``("damaged", why)``.
    """
    from python_calamine import PasswordError

    def reply(kind: str, *said: Any) -> None:
        pickle.dump((kind, *said), replies, protocol=5)
        replies.flush()

    book: Any = None
    sheet: Any = None
    while True:
        try:
            asked, *what = pickle.load(requests)
        except EOFError:
            return
        try:
            if asked == "open":
                book, sheets = _open(*what)
                reply("book", sheets)
            elif asked == "sheet":
                if sheet is None or sheet.name != what[0]:
                    sheet = book.get_sheet_by_name(what[0])
                merged = list(sheet.merged_cell_ranges or ())
                is_empty = all(map(is_blank, sheet.iter_rows()))
                reply("sheet", sheet.start or (0, 0), merged, is_empty, sheet.height, sheet.width)
            else:
                rows = sheet.iter_rows()
                while batch := list(islice(rows, BATCH)):
                    reply("rows", batch)
                reply("rows", None)
        except PasswordError:
            reply("password", "")
        # A panic of the library is no Exception.
        except BaseException as error:
            reply("damaged", (str(error).splitlines() or [type(error).__name__])[0])


def _open(path: str, by_content: bool) -> tuple[Any, list[tuple[str, bool, bool]]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    if by_content:
        with open(path, "rb") as handle:  # noqa: PTH123
            book = CalamineWorkbook.from_filelike(io.BytesIO(handle.read()))
    else:
        book = CalamineWorkbook.from_path(path)
    sheets = [
        (one.name, one.typ == SheetTypeEnum.WorkSheet, one.visible == SheetVisibleEnum.Visible)
        for one in book.sheets_metadata
    ]
    return book, sheets


def is_blank(row: Sequence[Any]) -> bool:
    """Does a row hold nothing but blanks?

    Examples
    --------
    >>> is_blank(["", " "]), is_blank(["", 0.0])
    (True, False)
    """
    return not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row)


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        most = min(int(there * MEMORY_SHARE), MEMORY_BYTES)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    _limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
