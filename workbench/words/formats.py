"""How are a number, a share, money, a day and a name written in a language?"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.words import Words

MISSING = "–"
# Nearer than this a share is said in words; the exact one stands in the table beside.
CLOSE_TO = 0.0125
_FRACTIONS = {
    f"{part}_{whole}": part / whole
    for part, whole in (
        (1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5),
        (1, 10), (3, 10), (7, 10), (9, 10),
    )
}  # fmt: skip
_EVERY = ("1_2", "1_3", "1_4", "1_5", "1_10")
_LONG = {
    "en": ((1e9, "\N{NO-BREAK SPACE}bn"), (1e6, "\N{NO-BREAK SPACE}M")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}
_SHORT = {"en": ((1e9, "bn"), (1e6, "M"), (1e3, "k")), "zh": ((1e8, "亿"), (1e4, "万"))}
_TURNING = {"R", "AL", "RLE", "LRE", "RLO", "LRO", "RLI", "LRI", "FSI", "PDF", "PDI"}
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def is_missing(value: Any) -> bool:
    """Is there nothing to write: None, not a number, not a time, infinite, or an empty text?"""
    if isinstance(value, float):
        return not math.isfinite(value)
    is_empty = isinstance(value, str) and value == ""
    return value is None or is_empty or type(value).__name__ in ("NAType", "NaTType")


@cache
def locale(lang: str) -> Any:
    """Give Babel's locale of a language."""
    from babel import Locale

    return Locale.parse({"en": "en_GB", "zh": "zh_CN"}[lang])


def number(value: float, _words: "Words", *, digits: int = 0) -> str:
    """Write a number with its separators: 20,118."""
    # both languages write it so; Babel takes thirty times as long, and a panel writes thousands
    return f"{round(float(value), digits) + 0.0:,.{digits}f}"


def percent(rate: float, words: "Words", *, digits: int = 0) -> str:
    """Write a rate 0..1 as a percentage: 46.2%; never none for something, or all but one for all.

    Examples
    --------
    >>> from workbench.words import Words
    >>> [percent(rate, Words()) for rate in (0, 0.004, 0.462, 0.996, 1)]
    ['0%', '<1%', '46%', '>99%', '100%']
    """
    least = 10.0**-digits
    shown = round(float(rate) * 100, digits)
    if rate > 0 and shown == 0:
        return f"<{number(least, words, digits=digits)}%"
    if rate < 1 and shown == 100:
        return f">{number(100 - least, words, digits=digits)}%"
    return number(float(rate) * 100, words, digits=digits) + "%"


def money(value: float, words: "Words") -> str:
    """Write money, below a million as it stands in tables: 12,400, 1.28 M; in zh 128.43万."""
    return number(value, words) if abs(value) < 1e6 else _long(value, words)


def _long(value: float, words: "Words") -> str:
    for size, unit in _LONG[words.lang]:
        if abs(value) >= size:
            scaled = round(float(value) / size, 2)
            # 18万, not 18.00万: the zeros were rounded to, and say nothing
            digits = next(n for n in (0, 1, 2) if round(scaled, n) == scaled)
            return number(scaled, words, digits=digits) + unit
    return number(value, words)


def said_money(value: float, words: "Words") -> str:
    """Write money for a sentence, a card or a label, with three digits: 184,000, 1.28 M, 18.4万."""
    if abs(value) >= 1000:
        size = 10 ** (math.floor(math.log10(abs(value))) - 2)
        value = round(value / size) * size
    return _long(value, words)


def tenths(value: float, words: "Words") -> str:
    """Write a number below ten to a tenth, which is left out where it is none: 2.5, 3, 18."""
    shown = round(float(value), 1 if abs(value) < 10 else 0)
    return number(shown, words, digits=0 if shown == int(shown) else 1)


def short(value: float, words: "Words") -> str:
    """Write a number where there is hardly room: 184k, 9.5k, 18万."""
    for size, unit in _SHORT[words.lang]:
        # 999,600 is 1.0M, not 1000k
        if abs(value) >= size * 0.9995:
            scaled = round(value / size, 1 if abs(value) < size * 9.95 else 0)
            return number(scaled, words, digits=0 if scaled == int(scaled) else 1) + unit
    return number(value, words)


def short_rate(rate: float, words: "Words") -> str:
    """Write a share on a mark: whole percent."""
    return percent(rate, words)


def fraction(rate: float) -> str | None:
    """Which simple fraction is a share close to? ``1_5`` for a fifth."""
    name = min(_FRACTIONS, key=lambda name: abs(_FRACTIONS[name] - rate))
    return name if abs(_FRACTIONS[name] - rate) <= CLOSE_TO else None


def _said_rate(rate: float, words: "Words") -> str:
    if name := fraction(rate):
        return words(f"fraction.{name}")
    if rate > 0 and round(rate * 100) == 0:
        return words("fraction.hardly_any")
    if rate < 1 and round(rate * 100) == 100:
        return words("fraction.nearly_all")
    return percent(rate, words)


def _every_rate(rate: float, words: "Words") -> str | None:
    name = fraction(rate)
    return words(f"every_rate.{name}") if name in _EVERY else None


def _said_count(n: float, words: "Words") -> str:
    """Say a count: in English none to twelve in words, else digits."""
    if words.lang == "en" and 0 <= n <= 12 and n == int(n):
        return words(f"number.{int(n)}")
    return number(n, words)


