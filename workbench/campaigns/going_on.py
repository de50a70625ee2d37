"""Which step of a lead is meant, what lies ahead, and on which days does a pause end?"""

import datetime as dt
from typing import Any

import pandas as pd

from workbench import arguments, errors, nurture, worklist
from workbench.campaigns.mornings import open_steps
from workbench.campaigns.pond import Pace

_TIMELINE = "workbench nurture timeline"
_EVER = dt.date(9999, 12, 30)


def ahead(
    store: worklist.Worklist, *, as_of: arguments.DayLike, owner: str | None = None
) -> pd.DataFrame:
    """Which steps lie ahead, or still undone behind? For a calendar file; as ``worklist.steps``."""
    steps = worklist.steps(store, as_of=as_of, owner_id=owner)
    day = pd.Timestamp(arguments.day("as_of", as_of))
    return steps[(steps["due_date"] >= day) | (steps["status"] == "pending")]


def timeline(store: worklist.Worklist, lead_id: str, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """What has happened with a lead, and what lies ahead, on which days?

    Returns
    -------
    pandas.DataFrame
        As ``worklist.timeline``, and below it a row per step that is still to be done: ``what`` is
        pending, ``due_date`` its day as it stands now, ``at`` missing.

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> calls = pd.DataFrame({"lead_id": ["C1"], "plan": "call", "step": 1,
    ...                       "due_date": "2026-11-02"})
    >>> _ = worklist.enrol(store, calls, at="2026-11-02 09:00", by="Lin")
    >>> timeline(store, "C1", as_of="2026-11-02")[["what", "due_date"]].astype(str).values.tolist()
    [['planned', '2026-11-02'], ['pending', '2026-11-02']]
    """
    told = worklist.timeline(store, lead_id, as_of=as_of)
    steps = open_steps(store, as_of=as_of, lead_id=lead_id)
    known = ["plan", "step", "due_date", "channel", "text"]
    ahead = steps[known].assign(what="pending", is_undone=False).reindex(columns=told.columns)
    ahead = ahead.astype(told.dtypes.to_dict())
    return pd.concat([told, ahead], ignore_index=True)


def next_step(
    store: worklist.Worklist,
    lead_id: str,
    *,
    as_of: arguments.DayLike,
    plan: str | None = None,
    step: int | None = None,
) -> pd.DataFrame:
    """Which step of a lead is meant: the one named, or the only open one that is due?

    Returns
    -------
    pandas.DataFrame
        One row, as ``worklist.steps`` gives it.

    Raises
    ------
    WorklistError
        The lead has no such step, or not yet on that day, it is paused, none is open, or the next
        is not due yet.
    ParameterError
        Several could be meant; the message lists them.
    """
    day = arguments.day("as_of", as_of)
    steps = worklist.steps(store, as_of=day, lead_id=lead_id)
    if steps.empty:
        raise _no_step(store, lead_id, day)
    pending = steps[steps["status"] == "pending"]
    pending = pending if plan is None else pending[pending["plan"] == plan]
    pending = pending if step is None else pending[pending["step"] == step]
    is_paused = pending["is_paused"].astype(bool)
    waiting, pending = pending[is_paused], pending[~is_paused]
    if pending.empty and len(waiting):
        raise _paused(store, lead_id, day, waiting["plan"].iloc[0])
    if pending.empty:
        what = "" if step is None else f" {step}"
        raise errors.WorklistError(
            f"'{lead_id}' has no open step{what}" + (f" in '{plan}'." if plan else "."),
            mend=f"See what has happened with it: {_TIMELINE} {lead_id}",
        )
    due = pending[pending["due_date"] <= pd.Timestamp(day)]
    if step is None and due.empty:
        first = pending.sort_values(["due_date", "step"]).iloc[0]
        raise errors.WorklistError(
            f"The next step of '{lead_id}' is due on {first['due_date']:%Y-%m-%d}.",
            mend=f"To do it early, name it: --plan '{first['plan']}' --step {first['step']}",
        )
    meant = pending if step is not None else due
    if len(meant) > 1:
        meant = meant.sort_values(["due_date", "plan", "step"])
        listed = [
            f"step {row.step} of '{row.plan}' (due {row.due_date:%Y-%m-%d}"
            + (f", {row.channel})" if isinstance(row.channel, str) else ")")
            for row in meant.itertuples()
        ]
        first = meant.iloc[0]
        raise errors.ParameterError(
            f"'{lead_id}' has {len(meant)} steps that could be meant: {'; '.join(listed)}.",
            mend=f"Say which, as in: --plan '{first['plan']}' --step {first['step']}",
        )
    return meant


def _no_step(store: worklist.Worklist, lead_id: str, day: dt.date) -> errors.WorklistError:
    """Say why a lead has no step on a day: it is unknown, taken back, or planned only later."""
    what = f"The worklist knows no step of '{lead_id}'"
    if len(worklist.timeline(store, lead_id, as_of=day)):
        return errors.WorklistError(
            f"{what} on {day}.", mend=f"See what has happened with it: {_TIMELINE} {lead_id}"
        )
    ever = worklist.timeline(store, lead_id, as_of=_EVER)
    planned = ever.loc[(ever["what"] == "planned") & ~ever["is_undone"], "at"]
    if planned.empty:
        return errors.WorklistError(
            f"{what}.", mend="Check the id, and the lists of what is due; nothing was changed."
        )
    return errors.WorklistError(
        f"'{lead_id}' was put into its plan on {planned.min():%Y-%m-%d}, after {day}.",
        mend=f"Ask for that day or a later one: --as-of {planned.min():%Y-%m-%d}",
    )


def _paused(
    store: worklist.Worklist, lead_id: str, day: dt.date, plan: str
) -> errors.WorklistError:
    """Say since when a lead's plan waits, and how it goes on."""
    told = worklist.timeline(store, lead_id, as_of=day)
    paused = told[(told["what"] == "paused") & ~told["is_undone"] & (told["plan"] == plan)]
    return errors.WorklistError(
        f"'{plan}' for '{lead_id}' is paused since {paused['at'].max():%Y-%m-%d}.",
        mend=f"To go on with it: workbench nurture resume {lead_id} --plan '{plan}'",
    )


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
