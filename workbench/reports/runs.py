"""How is a report made, from its name to its published page, and what if it cannot be?"""

import datetime as dt
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import config, errors, labels, periods
from workbench.reports import (
    colophon,
    execution,
    failures,
    html,
    index,
    manifest,
    publish,
    redaction,
    scope,
)
from workbench.reports import parameter_models as asked
from workbench.reports.execution import Progress


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
        The page to open: the report, or the failure page. None where there is neither.
    skipped
        Nothing had changed since the page was made, so it was not made again.
    seconds
        How long it took.
    error
        Why it was not made, with the mend and the exit code; None for ``ok``.
    """

    name: str
    period: str
    lang: labels.Lang
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
    def given(self) -> dict[str, Any]:
        """What the notebook's tagged cell is given; the settings' folder is where it runs."""
        given = {**self.parameters.model_dump(), "period": str(self.period)}
        if self.parameters.settings_file is not None:
            given["settings_file"] = Path(self.parameters.settings_file).name
        return given

    @property
    def told(self) -> dict[str, Any]:
        """What a reader is told of it."""
        return {key: value for key, value in self.given.items() if key != "settings_file"}


def run(
    name: str,
    *,
    period: str | periods.Period | None = None,
    lang: labels.Lang = "en",
    owner: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    settings_file: Path | str | None = None,
    force: bool = False,
    timeout_minutes: float | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
) -> Run:
    """Make one edition of a report and publish it.

    Parameters
    ----------
    name
        The report: the name of a notebook in ``notebooks/reports``.
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
    made = attempt(
        name,
        period=period,
        lang=lang,
        owner=owner,
        parameters=parameters,
        settings_file=settings_file,
        force=force,
        timeout_minutes=timeout_minutes,
        progress=progress,
        now=now,
    )
    if made.error is not None:
        raise made.error
    return made


