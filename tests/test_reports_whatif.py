"""A dial says at each position what its headless twin says, and none turns without moving anything."""

from typing import Any

import dialled
import pandas as pd
import pytest

from workbench import churn, errors, exhibits, purchases, rfm
from workbench.blocks.exhibited import LIST_ROWS
from workbench.exhibit import Shown
from workbench.people import People
from workbench.reports import html, whatif
from workbench.words import LANGUAGES, Lang, Words


def said(shown: Shown, words: Words) -> list[Any]:
    rows = [
        shown.listed(words),
        *(one for one in shown.options.values() if isinstance(one, pd.DataFrame)),
    ]
    return [shown.sentence(words), shown.subtitle(words), *shown.meaning(words),
            *(table.to_json(orient="records") for table in rows)]  # fmt: skip


def from_scratch(value: float) -> list[Shown]:
    bands = dialled.BANDS | {"risk_from": value}
    warnings = churn.warn(dialled.histories()[0], **bands)
    calls = churn.call_list(warnings, **dialled.named())
    listed = exhibits.churn.calls(calls, risk_from=value, with_money=False)
    bins = churn.ratios(warnings, **bands)
    return [
        listed.laid(columns=dialled.COLUMNS),
        exhibits.churn.ratios(churn.summary(warnings), bins=bins),
    ]


def classed(value: float) -> list[Shown]:
    measures = rfm.measure(dialled.histories()[1])
    segments = rfm.segment(rfm.score(measures, high_from=int(value)))
    points = rfm.cut_points(rfm.cuts(measures, high_from=int(value)))
    people = People(**dialled.named())
    return [exhibits.rfm.segments(rfm.summary(segments), cut_points=points),
            exhibits.rfm.customers(people.named(segments))]  # fmt: skip


@pytest.mark.parametrize(("dial", "twin"), [(dialled.risk, from_scratch), (dialled.high, classed)])
def test_a_dial_says_what_the_answers_say_that_are_asked_anew(dial: Any, twin: Any) -> None:
    words = Words("en")
    assert dial().moves
    for value in dial().values:
        for one, other in zip(dial().at(value), twin(value), strict=True):
            assert said(one, words) == said(other, words)


@pytest.mark.parametrize("dial", [dialled.risk, dialled.high])
def test_what_a_page_holds_for_a_position_is_what_the_twin_says(dial: Any) -> None:
    words = Words("en", "CNY")
    for place, block in enumerate(dial().blocks(words)):
        held = block.content["whatif"]
        every = [tuple(row) for row in block.content["table"]["rows"]]
        for value, piece in zip(dial().values, held["pieces"], strict=True):
            shown = dial().at(value)[place]
            if "rows" in piece:
                alone = shown.laid(rows=LIST_ROWS).block(words)
                rows = [tuple(row) for row in alone.content["table"]["rows"]]
                assert [every[row] for row in piece["rows"]] == rows
                assert piece["n"] == len(rows)
            elif value in (dial().values[0], dial().value):
                alone = shown.block(words)
                assert piece["cells"] == alone.content["table"]["rows"]
                assert piece["figure"] == alone.figure
                assert piece["meaning"] == shown.meaning(words)
            assert (piece["heading"], piece["subtitle"]) == (
                shown.sentence(words), shown.subtitle(words)
            )  # fmt: skip
        if "rows" in held["pieces"][0]:
            assert {row for piece in held["pieces"] for row in piece["rows"]} == set(
                range(len(every))
            )


def test_a_row_that_several_positions_list_is_stored_once_and_the_file_holds_the_set_list() -> None:
    block = dialled.risk().blocks(Words("en", "CNY"))[0]
    listed = dialled.risk().at(1.2)[0].whole(Words())
    every = block.content["table"]["rows"]
    assert len(every) == len(set(map(tuple, every)))
    assert len(every) > len(listed)
    assert len(block.tables["churn_risk"]) == len(listed)
    assert len(block.content["table"]["codes"]["ratio"]) == len(every)


