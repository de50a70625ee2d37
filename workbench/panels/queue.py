"""Whom does a salesperson write to this morning? The lists, the words, and what came of it."""

import collections
import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from workbench import arguments, campaigns, config, errors, exhibits, schema, worklist
from workbench.exhibit import Shown
from workbench.panel import Choice, Control, Day, Group, Link, Panel, Text, owner_choice
from workbench.panel.controls import asked as unchosen
from workbench.panels import queue_acts
from workbench.panels.queue_acts import ACTS, LISTS, OPEN, Hand, Lists, Row
from workbench.people import People
from workbench.words import Words

_LONGEST, _AHEAD = dt.timedelta(days=365), dt.timedelta(days=31)
DAYS_AHEAD = 14


def panel(
    store: worklist.Worklist, *, as_of: arguments.DayLike, by: str, people: People,
    owner: str | None = None, pace: campaigns.Pace = campaigns.Pace(),
    now: Callable[[], dt.datetime] | None = None,
    practice: Callable[[], worklist.Worklist] | None = None, practises: bool = False,
    settings: config.Settings | None = None, words: Words | None = None,
) -> Panel:  # fmt: skip
    """Whom does a salesperson write to this morning, with which words, and what came of it?

    Nothing is sent: the words are copied, or handed to the mail or message program, and a person
    sends them. What is done is written to the worklist at once; what is typed is kept in it, for who
    types it alone, until the step is done, skipped or stopped.

    Parameters
    ----------
    store
        The worklist, as ``worklist.connect`` opens it.
    as_of
        The day it opens on; what is written down is dated on the day whose lists are shown.
    by
        Who works here: it stands beside all that is written.
    people
        The leads and the owners.
    owner
        Whose lists the panel opens with; None: those that ``by`` looked at last in this worklist,
        at first those of the settings' ``[worklist] owner``, or everybody's.
    pace
        How a plan goes on after a pause: ``campaigns.pond(…).pace``.
    now
        What tells the time of day; without it everything is written down at noon.
    practice
        What gives a worklist to try things in, ``campaigns.practice``: then it can be chosen.
    practises
        Whether it opens on that one.
    settings
        As ``config.load`` gives them.
    words
        Language and currency; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: the load of the next days, or all that has happened with the chosen lead. Actions:
        the list that is chosen, by name; a click on a row opens it. Acts: ``done``, ``skip``,
        ``answer``, ``pause``, ``resume``, ``take_over``, ``reopen``, ``undo``, ``again``;
        ``ics``, a calendar file.

    Raises
    ------
    ParameterError, ParameterTypeError
        Who works here is not said, or the worklist is not open.

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": "L1", "owner_id": "S1", "plan": "spring",
    ...                         "step": [1, 2], "due_date": ["2026-11-02", "2026-11-09"],
    ...                         "channel": "sms", "address": "+999 1", "text": "Hello Wu Ning!"})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 08:00", by="Lin")
    >>> people = People(leads=pd.DataFrame({"lead_id": ["L1"], "lead_name": ["Wu Ning"]}))
    >>> shown = panel(store, as_of="2026-11-02", by="Lin", people=people)
    >>> shown.sentence, shown.links[-1].address
    ('One touch is due on 2 Nov 2026; none was missed, none is done', 'sms:+9991?body=Hello%20Wu%20Ning%21')
    >>> shown.act("done")
    'Done: Wu Ning, step 1, in the words of the template.'
    >>> shown.sentence
    'No touch is due on 2 Nov 2026; none was missed, one is done'
    """
    if not isinstance(store, worklist.Worklist):
        mend = "Open it: worklist.connect('worklist.db')."
        raise errors.ParameterTypeError(f"store is {store!r}, no open worklist.", mend=mend)
    if not by.strip():
        raise errors.ParameterError("Who works here is not said.", mend="Say it: by='Lin Yue'.")
    day, lists = arguments.day("as_of", as_of), LISTS[practises]
    owners = _owners(store, people, owner, by, settings)
    given = {"desk": Lists(store, by, now, practice), "people": people, "pace": pace}
    given |= {} if owners else {"owner": owner}
    given |= {} if practice else {"lists": lists}
    return Panel(
        "panel.nurture_queue", words=words, height=300, kept=1, given=given,
        controls=[
            Choice(name="queue", value="due", options=campaigns.QUEUES), *owners,
            Day(name="as_of", value=day, first=day - _LONGEST, last=day + _AHEAD),
            Choice(name="view", value="load", options=("load", "timeline")),
            *([Choice(name="lists", value=lists, options=LISTS, note=_banner)] if practice else []),
            Group(name="chosen", controls=choices), Group(name="letter", controls=letter),
            Group(name="answer", controls=answer),
        ],
        steps=[queue_acts.store, queue_acts.hand, queued, picked, opted_out_on, events],
        views=[load, timeline], lists=actions, acts=ACTS, links=links,
    )  # fmt: skip


