"""How is a file read whose columns are told by their position in the line?"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from workbench.loaders.open import encodings
from workbench.loaders.open.cells import Writer
from workbench.loaders.open.text_file import LongLine, TextFile, next_line

Widths = Mapping[str, tuple[int, int]]


def is_header(line: str, widths: Widths) -> bool:
    """Does a first line name every column? Then it is a header and not a row."""
    return set(widths) <= set(line.split())


def write(file: TextFile, widths: Widths, path: Path) -> Writer:
    """Cut every line into a Parquet file: one text per column, and last the whole line.

    Blank lines are no rows. What a line holds beyond the stated positions is left alone.
    """
    cuts = [slice(start, stop) for start, stop in widths.values()]
    with Writer(path, len(cuts) + 1) as writer, file.open_text() as handle:
        is_first = True
        for number, ended in enumerate(iter(partial(next_line, handle), ""), 1):
            line = ended.rstrip("\r\n")
            if not line.strip():
                continue
            if isinstance(ended, LongLine):
                writer.reject(number, "", line, "line_too_long")
            elif not encodings.is_sound(line):
                writer.reject(number, "", line, "not_in_encoding")
            elif not (is_first and is_header(line, widths)):
                writer.add(number, [*(line[cut] for cut in cuts), line])
            is_first = False
    return writer
