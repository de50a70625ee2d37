"""How fast are the lifetime models beside lifetimes? Equal likelihoods and predictions required.

Run: make bench, or python -m benchmarks.bench_models. lifetimes needs an older pandas than the project,
so it lives in an environment of its own, .venv-bench, made on the first run; where that cannot be made
(no package index) it is left out, and said so. Each side runs in a process of its own, so that its peak
memory is its own; what is timed is the call a user makes, on a table that is already there, without
imports; the order of sides alternates, and each side's best run counts.

Customers are simulated by BG/NBD on calendar days, as real orders have them; CDNOW is used where the
real data sets stand beside the project.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
PEER = ROOT / ".venv-bench"
CDNOW = ROOT.parent / "shared" / "data" / "cdnow" / "cdnow_customers_summary.csv"
PARAMETERS = {
    "BG/NBD": {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259},
    "Pareto/NBD": {"r": 0.5533, "alpha": 10.578, "s": 0.6062, "beta": 11.669},
}
HORIZON = 26.0
# a fit that is less likely than the other's by more than this share is not the same fit
EQUAL = 1e-6

Columns = dict[str, Any]


def simulated(count: int, seed: int) -> Columns:
    """Customers who buy at an own rate and drop out by a coin, on days, over up to 78 weeks."""
    dice = np.random.default_rng(seed)
    p = PARAMETERS["BG/NBD"]
    rate = dice.gamma(p["r"], 1 / p["alpha"], count)
    stop = dice.beta(p["a"], p["b"], count)
    age = dice.integers(7 * 26, 7 * 78, count)
    now, last, repeats = np.zeros(count), np.zeros(count), np.zeros(count, dtype=int)
    there = np.arange(count)
    while len(there):
        now[there] += np.maximum(np.ceil(7 * dice.exponential(1, len(there)) / rate[there]), 1)
        there = there[now[there] <= age[there]]
        last[there] = now[there]
        repeats[there] += 1
        there = there[dice.random(len(there)) >= stop[there]]
    return {
        "repeat_purchases": repeats,
        "last_purchase_age": last / 7,
        "customer_age": age / 7,
    }


def cdnow() -> Columns:
    """The published summary of CDNOW: its 2,357 customers."""
    _, x, last, age = np.loadtxt(CDNOW, delimiter=",", skiprows=1, unpack=True)
    return {"repeat_purchases": x.astype(int), "last_purchase_age": last, "customer_age": age}


def with_workbench(task: str, model: str, columns: Columns) -> Callable[[], Any]:
    """The call a user makes."""
    import pandas as pd

    from workbench import models

    table = pd.DataFrame(columns)
    kind = {"BG/NBD": models.BetaGeo, "Pareto/NBD": models.ParetoNBD}[model]
    if task == "fit":
        return lambda: kind.fit(table).parameters
    given = kind(**PARAMETERS[model])
    return lambda: given.expected_purchases(table, horizon=HORIZON).to_numpy()


def with_lifetimes(task: str, model: str, columns: Columns) -> Callable[[], Any]:
    """The same call there."""
    import pandas as pd
    from lifetimes import BetaGeoFitter, ParetoNBDFitter

    table = pd.DataFrame(columns)
    x, last, age = (table[name] for name in table.columns)
    kind = {"BG/NBD": BetaGeoFitter, "Pareto/NBD": ParetoNBDFitter}[model]
    if task == "fit":
        return lambda: {name: float(p) for name, p in kind().fit(x, last, age).params_.items()}
    given = kind()
    given.params_ = pd.Series(PARAMETERS[model])
    given.predict = given.conditional_expected_number_of_purchases_up_to_time
    return lambda: np.asarray(given.predict(HORIZON, x, last, age))


SIDES = {"workbench": with_workbench, "lifetimes": with_lifetimes}


def work(side: str, task: str, model: str, data: Path, runs: int, out: Path) -> None:
    """Do one task some times; write what came out, the best seconds and the peak megabytes."""
    warnings.simplefilter("ignore")
    with np.load(data) as file:
        columns = {name: file[name] for name in file.files}
    few = {name: values[:500] for name, values in columns.items()}
    # so that what is imported on first use is not counted, on either side
    SIDES[side](task, model, few)()
    call, best, answer = SIDES[side](task, model, columns), float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        answer = call()
        best = min(best, time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 1024 * 1024 if sys.platform == "darwin" else 1024
    if isinstance(answer, np.ndarray):
        np.save(out.with_suffix(".npy"), answer)
        answer = None
    out.write_text(json.dumps({"seconds": best, "peak": peak, "answer": answer}), encoding="utf-8")


def peer_python(given: Path | None) -> Path | None:
    """Give the Python that has lifetimes, making its environment where it is not there yet."""
    python = given or PEER / "bin" / "python"
    if not python.exists() and given is None:
        print("Making .venv-bench for lifetimes (once) …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", PEER], check=False, capture_output=True)
        install = ["-m", "pip", "install", "--quiet", "lifetimes", "pandas<3"]
        subprocess.run([python, *install], check=False, capture_output=True)
    if python.exists():
        known = subprocess.run([python, "-c", "import lifetimes"], check=False, capture_output=True)
        if known.returncode == 0:
            return python
    print(
        "lifetimes is left out: it could not be installed. Name a Python that has it: --peer PATH"
    )
    return None


def run(python: Path | str, side: str, case: dict[str, Any], data: Path, out: Path) -> Any:
    """Run one side of one case in a process of its own."""
    arguments = [case["task"], case["model"], data, case["runs"], out]
    done = subprocess.run(
        [str(python), __file__, "--work", side, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        sys.exit(f"{side}, {case['task']} {case['model']} failed:\n{done.stderr}")
    return json.loads(out.read_text(encoding="utf-8"))


def require_equal(case: dict[str, Any], data: Path, answers: dict[str, Any], folder: Path) -> str:
    """Stop where the two sides did not do the same; give how near they are."""
    import pandas as pd

    from workbench import models

    if len(answers) < 2:
        return ""
    if case["task"] != "fit":
        ours, theirs = (np.load(folder / f"{side}.npy") for side in SIDES)
        apart = float(np.nanmax(np.abs(ours / theirs - 1)))
        if apart > EQUAL:
            sys.exit(f"{case}: predictions differ by {apart:.1e}")
        return f"predictions equal to {apart:.0e}"
    with np.load(data) as file:
        table = pd.DataFrame({name: file[name] for name in file.files})
    kind = {"BG/NBD": models.BetaGeo, "Pareto/NBD": models.ParetoNBD}[case["model"]]
    ours, theirs = (kind(**answers[side]["answer"]).log_likelihood(table) for side in SIDES)
    if abs(ours - theirs) > EQUAL * abs(ours) or ours < theirs - 1e-9 * abs(ours):
        sys.exit(f"{case}: log-likelihoods are {ours} here and {theirs} there")
    return f"log-likelihood {ours:,.4f}, lifetimes {theirs - ours:+.1e}"


def main(arguments: list[str] | None = None) -> None:
    """Run all cases on both sides in turn, require equal results, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_models", description=str(__doc__).split("\n\n")[0]
    )
    parser.add_argument("--peer", type=Path, help="a Python that has lifetimes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs=6, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.work:
        side, task, model, data, runs, out = asked.work
        work(side, task, model, Path(data), int(runs), Path(out))
        return
    pythons: dict[str, Path | str] = {"workbench": sys.executable}
    peer = peer_python(asked.peer)
    if peer:
        pythons["lifetimes"] = peer
    tables: dict[str, Callable[[], Columns]] = {
        f"{count:,} simulated": lambda count=count: simulated(count, asked.seed)  # type: ignore[misc]
        for count in (20_000, 100_000, 1_000_000)
    }
    if CDNOW.exists():
        tables["CDNOW"] = cdnow
    cases = [
        {"task": task, "model": model, "table": table, "runs": runs, "turns": turns}
        for task, model, table, runs, turns in (
            ("fit", "BG/NBD", "CDNOW", 20, 3),
            ("fit", "Pareto/NBD", "CDNOW", 5, 3),
            ("fit", "BG/NBD", "100,000 simulated", 3, 2),
            ("fit", "Pareto/NBD", "20,000 simulated", 1, 2),
            ("fit", "BG/NBD", "1,000,000 simulated", 1, 2),
            ("predict", "BG/NBD", "1,000,000 simulated", 3, 2),
            ("predict", "Pareto/NBD", "1,000,000 simulated", 3, 2),
        )
        if table in tables
    ]
    print(f"{'':<42} {'workbench':>17} {'lifetimes':>17} {'times as fast':>14}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case in cases:
            data = folder / f"{case['table'].replace(' ', '_')}.npz"
            if not data.exists():
                np.savez(data, **tables[case["table"]]())
            answers: dict[str, Any] = {}
            for turn in range(case["turns"]):
                sides = list(pythons)
                for side in sides if turn % 2 == 0 else sides[::-1]:
                    found = run(pythons[side], side, case, data, folder / f"{side}.json")
                    before = answers.get(side, found)
                    found["seconds"] = min(found["seconds"], before["seconds"])
                    answers[side] = found
            how = require_equal(case, data, answers, folder)
            cells = [
                f"{one['seconds']:>7.3f} s {one['peak']:>4,.0f} MB" for one in answers.values()
            ]
            ratio = ""
            if len(answers) == 2:
                ratio = (
                    f"{answers['lifetimes']['seconds'] / answers['workbench']['seconds']:>12.1f} ×"
                )
            label = f"{case['task']} {case['model']}, {case['table']}"
            print(f"{label:<42} {'  '.join(cells)} {ratio}   {how}", flush=True)


if __name__ == "__main__":
    main()
