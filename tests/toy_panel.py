"""Small panels of plain functions at the top of a module, for the tests of the mechanism."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import errors
from workbench.charts import Chart
from workbench.charts.sketch import Sketch
from workbench.exhibit import Sheet, Shown, exhibit
from workbench.panel import Choice, Control, Day, Group, Panel, Slider, Toggle
from workbench.results import Result
from workbench.words import Words

HOSTILE = "<img src=x onerror=alert(1)>"
SHARES = Result("rows_of(n, share)", customer_id="id", share="rate")


class Marks(Chart):
    """A bar for each customer, or one field for all of them."""

    in_bars: bool = True

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        share = self.rows["share"].tolist()
        figure.add_trace("bar", y=share) if self.in_bars else figure.add_heatmap(z=[[len(share)]])
        figure.update_xaxes(title={"text": words.lang})
        if len(share) > 10:
            figure.add_annotation({"text": "many", "x": 0, "y": 0})
        return {}


class Field(Marks):
    """All customers in one field."""

    in_bars = False


@exhibit(SHARES, minor=["share"])
def customers_drawn(
    table: pd.DataFrame, words: Words, *, in_bars: bool = True, sentence: str = ""
) -> Sheet:
    """How many customers are there?"""
    if not in_bars and len(table) == 13:
        raise ValueError("<i>no</i>")
    chart = Marks(rows=table) if in_bars else Field(rows=table)
    said = sentence or words.write(len(table), "customers")
    return Sheet(said, chart, title="Customers", subtitle="sub")


@exhibit(SHARES, columns=["customer_id"])
def customers_listed(table: pd.DataFrame, words: Words) -> Sheet:
    """Who are they?"""
    return Sheet(words.write(len(table), "said customers"))


def rows_of(n: int, share: float) -> pd.DataFrame:
    if n > 40:
        raise errors.ParameterError("n is above 40 <b>.", mend="Use a smaller n.")
    if n == 40:
        raise ZeroDivisionError("division by zero")
    return pd.DataFrame({"customer_id": [f"c{i}" for i in range(n)], "share": share})


# The functions of the panel.


def customers(n: int, share: float) -> pd.DataFrame:
    """Give n customers."""
    return rows_of(n, share)


def ratios(customers: pd.DataFrame) -> Shown:
    # in bars, one for each customer
    bars: pd.DataFrame = customers
    return customers_drawn(bars)


def workload(customers: pd.DataFrame) -> Shown:
    return customers_drawn(customers, in_bars=False)


def first_customers(customers: pd.DataFrame, at_most: int) -> Shown:
    return customers_listed(customers.head(at_most))


def more(opening_customers: pd.DataFrame, customers: pd.DataFrame, step: str) -> str:
    return f"{step}: {len(customers) - len(opening_customers):+d}"


def hostile(customers: pd.DataFrame) -> Shown:
    return customers_drawn(customers, sentence=HOSTILE)


def hostile_cost(opening_customers: pd.DataFrame) -> str:
    return HOSTILE


COUNT = Slider(name="n", value=3, low=0, high=50, step=1, label="column.customers")
SHARE = Slider(name="share", value=0.5, low=0, high=1, step=0.1, label="column.share")


def toy(**more_options: Any) -> Panel:
    """A panel of n customers, with everything a panel can have."""
    options: dict[str, Any] = {
        "given": {"at_most": 2},
        "controls": [COUNT, SHARE],
        "steps": [customers],
        "views": [ratios, workload],
        "lists": first_customers,
        "cost": more,
    }
    return Panel("panel.rfm", **{**options, **more_options})


# A day.


def of_a_day(before: dt.date) -> Shown:
    day = pd.Timestamp(before)
    return customers_drawn(pd.DataFrame({"share": [day.day / 100]}))


def toy_of_a_day() -> Panel:
    ends = {"first": dt.date(2026, 1, 1), "last": dt.date(2026, 10, 31)}
    controls = [Day(name="before", value="2026-07-31", **ends)]
    return Panel("panel.rfm", given={}, controls=controls, views=[of_a_day])


# Groups.

HEADERS = {"a": ("id", "when"), "b": ("kunde", "datum", "betrag")}


def headers(source: str) -> tuple[str, ...]:
    if source == "c":
        raise errors.SourceError("'c' is empty <b>.", mend="Export it again.")
    return HEADERS[source]


def noted(value: Any, words: Words) -> str:
    return f"{value} <i> {words.lang}"


def parts(headers: Sequence[str]) -> Sequence[Control]:
    return [
        Choice(
            name=name, value=headers[place], options=(None, *headers),
            words={one: one.upper() for one in headers}, label="column.customer_id", note=noted,
        )
        for place, name in enumerate(("customer_id", "ordered_at"))
    ]  # fmt: skip


def named_columns(columns: dict[str, str]) -> Shown:
    table = pd.DataFrame({"customer_id": [*columns.values()], "share": 1})
    return customers_drawn(table)


def more_parts(columns: dict[str, str]) -> Sequence[Control]:
    return [Toggle(name=str(one), value=True, label="panel.all") for one in columns.values()]


def named_options(options: dict[str, bool], columns: dict[str, str]) -> Shown:
    return customers_drawn(pd.DataFrame({"customer_id": [*options], "share": len(columns)}))


SOURCE = Choice(
    name="source", value="a", options=("a", "b", "c"), label="panel.table",
    words={"a": "A", "b": "B", "c": "C"},
)  # fmt: skip
COLUMNS = Group(name="columns", label="panel.table", controls=parts)


def toy_of_groups(**more_options: Any) -> Panel:
    options: dict[str, Any] = {
        "given": {}, "controls": [SOURCE, COLUMNS], "steps": [headers], "views": [named_columns],
    }  # fmt: skip
    return Panel("panel.rfm", **{**options, **more_options})


# Controls that are called by their names alone.

NAMED: list[Control] = [
    Choice(name="view", value="effect", options=("effect", "compared")),
    Slider(name="within_days", value=1, low=0, high=9, step=1),
]
