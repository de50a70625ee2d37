"""Are these enrolments and steps? What is to be planned is read once, strictly."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema
from workbench.scheduling import cycle
from workbench.scheduling.calendars import FIRST_YEAR, LAST_YEAR, WorkingDays
from workbench.scheduling.placing import Steps, Whole

ENROLMENTS = ("lead_id", "owner_id", "plan", "start_date", "cycle_days")
REMAINING = ("lead_id", "owner_id", "plan", "step", "day", "original_date")
ALREADY = ("lead_id", "owner_id", "plan", "due_date")
_CAPACITY = "Write capacity=20, or {'S1': 20}."
NOBODY = pd.DataFrame({"lead_id": [""], "owner_id": [None], "plan": [""]})


@dataclass(frozen=True)
class Laid:
    """Steps as the cycle alone would have them, sorted by lead, plan and step.

    Parameters
    ----------
    courses
        One row per lead and plan: ``lead_id``, ``owner_id``, ``plan``.
    course
        The row of ``courses`` of each step.
    step, day
        Its number, and its day of the cycle.
    original, laid
        The day, as a number since 1970, on which it was first to fall, and is to fall now.
    """

    courses: pd.DataFrame
    course: Whole
    step: Whole
    day: Whole
    original: Whole
    laid: Whole


def enrolments(table: pd.DataFrame, *, steps: int, as_of: arguments.DayLike | None) -> Laid:
    """Lay out all steps of a table of enrolments."""
    schema.require(table, "enrolments", ENROLMENTS, made_by="one row per lead and plan")
    _refuse_twice(table, "enrolments", ["lead_id", "plan"], "enrol a lead twice in one plan")
    rows = table.assign(
        start=_days(table, "enrolments", "start_date"),
        cycle_days=_whole(table, "enrolments", "cycle_days"),
        steps=_whole(table, "enrolments", "steps") if "steps" in table else steps,
    )
    if as_of is not None:
        _refuse_past(rows, arguments.day("as_of", as_of))
    rows = rows.sort_values(["lead_id", "plan"], ignore_index=True)
    counts: Whole = rows["steps"].to_numpy("int64")
    course: Whole = np.repeat(np.arange(len(rows)), counts).astype("int64")
    begins: Whole = np.cumsum(counts) - counts
    step = np.arange(len(course)) - begins[course] + 1
    day = np.empty(len(course), dtype="int64")
    for count in np.unique(counts):
        mine = counts == count
        # there are few different cycles, and each is laid out once
        cycles, which = np.unique(rows["cycle_days"].to_numpy("int64")[mine], return_inverse=True)
        day[mine[course]] = cycle.days_of_each(cycles, int(count))[which].ravel()
    laid = within_years(rows["start"].to_numpy()[course] + day - 1)
    return Laid(rows[["lead_id", "owner_id", "plan"]], course, step, day, laid, laid)


def remaining(table: pd.DataFrame, *, on: dt.date) -> Laid:
    """Lay out what a pause left over: the first of each plan on the day of resuming."""
    schema.require(table, "remaining", REMAINING, made_by="scheduling.plan(enrolments)")
    _refuse_twice(table, "remaining", ["lead_id", "plan", "step"], "repeat a step of a plan")
    rows = table.assign(
        original=_days(table, "remaining", "original_date"),
        step=_whole(table, "remaining", "step"),
        day=_whole(table, "remaining", "day"),
    ).sort_values(["lead_id", "plan", "step"], ignore_index=True)
    of_course = rows.groupby(["lead_id", "plan"], sort=False)
    owners = of_course["owner_id"].nunique(dropna=False)
    if (several := owners > 1).any():
        lead, plan = owners.index[int(np.argmax(several))]
        raise errors.ContractError(
            f"remaining: '{plan}' of lead '{lead}' has {owners.max()} owners.",
            mend="Hand all that is left of a plan to one owner.",
        )
    original = rows["original"].to_numpy()
    gaps = original - of_course["original"].transform("min").to_numpy()
    laid = within_years(np.datetime64(on, "D").astype("int64") + gaps)
    return Laid(
        of_course.head(1)[["lead_id", "owner_id", "plan"]].reset_index(drop=True),
        np.asarray(of_course.ngroup(), dtype=np.int64),
        rows["step"].to_numpy("int64"),
        rows["day"].to_numpy("int64"),
        original,
        laid,
    )


def taken(
    table: pd.DataFrame | None, *, owners: pd.Index, parties: pd.Index, work: WorkingDays
) -> Steps:
    """Number what has been promised as the steps to be placed are numbered."""
    if table is None:
        return Steps(*np.zeros((4, 0), dtype="int64"))
    schema.require(table, "already", ALREADY, made_by="scheduling.plan(enrolments)")
    arguments.filled(table, "already", "lead_id", "plan")
    day = _days(table, "already", "due_date")
    # what is promised for a day off takes no room on a working day
    counts = work.holds(day)
    promised, day = table.loc[counts, ["lead_id", "owner_id", "plan"]], day[counts]
    party = parties.get_indexer(pd.Index(promised["lead_id"]))
    return Steps(
        np.asarray(promised.groupby(["lead_id", "plan"]).ngroup(), dtype=np.int64),
        # a party that has nothing to be placed has nobody to keep away
        np.where(party < 0, len(parties), party),
        owners.get_indexer(pd.Index(promised["owner_id"])),
        work.number(day),
    )


def capacities(capacity: int | Mapping[str, int] | None, owners: pd.Index) -> Whole:
    """Give each owner's capacity by number, -1 for none."""
    if isinstance(capacity, Mapping):
        by_owner = {
            owner: arguments.whole(f"capacity['{owner}']", value, mend=_CAPACITY)
            for owner, value in capacity.items()
        }
        return np.array([by_owner.get(owner, -1) for owner in owners], dtype="int64")
    same = -1 if capacity is None else arguments.whole("capacity", capacity, mend=_CAPACITY)
    return np.full(len(owners), same, dtype="int64")


