"""Which list stands behind the marks of each exhibit that opens one? Declared once for all.

A new exhibit whose chart opens a list adds its line here: it, and the lists beside it.
"""

import functools
from collections.abc import Callable
from typing import Any

import pandas as pd
from figure_tables import company

from workbench import churn, exhibits, nurture, rfm, samples, scheduling
from workbench.exhibit import Shown

Opened = tuple[Shown, list[Shown]]


@functools.cache
def steps() -> Any:
    made = samples.company(customers=200, seed=11)
    return nurture.outcomes(made["steps"], made["touches"], as_of="2026-10-31")


def late() -> Opened:
    warnings = company()["warnings"][1]
    return exhibits.churn.ratios(churn.summary(warnings), bins=churn.ratios(warnings)), to_call()


def to_call() -> list[Shown]:
    warnings, named = company()["warnings"][1], company()["named"]
    calls = churn.call_list(warnings, warning=churn.CALLS, **named)
    return [exhibits.churn.calls(calls), exhibits.churn.due(calls)]


def calls_per_owner() -> Opened:
    workload = churn.workload(company()["warnings"][1], **company()["named"])
    return exhibits.churn.workload(workload), to_call()


def classes() -> Opened:
    segments = company()["classes"][1]
    return exhibits.rfm.segments(rfm.summary(segments)), [exhibits.rfm.customers(segments)]


def scores() -> Opened:
    segments = company()["classes"][1]
    return exhibits.rfm.grid(rfm.grid(segments)), [exhibits.rfm.customers(segments)]


def moves() -> Opened:
    both = company()["classes"]
    return exhibits.rfm.migration(rfm.migration(*both)), [exhibits.rfm.movers(rfm.moves(*both))]


def week() -> Opened:
    days = {"first": "2026-10-25", "last": "2026-10-31"}
    shown = exhibits.nurture.punctuality(nurture.punctuality(steps(), **days))
    return shown, [exhibits.nurture.planned(nurture.planned(steps(), first=days["first"]))]


def ahead() -> Opened:
    shown = exhibits.nurture.upcoming(nurture.upcoming(steps()))
    return shown, [exhibits.nurture.planned(nurture.planned(steps(), first="2026-10-25"))]


def touches() -> Opened:
    enrolments = pd.DataFrame(
        {"lead_id": list("abcd"), "owner_id": ["S1", "S1", "S2", None], "plan": "spring",
         "start_date": pd.Timestamp("2026-11-02"), "cycle_days": 30}
    )  # fmt: skip
    plan = scheduling.plan(enrolments)
    load = exhibits.scheduling.workload(scheduling.workload(plan))
    return load, [exhibits.scheduling.touches(plan)]


#: By exhibit: it, and the lists that stand beside it.
OPENED: dict[str, Callable[[], Opened]] = {
    "churn.ratios": late,
    "churn.workload": calls_per_owner,
    "rfm.segments": classes,
    "rfm.grid": scores,
    "rfm.migration": moves,
    "nurture.punctuality": week,
    "nurture.upcoming": ahead,
    "scheduling.workload": touches,
}
#: Marks that no list is made for: nobody is called who is not due or lost, who stayed is no mover.
UNLISTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "churn.ratios": lambda key: key["warning"] not in churn.CALLS,
    "rfm.migration": lambda key: key["segment_before"] == key["segment_after"],
}
