"""Which words must never leave the machine? Secrets, taken out of all that is told or written.

A secret is the value of a variable that the settings name as ``${NAME}``, whatever it is called;
of one whose name says so (``CRM_TOKEN``); and the password in any address. A value of two or three
signs, or of four digits, is taken out where it stands as a word of its own. A number of fewer
digits, or a year, could not be told from others: it and a single sign are hidden in addresses only.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus, unquote

__all__ = [
    "HIDDEN", "address", "everywhere", "has_password", "is_libpq", "notebook", "secrets", "text",
]  # fmt: skip
__dir__ = __all__.copy

HIDDEN = "•••"
_SECRET_NAME = re.compile(
    r"(PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|_KEY|DSN)$",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# The password of an address, also of one that is typed wrongly: after a slash, or a second colon.
# Up to the last @, since one may stand in the password itself: rather too much than too little.
_PASSWORDS = (
    re.compile(r"(?P<before>[/\\][^\s/\\:@'\"<>]*:)(?P<password>[^\s'\"<>]+)(?=@)"),
    re.compile(r"(?P<before>\b[A-Za-z][\w+.-]*:[^\s/\\:@'\"<>]+:)(?P<password>[^\s'\"<>]+)(?=@)"),
    re.compile(
        r"(?i)(?P<before>[?&;][^=&\s'\"<>]*(?:pass|pwd|secret|token)[^=&\s'\"<>]*=)"
        r"(?P<password>[^&\s'\"<>]+)"
    ),
    # libpq's way: host=db password='s3cret'
    re.compile(
        r"(?i)(?P<before>\b(?:ssl)?(?:password|passwd|pwd|pass)\s*=\s*)"
        r"(?P<password>'(?:[^'\\]|\\.)*'|[^\s'\"&;,()<>]+)"
    ),
)
# An address of a database, and what its host may look like: all else before the path is no host.
_DATABASE = re.compile(
    r"(?i)\b(?:postgres|mysql|maria|mssql|oracle)[\w+.]*:?/{1,2}(?P<rest>[^'\"<>\n]+)"
)
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]*)(:\d*)?$", re.IGNORECASE)
# as a Chinese keyboard writes them
_TYPED = str.maketrans("：＠／；＝＆？", ":@/;=&?")
_LIBPQ = re.compile(r"(?i)(^|\s)(host|hostaddr|port|dbname|user|password|service|sslmode)\s*=\s*\S")
_LONG = 4


def secrets(environment: Mapping[str, str], *stated: str) -> list[str]:
    """Which words are secrets: of the environment, and of what the settings or a person state?

    Parameters
    ----------
    environment
        The variables.
    stated
        Texts that may name a variable as ``${NAME}``, or hold an address with its password.

    Examples
    --------
    >>> known = {"CRM_TOKEN": "s3cr3t", "DB": "postgresql://me:hunter2@host/db", "SHOP": "apple"}
    >>> secrets(known)
    ['hunter2', 's3cr3t']
    >>> secrets(known, "postgresql://me:${SHOP}@host/db")
    ['hunter2', 's3cr3t', 'apple']
    """
    found = {environment.get(name, "") for text in stated for name in _VARIABLE.findall(text)}
    found |= {value for name, value in environment.items() if _SECRET_NAME.search(name)}
    for value in (*environment.values(), *(_VARIABLE.sub("", text) for text in stated)):
        found |= set(_passwords(value))
    # a key of several lines stands in several pieces where lines are counted
    found |= {line for value in found for line in value.splitlines() if len(line) >= _LONG}
    return sorted((one for one in found if _is_telling(one)), key=lambda one: (-len(one), one))


def _mistyped(words: str) -> Iterator[str]:
    """Give what may be the password where the address of a database is typed wrongly."""
    for match in _DATABASE.finditer(words):
        user, at, _ = match["rest"].rpartition("@")
        place = user if at else match["rest"].partition("/")[0].partition("?")[0]
        if (at and not re.search(r"[:;/ ]", place)) or (not at and _HOST.match(place)):
            continue
        yield re.split(r"[:;/ ]", place, maxsplit=1)[-1]


def _passwords(words: str) -> Iterator[str]:
    words = words.translate(_TYPED)
    yield from _mistyped(words)
    if "@" in words or "=" in words:
        for pattern in _PASSWORDS:
            for match in pattern.finditer(words):
                yield from (match["password"], unquote(match["password"].strip("'")))


def _is_telling(secret: str) -> bool:
    if secret.isdigit():
        return len(secret) >= _LONG and not re.fullmatch(r"(19|20)\d\d", secret)
    return len(secret) > 1


def address(source: str) -> str:
    """Write what was named as a source without its password, also where it is typed wrongly.

    Examples
    --------
    >>> address("postgresql://ana:s3cret@db/shop"), address("postgres/ana:s3cret@db/shop")
    ('postgresql://ana:***@db/shop', 'postgres/ana:***@db/shop')
    >>> address("ana:s3cret@db"), address("host=db password=s3cret"), address("C:/in/a@b.csv")
    ('ana:***@db', 'host=db password=***', 'C:/in/a@b.csv')
    """
    source = source.translate(_TYPED)
    for password in _mistyped(source):
        source = source.replace(password, "***")
    head, at, tail = source.rpartition("@")
    if at:
        drive = re.match(r"[A-Za-z]:[/\\](?![/\\])", head)
        scheme = re.compile(r"[\w+.-]+[:;]?[/\\]+|[\w+.-]+:(?=[^:]*:)")
        start = scheme.match(head, drive.end() if drive else 0) or drive
        colon = head.find(":", start.end() if start else 0)
        source = f"{head[: colon + 1]}***@{tail}" if colon >= 0 else source
    for pattern in _PASSWORDS[2:]:
        source = pattern.sub(r"\g<before>***", source)
    return source


def has_password(source: str) -> bool:
    """Does an address hold a password itself, and not the name of a variable?

    Examples
    --------
    >>> has_password("postgresql://ana:s3cret@db/shop")
    True
    >>> has_password("postgresql://ana:${SHOP_PASSWORD}@db/shop"), has_password("in/a:b@c.csv")
    (False, False)
    """
    return "://" in source and any(_passwords(_VARIABLE.sub("", source)))


def is_libpq(source: str) -> bool:
    """Is this libpq's way to name a database, which is no address?

    Examples
    --------
    >>> is_libpq("host=db dbname=shop password=x"), is_libpq("postgresql://db/shop")
    (True, False)
    """
    return "://" not in source and _LIBPQ.search(source) is not None


def text(words: str, hidden: Iterable[str]) -> str:
    """Take secrets, and passwords in any address, out of a text.

    Examples
    --------
    >>> text("connect to postgresql://me:other@host with hunter2", ["hunter2"])
    'connect to postgresql://me:•••@host with •••'
    """
    for secret in hidden:
        for form in _forms(secret):
            if form in words:
                if len(secret) < _LONG or (len(secret) == _LONG and secret.isdigit()):
                    words = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", HIDDEN, words)
                else:
                    words = words.replace(form, HIDDEN)
    if "@" in words or "=" in words:
        for pattern in _PASSWORDS:
            words = pattern.sub(_hidden, words)
    return words


def _hidden(found: re.Match[str]) -> str:
    # the name of a variable is how a secret is kept, and none
    kept = _VARIABLE.fullmatch(found["password"])
    return found[0] if kept else f"{found['before']}{HIDDEN}"


@cache
def _forms(secret: str) -> tuple[str, ...]:
    """How does a secret stand in text, an address, JSON, Python's own writing and HTML?"""
    import markupsafe

    written = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], ascii(secret)[1:-1]}
    written |= {unquote(secret), quote(secret), quote(secret, safe=""), quote_plus(secret)}
    ways = (escape, markupsafe.escape, partial(escape, quote=False))
    forms = written | {str(how(form)) for form in written for how in ways}
    return tuple(sorted((form for form in forms if form.strip()), key=len, reverse=True))


