"""Publishing: no reader and no kill ever meets a mixture of two runs."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench import errors
from workbench.reports import publish

FILES = (publish.PAGE, publish.NOTEBOOK, publish.MANIFEST)


class Killed(BaseException):
    """Stands for kill -9: nothing in the code may handle it."""


def make(folder: Path, generation: str) -> Path:
    run = publish.start(folder)
    for name in FILES:
        (run / name).write_text(generation)
    (run / publish.TABLES / "calls.csv").write_text(generation)
    return run


def read(folder: Path) -> set[str]:
    """Read the generation of every published file; one element where nothing is mixed."""
    paths = [*(folder / name for name in FILES), folder / publish.TABLES / "calls.csv"]
    return {path.read_text() for path in paths}


def test_a_published_run_is_read_under_fixed_names(tmp_path: Path) -> None:
    publish.publish(tmp_path, make(tmp_path, "one"))
    assert read(tmp_path) == {"one"}


def test_the_next_run_takes_its_place_whole(tmp_path: Path) -> None:
    publish.publish(tmp_path, make(tmp_path, "one"))
    publish.publish(tmp_path, make(tmp_path, "two"))
    assert read(tmp_path) == {"two"}


def _stop_at(monkeypatch: pytest.MonkeyPatch, step: int) -> list[int]:
    """Raise Killed at the given call that changes the disk."""
    calls = [0]

    def counted(function):
        def stepping(*args, **kwargs):
            calls[0] += 1
            if calls[0] == step:
                raise Killed
            return function(*args, **kwargs)

        return stepping

    for owner, name in (
        (Path, "replace"),
        (Path, "symlink_to"),
        (Path, "unlink"),
        (shutil, "rmtree"),
        (os, "fsync"),
    ):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))
    return calls


def test_a_run_killed_at_any_step_of_publishing_leaves_one_whole_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for step in range(1, 60):
        folder = tmp_path / str(step)
        folder.mkdir()
        publish.publish(folder, make(folder, "good"))
        run = make(folder, "new")
        with monkeypatch.context() as patched:
            calls = _stop_at(patched, step)
            with contextlib.suppress(Killed):
                publish.publish(folder, run)
        found = read(folder)
        assert found in ({"good"}, {"new"}), f"step {step}: {found}"
        seen |= found
        if calls[0] < step:
            break
    assert seen == {"good", "new"}, "the steps before and after the swap were both met"
    assert calls[0] < step, "every step was met"


def test_a_first_run_killed_at_any_step_shows_nothing_or_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(1, 60):
        folder = tmp_path / str(step)
        folder.mkdir()
        run = make(folder, "new")
        with monkeypatch.context() as patched:
            calls = _stop_at(patched, step)
            with contextlib.suppress(Killed):
                publish.publish(folder, run)
        if publish.current(folder) is None:
            assert not (folder / publish.PAGE).exists()
        else:
            assert read(folder) == {"new"}
        if calls[0] < step:
            return
    pytest.fail("publishing never came to its end")


_LOOP = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_reports_publish import make
from workbench.reports import publish
folder = Path({folder!r})
for generation in range(100_000):
    publish.publish(folder, make(folder, str(generation)))
    print(generation, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
def test_kill_9_at_a_random_moment_leaves_the_last_good_run_readable(tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(4):
        script = _LOOP.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as loop:
            assert loop.stdout is not None
            loop.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.05))
            loop.send_signal(signal.SIGKILL)
        assert len(read(tmp_path)) == 1


def test_what_a_killed_run_left_is_swept_away_by_the_next(tmp_path: Path) -> None:
    publish.publish(tmp_path, make(tmp_path, "good"))
    make(tmp_path, "killed before it was published")
    (tmp_path / ".new-half").symlink_to("nowhere")
    publish.publish(tmp_path, make(tmp_path, "new"))
    assert read(tmp_path) == {"new"}
    assert not list(tmp_path.glob(".new-*"))
    runs = {run.joinpath(publish.PAGE).read_text() for run in (tmp_path / ".runs").iterdir()}
    assert runs == {"new", "good"}, "the run before stays for whoever is reading it"


def test_a_failure_stands_beside_the_last_good_run(tmp_path: Path) -> None:
    publish.publish(tmp_path, make(tmp_path, "good"))
    publish.fail(tmp_path, make(tmp_path, "bad"), "why it failed")
    assert read(tmp_path) == {"good"}
    assert (tmp_path / publish.FAILED_PAGE).read_text() == "why it failed"
    assert (tmp_path / publish.FAILED / publish.NOTEBOOK).read_text() == "bad"


def test_the_next_good_run_takes_the_failure_away(tmp_path: Path) -> None:
    publish.fail(tmp_path, make(tmp_path, "bad"), "why it failed")
    publish.publish(tmp_path, make(tmp_path, "good"))
    assert read(tmp_path) == {"good"}
    assert not (tmp_path / publish.FAILED_PAGE).exists()
    assert not (tmp_path / publish.FAILED).is_symlink()


def test_two_processes_do_not_make_one_edition_at_once(tmp_path: Path) -> None:
    with (
        publish.locked(tmp_path),
        pytest.raises(errors.ReportError, match="another process is making this report"),
        publish.locked(tmp_path),
    ):
        pytest.fail("the second one came in")


def test_something_in_a_links_place_is_an_error_with_a_mend(tmp_path: Path) -> None:
    run = make(tmp_path, "new")
    (tmp_path / publish.TABLES).mkdir()
    (tmp_path / publish.TABLES / "mine.csv").write_text("mine")
    with pytest.raises(errors.ReportError, match="Remove what stands there"):
        publish.publish(tmp_path, run)
    assert (tmp_path / publish.TABLES / "mine.csv").read_text() == "mine"


@pytest.mark.parametrize("owner", ["../../etc", "..", "a/b", ".", "S01", "林悦", ""])
def test_no_owner_leads_out_of_the_editions_folder(tmp_path: Path, owner: str) -> None:
    edition = publish.target(tmp_path, "calls", period="2026-10", lang="en", owner=owner)
    everybody = publish.target(tmp_path, "calls", period="2026-10", lang="en")
    assert edition.resolve().parent == everybody.resolve()
    assert edition.name.startswith("owner-")
