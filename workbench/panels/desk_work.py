"""What can be done from the queue's panel? Each act writes to the worklist and says what it wrote."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd

from workbench import campaigns, errors, labels, worklist
from workbench.panel import Act, Handed
from workbench.panels.desk import OPEN, Desk, Texts, said_in
from workbench.words import Words

_NOON = dt.time(12)


class Work(Desk):
    """A desk at which something is done: all of it by one person, on one day."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._done: list[int] = []

    def acts(self) -> list[Act]:
        """Give all that can be done, each where it makes sense."""

        def where(*queues: str) -> Callable[..., bool]:
            return lambda queue, chosen: queue in queues and bool(chosen)

        return [
            Act(name="done", does=self._mark_done, label="queue.done", renews=True,
                offered=where(*OPEN)),
            Act(name="skip", does=self._skip, label="queue.skip", renews=True,
                offered=where(*OPEN)),
            Act(name="answer", does=self._answered, label="queue.answer", renews=True,
                offered=where(*OPEN, "done")),
            Act(name="pause", does=self._pause, label="queue.pause", renews=True,
                offered=where(*OPEN)),
            Act(name="resume", does=self._resume, label="queue.resume", renews=True,
                offered=where("paused")),
            Act(name="take_over", does=self._take_over, label="queue.take_over", renews=True,
                offered=where("handovers")),
            Act(name="reopen", does=self._reopen, label="queue.reopen", renews=True,
                offered=where("done")),
            Act(name="undo", does=self._undo, label="queue.undo", renews=True),
            Act(name="again", does=self._again, label="queue.again", renews=True, keeps=True),
            Act(name="ics", does=self._agenda, label="queue.ics"),
        ]  # fmt: skip

    def _mark_done(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, letter: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
        words, planned = str(letter["message"]), said_in(row, "text").strip()
        if planned and not words:
            raise errors.ParameterError(
                labels.text("queue.empty", lang), mend=labels.text("queue.empty_mend", lang)
            )
        own = words != planned
        asked = _step(row).assign(text=pd.Series([words if own else None], dtype="str"))
        made = worklist.mark_done(self._store, asked, at=self._at(), by=self._by)
        first = made.iloc[0]
        if not first["is_written"]:
            return self._overtaken(row, first, lang)
        how = "edited" if own else "done" if planned else "wordless"
        return self._told(how, first["operation_id"], lang, row, step=int(row["step"]))

    def _skip(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, answer: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
        _require_reason(answer["note"], lang)
        made = worklist.skip(
            self._store, _step(row), reason=answer["note"], at=self._at(), by=self._by
        )
        first = made.iloc[0]
        if not first["is_written"]:
            return self._overtaken(row, first, lang)
        return self._told("skipped", first["operation_id"], lang, row, step=int(row["step"]))

    def _answered(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, answer: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
        party, feedback = str(row["lead_id"]), answer["feedback"]
        note = answer["note"] or None
        if feedback == "none":
            _require_reason(answer["note"], lang)
        made = worklist.stop(
            self._store, party, feedback=feedback, channel=answer["channel"], at=self._at(),
            by=self._by, text=None if feedback == "none" else note,
            reason=note if feedback == "none" else None,
        )  # fmt: skip
        last = worklist.last_operation(self._store, party)
        return self._told(f"answer.{feedback}", last, lang, row, n=len(made))

    def _pause(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        row = self._must(queue, owner, chosen)
        made = worklist.pause(
            self._store, str(row["lead_id"]), plan=row["plan"], at=self._at(), by=self._by
        )
        first = made["operation_id"].iloc[0] if len(made) else None
        return self._told("paused", first, lang, row, n=len(made))

    def _resume(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, answer: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
        made = campaigns.resume(
            self._store, str(row["lead_id"]), on=answer["resume_on"], plan=row["plan"],
            as_of=self._day, pace=self._pace, at=self._at(), by=self._by,
        )  # fmt: skip
        first = labels.date(made["due_date"].min().date(), lang)
        return self._told(
            "resumed", made["operation_id"].iloc[0], lang, row, n=len(made), date=first
        )

    def _take_over(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        row = self._must(queue, owner, chosen)
        made = worklist.take_over(self._store, str(row["lead_id"]), at=self._at(), by=self._by)
        return self._told("taken_over", made, lang, row, by=self._by)

    def _undo(self, _: pd.DataFrame, lang: labels.Lang) -> str:
        # what another has taken back meanwhile is no longer ours to take back
        self._done = [one for one in self._done if not worklist.is_undone(self._store, one)]
        if not self._done:
            raise errors.ParameterError(
                labels.text("queue.nothing_done", lang),
                mend=labels.text("queue.nothing_done_mend", lang),
            )
        operation = self._done[-1]
        made = worklist.undo(self._store, operation, at=self._at(), by=self._by)
        self._done.pop()
        return labels.text("queue.told.undone", lang, n=len(made), operation=operation)

    def _reopen(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        row = self._must(queue, owner, chosen)
        made = worklist.reopen(self._store, _step(row), at=self._at(), by=self._by)
        operation = made["operation_id"].iloc[0]
        return self._told("reopened", operation, lang, row, step=int(row["step"]))

    def _again(self, _: pd.DataFrame, lang: labels.Lang) -> str:
        self._read.clear()
        return labels.text("queue.told.again", lang)

    def _agenda(self, _: pd.DataFrame, owner: str | None, lang: labels.Lang) -> Handed:
        ahead = campaigns.ahead(self._store, as_of=self._day, owner=owner)
        named = ahead.assign(lead_name=[self.name(party) for party in ahead["lead_id"]])
        text = campaigns.ics(named, as_of=self._day, words=Words(lang))
        return Handed("worklist.ics", text.encode(), "text/calendar;charset=utf-8")

    def _must(self, queue: str, owner: str | None, chosen: Texts) -> dict[str, Any]:
        row = self.picked(queue, owner, chosen)
        if row is None:
            raise errors.ParameterError(
                "Nothing is chosen: the list is empty.", mend="Choose another list or owner."
            )
        return row

    def _told(self, what: str, operation: Any, lang: labels.Lang, row: Texts, **said: Any) -> str:
        """Say what was done, and remember it for ``undo``."""
        self._read.clear()
        if operation is not None and not pd.isna(operation):
            self._done.append(int(operation))
        name = self.name(str(row["lead_id"]))
        return labels.text(f"queue.told.{what}", lang, lead=name, **said)

    def _overtaken(self, row: Texts, now: Any, lang: labels.Lang) -> str:
        self._read.clear()
        status = labels.text("queue.is_paused", lang)
        if now["status"] != "pending":
            status = labels.text(f"status.{now['status']}", lang)
        by = now["closed_by"] if isinstance(now["closed_by"], str) else labels.MISSING
        name = self.name(str(row["lead_id"]))
        return labels.text("queue.told.overtaken", lang, lead=name, status=status, by=by)

    def _at(self) -> dt.datetime:
        time = _NOON if self._now is None else self._now().time().replace(microsecond=0)
        return dt.datetime.combine(self._day, time)


def _require_reason(note: str, lang: labels.Lang) -> None:
    if not note:
        raise errors.ParameterError(
            labels.text("queue.needs_reason", lang),
            mend=labels.text("queue.needs_reason_mend", lang),
        )


def _step(row: Texts) -> pd.DataFrame:
    return pd.DataFrame({"enrolment_id": [str(row["enrolment_id"])], "step": [int(row["step"])]})
