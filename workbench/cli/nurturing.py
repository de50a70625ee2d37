"""The commands ``nurture …``: a salesperson's worklist from a terminal. Here the clock is asked.

What is written is said with the number that takes it back; ``--dry-run`` says it and writes nothing.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import errors
from workbench.cli.desk import (
    AsOf,
    By,
    Csv,
    Desk,
    DryRun,
    Lead,
    Owner,
    Plan,
    Step,
    first_of,
    open_desk,
    show,
    write,
    written,
)
from workbench.cli.enrolling import enrol
from workbench.cli.importing import import_touches

if TYPE_CHECKING:
    import pandas as pd

    from workbench.worklist import Feedback

app = typer.Typer(
    name="nurture",
    help="Which lead is to be touched today? Nothing is ever sent.",
    short_help="Keep the worklist of touches: enrol, due, done, stop.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_EVER = dt.date(9999, 12, 30)
_LIST = ("due_date", "party_id", "lead_name", "owner_id", "plan", "step", "channel", "address")
_DONE = ("closed_at", "party_id", "lead_name", "owner_id", "plan", "step", "channel", "edited")
_WAITING = ("party_id", "lead_name", "owner_id", "plan", "waiting_since", "days_waiting", "text")
_TIMELINE = ("at", "what", "plan", "step", "channel", "text", "reason", "by_whom", "operation_id")


app.command()(enrol)
app.command("import")(import_touches)


@app.command()
def due(owner: Owner = None, as_of: AsOf = None, csv: Csv = None) -> None:
    """List what is to be done today."""
    from workbench import worklist

    desk = open_desk(as_of, owner=owner)
    table = worklist.due(desk.store, as_of=desk.day, owner_id=owner)
    late = len(worklist.missed(desk.store, as_of=desk.day, owner_id=owner))
    show(desk.names(table), _LIST, csv, f"Nothing is due on {desk.day}.", words=True)
    if late:
        typer.echo(f"{late} of earlier days are not done: workbench nurture missed")


@app.command()
def missed(owner: Owner = None, as_of: AsOf = None, csv: Csv = None) -> None:
    """List what should have been done before, and was not."""
    from workbench import worklist

    desk = open_desk(as_of, owner=owner)
    table = worklist.missed(desk.store, as_of=desk.day, owner_id=owner)
    show(desk.names(table), _LIST, csv, f"Nothing was missed before {desk.day}.")


@app.command()
def done(
    lead: Annotated[
        str | None,
        typer.Argument(help="The lead whose step is done; without it, the list of today."),
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="The words as sent, if they were changed.")
    ] = None,
    plan: Plan = None,
    step: Step = None,
    owner: Owner = None,
    as_of: AsOf = None,
    by: By = None,
    csv: Csv = None,
    dry_run: DryRun = False,
) -> None:
    """Mark a step done; without a lead, list what was done.

    The words are kept as they were sent.
    """
    from workbench import worklist

    desk = open_desk(as_of, by, owner=owner)
    if lead is None:
        table = worklist.done(desk.store, as_of=desk.day, owner_id=owner, since=desk.day)
        show(desk.names(table), _DONE, csv, f"Nothing was done on {desk.day}.")
        return
    rows = _open_step(desk, lead, plan, step)
    rows = rows if text is None else rows.assign(text=text)
    made = worklist.mark_done(desk.store, rows, at=desk.at, by=desk.by, dry_run=dry_run)
    said = f"Step {rows['step'].item()} of '{rows['plan'].item()}' for {lead} is done"
    written(said, _operation(made), dry_run=dry_run)


@app.command()
def skip(
    lead: Lead,
    reason: Annotated[str, typer.Option(help="Why it is left out.")],
    plan: Plan = None,
    step: Step = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Leave a step out, with a reason."""
    from workbench import worklist

    desk = open_desk(as_of, by)
    rows = _open_step(desk, lead, plan, step)
    made = worklist.skip(desk.store, rows, reason=reason, at=desk.at, by=desk.by, dry_run=dry_run)
    said = f"Step {rows['step'].item()} of '{rows['plan'].item()}' for {lead} is left out"
    written(said, _operation(made), dry_run=dry_run)


