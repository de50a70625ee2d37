"""What do a file's headers say, and what do the values under them look like?

The names that other programs use for our columns stand in ``headers.csv``, one a line, the most
telling first, for people who don't program to add to.
"""

import itertools
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from workbench import schema
from workbench.loaders.cast import dates, lists, numbers
from workbench.loaders.cast.texts import trimmed
from workbench.loaders.open.cells import DATED, NUMERIC
from workbench.loaders.open.first_rows import FirstRows

# How near a name has to be to a known one, of 100: a letter or two, not more.
NEAR = 85.0
# So many of a column's values have to be dates, or numbers, for it to be one of dates or numbers.
_FITTING_SHARE = 0.6
_VALUES_LOOKED_AT = 200
# Beyond so many columns, only those whose names say something are looked into.
_COLUMNS_LOOKED_AT = 200


class _Looks(NamedTuple):
    """How many distinct values a column has, how many are dates, plainly dates, numbers."""

    values: int = 0
    dated: int = 0
    plainly: int = 0
    numeric: int = 0

    def mostly(self, many: int) -> bool:
        return many / self.values >= _FITTING_SHARE


class Headers:
    """The file's headers, plain, and what the values under them look like."""

    def __init__(self, seen: FirstRows) -> None:
        self.names = tuple(name for name in seen.headers if name)
        self.plain = {name: plain(name) for name in self.names}
        self._near = _near_names(self.plain.values())
        looked_at = self.names
        if len(self.names) > _COLUMNS_LOOKED_AT:
            known = plain_names() | self._near.keys()
            looked_at = tuple(name for name in self.names if self.plain[name] in known)
        self._looks = _looks(seen, looked_at)

    def near(self, name: str) -> Mapping[str, float]:
        """Give the known names that a header is near to, and how near: 85 to 100."""
        return self._near.get(self.plain[name], {})

    def fits(self, name: str, column: schema.Column, *, by_near_name: bool = False) -> bool:
        """Do the values under a header look like what the column holds?"""
        looks = self._looks.get(name, _Looks())
        if not looks.values:
            return True
        if column.type in DATED:
            return looks.mostly(looks.dated)
        if column.type in NUMERIC:
            return looks.mostly(looks.numeric)
        if column.type == "text" and by_near_name:
            return not looks.mostly(looks.numeric)
        return column.type != "id" or not looks.mostly(looks.plainly)

    def dated(self) -> list[str]:
        """List the headers over values that are dates whatever their name."""
        return [
            name
            for name, looks in self._looks.items()
            if looks.values and looks.mostly(looks.plainly)
        ]


def _looks(seen: FirstRows, names: Iterable[str]) -> dict[str, _Looks]:
    """Look at the first distinct values under each header."""
    import duckdb
    import pyarrow as pa

    columns = {name: seen.headers.index(name) for name in names}
    texts: list[tuple[str, str]] = []
    for name, place in columns.items():
        distinct = dict.fromkeys(row[place] for row in seen.rows if row[place])
        sound = (value.encode("utf-8", "replace").decode("utf-8") for value in distinct)
        texts += [(name, value) for value in itertools.islice(sound, _VALUES_LOOKED_AT)]
    given = pa.table({"name": [name for name, _ in texts], "raw": [text for _, text in texts]})
    looks = {name: [0, 0, 0, 0] for name in columns}
    if not texts:
        return {}
    with duckdb.connect(":memory:") as connection:
        connection.register("given", given)
        counted = connection.execute(
            f"SELECT name, {dates.kind('t')} AS d, {numbers.kind('t')} AS n, count(*) "
            f"FROM (SELECT name, {trimmed('raw')} AS t FROM given) GROUP BY name, d, n"
        ).fetchall()
    for name, date, number, many in counted:
        is_number = number not in ("", "percent", "other")
        is_date = date not in ("", "other")
        plainly = date in dates.UNCOUNTED and not is_number
        for place, holds in enumerate((True, is_date, plainly, is_number)):
            looks[name][place] += many * holds
    return {name: _Looks(*sums) for name, sums in looks.items()}


def plain(name: str) -> str:
    """Write a header without what differs from program to program.

    Examples
    --------
    >>> plain("Customer ID"), plain("customer_id"), plain("订单金额（元）")
    ('customerid', 'customerid', '订单金额')
    """
    half = unicodedata.normalize("NFKC", name).casefold()
    kept: list[str] = []
    depth = 0
    for sign in half:
        depth += sign in "([【"
        if not depth and sign.isalnum():
            kept.append(sign)
        depth -= sign in ")]】" and depth > 0
    # A name that is nothing but brackets is kept as it is.
    return "".join(kept) or "".join(sign for sign in half if sign.isalnum())


def _near_names(headers: Iterable[str]) -> dict[str, dict[str, float]]:
    """Find for each plain header that is not known itself the known names it is near to."""
    from rapidfuzz import fuzz, process

    unknown = sorted({name for name in set(headers) - plain_names() if 4 <= len(name) <= 60})
    known = sorted(name for name in plain_names() if len(name) >= 4)
    if not unknown:
        return {}
    shares = process.cdist(unknown, known, scorer=fuzz.ratio, score_cutoff=NEAR, workers=1)
    near: dict[str, dict[str, float]] = {}
    for row, column in zip(*shares.nonzero(), strict=True):
        near.setdefault(unknown[row], {})[known[column]] = float(shares[row, column])
    return near


@cache
def listed() -> dict[tuple[str, str], tuple[str, ...]]:
    """Give the names other programs use, by our table and column, the most telling first."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in lists.rows("headers.csv"):
        key = row["table"], row["column"]
        found[key] = (*found.get(key, ()), row["header"])
    return found


@cache
def names_of(table: str, column: str) -> tuple[str, ...]:
    """List the plain names of one of our columns, our own first."""
    return tuple(dict.fromkeys(plain(n) for n in (column, *listed().get((table, column), ()))))


@cache
def plain_names() -> frozenset[str]:
    """All plain names of all columns."""
    return frozenset(
        name
        for table in schema.TABLES.values()
        for column in table.columns
        for name in names_of(table.name, column.name)
    )


def known() -> list[str]:
    """List all names, ours and those of other programs, as they are written."""
    ours = {name for table in schema.TABLES.values() for name in table.column_names}
    return sorted(ours.union(*listed().values()))
