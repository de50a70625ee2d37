"""What do a file's headers say, and what do the values under them look like?

The names that other programs use for our columns stand in ``headers.csv``, one a line, the most
telling first, for people who don't program to add to. Lines with a layout say what a column is
called in one program's export, and how it is read: ``marker`` names the headers by which the export
is known, ``kind`` whether it is of a ``shop``, of ``invoices`` or of ``stages``; other words are
options of ``loaders.load``.
"""

import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from workbench import schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import dates, lists, numbers
from workbench.loaders.cast.texts import trimmed
from workbench.loaders.open.cells import DATED, NUMERIC
from workbench.loaders.open.first_rows import FirstRows

# How near a name has to be to a known one, of 100: a letter or two, not more.
NEAR = 85.0
# So many of a column's values have to be dates, or numbers, for it to be one of dates or numbers.
_FITTING_SHARE = 0.6
_VALUES_LOOKED_AT = 200
# What a layout may say beside its columns: how a load is to read it.
_OPTIONS = frozenset(entry.name for entry in fields(LoadOptions)) - {"columns"}
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
        columns = {name: [row[seen.headers.index(name)] for row in seen.rows] for name in looked_at}
        self._keys = {n for n, values in columns.items() if len(set(values)) == len(values) >= 3}

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

    def is_key(self, name: str) -> bool:
        """Are there at least three rows, and is each value another one?"""
        return name in self._keys

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
def listed(layout: str = "") -> dict[tuple[str, str], tuple[str, ...]]:
    """Give the names other programs use, by our table and column, the most telling first."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in lists.rows("headers.csv"):
        if (row["layout"] or "") == layout:
            key = row["table"], row["column"]
            found[key] = (*found.get(key, ()), row["header"])
    return found


class Layout(NamedTuple):
    """A known program's export: its columns by ours, and how such a file is read.

    ``kind`` is ``shop``, ``invoices`` or ``stages``; ``options`` what a load has to be told.
    """

    name: str = ""
    columns: Mapping[str, str] = MappingProxyType({})
    kind: str = ""
    options: Mapping[str, Any] = MappingProxyType({})


def layout(table: schema.Table, headers: Sequence[str]) -> Layout:
    """Which known program wrote these headers? An empty layout where none is known.

    Of several that fit, the one with the most markers.
    """
    by_plain = {plain(name): name for name in reversed(headers) if name}
    best: tuple[int, Layout] = (0, Layout())
    for name in _layouts():
        said = {column: names for (of, column), names in listed(name).items() if of == table.name}
        markers = [plain(marker) in by_plain for marker in said.pop("marker", ())]
        kind = said.pop("kind", ("",))[0]
        options = {key: said.pop(key)[0] for key in _OPTIONS & said.keys()}
        found = {
            ours: theirs
            for ours, names in said.items()
            # as it is written goes before what differs in brackets
            if (theirs := next((n for n in names if n in headers), None))
            or (theirs := next((by_plain[p] for n in names if (p := plain(n)) in by_plain), None))
        }
        is_whole = markers and all(markers) and {*table.required_names} <= found.keys()
        if is_whole and len(markers) > best[0]:
            best = len(markers), Layout(name, found, kind, _typed(options))
    return best[1]


def _typed(options: Mapping[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = dict(options)
    for name, said in options.items():
        if said in ("true", "false"):
            typed[name] = said == "true"
        elif name in ("sale_status", "no_sale_status"):
            typed[name] = tuple(said.split("|"))
    return typed


@cache
def _layouts() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["layout"] for row in lists.rows("headers.csv") if row["layout"]))


def meant(table: schema.Table, column: str, headers: Sequence[str]) -> str | None:
    """Which header says what only a column of this meaning says? None where none does.

    By the file's layout, else by the names that other programs use, the most telling first.
    """
    if known := layout(table, headers).columns.get(column):
        return known
    names = names_of(table.name, column)
    found = [name for name in headers if name and plain(name) in names]
    return min(found, key=lambda name: names.index(plain(name)), default=None)


def any_of(table: str, what: str, headers: Iterable[str]) -> bool:
    """Is one of these headers listed under a word that is no column: ``invoices``, ``order_total``?"""
    names = {plain(name) for name in listed().get((table, what), ())}
    return any(plain(header) in names for header in headers if header)


@cache
def names_of(table: str, column: str) -> tuple[str, ...]:
    """List the plain names of one of our columns, our own first."""
    return tuple(dict.fromkeys(plain(n) for n in (column, *listed().get((table, column), ()))))


#: Words of the list that are no column: signs of a file of invoices, and of an order's total.
SIGNS = ("invoices", "order_total")


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
    theirs = (row["header"] for row in lists.rows("headers.csv"))
    return sorted(ours.union(theirs))
