"""Which customers are worth what, and how do they fall into the eight classes?"""

from typing import Any

import pandas as pd

from workbench import arguments, config, exhibits, purchases, rfm
from workbench.models import METHODS, Method
from workbench.panel import Choice, Panel, People, Shown, Slider, Words, owner_choice

_WINDOWS = (90, 180, 365, 730)


def panel(
    orders: Any, *, as_of: arguments.DayLike, people: People = People(),
    settings: config.Settings = config.Settings(), words: Words | None = None,
) -> Panel:  # fmt: skip
    """Which customers are worth what, and how do they fall into the eight classes?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The day the figures are for.
    people
        Names and owners, for the list and its filter.
    settings
        Opening values and thresholds; ``config.Settings()`` by default.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: the classes, the grid or the distributions, as the figure shows them. Actions: the
        customers by name, of one class or owner, most money first.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "amount": [9.0, 1.0],
    ...                        "ordered_at": pd.to_datetime(["2026-10-01", "2026-01-01"])})
    >>> panel(orders, as_of="2026-10-31").set(method="mean").actions[["customer_id", "segment"]]
      customer_id           segment
    0           a       key_develop
    1           b  general_win_back
    """
    opening, day = settings.rfm, arguments.day("as_of", as_of)
    methods = tuple(method for method in METHODS if method != "fixed" or opening.thresholds)
    windows = sorted(filter(None, {*_WINDOWS, opening.window_days}))
    return Panel(
        "panel.rfm", words=words, height=470,
        given={"orders": orders, "as_of": day, "people": people, "fixed": opening.thresholds},
        controls=[
            Slider(name="high_from", value=opening.high_from, low=2, high=10, step=1),
            *owner_choice(people),
            Choice(name="segment", value=None, options=(None, *rfm.SEGMENTS), place="list"),
            Choice(name="basis", value=opening.basis, options=rfm.BASES, place="adjust"),
            Choice(name="method", value=opening.method, options=methods, place="adjust"),
            Slider(name="bins", value=opening.bins, low=2, high=10, step=1, place="adjust"),
            Choice(name="window", value=opening.window_days, options=(None, *windows),
                   words=lambda days, words: words("panel.last_days", n=days), place="adjust"),
        ],
        steps=[measures, how, everybody, classes], views=[segments, grid, distributions], lists=customers,
    )  # fmt: skip


def measures(
    orders: Any, as_of: arguments.DayLike, window: int | None, basis: rfm.Basis
) -> pd.DataFrame:
    """Measure recency, frequency and money."""
    return rfm.measure(purchases.history(orders, as_of=as_of, window=window), basis=basis)


def how(method: Method, bins: int, high_from: int, fixed: Any) -> dict[str, Any]:
    """By which rule are they scored?"""
    thresholds = fixed if method == "fixed" else None
    return {"method": method, "bins": bins, "high_from": high_from, "thresholds": thresholds}


def everybody(measures: pd.DataFrame, how: dict[str, Any]) -> pd.DataFrame:
    """Which class is each customer in, among all?"""
    return rfm.segment(rfm.score(measures, **how))


def classes(everybody: pd.DataFrame, people: People, owner: str | None = None) -> pd.DataFrame:
    """Which classes are one owner's customers in, or all?"""
    return pd.DataFrame(people.of(everybody, owner))


def segments(classes: pd.DataFrame) -> Shown:
    """Show the classes by their money."""
    return exhibits.rfm.segments(rfm.summary(classes))


def grid(classes: pd.DataFrame, bins: int, high_from: int) -> Shown:
    """Show recency against frequency."""
    return exhibits.rfm.grid(rfm.grid(classes, bins=bins), high_from=high_from)


def distributions(
    measures: pd.DataFrame, how: dict[str, Any], people: People, owner: str | None = None
) -> Shown:
    """Show how the three measures are spread."""
    cuts = rfm.cuts(measures, **how)
    spread = rfm.distribution(people.of(measures, owner), cuts)
    return exhibits.rfm.distributions(spread, cut_points=rfm.cut_points(cuts))


def customers(classes: pd.DataFrame, segment: str | None, people: People) -> Shown:
    """List the customers of a class."""
    of_class = classes if segment is None else classes[classes["segment"] == segment]
    return exhibits.rfm.customers(people.contacted(people.named(of_class)))
