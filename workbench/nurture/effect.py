"""What did nurture achieve: by step, channel, owner and wording, by cohort, and how soon?"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import arguments, errors, estimates, schema
from workbench.nurture.outcomes import OUTCOMES
from workbench.people import frame
from workbench.results import Result

#: What the effect may be split by.
SPLITS = (
    "plan", "step", "channel", "owner_id", "template_id", "template_version", "variant", "edited",
)  # fmt: skip
#: Each rate, what it counts and of what.
RATES = {
    "on_time_rate": ("on_time", "due"),
    "delivery_rate": ("delivered_count", "done"),
    "reach_rate": ("reached", "enrolled"),
    "reply_rate": ("replied", "heard_out"),
    "positive_rate": ("positive", "heard_out"),
}
_FLAGS = ("due", "done", "missed", "on_time", "heard_out", "replied", "positive", "negative")
_COUNTS = {name: f"is_{name}" for name in _FLAGS} | {"delivered_count": "is_delivered"}


EFFECT = Result(
    "nurture.effect(outcomes)",
    interval=["on_time_rate", "delivery_rate", "reach_rate", "reply_rate", "positive_rate"],
    enrolled="count", due="count", done="count", missed="count", on_time="count",
    delivered_count="count", reached="count", heard_out="count", replied="count", positive="count",
    negative="count", on_time_rate="rate", delivery_rate="rate", reach_rate="rate",
    reply_rate="rate", positive_rate="rate",
)  # fmt: skip


def effect(
    outcomes: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    rates: Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """How often is a step done on its day, does it arrive, and is it answered?

    Parameters
    ----------
    outcomes
        One row per step, as ``nurture.outcomes`` makes it.
    by
        One or several of ``nurture.SPLITS``; none: all steps together. A row of its own counts
        those where it is not known.
    rates
        Keep only these of ``nurture.RATES``, each behind what it counts. None: all, and all counts.
    level
        The confidence of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row per group, sorted by it: the group; ``enrolled``, enrolments with a step in it;
        ``due``, ``done``, ``missed``, ``on_time``, ``delivered_count``, ``reached`` (enrolments with a
        step that was delivered), ``heard_out`` (delivered, and the time to answer is over),
        ``replied``, ``positive``, ``negative``; and the rates of ``nurture.RATES`` with their
        Wilson intervals, as ``on_time_rate``, ``on_time_rate_low``, ``on_time_rate_high``.

    Raises
    ------
    ContractError
        A column is missing.
    UnknownNameError
        ``by`` names something the effect is not split by.

    Notes
    -----
    ``on_time`` counts among the steps that are due. A step done on its day and due is one; one done
    before its day is done, but neither due yet nor on time.

    Examples
    --------
    >>> facts = pd.DataFrame({
    ...     "enrolment_id": ["E1", "E1", "E2"], "step": [1, 2, 1], "is_due": True,
    ...     "is_done": [True, False, True], "is_missed": [False, True, False],
    ...     "is_on_time": [True, False, False], "is_delivered": [True, False, True],
    ...     "is_heard_out": [True, False, True], "is_replied": [True, False, False],
    ...     "is_positive": False, "is_negative": False})
    >>> effect(facts, by="step")[["step", "due", "on_time_rate", "reply_rate"]].values.tolist()
    [[1.0, 2.0, 0.5, 0.5], [2.0, 1.0, 0.0, nan]]
    """
    groups = _splits(by)
    for name in rates or ():
        arguments.one_of("rate", name, RATES)
    OUTCOMES.require(outcomes, "outcomes", ["enrolment_id", *_COUNTS.values(), *groups])
    rows = outcomes.assign(
        **{name: outcomes[flag].astype("int64") for name, flag in _COUNTS.items()},
        reached=outcomes["enrolment_id"].where(outcomes["is_delivered"]),
        enrolled=outcomes["enrolment_id"],
        all=0,
    )
    counted: Any = dict.fromkeys(_COUNTS, "sum") | dict.fromkeys(("enrolled", "reached"), "nunique")
    table: pd.DataFrame = (
        rows.groupby(list(groups) or "all", dropna=False).agg(counted).reset_index()
    )
    table = table[[*groups, "enrolled", "due", "done", "missed", "on_time", "delivered_count", "reached",
                   "heard_out", "replied", "positive", "negative"]]  # fmt: skip
    for name, (successes, trials) in RATES.items():
        table = estimates.rates(table, successes=successes, trials=trials, name=name, level=level)
    if rates is None:
        return table
    counts = [count for name in rates for count in RATES[name][::-1]]
    shown = [f"{name}{end}" for name in rates for end in ("", "_low", "_high")]
    return table[list(dict.fromkeys([*groups, *counts, *shown]))]


COMPARED = Result(
    "nurture.compare(outcomes, …)", interval=["rate_difference"], arm_base="text", arm="text",
    successes_base="count", trials_base="count", rate_base="rate", successes="count",
    trials="count", rate="rate", rate_difference="rate", trials_needed="count", is_shown="truth",
)  # fmt: skip


def compare(
    outcomes: pd.DataFrame,
    *,
    arm: str = "variant",
    by: str | Sequence[str] = ("plan", "step"),
    rate: str = "reply_rate",
    level: float = 0.95,
    alpha: float = 0.05,
    power: float = 0.8,
) -> pd.DataFrame:
    """Does one variant work better than the other, and how many steps would it take to see it?

    Each arm is compared with the first of its group, in the order of their names (of ``edited``:
    as templated). Leads are given variants by lot, so that a difference is the variant's; who
    edits and which version ran when is nobody's lot, so there a difference may have other causes.

    Parameters
    ----------
    outcomes
        One row per step, as ``nurture.outcomes`` makes it.
    arm
        What is compared: ``variant``, ``template_version``, ``edited``, ``channel`` or ``owner_id``.
    by
        Within which groups: some of ``nurture.SPLITS``, other than the arm.
    rate
        One of ``on_time_rate``, ``delivery_rate``, ``reply_rate``, ``positive_rate``.
    level, alpha, power
        Of the interval, and of the sample size.

    Returns
    -------
    pandas.DataFrame
        One row per group and arm but the first: the group, ``arm_base`` and ``arm``; of each the
        count, the trials and the rate (``successes_base``, ``trials_base``, ``rate_base``,
        ``successes``, ``trials``, ``rate``); ``rate_difference`` with ``rate_difference_low`` and
        ``rate_difference_high`` by Newcombe's method 10; ``trials_needed``, in each arm, to see a
        difference of this size; ``is_shown``: the interval leaves out zero. Left out are groups
        with one arm, steps whose arm is not known and, where variants or versions are compared,
        steps of templates that have only one: they would set what is written against something
        else.

    Raises
    ------
    ContractError, UnknownNameError, ParameterError
        As ``effect``; the arm is among the groups; ``rate`` is none of these.

    Examples
    --------
    >>> facts = pd.DataFrame({
    ...     "enrolment_id": [f"E{n}" for n in range(40)], "variant": ["A", "B"] * 20,
    ...     "is_heard_out": True, "is_replied": [False, True] * 8 + [False] * 24})
    >>> found = compare(facts, by=())
    >>> found[["arm_base", "arm", "rate_base", "rate", "is_shown"]].values.tolist()
    [['A', 'B', 0.0, 0.4, True]]
    """
    groups = _splits(by)
    _splits(arm)
    if arm in groups:
        raise errors.ParameterError(
            f"by holds '{arm}', which is what is compared.", mend="Leave it out of by."
        )
    shares = {name: counts for name, counts in RATES.items() if name != "reach_rate"}
    arguments.one_of("rate", rate, shares)
    successes, trials = (_COUNTS[name] for name in shares[rate])
    OUTCOMES.require(outcomes, "outcomes", [*groups, arm, successes, trials])
    rows = outcomes[outcomes[trials].astype(bool) & outcomes[arm].notna()]
    rows = rows.assign(successes=rows[successes].astype("int64"), trials=1, all=0, arm=rows[arm])
    rows = rows[rows["arm"].astype("str") != ""]
    if arm in ("variant", "template_version") and "template_id" in rows:
        rows = rows[rows.groupby("template_id", dropna=False)["arm"].transform("nunique") > 1]
    keys = list(groups) or ["all"]
    arms = rows.groupby([*keys, "arm"], dropna=False)[["successes", "trials"]].sum().reset_index()
    base = arms.drop_duplicates(keys)
    others = arms.drop(index=base.index)
    pairs = others.merge(base, on=keys, suffixes=("", "_base"))
    for end in ("_base", ""):
        pairs[f"rate{end}"] = pairs[f"successes{end}"] / pairs[f"trials{end}"]
    pairs = estimates.differences(
        pairs,
        successes=("successes", "successes_base"),
        trials=("trials", "trials_base"),
        name="rate_difference",
        level=level,
    )
    pairs = estimates.sample_sizes(
        pairs, rates=("rate_base", "rate"), name="trials_needed", alpha=alpha, power=power
    )
    pairs["is_shown"] = (pairs["rate_difference_low"] > 0) | (pairs["rate_difference_high"] < 0)
    return pairs[[*groups, *COMPARED.columns]].reset_index(drop=True)


COHORTS = Result(
    "nurture.cohorts(…)", interval=["reactivation_rate", "positive_rate", "conversion_rate"],
    cohort="date", enrolled="count", followed="count", reactivated="count", positive="count",
    converted="count", reactivation_rate="rate", positive_rate="rate", conversion_rate="rate",
    within_days="count",
)  # fmt: skip


def cohorts(
    outcomes: pd.DataFrame,
    touches: pd.DataFrame,
    leads: Any,
    *,
    within_days: int = 60,
    by: str | Sequence[str] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Of the dormant leads enrolled in a month, how many woke up, and how many became customers?

    Each enrolment is followed for ``within_days`` days, or until the lead is enrolled again. Those
    that have not been followed that
    long by ``as_of`` are counted as enrolled, and in no rate: their time is not over.

    Parameters
    ----------
    outcomes
        One row per step, as ``nurture.outcomes`` makes it.
    touches, leads
        As their contracts say; of ``leads`` the ``converted_on``.
    within_days
        How long each enrolment is followed, from the day of enrolment.
    by
        Further splits: ``plan`` or ``owner_id``.
    level
        The confidence of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row per month of enrolment and group: the group, ``cohort`` (the first of the month),
        ``enrolled``, ``followed`` (for the whole time), and of those ``reactivated`` (the lead
        wrote, and what it wrote first was not negative), ``positive`` and ``converted``, with
        ``reactivation_rate``, ``positive_rate``, ``conversion_rate`` and their Wilson intervals;
        ``within_days``.

    Raises
    ------
    ContractError
        A table is short of a column.
    ParameterError
        ``within_days`` is no whole number from 1, or ``by`` is another split.

    Examples
    --------
    >>> facts = pd.DataFrame({
    ...     "enrolment_id": ["E1", "E2"], "lead_id": ["L1", "L2"],
    ...     "enrolled_on": pd.to_datetime(["2026-07-01", "2026-07-20"]),
    ...     "as_of": pd.Timestamp("2026-10-31")})
    >>> touches = pd.DataFrame({
    ...     "lead_id": ["L1"], "touched_at": pd.to_datetime(["2026-07-03 10:00"]),
    ...     "direction": "in", "feedback": "positive"})
    >>> leads = pd.DataFrame({"lead_id": ["L1", "L2"],
    ...                       "converted_on": pd.to_datetime(["2026-08-01", None])})
    >>> found = cohorts(facts, touches, leads)
    >>> found[["cohort", "followed", "reactivated", "converted"]].values.tolist()
    [[Timestamp('2026-07-01 00:00:00'), 2, 1, 1]]
    """
    arguments.whole("within_days", within_days, mend="Use 60, for example.")
    groups = _splits(by)
    if set(groups) - {"plan", "owner_id"}:
        raise errors.ParameterError(
            f"by is {', '.join(groups)}; an enrolment has a plan and an owner.",
            mend="Use by='plan', by='owner_id' or both.",
        )
    enrolments = _enrolments(outcomes, groups)
    leads = frame(leads)
    schema.require(leads, "leads", ["lead_id", "converted_on"], made_by="loaders.load(…)")
    start = enrolments["enrolled_on"]
    end = start + pd.Timedelta(days=int(within_days))
    followed = end <= enrolments["as_of"] + pd.Timedelta(days=1)
    end = end.where(end <= enrolments["again_on"], enrolments["again_on"])
    heard = _first_answers(enrolments, touches, end)
    won = enrolments["lead_id"].map(
        leads.assign(lead_id=leads["lead_id"].astype("str")).set_index("lead_id")["converted_on"]
    )
    won = pd.to_datetime(won)
    flags = {
        "followed": followed,
        "reactivated": followed & heard["first"].isin(["positive", "none"]),
        "positive": followed & heard["positive"].notna(),
        "converted": followed & (won >= start) & (won < end),
    }
    rows = enrolments.assign(
        cohort=start.dt.to_period("M").dt.start_time.astype("datetime64[us]"),
        enrolled=1,
        **{name: flag.astype("int64") for name, flag in flags.items()},
    )
    counts = ["enrolled", *flags]
    table = rows.groupby([*groups, "cohort"], dropna=False)[counts].sum().reset_index()
    for name, count in (
        ("reactivation_rate", "reactivated"),
        ("positive_rate", "positive"),
        ("conversion_rate", "converted"),
    ):
        table = estimates.rates(table, successes=count, trials="followed", name=name, level=level)
    return table.assign(within_days=int(within_days))


