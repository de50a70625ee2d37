"""Files that are no worklist of ours are never altered, and each is told; lost servers end soon."""

import contextlib
import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import psycopg
import pytest
import sqlalchemy as sa

from workbench import cli, errors, worklist
from workbench.worklist import server, tables
from workbench.worklist import store as door

STEP = {"lead_id": ["L1"], "plan": "Own", "step": 1, "due_date": "2026-11-02"}
HAND = {"at": "2026-11-02 09:00", "by": "Lin"}


def folder(place: Path) -> dict[str, tuple[bytes, int]]:
    """Give all that lies in a folder: what is in it, and when it was changed."""
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(place.iterdir())
    }


def shop(path: Path, *before: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for words in (*before, "CREATE TABLE orders (id)", "INSERT INTO orders VALUES (1)"):
            connection.execute(words)
        connection.commit()


def kept_shop(path: Path) -> None:
    """A program that was killed: the last of its rows stand in the log beside the file."""
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE orders (id)")
        os._exit(0)
    os.waitpid(child, 0)


def log_alone(path: Path) -> None:
    kept_shop(path)
    path.with_name(path.name + "-shm").unlink()


def changed(path: Path, *words: str) -> None:
    """A worklist of ours, and what was then done to it by another hand."""
    with worklist.connect(path) as store:
        worklist.enrol(store, pd.DataFrame(STEP), **HAND)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for one in words:
            connection.execute(one)


def cut(path: Path) -> None:
    changed(path)
    path.write_bytes(path.read_bytes()[:-4096])


def scrambled(path: Path) -> None:
    changed(path)
    content = bytearray(path.read_bytes())
    content[100:4000] = b"\xa5" * 3900
    path.write_bytes(bytes(content))


OTHER: dict[str, tuple[Callable[[Path], object], str]] = {
    "another application's": (shop, "is another application's database: it holds 'orders'"),
    "with a log": (lambda path: shop(path, "PRAGMA journal_mode = WAL"), "it holds 'orders'"),
    "of a killed program": (kept_shop, "it holds 'orders'"),
    "its log alone": (log_alone, "it holds 'orders'"),
    "marked": (
        lambda path: sqlite3.connect(path).execute("PRAGMA application_id = 7"), "holds no table"
    ),
    "numbered": (
        lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 1"), "holds no table"
    ),
    "a table of our name": (
        lambda path: shop(path, "CREATE TABLE worklist_version (version)"), "another application's"
    ),
    "newer": (
        lambda path: changed(path, "UPDATE worklist_version SET version = 99"), "is of version 99"
    ),
    "without a table": (
        lambda path: changed(path, "DROP TABLE worklist_events"), "has lost its table 'worklist_ev"
    ),
    "cut short": (cut, "is cut short"),
    "cut to its start": (lambda path: path.write_bytes(b"SQLite format"), "is cut short"),
    "scrambled": (scrambled, "is damaged"),
    "a text": (lambda path: path.write_text("亲爱的" * 900, "utf-8"), "is a text file"),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0"), "no SQLite database"),
    "a folder": (lambda path: path.mkdir(), "is a folder"),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHER)
@pytest.mark.parametrize("make", [True, False])
def test_what_is_no_worklist_of_ours_is_told_and_left_as_it_is(
    tmp_path: Path, kind: str, make: bool
) -> None:
    made, what = OTHER[kind]
    place = tmp_path / "worklist.db"
    made(place)
    if place.is_dir():
        with pytest.raises(errors.SourceError, match=what):
            worklist.connect(place, make=make)
        return
    before = folder(tmp_path)
    with pytest.raises(errors.WorkbenchError) as caught:
        worklist.connect(place, make=make)
    assert what in caught.value.what
    with pytest.raises(errors.WorkbenchError), worklist.opened_or_made(place):
        pass
    assert folder(tmp_path) == before


def test_a_command_leaves_the_shop_it_was_pointed_at_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shop(tmp_path / "shop.db", "PRAGMA journal_mode = WAL")
    (tmp_path / "workbench.toml").write_text('[worklist]\nstore = "shop.db"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = folder(tmp_path)
    for words in (["due"], ["stop", "L1", "--feedback", "opted_out", "--channel", "sms"]):
        assert cli.main(["nurture", *words]) == 3
        assert "another application's database" in capfd.readouterr().err
    assert folder(tmp_path) == before


def test_a_worklist_that_was_killed_is_opened_again(tmp_path: Path) -> None:
    place = tmp_path / "worklist.db"
    child = os.fork()
    if child == 0:
        try:
            store = worklist.connect(place)
            worklist.enrol(store, pd.DataFrame(STEP), **HAND)
            with store.engine.connect() as connection:  # or else the log is emptied at the end
                connection.execute(sa.select(tables.OPERATIONS)).fetchall()
                worklist.mark_done(store, worklist.due(store, as_of="2026-11-02"), **HAND)
                os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    assert place.with_name("worklist.db-wal").stat().st_size
    assert len(worklist.done(worklist.connect(place), as_of="2026-11-02")) == 1


def test_a_file_that_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "worklist.db"
    changed(place)
    monkeypatch.setattr(door, "LOCK_SECONDS", 0.05)
    holder = sqlite3.connect(place, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(errors.SourceError, match="is locked by another program"):
        worklist.connect(place)
    holder.close()


# Lost servers


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes a call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"postgresql://ana:s3cret@127.0.0.1:{listening.getsockname()[1]}/shop"


def test_a_server_that_never_answers_is_told_in_time(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.CONNECT_SECONDS + server.SILENT_SECONDS < 40
    monkeypatch.setattr(server, "CONNECT_SECONDS", 2)
    started = time.monotonic()
    with pytest.raises(errors.SourceError, match="does not answer") as caught:
        worklist.connect(silent)
    assert time.monotonic() - started < 10
    assert "s3cret" not in str(caught.value)


def ask_of_a_frozen_server(address: str) -> None:
    with worklist.connect(address).writing() as connection:
        number = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(number, signal.SIGSTOP)
        try:
            connection.execute(sa.select(tables.OPERATIONS))
        finally:
            os.kill(number, signal.SIGCONT)


@pytest.mark.postgres
def test_a_connection_on_which_nothing_comes_any_more_ends_with_a_message(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.SILENT_SECONDS <= 30
    monkeypatch.setattr(server, "SILENT_SECONDS", 1.0)
    started = time.monotonic()
    with pytest.raises(errors.SourceError, match="does not answer any more") as caught:
        ask_of_a_frozen_server(postgres)
    assert time.monotonic() - started < 10
    assert "confirmed before is kept" in caught.value.mend


@pytest.mark.postgres
def test_a_server_that_is_only_slow_is_waited_for(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SILENT_SECONDS", 1.0)
    with worklist.connect(postgres).reading() as connection:
        rows = sa.text("SELECT pg_sleep(0.4), repeat('x', 9000) FROM generate_series(1, 5)")
        assert len(connection.execute(rows).fetchall()) == 5


@pytest.mark.postgres
def test_who_waits_long_for_a_turn_gets_it_and_is_not_taken_for_lost(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worklist.connect(postgres)
    monkeypatch.setattr(server, "_TURN_SECONDS", 1)
    monkeypatch.setattr(server, "SILENT_SECONDS", 2.0)
    with psycopg.connect(postgres) as other:
        other.execute(f"SELECT pg_advisory_lock({server._TURN})")
        monkeypatch.setattr(door, "LOCK_SECONDS", 2)
        with pytest.raises(errors.SourceError, match="is locked by another program"):
            worklist.enrol(worklist.connect(postgres), pd.DataFrame(STEP), **HAND)
        monkeypatch.setattr(door, "LOCK_SECONDS", 60)
        child = os.fork()
        if child == 0:
            try:
                made = worklist.enrol(worklist.connect(postgres), pd.DataFrame(STEP), **HAND)
            finally:
                os._exit(0 if "made" in locals() and made["is_new"].item() else 1)
        time.sleep(3.5)
        other.execute(f"SELECT pg_advisory_unlock({server._TURN})")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
