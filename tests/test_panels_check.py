"""Checking a file: proposed, mended, read, handed back and kept, all without a page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench import config, errors, loaders, schema, widgets, words
from workbench.panel import Handed, upload
from workbench.words import Lang, Words

FOREIGN = (
    "会员号,下单时间,数量,单价,备注\n"
    "007,2026-03-05,2,9.90,x\n"
    "008,2026-03-06,1,5.00,\n"
    ",2026-03-07,1,-3.00,\n"
)
MAPPED = {"customer_id": "会员号", "ordered_at": "下单时间", "amount": "数量 * 单价"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "workbench.toml").write_text("currency = 'EUR'  # ours\n", encoding="utf-8")
    return folder


@pytest.fixture
def settings(project: Path) -> config.Settings:
    return config.load(project / "workbench.toml")


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "sales.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def drop(text: str, name: str = "sales.csv") -> Path:
    """Put a file where dropped ones lie."""
    import tempfile

    path = Path(tempfile.mkdtemp(dir=upload.folder())) / name
    path.write_text(text, encoding="utf-8")
    return path


def test_it_waits_for_a_file(settings: config.Settings) -> None:
    panel = widgets.check(settings=settings)
    assert panel.table.empty
    assert panel.sentence == "Drop a file above, or write its path"
    assert panel.values["columns"] == {}
    for name in ("save", "rejects"):
        with pytest.raises(errors.ParameterError, match="There is no file yet"):
            panel.act(name)


def test_what_is_proposed_is_what_opens(settings: config.Settings, put: Any) -> None:
    panel = widgets.check(put(FOREIGN), settings=settings)
    chosen = {ours: theirs for ours, theirs in panel.values["columns"].items() if theirs}
    assert chosen == {
        "customer_id": "会员号", "ordered_at": "下单时间", "amount": "数量",
        "amount_times": "单价",
    }  # fmt: skip
    twin = loaders.load(put(FOREIGN), columns=MAPPED)
    assert panel.table.equals(twin.ledger.summary())
    assert panel.sentence.startswith(
        "All 3 rows were kept; one has no customer and counts in no customer figure. From "
    )


def test_a_dropped_file_is_taken_up_like_one_that_is_named(settings: config.Settings) -> None:
    panel = widgets.check(settings=settings).set(source=drop(FOREIGN))
    assert panel.values["columns"]["customer_id"] == "会员号"
    assert panel.table.set_index("check")["rows"]["refunds"] == 1


def test_mending_a_column_changes_what_was_read(settings: config.Settings, put: Any) -> None:
    panel = widgets.check(put(FOREIGN), settings=settings)
    panel.set(columns={"amount": "数量", "amount_times": ""})
    assert panel.table.set_index("check")["rows"]["refunds"] == 0
    panel.set(columns={"ordered_at": "备注"})
    assert panel.actions is not None
    assert len(panel.actions) == 3
    assert panel.actions["line_number"].tolist() == [2, 3, 4]
    assert panel.actions["reason"].tolist() == ["not a date", "value missing", "value missing"]


def test_a_required_column_that_is_taken_away_is_an_error_in_view(
    settings: config.Settings, put: Any
) -> None:
    panel = widgets.check(put(FOREIGN), settings=settings)
    with pytest.raises(errors.ContractError, match="missing column 'customer_id'"):
        panel.set(columns={"customer_id": ""})
    with pytest.raises(errors.ContractError):
        panel.act("save")
    assert panel.set(columns={"customer_id": "会员号"}).error is None


@pytest.mark.parametrize("table", list(schema.TABLES))
@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.many
def test_every_table_can_be_checked_in_both_languages(
    settings: config.Settings, put: Any, table: str, lang: Lang
) -> None:
    names = ",".join(schema.table(table).column_names)
    panel = widgets.check(put(f"{names}\n"), table=table, settings=settings, words=Words(lang))
    assert panel.sentence == Words(lang)("ledger.none")


def test_completeness_is_another_view_of_the_same_file(settings: config.Settings, put: Any) -> None:
    panel = widgets.check(put(FOREIGN), settings=settings).set(view="completeness")
    assert list(panel.figure.data[0].x)[:4] == [0.0, 2 / 3, 1.0, 1.0]


def test_rejects_are_handed_back_with_line_and_reason(settings: config.Settings, put: Any) -> None:
    panel = widgets.check(put(FOREIGN + "=1+1,soon,1,1,\n"), settings=settings)
    handed = panel.act("rejects")
    assert isinstance(handed, Handed)
    text = handed.content.decode("utf-8-sig")
    assert "5,ordered_at,soon,not a date" in text


def test_what_was_checked_is_saved_and_the_notebooks_follow_it(
    settings: config.Settings, put: Any, project: Path
) -> None:
    path = put(FOREIGN)
    said = widgets.check(path, settings=settings).set(day_order="day").act("save")
    assert said == f"Orders: saved; from now on they come from {path}"
    saved = config.load(project / "workbench.toml")
    assert saved.table("orders").columns == MAPPED
    assert saved.table("orders").day_first is True
    assert "# ours" in (project / "workbench.toml").read_text(encoding="utf-8")
    assert loaders.load_configured("orders", saved).ledger.rows_kept == 3


def test_a_dropped_file_is_kept_beside_the_settings_and_none_is_overwritten(
    settings: config.Settings, project: Path
) -> None:
    widgets.check(drop(FOREIGN), settings=settings).act("save")
    assert (project / "data" / "sales.csv").read_text(encoding="utf-8") == FOREIGN
    assert config.load(project).table("orders").source == "data/sales.csv"
    other = drop(FOREIGN + "009,2026-03-08,1,1,\n")
    with pytest.raises(errors.SourceError, match="another file already"):
        widgets.check(other, settings=settings).act("save")
    assert (project / "data" / "sales.csv").read_text(encoding="utf-8") == FOREIGN


def test_nothing_is_saved_that_the_reports_would_refuse(
    settings: config.Settings, put: Any, project: Path
) -> None:
    before = (project / "workbench.toml").read_bytes()
    panel = widgets.check(put(FOREIGN + "010,soon,1,1,\n"), settings=settings)
    with pytest.raises(errors.RejectRateError, match=r"25.0% of the rows would be rejected"):
        panel.act("save")
    assert (project / "workbench.toml").read_bytes() == before


def test_a_row_that_is_no_number_is_refused(settings: config.Settings, put: Any) -> None:
    panel = widgets.check(put(FOREIGN), settings=settings)
    with pytest.raises(errors.ParameterError, match="header_row is 'two'"):
        panel.set(opening={"header_row": "two"})


def test_hostile_headers_and_values_are_inert_in_the_panel(
    settings: config.Settings, put: Any
) -> None:
    text = '"<img src=x onerror=1>",customer_id,ordered_at,amount\n<b>x</b>,"=1+1",<i>,1\n'
    panel = widgets.check(put(text), settings=settings)
    shown = " ".join(one.value for one in widgets_in(panel.widget) if hasattr(one, "value")
                     and isinstance(one.value, str))  # fmt: skip
    assert "<img" not in shown
    assert "<i>" not in shown.replace("<i></i>", "")


def widgets_in(widget: Any) -> list[Any]:
    return [widget, *(one for part in getattr(widget, "children", ()) for one in widgets_in(part))]
