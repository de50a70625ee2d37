"""Do customers come back, and who is to be won for a second purchase?"""

import functools
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import arguments as parameters
from workbench import config, figures, labels, tables
from workbench import retention as answers
from workbench.findings.retention import Measure
from workbench.panel import Choice, Slider, recipes
from workbench.panel.old import Panel
from workbench.panels.track_record import called_by, owner_choice


def retention(
    orders: Any,
    *,
    as_of: parameters.DayLike,
    customers: pd.DataFrame | None = None,
    owners: pd.DataFrame | None = None,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """Do customers come back, and who is to be won for a second purchase?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.
    customers, owners
        Names and owners, for the list; with ``customers`` an owner can be chosen for it.
    settings
        The currency; ``config.Settings()`` by default.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: the cohorts, all of them joined, the curve to the second purchase, or the revenue,
        as the figure shows it. Actions: who came once and has not been back. Those whose time for
        a second purchase has run out stand first, the most recent on top; then those who have time
        left, the next on top.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "a", "b", "c"], "amount": 9.0,
    ...     "ordered_at": pd.to_datetime(["2026-07-01", "2026-08-01", "2026-07-05", "2026-10-20"])})
    >>> panel = retention(orders, as_of="2026-10-31")
    >>> panel.actions["customer_id"].tolist(), panel.set(view="revenue").table["repeat_revenue"].sum()
    (['b', 'c'], np.float64(9.0))
    """
    day = parameters.day("as_of", as_of)
    currency = (settings or config.Settings()).currency
    cohorts = functools.cache(lambda every: answers.cohorts(orders, as_of=day, every=every))
    second = functools.cache(lambda: answers.second_purchases(orders, as_of=day))
    who = called_by(customers)

    def answer(view: str, every: answers.Every) -> pd.DataFrame:
        if view == "by_age":
            return answers.by_age(cohorts(every))
        if view == "second":
            return answers.time_to_second(second())
        if view == "revenue":
            return answers.revenue(orders, as_of=day, every=every)
        return cohorts(every)

    def figure(
        table: pd.DataFrame, view: str, measure: Measure, within_days: int, lang: labels.Lang
    ) -> go.Figure:
        draw: Any = figures.retention
        drawn: go.Figure
        if view == "by_age":
            drawn = draw.by_age(table, measure=measure, lang=lang)
        elif view == "second":
            drawn = draw.second(table, within_days=within_days, lang=lang)
        elif view == "revenue":
            drawn = draw.revenue(table, currency=currency, lang=lang)
        else:
            drawn = draw.triangle(table, measure=measure, currency=currency, lang=lang)
        return drawn

    def actions(_: pd.DataFrame, within_days: int, owner: str | None = None) -> pd.DataFrame:
        listed = answers.awaited(second(), within_days=within_days)
        return tables.only(tables.named(listed, customers=customers, owners=owners), owner_id=owner)

    recipe = recipes.RETENTION
    if customers is None:
        recipe = recipe.replace("{owner}", "None")
    return Panel(
        "panel.retention",
        controls=[
            Choice(
                name="view",
                value="triangle",
                options=tuple(recipes.RETENTION_FIGURES),
                words="panel.retention.view",
            ),
            Choice(
                name="measure",
                value="customers",
                options=("customers", "money"),
                words="panel.measure_retention",
            ),
            Choice(name="every", value="month", options=answers.EVERY, words="every"),
            Slider(
                name="within_days",
                value=90,
                low=10,
                high=360,
                step=10,
                label="panel.within_days_second",
            ),
            *([] if customers is None else [owner_choice(owners)]),
        ],
        answer=answer,
        figure=figure,
        actions=actions,
        code=lambda view: recipes.filled(
            recipe + recipes.RETENTION_FIGURES[view], as_of=day.isoformat(), currency=currency
        ),
        lang=lang,
        height=470,
        columns=[
            who,
            "owner_name",
            "first_purchase_date",
            "customer_age_days",
            "second_due_date",
            "is_due",
        ],
        essential=[who, "customer_age_days", "is_due"],
    )
