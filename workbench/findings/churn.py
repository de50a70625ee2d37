"""Who is overdue, who is new on the list, and what does it mean in work?"""

from collections.abc import Mapping

import pandas as pd

from workbench import labels
from workbench.findings import quantities

# A warning of the list "churn risk": overdue by the customer's own rhythm and not yet lost.
OVERDUE = "churn_risk"
_KNOWN_RHYTHM = ("not_due", "likely_repurchase", "churn_risk", "lost")


def headline(
    warnings: pd.DataFrame,
    segments: pd.DataFrame | None = None,
    before: pd.DataFrame | None = None,
    *,
    segments_before: pd.DataFrame | None = None,
    lang: labels.Lang = "en",
) -> str:
    """What is the one thing to know? How many key customers are overdue, and what is at stake.

    Parameters
    ----------
    warnings
        One row per customer, from ``churn.warn``.
    segments
        One row per customer with ``segment``, from ``rfm.segment``. Without it, or where no key
        customer is overdue, the sentence speaks of all customers.
    before, segments_before
        The same two tables at the date compared with. The comparison is left out where only one
        of the two can be split into key and general.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> warnings = pd.DataFrame({
    ...     "customer_id": ["a", "b"], "warning": ["churn_risk", "lost"],
    ...     "value_at_stake": [184_020.0, 10.0]})
    >>> headline(warnings)
    'One customer is overdue by their own rhythm, with 184,000 at stake'
    >>> headline(warnings, lang="zh")
    '1位客户已超出自己的购买节奏，涉及金额18.4万'
    """
    overdue = _overdue(warnings)
    if segments is None:
        n_before = None if before is None else len(_overdue(before))
        return _headline("all", overdue, n_before, lang)
    key = _key_only(overdue, segments)
    if key.empty:
        if overdue.empty:
            return labels.text("finding.churn.headline.all.none", lang)
        return labels.text(
            "finding.churn.headline.only_general",
            lang,
            n=len(overdue),
            count=quantities.count(len(overdue), lang),
            money=quantities.money(overdue["value_at_stake"].sum(), lang),
        )
    n_before = None
    if before is not None and segments_before is not None:
        n_before = len(_key_only(_overdue(before), segments_before))
    return _headline("key", key, n_before, lang)


def _headline(whom: str, overdue: pd.DataFrame, n_before: int | None, lang: labels.Lang) -> str:
    n = len(overdue)
    if n == 0:
        return labels.text(f"finding.churn.headline.{whom}.none", lang)
    change = ""
    if n_before is not None:
        way = "same" if n == n_before else "up" if n > n_before else "down"
        change = labels.text(
            f"finding.churn.headline.{way}", lang, count=quantities.count(n_before, lang)
        )
    said = labels.text(
        f"finding.churn.headline.{whom}",
        lang,
        n=n,
        count=quantities.count(n, lang),
        change=change,
        money=quantities.money(overdue["value_at_stake"].sum(), lang),
    )
    return quantities.sentence(said)


def _overdue(warnings: pd.DataFrame) -> pd.DataFrame:
    return warnings[warnings["warning"] == OVERDUE]


