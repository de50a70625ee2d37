"""The command ``report``: make reports and publish them. Here the clock is asked."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from workbench import errors
from workbench.cli import terminal

if TYPE_CHECKING:
    from workbench.reports import Edition, Run
    from workbench.reports.execution import Progress
    from workbench.reports.runs import Beside
    from workbench.words import Lang

# of so many editions each line says how far it is
_MANY = 8


def report(
    name: Annotated[
        str | None, typer.Argument(help="Which report, such as monthly_customers.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All reports there are.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="What workbench.toml says is due: one cron line.")
    ] = False,
    period: Annotated[
        str | None,
        typer.Option(
            help="2026-W45, 2026-10, 2026-Q4 or 2026; the last whole one in the data if not said."
        ),
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First period of several.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last period of several.")] = None,
    lang: Annotated[str, typer.Option(help="en, zh or all.")] = "en",
    owner: Annotated[
        str | None, typer.Option(help="Only this owner's customers, by owner_id.")
    ] = None,
    each: Annotated[
        str | None,
        typer.Option(help="owner: the team's page, and one for each owner with only theirs."),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A parameter of the report's own. Repeatable."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make it even if nothing has changed.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also as a PDF file; needs an installed Chromium.")
    ] = False,
    mail: Annotated[
        bool, typer.Option("--mail", help="Also as a mail ready to be sent (.eml); none is sent.")
    ] = False,
) -> None:
    """Make reports and publish them; what is unchanged is skipped.

    Each is published whole or not at all, under reports/NAME/PERIOD/LANG; one that fails leaves
    the last good one untouched, and FAILED.html says why. The exit code is the first failure's.
    Several are made two at a time. An owner without anything to report is told, and is no failure.
    """
    from workbench import config, reports
    from workbench.reports import index, runs
    from workbench.words import LANGUAGES

    _agree(name, every=every, due=due, period=period, first=first, last=last)
    _agree_on_owners(each, owner=owner, due=due, first=first)
    config.required()
    if lang not in (*LANGUAGES, "all"):
        raise errors.ParameterError(f"--lang is '{lang}'.", mend="Use en, zh or all.")
    languages = LANGUAGES if lang == "all" else (cast("Lang", lang),)
    further = terminal.pairs("--set", parameter or [], "call_list_rows=30")

    asked: list[reports.Edition]
    if due:
        asked = reports.due(dt.date.today())
        if not asked:
            terminal.tell("Nothing is due: workbench.toml, [report.due], names no report.")
    else:
        asked = []
        for one in _possible() if every else [str(name)]:
            if first is not None and last is not None:
                asked += reports.backfill(
                    one, first=first, last=last, languages=languages, owner=owner
                )
            elif each is not None:
                asked += reports.of_owners(one, period=period, languages=languages)
            else:
                asked += [reports.Edition(one, period, language, owner) for language in languages]

    beside: list[Beside] = [*(["pdf"] if pdf else []), *(["mail"] if mail else [])]  # type: ignore[list-item]
    made = _make(asked, each, parameters=further, force=force, beside=beside)
    failures = [run.error for run in made if run.error is not None and not _is_idle(run, each)]
    overview = runs.root(config.load()) / index.PAGE
    if len(asked) > 1:
        typer.echo(_counted(made, each))
        if overview.is_file():
            typer.echo(f"All reports: {_near(overview)}")
    if failures:
        raise typer.Exit(failures[0].exit_code)


def _possible() -> list[str]:
    """Name all reports whose tables there are, and tell of the others; all where none can be made."""
    from workbench import config, reports

    settings = config.load()
    names = reports.names(settings)
    missing = {name: error for name in names if (error := reports.lacking(name, settings))}
    if len(missing) == len(names):
        return names
    for error in missing.values():
        terminal.tell(f"Left out: {error.one_line}")
    return [name for name in names if name not in missing]


def _agree(
    name: str | None,
    *,
    every: bool,
    due: bool,
    period: str | None,
    first: str | None,
    last: str | None,
) -> None:
    """Refuse options that say two things at once, or nothing."""
    from workbench import reports

    if [name is not None, every, due].count(True) != 1:
        raise errors.ParameterError(
            "Name one report, or --all, or --due; one of the three.",
            mend=f"Known reports: {', '.join(reports.names()) or 'none here'}.",
        )
    if (first is None) != (last is None):
        raise errors.ParameterError(
            "--from and --to belong together.", mend="Write: --from 2026-01 --to 2026-10"
        )
    if [period is not None, first is not None, due].count(True) > 1:
        raise errors.ParameterError(
            "--period, --from with --to, and --due each say which periods.", mend="Use one of them."
        )


def _agree_on_owners(each: str | None, *, owner: str | None, due: bool, first: str | None) -> None:
    """Refuse a page for each of what there is not, or of one owner alone."""
    if each is None:
        return
    if each != "owner":
        raise errors.ParameterError(f"--each is '{each}'.", mend="Write: --each owner")
    if owner is not None or due or first is not None:
        raise errors.ParameterError(
            "--each owner goes with neither --owner, --due nor --from.",
            mend="Name a report and, if need be, its --period: --each owner --period 2026-10",
        )


def _make(
    asked: "list[Edition]",
    each: str | None,
    *,
    parameters: dict[str, str],
    force: bool,
    beside: "list[Beside]",
) -> "list[Run]":
    """Make editions under a progress bar, and say of each in one line where it lies."""
    from workbench import reports

    options: dict[str, Any] = {
        "parameters": parameters, "force": force, "beside": beside,
        "now": dt.datetime.now().replace(microsecond=0),
    }  # fmt: skip
    if len(asked) == 1:
        with _progress(_called(asked[0])) as told:
            run = reports.attempt(**dataclasses.asdict(asked[0]), **options, progress=told)
        _say(run, each)
        return [run]
    is_terminal = terminal.console(stderr=True).is_terminal
    ended = 0

    with terminal.progress(f"Making {len(asked)} reports", is_headed=True) as told:

        def begin(edition: "Edition") -> None:
            if is_terminal:
                told(ended, len(asked), _called(edition))
            else:
                terminal.tell(f"Making {_called(edition)}")

        def end(run: "Run") -> None:
            nonlocal ended
            ended += 1
            told(ended, len(asked))
            _say(run, each, f"{ended} of {len(asked)}: " if len(asked) > _MANY else "")

        return reports.run_many(asked, began=begin, ended=end, **options)


def _called(edition: "Edition") -> str:
    words = (edition.name, edition.period, edition.lang, edition.owner)
    return " ".join(word for word in words if word)


def _is_idle(run: "Run", each: str | None) -> bool:
    """Is it an owner's page, of many, with nothing to report?"""
    return each is not None and run.owner is not None and run.status == "no data"


