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
#: The lists of a morning, in the order they are worked through.
QUEUES = ("due", "missed", "done", "paused", "handovers")


def queue(
    store: worklist.Worklist, name: str, *, as_of: arguments.DayLike, owner: str | None = None
) -> pd.DataFrame:
    """Which steps, or leads, are on one of the lists?

    Returns
    -------
    pandas.DataFrame
        As ``worklist.due``, ``missed``, ``done`` and ``handovers`` give it; of ``paused``, the
        steps that wait.

    Raises
    ------
    UnknownNameError
        There is no such list.
    """
    arguments.one_of("queue", name, QUEUES)
    if name == "paused":
        steps = worklist.steps(store, as_of=as_of, owner_id=owner)
        return steps[steps["is_paused"].astype(bool)].reset_index(drop=True)
    read: Callable[..., pd.DataFrame] = getattr(worklist, name)
    return read(store, as_of=as_of, owner_id=owner)


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
