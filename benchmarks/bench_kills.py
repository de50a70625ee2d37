"""Is anything lost, half written or left behind where a process is killed at any moment?

Run: make bench, or python -m benchmarks.bench_kills. A program that loads, writes or publishes
again and again is killed at a random moment; what was there before, or what is new, has to be there
whole, and the next run has to sweep what the killed one left.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workbench import loaders, outputs, scratch
from workbench.reports import publish

ROUNDS, LONGEST = 100, 0.3
ROWS = 20_000
PARTS = (publish.PAGE, publish.NOTEBOOK, publish.MANIFEST, f"{publish.TABLES}/calls.csv")


def load(folder: Path, generation: int) -> None:
    """Load a source that was never loaded before."""
    source = folder / f"{generation}.csv"
    rows = "".join(f"c{n},2026-10-05,{generation}\n" for n in range(ROWS))
    outputs.replace(source, f"customer_id,ordered_at,amount\n{rows}")
    loaders.load(source, cache=folder / "cache")
    source.unlink()


def is_loaded(folder: Path) -> bool:
    """Does every source that is there, and the next one, load whole?"""
    load(folder, -1)
    sources = folder.glob("*.csv")
    kept = [loaders.load(path, cache=folder / "cache").ledger.rows_kept for path in sources]
    return set(kept) <= {ROWS}


def write(folder: Path, generation: int) -> None:
    """Write a file over the last one."""
    outputs.replace(folder / "list.txt", f"{generation}\n" * ROWS)


def is_written(folder: Path) -> bool:
    """Is the file of one generation, and whole?"""
    lines = (folder / "list.txt").read_text().splitlines()
    write(folder, -1)
    return len(lines) == ROWS and len(set(lines)) == 1


def published(folder: Path, generation: int) -> None:
    """Publish a run in the place of the last one."""
    with publish.locked(folder):
        run = publish.start(folder)
        for part in PARTS:
            (run / part).write_text(str(generation))
        publish.publish(folder, run)


def is_published(folder: Path) -> bool:
    """Is one run published, and nothing mixed?"""
    found = {(folder / part).read_text() for part in PARTS}
    published(folder, -1)
    return len(found) == 1 and len(list((folder / ".runs").iterdir())) <= 2


WORKS: dict[str, tuple[Callable[[Path, int], None], Callable[[Path], bool]]] = {
    "load": (load, is_loaded),
    "write": (write, is_written),
    "publish": (published, is_published),
}


def losses(work: str, *, rounds: int, seed: int) -> list[str]:
    """Kill a program so many times, and say what was wrong afterwards."""
    moments, wrong = random.Random(seed), []
    _, is_whole = WORKS[work]
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as place:
        folder = Path(place)
        for number in range(rounds):
            command = [sys.executable, "-m", "benchmarks.bench_kills", "--work", work, place]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(moments.uniform(0.0, LONGEST))
                process.kill()
            if not is_whole(folder):
                wrong.append(f"{work}, kill {number}: not whole")
            left = [path.name for path in folder.rglob(f"{scratch.PREFIX}*")]
            if left:
                wrong.append(f"{work}, kill {number}: {left} left behind")
    return wrong


def main(arguments: list[str] | None = None) -> None:
    """Kill each kind of work, and print what was lost; or be the work that is killed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_kills")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", choices=tuple(WORKS))
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args(arguments)
    if asked.work and asked.folder:
        for generation in range(1_000_000):
            WORKS[asked.work][0](asked.folder, generation)
            print(generation, flush=True)
    for work in WORKS:
        began = time.monotonic()
        if wrong := losses(work, rounds=asked.rounds, seed=asked.seed):
            sys.exit("\n".join(wrong))
        seconds = time.monotonic() - began
        print(f"{work}: killed {asked.rounds} times in {seconds:.0f} s, nothing lost or left")


if __name__ == "__main__":
    main()
