"""On which days does a plan go on that was paused?"""

from collections.abc import Mapping

import pandas as pd

from workbench import arguments, errors, scheduling, schema
from workbench.results import Result

_NEEDED = (
    "enrolment_id", "lead_id", "owner_id", "plan", "step", "enrolled_on", "due_date",
    "original_date", "status", "is_paused",
)  # fmt: skip
_KEYS = ["lead_id", "plan", "step"]


RESUMED = Result(
    "nurture.resumed(steps, lead_id, on=…)", enrolment_id="id", step="count", due_date="date",
    move_reason="move_reason",
)  # fmt: skip


def resumed(
    steps: pd.DataFrame,
    lead_id: str,
    *,
    on: arguments.DayLike,
    plan: str | None = None,
    calendar: scheduling.Calendar = scheduling.EVERY_DAY,
    capacity: int | Mapping[str, int] | None = None,
    per_day: int = 1,
) -> pd.DataFrame:
    """On which days are the steps of a lead due that were paused?

    They keep the gaps they had, so that nothing piles up; what others have planned keeps its room.

    Parameters
    ----------
    steps
        All steps of the worklist, as ``worklist.steps`` gives them.
    lead_id
        The lead.
    on
        The day of resuming.
    plan
        This plan only.
    calendar, capacity, per_day
        As ``scheduling.plan`` takes them.

    Returns
    -------
    pandas.DataFrame
        One row per step that waits, as ``worklist.resume`` takes it: ``enrolment_id``, ``step``,
        ``due_date``, ``move_reason``.

    Raises
    ------
    ContractError
        A column is missing.
    WorklistError
        No step of this lead waits.
    ParameterError, ParameterTypeError
        As ``scheduling.plan``.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "enrolment_id": "E1", "lead_id": "L1", "owner_id": "S1", "plan": "Wake-up",
    ...     "step": [2, 3], "enrolled_on": pd.Timestamp("2026-11-02"), "status": "pending",
    ...     "due_date": pd.to_datetime(["2026-11-03", "2026-11-10"]), "original_date": pd.NaT,
    ...     "is_paused": True})
    >>> steps["original_date"] = steps["due_date"]
    >>> resumed(steps, "L1", on="2026-12-01")["due_date"].dt.day.tolist()
    [1, 8]
    """
    schema.require(steps, "steps", _NEEDED, made_by="worklist.steps(store, as_of=…)")
    waiting = steps["is_paused"].astype(bool) & (steps["lead_id"] == lead_id)
    if plan is not None:
        waiting &= steps["plan"] == plan
    if not waiting.any():
        raise errors.WorklistError(
            f"No step of '{lead_id}' waits.", mend="See what has happened with it: its timeline."
        )
    others = steps[~waiting & (steps["status"] == "pending")]
    left = steps[waiting]
    dated = scheduling.resume(
        left.assign(day=(left["original_date"] - left["enrolled_on"]).dt.days + 1),
        on=on,
        calendar=calendar,
        capacity=capacity,
        per_day=per_day,
        already=others[["lead_id", "owner_id", "plan", "due_date"]],
    )
    rows = dated.merge(left[[*_KEYS, "enrolment_id"]], on=_KEYS, suffixes=("_", ""))
    return rows[["enrolment_id", "step", "due_date", "move_reason"]]
