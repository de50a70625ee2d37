"""What every test may ask for: the project's folder, real data sets, Chromium, Spark, PostgreSQL.

What a machine lacks is a skip with its reason; where ``CI`` is set it is a failure, since there
``.ci/run`` has installed it.
"""

import contextlib
import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from needed import lacking

# No deadline: on a busy machine a slow example says nothing about the code.
settings.register_profile("workbench", deadline=None, max_examples=30)
settings.register_profile("quick", deadline=None, max_examples=8)
settings.load_profile("workbench")  # make quick says --hypothesis-profile quick
# Of a claim marked "many", make quick tries this many of the cases.
QUICK_CASES = 5

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


def few_of_many(items: list[pytest.Item]) -> list[pytest.Item]:
    """Keep every test, and of a parametrised claim marked "many" a few cases, evenly spread."""
    claims: dict[str, list[pytest.Item]] = {}
    for item in items:
        many = item.get_closest_marker("many") and hasattr(item, "callspec")
        claims.setdefault(item.nodeid.partition("[")[0] if many else item.nodeid, []).append(item)
    kept = set()
    for cases in claims.values():
        step = max(1, len(cases) / QUICK_CASES)
        kept.update(cases[int(number * step)] for number in range(min(len(cases), QUICK_CASES)))
    return [item for item in items if item in kept]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep browser tests apart: while Playwright is open an event loop runs, and panels ask for one.

    A test that uses the browser has to carry its marker, or ``make quick`` would start one.
    """
    if config.getoption("--hypothesis-profile") == "quick":
        items[:] = few_of_many(items)
    with_browser = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    astray = [
        one.nodeid
        for one in with_browser
        if not one.get_closest_marker("browser") or one.path.parent != ROOT / "tests" / "browser"
    ]
    if astray:
        raise pytest.UsageError(f"These use the browser: mark them so, in tests/browser. {astray}")
    items.sort(key=lambda item: item in with_browser)


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
def shared_cases(shared_data: Path) -> Path:
    """Small inputs with the right value, beside the project; they are never part of it."""
    folder = shared_data.parent / "cases"
    if not folder.is_dir():
        pytest.skip("the cases are not beside the project (../shared/cases)")
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


@dataclass
class PostgresServer:
    """A real PostgreSQL on this machine, for the tests alone."""

    port: int
    user: str = "workbench"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    host: str = "127.0.0.1"
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(
        self, database: str = "postgres", *, user: str | None = None, password: str | None = None
    ) -> str:
        who = f"{user or self.user}:{password or self.password}"
        return f"postgresql://{who}@{self.host}:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database, and give its address."""
        import psycopg

        name = f"test{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


def _postgres_programs() -> Path | None:
    """Where do initdb and postgres lie? Debian keeps them off the path."""
    newest = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name)
    )
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    places = [*reversed(newest), *on_path]
    return next((path for path in places if (path / "postgres").exists()), None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server in a temporary folder, started once; only this machine reaches it."""
    programs = _postgres_programs()
    if programs is None:
        lacking("no PostgreSQL on this machine", "Debian: apt-get install postgresql.")
    try:
        import psycopg
    except ImportError:
        lacking("psycopg is not installed", "Run: make env")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = PostgresServer(probe.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="workbench-postgres-"))
    # PostgreSQL refuses to run as root.
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    secret, data, log = folder / "password", folder / "data", folder / "log"
    secret.write_text(server.password)
    log.touch()
    if who:
        for path in (folder, secret, log):
            os.chown(path, who["user"], who["group"])
    options = [f"--username={server.user}", f"--pwfile={secret}", "--auth=scram-sha-256"]
    options += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pgdata", str(data)]
    running = None
    try:
        made = subprocess.run(
            [f"{programs}/initdb", *options],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            **who,
        )
        assert made.returncode == 0, made.stderr
        settings = {"listen_addresses": server.host, "port": server.port, "fsync": "off"}
        settings |= {"unix_socket_directories": "", "max_connections": 30}
        said = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with log.open("ab") as output:
            running = subprocess.Popen(
                [f"{programs}/postgres", "-D", str(data), *said],
                cwd=folder,
                stdout=output,
                stderr=output,
                **who,
            )
        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(server.url(), connect_timeout=5).close()
                break
            assert running.poll() is None, log.read_text(errors="replace")
            time.sleep(0.1)
        else:
            pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
        yield server
    finally:
        if running is not None:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> str:
    """The address of an empty database on a real PostgreSQL."""
    return postgres_server.new_database()
