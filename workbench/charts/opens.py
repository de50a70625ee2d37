"""Which rows does a mark count? Said with the figure, so that a click leads to the list of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench import tables
from workbench.words import Words, formats

#: A mark: which trace and which point of it, how many rows it counts, and its row of the chart.
Counted = tuple[list[int], Any, Mapping[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Opens:
    """Which list holds the rows that a mark counts, and which of its rows are they?

    Parameters
    ----------
    lists
        The exhibits that list such rows: ``churn.calls``. The first on the page that holds as many
        of a mark's rows as the mark counts is opened; where none does, the mark does not open.
    by
        Columns of the chart's rows, and of the list under the same names: a row belongs to the
        mark that has its values.
    part
        The column of the list that says to which part of a bar a row belongs.
    between
        The column of the list whose value lies in a bin: from its ``left`` on, below its ``right``.
    fixed
        What else holds for the rows of every mark, by column of the list: a value, or two ends.

    The chip over the opened list says the exhibit's text ``opens``.

    Examples
    --------
    >>> Opens(lists=["rfm.customers"], by=["segment"]).key({"segment": "key_keep"})
    {'segment': 'key_keep'}
    """

    lists: Sequence[str]
    by: Sequence[str] = ()
    part: str = ""
    between: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def key(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        """Which values have the rows that belong to a mark? Of a bin, the two ends."""
        key: dict[str, Any] = {name: tables.code(name, row[name]) for name in self.by}
        if self.part:
            key[self.part] = row["part"]
        if self.between:
            key[self.between] = [tables.code("", row[end]) for end in ("left", "right")]
        return {**key, **self.fixed}

    def told(self, counted: Iterable[Counted], words: Words) -> dict[str, Any]:
        """Say of each mark that counts a row which are its rows, and what they are called."""
        marks = [
            {
                "at": at,
                "n": int(n),
                "key": self.key(row),
                "label": words("opens", **{str(name): value for name, value in row.items()}),
            }
            for at, n, row in counted
            if not formats.is_missing(n) and n > 0
        ]
        return {"lists": list(self.lists), "marks": marks}


def behind(
    told: Mapping[str, Any], exhibit: str, rows: pd.DataFrame, at: Sequence[int]
) -> "tuple[pd.Series[bool], str] | None":
    """Which of a list's rows does a mark count, and what are they called? None: they are not there.

    A list of others, which holds some of a mark's rows and not all, opens for no mark of a figure.

    Parameters
    ----------
    told
        What ``Opens.told`` gave: ``opens`` in a figure's ``layout.meta``.
    exhibit, rows
        Which exhibit lists the rows.
    at
        The mark's trace and point.

    Examples
    --------
    >>> mark = {"at": [0, 1], "n": 1, "key": {"segment": "key_keep"}, "label": "Key keep"}
    >>> told, rows = {"lists": ["rfm.customers"], "marks": [mark]}, pd.DataFrame({"segment": ["key_keep"]})
    >>> behind(told, "rfm.customers", rows, [0, 1])[1], behind(told, "churn.calls", rows, [0, 1])
    ('Key keep', None)
    """
    marks = told.get("marks", ())
    mark = next((one for one in marks if list(one["at"]) == list(at)), None)
    if mark is None or exhibit not in told["lists"] or not set(mark["key"]).issubset(rows):
        return None
    for one in marks:
        if (n := int(tables.belonging(rows, one["key"]).sum())) not in (0, one["n"]):
            return None
        if one is mark and not n:
            return None
    return tables.belonging(rows, mark["key"]), mark["label"]
