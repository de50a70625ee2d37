"""Which step of a lead is meant, what lies ahead, and on which days does a pause end?"""

from typing import Any

import pandas as pd

from workbench import arguments, errors, nurture, worklist
from workbench.campaigns.pond import Pace


def ahead(
    store: worklist.Worklist, *, as_of: arguments.DayLike, owner: str | None = None
) -> pd.DataFrame:
    """Which steps lie ahead, or still undone behind? For a calendar file; as ``worklist.steps``."""
    steps = worklist.steps(store, as_of=as_of, owner_id=owner)
    day = pd.Timestamp(arguments.day("as_of", as_of))
    return steps[(steps["due_date"] >= day) | (steps["status"] == "pending")]


def next_step(
    store: worklist.Worklist,
    lead_id: str,
    *,
    as_of: arguments.DayLike,
    plan: str | None = None,
    step: int | None = None,
) -> pd.DataFrame:
    """Which step of a lead is meant: the one named, or the first open one that is due?

    Returns
    -------
    pandas.DataFrame
        One row, as ``worklist.steps`` gives it.

    Raises
    ------
    WorklistError
        The lead has no such step, none is open, or the next is not due yet.
    ParameterError
        The lead is in several plans, and none is named.
    """
    day = arguments.day("as_of", as_of)
    steps = worklist.steps(store, as_of=day, lead_id=lead_id)
    if steps.empty:
        where = f" on {day}" if len(worklist.timeline(store, lead_id, as_of=day)) else ""
        raise errors.WorklistError(
            f"The worklist knows no step of '{lead_id}'{where}.",
            mend="Check the id, and the lists of what is due; nothing was changed.",
        )
    pending = steps[(steps["status"] == "pending") & ~steps["is_paused"].astype(bool)]
    pending = pending if plan is None else pending[pending["plan"] == plan]
    pending = pending if step is None else pending[pending["step"] == step]
    if pending.empty:
        what = "" if step is None else f" {step}"
        raise errors.WorklistError(
            f"'{lead_id}' has no open step{what}" + (f" in '{plan}'." if plan else "."),
            mend="See what has happened with it: its timeline.",
        )
    plans = sorted(pending["plan"].unique())
    if len(plans) > 1:
        raise errors.ParameterError(
            f"'{lead_id}' is in {len(plans)} plans: {', '.join(plans)}.", mend="Say which plan."
        )
    first = pending.sort_values(["due_date", "step"]).head(1)
    due = first["due_date"].item()
    if step is None and due.date() > day:
        raise errors.WorklistError(
            f"The next step of '{lead_id}' is due on {due:%Y-%m-%d}.",
            mend=f"To do it early, name it: step {first['step'].item()}.",
        )
    return first


def resume(
    store: worklist.Worklist,
    lead_id: str,
    *,
    on: arguments.DayLike,
    as_of: arguments.DayLike,
    at: Any,
    by: str,
    plan: str | None = None,
    pace: Pace = Pace(),  # noqa: B008 -- it is frozen
    dry_run: bool = False,
) -> pd.DataFrame:
    """On which days do a lead's waiting steps go on? They keep the gaps they had.

    Parameters
    ----------
    store, lead_id, plan
        Whose steps, of which plan; None: of all.
    on, as_of
        The day of the first step, and the day of asking.
    at, by, dry_run
        As ``worklist.resume``, whose table is returned.
    pace
        As the plan is laid out.

    Raises
    ------
    WorklistError, ContractError
        As ``nurture.resumed`` and ``worklist.resume``.
    """
    rows = nurture.resumed(
        worklist.steps(store, as_of=as_of),
        lead_id,
        on=on,
        plan=plan,
        calendar=pace.calendar,
        capacity=pace.capacity,
        per_day=pace.per_day,
    )
    return worklist.resume(store, rows, at=at, by=by, dry_run=dry_run)