def _day(en: str, zh: str) -> "Write":
    """Write days by Babel's pattern of each language."""

    @lru_cache(maxsize=2048)
    def told(value: dt.date, lang: str) -> str:
        from babel.dates import format_date

        return str(format_date(value, zh if lang == "zh" else en, locale=locale(lang)))

    return lambda value, words: told(value, words.lang)


def _short_period(key: str, en: str, zh: str) -> "Write":
    """Write months by such a pattern, and weeks by their number, where there is hardly room."""

    def written(value: Any, words: "Words") -> str | None:
        if isinstance(value, str):  # a row among the periods that is none
            return value
        if value.kind != "week":
            return _day(en, zh)(value.start, words)
        year, week, _ = value.start.isocalendar()
        return words(key, week=week, year=year)

    return written


def _grown_rate(rate: float, words: "Words") -> str:
    """Write a share on a mark that may lie above one; from tenfold on so many times."""
    return words("times", n=rate) if rate >= 9.995 else short_rate(rate, words)


def name(given: str) -> str:
    """Say a name from the data inside a sentence, so that nothing in it turns the sentence round.

    Line breaks become spaces; a name with right-to-left letters or marks is closed off.
    """
    line = " ".join(_CONTROL.sub(" ", given).split())
    if any(unicodedata.bidirectional(sign) in _TURNING for sign in line):
        return f"\u2068{_balanced(line)}\u2069"
    return line


def _balanced(line: str) -> str:
    """Close what a name leaves open, and leave out what would close more than the name."""
    kept: list[str] = []
    still_open = 0
    for sign in line:
        still_open += unicodedata.bidirectional(sign) in ("RLI", "LRI", "FSI")
        if unicodedata.bidirectional(sign) == "PDI":
            if not still_open:
                continue
            still_open -= 1
        kept.append(sign)
    return "".join(kept) + "\u2069" * still_open


def shown(text: str) -> str:
    """Escape a text for a picture, whose library reads a subset of HTML and TeX in it."""
    return text.translate(_MARKUP)


def literal(given: object, *, limit: int | None = None) -> str:
    """Show a name from the data in a picture as it is, whatever is written in it.

    ``limit`` cuts a longer name, with an ellipsis; a Chinese sign counts as two.

    Examples
    --------
    >>> literal("<b>A&B</b>"), literal("Harbour Foods Limited", limit=12)
    ('&lt;b&gt;A&amp;B&lt;/b&gt;', 'Harbour Foo…')
    """
    if is_missing(given) or given != given:
        return MISSING
    return shown(name(_cut(given, limit)))


def _cut(given: object, limit: int | None) -> str:
    line = _CONTROL.sub(" ", str(given)).strip()
    if limit is not None and sum(map(cells, line)) > limit:
        while sum(map(cells, line)) > limit - 1:
            line = line[:-1]
        line = line.rstrip() + "…"
    return line


def points(difference: float, words: "Words") -> str:
    """Write a difference of two shares in percentage points: +11.0, −4.0, ±0.0."""
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return sign + number(abs(difference) * 100, words, digits=1)


def cells(sign: str) -> int:
    """How wide is a sign: a Chinese one takes two places."""
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


Write = Callable[[Any, "Words"], "str | None"]

#: How a field may be written, by the name that stands behind its colon.
FORMATS: dict[str, Write] = {
    "name": lambda value, _: name(str(value)),
    "short name": lambda value, _: name(_cut(value, 14)),
    "number": number,
    "exact number": lambda value, words: number(value, words, digits=1),
    "short number": short,
    "count": number,
    "said count": _said_count,
    "ratio": lambda value, words: number(value, words, digits=2),
    "plain": lambda value, _: f"{value:.4g}",
    "rate": percent,
    "exact rate": lambda value, words: percent(value, words, digits=1),
    "plain rate": lambda value, words: percent(
        value, words, digits=0 if round(value * 100, 6).is_integer() else 1
    ),
    "chance": lambda value, words: (
        words("fraction.nearly_all")
        if 0.99 <= value < 1 and round(value * 100) == 100
        else percent(value, words)
    ),
    "few": lambda value, words: number(value, words, digits=0 if value >= 9.95 else 1),
    "tenths": tenths,
    "change": lambda value, words: (
        f"{'▲' if value > 0 else '▼'}{number(abs(value), words)}" if value else None
    ),
    "signed rate": lambda value, words: "+" * (value > 0) + percent(value, words),
    "short rate": short_rate,
    "grown rate": _grown_rate,
    "said rate": _said_rate,
    "every rate": _every_rate,
    "points": points,
    "money": money,
    "short money": short,
    "said money": said_money,
    "date": _day("d MMM y", "y年M月d日"),
    "short date": _day("d MMM", "M月d日"),
    "numeric date": lambda value, words: (
        f"{value.day}/{value.month}" if words.lang == "en" else f"{value.month}/{value.day}"
    ),
    "weekday": lambda value, words: words(f"weekday.{value.isoweekday()}"),
    "short day and year": _day("d MMM yy", "yy/M/d"),
    "weekday date": lambda value, words: words("weekday_date", date=value),
    "weekday day": lambda value, words: words("weekday_day", date=value),
    "moment": lambda value, words: words("moment", date=value, time=f"{value:%H:%M}"),
    "truth": lambda value, words: words("choice.yes" if value else "choice.no"),
    "period": lambda value, words: str(value.label(words)),
    "short period": _short_period("short_week", "MMM y", "y年M月"),
    "shorter period": _short_period("shorter_week", "MMM yy", "yy/M"),
    "column": lambda value, words: words.header(str(value)),
}
