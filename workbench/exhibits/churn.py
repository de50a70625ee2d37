"""Who is overdue by their own rhythm, who is to be called, and how many calls is that for whom?"""

from typing import Any

import pandas as pd

from workbench import charts, churn, schema
from workbench.exhibit import Sheet, capitalised, exhibit
from workbench.people import called
from workbench.words import Words, spoken

# The warnings that show a rhythm, and of these the one told of.
_KNOWN = ("not_due", "likely_repurchase", "churn_risk", "lost")
_OVERDUE = "churn_risk"
_BACK = ("not_due", "likely_repurchase")
# What lists customers to be called, and by what a number counts them.
_LISTS = ("churn.calls", "churn.due")
_CODES = ("customer_id", "owner_id", "warning", "ratio")


@exhibit(churn.SUMMARY)
def ratios(summary: pd.DataFrame, words: Words, *, bins: pd.DataFrame) -> Sheet:
    """How late are customers against their own rhythm? ``bins`` come from ``churn.ratios``."""
    counts = summary.set_index("warning")["customers"]
    known = counts.reindex(list(_KNOWN)).fillna(0).sum()
    with churn.RATIOS.reading(bins, "bins"):
        edges = bins.groupby("warning")["left"].min()
        chart = charts.Histogram(
            rows=bins, x_title="x", y_title="y", hover="hover", tick_as="plain", band="warning",
            tones=charts.style.WARNING_TONES, held=dict(counts),
            opens=charts.Opens(lists=_LISTS, by=["warning"], between="ratio"),
        )  # fmt: skip
    late = counts.get(_OVERDUE, 0)
    bands = {"due_from": "likely_repurchase", "risk_from": "churn_risk", "lost_from": "lost"}
    read = words("meaning", **{name: edges.get(band) for name, band in bands.items()})
    shares = {"late": late / (known or 1), "lost": counts.get("lost", 0) / (known or 1) or None}
    said = words("some" if late else "few" if known else "none", **shares)
    subtitle = words("subtitle", known=known, hidden=counts.get("too_little_history") or None)
    return Sheet(said, chart, subtitle=subtitle, meaning=[read, words("do")])


@exhibit(
    churn.WORKLOAD, minor=["value_at_stake"],
    columns=["owner_name", "likely_repurchase", "churn_risk", "calls", "value_at_stake"],
)  # fmt: skip
def workload(workload: pd.DataFrame, words: Words, *, change: pd.DataFrame | None = None) -> Sheet:
    """How many calls does each owner have to make? ``change`` comes from ``workload_change``."""
    order = ["calls", "value_at_stake", "owner_id"]
    rows = workload.sort_values(order, ascending=[False, False, True])
    changes = pd.Series(dtype="float64")
    if change is not None:
        with churn.WORKLOAD_CHANGE.reading(change, "change"):
            # the calls that nobody owns have a null id, which equals nothing
            changes = change.set_index(_ids(change))["calls_change"]
    chart = charts.Bars(
        rows=rows.assign(owner_name=called(rows, "owner"), change=_ids(rows).map(changes)),
        label="owner_name", unnamed="nobody", signs=(16, 16), value="calls", parts_as="warning",
        parts={"churn_risk": "risk", "likely_repurchase": "due"}, beside="beside", hover="hover",
        more="more", opens=charts.Opens(lists=_LISTS, by=["owner_id"], part="warning"),
    )  # fmt: skip
    n, owned = int(rows["calls"].sum()), rows[rows["owner_name"].notna()]
    most, second = [*owned["calls"], 0, 0][:2]
    owner = owned["owner_name"].iloc[0] if most > second and len(rows) > 1 else None
    sentence = words("some" if n else "none", n=n, owner=owner, most=most)
    subtitle = words("subtitle", signs="▲▼" if change is not None else None)
    return Sheet(sentence, chart, subtitle=subtitle)


def _ids(table: pd.DataFrame) -> "pd.Series[str]":
    return table["owner_id"].astype("str").fillna("")


_CALLED = [
    "rank", "customer_name", "owner_name", *schema.CONTACTS, "reason", "ratio", "value_at_stake",
]  # fmt: skip


