"""What one process of a bench does: one side's answer, the check, or the orders."""

import json
import resource
import sys
from pathlib import Path

from benchmarks import laps


def peak_megabytes() -> float:
    """How much memory did this process hold at most?"""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(words: list[str]) -> int:
    """Do what a process was started for."""
    name, side, source, *rest = words
    if name == "orders":
        from benchmarks import orders

        orders.write(Path(source), int(side), seed=int(rest[0]))
        return 0
    if side == "check":
        try:
            laps.bench(name).require_equal(Path(source), Path(rest[0]))
        except laps.DifferentError as error:
            print(error, file=sys.stderr)
            return laps.DIFFERENT
        return 0
    answer = laps.bench(name).SIDES[side](Path(source))
    print(json.dumps(peak_megabytes()))
    if rest:
        laps.bench(name).keep(answer, side, Path(rest[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
