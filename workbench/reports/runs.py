"""How is a report made, from its name to its published page, and what if it cannot be?"""

import contextlib
import datetime as dt
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import config, errors, periods, redaction
from workbench.reports import (
    colophon,
    execution,
    failures,
    html,
    index,
    manifest,
    publish,
    scope,
)
from workbench.reports import parameter_models as asked
from workbench.reports.execution import Progress
from workbench.words import Lang, Words


@dataclass(frozen=True)
class Run:
    """How did making one edition of a report end?

    Parameters
    ----------
    name, period, lang, owner
        Which report, for which period, in which language, for whose customers.
    status
        ``ok``, ``failed``, ``timed out`` or ``no data``.
    folder
        Where its files lie.
    page
        The page to open: the report, or the failure page. None where neither could be written.
    skipped
        Nothing had changed since the page was made, so it was not made again.
    seconds
        How long it took.
    error
        Why it was not made, with the mend and the exit code; None for ``ok``.
    """

    name: str
    period: str
    lang: Lang
    owner: str | None
    status: manifest.Status
    folder: Path
    page: Path | None
    skipped: bool = False
    seconds: float = 0.0
    error: errors.WorkbenchError | None = None


@dataclass(frozen=True)
class _Job:
    """One edition to be made, with all that is known before it is."""

    name: str
    period: periods.Period
    parameters: asked.Parameters
    settings: config.Settings
    notebook: Path
    folder: Path
    now: dt.datetime | None

    @property
    def told(self) -> dict[str, Any]:
        """What a reader is told of what was asked."""
        given = {**self.parameters.model_dump(), "period": str(self.period)}
        del given["settings_file"]
        return given

    @property
    def given(self) -> dict[str, Any]:
        """What the notebook's tagged cell is given; the settings' folder is where it runs."""
        file = self.parameters.settings_file
        return {**self.told, "settings_file": None if file is None else Path(file).name}

    @property
    def secrets(self) -> list[str]:
        """What may stand nowhere in what is written."""
        sources = (table.source for table in self.settings.tables.values())
        return redaction.secrets(os.environ, *sources, self.settings.worklist.store)

    @property
    def words(self) -> Words:
        """What its page is written in."""
        return Words(self.parameters.lang)

    @property
    def edition(self) -> dict[str, Any]:
        """Which edition it is."""
        asked = self.parameters
        return {"period": str(self.period), "lang": asked.lang, "owner": asked.owner}

    def ended(self, status: manifest.Status, page: Path | None, **more: Any) -> Run:
        """Say how making it ended."""
        return Run(self.name, **self.edition, status=status, folder=self.folder, page=page, **more)


def run(name: str, **options: Any) -> Run:
    """Make one edition of a report and publish it.

    Parameters
    ----------
    name
        The report: the name of a notebook in ``notebooks/reports``.
    **options
        As ``attempt``.

    Returns
    -------
    Run
        Where the page lies; ``skipped`` where nothing had changed.

    Raises
    ------
    UnknownNameError, ParameterError
        There is no such report or parameter, or a value makes no sense; nothing was touched.
    ReportError
        It could not be made. A ``FAILED.html`` beside the last good page says why; the last good
        page is untouched. Its kinds ``ReportTimeoutError`` and ``NoDataError`` have exit codes
        of their own.
    """
    made = attempt(name, **options)
    if made.error is not None:
        raise made.error
    return made


