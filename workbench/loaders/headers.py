"""What do a file's headers say, and what do the values under them look like?

The names that other programs use for our columns stand in ``headers.csv``, one a line, the most
telling first, for people who don't program to add to.
"""

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from workbench import schema
from workbench.loaders import dates, numbers, peeking
from workbench.loaders.casting import trimmed
from workbench.loaders.forms import DATED, NUMERIC

# How near a name has to be to a known one, of 100: a letter or two, not more.
NEAR = 85.0
# So many of a column's values have to be dates, or numbers, for it to be one of dates or numbers.
_FITTING_SHARE = 0.6
_VALUES_LOOKED_AT = 200
# Beyond so many columns, only those whose names say something are looked into.
_COLUMNS_LOOKED_AT = 200


class Headers:
    """The file's headers, plain, and what the values under them look like."""

    def __init__(self, seen: peeking.Peek) -> None:
        self.names = tuple(name for name in seen.headers if name)
        self.plain = {name: plain(name) for name in self.names}
        self._near = _near_names([*self.plain.values()])
        named = {
            name
            for name, said in self.plain.items()
            if said in plain_names() or self._near.get(said)
        }
        looked_at = self.names if len(self.names) <= _COLUMNS_LOOKED_AT else sorted(named)
        self._looks = _looks(seen, looked_at)

    def near(self, name: str) -> Mapping[str, float]:
        """Give the known names that a header is near to, and how near: 85 to 100."""
        return self._near.get(self.plain[name], {})

    def fits(self, name: str, column: schema.Column, *, by_near_name: bool = False) -> bool:
        """Do the values under a header look like what the column holds?"""
        looks = self._looks.get(name)
        if looks is None or not looks[0]:
            return True
        values, dated, plainly_dated, numeric = looks
        if column.type in DATED:
            return dated / values >= _FITTING_SHARE
        if column.type in NUMERIC:
            return numeric / values >= _FITTING_SHARE
        if column.type == "text" and by_near_name:
            return numeric / values < _FITTING_SHARE
        return column.type != "id" or plainly_dated / values < _FITTING_SHARE

    def dated(self) -> list[str]:
        """List the headers over values that are dates whatever their name."""
        return [
            name
            for name, (values, _, plainly, _) in self._looks.items()
            if values and plainly / values >= _FITTING_SHARE
        ]


def _looks(seen: peeking.Peek, names: Iterable[str]) -> dict[str, tuple[int, int, int, int]]:
    """Count for each header its distinct values: all, dates, plain dates, numbers."""
    import duckdb
    import pyarrow as pa

    places = {name: seen.headers.index(name) for name in names}
    texts: list[tuple[int, str]] = []
    for place in places.values():
        distinct = dict.fromkeys(row[place] for row in seen.rows if row[place])
        texts += [(place, value) for value in list(distinct)[:_VALUES_LOOKED_AT]]
    if not texts:
        return {}
    values = pa.table(
        {
            "place": pa.array([place for place, _ in texts], pa.int64()),
            "raw": pa.array([_sound(value) for _, value in texts], pa.string()),
        }
    )
    with duckdb.connect(":memory:") as connection:
        connection.register("values_seen", values)
        counted = connection.execute(
            f"SELECT place, {dates.kind('t')} AS d, {numbers.kind('t')} AS n, count(*) "
            f"FROM (SELECT place, {trimmed('raw')} AS t FROM values_seen) GROUP BY place, d, n"
        ).fetchall()
    sums = {place: [0, 0, 0, 0] for place in places.values()}
    for place, date, number, rows in counted:
        is_number = number not in ("", "percent", "other")
        is_date = date not in ("", "other")
        plainly = date in dates.UNCOUNTED
        for at, holds in enumerate((True, is_date, plainly and not is_number, is_number)):
            sums[place][at] += rows * holds
    looks = {name: sums[place] for name, place in places.items()}
    return {name: (all_, dated, plainly, no) for name, (all_, dated, plainly, no) in looks.items()}


def _sound(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")


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


def _near_names(said: Sequence[str]) -> dict[str, dict[str, float]]:
    """Find for each plain header that is not known itself the known names it is near to."""
    from rapidfuzz import fuzz, process

    unknown = sorted({name for name in said if name not in plain_names() and 4 <= len(name) <= 60})
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
    text = resources.files("workbench.loaders").joinpath("headers.csv").read_text(encoding="utf-8")
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
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
