"""What can be moved? One panel per question, each a short declaration around a pure answer.

The mechanism is :mod:`workbench.panel`; what a panel shows is what the answer, the figure and the
finding of the same name return. ``settings`` (from ``config.load``) gives the opening values.
"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import churn, config, figures, findings, labels, tables
from workbench.panel import Choice, Slider, recipes
from workbench.panel.old import Panel
from workbench.panels.check import panel as check
from workbench.panels.ledger import panel as ledger
from workbench.panels.lifetime import lifetime
from workbench.panels.migration import panel as migration
from workbench.panels.nurture_effect import nurture_effect
from workbench.panels.nurture_queue import nurture_queue
from workbench.panels.planner import panel as planner
from workbench.panels.retention import panel as retention
from workbench.panels.rfm import panel as rfm
from workbench.panels.track_record import called_by, owner_choice, track_record

__all__ = [
    "check",
    "ledger",
    "lifetime",
    "migration",
    "nurture_effect",
    "nurture_queue",
    "planner",
    "repurchase",
    "retention",
    "rfm",
    "track_record",
]


def repurchase(
    history: pd.DataFrame,
    *,
    customers: pd.DataFrame | None = None,
    owners: pd.DataFrame | None = None,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """Who is due to buy again, who is slipping away, and what does another band cost in calls?

    Parameters
    ----------
    history
        One row per customer, as ``purchases.history`` makes it.
    customers, owners
        Names and owners, for the call list and the calls per owner.
    settings
        Opening bands and the currency; ``config.Settings()`` by default.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per customer with ratio and warning. Actions: whom to call, most at stake
        first, with the reason and the owner.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": "a", "amount": 9.0, "ordered_at": pd.to_datetime(
    ...     ["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"])})
    >>> panel = repurchase(purchases.history(orders, as_of="2026-10-31"))
    >>> panel.actions["reason"].item()
    'buys every 31 days, last 60 days ago, CNY 9 at stake'
    >>> panel.set(risk_from=1.5).cost
    'Churn risk from 1.2 → 1.5: as many calls as before'
    """
    settings = settings or config.Settings()
    opening, currency = settings.churn, settings.currency
    people: dict[str, Any] = {"customers": customers, "owners": owners}
    who = called_by(customers)

    def figure(
        table: pd.DataFrame,
        view: str,
        due_from: float,
        risk_from: float,
        lost_from: float,
        lang: labels.Lang,
    ) -> go.Figure:
        if view == "workload":
            load = churn.workload(table, **people)
            return figures.churn.workload(load, currency=currency, lang=lang)
        bars = churn.ratios(table, due_from=due_from, risk_from=risk_from, lost_from=lost_from)
        return figures.churn.ratios(bars, churn.summary(table), lang=lang)

    def actions(
        table: pd.DataFrame, warning: Any, owner: str | None, lang: labels.Lang
    ) -> pd.DataFrame:
        calls = churn.call_list(table, warning=warning, **people, lang=lang, currency=currency)
        return tables.only(calls, owner_id=owner)

    def cost(
        before: pd.DataFrame,
        after: pd.DataFrame,
        warning: str,
        owner: str | None,
        step: str,
        lang: labels.Lang,
    ) -> str:
        # Of the calls, those of the list that is shown: a band moves customers from one to another.
        load, now = churn.workload(before, **people), churn.workload(after, **people)
        change = tables.only(churn.workload_change(load, now), owner_id=owner)
        change = change.assign(calls_change=change[f"{warning}_change"])
        said: str = findings.churn.cost(change, step=step, lang=lang)
        return said

    return Panel(
        "panel.repurchase",
        controls=[
            Choice(name="warning", value="churn_risk", options=churn.CALLS, words="warning"),
            Slider(name="due_from", value=opening.due_from, low=0.1, high=2, step=0.1),
            Slider(name="risk_from", value=opening.risk_from, low=0.2, high=4, step=0.1),
            Slider(name="lost_from", value=opening.lost_from, low=1, high=10, step=0.5),
            Slider(name="min_intervals", value=opening.min_intervals, low=1, high=3, step=1),
            owner_choice(owners),
            Choice(
                name="view",
                value="ratios",
                options=tuple(recipes.REPURCHASE_FIGURES),
                words="panel.view",
            ),
        ],
        answer=lambda due_from, risk_from, lost_from, min_intervals: churn.warn(
            history,
            due_from=due_from,
            risk_from=risk_from,
            lost_from=lost_from,
            min_intervals=min_intervals,
        ),
        figure=figure,
        actions=actions,
        cost=cost,
        code=lambda view: recipes.filled(
            recipes.REPURCHASE + recipes.REPURCHASE_FIGURES[view], currency=currency
        ),
        lang=lang,
        height=380,
        columns=["rank", who, "owner_name", "reason", "ratio", "value_at_stake"],
        essential=[who, "reason", "value_at_stake"],
    )
