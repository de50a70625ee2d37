"""The command ``check``: what is in a source?"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import errors
from workbench.cli import terminal

if TYPE_CHECKING:
    from workbench.loaders import Ledger, Loaded, Proposal

_REJECTS_SHOWN = 5


def check(
    source: Annotated[
        str | None,
        typer.Argument(
            help="A file (CSV, Excel, Parquet), a folder, a pattern in quotes, or the address of a "
            "database. Without it: all tables of workbench.toml."
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="Which table it is.", show_default="orders, or all")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS",
            help='Our column and theirs, or a product: amount="Quantity * UnitPrice". Repeatable.',
        ),
    ] = None,
    date_format: Annotated[
        str | None, typer.Option(help="How dates are written, such as %d/%m/%Y.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Zone the times are given in, such as UTC.")
    ] = None,
    local_timezone: Annotated[
        str | None, typer.Option(help="Zone they become, such as Asia/Shanghai.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="utf-8 or gb18030; found if not said.")
    ] = None,
    separator: Annotated[str | None, typer.Option(help="Between the columns of a CSV.")] = None,
    decimal: Annotated[str | None, typer.Option(help="The decimal sign: . or ,")] = None,
    day_first: Annotated[
        bool | None,
        typer.Option(
            "--day-first/--month-first",
            help="Whether 5/3/2026 is 5 March or 3 May.",
            show_default="found in the values",
        ),
    ] = None,
    width: Annotated[
        list[str] | None,
        typer.Option(
            metavar="THEIRS=FROM:TO",
            help="A fixed-width column, as a Python slice: date=7:15. Repeatable.",
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of a workbook: its name, or its number from 1.")
    ] = None,
    header_row: Annotated[
        int | None, typer.Option(help="Row of a workbook's header; found if not said.")
    ] = None,
    db_table: Annotated[
        str | None, typer.Option(help="Table or view of a database, such as sales.orders.")
    ] = None,
    sql: Annotated[str | None, typer.Option(help="What to ask a database: a SELECT.")] = None,
    max_reject_rate: Annotated[
        float, typer.Option(help="Share of rows that may be rejected.")
    ] = 0.05,
    drop_duplicates: Annotated[
        bool, typer.Option("--drop-duplicates", help="Leave exact duplicates out.")
    ] = False,
    propose: Annotated[
        bool,
        typer.Option(
            "--propose", help="Find the columns by the file's own headers; --column goes before."
        ),
    ] = False,
    save: Annotated[
        bool,
        typer.Option("--save", help="If it loads, write source and columns to workbench.toml."),
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the rejected rows, with reasons, to this CSV file.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the ledger as JSON for a program.")
    ] = False,
) -> None:
    """Say what is in a source: every row kept or rejected, and why.

    Counts rows, rejects, exact duplicates, refunds, anonymous sales and same-day merges. A source
    with more rejects than allowed ends with exit code 3, its ledger told all the same. With
    --propose the columns are found by the file's own headers, in English and Chinese.
    """
    from workbench import config, loaders

    doors: list[Callable[[], Loaded]]
    if source is not None:
        asked = _Asked(
            source,
            table,
            terminal.pairs("--column", column or [], "customer_id=CustomerID"),
            {
                "encoding": encoding,
                "separator": separator,
                "widths": _widths(width or []) or None,
                "sheet": sheet,
                "header_row": header_row,
                "db_table": db_table,
                "sql": sql,
            },
            {
                "date_format": date_format,
                "timezone": timezone,
                "decimal": decimal,
                "day_first": day_first,
                "max_reject_rate": max_reject_rate,
                "drop_duplicates": drop_duplicates,
            },
            local_timezone,
        )
        doors = [partial(asked.load, propose=propose)]
    else:
        if propose or save:
            raise errors.ParameterError(
                f"{'--propose' if propose else '--save'} is given, but no source.",
                mend="Name a file: workbench check sales.csv --propose",
            )
        settings = config.load()
        names = [table] if table else list(settings.tables)
        if not names:
            raise errors.ParameterError(
                "No source was named, and no workbench.toml here or above names one.",
                mend="Name a file: workbench check orders.csv",
            )
        if rejects is not None and len(names) > 1:
            raise errors.ParameterError(
                f"--rejects names one file, and there are {len(names)} tables.",
                mend="Say which with --table orders.",
            )
        doors = [partial(loaders.load_configured, name, settings) for name in names]

    ledgers, failures = _open_all(doors)
    if as_json:
        typer.echo(
            json.dumps([ledger.to_dict() for ledger in ledgers], ensure_ascii=False, indent=2)
        )
    else:
        for ledger in ledgers:
            _show_ledger(ledger)
    if rejects is not None and ledgers:
        ledgers[0].write_rejects(rejects)
        count = ledgers[0].rows_rejected
        rows = "row" if count == 1 else "rows"
        typer.echo(f"{count:,} rejected {rows} written to {rejects}", err=True)
    if failures:
        for failure in failures[1:]:
            terminal.fail(failure.one_line, failure.exit_code)
        raise failures[0]
    if source is not None and save:
        typer.echo(f"Written to {asked.save()}", err=True)


@dataclass
class _Asked:
    """One source as the command line describes it: how it is opened, and how it is read."""

    source: str
    table: str | None
    columns: dict[str, str]
    opened: dict[str, Any]
    read: dict[str, Any]
    local_timezone: str | None

    def load(self, *, propose: bool) -> "Loaded":
        """Load it, with the columns proposed if that is asked; else say what might be meant."""
        from workbench import loaders

        if propose:
            proposal = loaders.propose(self.source, table=self.table, **self.opened)
            self.table = proposal.table
            self.columns = {**proposal.columns, **self.columns}
            _show_proposal(proposal)
        try:
            return loaders.load(
                self.source,
                table=self.table or "orders",
                columns=self.columns or None,
                local_timezone=self.local_timezone,
                **self.opened,
                **self.read,
            )
        except errors.RejectRateError:
            raise
        except errors.ContractError as error:
            if propose:
                raise
            raise self._with_proposal(error) from error

    def save(self) -> Path:
        """Write it into the nearest settings file, or into a new one here."""
        from workbench import config

        target = config.find() or Path(config.FILE_NAME)
        source = self.source
        if "://" not in source:
            source = os.path.relpath(Path(source).expanduser(), target.resolve().parent)
        entry = {**self.opened, **self.read}
        given = {name: value for name, value in entry.items() if value is not None}
        table = config.TableSettings(source=source, columns=self.columns, **given)
        return config.save_table(target, self.table or "orders", table)

    def _with_proposal(self, error: errors.ContractError) -> errors.ContractError:
        """Add what the file's own headers suggest, where they suggest all that is required."""
        from workbench import loaders

        try:
            proposal = loaders.propose(self.source, table=self.table, **self.opened)
        except errors.WorkbenchError:
            return error
        is_known = all(
            self.columns.get(ours, ours) == theirs for ours, theirs in proposal.columns.items()
        )
        if proposal.missing or is_known:
            return error
        said = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in proposal.columns.items())
        mend = f"{error.mend} As {proposal.table}, --propose would take: {said}."
        return errors.ContractError(error.what, mend=mend)


