"""Any number opens its list: a mark counts as many rows as the list behind it holds."""

import pytest
from figure_tables import company
from opened_lists import OPENED, UNLISTED

from workbench import churn, exhibits, tables
from workbench.words import LANGUAGES, Lang, Words


@pytest.mark.parametrize("name", OPENED)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mark_counts_as_many_rows_as_its_list_holds(name: str, lang: Lang) -> None:
    words = Words(lang)
    shown, lists = OPENED[name]()
    figure = shown.figure(words)
    assert figure is not None
    told = figure.layout.meta["opens"]
    assert {one.scope for one in lists} == set(told["lists"])
    assert told["marks"]
    for mark in told["marks"]:
        rows = [one.whole(words)[[*one.look.codes]] for one in lists]
        counts = [int(tables.belonging(table, mark["key"]).sum()) for table in rows]
        is_unlisted = name in UNLISTED and UNLISTED[name](mark["key"])
        assert sum(counts) == (0 if is_unlisted else mark["n"]), (mark, counts)
        assert max(counts) == sum(counts), "the rows of a mark stand in one list"


@pytest.mark.parametrize("name", OPENED)
def test_a_mark_names_the_point_that_is_drawn(name: str) -> None:
    figure = OPENED[name]()[0].figure(Words())
    assert figure is not None
    drawn = 0
    for mark in figure.layout.meta["opens"]["marks"]:
        curve, *place = mark["at"]
        trace = figure.data[curve]
        if trace.type == "heatmap":
            row, column = place
            carried = trace.customdata[row][column]
            assert mark["n"] == (carried[0] if isinstance(carried, list | tuple) else carried)
        elif trace.customdata is not None:
            assert mark["n"] == trace.customdata[place[0]]
        else:
            assert mark["n"] == (trace.x if trace.orientation == "h" else trace.y)[place[0]]
        drawn += mark["n"]
    assert drawn


def test_whose_owner_nobody_knows_has_a_list_too() -> None:
    rows = tables.belonging(
        exhibits.churn.calls(churn.call_list(company()["warnings"][1], warning="churn_risk")).whole(
            Words()
        ),
        {"owner_id": None, "warning": "churn_risk"},
    )
    assert rows.all()
    assert len(rows)
