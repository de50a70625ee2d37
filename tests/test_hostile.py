"""Hostile text is inert in every output, and whole in the data.

An output that shows names is one line in ``MARKUP``, ``SHEETS`` or ``PLAIN`` below. Markup is judged
by its structure: whatever the name, a page has the same elements with the same attributes.
"""

import csv as csv_files
import io
import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hostile_texts import TEXTS
from report_books import cells_of, every_block, packed_data

from workbench import churn, config, exhibits, loaders, purchases, tables, widgets
from workbench.cli import terminal
from workbench.panel import upload
from workbench.people import People
from workbench.reports import html, publish
from workbench.words import Words

pytestmark = pytest.mark.many

PLAIN_NAME = "Harbour Foods"
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
every_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
# Of blanks alone nothing is left: no id, and no name of a column.
every_name = pytest.mark.parametrize(
    "text",
    [text for text in TEXTS.values() if text.strip()],
    ids=[k for k in TEXTS if TEXTS[k].strip()],
)


def named(text: str) -> pd.DataFrame:
    return pd.DataFrame({"customer_name": [text, PLAIN_NAME], "value_at_stake": [5.0, 7.0]})


def orders(ids: list[str]) -> pd.DataFrame:
    days = pd.to_datetime(["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"])
    return pd.DataFrame(
        [(who, day, 9.0) for who in ids for day in days],
        columns=["customer_id", "ordered_at", "amount"],
    )


def panel(names: list[str]) -> Any:
    """A panel in which customers and owners are called so."""
    ids = [f"c{place:03}" for place in range(len(names))]
    return widgets.repurchase(
        purchases.history(orders(ids), as_of="2026-10-31"),
        people=People(
            pd.DataFrame({"customer_id": ids, "customer_name": names, "owner_id": ids}),
            pd.DataFrame({"owner_id": ids, "owner_name": names}),
        ),
    )


def in_panels(names: list[str]) -> str:
    def values(widget: Any) -> list[str]:
        own = getattr(widget, "value", "") if type(widget).__name__ in ("HTML", "Listing") else ""
        parts = [one for part in getattr(widget, "children", ()) for one in values(part)]
        return [str(own), *parts]

    # as many at a time as a panel shows
    shown = [panel(names[start : start + 20]) for start in range(0, len(names), 20)]
    return "\n".join(text for one in shown for text in values(one.widget))


def in_report(text: str) -> str:
    return html.report(
        {"cells": [cell for block in every_block(text) for cell in cells_of(block)]},
        Words(),
        name=text,
        footer=text,
        colophon={"notebook": text, "lines": [{"term": text, "text": text}]},
    )


def in_index(text: str) -> str:
    row = {"report": text, "period": text, "owner": text, "edition": text, "lang": "en"}
    row |= {"finding": text, "href": "x", "made": text, "status": text, "failed": "y"}
    return html.page(
        "index",
        Words(),
        title=text,
        footer=text,
        shelves=[
            {
                "words": Words(),
                "lang": "en",
                "lede": text,
                "groups": [
                    {
                        "name": text,
                        "rows": [row],
                        "period": text,
                        "figures": [{"name": text, "value": text, "recent": [1.0, 2.0]}],
                    }
                ],
            }
        ],
    )


