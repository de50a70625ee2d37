"""How is all this done from a terminal, a cron line, a Makefile?

Heavy imports stand inside the commands, so that ``workbench --help`` answers at once. This is the
only place that asks the clock.

=============  =======================================================================
``calling``    the command ``calls``
``check``      the command ``check``
``importing``  the command ``nurture import``
``init``       the command ``init``
``nurturing``  the commands ``nurture …``
``reporting``  the command ``report``
``session``    what the commands of the worklist share
``terminal``   one-line errors, text that cannot steer a terminal, options NAME=VALUE
=============  =======================================================================
"""

import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from workbench import errors
from workbench.cli import calling, check, init, nurturing, reporting, terminal

_INTERRUPTED = 130
# How the library words what was typed wrong, and how we do.
_IN_OUR_WORDS = (
    (r"Input should be a valid integer.*", "it takes a whole number, such as 4"),
    (r"Input should be a valid number.*", "it takes a number, such as 0.05"),
)
_BROKEN_PIPE = 141  # as the shell reports a program that SIGPIPE ended
EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "unexpected error (run again with --debug)",
    2: "a wrong argument or an unknown name",
    3: "the data cannot be read or break their contract",
    4: "the settings file workbench.toml is wrong, or there is none",
    5: "a report failed; the last good one is untouched",
    6: "a report took longer than it may",
    7: "no data in the period",
    8: "the worklist stands otherwise; nothing was changed",
    _INTERRUPTED: "interrupted",
}
_EPILOG = "\b\nExit codes:\n" + "\n".join(f"{code:>5}  {what}" for code, what in EXIT_CODES.items())

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
    terminal.TYPED[:] = given
    try:
        command = typer.main.get_command(app)
        code = command.main(args=given, prog_name="workbench", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:  # typer's own way to say that Ctrl-C was pressed
            raise KeyboardInterrupt
        return int(code or 0)
    except _UsageError as error:
        return terminal.fail(_usage_line(error), 2)
    except errors.WorkbenchError as error:
        if debug:
            _show_trace()
        return terminal.fail(error.one_line, error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return terminal.fail("interrupted.", _INTERRUPTED)
    except (BrokenPipeError, SystemExit):
        # Whoever read has seen enough (typer's own name for it is SystemExit). Without the next
        # line Python complains once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except Exception as error:
        if debug:
            _show_trace()
        what = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        return terminal.fail(f"unexpected {what}. Run again with --debug for where it happened.", 1)


def _show_trace() -> None:
    typer.echo(terminal.without_secrets(traceback.format_exc().rstrip()), err=True)


def _usage_line(error: Any) -> str:
    """Say a usage error on one line, with the page that mends it."""
    line = " ".join(error.format_message().split())
    for said, ours in _IN_OUR_WORDS:
        line = re.sub(said, ours, line)
    path = error.ctx.command_path if error.ctx else "workbench"
    return f"{line}{'' if line.endswith(('.', '?')) else '.'} See: {path} --help"


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


app.command()(init.init)
app.command()(check.check)


@app.command()
def samples(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("data/samples"),
    customers: Annotated[int, typer.Option(help="How many customers.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same company.")] = 20261031,
    format: Annotated[
        str | None,
        typer.Option(help="csv or parquet; parquet from 50,001 customers on if not said."),
    ] = None,
) -> None:
    """Write a made-up company of any size, as CSV or Parquet.

    The same seed makes the same rows. A million customers take minutes and little memory.
    """
    from workbench import samples as simulator

    with terminal.progress("Writing customers") as told:
        paths = simulator.write(
            out,
            customers=customers,
            seed=seed,
            format=cast("simulator.Format | None", format),
            progress=told,
        )
    for path in paths:
        typer.echo(path)


app.command()(reporting.report)
app.command()(calling.calls)
app.add_typer(nurturing.app)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def lab(context: typer.Context) -> None:
    """Open the notebooks in JupyterLab, on this machine only.

    Further options go to JupyterLab: workbench lab --no-browser --port 8889
    """
    from workbench import config

    notebooks = config.required().root / "notebooks"
    if not notebooks.is_dir():
        raise errors.SourceNotFoundError(
            f"There is no folder '{notebooks}'.", mend="Copy the notebooks there: workbench init"
        )
    command = [sys.executable, "-m", "jupyterlab", str(notebooks), "--ServerApp.ip=127.0.0.1"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    # a kernel named python3 in the user's own folder would otherwise shadow this environment's
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"}
    # in this process's place, so that Ctrl-C reaches JupyterLab, which asks before it stops
    os.execve(sys.executable, [*command, *context.args], environment)
