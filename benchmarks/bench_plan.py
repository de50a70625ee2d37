"""How long does it take to plan a million leads? Beside pandas with NumPy's business days.

Run: make bench, or python -m benchmarks.bench_plan. Six touches for each lead, cycles of 1 to 60
days, the working days of China with their make-up days; equal dates required. The peer knows no
capacity and no frequency cap: how long the workbench takes with a capacity stands below, alone.
Each side's best run counts, without imports and without making the leads.
"""

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from workbench import scheduling

LEADS, OWNERS, STEPS, RUNS = 1_000_000, 2_000, 6, 3
FIRST = np.datetime64("2026-01-01")


def leads(count: int, seed: int) -> pd.DataFrame:
    """Leads that are enrolled over a year, into cycles of all lengths."""
    dice = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "lead_id": pd.Series(np.arange(count)).astype(str),
            "owner_id": pd.Series(dice.integers(0, OWNERS, count)).astype(str),
            "plan": "nurture",
            "start_date": (FIRST + dice.integers(0, 365, count)).astype("datetime64[us]"),
            "cycle_days": dice.integers(1, 61, count),
        }
    )


def with_workbench(enrolments: pd.DataFrame) -> pd.DataFrame:
    """The call a user makes."""
    return scheduling.plan(enrolments, steps=STEPS, calendar=scheduling.Calendar("CN"))


def with_pandas(enrolments: pd.DataFrame) -> pd.DataFrame:
    """The same dates, vectorised: days by cycle from a table, then NumPy's next business day."""
    calendar = scheduling.Calendar("CN")
    every = np.arange(FIRST, FIRST + 800)
    off = every[~calendar.working(every[0], every[-1])]
    week = np.busdaycalendar(weekmask="1111111", holidays=off)
    cycles = range(1, int(enrolments["cycle_days"].max()) + 1)
    days = np.array([scheduling.days(cycle, steps=STEPS) for cycle in cycles])
    start = enrolments["start_date"].to_numpy().astype("datetime64[D]")
    laid = start[:, None] + days[enrolments["cycle_days"].to_numpy() - 1] - 1
    due = np.busday_offset(laid.ravel(), 0, roll="forward", busdaycal=week)
    found = enrolments.loc[enrolments.index.repeat(STEPS), ["lead_id", "owner_id", "plan"]]
    found = found.assign(
        step=np.tile(np.arange(1, STEPS + 1), len(enrolments)),
        due_date=due.astype("datetime64[us]"),
    )
    return found.sort_values(["lead_id", "plan", "step"], ignore_index=True)


SIDES = {"workbench": with_workbench, "pandas": with_pandas}


def require_equal(answers: dict[str, pd.DataFrame]) -> None:
    """Stop where the sides do not say the same days."""
    keys = ["lead_id", "plan", "step"]
    ours, theirs = (
        one.sort_values(keys, ignore_index=True)["due_date"].to_numpy().astype("datetime64[D]")
        for one in answers.values()
    )
    differ = int((ours != theirs).sum()) if len(ours) == len(theirs) else max(len(ours), 1)
    if differ:
        sys.exit(f"The results are not equal.\n{differ:,} due dates differ.")


def seconds(work: Callable[[], pd.DataFrame]) -> tuple[float, pd.DataFrame]:
    """Time one run."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def main(arguments: list[str] | None = None) -> None:
    """Plan on both sides in turn, require equal dates, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_plan", description=str(__doc__).split("\n\n")[0]
    )
    parser.add_argument("--leads", type=int, default=LEADS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    enrolments = leads(asked.leads, asked.seed)
    best: dict[str, float] = {}
    for turn in range(RUNS):
        answers = {}
        for side in list(SIDES) if turn % 2 == 0 else list(SIDES)[::-1]:
            took, answers[side] = seconds(lambda side=side: SIDES[side](enrolments))  # type: ignore[misc]
            best[side] = min(best.get(side, took), took)
        require_equal(answers)
    # room for what falls on a usual day, and a fifth more
    room = max(1, round(1.2 * STEPS * asked.leads / OWNERS / 250))
    full, _ = seconds(
        lambda: scheduling.plan(
            enrolments, steps=STEPS, calendar=scheduling.Calendar("CN"), capacity=room
        )
    )
    print(f"Planning {STEPS} touches for {asked.leads:,} leads: best of {RUNS}, equal dates.\n")
    print(f"{'':<36} {'seconds':>8} {'× workbench':>12}")
    for side, took in best.items():
        print(f"{side:<36} {took:>8.1f} {took / best['workbench']:>12.1f}")
    print(f"{f'workbench, {room} a day and owner':<36} {full:>8.1f}", flush=True)


if __name__ == "__main__":
    main()
