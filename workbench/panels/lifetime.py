"""What are customers worth from here on, who is still active, and was the model right so far?"""

from typing import Any

import pandas as pd

from workbench import arguments, config, errors, exhibits, models, purchases, rfm, value
from workbench.arguments import DayLike
from workbench.panel import Choice, Panel, People, Shown, Slider, Words, owner_choice

# Of the two with a rhythm, the one that tells of everybody; the other takes twice as long.
_MODELS = ("BetaGeo", "ModifiedBetaGeo", "ParetoNBD", "ModifiedBetaGeoCNBD")


def panel(
    orders: Any, *, as_of: DayLike, calibration_end: DayLike, people: People = People(),
    settings: config.Settings = config.Settings(), words: Words | None = None,
) -> Panel:  # fmt: skip
    """What are customers worth from here on, who is still active, and was the model right so far?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen, from which on customers are expected to buy.
    calibration_end
        An earlier day: models and classes of that day are judged by what came until ``as_of``.
    people
        Names and owners, for the list; with owners one can be chosen for it.
    settings
        How customers are classed; ``config.Settings()`` by default.
    words
        Language and currency; by default as last said with ``words.speak``.

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
    >>> shown = panel(orders, as_of="2026-10-31", calibration_end="2026-04-30")
    >>> shown.set(view="alive").table["is_told"].tolist()[-2:]
    [True, False]
    """
    end, before = arguments.day("as_of", as_of), arguments.day("calibration_end", calibration_end)
    if before >= end:
        raise errors.ParameterError(
            f"calibration_end is {before}, and as_of is {end}: nothing is left to judge by.",
            mend="Let the calibration end before as_of.",
        )
    classing = settings.rfm
    return Panel(
        "panel.lifetime", words=words, height=520,
        given={"orders": orders, "as_of": end, "calibration_end": before, "people": people,
               "holdout": (end - before).days, "window": classing.window_days,
               "basis": classing.basis, "rule": classing.rule},
        controls=[
            Choice(name="model", value=_MODELS[0], options=_MODELS),
            Slider(name="horizon", value=365, low=30, high=1095, step=5, label="panel.days_ahead"),
            Slider(name="yearly_rate", value=0.1, low=0, high=0.5, step=0.01),
            *owner_choice(people),
        ],
        steps=[known, fitted, spend, expected, compared, past], lists=most_valuable,
        views=[ahead, top, alive, scores, calibration, tracking, segments, tenths],
    )  # fmt: skip


def known(orders: Any, as_of: DayLike) -> pd.DataFrame:
    """What is known of each customer?"""
    return models.summary(orders, as_of=as_of)


def fitted(known: pd.DataFrame, model: str) -> models.PurchaseModel:
    """How do they buy, and how do they stop?"""
    kind: type[models.PurchaseModel] = getattr(models, model)
    return kind.fit(known)


def spend(known: pd.DataFrame) -> models.GammaGamma:
    """What is a purchase worth?"""
    return models.GammaGamma.fit(known)


def expected(
    known: pd.DataFrame, fitted: models.PurchaseModel, spend: models.GammaGamma, horizon: int,
    yearly_rate: float,
) -> value.Expectation:  # fmt: skip
    """What is to come, of each and of all?"""
    return value.expect(known, purchases=fitted, spend=spend, horizon_days=horizon,
                        yearly_rate=yearly_rate)  # fmt: skip


def compared(
    orders: Any, calibration_end: DayLike, as_of: DayLike, model: str
) -> models.Comparison:
    """Was the model right on the days it had not seen?"""
    kinds = [getattr(models, model)]
    return models.compare(orders, calibration_end=calibration_end, as_of=as_of, models=kinds)


def past(orders: Any, calibration_end: DayLike, holdout: int, model: str) -> pd.DataFrame:
    """What would it have expected on the earlier day?"""
    earlier = models.summary(orders, as_of=calibration_end)
    buying, spending = getattr(models, model).fit(earlier), models.GammaGamma.fit(earlier)
    terms = {"horizon_days": holdout, "yearly_rate": 0}
    return value.expect(earlier, purchases=buying, spend=spending, **terms).customers


def ahead(expected: value.Expectation) -> Shown:
    """Show from how few the value comes."""
    return exhibits.value.ahead(value.concentration(expected.customers), expected=expected)


def top(expected: value.Expectation, people: People, horizon: int, yearly_rate: float) -> Shown:
    """Show the most valuable."""
    named = people.named(expected.customers)
    return exhibits.value.top(named, horizon_days=horizon, yearly_rate=yearly_rate)


def alive(expected: value.Expectation, model: str) -> Shown:
    """Show how many are still active."""
    return exhibits.value.alive(value.activity(expected.customers), model=model)


def scores(orders: Any, calibration_end: DayLike, as_of: DayLike) -> Shown:
    """Show which model is closest; why a search ended is told in English alone."""
    every = models.compare(orders, calibration_end=calibration_end, as_of=as_of)
    return exhibits.value.scores(every.scores.drop(columns="reason"))


def calibration(compared: models.Comparison, model: str) -> Shown:
    """Show whether each bought as expected, by frequency."""
    return exhibits.value.calibration(compared.by_frequency, model=model)


def tracking(compared: models.Comparison, model: str) -> Shown:
    """Show whether all bought as expected, week by week."""
    return exhibits.value.tracking(compared.tracking, model=model)


def segments(
    orders: Any, past: pd.DataFrame, calibration_end: DayLike, as_of: DayLike, holdout: int,
    window: int | None, basis: rfm.Basis, rule: dict[str, Any],
) -> Shown:  # fmt: skip
    """Show what the classes were worth."""
    history = purchases.history(orders, as_of=calibration_end, window=window)
    classes = rfm.segment(rfm.score(rfm.measure(history, basis=basis), **rule))
    classes = classes.merge(past[["customer_id", "expected_monetary"]], on="customer_id")
    spent = value.ahead(classes, orders, horizon_days=holdout, until=as_of)
    judged = value.judge(classes, spent, predicted="expected_monetary")
    return exhibits.value.classes(judged, horizon_days=holdout)


def tenths(orders: Any, past: pd.DataFrame, as_of: DayLike, holdout: int) -> Shown:
    """Show what the model's own order was worth."""
    ordered = value.tenths(past)
    bought = value.ahead(ordered, orders, horizon_days=holdout, until=as_of)
    worth = value.judge(ordered, bought, by="tenth", predicted="expected_monetary")
    return exhibits.value.classes(worth, horizon_days=holdout, by="tenth")


def most_valuable(
    expected: value.Expectation, people: People, horizon: int, yearly_rate: float,
    owner: str | None = None,
) -> Shown:  # fmt: skip
    """List customers, most valuable first, of one owner or of all."""
    mine = people.named(people.of(expected.customers, owner))
    return exhibits.value.customers(mine, horizon_days=horizon, yearly_rate=yearly_rate)
