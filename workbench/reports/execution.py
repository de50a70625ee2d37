"""How is a notebook run, in this environment and no other, with an end to its patience?"""

import contextlib
import functools
import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from workbench import scratch
from workbench.blocks.block import TABLES_FOLDER

Progress = Callable[[int, int, str], None]
"""Called with the cells done, the cells in all, and the heading the run is at."""

_START_SECONDS = 60.0
# the path of a Unix socket is limited to about 100 bytes
_LONGEST_SOCKET_FOLDER = 60
_LAST_WORDS = 4000
# What cells and what they call write past the notebook may hold anything: it is not let through.
_LOGGED = (
    "import os, runpy; log = os.open(os.environ.pop('WORKBENCH_KERNEL_LOG'), os.O_WRONLY | os.O_CREAT | os.O_APPEND); "
    "os.dup2(log, 1); os.dup2(log, 2); runpy.run_module('ipykernel_launcher', run_name='__main__')"
)


# Each notebook begins as in a process of its own; what was computed for one is kept for the next.
_ALONE = """
import os as _os
from IPython import get_ipython as _shell
from workbench import kept as _kept, words as _words
_kept.begin()
_words.speak()
_os.environ[{variable!r}] = {tables!r}
_os.chdir({folder!r})
_shell().execution_count = 1
_shell().reset(new_session=False)
"""


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


class Kernel:
    """Which process runs notebooks? This very Python, one notebook after the other, each as if alone.

    It starts with the first notebook, and again after one that did not come to an end. A kernel spec
    called ``python3`` in the user's folder is not taken, and with it some other environment. Sockets
    in the file system instead of TCP: nobody else can connect.

    Examples
    --------
    >>> with Kernel() as kernel:
    ...     kernel.log
    ''
    """

    def __init__(self) -> None:
        self._manager: Any = None
        self._place: scratch.Folder | None = None
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.end()
        if threading.current_thread() is not threading.main_thread():
            from jupyter_core.utils import ensure_event_loop

            ensure_event_loop().close()  # it goes with its thread

    def start(self, folder: Path) -> Any:
        """Start the process where none runs, without waiting for it; give its manager."""
        from jupyter_core.utils import run_sync

        if self._stopped:
            raise KeyboardInterrupt
        if self._manager is None:
            self._place = scratch.Folder()
            self._manager = _manager(self._place.path)
            # no history of whoever runs this
            arguments = ["--HistoryManager.hist_file=:memory:"]
            run_sync(self._manager.start_kernel)(cwd=str(folder), extra_arguments=arguments)
        if self._stopped:  # meanwhile
            raise KeyboardInterrupt
        return self._manager

    @property
    def log(self) -> str:
        """What the process wrote past its notebooks: its last words."""
        log = self._place.path / "kernel.log" if self._place else None
        said = log.read_text(encoding="utf-8", errors="replace") if log and log.exists() else ""
        return said[-_LAST_WORDS:]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """End the process where a notebook does not come to an end, by itself or by an error."""
        try:
            yield
        except BaseException as error:
            if not isinstance(error, CellFailed) or self._stopped:
                self.end()
            if self._stopped:
                raise KeyboardInterrupt from error
            raise

    def stop(self) -> None:
        """Stop at once, from another thread: whatever runs here is interrupted, and nothing starts."""
        self._stopped = True
        provisioner = getattr(self._manager, "provisioner", None)
        process = getattr(provisioner, "process", None)
        if process is not None:
            process.kill()

    def end(self) -> None:
        """End the process, if one runs."""
        from jupyter_core.utils import run_sync

        manager, self._manager = self._manager, None
        if manager is not None:
            run_sync(_ended)(manager)
        if self._place is not None:
            self._place.remove()
            self._place = None


