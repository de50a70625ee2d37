"""When are two addresses one, how is one dialled or linked, and what of it may be seen?

Phones are compared by digits, mail by mailbox, all else by text.
"""

import functools
import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd

from workbench import schema

__all__ = ["dialled", "folded", "linked", "mail", "masked", "phone"]
__dir__ = __all__.copy

_EXTENSION = re.compile(
    r"[\s,;(]*(?:;ext=|\bext(?:ension|n)?\b|durchwahl|доб|(?<![^\W\d_])x|#|转|轉|分机|分機)"
    r"[\s.:：号號]*(\d{1,8})(?!\d)",
    re.IGNORECASE,
)
# what stands before a number says whose it is, as Tel.: or 手机
_LABEL = re.compile(r"^[^\d+(]*(?=[\d+(])|^\(\D*\)\s*")
# and what comes after it too, as (office); no letter is a digit here
_REMARK = re.compile(r"(?<=\d)[^\d]*?[^\W\d_].*$", re.DOTALL)
# 138 0013 8000 / 139 0013 9000: the first is the number
_TWO_NUMBERS = re.compile(r"^((?:\D*\d){7,}?)\s*[/,;、]\s*(?=(?:\D*\d){7,})")
# 010-12345678-801
_TAIL = re.compile(r"^(.*\d)\s*[-(]\s*(\d{1,6})\)?\s*$")
# 00 as people write it for the +, also inside brackets
_ABROAD = re.compile(r"^[\s(]*00[\s)]*(?=\d)")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNDIALLED = re.compile(r"[^0-9+*#]")
# 13800138000.0, as a table of numbers writes it
_NUMBER = re.compile(r"^(\d+)\.0+$")
_DIGITS_LOST = re.compile(r"^\d(\.\d+)?E\+\d+$", re.IGNORECASE)
_FEWEST = 3
# Fi Poe <fi@x.example>, mailto:fi@x.example?subject=Hi: what stands around a mail address
_MAIL = re.compile(r"[^\s<>\[\]()\",;:、]+@[^\s<>\[\]()\",;:、?]+")
_IN_BRACKETS = re.compile(r"<\s*([^<>]*@[^<>]*?)\s*>")
_AROUND_MAIL = " '‘’“”.。"
# what is linked: nothing but a number as people write it, nothing but an address of the plain kind
_NUMBER_ALONE = re.compile(r"[+\d(][\d ()./-]{2,30}")
_PLAIN_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_LONGEST_MAIL, _LONGEST_NUMBER = 254, 15
# of a shorter number, what is left to be seen would be most of it
_FEWEST_MASKED = 8


def phone(written: str, *, country: str | None = None) -> str | None:
    """By which digits is a number known, however it is written?

    A ``+`` and ``00`` are one, and where neither stands, ``country`` says whose number it is. What
    the library of the world's numbering plans cannot read is known by its digits alone. An extension
    stays apart: another extension, or none, is another number.

    Parameters
    ----------
    written
        As a person or a program wrote it.
    country
        Two letters, as ``CN``; None: no country is meant where none is written.

    Returns
    -------
    str or None
        Country code and number, and behind a semicolon the extension; None where there are not
        three digits, or the last are lost (1.38E+10).

    References
    ----------
    ITU-T E.164; the numbering plans of ``phonenumbers``.

    Examples
    --------
    >>> phone("+49 (0)30 12 34-56"), phone("0049 30 123456"), phone("030/123456", country="DE")
    ('4930123456', '4930123456', '4930123456')
    >>> phone("010-12345678转801", country="CN"), phone("+999 00 0000001")
    ('861012345678;801', '999000000001')
    """
    number, extension, _ = _read(written, country)
    if len(number) < _FEWEST:
        return None
    return f"{number};{extension}" if extension else number


def dialled(written: str, *, country: str | None = None) -> tuple[str, str]:
    """What is typed into a phone to call this number, and which extension is asked for then?

    Examples
    --------
    >>> dialled("0049 30 123456 ext. 12"), dialled("030 123456"), dialled("call me")
    (('+4930123456', '12'), ('030123456', ''), ('', ''))
    """
    _, extension, typed = _read(written, country)
    return typed, extension


def mail(written: str) -> str | None:
    """Which mailbox is meant, whoever it is said to be of? Folded; None where nothing is written.

    Of a name and an address (``Fi Poe <fi@x.example>``) or a link (``mailto:``) the address counts;
    where not exactly one is found, the whole text.

    Examples
    --------
    >>> mail('"Poe, Fi" <FI@x.example>'), mail("mailto:fi@x.example?subject=Hi")
    ('fi@x.example', 'fi@x.example')
    >>> mail("ask Fi")
    'ask fi'
    """
    text = _text(written)
    if text is None or "@" not in (text := unquote(text) if "mailto:" in text else text):
        return text
    named = _IN_BRACKETS.findall(text)
    place = re.sub(r"\s*@\s*", "@", named[-1] if named else text)
    found = {one.strip(_AROUND_MAIL) for one in _MAIL.findall(place)}
    return found.pop() if len(found) == 1 else text


