"""How good was the warning on past days, and would another rule or band have been better?"""

import functools
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import arguments as parameters
from workbench import churn, config, figures, findings, labels, tables
from workbench.panel import Choice, Slider, recipes
from workbench.panel.old import Panel

_HORIZONS = (30, 60, 90, 180)


def track_record(
    orders: Any,
    *,
    as_of_dates: Sequence[parameters.DayLike],
    until: parameters.DayLike,
    customers: pd.DataFrame | None = None,
    owners: pd.DataFrame | None = None,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """How good was the warning on past days, and would another rule or band have been better?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of_dates
        The past days the warning is given on.
    until
        The last day that the orders cover whole.
    customers, owners
        Names and owners, for the list of who was warned of last.
    settings
        Opening bands; ``config.Settings()`` by default.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per rule and day. Actions: whom the rule warned of last, and what they did.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> days = pd.date_range("2026-01-31", periods=6, freq="ME")
    >>> panel = track_record(orders, as_of_dates=list(days), until="2026-10-31")
    >>> panel.table["rule"].unique().tolist()
    ['interval_ratio', 'days_since_last', 'probability_alive', 'overdue_quantile']
    """
    opening = (settings or config.Settings()).churn
    days = [parameters.day("as_of_dates", day) for day in as_of_dates]
    last = parameters.day("until", until)
    who = called_by(customers)

    @functools.cache
    def tested(horizon: int) -> churn.Backtest:
        return churn.backtest(
            orders,
            as_of_dates=days,
            horizon_days=horizon,
            rule=churn.RULES,
            lost_from=opening.lost_from,
            min_intervals=opening.min_intervals,
            until=last,
        )

    @functools.lru_cache(maxsize=4)
    def found(horizon: int, risk_from: float, late_from: float) -> churn.Backtest:
        edges: dict[churn.Rule, float] = {
            "interval_ratio": risk_from,
            "days_since_last": late_from,
        }
        return tested(horizon).judged_by(thresholds=edges)

    def figure(
        _: pd.DataFrame,
        view: str,
        rule: churn.Rule,
        horizon: int,
        risk_from: float,
        late_from: float,
        lang: labels.Lang,
    ) -> go.Figure:
        test, draw = found(horizon, risk_from, late_from), figures.track_record
        if view == "rules":
            return draw.rules(test.record, lang=lang)
        if view == "bands":
            return draw.bands(test.bands, test.record, rule=rule, lang=lang)
        if view == "calibration":
            return draw.calibration(test.calibration, rule=rule, lang=lang)
        return draw.by_date(test.by_date, horizon_days=horizon, rule=rule, lang=lang)

    def actions(
        _: pd.DataFrame,
        rule: churn.Rule,
        horizon: int,
        risk_from: float,
        late_from: float,
        owner: str | None,
    ) -> pd.DataFrame:
        listed = found(horizon, risk_from, late_from).warned(rule)
        return tables.only(tables.named(listed, customers=customers, owners=owners), owner_id=owner)

    def cost(
        _before: pd.DataFrame,
        _after: pd.DataFrame,
        rule: churn.Rule,
        horizon: int,
        risk_from: float,
        late_from: float,
        lang: labels.Lang,
    ) -> str:
        said: str = findings.track_record.bands(
            found(horizon, risk_from, late_from).record, rule=rule, lang=lang
        )
        return said

    return Panel(
        "panel.track_record",
        controls=[
            Choice(
                name="view",
                value="by_date",
                options=tuple(recipes.TRACK_RECORD_FIGURES),
                words="panel.view",
            ),
            Choice(name="rule", value="interval_ratio", options=churn.RULES, words="rule"),
            Choice(
                name="horizon",
                value=90,
                options=_HORIZONS,
                words=lambda days, words: words("panel.days", n=days),
            ),
            Slider(name="risk_from", value=opening.risk_from, low=0.2, high=4, step=0.1),
            Slider(name="late_from", value=90, low=10, high=360, step=10),
            owner_choice(owners),
        ],
        answer=lambda horizon, risk_from, late_from: found(horizon, risk_from, late_from).by_date,
        figure=figure,
        actions=actions,
        cost=cost,
        code=lambda view: recipes.filled(
            recipes.TRACK_RECORD + recipes.TRACK_RECORD_FIGURES[view],
            as_of_dates=[day.isoformat() for day in days],
            until=last.isoformat(),
            lost_from=opening.lost_from,
            min_intervals=opening.min_intervals,
        ),
        lang=lang,
        height=470,
        columns=[
            who,
            "owner_name",
            "ratio",
            "value_at_stake",
            "has_stayed_away",
            "monetary_ahead",
        ],
        essential=[who, "has_stayed_away", "value_at_stake"],
    )


def owner_choice(owners: pd.DataFrame | None, *, value: str | None = None) -> Choice:
    """Let one owner's rows be chosen, by name; ``value`` is the owner it opens with."""
    names = (
        {} if owners is None else dict(zip(owners["owner_id"], owners["owner_name"], strict=True))
    )
    return Choice(name="owner", value=value, options=(None, *names), words=names)


def called_by(customers: pd.DataFrame | None) -> str:
    """Which column calls customers by a name: their own, or where nobody knows names, the id.

    Examples
    --------
    >>> called_by(None), called_by(pd.DataFrame({"customer_id": ["a"], "customer_name": ["Ada"]}))
    ('customer_id', 'customer_name')
    """
    return "customer_id" if customers is None or customers.empty else "customer_name"
