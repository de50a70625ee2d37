"""What can be moved? One panel per question, each a short declaration around a pure answer.

The mechanism is :mod:`workbench.panel`; what a panel shows is what the answer, the figure and the
finding of the same name return. ``settings`` (from ``config.load``) gives the opening values.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import arguments as parameters
from workbench import churn, config, errors, figures, findings, labels, loaders, purchases, tables
from workbench import rfm as classes
from workbench.panel import Choice, Control, Day, Slider, Toggle, recipes
from workbench.panel.old import Panel
from workbench.panels.checking import check
from workbench.panels.lifetime import panel as lifetime
from workbench.panels.nurture_effect import nurture_effect
from workbench.panels.nurture_queue import nurture_queue
from workbench.panels.planner import planner
from workbench.panels.retention import panel as retention
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

_WINDOWS = (90, 180, 365, 730)


def ledger(
    loaded: loaders.Loaded | Mapping[str, loaders.Loaded], *, lang: labels.Lang = "en"
) -> Panel:
    r"""What came in, what was left out, and why?

    Parameters
    ----------
    loaded
        What ``loaders.load`` gave, or several by the name of their table: then a control chooses.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per check. Actions: the rejected rows with their reasons.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = pathlib.Path(folder) / "orders.csv"
    ...     _ = source.write_text("customer_id,ordered_at,amount\na,2026-10-01,5\n")
    ...     panel = ledger(loaders.load(source, cache=folder))
    >>> panel.sentence
    'The one row was kept'
    """
    several = isinstance(loaded, Mapping)
    sources = loaded if isinstance(loaded, Mapping) else {"": loaded}
    ledgers = {name: one.ledger for name, one in sources.items()}
    first = next(iter(ledgers))
    choice = Choice(name="source", value=first, options=tuple(ledgers), words="report.table")
    return Panel(
        "panel.ledger",
        controls=[choice] if several else [],
        answer=lambda source=first: ledgers[source].summary(),
        figure=lambda _, lang, source=first: figures.ledger.summary(ledgers[source], lang=lang),
        actions=lambda _, lang, source=first: ledgers[source].rejects_in_words(lang),
        code=recipes.LEDGER.replace("<part>", "[{source}]" if several else ""),
        lang=lang,
        height=360,
    )


def rfm(
    orders: Any,
    *,
    as_of: parameters.DayLike,
    customers: pd.DataFrame | None = None,
    owners: pd.DataFrame | None = None,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """Which customers are worth what, and how do they fall into the eight classes?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The day the figures are for.
    customers, owners
        Names and owners, for the list and its filter.
    settings
        Opening values, thresholds and currency; ``config.Settings()`` by default.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per customer with scores and class. Actions: the same by name, for one class
        or owner, most money first.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "amount": [9.0, 1.0],
    ...                        "ordered_at": pd.to_datetime(["2026-10-01", "2026-01-01"])})
    >>> panel = rfm(orders, as_of="2026-10-31", settings=config.Settings())
    >>> panel.set(method="mean").table[["customer_id", "segment"]]
      customer_id           segment
    0           a       key_develop
    1           b  general_win_back
    """
    settings = settings or config.Settings()
    opening, currency = settings.rfm, settings.currency
    day = parameters.day("as_of", as_of)
    history = functools.cache(lambda window: purchases.history(orders, as_of=day, window=window))

    def rule(method: str, bins: int, high_from: int) -> dict[str, Any]:
        thresholds = opening.thresholds if method == "fixed" else None
        return {"method": method, "bins": bins, "high_from": high_from, "thresholds": thresholds}

    def answer(basis: Any, window: Any, method: str, bins: int, high_from: int) -> pd.DataFrame:
        measures = classes.measure(history(window), basis=basis)
        return classes.segment(classes.score(measures, **rule(method, bins, high_from)))

    def figure(
        table: pd.DataFrame, view: str, method: str, bins: int, high_from: int, lang: labels.Lang
    ) -> go.Figure:
        said: dict[str, Any] = {"currency": currency, "lang": lang}
        if view == "grid":
            return figures.rfm.grid(classes.grid(table, bins=bins), high_from=high_from, **said)
        if view == "segments":
            return figures.rfm.segments(classes.summary(table), **said)
        cuts = classes.cuts(table, **rule(method, bins, high_from))
        spread = classes.distribution(table, cuts)
        return figures.rfm.distributions(spread, classes.cut_points(cuts), **said)

    def actions(table: pd.DataFrame, segment: str | None, owner: str | None) -> pd.DataFrame:
        listed = tables.named(table, customers=customers, owners=owners)
        listed = listed.sort_values(["monetary", "customer_id"], ascending=[False, True])
        return tables.only(listed, segment=segment, owner_id=owner)

    return Panel(
        "panel.rfm",
        controls=[
            Choice(
                name="view",
                value="segments",
                options=tuple(recipes.RFM_FIGURES),
                words="panel.view",
            ),
            *_scoring(opening),
            Choice(name="segment", value=None, options=(None, *classes.SEGMENTS), words="segment"),
            owner_choice(owners),
        ],
        answer=answer,
        figure=figure,
        actions=actions,
        code=lambda view, method: recipes.filled(
            recipes.RFM + recipes.RFM_FIGURES[view],
            as_of=day.isoformat(),
            thresholds=rule(method, 0, 0)["thresholds"],
            currency=currency,
        ),
        lang=lang,
        height=470,
        columns=[
            "customer_id",
            "customer_name",
            "owner_name",
            "segment",
            "recency_days",
            "frequency",
            "monetary",
        ],
        essential=[
            called_by(customers),
            "segment",
            "monetary",
        ],
    )


def migration(
    orders: Any,
    *,
    before: parameters.DayLike,
    after: parameters.DayLike,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """Which customers changed class between two days?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    before, after
        The two days; ``after`` is also the last that can be chosen.
    settings
        How customers are classed, and the currency; ``config.Settings()`` by default.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per pair of classes, with customers and money. Actions: those pairs that
        differ, most customers first.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "amount": [9.0, 1.0],
    ...                        "ordered_at": pd.to_datetime(["2026-10-01", "2026-01-01"])})
    >>> migration(orders, before="2026-01-31", after="2026-10-31").table["customers"].sum()
    np.int64(2)
    """
    settings = settings or config.Settings()
    opening, currency = settings.rfm, settings.currency
    start, end = parameters.day("before", before), parameters.day("after", after)
    first = purchases.history(orders, as_of=end)["first_purchase_date"].min()
    if pd.isna(first):
        raise errors.ParameterError(
            f"after is {end}, and nobody has bought anything by then.",
            mend="Choose a later day, or check with widgets.ledger what was loaded.",
        )
    rule: dict[str, Any] = opening.model_dump(include={"method", "bins", "high_from", "thresholds"})

    @functools.cache
    def measured(day: dt.date) -> pd.DataFrame:
        history = purchases.history(orders, as_of=day, window=opening.window_days)
        return classes.measure(history, basis=opening.basis)

    def answer(before: dt.date, after: dt.date, same_cuts: bool) -> pd.DataFrame:
        then = classes.cuts(measured(before), **rule)
        now = then if same_cuts else classes.cuts(measured(after), **rule)
        return classes.migration(
            classes.segment(classes.score(measured(before), cuts=then)),
            classes.segment(classes.score(measured(after), cuts=now)),
        )

    ends: dict[str, Any] = {"first": first.date(), "last": end}
    return Panel(
        "panel.migration",
        controls=[
            Day(name="before", value=start, **ends),
            Day(name="after", value=end, **ends),
            Toggle(name="same_cuts", value=False),
        ],
        answer=answer,
        figure=lambda table, lang: figures.rfm.migration(table, currency=currency, lang=lang),
        actions=lambda table: table.query(recipes.MOVED).sort_values(
            ["customers", "monetary_after"], ascending=False, kind="stable", ignore_index=True
        ),
        code=recipes.filled(
            recipes.MIGRATION,
            rule=", ".join(f"{name}={value!r}" for name, value in rule.items()),
            window=opening.window_days,
            basis=opening.basis,
            currency=currency,
        ),
        lang=lang,
        height=520,
    )


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


def _scoring(opening: config.RFMSettings) -> list[Control]:
    methods = ("quantile", "mean", "median", *(["fixed"] if opening.thresholds else []))
    windows = sorted({*_WINDOWS, *([opening.window_days] if opening.window_days else [])})
    return [
        Choice(
            name="basis", value=opening.basis, options=("total", "average"), words="panel.basis"
        ),
        Choice(name="method", value=opening.method, options=methods, words="panel.method"),
        Slider(name="bins", value=opening.bins, low=2, high=10, step=1),
        Slider(name="high_from", value=opening.high_from, low=2, high=10, step=1),
        Choice(
            name="window",
            value=opening.window_days,
            options=(None, *windows),
            words=lambda days, words: words("panel.last_days", n=days),
        ),
    ]