def _operation(made: "pd.DataFrame") -> Any:
    """The number of what this command wrote: none, where somebody was just faster."""
    return first_of(made.loc[made["is_written"], "operation_id"])


def _open_step(desk: Desk, lead: str, plan: str | None, step: int | None) -> "pd.DataFrame":
    """Which step is meant? The one named, or the first open one that is due."""
    from workbench import worklist

    table = worklist.steps(desk.store, as_of=desk.day, party_id=lead)
    known = worklist.timeline(desk.store, lead, as_of=desk.day)
    if table.empty:
        where = f" on {desk.day}" if len(known) else ""
        raise errors.WorklistError(
            f"The worklist knows no step of '{lead}'{where}.",
            mend="Check the id with workbench nurture due; nothing was changed.",
        )
    pending = table[(table["status"] == "pending") & ~table["is_paused"].astype(bool)]
    pending = pending if plan is None else pending[pending["plan"] == plan]
    pending = pending if step is None else pending[pending["step"] == step]
    what = "" if step is None else f" {step}"
    if pending.empty:
        raise errors.WorklistError(
            f"'{lead}' has no open step{what}" + (f" in '{plan}'." if plan else "."),
            mend=f"See: workbench nurture timeline {lead}",
        )
    plans = sorted(pending["plan"].unique())
    if len(plans) > 1:
        raise errors.ParameterError(
            f"'{lead}' is in {len(plans)} plans: {', '.join(plans)}.", mend="Say which with --plan."
        )
    first = pending.sort_values(["due_date", "step"]).head(1)
    if step is None and first["due_date"].item().date() > desk.day:
        raise errors.WorklistError(
            f"The next step of '{lead}' is due on {first['due_date'].item():%Y-%m-%d}.",
            mend=f"To do it early, name it: --step {first['step'].item()}",
        )
    return first