WAITING = Result(
    "nurture.waiting(outcomes)", enrolment_id="id", lead_id="id", days="count", is_positive="truth",
)  # fmt: skip


def waiting(
    outcomes: pd.DataFrame, touches: pd.DataFrame, *, by: str | Sequence[str] = ()
) -> pd.DataFrame:
    """How long did each enrolment wait for a positive answer, or has it waited so far?

    For ``estimates.survival``: who is still in nurture, or whose plan ended without one, is
    censored, not counted as one who never answers. The wait ends with a new enrolment.

    Returns
    -------
    pandas.DataFrame
        One row per enrolment, sorted by it: ``enrolment_id``, ``lead_id``, the columns of ``by``
        (``plan``, ``owner_id``); ``days``, from the day of enrolment to the first positive answer,
        or to the end of watching: the day of a negative answer, else ``as_of``; ``is_positive``.

    Raises
    ------
    ContractError
        A table is short of a column.

    Examples
    --------
    >>> facts = pd.DataFrame({
    ...     "enrolment_id": ["E1", "E2"], "lead_id": ["L1", "L2"],
    ...     "enrolled_on": pd.to_datetime(["2026-10-01", "2026-10-20"]),
    ...     "as_of": pd.Timestamp("2026-10-31")})
    >>> touches = pd.DataFrame({
    ...     "lead_id": ["L1"], "touched_at": pd.to_datetime(["2026-10-04 10:00"]),
    ...     "direction": "in", "feedback": "positive"})
    >>> waiting(facts, touches)[["days", "is_positive"]].values.tolist()
    [[3, True], [11, False]]
    """
    enrolments = _enrolments(outcomes, _splits(by))
    again = enrolments["again_on"]
    heard = _first_answers(enrolments, touches, again)
    positive, negative = (heard[name].dt.normalize() for name in ("positive", "negative"))
    good = positive.notna() & ~(heard["negative"] < heard["positive"])
    watched = enrolments["as_of"].where(again > enrolments["as_of"], again)
    last = positive.where(good, negative.fillna(watched))
    return enrolments.drop(columns=["as_of", "enrolled_on", "again_on"]).assign(
        days=(last - enrolments["enrolled_on"]).dt.days, is_positive=good
    )


