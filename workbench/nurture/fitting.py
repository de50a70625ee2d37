"""Whom is it worth nurturing? The six traits, and how long a lead has been silent."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema
from workbench.nurture.channels import channels
from workbench.nurture.weekly import handovers
from workbench.people import frame
from workbench.results import Result

FRY_SCORE = Result(
    "nurture.fry_score(leads)", lead_id="id", fry_score="number", traits_known="count",
    traits_held="count",
)  # fmt: skip


def fry_score(leads: Any, *, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """How much does each lead look like one that is worth nurturing?

    The share of the known traits that hold. A trait that nobody knows counts neither for nor
    against; how many are known stands beside.

    Parameters
    ----------
    leads
        One row per lead: ``lead_id`` and the traits of ``schema.TRAITS``, each ``yes``, ``no``,
        ``unknown`` or empty; a column that is missing is a trait nobody knows.
    weights
        How much a trait counts, 1 where it is not named, 0 to leave it out.

    Returns
    -------
    pandas.DataFrame
        One row per lead, in the order of ``leads``: ``lead_id``; ``fry_score``, 0 to 1, missing
        where no trait is known; ``traits_known`` and ``traits_held``, of those that count.

    Raises
    ------
    ContractError
        ``lead_id`` is missing, empty or there twice; a trait is something else than yes or no.
    UnknownNameError
        A weight for something that is no trait.
    ParameterError
        A weight is negative or no number, or none counts.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1", "L2"], "curious": ["yes", None],
    ...                       "cautious": ["yes", "unknown"], "cannot_decide": ["no", None]})
    >>> fry_score(leads).round(2).values.tolist()
    [['L1', 0.67, 3, 2], ['L2', nan, 0, 0]]
    """
    leads = frame(leads)
    schema.require(leads, "leads", ["lead_id"], made_by="loaders.load(…)", key="lead_id")
    counts = _weights(weights)
    is_known, held = (np.zeros((len(leads), len(schema.TRAITS)), dtype=bool) for _ in range(2))
    for place, trait in enumerate(schema.TRAITS):
        if trait not in leads:
            continue
        answers = leads[trait].fillna("unknown")
        strange = ~answers.isin(["yes", "no", "unknown"])
        if strange.any():
            raise errors.ContractError(
                f"leads: {trait} is '{answers[strange].iloc[0]}' in {int(strange.sum())} rows.",
                mend="Use yes, no or unknown, or leave it empty.",
            )
        is_known[:, place], held[:, place] = answers.isin(["yes", "no"]), answers == "yes"
    weight = np.array(list(counts.values()))
    # a fixed order of adding: equal traits give equal scores to the last bit
    whole, part = is_known @ weight, held @ weight
    score = np.divide(part, whole, out=np.full(len(leads), np.nan), where=whole > 0)
    counting = weight > 0
    return pd.DataFrame(
        {
            "lead_id": leads["lead_id"].to_numpy(),
            "fry_score": score,
            "traits_known": is_known[:, counting].sum(axis=1),
            "traits_held": held[:, counting].sum(axis=1),
        }
    ).astype({"lead_id": "str"})


DORMANT = Result(
    "nurture.dormant(leads, …)", rank="count", lead_id="id", owner_id="id", fry_score="number",
    traits_known="count", traits_held="count", days_silent="count", days_since_touch="count",
    times_enrolled="count", channels="count", as_of="date",
)  # fmt: skip


_HEARD = ["lead_id", "touched_at", "direction", "channel", "feedback", "owner_id", "text"]


def dormant(
    leads: Any,
    touches: pd.DataFrame,
    *,
    as_of: arguments.DayLike,
    silent_days: int = 30,
    steps: pd.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Which dormant leads are worth enrolling, the best first?

    Who said yes and waits to be called is not among them: see ``handovers``.

    Dormant is a lead that is no customer, whose need is not confirmed, who has said nothing for
    ``silent_days`` days and is in no plan with a step still pending. Who can be reached by no
    channel is left out.

    Parameters
    ----------
    leads, touches
        As their contracts say.
    as_of
        The day; what happened later is not seen.
    silent_days
        Days since the lead last said something or, if it never did, since it was recorded.
    steps
        Planned steps, to leave out who is in a plan; None: nobody is.
    weights
        As ``fry_score``.

    Returns
    -------
    pandas.DataFrame
        One row per dormant lead, ranked by fry score, then by known traits, then by days silent,
        then by lead: ``rank``, ``lead_id``, ``owner_id``, ``fry_score``, ``traits_known``,
        ``traits_held``, ``days_silent``, ``days_since_touch`` (either way; missing: never),
        ``times_enrolled``, ``channels`` (how many are eligible), ``as_of``.

    Raises
    ------
    ContractError
        A table is short of a column.
    ParameterError
        ``silent_days`` is no whole number from 0.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1", "L2"], "phone": "+999 1", "curious": ["no", "yes"],
    ...                       "created_on": pd.to_datetime(["2026-01-01", "2026-02-01"])})
    >>> touches = pd.DataFrame({"lead_id": ["L1"], "direction": ["in"],
    ...                         "touched_at": pd.to_datetime(["2026-09-01 10:00"])})
    >>> found = dormant(leads, touches, as_of="2026-10-31")
    >>> found[["rank", "lead_id", "fry_score", "days_silent"]].values.tolist()
    [[1, 'L2', 1.0, 272], [2, 'L1', 0.0, 60]]
    """
    day = pd.Timestamp(arguments.day("as_of", as_of))
    arguments.whole("silent_days", silent_days, least=0, mend="Use 30, for example.")
    leads = frame(leads)
    schema.require(leads, "leads", ["lead_id", "created_on"], made_by="loaders.load(…)")
    schema.require(
        touches, "touches", ["lead_id", "touched_at", "direction"], made_by="loaders.load(…)"
    )
    dates = ["created_on", "need_confirmed_on", "converted_on"]
    table = leads.reindex(columns=["lead_id", "owner_id", *dates]).reset_index(drop=True)
    for name in dates:
        table[name] = pd.to_datetime(table[name])
    table["lead_id"] = table["lead_id"].astype("str")
    seen = touches[touches["touched_at"] < day + pd.Timedelta(days=1)]
    heard = _last_day(seen[seen["direction"] == "in"], table["lead_id"])
    silent_from = heard.fillna(table["created_on"])
    table["days_silent"] = (day - silent_from).dt.days
    table["days_since_touch"] = (day - _last_day(seen, table["lead_id"])).dt.days
    ways = channels(leads, as_of=day).groupby("lead_id")["is_eligible"].sum()
    table["channels"] = table["lead_id"].map(ways)
    # who said yes and waits for a call is no longer asleep
    waiting = handovers(touches.reindex(columns=_HEARD), leads, as_of=day)
    busy, times = _enrolled(steps, table["lead_id"], day)
    table["times_enrolled"] = times
    is_dormant = (
        (table["created_on"] <= day)
        & ~(table["need_confirmed_on"] <= day)
        & ~(table["converted_on"] <= day)
        & (table["days_silent"] >= silent_days)
        & (table["channels"] > 0)
        & ~busy
        & ~table["lead_id"].isin(waiting["lead_id"])
    )
    table = table.merge(fry_score(leads, weights=weights), on="lead_id")
    ranked: pd.DataFrame = table[is_dormant.to_numpy()].sort_values(
        ["fry_score", "traits_known", "days_silent", "lead_id"],
        ascending=[False, False, False, True],
        na_position="last",
    )
    ranked = ranked.assign(rank=np.arange(1, len(ranked) + 1), as_of=day)
    return ranked[list(DORMANT.columns)].reset_index(drop=True)


