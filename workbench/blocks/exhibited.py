"""Figures under their finding, tables under their heading, and the ledger of the data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from workbench import errors, labels, tables
from workbench.blocks.block import Block, file_name
from workbench.findings import ledger as findings

_ALWAYS = ("rows_read", "rows_kept", "rows_rejected")


def _laid_out(
    table: pd.DataFrame,
    *,
    name: str,
    lang: labels.Lang,
    columns: Sequence[str] | None,
    limit: int | None,
    strong: Sequence[str] = (),
    accent: Sequence[str] = (),
    minor: Sequence[str] = (),
) -> dict[str, Any]:
    names = list(columns if columns is not None else table.columns)
    for wanted in [*names, *strong, *accent, *minor]:
        if wanted not in table.columns:
            raise errors.unknown(f"column in table '{name}'", wanted, map(str, table.columns))
    top = table.head(limit) if limit is not None else table
    left_out = len(table) - len(top)
    file = f"tables/{name}.csv"
    if left_out:
        note = labels.text(
            "report.rows_shown",
            lang,
            shown=labels.number(len(top), lang),
            n=labels.number(len(table), lang),
        )
    else:
        note = labels.text("report.rows_all", lang, n=labels.number(len(table), lang))
    kinds = {column: tables.kind(column, table[column]) for column in names}
    return {
        "columns": [
            {
                "label": tables.header(column, lang),
                "number": kinds[column] in tables.NUMERIC,
                "strong": column in strong,
                "accent": column in accent,
                "minor": column in minor,
            }
            for column in names
        ],
        "rows": [
            [
                tables.cell(column, value, kinds[column], lang=lang)
                for column, value in zip(names, row, strict=True)
            ]
            for row in top[names].itertuples(index=False, name=None)
        ],
        "note": note,
        "file": file,
    }


def figure(
    fig: Any,
    table: pd.DataFrame,
    *,
    name: str,
    finding: str,
    meaning: str | Sequence[str],
    lang: labels.Lang = "en",
    subtitle: str | None = None,
    columns: Sequence[str] | None = None,
    minor: Sequence[str] = (),
    limit: int | None = 60,
) -> Block:
    """Show a figure under its finding, with the table it was drawn from and what it means.

    Parameters
    ----------
    fig
        A ``plotly.graph_objects.Figure`` from ``figures``; its ``layout.meta`` gives the text
        alternative (``alt``) and the grey line of measure, unit and population (``subtitle``).
    table
        What the figure was drawn from; kept whole as CSV, its first ``limit`` rows on the page.
    name
        Names the CSV file and the anchor in the page.
    finding
        What the figure shows, as a sentence.
    meaning
        How to read it and what to do about it, in paragraphs.
    lang, subtitle, columns, minor, limit
        Language; another grey line than the figure's; which columns to show, which of them not on
        a phone, and how many rows.

    Examples
    --------
    >>> import plotly.graph_objects as go
    >>> drawn = go.Figure(go.Bar(x=["Mon"], y=[3]))
    >>> calls = pd.DataFrame({"day": ["Mon"], "calls": [3]})
    >>> figure(drawn, calls, name="calls", finding="Monday is busy.", meaning="Start early.").kind
    'figure'
    """
    file_name(name)
    meta = fig.layout.meta or {}
    content = {
        "id": name,
        "heading": finding,
        "subtitle": subtitle if subtitle is not None else meta.get("subtitle", ""),
        "alt": meta.get("alt", finding),
        "meaning": [meaning] if isinstance(meaning, str) else list(meaning),
        "caption": fig.layout.title.text or finding,
        "table": _laid_out(table, name=name, lang=lang, columns=columns, limit=limit, minor=minor),
    }
    return Block("figure", content, lang, json.loads(fig.to_json()), {name: table})


def table(
    rows: pd.DataFrame,
    *,
    name: str,
    heading: str,
    subtitle: str = "",
    lang: labels.Lang = "en",
    columns: Sequence[str] | None = None,
    strong: Sequence[str] = (),
    accent: Sequence[str] = (),
    minor: Sequence[str] = (),
    limit: int | None = None,
    empty: str | None = None,
) -> Block:
    """Show a table under its heading; the whole of it is kept as CSV.

    Parameters
    ----------
    rows
        The table, already in the order it is to be read.
    name, heading, subtitle, lang
        Name of file and anchor; the finding; the grey line; the language.
    columns
        Which columns stand on the page, in order; all by default. The first heads its row.
    strong, accent, minor
        Columns set bold; set in the colour of what needs action; left out on a phone.
    limit
        How many rows stand on the page.
    empty
        What to say where there are no rows.

    Raises
    ------
    UnknownNameError
        A column is not in the table.

    Examples
    --------
    >>> calls = pd.DataFrame({"customer_name": ["Harbour Foods", "Beichen"]})
    >>> shown = table(calls, name="calls", heading="Call these first", limit=1)
    >>> shown.content["table"]["rows"], shown.content["table"]["note"]
    ([['Harbour Foods']], '1 of 2 rows shown.')
    """
    file_name(name)
    content = {
        "id": name,
        "heading": heading,
        "subtitle": subtitle,
        "empty": empty if empty is not None else labels.text("report.empty_table", lang),
        "table": _laid_out(
            rows,
            name=name,
            lang=lang,
            columns=columns,
            limit=limit,
            strong=strong,
            accent=accent,
            minor=minor,
        ),
    }
    return Block("table", content, lang, tables={name: rows})


def ledger(
    ledgers: Mapping[str, Any],
    *,
    name: str = "ledger",
    lang: labels.Lang = "en",
    rejects_limit: int = 20,
) -> Block:
    """Show what came in: rows read, kept and rejected of each source, rejects with their reasons.

    Parameters
    ----------
    ledgers
        The ``Ledger`` of each table, by the table's name.
    name, lang
        Anchor and name of the CSV files; language.
    rejects_limit
        How many rejected rows stand on the page; the CSV has all.
    """
    file_name(name)
    sources, kept = [], {}
    for table_name, found in ledgers.items():
        summary = found.summary()
        file_name(f"{name}_{table_name}")
        kept[f"{name}_{table_name}"] = summary
        source = {
            "name": labels.text(f"report.table.{table_name}", lang)
            if labels.has(f"report.table.{table_name}")
            else table_name,
            "sentence": findings.sentence(found, lang=lang) + ("。" if lang == "zh" else "."),
            "table": _laid_out(
                summary[summary["check"].isin(_ALWAYS) | (summary["rows"] > 0)],
                name=f"{name}_{table_name}",
                lang=lang,
                columns=None,
                limit=None,
            ),
            "rejects": None,
        }
        if len(found.rejects):
            rejects = f"{name}_{table_name}_rejects"
            kept[rejects] = found.rejects_in_words(lang)
            source["rejects"] = _laid_out(
                kept[rejects], name=rejects, lang=lang, columns=None, limit=rejects_limit
            )
        sources.append(source)
    content = {
        "id": name,
        "heading": labels.text("report.ledger.heading", lang),
        "subtitle": labels.text("report.ledger.subtitle", lang),
        "sources": sources,
    }
    return Block("ledger", content, lang, tables=kept)
