"""Which editions are to be made, in a backfill or because they are due? And all of them in a row."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import config, errors, periods
from workbench.reports.parameter_models import lacking, names
from workbench.reports.runs import Run, attempt, covered
from workbench.words import Lang


@dataclass(frozen=True)
class Edition:
    """Which edition of which report is to be made?"""

    name: str
    period: str | None
    lang: Lang = "en"
    owner: str | None = None


def run_many(editions: Sequence[Edition], **options: Any) -> list[Run]:
    """Make several editions, one after the other; one that fails does not stop the others.

    Each ``Run`` says how it ended; ``error`` holds why one was not made, with its exit code. The
    options are those of ``attempt``, the same for all.
    """
    return [attempt(**{**options, **dataclasses.asdict(edition)}) for edition in editions]


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
