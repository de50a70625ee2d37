"""How is a notebook run, in this environment and no other, with an end to its patience?"""

import contextlib
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench import scratch
from workbench.blocks.block import TABLES_FOLDER

Progress = Callable[[int, int, str], None]
"""Called with the cells done, the cells in all, and the heading the run is at."""

_START_SECONDS = 60.0
# the path of a Unix socket is limited to about 100 bytes
_LONGEST_SOCKET_FOLDER = 60
_LAST_WORDS = 4000
_ONE_AT_A_TIME = threading.Lock()
# What cells and what they call write past the notebook may hold anything: it is not let through.
_LOGGED = (
    "import os, runpy; log = os.open(os.environ.pop('WORKBENCH_KERNEL_LOG'), os.O_WRONLY | os.O_CREAT | os.O_APPEND); "
    "os.dup2(log, 1); os.dup2(log, 2); runpy.run_module('ipykernel_launcher', run_name='__main__')"
)


class CellFailed(Exception):
    """A cell raised: which error, with which words, in which cell (its number in brackets)."""

    def __init__(self, name: str, message: str, *, cell: int, trace: str) -> None:
        super().__init__(message)
        self.name, self.message, self.cell, self.trace = name, message, cell, trace


class StoppedEarly(Exception):
    """The notebook ended itself, as ``sys.exit(0)`` does: in which cell (its number in brackets)."""

    def __init__(self, cell: int) -> None:
        super().__init__(cell)
        self.cell = cell


class TookTooLong(Exception):
    """The run's time was over."""


class KernelDied(Exception):
    """The process that ran the notebook ended or never answered; its last words are in ``trace``."""

    def __init__(self, message: str, *, trace: str = "") -> None:
        super().__init__(message)
        self.trace = trace


def run(
    notebook: Path,
    *,
    out: Path,
    tables: Path,
    parameters: Mapping[str, Any],
    folder: Path,
    timeout_seconds: float,
    progress: Progress | None = None,
) -> None:
    """Run a notebook from top to bottom and write it, executed.

    Parameters
    ----------
    notebook, out
        The notebook, and where the executed one is written, also when it failed.
    tables
        The folder its blocks keep their tables in.
    parameters
        Typed values for its tagged cell.
    folder
        The working folder of the kernel.
    timeout_seconds
        For all cells together.
    progress
        Told after each cell.

    Raises
    ------
    CellFailed, StoppedEarly, TookTooLong, KernelDied
        Why it did not reach the end.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    cells = nbformat.read(notebook, as_version=4).cells
    follow = _follower(cells, progress)
    deadline = time.monotonic() + timeout_seconds
    # it knows no "str | None" and would warn of every such name; names have been checked before
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with _own_kernel({TABLES_FOLDER: str(tables)}) as (transport, connection, log):
        try:
            executed = papermill.execute_notebook(
                notebook,
                out,
                parameters=dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=_START_SECONDS,
                resources={"metadata": {"path": str(folder)}},
                timeout_func=lambda _cell: max(0.1, deadline - time.monotonic()),
                store_widget_state=False,
                on_cell_complete=follow,
                config=Config(
                    {"ConnectionFileMixin": {"transport": transport, "connection_file": connection}}
                ),
            )
        except PapermillExecutionError as error:
            raise CellFailed(
                error.ename,
                error.evalue,
                cell=error.exec_count or error.cell_index,
                trace="\n".join(error.traceback),
            ) from error
        except CellTimeoutError as error:
            raise TookTooLong from error
        except (TimeoutError, DeadKernelError, RuntimeError) as error:
            trace = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            raise KernelDied(str(error), trace=trace[-_LAST_WORDS:]) from error
    _require_end(executed.cells)


def _require_end(cells: list[Any]) -> None:
    """A cell that exits without an error is no failure to papermill: what comes after it is not run."""
    numbers = [
        cell.execution_count
        for cell in cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and "skip-execution" not in cell.metadata.get("tags", ())
    ]
    exits = [
        cell.execution_count
        for cell in cells
        for output in cell.get("outputs", ())
        if output.output_type == "error" and output.ename == "SystemExit"
    ]
    if exits or (numbers and numbers[-1] is None):
        raise StoppedEarly(exits[0] if exits else max((n for n in numbers if n), default=0))


def _follower(cells: list[Any], progress: Progress | None) -> Callable[..., None] | None:
    """Tell how far the run is, by the headings the notebook is written under."""
    if progress is None:
        return None
    headings, heading = [], ""
    for cell in cells:
        lines = [line for line in cell.source.splitlines() if line.startswith("#")]
        if cell.cell_type == "markdown" and lines:
            heading = lines[-1].lstrip("# ").strip()
        headings.append(heading)

    def follow(*, cell: Any, cell_index: int, **_: Any) -> None:
        del cell
        # papermill has put one cell of its own before ours
        place = min(cell_index, len(cells))
        progress(place, len(cells), headings[min(place, len(cells) - 1)])

    return follow


@contextlib.contextmanager
def _own_kernel(environment: Mapping[str, str]) -> Iterator[tuple[str, str, Path]]:
    """Offer this very Python as the only ``python3`` kernel; give the transport, its file, the log.

    A kernel spec of the same name in the user's folder would otherwise be taken, and with it some
    other environment. Sockets in the file system instead of TCP: nobody else can connect.
    """
    with _ONE_AT_A_TIME, scratch.Folder() as place:
        folder = place / "kernels" / "python3"
        folder.mkdir(parents=True)
        (place / "runtime").mkdir(mode=0o700)
        command = [sys.executable, "-Xfrozen_modules=off", "-c", _LOGGED, "-f"]
        # no start-up files and no history of whoever runs this
        log = place / "kernel.log"
        own = {
            **environment,
            "WORKBENCH_KERNEL_LOG": str(log),
            "IPYTHONDIR": str(place / "ipython"),
        }
        spec = {"argv": [*command, "{connection_file}"], "display_name": "Python 3", "env": own}
        text = json.dumps({**spec, "language": "python"})
        (folder / "kernel.json").write_text(text, encoding="utf-8")
        wanted = {
            "JUPYTER_PATH": os.pathsep.join(
                filter(None, [str(place), os.environ.get("JUPYTER_PATH")])
            ),
            "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
        }
        before = {key: os.environ.get(key) for key in wanted}
        os.environ.update(wanted)
        try:
            short = len(str(place)) <= _LONGEST_SOCKET_FOLDER and sys.platform != "win32"
            # named here, since sockets would else be made in whatever folder one works in
            yield "ipc" if short else "tcp", str(place / "runtime" / "kernel.json"), log
        finally:
            for key, value in before.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value
