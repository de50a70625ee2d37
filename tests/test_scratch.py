"""Drafts: what a killed process left is swept by the next, and nothing else is."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import scratch

_HOLD = """
import sys, time
from pathlib import Path
from workbench import scratch
draft = scratch.Folder(sys.argv[1])
(draft.path / "inside").mkdir()
(draft.path / "inside" / "half.csv").write_text("a,b")
print(draft.path, flush=True)
time.sleep(120)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that holds a draft in the folder, and has said where."""
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert Path(process.stdout.readline().strip()).parent == tmp_path
        yield process
        process.kill()


def drafts(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{scratch.PREFIX}*"))


def test_a_killed_process_leaves_a_draft_that_the_next_one_sweeps(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    holder.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    holder.wait()
    assert len(drafts(tmp_path)) == 1
    with scratch.Folder(tmp_path) as mine:
        assert drafts(tmp_path) == [mine]
    assert drafts(tmp_path) == []


def test_a_living_process_keeps_its_draft(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    (kept,) = drafts(tmp_path)
    with scratch.Folder(tmp_path), scratch.Folder(tmp_path):
        assert len(drafts(tmp_path)) == 3, "neither another's nor one's own"
    assert drafts(tmp_path) == [kept]
    assert (kept / "inside" / "half.csv").read_text() == "a,b"


def test_what_is_not_ours_is_never_swept(tmp_path: Path) -> None:
    theirs = tmp_path / f"{scratch.PREFIX}of-somebody"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("mine")
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / ".alive").touch()
    (tmp_path / f"{scratch.PREFIX}link").symlink_to(precious)
    (tmp_path / f"{scratch.PREFIX}file").touch()
    scratch.sweep(tmp_path)
    assert (theirs / "letter.txt").read_text() == "mine"
    assert (precious / ".alive").exists()
    assert len(drafts(tmp_path)) == 3


def test_a_draft_that_nobody_holds_goes_with_its_name(tmp_path: Path) -> None:
    draft = scratch.Folder(tmp_path)
    assert draft.path.is_dir()
    del draft
    assert drafts(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of its own")
def test_a_draft_is_for_this_user_alone(tmp_path: Path) -> None:
    with scratch.Folder(tmp_path) as draft:
        assert stat.S_IMODE(draft.stat().st_mode) == 0o700


_MANY = """
import sys
from workbench import scratch
for number in range(40):
    with scratch.Folder(sys.argv[1]) as draft:
        (draft / "one").write_text("1")
        assert (draft / "one").read_text() == "1"
"""


def test_many_at_once_keep_out_of_each_others_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _MANY, str(tmp_path)]
    workers = [subprocess.Popen(command, env=dict(os.environ)) for _ in range(4)]
    deadline = time.monotonic() + 120
    assert [worker.wait(timeout=deadline - time.monotonic()) for worker in workers] == [0] * 4
    assert drafts(tmp_path) == []
