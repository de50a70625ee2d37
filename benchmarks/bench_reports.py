"""How long does it take to make a report, a set of reports, and a page for each owner?

Run: make bench, or python -m benchmarks.bench_reports. Of the sample company, each side as a whole
process: one report beside papermill and nbconvert on the same notebook, which have to find the same;
the set in both languages beside its reports one after the other; the page of each owner. Processor
time counts that of all processes together: on a busy machine it is the surer of the two.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.reports import html

NAME, PERIOD, RUNS = "monthly_customers", "2026-10", 3
SET = (("monthly_customers", PERIOD), ("weekly_nurture", "2026-W43"))
_PEER = """
import sys, papermill
from nbconvert import HTMLExporter
notebook, out, period = sys.argv[1:]
made = papermill.execute_notebook(notebook, out, {"period": period}, kernel_name="python3", progress_bar=False)
open(out + ".html", "w", encoding="utf-8").write(HTMLExporter().from_notebook_node(made)[0])
"""


@dataclass(frozen=True, order=True)
class Lap:
    """What a process and all it started took: seconds, seconds of processors, most memory of one."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float


def lap(company: Path, *command: str) -> Lap:
    """Run a process to its end."""
    begun = time.perf_counter()
    with (company / "bench.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=company, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[:4]} failed:\n{(company / 'bench.log').read_text(encoding='utf-8')}")
    took = used.ru_utime + used.ru_stime
    return Lap(time.perf_counter() - begun, took, used.ru_maxrss / 1024)


def workbench(company: Path, *words: str) -> Lap:
    """Run a command of the workbench."""
    return lap(company, "-m", "workbench", *words)


def report(company: Path, *words: str) -> Lap:
    """Make reports as a user does, also unchanged ones."""
    return workbench(company, "report", *words, "--force")


def with_papermill(company: Path) -> Lap:
    """The same notebook, by the tools one would otherwise take."""
    notebook = company / "notebooks" / "reports" / f"{NAME}.ipynb"
    return lap(company, "-c", _PEER, str(notebook), str(company / "peer.ipynb"), PERIOD)


def require_equal(company: Path) -> None:
    """Stop where the two notebooks do not find the same."""
    ours = company / "reports" / NAME / PERIOD / "en" / "notebook.ipynb"
    titles = [
        html.title(json.loads(path.read_text(encoding="utf-8")))
        for path in (ours, company / "peer.ipynb")
    ]
    if titles[0] != titles[1]:
        sys.exit(f"The results are not equal.\n{titles[0]!r} and {titles[1]!r}")


def in_turn(company: Path) -> Lap:
    """The set, a process for each report."""
    laps = [
        report(company, name, "--period", period, "--lang", lang)
        for name, period in SET
        for lang in ("en", "zh")
    ]
    return Lap(
        sum(one.seconds for one in laps),
        sum(one.processor_seconds for one in laps),
        max(one.peak_megabytes for one in laps),
    )


def sides(owners: int) -> dict[str, tuple[Callable[[Path], Lap], int]]:
    """What is measured, and of how many pages each."""
    return {
        "one report": (lambda company: report(company, NAME, "--period", PERIOD), 1),
        "papermill, nbconvert": (with_papermill, 1),
        "set, two at a time": (lambda company: report(company, "--all", "--lang", "all"), 4),
        "set, one by one": (in_turn, 4),
        "each owner": (lambda company: report(company, NAME, "--each", "owner"), owners + 1),
    }


def main(arguments: list[str] | None = None) -> None:
    """Measure all sides in turn, and print the best run of each."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_reports", description=str(__doc__).split("\n\n")[0]
    )
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as place:
        company = Path(place)
        workbench(company, "init", "--with-samples")
        owners = (company / "data" / "samples" / "owners.csv").read_text(encoding="utf-8")
        measured = sides(len(owners.splitlines()) - 1)
        best: dict[str, Lap] = {}
        for _ in range(asked.runs):
            for side, (make, _) in measured.items():
                took = make(company)
                best[side] = min(best.get(side, took), took)
            require_equal(company)
    print(table(best, {side: pages for side, (_, pages) in measured.items()}, runs=asked.runs))


def table(best: dict[str, Lap], pages: dict[str, int], *, runs: int) -> str:
    """Write the best runs as a table, one report's time per page as the measure."""
    lines = [
        f"Reports of the sample company: whole processes, best of {runs}, equal results.",
        "",
        "| {:<22} | pages | seconds | of processors | per page, × one report | peak MB |".format(
            ""
        ),
        f"|{'-' * 24}|------:|--------:|--------------:|-----------------------:|--------:|",
    ]
    one = best["one report"].seconds
    for side, took in best.items():
        ratio = took.seconds / pages[side] / one
        lines.append(
            f"| {side:<22} | {pages[side]:>5} | {took.seconds:>7.1f} "
            f"| {took.processor_seconds:>13.1f} | {ratio:>22.2f} | {took.peak_megabytes:>7,.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
