"""Which editions are to be made: in a backfill, because they are due, for each owner? And all of them."""

import dataclasses
import datetime as dt
import os
import queue
from collections.abc import Callable, Sequence
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import campaigns, config, errors, loaders, periods
from workbench.people import People
from workbench.reports import execution
from workbench.reports.parameter_models import lacking, model, names, notebook
from workbench.reports.runs import Run, attempt, covered, enlist, root
from workbench.words import Lang

_AT_ONCE = 2
# more editions of one report than these are worth a second process, with its own loads and fits
_MANY = 8


@dataclass(frozen=True)
class Edition:
    """Which edition of which report is to be made?"""

    name: str
    period: str | None
    lang: Lang = "en"
    owner: str | None = None


def run_many(
    editions: Sequence[Edition],
    *,
    at_once: int | None = None,
    began: Callable[[Edition], None] | None = None,
    ended: Callable[[Run], None] | None = None,
    **options: Any,
) -> list[Run]:
    """Make several editions, two at a time; one that fails does not stop the others.

    Those of one report are made in one process one after the other, so that tables are loaded and
    models fitted once; where they are many, in two. Each ``Run`` says how it ended; ``error`` holds
    why one was not made, with its exit code.

    Parameters
    ----------
    editions
        Which are made.
    at_once
        How many at a time; None: two, on one core one.
    began, ended
        Called where an edition begins, and where it has ended.
    **options
        Those of ``attempt``, the same for all.

    Returns
    -------
    list of Run
        One per edition, in their order.

    Raises
    ------
    UnknownNameError, ParameterError
        A question makes no sense, as in ``attempt``; the other editions are made first.
    """
    told: queue.SimpleQueue[tuple[int, Run | BaseException | None]] = queue.SimpleQueue()
    number = at_once or min(_AT_ONCE, os.cpu_count() or 1)
    shares = _shares(editions, number)
    kernels = [execution.Kernel() for _ in shares]

    def make(share: list[int], kernel: execution.Kernel) -> None:
        with kernel:
            for place in share:
                told.put((place, None))
                try:
                    asked = {**options, **dataclasses.asdict(editions[place])}
                    told.put((place, attempt(**asked, kernel=kernel, is_listed=False)))
                except BaseException as error:
                    told.put((place, error))
                    if not isinstance(error, Exception):
                        return

    runs: dict[int, Run | Exception] = {}
    with futures.ThreadPoolExecutor(number) as pool:
        try:
            for share, kernel in zip(shares, kernels, strict=True):
                pool.submit(make, share, kernel)
            while len(runs) < len(editions):
                place, run = told.get()
                if run is None:
                    if began is not None:
                        began(editions[place])
                    continue
                if not isinstance(run, Run | Exception):
                    raise run
                runs[place] = run
                if ended is not None and isinstance(run, Run):
                    ended(run)
        except BaseException:
            for kernel in kernels:
                kernel.stop()
            raise
    made = [runs[place] for place in range(len(editions))]
    for failed in made:
        if isinstance(failed, Exception):
            raise failed
    return _listed([run for run in made if isinstance(run, Run)], options.get("settings_file"))


def _shares(editions: Sequence[Edition], number: int) -> list[list[int]]:
    """Which editions are made by one process? Those of one report; of many, a part of them."""
    by_name: dict[str, list[int]] = {}
    for place, edition in enumerate(editions):
        by_name.setdefault(edition.name, []).append(place)
    shares = []
    for places in by_name.values():
        size = -(-len(places) // number) if len(places) > _MANY else len(places)
        shares += [places[start : start + size] for start in range(0, len(places), size)]
    return shares


def _listed(made: list[Run], settings_file: Path | str | None) -> list[Run]:
    """List all reports once, after the last edition."""
    places = [place for place, run in enumerate(made) if run.page is not None]
    good = [place for place in places if made[place].status == "ok"]
    for place in (good or places)[-1:]:
        try:
            enlist(made[place], root(config.load(settings_file)))
        except errors.ReportError as error:
            made[place] = dataclasses.replace(made[place], status="failed", page=None, error=error)
    return made


def of_owners(
    name: str,
    *,
    period: str | None = None,
    languages: Sequence[Lang] = ("en",),
    settings_file: Path | str | None = None,
) -> list[Edition]:
    """Which editions are the team's and each owner's own? The team's first; all of one period.

    Of a report whose table is missing, or of which the data cover no whole period, it is the team's
    alone: making it says what is missing.

    Parameters
    ----------
    name
        The report.
    period
        The period; None: the last one that the data cover whole.
    languages
        Of each edition.
    settings_file
        The settings file; None: the nearest ``workbench.toml``.

    Raises
    ------
    NoDataError
        No owner is known.
    """
    settings = config.load(settings_file)
    notebook(name, settings)
    try:
        if missing := lacking(name, settings):
            raise missing
        chosen = str(covered(name, settings)) if period is None else period
    except errors.NoDataError:
        return [Edition(name, period, lang) for lang in languages]
    if model(name).dated_by == "nurture":
        people = campaigns.pond(settings).people
    else:
        tables = (loaders.load_configured(table, settings) for table in ("customers", "owners"))
        people = People(*tables)
    owners = [owner for owner in people.owner_names() if owner.strip()]
    if not owners:
        raise errors.NoDataError(
            f"{name}: no owner is known.",
            mend="Say who is in charge: a column owner_id in the table of customers or leads.",
        )
    return [Edition(name, chosen, lang, owner) for owner in (None, *owners) for lang in languages]


def backfill(
    name: str,
    *,
    first: str,
    last: str,
    languages: Sequence[Lang] = ("en",),
    owner: str | None = None,
) -> list[Edition]:
    """Which editions fill the periods from ``first`` to ``last``, both included?

    Raises
    ------
    ParameterError
        One is not a period, they are of two kinds, or ``last`` lies before ``first``.

    Examples
    --------
    >>> [e.period for e in backfill("monthly_customers", first="2025-11", last="2026-01")]
    ['2025-11', '2025-12', '2026-01']
    """
    start, end = periods.parse(first), periods.parse(last)
    if start.kind != end.kind or end < start:
        raise errors.ParameterError(
            f"The periods run from '{first}' to '{last}'.",
            mend="Name two periods of one kind, the earlier first: --from 2026-01 --to 2026-10.",
        )
    found = [end]
    while found[-1].start > start.start:
        found.append(found[-1].previous)
    return [
        Edition(name, str(period), lang, owner) for period in reversed(found) for lang in languages
    ]


def due(today: dt.date, *, settings_file: Path | str | None = None) -> list[Edition]:
    """Which editions do the settings say are due? The last whole period before ``today`` of each.

    ``[report.due]`` names the reports, each with its languages: ``monthly_customers = ["en"]``.
    What is there and unchanged is due all the same; making it again is skipped. A report of which
    the data cover no whole period yet, or whose table is missing, is named without a period: making
    it says what is missing.

    Raises
    ------
    ConfigError
        ``[report.due]`` names a report that there is not; the message names the likely one.
    """
    settings = config.load(settings_file)
    known = names(settings)
    editions = []
    for name, languages in settings.report.due.items():
        if name not in known:
            error = errors.unknown("report", name, known)
            where = f"{settings.root / config.FILE_NAME}, [report.due]"
            raise errors.ConfigError(f"{where}: {error.what}", mend=error.mend)
        try:
            if missing := lacking(name, settings):
                raise missing
            period = str(covered(name, settings, until=today - dt.timedelta(days=1)))
        except errors.NoDataError:
            period = None
        editions += [Edition(name, period, lang) for lang in languages]
    return editions
