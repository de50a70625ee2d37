"""A file of somebody else's, looked at, mended and kept: from its headers to ``workbench.toml``."""

import dataclasses
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import config, errors, exhibits, loaders, schema, scratch
from workbench.panel import (
    Act,
    Choice,
    Control,
    Group,
    Handed,
    Panel,
    Shown,
    Text,
    Toggle,
    Upload,
    Words,
)
from workbench.panel.upload import kept
from workbench.words import MISSING

FOUND = "found"
DAY_ORDERS = {FOUND: None, "day": True, "month": False}
_ENCODINGS = (FOUND, "utf-8", "gb18030", "big5", "utf-16", "cp1252")
# Of these a column may be the product of two; the second one is a control of its own.
_MULTIPLIED: tuple[schema.ColumnType, ...] = ("money", "number", "integer")
_TIMES = "_times"

Texts = Mapping[str, str]


def panel(
    source: Path | str = "", *, table: str | None = None,
    settings: config.Settings | None = None, words: Words | None = None,
) -> Panel:  # fmt: skip
    r"""What is in this file, which of its columns is which of ours, and can it be trusted?

    Drop a file, see what is proposed for each column, mend it, and read what became of every row.
    What was checked can be kept in ``workbench.toml``; a dropped file is then copied beside it.

    Parameters
    ----------
    source
        The file the panel opens with; empty waits for one to be dropped.
    table
        Which table it is; None finds out.
    settings
        Where it is saved, and the zone of times; the nearest ``workbench.toml`` by default.
    words
        The language; by default as last said with ``words.speak``.

    Returns
    -------
    Panel
        Table: one row per check of the ledger, or per column. Actions: the rejected rows with line
        and reason. Acts: ``save``, and ``rejects`` as a file to hand back.

    Examples
    --------
    >>> import tempfile
    >>> source = Path(tempfile.mkdtemp()) / "shop.csv"
    >>> _ = source.write_text("会员号,下单时间,金额\n007,2026-03-05,9.90\n", encoding="utf-8")
    >>> shown = panel(source, settings=config.Settings())
    >>> shown.values["columns"]["customer_id"], shown.sentence
    ('会员号', 'The one row was kept. From 5 Mar 2026 to 5 Mar 2026')
    """
    as_table = FOUND if table is None else schema.table(table).name
    return Panel(
        "panel.check", words=words, height=470, given={"settings": settings or config.load()},
        controls=[
            Upload(name="source", value=str(source)),
            Choice(name="as_table", value=as_table, options=(FOUND, *schema.TABLES), words=_in_words),
            Choice(name="view", value="summary", options=("summary", "completeness")),
            Choice(name="day_order", value=FOUND, options=tuple(DAY_ORDERS), place="adjust"),
            Choice(name="decimal", value=FOUND, options=(FOUND, ".", ","), words=_in_words, place="adjust"),
            Toggle(name="replace", value=False, place="adjust"),
            Group(name="opening", controls=_opening, place="adjust"), Group(name="columns", controls=_columns),
        ],
        steps=[stated, proposal, ways, loaded], views=[summary, completeness], lists=rejects,
        acts=[Act(does=_hand_back, name="rejects"), Act(does=_save, name="save")],
    )  # fmt: skip


def stated(source: str, settings: config.Settings) -> dict[str, Any]:
    """How do the settings say that this source is read? Nothing where they do not name it."""
    known = {str(settings.source(name)): table.stated for name, table in settings.tables.items()}
    return known.get(source, {})


def proposal(
    source: str, as_table: str, opening: Texts, stated: dict[str, Any]
) -> loaders.Proposal | None:
    """Which of the file's columns is which of ours?"""
    named = None if as_table == FOUND else as_table
    asked = {**stated, **opened(opening)}
    return loaders.propose(source, table=named, **asked) if source else None


def ways(
    proposal: loaders.Proposal | None, opening: Texts, columns: Texts, day_order: str, decimal: str,
    settings: config.Settings,
) -> dict[str, Any]:  # fmt: skip
    """How is the file read? As ``workbench.toml`` would say it."""
    told = {key: one for key, one in proposal.options.items() if key != "table"} if proposal else {}
    zone = settings.timezone or told.get("local_timezone")
    mark = None if decimal == FOUND else decimal
    numbers = {"decimal": mark, "day_first": DAY_ORDERS[day_order], "local_timezone": zone}
    return {**told, **opened(opening), **numbers, "columns": mapped(columns)}


def loaded(
    source: str, proposal: loaders.Proposal | None, ways: dict[str, Any]
) -> loaders.Loaded | None:
    """Load the file, however many rows are rejected: here they are to be seen."""
    more: dict[str, Any] = {**ways, "max_reject_rate": 1.0}
    return loaders.load(source, table=proposal.table, **more) if proposal else None


def summary(loaded: loaders.Loaded | None) -> Shown:
    """Show what became of every row, and what was taken for a sale."""
    nothing = pd.DataFrame(columns=loaders.LEDGER.columns)
    ledger = loaded.ledger if loaded else None
    return exhibits.ledger.summary(ledger.summary() if ledger else nothing, ledger=ledger)