def attempt(
    name: str,
    *,
    period: str | periods.Period | None = None,
    lang: Lang = "en",
    owner: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    settings_file: Path | str | None = None,
    force: bool = False,
    timeout_minutes: float | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
) -> Run:
    """Make one edition like ``run``, and give a run that failed as a ``Run`` with its error.

    What is wrong with the question itself (an unknown report or parameter) still raises.

    Parameters
    ----------
    name
        The report.
    period
        The period; None: the last one that the data cover whole.
    lang, owner
        The page's language; only this owner's customers.
    parameters
        Values of the report's further parameters; text becomes the declared type.
    settings_file
        The settings file; None: the nearest ``workbench.toml``.
    force
        Make it even where nothing has changed since it was made.
    timeout_minutes
        How long it may take; None: as the settings say.
    progress
        Called after each cell with the cells done, the cells in all, and the heading.
    now
        The time to write on the page; None leaves it out.
    """
    settings = config.load(settings_file)
    notebook = asked.notebook(name, settings)
    file = None if settings_file is None else Path(settings_file).resolve()
    if file is not None and file.is_dir():
        file /= config.FILE_NAME
    given = {
        "period": None if period is None else str(period),
        "lang": lang,
        "owner": owner,
        "settings_file": None if file is None else str(file),
    }
    checked = asked.check(name, {**given, **(parameters or {})})
    try:
        if missing := asked.lacking(name, settings):
            raise missing
        chosen = periods.parse(checked.period) if checked.period else covered(name, settings)
    except errors.ReportError as error:
        place, asked_for = root(settings) / name, checked.period or ""
        status: manifest.Status = "no data" if isinstance(error, errors.NoDataError) else "failed"
        return Run(
            name, asked_for, checked.lang, checked.owner, status, place, page=None, error=error
        )
    folder = publish.target(
        root(settings), name, period=str(chosen), lang=checked.lang, owner=checked.owner
    )
    minutes = timeout_minutes if timeout_minutes is not None else settings.report.timeout_minutes
    if not minutes > 0:
        raise errors.ParameterError(
            f"timeout_minutes is {minutes}.", mend="Give the report some minutes, such as 15."
        )
    job = _Job(name, chosen, checked, settings, notebook, folder, now)
    try:
        with publish.locked(folder):
            made = _made(job, force=force, seconds=minutes * 60, progress=progress)
        # also of a page that was there: a run that was killed after it published listed nothing
        if made.status == "ok":
            with publish.live(folder / publish.PAGE, "the list of all reports"):
                index.write(root(settings))
        elif made.page is not None:
            with contextlib.suppress(OSError):  # the failure is told all the same
                index.write(root(settings))
    except OSError as refused:
        told = publish.refused(f"{name} for {chosen}", refused)
        return job.ended("failed", None, error=told)
    except errors.ReportError as error:
        return job.ended("failed", None, error=error)
    publish.sweep_others(root(settings))
    return made


def root(settings: config.Settings) -> Path:
    """Where do this company's reports lie?"""
    return settings.root / Path(settings.report.folder).expanduser()


def covered(
    name: str, settings: config.Settings, *, until: dt.date | None = None
) -> periods.Period:
    """Which is the last period of the report's kind that the data cover whole?

    Raises
    ------
    NoDataError
        They cover none.
    ReportError
        The disk has no room for what is loaded.
    """
    from workbench import campaigns, loaders

    model = asked.model(name)
    try:
        if model.dated_by == "nurture":
            first, last = campaigns.pond(settings).dates
        else:
            ledger = loaders.load_configured(model.dated_by, settings).ledger
            first, last = ledger.first_date, ledger.last_date
    except errors.SourceError as error:
        if refusal := publish.refusal(error):
            raise publish.refused(f"{name}: what is loaded for it", refusal) from error
        raise
    if until is not None and last is not None:
        last = min(last, until)
    return scope.period(None, first, last, kind=model.kind)