def everywhere(value: Any, hidden: list[str], *, keys: bool = False) -> Any:
    """Take secrets out of every text of a nested value; names of fields stay, unless ``keys``.

    Examples
    --------
    >>> everywhere({"error": ["token abcdef"]}, ["abcdef"])
    {'error': ['token •••']}
    """
    if isinstance(value, str):
        return text(value, hidden)
    if isinstance(value, Mapping):
        return {
            text(key, hidden) if keys and isinstance(key, str) else key: everywhere(
                part, hidden, keys=keys
            )
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [everywhere(part, hidden, keys=keys) for part in value]
    return value


def notebook(executed: Mapping[str, Any], hidden: list[str]) -> dict[str, Any]:
    """Take secrets out of an executed notebook, leaving its structure as it is.

    Examples
    --------
    >>> notebook({"cells": [{"cell_type": "code", "source": "token = 'abcdef'"}]}, ["abcdef"])
    {'cells': [{'cell_type': 'code', 'source': "token = '•••'"}]}
    """

    def cleaned(part: Mapping[str, Any], *kept: str) -> dict[str, Any]:
        return {
            key: value if key in kept else everywhere(value, hidden) for key, value in part.items()
        }

    def shown(output: Mapping[str, Any]) -> dict[str, Any]:
        made = cleaned(output, "output_type", "data")
        if "data" in made:
            # any JSON, where a secret may be the name of a field
            made["data"] = {
                kind: everywhere(part, hidden, keys=True) for kind, part in made["data"].items()
            }
        return made

    cells = [cleaned(cell, "cell_type", "id", "outputs") for cell in executed["cells"]]
    for cell in cells:
        if "outputs" in cell:
            cell["outputs"] = [shown(output) for output in cell["outputs"]]
    return {**executed, "cells": cells}
