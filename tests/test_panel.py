"""The panel's mechanism, on toy answers: what every panel can rely on."""

import asyncio
import gzip
import html
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import plotly.graph_objects as go
import pytest

from workbench import errors
from workbench import panel as panels
from workbench.panel import Choice, Day, Panel, Slider, Toggle


def toy(answer: Callable[..., pd.DataFrame] | None = None, **more: Any) -> Panel:
    """A panel of n customers, with everything a panel can have."""
    count = Slider(name="n", value=3, low=0, high=50, step=1, label="column.customers")
    share = Slider(name="share", value=0.5, low=0, high=1, step=0.1, label="column.share")
    shape = Choice(
        name="shape", value="bar", options=("bar", "heat"), words={"bar": "B", "heat": "H"},
        label="panel.view",
    )  # fmt: skip

    def rows(n: int, share: float) -> pd.DataFrame:
        if n > 40:
            raise errors.ParameterError("n is above 40 <b>.", mend="Use a smaller n.")
        if n == 40:
            raise ZeroDivisionError("division by zero")
        return pd.DataFrame({"customer_id": [f"c{i}" for i in range(n)], "share": share})

    def figure(table: pd.DataFrame, shape: str, lang: str) -> go.Figure:
        trace = go.Bar(y=table["share"]) if shape == "bar" else go.Heatmap(z=[[len(table)]])
        drawn = go.Figure(trace, layout={"xaxis": {"title": {"text": lang}}})
        if len(table) > 10:
            drawn.add_annotation(text="many", x=0, y=0)
        return drawn.update_layout(meta={"alt": f"{len(table)} customers", "subtitle": "sub"})

    options: dict[str, Any] = {
        "controls": [count, share, shape],
        "answer": answer or rows,
        "figure": figure,
        "actions": lambda table: table.head(2),
        "cost": lambda before, after, step: f"{step}: {len(after) - len(before):+d}",
        "code": "n, share, shape, lang = {n}, {share}, {shape}, {lang}",
    }
    return Panel("panel.rfm", **{**options, **more})


# Answering


def test_moving_a_control_from_python_moves_everything_at_once() -> None:
    panel = toy().set(n=5, share=0.2)
    assert panel.values == {"n": 5, "share": 0.2, "shape": "bar"}
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


def test_the_answer_is_asked_again_only_when_one_of_its_values_moves() -> None:
    asked = []

    def answer(n: int, share: float) -> pd.DataFrame:
        asked.append(n)
        return pd.DataFrame({"customer_id": ["a"] * n, "share": share})

    panel = toy(answer)
    panel.set(shape="heat").set(lang="zh")
    assert asked == [3]
    panel.set(n=4)
    assert asked == [3, 4]


def test_the_cost_is_told_against_the_opening_and_only_while_something_differs() -> None:
    panel = toy()
    assert panel.cost == ""
    assert panel.set(n=5).cost == "Customers 3 → 5: +2"
    assert panel.set(n=6, share=0.7).cost == "Customers 3 → 6 and Share 0.5 → 0.7: +3"
    assert panel.set(shape="heat", n=3, share=0.5).cost == ""


def test_the_code_holds_the_values_as_python() -> None:
    names: dict[str, Any] = {}
    exec(toy().set(n=4, shape="heat", lang="zh").code, names)
    assert (names["n"], names["share"], names["shape"], names["lang"]) == (4, 0.5, "heat", "zh")


# Declaring


def test_a_function_that_asks_for_an_unknown_control_is_refused_when_declared() -> None:
    with pytest.raises(errors.ParameterError, match="asks for 'm', which is no control"):
        toy(lambda m: pd.DataFrame())


def test_a_control_that_nobody_asks_for_is_refused_when_declared() -> None:
    with pytest.raises(errors.ParameterError, match="no function asks for the control 'share'"):
        toy(lambda n: pd.DataFrame({"customer_id": ["a"] * n, "share": 1.0}))


def test_an_answer_that_fails_at_the_opening_values_raises() -> None:
    def answer(n: int, share: float) -> pd.DataFrame:
        raise errors.ParameterError("no.", mend="Mend it.")

    with pytest.raises(errors.ParameterError, match="Mend it"):
        toy(answer)


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
    panel = toy(lang="zh")
    panel.inputs["n"][0].value = 40
    assert "ZeroDivisionError: division by zero" in page_text(panel, "alert")
    assert "程序的问题" in page_text(panel, "alert")
    assert "ZeroDivisionError" in caplog.text


def test_a_figure_that_fails_is_shown_like_an_answer_that_fails() -> None:
    def figure(table: pd.DataFrame, shape: str) -> go.Figure:
        if shape == "heat":
            raise ValueError("<i>no</i>")
        return go.Figure()

    panel = toy(figure=figure)
    panel.inputs["shape"][0].index = 1
    assert "ValueError: &lt;i&gt;no&lt;/i&gt;" in page_text(panel, "alert")


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        ({"n": 51}, errors.ParameterError, "from 0 to 50"),
        ({"n": "3"}, errors.ParameterError, "Give a number"),
        ({"n": True}, errors.ParameterError, "Give a number"),
        ({"shape": "baar"}, errors.ParameterError, "Did you mean 'bar'"),
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
    assert panel.values == {"n": 3, "share": 0.5, "shape": "bar"}
    assert panel.error is None


