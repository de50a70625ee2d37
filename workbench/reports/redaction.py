"""Which words must never leave the machine? Secrets of the environment, taken out of all output."""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import markupsafe

_SECRET_NAME = re.compile(
    r"(PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|_KEY|DSN)$",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"(\w[\w+.-]*://[^/\s:@'\"]*:)([^@\s/'\"]+)(?=@)")
_SHORTEST = 4
HIDDEN = "•••"


def secrets(environment: Mapping[str, str]) -> list[str]:
    """Which values of the environment are secrets, by their variables' names?

    Also the passwords inside addresses such as a database's. Values of fewer than four signs are
    left: taking those out would spoil every other word.

    Examples
    --------
    >>> secrets({"CRM_TOKEN": "s3cr3t", "DB": "postgresql://me:hunter2@host/db", "HOME": "/root"})
    ['hunter2', 's3cr3t']
    """
    found = set()
    for name, value in environment.items():
        if _SECRET_NAME.search(name):
            found.add(value)
        found.update(match[2] for match in _URL_PASSWORD.finditer(value))
    return sorted((s for s in found if len(s) >= _SHORTEST), key=lambda s: (-len(s), s))


def text(words: str, hidden: list[str]) -> str:
    """Take secrets, and passwords in any address, out of a text.

    Examples
    --------
    >>> text("connect to postgresql://me:other@host with hunter2", ["hunter2"])
    'connect to postgresql://me:•••@host with •••'
    """
    for secret in hidden:
        for form in _forms(secret):
            words = words.replace(form, HIDDEN)
    return _URL_PASSWORD.sub(rf"\1{HIDDEN}", words)


def _forms(secret: str) -> set[str]:
    """How does a secret stand in text, JSON, Python's own writing and HTML?"""
    written = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    return written | {how(form) for form in written for how in (escape, markupsafe.escape)}


def everywhere(value: Any, hidden: list[str]) -> Any:
    """Take secrets out of every text of a nested value; names of fields stay. Gives a new value.

    Examples
    --------
    >>> everywhere({"error": ["token abcdef"]}, ["abcdef"])
    {'error': ['token •••']}
    """
    if isinstance(value, str):
        return text(value, hidden)
    if isinstance(value, Mapping):
        return {key: everywhere(part, hidden) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [everywhere(part, hidden) for part in value]
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

    cells = [cleaned(cell, "cell_type", "id", "outputs") for cell in executed["cells"]]
    for cell in cells:
        if "outputs" in cell:
            cell["outputs"] = [cleaned(output, "output_type") for output in cell["outputs"]]
    return {**executed, "cells": cells}
