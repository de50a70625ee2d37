"""What stopped a run, and what is told of it: status, error with its mend, cell and trace."""

import re
import traceback
from dataclasses import dataclass

from workbench import errors, redaction
from workbench.reports import execution, manifest, publish

_TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Failure:
    """What stopped a run, as a person is told it."""

    status: manifest.Status
    error: errors.WorkbenchError
    cell: int | None = None
    trace: str = ""

    def without(self, hidden: list[str]) -> "Failure":
        """Give the same without secrets."""
        what, mend, trace = (
            redaction.text(said, hidden) for said in (self.error.what, self.error.mend, self.trace)
        )
        return Failure(self.status, type(self.error)(what, mend=mend), self.cell, trace)


def of(stopped: BaseException, *, what: str, seconds: float) -> Failure | None:
    """What stopped a run, as status, error and place? None: a person did.

    Parameters
    ----------
    stopped
        What the run raised.
    what
        What was being made: "monthly_customers for 2026-10".
    seconds
        How long it might have taken.

    Examples
    --------
    >>> of(execution.TookTooLong(), what="calls for 2026-10", seconds=60).status
    'timed out'
    >>> of(KeyboardInterrupt(), what="calls for 2026-10", seconds=60) is None
    True
    """
    trace = ""
    match stopped:
        case execution.CellFailed():
            return _cell_failure(stopped, what)
        case execution.TookTooLong():
            said = f"{what} took longer than {seconds / 60:g} minutes."
            mend = "Give it more time: workbench.toml → [report] timeout_minutes = 30"
            return Failure("timed out", errors.ReportTimeoutError(said, mend=mend))
        case execution.StoppedEarly():
            said = f"{what}: the notebook ended itself in cell [{stopped.cell}], before its end."
            mend = "Take sys.exit() or exit() out of that cell: a report is whole, or has failed."
            return Failure("failed", errors.ReportError(said, mend=mend), stopped.cell)
        case errors.NoDataError():
            return Failure("no data", stopped)
        case errors.WorkbenchError():
            said, mend = stopped.what, stopped.mend
        case execution.KernelDied():
            said = f"{what}: the process that ran the notebook ended early. {stopped}".strip()
            trace = stopped.trace
            mend = (
                "Most often the memory was too small: close other programs and run again. "
                "Or a cell ends the process: take exit() out of it."
            )
        case OSError():
            told = publish.refused(what, stopped)
            said, mend = told.what, told.mend
        case Exception():
            said = f"{what}: {type(stopped).__name__}: {stopped}."
            mend = "The technical details on the failure page say where."
            trace = "".join(traceback.format_exception(stopped))
        case _:
            return None
    return Failure("failed", errors.ReportError(said, mend=mend), trace=trace)


def _cell_failure(stopped: execution.CellFailed, what: str) -> Failure:
    """Say which cell raised what; an error of our own already says it, and the mend."""
    status: manifest.Status = "no data" if stopped.name == "NoDataError" else "failed"
    kind = errors.NoDataError if status == "no data" else errors.ReportError
    said, _, mend = stopped.message.partition("\n")
    if not (mend and isinstance(getattr(errors, stopped.name, None), type)):
        said = f"{what}: {stopped.name}: {stopped.message}".strip()
        mend = "Open the partial notebook beside the failure page to see how far it came."
    trace = _TERMINAL_COLOUR.sub("", stopped.trace)
    return Failure(status, kind(said, mend=mend), stopped.cell, trace)
