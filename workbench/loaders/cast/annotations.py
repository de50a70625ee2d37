"""What does a header say beside its name: a unit, a currency, a time zone?

What fills a bracket, or follows a comma or a slash at the end, is read if it is nothing else. The
words stand in ``units.csv``, ``currencies.csv`` and ``zones.csv``.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from workbench.loaders.cast import lists

#: What is said and may mean two things: a person has to say which.
ASKED = "?"


class Said(NamedTuple):
    """A factor, a currency as its code or sign, a zone; None where the header says none."""

    factor: str | None = None
    currency: str | None = None
    zone: str | None = None
    text: str = ""


@cache
def said(header: str) -> Said:
    """Give what a header says of its values beside their name.

    Examples
    --------
    >>> said("金额（万元）")[:2], said("Amount (cents)").factor, said("Created (UTC)").zone
    (('10000', 'CNY'), '0.01', 'UTC')
    >>> said("Amount, EUR").currency, said("Sales (K)").factor, said("Total (net)")
    ('EUR', '?', Said(factor=None, currency=None, zone=None, text=''))
    """
    half = unicodedata.normalize("NFKC", header).strip()
    brackets = re.findall(r"[(\[【]([^()\[\]【】]*)[)\]】]", half)
    for text in (*brackets, *re.findall(r"[,/]([^,/]*)$", half), *_last_word(half)):
        found = _money(_bare(text)) or _zone(text.strip())
        if found is not None:
            return found
    return Said()


def _bare(text: str) -> str:
    """Leave out what makes no difference to unit and currency."""
    text = re.sub(
        r"(?i)^(单位|單位|unit|in)[:：]? *|[,，、 ]*(不?含税|税前|税后|net|gross|netto|brutto)$",
        "",
        text.strip(),
    )
    # T€ and TEUR are thousands of them
    text = re.sub(r"^T(?=€|EUR$)", "Tsd. ", text)
    return re.sub(r" *[,，] *", " ", text).strip()


def _last_word(header: str) -> list[str]:
    word = header.rpartition(" ")[2]
    return [word] if re.fullmatch(r"(UTC|GMT)([+-]\d{1,2}(:?00)?)?", word) else []


def _money(text: str) -> Said | None:
    found = _pattern().fullmatch(text)
    if found is None or not (found["unit"] or found["before"] or found["after"]):
        return None
    sign = (found["before"] or found["after"] or "").upper()
    codes = sorted({row["code"] for row in lists.rows("currencies.csv") if row["written"] == sign})
    units = {row["written"]: row["factor"] for row in lists.rows("units.csv")}
    unit = found["unit"] or ""
    factor = units.get(unit) or units.get(unit.lower())
    return Said(factor, (codes[0] if len(codes) == 1 or sign == "元" else sign) or None, None, text)


@cache
def _pattern() -> re.Pattern[str]:
    def any_of(name: str) -> str:
        words = sorted({row["written"] for row in lists.rows(name)}, key=len, reverse=True)
        return "|".join(map(re.escape, words))

    money, unit = any_of("currencies.csv"), any_of("units.csv")
    # a single letter is a unit as it is written: k is a thousand, K may be something else
    long = "|".join(word for word in unit.split("|") if len(word) > 1 or not word.isascii())
    short = "|".join(word for word in unit.split("|") if len(word) == 1 and word.isascii())
    return re.compile(
        rf"(?i:in )?(?P<before>(?i:{money}))? ?(?P<unit>(?i:{long})|{short})? ?(?P<after>(?i:{money}))?"
    )


def _zone(text: str) -> Said | None:
    part = re.fullmatch(r"(?:UTC|GMT) ?([+-])0?(\d{1,2}):?([1345]\d)", text.upper())
    if part:
        text = f"UTC{part[1]}{part[2]}:{part[3]}"
    shifted = re.fullmatch(r"(?:UTC|GMT) ?([+-])0?(\d{1,2})(?::?00)?", text.upper())
    if shifted and int(shifted[2]) <= 14:
        # the sign of these names counts the other way
        name = f"Etc/GMT{'-' if shifted[1] == '+' else '+'}{int(shifted[2])}"
        return Said(zone="UTC" if shifted[2] in ("0", "00") else name, text=text)
    zones = {row["written"]: row["zone"] for row in lists.rows("zones.csv")}
    if part is None and text.upper() not in zones:
        return None
    return Said(zone=zones.get(text.upper(), ASKED), text=text)
