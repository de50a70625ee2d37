"""What was done in a period, what lies ahead, who answered, and who waits to be called?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, estimates, periods, schema
from workbench.nurture.outcomes import OUTCOMES, outcomes
from workbench.people import frame
from workbench.results import Result

_HEARD = ("lead_id", "touched_at", "direction", "channel", "feedback")
#: What became of a step that was due, in the order it is told.
STATES = ("on_time", "late", "missed", "not_done")


ACTIVITY = Result(
    "nurture.activity(steps, touches, periods=…)", interval=["on_time_rate"], period="period",
    in_nurture="count", enrolled="count", due="count", done_of_due="count", on_time="count",
    missed="count", answered="count", positive="count", negative="count", on_time_rate="rate",
)  # fmt: skip


def activity(
    steps: pd.DataFrame, touches: pd.DataFrame, *, periods: Sequence[periods.Period]
) -> pd.DataFrame:
    """How much was due, done, missed and answered in each period?

    Each period is seen as of its own last day: what was done after it was missed in it.

    Parameters
    ----------
    steps, touches
        As their contracts say.
    periods
        The periods, oldest first.

    Returns
    -------
    pandas.DataFrame
        One row per period: ``period``, ``in_nurture`` (enrolments with a step still ahead on the
        last day), ``enrolled`` (in the period), ``due``, ``done_of_due``, ``on_time``,
        ``on_time_rate`` (with its interval), ``missed``, ``answered`` (leads that wrote),
        ``positive`` and ``negative`` (leads that said so).

    Raises
    ------
    ContractError
        A table is short of a column.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "enrolment_id": "E1", "lead_id": "L1", "plan": "Wake-up", "step": [1, 2],
    ...     "enrolled_on": pd.Timestamp("2026-10-12"),
    ...     "due_date": pd.to_datetime(["2026-10-12", "2026-10-13"]),
    ...     "status": ["done", "pending"], "closed_on": pd.to_datetime(["2026-10-12", None])})
    >>> touches = pd.DataFrame({"lead_id": [], "touched_at": pd.to_datetime([]), "channel": [],
    ...                         "direction": [], "feedback": []})
    >>> from workbench import periods
    >>> found = activity(steps, touches, periods=[periods.parse("2026-W42")])
    >>> found[["due", "on_time", "missed"]].values.tolist()
    [[2, 1, 1]]
    """
    rows = []
    for period in periods:
        first, last = pd.Timestamp(period.start), pd.Timestamp(period.as_of)
        facts = outcomes(steps, touches, as_of=period.as_of)
        due = facts[facts["is_due"] & facts["due_date"].between(first, last)]
        heard = _heard(touches, first, last)
        ahead = facts[(facts["status"] == "pending") & (facts["due_date"] > last)]
        rows.append(
            {
                "period": str(period),
                "in_nurture": ahead["enrolment_id"].nunique(),
                "enrolled": facts.loc[facts["enrolled_on"] >= first, "enrolment_id"].nunique(),
                "due": len(due),
                "done_of_due": int(due["is_done"].sum()),
                "on_time": int(due["is_on_time"].sum()),
                "missed": int(due["is_missed"].sum()),
                "answered": heard["lead_id"].nunique(),
                "positive": heard.loc[heard["feedback"] == "positive", "lead_id"].nunique(),
                "negative": heard.loc[heard["feedback"] == "negative", "lead_id"].nunique(),
            }
        )
    table = pd.DataFrame(rows, columns=list(ACTIVITY.kinds)[:-1])
    return estimates.rates(table, successes="on_time", trials="due", name="on_time_rate")


PUNCTUALITY = Result(
    "nurture.punctuality(outcomes, …)", interval=["on_time_rate"], owner_id="id", due="count",
    on_time="count", late="count", missed="count", not_done="count", on_time_rate="rate",
)  # fmt: skip


def punctuality(
    outcomes: pd.DataFrame, *, first: arguments.DayLike, last: arguments.DayLike
) -> pd.DataFrame:
    """What did each owner do of what was due in these days?

    Parameters
    ----------
    outcomes
        One row per step, as ``nurture.outcomes`` makes it.
    first, last
        The days between which a step was due, both counted.

    Returns
    -------
    pandas.DataFrame
        One row per owner with a step due, most due first, then by owner: ``owner_id``, ``due``,
        ``on_time``, ``late`` (done on another day), ``missed`` (still pending), ``not_done``
        (skipped, or stopped by an answer after its day; and what is due on the very last day and
        still pending), ``on_time_rate`` with its interval.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> facts = pd.DataFrame({"owner_id": "S1", "due_date": pd.to_datetime(["2026-10-01"] * 3),
    ...                       "is_due": True, "is_done": [True, True, False],
    ...                       "is_on_time": [True, False, False], "is_missed": [False, False, True]})
    >>> found = punctuality(facts, first="2026-10-01", last="2026-10-07")
    >>> found[["due", "on_time", "late", "missed", "not_done"]].values.tolist()
    [[3, 1, 1, 1, 0]]
    """
    start, end = (pd.Timestamp(arguments.day(n, d)) for n, d in (("first", first), ("last", last)))
    needed = ["owner_id", "due_date", "is_due", "is_done", "is_on_time", "is_missed"]
    OUTCOMES.require(outcomes, "outcomes", needed)
    due = outcomes[outcomes["is_due"] & outcomes["due_date"].between(start, end)]
    counted = due.assign(
        due=1,
        on_time=due["is_on_time"].astype("int64"),
        late=(due["is_done"] & ~due["is_on_time"]).astype("int64"),
        missed=due["is_missed"].astype("int64"),
    )
    table = counted.groupby("owner_id", dropna=False)[["due", "on_time", "late", "missed"]].sum()
    table = table.reset_index()
    table["not_done"] = table["due"] - table["on_time"] - table["late"] - table["missed"]
    table = table.sort_values(["due", "owner_id"], ascending=[False, True], ignore_index=True)
    return estimates.rates(table, successes="on_time", trials="due", name="on_time_rate")


UPCOMING = Result("nurture.upcoming(outcomes)", due_date="date", owner_id="id", steps="count")


def upcoming(outcomes: pd.DataFrame, *, days: int = 14) -> pd.DataFrame:
    """How many steps lie ahead, on which day and on whose desk?

    Parameters
    ----------
    outcomes
        One row per step, as ``nurture.outcomes`` makes it.
    days
        How many days after ``as_of``.

    Returns
    -------
    pandas.DataFrame
        One row per day and owner with a step, sorted by both: ``due_date``, ``owner_id``,
        ``steps``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> facts = pd.DataFrame({"owner_id": "S1", "status": "pending",
    ...                       "due_date": pd.to_datetime(["2026-11-01", "2026-11-30"]),
    ...                       "as_of": pd.Timestamp("2026-10-31")})
    >>> upcoming(facts)["steps"].tolist()
    [1]
    """
    OUTCOMES.require(outcomes, "outcomes", ["owner_id", "due_date", "status", "as_of"])
    rows = outcomes[_ahead(outcomes, days)]
    table = rows.groupby(["due_date", "owner_id"], dropna=False).size()
    return table.rename("steps").reset_index()


PLANNED = Result(
    "nurture.planned(outcomes, …)", lead_id="id", owner_id="id", plan="plan", step="count",
    channel="channel", due_date="date", step_state="step_state",
)  # fmt: skip


def planned(outcomes: pd.DataFrame, *, first: arguments.DayLike, days: int = 14) -> pd.DataFrame:
    """Which steps were due since a day, what became of each, and which lie ahead?

    These are the rows that ``punctuality`` (up to ``as_of``) and ``upcoming`` count.

    Parameters
    ----------
    outcomes
        One row per step, as ``nurture.outcomes`` makes it.
    first
        The first day on which a step was due.
    days
        How many days after ``as_of``.

    Returns
    -------
    pandas.DataFrame
        One row per step, by ``due_date``: ``lead_id``, ``owner_id``, ``plan``, ``step``,
        ``channel``, ``due_date``, and ``step_state``: a state of ``punctuality``, or ``ahead``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> facts = pd.DataFrame({
    ...     "lead_id": "L1", "owner_id": "S1", "plan": "Wake-up", "step": [1, 2], "channel": "sms",
    ...     "status": ["done", "pending"], "due_date": pd.to_datetime(["2026-10-30", "2026-11-02"]),
    ...     "is_due": [True, False], "is_done": [True, False], "is_on_time": [True, False],
    ...     "is_missed": False, "as_of": pd.Timestamp("2026-10-31")})
    >>> planned(facts, first="2026-10-26")["step_state"].tolist()
    ['on_time', 'ahead']
    """
    columns = ["lead_id", "owner_id", "plan", "step", "channel", "due_date"]
    flags = ["is_due", "is_done", "is_on_time", "is_missed", "status", "as_of"]
    OUTCOMES.require(outcomes, "outcomes", [*columns, *flags])
    ahead = _ahead(outcomes, days)
    since = outcomes["due_date"] >= pd.Timestamp(arguments.day("first", first))
    rows = outcomes[(outcomes["is_due"] & since) | ahead]
    states = [ahead[rows.index], rows["is_on_time"], rows["is_done"], rows["is_missed"]]
    names = np.select(states, ["ahead", *STATES[:3]], STATES[3])
    table = rows[columns].assign(step_state=pd.Series(names, rows.index, dtype="str"))
    return table.sort_values(["due_date", "lead_id", "plan", "step"], ignore_index=True)


MISSED = Result(
    "nurture.missed(outcomes)", lead_id="id", owner_id="id", plan="plan", missed_steps="count",
    missed_since="date", channel="channel", due_date="date", overdue_days="count", as_of="date",
)  # fmt: skip


def missed(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Whose steps are missed, the newest first?

    Returns
    -------
    pandas.DataFrame
        One row per lead with a missed step: ``lead_id``; ``owner_id``, ``plan``, ``channel`` and
        ``due_date`` of the newest of them; ``missed_steps``, how many; ``missed_since``, the day of
        the oldest, and ``overdue_days`` since then; ``as_of``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> facts = pd.DataFrame({"lead_id": ["L1", "L2"], "owner_id": "S1", "plan": "Wake-up",
    ...                       "step": 1, "channel": "sms", "is_missed": [True, False],
    ...                       "due_date": pd.Timestamp("2026-10-20"),
    ...                       "as_of": pd.Timestamp("2026-10-31")})
    >>> missed(facts)[["lead_id", "overdue_days"]].values.tolist()
    [['L1', 11]]
    """
    columns = ["lead_id", "owner_id", "plan", "step", "channel", "due_date", "as_of"]
    OUTCOMES.require(outcomes, "outcomes", [*columns, "is_missed"])
    rows = outcomes.loc[outcomes["is_missed"], columns]
    rows = rows.sort_values(
        ["due_date", "lead_id", "plan", "step"], ascending=[False, True, True, False]
    )
    of_lead = rows.groupby("lead_id", sort=False)["due_date"]
    rows = rows.assign(
        missed_steps=of_lead.transform("size"), missed_since=of_lead.transform("min")
    )
    rows["overdue_days"] = (rows["as_of"] - rows["missed_since"]).dt.days
    return rows.drop_duplicates("lead_id")[list(MISSED.columns)].reset_index(drop=True)