def _splits(by: str | Sequence[str]) -> tuple[str, ...]:
    groups = (by,) if isinstance(by, str) else tuple(by)
    return tuple(arguments.one_of("split", name, SPLITS) for name in groups)


def _enrolments(outcomes: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    needed = ["enrolment_id", "lead_id", "enrolled_on", "as_of", *groups]
    OUTCOMES.require(outcomes, "outcomes", needed, constant="as_of")
    first = outcomes[needed].drop_duplicates("enrolment_id")
    first = first.sort_values(["enrolled_on", "enrolment_id"])
    following = first.groupby("lead_id")["enrolled_on"].shift(-1)
    end = first["as_of"] + pd.Timedelta(days=1)
    first = first.assign(again_on=following.fillna(end))
    return first.sort_values("enrolment_id").reset_index(drop=True)


def _first_answers(
    enrolments: pd.DataFrame, touches: pd.DataFrame, end: "pd.Series[pd.Timestamp]"
) -> pd.DataFrame:
    """Give what each lead said first, and when it first said yes and no, from enrolment to end."""
    needed = ["lead_id", "touched_at", "direction", "feedback"]
    schema.require(touches, "touches", needed, made_by="loaders.load(…)")
    heard = touches.loc[touches["direction"] == "in", ["lead_id", "touched_at", "feedback"]]
    heard = heard.assign(
        lead_id=heard["lead_id"].astype("str"),
        touched_at=pd.to_datetime(heard["touched_at"]).astype("datetime64[us]"),
        feedback=heard["feedback"].fillna("none"),
    )
    rows = enrolments[["lead_id", "enrolled_on", "as_of"]].assign(end=end).reset_index(names="row")
    pairs = rows.merge(heard, on="lead_id")
    inside = (pairs["touched_at"] >= pairs["enrolled_on"]) & (pairs["touched_at"] < pairs["end"])
    inside &= pairs["touched_at"] < pairs["as_of"] + pd.Timedelta(days=1)
    # of answers at one moment, the positive counts first
    order = pairs["feedback"].map({"positive": 0, "negative": 1, "opted_out": 1, "none": 2})
    pairs = pairs[inside].assign(order=order[inside]).sort_values(["row", "touched_at", "order"])
    firsts = pd.DataFrame(index=enrolments.index)
    firsts["first"] = pairs.drop_duplicates("row").set_index("row")["feedback"]
    for feedback in ("positive", "negative"):
        when = pairs[pairs["feedback"] == feedback].drop_duplicates("row").set_index("row")
        firsts[feedback] = when["touched_at"].reindex(firsts.index).astype("datetime64[us]")
    return firsts
