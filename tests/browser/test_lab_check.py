"""Checking a file in a real JupyterLab: drop it, mend a column, read the ledger, keep it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab

from workbench import config, widgets
from workbench.words import Words

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

# On a machine eight times overbooked the kernel reads and draws a file for half a minute, and says
# nothing meanwhile.
WAIT = 90_000
MESSY = (
    "会员号,下单时间,金额,数量,备注\n"
    '007,2026年3月5日,"￥1,200.50",2,<img src=x onerror="window.taken=true">\n'
    '008,2026年3月6日,"￥80.00",1,\n'
    ',2026年3月7日,"-￥5.00",1,=1+1\n'
)


@pytest.fixture(scope="module", params=["en", "zh"])
def opened(request: pytest.FixtureRequest, lab: Lab, browser: Any) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": 1200, "height": 1600}, accept_downloads=True, locale="en-GB"
    )
    page = context.new_page()
    page.lang, page.asked, page.complaints = request.param, [], []
    page.on("request", lambda request: page.asked.append(request.url))
    folder = "notebooks" if request.param == "en" else "notebooks/zh"
    lab.run(
        page,
        f"{folder}/02_check_your_data.ipynb",
        lambda: panel(page).locator(".main-svg").first.wait_for(timeout=WAIT),
        page.complaints,
    )
    yield page
    context.close()


def panel(page: Any) -> Any:
    return page.get_by_role("group", name=Words(page.lang)("panel.check"), exact=True)


def says(page: Any, part: str, words: str) -> None:
    page.wait_for_function(
        "([panel, part, words]) => (panel.querySelector(part)?.textContent ?? '').includes(words)",
        arg=[panel(page).element_handle(), part, words],
        timeout=WAIT,
    )


def column(page: Any, name: str) -> Any:
    return panel(page).locator(f".workbench-control-columns-{name} select")


def chosen(page: Any, name: str) -> str:
    return str(column(page, name).evaluate("one => one.options[one.selectedIndex].text"))


def test_every_cell_runs_and_the_configured_orders_are_shown(opened: Any) -> None:
    wrong = opened.locator(
        "[data-mime-type='application/vnd.jupyter.error'],"
        "[data-mime-type='application/vnd.jupyter.stderr']"
    )
    assert wrong.all_inner_texts() == []
    assert opened.complaints == []
    assert panel(opened).get_by_role("alert").count() == 0
    assert chosen(opened, "customer_id") == "customer_id"
    outside = [
        url
        for url in opened.asked
        if not re.match(r"(https?|wss?)://127\.0\.0\.1|data:|blob:", url)
    ]
    assert outside == []


def test_a_dropped_file_is_proposed_mended_and_kept(opened: Any, lab: Lab, tmp_path: Path) -> None:
    name = f"shop-{opened.lang}.csv"
    (tmp_path / name).write_bytes(MESSY.encode("gb18030"))
    (tmp_path / name).with_suffix(".txt").unlink(missing_ok=True)
    panel(opened).locator("input[type=file]").set_input_files(tmp_path / name)
    says(opened, ".workbench-control-columns-customer_id", "会员号")
    settings = config.load(lab.root / "workbench.toml")
    twin = widgets.check(tmp_path / name, settings=settings, words=Words(opened.lang))
    says(opened, "h3", twin.sentence)
    assert chosen(opened, "amount") == "金额"

    column(opened, "amount").select_option(label="数量")
    twin.set(columns={"amount": "数量"})
    says(opened, "h3", twin.sentence)
    column(opened, "ordered_at").select_option(label="备注")
    twin.set(columns={"ordered_at": "备注"})
    assert twin.actions is not None
    says(opened, ".workbench-rows", twin.actions["reason"].iloc[0])
    says(opened, "h3", twin.sentence)
    assert opened.evaluate("window.taken") is None
    with opened.expect_download(timeout=WAIT) as handed:
        press(opened, "rejects")
    rejects = handed.value.path().read_text(encoding="utf-8-sig")
    assert Words(opened.lang)("ledger.reason.not_a_date") in rejects

    before = (lab.root / "workbench.toml").read_bytes()
    press(opened, "save")
    panel(opened).get_by_role("alert").wait_for(timeout=WAIT)
    assert (lab.root / "workbench.toml").read_bytes() == before, "nothing that fails is saved"

    column(opened, "ordered_at").select_option(label="下单时间")
    column(opened, "amount").select_option(label="金额")
    twin.set(columns={"ordered_at": "下单时间", "amount": "金额"})
    says(opened, "h3", twin.sentence)
    press(opened, "save")
    panel(opened).get_by_role("alert").wait_for(timeout=WAIT)
    assert (lab.root / "workbench.toml").read_bytes() == before, "another file stands there"
    panel(opened).locator(".workbench-control-replace input[type=checkbox]").check()
    panel(opened).get_by_role("alert").wait_for(state="detached", timeout=WAIT)
    press(opened, "save")
    says(opened, ".workbench-told", f"data/{name}")
    try:
        saved = config.load(lab.root / "workbench.toml").table("orders")
        assert saved.source == f"data/{name}"
        assert saved.columns["amount"] == "金额"
        assert (lab.root / saved.source).read_bytes() == MESSY.encode("gb18030")
    finally:
        (lab.root / "workbench.toml").write_bytes(before)


def test_what_is_no_table_is_an_alert_and_then_another_file_serves(
    opened: Any, lab: Lab, tmp_path: Path
) -> None:
    (tmp_path / "page.csv").write_text("<!doctype html><html></html>", encoding="utf-8")
    panel(opened).locator("input[type=file]").set_input_files(tmp_path / "page.csv")
    alert = panel(opened).get_by_role("alert")
    alert.wait_for(timeout=WAIT)
    assert "HTML" in alert.inner_text()
    serious(opened)
    box = panel(opened).locator(".workbench-control-source input[type=text]")
    box.fill(str(lab.root / "data" / "samples" / "owners.csv"))
    box.press("Enter")
    alert.wait_for(state="detached", timeout=WAIT)
    assert chosen(opened, "owner_name") == "owner_name"


def test_it_fits_a_phone_and_serves_screen_readers(opened: Any) -> None:
    serious(opened)
    opened.set_viewport_size({"width": 390, "height": 1600})
    try:
        opened.wait_for_function(
            "() => [...document.querySelectorAll('.workbench-panel')].every("
            "one => one.clientWidth < 390 && one.scrollWidth <= one.clientWidth)",
            timeout=WAIT,
        )
    finally:
        opened.set_viewport_size({"width": 1200, "height": 1600})


def press(page: Any, act: str) -> None:
    panel(page).get_by_role("button", name=Words(page.lang)(f"panel.{act}")).first.click()


def serious(page: Any) -> None:
    """Axe-core finds nothing serious in any panel."""
    from axe_playwright_python.sync_playwright import Axe

    result = Axe().run(page, context=".workbench-panel").response
    assert result["passes"]
    found = [
        (one["id"], one["impact"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert found == [], json.dumps(found, indent=1)