def test_both_dials_take_a_few_kilobytes_of_a_page() -> None:
    made = [*dialled.risk().blocks(Words("en", "CNY")), *dialled.high().blocks(Words())]
    held = {block.content["id"]: block.content["whatif"] for block in made}
    assert len(html.packed(held)) < 40_000


def test_a_dial_offers_the_positions_nearest_to_the_set_one() -> None:
    assert whatif.steps(1.25, above=0.8, below=1.5) == [0.85, 0.95, 1.05, 1.15, 1.25, 1.35, 1.45]
    far = whatif.steps(1.2, above=0.8, below=10)
    assert (len(far), far[0], 1.2 in far) == (whatif.POSITIONS, 0.9, True)
    assert dialled.high().values == range(2, 6)


def one_customer() -> whatif.Dial:
    orders = pd.DataFrame({"customer_id": "a", "amount": 9.0,
                           "ordered_at": pd.to_datetime(["2026-06-01", "2026-07-01", "2026-08-01"])})  # fmt: skip
    warnings = churn.warn(purchases.history(orders, as_of="2026-08-10"))
    calls = churn.call_list(warnings, warning=churn.CALLS)
    return whatif.risk_from(warnings, calls, bands=dialled.BANDS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dial_that_moves_nobody_is_a_stated_result_and_no_dial(lang: Lang) -> None:
    words = Words(lang)
    first, second = one_customer().blocks(words)
    assert first.content["whatif"] == {
        "stated": words("whatif.risk_from.same", low=0.9, high=2.8, value=1.2)
    }
    assert "whatif" not in second.content
    laid_out = html.report({"cells": dialled.cells_of(first)}, words, name="", footer="",
                           colophon={"notebook": "", "lines": []})  # fmt: skip
    assert 'type="range"' not in laid_out.partition("<script")[0]
    assert str(first.content["whatif"]["stated"]) in laid_out


def test_where_no_score_counts_as_high_it_is_said_that_there_is_none_to_move() -> None:
    measures = rfm.measure(dialled.histories()[1])
    dial = whatif.high_from(measures, rfm.cuts(measures, method="mean"))
    figure, listed = dial.blocks(Words())
    assert figure.content["whatif"] == {"stated": Words()("whatif.high_from.none")}
    assert "whatif" not in listed.content
    summary = rfm.summary(rfm.segment(rfm.score(measures, method="mean")))
    assert figure.content["heading"] == exhibits.rfm.segments(summary).sentence(Words())


def test_a_dial_with_too_many_positions_or_set_beside_them_is_refused() -> None:
    for values in ([1.0], [n / 10 for n in range(1, 30)]):
        with pytest.raises(errors.ParameterError, match=r"is set to 1\.2 and has"):
            whatif.Dial("risk_from", 1.2, values, dialled.risk().at)


def test_lists_whose_rows_change_places_are_refused() -> None:
    rows = pd.DataFrame({"customer_id": ["a", "b"]})
    with pytest.raises(errors.ParameterError, match="change their order"):
        whatif._together([rows, rows.iloc[::-1]])
    whole, places = whatif._together([rows.iloc[[1]], rows, rows.iloc[[0]], rows.iloc[:0]])
    assert whole["customer_id"].tolist() == ["a", "b"]
    assert places == [[1], [0, 1], [0], []]


def test_an_owners_dial_holds_that_owners_customers_alone() -> None:
    people = People(**dialled.named())
    owner = next(iter(people.owner_names()))
    measures = rfm.measure(dialled.histories()[1])
    dial = whatif.high_from(measures, rfm.cuts(measures), people=people, owner=owner)
    theirs = set(people.of(measures, owner)["customer_id"])
    for value in dial.values:
        assert set(dial.at(value)[1].whole(Words())["customer_id"]) == theirs