ANSWERS = Result(
    "nurture.answers(touches, …)", lead_id="id", owner_id="id", touched_at="date",
    channel="channel", feedback="feedback", text="text",
)  # fmt: skip


def answers(
    touches: pd.DataFrame, *, first: arguments.DayLike, last: arguments.DayLike
) -> pd.DataFrame:
    """Who answered in these days, and what did they say?

    Returns
    -------
    pandas.DataFrame
        One row per answer, positive ones first, then the latest: ``lead_id``, ``owner_id``,
        ``touched_at``, ``channel``, ``feedback``, ``text``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> touches = pd.DataFrame({"lead_id": ["L1", "L2"], "direction": "in", "channel": "sms",
    ...                         "touched_at": pd.to_datetime(["2026-10-20 9:00", "2026-10-21 9:00"]),
    ...                         "feedback": ["positive", "none"]})
    >>> answers(touches, first="2026-10-19", last="2026-10-25")["lead_id"].tolist()
    ['L1', 'L2']
    """
    start, end = (pd.Timestamp(arguments.day(n, d)) for n, d in (("first", first), ("last", last)))
    heard = _heard(touches, start, end)
    order = heard["feedback"].map({"positive": 0, "negative": 1}).fillna(2)
    heard = heard.assign(order=order).sort_values(
        ["order", "touched_at", "lead_id"], ascending=[True, False, True], ignore_index=True
    )
    return heard[list(ANSWERS.columns)]


