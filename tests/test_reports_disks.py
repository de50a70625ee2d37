"""What becomes of a report where the disk refuses: told, with the mend, and the last page stands."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from report_books import GOOD, book, cells_of, settings

from workbench import blocks, errors, outputs, reports
from workbench.reports import execution, index, publish

PERIOD = "2026-10"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report whose notebook is not run: it leaves a headline."""
    settings(tmp_path)
    book(tmp_path, "tiny", *GOOD)
    (headline,) = cells_of(blocks.headline("Found", "By name.", kicker=["Tiny"]))
    cell = {"cell_type": "code", "source": "", "metadata": {}, **headline}

    def run(_notebook: Path, *, out: Path, **_: Any) -> None:
        out.write_text(json.dumps({"cells": [cell], "metadata": {}}), encoding="utf-8")

    monkeypatch.setattr(execution, "run", run)
    return tmp_path


def make(project: Path, **more: Any) -> reports.Run:
    asked = {"period": PERIOD, "settings_file": project / "workbench.toml", **more}
    return reports.attempt("tiny", **asked)


def refusing(number: int) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number), "/somewhere")

    return refuse


@pytest.mark.parametrize(
    ("number", "why", "mend"),
    [
        (errno.ENOSPC, "the disk is full", "Make room on it"),
        (errno.EROFS, "the file system is read-only", "Have it mounted for writing"),
        (errno.EACCES, "this user may not write there", "Give this user the right"),
    ],
)
@pytest.mark.parametrize("step", ["locking", "starting", "executing", "writing", "publishing"])
def test_whatever_the_disk_refuses_is_exit_code_5_with_the_mend(
    project: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str, mend: str, step: str
) -> None:
    page = (make(project).folder / "report.html").read_bytes()
    patched: dict[str, tuple[Any, str]] = {
        "locking": (publish.filelock, "FileLock"),
        "starting": (publish, "start"),
        "executing": (execution, "run"),
        "writing": (Path, "write_text"),
        "publishing": (publish, "_to_disk"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*patched[step], refusing(number))
        run = make(project, force=True)
    assert run.status == "failed"
    assert isinstance(run.error, errors.ReportError)
    assert run.error.exit_code == 5
    assert why in run.error.what
    assert "/somewhere" in run.error.what
    assert mend in run.error.mend
    assert (run.folder / "report.html").read_bytes() == page, "the last good page stands"
    assert make(project, force=True).status == "ok"
    assert len(list((run.folder / ".runs").iterdir())) <= 2, "what was half made is swept"


def test_a_report_folder_that_is_a_file_is_told(project: Path) -> None:
    (project / "reports").write_text("notes")
    run = make(project)
    assert run.error is not None
    assert (run.error.exit_code, run.page) == (5, None)
    assert f"a file stands where a folder is needed ('{project / 'reports'}')" in run.error.what
    assert "Move the file away" in run.error.mend
    assert (project / "reports").read_text() == "notes"


def test_a_report_folder_that_is_a_link_to_nothing_is_told(project: Path) -> None:
    (project / "reports").symlink_to(project / "unplugged")
    run = make(project)
    assert run.error is not None
    assert (run.error.exit_code, run.page) == (5, None)
    assert f"a link stands there that leads nowhere ('{project / 'reports'}')" in run.error.what
    assert "Have the link lead to a folder" in run.error.mend


def test_an_index_that_cannot_be_written_says_that_the_page_is_live(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(index, "write", refusing(errno.ENOSPC))
        run = make(project)
    assert run.error is not None
    assert run.error.exit_code == 5
    assert "report.html is live and whole, but the list of all reports cannot be written" in (
        run.error.what
    )
    assert (run.folder / "report.html").is_file()
    again = make(project)
    assert again.skipped
    assert "tiny/2026-10/en/report.html" in (project / "reports" / "index.html").read_text()


def test_a_failure_that_cannot_be_taken_away_says_that_the_page_is_live(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(execution, "run", refusing(errno.EIO))
        assert make(project).status == "failed"
    with monkeypatch.context() as patch:
        unlink = Path.unlink

        def one(path: Path, **more: Any) -> None:
            if path.name == publish.FAILED_PAGE:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            unlink(path, **more)

        patch.setattr(Path, "unlink", one)
        run = make(project)
    assert run.error is not None
    assert "report.html is live and whole, but" in run.error.what
    assert "FAILED.html" in run.error.what
    assert (make(project).error, (run.folder / "FAILED.html").exists()) == (None, False)


def test_what_a_killed_run_left_is_swept_by_the_next_run_of_any_report(project: Path) -> None:
    good = make(project, period="2026-09")
    killed = publish.start(good.folder)
    (killed / publish.TABLES / "calls.csv").write_text("a,b")
    only = publish.start(good.folder.parent / "zh")
    make(project)
    assert not killed.exists()
    assert not only.exists()
    assert (good.folder / "report.html").is_file()


def test_a_run_that_is_being_made_is_not_swept(project: Path) -> None:
    folder = project / "reports" / "tiny" / "2026-09" / "en"
    with publish.locked(folder):
        living = publish.start(folder)
        make(project)
        assert living.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of its own")
def test_pages_are_readable_for_this_user_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(project)
    monkeypatch.setattr(execution, "run", refusing(errno.EIO))
    make(project, force=True)
    files = [path for path in (project / "reports").rglob("*") if path.is_file()]
    assert {"report.html", "index.html", "FAILED.html"} <= {path.name for path in files}
    said = {
        str(path): stat.S_IMODE(path.stat().st_mode) & 0o077
        for path in files
        if path.name != ".lock"
    }
    assert set(said.values()) == {0}, said
    runs = (made.folder / ".runs").iterdir()
    assert {stat.S_IMODE(run.stat().st_mode) for run in runs} == {0o700}


def test_an_index_that_says_the_same_is_not_written_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(project)
    monkeypatch.setattr(outputs, "replace", refusing(errno.EROFS))
    assert make(project).skipped


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with eight megabytes, where this user may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    told = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False, capture_output=True
    )
    if not told or told.returncode:
        pytest.skip("this user may not mount a file system")
    yield place
    subprocess.run(["umount", place], check=True)


_PERMITTED = 5


def test_a_full_disk_and_a_read_only_one_as_they_are(project: Path, small_disk: Path) -> None:
    settings(project, f'[report]\nfolder = "{small_disk / "reports"}"\n')
    good = make(project)
    page = (good.folder / "report.html").read_bytes()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"0" * 4096)
        except OSError:
            pass
    full = make(project, force=True)
    assert full.error is not None
    assert full.error.exit_code == _PERMITTED
    assert "the disk is full" in full.error.what
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    shut = make(project, force=True)
    assert shut.error is not None
    assert "the file system is read-only" in shut.error.what
    assert (good.folder / "report.html").read_bytes() == page
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert make(project, force=True).error is None
