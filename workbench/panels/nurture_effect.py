"""What did nurture achieve, by whatever one asks, and could it be chance?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import arguments as parameters
from workbench import estimates, figures, labels, nurture, tables
from workbench.panel import Choice, Slider, recipes
from workbench.panel.old import Panel
from workbench.panels.track_record import owner_choice

_RATES = tuple(name for name in nurture.RATES if name != "reach_rate")
_ARMS = ("variant", "template_version", "edited")


def nurture_effect(
    steps: pd.DataFrame,
    touches: pd.DataFrame,
    *,
    as_of: parameters.DayLike,
    leads: pd.DataFrame,
    owners: pd.DataFrame,
    lang: labels.Lang = "en",
) -> Panel:
    """What did nurture achieve, by whatever one asks, and could it be chance?

    Parameters
    ----------
    steps, touches, leads, owners
        As their contracts say; ``steps`` as the worklist gives them.
    as_of
        The day the figures are for.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: the rates of each group, the variants compared, the cohorts, or the wait for a
        positive answer, as the figure shows it.

    Examples
    --------
    >>> from workbench import samples
    >>> made = samples.company(customers=300)
    >>> panel = nurture_effect(made["steps"], made["touches"], as_of="2026-10-31",
    ...                        leads=made["leads"], owners=made["owners"])
    >>> panel.set(by="channel").table.columns.tolist()[:3]
    ['channel', 'heard_out', 'replied']
    """
    day = parameters.day("as_of", as_of)
    every = nurture.outcomes(steps, touches, as_of=day)
    plans = tuple(sorted(every["plan"].unique()))
    names = owners.set_index("owner_id")["owner_name"].to_dict()

    def kept(plan: str | None, owner: str | None) -> pd.DataFrame:
        chosen = every if plan is None else every[every["plan"] == plan]
        return tables.only(chosen, owner_id=owner)

    def answer(
        view: str,
        by: str,
        rate: str,
        arm: str,
        within_days: int,
        plan: str | None,
        owner: str | None,
    ) -> pd.DataFrame:
        outcomes = kept(plan, owner)
        if view == "compared":
            return nurture.compare(outcomes, arm=arm)
        if view == "cohorts":
            return nurture.cohorts(outcomes, touches, leads, within_days=within_days)
        if view == "waiting":
            waits = nurture.waiting(outcomes, touches)
            return estimates.survival(waits["days"], waits["is_positive"])
        return nurture.effect(outcomes, by=by, rates=[rate])

    def figure(
        table: pd.DataFrame, view: str, by: str, rate: str, within_days: int, lang: labels.Lang
    ) -> go.Figure:
        draw: Any = figures.nurture
        drawn: go.Figure
        if view == "compared":
            drawn = draw.compared(table, lang=lang)
        elif view == "cohorts":
            drawn = draw.cohorts(table, lang=lang)
        elif view == "waiting":
            drawn = draw.waiting(table, estimates.survival_at(table, within_days), lang=lang)
        else:
            drawn = draw.effect(table, by=by, rate=rate, names=names, lang=lang)
        return drawn

    return Panel(
        "panel.nurture_effect",
        controls=[
            Choice(
                name="view",
                value="effect",
                options=tuple(recipes.NURTURE_FIGURES),
                words="panel.nurture_effect.view",
            ),
            Choice(name="by", value="step", options=nurture.SPLITS, words="figure.nurture.by"),
            Choice(name="rate", value="reply_rate", options=_RATES, words="column"),
            Choice(name="arm", value="variant", options=_ARMS, words="figure.nurture.by"),
            Slider(name="within_days", value=60, low=30, high=180, step=10),
            Choice(
                name="plan",
                value=None,
                options=(None, *plans),
                words={plan: plan for plan in plans},
            ),
            owner_choice(owners),
        ],
        answer=answer,
        figure=figure,
        code=lambda view: recipes.filled(
            recipes.NURTURE + recipes.NURTURE_FIGURES[view], as_of=day.isoformat()
        ),
        lang=lang,
        height=430,
    )