def within_years(day: Whole) -> Whole:
    """Refuse days outside the years that calendars know."""
    years = day.astype("datetime64[D]").astype("datetime64[Y]").astype("int64") + 1970
    wrong = (years < FIRST_YEAR) | (years > LAST_YEAR)
    if wrong.any():
        raise errors.ParameterError(
            f"{int(wrong.sum())} steps fall outside the years {FIRST_YEAR} to {LAST_YEAR}, the "
            f"first on {np.datetime64(int(day[wrong][0]), 'D')}.",
            mend="Check the start and the length of the cycle.",
        ).told_by("beyond_years", name="start", first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _days(table: pd.DataFrame, name: str, column: str) -> Whole:
    """Read a column of days as numbers since 1970; a time of day is ignored."""
    arguments.filled(table, name, column)
    values = table[column]
    if not pd.api.types.is_datetime64_dtype(values):
        values = pd.Series([arguments.day(column, day) for day in values], dtype="datetime64[s]")
    return values.to_numpy().astype("datetime64[D]").astype("int64")


def _whole(table: pd.DataFrame, name: str, column: str) -> Whole:
    """Read a column of whole numbers from 1."""
    arguments.filled(table, name, column)
    values = table[column]
    if not pd.api.types.is_integer_dtype(values):
        for value in values:
            arguments.whole(column, value, mend=f"Write {column}=30.")
    numbers = values.to_numpy("int64")
    if (low := numbers < 1).any():
        row = table.iloc[int(np.argmax(low))]
        raise errors.ContractError(
            f"{column} of lead '{row['lead_id']}' is {row[column]}, below 1.",
            mend="A cycle, like its steps, has at least one.",
        )
    return numbers


def _refuse_twice(table: pd.DataFrame, name: str, columns: list[str], what: str) -> None:
    arguments.filled(table, name, *columns)
    if (twice := table.duplicated(columns)).any():
        row = table.loc[twice].iloc[0]
        first = ", ".join(f"{column} '{row[column]}'" for column in columns)
        raise errors.ContractError(
            f"{int(twice.sum())} rows of the {name} {what}, the first is {first}.",
            mend="Keep one of them.",
        )


def _refuse_past(table: pd.DataFrame, as_of: dt.date) -> None:
    past = table["start"].to_numpy() < np.datetime64(as_of, "D").astype("int64")
    if past.any():
        row = table.loc[past].iloc[0]
        raise errors.ContractError(
            f"'{row['lead_id']}' would start on {str(row['start_date'])[:10]}, before {as_of}"
            f"{f', and {count - 1} more' if (count := int(past.sum())) > 1 else ''}.",
            mend="Let them start on that day or later: nothing can be due in the past.",
        )
