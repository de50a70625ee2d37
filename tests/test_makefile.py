"""The Makefile on machines that lack something: one message that says what to install."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A copy without an environment, in a folder whose name has a space and a quote."""
    made = tmp_path / "it's a clone"
    made.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(root / name, made)
    return made


@pytest.fixture
def make(folder: Path) -> Make:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        # MAKEFLAGS of the make that runs the tests would change what is printed
        env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        return subprocess.run(
            ["make", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
        )

    return run


def python_that(tmp_path: Path, script: str) -> str:
    path = tmp_path / "python-of-this-test"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return f"PYTHON={path}"


def test_make_alone_says_what_can_be_made(make: Make) -> None:
    done = make()
    assert done.returncode == 0
    for target in ("env", "report", "test", "quick", "lab", "bench", "samples", "lint", "help"):
        assert f"  make {target} " in done.stdout


def test_a_missing_python_is_named_with_what_to_install(make: Make) -> None:
    done = make("env", "PYTHON=/nowhere/python3")
    assert done.returncode != 0
    assert '"/nowhere/python3" is not a Python 3.11 or newer' in done.stderr
    assert "make env PYTHON=" in done.stderr


def test_a_python_that_is_too_old_is_refused(make: Make, tmp_path: Path) -> None:
    old = python_that(tmp_path, 'case "$2" in *version_info*) exit 1;; esac')
    assert "is not a Python 3.11 or newer" in make("env", old).stderr


def test_a_python_without_ensurepip_says_which_package_has_it(make: Make, tmp_path: Path) -> None:
    bare = python_that(tmp_path, 'case "$2" in *ensurepip*) exit 1;; esac')
    done = make("env", bare)
    assert done.returncode != 0
    assert "ensurepip is missing" in done.stderr
    assert "sudo apt install python3-venv" in done.stderr


def test_every_target_stands_on_the_environment(root: Path) -> None:
    rules = re.findall(r"^([a-z./]+): *([^#\n]*)", (root / "Makefile").read_text("utf-8"), re.M)
    needs = {name: said.split() for name, said in rules if name != "help"}
    for name, said in needs.items():
        assert "$(READY)" in said or "$(READY)" in needs[said[0]], name


def test_the_environment_is_made_before_anything_is_installed_or_run(make: Make) -> None:
    planned = make("-n", "report").stdout
    steps = ("-m venv", "pip install", "-m workbench samples", "-m workbench report")
    assert sorted(steps, key=planned.index) == list(steps)


def test_an_environment_made_elsewhere_is_made_again(make: Make, folder: Path, root: Path) -> None:
    stamp = folder / ".venv" / "ready"
    stamp.parent.mkdir()
    (folder / ".venv" / "bin").symlink_to(root / ".venv" / "bin")
    if not (folder / ".venv" / "bin" / "python").exists():
        pytest.skip("the tests run outside make's own environment")
    stamp.write_text(os.path.realpath(folder), encoding="utf-8")
    assert "-m venv" not in make("-n", "env").stdout
    stamp.write_text("/somewhere/else", encoding="utf-8")
    assert "-m venv --clear" in make("-n", "env").stdout


def test_reports_make_the_sample_data_only_where_they_are_missing(make: Make, folder: Path) -> None:
    assert "workbench samples" in make("-n", "report").stdout
    (folder / "data" / "samples").mkdir(parents=True)
    (folder / "data" / "samples" / "orders.csv").touch()
    assert "workbench samples" not in make("-n", "report").stdout
