"""What became of each planned step: done in time, delivered, answered?"""

from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema
from workbench.results import Result

_STEPS = ("enrolment_id", "lead_id", "plan", "enrolled_on", "step", "due_date", "status")
_TOUCHES = ("lead_id", "touched_at", "channel", "direction")
OUTCOMES = Result(
    "nurture.outcomes(steps, touches, as_of=…)", enrolment_id="id", lead_id="id", owner_id="id",
    plan="plan", enrolled_on="date", step="count", due_date="date", channel="channel",
    template_id="id", template_version="count", variant="text", edited="choice", status="status",
    closed_on="date", sent_at="date", answer_until="date", answered_at="date", is_due="truth",
    is_done="truth", is_on_time="truth", is_missed="truth", is_delivered="truth",
    is_heard_out="truth", is_replied="truth", is_positive="truth", is_negative="truth",
    as_of="date",
)  # fmt: skip


def outcomes(
    steps: pd.DataFrame, touches: pd.DataFrame, *, as_of: arguments.DayLike
) -> pd.DataFrame:
    """What became of each step that was planned: done on its day, delivered, answered?

    Parameters
    ----------
    steps
        One row per planned step, as the contract ``steps`` says and the worklist gives.
    touches
        One row per touch, as the contract ``touches`` says. A step that is done finds its touch by
        lead, plan and step on or after the day of enrolment; one without a touch counts as sent at
        noon of the day it was done, and as delivered.
    as_of
        The day; what happened later is not seen.

    Returns
    -------
    pandas.DataFrame
        One row per step of an enrolment up to ``as_of``, in the order of enrolment and step:

        - ``enrolment_id``, ``lead_id``, ``owner_id``, ``plan``, ``enrolled_on``, ``step``,
          ``due_date``, ``channel``, ``template_id``, ``template_version``, ``variant``; the last
          four as sent, where it was sent; ``edited`` (yes, no or missing)
        - ``status`` and ``closed_on`` as of the day
        - ``is_due``: its day has come, and it had neither been stopped by then nor skipped before
        - ``is_done``; ``is_on_time``: done on its due date; ``is_missed``: due before ``as_of`` and
          still pending
        - ``is_delivered``: done, and it did not come back
        - ``sent_at``; ``answer_until``: the next step that was done or, where none followed, the
          plan's gap after this step (after the last: the gap before it); ``is_heard_out``:
          delivered, and ``answer_until`` is past
        - ``is_replied``: heard out, and the lead wrote in between; ``is_positive``,
          ``is_negative``: it said so; ``answered_at``: when it first wrote

    Raises
    ------
    ContractError
        A table is short of a column, or a step of an enrolment is there twice.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "enrolment_id": "E1", "lead_id": "L1", "owner_id": "S1", "plan": "Wake-up",
    ...     "enrolled_on": pd.Timestamp("2026-10-01"), "step": [1, 2],
    ...     "due_date": pd.to_datetime(["2026-10-01", "2026-10-02"]),
    ...     "status": ["done", "stopped"],
    ...     "closed_on": pd.to_datetime(["2026-10-01", "2026-10-01"])})
    >>> touches = pd.DataFrame({
    ...     "lead_id": "L1", "touched_at": pd.to_datetime(["2026-10-01 10:00", "2026-10-01 15:00"]),
    ...     "channel": "sms", "direction": ["out", "in"], "plan": ["Wake-up", None],
    ...     "step": [1, None], "feedback": [None, "positive"]})
    >>> facts = outcomes(steps, touches, as_of="2026-10-31")
    >>> facts[["step", "is_due", "is_on_time", "is_replied", "is_positive"]].values.tolist()
    [[1, True, True, True, True], [2, False, False, False, False]]
    """
    day = pd.Timestamp(arguments.day("as_of", as_of)).as_unit("us")
    schema.require(steps, "steps", _STEPS, made_by="the worklist, or loaders.load(…)")
    schema.require(touches, "touches", _TOUCHES, made_by="loaders.load(…)")
    table = _planned(steps, day)
    seen = _seen(touches, day)
    table = _with_touch(table, seen[seen["direction"] == "out"])
    table["answer_until"] = _answer_until(table)
    table = _with_answers(table, seen[seen["direction"] == "in"])
    end = day + pd.Timedelta(days=1)
    table["is_heard_out"] = table["is_delivered"] & (table["answer_until"] <= end)
    for name in ("is_replied", "is_positive", "is_negative"):
        table[name] &= table["is_heard_out"]
    table["answered_at"] = table["answered_at"].where(table["is_replied"])
    return table.assign(as_of=day)[list(OUTCOMES.columns)]


