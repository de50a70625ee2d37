"""How is a month or a week written where there is hardly room, and which of them get a tick?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import labels
from workbench.charts.axes import fitting as ticks
from workbench.charts.style import PANEL_PX as NARROWEST_PX
from workbench.periods import Kind, containing
from workbench.words import Words

__all__ = ["NARROWEST_PX", "is_first", "short", "shorter", "ticks"]


def short(start: pd.Timestamp, every: Kind, lang: labels.Lang = "en") -> str:
    """How is a month or a week written on an axis?

    Examples
    --------
    >>> short(pd.Timestamp("2026-10-01"), "month"), short(pd.Timestamp("2026-10-26"), "week")
    ('Oct 2026', 'W44, 2026')
    """
    return Words(lang).write(containing(start.date(), every), "short period")


def shorter(start: pd.Timestamp, every: Kind, lang: labels.Lang = "en") -> str:
    """How is it written on a phone?

    Examples
    --------
    >>> shorter(pd.Timestamp("2026-10-01"), "month"), shorter(pd.Timestamp("2026-10-26"), "week")
    ('Oct 26', 'W44')
    """
    return Words(lang).write(containing(start.date(), every), "shorter period")


def is_first(periods: Sequence[Any], begins: dt.date | None) -> bool:
    """Is the first of these periods the one the order book begins in?

    Examples
    --------
    >>> september = [pd.Timestamp("2026-09-01")]
    >>> is_first(september, None), is_first(september, dt.date(2023, 11, 2))
    (True, False)
    """
    return begins is None or not len(periods) or pd.Timestamp(begins) >= periods[0]