def run(
    notebook: Path,
    *,
    out: Path,
    tables: Path,
    parameters: Mapping[str, Any],
    folder: Path,
    timeout_seconds: float,
    progress: Progress | None = None,
    kernel: Kernel | None = None,
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
    kernel
        The process to run it in; None: one for this notebook.

    Raises
    ------
    CellFailed, StoppedEarly, TookTooLong, KernelDied
        Why it did not reach the end.
    """
    if kernel is None:
        with Kernel() as own:
            run(
                notebook, out=out, tables=tables, parameters=parameters, folder=folder,
                timeout_seconds=timeout_seconds, progress=progress, kernel=own,
            )  # fmt: skip
        return
    deadline = time.monotonic() + timeout_seconds
    with kernel.running():
        manager = kernel.start(folder)
        # while the process starts
        papermill = _papermill()
        import nbformat
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.exceptions import PapermillExecutionError

        cells = nbformat.read(notebook, as_version=4).cells
        reached: list[Any] = []
        alone = _ALONE.format(variable=TABLES_FOLDER, tables=str(tables), folder=str(folder))
        try:
            executed = papermill.execute_notebook(
                notebook,
                out,
                parameters=dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=_START_SECONDS,
                timeout_func=lambda _cell: max(0.1, deadline - time.monotonic()),
                store_widget_state=False,
                # before and after each cell, all figures again: more than the cells take themselves
                request_save_on_cell_execute=False,
                on_notebook_start=functools.partial(_made_ready, manager, alone, reached),
                on_cell_complete=_follower(cells, progress),
                km=manager,
            )
        except PapermillExecutionError as error:
            raise CellFailed(
                error.ename,
                error.evalue,
                cell=error.exec_count or error.cell_index,
                trace="\n".join(error.traceback),
            ) from error
        except (TimeoutError, DeadKernelError, RuntimeError) as error:
            for unfinished in reached:
                nbformat.write(unfinished, out)
            if isinstance(error, CellTimeoutError):
                raise TookTooLong from error
            raise KernelDied(str(error), trace=kernel.log) from error
        _require_end(executed.cells)


async def _ended(manager: Any) -> None:
    """End a kernel's process, also one that is gone already."""
    manager.close_client()
    try:
        if await manager.is_alive():
            await manager.shutdown_kernel(now=True)
    finally:
        await manager.cleanup_resources()


async def _made_ready(manager: Any, alone: str, reached: list[Any], *, notebook: Any) -> None:
    """Have the process forget the notebook before; hold on to the one that is run."""
    reached.append(notebook)
    reply = await manager.last_client.execute(
        alone, silent=True, store_history=False, reply=True, timeout=_START_SECONDS
    )
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"{reply['content'].get('ename')}: {reply['content'].get('evalue')}")


def _papermill() -> Any:
    """Load papermill, which checks what notebooks look like and no address in them."""
    # jsonschema would first compile forty grammars of addresses, which takes seconds
    grammars = "rfc3987_syntax"
    is_left_out = sys.modules.setdefault(grammars, None) is None  # type: ignore[arg-type]
    try:
        import papermill
    finally:
        if is_left_out:
            sys.modules.pop(grammars, None)
    # it knows no "str | None" and would warn of every such name; names have been checked before
    logging.getLogger("papermill").setLevel(logging.ERROR)
    return papermill


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


def _manager(place: Path) -> Any:
    """Offer this very Python as the only ``python3`` kernel; all its files lie in one folder."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class Manager(AsyncKernelManager):  # type: ignore[misc]
        """Each notebook is told to the process by a client of its own, and the one before is closed."""

        last_client: Any = None

        def client(self, **kwargs: Any) -> Any:
            self.close_client()
            self.last_client = super().client(**kwargs)
            return self.last_client

        def close_client(self) -> None:
            if self.last_client is not None:
                self.last_client.stop_channels()
                self.last_client = None

    folder = place / "kernels" / "python3"
    folder.mkdir(parents=True)
    (place / "runtime").mkdir(mode=0o700)
    own = {
        "WORKBENCH_KERNEL_LOG": str(place / "kernel.log"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
        # no start-up files of whoever runs this
        "IPYTHONDIR": str(place / "ipython"),
    }
    command = [sys.executable, "-Xfrozen_modules=off", "-c", _LOGGED, "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Python 3", "env": own, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    short = len(str(place)) <= _LONGEST_SOCKET_FOLDER and sys.platform != "win32"
    return Manager(
        kernel_name="python3",
        kernel_spec_manager=KernelSpecManager(
            kernel_dirs=[str(place / "kernels")], ensure_native_kernel=False
        ),
        transport="ipc" if short else "tcp",
        # named here, since sockets would else be made in whatever folder one works in
        connection_file=str(place / "runtime" / "kernel.json"),
    )
