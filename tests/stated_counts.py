"""Of what is each number in a sentence the count? Declared once for every exhibit.

A new exhibit whose sentence counts something adds its line here: the number again, from its table
or from the rows that stand below the sentence.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from workbench.exhibit import Shown

Count = Callable[[Shown], Any]


def listed(shown: Shown) -> int:
    """The rows that stand below the sentence."""
    return len(shown.whole())


def total(column: str, where: str | None = None) -> Count:
    """The sum of a column of them, of all or of those a condition holds for."""
    return lambda shown: (shown.table.query(where) if where else shown.table)[column].sum()


def held(column: str, *, value: bool = True) -> Count:
    """How many rows something holds for."""
    return lambda shown: (shown.table[column].astype("bool") == value).sum()


def first(column: str) -> Count:
    """What the one row says."""
    return lambda shown: shown.table[column].iloc[0]


def newest(column: str, by: str = "period") -> Count:
    """What the latest row says."""
    return lambda shown: shown.table.sort_values(by)[column].iloc[-1]


def _moved(test: Callable[[str, str], bool]) -> Count:
    def counted(shown: Shown) -> int:
        rows = shown.table
        pairs = zip(rows["segment_before"], rows["segment_after"], strict=True)
        both = [("absent" not in (was, now)) and test(was, now) for was, now in pairs]
        return int(rows.loc[both, "customers"].sum())

    return counted


def _near(segment: str) -> bool:
    return segment.endswith(("champion", "develop"))


def _last_warning(column: str) -> Count:
    return lambda shown: (
        shown.table[shown.table["rule"] == shown.options["rule"]].sort_values("as_of")[column]
    ).iloc[-1]


def _band(column: str, band: str) -> Count:
    def counted(shown: Shown) -> Any:
        record = shown.options["record"]
        mine = (record["rule"] == shown.options["rule"]) & (record["band"] == band)
        return record.loc[mine, column].iloc[0]

    return counted


def _followed(column: str) -> Count:
    return total(column, "followed > 0")


def _first_year(shown: Shown) -> int:
    table = shown.table[shown.table.get("is_new", pd.Series(True, shown.table.index))]
    told = table[(table["age"] == 1) & table["customers"].notna()]
    middle = told["first_period"] + pd.Timedelta(days=3 * (told["every"] == "week").any())
    return int(told.loc[middle.dt.year == middle.dt.year.max(), "cohort_size"].sum())


def _printed(shown: Shown) -> "pd.Series[int]":
    return shown.table.loc[shown.table["rule"] == "as_printed", "day"]


def _rows(shown: Shown) -> int:
    """The rows that were rejected; of none those that are apart; of none of these those read."""
    rows = shown.table.set_index("check")["rows"]
    counts = [int(rows.get(name, 0)) for name in ("rows_rejected", "rows_apart", "rows_read")]
    return next((count for count in counts if count), 0)


#: By exhibit, and by the name of the value in its sentences.
COUNTS: dict[str, dict[str, Count]] = {
    "churn.calls": {"n": listed},
    "churn.due": {"n": listed},
    "churn.workload": {
        "n": total("calls"),
        "most": lambda shown: shown.table.dropna(subset="owner_id")["calls"].max(),
    },
    "ledger.rejects": {"n": listed},
    "ledger.summary": {
        "n": _rows,
        "read": lambda shown: shown.table.set_index("check")["rows"]["rows_read"],
    },
    "nurture.answers": {"n": listed},
    "nurture.cohorts": {name: _followed(name) for name in ("followed", "reactivated", "converted")},
    "nurture.compared": {
        "more": held("is_shown"), "needed": lambda shown: shown.table["trials_needed"].min(),
    },
    "nurture.handovers": {"n": listed},
    "nurture.missed": {"n": total("missed_steps"), "leads": listed},
    "nurture.planned": {
        "n": lambda shown: (shown.table["step_state"] != "ahead").sum(),
        "ahead": lambda shown: (shown.table["step_state"] == "ahead").sum(),
    },
    "nurture.punctuality": {"n": total("due"), "missed": total("missed")},
    "nurture.upcoming": {
        "n": total("steps"),
        "most": lambda shown: shown.table.groupby("due_date")["steps"].sum().max(),
    },
    "purchases.revenue": {"n": newest("active_customers")},
    "queue.day": {
        "n": first("due"), "missed": first("missed"), "one_missed": first("missed"),
        "done": first("done"), "one_done": first("done"),
    },
    "queue.done": {"n": listed},
    "queue.handovers": {"n": listed},
    "queue.steps": {"n": listed},
    "queue.timeline": {
        "n": lambda shown: (
            shown.table["what"].isin(["done", "sent"]) & ~shown.table["is_undone"].astype("bool")
        ).sum()
    },
    "retention.awaited": {"n": held("is_due"), "more": held("is_due", value=False)},
    "retention.by_age": {
        "n": lambda shown: shown.table.query("age > 0").sort_values("age")["cohort_size"].iloc[0]
    },
    "retention.revenue": {"new": newest("new_customers")},
    "retention.second": {
        "n": lambda shown: shown.table["at_risk"].max(),
        "earlier": lambda shown: shown.table["earlier_customers"].max(),
    },
    "retention.triangle": {"n": _first_year},
    "rfm.customers": {"n": listed},
    "rfm.migration": {
        "fell": _moved(lambda was, now: was.startswith("key") and not now.startswith("key")),
        "rose": _moved(lambda was, now: now.startswith("key") and not was.startswith("key")),
        "cooled": _moved(lambda was, now: _near(was) and not _near(now)),
        "warmed": _moved(lambda was, now: _near(now) and not _near(was)),
    },
    "rfm.movers": {"n": listed},
    "rfm.moved": {"n": lambda shown: shown.whole()["customers"].sum()},
    "targets.owners": {
        "reached": lambda shown: (shown.table["target_share"] >= 1).sum(),
        "all": lambda shown: shown.table["revenue_target"].count(),
    },
    "scheduling.rules": {
        "n": lambda shown: (_printed(shown) > shown.table["cycle_days"].max()).sum(),
        "steps": lambda shown: shown.table["step"].nunique(),
    },
    "scheduling.timeline": {
        "touches": listed, "moved": lambda shown: shown.table["move_reason"].notna().sum(),
    },
    "scheduling.touches": {
        "touches": listed, "n": lambda shown: shown.table["lead_id"].nunique(),
    },
    "scheduling.workload": {"steps": lambda shown: shown.table["steps"].max()},
    "track_record.bands": {
        "warned": _band("warned", "chosen"), "warned_set": _band("warned", "set"),
    },
    "track_record.by_date": {
        name: _last_warning(name) for name in ("caught", "judged", "stayed_away", "warned")
    },
    "track_record.warned": {"n": listed, "away": held("has_stayed_away")},
    "value.ahead": {"n": lambda shown: len(shown.options["expected"].customers)},
    "value.alive": {
        "told": total("customers", "is_told"), "untold": total("customers", "not is_told"),
    },
}  # fmt: skip
