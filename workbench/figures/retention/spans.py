"""How is a month or a week written where there is hardly room, and which of them get a tick?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import labels
from workbench.periods import Kind, containing
from workbench.words import Words

# A panel of a notebook on a phone is narrower than a page.
NARROWEST_PX = 225
# What stands beside the plot of a curve, and what a tick with a count below it takes.
BESIDE_PX, _TICK_PX = 62, 44


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
    return Words(lang).write(containing(start.date(), every), "brief period")


def ticks(last: int, steps: tuple[int, ...], *, window_px: int, first: int = 0) -> list[int]:
    """Which of the places up to the last get a tick, so that the counts below do not collide?

    Parameters
    ----------
    last
        The last place.
    steps
        Steps that read well, the smallest first.
    window_px
        The width of the window.
    first
        The first place, which always has a tick.

    Examples
    --------
    >>> ticks(24, (1, 3, 6), window_px=440, first=1)
    [1, 6, 12, 18, 24]
    """
    each = (window_px - BESIDE_PX) / max(last - first, 1)
    # between the first and the first multiple there is a little less than a step
    fits = (step for step in steps if max(step - first, 1) * each >= _TICK_PX)
    step = next(fits, steps[-1])
    return [first, *(place for place in range(step, last + 1, step) if place > first)]


def is_first(periods: Sequence[Any], begins: dt.date | None) -> bool:
    """Is the first of these periods the one the order book begins in?

    Examples
    --------
    >>> september = [pd.Timestamp("2026-09-01")]
    >>> is_first(september, None), is_first(september, dt.date(2023, 11, 2))
    (True, False)
    """
    return begins is None or not len(periods) or pd.Timestamp(begins) >= periods[0]
