"""Which of the file's columns is which of ours?"""

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from workbench import errors, schema
from workbench.load_options import LoadOptions
from workbench.loaders.cast import annotations
from workbench.loaders.cast import headers as headers_of
from workbench.loaders.cast.annotations import Said
from workbench.loaders.cast.headers import Layout
from workbench.loaders.open.cells import DATED, NUMERIC

_ORDERS = schema.ORDERS
# What says of an order which one it is, whether it is a sale, and in which currency: looked for
# also under the names that other programs use, since without it the money would be wrong.
_MEANING = ("order_id", "status", "direction", "currency", "refunded_amount")
_NO_LAYOUT = Layout()
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")


@dataclass(frozen=True)
class Mapped:
    """One of our columns, and the file's one or two columns it is made from, by position."""

    column: schema.Column
    positions: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class Resolved:
    """All our columns that the file has, and what of the file is left."""

    columns: tuple[Mapped, ...]
    ignored: tuple[str, ...]
    notes: Mapping[int, Said] = field(default_factory=dict)
    layout: Layout = _NO_LAYOUT
    headers: tuple[str, ...] = ()
    helping: frozenset[str] = frozenset()

    def zone(self, mapped: Mapped) -> str | None:
        """Which time zone does a column's header say?

        Raises
        ------
        ContractError
            Several zones are called so.
        """
        said = self.notes.get(mapped.positions[0], Said())
        if said.zone == annotations.ASKED:
            raise errors.ContractError(
                f"'{mapped.source}' says '{said.text}', which several time zones are called.",
                mend="State the zone of the times: timezone='America/Chicago'.",
            )
        return said.zone

    @property
    def sources(self) -> dict[str, str]:
        """Ours to the file's own words; the time by which rows are only told apart is none."""
        return {m.column.name: m.source for m in self.columns if m.column.name not in self.helping}

    @property
    def ours(self) -> dict[int, schema.Column]:
        """Which of our columns is made of the column at a position."""
        return {place: mapped.column for mapped in self.columns for place in mapped.positions}

    def places(self, *types: schema.ColumnType) -> list[int]:
        """The positions of our columns of some types."""
        typed = [mapped.positions for mapped in self.columns if mapped.column.type in types]
        return sorted({place for positions in typed for place in positions})


def check_headers(
    headers: Sequence[str], used: Collection[str], table: schema.Table, named: str
) -> None:
    """Refuse a header that says a name twice that is needed: which of the two would be meant?"""
    twice = sorted({name for name in used if list(headers).count(name) > 1})
    if twice:
        places = [str(place) for place, name in enumerate(headers, 1) if name == twice[0]]
        raise errors.ContractError(
            f"{table.name}: '{named}' has {len(places)} columns called '{twice[0]}' "
            f"(columns {', '.join(places)}).",
            mend="Rename or delete all but one of them.",
        )


def expected(table: schema.Table, columns: Mapping[str, str]) -> list[str]:
    """List the header names that a table may be looking for."""
    names = [name for name in table.column_names if name not in columns]
    for theirs in columns.values():
        names += [theirs, *(factor.strip() for factor in theirs.split("*"))]
    return names


def by_name(headers: Sequence[str]) -> tuple[int, ...]:
    """Give the positions in the order of the names, so that equal rows of two files are equal.

    Examples
    --------
    >>> by_name(["when", "amount"])
    (1, 0)
    """
    return tuple(sorted(range(len(headers)), key=headers.__getitem__))


def resolve(
    table: schema.Table, headers: Sequence[str], options: LoadOptions, named: str
) -> Resolved:
    """Find our columns among the file's headers.

    Parameters
    ----------
    table
        The contract.
    headers
        The file's own names, in order.
    options
        Their ``columns``: ours to the file's, a header, or the product of two or of one and a
        number (``Quantity * UnitPrice``). What is not mapped is looked for under our own name;
        what says which orders are sales, also under the names that other programs use.
    named
        The file, in messages.

    Raises
    ------
    ContractError
        A required column is missing, a mapped one is not in the file, or two have one name.
    ParameterError
        A map says something else than a column or a product of two numbers.
    UnknownNameError
        A map names a column the contract does not have.

    Examples
    --------
    >>> owners = schema.table("owners")
    >>> options = LoadOptions(columns={"owner_name": "Name"})
    >>> resolve(owners, ["owner_id", "Name"], options, "owners.csv").sources
    {'owner_id': 'owner_id', 'owner_name': 'Name'}
    """
    columns = options.columns
    helping = _dated(table, options)
    for name in columns:
        if name not in {column.name for column in helping}:
            table.column(name)
    place = {header: position for position, header in enumerate(headers) if header}
    known = headers_of.layout(table, headers)
    found: list[Mapped] = []
    notes: dict[int, Said] = {}
    missing: list[str] = []
    for column in (*table.columns, *helping):
        theirs = columns.get(column.name, column.name)
        is_asked = table.name == _ORDERS.name and column.name in _MEANING
        if is_asked and column.name not in columns and theirs not in place:
            theirs = headers_of.meant(table, column.name, headers) or theirs
        elif column in helping and column.name not in columns and theirs not in place:
            theirs = headers_of.meant(_ORDERS, column.name, headers) or theirs
        if column.name in columns or theirs in place:
            positions, factor = _positions(table, column, theirs, place)
            found.append(Mapped(column, positions, theirs))
            notes |= {at: _note(column, headers[at], factor) for at in positions}
        elif column.required:
            missing.append(column.name)
    used = {position for mapped in found for position in mapped.positions}
    check_headers(headers, [headers[position] for position in used], table, named)
    free = tuple(header for position, header in enumerate(headers) if position not in used)
    if missing:
        raise _missing(table, missing, free, headers).told_by("missing_columns", columns=missing)
    names = frozenset(column.name for column in helping)
    return Resolved(tuple(found), free, notes, known, tuple(headers), names)


