"""One real JupyterLab for all browser tests: own folders, own token, nothing of the user's."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import churn, config, loaders, purchases
from workbench.words import Lang, Words

AS_OF = "2026-10-31"
HOSTILE = (
    '<img src=x onerror="window.taken=true">',
    "<script>window.taken=true</script>",
    "=cmd|' /C calc'!A0",
)
START_SECONDS = 120
RUN_SECONDS = 180
# anywidget gives each model two seconds of the page's clock to start, whatever else the machine does.
STALLED = "[anywidget] Failed to initialize model"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab on this machine, serving a copy of the project."""

    root: Path
    port: int
    token: str

    def ask(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def run(
        self,
        page: Any,
        notebook: str,
        ready: Callable[[], object],
        complaints: list[str] | None = None,
    ) -> None:
        """Open a notebook, run every cell, and wait until it is ready.

        Where the machine stood still for so long that a model gave up starting, it is opened
        afresh, as a person would; one that never starts fails the third time.
        """
        from playwright.sync_api import Error

        complaints = [] if complaints is None else complaints
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for again in (True, True, False):
            self.open(page, notebook)
            self.run_all(page)
            try:
                ready()
            except Error:
                if not again or not any(STALLED in said for said in complaints):
                    raise
            if not again or not any(STALLED in said for said in complaints):
                return
            complaints.clear()
            for session in self.ask("api/sessions"):
                if session["path"] == notebook:
                    self.ask(f"api/sessions/{session['id']}", "DELETE")

    def open(self, page: Any, notebook: str) -> None:
        """Open a notebook in a fresh workspace."""
        page.goto(
            f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?token={self.token}&reset",
            wait_until="domcontentloaded",
        )
        page.locator(".jp-Notebook").wait_for(timeout=START_SECONDS * 1000)
        # Asked to run before there is a kernel, JupyterLab opens a dialog instead.
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(
            timeout=START_SECONDS * 1000
        )

        page.keyboard.press("Control+b")  # the files make way for the notebook

    def run_all(self, page: Any) -> None:
        """Run every cell, as a person does: from the menu."""
        prompts = ".jp-CodeCell .jp-InputArea-prompt"
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(
            f"[...document.querySelectorAll('{prompts}')].every("
            "prompt => /\\d/.test(prompt.textContent))",
            timeout=RUN_SECONDS * 1000,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _make_names_hostile(project: Path) -> None:
    """Give the first customers to call, and one of the owners, names that try to run a script."""
    settings = config.load(project / "workbench.toml")
    orders = loaders.load_configured("orders", settings)
    warnings = churn.warn(purchases.history(orders, as_of=AS_OF))
    first = churn.call_list(warnings, limit=len(HOSTILE))["customer_id"]
    for table, column, ids in (
        ("customers", "customer_name", list(first)),
        ("owners", "owner_name", ["S01"]),
    ):
        path = settings.source(table)
        rows = pd.read_csv(path, dtype="str", keep_default_na=False)
        for customer, name in zip(ids, HOSTILE, strict=False):
            rows.loc[rows[column.replace("name", "id")] == customer, column] = name
        rows.to_csv(path, index=False)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, root: Path, chromium: str) -> Iterator[Lab]:
    """JupyterLab on a copy of the project's notebooks and samples: running saves outputs."""
    home = tmp_path_factory.mktemp("lab")
    project = home / "project"
    for part in ("notebooks", "data/samples"):
        shutil.copytree(root / part, project / part)
    shutil.copy(root / "workbench.toml", project)
    _make_names_hostile(project)
    settings = home / "settings" / "@jupyterlab"
    _write(
        settings / "apputils-extension" / "notification.jupyterlab-settings",
        {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    )
    # Cells out of sight exist too, so that a test can ask about all of them.
    _write(
        settings / "notebook-extension" / "tracker.jupyterlab-settings", {"windowingMode": "none"}
    )
    env = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    running = Lab(project, _free_port(), secrets.token_hex(16))
    log = (home / "lab.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
            "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={running.port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={running.token}",
            f"--ServerApp.root_dir={project}", "--LabApp.news_url=",
            "--LabApp.expose_app_in_browser=True",
        ],
        env=env, cwd=project, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                running.ask("api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (home / "lab.log").read_text(encoding="utf-8")[-2000:]
                    pytest.fail(f"JupyterLab did not start:\n{said}")
                time.sleep(0.3)
        yield running
        for kernel in running.ask("api/kernels"):
            running.ask(f"api/kernels/{kernel['id']}", "DELETE")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@dataclass
class Opened:
    """A notebook that has run in the browser, and what happened on the way."""

    page: Any
    lang: Lang
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def panel(self, name: str) -> Any:
        return self.page.get_by_role("group", name=Words(self.lang)(f"panel.{name}"), exact=True)


def opened_in(lab: Lab, browser: Any, path: str, lang: Lang, panels: int) -> Iterator[Opened]:
    """A notebook that has run, with so many panels, all drawn."""
    context = browser.new_context(viewport={"width": 1200, "height": 1600}, locale="en-GB")
    page = context.new_page()
    seen = Opened(page, lang)
    page.on("request", lambda request: seen.asked.append(request.url))
    drawn = (
        "n => document.querySelectorAll('.workbench-panel[role=group]').length === n"
        " && [...document.querySelectorAll('.workbench-figure')].every("
        "one => one.querySelector('.main-svg'))"
    )
    lab.run(
        page,
        path,
        lambda: page.wait_for_function(drawn, arg=panels, timeout=60_000),
        seen.complaints,
    )
    yield seen
    context.close()


@pytest.fixture(scope="session", params=["en", "zh"])
def opened(request: pytest.FixtureRequest, lab: Lab, browser: Any) -> Iterator[Opened]:
    """The customers' notebook, run once in a language for all tests that look at it."""
    folder = "notebooks" if request.param == "en" else "notebooks/zh"
    yield from opened_in(lab, browser, f"{folder}/01_customers.ipynb", request.param, 5)
