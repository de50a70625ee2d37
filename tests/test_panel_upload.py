"""A file dropped on a panel: whole, under a name that leads nowhere, or refused with the reason."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_panel import customers_drawn

from workbench import errors
from workbench.exhibit import Shown
from workbench.panel import Panel, Upload, upload

pytestmark = pytest.mark.many


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(upload, "folder", lambda: tmp_path)
    return tmp_path


def lines(source: str) -> Shown:
    read: list[str] = []
    if source and not Path(source).is_file():
        raise errors.SourceNotFoundError(f"nothing at '{source}'.", mend="Look again.")
    if source:
        read = Path(source).read_text().splitlines()
    return customers_drawn(pd.DataFrame({"line": read, "share": 1}))


def toy() -> Panel:
    controls = [Upload(name="source", label="panel.table")]
    return Panel("panel.rfm", given={}, controls=controls, views=[lines])


class Sender:
    """Stands in for the page: sends a file piece by piece, as it is asked to."""

    def __init__(self, panel: Panel) -> None:
        self.dropped = panel.inputs["source"][0]
        self.heard: list[dict[str, Any]] = []
        self.dropped.send = self.heard.append

    def say(self, message: dict[str, Any], *buffers: bytes) -> None:
        self.dropped._received(None, message, list(buffers))

    def send(self, name: str, content: bytes, piece: int = 4) -> None:
        self.say({"upload": "u", "name": name, "size": len(content)})
        while "at" in self.heard[-1]:
            at = self.heard[-1]["at"]
            self.say({"upload": "u", "at": at}, content[at : at + piece])


def test_a_dropped_file_arrives_whole_and_is_answered() -> None:
    panel = toy()
    sender = Sender(panel)
    sender.send("orders.csv", b"one\ntwo\nthree")
    assert panel.table["line"].tolist() == ["one", "two", "three"]
    assert Path(panel.values["source"]).name == "orders.csv"
    assert [one["at"] for one in sender.heard if "at" in one] == [0, 4, 8, 12]
    assert sender.heard[-1] == {"upload": "u", "done": True}


def test_an_empty_file_arrives_too() -> None:
    panel = toy()
    Sender(panel).send("orders.csv", b"")
    assert Path(panel.values["source"]).read_bytes() == b""


def test_two_files_of_one_name_are_two_files(folder: Path) -> None:
    panel = toy()
    sender = Sender(panel)
    sender.send("orders.csv", b"one")
    first = panel.values["source"]
    sender.send("orders.csv", b"two")
    assert panel.values["source"] != first
    assert Path(first).read_text() == "one"
    assert panel.table["line"].tolist() == ["two"]


def test_a_path_can_be_typed_instead(folder: Path) -> None:
    (folder / "here.csv").write_text("five")
    panel = toy()
    panel.inputs["source"][1].value = f" {folder}/here.csv "
    assert panel.table["line"].tolist() == ["five"]
    assert panel.set(source=folder / "here.csv").values["source"] == f"{folder}/here.csv"
    with pytest.raises(errors.ParameterError, match="Give the path"):
        panel.set(source=3)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\autoexec.bat", "autoexec.bat"),
        ("<script>alert(1)</script>.csv", "script_.csv"),
        ("/", "upload"),
        ("..", "upload"),
        (".bashrc", "bashrc"),
        ("-rf.csv", "rf.csv"),
        ("orders\u202efdp.csv", "orders_fdp.csv"),
        ("a\x00b\n\x1b[31m.csv", "a_b___31m.csv"),
        ("orders[1]*.csv", "orders_1__.csv"),
        ("订单 (3月).csv.gz", "订单 (3月).csv.gz"),
        ("x" * 300 + ".csv", "x" * 80 + ".csv"),
    ],
)
def test_a_name_leads_nowhere_and_runs_nothing(name: str, kept: str, folder: Path) -> None:
    panel = toy()
    Sender(panel).send(name, b"one")
    path = Path(panel.values["source"])
    assert path.name == kept
    assert path.parent.parent == folder
    assert panel.table["line"].tolist() == ["one"]


@given(st.text(max_size=400))
def test_every_name_is_safe(name: str) -> None:
    safe = upload.safe_name(name)
    assert safe.isprintable()
    assert safe == Path(safe).name
    assert not set(safe) & set('<>:"/\\|?*[]')
    assert safe[0] not in ".-"
    assert 0 < len(safe.encode()) <= 240


def test_a_file_that_cannot_be_written_is_an_alert_with_the_mend(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    panel = toy()
    sender = Sender(panel)

    def full(*_given: Any, **_named: Any) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(upload.tempfile, "mkdtemp", full)
        sender.send("orders.csv", b"one")
    assert isinstance(panel.error, errors.SourceError)
    assert "No space left on device" in panel._page._alert.value
    assert "orders.csv" in panel._page._alert.value
    assert sender.heard[-1]["done"]
    sender.send("orders.csv", b"one")
    assert panel.error is None


def test_a_file_that_is_lost_on_the_way_leaves_nothing_behind(folder: Path) -> None:
    panel = toy()
    sender = Sender(panel)
    sender.say({"upload": "u", "name": "o.csv", "size": 9})
    sender.say({"upload": "u", "at": 0}, b"one")
    sender.say({"upload": "u", "lost": "NotFoundError: <gone>"})
    assert "NotFoundError: &lt;gone&gt;" in panel._page._alert.value
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_typing_a_path_ends_the_trouble_with_a_file(folder: Path) -> None:
    panel = toy()
    sender = Sender(panel)
    sender.say({"upload": "u", "name": "o.csv", "size": 9})
    sender.say({"upload": "u", "lost": "gone"})
    (folder / "here.csv").write_text("five")
    panel.inputs["source"][1].value = f"{folder}/here.csv"
    assert panel.error is None


def test_a_piece_out_of_turn_or_of_an_earlier_file_changes_nothing() -> None:
    panel = toy()
    sender = Sender(panel)
    sender.say({"upload": "a", "name": "a.csv", "size": 8})
    sender.say({"upload": "b", "name": "b.csv", "size": 6})
    sender.say({"upload": "a", "at": 0}, b"AAAA")
    sender.say({"upload": "b", "at": 0}, b"one")
    sender.say({"upload": "b", "at": 0}, b"one")
    sender.say({"upload": "b", "at": 3}, b"two")
    assert panel.table["line"].tolist() == ["onetwo"]


def test_nothing_of_a_session_outlives_it() -> None:
    import subprocess
    import sys

    code = "from workbench.panel import upload; print(upload.folder(), upload.folder().is_dir())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    path, was_there = said.stdout.split()
    assert was_there == "True"
    assert not Path(path).exists()
