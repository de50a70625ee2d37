"""The command ``nurture import``: what another tool knows of touches and answers comes in, once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench import errors
from workbench.cli import terminal
from workbench.cli.session import AsOf, By, DryRun, first_of, opened, write, written

if TYPE_CHECKING:
    import pandas as pd


_WORDS = {
    "done": "marked a planned step done",
    "done_already": "are the doing of a step that was marked done by hand",
    "stopped": "ended a plan",
    "kept": "kept in the timeline, closing nothing",
    "there_already": "there already",
    "not_yet": "not kept: dated after this day",
    "unknown_lead": "not kept: the worklist does not know the lead",
    "unknown_address": "not kept: no lead, or several, by this address",
}


def import_touches(
    source: Annotated[Path, typer.Argument(help="The export of a chat or e-mail tool.")],
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="OURS=THEIRS", help="Which column is which. Repeatable."),
    ] = None,
    by_address: Annotated[
        bool,
        typer.Option(
            "--by-address", help="The leads stand there by address: e-mail, phone, WeChat."
        ),
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the rows that cannot be read, with reasons.")
    ] = None,
    unmatched: Annotated[
        Path | None,
        typer.Option(help="Write the touches of leads nobody knows, to mend and import again."),
    ] = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Take in touches and answers from another tool's export.

    A touch marks the planned step done that it did; a positive or negative answer ends the lead's
    plans. What is there already is left alone. Columns are proposed from the file's own headers.
    """
    from workbench import campaigns, loaders

    session = opened(as_of, by)
    proposal = loaders.propose(source, table="touches")
    columns = {**proposal.columns, **terminal.pairs("--column", column or [], "lead_id=Contact")}
    try:
        loaded = loaders.load(
            source, table="touches", columns=columns, local_timezone=session.settings.timezone
        )
    except errors.RejectRateError as error:
        if rejects is not None:
            error.ledger.write_rejects(rejects)
            typer.echo(f"Rows that cannot be read: {terminal.inert(str(rejects))}", err=True)
        raise
    except errors.ContractError as error:
        raise errors.ContractError(
            error.what, mend="Say which column is meant: --column lead_id=THEIRS"
        ) from error
    leads = None
    if by_address:
        leads = loaders.load_configured("leads", session.settings).table
    touches = campaigns.record(
        session.store, loaded.table, leads=leads, at=session.at, by=session.by, dry_run=dry_run
    )
    counts = touches["outcome"].value_counts()
    for name, what in _WORDS.items():
        if name in counts:
            typer.echo(f"{counts[name]:>8,}  {what}")
    if loaded.ledger.rows_rejected:
        typer.echo(f"{loaded.ledger.rows_rejected:>8,}  cannot be read")
    if rejects is not None:
        loaded.ledger.write_rejects(rejects)
        typer.echo(f"Rows that cannot be read: {terminal.inert(str(rejects))}")
    if unmatched is not None:
        write(unmatched, _handed_back(touches))
        typer.echo(f"Touches of leads nobody knows: {terminal.inert(str(unmatched))}")
    kept = int(touches["outcome"].isin(["done", "done_already", "stopped", "kept"]).sum())
    written(f"{kept} touches taken in", first_of(touches["operation_id"]), dry_run=dry_run)


def _handed_back(touches: "pd.DataFrame") -> bytes:
    """Make a file that can be imported again once its leads are mended: our columns, ISO times."""
    from workbench import tables

    part = touches[touches["outcome"].isin(["unknown_lead", "unknown_address"])]
    part = part.assign(
        reason=part["outcome"].map(_WORDS),
        touched_at=part["touched_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
    ).drop(columns=["outcome", "operation_id"])
    text = part.map(tables.neutral).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")
