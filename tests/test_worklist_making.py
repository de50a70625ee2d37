"""Where there is no worklist: none is made to be read, and one that is made is written to."""

import stat
import sys
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from workbench import errors, worklist
from workbench.worklist.store import Worklist

STEP = {"lead_id": ["L1"], "plan": "Own", "step": 1, "due_date": "2026-11-02"}


def enrol(store: Worklist, owner: str = "S1") -> None:
    steps = pd.DataFrame(STEP).assign(channel="phone", text="Hello!", owner_id=owner)
    worklist.enrol(store, steps, at="2026-11-02 09:00", by="Lin")


def fail(address: str) -> None:
    with worklist.opened_or_made(address) as store:
        enrol(store)
        raise ValueError("no lead L9")


def make_twice(place: Path) -> None:
    with worklist.opened_or_made(place) as late:
        enrol(late, "late")
        with worklist.connect(place) as first:
            enrol(first, "first")


@pytest.mark.postgres
def test_a_database_without_a_worklist_is_left_as_it_is(postgres: str) -> None:
    with pytest.raises(errors.SourceNotFoundError, match="there is none at"):
        worklist.connect(postgres, make=False)
    engine = sa.create_engine(sa.make_url(postgres).set(drivername="postgresql+psycopg"))
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    with worklist.opened_or_made(postgres) as store:
        enrol(store)
    assert len(worklist.steps(worklist.connect(postgres, make=False), as_of="2026-12-31")) == 1


def test_a_worklist_that_is_not_there_is_not_made_to_be_read(tmp_path: Path) -> None:
    place = tmp_path / "data" / "worklist.db"
    for told in ("there is none at", "is an empty file"):
        if "empty" in told:
            place.parent.mkdir()
            place.touch()
        with pytest.raises(errors.SourceNotFoundError, match=told):
            worklist.connect(place, make=False)
    assert place.read_bytes() == b""


@pytest.mark.parametrize("folder", ["", "data"])
@pytest.mark.parametrize("spelled", ["{}", "sqlite:///{}"])
def test_a_draft_becomes_the_worklist_once_it_is_written_to(
    tmp_path: Path, folder: str, spelled: str
) -> None:
    place = tmp_path / folder / "worklist.db"
    address = spelled.format(place)
    with worklist.opened_or_made(address):
        assert not place.exists()
    with pytest.raises(ValueError, match="L9"):
        fail(address)
    assert list(tmp_path.iterdir()) == []
    with worklist.opened_or_made(address) as store:
        assert store.shown == address
        enrol(store)
    assert [path.name for path in place.parent.iterdir()] == ["worklist.db"]
    with worklist.opened_or_made(address) as store:
        assert len(worklist.steps(store, as_of="2026-12-31")) > 0


def test_of_two_who_make_the_worklist_the_second_is_told(tmp_path: Path) -> None:
    place = tmp_path / "worklist.db"
    with pytest.raises(errors.WorklistError, match="was made meanwhile"):
        make_twice(place)
    with worklist.connect(place, make=False) as store:
        assert worklist.steps(store, as_of="2026-12-31")["owner_id"].tolist() == ["first"]
    assert [path.name for path in tmp_path.iterdir()] == ["worklist.db"]


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    with (
        pytest.raises(errors.SourceError, match="cannot be made: No space left on device"),
        worklist.opened_or_made(tmp_path / "worklist.db"),
    ):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of its own")
def test_a_worklist_is_readable_for_this_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "worklist.db"
    with worklist.connect(file) as store, store.writing():
        made = sorted(path.name for path in tmp_path.iterdir())
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert made == ["worklist.db", "worklist.db-shm", "worklist.db-wal"]
    assert set(rights.values()) == {0o600}
    file.chmod(0o640)
    with worklist.connect(file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o640, "what a person decided stays"
