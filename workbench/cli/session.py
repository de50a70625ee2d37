"""What do all commands of a worklist share: the store, the day, the hand, how lists are shown?"""

import contextlib
import datetime as dt
import getpass
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import errors
from workbench.cli import terminal

if TYPE_CHECKING:
    import pandas as pd

    from workbench.campaigns import Enrolled
    from workbench.config import Settings
    from workbench.people import People
    from workbench.worklist import Worklist


AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The day, as 2026-11-02; today if not said.")
]
Owner = Annotated[str | None, typer.Option(help="Only this salesperson's, by owner_id.")]
Channel = Annotated[
    str | None,
    typer.Option(
        help="By which way: wechat, qq, email, sms, phone, visit; of the last step if not said."
    ),
]
Plan = Annotated[str | None, typer.Option(help="Which plan, where the lead is in several.")]
Step = Annotated[
    int | None, typer.Option(help="Which step; not needed where only one is due or missed.")
]
By = Annotated[
    str | None, typer.Option(help="Who does this; the user of this machine if not said.")
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say what would be written to the worklist; write nothing."),
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Also write the list to this file.")]
Lead = Annotated[str, typer.Argument(help="The lead, by lead_id.")]


# How wide a list is where no terminal says how wide it is: a file, a pipe.
_WIDE = 160


@dataclass(frozen=True)
class Session:
    """The store that is configured, and the day and hand of a command."""

    settings: "Settings"
    store: "Worklist"
    day: dt.date
    at: dt.datetime
    by: str

    def names(self, table: "pd.DataFrame") -> "pd.DataFrame":
        """Put the names of leads beside their ids."""
        return people(self.settings, "leads").named(table)


def people(settings: "Settings", *names: str) -> "People":
    """Who is who, as far as the settings name these tables?"""
    from workbench import loaders
    from workbench.people import People

    configured = [name for name in names if name in settings.tables]
    found: dict[str, Any] = {name: loaders.load_configured(name, settings) for name in configured}
    return People(**found)


def opened(as_of: str | None, by: str | None = None, *, owner: str | None = None) -> Session:
    """Open the worklist of the settings that hold here: one that is there."""
    from workbench import worklist

    settings, day, at, person = _asked(as_of, by, owner)
    store = worklist.connect(settings.worklist_address(), make=False, **_here(settings))
    return Session(settings, store, day, at, person)


@contextlib.contextmanager
def opened_or_made(
    as_of: str | None, by: str | None, *, owner: str | None = None
) -> Iterator[Session]:
    """Open the worklist, and make it where there is none as soon as something stands in it."""
    from workbench import worklist

    settings, day, at, person = _asked(as_of, by, owner)
    with worklist.opened_or_made(settings.worklist_address(), **_here(settings)) as store:
        yield Session(settings, store, day, at, person)


def _here(settings: "Settings") -> dict[str, Any]:
    """Say which day it is, and whose phone numbers are meant."""
    return {"today": dt.date.today(), "country": settings.nurture.country}


def _asked(
    as_of: str | None, by: str | None, owner: str | None
) -> "tuple[Settings, dt.date, dt.datetime, str]":
    """Which settings, which day, which time, and whose hand? The owner is one there is."""
    from workbench import arguments, config

    settings = config.required()
    now = dt.datetime.now().replace(microsecond=0)
    day = now.date() if as_of is None else arguments.day("--as-of", as_of)
    if owner is not None and "owners" in settings.tables:
        owners = people(settings, "owners")
        owners.of(owners.owners, owner)
    try:
        person = getpass.getuser() if by is None else arguments.text("--by", by)
    except (OSError, KeyError) as error:
        raise errors.ParameterError(
            "Who does this is not known: this machine names no user.", mend="Say it: --by NAME"
        ) from error
    return settings, day, dt.datetime.combine(day, now.time()), person


def show(
    table: "pd.DataFrame",
    columns: tuple[str, ...],
    csv: Path | None,
    nothing: str,
    *,
    words: bool = False,
) -> None:
    """Print a list, and write it where asked: whole or not at all."""
    from workbench import tables
    from workbench.words import Words

    listed = table.reindex(columns=list(columns))
    if csv is not None:
        write(csv, tables.csv(table))
    if listed.empty:
        typer.echo(nothing)
        return
    shown = terminal.plain_table()
    kinds = {name: tables.kind(name, listed[name]) for name in columns}
    for name in columns:
        shown.add_column(Words().header(name), overflow="fold")
    for row in listed.itertuples(index=False):
        cells = (
            tables.text(name, value, kinds[name]) for name, value in zip(columns, row, strict=True)
        )
        shown.add_row(*(terminal.inert(cell) for cell in cells))
    console = terminal.console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(shown)
    for step in table.itertuples() if words else ():
        said = "–" if not isinstance(step.text, str) else f"{step.text}"
        console.print(terminal.inert(f"{step.lead_id}, {step.step}: {said}"), soft_wrap=True)


def written(what: str, operation: Any, *, dry_run: bool) -> None:
    """Say what was written, and how it is taken back."""
    import pandas as pd

    if dry_run:
        typer.echo(terminal.inert(f"Dry run, nothing was written: {what}."))
    elif operation is None or pd.isna(operation):
        typer.echo(terminal.inert(f"Nothing to write: {what}."))
    else:
        undo = f"To take it back: workbench nurture undo {int(operation)}"
        typer.echo(terminal.inert(f"{what}. {undo}"))


def enrolled(made: "Enrolled", *, dry_run: bool) -> None:
    """Say who was enrolled, and who is left out and why."""
    is_new = made.enrolled["is_new"]
    new = made.enrolled[is_new]
    said = f"{len(new)} enrolled in '{made.enrolled['plan'].iloc[0]}', {new['steps'].sum()} steps"
    if len(new):
        days = made.steps.loc[made.steps["lead_id"].isin(new["lead_id"]), "due_date"]
        said += f", {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"
    if not is_new.all():
        said += f"; {(~is_new).sum()} there already, as first enrolled"
    written(said, first_of(made.enrolled["operation_id"]), dry_run=dry_run)
    if reasons := made.reasons:
        typer.echo(f"{len(reasons)} left out:")
        for reason in reasons:
            typer.echo(terminal.inert(f"  {reason}"))


def first_of(operations: "pd.Series[Any]") -> Any:
    """Give the number of what was written; None where nothing was."""
    there = operations.dropna()
    return None if there.empty else there.iloc[0]


def set_aside(
    path: Path | None, count: int, what: str, write: Callable[[Path], object]
) -> str | None:
    """Write the rows that are to be mended, where there are any; say what the file holds now.

    Where there are none no file is written, and one of an earlier run is not mistaken for this one's.
    """
    if path is None:
        return None
    if count:
        write(path)
        return terminal.inert(f"{what}: {count:,}, written to {path}")
    left = f"; {path} is there of an earlier run and was left as it is" if path.exists() else ""
    return terminal.inert(f"{what}: none, nothing was written{left}")


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, its folder made where it is not there."""
    from workbench import outputs

    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    outputs.write(path, content)