# Waiting


def test_a_control_that_still_moves_is_answered_once() -> None:
    asked = []

    def answer(n: int, share: float) -> pd.DataFrame:
        asked.append(n)
        return pd.DataFrame({"customer_id": ["a"] * n, "share": share})

    panel = toy(answer)

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


def test_the_panel_says_it_is_busy_while_it_answers() -> None:
    seen = []

    def answer(n: int, share: float) -> pd.DataFrame:
        if made:
            seen.append(made[0]._page.frame.busy)
        return pd.DataFrame({"customer_id": ["a"] * n, "share": share})

    made: list[Panel] = []
    made.append(toy(answer))
    made[0].set(n=4)
    assert seen == [True]
    assert made[0]._page.frame.busy is False


# The page


def test_one_plot_serves_every_view_at_one_height_and_says_what_the_figure_says() -> None:
    panel = toy()
    plot, height = panel._page.plot, panel._page.plot.figure["layout"]["height"]
    for values in ({"n": 12}, {"shape": "heat"}, {"shape": "bar", "n": 2}):
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
    panel._undrawn(None, {"error": "no <canvas>"}, None)
    assert "no &lt;canvas&gt;" in page_text(panel, "alert")


def test_a_page_that_is_slow_to_hear_of_changes_has_every_name_from_the_start() -> None:
    state = toy(lang="zh")._page.frame.get_state()
    assert state["title"] == "RFM 客户分类"
    assert state["names"]["shape"] == "图表"
    assert len(state["buttons"]) == 4


def test_every_word_changes_with_the_language_and_no_value_does() -> None:
    panel = toy().set(n=5, shape="heat")
    before = panel.values
    panel.inputs["lang"][0].index = 1
    assert panel.lang == "zh"
    assert panel.values == before
    assert panel._page.frame.title == "RFM 客户分类"
    assert panel._page.frame.names["shape"] == "图表"
    assert panel.figure.layout.xaxis.title.text == "zh"
    assert "客户编号" in page_text(panel, "rows")


def test_hostile_text_is_inert_everywhere_on_the_page() -> None:
    bad = "<img src=x onerror=alert(1)>"

    def answer(n: int, share: float) -> pd.DataFrame:
        return pd.DataFrame({"customer_id": [bad] * n, "share": share})

    panel = toy(answer, sentence=lambda table: bad, cost=lambda before, after: bad)
    panel.set(n=4)
    for button in ("show:table", "show:code"):
        panel._clicked(panel._page.frame, {"click": button}, None)
    page = "".join(page_text(panel, role) for role in ("rows", "finding", "alert", "code"))
    assert "<img" not in page
    assert html.escape(bad, quote=False) in html.unescape(page_text(panel, "rows")) or (
        "&lt;img" in page_text(panel, "rows")
    )


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
    assert "n, share, shape, lang = 4" in page_text(panel, "code")
    sent.click("show:code")
    assert page_text(panel, "code") == ""


def test_an_unknown_file_or_table_is_refused() -> None:
    with pytest.raises(errors.UnknownNameError, match="kind of file"):
        toy().file("pdf")
    with pytest.raises(errors.UnknownNameError, match="table of this panel"):
        toy(actions=None).file("csv", of="actions")


# Controls


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
    day = {"first": pd.Timestamp("2026-01-01").date(), "last": pd.Timestamp("2026-10-31").date()}
    panel = Panel(
        "panel.rfm",
        controls=[Day(name="before", value="2026-07-31", **day)],
        answer=lambda before: pd.DataFrame({"as_of": [pd.Timestamp(before)]}),
        figure=lambda table: go.Figure(),
        code="before = {before}",
    )
    assert panel.code == "before = '2026-07-31'"
    panel.inputs["before"][0].value = None
    assert "Give a day from" in page_text(panel, "alert")


def test_all_is_a_choice_of_its_own() -> None:
    owner = Choice(name="owner", value=None, options=(None, "x"), words={"x": "Lin <b>Yue</b>"})
    field = owner.field("en")
    assert field.inputs[0].options == ("All", "Lin <b>Yue</b>")
    assert field.read() is None
    field.write("x")
    assert field.read() == "x"
    field.relabel("zh")
    assert field.read() == "x"
    assert field.inputs[0].options[0] == "全部"


def test_a_toggle_takes_only_true_and_false() -> None:
    toggle = Toggle(name="same_cuts", value=False)
    assert toggle.field("en").read() is False
    assert toggle.said(True, "zh") == "是"
    with pytest.raises(errors.ParameterError, match="True or False"):
        toggle.checked(1)
