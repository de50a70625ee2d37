"""Figures under their finding, tables under their heading, and the ledger of the data."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from workbench import errors, tables
from workbench.blocks.block import Block, file_name
from workbench.words import Words, has, spoken

LIST_ROWS = 3_000
"""How many rows of a list a page holds; what is more stands in the CSV file."""

# So many rows stand on the page behind the one line that opens them.
_OLDER_ROWS = 100
_ALWAYS = ("rows_read", "rows_kept", "rows_rejected")


def _laid_out(
    table: pd.DataFrame, *, name: str, words: Words, columns: Sequence[str] | None = None,
    limit: int | None = None, **marked: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    names = list(columns if columns is not None else table.columns)
    for wanted in [*names, *(column for some in marked.values() for column in some)]:
        if wanted not in table.columns:
            raise errors.unknown(f"column in table '{name}'", wanted, map(str, table.columns))
    top = table.head(limit) if limit is not None else table
    note = "report.rows_shown" if len(top) < len(table) else "report.rows_all"
    kinds = {column: tables.kind(column, table[column]) for column in names}
    marks = {mark: marked.get(mark, ()) for mark in ("strong", "accent", "minor", "under")}
    return {
        "columns": [
            {
                "label": words.header(column),
                "number": kinds[column] in tables.NUMERIC,
                **{mark: column in some for mark, some in marks.items()},
            }
            for column in names
        ],
        "rows": [
            [
                tables.cell(column, value, kinds[column], words)
                for column, value in zip(names, row, strict=True)
            ]
            for row in top[names].itertuples(index=False, name=None)
        ],
        "note": words(note, shown=len(top), n=len(table)),
        "file": f"tables/{name}.csv",
    }


def _listed(
    table: pd.DataFrame, *, codes: Sequence[str], first: int, words: Words, **laid: Any
) -> dict[str, Any]:  # fmt: skip
    """Lay out a list: all its rows, what they are sorted and filtered by, and its file."""
    content = _laid_out(table, words=words, limit=LIST_ROWS, **laid)
    # as many digits as anybody reads: the file beside the page has all
    top = tables.rounded(table.head(LIST_ROWS))
    names = laid["columns"] if laid["columns"] is not None else table.columns
    for name in set(codes) - set(table.columns):
        raise errors.unknown(f"column in table '{laid['name']}'", name, map(str, table.columns))
    shown = min(first, len(table))
    note = words("report.rows_shown" if shown < len(table) else "report.rows_all",
                 shown=shown, n=len(table))  # fmt: skip
    return content | {
        "first": first,
        "note": note,
        "all": len(table),
        "keys": [_keys(top[name]) for name in names],
        # as they are: a ratio just below a threshold, rounded, would be counted beyond it
        "codes": {
            name: [tables.code(name, value) for value in table[name].head(LIST_ROWS)]
            for name in codes
        },
        "csv": tables.csv(top, words=words).decode("utf-8-sig"),
    }


def sortable(
    table: pd.DataFrame, *, words: Words, minor: Collection[str] = (), first: int
) -> dict[str, Any]:
    """Lay out the rows of a table for a list that stands in no page, as ``list.js`` takes them."""
    top = table.head(LIST_ROWS)
    laid = _laid_out(top, name="", words=words, minor=[one for one in minor if one in top])
    return {
        "columns": laid["columns"],
        "rows": laid["rows"],
        "keys": [_keys(top[name]) for name in top],
        "first": first,
        "all": len(table),
    }


def _keys(column: "pd.Series[Any]") -> list[float | None] | None:
    """Give the numbers, or moments as numbers, a column is sorted by; None: it is sorted as text."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.astype("datetime64[s]").astype("int64").where(column.notna())
    elif not pd.api.types.is_numeric_dtype(column.dtype):
        return None
    # what is missing or has no end is null
    keys: list[float | None] = json.loads(column.to_json(orient="records", double_precision=6))
    return keys


