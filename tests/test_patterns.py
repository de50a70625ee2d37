"""Patterns: they name what ``glob`` names, and one over a whole disk comes to an end."""

import glob
import time
from pathlib import Path

import pytest

from workbench import errors, loaders, outputs, patterns
from workbench.reports import manifest


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "a.csv", "b.txt", ".hidden.csv", "in/a.csv", "in/b.csv", "in/deep/a.csv", "in/.not/a.csv",
        "in/deep/er/c.csv", "[odd]/a.csv", "in/2026/a1.csv", "in/2025/a2.csv",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    (tmp_path / "broken.csv").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "pattern",
    [
        "*.csv", "*/a.csv", "**/*.csv", "in/**", "in/**/a.csv", "**/a?.csv", "in/20[0-9][0-9]/*.csv",
        ".*.csv", "in/*/..", "[[]odd]/*.csv", "nowhere/*.csv", "in/**/deep/*.csv", "*", "i*/d*/*.csv",
        "in/[!2]*",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_absolute", [False, True])
def test_a_pattern_names_what_glob_names(tree: Path, pattern: str, is_absolute: bool) -> None:
    said = str(tree / pattern) if is_absolute else pattern
    expected = {Path(name) for name in glob.glob(said, recursive=True)}  # noqa: PTH207
    found = patterns.matching(said)
    assert set(found) == expected
    assert len(found) == len(expected)


def test_a_pattern_over_a_whole_disk_stops_with_a_message() -> None:
    began = time.monotonic()
    with pytest.raises(errors.SourceError, match="which are not those of one table") as told:
        loaders.load("/**/*")
    assert time.monotonic() - began < 60
    assert "Name the folder of the exports" in told.value.mend


@pytest.mark.parametrize("what", ["MOST_FILES", "MOST_LOOKED_AT"])
def test_too_many_files_are_refused_wherever_a_pattern_is_read(
    tree: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, what, 3)
    with pytest.raises(errors.SourceError, match="more than 3 files"):
        loaders.load("**/*.csv")
    with pytest.raises(errors.SourceError, match="more than 3 files"):
        outputs.check("new.csv", "**/*.csv")
    assert manifest.file_fingerprint(Path("**/*.csv")) is None


def test_a_folder_of_too_many_files_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_FILES", 1)
    with pytest.raises(errors.SourceError, match=r"holds more than 1 files"):
        loaders.load("in")


def test_a_loop_of_links_comes_to_its_end(tree: Path) -> None:
    (tree / "in" / "loop").symlink_to(tree / "in")
    assert tree / "in" / "deep" / "er" / "c.csv" in patterns.matching(tree / "in" / "**" / "c.csv")
