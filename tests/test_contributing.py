"""What CONTRIBUTING shows is built exactly as printed, in a copy, and runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```(python|csv|diff) (\S+)\n(.*?)^```$", flags=re.M | re.S)


SAMPLES = """
from workbench import exhibits, purchases, samples
from workbench.churn import rhythm
from workbench.people import People
company = samples.company(customers=60)
history = purchases.history(company["orders"], as_of="2026-10-31")
people = People(company["customers"], company["owners"])
"""


def blocks(root: Path) -> list[tuple[str, str, str]]:
    return BLOCK.findall((root / "CONTRIBUTING.md").read_text(encoding="utf-8"))


def changed(text: str, change: str) -> str:
    """Put the lines with a plus in the place of the line with a minus before them."""
    for old, new in re.findall(r"^-(.*)\n((?:^\+.*\n)+)", change, flags=re.M):
        assert text.count(f"{old}\n") == 1, f"'{old}' stands elsewhere now"
        text = text.replace(f"{old}\n", re.sub(r"^\+", "", new, flags=re.M))
    return text


def test_the_analysis_is_as_small_as_it_says(root: Path) -> None:
    parts = blocks(root)
    lines = sum(
        len(re.findall(r"^\+" if kind == "diff" else r"^.*\S", text, flags=re.M))
        for kind, _, text in parts
    )
    assert len({place for _, place, _ in parts}) <= 9
    assert lines <= 130


@pytest.mark.slow
def test_the_analysis_is_built_as_printed_and_runs(root: Path, tmp_path: Path) -> None:
    for folder in ("workbench", "tests", "docs", "notebooks"):
        shutil.copytree(
            root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.png")
        )
    shutil.copy(root / "pyproject.toml", tmp_path)
    for kind, place, text in blocks(root):
        path = tmp_path / place
        if kind == "diff":
            text = changed(path.read_text(encoding="utf-8"), text)
        else:
            assert not path.exists(), f"{place} is there already"
        path.write_text(text, encoding="utf-8")
    page = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^```python\n(exhibits\.rhythm.*)\n```$", page, flags=re.M)
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    tests = ("tests/test_churn_rhythm.py", "tests/test_exhibits.py", "tests/test_results.py")
    for arguments in (
        ("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "-k", "rhythm or interval"),
        ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--doctest-modules",
         "workbench/churn/rhythm.py", "tests/test_words.py"),
        ("-c", f"{SAMPLES}assert 'owners buy every' in {line}.sentence()"),
        ("-m", "ruff", "check", "workbench", "tests/test_churn_rhythm.py"),
        ("-m", "ruff", "format", "--check", "workbench/churn/rhythm.py", "workbench/exhibits"),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
