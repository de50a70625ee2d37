"""A click on a mark of a panel's figure lists what the mark counts, and a chip says so."""

from typing import Any

import pytest
from dialled import histories, named
from figure_tables import company

from workbench import errors, samples, widgets
from workbench.people import People
from workbench.words import LANGUAGES, Lang, Words


def marks(panel: Any) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = panel.figure.layout.meta["opens"]["marks"]
    return told


def rfm_panel(lang: Lang = "en") -> Any:
    orders = samples.company(customers=200, seed=11)["orders"]
    return widgets.rfm(orders, as_of="2026-10-31", people=People(**named()), words=Words(lang))


@pytest.mark.parametrize("view", ["segments", "grid"])
def test_every_mark_of_the_classes_lists_as_many_customers_as_it_counts(view: str) -> None:
    panel = rfm_panel().set(view=view)
    everybody = len(panel.listed)
    assert sum(mark["n"] for mark in marks(panel)) == everybody
    for mark in marks(panel):
        panel.open(mark["at"])
        assert len(panel.listed) == len(panel.actions) == mark["n"]
    assert len(panel.open().listed) == everybody


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chip_says_what_is_listed_and_takes_it_away(lang: Lang) -> None:
    panel = rfm_panel(lang)
    mark = marks(panel)[0]
    panel._pointed(None, {"at": mark["at"]}, [])
    chip = panel._page.chip
    assert (chip.description, chip.layout.display) == (f"{mark['label']} ✕", None)
    assert chip.tooltip == Words(lang)("list.clear", label=mark["label"])
    chip.click()
    assert chip.layout.display == "none"
    assert len(panel.listed) > mark["n"]


def test_what_moves_lists_everybody_again_and_a_file_holds_what_is_listed() -> None:
    panel = rfm_panel()
    mark = marks(panel)[0]
    panel.open(mark["at"])
    assert len(panel.file("csv")[1].decode("utf-8-sig").splitlines()) == 1 + mark["n"]
    panel.set(high_from=3)
    assert panel._page.chip.layout.display == "none"
    assert len(panel.listed) == sum(mark["n"] for mark in marks(panel))


def test_a_mark_opens_only_the_list_that_holds_what_it_counts() -> None:
    panel = widgets.repurchase(histories()[0], people=People(**named()), words=Words())
    for view in ("ratios", "workload"):
        panel.set(view=view)
        late = [mark for mark in marks(panel) if mark["key"]["warning"] == "churn_risk"]
        others = [mark for mark in marks(panel) if mark not in late]
        assert late
        assert others
        for mark in late:
            assert len(panel.open(mark["at"]).listed) == mark["n"]
        listed = len(panel.open().listed)
        with pytest.raises(errors.ParameterError, match="does not hold what the mark"):
            panel.open(others[0]["at"])
        panel._pointed(None, {"at": others[0]["at"]}, [])
        assert len(panel.listed) == listed == len(panel.actions)


def test_a_figure_without_such_marks_opens_nothing() -> None:
    panel = widgets.retention(
        samples.company(customers=200, seed=11)["orders"], as_of="2026-10-31",
        people=People(company()["named"]["customers"]), words=Words(),
    )  # fmt: skip
    with pytest.raises(errors.ParameterError, match="does not hold what the mark"):
        panel.open([0, 0])
