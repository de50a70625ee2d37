"""Which queries are there, what do they take, and what do they give? One declaration each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any

import pyarrow as pa

from workbench import arguments, errors

_ORDERS = {"orders": ("customer_id", "ordered_at", "amount")}
# whose creation dates say who is new; a table that need not be there
_CUSTOMERS = {"customers": ("customer_id", "created_on")}
# a row without a date may belong anywhere, so it is always seen
_SEEN = {
    "orders": "ordered_at is null or cast(ordered_at as date) <= cast($as_of as date)",
    "customers": "true",
}


@dataclass(frozen=True)
class Query:
    """What does one SQL file take and give?

    Parameters
    ----------
    name
        The name of the query and of its file in ``workbench/sql``.
    tables
        For each table, as ``schema`` names it, the columns the query reads.
    parameters
        For each parameter the function that reads what a caller handed in.
    defaults
        The values of what may be left out; a table that is None has no row.
    seen
        For each table the condition on the rows the query looks at; others are not checked.
    result
        The Arrow schema that every engine's result is cast to; a nullable integer becomes
        pandas ``Int64``.
    """

    name: str
    parameters: Mapping[str, Callable[[str, Any], Any]]
    result: pa.Schema
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _ORDERS)
    seen: Mapping[str, str] = field(default_factory=lambda: _SEEN)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def sql(self) -> str:
        """The text of the file, with the pieces it names in braces: rules that queries share."""
        return re.sub(r"\{(\w+)\}", lambda name: _text(f"_{name[1]}"), _text(self.name))

    def nothing(self, table: str) -> str:
        """Write the select of a table that was left out: its columns, and no row."""
        columns = ", ".join(
            f"cast(null as {_ABSENT[name]}) as {name}" for name in self.tables[table]
        )
        return f"select {columns} where false"

    def bind(self, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Split what a caller handed in into tables and read parameters, every name checked."""
        known = [*self.tables, *self.parameters]
        for name in arguments:
            if name not in known:
                raise errors.unknown(f"argument of query '{self.name}'", name, known)
        for name in known:
            if name not in arguments and name not in self.defaults:
                raise errors.ParameterError(
                    f"query '{self.name}': '{name}' is missing.",
                    mend=f'Write engine.query("{self.name}", {", ".join(f"{n}=…" for n in known)}).',
                )
        values = {**self.defaults, **arguments}
        return (
            {name: values[name] for name in self.tables},
            {name: read(name, values[name]) for name, read in self.parameters.items()},
        )


# How the columns of a table that may be left out are cast.
_ABSENT = {"customer_id": "varchar", "created_on": "date"}


def _text(name: str) -> str:
    file = resources.files("workbench").joinpath("sql", f"{name}.sql")
    return file.read_text(encoding="utf-8").rstrip()


_TYPES = {
    "text": pa.string(), "day": pa.timestamp("us"), "count": pa.int64(), "number": pa.float64(),
    "truth": pa.bool_(),
}  # fmt: skip


def _schema(**columns: str) -> pa.Schema:
    """Make a schema of names with one of these types; with ``!`` no value may be missing."""
    return pa.schema(
        pa.field(name, _TYPES[kind.rstrip("!")], nullable=not kind.endswith("!"))
        for name, kind in columns.items()
    )


_HISTORY = {
    "customer_id": "text!", "as_of": "day!", "first_purchase_date": "day",
    "last_purchase_date": "day", "days_since_last": "count", "frequency": "count!",
    "monetary": "number!", "interval_1": "count", "interval_2": "count", "interval_3": "count",
    "mean_interval_days": "number", "interval_count": "count!", "customer_age_days": "count",
    "first_purchase_amount": "number", "repeat_monetary": "number!", "log_interval_sum": "number!",
}  # fmt: skip

PURCHASE_HISTORY = Query(
    name="purchase_history",
    parameters={"as_of": arguments.day, "window_days": arguments.optional_days},
    defaults={"window_days": None},
    result=_schema(**_HISTORY),
)

PURCHASE_HISTORIES = Query(
    name="purchase_histories",
    parameters={
        "as_of_dates": arguments.days,
        "horizon_days": arguments.number_of_days,
        "as_of": arguments.day,
    },
    result=_schema(
        **_HISTORY, purchases_ahead="count!", monetary_ahead="number!", data_until="day!"
    ),
)

PURCHASE_DAYS = Query(
    name="purchase_days",
    parameters={"as_of": arguments.day, "cohort_until": arguments.optional_day},
    defaults={"cohort_until": None},
    result=_schema(day="day!", first_purchases="count!", repeat_purchases="count!"),
)

# What a query takes that tells who is new, by the piece {newcomers}.
_LARGER_BOOK = {"begins": arguments.optional_day, "new_after": arguments.optional_day}
_WHO_IS_NEW: dict[str, Any] = {
    "tables": _ORDERS | _CUSTOMERS,
    "defaults": {"customers": None, **dict.fromkeys(_LARGER_BOOK)},
}
_BOOK = {"book_begins": "day!", "settled_days": "count!"}

COHORTS = Query(
    name="cohorts",
    parameters={"as_of": arguments.day, "every": arguments.month_or_week, **_LARGER_BOOK},
    result=_schema(
        cohort="day", period="day!", is_new="truth!", customers="count!", purchases="count!",
        first_purchases="count!", monetary="number!", first_monetary="number!", **_BOOK,
        dates_set_aside="count!",
    ),
    **_WHO_IS_NEW,
)  # fmt: skip

SECOND_PURCHASES = Query(
    name="second_purchases",
    parameters={"as_of": arguments.day, **_LARGER_BOOK},
    result=_schema(
        customer_id="text!", first_purchase_date="day!", second_purchase_date="day",
        is_new="truth!", **_BOOK, dates_set_aside="count!",
    ),
    **_WHO_IS_NEW,
)  # fmt: skip

ORDER_BOOK = Query(
    name="order_book", parameters={"as_of": arguments.day, **_LARGER_BOOK},
    result=_schema(**_BOOK), **_WHO_IS_NEW,
)  # fmt: skip

PERIOD_FIGURES = Query(
    name="period_figures",
    parameters={
        "periods": arguments.text,
        "repurchase_days": arguments.number_of_days,
        "as_of": arguments.day,
        **_LARGER_BOOK,
    },
    result=_schema(
        first_day="day!", as_of="day!", revenue="number!", active_customers="count!",
        purchase_days="count!", new_customers="count!", repurchase_base="count!",
        repurchased="count!",
    ),
    **_WHO_IS_NEW,
)  # fmt: skip

_ALL = (
    PURCHASE_HISTORY, PURCHASE_HISTORIES, PURCHASE_DAYS, COHORTS, SECOND_PURCHASES, PERIOD_FIGURES,
    ORDER_BOOK,
)  # fmt: skip
QUERIES: dict[str, Query] = {query.name: query for query in _ALL}


def named(name: str) -> Query:
    """Give one query by name.

    Raises
    ------
    UnknownNameError
        There is no such query; the message names the likely one.

    Examples
    --------
    >>> named("purchase_history").tables["orders"]
    ('customer_id', 'ordered_at', 'amount')
    """
    if name not in QUERIES:
        raise errors.unknown("query", str(name), QUERIES)
    return QUERIES[name]
