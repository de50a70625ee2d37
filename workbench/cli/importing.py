"""The commands that take a file in: ``nurture import``, touches and answers; ``hand-over``, a list."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench import errors
from workbench.cli import terminal
from workbench.cli.session import (
    AsOf,
    By,
    DryRun,
    Owner,
    Session,
    enrolled,
    first_of,
    opened_or_made,
    people,
    set_aside,
    write,
    written,
)

if TYPE_CHECKING:
    import pandas as pd

    from workbench.loaders import Loaded


Columns = Annotated[
    list[str] | None, typer.Option(metavar="OURS=THEIRS", help="Which column is which. Repeatable.")
]

_UNREAD = "Rows that cannot be read"
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
    column: Columns = None,
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
    from workbench import campaigns, loaders, outputs

    if dry_run:
        rejects = unmatched = None
    for path in filter(None, (rejects, unmatched)):
        outputs.check(path, source)  # before anything is taken in
    if rejects is not None and unmatched is not None and rejects.resolve() == unmatched.resolve():
        raise errors.ParameterError(
            f"--rejects and --unmatched both name '{rejects}'.", mend="Name two files."
        )
    with opened_or_made(as_of, by) as session:
        try:
            columns, headers = _columns(source, "touches", column)
            loaded = _read(source, "touches", columns, headers, session, with_rejects=True)
        except errors.RejectRateError as error:
            ledger = error.ledger
            if told := set_aside(rejects, ledger.rows_rejected, _UNREAD, ledger.write_rejects):
                terminal.tell(told)
            raise
        leads = None
        if by_address or "leads" in session.settings.tables:
            leads = loaders.load_configured("leads", session.settings).table
        whose = {"leads" if by_address else "known": leads}
        touches = campaigns.record(
            session.store, loaded.table, **whose, at=session.at, by=session.by, dry_run=dry_run
        )
    counts = touches["outcome"].value_counts()
    for name, what in _WORDS.items():
        if name in counts:
            typer.echo(f"{counts[name]:>8,}  {what}")
    if loaded.ledger.rows_rejected:
        typer.echo(f"{loaded.ledger.rows_rejected:>8,}  cannot be read")
    if loaded.ledger.implausible_dates:
        first = terminal.inert(loaded.ledger.implausible_first)
        typer.echo(
            f"{loaded.ledger.implausible_dates:>8,}  not taken in: no such day can be, first {first}"
        )
    unknown = touches[touches["outcome"].isin(["unknown_lead", "unknown_address"])]
    for told in (
        set_aside(rejects, loaded.ledger.rows_rejected, _UNREAD, loaded.ledger.write_rejects),
        set_aside(
            unmatched, len(unknown), "Touches of leads nobody knows",
            lambda path: write(path, _handed_back(unknown)),
        ),
    ):  # fmt: skip
        if told:
            typer.echo(told)
    kept = int(touches["outcome"].isin(["done", "done_already", "stopped", "kept"]).sum())
    written(f"{kept} touches taken in", first_of(touches["operation_id"]), dry_run=dry_run)


def hand_over(
    source: Annotated[Path, typer.Argument(help="The list: a CSV or Excel file.")],
    plan: Annotated[str, typer.Option(help="What the list is called.")],
    channel: Annotated[
        str | None, typer.Option(help="By which way; who wants nothing by it is left out.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="The day; --as-of if not said.")] = None,
    column: Columns = None,
    owner: Owner = None,
    as_of: AsOf = None,
    by: By = None,
    dry_run: DryRun = False,
) -> None:
    """Hand over a list of customers or leads, a call each.

    The list has lead_id or customer_id; where it has no owner_id, our own tables say who calls.
    """
    from workbench import arguments, campaigns

    first = arguments.optional_day("--start", start)
    with opened_or_made(as_of, by, owner=owner) as session:
        theirs, headers = _columns(source, "leads", column)
        key = "lead_id" if "lead_id" in theirs else "customer_id"
        # of either the contract of customers asks for no more than the id
        columns = {"customer_id": key, "owner_id": "owner_id"}
        columns = {ours: theirs[name] for ours, name in columns.items() if name in theirs}
        loaded = _read(source, "customers", columns, headers, session, called=key)
        known = people(session.settings, "customers", "owners", "leads")
        listed = known.of(known.named(loaded.table.rename(columns={"customer_id": key})), owner)
        if loaded.ledger.rows_rejected:
            typer.echo(f"{loaded.ledger.rows_rejected:,} rows of the list cannot be read")
        if listed.empty:
            typer.echo("Nobody is on the list; nothing to write.")
            return
        made = campaigns.hand_over(
            session.store, listed.assign(channel=channel), plan=plan, on=first or session.day,
            leads=known.leads, at=session.at, by=session.by, dry_run=dry_run,
        )  # fmt: skip
    enrolled(made, dry_run=dry_run)


def _columns(
    source: Path, table: str, column: list[str] | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Which column of a foreign file is which is proposed, unless it is said; and what it has."""
    from workbench import loaders

    proposal = loaders.propose(source, table=table)
    stated = terminal.pairs("--column", column or [], "lead_id=Contact")
    return {**proposal.columns, **stated}, proposal.headers


def _read(
    source: Path,
    table: str,
    columns: dict[str, str],
    headers: tuple[str, ...],
    session: Session,
    *,
    with_rejects: bool = False,
    called: str | None = None,
) -> "Loaded":
    """Load the file; what is wrong is mended by what can be typed here, not in the settings."""
    from workbench import loaders, schema

    try:
        return loaders.load(
            source, table=table, columns=columns, local_timezone=session.settings.timezone
        )
    except errors.RejectRateError as error:
        most_often = error.mend[: error.mend.find("). ") + 2]
        named = " --rejects FILE writes them out, with the reasons." if with_rejects else ""
        mend = f"{most_often} Mend these rows in the file.{named}"
        raise errors.RejectRateError(error.what, mend=mend, ledger=error.ledger) from error
    except errors.ContractError as error:
        lacking = [
            called or name
            for name in (*schema.table(table).required_names, *columns)
            if columns.get(name) not in headers
        ]
        typed = " ".join(f"--column {name}=THEIRS" for name in dict.fromkeys(lacking))
        has = ", ".join(f"'{header}'" for header in headers)
        raise errors.ContractError(
            error.what,
            mend=f"The file has {has}. Say which is meant, or add what is not there: {typed}"
            if lacking
            else error.mend,
        ) from error


def _handed_back(touches: "pd.DataFrame") -> bytes:
    """Make a file that can be imported again once its leads are mended: our columns, ISO times."""
    from workbench import outputs

    part = touches.assign(
        reason=touches["outcome"].map(_WORDS),
        touched_at=[at.isoformat(sep=" ") for at in touches["touched_at"]],
    ).drop(columns=["outcome", "operation_id"])
    text = part.map(outputs.guarded).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")
