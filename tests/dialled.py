"""A small company's dials, as the monthly report turns them, and a page of them in a language."""

import functools
from pathlib import Path
from typing import Any

import pandas as pd
from figure_tables import company
from opened_lists import OPENED
from report_books import cells_of

from workbench import blocks, churn, purchases, rfm, samples
from workbench.people import People
from workbench.reports import html, whatif
from workbench.words import Lang, Words

BANDS = {"due_from": 0.8, "risk_from": 1.2, "lost_from": 3.0}
COLUMNS = ["customer_name", "owner_name", "reason", "value_at_stake"]


@functools.cache
def histories() -> list[pd.DataFrame]:
    """Of the whole book, and of its last year."""
    orders = samples.company(customers=200, seed=11)["orders"]
    return [purchases.history(orders, as_of="2026-10-31", window=days) for days in (None, 365)]


def named() -> dict[str, Any]:
    return dict(company()["named"])


@functools.cache
def risk() -> whatif.Dial:
    warnings = churn.warn(histories()[0], **BANDS)
    calls = churn.call_list(warnings, warning=churn.CALLS, **named())
    return whatif.risk_from(warnings, calls, bands=BANDS, columns=COLUMNS, rows=8)


@functools.cache
def high() -> whatif.Dial:
    measures = rfm.measure(histories()[1])
    return whatif.high_from(measures, rfm.cuts(measures), people=People(**named()), rows=8)


def page(folder: Path, lang: Lang) -> Path:
    """Every exhibit that opens a list, beside its lists, and both dials."""
    words = Words(lang, "CNY")
    shown = [*risk().blocks(words), *high().blocks(words)]
    lists: dict[tuple[str, int], Any] = {}
    for name, of in OPENED.items():
        opens, behind = of()
        shown.append(opens.laid(name=f"own_{name.replace('.', '_')}").block(words))
        lists |= {(one.scope, len(one.whole(words))): one for one in behind}
    # two lists of one kind stand on the page: a dial's, and another of more customers
    shown += [
        one.laid(rows=8, name=f"list_{n}").block(words) for n, one in enumerate(lists.values())
    ]
    shown.insert(0, card(words))
    notebook = {"cells": [cell for block in shown for cell in cells_of(block)]}
    path = folder / f"{lang}.html"
    path.write_text(html.report(notebook, words, name="", footer="",
                                colophon={"notebook": "", "lines": []}), "utf-8")  # fmt: skip
    return path


def card(words: Words) -> blocks.Block:
    """One number that opens its list, one whose list holds another number."""
    late = len(risk().at(1.2)[0].whole(words))
    month = pd.DataFrame(
        {"period": ["2026-10"], "churn_risk": [late], "active_customers": [late + 1]}
    )
    return blocks.cards(
        month,
        [blocks.Card("churn_risk", opens=("churn.calls", {})),
         blocks.Card("active_customers", opens=("churn.calls", {}))],
        words=words,
    )  # fmt: skip