def each(output: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda names: "\n".join(output(name) for name in names)


MARKUP: dict[str, Callable[[list[str]], str]] = {
    "table": each(lambda text: tables.html(named(text), caption=text)),
    "table with such a column": each(lambda text: tables.html(pd.DataFrame({text: [text]}))),
    "notebook table": each(lambda text: tables.shown(named(text))._repr_html_()),
    "panel": in_panels,
    "report": each(in_report),
    "index": each(in_index),
}


class Structure(HTMLParser):
    """The elements of a page with their attributes' names, and the texts between them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def structure(page: str) -> tuple[Any, Any]:
    parser = Structure()
    parser.feed(page)
    parser.close()
    return parser.elements, parser.others


@pytest.mark.parametrize("output", MARKUP)
@pytest.mark.slow
def test_no_text_changes_the_structure_of_a_page(output: str) -> None:
    page = MARKUP[output](list(TEXTS.values()))
    assert structure(page) == structure(MARKUP[output]([PLAIN_NAME] * len(TEXTS)))


def test_the_check_would_see_markup_that_is_alive() -> None:
    alive = [
        text for text in TEXTS.values() if structure(f"<p>{text}</p>") != structure("<p>x</p>")
    ]
    assert len(alive) >= 30


# Spreadsheets


def rejects_file(text: str) -> bytes:
    ledger = loaders.Ledger(
        "s", "orders", "csv", "", rows_read=1, rows_kept=0, rows_rejected=1,
        rejects=pd.DataFrame({"line_number": [2], "column": ["amount"], "value": [text],
                              "reason": ["not_a_number"]}),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        return ledger.write_rejects(Path(folder) / "rejects.csv").read_bytes()


SHEETS: dict[str, Callable[[str], bytes]] = {
    "table": lambda text: tables.csv(named(text)),
    "table with such a column": lambda text: tables.csv(pd.DataFrame({text: [text]})),
    "rejects": rejects_file,
}


@pytest.mark.parametrize("output", SHEETS)
@every_text
def test_no_text_is_a_formula_or_breaks_a_row_of_a_csv(text: str, output: str) -> None:
    rows = list(csv_files.reader(io.StringIO(SHEETS[output](text).decode("utf-8-sig"), newline="")))
    plain = SHEETS[output](PLAIN_NAME).decode("utf-8-sig")
    assert [len(row) for row in rows] == [
        len(row) for row in csv_files.reader(io.StringIO(plain, newline=""))
    ]
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)]


@every_text
def test_no_text_is_a_formula_in_a_workbook(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(tables.excel(named(text), name=text)))
    sheet = book.active
    assert sheet is not None
    assert (sheet.max_row, sheet.max_column) == (3, 2)
    assert sheet["A2"].data_type in ("s", "n"), "a text, or nothing where nothing is left"
    assert sheet["A2"].hyperlink is None


# Everything else


def saved_and_read(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        table = config.TableSettings(source="x.csv", columns={"customer_id": text})
        config.save_table(folder, "orders", table)
        return config.load(Path(folder)).table("orders").columns["customer_id"]


WHOLE: dict[str, Callable[[str], str]] = {
    "query": lambda text: purchases.history(orders([text]), as_of="2026-10-31")["customer_id"][0],
    "settings": saved_and_read,
    "call list": lambda text: churn.call_list(
        churn.warn(purchases.history(orders([text]), as_of="2026-10-31")),
        customers=pd.DataFrame({"customer_id": [text], "customer_name": [text]}),
    )["customer_name"][0],
    "page as JSON": lambda text: packed_data(f'id="page-data">{html.packed({"name": text})}<')[
        "name"
    ],
    "label": lambda text: Words()("proposal.first", value=text).partition(" value ")[2],
}


@pytest.mark.parametrize("output", WHOLE)
@every_name
def test_the_text_is_whole_in_the_data(text: str, output: str) -> None:
    assert WHOLE[output](text) == text


@every_text
def test_no_text_ends_the_script_that_holds_a_page_s_data(text: str) -> None:
    assert "<" not in html.packed({"name": text})


@every_text
def test_no_text_steers_a_terminal(text: str) -> None:
    assert terminal.inert(text).isprintable()


@every_text
def test_no_text_leads_a_file_elsewhere(text: str, tmp_path: Path) -> None:
    for path in (
        tmp_path / upload.safe_name(text),
        publish.target(tmp_path, "calls", period="2026-10", lang="en", owner=text[:80]),
    ):
        assert path.resolve().is_relative_to(tmp_path.resolve())
        assert path.resolve() != tmp_path.resolve()
        assert not {"..", "."} & set(path.relative_to(tmp_path).parts)


@every_text
def test_no_name_turns_the_sentence_around_it(text: str) -> None:
    as_of = pd.to_datetime(["2026-09-30"])
    before = pd.DataFrame(
        {"customer_id": [text], "as_of": as_of, "warning": ["not_due"], "value_at_stake": [1.0]}
    )
    changes = churn.changes(before, before.assign(warning="churn_risk"))
    (said,) = exhibits.churn.news(changes.assign(customer_name=text), Words())
    # An isolate ends all that was opened inside it.
    depth = 0
    for sign in said:
        depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
        assert depth >= 0
        assert depth or sign not in "\u202a\u202b\u202d\u202e"
    assert depth == 0