def folded(channel: str, written: Any, *, country: str | None = None) -> "pd.Series[str]":
    """How are the addresses of a channel compared? Equal texts are one address; missing ones none.

    Examples
    --------
    >>> folded("email", pd.Series(["Ada@Mail.Example ", None])).fillna("").tolist()
    ['ada@mail.example', '']
    >>> folded("sms", pd.Series(["+999 1-23", "00999 123"])).tolist()
    ['999123', '999123']
    """
    addresses = pd.Series(written)
    number: Callable[[str], str | None] = functools.partial(phone, country=country)
    known_by = {"phone": number, "email": mail}.get(schema.CHANNELS.get(channel, ""), _text)
    plain = addresses.astype("object").where(addresses.notna(), None)
    known = {text: known_by(str(text)) for text in plain.unique() if text is not None}
    return plain.map(known).astype("str")


def linked(kind: str, written: str) -> str | None:
    """Which address opens a phone or mail program for what stands in a cell?

    None where it holds anything that no phone number and no plain e-mail address has: then it is
    text, whatever it says.

    Parameters
    ----------
    kind
        ``phone`` or ``email``, as a column's kind says; programs for all else take no address.
    written
        As the data have it.

    References
    ----------
    RFC 3966 (tel; 5.3: ext), RFC 6068 (mailto: 2), ITU-T E.164 (at most 15 digits).

    Examples
    --------
    >>> linked("phone", "+49 (0)30 12 34-56"), linked("email", "ada@mail.example")
    ('tel:+4930123456', 'mailto:ada@mail.example')
    >>> [linked("phone", text) for text in ("javascript:alert(1)", "138****1234", "12")]
    [None, None, None]
    """
    if kind == "email" and len(written) <= _LONGEST_MAIL and _PLAIN_MAIL.fullmatch(written.strip()):
        return f"mailto:{quote(written.strip(), safe='@')}"
    if kind != "phone" or len(written) > _LONGEST_MAIL:
        return None
    plain = unicodedata.normalize("NFKC", _NUMBER.sub(r"\1", written.strip()))
    found = _EXTENSION.search(plain)
    if not _NUMBER_ALONE.fullmatch(plain[: found.start()] if found else plain):
        return None
    typed, extension = dialled(written)
    if not _FEWEST <= len(typed.lstrip("+")) <= _LONGEST_NUMBER:
        return None
    return f"tel:{quote(typed, safe='+')}" + (f";ext={extension}" if extension else "")


def masked(kind: str, written: str) -> str:
    """What of an address may be seen where it is not to be known, only recognised?

    Examples
    --------
    >>> masked("phone", "138 0013 1234"), masked("email", "ada@x.example"), masked("wechat", "ada1")
    ('138****1234', 'a***@x.example', 'a***')
    >>> masked("phone", "call me"), masked("email", "none")
    ('****', '***')
    """
    plain, link = written.strip(), linked(kind, written) or ""
    if kind == "phone":
        digits = link.removeprefix("tel:").partition(";")[0]
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) > _FEWEST_MASKED else "****"
    if kind == "email":
        return f"{plain[:1]}***@{plain.partition('@')[2]}" if link else "***"
    return f"{plain[:1]}***"


def _text(written: str) -> str | None:
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", written)).casefold()
    return " ".join(text.split()) or None


@functools.lru_cache(maxsize=2**17)
def _read(written: str, country: str | None) -> tuple[str, str, str]:
    """Give a number's digits, its extension, and what is typed to call it."""
    import phonenumbers

    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", str(written))).strip()
    if _DIGITS_LOST.match(text):
        return "", "", ""
    text = _ABROAD.sub("+", _NUMBER.sub(r"\1", text))
    found = _EXTENSION.search(text)
    extension, base = (found[1], text[: found.start()]) if found else ("", text)
    base = _REMARK.sub("", _LABEL.sub("", base))
    base = two[1] if (two := _TWO_NUMBERS.match(base)) else base
    try:
        number = phonenumbers.parse(base, country)
        if not phonenumbers.is_valid_number(number) and (tail := _TAIL.match(base)):
            shorter = phonenumbers.parse(tail[1], country)
            if phonenumbers.is_valid_number(shorter):
                number, extension = shorter, extension or tail[2]
    except phonenumbers.NumberParseException:
        typed = _UNDIALLED.sub("", base)
        return re.sub(r"\D", "", typed), extension, typed
    typed = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return typed.lstrip("+"), extension or number.extension or "", typed
