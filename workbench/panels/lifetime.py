"""What are customers worth from here on, who is still active, and was the model right so far?"""

from typing import Any

from workbench import arguments, config, errors, exhibits, models, purchases, rfm, value
from workbench.arguments import DayLike
from workbench.panel import Choice, Panel, People, Shown, Slider, Words, owner_choice

_CLOSEST = "closest"
_MODELS = (_CLOSEST, *(each.__name__ for each in value.CANDIDATES))


def panel(
    orders: Any, *, as_of: DayLike, calibration_end: DayLike | None = None,
    people: People = People(), settings: config.Settings = config.Settings(),
    words: Words | None = None,
) -> Panel:  # fmt: skip
    """What are customers worth from here on, who is still active, and was the model right so far?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen, from which on customers are expected to buy.
    calibration_end
        An earlier day: models and classes of that day are judged by what came until ``as_of``; None:
        as ``value.choose`` has it.
    people
        Names and owners, for the list; with owners one can be chosen for it.
    settings
        How customers are classed; ``config.Settings()`` by default.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        It opens on the model that came closest, as ``value.forecast`` does; another can be chosen.
        Table: what the figure on view is drawn from. Actions: customers by name, most valuable
        first, with expected purchases, spend, lifetime value, and the probability that they are
        still active, or that it cannot be told. Where there is no model, it says why.

    Raises
    ------
    ParameterError
        The calibration does not end before ``as_of``.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> shown = panel(orders, as_of="2026-10-31", calibration_end="2026-04-30")
    >>> shown.set(view="alive", model="BetaGeo").table["is_told"].tolist()[-2:]
    [True, False]
    """
    end = arguments.day("as_of", as_of)
    before = None if calibration_end is None else arguments.day("calibration_end", calibration_end)
    if before is not None and before >= end:
        raise errors.ParameterError(
            f"calibration_end is {before}, and as_of is {end}: nothing is left to judge by.",
            mend="Let the calibration end before as_of.",
        )
    classing = settings.rfm
    return Panel(
        "panel.lifetime", words=words, height=520,
        given={"orders": orders, "as_of": end, "calibration_end": before, "people": people,
               "window": classing.window_days, "basis": classing.basis, "rule": classing.rule},
        controls=[
            Choice(name="model", value=_CLOSEST, options=_MODELS, words=_named, place="adjust"),
            Slider(name="horizon", value=365, low=30, high=1095, step=5, label="panel.days_ahead"),
            Slider(name="yearly_rate", value=0.1, low=0, high=0.5, step=0.01, place="adjust"),
            *owner_choice(people, place="list"),
        ],
        steps=[chosen, forecast], lists=most_valuable,
        views=[ahead, top, alive, scores, calibration, tracking, segments, tenths],
    )  # fmt: skip


def _named(model: Any, words: Words) -> str:
    return words("panel.lifetime.closest") if model == _CLOSEST else words.write(model, "model")


def chosen(
    orders: Any, as_of: DayLike, calibration_end: DayLike | None, model: str
) -> value.Chosen:
    """Which model is it, and what has it learnt?"""
    named = [kind for kind in value.CANDIDATES if kind.__name__ == model] or value.CANDIDATES
    return value.choose(orders, as_of=as_of, calibration_end=calibration_end, candidates=named)


def forecast(chosen: value.Chosen, horizon: int, yearly_rate: float) -> value.Forecast:
    """What is to come, of each and of all?"""
    return chosen.forecast(horizon_days=horizon, yearly_rate=yearly_rate)


def ahead(forecast: value.Forecast) -> Shown:
    """Show from how few the value comes."""
    expected = forecast.ahead
    share = value.concentration(expected.customers)
    return exhibits.value.ahead(share, expected=expected, forecast=forecast)


def top(forecast: value.Forecast, people: People, horizon: int, yearly_rate: float) -> Shown:
    """Show the most valuable."""
    named = people.named(forecast.ahead.customers)
    return exhibits.value.top(
        named, horizon_days=horizon, yearly_rate=yearly_rate, forecast=forecast
    )


def alive(forecast: value.Forecast) -> Shown:
    """Show how many are still active."""
    counted = value.activity(forecast.ahead.customers)
    return exhibits.value.alive(counted, model=forecast.model)


def scores(orders: Any, chosen: value.Chosen) -> Shown:
    """Show which model is closest; why a search ended is told in English alone."""
    every = chosen.compared
    if chosen.model and len(every.scores) == 1:
        every = models.compare(
            orders, calibration_end=chosen.calibration_end, as_of=chosen.as_of,
            steadied=chosen.is_steadied, tracked=False,
        )  # fmt: skip
    return exhibits.value.scores(every.scores.drop(columns="reason"))


def calibration(chosen: value.Chosen) -> Shown:
    """Show whether each bought as expected, by frequency."""
    return exhibits.value.calibration(chosen.compared.by_frequency, model=chosen.model)


def tracking(orders: Any, chosen: value.Chosen) -> Shown:
    """Show whether all bought as expected, week by week."""
    followed = chosen.compared
    if chosen.model:
        followed = models.compare(
            orders, calibration_end=chosen.calibration_end, as_of=chosen.as_of,
            models=[getattr(models, chosen.model)], steadied=chosen.is_steadied,
        )  # fmt: skip
    return exhibits.value.tracking(followed.tracking, model=chosen.model)


def segments(
    orders: Any, chosen: value.Chosen, forecast: value.Forecast, window: int | None,
    basis: rfm.Basis, rule: dict[str, Any],
) -> Shown:  # fmt: skip
    """Show what the classes were worth."""
    history = purchases.history(orders, as_of=chosen.calibration_end, window=window)
    classes = rfm.segment(rfm.score(rfm.measure(history, basis=basis), **rule))
    past = forecast.past.customers[["customer_id", "expected_monetary"]]
    days = chosen.holdout_days
    spent = value.ahead(classes, orders, horizon_days=days, until=chosen.as_of)
    predicted = "expected_monetary" if chosen.model else None
    judged = value.judge(classes.merge(past, how="left"), spent, predicted=predicted)
    return exhibits.value.classes(judged, horizon_days=days)


def tenths(orders: Any, chosen: value.Chosen, forecast: value.Forecast) -> Shown:
    """Show what the model's own order was worth."""
    ordered = value.tenths(forecast.past.customers)
    days = chosen.holdout_days
    bought = value.ahead(ordered, orders, horizon_days=days, until=chosen.as_of)
    worth = value.judge(ordered, bought, by="tenth", predicted="expected_monetary")
    return exhibits.value.classes(worth, horizon_days=days, by="tenth")


def most_valuable(
    forecast: value.Forecast, people: People, horizon: int, yearly_rate: float,
    owner: str | None = None,
) -> Shown:  # fmt: skip
    """List customers, most valuable first, of one owner or of all."""
    mine = people.contacted(people.named(people.of(forecast.ahead.customers, owner)))
    return exhibits.value.customers(
        mine, horizon_days=horizon, yearly_rate=yearly_rate, forecast=forecast
    )
