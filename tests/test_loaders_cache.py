"""A second load is instant, a changed file is read anew, and nothing half-written is ever used."""

import json
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench import errors, loaders
from workbench.loaders.account import acceptance, intake
from workbench.loaders.account import cache as caching

pytestmark = pytest.mark.many

TEXT = "customer_id,ordered_at,amount\n1,2026-03-05,1\n2,soon,1\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    path = folder / "orders.csv"
    path.write_text(TEXT)
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def load(file: Path, cache: Path | None, **options: Any) -> loaders.Loaded:
    return loaders.load(file, cache=cache, max_reject_rate=1, **options)


def entries(cache: Path) -> list[Path]:
    return sorted(path.parent for path in cache.glob(f"*/{caching.LEDGER}"))


def test_a_second_load_reads_nothing_again(
    file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(file, cache)
    monkeypatch.setattr(intake, "take", lambda *_, **__: pytest.fail("read again"))
    second = load(file, cache)
    assert second.ledger == first.ledger
    assert second.ledger.rejects.equals(first.ledger.rejects)
    assert second.source == first.source
    assert second.table.equals(first.table)


def test_the_same_content_elsewhere_is_known(file: Path, cache: Path) -> None:
    first = load(file, cache)
    moved = file.with_name("orders.csv.bak").with_suffix(".csv")
    other = file.parent / "copy"
    other.mkdir()
    moved = other / "orders.csv"
    shutil.copy(file, moved)
    second = load(moved, cache)
    assert second.source == first.source
    assert second.ledger.source == str(moved)


def test_other_content_or_options_are_read_anew(file: Path, cache: Path) -> None:
    first = load(file, cache)
    assert load(file, cache, drop_duplicates=True).source != first.source
    file.write_text(TEXT.replace("soon", "2026-03-06"))
    changed = load(file, cache)
    assert changed.source != first.source
    assert changed.ledger.rows_rejected == 0
    assert changed.ledger.fingerprint != first.ledger.fingerprint


def test_a_change_that_keeps_size_and_time_is_seen_while_the_file_is_fresh(
    file: Path, cache: Path
) -> None:
    before = file.stat()
    load(file, cache)
    file.write_text(TEXT.replace("2026-03-05,1", "2026-03-05,2"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load(file, cache).table["amount"].tolist() == [2.0]


def test_nothing_is_written_beside_the_source(file: Path, cache: Path) -> None:
    load(file, cache)
    assert [path.name for path in file.parent.iterdir()] == ["orders.csv"]


@pytest.mark.parametrize("broken", ["ledger", "rows", "rejects", "old form"])
@pytest.mark.slow
def test_a_damaged_entry_is_made_again(file: Path, cache: Path, broken: str) -> None:
    first = load(file, cache)
    (entry,) = entries(cache)
    if broken == "ledger":
        (entry / caching.LEDGER).write_text("{")
    elif broken == "old form":
        (entry / caching.LEDGER).write_text(json.dumps({"rows_read": 1}))
    else:
        (entry / (caching.ACCEPTED if broken == "rows" else caching.REJECTS)).unlink()
    again = load(file, cache)
    assert again.ledger == first.ledger
    assert again.table.equals(first.table)


def test_a_load_that_breaks_off_leaves_nothing(
    file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(acceptance, "counts", die)
    with pytest.raises(KeyboardInterrupt):
        load(file, cache)
    assert entries(cache) == []
    assert not list(cache.glob(".workbench-draft-*"))


def test_a_full_disk_is_told_and_leaves_nothing(
    file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(acceptance, "counts", full)
    with pytest.raises(errors.SourceError, match=r"No space left.*\n.*cache folder .* has room"):
        load(file, cache)
    assert entries(cache) == []


def test_a_file_that_changes_while_it_is_read_is_told(
    file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = acceptance.counts

    def meanwhile(*args: Any, **options: Any) -> dict[str, Any]:
        file.write_text(TEXT + "3,2026-03-05,1\n")
        return honest(*args, **options)

    monkeypatch.setattr(acceptance, "counts", meanwhile)
    with pytest.raises(errors.SourceError, match=r"changed while it was read"):
        load(file, cache)


def test_another_who_was_first_is_not_disturbed(
    file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = acceptance.counts

    def meanwhile(*args: Any, **options: Any) -> dict[str, Any]:
        monkeypatch.setattr(acceptance, "counts", honest)
        load(file, cache)
        return honest(*args, **options)

    monkeypatch.setattr(acceptance, "counts", meanwhile)
    assert load(file, cache).ledger.rows_kept == 1
    assert len(entries(cache)) == 1


def test_the_least_recently_used_entries_go(
    file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "KEPT_ENTRIES", 2)
    first = load(file, cache).source.parent
    for number, place in enumerate([first, load(file, cache, separator=",").source.parent]):
        os.utime(place, ns=(0, 10**9 * (5 - number)))
    third = load(file, cache, drop_duplicates=True).source.parent
    assert entries(cache) == sorted([first, third])


def test_the_folder_is_the_one_stated_or_beside_the_settings_or_the_users(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(caching.sys, "platform", "linux")
    monkeypatch.chdir(file.parent)
    assert caching.folder() == (tmp_path / "home" / "sales-workbench").resolve()
    (tmp_path / "workbench.toml").write_text("")
    assert caching.folder() == (tmp_path / ".workbench" / "cache").resolve()
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "env"))
    assert caching.folder() == (tmp_path / "env").resolve()
    assert caching.folder(tmp_path / "mine") == (tmp_path / "mine").resolve()


def test_an_entry_is_named_so_that_any_file_name_is_harmless(cache: Path) -> None:
    name = caching.entry(cache, "../张三; rm -rf", "0", {}).name
    assert caching.entry(cache, "../张三; rm -rf", "0", {}).parent == cache
    assert name.replace("_", "").replace("-", "").isalnum()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of its own")
def test_what_is_kept_is_readable_for_this_user_alone(tmp_path: Path) -> None:
    source = tmp_path / "orders.csv"
    source.write_text("customer_id,ordered_at,amount\na,2026-10-05,5\n")
    kept = loaders.load(source, cache=tmp_path / "new" / "cache").source
    files = [path for path in kept.parent.iterdir() if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
