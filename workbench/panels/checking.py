"""A file of somebody else's, looked at, mended and kept: from its headers to ``workbench.toml``."""

import functools
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import config, errors, figures, findings, labels, loaders, schema
from workbench.figures import style
from workbench.panel import Act, Choice, Control, Group, Handed, Text, Upload, upload
from workbench.panel.old import Panel
from workbench.words import Words

FOUND = "found"
_ENCODINGS = (FOUND, "utf-8", "gb18030", "big5", "utf-16", "cp1252")
_DAY_ORDERS = {FOUND: None, "day": True, "month": False}
_DECIMALS = (FOUND, ".", ",")
# Of these a column may be the product of two; the second one is a control of its own.
_MULTIPLIED: tuple[schema.ColumnType, ...] = ("money", "number", "integer")
_TIMES = "_times"
_NOTHING = ""
# Where a dropped file is kept, beside the settings.
_DATA = "data"
_DRAWN = {
    "ledger": "figures.ledger.summary(loaded.ledger",
    "completeness": "figures.ledger.completeness(loaded.completeness()",
}

Texts = Mapping[str, str]


def check(
    source: Path | str = "",
    *,
    table: str | None = None,
    settings: config.Settings | None = None,
    lang: labels.Lang = "en",
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
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per check of the ledger. Actions: the rejected rows with line and reason.
        Acts: ``save``, and ``rejects`` as a file to hand back.

    Examples
    --------
    >>> import tempfile
    >>> source = Path(tempfile.mkdtemp()) / "shop.csv"
    >>> _ = source.write_text("会员号,下单时间,金额\n007,2026-03-05,9.90\n", encoding="utf-8")
    >>> panel = check(source, settings=config.Settings())
    >>> panel.values["columns"]["customer_id"], panel.sentence
    ('会员号', 'The one row was kept')
    """
    settings = settings or config.load()
    desk = _Desk(settings)
    as_table = FOUND if table is None else schema.table(table).name

    def answer(
        source: str, as_table: str, opening: Texts, day_order: str, decimal: str, columns: Texts
    ) -> pd.DataFrame:
        if not source:
            return _no_checks()
        came = desk.load(source, as_table, opening, day_order, decimal, columns)
        return came.ledger.summary()

    def figure(
        _: pd.DataFrame,
        view: str,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
        lang: labels.Lang,
    ) -> go.Figure:
        if not source:
            title = labels.text("figure.ledger.title", lang)
            return style.no_data(title, subtitle=labels.text("panel.drop_first", lang), lang=lang)
        came = desk.load(source, as_table, opening, day_order, decimal, columns)
        if view == "completeness":
            return figures.ledger.completeness(came.completeness(), lang=lang)
        return figures.ledger.summary(came.ledger, lang=lang)

    def sentence(
        _: pd.DataFrame,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
        lang: labels.Lang,
    ) -> str:
        if not source:
            return labels.text("panel.drop_first", lang)
        came = desk.load(source, as_table, opening, day_order, decimal, columns)
        said: str = findings.ledger.sentence(came.ledger, lang=lang)
        return said

    def actions(
        _: pd.DataFrame,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
        lang: labels.Lang,
    ) -> pd.DataFrame:
        if not source:
            return _no_rejects()
        came = desk.load(source, as_table, opening, day_order, decimal, columns)
        return came.ledger.rejects_in_words(lang)

    def rejects(
        _: pd.DataFrame,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
        lang: labels.Lang,
    ) -> Handed:
        _require_file(source)
        came = desk.load(source, as_table, opening, day_order, decimal, columns)
        with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
            path = came.ledger.write_rejects(Path(folder) / "rejects.csv", lang=lang)
            return Handed("rejects.csv", path.read_bytes())

    def save(
        _: pd.DataFrame,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
        lang: labels.Lang,
    ) -> str:
        _require_file(source)
        name, kept = desk.save(source, as_table, opening, day_order, decimal, columns)
        called = labels.text(f"report.table.{name}", lang)
        return labels.text("panel.saved", lang, table=called, source=kept)

    def code(
        view: str,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
        lang: labels.Lang,
    ) -> str:
        if not source:
            return "from workbench import loaders"
        name, entry = desk.entry(source, as_table, opening, day_order, decimal, columns)
        given = {**entry.given(), "table": name, "max_reject_rate": 1.0}
        said = "".join(f"\n    {key}={value!r}," for key, value in given.items() if key != "source")
        return (
            (
                "from workbench import figures, loaders\n\n"
                f"loaded = loaders.load(\n    {source!r},{said}\n)\n"
                "table = loaded.ledger.summary()\n"
                f"actions = loaded.ledger.rejects_in_words({lang!r})\n"
                f"figure = {_DRAWN[view]}, lang={lang!r})"
            )
            .replace("{", "{{")
            .replace("}", "}}")
        )

    return Panel(
        "panel.check",
        controls=[
            Upload(name="source", value=str(source), label="panel.file"),
            Choice(
                name="as_table",
                value=as_table,
                options=(FOUND, *schema.TABLES),
                words=_table_in_words,
                label="panel.source",
            ),
            Choice(name="view", value="ledger", options=tuple(_DRAWN), words="panel.view"),
            Choice(
                name="day_order",
                value=FOUND,
                options=tuple(_DAY_ORDERS),
                words="panel.day_order",
            ),
            Choice(name="decimal", value=FOUND, options=_DECIMALS, words=_found_or_as_is),
            Group(name="opening", controls=_opening),
            Group(name="columns", controls=desk.columns),
        ],
        answer=answer,
        figure=figure,
        sentence=sentence,
        actions=actions,
        acts=[Act(name="rejects", does=rejects), Act(name="save", does=save)],
        code=code,
        lang=lang,
        height=470,
    )


class _Desk:
    """What the panel looks at: a file read once for each way of reading it."""

    def __init__(self, settings: config.Settings) -> None:
        self._settings = settings
        self._proposed = functools.lru_cache(maxsize=8)(self._propose)
        self._loaded = functools.lru_cache(maxsize=8)(self._load)

    def columns(self, source: str, as_table: str, opening: Texts) -> Sequence[Control]:
        """Offer for each of our columns those of the file, at what is proposed."""
        if not source:
            return []
        proposal = self._proposal(source, as_table, opening)
        return [control for one in proposal.matches for control in _choices(one, proposal)]

    def entry(
        self,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
    ) -> tuple[str, config.TableSettings]:
        """Say what ``workbench.toml`` would of the file, as it is read here."""
        name = self._proposal(source, as_table, opening).table
        read = {
            **_opened(opening),
            "decimal": None if decimal == FOUND else decimal,
            "day_first": _DAY_ORDERS[day_order],
        }
        given: dict[str, Any] = {key: value for key, value in read.items() if value is not None}
        return name, config.TableSettings(source=source, columns=_mapped(columns), **given)

    def load(
        self,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
    ) -> loaders.Loaded:
        """Load the file, however many rows are rejected: here they are to be seen."""
        name, entry = self.entry(source, as_table, opening, day_order, decimal, columns)
        return self._loaded(name, json.dumps(entry.given()))

    def save(
        self,
        source: str,
        as_table: str,
        opening: Texts,
        day_order: str,
        decimal: str,
        columns: Texts,
    ) -> tuple[str, str]:
        """Write it into the settings; give the table, and the path it comes from, from now on."""
        ledger = self.load(source, as_table, opening, day_order, decimal, columns).ledger
        name, entry = self.entry(source, as_table, opening, day_order, decimal, columns)
        if (rate := ledger.reject_rate or 0.0) > entry.max_reject_rate:
            raise errors.RejectRateError(
                f"{labels.percent(rate, digits=1)} of the rows would be rejected, "
                f"{labels.percent(entry.max_reject_rate, digits=1)} may be; nothing was saved.",
                mend="Choose other columns, or have the rows mended at the source.",
                ledger=ledger,
            )
        kept = _kept(source, self._settings.root)
        saved = config.TableSettings(**{**entry.given(), "source": str(kept)})
        config.save_table(self._settings.root / config.FILE_NAME, name, saved)
        return name, str(kept)

    def _proposal(self, source: str, as_table: str, opening: Texts) -> loaders.Proposal:
        return self._proposed(source, as_table, json.dumps(dict(opening)))

    def _propose(self, source: str, as_table: str, opening: str) -> loaders.Proposal:
        table = None if as_table == FOUND else as_table
        return loaders.propose(source, table=table, **_opened(json.loads(opening)))

    def _load(self, name: str, said: str) -> loaders.Loaded:
        given = {**json.loads(said), "max_reject_rate": 1.0}
        source = given.pop("source")
        return loaders.load(source, table=name, local_timezone=self._settings.timezone, **given)


def _opening() -> Sequence[Control]:
    """Offer what the header depends on: the encoding, and of a workbook the sheet and the row."""
    return [
        Choice(name="encoding", value=FOUND, options=_ENCODINGS, words=_found_or_as_is),
        Text(name="sheet", value=""),
        Text(name="header_row", value=""),
    ]


def _opened(opening: Texts) -> dict[str, Any]:
    row = opening["header_row"]
    if row and not row.isdecimal():
        raise errors.ParameterError(
            f"header_row is '{row}'.", mend="Write the number of the row, as Excel counts them."
        )
    return {
        "encoding": None if opening["encoding"] == FOUND else opening["encoding"],
        "sheet": opening["sheet"] or None,
        "header_row": int(row) if row else None,
    }


def _choices(one: loaders.Match, proposal: loaders.Proposal) -> list[Control]:
    """Draw a column as a list of the file's columns; of numbers, with what it is multiplied by."""
    headers = tuple(dict.fromkeys(header for header in proposal.headers if header))
    options = (_NOTHING, *headers)
    first, _, second = (one.theirs or "", "", "")
    if one.evidence == "product" and one.theirs is not None:
        first, _, second = one.theirs.partition(" * ")

    def note(value: Any, words: Words) -> str:
        return _note(one, proposal, str(value), first, words)

    label = f"column.{one.column.name}"
    drawn: list[Control] = [
        Choice(
            name=one.column.name,
            value=first,
            options=options,
            words=_header_in_words,
            label=label,
            note=note,
        )
    ]
    if one.column.type in _MULTIPLIED:
        drawn.append(
            Choice(
                name=f"{one.column.name}{_TIMES}",
                value=second,
                options=options,
                words=_header_in_words,
                label="panel.times",
            )
        )
    return drawn


def _note(
    one: loaders.Match, proposal: loaders.Proposal, value: str, first: str, words: Words
) -> str:
    """Say how sure a column is, and what its first value is."""
    if not value:
        missing = "proposal.missing" if one.column.required else "confidence.none"
        return words(missing)
    example = words("proposal.first", value=proposal.example(value) or labels.MISSING)
    if value != first:
        return example
    kind = (
        "proposal.unfit"
        if not one.fits
        else "proposal.ambiguous"
        if one.is_ambiguous
        else f"proposal.{one.evidence}"
    )
    return f"{words(kind)} · {example}"


def _mapped(columns: Texts) -> dict[str, str]:
    """Give our columns the file's, or the product of two; what is nothing is left out."""
    mapped = {}
    for name, theirs in columns.items():
        if name.endswith(_TIMES) or not theirs:
            continue
        factor = columns.get(f"{name}{_TIMES}", "")
        mapped[name] = f"{theirs} * {factor}" if factor else theirs
    return mapped


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


def _no_checks() -> pd.DataFrame:
    nothing = loaders.Ledger("", "orders", "csv", "", rows_read=0, rows_kept=0, rows_rejected=0)
    return nothing.summary().iloc[:0]


def _no_rejects() -> pd.DataFrame:
    nothing = loaders.Ledger("", "orders", "csv", "", rows_read=0, rows_kept=0, rows_rejected=0)
    return nothing.rejects_in_words()


def _table_in_words(value: Any, words: Words) -> str:
    return words("panel.found" if value == FOUND else f"report.table.{value}")


def _found_or_as_is(value: Any, words: Words) -> str:
    return words("panel.found") if value == FOUND else str(value)


def _header_in_words(value: Any, _words: Words) -> str:
    return str(value) or labels.MISSING
