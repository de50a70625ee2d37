"""What are customers worth from here on, who is still active, and was the model right so far?"""

import functools
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import arguments as parameters
from workbench import config, errors, figures, labels, models, purchases, rfm, tables, value
from workbench.panel import Choice, Slider, recipes
from workbench.panel.old import Panel
from workbench.panels.track_record import called_by, owner_choice

# Of the two with a rhythm, the one that tells of everybody; the other takes twice as long.
_MODELS = ("BetaGeo", "ModifiedBetaGeo", "ParetoNBD", "ModifiedBetaGeoCNBD")
_JUDGED = ("segments", "tenths")


def lifetime(
    orders: Any,
    *,
    as_of: parameters.DayLike,
    calibration_end: parameters.DayLike,
    customers: pd.DataFrame | None = None,
    owners: pd.DataFrame | None = None,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """What are customers worth from here on, who is still active, and was the model right so far?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen, from which on customers are expected to buy.
    calibration_end
        An earlier day: models and classes of that day are judged by what came until ``as_of``.
    customers, owners
        Names and owners, for the list and its filter.
    settings
        How customers are classed, and the currency; ``config.Settings()`` by default.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: what the figure on view is drawn from. Actions: customers by name, most valuable
        first, with expected purchases, spend, lifetime value, and the probability that they are
        still active, or that it cannot be told.

    Raises
    ------
    ContractError
        Nobody has bought twice, so that nothing can be learnt.
    ConvergenceError
        The opening model has no fit to these customers.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> panel = lifetime(orders, as_of="2026-10-31", calibration_end="2026-04-30")
    >>> panel.set(view="alive").table["is_told"].tolist()[-2:]
    [True, False]
    """
    settings = settings or config.Settings()
    opening, currency = settings.rfm, settings.currency
    end = parameters.day("as_of", as_of)
    before = parameters.day("calibration_end", calibration_end)
    if before >= end:
        raise errors.ParameterError(
            f"calibration_end is {before}, and as_of is {end}: nothing is left to judge by.",
            mend="Let the calibration end before as_of.",
        )
    holdout = (end - before).days
    rule = opening.model_dump(include={"method", "bins", "high_from", "thresholds"})
    who = called_by(customers)

    # Each is asked for once: a slider moves what is expected, not what was learnt.
    @functools.cache
    def known(day: Any) -> pd.DataFrame:
        return models.summary(orders, as_of=day)

    @functools.cache
    def fitted(model: str, day: Any) -> models.PurchaseModel:
        kind: type[models.PurchaseModel] = getattr(models, model)
        return kind.fit(known(day))

    @functools.cache
    def spend(day: Any) -> models.GammaGamma:
        return models.GammaGamma.fit(known(day))

    @functools.lru_cache(maxsize=8)
    def expected(model: str, horizon: int, yearly_rate: float, day: Any) -> value.Expectation:
        return value.expect(
            known(day),
            purchases=fitted(model, day),
            spend=spend(day),
            horizon_days=horizon,
            yearly_rate=yearly_rate,
        )

    @functools.cache
    def compared(*names: str) -> models.Comparison:
        if not names:
            return models.compare(orders, calibration_end=before, as_of=end)
        kinds = [getattr(models, name) for name in names]
        return models.compare(orders, calibration_end=before, as_of=end, models=kinds)

    @functools.cache
    def judged(model: str, by: str) -> pd.DataFrame:
        past = expected(model, holdout, 0.0, before).customers
        if by == "tenths":
            classes = value.tenths(past)
        else:
            history = purchases.history(orders, as_of=before, window=opening.window_days)
            measures = rfm.measure(history, basis=opening.basis)
            classes = rfm.segment(rfm.score(measures, **rule))
            classes = classes.merge(past[["customer_id", "expected_monetary"]], on="customer_id")
        spent = value.ahead(classes, orders, horizon_days=holdout, until=end)
        name = "tenth" if by == "tenths" else "segment"
        return value.judge(classes, spent, by=name, predicted="expected_monetary")

    def answer(view: str, model: str, horizon: int, yearly_rate: float) -> pd.DataFrame:
        found = expected(model, horizon, yearly_rate, end).customers
        if view == "value":
            return value.concentration(found)
        if view == "alive":
            return value.activity(found)
        if view == "models":
            # why a search ended is told in English alone
            return compared().scores.drop(columns="reason")
        if view == "calibration":
            return compared(model).by_frequency
        if view == "tracking":
            return compared(model).tracking
        return judged(model, view) if view in _JUDGED else found

    def figure(
        table: pd.DataFrame,
        view: str,
        model: str,
        horizon: int,
        yearly_rate: float,
        lang: labels.Lang,
    ) -> go.Figure:
        draw = figures.lifetime
        ahead = {"horizon_days": horizon, "yearly_rate": yearly_rate, "currency": currency}
        if view == "value":
            total = expected(model, horizon, yearly_rate, end).total
            return draw.value(table, total, **ahead, lang=lang)
        if view == "alive":
            return draw.alive(table, model=model, lang=lang)
        if view == "models":
            return draw.models(table, lang=lang)
        if view == "calibration":
            return draw.calibration(table, model=model, lang=lang)
        if view == "tracking":
            return draw.tracking(table, model=model, lang=lang)
        if view in _JUDGED:
            by = "tenth" if view == "tenths" else "segment"
            said = {"currency": currency, "lang": lang}
            return draw.classes(table, horizon_days=holdout, by=by, **said)
        named = tables.named(table, customers=customers, owners=owners)
        return draw.top(named, **ahead, lang=lang)

    def actions(
        _: pd.DataFrame, model: str, horizon: int, yearly_rate: float, owner: str | None
    ) -> pd.DataFrame:
        listed = expected(model, horizon, yearly_rate, end).customers
        return tables.only(tables.named(listed, customers=customers, owners=owners), owner_id=owner)

    return Panel(
        "panel.lifetime",
        controls=[
            Choice(
                name="view",
                value="value",
                options=tuple(recipes.LIFETIME_FIGURES),
                words="panel.lifetime.view",
                label="panel.view",
            ),
            Choice(name="model", value=_MODELS[0], options=_MODELS, words="model"),
            Slider(name="horizon", value=365, low=30, high=1095, step=5, label="panel.days_ahead"),
            Slider(name="yearly_rate", value=0.1, low=0, high=0.5, step=0.01),
            owner_choice(None if customers is None else owners),
        ],
        answer=answer,
        figure=figure,
        actions=actions,
        code=lambda view: recipes.filled(
            recipes.LIFETIME + recipes.LIFETIME_FIGURES[view],
            as_of=end.isoformat(),
            calibration_end=before.isoformat(),
            holdout=holdout,
            window=opening.window_days,
            basis=opening.basis,
            currency=currency,
            rule=", ".join(f"{name}={one!r}" for name, one in rule.items()),
        ),
        lang=lang,
        height=520,
        columns=[
            who,
            "owner_name",
            "expected_purchases",
            "expected_monetary",
            "lifetime_value",
            "lifetime_value_low",
            "lifetime_value_high",
            "probability_alive",
        ],
        essential=[who, "lifetime_value", "probability_alive"],
    )
