"""How is this said in English and in Chinese? Language and currency in one object.

Texts stand in the word lists of this folder, which people who don't program can edit; they write
their own values: ``"{share:rate} within {within_days:days}[ ({low:rate} to {high:rate})]"``. A field
is written by one of ``formats.FORMATS``, as a counted noun (``{n:customers}``, in words
``{n:said customers}``) or as the words of a code (``{warning:warning}``); a list of values is
joined as a sentence does. What an answer computes never depends on language; a notebook says once
which it speaks: ``words.speak("zh", currency="CNY")``.
"""

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

from workbench import errors
from workbench.words import formats
from workbench.words.formats import MISSING, literal, shown
from workbench.words.wordlists import Clause, families, nouns, texts

__all__ = [
    "LANGUAGES", "MISSING", "Lang", "Words", "families", "has", "literal", "shown", "speak", "spoken",
]  # fmt: skip
__dir__ = __all__.copy

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True)
class Words:
    """What is said in a language, about money in a currency?

    Parameters
    ----------
    lang
        ``en`` or ``zh``.
    currency
        The money's currency, by its three letters; None where nobody stated one.
    scope
        Where keys are looked up first, such as ``retention.second``; then in ``retention``, then
        as they are.

    Raises
    ------
    ParameterError
        There is no such language.

    Examples
    --------
    >>> Words()("segment.key_champion"), Words("zh")("segment.key_champion")
    ('Key champion', '重要价值客户')
    """

    lang: Lang = "en"
    currency: str | None = None
    scope: str = ""

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise errors.ParameterError(
                f"lang is '{self.lang}'.", mend=f"Use one of: {', '.join(LANGUAGES)}."
            )
        _check()

    def __call__(self, key: str, /, **values: Any) -> str:
        """Say the text of a key, with its values written in.

        Parameters
        ----------
        key
            A key of the word lists. Where it has the forms ``key.one`` and ``key.other``, the
            value ``n`` chooses between them.
        **values
            What the fields stand for, as they are computed; they are never interpreted. Those
            that the text does not name are passed over.

        Raises
        ------
        UnknownNameError
            There is no such key, or a field outside a clause has no value given.
        """
        return self._written(key, values, str)

    def marked(self, key: str, /, **values: Any) -> str:
        """Say a text that holds markup of ours, for a picture: the values in it are escaped."""
        return self._written(key, values, shown)

    def _written(self, key: str, values: Mapping[str, Any], escaped: Callable[[str], str]) -> str:
        found = self._found(key, values.get("n"))
        if found is None:
            full = f"{self.scope}.{key}" if self.scope else key
            raise errors.unknown("text in the word lists", full, texts())
        return self._said(texts()[found][self.lang], values, escaped, found) or ""

    def _said(
        self, clause: Clause, values: Mapping[str, Any], escaped: Callable[[str], str], key: str,
        *, may_fall: bool = False,
    ) -> str | None:  # fmt: skip
        parts: list[str] = []
        for part in clause.parts:
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, Clause):
                said = self._said(part, values, escaped, key, may_fall=True)
                if said is None and part.instead:
                    said = self._said(part.instead, values, escaped, key)
                parts.append(said or "")
            else:
                if part.name not in values and part.name != "currency" and not may_fall:
                    raise errors.UnknownNameError(
                        f"The text '{key}' asks for {{{part.name}}}, which is not given.",
                        mend=f"Give {part.name}=, or set the clause in square brackets.",
                    )
                value = values.get(part.name, self._money() if part.name == "currency" else None)
                written = self._field(value, part.how)
                if may_fall and not written:
                    return None
                parts.append(escaped(MISSING if written is None else written))
        return "".join(parts)

    def _money(self) -> str | None:
        if not self.currency:
            return None
        from babel.numbers import get_currency_name

        if self.lang == "zh" and has(unit := f"money_unit.{self.currency}"):
            return self(unit)
        return str(get_currency_name(self.currency, locale=formats.locale(self.lang)))

    def _field(self, value: Any, how: str) -> str | None:
        if isinstance(value, list | tuple):
            return self.listed([self.write(one, how) for one in value]) or None
        if formats.is_missing(value):
            return "" if isinstance(value, str) else None
        return _format(how)(value, self) if how else str(value)

    def write(self, value: Any, how: str) -> str:
        """Write one value: ``words.write(0.462, "rate")``; a missing one as a dash.

        Raises
        ------
        UnknownNameError
            There is no such format, noun or family of codes.
        """
        written = None if formats.is_missing(value) else self._field(value, how)
        return MISSING if written is None else written

    def listed(self, parts: Iterable[str]) -> str:
        """Join words as a sentence does: a, b and c."""
        from babel.lists import format_list

        given = list(parts)
        return str(format_list(given, locale=formats.locale(self.lang))) if given else ""

    def joined(self, sentences: Iterable[str | None]) -> str:
        """Set sentences one behind the other; empty ones fall away."""
        return ("" if self.lang == "zh" else " ").join(part for part in sentences if part)

    def within(self, scope: str) -> "Words":
        """Look keys up there first."""
        return replace(self, scope=scope)

    def has(self, key: str) -> bool:
        """Is there a text of this key, as this object looks it up?"""
        return self._found(key, 0) is not None

    def header(self, column: str) -> str:
        """What is this column called? Somebody's own reads as its name with spaces."""
        key = f"column.{column}"
        return self(key) if key in texts() else column.replace("_", " ").capitalize()

    def _found(self, key: str, n: Any) -> str | None:
        scope = self.scope
        while True:
            full = f"{scope}.{key}" if scope else key
            if full in texts():
                return full
            if f"{full}.other" in texts():
                is_one = self.lang == "en" and _count(n) == 1
                return f"{full}.one" if is_one else f"{full}.other"
            if not scope:
                return None
            scope = scope.rpartition(".")[0]


def _count(n: Any) -> float:
    return float(n.replace(",", "")) if isinstance(n, str) else float(n or 0)


@cache
def _format(how: str) -> formats.Write:
    if how in formats.FORMATS:
        return formats.FORMATS[how]
    if how in families():
        return lambda value, words: words(f"{how}.{value}") if has(f"{how}.{value}") else str(value)
    noun = how.removeprefix("said ")
    if noun in nouns():
        digits = "said count" if noun != how else "count"
        return lambda value, words: words(f"noun.{noun}", n=value, count=words.write(value, digits))
    raise errors.unknown("way to write a value", how, [*formats.FORMATS, *families(), *nouns()])


@cache
def _check() -> None:
    """Refuse word lists of which a text asks for a way of writing that there is not."""
    for key, languages in texts().items():
        for lang, text in languages.items():
            for field in text.fields():
                try:
                    if field.how:
                        _format(field.how)
                except errors.UnknownNameError as error:
                    raise errors.ParameterError(
                        f"words, '{key}' ({lang}): {{{field.name}:{field.how}}}. {error.what}",
                        mend=error.mend,
                    ) from None


def has(key: str) -> bool:
    """Is there a text with this key?"""
    return key in texts()


_SPOKEN: ContextVar[Words | None] = ContextVar("spoken", default=None)


def speak(lang: Lang = "en", *, currency: str | None = None) -> None:
    """Which language, and which currency, do exhibits and panels speak from here on?

    Examples
    --------
    >>> speak("zh", currency="CNY")
    >>> spoken()("segment.key_keep")
    '重要保持客户'
    >>> speak()
    """
    _SPOKEN.set(Words(lang, currency))


def spoken() -> Words:
    """Give the language and currency last stated with ``speak``."""
    return _SPOKEN.get() or Words()