def _owners(
    store: worklist.Worklist, people: People, owner: str | None, by: str,
    settings: config.Settings | None,
) -> list[Choice]:  # fmt: skip
    """Let an owner be chosen, and remember whom; one remembered who has left is none."""
    offered = []
    for choice in owner_choice(people, value=owner):
        at_first = settings.worklist.owner if settings else None
        last = worklist.last_owner(store, by=by, otherwise=at_first) if owner is None else owner
        known = last if last in choice.options else None
        keep = functools.partial(worklist.keep_owner, store, by=by)
        offered.append(replace(choice, value=known, keep=keep))
    return offered


def _banner(lists: str, words: Words) -> str:
    return words("queue.practice") if lists == "practice" else ""


def queued(
    store: worklist.Worklist, as_of: dt.date, queue: str, owner: str | None, people: People
) -> pd.DataFrame:
    """Give one list, of one owner or of all."""
    return people.named(campaigns.queue(store, queue, as_of=as_of, owner=owner))


def by_key(queued: pd.DataFrame) -> dict[str, Row]:
    """Give the rows by what each is known by: its step, or the lead that waits."""
    known_by = [name for name in ("enrolment_id", "step") if name in queued] or ["lead_id"]
    rows = queued.astype("object").where(queued.notna(), None).to_dict("records")
    return {"/".join(str(row[name]) for name in known_by): row for row in rows}


def picked(queued: pd.DataFrame, chosen: Mapping[str, Any]) -> Row:
    """Give the row that is chosen; nothing where the list is empty."""
    return by_key(queued).get(chosen.get("step", ""), {})


def opted_out_on(
    store: worklist.Worklist, as_of: dt.date, people: People, picked: Row
) -> dt.date | None:
    """Since when does the lead want nothing more by this channel?"""
    return campaigns.opted_out_on(store, people.leads, picked, as_of=as_of)


def events(store: worklist.Worklist, as_of: dt.date, picked: Row) -> pd.DataFrame:
    """Give all that has happened with the lead that is chosen, and what lies ahead."""
    return campaigns.timeline(store, picked.get("lead_id", ""), as_of=as_of)


def load(
    store: worklist.Worklist, as_of: dt.date, owner: str | None, people: People,
    queued: pd.DataFrame,  # noqa: ARG001 -- counted anew whenever a list is opened
) -> Shown:  # fmt: skip
    """Show the load of the next days, under the count of the morning."""
    steps_ahead = campaigns.workload(store, as_of=as_of, owner=owner, days=DAYS_AHEAD)
    days_ahead = (
        exhibits.scheduling.workload(people.named(steps_ahead)) if owner is None
        else exhibits.nurture.upcoming(steps_ahead, days=DAYS_AHEAD)
    )  # fmt: skip
    counts = campaigns.morning(store, as_of=as_of, owner=owner)
    return days_ahead.headed(exhibits.queue.day(counts))


def timeline(as_of: dt.date, events: pd.DataFrame, picked: Row) -> Shown:
    """Show all that has happened with the lead that is chosen."""
    return exhibits.queue.timeline(events, as_of=as_of, lead=picked.get("lead_name"))


def actions(queued: pd.DataFrame, queue: str) -> Shown:
    """List what is to be done."""
    told = queue if queue in ("missed", "done", "handovers") else "steps"
    listed_rows: Shown = getattr(exhibits.queue, told)(queued)
    return listed_rows


def choices(queued: pd.DataFrame) -> Sequence[Control]:
    """Offer the rows of the list, the first one chosen."""
    rows = by_key(queued)
    lines = functools.cache(functools.partial(_lines, rows))
    offer = functools.partial(Choice, name="step", words=lambda key, words: lines(words)[key])
    return [offer(value=next(iter(rows)), options=tuple(rows))] if rows else []


