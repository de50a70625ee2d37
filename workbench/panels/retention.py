"""Do customers come back, and who is to be won for a second purchase?"""

from typing import Any

import pandas as pd

from workbench import arguments, exhibits, retention
from workbench.exhibits.retention import Measure
from workbench.panel import Choice, Panel, People, Shown, Slider, Words, owner_choice
from workbench.retention import Every


def panel(
    orders: Any, *, as_of: arguments.DayLike, people: People = People(), words: Words | None = None
) -> Panel:
    """Do customers come back, and who is to be won for a second purchase?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.
    people
        Names and owners, for the list, and ``created_on``, which tells who is new; with owners one
        can be chosen for the list.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: the cohorts, all of them joined, the curve to the second purchase, or the revenue,
        as the figure shows it. Actions: which new customer came once and has not been back. Those whose time for
        a second purchase has run out stand first, the most recent on top; then those who have time
        left, the next on top.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "a", "b", "c"], "amount": 9.0,
    ...     "ordered_at": pd.to_datetime(["2026-07-01", "2026-08-01", "2026-07-05", "2026-10-20"])})
    >>> created = pd.DataFrame({"customer_id": ["a", "b", "c"],
    ...     "created_on": pd.to_datetime(["2026-07-01", "2026-07-05", "2026-10-20"])})
    >>> shown = panel(orders, as_of="2026-10-31", people=People(created))
    >>> shown.actions["customer_id"].tolist(), shown.set(view="revenue").table["revenue"].sum()
    (['b', 'c'], np.float64(36.0))
    """
    day = arguments.day("as_of", as_of)
    return Panel(
        "panel.retention", words=words, height=470,
        given={"orders": orders, "as_of": day, "people": people},
        controls=[
            Choice(name="measure", value="customers", options=("customers", "money")),
            Choice(name="every", value="month", options=retention.EVERY, place="adjust"),
            Slider(name="within_days", value=90, low=10, high=360, step=10),
            *owner_choice(people, place="list"),
        ],
        steps=[cohorts, second_purchases], views=[triangle, by_age, second, revenue], lists=awaited,
    )  # fmt: skip


def cohorts(orders: Any, as_of: arguments.DayLike, every: Every, people: People) -> pd.DataFrame:
    """Who came back, by first purchase?"""
    return retention.cohorts(orders, as_of=as_of, every=every, customers=people.customers)


def second_purchases(orders: Any, as_of: arguments.DayLike, people: People) -> pd.DataFrame:
    """Who has come back a second time?"""
    return retention.second_purchases(orders, as_of=as_of, customers=people.customers)


def triangle(cohorts: pd.DataFrame, measure: Measure) -> Shown:
    """Show the cohorts one by one."""
    return exhibits.retention.triangle(cohorts, measure=measure)


def by_age(cohorts: pd.DataFrame, measure: Measure) -> Shown:
    """Show all cohorts together."""
    return exhibits.retention.by_age(retention.by_age(cohorts), measure=measure)


def second(second_purchases: pd.DataFrame, within_days: int) -> Shown:
    """Show how long the second purchase takes."""
    curve = retention.time_to_second(second_purchases)
    return exhibits.retention.second(curve, within_days=within_days)


def revenue(orders: Any, as_of: arguments.DayLike, every: Every, people: People) -> Shown:
    """Show what part of the money is repeat business."""
    earned = retention.revenue(orders, as_of=as_of, every=every, customers=people.customers)
    return exhibits.retention.revenue(earned)


def awaited(
    second_purchases: pd.DataFrame, within_days: int, people: People, owner: str | None = None
) -> Shown:
    """List who came once, of one owner or of all."""
    once = people.of(retention.awaited(second_purchases, within_days=within_days), owner)
    named = people.contacted(people.named(once))
    return exhibits.retention.awaited(named, within_days=within_days)