def _counted(made: "list[Run]", each: str | None) -> str:
    """Say how many editions ended how."""
    idle = sum(_is_idle(run, each) for run in made)
    counts = {
        "made": sum(run.error is None and not run.skipped for run in made),
        "unchanged": sum(run.skipped for run in made),
        "with nothing to report": idle,
        "failed": sum(run.error is not None for run in made) - idle,
    }
    return ", ".join(f"{count} {how}" for how, count in counts.items() if count) + "."


def _say(run: "Run", each: str | None, place: str = "") -> None:
    said = place + " ".join(word for word in (run.name, run.period, run.lang, run.owner) if word)
    if run.error is not None and _is_idle(run, each):
        typer.echo(f"{said}: nothing to report. {terminal.without_secrets(run.error.one_line)}")
    elif run.error is not None:
        where = f" More in {_near(run.page)}" if run.page else ""
        terminal.fail(f"{said}: {run.error.one_line}{where}", run.error.exit_code)
    else:
        how = "unchanged" if run.skipped else f"made in {run.seconds:.0f} s"
        typer.echo(f"{said}: {_near(run.page or run.folder)} ({how})")


@contextmanager
def _progress(edition: str) -> "Iterator[Progress]":
    """Show how far a run is: a bar on a terminal, one line where nobody watches."""
    if terminal.console(stderr=True).is_terminal:
        with terminal.progress(f"Making {edition}", is_headed=True) as told:
            yield told
    else:
        # said at the first step: a question that is refused makes nothing
        yield (
            lambda done, _cells, _heading: terminal.tell(f"Making {edition}") if done == 1 else None
        )


def _near(path: Path) -> Path:
    """Name a path from here where that is shorter."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