def _lines(rows: Mapping[str, Row], words: Words) -> dict[str, str]:
    """Say each row in a line: the plan and the id stand in it where lines would be alike."""
    told = {"plan": None} if len({row["plan"] for row in rows.values()}) < 2 else {}
    lines = {
        key: words("queue.line_missed" if "missed" in row else "queue.line", **row | told)
        for key, row in rows.items()
    }
    often = collections.Counter(lines.values())
    return {
        key: line if often[line] == 1 else f"{line} · {rows[key]['lead_id']}"
        for key, line in lines.items()
    }


def _typed(hand: Hand, row: Row) -> dict[str, str]:
    """Give what has been typed for the step before, and not been used."""
    return worklist.draft(hand.store, str(row["enrolment_id"]), int(row["step"]), by=hand.by)


def _keeper(hand: Hand, row: Row, part: worklist.Part, planned: str = "") -> Callable[[str], None]:
    """Keep what is typed for the step in the worklist; words as planned are none of one's own."""

    def keep(text: str) -> None:
        key, own = (str(row["enrolment_id"]), int(row["step"])), text if text != planned else None
        worklist.keep_draft(hand.store, *key, part=part, text=own, by=hand.by)

    return keep


def letter(hand: Hand, queue: str, picked: Row, opted_out_on: dt.date | None) -> Sequence[Control]:
    """Offer the words of the step, to be changed; of one that was overtaken, none as they stand."""
    if not picked or queue not in OPEN:
        return []

    def note(_value: Any, words: Words) -> str:
        return words("queue.note", left=opted_out_on, **picked)

    under = note if picked["channel"] in schema.CHANNELS else None
    planned = "" if picked["overtaken_by"] else (picked["text"] or "").strip()
    value, keep = _typed(hand, picked).get("text", planned), _keeper(hand, picked, "text", planned)
    return [Text(name="message", value=value, lines=7, note=under, keep=keep)]


def answer(
    hand: Hand, queue: str, picked: Row, queued: pd.DataFrame, as_of: dt.date
) -> Sequence[Control]:
    """Offer what the lead may have said, or the day on which a paused plan goes on."""
    if not picked or queue == "handovers":
        return []
    if queue == "paused":
        return [Day(name="resume_on", value=as_of, first=as_of, last=as_of + _LONGEST)]
    channels = tuple(schema.CHANNELS)
    way = picked["channel"] if picked["channel"] in channels else channels[0]
    note = _typed(hand, picked).get("note", "")
    return [
        unchosen("feedback", worklist.FEEDBACK, words="feedback", label="column.feedback"),
        Choice(name="channel", value=way, options=channels, words="channel", label="column.channel"),
        Text(name="note", value=note, keep=_keeper(hand, picked, "note")),
        *(_skipped_with(queued, picked) if queue == "missed" else []),
    ]  # fmt: skip


def _skipped_with(queued: pd.DataFrame, row: Row) -> list[Control]:
    """Let several missed steps be skipped at once: the lead's, or all that were overtaken."""
    counts = {"step": 1, "lead": row["missed"], "overtaken": int(queued["overtaken"].sum())}
    counts = {name: n for name, n in counts.items() if n > 1 or name == "step"}

    def said(name: str, words: Words) -> str:
        return words(f"queue.skips.{name}", n=counts[name], lead=row["lead_name"])

    offer = Choice(name="skips", value="step", options=tuple(counts), words=said)
    return [offer] if len(counts) > 1 else []


def links(
    store: worklist.Worklist,
    queue: str,
    picked: Row,
    opted_out_on: dt.date | None,
    letter: Mapping[str, Any],
) -> Sequence[Link]:
    """Give the ways out with the words that stand in the letter: to copy, to mail, to write."""
    if not picked or queue not in OPEN or opted_out_on is not None:
        return ()
    channel, typed = picked["channel"], {"text": letter["message"], "typed_in": "letter-message"}
    ways, to, subject = [Link(label="queue.copy", **typed)], picked["address"], picked["subject"]
    if channel in schema.CHANNELS and (
        address := campaigns.link(
            channel, to or "", text=typed["text"], subject=subject or "", country=store.country
        )
    ):
        ways.append(Link(label=f"queue.link.{channel}", address=address, **typed))
    return ways
