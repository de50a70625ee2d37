"""The command ``nurture import``: what another tool knows of touches and answers comes in, once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import terminal
from workbench.cli.desk import AsOf, By, Desk, DryRun, first_of, open_desk, write, written

if TYPE_CHECKING:
    import pandas as pd

    from workbench.worklist import Outcome

_WORDS: "dict[Outcome, str]" = {
    "done": "marked a planned step done",
    "stopped": "ended a plan",
    "kept": "kept in the timeline, closing nothing",
    "there_already": "there already",
    "unknown_party": "not kept: the worklist does not know the lead",
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
        Path | None, typer.Option(help="Write what was not kept to this file, with reasons.")
    ] = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Take in touches and answers from another tool's export.

    A touch marks the planned step done that it did; a positive or negative answer ends the lead's
    plans. What is there already is left alone. Columns are proposed from the file's own headers.
    """
    from workbench import labels, loaders, worklist

    desk = open_desk(as_of, by)
    proposal = loaders.propose(source, table="touches")
    columns = {**proposal.columns, **terminal.pairs("--column", column or [], "lead_id=Contact")}
    loaded = loaders.load(
        source, table="touches", columns=columns, local_timezone=desk.settings.timezone
    )
    touches = loaded.table.rename(columns={"lead_id": "party_id"})
    if by_address:
        touches = _by_address(desk, touches)
    lost = _lost(touches, touches["party_id"].isna(), "no lead, or several, with this address")
    known = touches[touches["party_id"].notna()]
    made = worklist.record(desk.store, known, at=desk.at, by=desk.by, dry_run=dry_run)
    outcomes = made["outcome"].to_numpy()
    lost += _lost(known, outcomes == "unknown_party", _WORDS["unknown_party"])

    counts = made["outcome"].value_counts()
    for outcome, what in _WORDS.items():
        if outcome in counts:
            typer.echo(f"{labels.number(counts[outcome]):>8}  {what}")
    nameless = len(touches) - len(known)
    if nameless:
        typer.echo(f"{labels.number(nameless):>8}  not kept: no lead, or several, by this address")
    bad = loaded.ledger.rejects_in_words()
    if len(bad):
        typer.echo(f"{labels.number(bad['line_number'].nunique()):>8}  rejected while reading")
    if rejects is not None:
        write(rejects, _handed_back(bad, lost))
        typer.echo(f"What was not kept: {terminal.inert(str(rejects))}")
    kept = int((outcomes == "done").sum() + (outcomes == "stopped").sum())
    kept += int((outcomes == "kept").sum())
    written(f"{kept} touches taken in", first_of(made["operation_id"]), dry_run=dry_run)


def _by_address(desk: Desk, touches: "pd.DataFrame") -> "pd.DataFrame":
    """Find each lead by the address of the touch's channel, whatever its case and spaces."""
    import pandas as pd

    from workbench import loaders, schema

    leads = loaders.load_configured("leads", desk.settings).table
    found = pd.Series(pd.NA, index=touches.index, dtype="str")
    for channel, name in schema.CHANNELS.items():
        if name not in leads:
            continue
        address = leads[name].astype("str").str.strip().str.casefold()
        of = leads.assign(address=address).dropna(subset=["address"])
        of = of.drop_duplicates("address", keep=False)
        known = dict(zip(of["address"], of["lead_id"], strict=True))
        said = touches["party_id"].astype("str").str.strip().str.casefold()
        found = found.mask(touches["channel"] == channel, said.map(known))
    return touches.assign(party_id=found, address=touches["party_id"])


def _lost(touches: "pd.DataFrame", where: Any, reason: str) -> "list[pd.DataFrame]":
    part = touches[where].assign(reason=reason)
    who = part["address"] if "address" in part else part["party_id"]
    names = ["touch_id", "party_id", "touched_at", "channel", "reason"]
    return [part.assign(party_id=who)[names]] if len(part) else []


def _handed_back(bad: "pd.DataFrame", lost: "list[pd.DataFrame]") -> bytes:
    """Make the file for whoever mends the source: rejected lines, then touches without a lead."""
    import pandas as pd

    from workbench import tables

    every = [part for part in (bad, *lost) if len(part)]
    if not every:
        return tables.csv(pd.DataFrame(columns=["line_number", "touch_id", "party_id", "reason"]))
    return tables.csv(pd.concat(every, ignore_index=True))
