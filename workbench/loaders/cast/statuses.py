"""Is an order a sale that is called so? The words stand in ``statuses.csv``, for anyone to add to."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

import duckdb

from workbench.load_options import LoadOptions
from workbench.loaders.cast import headers, lists
from workbench.loaders.cast.mapping import Resolved
from workbench.loaders.cast.texts import folded
from workbench.loaders.open.sql import literal

#: The columns that say whether a row is a sale.
COLUMNS = ("status", "direction")


def means_in(
    connection: duckdb.DuckDBPyConnection,
    column: str,
    value: str,
    resolved: Resolved,
    options: LoadOptions,
) -> dict[str, str]:
    """What does each word that stands in the staged rows mean? As ``means`` says."""
    rows = connection.execute(
        f"SELECT DISTINCT {value} FROM staged WHERE {value} IS NOT NULL ORDER BY 1"
    ).fetchall()
    return means(column, [word for (word,) in rows], resolved.sources[column], resolved, options)


def meaning(value: str, meant: Mapping[str, str]) -> str:
    """Write what the word in a column means, as SQL; nothing where no word stands."""
    whens = "".join(
        f" WHEN {literal(word)} THEN {literal(means)}"
        for word, means in meant.items()
        if means != "unknown"
    )
    known = f"CASE {value}{whens} ELSE 'unknown' END" if whens else "'unknown'"
    return f"(CASE WHEN {value} IS NOT NULL THEN {known} END)"


def means(
    column: str, words: Sequence[str], header: str, resolved: Resolved, options: LoadOptions
) -> dict[str, str]:
    """What does each word of a status column mean: sale, no_sale, open (asked) or unknown?"""
    listed = _words(column)
    stated = dict.fromkeys(map(folded, options.no_sale_status or ()), "no_sale")
    stated |= dict.fromkeys(map(folded, options.sale_status or ()), "sale")
    found = {word: stated.get(folded(word)) or _looked_up(word, listed) for word in words}
    is_vague = headers.plain(header) in ("type", "kind", "类型", "state")
    if is_vague and not {*found.values()} - {"unknown"}:
        # a column called Type may be anything: of which no word is known, it says nothing
        return {}
    kind = resolved.layout.kind
    is_stage = "stage" in header.casefold() or "阶段" in header
    if column == "status" and (is_stage or kind == "stages" or {"won", "lost"} & {*found.values()}):
        won = {"won": "sale", "sale": "sale" if kind != "stages" and not is_stage else "no_sale"}
        return {
            word: stated.get(folded(word)) or won.get(meant, "no_sale")
            for word, meant in found.items()
        }
    is_invoice = kind == "invoices" or (
        not kind and headers.any_of("orders", "invoices", resolved.headers)
    )
    becomes = "no_sale" if kind == "shop" else "sale" if is_invoice else "open"
    return {word: becomes if meant == "open" else meant for word, meant in found.items()}


@cache
def _words(column: str) -> dict[str, str]:
    rows = lists.rows("statuses.csv")
    return {folded(row["word"]): row["means"] for row in rows if row["column"] == column}


def _looked_up(word: str, listed: Mapping[str, str]) -> str:
    whole = folded(word)
    shorter = re.sub(r"[(\[【][^)\]】]*[)\]】]", "", whole.removeprefix("wc ")).strip()
    return listed.get(whole) or listed.get(shorter) or "unknown"