def figure(
    fig: Any,
    rows: pd.DataFrame,
    *,
    name: str,
    finding: str,
    meaning: str | Sequence[str],
    subtitle: str | None = None,
    limit: int | None = 60,
    **laid: Any,
) -> Block:
    """Show a figure under its finding, with the table it was drawn from and what it means.

    Parameters
    ----------
    fig
        A ``plotly.graph_objects.Figure``; its ``layout.meta`` gives the text alternative (``alt``)
        and the grey line of measure, unit and population (``subtitle``).
    rows
        The table it was drawn from; kept whole as CSV, its first ``limit`` rows on the page.
    name
        Names the CSV file and the anchor in the page.
    finding
        What the figure shows, as a sentence.
    meaning
        How to read it and what to do about it, in paragraphs.
    subtitle
        Another grey line than the figure's.
    limit, **laid
        As ``table``: ``words``, ``columns``, ``strong``, ``accent``, ``minor``, ``under``,
        ``fold``.

    Examples
    --------
    >>> import plotly.graph_objects as go
    >>> drawn = go.Figure(go.Bar(x=["Mon"], y=[3]))
    >>> calls = pd.DataFrame({"day": ["Mon"], "calls": [3]})
    >>> figure(drawn, calls, name="calls", finding="Monday is busy.", meaning="Start early.").kind
    'figure'
    """
    meta = fig.layout.meta or {}
    grey = meta.get("subtitle", "") if subtitle is None else subtitle
    words, fold = laid.pop("words", None) or spoken(), laid.pop("fold", None)
    content = {
        "id": name,
        "fold": fold,
        "heading": finding,
        "subtitle": grey,
        "table": _laid_out(rows, name=file_name(name), words=words, limit=limit, **laid),
        "alt": meta.get("alt", finding),
        "meaning": [meaning] if isinstance(meaning, str) else list(meaning),
        "caption": fig.layout.title.text or finding,
    }
    return Block("figure", content, words, json.loads(fig.to_json()), {name: rows})


def table(
    rows: pd.DataFrame,
    *,
    name: str,
    heading: str,
    subtitle: str = "",
    words: Words | None = None,
    columns: Sequence[str] | None = None,
    strong: Sequence[str] = (),
    accent: Sequence[str] = (),
    minor: Sequence[str] = (),
    under: Sequence[str] = (),
    codes: Sequence[str] = (),
    limit: int | None = None,
    empty: str | None = None,
    older: tuple[int, str] = (0, ""),
    fold: bool | None = None,
) -> Block:
    """Show a table under its heading; the whole of it is kept as CSV.

    With ``limit`` it is a list: its first rows stand open, and on the page it is sorted by a click,
    searched by typing, paged, shown whole and saved.

    Parameters
    ----------
    rows
        The table, already in the order it is to be read.
    name, heading, subtitle, words
        Name of file and anchor; the finding; the grey line; in which language, by default the one
        last spoken.
    columns
        Which columns stand on the page, in order; all by default. The first heads its row.
    strong, accent, minor, under
        Columns set bold; set in the colour of what needs action; left out on a phone; standing
        below the strong column there.
    codes
        Columns whose values the page keeps with the rows, unseen, to filter the list by.
    limit
        How many rows stand open on the page.
    empty
        What to say where there are no rows.
    older
        How many rows at the end are opened by one line, and what it says.
    fold
        Whether it stands folded under its heading; by default below a ``part`` alone.

    Raises
    ------
    UnknownNameError
        A column is not in the table.

    Examples
    --------
    >>> calls = pd.DataFrame({"customer_name": ["Harbour Foods", "Beichen"]})
    >>> shown = table(calls, name="calls", heading="Call these first", limit=1)
    >>> shown.content["table"]["rows"], shown.content["table"]["note"]
    ([['Harbour Foods'], ['Beichen']], '1 of 2 rows shown.')
    """
    words = words or spoken()
    laid: dict[str, Any] = {
        "name": file_name(name), "words": words, "columns": columns, "strong": strong,
        "accent": accent, "minor": minor, "under": under,
    }  # fmt: skip
    many, line = older
    newer, behind = rows.head(len(rows) - many), rows.tail(many)
    laid_out = (
        _laid_out(newer, **laid)
        if limit is None
        else _listed(newer, codes=codes, first=limit, **laid)
    )
    content = {
        "id": name,
        "fold": fold,
        "heading": heading,
        "subtitle": subtitle,
        "empty": words("report.empty_table") if empty is None else empty,
        "table": laid_out,
        "older": {"line": line, "table": _laid_out(behind, limit=_OLDER_ROWS, **laid)}
        if many
        else None,
    }
    return Block("table", content, words, tables={name: rows})


