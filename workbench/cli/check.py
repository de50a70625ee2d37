"""The command ``check``: what is in a source?"""

import dataclasses
import inspect
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
from workbench.cli.session import set_aside
from workbench.load_options import LoadOptions

if TYPE_CHECKING:
    from workbench.loaders import Ledger, Loaded, Proposal, Question

_REJECTS_SHOWN = 5


# How the command line spells an option that is no plain value of its own name.
_SPELLED: dict[str, tuple[Any, list[str], dict[str, Any]]] = {
    "columns": (list[str] | None, ["--column"], {"metavar": "OURS=THEIRS"}),
    "widths": (list[str] | None, ["--width"], {"metavar": "THEIRS=FROM:TO"}),
    "decimal": (str | None, [], {}),
    "sheet": (list[str] | None, [], {}),
    "where": (list[str] | None, [], {"metavar": "THEIRS=VALUE"}),
    "fill_down": (bool, ["--fill-down"], {}),
    "distinct": (bool, ["--distinct"], {}),
    "sale_status": (list[str] | None, [], {"metavar": "WORD"}),
    "no_sale_status": (list[str] | None, [], {"metavar": "WORD"}),
    "amount_is": (str | None, [], {"metavar": "line|order"}),
    "same_order": (str | None, [], {"metavar": "replace|add"}),
    "id_case": (str | None, [], {"metavar": "fold"}),
    "plausible": (tuple[str, str] | None, [], {"metavar": "FIRST LAST"}),
    "day_first": (
        bool | None,
        ["--day-first/--month-first"],
        {"show_default": "found in the values"},
    ),
    "drop_duplicates": (bool, ["--drop-duplicates"], {}),
}


def _with_load_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of a load, as ``LoadOptions`` declares it."""
    signature = inspect.signature(command)
    *own, _ = signature.parameters.values()
    options = []
    for entry in dataclasses.fields(LoadOptions):
        kind, spelled, shown = _SPELLED.get(entry.name, (entry.type, [], {}))
        repeats = " Repeatable." if kind == list[str] | None else ""
        option = typer.Option(*spelled, help=f"{entry.metadata['help']}{repeats}", **shown)
        default = None if repeats else entry.default
        options.append(
            inspect.Parameter(
                entry.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[kind, option],
            )
        )
    command.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*own[:2], *options, *own[2:]]
    )
    return command


@_with_load_options
def check(
    source: Annotated[
        str | None,
        typer.Argument(
            help="A file (CSV, Excel, Parquet), a folder, a pattern in quotes, or the address of a "
            "database, in quotes, ${NAME} for a variable that holds its password. Without it: all tables of workbench.toml."
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="Which table it is.", show_default="orders, or all")
    ] = None,
    *,
    propose: Annotated[
        bool,
        typer.Option(
            "--propose", help="Find the columns by the file's own headers; --column goes before."
        ),
    ] = False,
    save: Annotated[
        bool,
        typer.Option("--save", help="If it loads, write source and options to workbench.toml."),
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="With --save: also where the table has another source."),
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the rejected rows, with reasons, to this CSV file.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the ledger as JSON for a program.")
    ] = False,
    **given: Any,
) -> None:
    """Say what is in a source: every row kept or rejected, and why.

    Counts rows, rejects, exact duplicates, refunds, anonymous sales and same-day merges. A source
    with more rejects than allowed ends with exit code 3, its ledger told all the same. With
    --propose the columns are found by the file's own headers, in English and Chinese.
    """
    from workbench import config, loaders

    doors: list[Callable[[], Loaded]]
    if source is not None:
        options = _options(given)
        if options.local_timezone is None:
            # as the settings would be read with it
            options = dataclasses.replace(options, local_timezone=config.load().timezone)
        asked = _Asked(source, table, options)
        doors = [partial(asked.load, propose=propose)]
    else:
        if propose or save:
            raise errors.ParameterError(
                f"{'--propose' if propose else '--save'} is given, but no source.",
                mend="Name a file: workbench check sales.csv --propose",
            )
        settings = config.required()
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
        if source is None and not failures:
            _show_strangers(doors)
    if ledgers:
        first = ledgers[0]
        if told := set_aside(rejects, first.rows_rejected, "Rejected rows", first.write_rejects):
            terminal.tell(told)
    if failures:
        for failure in failures[1:]:
            terminal.fail(failure.one_line, failure.exit_code)
        raise failures[0]
    if source is not None and save:
        terminal.tell(f"Written to {asked.save(replace=replace)}")


@dataclass
class _Asked:
    """One source as the command line describes it."""

    source: str
    table: str | None
    options: LoadOptions
    questions: "tuple[Question, ...]" = ()

    def load(self, *, propose: bool) -> "Loaded":
        """Load it, with the columns proposed if that is asked; else say what might be meant."""
        from workbench import config, loaders

        meant = config.with_variables(self.source, "The source")
        if propose:
            proposal = loaders.propose(meant, table=self.table, **vars(self.options))
            told = dict(proposal.options)
            self.table, self.questions = told.pop("table"), proposal.questions
            self.options = LoadOptions(**told)
            _show_proposal(proposal)
        try:
            return loaders.load(meant, table=self.table or "orders", **vars(self.options))
        except errors.RejectRateError:
            raise
        except errors.ContractError as error:
            if propose or "missing column" not in error.what:
                raise
            raise self._with_proposal(meant, error) from error

    def save(self, *, replace: bool) -> Path:
        """Write it into the nearest settings file, or into a new one here; no guess is written."""
        from workbench import config

        if self.questions:
            first, others = self.questions[0], len(self.questions) - 1
            raise errors.ParameterError(
                f"Nothing was saved, since it is not certain: {first.text}"
                + (f" ({others} more {'question' if others == 1 else 'questions'})" * bool(others)),
                mend=f"State it: {_stated(first)}",
            )
        target = config.find() or Path(config.FILE_NAME)
        source = self.source
        if "://" not in source:
            source = os.path.relpath(Path(source).expanduser(), target.resolve().parent)
        table = config.TableSettings(source=source, **vars(self.options))
        return config.save_table(target, self.table or "orders", table, replace=replace)

    def _with_proposal(self, meant: str, error: errors.ContractError) -> errors.ContractError:
        """Add what the file's own headers suggest, where they suggest all that is required."""
        from workbench import loaders

        try:
            proposal = loaders.propose(meant, table=self.table, **vars(self.options))
        except errors.WorkbenchError:
            return error
        columns = self.options.columns
        is_known = all(columns.get(our, our) == theirs for our, theirs in proposal.columns.items())
        if proposal.missing or is_known:
            return error
        said = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in proposal.columns.items())
        mend = f"{error.mend} As {proposal.table}, --propose would take: {said}."
        return errors.ContractError(error.what, mend=mend)


