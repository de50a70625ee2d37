"""In which unit is a time? Every age and horizon is converted by its unit, never guessed."""

import datetime as dt
import re
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from workbench import arguments, errors

Unit = Literal["D", "W", "M", "Q", "Y"]
UNITS: tuple[Unit, ...] = get_args(Unit)
DAYS: dict[str, float] = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Q": 365.25 / 4, "Y": 365.25}

Horizon: TypeAlias = float | str | dt.timedelta | np.timedelta64

_TEXT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


def check(unit: Any, name: str = "time_unit") -> Unit:
    """Refuse a unit that does not exist.

    Examples
    --------
    >>> check("W")
    'W'
    """
    if unit not in UNITS:
        raise errors.ParameterError(
            f"{name} is {unit!r}.",
            mend="Use 'D' (days), 'W' (weeks), 'M' (months of 30.4375 days), 'Q' (quarters) or "
            "'Y' (years of 365.25 days).",
        )
    read: Unit = unit
    return read


def factor(given: str, wanted: str) -> float:
    """Give by what a time in one unit is multiplied to be one in another.

    Examples
    --------
    >>> factor("W", "D")
    7.0
    """
    return DAYS[given] / DAYS[wanted]


def horizon(value: Horizon, *, unit: str, time_unit: str | None = None) -> float:
    """Read a horizon and give it in the model's unit.

    Parameters
    ----------
    value
        A number in ``time_unit``, a text with its unit such as ``"90D"`` or ``"12M"``, or a
        timedelta.
    unit
        The model's unit.
    time_unit
        The unit of a bare number; None for the model's own.

    Raises
    ------
    ParameterError
        The horizon is negative, not finite, without a known unit, or its unit is given twice.
    ParameterTypeError
        It is none of these.

    Examples
    --------
    >>> horizon("365D", unit="W").__round__(3), horizon(26, unit="W"), horizon(7, unit="W", time_unit="D")
    (52.143, 26.0, 1.0)
    """
    mend = "Write horizon=26 in the model's own unit, or with its unit: '180D', '26W', '6M', '1Y'."
    if isinstance(value, str):
        match = _TEXT.fullmatch(value)
        if match is None or match[2] not in UNITS:
            raise errors.ParameterError(f"horizon is '{value}'.", mend=mend)
        _only_once(time_unit, mend)
        number, given = float(match[1]), match[2]
    elif isinstance(value, dt.timedelta | np.timedelta64):
        _only_once(time_unit, mend)
        number, given = float(pd.Timedelta(value) / pd.Timedelta(days=1)), "D"
    elif isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise errors.ParameterTypeError(
            f"horizon is {value!r}, of type {type(value).__name__}.", mend=mend
        )
    else:
        number, given = float(value), unit if time_unit is None else check(time_unit)
    if not (np.isfinite(number) and number >= 0):
        raise errors.ParameterError(f"horizon is {value}: it has to be 0 or more.", mend=mend)
    return number * factor(given, unit)


def _only_once(time_unit: str | None, mend: str) -> None:
    if time_unit is not None:
        raise errors.ParameterError("The horizon's unit is given twice.", mend=mend)


def yearly_to_continuous(rate: float, *, unit: str) -> float:
    """Read a yearly discount rate and give the continuous one per time unit: ln(1+d) per year.

    Raises
    ------
    ParameterError
        The rate is −1 or less, where money is worth nothing or less after a year, or not finite.

    Examples
    --------
    >>> round(yearly_to_continuous(0.15, unit="W") * 365.25 / 7, 12) == round(float(np.log(1.15)), 12)
    True
    """
    mend = "Write the rate per year as a share, yearly_rate=0.1 for 10 % a year; it has to be a number above −1."
    arguments.number("yearly_rate", rate, above=-1, mend=mend)
    return float(np.log1p(rate)) * factor(unit, "Y")
