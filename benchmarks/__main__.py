"""All benchmarks: python -m benchmarks (make bench)."""

import argparse
import importlib.util
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    bench_kills,
    bench_models,
    bench_panels,
    bench_plan,
    bench_ranges,
    bench_reports,
    bench_tops,
    laps,
)
from benchmarks.laps import Lap

SUFFIX = {"history": ".parquet", "load": ".csv"}
TITLES = {
    "history": "Purchase history of {count:,} orders, from Parquet",
    "load": "Loading {count:,} orders, from CSV",
}
QUICK, FULL = 1_000_000, 10_000_000
# What is run: each bench, how many orders, how often each side
PLAN = (("history", QUICK, 3), ("history", FULL, 2), ("load", FULL, 2))
QUICK_PLAN = (("history", QUICK, 3), ("load", QUICK, 3))
# What is not measured beside a peer; of some there is a quick form.
OTHERS = {
    "plan": bench_plan, "models": bench_models, "kills": bench_kills, "tops": bench_tops,
    "ranges": bench_ranges, "reports": bench_reports, "panels": bench_panels,
}  # fmt: skip
FEW = ("tops",)


def sides_of(name: str) -> list[str]:
    """Name the sides of a bench that are installed; say which are not."""
    sides = []
    for side in laps.bench(name).SIDES:
        package = side.partition(",")[0]
        if importlib.util.find_spec(package) is None:
            note(f"{package} is not installed and is left out; make bench installs it.")
        else:
            sides.append(side)
    return sides


def measure(name: str, count: int, *, runs: int, seed: int) -> dict[str, Lap]:
    """Give the best run of each side, after their answers were found equal."""
    sides = sides_of(name)
    best: dict[str, Lap] = {}
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as place:
        source, kept = Path(place) / f"orders{SUFFIX[name]}", Path(place) / "kept"
        kept.mkdir()
        note(f"{TITLES[name].format(count=count)}: making the orders")
        laps.make(source, count, seed=seed)
        # not timed: the answers are compared, and the file is warm for everyone afterwards
        for side in sides:
            note(f"  {side}: the answer")
            laps.run(name, side, source, kept=kept)
        laps.check(name, source, kept)
        for turn in range(runs):
            # the order alternates, so that no side always follows the same one
            for side in sides if turn % 2 == 0 else sides[::-1]:
                lap = laps.run(name, side, source)
                note(f"  {side}: {lap.seconds:.1f} s")
                best[side] = min(best.get(side, lap), lap)
    return best


def table(name: str, count: int, best: dict[str, Lap], *, runs: int) -> str:
    """Write the best runs as a table, the workbench's time as the measure."""
    width = max(map(len, best))
    lines = [
        f"{TITLES[name].format(count=count)}: whole process, best of {runs}, equal results.",
        "",
        f"| {'':<{width}} | seconds | × workbench | peak MB |",
        f"|{'-' * (width + 2)}|--------:|------------:|--------:|",
    ]
    for side, lap in best.items():
        ratio = lap.seconds / best["workbench"].seconds
        lines.append(
            f"| {side:<{width}} | {lap.seconds:>7.1f} | {ratio:>11.1f} "
            f"| {lap.peak_megabytes:>7,.0f} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """Say on what it was measured."""
    from importlib.metadata import version

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    names = ("duckdb", "pandas", "polars", "pyarrow", "lifetimes")
    packages = [
        f"{name} {version(name)}" for name in names if importlib.util.find_spec(name) is not None
    ]
    return (
        f"{cores} cores{memory}, {platform.system()}; "
        f"Python {platform.python_version()}, {', '.join(packages)}"
    )


def note(line: str) -> None:
    """Say how far it is, apart from the result."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Run what was asked for, and print one table each."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="How fast is the workbench beside the tools people would otherwise use?",
    )
    parser.add_argument(
        "--quick", action="store_true", help="one million orders, and few fits: minutes"
    )
    parser.add_argument("--only", choices=(*laps.BENCHES, *OTHERS), help="one bench")
    parser.add_argument("--orders", type=int, help="another number of orders")
    parser.add_argument("--runs", type=int, help="of each side; the best counts")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    plan = QUICK_PLAN if asked.quick else PLAN
    if asked.orders is not None:
        plan = tuple((name, asked.orders, 3) for name in laps.BENCHES)
    print(machine())
    for name, count, usual in plan:
        if asked.only in (None, name):
            runs = asked.runs or usual
            try:
                best = measure(name, count, runs=runs, seed=asked.seed)
            except laps.DifferentError as error:
                sys.exit(f"The results are not equal.\n{error}")
            print(f"\n{table(name, count, best, runs=runs)}", flush=True)
    for name, bench in OTHERS.items():
        is_due = asked.only is None and asked.orders is None and (not asked.quick or name in FEW)
        if is_due or asked.only == name:
            print()
            bench.main(["--quick"] if asked.quick and name in FEW else [])


if __name__ == "__main__":
    main()
