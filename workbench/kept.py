"""What was answered once and is asked again, while reports are made one after the other?

Nothing is kept until ``begin`` is called, which only the process that makes reports does. There the
editions of a report (of each language, of each owner) ask the same of the same tables. A question is
known by all that its answer depends on, a table by what it holds.
"""

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import pandas as pd

__all__ = ["answer", "begin", "end"]
__dir__ = __all__.copy

_MOST_BYTES = 512 << 20
_PLAIN = (str, int, float, bool, dt.date, type, type(None))

_T = TypeVar("_T")
# By question, the one asked longest ago first; None: nothing is kept.
_answers: OrderedDict[Hashable, tuple[Any, int]] | None = None


def begin() -> None:
    """Keep answers from here on; what is kept already stays.

    Examples
    --------
    >>> begin()
    >>> answer(lambda: 7, "how many", "days")
    7
    >>> answer(lambda: 8, "how many", "days")
    7
    >>> end()
    """
    global _answers
    if _answers is None:
        _answers = OrderedDict()


def end() -> None:
    """Forget what is kept, and keep nothing from here on.

    Examples
    --------
    >>> end()
    >>> answer(lambda: 8, "how many", "days")
    8
    """
    global _answers
    _answers = None


def answer(make: Callable[[], _T], *question: Any) -> _T:
    """Give what is kept for a question, or make it and keep it.

    Parameters
    ----------
    make
        Gives the answer. A table that is kept is handed out as a copy that shares its columns until
        one of the two is written to.
    *question
        All that the answer depends on: plain values, lists and mappings of them, tables of pandas
        (by what they hold), what a loader returned (by the fingerprint of its source), fitted models.
        With any other part nothing is kept.

    Examples
    --------
    >>> answer(lambda: 7, "how many", "weeks")
    7
    """
    known = _key(question) if _answers is not None else None
    if _answers is None or known is None:
        return make()
    if known not in _answers:
        made = make()
        _answers[known] = (made, _bytes(made))
        while sum(size for _, size in _answers.values()) > _MOST_BYTES:
            _answers.popitem(last=False)
    else:
        made = _answers[known][0]
        _answers.move_to_end(known)
    handed_out: _T = _handed_out(made)
    return handed_out


def _handed_out(made: Any) -> Any:
    return made.copy(deep=False) if isinstance(made, pd.DataFrame) else made


def _key(part: Any) -> Hashable | None:
    """What tells a question from others; None where that is not known."""
    if hasattr(part, "ledger") and hasattr(part, "source"):
        fingerprint = part.ledger.fingerprint
        return fingerprint and (str(part.source), part.ledger.table, fingerprint)
    if isinstance(part, pd.Series):
        part = part.to_frame()
    if isinstance(part, pd.DataFrame):
        rows = pd.util.hash_pandas_object(part).to_numpy()
        named = [f"{name!r}: {dtype!r}" for name, dtype in part.dtypes.items()]
        return (*named, hashlib.sha256(rows.tobytes()).hexdigest())
    if is_dataclass(part) and not isinstance(part, type):
        part = [type(part), *(getattr(part, field.name) for field in fields(part))]
    if isinstance(part, dict):
        part = [one for item in sorted(part.items()) for one in item]
    if isinstance(part, list | tuple):
        keys = tuple(map(_key, part))
        return None if None in keys else keys
    return (type(part).__name__, repr(part)) if isinstance(part, _PLAIN) else None


def _bytes(made: Any) -> int:
    """Give about how much memory the tables of an answer take."""
    if isinstance(made, pd.DataFrame):
        return int(made.memory_usage(deep=True).sum())
    if isinstance(made, list | tuple):
        return sum(map(_bytes, made))
    if is_dataclass(made) and not isinstance(made, type):
        return sum(_bytes(getattr(made, field.name)) for field in fields(made))
    return int(getattr(made, "nbytes", 0))
