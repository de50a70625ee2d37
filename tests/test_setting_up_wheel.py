"""The built wheel alone, in a fresh environment: from a messy export to report and notebooks."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.error
import urllib.request
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from needed import lacking

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

HEADER = "店铺订单导出;;;;\n;;;;\n订单编号;下单时间;客户;备注;金额(元)\n"


@pytest.fixture(scope="module")
def source(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built, with what Jupyter leaves beside a notebook."""
    if int(metadata.version("setuptools").partition(".")[0]) < 77:
        lacking("setuptools 77 builds the wheel", "make env")
    copy = tmp_path_factory.mktemp("source")
    for name in ("workbench", "notebooks"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(root / name, copy)
    hidden = copy / "notebooks" / ".ipynb_checkpoints"
    hidden.mkdir(exist_ok=True)
    (hidden / "01_customers-checkpoint.ipynb").touch()
    return copy


def built(what: str, source: Path, out: Path) -> Path:
    """Have the build backend make a wheel or an sdist, without a network."""
    code = f"from setuptools import build_meta; build_meta.build_{what}({str(out)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (made,) = (path for path in out.iterdir() if path.is_file())
    return made


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", source, tmp_path_factory.mktemp("wheel"))


def carried(wheel: Path) -> set[str]:
    start = "workbench/_notebooks/"
    names = zipfile.ZipFile(wheel).namelist()
    return {name.removeprefix(start) for name in names if name.startswith(start)}


def test_the_wheel_carries_every_notebook_once(wheel: Path, root: Path) -> None:
    there = {path.relative_to(root / "notebooks") for path in (root / "notebooks").rglob("*.ipynb")}
    shown = {path.as_posix() for path in there if not path.parent.name.startswith(".")}
    assert carried(wheel) == shown
    assert [name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("note")] == []


def test_a_wheel_built_from_the_sdist_is_the_same(
    wheel: Path, source: Path, tmp_path: Path
) -> None:
    sdist = built("sdist", source, tmp_path)
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    out = tmp_path / "wheel"
    out.mkdir()
    again = built("wheel", tmp_path / sdist.name.removesuffix(".tar.gz"), out)
    assert carried(again) == carried(wheel)
    assert {*zipfile.ZipFile(again).namelist()} == {*zipfile.ZipFile(wheel).namelist()}


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment: the package is the wheel's, the others are lent."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, "--quiet", "--disable-pip-version-check", str(wheel)], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    # a line in a .pth lends what lies there, but follows no .pth there: no editable install
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    said = subprocess.run(
        [python, "-c", "import workbench; print(workbench.__file__)"],
        cwd=place, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(said.stdout.strip()).is_relative_to(site)
    return place / "bin" / "workbench"


def environment() -> dict[str, str]:
    lead = ("PYTHON", "WORKBENCH", "JUPYTER")
    return {name: value for name, value in os.environ.items() if not name.startswith(lead)}


@pytest.fixture(scope="module")
def folder(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with one messy export, set up."""
    place = tmp_path_factory.mktemp("shop")
    rows = [
        f"A{number:04};2026/{1 + number % 4}/{1 + number % 28} 9:05;{'' if number % 50 == 7 else f'客户{number % 40}'};"
        f";¥{1 + number % 9},{number % 900:03}.50\n"
        for number in range(400)
    ]
    (place / "导出 (3).csv").write_text(HEADER + "".join(rows), encoding="utf-8-sig")
    done = command(program, place, "init")
    assert "orders: 导出 (3).csv, 400 of 400 rows kept" in done.stdout
    return place


def command(program: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [program, *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_report_is_made_in_two_commands(program: Path, folder: Path) -> None:
    done = command(program, folder, "report", "monthly_customers")
    page = folder / "reports" / "monthly_customers" / "2026-03" / "en" / "report.html"
    assert str(page.relative_to(folder)) in done.stdout
    assert re.search(r"客户\d", page.read_text(encoding="utf-8"))


def test_the_lab_shows_the_notebooks(program: Path, folder: Path) -> None:
    words = ["lab", "--no-browser", "--port", "0", "--ServerApp.token=seen"]
    lab = subprocess.Popen(
        [program, *words], cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True
    )
    try:
        assert lab.stderr is not None
        found = (re.search(r"(http://127\.0\.0\.1:\d+)/lab", line) for line in lab.stderr)
        address = next(match[1] for match in found if match)
        assert b"JupyterLab" in asked(f"{address}/lab?token=seen")
        listed = json.loads(asked(f"{address}/api/contents?token=seen"))["content"]
        assert {"01_customers.ipynb", "lessons", "reports", "zh"} <= {one["name"] for one in listed}
    finally:
        lab.kill()
        lab.communicate()


def asked(address: str) -> bytes:
    """What an address answers; it is told a moment before it is listened to."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
        time.sleep(0.1)
    raise TimeoutError(address)
