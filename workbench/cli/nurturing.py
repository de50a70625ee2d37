"""The commands ``nurture …``: a salesperson's worklist from a terminal. Here the clock is asked.

What is written is said with the number that takes it back; ``--dry-run`` says it and writes nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from workbench import errors
from workbench.cli.importing import hand_over, import_touches
from workbench.cli.session import (
    AsOf,
    By,
    Channel,
    Csv,
    DryRun,
    Lead,
    Owner,
    Plan,
    Step,
    enrolled,
    first_of,
    opened,
    opened_or_made,
    people,
    show,
    write,
    written,
)

if TYPE_CHECKING:
    import pandas as pd

    from workbench.words import Lang

app = typer.Typer(
    name="nurture",
    help="Which lead is to be touched today? Nothing is ever sent.",
    short_help="Keep the worklist of touches: enrol, due, done, answer.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

_LIST = ("due_date", "lead_id", "lead_name", "owner_id", "plan", "step", "channel", "address")
_DONE = ("closed_at", "lead_id", "lead_name", "owner_id", "plan", "step", "channel", "edited")
_WAITING = ("lead_id", "lead_name", "owner_id", "plan", "waiting_since", "waiting_days", "text")
_TIMELINE = ("at", "what", "plan", "step", "due_date", "channel", "text", "reason", "by_whom",
             "operation_id")  # fmt: skip


app.command("import")(import_touches)
app.command("hand-over")(hand_over)


@app.command()
def enrol(
    leads: Annotated[list[str] | None, typer.Argument(help="The leads, by lead_id.")] = None,
    plan: Annotated[str | None, typer.Option(help="Which plan of the templates.")] = None,
    dormant: Annotated[
        int | None,
        typer.Option(help="Instead of naming leads: this many dormant ones, best first."),
    ] = None,
    start: Annotated[str | None, typer.Option(help="The first day; --as-of if not said.")] = None,
    cycle_days: Annotated[int | None, typer.Option(help="Length of the cycle in days.")] = None,
    owner: Owner = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Put leads into a plan; who cannot be written to is named.

    A lead takes part with all steps of the plan or with none. Enrolling the same leads again with
    the same first day changes nothing, whatever the length of the cycle.
    """
    from workbench import arguments, campaigns

    if (not leads) == (dormant is None):
        raise errors.ParameterError(
            "Name leads, or --dormant N; one of the two.",
            mend="Write: workbench nurture enrol --dormant 20 --plan NAME",
        )
    first = arguments.optional_day("--start", start)
    if dormant is not None:
        arguments.whole("--dormant", dormant, mend="Write --dormant 20, for at least 1 lead.")
    with opened_or_made(as_of, by, owner=owner) as session:
        pond = campaigns.pond(session.settings, store=session.store)
        asked = leads or []
        if dormant is not None:
            found = campaigns.dormant(pond, as_of=session.day, owner=owner, most=dormant)
            asked = found["lead_id"].tolist()
            if not asked:
                typer.echo(f"Nobody is dormant on {session.day}; nothing to write.")
                return
        made = campaigns.enrol(
            pond, asked, plan=plan, start=first, cycle_days=cycle_days, as_of=session.day,
            at=session.at, by=session.by, dry_run=dry_run,
        )  # fmt: skip
    enrolled(made, dry_run=dry_run)


@app.command()
def due(owner: Owner = None, as_of: AsOf = None, csv: Csv = None) -> None:
    """List what is to be done today."""
    from workbench import worklist

    session = opened(as_of, owner=owner)
    table = worklist.due(session.store, as_of=session.day, owner_id=owner)
    late = len(worklist.missed(session.store, as_of=session.day, owner_id=owner))
    show(session.names(table), _LIST, csv, f"Nothing is due on {session.day}.", words=True)
    if late:
        typer.echo(f"{late} of earlier days are not done: workbench nurture missed")


@app.command()
def missed(owner: Owner = None, as_of: AsOf = None, csv: Csv = None) -> None:
    """List what should have been done before, and was not."""
    from workbench import worklist

    session = opened(as_of, owner=owner)
    table = worklist.missed(session.store, as_of=session.day, owner_id=owner)
    show(session.names(table), _LIST, csv, f"Nothing was missed before {session.day}.")


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
    from workbench import campaigns, worklist

    session = opened(as_of, by, owner=owner)
    if lead is None:
        table = worklist.done(session.store, as_of=session.day, owner_id=owner, since=session.day)
        show(session.names(table), _DONE, csv, f"Nothing was done on {session.day}.")
        return
    rows = campaigns.next_step(session.store, lead, as_of=session.day, plan=plan, step=step)
    rows = rows if text is None else rows.assign(text=text)
    made = worklist.mark_done(session.store, rows, at=session.at, by=session.by, dry_run=dry_run)
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
    from workbench import arguments, campaigns, worklist

    session = opened(as_of, by)
    rows = campaigns.next_step(session.store, lead, as_of=session.day, plan=plan, step=step)
    made = worklist.skip(
        session.store,
        rows,
        reason=arguments.text("--reason", reason),
        at=session.at,
        by=session.by,
        dry_run=dry_run,
    )
    said = f"Step {rows['step'].item()} of '{rows['plan'].item()}' for {lead} is left out"
    written(said, _operation(made), dry_run=dry_run)


def _operation(made: "pd.DataFrame") -> Any:
    """The number of what this command wrote: none, where somebody was just faster."""
    return first_of(made.loc[made["is_written"], "operation_id"])


