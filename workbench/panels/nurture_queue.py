"""Whom does a salesperson write to this morning? Three lists, the words, and what came of it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from workbench import (
    arguments,
    campaigns,
    errors,
    exhibits,
    figures,
    findings,
    labels,
    scheduling,
    schema,
    tables,
    worklist,
)
from workbench.panel import Choice, Group, Link, recipes
from workbench.panel.old import Panel
from workbench.panels import desk as desks
from workbench.panels.desk import OPEN, QUEUES, Texts
from workbench.panels.desk_work import Work
from workbench.panels.track_record import owner_choice
from workbench.words import Words

_LISTED = ("due_date", "lead_id", "lead_name", "owner_name", "plan", "step", "channel", "text")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "due": _LISTED,
    "missed": _LISTED,
    "paused": _LISTED,
    "done": ("closed_at", "lead_id", "lead_name", "owner_name", "plan", "step", "channel", "text_sent", "edited"),
    "handovers": ("waiting_since", "days_waiting", "lead_id", "lead_name", "owner_name", "channel", "text"),
}  # fmt: skip
_EVENTS = ("at", "what", "plan", "step", "channel", "text", "reason", "by_whom")
_DAYS_AHEAD = 14
_ON_A_PHONE = ("due_date", "closed_at", "waiting_since", "at", "what", "lead_name", "step", "text",
               "text_sent", "reason")  # fmt: skip


def nurture_queue(
    store: worklist.Worklist,
    *,
    as_of: arguments.DayLike,
    by: str,
    leads: pd.DataFrame,
    owners: pd.DataFrame,
    owner: str | None = None,
    calendar: scheduling.Calendar = scheduling.EVERY_DAY,
    capacity: int | None = None,
    per_day: int = 1,
    now: Callable[[], dt.datetime] | None = None,
    lang: labels.Lang = "en",
) -> Panel:
    """Whom does a salesperson write to this morning, with which words, and what came of it?

    Nothing is sent: the words are copied, or handed to the mail or message program, and a person
    sends them. What is done is written to the worklist at once.

    Parameters
    ----------
    store
        The worklist, as ``worklist.connect`` opens it.
    as_of
        The day whose lists are shown; what is written down is dated on it.
    by
        Who works here: it stands beside all that is written.
    leads, owners
        Names, as their contracts say.
    owner
        Whose lists the panel opens with; None: everybody's.
    calendar, capacity, per_day
        How a plan goes on after a pause, as ``scheduling.plan`` takes them.
    now
        What tells the time of day; without it everything is written down at noon.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: the list that is chosen, as the worklist gives it. Actions: the same by name, or all
        that has happened with the chosen lead. Acts: ``done``, ``skip``, ``answer``, ``pause``,
        ``resume``, ``take_over``, ``reopen``, ``undo``, ``again``; ``ics``, a calendar file.

    Raises
    ------
    ContractError
        A column is missing.
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
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "lead_name": ["Wu Ning"]})
    >>> owners = pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin Yue"]})
    >>> panel = nurture_queue(store, as_of="2026-11-02", by="Lin", leads=leads, owners=owners)
    >>> panel.sentence, panel.links[-1].address
    ('One touch is due on 2 Nov 2026; none was missed, none is done', 'sms:+9991?body=Hello%20Wu%20Ning%21')
    >>> panel.act("done")
    'Done: Wu Ning, step 1, in the words of the template.'
    >>> panel.sentence
    'No touch is due on 2 Nov 2026; none was missed, one is done'
    """
    schema.require(leads, "leads", ("lead_id", "lead_name"), made_by="loaders.load", key="lead_id")
    schema.require(owners, "owners", ("owner_id", "owner_name"), made_by="loaders.load")
    if not isinstance(store, worklist.Worklist):
        raise errors.ParameterTypeError(
            f"store is {store!r}, no open worklist.",
            mend="Open it: worklist.connect('worklist.db').",
        )
    if not by.strip():
        raise errors.ParameterError("Who works here is not said.", mend="Say it: by='Lin Yue'.")
    day = arguments.day("as_of", as_of)
    desk = Work(store, day, by, now, leads, campaigns.Pace(calendar, capacity, per_day))

    def listed(table: pd.DataFrame, queue: str) -> pd.DataFrame:
        known = leads[["lead_id", "lead_name"]].astype({"lead_id": "str"})
        named = tables.owned(table, owners=owners).merge(known, how="left", on="lead_id")
        return named[list(_COLUMNS[queue])]

    def figure(
        _: pd.DataFrame, view: str, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> go.Figure:  # fmt: skip
        if view == "timeline":
            party = desk.party(queue, owner, chosen)
            drawn: go.Figure = figures.nurture.timeline(
                desk.timeline(party), desk.ahead(party), as_of=day, lang=lang
            )
            return drawn
        load = scheduling.workload(desk.load(owner, days=_DAYS_AHEAD))
        if owner is not None:
            mine: go.Figure = figures.nurture.upcoming(load, days=_DAYS_AHEAD, lang=lang)
            return mine
        named = tables.owned(load, owners=owners)
        return exhibits.scheduling.workload(named).figure(Words(lang))

    def actions(
        table: pd.DataFrame, view: str, queue: str, owner: str | None, chosen: Texts
    ) -> pd.DataFrame:
        if view == "timeline":
            return desk.timeline(desk.party(queue, owner, chosen))[list(_EVENTS)]
        return listed(table, queue)

    def sentence(
        _: pd.DataFrame, view: str, queue: str, owner: str | None, chosen: Texts, lang: labels.Lang
    ) -> str:
        said: str
        if view == "timeline":
            party = desk.party(queue, owner, chosen)
            said = findings.queue.timeline(
                desk.timeline(party), desk.ahead(party), as_of=day, lang=lang
            )
            return f"{desk.name(party)}: {said}" if party else said
        said = findings.queue.day(desk.counts(owner), as_of=day, lang=lang)
        return said

    def links(
        _: pd.DataFrame, queue: str, owner: str | None, chosen: Texts, letter: Texts
    ) -> Sequence[Link]:
        row = desk.picked(queue, owner, chosen)
        if row is None or queue not in OPEN or desk.opted_out_on(row) is not None:
            return ()
        return desks.links(row, letter)

    def code(view: str, queue: str, owner: str | None, chosen: Texts) -> str:
        return recipes.filled(
            recipes.QUEUES[queue]
            + recipes.QUEUE_FIGURES[view if owner is None else f"{view}_of_one"],
            as_of=day.isoformat(),
            until=(day + dt.timedelta(days=_DAYS_AHEAD - 1)).isoformat(),
            days=_DAYS_AHEAD,
            columns=list(_COLUMNS[queue]),
            events=list(_EVENTS),
            lead=desk.party(queue, owner, chosen),
        )

    return Panel(
        "panel.nurture_queue",
        controls=[
            Choice(name="queue", value="due", options=QUEUES, words="panel.queue"),
            owner_choice(owners, value=owner),
            Choice(
                name="view",
                value="load",
                options=("load", "timeline"),
                words="panel.nurture_queue.view",
            ),
            Group(name="chosen", controls=desk.choices),
            Group(name="letter", controls=desk.letter),
            Group(name="answer", controls=desk.answer),
        ],
        answer=lambda queue, owner: desk.listed(queue, owner),
        figure=figure,
        sentence=sentence,
        actions=actions,
        acts=desk.acts(),
        links=links,
        code=code,
        lang=lang,
        height=300,
        essential=_ON_A_PHONE,
    )
