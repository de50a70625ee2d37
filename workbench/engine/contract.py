"""Does a table hold what a query needs, and how does every engine read it alike?

Both engines describe a table by the same few kinds of column; the check and the view are SQL in
DuckDB's dialect over those kinds, so each rule is written once.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pyarrow as pa

from workbench import errors, schema

Kind = Literal[
    "text", "integer", "float", "decimal", "date", "timestamp", "zoned timestamp", "nothing",
    "other",
]  # fmt: skip

# DECIMAL(18,2) holds a little more; below this every rounding still fits
MONEY_LIMIT = 1e15
_LARGEST_FLOAT = "1.7976931348623157e308"
_EXACT_IDS = 2**53

_ALLOWED: dict[str, tuple[Kind, ...]] = {
    "id": ("text", "integer", "float", "decimal", "nothing"),
    "money": ("integer", "float", "decimal", "nothing"),
    "timestamp": ("date", "timestamp", "nothing"),
    "date": ("date", "timestamp", "nothing"),
}
_WORDS: dict[Kind, str] = {
    "text": "text",
    "integer": "whole numbers",
    "float": "numbers",
    "decimal": "decimals",
    "date": "dates",
    "timestamp": "timestamps",
    "zoned timestamp": "timestamps bound to a time zone",
}
_TAKES = {
    "id": "text or whole numbers",
    "money": "whole numbers, floats or decimals",
    "timestamp": "dates or timestamps in local time",
    "date": "dates or timestamps in local time",
}


@dataclass(frozen=True)
class Found:
    """Which column stands in a table, of which kind, called what by its engine?"""

    name: str
    kind: Kind
    native: str


def found(
    types: Mapping[str, str], needed: Sequence[str], kinds: Mapping[str, Kind]
) -> list[Found]:
    """Describe the needed columns by the kinds of an engine's types, ``DECIMAL(18,2)`` as any."""
    return [
        Found(column, kinds.get(types[column].split("(")[0], "other"), types[column])
        for column in needed
    ]