def completeness(loaded: loaders.Loaded | None) -> Shown:
    """Show how complete each column is."""
    nothing = pd.DataFrame(columns=loaders.COMPLETENESS.columns)
    return exhibits.ledger.completeness(loaded.completeness() if loaded else nothing)


def rejects(loaded: loaders.Loaded | None) -> Shown:
    """List the rows that were left out, and why."""
    nothing = pd.DataFrame(columns=loaders.REJECTS.columns)
    return exhibits.ledger.rejects(loaded.ledger.rejects if loaded else nothing)


def opened(opening: Texts) -> dict[str, Any]:
    """How is the file opened, as the loaders are told?"""
    stated: dict[str, Any] = {key: one for key, one in opening.items() if one not in ("", FOUND)}
    if (row := stated.pop("header_row", "")) and not row.isdecimal():
        mend = "Write the number of the row, as Excel counts them."
        raise errors.ParameterError(f"header_row is '{row}'.", mend=mend).told_by("no_row", row=row)
    return stated | {"header_row": int(row) if row else None}


def mapped(columns: Texts) -> dict[str, str]:
    """Give our columns the file's, or the product of two; what is nothing is left out."""
    return {
        name: " * ".join(filter(None, (theirs, columns.get(f"{name}{_TIMES}"))))
        for name, theirs in columns.items()
        if theirs and not name.endswith(_TIMES)
    }


def _opening() -> list[Control]:
    """Offer what the header depends on: the encoding, and of a workbook the sheet and the row."""
    encoding = Choice(name="encoding", value=FOUND, options=_ENCODINGS, words=_in_words)
    return [encoding, Text(name="sheet", value=""), Text(name="header_row", value="")]


def _columns(proposal: loaders.Proposal | None) -> list[Control]:
    """Offer for each of our columns those of the file; of numbers, with what it is multiplied by."""
    if proposal is None:
        return []
    headers = dict.fromkeys(header for header in proposal.headers if header)
    offer = partial(Choice, options=("", *headers), words={"": MISSING})
    drawn: list[Control] = []
    for one in proposal.matches:
        first, second, name = one.theirs or "", "", one.column.name
        if one.evidence == "product":
            first, _, second = first.partition(" * ")
        note = partial(_note, one, proposal, first)
        drawn.append(offer(name=name, value=first, label=f"column.{name}", note=note))
        if one.column.type in _MULTIPLIED:
            drawn.append(offer(name=f"{name}{_TIMES}", value=second, label="panel.times"))
    return drawn


def _note(
    one: loaders.Match, proposal: loaders.Proposal, first: str, value: str, words: Words
) -> str:
    """Say how sure a column is, and what its first value is."""
    if not value:
        return words("proposal.missing" if one.column.required else "confidence.none")
    example = words("proposal.first", value=proposal.example(value) or MISSING)
    sure = "unfit" if not one.fits else "ambiguous" if one.is_ambiguous else one.evidence
    return f"{words(f'proposal.{sure}')} · {example}" if value == first else example


def _in_words(value: str, words: Words) -> str:
    key = "found" if value == FOUND else f"report.table.{value}"
    return words(key) if words.has(key) else value


def _hand_back(source: str, loaded: loaders.Loaded, words: Words) -> Handed:
    _require_file(source)
    with scratch.Folder() as folder:
        path = loaded.ledger.write_rejects(folder / "rejects.csv", words=words)
        return Handed("rejects.csv", path.read_bytes())


def _save(
    source: str, proposal: loaders.Proposal, ways: dict[str, Any], loaded: loaders.Loaded,
    replace: bool, settings: config.Settings, words: Words,
) -> str:  # fmt: skip
    """Write what was checked into the settings; say where the table comes from, from now on."""
    _require_file(source)
    asked = [one for one in proposal.questions if ways["columns"].get(one.about) == one.answers[:1]]
    if asked:
        raise errors.ParameterError(
            f"Nothing was saved: {asked[0].text}", mend="Choose the column."
        )
    table = config.TableSettings(source=source, **ways)
    if (rate := loaded.ledger.reject_rate or 0.0) > table.max_reject_rate:
        what = f"{rate:.1%} of the rows would be rejected, {table.max_reject_rate:.1%} may be"
        mend = "Choose other columns, or have the rows mended at the source."
        raise errors.RejectRateError(f"{what}; nothing was saved.", mend=mend, ledger=loaded.ledger)
    stays = str(kept(source, beside=settings.root))
    file = settings.root / config.FILE_NAME
    table = dataclasses.replace(table, source=stays)
    config.save_table(file, proposal.table, table, replace=replace)
    return words("saved", table=words(f"report.table.{proposal.table}"), source=stays)


def _require_file(source: str) -> None:
    if not source:
        what = "There is no file yet."
        raise errors.ParameterError(what, mend="Drop one, or name its path.").told_by("no_file")