def _show_proposal(proposal: "Proposal") -> None:
    """Print which column is which, how sure that is, and what else it could be."""
    from rich.table import Table

    from workbench import labels

    console = terminal.console()
    console.print(terminal.inert(f"Proposed as {proposal.table}:"), style="bold", soft_wrap=True)
    facts = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for name in ("column", "theirs", "confidence", "example", "alternatives"):
        facts.add_column(labels.text(f"column.{name}"))
    for row in proposal.summary().to_dict("records"):
        said = labels.text(f"confidence.{row['confidence']}")
        if not row["fits"]:
            said = labels.text("proposal.unfit")
        elif row["is_ambiguous"]:
            said = labels.text("proposal.ambiguous")
        if row["confidence"] == "none":
            said = labels.text("proposal.missing" if row["required"] else "confidence.none")
        cells = (row["column"], row["theirs"] or "–", said, row["example"], row["alternatives"])
        facts.add_row(*(terminal.inert(str(cell)) for cell in cells))
    console.print(facts)
    if proposal.unused:
        shown = ", ".join(f"'{name}'" for name in proposal.unused[:20])
        more = f" and {len(proposal.unused) - 20} more" if len(proposal.unused) > 20 else ""
        console.print(terminal.inert(f"Not used: {shown}{more}"), soft_wrap=True)
    console.print()


def _open_all(
    doors: "list[Callable[[], Loaded]]",
) -> "tuple[list[Ledger], list[errors.WorkbenchError]]":
    """Open every source: one that fails keeps no other from being told."""
    ledgers: list[Ledger] = []
    failures: list[errors.WorkbenchError] = []
    for door in doors:
        try:
            ledgers.append(door().ledger)
        except errors.RejectRateError as error:
            ledgers.append(error.ledger)
            failures.append(error)
        except errors.WorkbenchError as error:
            failures.append(error)
    return ledgers, failures


def _show_ledger(ledger: "Ledger") -> None:
    """Print one ledger as a small table, and the first of its rejects."""
    from rich.table import Table

    from workbench import labels

    console = terminal.console()
    where = f", sheet '{ledger.sheet}', header in row {ledger.header_row}" if ledger.sheet else ""
    # paths and reasons stay on one line, however narrow the window: for grep and for copying
    console.print(
        terminal.inert(f"{ledger.table}: {ledger.source}{where}"), style="bold", soft_wrap=True
    )
    facts = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    facts.add_column("")
    facts.add_column("rows", justify="right")
    facts.add_column("share", justify="right")
    for fact in ledger.summary().to_dict("records"):
        facts.add_row(
            labels.text(f"ledger.{fact['check']}"),
            labels.number(fact["rows"]),
            labels.percent(fact["share"], digits=1),
        )
    console.print(facts)
    for file in ledger.by_file().to_dict("records"):
        said = f"{file['file']}: {file['rows_kept']:,} of {file['rows_read']:,} rows kept"
        said += f", the same as {file['same_as']}" if file["same_as"] else ""
        said += f", without {file['lacks']}" if file["lacks"] else ""
        console.print(terminal.inert(said))
    for row in ledger.rejects_in_words().head(_REJECTS_SHOWN).itertuples(index=False):
        place = f"{row.file}, line" if ledger.files else "line"
        said = f"{place} {row.line_number}, {row.column}: {row.reason}"
        console.print(terminal.inert(said), soft_wrap=True)
    more = ledger.rows_rejected - _REJECTS_SHOWN
    if more > 0:
        console.print(f"… and {more:,} more: --rejects rejects.csv writes them all.")
    console.print()


def _widths(given: list[str]) -> dict[str, tuple[int, int]]:
    """Read the --width options."""
    widths = {}
    for name, place in terminal.pairs("--width", given, "date=7:15").items():
        start, _, stop = place.partition(":")
        if not (start.isdecimal() and stop.isdecimal()):
            raise errors.ParameterError(
                f"--width {name} is '{place}'.", mend="Write two numbers: --width date=7:15"
            )
        widths[name] = (int(start), int(stop))
    return widths