def _made(job: _Job, *, force: bool, seconds: float, progress: Progress | None) -> Run:
    import nbformat

    began = time.monotonic()
    data = manifest.data(job.settings, job.notebook)
    inputs = manifest.inputs(
        notebook=job.notebook, parameters=job.told, settings=job.settings, data=data
    )
    published = publish.current(job.folder)
    before = manifest.read(published) if published else None
    page = job.folder / publish.PAGE
    is_whole = page.is_file() and not (job.folder / publish.FAILED_PAGE).exists()
    if not force and is_whole and before and inputs and before.inputs == inputs:
        return job.ended("ok", page, skipped=True)
    folder = publish.start(job.folder)
    hidden = job.secrets
    known = manifest.Manifest(
        report=job.name,
        **job.edition,
        status="ok",
        parameters=redaction.everywhere(job.told, hidden),
        contacts=job.settings.privacy.contacts,
        data=data,
        inputs=inputs,
        versions=manifest.versions(),
        made_at=job.now,
    )
    try:
        asked.agree(job.name, nbformat.read(job.notebook, as_version=4).cells)
        execution.run(
            job.notebook,
            out=folder / publish.NOTEBOOK,
            tables=folder / publish.TABLES,
            parameters=job.given,
            folder=job.settings.root,
            timeout_seconds=seconds,
            progress=progress,
        )
        executed = _redacted(folder / publish.NOTEBOOK, hidden)
        title = html.title(executed)
        if title is None:
            raise errors.ReportError(
                f"{job.name} for {job.period}: the notebook shows no headline.",
                mend="End a cell with blocks.headline(…): it says what the report found.",
            )
        lasted = time.monotonic() - began
        kept = sorted(path.name for path in (folder / publish.TABLES).iterdir())
        done = _noted(folder, known, lasted, title=title, tables=kept)
        name = colophon.report_name(job.name, job.words)
        written = html.report(
            executed,
            job.words,
            name=name,
            footer=f"{name} · {job.words.write(job.period, 'period')}",
            colophon={
                "notebook": f"{job.name}.ipynb",
                "lines": colophon.lines(done, job.words),
            },
        )
        _write(folder / publish.PAGE, written)
    except BaseException as stopped:
        failure = failures.of(stopped, what=f"{job.name} for {job.period}", seconds=seconds)
        if failure is None:
            publish.sweep(job.folder)  # interrupted by a person: as if it had not been tried
            raise
        failure = failure.without(hidden)
        lasted = time.monotonic() - began
        try:
            _redacted(folder / publish.NOTEBOOK, hidden)
            failure_page: Path | None = _tell(job, folder, known, failure, lasted)
        except OSError:  # a disk without room for the page has none for its news
            publish.sweep(job.folder)
            failure_page = None
        return job.ended(failure.status, failure_page, seconds=lasted, error=failure.error)
    publish.publish(job.folder, folder)
    return job.ended("ok", page, seconds=lasted)


def _redacted(path: Path, hidden: list[str]) -> dict[str, Any]:
    """Take secrets and this run's temporary paths out of the executed notebook and its tables."""
    for table in (path.parent / publish.TABLES).glob("*.csv"):
        said = table.read_bytes().decode("utf-8", "surrogateescape")
        if (told := redaction.text(said, hidden)) != said:
            table.write_bytes(told.encode("utf-8", "surrogateescape"))
    try:
        executed: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        path.unlink(missing_ok=True)  # half of a notebook can be neither read nor cleaned
        return {"cells": []}
    clean = redaction.notebook(executed, hidden)
    for part in (clean, *clean["cells"]):
        part.get("metadata", {}).pop("papermill", None)
    _write(path, json.dumps(clean, ensure_ascii=False, indent=1) + "\n")
    return clean


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _noted(folder: Path, known: manifest.Manifest, lasted: float, **more: Any) -> manifest.Manifest:
    """Write the manifest of a run that has ended."""
    done = known.model_copy(update={**more, "duration_seconds": round(lasted, 1)})
    _write(folder / publish.MANIFEST, done.model_dump_json(indent=2) + "\n")
    return done


def _tell(
    job: _Job,
    folder: Path,
    known: manifest.Manifest,
    failed: failures.Failure,
    lasted: float,
) -> Path:
    """Leave the failure page, the partial notebook and a manifest that says why."""
    what, mend = failed.error.what, failed.error.mend
    kind = type(failed.error).__name__
    told = manifest.Failure(kind=kind, what=what, mend=mend, cell=failed.cell)
    _noted(folder, known, lasted, status=failed.status, error=told)
    words = job.words
    name, period = colophon.report_name(job.name, words), words.write(job.period, "period")
    key = f"report.failed.{failed.status.replace(' ', '_')}"
    title = words(key, report=name, period=period)
    has_notebook = (folder / publish.NOTEBOOK).is_file()
    page = html.page(
        "failed",
        words,
        title=title,
        footer=title,
        kicker=[name, period],
        what=what,
        mend=mend,
        trace=failed.trace,
        cell=failed.cell,
        notebook=f"{publish.FAILED}/{publish.NOTEBOOK}" if has_notebook else None,
        last=publish.PAGE if publish.current(job.folder) else None,
    )
    return publish.fail(job.folder, folder, page)