def attempt(
    name: str,
    *,
    period: str | periods.Period | None = None,
    lang: labels.Lang = "en",
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
    """
    settings = config.load(settings_file)
    job = _prepared(name, period, lang, owner, parameters or {}, settings_file, settings, now)
    minutes = timeout_minutes if timeout_minutes is not None else settings.report.timeout_minutes
    if not minutes > 0:
        raise errors.ParameterError(
            f"timeout_minutes is {minutes}.", mend="Give the report some minutes, such as 15."
        )
    with publish.locked(job.folder):
        made = _made(job, force=force, seconds=minutes * 60, progress=progress)
    if not made.skipped:
        index.write(root(settings))
    return made


def root(settings: config.Settings) -> Path:
    """Where do this company's reports lie?"""
    return settings.root / Path(settings.report.folder).expanduser()


def _prepared(
    name: str,
    period: str | periods.Period | None,
    lang: labels.Lang,
    owner: str | None,
    further: Mapping[str, Any],
    settings_file: Path | str | None,
    settings: config.Settings,
    now: dt.datetime | None,
) -> _Job:
    notebook = asked.notebook(name, settings)
    file = Path(settings_file).resolve() if settings_file is not None else None
    if file is not None and file.is_dir():
        file /= config.FILE_NAME
    checked = asked.check(
        name,
        {
            "period": str(period) if period is not None else None,
            "lang": lang,
            "owner": owner,
            "settings_file": str(file) if file is not None else None,
            **further,
        },
    )
    chosen = (
        periods.parse(checked.period) if checked.period is not None else covered(name, settings)
    )
    folder = publish.target(
        root(settings), name, period=str(chosen), lang=checked.lang, owner=checked.owner
    )
    return _Job(name, chosen, checked, settings, notebook, folder, now)


def covered(
    name: str, settings: config.Settings, *, until: dt.date | None = None
) -> periods.Period:
    """Which is the last period of the report's kind that the data cover whole?

    Raises
    ------
    NoDataError
        They cover none.
    """
    from workbench import loaders

    model = asked.model(name)
    ledger = loaders.load_configured(model.dated_by, settings).ledger
    first, last = ledger.first_date, ledger.last_date
    if until is not None and last is not None:
        last = min(last, until)
    return scope.period(None, first, last, kind=model.kind)


def _made(job: _Job, *, force: bool, seconds: float, progress: Progress | None) -> Run:
    began = time.monotonic()
    data = manifest.data(job.settings)
    inputs = manifest.inputs(
        notebook=job.notebook, parameters=job.told, settings=job.settings, data=data
    )
    published = publish.current(job.folder)
    before = manifest.read(published) if published else None
    if not force and before and inputs and before.inputs == inputs and _is_whole(job.folder):
        return _run(job, "ok", page=job.folder / publish.PAGE, skipped=True)
    folder = publish.start(job.folder)
    hidden = redaction.secrets(os.environ)
    known = manifest.Manifest(
        report=job.name,
        period=str(job.period),
        lang=job.parameters.lang,
        owner=job.parameters.owner,
        status="ok",
        parameters=redaction.everywhere(job.told, hidden),
        data=data,
        inputs=inputs,
        versions=manifest.versions(),
        made_at=job.now,
    )
    try:
        _execute(job, folder, seconds, progress)
        executed = _redacted(folder / publish.NOTEBOOK, hidden)
        lasted = time.monotonic() - began
        done = known.model_copy(
            update={
                "title": html.title(executed),
                "tables": sorted(p.name for p in (folder / publish.TABLES).iterdir()),
                "duration_seconds": round(lasted, 1),
            }
        )
        _write(folder / publish.PAGE, _page(job, executed, done))
        _write(folder / publish.MANIFEST, done.model_dump_json(indent=2) + "\n")
    except BaseException as stopped:
        failure = failures.of(stopped, what=f"{job.name} for {job.period}", seconds=seconds)
        if failure is None:
            publish.sweep(job.folder)  # interrupted by a person: as if it had not been tried
            raise
        _redacted(folder / publish.NOTEBOOK, hidden)
        lasted = time.monotonic() - began
        page = _tell(job, folder, known, failure, lasted, hidden)
        return _run(job, failure.status, page=page, seconds=lasted, error=failure.error)
    publish.publish(job.folder, folder)
    return _run(job, "ok", page=job.folder / publish.PAGE, seconds=lasted)


def _is_whole(folder: Path) -> bool:
    return (folder / publish.PAGE).is_file() and not (folder / publish.FAILED_PAGE).exists()


def _run(job: _Job, status: manifest.Status, **more: Any) -> Run:
    return Run(
        name=job.name,
        period=str(job.period),
        lang=job.parameters.lang,
        owner=job.parameters.owner,
        status=status,
        folder=job.folder,
        **more,
    )


def _execute(job: _Job, folder: Path, seconds: float, progress: Progress | None) -> None:
    import nbformat

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


def _redacted(path: Path, hidden: list[str]) -> dict[str, Any]:
    """Take secrets and this run's temporary paths out of the executed notebook."""
    try:
        executed: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        path.unlink(missing_ok=True)  # half of a notebook can be neither read nor cleaned
        return {"cells": []}
    clean = redaction.notebook(executed, hidden)
    for cell in clean["cells"]:
        cell.get("metadata", {}).pop("papermill", None)
    clean["metadata"] = {
        key: part for key, part in clean.get("metadata", {}).items() if key != "papermill"
    }
    _write(path, json.dumps(clean, ensure_ascii=False, indent=1) + "\n")
    return clean


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _tell(
    job: _Job,
    folder: Path,
    known: manifest.Manifest,
    failed: failures.Failure,
    lasted: float,
    hidden: list[str],
) -> Path:
    """Leave the failure page, the partial notebook and a manifest that says why."""
    lang = job.parameters.lang
    what = redaction.text(failed.error.what, hidden)
    mend = redaction.text(failed.error.mend, hidden)
    told = manifest.Failure(
        kind=type(failed.error).__name__, what=what, mend=mend, cell=failed.cell
    )
    done = known.model_copy(
        update={"status": failed.status, "error": told, "duration_seconds": round(lasted, 1)}
    )
    _write(folder / publish.MANIFEST, done.model_dump_json(indent=2) + "\n")
    name = colophon.report_name(job.name, lang)
    key = {"timed out": "report.failed.timeout", "no data": "report.failed.no_data"}.get(
        failed.status, "report.failed.title"
    )
    has_notebook = (folder / publish.NOTEBOOK).is_file()
    page = html.failed(
        lang=lang,
        title=labels.text(key, lang, report=name, period=job.period.label(lang)),
        kicker=[name, job.period.label(lang)],
        what=what,
        mend=mend,
        trace=redaction.text(failed.trace, hidden),
        cell=failed.cell,
        notebook=f"{publish.FAILED}/{publish.NOTEBOOK}" if has_notebook else None,
        last=publish.PAGE if publish.current(job.folder) else None,
    )
    return publish.fail(job.folder, folder, page)


def _page(job: _Job, executed: Mapping[str, Any], done: manifest.Manifest) -> str:
    lang = job.parameters.lang
    name = colophon.report_name(job.name, lang)
    return html.report(
        executed,
        lang=lang,
        name=name,
        footer=f"{name} · {job.period.label(lang)}",
        colophon={"notebook": f"{job.name}.ipynb", "lines": colophon.lines(done, lang)},
    )
