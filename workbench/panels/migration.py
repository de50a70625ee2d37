"""Which customers changed class between two days?"""

from typing import Any

import pandas as pd

from workbench import arguments, config, errors, exhibits, purchases, rfm
from workbench.panel import Day, Panel, Shown, Toggle, Words


def panel(
    orders: Any, *, before: arguments.DayLike, after: arguments.DayLike,
    settings: config.Settings = config.Settings(), words: Words | None = None,
) -> Panel:  # fmt: skip
    """Which customers changed class between two days?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    before, after
        The two days; ``after`` is also the last that can be chosen.
    settings
        How customers are classed; ``config.Settings()`` by default.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: one row per pair of classes, with customers and money. Actions: those pairs that
        differ, most customers first.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "amount": [9.0, 1.0],
    ...                        "ordered_at": pd.to_datetime(["2026-10-01", "2026-01-01"])})
    >>> panel(orders, before="2026-01-31", after="2026-10-31").table["customers"].sum()
    np.int64(2)
    """
    end, opening = arguments.day("after", after), settings.rfm
    first = purchases.history(orders, as_of=end)["first_purchase_date"].min()
    if pd.isna(first):
        raise errors.ParameterError(
            f"after is {end}, and nobody has bought anything by then.",
            mend="Choose a later day, or check with widgets.ledger what was loaded.",
        )
    days: dict[str, Any] = {"first": first.date(), "last": end}
    return Panel(
        "panel.migration", words=words, height=520,
        given={"orders": orders, "window": opening.window_days, "basis": opening.basis,
               "rule": opening.rule},
        controls=[
            Day(name="before", value=arguments.day("before", before), **days),
            Day(name="after", value=end, **days),
            Toggle(name="same_cuts", value=False, place="adjust"),
        ],
        steps=[measures_before, measures_after, moves], views=[migration], lists=moved,
    )  # fmt: skip


def measures_before(orders: Any, before: Any, window: int | None, basis: rfm.Basis) -> pd.DataFrame:
    """Measure everybody on the first day."""
    return rfm.measure(purchases.history(orders, as_of=before, window=window), basis=basis)


def measures_after(orders: Any, after: Any, window: int | None, basis: rfm.Basis) -> pd.DataFrame:
    """Measure everybody on the second day."""
    return rfm.measure(purchases.history(orders, as_of=after, window=window), basis=basis)


def moves(
    measures_before: pd.DataFrame, measures_after: pd.DataFrame, rule: Any, same_cuts: bool
) -> pd.DataFrame:
    """Who moved, each day by its own cuts or both by those of the first?"""
    cuts = rfm.cuts(measures_before, **rule)
    then = rfm.score(measures_before, cuts=cuts)
    now = rfm.score(measures_after, **({"cuts": cuts} if same_cuts else rule))
    return rfm.migration(rfm.segment(then), rfm.segment(now))


def migration(moves: pd.DataFrame) -> Shown:
    """Show the moves as a matrix."""
    return exhibits.rfm.migration(moves)


def moved(moves: pd.DataFrame) -> Shown:
    """List the moves, the largest first."""
    return exhibits.rfm.moved(moves)
