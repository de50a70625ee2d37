"""What does a workbook hold? Asked of ``calamine_reader``, in a process of its own."""

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from workbench import errors
from workbench.loaders.find import limits, workbooks
from workbench.loaders.open import calamine_reader

# as calamine says it: what repeats is written once, so that few bytes unpack to many cells
_TOO_MANY = re.compile(r"Cell limit exceeded \((\d+)")


class Book:
    """A workbook that a process of its own reads."""

    def __init__(self, process: "subprocess.Popen[bytes]", named: str) -> None:
        self._process, self._named = process, named
        self.sheets: list[tuple[str, bool, bool]] = []

    def ask(self, *request: Any) -> tuple[Any, ...]:
        """Send a request, and give the first reply."""
        if self._process.stdin is not None:
            # A process that has died is told by what it does not answer.
            with suppress(BrokenPipeError, OSError):
                pickle.dump(request, self._process.stdin, protocol=5)
                self._process.stdin.flush()
        return self._reply()

    def rows(self) -> Iterator[Sequence[Any]]:
        """Give the rows of the sheet that was asked for last, from the first of the sheet on."""
        (batch,) = self.ask("rows")
        while batch is not None:
            yield from batch
            (batch,) = self._reply()

    def _reply(self) -> tuple[Any, ...]:
        try:
            kind, *said = pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except (EOFError, pickle.UnpicklingError, OSError) as error:
            raise errors.SourceError(
                f"'{self._named}' cannot be read: its cells need more memory than there is, or it "
                "is damaged.",
                mend="Delete what stands far outside the table (Ctrl+End shows the last cell), and "
                "save it again; or save the sheet as CSV.",
            ) from error
        if kind == "password":
            raise workbooks.behind_password(self._named)
        if kind == "damaged" and (most := _TOO_MANY.match(str(said[0]))):
            raise limits.cells(self._named, f"unpacks to {int(most[1]):,}")
        if kind == "damaged":
            why = str(said[0]).strip(" .")[:120]
            raise errors.SourceError(
                f"'{self._named}' cannot be read as an Excel workbook: it is damaged ({why}).",
                mend=workbooks.AGAIN,
            )
        return tuple(said)


@contextmanager
def opened(path: Path, named: str, kind: workbooks.Kind) -> Iterator[Book]:
    """Open a workbook with calamine, in a process that alone dies of a damaged one."""
    # Found where this process finds it; -P: the modules beside the reader are none of its own.
    places = os.pathsep.join(place for place in sys.path if place)
    process = subprocess.Popen(
        [sys.executable, "-P", calamine_reader.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": places},
    )
    try:
        book = Book(process, named)
        # calamine goes by the suffix of a path, but by the content of a stream.
        suffix = path.suffix.lower().removeprefix(".")
        by_content = {"xlsm": "xlsx"}.get(suffix, suffix) != kind
        (book.sheets,) = book.ask("open", str(path.resolve()), by_content)
        yield book
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