@app.command()
def stop(
    lead: Lead,
    feedback: Annotated[str, typer.Option(help="positive, negative, opted_out or none.")],
    channel: Annotated[str | None, typer.Option(help="By which way it was said.")] = None,
    text: Annotated[str | None, typer.Option(help="The lead's words.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, where there was no answer.")] = None,
    plan: Plan = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Write down an answer, and stop the lead's plans.

    A positive one hands the lead over to sales; who opts out is not enrolled by that way again.
    """
    from workbench import worklist

    desk = open_desk(as_of, by)
    said: Feedback | Any = feedback
    made = worklist.stop(
        desk.store,
        lead,
        feedback=said,
        channel=channel,
        text=text,
        reason=reason,
        plan=plan,
        at=desk.at,
        by=desk.by,
        dry_run=dry_run,
    )
    operation = None if dry_run else _last_operation(desk, lead)
    written(f"{lead}: {len(made)} steps are stopped ({feedback})", operation, dry_run=dry_run)


def _last_operation(desk: Desk, lead: str) -> int:
    """The number of what was written for a lead just now."""
    from workbench import worklist

    # an event is never earlier than the one before it, so it may lie past the day of the command
    events = worklist.timeline(desk.store, lead, as_of=_EVER)
    return int(events["operation_id"].max())


@app.command()
def pause(
    lead: Lead, plan: Plan = None, as_of: AsOf = None, by: By = None, dry_run: DryRun = False
) -> None:
    """Let a lead's open steps wait until they are resumed."""
    from workbench import worklist

    desk = open_desk(as_of, by)
    made = worklist.pause(desk.store, lead, plan=plan, at=desk.at, by=desk.by, dry_run=dry_run)
    written(f"{lead}: {len(made)} steps wait", first_of(made["operation_id"]), dry_run=dry_run)


@app.command()
def resume(
    lead: Lead,
    start: Annotated[
        str | None, typer.Option(help="The day of the first step; --as-of if not said.")
    ] = None,
    plan: Plan = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Lay a lead's waiting steps out again.

    They keep the gaps they had, so that nothing piles up.
    """
    from workbench import arguments as parameters
    from workbench import nurture, worklist

    desk = open_desk(as_of, by)
    rows = nurture.resumed(
        worklist.steps(desk.store, as_of=desk.day),
        lead,
        on=desk.day if start is None else parameters.day("--start", start),
        plan=plan,
        calendar=desk.calendar(),
        capacity=desk.settings.nurture.capacity,
        per_day=desk.settings.nurture.touches_per_day,
    )
    made = worklist.resume(desk.store, rows, at=desk.at, by=desk.by, dry_run=dry_run)
    said = f"{lead}: {len(made)} steps from {made['due_date'].min():%Y-%m-%d} on"
    written(said, first_of(made["operation_id"]), dry_run=dry_run)


@app.command()
def undo(
    operation: Annotated[int, typer.Argument(help="The number that was said when it was written.")],
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Take one thing back, all of it; both stay in the timeline."""
    from workbench import worklist

    desk = open_desk(as_of, by)
    made = worklist.undo(desk.store, operation, at=desk.at, by=desk.by, dry_run=dry_run)
    said = f"Operation {operation} is taken back: {len(made)} steps stand as before"
    typer.echo(f"Dry run, nothing was written: {said}." if dry_run else f"{said}.")


@app.command()
def handovers(owner: Owner = None, as_of: AsOf = None, csv: Csv = None) -> None:
    """List who has said yes and waits for sales."""
    from workbench import worklist

    desk = open_desk(as_of, owner=owner)
    table = worklist.handovers(desk.store, as_of=desk.day, owner_id=owner)
    show(desk.names(table), _WAITING, csv, f"Nobody waits on {desk.day}.")


@app.command("take-over")
def take_over(lead: Lead, as_of: AsOf = None, by: By = None, dry_run: DryRun = False) -> None:
    """Take a lead on that has said yes."""
    from workbench import worklist

    desk = open_desk(as_of, by)
    made = worklist.take_over(desk.store, lead, at=desk.at, by=desk.by, dry_run=dry_run)
    written(f"{lead} is taken over by {desk.by}", made, dry_run=dry_run)


@app.command()
def timeline(lead: Lead, as_of: AsOf = None, csv: Csv = None) -> None:
    """List all that has happened with a lead, mistakes and all."""
    from workbench import worklist

    desk = open_desk(as_of)
    table = worklist.timeline(desk.store, lead, as_of=desk.day)
    if table.empty:
        raise errors.WorklistError(
            f"The worklist knows no '{lead}' by {desk.day}.", mend="Check the id, and --as-of."
        )
    show(table, _TIMELINE, csv, "")


@app.command()
def ics(
    out: Annotated[Path, typer.Argument(help="The folder to write to: a file per salesperson.")],
    owner: Owner = None,
    as_of: AsOf = None,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Write each owner's steps as a calendar file (.ics).

    What lies ahead, and what was missed. Imported again, entries are brought up to date.
    """
    from workbench import agendas, labels, worklist

    if lang not in labels.LANGUAGES:
        raise errors.ParameterError(f"--lang is '{lang}'.", mend="Use en or zh.")
    desk = open_desk(as_of, owner=owner)
    steps = desk.names(worklist.steps(desk.store, as_of=desk.day, owner_id=owner))
    steps = steps[steps["due_date"].dt.date.ge(desk.day) | steps["status"].eq("pending")]
    if steps.empty:
        typer.echo(f"No step lies ahead on {desk.day}.")
    for number, (name, rows) in enumerate(steps.groupby("owner_id", dropna=False), start=1):
        # what a file is called never comes from the data alone
        safe = "".join(sign for sign in str(name) if sign.isascii() and sign.isalnum())
        path = out / f"worklist-{number:02}-{safe[:40] or 'nobody'}.ics"
        text = agendas.ics(rows, as_of=desk.day, lang=lang)
        write(path, text.encode())
        typer.echo(path)
