"""Programs that use one worklist at once, or are killed in the midst of it; started by tests.

``share STORE SEED`` does every step that is due, beside others that do the same, and prints how
many it did. ``kill STORE ROUNDS SEED`` starts a writer again and again, kills it at a random moment
(``kill -9``), and looks at the store after each: what was told as kept is there, and nothing of
what was not kept.
"""

import json
import os
import random
import select
import signal
import sys
import time
from typing import Any

import pandas as pd
import sqlalchemy as sa

from workbench import worklist
from workbench.worklist import tables
from workbench.worklist.store import Worklist

AT = "2026-11-02 09:00"
TODAY = "2026-11-02"
STEPS_AT_ONCE = 100
PARTIES, STEPS = 5, 2
# How many events does one operation of the writer write?
EVENTS = {"enrol": PARTIES * STEPS, "done": PARTIES, "skip": 1, "undo": PARTIES, "pause": STEPS}
START_SECONDS = 30.0


def share(address: str, seed: int) -> None:
    """Do what is due until nothing is: always steps that others may just be doing too."""
    chance = random.Random(seed)
    with worklist.connect(address) as store:
        written = 0
        while len(due := worklist.due(store, as_of=TODAY)):
            first = chance.randrange(max(1, len(due) - STEPS_AT_ONCE))
            part = due.iloc[first : first + STEPS_AT_ONCE]
            made = worklist.mark_done(store, part, at=AT, by=f"worker {seed}")
            written += int(made["is_written"].sum())
    print(json.dumps(written))


def write(address: str, name: str, told: int) -> None:
    """Enrol, do, take back, skip, pause, without end; tell of each operation once it is kept."""
    with worklist.connect(address) as store:
        number = 0
        while True:
            parties = [f"{name}-{number}-{party}" for party in range(PARTIES)]
            planned = pd.DataFrame(
                {
                    "lead_id": [party for party in parties for _ in range(STEPS)],
                    "plan": "spring",
                    "step": [1, 2] * PARTIES,
                    "due_date": [TODAY, "2026-11-09"] * PARTIES,
                }
            )
            made = worklist.enrol(store, planned, at=AT, by=name)
            _tell(told, made)
            first = made[["enrolment_id"]].assign(step=1)
            done = worklist.mark_done(store, first, at=AT, by=name)
            _tell(told, done)
            taken_back = int(done["operation_id"].iloc[0])
            _tell(told, worklist.undo(store, taken_back, at=AT, by=name))
            _tell(told, worklist.skip(store, first.head(1), reason="ill", at=AT, by=name))
            _tell(told, worklist.pause(store, parties[-1], at=AT, by=name))
            number += 1


def _tell(told: int, made: pd.DataFrame) -> None:
    os.write(told, f"{int(made['operation_id'].iloc[0])}\n".encode())


def wrong_in(store: Worklist, told: set[int]) -> list[str]:
    """What in the store is half, doubled or lost?"""

    def rows(asked: Any) -> list[Any]:
        return list(connection.execute(asked).fetchall())

    events, operations = tables.EVENTS, tables.OPERATIONS
    count = sa.func.count()
    with store.reading() as connection:
        kinds = {row.operation_id: row.kind for row in rows(sa.select(operations))}
        by_operation = dict(
            tuple(row)
            for row in rows(sa.select(events.c.operation_id, count).group_by(events.c.operation_id))
        )
        by_step = rows(
            sa.select(count, sa.func.min(events.c.seq), sa.func.max(events.c.seq)).group_by(
                events.c.enrolment_id, events.c.step
            )
        )
        steps = rows(sa.select(count).select_from(tables.STEPS))[0][0]
        sound = "ok"
        if store.engine.dialect.name == "sqlite":
            sound = rows(sa.text("PRAGMA integrity_check"))[0][0]
    wrong = [f"operation {lost} was told and is gone" for lost in told - set(kinds)]
    wrong += [
        f"{kind} {number} wrote {by_operation.get(number, 0)} events"
        for number, kind in kinds.items()
        if by_operation.get(number, 0) != EVENTS[kind]
    ]
    wrong += [f"a step has events {low} to {high}, {n} of them" for n, low, high in by_step
              if (low, high) != (0, n - 1)]  # fmt: skip
    if len(by_step) != steps:
        wrong.append(f"{steps} steps, {len(by_step)} with events")
    if len(kinds) > len(told) + 1:
        wrong.append(f"{len(kinds)} operations, {len(told)} told: more than one was under way")
    return wrong + ([] if sound == "ok" else [str(sound)])


def kill(address: str, rounds: int, seed: int) -> None:
    """Kill a writer in each round, and look."""
    chance = random.Random(seed)
    worklist.connect(address).close()
    wrong: list[str] = []
    kept = 0
    for number in range(rounds):
        with worklist.connect(address) as store, store.reading() as connection:
            before = set(connection.execute(sa.select(tables.OPERATIONS.c.operation_id)).scalars())
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            write(address, f"round {number}", writer)
        os.close(writer)
        # From its first operation on, any moment will do.
        assert select.select([reader], [], [], START_SECONDS)[0], "the writer did not start"
        time.sleep(chance.uniform(0, 0.2))
        os.kill(child, signal.SIGKILL)
        _, ended = os.waitpid(child, 0)
        assert os.WIFSIGNALED(ended), "the writer ended by itself"
        with os.fdopen(reader, "rb") as pipe:
            told = {int(line) for line in pipe.read().split()}
        kept += len(told)
        with worklist.connect(address) as store:
            wrong += [f"round {number}: {one}" for one in wrong_in(store, told | before)]
    print(json.dumps({"operations": kept, "wrong": wrong}))


if __name__ == "__main__":
    task, place, *numbers = sys.argv[1:]
    {"share": share, "kill": kill}[task](place, *map(int, numbers))
