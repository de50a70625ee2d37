"""Which of the file's columns is which of ours?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench import errors, schema
from workbench.loaders.open.cells import NUMERIC


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

    @property
    def sources(self) -> dict[str, str]:
        """Ours to the file's own words."""
        return {mapped.column.name: mapped.source for mapped in self.columns}

    @property
    def ours(self) -> dict[int, schema.Column]:
        """Which of our columns is made of the column at a position."""
        return {place: mapped.column for mapped in self.columns for place in mapped.positions}

    def places(self, *types: schema.ColumnType) -> list[int]:
        """The positions of our columns of some types."""
        typed = [mapped.positions for mapped in self.columns if mapped.column.type in types]
        return sorted({place for positions in typed for place in positions})


def check_headers(headers: Sequence[str], table: schema.Table, named: str) -> None:
    """Refuse a header that says one name twice: which of the two would be meant?"""
    twice = sorted({name for name in headers if name and list(headers).count(name) > 1})
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
    table: schema.Table, headers: Sequence[str], columns: Mapping[str, str], named: str
) -> Resolved:
    """Find our columns among the file's headers.

    Parameters
    ----------
    table
        The contract.
    headers
        The file's own names, in order.
    columns
        Ours to the file's: a header, or the product of two (``Quantity * UnitPrice``). What is
        not mapped is looked for under our own name.
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
    >>> resolve(owners, ["owner_id", "Name"], {"owner_name": "Name"}, "owners.csv").sources
    {'owner_id': 'owner_id', 'owner_name': 'Name'}
    """
    check_headers(headers, table, named)
    for name in columns:
        table.column(name)
    place = {header: position for position, header in enumerate(headers)}
    found: list[Mapped] = []
    missing: list[str] = []
    for column in table.columns:
        theirs = columns.get(column.name, column.name)
        if column.name in columns or column.name in place:
            found.append(Mapped(column, _positions(table, column, theirs, place), theirs))
        elif column.required:
            missing.append(column.name)
    used = {position for mapped in found for position in mapped.positions}
    free = tuple(header for position, header in enumerate(headers) if position not in used)
    if missing:
        raise _missing(table, missing, free, headers)
    return Resolved(tuple(found), free)


def _positions(
    table: schema.Table, column: schema.Column, theirs: str, place: Mapping[str, int]
) -> tuple[int, ...]:
    # A header may itself hold an asterisk: the whole is tried as a name first.
    if theirs in place:
        return (place[theirs],)
    factors = [factor.strip() for factor in theirs.split("*")]
    if len(factors) > 2 or (len(factors) == 2 and column.type not in NUMERIC):
        raise errors.ParameterError(
            f"{table.name}: '{column.name}' is mapped to '{theirs}'.",
            mend="A map names one column, or for numbers the product of two: "
            "'Quantity * UnitPrice'. Nothing else is computed.",
        )
    for factor in factors:
        if factor not in place:
            raise errors.ContractError(
                f"{table.name}: '{column.name}' is mapped to '{factor}', "
                "which is not a column of the file.",
                mend=f"{errors.did_you_mean(factor, place)}Found: {_listed(list(place))}.",
            )
    return tuple(place[factor] for factor in factors)


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
        mend = f"Found: {_listed(headers)}. Map what is meant: {section} {maps}"
    return errors.ContractError(what, mend=mend)


def _likely(name: str, free: Sequence[str]) -> str | None:
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(
        name, free, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=70
    )
    return best[0] if best else None


def _listed(headers: Sequence[str]) -> str:
    shown = ", ".join(f"'{header}'" for header in headers[:20])
    return f"{shown} and {len(headers) - 20} more" if len(headers) > 20 else shown
