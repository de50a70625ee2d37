"""The panel's mechanism, on toy answers: what every panel can rely on."""

import asyncio
import gzip
import html
import io
import json
from typing import Any

import openpyxl
import pandas as pd
import pytest
import toy_panel
from toy_panel import HOSTILE, rows_of, toy, toy_of_a_day

from workbench import errors, words
from workbench import panel as panels
from workbench.panel import Choice, Day, Panel, Slider, Toggle
from workbench.words import Words


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The n the answer was asked for, time by time."""
    times: list[int] = []

    def rows(n: int, share: float) -> pd.DataFrame:
        times.append(n)
        return rows_of(n, share)

    monkeypatch.setattr(toy_panel, "rows_of", rows)
    return times


# Answering


def test_moving_a_control_from_python_moves_everything_at_once() -> None:
    panel = toy().set(n=5, share=0.2)
    assert panel.values == {"view": "ratios", "n": 5, "share": 0.2}
    assert panel.table["share"].tolist() == [0.2] * 5
    assert panel.actions is not None
    assert len(panel.actions) == 2
    assert list(panel.figure.data[0].y) == [0.2] * 5
    assert panel.sentence == "5 customers"


def test_a_slider_and_its_number_box_are_one_control() -> None:
    panel = toy()
    slider, box = panel.inputs["n"]
    slider.value = 7
    assert (box.value, len(panel.table)) == (7, 7)
    box.value = 9
    assert (slider.value, len(panel.table)) == (9, 9)


def test_a_number_that_a_slider_counted_up_is_the_number_meant() -> None:
    panel = toy()
    panel.inputs["share"][0].value = 0.1 + 0.2
    assert panel.values["share"] == 0.3


def test_the_answer_is_asked_again_only_when_one_of_its_values_moves(asked: list[int]) -> None:
    panel = toy()
    panel.set(view="workload").set(lang="zh")
    assert asked == [3]
    panel.set(n=4)
    assert asked == [3, 4]


def test_what_was_asked_before_is_kept_for_as_many_settings_as_are_stated(asked: list[int]) -> None:
    toy().set(n=4).set(n=3).set(n=4)
    assert asked == [3, 4]
    asked.clear()
    toy(kept=1).set(n=4).set(n=3)
    assert asked == [3, 4, 3]


def test_the_language_changes_without_any_function_being_asked(asked: list[int]) -> None:
    panel = toy()
    table, listed = panel.table, panel.actions
    assert panel.set(lang="zh").sentence == "3位客户"
    assert panel.table is table
    assert panel.actions is listed
    assert asked == [3]


def test_it_speaks_as_it_was_opened_whatever_is_spoken_after() -> None:
    words.speak("zh")
    try:
        panel = toy()
        english = toy(words=Words("en"))
    finally:
        words.speak()
    assert panel.set(n=4).sentence == "4位客户"
    assert panel.set(lang="en").sentence == "4 customers"
    assert english.sentence == "3 customers"


def test_the_cost_is_told_against_the_opening_and_only_while_something_differs() -> None:
    panel = toy()
    assert panel.cost == ""
    assert panel.set(n=5).cost == "Customers 3 → 5: +2"
    assert panel.set(n=6, share=0.7).cost == "Customers 3 → 6 and Share 0.5 → 0.7: +3"
    assert panel.set(lang="zh").cost.startswith("客户数 3 → 6")
    assert panel.set(view="workload", n=3, share=0.5).cost == ""


def test_the_list_is_shown_in_the_columns_of_its_exhibit_and_downloaded_whole() -> None:
    panel = toy()
    assert [*panel.listed] == ["customer_id"]
    assert panel.actions is not None
    assert [*panel.actions] == ["customer_id", "share"]
    assert [*pd.read_csv(io.BytesIO(panel.file("csv")[1]))] == ["Customer ID", "Share"]
    assert [*toy(lists=None).listed] == ["customer_id", "share"]


def test_a_column_of_little_weight_stays_away_on_a_phone() -> None:
    assert '<th scope="col" class="number minor">Share' in page_text(toy(lists=None), "rows")
    assert '<th scope="col">Customer ID' in page_text(toy(lists=None), "rows")


def test_a_panel_of_one_view_has_nothing_to_choose_and_several_stand_where_it_says() -> None:
    assert [*toy(views=[toy_panel.ratios]).values] == ["n", "share"]
    view = Choice(name="view", value="workload", options=("ratios", "workload"))
    panel = toy(controls=[toy_panel.COUNT, view, toy_panel.SHARE])
    assert panel.values == {"n": 3, "view": "workload", "share": 0.5}
    assert panel.figure.data[0].type == "heatmap"


# Errors


def page_text(panel: Panel, role: str) -> str:
    """What the part of the page with this class says."""
    found: list[str] = []

    def search(widget: Any) -> None:
        if f"workbench-{role}" in getattr(widget, "_dom_classes", ()) and hasattr(widget, "value"):
            found.append(widget.value)
        for child in getattr(widget, "children", ()):
            search(child)

    search(panel.widget)
    return "".join(found)


def test_an_error_is_shown_as_an_alert_above_the_figure_and_raised_in_python() -> None:
    panel = toy()
    with pytest.raises(errors.ParameterError, match="above 40"):
        panel.set(n=41)
    alert = page_text(panel, "alert")
    assert 'role="alert"' in alert
    assert "n is above 40 &lt;b&gt;." in alert
    assert "Use a smaller n." in alert
    assert "last good answer" in alert
    places = [next(iter(part._dom_classes), "") for part in panel.widget.children]
    assert places.index("workbench-message") < places.index("workbench-figure")


def test_an_error_from_the_page_is_kept_and_what_was_good_is_marked_as_old() -> None:
    panel = toy()
    panel.inputs["n"][0].value = 41
    assert isinstance(panel.error, errors.ParameterError)
    assert len(panel.table) == 3
    assert "workbench-stale" in panel.widget._dom_classes
    panel.inputs["n"][0].value = 4
    assert panel.error is None
    assert len(panel.table) == 4
    assert page_text(panel, "alert") == ""
    assert "workbench-stale" not in panel.widget._dom_classes


def test_a_fault_of_the_program_names_its_type_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    panel = toy(words=Words("zh"))
    panel.inputs["n"][0].value = 40
    assert "ZeroDivisionError: division by zero" in page_text(panel, "alert")
    assert "程序的问题" in page_text(panel, "alert")
    assert "ZeroDivisionError" in caplog.text


def test_a_figure_that_fails_is_shown_like_an_answer_that_fails() -> None:
    panel = toy().set(n=13)
    panel.inputs["view"][0].index = 1
    assert "ValueError: &lt;i&gt;no&lt;/i&gt;" in page_text(panel, "alert")


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        ({"n": 51}, errors.ParameterError, "from 0 to 50"),
        ({"n": "3"}, errors.ParameterError, "Give a number"),
        ({"n": True}, errors.ParameterError, "Give a number"),
        ({"view": "ratio"}, errors.ParameterError, "Did you mean 'ratios'"),
        ({"lang": "fr"}, errors.ParameterError, "en, zh"),
        ({"m": 1}, errors.UnknownNameError, "no control called 'm'"),
    ],
)
def test_a_value_no_control_can_take_is_refused_and_moves_nothing(
    values: dict[str, Any], kind: type[Exception], said: str
) -> None:
    panel = toy()
    with pytest.raises(kind, match=said):
        panel.set(**values)
    assert panel.values == {"view": "ratios", "n": 3, "share": 0.5}
    assert panel.error is None


# Waiting


def test_a_control_that_still_moves_is_answered_once(asked: list[int]) -> None:
    panel = toy()

    async def drag() -> None:
        for n in (4, 5, 6):
            panel.inputs["n"][0].value = n
        assert asked == [3]
        await asyncio.sleep(panels.DEBOUNCE_SECONDS * 2)

    asyncio.run(drag())
    assert asked == [3, 6]


def test_reading_a_panel_whose_control_still_moves_gives_the_new_answer() -> None:
    panel = toy()

    async def look() -> int:
        panel.inputs["n"][0].value = 8
        return len(panel.table)

    assert asyncio.run(look()) == 8


def test_the_panel_says_it_is_busy_while_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = toy()
    seen = []

    def rows(n: int, share: float) -> pd.DataFrame:
        seen.append(panel._page.frame.busy)
        return rows_of(n, share)

    monkeypatch.setattr(toy_panel, "rows_of", rows)
    panel.set(n=4)
    assert seen == [True]
    assert panel._page.frame.busy is False


# The page


def test_one_plot_serves_every_view_at_one_height_and_says_what_the_figure_says() -> None:
    panel = toy()
    plot, height = panel._page.plot, panel._page.plot.figure["layout"]["height"]
    for values in ({"n": 12}, {"view": "workload"}, {"view": "ratios", "n": 2}):
        panel.set(**values)
        sent, meant = panel._page.plot.figure, json.loads(panel.figure.to_json())
        assert panel._page.plot is plot
        assert sent["layout"]["height"] == height
        assert sent["data"] == meant["data"]
        assert sent["layout"].get("annotations") == meant["layout"].get("annotations")


def test_plotly_goes_to_the_page_once_for_all_panels() -> None:
    one, other = toy()._page.plot, toy()._page.plot
    assert one.library is other.library
    assert b"Plotly" in gzip.decompress(one.library.packed)
    assert len(one._esm) < 5_000


def test_a_figure_the_page_cannot_draw_is_an_alert() -> None:
    panel = toy()
    panel._pointed(None, {"error": "no <canvas>"}, None)
    assert "no &lt;canvas&gt;" in page_text(panel, "alert")


def test_a_page_that_is_slow_to_hear_of_changes_has_every_name_from_the_start() -> None:
    state = toy(words=Words("zh"))._page.frame.get_state()
    assert state["title"] == "RFM 客户分类"
    assert state["names"]["view"] == "图表"
    assert len(state["buttons"]) == 4


def test_every_word_changes_with_the_language_and_no_value_does() -> None:
    panel = toy().set(n=5, view="workload")
    before = panel.values
    panel.inputs["lang"][0].index = 1
    assert panel.lang == "zh"
    assert panel.values == before
    assert panel._page.frame.title == "RFM 客户分类"
    assert panel._page.frame.names["view"] == "图表"
    assert panel.figure.layout.xaxis.title.text == "zh"
    assert "客户编号" in page_text(panel, "rows")


def test_hostile_text_is_inert_everywhere_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(n: int, share: float) -> pd.DataFrame:
        return pd.DataFrame({"customer_id": [HOSTILE] * n, "share": share})

    monkeypatch.setattr(toy_panel, "rows_of", rows)
    panel = toy(views=[toy_panel.hostile], cost=toy_panel.hostile_cost)
    panel.set(n=4)
    for button in ("show:table", "show:code"):
        panel._clicked(panel._page.frame, {"click": button}, None)
    page = "".join(page_text(panel, role) for role in ("rows", "finding", "alert", "code"))
    assert panel.sentence == panel.cost == HOSTILE
    assert "<img" not in page
    assert "&lt;img" in page_text(panel, "rows")


def test_a_notebook_without_widgets_still_reads_the_finding() -> None:
    bundle = toy()._repr_mimebundle_()
    assert bundle["text/plain"] == "RFM · 3 customers"
    assert "application/vnd.jupyter.widget-view+json" in bundle


# Buttons and files


class Sent:
    """Stands in for the page: keeps what is sent to it."""

    def __init__(self, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[tuple[dict[str, Any], bytes]] = []
        self.panel = panel
        monkeypatch.setattr(
            panel._page.frame, "send", lambda told, buffers: self.files.append((told, buffers[0]))
        )

    def click(self, button: str) -> None:
        self.panel._clicked(self.panel._page.frame, {"click": button}, None)


def test_a_download_hands_over_all_rows_of_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent(toy().set(n=30), monkeypatch)
    sent.click("csv:actions")
    sent.click("excel:table")
    (csv, first), (excel, second) = sent.files
    assert (csv["id"], csv["name"]) == ("csv:actions", "rfm.csv")
    assert len(pd.read_csv(io.BytesIO(first))) == 2
    assert excel["name"] == "rfm_data.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(second)).active
    assert sheet is not None
    assert sheet.max_row == 31


def test_a_download_that_fails_is_shown_as_an_alert() -> None:
    panel = toy()
    panel._clicked(panel._page.frame, {"click": "pdf:table"}, None)
    assert "kind of file" in page_text(panel, "alert")


def test_buttons_show_and_hide_the_data_and_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = toy()
    sent = Sent(panel, monkeypatch)
    assert [b["id"] for b in panel._page.frame.buttons] == [
        "csv:actions", "excel:actions", "show:table", "show:code",
    ]  # fmt: skip
    sent.click("show:code")
    sent.click("show:table")
    assert html.escape(panel.code) in page_text(panel, "code")
    assert page_text(panel, "rows").count("<table") == 2
    assert "csv:table" in [b["id"] for b in panel._page.frame.buttons]
    panel.set(n=4)
    assert "\nn = 4\n" in page_text(panel, "code")
    sent.click("show:code")
    assert page_text(panel, "code") == ""


def test_an_unknown_file_or_table_is_refused() -> None:
    with pytest.raises(errors.UnknownNameError, match="kind of file"):
        toy().file("pdf")
    with pytest.raises(errors.UnknownNameError, match="table of this panel"):
        toy(lists=None).file("csv", of="actions")


# Controls


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"value": 99},
            "n is 99; it has to be at least 0 and at most 9.\nGive a number from 0 to 9",
        ),
        ({"value": "3"}, "n is '3', of type str, not a number"),
        ({"step": 0}, "n: step is 0; it has to be above 0"),
        ({"step": "2"}, "n: step is '2', of type str"),
        ({"low": 10}, "n: low is 10; it has to be at most 9.*\nDeclare it with low up to high"),
        ({"high": None}, "n: high is None"),
    ],
)
def test_a_slider_that_could_not_stand_there_is_refused_when_the_panel_is_made(
    options: dict[str, Any], told: str
) -> None:
    slider: dict[str, Any] = {"name": "n", "value": 3, "low": 0, "high": 9, "step": 1}
    with pytest.raises(errors.ParameterError, match=told):
        toy(controls=[Slider(**slider | options), toy_panel.SHARE])


def test_a_day_is_taken_as_a_date_or_iso_text_within_its_ends() -> None:
    day = Day(
        name="before", value="2026-07-31", first=pd.Timestamp("2026-01-01").date(),
        last=pd.Timestamp("2026-10-31").date(),
    )  # fmt: skip
    assert str(day.checked("2026-02-01")) == "2026-02-01"
    assert str(day.checked(pd.Timestamp("2026-02-01 10:00"))) == "2026-02-01"
    for bad in ("2025-12-31", "soon", None, 5):
        with pytest.raises(errors.ParameterError, match="from 2026-01-01 to 2026-10-31"):
            day.checked(bad)


def test_a_cleared_day_is_an_alert_not_a_crash() -> None:
    panel = toy_of_a_day()
    assert "before = datetime.date(2026, 7, 31)" in panel.code
    panel.inputs["before"][0].value = None
    assert "has to be a day from 1 Jan 2026 to 31 Oct 2026" in page_text(panel, "alert")


def test_all_is_a_choice_of_its_own() -> None:
    owner = Choice(name="owner", value=None, options=(None, "x"), words={"x": "Lin <b>Yue</b>"})
    field = owner.field(Words())
    assert field.inputs[0].options == ("All", "Lin <b>Yue</b>")
    assert field.read() is None
    field.write("x")
    assert field.read() == "x"
    field.relabel(Words("zh"))
    assert field.read() == "x"
    assert field.inputs[0].options[0] == "全部"


def test_a_toggle_takes_only_true_and_false() -> None:
    toggle = Toggle(name="same_cuts", value=False)
    assert toggle.field(Words()).read() is False
    assert toggle.said(True, Words("zh")) == "是"
    with pytest.raises(errors.ParameterError, match="True or False"):
        toggle.checked(1)


def test_a_control_is_called_as_its_panel_calls_it_or_as_all_panels_do() -> None:
    known = {one.name: one for one in toy_panel.NAMED}
    scoped = Words(scope="panel.nurture_effect")
    assert known["view"].title(scoped) == known["view"].title(Words()) == "Figure"
    assert known["view"].said("effect", scoped) == "Rates by group"
    assert known["within_days"].title(scoped) == "Days followed"