def _stated(question: "Question") -> str:
    """Write how the command line answers a question."""
    answer = question.answers[0] if question.answers else "…"
    if question.about in ("sale_status", "timezone"):
        also = f', or --no-sale-status "{answer}"' * (question.about == "sale_status")
        return f'--{question.about.replace("_", "-")} "{answer}"{also}'
    return f'--column "{question.about}={answer}"'


def _show_proposal(proposal: "Proposal") -> None:
    """Print which column is which, how sure that is, and what else it could be."""
    from workbench.words import Words

    words = Words()

    console = terminal.console()
    known = f", an export of {proposal.layout}" if proposal.layout else ""
    said = f"Proposed as {proposal.table}{known}:"
    console.print(terminal.inert(said), style="bold", soft_wrap=True)
    facts = terminal.plain_table()
    for name in ("column", "theirs", "confidence", "example", "alternatives"):
        facts.add_column(words.header(name))
    for row in proposal.summary().to_dict("records"):
        if row["confidence"] == "none" and not row["required"]:
            continue
        said = words(f"confidence.{row['confidence']}")
        if not row["fits"]:
            said = words("proposal.unfit")
        elif row["is_ambiguous"]:
            said = words("proposal.ambiguous")
        if row["confidence"] == "none":
            said = words("proposal.missing" if row["required"] else "confidence.none")
        cells = (row["column"], row["theirs"] or "–", said, row["example"], row["alternatives"])
        facts.add_row(*(terminal.inert(str(cell)) for cell in cells))
    console.print(facts)
    if proposal.unused:
        shown = ", ".join(f"'{name}'" for name in proposal.unused[:20])
        more = f" and {len(proposal.unused) - 20} more" if len(proposal.unused) > 20 else ""
        console.print(terminal.inert(f"Not used: {shown}{more}"), soft_wrap=True)
    told = {n: said for n, said in proposal.options.items() if n not in ("table", "columns")}
    if told:
        said = ", ".join(f"{name} = {value!r}" for name, value in told.items())
        console.print(terminal.inert(f"Read with: {said}"), soft_wrap=True)
    for question in proposal.questions:
        said = f"To be said: {question.text} {_stated(question)}"
        console.print(terminal.inert(said), soft_wrap=True)
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
    from workbench.words import Words

    words = Words()

    console = terminal.console()
    where = f", sheet '{ledger.sheet}'" if ledger.sheet else ""
    where += f", header in row {ledger.header_row}" if ledger.header_row else ""
    # paths and reasons stay on one line, however narrow the window: for grep and for copying
    console.print(
        terminal.inert(f"{ledger.table}: {ledger.source}{where}"), style="bold", soft_wrap=True
    )
    for note in ledger.notes(words):
        console.print(terminal.inert(note), soft_wrap=True)
    facts = terminal.plain_table()
    facts.add_column("")
    facts.add_column("rows", justify="right")
    facts.add_column("share", justify="right")
    for fact in ledger.summary().to_dict("records"):
        facts.add_row(
            words(f"ledger.{fact['check']}"),
            words.write(fact["rows"], "count"),
            words.write(fact["share"], "exact rate"),
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


def _show_strangers(doors: "list[Callable[[], Loaded]]") -> None:
    """Print which of the tables hardly share an id, though one is looked up in the other."""
    from workbench import exhibits, people
    from workbench.words import Words

    loaded = {table.ledger.table: table for door in doors if (table := door())}
    for sentence in exhibits.ledger.remarks(people.strangers(loaded), words=Words()):
        typer.echo(sentence)


def _options(given: dict[str, Any]) -> LoadOptions:
    """Read the options of a load as the command line spells them."""
    stated = {name: value for name, value in given.items() if value not in (None, [])}
    if columns := stated.pop("columns", None):
        stated["columns"] = terminal.pairs("--column", columns, "customer_id=CustomerID")
    if widths := stated.pop("widths", None):
        stated["widths"] = _widths(widths)
    if len(sheets := stated.get("sheet", ())) == 1:
        stated["sheet"] = sheets[0]
    if pairs := stated.pop("where", None):
        stated["where"] = {}
        for pair in pairs:
            for header, value in terminal.pairs("--where", [pair], "Stage=Won").items():
                stated["where"].setdefault(header, []).append(value)
    from workbench import arguments

    arguments.bound("", LoadOptions, inspect.signature(LoadOptions), **stated)
    return LoadOptions(**stated)


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