@app.command()
def answer(
    lead: Lead,
    feedback: Annotated[str, typer.Option(help="positive, negative or opted_out.")],
    channel: Channel = None,
    text: Annotated[str | None, typer.Option(help="The lead's words.")] = None,
    plan: Plan = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Write down what a lead answered.

    A yes (positive) stops its plans and hands it over to sales; a no (negative) stops them; who opts
    out gets nothing more by that channel, nor does anybody with the same address.
    """
    from workbench import arguments

    arguments.one_of("feedback", feedback, ("positive", "negative", "opted_out"))
    _stopped(lead, feedback, channel, text, None, plan, as_of, by, dry_run)


@app.command()
def stop(
    lead: Lead,
    reason: Annotated[str | None, typer.Option(help="Why, where there was no answer.")] = None,
    feedback: Annotated[
        str, typer.Option(help="none; an answer is better written down by: nurture answer.")
    ] = "none",
    channel: Channel = None,
    text: Annotated[str | None, typer.Option(help="The lead's words.")] = None,
    plan: Plan = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Stop a lead's plans, with a reason.

    What a lead answered is written down with: workbench nurture answer LEAD --feedback positive
    """
    _stopped(lead, feedback, channel, text, reason, plan, as_of, by, dry_run)


def _stopped(
    lead: str,
    feedback: Any,
    channel: str | None,
    text: str | None,
    reason: str | None,
    plan: str | None,
    as_of: str | None,
    by: str | None,
    dry_run: bool,
) -> None:
    """Write an answer down, or why the plans stop without one, and say what follows."""
    from workbench import arguments, campaigns

    with opened_or_made(as_of, by) as session:
        if feedback == "none":
            reason = arguments.text("--reason", reason)
        made = campaigns.answer(
            session.store, lead, feedback=feedback, channel=channel, text=text, reason=reason,
            plan=plan, leads=people(session.settings, "leads").leads, at=session.at, by=session.by,
            dry_run=dry_run,
        )  # fmt: skip
    said = f"{lead}: {len(made.steps)} steps are stopped ({feedback})"
    said += "; sales takes it on: workbench nurture handovers" if feedback == "positive" else ""
    written(said, made.operation, dry_run=dry_run)


@app.command()
def pause(
    lead: Lead, plan: Plan = None, as_of: AsOf = None, by: By = None, dry_run: DryRun = False
) -> None:
    """Let a lead's open steps wait until they are resumed."""
    from workbench import worklist

    session = opened(as_of, by)
    made = worklist.pause(
        session.store, lead, plan=plan, at=session.at, by=session.by, dry_run=dry_run
    )
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
    from workbench import arguments, campaigns

    first = arguments.optional_day("--start", start)
    session = opened(as_of, by)
    made = campaigns.resume(
        session.store, lead, on=first or session.day, plan=plan, as_of=session.day,
        pace=campaigns.Pace.of(session.settings.nurture), at=session.at, by=session.by, dry_run=dry_run,
    )  # fmt: skip
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

    session = opened(as_of, by)
    made = worklist.undo(session.store, operation, at=session.at, by=session.by, dry_run=dry_run)
    said = f"Operation {operation} is taken back: {len(made)} steps stand as before"
    typer.echo(f"Dry run, nothing was written: {said}." if dry_run else f"{said}.")


@app.command()
def handovers(owner: Owner = None, as_of: AsOf = None, csv: Csv = None) -> None:
    """List who has said yes and waits for sales."""
    from workbench import worklist

    session = opened(as_of, owner=owner)
    table = worklist.handovers(session.store, as_of=session.day, owner_id=owner)
    show(session.names(table), _WAITING, csv, f"Nobody waits on {session.day}.")


@app.command("take-over")
def take_over(lead: Lead, as_of: AsOf = None, by: By = None, dry_run: DryRun = False) -> None:
    """Take a lead on that has said yes."""
    from workbench import worklist

    session = opened(as_of, by)
    made = worklist.take_over(session.store, lead, at=session.at, by=session.by, dry_run=dry_run)
    written(f"{lead} is taken over by {session.by}", made, dry_run=dry_run)


@app.command()
def timeline(lead: Lead, as_of: AsOf = None, csv: Csv = None) -> None:
    """List what has happened with a lead, and what lies ahead."""
    from workbench import campaigns

    session = opened(as_of)
    table = campaigns.timeline(session.store, lead, as_of=session.day)
    if table.empty:
        raise errors.WorklistError(
            f"The worklist knows no '{lead}' by {session.day}.", mend="Check the id, and --as-of."
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
    from workbench import campaigns
    from workbench.words import Words

    words = Words(cast("Lang", lang))
    session = opened(as_of, owner=owner)
    steps = session.names(campaigns.ahead(session.store, as_of=session.day, owner=owner))
    if steps.empty:
        typer.echo(f"No step lies ahead on {session.day}.")
    for number, (name, rows) in enumerate(steps.groupby("owner_id", dropna=False), start=1):
        # what a file is called never comes from the data alone
        safe = "".join(sign for sign in str(name) if sign.isascii() and sign.isalnum())
        path = out / f"worklist-{number:02}-{safe[:40] or 'nobody'}.ics"
        text = campaigns.ics(rows, as_of=session.day, words=words)
        write(path, text.encode())
        typer.echo(path)