def _dated(table: schema.Table, options: LoadOptions) -> tuple[schema.Column, ...]:
    """Which row of an id is the latest? In an order file its time says so."""
    is_asked = options.distinct and "ordered_at" not in table.column_names
    return (
        dataclasses.replace(_ORDERS.column("ordered_at"), required=False, nullable=True),
    ) * is_asked


def _note(column: schema.Column, header: str, factor: str | None) -> Said:
    """What does a header say that matters for this column? A stated factor replaces its unit."""
    said = annotations.said(header)
    if column.type in DATED:
        return Said(zone=said.zone, text=said.text)
    if column.type not in NUMERIC:
        return Said()
    return Said(
        factor or said.factor, said.currency if column.type == "money" else None, None, said.text
    )


def _positions(
    table: schema.Table, column: schema.Column, theirs: str, place: Mapping[str, int]
) -> tuple[tuple[int, ...], str | None]:
    """Which of the file's columns is it made of, and by which number is that multiplied?"""
    # A header may itself hold an asterisk: the whole is tried as a name first.
    if theirs in place:
        return (place[theirs],), None
    factors = [factor.strip() for factor in theirs.split("*")]
    if len(factors) > 2 or (len(factors) == 2 and column.type not in NUMERIC):
        raise errors.ParameterError(
            f"{table.name}: '{column.name}' is mapped to '{theirs}'.",
            mend="A map names one column, or for numbers the product of two, or of one and a "
            "number: 'Quantity * UnitPrice', 'Amount * 0.01'. Nothing else is computed.",
        )
    number = next((f for f in factors if f not in place and _NUMBER.fullmatch(f)), None)
    named = [factor for factor in factors if factor != number]
    for factor in named:
        if factor not in place:
            digit = "nor a number " * factor[:1].isdecimal()
            raise errors.ContractError(
                f"{table.name}: '{column.name}' is mapped to '{factor}', "
                f"which is not a column of the file{digit and ', ' + digit.strip()}.",
                mend=f"{errors.did_you_mean(factor, place)}Found: {listed(list(place))}.",
            )
    if not named:
        raise errors.ParameterError(
            f"{table.name}: '{column.name}' is mapped to '{theirs}', a number.",
            mend="Name the column that it multiplies: 'Amount * 0.01'.",
        )
    return tuple(place[factor] for factor in named), number


def _missing(
    table: schema.Table, missing: list[str], free: Sequence[str], headers: Sequence[str]
) -> errors.ContractError:
    names = ", ".join(f"'{name}'" for name in missing)
    what = f"{table.name}: missing column{'s' if len(missing) > 1 else ''} {names}."
    likely = {name: header for name in missing if (header := _likely(name, free))}
    section = f"workbench.toml → [tables.{table.name}.columns]"
    if len(likely) == len(missing):
        found = ", ".join(f"'{header}'" for header in likely.values())
        maps = ", ".join(f'{name} = "{header}"' for name, header in likely.items())
        them = "it" if len(missing) == 1 else "them"
        mend = f"Found {found}. Rename {them}, or map {them}: {section} {maps}"
    else:
        maps = ", ".join(f'{name} = "{likely.get(name, "…")}"' for name in missing)
        mend = f"Found: {listed(headers)}. Map what is meant: {section} {maps}"
    return errors.ContractError(what, mend=mend)


def _likely(name: str, free: Sequence[str]) -> str | None:
    """Which header is written nearly so? A part of the name is not enough: Id is no customer_id."""
    from rapidfuzz import fuzz, process

    best = process.extractOne(
        name, free, scorer=fuzz.ratio, processor=headers_of.plain, score_cutoff=70
    )
    return best[0] if best else None


def listed(headers: Sequence[str]) -> str:
    """Name the first headers, and how many more there are."""
    shown = ", ".join(f"'{header}'" for header in headers[:20])
    return f"{shown} and {len(headers) - 20} more" if len(headers) > 20 else shown
