"""A file of somebody else's, looked at, mended and kept: from its headers to ``workbench.toml``."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import config, errors, exhibits, loaders, schema
from workbench.exhibit import Shown
from workbench.panel import Act, Choice, Control, Group, Handed, Panel, Text, Upload, upload
from workbench.words import MISSING, Words

FOUND = "found"
DAY_ORDERS = {FOUND: None, "day": True, "month": False}
_ENCODINGS = (FOUND, "utf-8", "gb18030", "big5", "utf-16", "cp1252")
# Of these a column may be the product of two; the second one is a control of its own.
_MULTIPLIED: tuple[schema.ColumnType, ...] = ("money", "number", "integer")
_TIMES = "_times"
# Where a dropped file is kept, beside the settings.
_DATA = "data"

Texts = Mapping[str, str]


def panel(
    source: Path | str = "",
    *,
    table: str | None = None,
    settings: config.Settings | None = None,
    words: Words | None = None,
) -> Panel:
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
    ('会员号', 'The one row was kept')
    """
    as_table = FOUND if table is None else schema.table(table).name
    return Panel(
        "panel.check",
        given={"settings": settings or config.load()},
        controls=[
            Upload(name="source", value=str(source), label="panel.file"),
            Choice(
                name="as_table", value=as_table, options=(FOUND, *schema.TABLES), words=_in_words,
                label="panel.source",
            ),
            Choice(name="view", value="summary", options=("summary", "completeness")),
            Choice(name="day_order", value=FOUND, options=tuple(DAY_ORDERS)),
            Choice(name="decimal", value=FOUND, options=(FOUND, ".", ","), words=_in_words),
            Group(name="opening", controls=_opening),
            Group(name="columns", controls=_columns),
        ],
        steps=[proposal, ways, loaded],
        views=[summary, completeness],
        lists=rejects,
        acts=[Act(does=_hand_back, name="rejects"), Act(does=_save, name="save")],
        words=words,
        height=470,
    )  # fmt: skip


def proposal(source: str, as_table: str, opening: Texts) -> loaders.Proposal | None:
    """Which of the file's columns is which of ours?"""
    named = None if as_table == FOUND else as_table
    return loaders.propose(source, table=named, **opened(opening)) if source else None


def ways(opening: Texts, columns: Texts, day_order: str, decimal: str) -> dict[str, Any]:
    """How is the file read? As ``workbench.toml`` would say it."""
    return {
        **opened(opening),
        "decimal": None if decimal == FOUND else decimal,
        "day_first": DAY_ORDERS[day_order],
        "columns": mapped(columns),
    }


def loaded(
    source: str, proposal: loaders.Proposal | None, ways: dict[str, Any], settings: config.Settings
) -> loaders.Loaded | None:
    """Load the file, however many rows are rejected: here they are to be seen."""
    more: dict[str, Any] = {"local_timezone": settings.timezone, "max_reject_rate": 1.0}
    return loaders.load(source, table=proposal.table, **ways, **more) if proposal else None


def summary(loaded: loaders.Loaded | None) -> Shown:
    """Show what became of every row."""
    nothing = pd.DataFrame(columns=loaders.LEDGER.columns)
    return exhibits.ledger.summary(loaded.ledger.summary() if loaded else nothing)


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
        raise errors.ParameterError(
            f"header_row is '{row}'.", mend="Write the number of the row, as Excel counts them."
        )
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
    return [
        Choice(name="encoding", value=FOUND, options=_ENCODINGS, words=_in_words),
        Text(name="sheet", value=""),
        Text(name="header_row", value=""),
    ]


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
    if value != first:
        return example
    sure = "unfit" if not one.fits else "ambiguous" if one.is_ambiguous else one.evidence
    return f"{words(f'proposal.{sure}')} · {example}"


def _in_words(value: str, words: Words) -> str:
    key = "found" if value == FOUND else f"report.table.{value}"
    return words(key) if words.has(key) else value


def _hand_back(source: str, loaded: loaders.Loaded, words: Words) -> Handed:
    _require_file(source)
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        path = loaded.ledger.write_rejects(Path(folder) / "rejects.csv", words=words)
        return Handed("rejects.csv", path.read_bytes())


def _save(
    source: str,
    proposal: loaders.Proposal,
    ways: dict[str, Any],
    loaded: loaders.Loaded,
    settings: config.Settings,
    words: Words,
) -> str:
    """Write what was checked into the settings; say where the table comes from, from now on."""
    _require_file(source)
    table = config.TableSettings(source=source, **ways)
    if (rate := loaded.ledger.reject_rate or 0.0) > table.max_reject_rate:
        raise errors.RejectRateError(
            f"{rate:.1%} of the rows would be rejected, {table.max_reject_rate:.1%} may be; "
            "nothing was saved.",
            mend="Choose other columns, or have the rows mended at the source.",
            ledger=loaded.ledger,
        )
    kept = str(_kept(source, settings.root))
    path = settings.root / config.FILE_NAME
    config.save_table(path, proposal.table, replace(table, source=kept))
    return words("saved", table=words(f"report.table.{proposal.table}"), source=kept)


def _kept(source: str, root: Path) -> Path | str:
    """Where does a file lie from now on? A dropped one is copied beside the settings."""
    if "://" in source:
        return source
    path = Path(source).expanduser().resolve()
    if not path.is_relative_to(upload.folder().resolve()):
        return path
    target = root / _DATA / path.name
    if target.exists() and target.read_bytes() != path.read_bytes():
        raise errors.SourceError(
            f"'{_DATA}/{path.name}' is another file already, and was left as it is.",
            mend="Rename the file and drop it again, or name the path it lies at.",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        shutil.copyfile(path, draft)
        draft.replace(target)
    except OSError as error:
        raise errors.SourceError(
            f"'{target}' cannot be written ({error.strerror}).",
            mend="Check the folder, its permissions, and that there is room.",
        ) from error
    return target


def _require_file(source: str) -> None:
    if not source:
        raise errors.ParameterError("There is no file yet.", mend="Drop one, or name its path.")
