"""What can be done from the queue? Each act writes to the worklist and says what it wrote."""

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench import campaigns, errors, worklist
from workbench.panel import Act, Handed, People, Words

Row = dict[Any, Any]
Refused = errors.WorkbenchError
#: The lists of which a step can be done.
OPEN = ("due", "missed")
_NOON = dt.time(12)


@dataclass
class Hand:
    """Who writes, on which day and at what time; and what was written, to be taken back."""

    store: worklist.Worklist
    day: dt.date
    by: str
    now: Callable[[], dt.datetime] | None = None
    written: list[int] = field(default_factory=list)

    def signed(self) -> dict[str, Any]:
        """Say when something is written, and by whom."""
        time = _NOON if self.now is None else self.now().time().replace(microsecond=0)
        return {"at": dt.datetime.combine(self.day, time), "by": self.by}


def _step(row: Row) -> pd.DataFrame:
    return pd.DataFrame({"enrolment_id": [str(row["enrolment_id"])], "step": [int(row["step"])]})


def _told(hand: Hand, words: Words, key: str, row: Row, made: pd.DataFrame, **values: Any) -> str:
    """Say what was done, and remember it for ``undo``."""
    first: Mapping[Any, Any] = made.iloc[0].to_dict() if len(made) else {}
    values |= {"lead": row["lead_name"], "step": row.get("step"), "n": len(made)}
    if not first.get("is_written", True):
        status = None if first["status"] == "pending" else first["status"]
        return words("queue.told.overtaken", status=status, by=first["closed_by"], **values)
    hand.written += [int(operation) for operation in made["operation_id"].dropna().unique()]
    return words(f"queue.told.{key}", **values)


def _refused(
    what: str, words: Words, kind: type[Refused] = errors.ParameterError, **values: Any
) -> Refused:
    return kind(words(f"queue.{what}", **values), mend=words(f"queue.{what}_mend"))


def done(hand: Hand, picked: Row, letter: Mapping[str, str], words: Words) -> str:
    """Mark the step done, in the words that stand in the letter."""
    planned, message = (picked["text"] or "").strip(), letter["message"].strip()
    if planned and not message:
        raise _refused("empty", words)
    is_own = message != planned
    step = _step(picked).assign(text=pd.Series([message if is_own else None], dtype="str"))
    made = worklist.mark_done(hand.store, step, **hand.signed())
    key = "edited" if is_own else "done" if planned else "wordless"
    return _told(hand, words, key, picked, made)


def skip(hand: Hand, picked: Row, answer: Mapping[str, str], words: Words) -> str:
    """Leave the step out, for a reason."""
    if not answer["note"]:
        raise _refused("needs_reason", words)
    made = worklist.skip(hand.store, _step(picked), reason=answer["note"], **hand.signed())
    return _told(hand, words, "skipped", picked, made)


def answer(hand: Hand, picked: Row, answer: Mapping[str, Any], people: People, words: Words) -> str:
    """Write down what the lead said, or why its plan stops without."""
    feedback, lead = answer["feedback"], str(picked["lead_id"])
    if feedback == "none" and not answer["note"]:
        raise _refused("needs_reason", words)
    said: dict[str, Any] = {"feedback": feedback, "channel": answer["channel"]}
    said["reason" if feedback == "none" else "text"] = answer["note"] or None
    made = campaigns.answer(hand.store, lead, leads=people.leads, **said, **hand.signed())
    if made.steps.empty and made.operation:
        hand.written.append(made.operation)
    return _told(hand, words, f"answer.{feedback}", picked, made.steps)


def pause(hand: Hand, picked: Row, words: Words) -> str:
    """Let the plan of the lead wait."""
    made = worklist.pause(hand.store, picked["lead_id"], plan=picked["plan"], **hand.signed())
    return _told(hand, words, "paused", picked, made)


def resume(
    hand: Hand, picked: Row, answer: Mapping[str, Any], pace: campaigns.Pace, words: Words
) -> str:
    """Let a plan go on from a day."""
    days: dict[str, Any] = {"on": answer["resume_on"], "as_of": hand.day, "pace": pace}
    lead, plan = picked["lead_id"], picked["plan"]
    made = campaigns.resume(hand.store, lead, plan=plan, **days, **hand.signed())
    return _told(hand, words, "resumed", picked, made, date=made["due_date"].min())


def take_over(hand: Hand, picked: Row, words: Words) -> str:
    """Let sales go on with the lead."""
    taken = worklist.take_over(hand.store, picked["lead_id"], **hand.signed())
    made = pd.DataFrame({"operation_id": [taken]})
    return _told(hand, words, "taken_over", picked, made, by=hand.by)


def reopen(hand: Hand, picked: Row, words: Words) -> str:
    """Take back one step that is done."""
    made = worklist.reopen(hand.store, _step(picked), **hand.signed())
    return _told(hand, words, "reopened", picked, made)


def undo(hand: Hand, words: Words) -> str:
    """Take back what was done last here."""
    # what another has taken back meanwhile is no longer ours to take back
    hand.written[:] = [one for one in hand.written if not worklist.is_undone(hand.store, one)]
    if not hand.written:
        raise _refused("nothing_done", words)
    made = worklist.undo(hand.store, hand.written[-1], **hand.signed())
    hand.written.pop()
    return words("queue.told.undone", n=len(made))


def again(words: Words) -> str:
    """See what others have done meanwhile."""
    return words("queue.told.again")


def ics(hand: Hand, owner: str | None, people: People, words: Words) -> Handed:
    """Hand the steps ahead to a calendar program."""
    steps = people.named(campaigns.ahead(hand.store, as_of=hand.day, owner=owner))
    text = campaigns.ics(steps, as_of=hand.day, words=words)
    return Handed("worklist.ics", text.encode(), "text/calendar;charset=utf-8")


def _act(does: Callable[..., Any], *queues: str, renews: bool = True, keeps: bool = False) -> Act:
    """Declare an act on a row of these lists, or on none."""

    @functools.wraps(does)
    def doing(**given: Any) -> Any:
        try:
            return does(**given)
        except errors.WorklistError as error:
            # others work on the same list: what was shown may be so no longer
            raise _refused("overtaken", given["words"], errors.WorklistError) from error
        except errors.ParameterError as error:
            if error.option != "at":
                raise
            raise _refused("far", given["words"], date=given["hand"].day) from error

    def offered(queue: str, chosen: Mapping[str, str]) -> bool:
        return not queues or (queue in queues and bool(chosen))

    label = f"queue.{does.__name__}"
    return Act(does=doing, label=label, offered=offered, renews=renews, keeps=keeps)


ACTS = (
    _act(done, *OPEN), _act(skip, *OPEN), _act(answer, *OPEN, "done"), _act(pause, *OPEN),
    _act(resume, "paused"), _act(take_over, "handovers"), _act(reopen, "done"),
    _act(undo), _act(again, keeps=True), _act(ics, renews=False),
)  # fmt: skip