def _planned(steps: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Give the steps as they stood on the day."""
    names = [*schema.table("steps").column_names]
    table = steps.reindex(columns=names)
    for name in ("enrolled_on", "due_date", "closed_on"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    for name in ("enrolment_id", "lead_id", "owner_id", "plan"):
        table[name] = table[name].astype("str")
    table = table[table["enrolled_on"] <= day]
    table = table.sort_values(["enrolment_id", "step"]).reset_index(drop=True)
    if int(table.duplicated(["enrolment_id", "step"]).sum()):
        first = table[table.duplicated(["enrolment_id", "step"])].iloc[0]
        raise errors.ContractError(
            f"Step {first['step']} of enrolment '{first['enrolment_id']}' is there twice.",
            mend="There may be one row per enrolment and step.",
        )
    strange = ~table["status"].isin(schema.STATUSES)
    if strange.any():
        raise errors.ContractError(
            f"{int(strange.sum())} steps have an unknown status, the first is"
            f" '{table.loc[strange, 'status'].iloc[0]}'.",
            mend=f"Known: {', '.join(schema.STATUSES)}.",
        )
    later = table["closed_on"] > day
    undated = (table["status"] != "pending") & table["closed_on"].isna()
    if undated.any():
        raise errors.ContractError(
            f"{int(undated.sum())} steps are done, skipped or stopped without closed_on.",
            mend="State the day for each.",
        )
    table["status"] = table["status"].where(~later, "pending")
    table["closed_on"] = table["closed_on"].where(~later)
    status, due, closed = table["status"], table["due_date"], table["closed_on"]
    before = ((status == "stopped") & (closed <= due)) | ((status == "skipped") & (closed < due))
    table["is_done"] = status == "done"
    table["is_due"] = (due <= day) & ~before
    table["is_on_time"] = table["is_done"] & (closed == due)
    table["is_missed"] = (status == "pending") & (due < day)
    return table


def _seen(touches: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    names = [*schema.table("touches").column_names]
    table = touches.reindex(columns=names)
    table["touched_at"] = pd.to_datetime(table["touched_at"]).astype("datetime64[us]")
    table["lead_id"] = table["lead_id"].astype("str")
    table = table[table["touched_at"] < day + pd.Timedelta(days=1)]
    # a fixed order, whatever that of the rows was
    return table.sort_values(["touched_at", "lead_id", "touch_id", "channel"], kind="stable")


def _with_touch(table: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Put the first touch of each step, on or after the enrolment, beside it."""
    sent = sent[sent["plan"].notna() & sent["step"].notna()]
    written = ["channel", "template_id", "template_version", "variant"]
    facts = sent[["lead_id", "plan", "step", "touched_at", *written, "edited", "delivered"]]
    facts = facts.astype({"plan": "str", "step": "int64"}).rename(
        columns={name: f"{name}_sent" for name in written}
    )
    done = table.loc[
        table["is_done"], ["enrolment_id", "lead_id", "plan", "step", "enrolled_on", "closed_on"]
    ].astype({"step": "int64"})
    pairs = done.reset_index(names="row").merge(facts, on=["lead_id", "plan", "step"])
    pairs = pairs[pairs["touched_at"] >= pairs["enrolled_on"]]
    # of several enrolments in one plan, a touch belongs to the one whose step was done that day
    away = (pairs["touched_at"].dt.normalize() - pairs["closed_on"]).abs()
    pairs = pairs.assign(away=away).sort_values(["row", "away", "touched_at"], kind="stable")
    pairs = pairs.drop_duplicates("row").set_index("row")
    matched = pairs.reindex(table.index)
    has = matched["touched_at"].notna()
    for name in written:
        table[name] = matched[f"{name}_sent"].where(has, table[name])
    noon = table["closed_on"] + pd.Timedelta(hours=12)
    table["sent_at"] = matched["touched_at"].where(has, noon).where(table["is_done"])
    table["edited"] = matched["edited"].where(has)
    table["is_delivered"] = table["is_done"] & ~(matched["delivered"] == "no")
    return table


def _answer_until(table: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """Say until when an answer belongs to each step: up to the next that was done, or the gap."""
    group = table.groupby("enrolment_id", sort=False)
    gap = group["due_date"].shift(-1) - table["due_date"]
    gap = gap.fillna(table["due_date"] - group["due_date"].shift(1))
    # the only step of a plan waits as long as the plan lasts
    cycle = pd.to_timedelta(table["cycle_days"].astype("float64").fillna(1), unit="D")
    gap = gap.fillna(cycle)
    gap = gap.where(gap >= pd.Timedelta(days=1), pd.Timedelta(days=1))
    following = group["sent_at"].shift(-1)
    following = following.groupby(table["enrolment_id"], sort=False).bfill()
    # sent earlier than this one, though it comes later in the plan: it ends nothing
    following = following.where(following > table["sent_at"])
    return following.fillna(table["sent_at"] + gap).astype("datetime64[us]")


def _with_answers(table: pd.DataFrame, heard: pd.DataFrame) -> pd.DataFrame:
    """Give each answer to the last step sent to the lead before it, if it came in time."""
    sent = table.loc[table["sent_at"].notna(), ["lead_id", "sent_at", "answer_until"]]
    sent = sent.reset_index(names="row").sort_values(["sent_at", "row"], kind="stable")
    answers = pd.merge_asof(
        heard[["lead_id", "touched_at", "feedback"]],
        sent,
        left_on="touched_at",
        right_on="sent_at",
        by="lead_id",
        direction="backward",
    )
    answers = answers[answers["touched_at"] < answers["answer_until"]]
    row: Any = answers["row"].astype("int64")
    table["answered_at"] = answers.groupby(row)["touched_at"].min().reindex(table.index)
    table["is_replied"] = np.isin(table.index, row)
    for feedback in ("positive", "negative"):
        answered = row[answers["feedback"] == feedback]
        table[f"is_{feedback}"] = np.isin(table.index, answered)
    return table
