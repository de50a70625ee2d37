"""What every test may ask for: the project's folder, the real data sets, Chromium, Spark.

What a machine lacks is a skip with its reason; where ``CI`` is set it is a failure, since there
``.ci/run`` has installed it.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No deadline: on a busy machine a slow example says nothing about the code.
settings.register_profile("workbench", deadline=None, max_examples=50)
settings.register_profile("quick", deadline=None, max_examples=8)
settings.load_profile("workbench")  # make quick says --hypothesis-profile quick

ROOT = Path(__file__).parents[1]
# --doctest-modules would import each conftest.py a second time, under one name
collect_ignore_glob = ["conftest.py", "*/conftest.py"]
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: while Playwright is open an event loop runs, and panels ask for one.

    A test that uses the browser has to carry its marker, or ``make quick`` would start one.
    """
    with_browser = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    unmarked = [one.nodeid for one in with_browser if not one.get_closest_marker("browser")]
    if unmarked:
        raise pytest.UsageError(f"These use the browser: mark them so. {unmarked}")
    items.sort(key=lambda item: item in with_browser)


def lacking(what: str, mend: str) -> None:
    """Skip with a reason; fail where CI has to have it."""
    message = f"{what}. {mend}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data sets beside the project; they are never part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets are not beside the project (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        lacking("no Chromium on this machine", "Debian: apt-get install chromium fonts-noto-cjk.")
    return str(path)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page in a fresh profile, at desktop width."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A real Spark on this machine, started once."""
    if shutil.which("java") is None:
        lacking("no Java on this machine", "Debian: apt-get install default-jre-headless.")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        lacking("pyspark is not installed", "Run: make env")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("workbench-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
