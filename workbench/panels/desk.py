"""What does the queue's panel work with? The lists, the step that is chosen, and its words."""

import collections
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from workbench import campaigns, labels, schema, worklist
from workbench.panel import Choice, Control, Day, Link, Text
from workbench.words import Words

Texts = Mapping[str, Any]

#: The lists, in the order they are offered; of those in ``OPEN`` a step can be done.
QUEUES = ("due", "missed", "done", "paused", "handovers")
OPEN = ("due", "missed")
_LATEST = 365
_MESSAGE = "letter-message"


class Desk:
    """The worklist as one person sees it on one day; what is read is kept until something is done."""

    def __init__(
        self,
        store: worklist.Worklist,
        day: dt.date,
        by: str,
        now: Callable[[], dt.datetime] | None,
        leads: pd.DataFrame,
        pace: campaigns.Pace,
    ) -> None:
        self._store, self._day, self._by, self._now, self._pace = store, day, by, now, pace
        self._names = dict(zip(leads["lead_id"].astype(str), leads["lead_name"], strict=True))
        self._left = _stated(leads)
        self._read: dict[Any, pd.DataFrame] = {}

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
        steps = self._steps(lead_id=party)
        return steps[(steps["status"] == "pending") & ~steps["is_paused"].astype(bool)]

    def load(self, owner: str | None, *, days: int = 14) -> pd.DataFrame:
        """Give the steps of the next days, as ``scheduling.workload`` takes them."""
        steps = self._steps(owner_id=owner)
        first = pd.Timestamp(self._day)
        inside = steps["due_date"].between(first, first + pd.Timedelta(days=days - 1))
        return steps[inside & (steps["status"] == "pending") & ~steps["is_paused"].astype(bool)]

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
        return "" if row is None else str(row["lead_id"])

    # ---- what can be chosen and written ----------------------------------------------------

    def choices(self, queue: str, owner: str | None) -> Sequence[Control]:
        """Offer the rows of the list, the first one chosen; of a list just opened, read afresh."""
        self._read.clear()
        table = self.listed(queue, owner)
        if table.empty:
            return []
        rows: dict[str, Texts] = dict(zip(_keys(table, queue), _rows(table), strict=True))
        lines = {lang: self._lines(rows, queue, lang) for lang in labels.LANGUAGES}

        def words(key: Any, words: Words) -> str:
            return lines[words.lang][key]

        return [Choice(name="step", value=next(iter(rows)), options=tuple(rows), words=words)]

    def letter(self, queue: str, owner: str | None, chosen: Texts) -> Sequence[Control]:
        """Offer the words of the step, to be changed."""
        row = self.picked(queue, owner, chosen)
        if row is None or queue not in OPEN:
            return []

        left = self.opted_out_on(row)

        def note(_value: Any, words: Words) -> str:
            channel = words(f"channel.{row['channel']}")
            if left is not None:
                date = words.write(left, "date")
                return words("queue.opted_out", channel=channel, date=date)
            parts = [channel, said_in(row, "address"), said_in(row, "subject")]
            return " · ".join(part for part in parts if part)

        known = row["channel"] in schema.CHANNELS
        return [
            Text(name="message", value=said_in(row, "text"), lines=7, note=note if known else None)
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

    # ---- how it is read -------------------------------------------------------------------

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

    def _lines(self, rows: Mapping[str, Texts], queue: str, lang: labels.Lang) -> dict[str, str]:
        """Say each row in a line of its own: the plan and the id stand in it where it needs them."""
        plans = {row["plan"] for row in rows.values()}
        lines = {
            key: self._called(row, queue, lang, with_plan=len(plans) > 1)
            for key, row in rows.items()
        }
        often = collections.Counter(lines.values())
        return {
            key: f"{line} · {rows[key]['lead_id']}" if often[line] > 1 else line
            for key, line in lines.items()
        }

    def _called(self, row: Texts, queue: str, lang: labels.Lang, *, with_plan: bool) -> str:
        """Say one row of a list in a line: the lead, the step, the way, the day."""
        parts = [self.name(str(row["lead_id"]))]
        if with_plan and isinstance(row["plan"], str):
            parts.append(row["plan"])
        if queue != "handovers":
            parts.append(labels.text("finding.nurture.step", lang, n=int(row["step"])))
        if row["channel"] in schema.CHANNELS:
            parts.append(labels.text(f"channel.{row['channel']}", lang))
        when = row["waiting_since"] if queue == "handovers" else row["due_date"]
        parts.append(labels.date(when.date(), lang))
        return " · ".join(parts)

    def opted_out_on(self, row: Texts) -> dt.date | None:
        """Since when does this lead want nothing more by the channel of this step?"""
        said = self._kept(("opted_out",), lambda: worklist.opted_out(self._store, as_of=self._day))
        mine = said[(said["lead_id"] == row["lead_id"]) & (said["channel"] == row["channel"])]
        days = [day.date() for day in mine["opted_out_on"]]
        stated = self._left.get((str(row["lead_id"]), str(row["channel"])))
        days += [stated] if stated is not None and stated <= self._day else []
        return min(days, default=None)


def _stated(leads: pd.DataFrame) -> dict[tuple[str, str], dt.date]:
    """When has who opted out of what, as the table of leads has it?"""
    found: dict[tuple[str, str], dt.date] = {}
    for channel in schema.CHANNELS:
        name = f"{channel}_opted_out_on"
        if name in leads:
            there = leads[leads[name].notna()]
            days = pd.to_datetime(there[name]).dt.date
            keys = ((str(lead), channel) for lead in there["lead_id"])
            found.update(zip(keys, days, strict=True))
    return found


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
        address = campaigns.link(
            row["channel"], said_in(row, "address"), text=words, subject=said_in(row, "subject")
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
        return [str(party) for party in table["lead_id"]]
    pairs = zip(table["enrolment_id"], table["step"], strict=True)
    return [f"{enrolment}/{step}" for enrolment, step in pairs]


def said_in(row: Texts, name: str) -> str:
    """Give a text of a row; empty where there is none."""
    value = row[name]
    return value if isinstance(value, str) else ""