def _weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    counts = dict.fromkeys(schema.TRAITS, 1.0)
    for trait, weight in (weights or {}).items():
        arguments.one_of("trait", trait, schema.TRAITS)
        counts[trait] = arguments.number(
            f"weights: {trait}", weight, least=0, mend="Use a number from 0."
        )
    if not any(counts.values()):
        raise errors.ParameterError("weights: no trait counts.", mend="Give one a weight above 0.")
    return counts


def _last_day(touches: pd.DataFrame, lead_id: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    if touches.empty:
        return pd.Series(pd.NaT, index=lead_id.index, dtype="datetime64[us]")
    last = pd.to_datetime(touches.groupby(touches["lead_id"].astype("str"))["touched_at"].max())
    return lead_id.map(last.dt.normalize()).astype("datetime64[us]")


def _enrolled(
    steps: pd.DataFrame | None, lead_id: "pd.Series[str]", day: pd.Timestamp
) -> tuple["pd.Series[bool]", "pd.Series[int]"]:
    if steps is None:
        return pd.Series(False, index=lead_id.index), pd.Series(0, index=lead_id.index)
    needed = ["enrolment_id", "lead_id", "enrolled_on", "due_date", "status", "closed_on"]
    schema.require(steps, "steps", needed, made_by="the worklist, or loaders.load(…)")
    begun = steps[pd.to_datetime(steps["enrolled_on"]) <= day]
    closed = pd.to_datetime(begun["closed_on"])
    # missed steps of a plan that has run out do not keep a lead in it
    ahead = (begun["status"] == "pending") | (closed > day)
    open_leads = begun.loc[ahead & (pd.to_datetime(begun["due_date"]) >= day), "lead_id"]
    times = begun.groupby(begun["lead_id"].astype("str"))["enrolment_id"].nunique()
    return (
        lead_id.isin(open_leads.astype("str")),
        lead_id.map(times).fillna(0).astype("int64"),
    )
