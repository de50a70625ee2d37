"""How does a person say a number or a share? Twelve, a fifth, every fifth, two fifths, 184,000."""

import math
import re
import unicodedata

from workbench import labels

# Nearer than this a share is said in words; the exact one stands in the table beside.
CLOSE_TO = 0.0125

_FRACTIONS: tuple[tuple[float, str], ...] = (
    (1 / 2, "1_2"),
    (1 / 3, "1_3"),
    (2 / 3, "2_3"),
    (1 / 4, "1_4"),
    (3 / 4, "3_4"),
    (1 / 5, "1_5"),
    (2 / 5, "2_5"),
    (3 / 5, "3_5"),
    (4 / 5, "4_5"),
    (1 / 10, "1_10"),
    (3 / 10, "3_10"),
    (7 / 10, "7_10"),
    (9 / 10, "9_10"),
)
_EVERY = ("1_2", "1_3", "1_4", "1_5", "1_10")


_TURNING = {"R", "AL", "RLE", "LRE", "RLO", "LRO", "RLI", "LRI", "FSI", "PDF", "PDI"}


def count(n: int, lang: labels.Lang = "en") -> str:
    """Say a count: in English one to twelve in words, else digits.

    Examples
    --------
    >>> count(12), count(13), count(0), count(12, "zh")
    ('twelve', '13', 'no', '12')
    """
    if lang == "en" and 0 <= n <= 12:
        return labels.text(f"finding.number.{n}", lang)
    return labels.number(n, lang)


def _fraction(rate: float) -> str | None:
    nearest, name = min(_FRACTIONS, key=lambda pair: abs(pair[0] - rate))
    return name if abs(nearest - rate) <= CLOSE_TO else None


def share(rate: float | None, lang: labels.Lang = "en") -> str:
    """Say a share: a simple fraction in words where it is close to one, else percent.

    Examples
    --------
    >>> share(0.2), share(0.404), share(0.46), share(0.002)
    ('a fifth', 'two fifths', '46%', 'less than 1%')
    >>> share(0.404, "zh")
    '四成'
    """
    if rate is None or not math.isfinite(rate):
        return labels.MISSING
    name = _fraction(rate)
    if name:
        return labels.text(f"finding.fraction.{name}", lang)
    if rate > 0 and round(rate * 100) == 0:
        return labels.text("finding.less_than_one_percent", lang)
    if rate < 1 and round(rate * 100) == 100:
        return labels.text("finding.more_than_99_percent", lang)
    return labels.percent(rate, lang)


def every(rate: float, lang: labels.Lang = "en") -> str | None:
    """Say "every fifth", where the share is that of one in two, three, four, five or ten.

    Examples
    --------
    >>> every(0.201), every(0.41) is None
    ('every fifth', True)
    """
    name = _fraction(rate)
    return labels.text(f"finding.every.{name}", lang) if name in _EVERY else None


def money(value: float | None, lang: labels.Lang = "en") -> str:
    """Say money in a sentence, with three digits: 184,000, 1.28 M, 18.4万.

    Examples
    --------
    >>> money(184_020), money(12.4), money(184_020, "zh")
    ('184,000', '12', '18.4万')
    """
    if value is None or not math.isfinite(value):
        return labels.MISSING
    if abs(value) >= 1000:
        size = 10 ** (math.floor(math.log10(abs(value))) - 2)
        value = round(value / size) * size
    # 18万, not 18.0万: the zeros were rounded to, and say nothing
    return re.sub(r"\.0+(?=[^\d])", "", labels.money(value, lang))


def sentence(words: str) -> str:
    """Begin with a capital letter.

    Examples
    --------
    >>> sentence("twelve customers")
    'Twelve customers'
    """
    return words[:1].upper() + words[1:]


def name(given: str) -> str:
    r"""Say a name from the data inside a sentence, so that nothing in it turns the sentence round.

    Line breaks become spaces; a name with right-to-left letters or marks is closed off.

    Examples
    --------
    >>> name("Harbour\nFoods"), name("\u202eevil") == "\u2068\u202eevil\u2069"
    ('Harbour Foods', True)
    """
    said = " ".join(given.split())
    if any(unicodedata.bidirectional(sign) in _TURNING for sign in said):
        return f"\u2068{_balanced(said)}\u2069"
    return said


def _balanced(said: str) -> str:
    """Close what a name leaves open, and leave out what would close more than the name."""
    kept: list[str] = []
    open_ones = 0
    for sign in said:
        open_ones += unicodedata.bidirectional(sign) in ("RLI", "LRI", "FSI")
        if unicodedata.bidirectional(sign) == "PDI":
            if not open_ones:
                continue
            open_ones -= 1
        kept.append(sign)
    return "".join(kept) + "\u2069" * open_ones
