"""What does the queue's panel work with? The lists, the step that is chosen, and what is done."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench import agendas, errors, labels, nurture, scheduling, schema, worklist
from workbench.panel import Act, Choice, Control, Day, Handed, Link, Text

Texts = Mapping[str, Any]

#: The lists, in the order they are offered; of those in ``OPEN`` a step can be done.
QUEUES = ("due", "missed", "done", "paused", "handovers")
OPEN = ("due", "missed")
_LATEST = 365
_NOON = dt.time(12)
_EVER = dt.date(9999, 12, 30)
_MESSAGE = "letter-message"


@dataclass(frozen=True)
class Rules:
    """How a plan goes on after a pause."""

    calendar: scheduling.Calendar = scheduling.EVERY_DAY
    capacity: int | None = None
    per_day: int = 1


class Desk:
    """The worklist as one person sees it on one day; what is read is kept until something is done."""

    def __init__(
        self,
        store: worklist.Worklist,
        day: dt.date,
        by: str,
        now: Callable[[], dt.datetime] | None,
        leads: pd.DataFrame,
        rules: Rules,
    ) -> None:
        self._store, self._day, self._by, self._now, self._rules = store, day, by, now, rules
        self._names = dict(zip(leads["lead_id"].astype(str), leads["lead_name"], strict=True))
        self._read: dict[Any, pd.DataFrame] = {}
        self._done: list[int] = []

    # ---- what there is ---------------------------------------------------------------------

    def listed(self, queue: str, owner: str | None) -> pd.DataFrame:
        """Give one list, of one owner or of all."""
        return self._kept((queue, owner), lambda: self._list(queue, owner))

    def counts(self, owner: str | None) -> dict[str, int]:
        """Say how long the three lists are; of what is done, only that of the day."""
        done = self.listed("done", owner)
        lists = {queue: len(self.listed(queue, owner)) for queue in OPEN}
        return {**lists, "done": int((done["closed_on"] == pd.Timestamp(self._day)).sum())}

    def timeline(self, party: str) -> pd.DataFrame:
        """Give all that has happened with one lead."""
        return self._kept(
            ("timeline", party), lambda: worklist.timeline(self._store, party, as_of=self._day)
        )

    def ahead(self, party: str) -> pd.DataFrame:
        """Give the steps of one lead that are still to come, or lie undone."""
        steps = self._steps(party_id=party)
        return steps[(steps["status"] == "pending") & ~steps["is_paused"].astype(bool)]

    def load(self, owner: str | None, *, days: int = 14) -> pd.DataFrame:
        """Give the steps of the next days, as ``scheduling.workload`` takes them."""
        steps = self._steps(owner_id=owner)
        first = pd.Timestamp(self._day)
        inside = steps["due_date"].between(first, first + pd.Timedelta(days=days - 1))
        mine = steps[inside & (steps["status"] == "pending") & ~steps["is_paused"].astype(bool)]
        return mine.rename(columns={"party_id": "lead_id"})

    def name(self, party: str) -> str:
        """Give the name of a lead, or its id."""
        known = self._names.get(party)
        return known if isinstance(known, str) and known else party

    def picked(self, queue: str, owner: str | None, chosen: Texts) -> dict[str, Any] | None:
        """Give the row that is chosen; None where the list is empty."""
        table = self.listed(queue, owner)
        key = chosen.get("step")
        for row, own in zip(_rows(table), _keys(table, queue), strict=True):
            if own == key:
                return row
        return None

    def party(self, queue: str, owner: str | None, chosen: Texts) -> str:
        """Give the lead that is chosen; empty where there is none."""
        row = self.picked(queue, owner, chosen)
        return "" if row is None else str(row["party_id"])

    # ---- what can be chosen and written ----------------------------------------------------

    def choices(self, queue: str, owner: str | None) -> Sequence[Control]:
        """Offer the rows of the list, the first one chosen; of a list just opened, read afresh."""
        self._read.clear()
        table = self.listed(queue, owner)
        if table.empty:
            return []
        rows: dict[str, Texts] = dict(zip(_keys(table, queue), _rows(table), strict=True))

        def words(key: Any, lang: labels.Lang) -> str:
            return self._called(rows[key], queue, lang)

        return [Choice(name="step", value=next(iter(rows)), options=tuple(rows), words=words)]

    def letter(self, queue: str, owner: str | None, chosen: Texts) -> Sequence[Control]:
        """Offer the words of the step, to be changed."""
        row = self.picked(queue, owner, chosen)
        if row is None or queue not in OPEN:
            return []

        def note(_value: Any, lang: labels.Lang) -> str:
            channel = labels.text(f"channel.{row['channel']}", lang)
            parts = [channel, _said(row, "address"), _said(row, "subject")]
            return " · ".join(part for part in parts if part)

        known = row["channel"] in schema.CHANNELS
        return [
            Text(name="message", value=_said(row, "text"), lines=7, note=note if known else None)
        ]

    def answer(self, queue: str, owner: str | None, chosen: Texts) -> Sequence[Control]:
        """Offer what the lead may have said, or the day on which a paused plan goes on."""
        row = self.picked(queue, owner, chosen)
        if row is None or queue == "handovers":
            return []
        if queue == "paused":
            last = self._day + dt.timedelta(days=_LATEST)
            return [Day(name="resume_on", value=self._day, first=self._day, last=last)]
        channels = tuple(schema.CHANNELS)
        way = row["channel"] if row["channel"] in channels else channels[0]
        return [
            Choice(
                name="feedback", value="positive", options=worklist.FEEDBACK, words="feedback",
                label="column.feedback",
            ),
            Choice(
                name="channel", value=way, options=channels, words="channel", label="column.channel"
            ),
            Text(name="note", value=""),
        ]  # fmt: skip

    # ---- what can be done ------------------------------------------------------------------

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
            Act(name="undo", does=self._undo, label="queue.undo", renews=True),
            Act(name="again", does=self._again, label="queue.again", renews=True),
            Act(name="ics", does=self._agenda, label="queue.ics"),
        ]  # fmt: skip

    def _mark_done(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, letter: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
        words = str(letter["message"]) or None
        asked = _step(row).assign(text=pd.Series([words], dtype="str"))
        made = worklist.mark_done(self._store, asked, at=self._at(), by=self._by)
        first = made.iloc[0]
        if not first["is_written"]:
            return self._overtaken(row, first, lang)
        own = words is not None and words != _said(row, "text")
        return self._told(
            "edited" if own else "done", first["operation_id"], lang, row, step=int(row["step"])
        )

    def _skip(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, answer: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
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
        party, feedback = str(row["party_id"]), answer["feedback"]
        note = answer["note"] or None
        made = worklist.stop(
            self._store, party, feedback=feedback, channel=answer["channel"], at=self._at(),
            by=self._by, text=None if feedback == "none" else note,
            reason=note if feedback == "none" else None,
        )  # fmt: skip
        # an event is never earlier than the one before it, so it may lie past the day
        last = worklist.timeline(self._store, party, as_of=_EVER)["operation_id"].max()
        return self._told(f"answer.{feedback}", last, lang, row, n=len(made))

    def _pause(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        row = self._must(queue, owner, chosen)
        made = worklist.pause(
            self._store, str(row["party_id"]), plan=row["plan"], at=self._at(), by=self._by
        )
        first = made["operation_id"].iloc[0] if len(made) else None
        return self._told("paused", first, lang, row, n=len(made))

    def _resume(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, answer: Texts,
        lang: labels.Lang,
    ) -> str:  # fmt: skip
        row = self._must(queue, owner, chosen)
        rows = nurture.resumed(
            self._steps(), str(row["party_id"]), on=answer["resume_on"], plan=row["plan"],
            calendar=self._rules.calendar, capacity=self._rules.capacity,
            per_day=self._rules.per_day,
        )  # fmt: skip
        made = worklist.resume(self._store, rows, at=self._at(), by=self._by)
        first = labels.date(made["due_date"].min().date(), lang)
        return self._told(
            "resumed", made["operation_id"].iloc[0], lang, row, n=len(made), date=first
        )

    def _take_over(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        row = self._must(queue, owner, chosen)
        made = worklist.take_over(self._store, str(row["party_id"]), at=self._at(), by=self._by)
        return self._told("taken_over", made, lang, row, by=self._by)

    def _undo(
        self, _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        row = self.picked(queue, owner, chosen)
        if queue == "done" and row is not None:
            operation = int(row["operation_id"])
        elif self._done:
            operation = self._done[-1]
        else:
            raise errors.ParameterError(
                "Nothing has been done in this panel that could be taken back.",
                mend="What was done before: choose it in the list of what is done.",
            )
        made = worklist.undo(self._store, operation, at=self._at(), by=self._by)
        self._done = [one for one in self._done if one != operation]
        return labels.text("queue.told.undone", lang, n=len(made), operation=operation)

    def _again(self, _: pd.DataFrame, lang: labels.Lang) -> str:
        self._read.clear()
        return labels.text("queue.told.again", lang)

    def _agenda(self, _: pd.DataFrame, owner: str | None, lang: labels.Lang) -> Handed:
        steps = self._steps(owner_id=owner)
        ahead = steps[steps["due_date"].dt.date.ge(self._day) | steps["status"].eq("pending")]
        named = ahead.assign(lead_name=[self.name(party) for party in ahead["party_id"]])
        text = agendas.ics(named, as_of=self._day, lang=lang)
        return Handed("worklist.ics", text.encode(), "text/calendar;charset=utf-8")

    # ---- what they share -------------------------------------------------------------------

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
        name = self.name(str(row["party_id"]))
        return labels.text(f"queue.told.{what}", lang, lead=name, **said)

    def _overtaken(self, row: Texts, now: Any, lang: labels.Lang) -> str:
        self._read.clear()
        status = labels.text("queue.is_paused", lang)
        if now["status"] != "pending":
            status = labels.text(f"status.{now['status']}", lang)
        by = now["closed_by"] if isinstance(now["closed_by"], str) else labels.MISSING
        name = self.name(str(row["party_id"]))
        return labels.text("queue.told.overtaken", lang, lead=name, status=status, by=by)

    def _at(self) -> dt.datetime:
        time = _NOON if self._now is None else self._now().time().replace(microsecond=0)
        return dt.datetime.combine(self._day, time)

    def _steps(self, **only: Any) -> pd.DataFrame:
        return self._kept(
            ("steps", *only.items()),
            lambda: worklist.steps(self._store, as_of=self._day, **only),
        )

    def _kept(self, key: Any, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def _list(self, queue: str, owner: str | None) -> pd.DataFrame:
        if queue == "paused":
            steps = self._steps(owner_id=owner)
            return steps[steps["is_paused"].astype(bool)].reset_index(drop=True)
        read: Callable[..., pd.DataFrame] = getattr(worklist, queue)
        return read(self._store, as_of=self._day, owner_id=owner)

    def _called(self, row: Texts, queue: str, lang: labels.Lang) -> str:
        """Say one row of a list in a line: the lead, the step, the way, the day."""
        parts = [self.name(str(row["party_id"]))]
        if queue != "handovers":
            parts.append(labels.text("finding.nurture.step", lang, n=int(row["step"])))
        if row["channel"] in schema.CHANNELS:
            parts.append(labels.text(f"channel.{row['channel']}", lang))
        when = row["waiting_since"] if queue == "handovers" else row["due_date"]
        parts.append(labels.date(when.date(), lang))
        return " · ".join(parts)


def links(row: Texts | None, letter: Texts) -> Sequence[Link]:
    """Give the ways out with the words that stand in the letter: to copy, to mail, to write.

    Examples
    --------
    >>> row = {"channel": "sms", "address": "+999 1", "subject": None}
    >>> [one.label for one in links(row, {"message": "Hello"})]
    ['queue.copy', 'queue.link.sms']
    """
    if row is None:
        return ()
    words = str(letter.get("message", ""))
    ways = [Link(label="queue.copy", text=words, typed_in=_MESSAGE)]
    if row["channel"] in schema.CHANNELS:
        address = agendas.link(
            row["channel"], _said(row, "address"), text=words, subject=_said(row, "subject")
        )
        if address is not None:
            label = f"queue.link.{row['channel']}"
            ways.append(Link(label=label, address=address, text=words, typed_in=_MESSAGE))
    return tuple(ways)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): one for name, one in row.items()} for row in table.to_dict("records")]


def _keys(table: pd.DataFrame, queue: str) -> list[str]:
    """Give what a row is known by: its step, or the lead that waits."""
    if queue == "handovers":
        return [str(party) for party in table["party_id"]]
    pairs = zip(table["enrolment_id"], table["step"], strict=True)
    return [f"{enrolment}/{step}" for enrolment, step in pairs]


def _step(row: Texts) -> pd.DataFrame:
    return pd.DataFrame({"enrolment_id": [str(row["enrolment_id"])], "step": [int(row["step"])]})


def _said(row: Texts, name: str) -> str:
    value = row[name]
    return value if isinstance(value, str) else ""
