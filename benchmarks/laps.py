"""How long does one side take as a whole process, imports and all, and how much memory at most?

Every side runs in a process of its own: ``python -m benchmarks.side history pandas orders.parquet``.
"""

import importlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BENCHES = ("history", "load")
# how a process says that answers differ
DIFFERENT = 3


@dataclass(frozen=True, order=True)
class Lap:
    """What one run of one side took."""

    seconds: float
    peak_megabytes: float


class DifferentError(Exception):
    """A side's answer is not the workbench's."""


def bench(name: str) -> Any:
    """Give the module of a bench: its ``SIDES``, ``keep`` and ``require_equal``."""
    if name not in BENCHES:
        raise ValueError(f"There is no bench called '{name}'. Known: {', '.join(BENCHES)}.")
    return importlib.import_module(f"benchmarks.bench_{name}")


def run(name: str, side: str, source: Path, *, kept: Path | None = None) -> Lap:
    """Run a side in a process of its own; with ``kept``, keep its answer in that folder."""
    begun = time.perf_counter()
    printed = _process(name, side, source, *([kept] if kept else []))
    return Lap(time.perf_counter() - begun, json.loads(printed.splitlines()[-1]))


def check(name: str, source: Path, kept: Path) -> None:
    """Stop with what differs where the kept answers are not equal."""
    # elsewhere, since on Linux a process begins with the peak memory of the one that starts it
    _process(name, "check", source, kept)


def make(source: Path, count: int, *, seed: int) -> None:
    """Make the orders in a process of its own."""
    _process("orders", str(count), source, seed)


def _process(*words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.side", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    if done.returncode == DIFFERENT:
        raise DifferentError(done.stderr.strip())
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words[:2]))} failed:\n{done.stderr}")
    return done.stdout
