r"""What stands in the word lists? ``words/<question>.csv``: ``key,en,zh``, for anyone to edit.

A text holds fields, ``{share:rate}``: the name of a value and how it is written; and clauses in
square brackets, which fall away where a value they name is missing; what stands behind a bar,
``[half within {half:days}|not half yet]``, is said instead. ``{{``, ``}}``, ``\[``, ``\]`` and
``\|`` stand for the signs themselves. All texts are read, and refused, when the first is asked for.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from workbench import errors

LANGUAGES = ("en", "zh")
_SIGN = re.compile(
    r"(?P<plain>\{\{|\}\}|\\[\[\]|])|\{(?P<name>\w+)(?::(?P<how>[^{}\[\]]+))?\}|(?P<sign>[\[\]{}|])"
)


@dataclass(frozen=True)
class Field:
    """A value by name, and how it is written; without a format it stands as it is."""

    name: str
    how: str = ""


@dataclass(frozen=True)
class Clause:
    """What is said only where every value it names is there; else what is said instead."""

    parts: "tuple[str | Field | Clause, ...]"
    instead: "Clause | None" = None

    def fields(self) -> Iterator[Field]:
        """Give all fields, those of inner clauses too."""
        for part in (*self.parts, *((self.instead,) if self.instead else ())):
            if isinstance(part, Clause):
                yield from part.fields()
            elif isinstance(part, Field):
                yield part


def parsed(text: str, where: str) -> Clause:
    """Read a text into its parts.

    Raises
    ------
    ParameterError
        A bracket or brace has no partner.

    Examples
    --------
    >>> parsed("{share:rate}[ of {n:customers}]", "example").parts[0]
    Field(name='share', how='rate')
    """
    open_clauses: list[list[str | Field | Clause]] = [[]]
    barred: list[Clause | None] = [None]
    end = 0
    for match in _SIGN.finditer(text):
        open_clauses[-1].append(text[end : match.start()])
        end = match.end()
        if match["plain"]:
            open_clauses[-1].append(match["plain"][-1])
        elif match["name"]:
            open_clauses[-1].append(Field(match["name"], match["how"] or ""))
        elif match["sign"] == "[":
            open_clauses.append([])
            barred.append(None)
        elif match["sign"] == "|" and len(open_clauses) == 1:
            open_clauses[-1].append("|")
        elif match["sign"] == "|" and barred[-1] is None:
            barred[-1] = _clause(open_clauses[-1])
            open_clauses[-1] = []
        elif match["sign"] == "]" and len(open_clauses) > 1:
            clause, first = _clause(open_clauses.pop()), barred.pop()
            open_clauses[-1].append(Clause(first.parts, clause) if first else clause)
        else:
            raise _unbalanced(text, where)
    if len(open_clauses) > 1:
        raise _unbalanced(text, where)
    open_clauses[0].append(text[end:])
    return _clause(open_clauses[0])


def _clause(parts: list[str | Field | Clause]) -> Clause:
    return Clause(tuple(part for part in parts if part != ""))


def _unbalanced(text: str, where: str) -> errors.ParameterError:
    return errors.ParameterError(
        f"words, {where}: a bracket of '{text}' has no partner.",
        mend=r"Close it, or write \[ and {{ where the sign itself is meant.",
    )


@cache
def lists() -> dict[str, list[list[str]]]:
    """Give the rows of every word list, by its name.

    Raises
    ------
    ParameterError
        A file is not in UTF-8, or its first row is another than ``key,en,zh``.
    """
    folder = resources.files("workbench") / "words"
    return {
        file.name.removesuffix(".csv"): _rows(f"words/{file.name}", file.read_bytes())
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".csv")
    }


def _rows(where: str, content: bytes) -> list[list[str]]:
    try:
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise errors.ParameterError(
            f"{where}, line {line}: this is not UTF-8.", mend="Save it again, as 'CSV UTF-8'."
        ) from error
    if rows[:1] != [header := ["key", *LANGUAGES]]:
        raise errors.ParameterError(
            f"{where}, line 1: the columns are not {','.join(header)}.",
            mend="Write that as the first line, and the columns in this order.",
        )
    return rows[1:]


@cache
def texts() -> dict[str, dict[str, Clause]]:
    """Give every text by key and language, read and checked.

    Raises
    ------
    ParameterError
        A row has not three fields, a key stands twice, or with one of its two numbers only, a text
        cannot be read, or the two languages of a key name different values.
    """
    read: dict[str, dict[str, Clause]] = {}
    for name, rows in lists().items():
        keys = {row[0] for row in rows if row}
        for row in rows:
            where = f"words/{name}.csv, '{row[0] if row else ''}'"
            if len(row) != 3 or not all(cell.strip() for cell in row):
                raise errors.ParameterError(
                    f"{where}: a row needs a key, English and Chinese.",
                    mend="Fill in all three; a text with a comma in it stands in quotation marks.",
                )
            if row[0] in read:
                raise errors.ParameterError(
                    f"{where}: the key stands twice.", mend="Keep one of the rows."
                )
            form, _, number = row[0].rpartition(".")
            other = {"one": "other", "other": "one"}.get(number)
            if other and f"{form}.{other}" not in keys:
                raise errors.ParameterError(
                    f"{where}: there is no '{form}.{other}' beside it.", mend="Add that row."
                )
            en, zh = (parsed(text, where) for text in row[1:])
            # the number may be spelled out where it is one
            spelled = {"n"} if row[0].endswith(".one") else set()
            named = [{field.name for field in text.fields()} - spelled for text in (en, zh)]
            if named[0] != named[1]:
                odd = ", ".join(f"{{{field}}}" for field in sorted(named[0] ^ named[1]))
                raise errors.ParameterError(
                    f"{where}: only one of the languages names {odd}.",
                    mend="Name the same values in both.",
                )
            read[row[0]] = {"en": en, "zh": zh}
    return read


@cache
def families() -> frozenset[str]:
    """Which kinds of code have words? ``segment`` for ``segment.key_keep`` and all of its kind."""
    codes = [*lists()["codes"], *lists()["columns"]]
    return frozenset(row[0].rpartition(".")[0] for row in codes)


@cache
def nouns() -> frozenset[str]:
    """Which things can be counted? ``customers`` for "1 customer" and "1,204 customers"."""
    return frozenset(row[0].split(".")[1] for row in lists()["nouns"])