def ledger(
    ledgers: Mapping[str, Any],
    *,
    name: str = "ledger",
    words: Words | None = None,
    rejects_limit: int = 20,
) -> Block:
    """Show what came in: rows read, kept and rejected of each source, rejects with their reasons.

    It stands folded where nothing was rejected.

    Parameters
    ----------
    ledgers
        The ``Ledger`` of each table, by the table's name.
    name, words
        Anchor and name of the CSV files; in which language.
    rejects_limit
        How many rejected rows stand on the page; the CSV has all.
    """
    words = words or spoken()
    sources, kept = [], {}
    for table_name, found in ledgers.items():
        file, key = file_name(f"{name}_{table_name}"), f"report.table.{table_name}"
        kept[file] = summary = found.summary()
        sentence = came_in(summary, words, found.notes(words))
        source = {
            "name": words(key) if has(key) else table_name,
            "sentence": words("report.sentence", text=sentence[:1].upper() + sentence[1:]),
            "table": _laid_out(
                summary[summary["check"].isin(_ALWAYS) | (summary["rows"] > 0)],
                name=file,
                words=words,
            ),
            "rejects": None,
        }
        if len(found.rejects):
            kept[f"{file}_rejects"] = rejects = found.rejects_in_words(words)
            source["rejects"] = _laid_out(
                rejects, name=f"{file}_rejects", words=words, limit=rejects_limit
            )
        sources.append(source)
    content = {
        "id": file_name(name),
        "fold": not any(source["rejects"] for source in sources),
        "heading": words("report.ledger.heading"),
        "subtitle": words("report.ledger.subtitle"),
        "sources": sources,
    }
    return Block("ledger", content, words, tables=kept)


def came_in(checks: pd.DataFrame, words: Words, notes: Sequence[str] = ()) -> str:
    """Can the data be trusted? How many rows were rejected, and how many have no customer.

    Parameters
    ----------
    checks
        A ledger's ``summary()``.
    notes
        Its ``notes()``: sentences that follow, the last one without its full stop as all of these.

    Examples
    --------
    >>> checks = {"check": ["rows_read", "rows_rejected"], "rows": [20_118, 37]}
    >>> came_in(pd.DataFrame(checks), Words())
    '37 of 20,118 rows were rejected (less than 1%)'
    """
    rows, words = checks.set_index("check")["rows"], words.within("ledger.summary")
    read, rejected, nobody, apart = (
        int(rows.get(check, 0))
        for check in ("rows_read", "rows_rejected", "anonymous", "rows_apart")
    )
    if read == 0:
        return words("none")
    unknown = words("anonymous", n=nobody, share=nobody / read) if nobody else None
    key, n = ("some.apart", apart) if apart else ("some.kept", read)
    key, n = ("some.rejected", rejected) if rejected else (key, n)
    said = words(key, n=n, read=read, share=rejected / read, anonymous=unknown)
    if not notes:
        return said
    return words("noted", sentence=said, notes=words.joined(list(notes)).rstrip(".。"))