class Session(Protocol):
    """Where does a query run? An engine that knows the attached tables by name."""

    def attach(self, name: str, table: Any, needed: Sequence[str]) -> list[Found]:
        """Make a table known as ``<name>_raw``; give the kinds of the needed columns."""
        ...

    def define(self, name: str, sql: str) -> None:
        """Make a query's result known by name, without computing it."""
        ...

    def run(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run SQL in DuckDB's dialect, parameters bound as values."""
        ...


def raw(table: str) -> str:
    """Name a table as it was handed in; under its own name stands the checked view of it."""
    return f"{table}_raw"


def check_names(table: str, names: Sequence[object], needed: Iterable[str]) -> None:
    """Refuse a table that lacks a needed column or has one twice, capitals apart."""
    known = [str(name) for name in names]
    for column in needed:
        alike = [name for name in known if name.casefold() == column.casefold()]
        if len(alike) > 1:
            raise errors.ContractError(
                f"{table}: column '{column}' is there {len(alike)} times"
                + ("." if len(set(alike)) == 1 else f", as {', '.join(map(repr, alike))}."),
                mend="Keep one and drop or rename the others; capitals alone do not tell them apart.",
            )
        if column not in known:
            meant = alike or [name for name in known if errors.did_you_mean(column, [name])]
            found = (
                f"Found {', '.join(map(repr, meant))}." if meant else f"Found: {_listed(known)}."
            )
            example = meant[0] if meant else "their name"
            raise errors.ContractError(
                f"{table}: missing column '{column}'.",
                mend=f"{found} Rename it, or map it: "
                f'workbench.toml → [tables.{table}.columns] {column} = "{example}"',
            )


def _listed(names: list[str]) -> str:
    shown = ", ".join(map(repr, names[:12])) or "no columns at all"
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def check_types(table: str, columns: Sequence[Found]) -> None:
    """Refuse columns of a kind that the contract does not take."""
    for column in columns:
        type_ = schema.table(table).column(column.name).type
        if column.kind in _ALLOWED[type_]:
            continue
        kind = _WORDS.get(column.kind, "of a type that does not belong there")
        what = (
            f"{table}: column '{column.name}' is {kind} ({column.native[:40]}); "
            f"it takes {_TAKES[type_]}."
        )
        raise errors.ContractError(what, mend=_mend_for(table, column, type_))


def _mend_for(table: str, column: Found, type_: str) -> str:
    here = f"{table}['{column.name}']"
    if column.kind == "zoned timestamp" and type_ in ("timestamp", "date"):
        return (
            f"Convert it to local time: {here}.dt.tz_convert('Asia/Shanghai').dt.tz_localize(None), "
            "or load the file with loaders.load(…, timezone='Asia/Shanghai')."
        )
    load = f"loaders.load(…, table='{table}'), which sets aside what cannot be read"
    if type_ in ("timestamp", "date"):
        return f"Convert it: pandas.to_datetime({here}), or load the file with {load}."
    if type_ == "money":
        return f"Convert it: pandas.to_numeric({here}), or load the file with {load}."
    return f"Convert it: {here}.astype('str'), or load the file with {load}."


def _text_of(column: Found) -> str:
    if column.kind in ("float", "decimal"):
        # whole, as checked: 17850.0 is customer 17850
        whole = "bigint" if column.kind == "float" else "decimal(38, 0)"
        return f"cast(try_cast({column.name} as {whole}) as varchar)"
    return f"cast({column.name} as varchar)"


def _money_of(column: Found) -> str:
    if column.kind == "float":
        # through the shortest text: 1.005 is meant to be 1.005, and rounds half away from zero
        return f"try_cast(cast({column.name} as varchar) as decimal(18, 2))"
    return f"try_cast({column.name} as decimal(18, 2))"


def _time_of(column: Found) -> str:
    return f"cast({column.name} as timestamp)" if column.kind == "nothing" else column.name


def _day_of(column: Found) -> str:
    return f"cast({column.name} as date)"


def view(table: str, columns: Sequence[Found]) -> str:
    """Write the select that reads a table by its contract: ids as text, money as DECIMAL(18,2)."""
    read = {"id": _text_of, "money": _money_of, "timestamp": _time_of, "date": _day_of}
    contract = schema.table(table)
    selected = ", ".join(
        f"{read[contract.column(column.name).type](column)} as {column.name}" for column in columns
    )
    return f"select {selected} from {raw(table)}"


def as_they_came(result: pa.Schema, table: str, columns: Sequence[Found]) -> pa.Schema:
    """Declare ids that came as whole numbers, or as floats because of gaps, as whole numbers again."""
    for column in columns:
        place, is_id = result.get_field_index(column.name), _is_id(table, column)
        if place >= 0 and is_id and column.kind in ("integer", "float"):
            kind = pa.uint64() if column.native == "UBIGINT" else pa.int64()
            result = result.set(place, pa.field(column.name, kind, nullable=False))
    return result


def _is_id(table: str, column: Found) -> bool:
    return schema.table(table).column(column.name).type == "id"


def _faults(table: str, columns: Sequence[Found]) -> dict[str, str]:
    """Give for each fault, in words, the condition of the rows that have it."""
    faults = {}
    for column in columns:
        name, type_ = column.name, schema.table(table).column(column.name).type
        if type_ == "timestamp":
            faults[f"{name} is missing"] = f"{name} is null"
            # databases write -infinity for a day they do not know
            faults[f"{name} is before the year 1"] = (
                f"cast({_time_of(column)} as date) < cast('0001-01-01' as date)"
            )
        if type_ == "money":
            number = f"cast({name} as double)"
            missing = f"{name} is null" + (f" or isnan({name})" if column.kind == "float" else "")
            faults[f"{name} is missing (null or NaN)"] = missing
            if column.kind == "float":
                faults[f"{name} is infinite"] = (
                    f"abs({name}) > {_LARGEST_FLOAT} and not isnan({name})"
                )
            faults[f"{name} is {MONEY_LIMIT:,.0f} or more, plus or minus,"] = (
                f"abs({number}) >= {MONEY_LIMIT:.0f} and abs({number}) <= {_LARGEST_FLOAT}"
            )
        if type_ == "id" and column.kind == "float":
            faults[f"{name} is a number with a fraction, or too large to be exact"] = (
                f"not isnan({name}) and ({name} <> floor({name}) or abs({name}) > {_EXACT_IDS})"
            )
        if type_ == "id" and column.kind == "decimal":
            faults[f"{name} is a number with a fraction"] = f"{name} <> floor({name})"
    return faults


def check_values(
    session: Session,
    table: str,
    columns: Sequence[Found],
    *,
    seen: Mapping[str, str],
    parameters: Mapping[str, Any],
) -> None:
    """Refuse rows, among those the query sees, that hold what they must not; count them all."""
    faults = _faults(table, columns)
    if not faults:
        return
    counts = ", ".join(
        f"count(*) filter (where {condition}) as fault_{position}"
        for position, condition in enumerate(faults.values())
    )
    sql = f"select {counts} from {raw(table)} where {seen[table]}"
    used = {name: value for name, value in parameters.items() if f"${name}" in sql}
    (row,) = session.run(sql, used).to_pylist()
    broken = [
        f"{fault} in {row[f'fault_{n}']:,}" for n, fault in enumerate(faults) if row[f"fault_{n}"]
    ]
    if not broken:
        return
    as_of = parameters.get("as_of")
    upto = f" up to {as_of}" if isinstance(as_of, dt.date) else ""
    raise errors.ContractError(
        f"{table}: of the rows{upto}, {'; '.join(broken)}.",
        mend=f"Mend or drop these rows, or load the file with loaders.load(…, table='{table}'), "
        "which sets them aside with their reasons.",
    )
