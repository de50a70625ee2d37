"""What does every column that an answer gives mean? Declared once, beside the answer.

A kind hangs on the column's name and is the same in every table: how a cell is written, how a
column is named, stored and aligned all follow from it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from workbench import errors, schema, words

#: How a column's values are written, besides the families of codes in the word lists.
KINDS = (
    "text", "id", "date", "moment", "period", "rate", "ratio", "days", "count", "money", "number",
    "truth", "phone", "email",
)  # fmt: skip
# What the types of the input contracts are, where a column's name says nothing else.
_TYPES = {
    "id": "id", "text": "text", "date": "date", "timestamp": "date", "money": "money",
    "integer": "count", "number": "number", "choice": "text",
}  # fmt: skip

_KINDS: dict[str, tuple[str, str]] = {}


def _declare(column: str, kind: str, where: str) -> None:
    if kind not in KINDS and kind not in words.families():
        error = errors.unknown("kind of column", kind, [*KINDS, *words.families()])
        raise errors.ParameterError(f"{where}: column '{column}'. {error.what}", mend=error.mend)
    before, first = _KINDS.setdefault(column, (kind, where))
    if before != kind:
        raise errors.ParameterError(
            f"Column '{column}' is of kind '{kind}' in {where}, and of kind '{before}' in {first}.",
            mend="A name means the same everywhere: give one of the two columns another name.",
        )


class Result:
    """What are the columns of an answer's table?

    Parameters
    ----------
    made_by
        The call that makes it, for the mend of an error.
    interval
        Columns that have an interval: ``<name>_low`` and ``<name>_high`` stand beside them.
    **kinds
        A kind for each column: one of ``KINDS``, or a family of codes such as ``segment``.

    Raises
    ------
    ParameterError
        A kind is not known, or a column is of another kind elsewhere.

    Examples
    --------
    >>> curve = Result("retention.time_to_second(second)", interval=["repurchased_share"],
    ...                repurchased_share="rate")
    >>> curve.columns
    ('repurchased_share', 'repurchased_share_low', 'repurchased_share_high')
    """

    def __init__(self, made_by: str, /, *, interval: Sequence[str] = (), **kinds: str) -> None:
        self.made_by, self.kinds = made_by, kinds
        self.columns: tuple[str, ...] = tuple(
            name
            for column in kinds
            for name in (
                column,
                *((f"{column}_low", f"{column}_high") if column in interval else ()),
            )
        )
        for column in interval:
            if column not in kinds:
                raise errors.unknown(f"column in {made_by}", column, kinds)
        for name in self.columns:
            base = name if name in kinds else name.rpartition("_")[0]
            _declare(name, kinds[base], made_by)

    def require(
        self, table: Any, name: str, columns: Sequence[str] | None = None, *,
        key: str | None = None, constant: str | None = None,
    ) -> None:  # fmt: skip
        """Refuse a table that lacks a column: of these, or of all.

        Raises
        ------
        ParameterTypeError, ContractError
            As ``schema.require``.
        """
        wanted = self.columns if columns is None else columns
        schema.require(table, name, wanted, made_by=self.made_by, key=key, constant=constant)

    def require_customers(self, table: Any, name: str, *columns: str) -> None:
        """Refuse what is no table of one row per customer, all as of one day, with these columns.

        Raises
        ------
        ParameterTypeError, ContractError
            As ``schema.require``.
        """
        wanted = ("customer_id", "as_of", *columns)
        self.require(table, name, wanted, key="customer_id", constant="as_of")

    @contextmanager
    def reading(self, table: Any, name: str) -> Iterator[None]:
        """Tell a column that is missed on the way as what it is: a table that breaks its contract.

        Raises
        ------
        ContractError
            A declared column was asked for and is not there.
        """
        try:
            yield
        except (KeyError, AttributeError) as error:
            asked = re.findall(r"\w+", str(error))
            missing = [c for c in self.columns if c not in table and c in asked]
            if not missing or isinstance(error, errors.ContractError):
                raise
            self.require(table, name, missing)


def kind(column: str) -> str | None:
    """Of which kind is a column? None for one that nobody declared.

    Examples
    --------
    >>> kind("customer_id"), kind("own_score") is None
    ('id', True)
    """
    return _KINDS[column][0] if column in _KINDS else None


def undeclared(table: Any) -> list[str]:
    """Which columns of a table has nobody declared?

    Examples
    --------
    >>> import pandas as pd
    >>> undeclared(pd.DataFrame({"customer_id": ["a"], "own_score": [3]}))
    ['own_score']
    """
    return [str(column) for column in table.columns if str(column) not in _KINDS]


for _table in schema.TABLES.values():
    for _column in _table.columns:
        _family = _column.name if _column.name in words.families() else ""
        if _column.name in (*schema.TRAITS, "edited"):
            _family = "choice"
        elif _column.name in KINDS:
            _family = _column.name
        elif _column.name == "reason":
            # why a step was stopped: by an answer's code, else in somebody's own words
            _family = "feedback"
        _declare(_column.name, _family or _TYPES[_column.type], f"the table {_table.name}")
