"""The worklist under many hands and sudden deaths, on SQLite and on a real PostgreSQL."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import worklist_workers as workers

from workbench import worklist

pytestmark = pytest.mark.slow

PROCESSES = 8
LEADS, STEPS = 2_000, 5
KILLS = 40
SECONDS = 400


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "worklist.db")
    return str(request.getfixturevalue("postgres"))


def started(*words: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, workers.__file__, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> Any:
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err
    return json.loads(out)


def test_of_ten_thousand_steps_that_eight_processes_do_at_once_none_is_lost_or_doubled(
    address: str,
) -> None:
    planned = pd.DataFrame(
        {
            "lead_id": [f"L{lead}" for lead in range(LEADS) for _ in range(STEPS)],
            "plan": "spring",
            "step": [*range(1, STEPS + 1)] * LEADS,
            "due_date": workers.TODAY,
        }
    )
    with worklist.connect(address) as store:
        worklist.enrol(store, planned, at="2026-11-01 09:00", by="Lin")
        together = [started("share", address, seed) for seed in range(PROCESSES)]
        written = [said(one) for one in together]
        assert sum(written) == LEADS * STEPS
        assert sum(one > 0 for one in written) > 1  # they did work at once
        done = worklist.done(store, as_of=workers.TODAY)
        assert len(done) == LEADS * STEPS
        assert not done.duplicated(["enrolment_id", "step"]).any()
        with store.reading() as connection:
            events = pd.read_sql(workers.tables.EVENTS.select(), connection)
    assert events["status"].value_counts().to_dict() == {
        "pending": LEADS * STEPS,
        "done": LEADS * STEPS,
    }


def test_a_writer_killed_forty_times_leaves_nothing_half_written_and_loses_nothing_it_told_of(
    address: str,
) -> None:
    found = said(started("kill", address, KILLS, 20261102))
    assert found["wrong"] == []
    assert found["operations"] >= KILLS, "each writer had told of its first operation"
