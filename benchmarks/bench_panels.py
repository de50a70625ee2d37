"""How long does a panel take to settle? Thirty moves each, on the sample's tables.

Run: make bench, or python -m benchmarks.bench_panels. A move is ``panel.set(...)`` through the
widgets, to values that were not shown before, until sentence, figure and list are on the page; the
wait until a control rests is not in it. Where a limit is missed, the bench ends with 1.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from workbench import config, loaders, purchases, widgets
from workbench.panel import Panel
from workbench.people import People

AS_OF, BEFORE, MOVES = "2026-10-31", "2026-04-30", 30
Moves = Iterator[dict[str, Any]]


def turns(**values: Sequence[Any]) -> Moves:
    """Move one control after the other, each to its next value."""
    ways = {name: cycle(each) for name, each in values.items()}
    return ({name: next(ways[name])} for name in cycle(values))


def panels(project: Path) -> dict[str, tuple[int, Callable[[], Panel], Moves]]:
    """Give each panel its limit in milliseconds, how it is opened, and how it is moved."""
    settings = config.load(project / "workbench.toml")
    names = ("orders", "customers", "owners", "leads")
    orders, customers, owners, leads = (loaders.load_configured(one, settings) for one in names)
    people = People(customers, owners, leads)
    history = purchases.history(orders, as_of=AS_OF)
    queued = people.leads.dropna(subset=["owner_id"])
    rises, falls = [one / 20 for one in range(21, 51)], [one / 100 for one in range(30)]
    return {
        "rfm": (
            150, lambda: widgets.rfm(orders, as_of=AS_OF, people=people, settings=settings),
            turns(bins=(6, 7, 8, 9, 10, 5), view=("grid", "distributions", "segments"),
                  window=(365, 180, None), high_from=(3, 5, 4)),
        ),
        "repurchase": (
            150, lambda: widgets.repurchase(history, people=people, settings=settings),
            turns(risk_from=rises, view=("workload", "ratios")),
        ),
        "retention": (
            250, lambda: widgets.retention(orders, as_of=AS_OF, people=people),
            turns(every=("week", "month"), within_days=range(100, 360, 10),
                  view=("second", "revenue", "by_age", "triangle")),
        ),
        "planner": (
            250, lambda: widgets.planner(queued, as_of=AS_OF, people=people),
            turns(cycle_days=range(31, 61), capacity=range(5, 35), view=("workload", "timeline")),
        ),
        "lifetime": (
            250, lambda: widgets.lifetime(orders, as_of=AS_OF, calibration_end=BEFORE,
                                          people=people, settings=settings),
            turns(horizon=range(370, 670, 10), yearly_rate=falls,
                  view=("top", "alive", "segments", "tenths", "ahead")),
        ),
    }  # fmt: skip


def settle(panel: Panel, moves: Moves) -> list[float]:
    """Time each move, in milliseconds."""
    took = []
    for move in islice(moves, MOVES):
        begun = time.perf_counter()
        panel.set(**move)
        took.append(1000 * (time.perf_counter() - begun))
    return took


def main(arguments: list[str] | None = None) -> None:
    """Settle each panel, print the table, and say which is too slow."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_panels", description=str(__doc__).split("\n\n")[0]
    )
    parser.add_argument("--only", help="one panel")
    asked = parser.parse_args(arguments)
    late = []
    print(f"Settling a panel: {MOVES} moves each, milliseconds.\n")
    print(f"{'':<12} {'p50':>6} {'p95':>6} {'limit':>6}")
    for name, (limit, opened, moves) in panels(Path(__file__).parents[1]).items():
        if asked.only in (None, name):
            took = settle(opened(), moves)
            p95 = statistics.quantiles(took, n=20)[-1]
            print(f"{name:<12} {statistics.median(took):>6.0f} {p95:>6.0f} {limit:>6}", flush=True)
            late += [name] if p95 > limit else []
    if late:
        sys.exit(f"Slower than they may be: {', '.join(late)}.")


if __name__ == "__main__":
    main()
