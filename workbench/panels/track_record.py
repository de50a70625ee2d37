"""How good was the warning on past days, and would another rule or band have been better?"""

from collections.abc import Sequence
from typing import Any

from workbench import arguments, churn, config, exhibits
from workbench.arguments import DayLike
from workbench.churn import Backtest, Rule
from workbench.panel import Choice, Panel, People, Shown, Slider, Words, owner_choice
from workbench.panels.churn import band


def panel(
    orders: Any, *, as_of_dates: Sequence[DayLike], until: DayLike, people: People = People(),
    settings: config.Settings = config.Settings(), words: Words | None = None,
) -> Panel:  # fmt: skip
    """How good was the warning on past days, and would another rule or band have been better?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of_dates
        The past days the warning is given on.
    until
        The last day that the orders cover whole.
    people
        Names and owners, for the list of who was warned of last.
    settings
        Opening bands; ``config.Settings()`` by default.
    words
        The language; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: one row per rule and day, per rule, per band or per score, as the figure shows it.
        Actions: whom the rule warned of last, and what they did.

    Examples
    --------
    >>> import pandas as pd
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> days = pd.date_range("2026-01-31", periods=6, freq="ME")
    >>> shown = panel(orders, as_of_dates=list(days), until="2026-10-31")
    >>> shown.table["rule"].unique().tolist()
    ['interval_ratio', 'days_since_last', 'probability_alive', 'overdue_quantile']
    """
    opening, end = settings.churn, arguments.day("until", until)
    days = [arguments.day("as_of_dates", day) for day in as_of_dates]
    return Panel(
        "panel.track_record", words=words, height=470,
        given={"orders": orders, "as_of_dates": days, "until": end, "people": people,
               "lost_from": opening.lost_from, "min_intervals": opening.min_intervals},
        controls=[
            Choice(name="rule", value="interval_ratio", options=churn.RULES),
            Choice(name="horizon", value=90, options=(30, 60, 90, 180),
                   words=lambda days, words: words("panel.days", n=days), place="adjust"),
            band("risk_from", opening, low=0.2, high=4),
            Slider(name="late_from", value=90, low=10, high=360, step=10, place="adjust"),
            *owner_choice(people, place="list"),
        ],
        steps=[watched, judged], views=[by_date, bands, calibration, rules],
        lists=warned, cost=cost,
    )  # fmt: skip


def watched(
    orders: Any, as_of_dates: Sequence[DayLike], until: DayLike, horizon: int,
    lost_from: float, min_intervals: int,
) -> Backtest:  # fmt: skip
    """Give the warning again on past days, and see what followed."""
    return churn.backtest(
        orders, as_of_dates=as_of_dates, until=until, horizon_days=horizon,
        rule=churn.RULES, lost_from=lost_from, min_intervals=min_intervals,
    )  # fmt: skip


def judged(watched: Backtest, risk_from: float, late_from: float) -> Backtest:
    """Judge the thresholds that are chosen."""
    edges: dict[Rule, float] = {"interval_ratio": risk_from, "days_since_last": late_from}
    return watched.judged_by(thresholds=edges)


def by_date(judged: Backtest, horizon: int, rule: Rule) -> Shown:
    """Show it warning by warning."""
    return exhibits.track_record.by_date(judged.by_date, horizon_days=horizon, rule=rule)


def rules(judged: Backtest) -> Shown:
    """Show the rules beside each other."""
    return exhibits.track_record.rules(judged.record)


def bands(judged: Backtest, rule: Rule) -> Shown:
    """Show what other thresholds would catch."""
    return exhibits.track_record.bands(judged.bands, record=judged.record, rule=rule)


def calibration(judged: Backtest, rule: Rule) -> Shown:
    """Show who stayed away, by score."""
    return exhibits.track_record.calibration(judged.calibration, rule=rule)


def warned(judged: Backtest, rule: Rule, people: People, owner: str | None = None) -> Shown:
    """List whom the rule warned of last, of one owner or of all."""
    return exhibits.track_record.warned(people.named(people.of(judged.warned(rule), owner)))


def cost(opening_judged: Backtest, judged: Backtest, rule: Rule) -> Shown:  # noqa: ARG001 -- told once it has moved
    """Say what the thresholds mean against those of earlier days."""
    return exhibits.track_record.bands(judged.bands, record=judged.record, rule=rule)
