"""How does a text fit into a picture, whole and without colliding?"""

import math
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from workbench.words import Words


def wrapped(label: str, words: Words, *, width: int = 12) -> str:
    """Where does a label break into lines? Between words; Chinese words stay whole.

    Examples
    --------
    >>> wrapped("likely to repurchase", Words("en"))
    'likely to<br>repurchase'
    """
    if words.lang == "zh":
        return label
    return "<br>".join(textwrap.wrap(label, width, break_on_hyphens=False) or [label])


def pixels(label: str, *, size: float = 12) -> float:
    """How wide will a text be, about? The widest line, by kind of sign.

    Examples
    --------
    >>> pixels("客户") == 24
    True
    """

    def sign_width(sign: str) -> float:
        if unicodedata.east_asian_width(sign) in "WF" or sign in "▲▼■":
            return 1.0
        return 0.3 if sign in "il.,:;'|!j " else 0.56

    plain = re.sub(r"</?b>", "", label)
    return max(size * sum(map(sign_width, line)) for line in plain.split("<br>"))


def spread(
    centres: list[float], widths: list[float], *, start: float, end: float, gap: float
) -> list[float]:
    """Where do labels stand so that none covers another? As near their centres as there is room.

    Labels that would meet are moved apart together, by the least squares.

    Examples
    --------
    >>> spread([10, 12], [8, 8], start=0, end=40, gap=2)
    [6.0, 16.0]
    """
    # Less the room that the labels before it take, each place may only grow from left to right …
    taken = [0.0]
    for left, right in pairwise(widths):
        taken.append(taken[-1] + (left + right) / 2 + gap)
    groups: list[tuple[float, int]] = []
    for centre, room in zip(centres, taken, strict=True):
        groups.append((centre - room, 1))
        # … and neighbours that do not share their mean.
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (one, n), (other, m) = groups[-2:]
            groups[-2:] = [((one * n + other * m) / (n + m), n + m)]
    lowest = start + widths[0] / 2
    highest = max(lowest, end - widths[-1] / 2 - taken[-1])
    places = [min(max(place, lowest), highest) for place, n in groups for _ in range(n)]
    return [place + room for place, room in zip(places, taken, strict=True)]


def room(
    values: Sequence[float], beside: Sequence[str], names: Sequence[str], *, window_px: int
) -> list[float]:
    """How long may the axis of flat bars be, so that the words beside each bar fit in?

    Parameters
    ----------
    values
        Where each bar ends; one ending below zero moves the start of the axis.
    beside
        What stands right of each bar.
    names
        The labels left of the bars.
    window_px
        The width of the window.

    Examples
    --------
    >>> low, high = room([10], ["214 customers"], ["Key keep"], window_px=330)
    >>> low, 10 < high < 20
    (0.0, True)
    """
    low, top = min(0.0, *values), max(0.0, *values)
    plot = window_px - max(map(pixels, names)) - 30
    # The tightest bar sets the scale; a fifth of the axis is the least for the longest.
    scale = min(
        (max(plot - pixels(words) - 8, plot / 5) / (value - low)) if value > low else float("inf")
        for value, words in zip(values, beside, strict=True)
    )
    if not math.isfinite(scale):
        return [low, low + 1]
    return [low, max(low + plot / scale, top)]
