"""What did nurture achieve, by whatever one asks, and could it be chance?"""

import datetime as dt

import pandas as pd

from workbench import arguments, estimates, exhibits, nurture
from workbench.panel import Choice, Panel, People, Shown, Slider, Words, owner_choice

_RATES = tuple(name for name in nurture.RATES if name != "reach_rate")
_ARMS = ("variant", "template_version", "edited")


def panel(
    steps: pd.DataFrame, touches: pd.DataFrame, *, as_of: arguments.DayLike, people: People,
    words: Words | None = None,
) -> Panel:  # fmt: skip
    """What did nurture achieve, by whatever one asks, and could it be chance?

    Parameters
    ----------
    steps, touches
        As their contracts say; ``steps`` as the worklist gives them.
    as_of
        The day the figures are for.
    people
        The leads, with the day each became a customer, and the owners.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: the rates of each group, the variants compared, the cohorts, or the wait for a
        positive answer, as the figure shows it.

    Examples
    --------
    >>> from workbench import samples
    >>> made = samples.company(customers=300)
    >>> shown = panel(made["steps"], made["touches"], as_of="2026-10-31",
    ...               people=People(owners=made["owners"], leads=made["leads"]))
    >>> shown.set(by="channel").table.columns.tolist()[:3]
    ['channel', 'heard_out', 'replied']
    """
    day = arguments.day("as_of", as_of)
    plans = sorted(every(steps, touches, day)["plan"].unique())
    return Panel(
        "panel.nurture_effect", words=words, height=430,
        given={"steps": steps, "touches": touches, "as_of": day, "people": people},
        controls=[
            Choice(name="view", value="effect", options=("effect", "compared", "cohorts", "waiting")),
            Choice(name="by", value="step", options=nurture.SPLITS, words="nurture.by"),
            Choice(name="rate", value="reply_rate", options=_RATES, words="column"),
            *owner_choice(people),
            Choice(name="arm", value="variant", options=_ARMS, words="nurture.by", place="adjust"),
            Slider(name="within_days", value=60, low=30, high=180, step=10, place="adjust"),
            Choice(name="plan", value=None, options=(None, *plans), words={}, place="adjust"),
        ],
        steps=[every, outcomes], views=[effect, compared, cohorts, waiting],
    )  # fmt: skip


def every(steps: pd.DataFrame, touches: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What became of each step?"""
    return nurture.outcomes(steps, touches, as_of=as_of)


def outcomes(
    every: pd.DataFrame, plan: str | None, people: People, owner: str | None = None
) -> pd.DataFrame:
    """What became of each step, of one plan and owner or of all?"""
    of_plan = every if plan is None else every[every["plan"] == plan]
    return pd.DataFrame(people.of(of_plan, owner))


def effect(outcomes: pd.DataFrame, by: str, rate: str, people: People) -> Shown:
    """Show a rate, group by group."""
    rates = people.named(nurture.effect(outcomes, by=by, rates=[rate]))
    return exhibits.nurture.effect(rates, by=by, rate=rate)


def compared(outcomes: pd.DataFrame, arm: str) -> Shown:
    """Show one wording against the other."""
    return exhibits.nurture.compared(nurture.compare(outcomes, arm=arm))


def cohorts(
    outcomes: pd.DataFrame, touches: pd.DataFrame, people: People, within_days: int
) -> Shown:
    """Show who woke up and who was won, by month of enrolment."""
    followed = nurture.cohorts(outcomes, touches, people.leads, within_days=within_days)
    return exhibits.nurture.cohorts(followed)


def waiting(outcomes: pd.DataFrame, touches: pd.DataFrame, within_days: int) -> Shown:
    """Show how long a positive answer takes."""
    waits = nurture.waiting(outcomes, touches)
    curve = estimates.survival(waits["days"], waits["is_positive"])
    return exhibits.nurture.waiting(curve, within_days=within_days)
