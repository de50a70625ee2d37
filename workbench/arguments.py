"""Is this a day, a number from 1, one of these, a column of counts? Arguments are read here, strictly.

Each function takes the argument's name and what was handed in, and gives it back in its type, or
says what is wrong with it. That a table has its columns is asked with ``schema.require``.
"""

import datetime as dt
import inspect
import math
import operator
import re
import reprlib
import types
import typing
from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from workbench import errors

DayLike: TypeAlias = dt.date | pd.Timestamp | np.datetime64 | str
Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_DAYS = 2**31 - 1
# What no database keeps: PostgreSQL has no zero byte, UTF-8 no half of a pair.
UNKEPT = re.compile("[\x00\ud800-\udfff]")
_BOUNDS = (
    ("least", "at least", operator.ge),
    ("above", "above", operator.gt),
    ("most", "at most", operator.le),
    ("below", "below", operator.lt),
)


def day(name: str, value: Any) -> dt.date:
    """Read a day: a date, a timestamp (its time of day is ignored) or ISO text.

    Raises
    ------
    ParameterError
        The text is no day, or the timestamp is NaT or bound to a zone, where the day depends on
        who looks.
    ParameterTypeError
        It is none of these.

    Examples
    --------
    >>> day("as_of", "2026-10-31")
    datetime.date(2026, 10, 31)
    >>> day("as_of", pd.Timestamp("2026-10-31 23:59"))
    datetime.date(2026, 10, 31)
    """
    mend = f"Write {name}=date(2026, 10, 31), a naive timestamp, or '2026-10-31'."
    if name.startswith("--"):
        mend = f"Write {name} 2026-10-31."
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if value is pd.NaT:
        raise errors.ParameterError(f"{name} is NaT, no day.", mend=mend)
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise errors.ParameterError(
                f"{name} is bound to a time zone ({value.tzinfo}); the day depends on who looks.",
                mend=mend,
            )
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            if _ISO_DAY.fullmatch(value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass
        raise errors.ParameterError(f"{name} is '{value}', no day.", mend=mend)
    raise errors.ParameterTypeError(
        f"{name} is {value!r}, of type {type(value).__name__}.", mend=mend
    )


def optional_day(name: str, value: Any) -> dt.date | None:
    """Read a day as ``day`` does; None means no limit."""
    return None if value is None else day(name, value)


def moment(name: str, value: Any) -> dt.datetime:
    """Read a moment in local time: a naive datetime or timestamp, or ISO text.

    Raises
    ------
    ParameterError
        It is no moment, or bound to a zone.

    Examples
    --------
    >>> moment("at", "2026-11-27 09:30")
    datetime.datetime(2026, 11, 27, 9, 30)
    """
    mend = f"Write {name}=datetime(2026, 10, 31, 9, 30), or '2026-10-31 09:30', in local time."
    try:
        read = pd.Timestamp(value)
    except (TypeError, ValueError) as error:
        raise errors.ParameterError(f"{name} is {value!r}, no moment.", mend=mend) from error
    if pd.isna(read) or isinstance(value, int | float | bool):
        raise errors.ParameterError(f"{name} is {value!r}, no moment.", mend=mend)
    if read.tzinfo is not None:
        raise errors.ParameterError(f"{name} is bound to a time zone ({read.tzinfo}).", mend=mend)
    return read.to_pydatetime(warn=False)


def end_of(as_of: DayLike) -> dt.datetime:
    """When is a day over? What happens from then on is not seen."""
    return dt.datetime.combine(day("as_of", as_of), dt.time()) + dt.timedelta(days=1)


def days(name: str, values: Any) -> str:
    """Read one day or several; give them rising, each once, as one text that a query takes apart.

    Raises
    ------
    ParameterError
        There is none, or one of them is no day.

    Examples
    --------
    >>> days("as_of_dates", ["2026-10-31", dt.date(2026, 9, 30), "2026-10-31"])
    '2026-09-30,2026-10-31'
    """
    listed = [values] if isinstance(values, str | dt.date | np.datetime64) else values
    if not isinstance(listed, Iterable) or not (read := {day(name, value) for value in listed}):
        raise errors.ParameterError(
            f"{name} is {values!r}.", mend=f"Give the days: {name}=['2026-06-30', '2026-07-31']."
        )
    return ",".join(value.isoformat() for value in sorted(read))


def number_of_days(name: str, value: Any) -> int:
    """Read a number of days, at least one and no more than can be counted with.

    Examples
    --------
    >>> number_of_days("horizon_days", 90)
    90
    """
    return whole(name, value, most=_MOST_DAYS, mend=f"Write {name}=90, for example.")


def optional_days(name: str, value: Any) -> int | None:
    """Read a number of days as ``number_of_days`` does; None means no limit."""
    mend = f"Write {name}=365 for the last 365 days, or {name}=None for all."
    return None if value is None else whole(name, value, most=_MOST_DAYS, mend=mend)


def whole(name: str, value: Any, *, least: int = 1, most: float = math.inf, mend: str) -> int:
    """Read a whole number between two bounds.

    Raises
    ------
    ParameterTypeError
        It is no whole number.
    ParameterError
        It lies outside the bounds.

    Examples
    --------
    >>> whole("limit", np.int64(30), least=0, mend="Use 0 or more.")
    30
    """
    if not is_whole(value):
        raise errors.ParameterTypeError(
            f"{name} is {value!r}, of type {type(value).__name__}, no whole number.", mend=mend
        )
    _within(name, int(value), mend, least=least, most=most)
    return int(value)


def number(name: str, value: Any, *, mend: str, **bounds: float) -> float:
    """Read a finite number; ``least``, ``above``, ``most`` and ``below`` bound it.

    Raises
    ------
    ParameterTypeError
        It is no number.
    ParameterError
        It is not finite, or lies outside the bounds.

    Examples
    --------
    >>> number("margin", 0.3, above=0, mend="Write margin=0.3 for 30 %.")
    0.3
    """
    if not isinstance(value, int | float | np.number) or isinstance(value, bool):
        raise errors.ParameterTypeError(
            f"{name} is {value!r}, of type {type(value).__name__}, not a number.", mend=mend
        )
    if not math.isfinite(value):
        raise errors.ParameterError(f"{name} is {value}, not a finite number.", mend=mend)
    _within(name, float(value), mend, shown=value, **bounds)
    return float(value)


def in_order(what: str, **values: float) -> None:
    """Refuse numbers of which one is not above the one before, with a ``ParameterError``.

    Examples
    --------
    >>> in_order("The bands", due_from=0.8, risk_from=1.2)
    """
    if sorted(set(values.values())) != [*values.values()]:
        raise errors.ParameterError(
            f"{what} do not rise: {', '.join(f'{name} {value:g}' for name, value in values.items())}.",
            mend=f"Write {' < '.join(values)}.",
        ).told_by("rising", names=[*values])


def share(name: str, value: Any, *, example: float) -> float:
    """Read a share strictly between 0 and 1, as a confidence or a power is.

    Examples
    --------
    >>> share("level", 0.95, example=0.95)
    0.95
    """
    return number(name, value, above=0, below=1, mend=f"Write {name}={example}.")


def _within(name: str, value: float, mend: str, *, shown: Any = None, **bounds: float) -> None:
    wanted = []
    for bound, words, holds in _BOUNDS:
        if math.isfinite(bounds.get(bound, math.inf)):
            wanted.append(f"{words} {bounds[bound]}")
            if not holds(value, bounds[bound]):
                raise errors.ParameterError(
                    f"{name} is {value if shown is None else shown}; it has to be "
                    f"{' and '.join(wanted)}.",
                    mend=mend,
                )


def is_whole(value: object) -> bool:
    """Is it a whole number, plain or NumPy's, and no truth value?

    Examples
    --------
    >>> is_whole(np.int64(3)), is_whole(3.0), is_whole(True)
    (True, False, False)
    """
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Is it one finite number, and neither text nor a truth value?

    Examples
    --------
    >>> is_number(0.5), is_number(float("nan")), is_number("1")
    (True, False, False)
    """
    return (
        isinstance(value, int | float | np.integer | np.floating)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def bound(
    where: str,
    function: Callable[..., Any],
    signature: inspect.Signature,
    /,
    *args: Any,
    **given: Any,
) -> dict[str, Any]:
    """Give what a call hands in by the names it has there, each of the type that is declared.

    Raises
    ------
    ParameterTypeError
        A name is not one of the function's, or a value is of another type, or none of the choices;
        the error's ``option`` names it.

    Examples
    --------
    >>> def late(days: int, every: Literal["month", "week"] = "month") -> None: ...
    >>> bound("late: ", late, inspect.signature(late), 3)
    {'days': 3, 'every': 'month'}
    """
    known = list(signature.parameters)
    try:
        call = signature.bind(*args, **given)
    except TypeError as error:
        wrong = next((name for name in given if name not in known), "")
        raise errors.ParameterTypeError(
            f"{where or 'The call: '}{error}.",
            mend=f"{errors.did_you_mean(wrong, known)}Known: {', '.join(known)}.",
        ) from None
    kinds = typing.get_type_hints(function)
    for name, value in call.arguments.items():
        parts = _parts(kinds.get(name, Any))
        if not any(_is(value, part) for part in parts):
            literal = [part for part in parts if typing.get_origin(part) is Literal]
            choices = [str(choice) for part in literal for choice in typing.get_args(part)]
            of_type = "" if choices else f", of type {type(value).__name__}"
            refused = errors.ParameterTypeError(
                f"{where}{name} is {reprlib.repr(value)}{of_type}.",
                mend=errors.did_you_mean(str(value), choices)
                + f"It takes {' or '.join(map(_worded, parts))}.",
            )
            refused.option = name
            raise refused
    call.apply_defaults()
    return call.arguments


_WORDED = {
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    str: "a text",
    type(None): "None",
}


def _parts(kind: Any) -> list[Any]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [part for choice in typing.get_args(kind) for part in _parts(choice)]
    return [kind]


def _is(value: Any, kind: Any) -> bool:
    origin = typing.get_origin(kind) or kind
    if kind is Any:
        return True
    if origin is Literal:
        return value in typing.get_args(kind)
    if kind in (int, float):
        return is_whole(value) if kind is int else is_number(value) or isinstance(value, float)
    return not isinstance(origin, type) or isinstance(value, origin)


def _worded(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return " or ".join(map(repr, typing.get_args(kind)))
    return _WORDED.get(kind) or str(getattr(kind, "__name__", kind))


def one_of(name: str, value: Any, known: Collection[str]) -> str:
    """Read a choice.

    Raises
    ------
    UnknownNameError
        It is none of those known; the message names the likely one.

    Examples
    --------
    >>> one_of("every", "week", ("month", "week"))
    'week'
    """
    if value not in known:
        raise errors.unknown(name, str(value), known)
    return str(value)


def option(name: str, value: Any, known: Collection[str]) -> None:
    """Refuse an option that is none of those known, with a ``ParameterError``."""
    if value not in known:
        raise errors.ParameterError(
            f"{name} is {value!r}.",
            mend=f"{errors.did_you_mean(str(value), known)}Use one of: {', '.join(known)}.",
        )


def month_or_week(name: str, value: Any) -> str:
    """Read how long a period is: ``month`` or ``week``."""
    return one_of(name, value, ("month", "week"))


def some_of(name: str, values: Any, known: Collection[str], *, kind: str) -> tuple[str, ...]:
    """Read one choice or several, each once; at least one.

    Raises
    ------
    ParameterError
        There is none.
    UnknownNameError
        One is none of those known.

    Examples
    --------
    >>> some_of("warning", "lost", ("churn_risk", "lost"), kind="warning")
    ('lost',)
    """
    listed = [values] if isinstance(values, str) else values
    if not isinstance(listed, Iterable) or not (choices := tuple(dict.fromkeys(listed))):
        raise errors.ParameterError(
            f"{name} is {'empty' if isinstance(listed, Iterable) else repr(values)}.",
            mend=f"Name at least one of: {', '.join(known)}.",
        )
    return tuple(one_of(kind, choice, known) for choice in choices)


def text(name: str, value: Any) -> str:
    """Read a text that says something.

    Raises
    ------
    ParameterError
        It is empty or none, or holds what no database keeps.

    Examples
    --------
    >>> text("by", " Lin ")
    'Lin'
    """
    words = "" if value is None else str(value).strip()
    if not words:
        is_option = name.startswith("--")
        raise errors.ParameterError(
            f"{name} is empty." if is_option else f"{name} is {value!r}.",
            mend=f"Say it: {name} …" if is_option else f"Say it: {name}='…'.",
        )
    if UNKEPT.search(words):
        raise errors.ParameterError(
            f"{name} holds a zero byte or half a sign.", mend="Leave it out."
        )
    return words


def optional_text(name: str, value: Any) -> str | None:
    """Read a text as ``text`` does; None where it says nothing."""
    return text(name, value) if value is not None and str(value).strip() else None


def numbers(values: Any, what: str) -> Floats:
    """Read numbers of any kind as floats, missing ones as NaN; text is refused.

    Raises
    ------
    ContractError
        They are no numbers.

    Examples
    --------
    >>> numbers([1, None], "durations").tolist()
    [1.0, nan]
    """
    column = pd.Series(values)
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        raise errors.ContractError(
            f"{what} holds {column.dtype}, not numbers.",
            mend="Give days as numbers: (later - earlier).dt.days.",
        )
    try:
        return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan))
    except (TypeError, ValueError):
        raise errors.ContractError(
            f"{what} holds something that is no number.", mend="Give numbers."
        ) from None


def finite(values: Any, what: str) -> Floats:
    """Read numbers none of which is missing or infinite; else a ``ContractError`` names the row."""
    floats = numbers(values, what)
    wrong = ~np.isfinite(floats)
    if wrong.any():
        raise errors.ContractError(
            f"{what}: {int(wrong.sum())} of {len(floats)} are missing or infinite, "
            f"the first in row {int(np.argmax(wrong))}.",
            mend="Leave these rows out, and say how many they were.",
        )
    return floats


def money(table: pd.DataFrame, name: str, column: str) -> Floats:
    """Read a customers' column of finite numbers; a ``ContractError`` counts those that are not."""
    floats = numbers(table[column], f"{name}: {column}")
    if wrong := int((~np.isfinite(floats)).sum()):
        raise errors.ContractError(
            f"{name}: {wrong} of {len(floats)} customers have no finite {column}.",
            mend="Correct the orders they come from, or leave these customers out.",
        )
    return floats


def counts(table: pd.DataFrame, name: str, column: str, *, nullable: bool = False) -> Floats:
    """Read a customers' column of whole numbers from 0; a ``ContractError`` counts the others.

    Examples
    --------
    >>> counts(pd.DataFrame({"frequency": [3, 1]}), "history", "frequency").tolist()
    [3.0, 1.0]
    """
    floats = numbers(table[column], f"{name}: {column}")
    present = floats[~np.isnan(floats)]
    if len(present) < len(floats) and not nullable:
        raise errors.ContractError(
            f"{name}: {len(floats) - len(present)} of {len(floats)} customers have no {column}.",
            mend="Correct the orders they come from, or leave these customers out.",
        )
    wrong = ~np.isfinite(present) | (present < 0) | (present != np.floor(present))
    if wrong.any():
        raise errors.ContractError(
            f"{name}: {int(wrong.sum())} of {len(floats)} customers have a {column} that is no"
            " whole number from 0 up.",
            mend="Make the table with purchases.history, which counts whole days.",
        )
    return floats


def codes(table: pd.DataFrame, name: str, column: str, known: Collection[str]) -> None:
    """Refuse a column that holds a code nobody knows, with a ``ContractError``."""
    strange = table.loc[~table[column].isin(known), column]
    if len(strange):
        raise errors.ContractError(
            f"{name}: {len(strange)} of {len(table)} rows have an unknown {column},"
            f" the first is '{strange.iloc[0]}'.",
            mend=f"Known: {', '.join(known)}.",
        )


def filled(
    table: pd.DataFrame,
    name: str,
    *columns: str,
    rows: str = "rows",
    mend: str = "Fill it in, or leave these rows out.",
) -> None:
    """Refuse a table in which a column is empty in a row, with a ``ContractError``."""
    for column in columns:
        if missing := int(table[column].isna().sum()):
            raise errors.ContractError(
                f"{name}: {missing} of {len(table)} {rows} have no {column}.", mend=mend
            )


def rising(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Refuse two tables of customers of which the first is of a later day."""
    if before.empty or after.empty:
        return
    first, last = before["as_of"].iloc[0], after["as_of"].iloc[0]
    if first > last:
        raise errors.ParameterError(
            f"before is of {first:%Y-%m-%d}, which is later than after, {last:%Y-%m-%d}.",
            mend="Swap the two tables.",
        ).told_by("days_rising", before="before", after="after")
