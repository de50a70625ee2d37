"""How does a text fit into a figure, whole, harmless and without colliding?

Plotly reads a subset of HTML in every text, so names from the data go through :func:`literal`.
"""

import math
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from workbench import labels
from workbench.findings import quantities

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SHORT_STEPS = {
    "en": ((1e9, "bn"), (1e6, "M"), (1e3, "k")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}


def literal(name: object, *, limit: int | None = None) -> str:
    """How is a name from the data shown as it is, whatever is written in it?

    Markup, entities and TeX are escaped, line breaks become spaces, and a name with right-to-left
    letters or marks is closed off from the text around it.

    Parameters
    ----------
    name
        The name; a missing one becomes a dash.
    limit
        Cut longer names here, with an ellipsis; a Chinese sign counts as two.

    Examples
    --------
    >>> literal("<b>A&B</b>")
    '&lt;b&gt;A&amp;B&lt;/b&gt;'
    >>> literal("Harbour Foods Limited", limit=12)
    'Harbour Foo…'
    """
    if name is None or name != name or type(name).__name__ in ("NAType", "NaTType"):
        return labels.MISSING
    said = _CONTROL.sub(" ", str(name)).strip()
    if limit is not None and sum(map(_cells, said)) > limit:
        while sum(map(_cells, said)) > limit - 1:
            said = said[:-1]
        said = said.rstrip() + "…"
    return quantities.name(said).translate(_MARKUP)


def _cells(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrapped(words: str, lang: labels.Lang, *, width: int = 12) -> str:
    """Where does a label break into lines? Between words; Chinese words stay whole.

    Examples
    --------
    >>> wrapped("likely to repurchase", "en")
    'likely to<br>repurchase'
    """
    if lang == "zh":
        return words
    return "<br>".join(textwrap.wrap(words, width, break_on_hyphens=False) or [words])


def short(value: float | None, lang: labels.Lang = "en") -> str:
    """How is a number written where there is hardly room? Two or three digits and a word.

    Examples
    --------
    >>> short(184_020), short(9_540), short(1_284_311), short(840)
    ('184k', '9.5k', '1.3M', '840')
    >>> short(184_020, "zh"), short(9_540, "zh")
    ('18万', '9,540')
    """
    if value is None or not math.isfinite(value):
        return labels.MISSING
    for size, word in _SHORT_STEPS[lang]:
        # 999,600 is 1.0M, not 1000k
        if abs(value) >= size * 0.9995:
            scaled = round(value / size, 1 if abs(value) < size * 9.95 else 0)
            return labels.number(scaled, lang, digits=0 if scaled == int(scaled) else 1) + word
    return labels.number(value, lang)


def share(rate: float | None, lang: labels.Lang = "en") -> str:
    """How is a share written on a bar? Whole percent, and never 0% for something.

    Examples
    --------
    >>> share(0.384), share(0.002), share(0)
    ('38%', '<1%', '0%')
    """
    if rate is not None and rate > 0 and round(rate * 100) == 0:
        return "<1%"
    return labels.percent(rate, lang)


def customers(n: int, lang: labels.Lang = "en") -> str:
    """How are customers counted in a figure?

    Examples
    --------
    >>> customers(1), customers(1204), customers(3, "zh")
    ('1 customer', '1,204 customers', '3位客户')
    """
    return labels.text("figure.customers", lang, n=n, count=labels.number(n, lang))


def shown(words: str) -> str:
    """Escape the words of our own that may hold a ``<``, such as ``<1%``."""
    return words.translate(_MARKUP)


def pixels(words: str, *, size: float = 12) -> float:
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

    plain = re.sub(r"</?b>", "", words)
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
