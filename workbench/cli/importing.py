"""The command ``nurture import``: what another tool knows of touches and answers comes in, once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench import errors
from workbench.cli import terminal
from workbench.cli.desk import AsOf, By, Desk, DryRun, first_of, open_desk, write, written

if TYPE_CHECKING:
    import pandas as pd


_WORDS = {
    "done": "marked a planned step done",
    "done_already": "are the doing of a step that was marked done by hand",
    "stopped": "ended a plan",
    "kept": "kept in the timeline, closing nothing",
    "there_already": "there already",
    "not_yet": "not kept: dated after this day",
    "unknown_party": "not kept: the worklist does not know the lead",
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
    import pandas as pd

    from workbench import labels, loaders, worklist

    desk = open_desk(as_of, by)
    proposal = loaders.propose(source, table="touches")
    columns = {**proposal.columns, **terminal.pairs("--column", column or [], "lead_id=Contact")}
    try:
        loaded = loaders.load(
            source, table="touches", columns=columns, local_timezone=desk.settings.timezone
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
    touches = loaded.table.assign(reason=None)
    if by_address:
        touches = touches.assign(party_id=_by_address(desk, touches))
    else:
        touches = touches.assign(party_id=touches["lead_id"])
    is_known = touches["party_id"].notna()
    made = worklist.record(desk.store, touches[is_known], at=desk.at, by=desk.by, dry_run=dry_run)
    outcome = pd.Series("unknown_address", index=touches.index)
    outcome[is_known] = made["outcome"].to_numpy()

    counts = outcome.value_counts()
    for name, what in _WORDS.items():
        if name in counts:
            typer.echo(f"{labels.number(counts[name]):>8}  {what}")
    if loaded.ledger.rows_rejected:
        typer.echo(f"{labels.number(loaded.ledger.rows_rejected):>8}  cannot be read")
    if rejects is not None:
        loaded.ledger.write_rejects(rejects)
        typer.echo(f"Rows that cannot be read: {terminal.inert(str(rejects))}")
    if unmatched is not None:
        write(unmatched, _handed_back(touches.assign(reason=outcome.map(_WORDS)), outcome))
        typer.echo(f"Touches of leads nobody knows: {terminal.inert(str(unmatched))}")
    kept = int(outcome.isin(["done", "done_already", "stopped", "kept"]).sum())
    written(f"{kept} touches taken in", first_of(made["operation_id"]), dry_run=dry_run)


def _by_address(desk: Desk, touches: "pd.DataFrame") -> "pd.Series[str]":
    """Find each lead by the address of the touch's channel, whatever its case and spaces."""
    import pandas as pd

    from workbench import loaders, schema

    leads = loaders.load_configured("leads", desk.settings).table
    said = touches["lead_id"].astype("str").str.strip().str.casefold()
    found = pd.Series(pd.NA, index=touches.index, dtype="str")
    for channel, name in schema.CHANNELS.items():
        if name not in leads:
            continue
        address = leads[name].astype("str").str.strip().str.casefold()
        of = leads.assign(address=address).dropna(subset=["address"])
        of = of.drop_duplicates("address", keep=False)
        known = dict(zip(of["address"], of["lead_id"], strict=True))
        found = found.mask(touches["channel"] == channel, said.map(known))
    return found


def _handed_back(touches: "pd.DataFrame", outcome: "pd.Series[str]") -> bytes:
    """Make a file that can be imported again once its leads are mended: our columns, ISO times."""
    from workbench import tables

    part = touches[outcome.isin(["unknown_party", "unknown_address"])].drop(columns="party_id")
    times = part["touched_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    text = (
        part.assign(touched_at=times).map(tables.neutral).to_csv(index=False, lineterminator="\r\n")
    )
    return text.encode("utf-8-sig")
