"""What does another tool know of touches and answers? They come in once, and close what they did."""

from typing import Any, Literal, get_args

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors, schema
from workbench.worklist import typed, writing
from workbench.worklist.answering import FEEDBACK
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, TOUCHES

Outcome = Literal[
    "done", "done_already", "stopped", "kept", "there_already", "not_yet", "unknown_lead"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_REQUIRED = ("touch_id", "lead_id", "touched_at", "channel", "direction")
_OPTIONAL = ("owner_id", "plan", "step", "text", "delivered", "feedback")
_KEYS = ["enrolment_id", "step"]
_OPEN = ("pending", "paused")


def record(
    store: Worklist, touches: pd.DataFrame, *, at: Any, by: str, dry_run: bool = False
) -> pd.DataFrame:
    """Which of these touches and answers were planned, and what do they close?

    In the order they happened: one to a lead marks the step done that it names by ``plan`` and
    ``step`` or else the first open one due by that day on its channel; where a step was marked done
    by hand that day, on that channel, it is taken for that. A positive or negative answer, or opting
    out, ends the lead's open steps, as ``stop``. What happened before a lead was enrolled closes and
    ends nothing of that plan. All are kept in the timeline; one that is there already is left alone,
    so that an export may be imported again.

    Parameters
    ----------
    store
        The worklist.
    touches
        One row per touch: ``touch_id``, ``lead_id``, ``touched_at``, ``channel``, ``direction``
        (out, in); also ``owner_id``, ``plan``, ``step``, ``text``, ``delivered``, ``feedback``.
    at, by, dry_run
        As ``mark_done``.

    Returns
    -------
    pandas.DataFrame
        One row per row of ``touches``, in their order: ``touch_id``, ``lead_id``, ``outcome``:

        - ``done``: it marked a step done; ``plan`` and ``step`` say which
        - ``done_already``: it is the doing of a step that was marked before; which, likewise
        - ``stopped``: it ended ``steps_stopped`` open steps
        - ``kept``: it is in the timeline, and closed nothing
        - ``there_already``: it was imported before
        - ``not_yet``: it is dated after the day of ``at``; not kept
        - ``unknown_lead``: the worklist knows no such lead; not kept

        and ``operation_id``, for ``undo`` of all that this call wrote.

    Raises
    ------
    ContractError
        A column is missing or wrong, or a ``touch_id`` is there twice. Nothing is changed.
    UnknownNameError
        There is no such channel, direction or feedback.

    Examples
    --------
    >>> import tempfile, workbench.worklist as worklist
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": "L1", "plan": "spring", "step": [1, 2, 3],
    ...     "due_date": ["2026-11-02", "2026-11-09", "2026-11-16"], "channel": "wechat"})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 09:00", by="Lin")
    >>> heard = pd.DataFrame({"touch_id": ["m1", "m2"], "lead_id": "L1", "channel": "wechat",
    ...     "touched_at": ["2026-11-02 10:00", "2026-11-03 11:00"], "direction": ["out", "in"],
    ...     "feedback": [None, "positive"]})
    >>> found = record(store, heard, at="2026-11-04 09:00", by="Lin")
    >>> found[["outcome", "steps_stopped"]].values.tolist()
    [['done', 0], ['stopped', 2]]
    """
    moment, person = arguments.moment("at", at), arguments.text("by", by)
    asked = _checked(touches)
    with store.writing(dry_run=dry_run) as connection:
        outcome = _known_before(connection, asked)
        tomorrow = pd.Timestamp(moment).normalize() + pd.Timedelta(days=1)
        outcome = outcome.mask((outcome == "kept") & (asked["touched_at"] >= tomorrow), "not_yet")
        new = asked[outcome == "kept"].sort_values(["touched_at", "touch_id"])
        operation = None
        matched = _matched(new, _steps(connection, []))
        if len(new):
            operation = writing.begin(connection, "import", moment, person)
            last = _steps(connection, new["lead_id"].unique().tolist())
            matched = _matched(new, last)
            _write(connection, operation, new.join(matched), last)
    found = matched.reindex(asked.index)
    number = pd.Series(None if dry_run else operation, index=asked.index, dtype="Int64")
    is_new = outcome == "kept"
    result = pd.DataFrame(
        {
            "touch_id": asked["touch_id"],
            "lead_id": asked["lead_id"],
            "outcome": found["outcome"].where(is_new, outcome),
            "plan": found["plan_done"],
            "step": found["step_done"],
            "steps_stopped": found["stopped"]
            .map(len, na_action="ignore")
            .fillna(0)
            .astype("int64"),
            "operation_id": number.where(is_new),
        }
    )
    return result.reset_index(drop=True)


def _checked(touches: pd.DataFrame) -> pd.DataFrame:
    table = typed.table(touches, "touches", _REQUIRED, _OPTIONAL, made_by="loaders.load(…)")
    for name, known in (
        ("channel", tuple(schema.CHANNELS)),
        ("direction", ("out", "in")),
        ("feedback", FEEDBACK),
    ):
        odd = table[name].dropna()
        odd = odd[~odd.isin(known)]
        if len(odd):
            raise errors.unknown(name, str(odd.iloc[0]), known)
    twice = table["touch_id"].duplicated()
    if twice.any():
        raise errors.ContractError(
            f"touches: '{table.loc[twice, 'touch_id'].iloc[0]}' is there twice.",
            mend="Give each touch a touch_id of its own; nothing was changed.",
        )
    return table


def _known_before(connection: sa.Connection, asked: pd.DataFrame) -> "pd.Series[str]":
    """Which are there already, and whom does the worklist not know?"""
    there: set[str] = set()
    leads: set[str] = set()
    for part in writing.parts(asked["touch_id"].tolist()):
        found = sa.select(TOUCHES.c.touch_id).where(
            TOUCHES.c.touch_id.in_(part), TOUCHES.c.operation_id.not_in(writing.undone())
        )
        there |= set(connection.execute(found).scalars())
    for part in writing.parts(asked["lead_id"].unique().tolist()):
        found = sa.select(ENROLMENTS.c.lead_id).where(ENROLMENTS.c.lead_id.in_(part))
        leads |= set(connection.execute(found).scalars())
    outcome = pd.Series("kept", index=asked.index)
    outcome = outcome.mask(~asked["lead_id"].isin(leads), "unknown_lead")
    return outcome.mask(asked["touch_id"].isin(there), "there_already")


def _steps(connection: sa.Connection, leads: list[str]) -> pd.DataFrame:
    """Give the steps of these leads that are open, or done by hand; the first due first."""
    ids: list[str] = []
    did: set[tuple[str, int]] = set()
    for part in writing.parts(leads):
        asked = sa.select(ENROLMENTS.c.enrolment_id).where(ENROLMENTS.c.lead_id.in_(part))
        ids += connection.execute(asked).scalars().all()
        known = sa.select(TOUCHES.c.enrolment_id, TOUCHES.c.did_step).where(
            TOUCHES.c.lead_id.in_(part),
            TOUCHES.c.enrolment_id.is_not(None),
            TOUCHES.c.operation_id.not_in(writing.undone()),
        )
        did |= {(row.enrolment_id, row.did_step) for row in connection.execute(known)}
    last = writing.last_of(connection, ids)
    last = last[last["status"].isin([*_OPEN, "done"])]
    told = [pair in did for pair in zip(last["enrolment_id"], last["step"], strict=True)]
    last = last[~(pd.Series(told, index=last.index, dtype=bool) & (last["status"] == "done"))]
    return last.sort_values(["due_date", "plan", "step"], ignore_index=True)


def _matched(new: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Follow what happened: which step each touch closes or was, or which it ends.

    A walk in the order of time, since what an answer ends no later touch can do.
    """
    left: dict[Any, list[dict[Any, Any]]] = {}
    for row in last.to_dict("records"):
        left.setdefault(row["lead_id"], []).append(row)
    rows = []
    for touch in new.to_dict("records"):
        mine = left.get(touch["lead_id"], [])
        begun = [one for one in mine if one["enrolled_on"] <= touch["touched_at"]]
        found: dict[str, Any] = {"outcome": "kept", "stopped": []}
        if touch["direction"] == "out":
            was = next((one for one in begun if _was(touch, one)), None)
            step = was or next((one for one in begun if _is_meant(touch, one)), None)
            if step is not None:
                mine.remove(step)
                found |= {
                    "outcome": "done" if was is None else "done_already",
                    "enrolment_id": step["enrolment_id"],
                    "plan_done": step["plan"],
                    "step_done": step["step"],
                }
        elif touch["feedback"] in ("positive", "negative", "opted_out"):
            ended = [one for one in begun if one["status"] in _OPEN]
            found["stopped"] = [(one["enrolment_id"], one["step"]) for one in ended]
            found["outcome"] = "stopped" if ended else "kept"
            left[touch["lead_id"]] = [one for one in mine if one not in ended]
        rows.append(found)
    columns = ["outcome", "stopped", "enrolment_id", "plan_done", "step_done"]
    table = pd.DataFrame(rows, index=new.index, columns=columns)
    return table.astype({"step_done": "Int64"})


def _was(touch: dict[Any, Any], step: dict[Any, Any]) -> bool:
    """Is this touch the doing of a step that somebody has marked done already?"""
    if step["status"] != "done" or not _is_named(touch, step):
        return False
    if pd.notna(touch["plan"]) and pd.notna(touch["step"]):
        return True
    is_same_day = step["at"].normalize() == touch["touched_at"].normalize()
    return bool(is_same_day and (pd.isna(step["channel"]) or step["channel"] == touch["channel"]))


def _is_meant(touch: dict[Any, Any], step: dict[Any, Any]) -> bool:
    """Is this touch the doing of that open step?"""
    if step["status"] != "pending" or not _is_named(touch, step):
        return False
    if pd.notna(touch["plan"]) and pd.notna(touch["step"]):
        return True
    is_due = step["due_date"] <= touch["touched_at"]
    return bool(is_due and (pd.isna(step["channel"]) or step["channel"] == touch["channel"]))


def _is_named(touch: dict[Any, Any], step: dict[Any, Any]) -> bool:
    """Does the touch name this plan and step, as far as it names any?"""
    if pd.notna(touch["plan"]) and step["plan"] != touch["plan"]:
        return False
    return bool(pd.isna(touch["plan"]) or pd.isna(touch["step"]) or step["step"] == touch["step"])


def _write(
    connection: sa.Connection, operation: int, new: pd.DataFrame, last: pd.DataFrame
) -> None:
    kept = new[["touch_id", *_REQUIRED[1:], *_OPTIONAL]].assign(
        operation_id=operation, enrolment_id=new["enrolment_id"], did_step=new["step_done"]
    )
    writing.insert(connection, TOUCHES, typed.records(kept))
    done = new[new["outcome"] == "done"].astype({"step_done": "int64"})
    done = done[["enrolment_id", "step_done", "touched_at", "text"]]
    done = done.set_axis([*_KEYS, "touched_at", "text_as_sent"], axis="columns")
    closed = last.merge(done, on=_KEYS)
    if len(closed):
        sent = closed["text_as_sent"].where(closed["text_as_sent"].notna(), closed["text"])
        events = writing.follow(closed, status="done", at=closed["touched_at"], text=sent)
        writing.append(connection, operation, events)
    ended = new[new["outcome"] == "stopped"].explode("stopped")
    stopped = pd.DataFrame(ended["stopped"].tolist(), columns=_KEYS, index=ended.index)
    stopped = stopped.assign(touched_at=ended["touched_at"], said=ended["feedback"])
    over = last.merge(stopped.astype({"step": "int64"}), on=_KEYS)
    if len(over):
        events = writing.follow(over, status="stopped", at=over["touched_at"], reason=over["said"])
        writing.append(connection, operation, events)