def _key_only(overdue: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    key = segments.loc[segments["segment"].astype(str).str.startswith("key_"), "customer_id"]
    return overdue[overdue["customer_id"].isin(key)]


def overdue(summary: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """What part of the customers is past their usual buying day and can still be won back?

    Of the customers whose rhythm is known (two intervals or more), the lost ones included.

    Examples
    --------
    >>> summary = pd.DataFrame({
    ...     "warning": ["not_due", "churn_risk", "too_little_history"], "customers": [8, 2, 90]})
    >>> overdue(summary)
    'Every fifth regular customer is well past their usual buying day, but not yet lost'
    """
    customers = summary.set_index("warning")["customers"]
    known = int(customers.reindex(list(_KNOWN_RHYTHM)).fillna(0).sum())
    late = int(customers.get(OVERDUE, 0))
    if known == 0:
        return labels.text("finding.churn.no_rhythm", lang)
    if late == 0:
        return labels.text("finding.churn.overdue.none", lang)
    rate = late / known
    every = quantities.every(rate, lang)
    if every:
        said = labels.text("finding.churn.overdue.every", lang, every=every)
    else:
        said = labels.text("finding.churn.overdue.share", lang, share=quantities.share(rate, lang))
    return quantities.sentence(said)


def lede(
    warnings: pd.DataFrame,
    before: pd.DataFrame | None = None,
    calls: pd.DataFrame | None = None,
    *,
    largest: int = 5,
    lang: labels.Lang = "en",
) -> str:
    """What changed on the list, and on whose desks do the largest calls lie?

    Parameters
    ----------
    warnings, before
        ``churn.warn`` now and at the date compared with.
    calls
        ``churn.call_list`` of the churn risks, for the owners of the largest.
    largest
        How many calls count as the largest.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> now = pd.DataFrame({"customer_id": ["a", "b"], "warning": ["churn_risk", "churn_risk"],
    ...                     "value_at_stake": [1.0, 2.0]})
    >>> then = pd.DataFrame({"customer_id": ["a", "c"], "warning": ["churn_risk", "churn_risk"],
    ...                      "value_at_stake": [1.0, 2.0]})
    >>> lede(now, then)
    'Of the two customers at churn risk, one is new on the list.'
    """
    ids = set(_overdue(warnings)["customer_id"])
    if not ids:
        said = [labels.text("finding.churn.lede.none", lang)]
    elif before is None:
        said = [_counted("finding.churn.lede.now", len(ids), lang)]
    else:
        new = len(ids - set(_overdue(before)["customer_id"]))
        kind = "single" if len(ids) == 1 else "new" if new else "none_new"
        said = [
            labels.text(
                f"finding.churn.lede.{kind}",
                lang,
                n=new,
                count=quantities.count(new, lang),
                total=quantities.count(len(ids), lang),
            )
        ]
    left = _left(warnings, before, lang)
    desks = _desks(calls, largest, lang)
    return ("" if lang == "zh" else " ").join(part for part in (*said, left, desks) if part)


def _counted(key: str, n: int, lang: labels.Lang) -> str:
    return quantities.sentence(labels.text(key, lang, n=n, count=quantities.count(n, lang)))


def _left(warnings: pd.DataFrame, before: pd.DataFrame | None, lang: labels.Lang) -> str:
    if before is None:
        return ""
    were = set(_overdue(before)["customer_id"])
    now = warnings[warnings["customer_id"].isin(were)]["warning"]
    bought = int(now.isin(["not_due", "likely_repurchase"]).sum())
    lost = int((now == "lost").sum())
    parts = [
        labels.text(f"finding.churn.lede.{way}", lang, n=n, count=quantities.count(n, lang))
        for way, n in (("bought", bought), ("lost", lost))
        if n
    ]
    if not parts:
        return ""
    listed = "，".join(parts) if lang == "zh" else labels.listed(parts, lang)
    return labels.text("finding.churn.lede.left", lang, parts=listed)


def _desks(calls: pd.DataFrame | None, largest: int, lang: labels.Lang) -> str:
    if calls is None or len(calls) < 2:
        return ""
    first = calls.sort_values(["value_at_stake", "customer_id"], ascending=[False, True])
    first = first.head(largest)
    if first["owner_id"].isna().any():
        return ""
    owners = first["owner_id"].nunique()
    top = quantities.count(len(first), lang)
    if owners == 1:
        name = str(first["owner_name"].iloc[0]) if "owner_name" in first else ""
        if not name or name == "nan":
            return ""
        return labels.text("finding.churn.lede.desk", lang, top=top, owner=quantities.name(name))
    return labels.text(
        "finding.churn.lede.desks", lang, top=top, owners=quantities.count(owners, lang)
    )


def news(
    changes: pd.DataFrame,
    names: Mapping[str, str] | pd.Series | None = None,
    *,
    limit: int = 3,
    lang: labels.Lang = "en",
) -> list[str]:
    """What changed since last time, by name? New risks, those who bought again, those now lost.

    Parameters
    ----------
    changes
        One row per customer whose warning changed, from ``churn.changes``.
    names
        Customer id to name; a customer without one is called by the id.
    limit
        How many are named in a sentence, the largest first; the others are counted.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    list of str
        Up to three sentences; none where nothing changed.

    Examples
    --------
    >>> changes = pd.DataFrame({
    ...     "customer_id": ["7", "8"], "warning_before": ["not_due", "churn_risk"],
    ...     "warning_after": ["churn_risk", "lost"], "value_at_stake": [900.0, 400.0]})
    >>> news(changes, {"7": "Harbour Foods"})
    ['New at churn risk: Harbour Foods (900).', 'Now lost: 8 (400).']
    """
    was, now = changes["warning_before"], changes["warning_after"]
    moves = (
        ("new", now == OVERDUE),
        ("bought", (was.isin([OVERDUE, "lost"])) & now.isin(["not_due", "likely_repurchase"])),
        ("lost", (now == "lost") & (was != "absent")),
    )
    said = []
    for move, rows in moves:
        moved = changes[rows].sort_values(
            ["value_at_stake", "customer_id"], ascending=[False, True]
        )
        if moved.empty:
            continue
        named = [
            labels.text(
                "finding.churn.news.one_name",
                lang,
                name=_name(customer, names),
                money=quantities.money(value, lang),
            )
            for customer, value in zip(
                moved["customer_id"].head(limit), moved["value_at_stake"].head(limit), strict=True
            )
        ]
        others = len(moved) - len(named)
        if others:
            named.append(
                labels.text(
                    "finding.churn.news.others", lang, n=others, count=labels.number(others, lang)
                )
            )
        said.append(
            labels.text(f"finding.churn.news.{move}", lang, names=labels.listed(named, lang))
        )
    return said


def _name(customer: object, names: Mapping[str, str] | pd.Series | None) -> str:
    known = None if names is None else names.get(str(customer))
    known = customer if known is None or known != known or known == "" else known
    return quantities.name(str(known))


def workload(workload: pd.DataFrame, *, lang: labels.Lang = "en") -> str:
    """How many calls are there to make, and who has the most?

    Examples
    --------
    >>> table = pd.DataFrame({"owner_name": ["Lin Yue", "Chen Wei"], "calls": [80, 20]})
    >>> workload(table)
    '100 calls to make; Lin Yue has the most, 80'
    """
    calls = int(workload["calls"].sum()) if len(workload) else 0
    if calls == 0:
        return labels.text("finding.churn.workload.none", lang)
    owned = workload[workload["owner_name"].notna()].sort_values("calls", ascending=False)
    said = {"n": calls, "count": quantities.count(calls, lang)}
    alone = owned.empty or (len(owned) > 1 and owned["calls"].iloc[0] == owned["calls"].iloc[1])
    if alone or len(workload) < 2:
        return quantities.sentence(labels.text("finding.churn.workload.all", lang, **said))
    return quantities.sentence(
        labels.text(
            "finding.churn.workload.most",
            lang,
            **said,
            owner=quantities.name(str(owned["owner_name"].iloc[0])),
            most=labels.number(int(owned["calls"].iloc[0]), lang),
        )
    )


def cost(change: pd.DataFrame, *, step: str, lang: labels.Lang = "en") -> str:
    """What does moving a threshold cost in calls? "1.2 → 1.4: 18 fewer calls per owner, 90 in all".

    Parameters
    ----------
    change
        One row per owner with ``calls_change``, from ``churn.workload_change``.
    step
        What was moved, from where to where: one threshold or several.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> cost(pd.DataFrame({"owner_name": ["Lin", "Wei"], "calls_change": [-20, -16]}),
    ...      step="1.2 → 1.4")
    '1.2 → 1.4: 18 fewer calls per owner, 36 in all'
    """
    total = int(change["calls_change"].sum()) if len(change) else 0
    if total == 0:
        return labels.text("finding.churn.cost.same", lang, step=step)
    # one digit below ten: "0.4 fewer calls per owner" is true where "0" would deny the change
    each = abs(total) / len(change)
    way = "fewer" if total < 0 else "more"
    return labels.text(
        f"finding.churn.cost.{way}",
        lang,
        n=each,
        step=step,
        each=labels.number(each, lang, digits=0 if each >= 10 or each == int(each) else 1),
        total=labels.number(abs(total), lang),
    )
