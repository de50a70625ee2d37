"""What lies on a salesperson's desk on a day: the lists, and the days ahead?"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from workbench import arguments, config, scheduling, worklist
from workbench.campaigns.pond import standing
from workbench.results import Result

MORNING = Result(
    "campaigns.morning(store, as_of=…)", due="count", missed="count", done="count", as_of="date"
)
#: The steps of the lists from which one works; what was sent or came since has overtaken some.
OPEN = Result("campaigns.queue(store, 'due', as_of=…)", **worklist.LISTED.kinds,
              overtaken_by="count")  # fmt: skip
LYING = Result(
    "campaigns.queue(store, 'missed', as_of=…)", missed_since="date", missed="count",
    overtaken="count", **OPEN.kinds,
)  # fmt: skip
#: The lists of a morning, in the order they are worked through.
QUEUES = ("due", "missed", "done", "paused", "handovers")


def queue(
    store: worklist.Worklist, name: str, *, as_of: arguments.DayLike, owner: str | None = None
) -> pd.DataFrame:
    """Which steps, or leads, are on one of the lists?

    Returns
    -------
    pandas.DataFrame
        As ``worklist.due``, ``done`` and ``handovers`` give it; of ``paused``, the steps that wait.
        Those of ``due`` have one more column, ``overtaken_by``: the step of the same plan that is
        done already or has come due on a later day. Of ``missed`` there is one row per lead, the
        longest waiting first: the step to take in hand, which is the latest, ``missed`` (how many
        steps it missed), ``missed_since`` (the day of the first) and ``overtaken`` (how many of
        them are).

    Raises
    ------
    UnknownNameError
        There is no such list.
    """
    arguments.one_of("queue", name, QUEUES)
    if name == "paused":
        steps = worklist.steps(store, as_of=as_of, owner_id=owner)
        return steps[steps["is_paused"].astype(bool)].reset_index(drop=True)
    if name == "due":
        return _overtaken(store, worklist.due(store, as_of=as_of, owner_id=owner), as_of, owner)
    if name == "missed":
        return _by_lead(missed(store, as_of=as_of, owner=owner))
    read: Callable[..., pd.DataFrame] = getattr(worklist, name)
    return read(store, as_of=as_of, owner_id=owner)


def missed(
    store: worklist.Worklist, *, as_of: arguments.DayLike, owner: str | None = None
) -> pd.DataFrame:
    """Which steps were left lying, and which later step has overtaken each?

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> planned = pd.DataFrame({"lead_id": "L1", "plan": "spring", "step": [1, 2, 3],
    ...                         "due_date": ["2026-11-02", "2026-11-03", "2026-11-09"]})
    >>> _ = worklist.enrol(store, planned, at="2026-11-02 08:00", by="Lin")
    >>> missed(store, as_of="2026-11-05")[["step", "overtaken_by"]].values.tolist()
    [[1, 2], [2, <NA>]]
    >>> queue(store, "missed", as_of="2026-11-05")[["step", "missed", "overtaken"]].values.tolist()
    [[2, 2, 1]]
    """
    return _overtaken(store, worklist.missed(store, as_of=as_of, owner_id=owner), as_of, owner)


def _overtaken(
    store: worklist.Worklist, table: pd.DataFrame, as_of: arguments.DayLike, owner: str | None
) -> pd.DataFrame:
    """Say of each step which later one of its plan is done, or has come due on a later day."""
    if table.empty:
        return table.assign(overtaken_by=pd.Series(dtype="Int64"))
    every = worklist.steps(store, as_of=as_of, owner_id=owner, status=["pending", "done"])
    every = every[every["enrolment_id"].isin(table["enrolment_id"])]
    due = ~every["is_paused"].astype(bool) & (every["due_date"] <= table["as_of"].iloc[0])
    last_done = every[every["status"] == "done"].groupby("enrolment_id")["step"].max()
    last_due = every[due].sort_values("step").drop_duplicates("enrolment_id", keep="last")
    last_due = last_due.set_index("enrolment_id")
    ahead = table["enrolment_id"].map(last_due["step"])
    # two steps that share a day are kept, both: that is how the plan was made
    ahead = ahead.where(table["enrolment_id"].map(last_due["due_date"]) > table["due_date"])
    later = pd.concat([table["enrolment_id"].map(last_done), ahead], axis="columns").max(
        axis="columns"
    )
    return table.assign(overtaken_by=later.where(later > table["step"]).astype("Int64"))


def _by_lead(steps: pd.DataFrame) -> pd.DataFrame:
    """Give each lead once, with the latest of its steps, before those that were overtaken."""
    of_lead = steps.groupby("lead_id")
    table = steps.assign(
        missed_since=of_lead["due_date"].transform("min"),
        missed=of_lead["step"].transform("size"),
        overtaken=steps["overtaken_by"].notna().groupby(steps["lead_id"]).transform("sum"),
        is_stale=steps["overtaken_by"].notna(),
    )
    table = table.sort_values(["is_stale", "due_date", "step"], ascending=[True, False, False],
                              kind="stable").drop_duplicates("lead_id")  # fmt: skip
    table = table.sort_values(["missed_since", "lead_id"], ignore_index=True)
    return table[[*LYING.columns]].astype({"missed": "int64", "overtaken": "int64"})


def morning(
    store: worklist.Worklist, *, as_of: arguments.DayLike, owner: str | None = None
) -> pd.DataFrame:
    """How much is due, was missed before, and is done on the day? One row.

    Examples
    --------
    >>> import tempfile
    >>> store = worklist.connect(tempfile.mkdtemp() + "/worklist.db")
    >>> morning(store, as_of="2026-11-02")[["due", "missed", "done"]].values.tolist()
    [[0, 0, 0]]
    """
    day = arguments.day("as_of", as_of)
    counts = {
        "due": len(worklist.due(store, as_of=day, owner_id=owner)),
        "missed": len(worklist.missed(store, as_of=day, owner_id=owner)),
        "done": len(worklist.done(store, as_of=day, owner_id=owner, since=day)),
    }
    return pd.DataFrame([counts]).assign(as_of=pd.Timestamp(day))


DONE = Result("campaigns.done(settings, first=…, last=…)", owner_id="id", done="count")


def done(
    settings: config.Settings, *, first: arguments.DayLike, last: arguments.DayLike,
    owner: str | None = None,
) -> pd.DataFrame | None:  # fmt: skip
    """How many steps and calls did each owner do in these days? None where there is no worklist.

    Parameters
    ----------
    settings
        As ``config.load`` gives them: where the worklist lies.
    first, last
        The days, both counted; what was done or taken back later is not seen.
    owner
        Only this one's, by ``owner_id``; None: everybody's.

    Returns
    -------
    pandas.DataFrame or None
        One row per owner who was in charge of one: ``owner_id`` (missing where nobody is), ``done``.

    Raises
    ------
    WorklistError
        The worklist cannot be opened.

    Examples
    --------
    >>> from pathlib import Path
    >>> none = done(config.Settings(root=Path("/nowhere")), first="2026-10-01", last="2026-10-31")
    >>> none is None
    True
    """
    store = standing(settings)
    if store is None:
        return None
    steps = worklist.done(store, as_of=last, since=first, owner_id=owner)
    return steps.groupby("owner_id", dropna=False).size().rename("done").reset_index()


def open_steps(store: worklist.Worklist, *, as_of: arguments.DayLike, **only: Any) -> pd.DataFrame:
    """Which steps are still to be done, early or late? Those that wait are left out.

    ``only`` is as for ``worklist.steps``: ``lead_id``, ``owner_id``.
    """
    steps = worklist.steps(store, as_of=as_of, status=["pending"], **only)
    return steps[~steps["is_paused"].astype(bool)]


def workload(
    store: worklist.Worklist, *, as_of: arguments.DayLike, owner: str | None = None, days: int = 14
) -> pd.DataFrame:
    """How many steps fall on each of the next days, the first of them the day itself?

    Returns
    -------
    pandas.DataFrame
        As ``scheduling.workload``.

    Raises
    ------
    ParameterError
        ``days`` is no whole number from 1.
    """
    arguments.whole("days", days, least=1, mend="Write days=14, for two weeks.")
    first = pd.Timestamp(arguments.day("as_of", as_of))
    steps = open_steps(store, as_of=as_of, owner_id=owner)
    inside = steps["due_date"].between(first, first + pd.Timedelta(days=days - 1))
    return scheduling.workload(steps[inside])
