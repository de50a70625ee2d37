"""How is a month or a week written where there is hardly room, and which of them get a tick?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import labels
from workbench.charts.axes import fitting as ticks
from workbench.charts.style import PANEL_PX as NARROWEST_PX

__all__ = ["NARROWEST_PX", "is_first", "short", "shorter", "ticks"]


def short(start: pd.Timestamp, every: str, lang: labels.Lang = "en") -> str:
    """How is a month or a week written on an axis?

    Examples
    --------
    >>> short(pd.Timestamp("2026-10-01"), "month"), short(pd.Timestamp("2026-10-26"), "week")
    ('Oct 2026', 'W44, 2026')
    """
    if every == "week":
        return _week("figure.retention.short.week", start, lang)
    return _month(start, {"en": "MMM y", "zh": "y年M月"}[lang], lang)


def shorter(start: pd.Timestamp, every: str, lang: labels.Lang = "en") -> str:
    """How is it written on a phone?

    Examples
    --------
    >>> shorter(pd.Timestamp("2026-10-01"), "month"), shorter(pd.Timestamp("2026-10-26"), "week")
    ('Oct 26', 'W44')
    """
    if every == "week":
        return _week("figure.retention.shorter.week", start, lang)
    return _month(start, {"en": "MMM yy", "zh": "yy/M"}[lang], lang)


def _week(key: str, start: pd.Timestamp, lang: labels.Lang) -> str:
    year, week, _ = start.isocalendar()
    return labels.text(key, lang, week=week, year=year)


def _month(start: pd.Timestamp, pattern: str, lang: labels.Lang) -> str:
    from babel.dates import format_date

    locale = {"en": "en_GB", "zh": "zh_CN"}[lang]
    return str(format_date(start.date(), pattern, locale=locale))


def is_first(periods: Sequence[Any], begins: dt.date | None) -> bool:
    """Is the first of these periods the one the order book begins in?

    Examples
    --------
    >>> september = [pd.Timestamp("2026-09-01")]
    >>> is_first(september, None), is_first(september, dt.date(2023, 11, 2))
    (True, False)
    """
    return begins is None or not len(periods) or pd.Timestamp(begins) >= periods[0]