@exhibit(
    churn.CALL_LIST, columns=_CALLED, strong=["customer_name"], accent=["value_at_stake"],
    minor=["rank", "ratio"], under=["owner_name", *schema.CONTACTS], codes=_CODES,
)  # fmt: skip
def calls(
    calls: pd.DataFrame, words: Words, *, risk_from: float = 1.2, with_money: bool = True
) -> Sheet:
    """Whom to call first, and why? Overdue, not yet lost: other rows are left out, and told.

    ``with_money=False`` leaves the money to the column beside the reason.
    """
    return _to_call(calls, _OVERDUE, words, with_money, risk_from=risk_from)


@exhibit(
    churn.CALL_LIST, columns=_CALLED, strong=["customer_name"], minor=["rank", "ratio"],
    under=["owner_name", *schema.CONTACTS], codes=_CODES,
)  # fmt: skip
def due(
    calls: pd.DataFrame, words: Words, *, due_from: float = 0.8, risk_from: float = 1.2,
    with_money: bool = True,
) -> Sheet:  # fmt: skip
    """Who is due to buy again, so that a reminder is welcome? Other rows are left out, and told."""
    edges = {"due_from": due_from, "risk_from": risk_from}
    return _to_call(calls, "likely_repurchase", words, with_money, **edges)


def _to_call(
    table: pd.DataFrame, warning: str, words: Words, with_money: bool, **edges: float
) -> Sheet:
    calls = table[table["warning"] == warning]
    subtitle = words("subtitle", others=len(table) - len(calls) or None, **edges)
    reasons = [_reason(row, words, with_money) for row in calls.to_dict("records")]
    listed = calls.assign(reason=pd.Series(reasons, index=calls.index, dtype="str"))
    if "customer_name" in calls:
        listed["customer_name"] = called(calls, "customer")
    if "owner_name" in calls:
        # behind the names
        place = list(listed.columns).index("owner_name") + 1
        listed.insert(place, "reason", listed.pop("reason"))
    said = words("some" if len(calls) else "none", n=len(calls), at_stake=_at_stake(calls))
    return Sheet(said, listed=listed, subtitle=subtitle)


def _reason(row: dict[Any, Any], words: Words, with_money: bool) -> str:
    """Say why somebody is called, in one sentence."""
    every = words.write(row["mean_interval_days"], "tenths")
    at_stake = row["value_at_stake"] if with_money else None
    return words(
        "reason", n=every, ago=row["days_since_last"], unit=words.currency, at_stake=at_stake
    )


def _at_stake(table: pd.DataFrame) -> float:
    return float(table["value_at_stake"].sum())


def headline(
    warnings: pd.DataFrame, words: Words | None = None, *, segments: pd.DataFrame | None = None
) -> str:
    """What is to be done first? How many key customers to call, for how much, with whom to begin.

    Where nobody is to be called it says why.

    Parameters
    ----------
    warnings
        One row per customer, from ``churn.warn``, with names from ``People.named``.
    words
        The language; by default the one last spoken.
    segments
        One row per customer, from ``rfm.segment``. Without it, or where no key customer is late,
        the sentence speaks of all customers.

    Examples
    --------
    >>> warnings = pd.DataFrame({
    ...     "customer_id": ["a", "b"], "customer_name": ["Harbour Foods", "Beichen"],
    ...     "warning": ["churn_risk", "churn_risk"], "value_at_stake": [184_020.0, 10.0]})
    >>> headline(warnings)
    'Call two customers who are late: 184,000 at stake. Start with Harbour Foods'
    """
    words = (words or spoken()).within("churn.headline")
    late, tier = _overdue(warnings), None
    counts = warnings["warning"].value_counts()
    if len(warnings) and not counts.reindex(list(_KNOWN)).any():
        once = int((warnings.get("frequency", pd.Series(dtype="int64")) == 1).sum())
        return words("untold", once=once or None)
    if late.empty:
        lost, untold = (counts.get(name) for name in ("lost", "too_little_history"))
        return words("none", lost=lost, untold=untold)
    if segments is not None and len(key := _key_only(late, segments)):
        late, tier = key, words("key")
    first = late.sort_values(["value_at_stake", "customer_id"], ascending=[False, True]).head(1)
    # where all are one owner's, the reader need not be told whose
    is_shared = "owner_id" in warnings and warnings["owner_id"].nunique(dropna=False) > 1
    return words(
        "some", n=len(late), tier=tier, at_stake=_at_stake(late),
        name=called(first, "customer").iloc[0],
        owner=called(first, "owner").iloc[0] if is_shared else None,
    )  # fmt: skip


def _overdue(warnings: pd.DataFrame) -> pd.DataFrame:
    return warnings[warnings["warning"] == _OVERDUE]


