"""Blocks: what a notebook shows, as data that no name can turn into markup."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from report_books import HOSTILE

from workbench import blocks, errors, loaders, words
from workbench.blocks import exhibited, layout
from workbench.blocks.block import TABLES_FOLDER
from workbench.reports import html
from workbench.words import Words

CALLS = pd.DataFrame(
    {"customer_name": list(HOSTILE[:3]), "value_at_stake": [12_400.4, 9_860.0, None]}
)
MONTHS = pd.DataFrame(
    {
        "period": ["2025-10", "2026-09", "2026-10"],
        "revenue": [0.0, 1_245_000.0, 1_284_311.0],
        "repurchase_rate_90d": [None, 0.454, 0.462],
        "churn_risk": [203, 203, 263],
    }
)


def output(block: blocks.Block) -> dict[str, object]:
    data = block._repr_mimebundle_()
    return {"cells": [{"outputs": [{"data": json.loads(json.dumps(data))}]}]}


def figure() -> go.Figure:
    drawn = go.Figure(go.Bar(x=["Mon"], y=[3]))
    drawn.update_layout(title="Calls", height=300, meta={"alt": "Busy.", "subtitle": "per day"})
    return drawn


def test_a_block_is_readable_in_jupyterlab_and_laid_out_in_the_report() -> None:
    shown = blocks.table(CALLS, name="calls", heading="Call these")._repr_mimebundle_()
    assert set(shown) == {blocks.MIMETYPE, "text/html", "text/plain"}
    drawn = blocks.figure(figure(), CALLS, name="f", finding="Busy", meaning="Call.")
    assert blocks.FIGURE_MIMETYPE in drawn._repr_mimebundle_()


def test_a_table_shows_words_and_no_index() -> None:
    table = blocks.table(CALLS, name="calls", heading="Call these", limit=2).content["table"]
    assert [column["label"] for column in table["columns"]] == ["Customer", "At stake"]
    assert [column["number"] for column in table["columns"]] == [False, True]
    assert table["rows"] == [[HOSTILE[0], "12,400"], [HOSTILE[1], "9,860"], [HOSTILE[2], "–"]]
    assert (table["first"], table["note"]) == (2, "2 of 3 rows shown.")


def test_a_missing_value_is_a_dash() -> None:
    assert blocks.table(CALLS, name="c", heading="h").content["table"]["rows"][2][1] == "–"


def test_an_empty_table_says_so() -> None:
    page = layout.fragment(
        blocks.table(CALLS.head(0), name="c", heading="h")._repr_mimebundle_()[blocks.MIMETYPE]
    )
    assert "Nothing to list." in page


def test_a_column_that_is_not_there_is_refused_with_the_likely_one() -> None:
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'customer_name'"):
        blocks.table(CALLS, name="calls", heading="h", columns=["customer_nam"])
    with pytest.raises(errors.UnknownNameError, match="called 'turnover'"):
        blocks.cards(MONTHS, [blocks.Card("turnover")])


@pytest.mark.parametrize("name", ["../calls", "Calls", "", "calls.csv", "a b"])
def test_a_name_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(errors.ParameterError, match="small letters"):
        blocks.table(CALLS, name=name, heading="h")


def test_tables_are_kept_whole_in_a_report_run_and_not_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = blocks.table(CALLS, name="calls", heading="h", limit=1)
    block._repr_mimebundle_()
    monkeypatch.setenv(TABLES_FOLDER, str(tmp_path))
    block._repr_mimebundle_()
    (kept,) = tmp_path.iterdir()
    assert len(pd.read_csv(kept)) == 3


def test_a_second_table_of_one_name_is_refused_unless_it_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TABLES_FOLDER, str(tmp_path))
    for limit in (1, 2):
        blocks.table(CALLS, name="calls", heading="h", limit=limit)._repr_mimebundle_()
    with pytest.raises(errors.ParameterError, match="called 'calls'") as told:
        blocks.table(CALLS.head(1), name="calls", heading="h")._repr_mimebundle_()
    assert ".laid(name=" in str(told.value)


def test_a_block_speaks_the_language_that_was_last_spoken_and_keeps_it() -> None:
    words.speak("zh", currency="CNY")
    try:
        block = blocks.definitions({"a": "b"})
    finally:
        words.speak()
    assert block.content["heading"] == "名词解释"
    assert block._repr_mimebundle_()[blocks.MIMETYPE]["lang"] == "zh"


def test_cards_say_the_change_its_direction_and_whether_that_is_good() -> None:
    shown = [
        blocks.Card("revenue", unit="money"),
        blocks.Card("repurchase_rate_90d", unit="rate"),
        blocks.Card("churn_risk", good="down"),
    ]
    revenue, rate, risk = blocks.cards(MONTHS, shown).content["cards"]
    assert revenue["changes"][0]["spoken"] == "up 3.2% on September 2026, which is good"
    assert revenue["changes"][1]["amount"] == "1.28\xa0M", "no percentage of nothing"
    assert rate["changes"][0]["amount"] == "0.8 pt"
    assert len(rate["changes"]) == 1, "where there is no figure of last year, nothing is said"
    assert risk["changes"][0]["is_good"] is False
    page = layout.fragment(blocks.cards(MONTHS, shown)._repr_mimebundle_()[blocks.MIMETYPE])
    assert page.count("tone-good") == 3
    assert page.count("tone-bad") == page.count("worse") == 2
    assert page.count("tone-flat") == 0


def test_cards_in_chinese_read_as_chinese() -> None:
    (card,) = blocks.cards(
        MONTHS, [blocks.Card("revenue", unit="money")], words=Words("zh")
    ).content["cards"]
    assert card["value"] == "128万"
    assert card["changes"][0]["against"] == "较2026年9月"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_block_lets_a_name_become_markup(hostile: str) -> None:
    made = [
        blocks.headline(hostile, hostile, kicker=[hostile]),
        blocks.facts(hostile, (hostile, "calls")),
        blocks.table(
            pd.DataFrame({hostile: [hostile]}), name="t", heading=hostile, subtitle=hostile
        ),
        blocks.text(hostile, hostile, name="s", items={hostile: hostile}, points=[hostile]),
        blocks.definitions({hostile: hostile}),
        blocks.figure(figure(), CALLS, name="f", finding=hostile, meaning=hostile),
    ]
    notebook = {"cells": [cell for block in made for cell in output(block)["cells"]]}
    page = html.report(
        notebook,
        Words(),
        name=hostile,
        footer=hostile,
        colophon={"notebook": hostile, "lines": [{"term": hostile, "text": hostile}]},
    )
    for markup in ("<script>document", "<img src=x", "</script><script>document"):
        assert markup not in page


def test_a_bare_plotly_figure_is_not_lost_and_other_output_stays_in_the_notebook() -> None:
    drawn = json.loads(figure().to_json())
    notebook = {
        "cells": [
            {"outputs": [{"data": {blocks.FIGURE_MIMETYPE: drawn}}]},
            {"outputs": [{"data": {"text/html": "<b>a frame</b>"}}, {"text": "printed"}]},
        ]
    }
    (only,) = html.blocks(notebook)
    assert (only["heading"], only["alt"], only["height"]) == ("Calls", "Busy.", 300)


def test_two_blocks_of_one_name_have_anchors_of_their_own() -> None:
    cells = [*output(blocks.definitions({"a": "b"}))["cells"]] * 2
    assert [b["id"] for b in html.blocks({"cells": cells})] == ["definitions", "definitions-2"]


def laid_out(*shown: blocks.Block) -> str:
    return html.report(
        {"cells": [cell for block in shown for cell in output(block)["cells"]]},
        Words(),
        name="Tiny",
        footer="Tiny",
        colophon={"notebook": "tiny.ipynb", "lines": []},
    )


def test_what_follows_a_part_is_folded_and_what_stands_before_it_is_not() -> None:
    page = laid_out(
        blocks.contents(),
        blocks.table(CALLS, name="churn_risk", heading="Call", limit=1),
        blocks.table(CALLS, name="due", heading="Remind", limit=1, fold=True),
        blocks.part("For the analyst", name="more"),
        blocks.text("Said", "Below.", name="said"),
        blocks.figure(figure(), CALLS, name="open", finding="Busy", meaning="", fold=False),
    )
    folded = re.findall(r'<section class="\w+ folded" id="(\w+)"', page)
    assert folded == ["due", "said"]
    assert re.findall(r'<li><a href="#(\w+)">([^<]+)', page) == [
        ("churn_risk", "Calls"), ("more", "For the analyst"),
    ]  # fmt: skip


def test_definitions_are_folded_and_a_ledger_unless_rows_were_rejected(tmp_path: Path) -> None:
    assert blocks.definitions({"a": "b"}).content["fold"]
    rows = "customer_id,ordered_at,amount\na,2026-10-01,1\n"
    ledgers = {}
    for name, text in (("clean", rows), ("dirty", f"{rows}b,soon,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        source = loaders.load(tmp_path / f"{name}.csv", cache=tmp_path / "cache", max_reject_rate=1)
        ledgers[name] = source.ledger
    assert not blocks.ledger(ledgers).content["fold"]
    del ledgers["dirty"]
    assert blocks.ledger(ledgers).content["fold"]


def test_a_list_holds_what_it_is_sorted_and_filtered_by() -> None:
    table = pd.DataFrame(
        {
            "customer_name": ["a", "b", "c"],
            "value_at_stake": [9.0, None, 12_400.4],
            "due_date": pd.to_datetime(["2026-10-02", None, "2026-10-01"]),
            "warning": ["churn_risk", "lost", None],
        }
    )
    columns = ["customer_name", "value_at_stake", "due_date"]
    laid = blocks.table(
        table, name="t", heading="h", columns=columns, codes=["warning"], limit=1
    ).content["table"]
    names, money, dates = laid["keys"]
    assert (names, money) == (None, [9.0, None, 12_400.0])
    assert dates[0] - dates[2] == 24 * 60 * 60
    assert laid["codes"] == {"warning": ["churn_risk", "lost", None]}
    assert laid["csv"].count("\r\n") == 4
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'warning'"):
        blocks.table(table, name="t", heading="h", codes=["warnin"], limit=1)


def test_a_list_too_long_for_a_page_says_how_many_there_are(monkeypatch: Any) -> None:
    monkeypatch.setattr(exhibited, "LIST_ROWS", 2)
    laid = blocks.table(CALLS, name="t", heading="h", limit=1).content["table"]
    assert (len(laid["rows"]), laid["all"], laid["note"]) == (2, 3, "1 of 3 rows shown.")


def test_a_page_without_figures_carries_no_script_at_all() -> None:
    page = html.report(
        output(blocks.headline("Found", "By name.")),
        Words("zh"),
        name="Tiny",
        footer="Tiny",
        colophon={"notebook": "tiny.ipynb", "lines": []},
    )
    assert "script-src 'none'" in unescape(page)
    assert "<script" not in page
    assert '<html lang="zh-Hans">' in page
    assert len(page) < 40_000
