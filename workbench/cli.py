"""How is all this done from a terminal, a cron line, a Makefile?

Heavy imports stand inside the commands, so that ``workbench --help`` answers at once. This is the
only module that asks the clock.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import errors

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.loaders import Ledger, Loaded

EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "unexpected error (run again with --debug)",
    2: "a wrong argument or an unknown name",
    3: "the data cannot be read or break their contract",
    4: "the settings file workbench.toml is wrong",
    5: "a report failed; the last good one is untouched",
    6: "a report took longer than it may",
    7: "no data in the period",
    130: "interrupted",
}
_EPILOG = "\b\nExit codes:\n" + "\n".join(f"{code:>5}  {what}" for code, what in EXIT_CODES.items())
_REJECTS_SHOWN = 5
_BROKEN_PIPE = 141  # as the shell reports a program that SIGPIPE ended

# typer carries its own copy of click since 0.20 and used the real one before: this is either's.
_UsageError: Any = typer.BadParameter.__base__

app = typer.Typer(
    name="workbench",
    help="Which customers are worth what, who is due to buy again, who is slipping away?",
    epilog=_EPILOG,
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Which exit code does this command line end with? Runs it, and says errors in one line.

    Examples
    --------
    >>> main(["--version"])
    workbench 0.1.0
    0
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    end = given.index("--") if "--" in given else len(given)
    debug = "--debug" in given[:end]
    # wherever it stands: who is told to add --debug adds it at the end of the line
    given = [word for place, word in enumerate(given) if word != "--debug" or place >= end]
    try:
        command = typer.main.get_command(app)
        code = command.main(args=given, prog_name="workbench", standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except _UsageError as error:
        return _fail(_usage_line(error), 2)
    except errors.WorkbenchError as error:
        if debug:
            raise
        return _fail(error.one_line, error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted.", 130)
    except BrokenPipeError:
        # whoever read has seen enough; without this Python complains once more while it exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as error:
        if debug:
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        return _fail(f"unexpected {what}. Run again with --debug for where it happened.", 1)


def _usage_line(error: Any) -> str:
    """Say a usage error on one line, with the page that mends it."""
    line = " ".join(error.format_message().split())
    path = error.ctx.command_path if error.ctx else "workbench"
    return f"{line}{'' if line.endswith(('.', '?')) else '.'} See: {path} --help"


def _fail(line: str, code: int) -> int:
    """Print one line to stderr; what could steer the terminal is shown, not obeyed."""
    typer.echo(f"workbench: {_inert(line)}", err=True)
    return code


def _inert(text: str) -> str:
    """Show what could steer a terminal (escape codes, right-to-left marks) instead of obeying it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _console() -> "Console":
    """Where tables and progress go; names in brackets are text, not colours."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)


def _version(asked: bool) -> None:
    if asked:
        from workbench import __version__

        typer.echo(f"workbench {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
    _debug: Annotated[
        bool, typer.Option("--debug", help="On an error, show the whole traceback.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def check(
    source: Annotated[
        str | None,
        typer.Argument(help="A CSV or Parquet file. Without it: all tables of workbench.toml."),
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
        str | None, typer.Option(help="Zone the times are given in, such as Asia/Shanghai.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="utf-8 or gb18030; found if not said.")
    ] = None,
    separator: Annotated[str | None, typer.Option(help="Between the columns of a CSV.")] = None,
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
    """What is in a source: rows read, kept and rejected, duplicates, refunds, anonymous sales."""
    from workbench import config, loaders

    doors: list[Callable[[], Loaded]]
    if source is not None:
        doors = [
            lambda: loaders.load(
                source,
                table=table or "orders",
                columns=_column_map(column or []) or None,
                date_format=date_format,
                timezone=timezone,
                encoding=encoding,
                separator=separator,
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
        typer.echo(f"{_write_rejects(ledgers, rejects)} rejected rows in {rejects}", err=True)
    if failures:
        for failure in failures[1:]:
            _fail(failure.one_line, failure.exit_code)
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

    console = _console()
    console.print(f"{ledger.table}: {ledger.source}", style="bold")
    facts = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    facts.add_column("")
    facts.add_column("rows", justify="right")
    facts.add_column("share", justify="right")
    for row in ledger.summary().itertuples(index=False):
        facts.add_row(
            _inert(labels.text(f"ledger.{row.check}")),
            labels.number(row.rows),
            labels.percent(row.share, digits=1),
        )
    console.print(facts)
    for row in ledger.rejects.head(_REJECTS_SHOWN).itertuples(index=False):
        console.print(_inert(f"line {row.line_number}, {row.column}: {row.reason}"))
    more = ledger.rows_rejected - _REJECTS_SHOWN
    if more > 0:
        console.print(f"… and {more:,} more: --rejects rejects.csv writes them all.")
    console.print()


def _write_rejects(ledgers: "list[Ledger]", path: Path) -> int:
    """Write all rejected rows for whoever can mend them; returns how many there are."""
    import pandas as pd

    from workbench import tables

    rows = pd.concat(
        [ledger.rejects.assign(table=ledger.table, source=ledger.source) for ledger in ledgers],
        ignore_index=True,
    )
    _write(path, tables.csv(rows))
    return sum(ledger.rows_rejected for ledger in ledgers)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise errors.SourceError(
            f"{path} cannot be written: {error.strerror}.",
            mend="Name a file in a folder that exists and that you may write to.",
        ) from error


def _column_map(pairs: list[str]) -> dict[str, str]:
    """Read the --column options."""
    columns: dict[str, str] = {}
    for pair in pairs:
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and equals and theirs):
            raise errors.ParameterError(
                f"--column is '{pair}'.",
                mend="Write our column, =, theirs: --column amount='Quantity * UnitPrice'.",
            )
        columns[ours] = theirs
    return columns


@app.command()
def samples(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("data/samples"),
    customers: Annotated[int, typer.Option(help="How many customers.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same company.")] = 20261031,
) -> None:
    """Write a made-up company's tables as CSV: the same seed, the same bytes."""
    from workbench import samples as simulator

    for path in simulator.write(out, customers=customers, seed=seed):
        typer.echo(path)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def lab(context: typer.Context) -> None:
    """Open the notebooks in JupyterLab, on this machine only; options after -- go to JupyterLab."""
    from workbench import config

    notebooks = config.load().root / "notebooks"
    if not notebooks.is_dir():
        raise errors.SourceNotFoundError(
            f"There is no folder '{notebooks}'.",
            mend="Run this in the project's folder, where workbench.toml and notebooks/ are.",
        )
    command = [sys.executable, "-m", "jupyterlab", str(notebooks), "--ServerApp.ip=127.0.0.1"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    # a kernel named python3 in the user's own folder would otherwise shadow this environment's
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    raise typer.Exit(subprocess.call([*command, *context.args], env=environment))