def _key_only(overdue: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    key = segments.loc[segments["segment"].astype(str).str.startswith("key_"), "customer_id"]
    return overdue[overdue["customer_id"].isin(key)]


def lede(
    warnings: pd.DataFrame, words: Words | None = None, *, before: pd.DataFrame | None = None
) -> str:
    """What changed on the list?

    Parameters
    ----------
    warnings, before
        ``churn.warn`` now and at the date compared with.
    words
        The language; by default the one last spoken.

    Examples
    --------
    >>> now = pd.DataFrame({"customer_id": ["a", "b"], "warning": "churn_risk"})
    >>> lede(now, before=now.replace("b", "c"))
    'Of the two customers at churn risk, one is new on the list.'
    """
    words = (words or spoken()).within("churn.lede")
    late = set(_overdue(warnings)["customer_id"])
    were = set() if before is None else set(_overdue(before)["customer_id"])
    n = len(late - were)
    now = warnings.loc[warnings["customer_id"].isin(were), "warning"].astype("str")
    moves = _moves(pd.Series(_OVERDUE, index=now.index), now)
    key = "none" if not late else "now" if before is None else "single" if len(late) == 1 else "new"
    left = {
        way: words(way, n=many) if (many := moves[way].sum()) else None
        for way in ("bought", "lost")
    }
    said = words(key, n=n, all=len(late), new=n or None)
    return words.joined([capitalised(said), words("left", **left)])


def news(changes: pd.DataFrame, words: Words | None = None, *, limit: int = 3) -> list[str]:
    """What changed since last time, by name: new risks, who of the list bought again or is lost?

    Who comes back from the lost, or is lost without having been on the list, is named apart: so a
    sentence holds as many as ``lede`` counts.

    Parameters
    ----------
    changes
        One row per customer whose warning changed, from ``churn.changes``, with names from
        ``People.named``.
    words
        The language; by default the one last spoken.
    limit
        How many are named in a sentence, the largest first; the others are counted.

    Returns
    -------
    list of str
        Up to five sentences; none where nothing changed.

    Examples
    --------
    >>> changes = pd.DataFrame({
    ...     "customer_id": ["7", "8"], "warning_before": ["not_due", "churn_risk"],
    ...     "customer_name": ["Harbour Foods", "8"], "warning_after": ["churn_risk", "lost"],
    ...     "value_at_stake": [900.0, 400.0]})
    >>> news(changes)
    ['New at churn risk: Harbour Foods (900).', 'Now lost: 8 (400).']
    """
    words = (words or spoken()).within("churn.news")
    moves = _moves(changes["warning_before"], changes["warning_after"])
    said, order = [], ["value_at_stake", "customer_id"]
    for move, rows in moves.items():
        moved = changes[rows].sort_values(order, ascending=[False, True])
        names = [words("name", **row) for _, row in moved.head(limit).iterrows()]
        if others := len(moved) - len(names):
            names.append(words("others", n=others))
        if names:
            said.append(words(move, names=names))
    return said


def _moves(was: "pd.Series[str]", now: "pd.Series[str]") -> dict[str, "pd.Series[bool]"]:
    """Which rows came onto the list of risks, which left it and how, which never were on it?"""
    listed = was == _OVERDUE
    return {
        "new": (now == _OVERDUE) & ~listed,
        "bought": listed & now.isin(_BACK),
        "lost": listed & (now == "lost"),
        "back": (was == "lost") & now.isin(_BACK),
        "gone": ~listed & ~was.isin(["lost", churn.ABSENT]) & (now == "lost"),
    }


def cost(change: pd.DataFrame, words: Words, *, step: str, of: str = "calls") -> str:
    """What does moving a threshold cost in calls?

    Parameters
    ----------
    change
        One row per owner, from ``churn.workload_change``.
    words
        The language.
    step
        What was moved, from where to where: one threshold or several.
    of
        Which calls: ``calls`` for all, or a warning.

    Examples
    --------
    >>> cost(pd.DataFrame({"calls_change": [-20, -16]}), Words(), step="1.2 → 1.4")
    '1.2 → 1.4: 18 fewer calls per owner, 36 in all'
    """
    total = int(change[f"{of}_change"].sum())
    each = abs(total) / (len(change) or 1)
    return words.within("churn.cost")(
        "some" if total else "none", step=step, n=each, all=abs(total),
        fewer=each if total < 0 else None, more=each,
    )  # fmt: skip