HANDOVERS = Result(
    "nurture.handovers(touches, leads, …)", lead_id="id", owner_id="id", touched_at="date",
    channel="channel", text="text", waiting_days="count",
)  # fmt: skip


def handovers(touches: pd.DataFrame, leads: Any, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """Who has answered positively and waits to be followed up, the newest first?

    A hand-over waits while nobody has contacted the lead since its last positive answer, and the
    lead has neither become a customer nor had its need confirmed since then.

    Parameters
    ----------
    touches, leads
        As their contracts say.
    as_of
        The day; what happened later is not seen.

    Returns
    -------
    pandas.DataFrame
        One row per lead: ``lead_id``, ``owner_id``, ``touched_at`` (of the answer), ``channel``,
        ``text``, ``waiting_days``.

    Raises
    ------
    ContractError
        A table is short of a column.

    Examples
    --------
    >>> touches = pd.DataFrame({"lead_id": ["L1"], "direction": "in", "channel": "sms",
    ...                         "touched_at": pd.to_datetime(["2026-10-20 9:00"]),
    ...                         "feedback": "positive"})
    >>> handovers(touches, pd.DataFrame({"lead_id": ["L1"]}), as_of="2026-10-31")[
    ...     ["lead_id", "waiting_days"]].values.tolist()
    [['L1', 11]]
    """
    day = pd.Timestamp(arguments.day("as_of", as_of))
    leads = frame(leads)
    schema.require(leads, "leads", ["lead_id"], made_by="loaders.load(…)", key="lead_id")
    heard = _heard(touches, pd.Timestamp.min, day)
    good = heard[heard["feedback"] == "positive"].sort_values(["touched_at", "lead_id"])
    good = good.drop_duplicates("lead_id", keep="last")
    out = touches[(touches["direction"] == "out") & (touches["touched_at"] < _after(day))]
    last_out = out.groupby(out["lead_id"].astype("str"))["touched_at"].max()
    stages = leads.reindex(columns=["lead_id", "need_confirmed_on", "converted_on"])
    stages = stages.astype({"lead_id": "str"}).set_index("lead_id")
    good = good.set_index("lead_id", drop=False).rename_axis(None)
    taken = last_out.reindex(good.index) > good["touched_at"]
    for name in ("need_confirmed_on", "converted_on"):
        when = pd.to_datetime(stages[name]).reindex(good.index)
        taken |= (when >= good["touched_at"].dt.normalize()) & (when <= day)
    waits = good[~taken.to_numpy(dtype=bool)]
    waits = waits.assign(waiting_days=(day - waits["touched_at"].dt.normalize()).dt.days)
    waits = waits.sort_values(["waiting_days", "lead_id"])
    return waits[list(HANDOVERS.columns)].reset_index(drop=True)


def _ahead(outcomes: pd.DataFrame, days: int) -> "pd.Series[bool]":
    left = outcomes["due_date"] - outcomes["as_of"]
    is_near = (left > pd.Timedelta(0)) & (left <= pd.Timedelta(days=days))
    return is_near & (outcomes["status"] == "pending")


def _after(day: pd.Timestamp) -> pd.Timestamp:
    return day + pd.Timedelta(days=1)


def _heard(touches: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    schema.require(touches, "touches", _HEARD, made_by="loaders.load(…)")
    table = touches.reindex(columns=[*_HEARD, "owner_id", "text"])
    when = pd.to_datetime(table["touched_at"])
    inside = (when >= first) & (when < _after(last)) & (table["direction"] == "in")
    return table[np.asarray(inside)].astype({"lead_id": "str", "owner_id": "str"})
