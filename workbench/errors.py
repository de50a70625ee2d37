"""What went wrong, where, and how is it mended?

Every error is a :class:`WorkbenchError` and the matching built-in, says what and where in its
first line and the mend in the next, and knows the exit code the command line ends with.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

__all__ = [
    "ConfigError",
    "ContentError",
    "ContractError",
    "ConvergenceError",
    "EngineError",
    "NoDataError",
    "ParameterError",
    "ParameterTypeError",
    "RejectRateError",
    "ReportError",
    "ReportTimeoutError",
    "SourceError",
    "SourceNotFoundError",
    "UnknownNameError",
    "WorkbenchError",
    "WorklistError",
]
__dir__ = __all__.copy

_MOST_NAMED, _NEAREST = 24, 5


class WorkbenchError(Exception):
    r"""What happened, and what should the reader do about it?

    Parameters
    ----------
    what
        What is wrong and where, one sentence.
    mend
        How to mend it, one or two sentences.

    Examples
    --------
    >>> str(ContractError("orders: missing column 'amount'.", mend="Add it."))
    "orders: missing column 'amount'.\nAdd it."
    """

    exit_code: ClassVar[int] = 1
    #: Which text of the word lists tells it to a person at a screen, ``error.<key>``, with what.
    told: tuple[str, dict[str, Any]] | None = None

    def __init__(self, what: str, *, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend

    def told_by(self, key: str, /, **fields: Any) -> Self:
        """Name the text that tells it in the reader's language; a field may name a control."""
        self.told = key, fields
        return self

    def __str__(self) -> str:
        return f"{self.what}\n{self.mend}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.what, self.mend, self.__dict__)

    def _render_traceback_(self) -> list[str]:
        # a notebook shows these lines in the place of Python's own
        return [f"{type(self).__name__}: {self.what}", self.mend]

    @property
    def one_line(self) -> str:
        """The whole message on one line, for a terminal or a log."""
        return " ".join(str(self).split())


def _rebuild(
    kind: type[WorkbenchError], what: str, mend: str, state: dict[str, Any]
) -> WorkbenchError:
    error = kind(what, mend=mend)
    error.__dict__.update(state)
    return error


class ContractError(WorkbenchError, ValueError):
    """A table does not hold what its contract in ``schema`` says."""

    exit_code = 3


class RejectRateError(ContractError):
    """More rows were rejected than allowed; the ledger is attached as ``ledger``."""

    def __init__(self, what: str, *, mend: str, ledger: Any = None) -> None:
        super().__init__(what, mend=mend)
        self.ledger = ledger


class ContentError(ContractError):
    """A text cannot be made: a template is wrong, or a field is missing; all are in ``problems``."""

    def __init__(self, what: str, *, mend: str, problems: Any = None) -> None:
        super().__init__(what, mend=mend)
        self.problems = problems


class SourceError(WorkbenchError, OSError):
    """A file or database could not be read as what it was said to be."""

    exit_code = 3


class SourceNotFoundError(SourceError, FileNotFoundError):
    """There is nothing at the place that was named."""


class ParameterError(WorkbenchError, ValueError):
    """An argument has a value that makes no sense here; ``option`` names it where it is one."""

    exit_code = 2
    option: str | None = None


class ParameterTypeError(ParameterError, TypeError):
    """An argument has the wrong type."""


class UnknownNameError(WorkbenchError, KeyError):
    """A name that is not in the list: a label, a table, a query, a report."""

    exit_code = 2


class ConfigError(WorkbenchError, ValueError):
    """The settings file is wrong."""

    exit_code = 4


class ConvergenceError(WorkbenchError, ArithmeticError):
    """A fit found no maximum; what it did find is attached as ``result``."""

    exit_code = 3

    def __init__(self, what: str, *, mend: str, result: Any = None) -> None:
        super().__init__(what, mend=mend)
        self.result = result


class EngineError(WorkbenchError, RuntimeError):
    """A query failed where the data is."""

    exit_code = 3


class ReportError(WorkbenchError, RuntimeError):
    """A report could not be made; the last good one is untouched."""

    exit_code = 5


class ReportTimeoutError(ReportError, TimeoutError):
    """A report took longer than it may."""

    exit_code = 6


class NoDataError(ReportError):
    """There is nothing to report on in the period."""

    exit_code = 7


class WorklistError(WorkbenchError, RuntimeError):
    """The worklist cannot do what was asked as things stand; nothing was changed."""

    exit_code = 8


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Which known name was probably meant? A sentence for the mend, or nothing.

    Examples
    --------
    >>> did_you_mean("quantil", ["quantile", "mean"])
    "Did you mean 'quantile'? "
    """
    from rapidfuzz import process, utils

    best = process.extractOne(name, list(known), processor=utils.default_process, score_cutoff=70)
    return f"Did you mean '{best[0]}'? " if best else ""


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Make the error for a name that is not in the list, with the likely one and those there are.

    Of a long list only the nearest are named.

    Examples
    --------
    >>> unknown("method", "means", ["mean", "median"]).one_line
    "There is no method called 'means'. Did you mean 'mean'? Known: mean, median."
    """
    names = sorted(known)
    listed = ", ".join(names)
    if len(names) > _MOST_NAMED:
        from rapidfuzz import process, utils

        near = process.extract(name, names, processor=utils.default_process, limit=_NEAREST)
        listed = ", ".join(one for one, *_ in near) + f" and {len(names) - len(near)} others"
    return UnknownNameError(
        f"There is no {kind} called '{name}'.", mend=f"{did_you_mean(name, names)}Known: {listed}."
    )
