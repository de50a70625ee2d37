"""Which customers are worth what, and how do they fall into the eight classes?"""

from typing import Any

import pandas as pd

from workbench import arguments, config, exhibits, purchases, rfm
from workbench.exhibit import Shown
from workbench.panel import Choice, Control, Panel, Slider, owner_choice
from workbench.people import People
from workbench.rfm import Basis, Method
from workbench.words import Words


def panel(
    orders: Any,
    *,
    as_of: arguments.DayLike,
    people: People | None = None,
    settings: config.Settings | None = None,
    words: Words | None = None,
) -> Panel:
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
    people, opening = people or People(), (settings or config.Settings()).rfm
    day = arguments.day("as_of", as_of)
    given = {"orders": orders, "as_of": day, "people": people, "fixed": opening.thresholds}
    return Panel(
        "panel.rfm",
        given=given,
        controls=[
            *_scoring(opening),
            Choice(name="segment", value=None, options=(None, *rfm.SEGMENTS), words="segment"),
            *owner_choice(people),
        ],
        steps=[measures, thresholds, classes, cuts],
        views=[segments, grid, distributions],
        lists=customers,
        words=words,
        height=470,
    )


