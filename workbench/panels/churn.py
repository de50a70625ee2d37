"""Who is due to buy again, who is slipping away, and what does another band cost in calls?"""

import pandas as pd

from workbench import churn, config, exhibits
from workbench.churn import WarningName
from workbench.panel import (
    Choice,
    Panel,
    People,
    Place,
    Shown,
    Slider,
    Words,
    owner_choice,
)


def panel(
    history: pd.DataFrame, *, people: People = People(),
    settings: config.Settings = config.Settings(), words: Words | None = None,
) -> Panel:  # fmt: skip
    """Who is due to buy again, who is slipping away, and what does another band cost in calls?

    Parameters
    ----------
    history
        One row per customer, as ``purchases.history`` makes it.
    people
        Names and owners, for the call list and the calls per owner.
    settings
        Opening bands; ``config.Settings()`` by default.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: one row per customer with ratio and warning. Actions: whom to call, most at stake
        first, with the reason and the owner.

    Examples
    --------
    >>> from workbench import purchases
    >>> orders = pd.DataFrame({"customer_id": "a", "amount": 9.0, "ordered_at": pd.to_datetime(
    ...     ["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"])})
    >>> shown = panel(purchases.history(orders, as_of="2026-10-31"), words=Words("en", "CNY"))
    >>> shown.actions["reason"].item()
    'buys every 31 days, last 60 days ago, CNY 9 at stake'
    >>> shown.set(risk_from=1.5).cost
    'Churn risk from 1.2 → 1.5: as many calls as before'
    """
    opening = settings.churn
    return Panel(
        "panel.repurchase", words=words, height=380,
        given={"history": history, "people": people},
        controls=[
            Choice(name="view", value="ratios", options=("ratios", "workload")),
            band("risk_from", opening, low=0.2, high=4), *owner_choice(people),
            Choice(name="warning", value="churn_risk", options=churn.CALLS, place="list"),
            band("due_from", opening, low=0.1, high=2, place="adjust"),
            band("lost_from", opening, low=1, high=10, step=0.5, place="adjust"),
            Slider(name="min_intervals", value=opening.min_intervals, low=1, high=3, step=1,
                   place="adjust"),
        ],
        steps=[warnings, load, warned], views=[ratios, workload],
        lists=calls, table=warned, cost=cost,
    )  # fmt: skip


def band(
    name: churn.Band, opening: config.ChurnSettings, *, low: float, high: float, step: float = 0.1,
    place: Place = "above",
) -> Slider:  # fmt: skip
    """Let a band be moved, between ends that hold what the settings say.

    Examples
    --------
    >>> band("due_from", config.ChurnSettings(due_from=0.05), low=0.1, high=2).low
    0.05
    """
    value: float = getattr(opening, name)
    return Slider(name=name, value=value, low=min(low, value), high=max(high, value), step=step,
                  place=place)  # fmt: skip


def warnings(
    history: pd.DataFrame, due_from: float, risk_from: float, lost_from: float, min_intervals: int
) -> pd.DataFrame:
    """In which band of their own rhythm is each customer?"""
    bands = {"due_from": due_from, "risk_from": risk_from, "lost_from": lost_from}
    return churn.warn(history, **bands, min_intervals=min_intervals)


def load(warnings: pd.DataFrame, people: People) -> pd.DataFrame:
    """How many calls is that for each owner?"""
    return churn.workload(warnings, customers=people.customers, owners=people.owners)


def warned(warnings: pd.DataFrame, people: People, owner: str | None = None) -> pd.DataFrame:
    """Who is warned of, among one owner's customers or all?"""
    return pd.DataFrame(people.of(warnings, owner))


def ratios(warned: pd.DataFrame, due_from: float, risk_from: float, lost_from: float) -> Shown:
    """Show how late customers are."""
    bars = churn.ratios(warned, due_from=due_from, risk_from=risk_from, lost_from=lost_from)
    return exhibits.churn.ratios(churn.summary(warned), bins=bars)


def workload(load: pd.DataFrame, people: People, owner: str | None = None) -> Shown:
    """Show the calls per owner, of one or of all."""
    return exhibits.churn.workload(people.of(load, owner))


def calls(
    warned: pd.DataFrame, warning: WarningName, due_from: float, risk_from: float, people: People
) -> Shown:
    """List whom to call."""
    late = churn.call_list(warned, warning=warning, customers=people.customers,
                           owners=people.owners)  # fmt: skip
    late = people.contacted(late)
    return (
        exhibits.churn.calls(late, risk_from=risk_from)
        if warning == "churn_risk"
        else exhibits.churn.due(late, due_from=due_from, risk_from=risk_from)
    )


def cost(
    opening_load: pd.DataFrame, load: pd.DataFrame, warning: WarningName, people: People,
    step: str, words: Words, owner: str | None = None,
) -> str:  # fmt: skip
    """Say what a band costs in calls of the list that is shown: it moves customers between two."""
    change = people.of(churn.workload_change(opening_load, load), owner)
    return exhibits.churn.cost(change, words, step=step, of=warning)
