"""The command ``check``: what is in a source?"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench import errors
from workbench.cli import terminal

if TYPE_CHECKING:
    from workbench.loaders import Ledger, Loaded

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
    rejects: Annotated[
        Path | None, typer.Option(help="Write the rejected rows, with reasons, to this CSV file.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the ledger as JSON for a program.")
    ] = False,
) -> None:
    """Say what is in a source: every row kept or rejected, and why.

    Counts rows, rejects, exact duplicates, refunds, anonymous sales and same-day merges. A source
    with more rejects than allowed ends with exit code 3, its ledger told all the same.
    """
    from workbench import config, loaders

    doors: list[Callable[[], Loaded]]
    if source is not None:
        doors = [
            lambda: loaders.load(
                source,
                table=table or "orders",
                columns=terminal.pairs("--column", column or [], "customer_id=CustomerID") or None,
                date_format=date_format,
                timezone=timezone,
                local_timezone=local_timezone,
                encoding=encoding,
                separator=separator,
                widths=_widths(width or []) or None,
                sheet=sheet,
                header_row=header_row,
                db_table=db_table,
                sql=sql,
                max_reject_rate=max_reject_rate,
                drop_duplicates=drop_duplicates,
            )
        ]
    else:
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
        typer.echo(f"{ledgers[0].rows_rejected:,} rejected rows written to {rejects}", err=True)
    if failures:
        for failure in failures[1:]:
            terminal.fail(failure.one_line, failure.exit_code)
        raise failures[0]


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
