"""What does another tool know of touches and answers? They come in once, and close what they did."""

from collections.abc import Collection
from typing import Any, Literal, get_args

import pandas as pd
import sqlalchemy as sa

from workbench import arguments, errors, schema
from workbench.results import Result
from workbench.worklist import events, sharing, typed
from workbench.worklist.answering import FEEDBACK
from workbench.worklist.events import KEYS, OPEN
from workbench.worklist.store import Worklist
from workbench.worklist.tables import ENROLMENTS, TOUCHES

Outcome = Literal[
    "done", "done_already", "stopped", "kept", "there_already", "not_yet", "unknown_lead"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_REQUIRED = ("touch_id", "lead_id", "touched_at", "channel", "direction")
_OPTIONAL = ("owner_id", "plan", "step", "text", "delivered", "feedback")
# A message under two ids: equal in these, and in those where both have them.
_SAME = ("lead_id", "touched_at", "channel", "direction", "feedback")
_AS_FAR_AS_KNOWN = ("text", "plan", "step")

RECORDED = Result(
    "worklist.record(store, touches, …)", touch_id="id", lead_id="id", outcome="text", plan="plan",
    step="count", steps_stopped="count", operation_id="count",
)  # fmt: skip


def record(
    store: Worklist,
    touches: pd.DataFrame,
    *,
    at: Any,
    by: str,
    may_opt_out: Collection[str] = (),
    dry_run: bool = False,
) -> pd.DataFrame:
    """Which of these touches and answers were planned, and what do they close?

    In the order they happened: one to a lead marks the step done that it names by ``plan`` and
    ``step`` or else the first open one due by that day on its channel; where a step was marked done
    by hand that day, on that channel, it is taken for that. A positive or negative answer, or opting
    out, ends the lead's open steps, as ``stop``; opting out those by that channel also of other leads
    that share the address. What happened before a lead was enrolled closes and ends nothing of that
    plan, but that a closed channel stays closed. All are kept in the timeline; one that is there
    already is left alone, so that an export may be imported again, and so is the same message under
    another id: of one lead, time, channel and direction, in the same words as far as both have them
    (what the lead said: only where it has words).

    Parameters
    ----------
    store
        The worklist.
    touches
        One row per touch: ``touch_id``, ``lead_id``, ``touched_at``, ``channel``, ``direction``
        (out, in); also ``owner_id``, ``plan``, ``step``, ``text``, ``delivered``, ``feedback``.
    at, by, dry_run
        As ``mark_done``.
    may_opt_out
        Leads that are known elsewhere: their opting out is kept, though they are in no plan yet.

    Returns
    -------
    pandas.DataFrame
        One row per row of ``touches``, in their order: ``touch_id``, ``lead_id``, ``outcome``:

        - ``done``: it marked a step done; ``plan`` and ``step`` say which
        - ``done_already``: it is the doing of a step that was marked before; which, likewise
        - ``stopped``: it ended ``steps_stopped`` open steps
        - ``kept``: it is in the timeline, and closed nothing
        - ``there_already``: it was imported before, or is there under another id
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
    given = _checked(touches)
    with store.writing(dry_run=dry_run) as connection:
        asked = _for_all(connection, given, store.country)
        outcome = _known_before(connection, asked, may_opt_out)
        tomorrow = pd.Timestamp(moment).normalize() + pd.Timedelta(days=1)
        outcome = outcome.mask((outcome == "kept") & (asked["touched_at"] >= tomorrow), "not_yet")
        outcome = outcome.mask(_doubles(connection, asked, outcome == "kept"), "there_already")
        new = asked[outcome == "kept"].sort_values(["touched_at", "touch_id"])
        operation = None
        last = _steps(connection, new["lead_id"].unique().tolist())
        matched = _matched(new, last)
        if len(new):
            operation = events.begin(connection, "import", moment, person)
            _write(connection, operation, new.join(matched), last)
    found = matched.reindex(asked.index)
    number = pd.Series(None if dry_run else operation, index=asked.index, dtype="Int64")
    is_new = outcome == "kept"
    stopped = found["stopped"].map(len, na_action="ignore").fillna(0).astype("int64")
    # what ended other leads' steps by the same address counts where it was said
    of_all = stopped.groupby(asked["touch_of"]).sum().reindex(asked.index, fill_value=0)
    ended = found["outcome"].mask(of_all > 0, "stopped")
    return (
        asked[["touch_id", "lead_id"]]
        .assign(
            outcome=ended.where(is_new, outcome),
            plan=found["plan_done"],
            step=found["step_done"],
            steps_stopped=of_all,
            operation_id=number.where(is_new),
        )
        .head(len(given))
    )


def _for_all(connection: sa.Connection, given: pd.DataFrame, country: str | None) -> pd.DataFrame:
    """Add what opts out once more for every other lead of the worklist that has the address."""
    table = given.assign(touch_of=given.index, is_shared=False)
    out = table[table["feedback"] == "opted_out"]
    if out.empty:
        return table
    known = sharing.keyed(sharing.pairs(connection), country=country)
    ids, rows = set(given["touch_id"]), out.to_dict("index")
    more = [
        rows[place]
        | {"lead_id": other, "touch_id": touch_id, "plan": None, "step": None, "is_shared": True}
        for place, other in sharing.others(known, out).itertuples(index=False)
        if (touch_id := f"{rows[place]['touch_id']} {other}") not in ids
    ]
    if not more:
        return table
    return pd.concat([table, pd.DataFrame(more).astype(table.dtypes)], ignore_index=True)


def _checked(touches: pd.DataFrame) -> pd.DataFrame:
    table = typed.table(touches, "touches", _REQUIRED, _OPTIONAL, made_by="loaders.load(…)")
    for name, known in (
        ("channel", schema.CHANNELS),
        ("direction", ("out", "in")),
        ("feedback", FEEDBACK),
    ):
        for code in table[name].dropna().unique():
            arguments.one_of(name, code, known)
    twice = table["touch_id"].duplicated()
    if twice.any():
        raise errors.ContractError(
            f"The touch '{table.loc[twice, 'touch_id'].iloc[0]}' is there twice.",
            mend="Give each touch a touch_id of its own; nothing was changed.",
        )
    return table


def _known_before(
    connection: sa.Connection, asked: pd.DataFrame, may_opt_out: Collection[str]
) -> "pd.Series[str]":
    """Which are there already, and whom does the worklist not know?"""

    def among(column: Any, *where: Any) -> "pd.Series[bool]":
        given = asked[column.key]
        asked_for = sa.select(column).where(*where)
        known = events.read(connection, asked_for, column, given.unique().tolist())
        return pd.Series(given.isin(known[column.key]))

    outcome = pd.Series("kept", index=asked.index)
    opts_out = (asked["feedback"] == "opted_out") & asked["lead_id"].isin(list(may_opt_out))
    outcome = outcome.where(among(ENROLMENTS.c.lead_id) | opts_out, "unknown_lead")
    there = among(TOUCHES.c.touch_id, TOUCHES.c.operation_id.not_in(events.undone()))
    return outcome.mask(there, "there_already")


def _doubles(
    connection: sa.Connection, asked: pd.DataFrame, is_new: "pd.Series[bool]"
) -> "pd.Series[bool]":
    """Which are a message that is there, or stands above, under another id?"""
    names = [*_SAME, *_AS_FAR_AS_KNOWN]
    stored = sa.select(*(TOUCHES.c[name] for name in names)).where(
        TOUCHES.c.operation_id.not_in(events.undone())
    )
    new = asked[is_new].sort_values(["touched_at", "touch_id"], kind="stable")
    leads = new["lead_id"].unique().tolist()
    there = events.read(connection, stored, TOUCHES.c.lead_id, leads)
    seen: dict[Any, list[dict[Any, Any]]] = {}
    for row in there.to_dict("records"):
        seen.setdefault(_same(row), []).append(row)
    double = pd.Series(False, index=asked.index)
    for place, row in zip(new.index, new[names].to_dict("records"), strict=True):
        before = seen.setdefault(_same(row), [])
        # what a lead said closes no second step: without words it is not known to be the same
        double[place] = any(
            all(_agree(row[name], other[name]) for name in _AS_FAR_AS_KNOWN)
            for other in before
            if row["direction"] == "out" or pd.notna([row["text"], other["text"]]).all()
        )
        before.append(row)
    return double


def _same(row: dict[Any, Any]) -> tuple[Any, ...]:
    feedback = row["feedback"]
    said = None if pd.isna(feedback) or feedback == "none" else feedback
    return (*(row[name] for name in _SAME[:-1]), said)


def _agree(one: Any, other: Any) -> bool:
    if pd.isna(one) or pd.isna(other):
        return True
    return " ".join(str(one).split()).casefold() == " ".join(str(other).split()).casefold()


def _steps(connection: sa.Connection, leads: list[str]) -> pd.DataFrame:
    """Give the steps of these leads that are open, or done by hand; the first due first."""
    did = sa.select(TOUCHES.c.enrolment_id, TOUCHES.c.did_step.label("step")).where(
        TOUCHES.c.enrolment_id.is_not(None), TOUCHES.c.operation_id.not_in(events.undone())
    )
    told = events.read(connection, did.distinct(), TOUCHES.c.lead_id, leads)
    last = events.last_of_leads(connection, leads)
    last = last.merge(told, on=KEYS, how="left", indicator=True)
    by_hand = (last["status"] == "done") & (last["_merge"] == "left_only")
    last = last[last["status"].isin(OPEN) | by_hand].drop(columns="_merge")
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
        begun = [step for step in mine if step["enrolled_on"] <= touch["touched_at"]]
        outcome: dict[str, Any] = {"outcome": "kept", "stopped": []}
        if touch["direction"] == "out":
            # one that was marked done by hand comes before one that is open
            did = [step for step in begun if _is_meant(touch, step)]
            did.sort(key=lambda step: step["status"] != "done")
            if did:
                mine.remove(did[0])
                outcome |= {
                    "outcome": "done_already" if did[0]["status"] == "done" else "done",
                    "enrolment_id": did[0]["enrolment_id"],
                    "plan_done": did[0]["plan"],
                    "step_done": did[0]["step"],
                }
        elif touch["feedback"] in ("positive", "negative", "opted_out"):
            ended = [step for step in mine if step["status"] in OPEN and _ends(touch, step)]
            outcome["stopped"] = [(step["enrolment_id"], step["step"]) for step in ended]
            outcome["outcome"] = "stopped" if ended else "kept"
            left[touch["lead_id"]] = [step for step in mine if step not in ended]
        rows.append(outcome)
    columns = ["outcome", "stopped", "enrolment_id", "plan_done", "step_done"]
    table = pd.DataFrame(rows, index=new.index, columns=columns)
    return table.astype({"step_done": "Int64", "enrolment_id": "str", "plan_done": "str"})


def _ends(touch: dict[Any, Any], step: dict[Any, Any]) -> bool:
    """Does this answer end that step: of a plan begun by then, or by a channel that is closed?"""
    if touch["feedback"] == "opted_out" and step["channel"] == touch["channel"]:
        return True
    return bool(step["enrolled_on"] <= touch["touched_at"] and not touch["is_shared"])


def _is_meant(touch: dict[Any, Any], step: dict[Any, Any]) -> bool:
    """Is this touch the doing of that step: one that is open, or was marked done by hand?"""
    if step["status"] == "paused" or (pd.notna(touch["plan"]) and step["plan"] != touch["plan"]):
        return False
    if pd.notna(touch["plan"]) and pd.notna(touch["step"]):
        return bool(step["step"] == touch["step"])
    by_then = step["due_date"] <= touch["touched_at"]
    if step["status"] == "done":
        by_then = step["at"].normalize() == touch["touched_at"].normalize()
    return bool(by_then and (pd.isna(step["channel"]) or step["channel"] == touch["channel"]))


def _write(
    connection: sa.Connection, operation: int, new: pd.DataFrame, last: pd.DataFrame
) -> None:
    kept = new[["touch_id", *_REQUIRED[1:], *_OPTIONAL]].assign(
        operation_id=operation, enrolment_id=new["enrolment_id"], did_step=new["step_done"]
    )
    events.insert(connection, TOUCHES, kept)
    done = new[new["outcome"] == "done"].astype({"step_done": "int64"})
    done = done[["enrolment_id", "step_done", "touched_at", "text"]]
    done = done.set_axis([*KEYS, "touched_at", "text_as_sent"], axis="columns")
    closed = last.merge(done, on=KEYS)
    words = closed["text_as_sent"].fillna(closed["text"])
    marks = events.follow(closed, status="done", at=closed["touched_at"], text=words)
    events.append(connection, operation, marks)
    ended = new[new["outcome"] == "stopped"].explode("stopped")
    stopped = pd.DataFrame(ended["stopped"].tolist(), columns=KEYS, index=ended.index)
    stopped = stopped.assign(touched_at=ended["touched_at"], said=ended["feedback"])
    over = last.merge(stopped.astype({"enrolment_id": "str", "step": "int64"}), on=KEYS)
    ends = events.follow(over, status="stopped", at=over["touched_at"], reason=over["said"])
    events.append(connection, operation, ends)
