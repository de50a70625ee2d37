"""Which classes bring the money, where do customers stand, and who moved?"""

import math
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, charts, rfm, schema
from workbench.exhibit import Sheet, exhibit
from workbench.rfm import ABSENT, SEGMENTS
from workbench.words import Words

# With more columns a phone has room for one number in a cell.
_COLUMNS_ON_A_PHONE = 6
# The classes of those who bought lately.
_NEAR = ("_champion", "_develop")
_MEASURES = ("recency_days", "frequency", "monetary")
_CUSTOMERS = ("rfm.customers",)
_PAIR = ("segment_before", "segment_after")
_MOVES = {
    "moved": "heat_0", "stayed": "grey_tint", "came": "heat_0", "left": "heat_0",
    "fell": "risk_tint", "rose": "kept_tint",
}  # fmt: skip


@exhibit(rfm.SUMMARY, minor=["monetary"])
def segments(
    summary: pd.DataFrame, words: Words, *, cut_points: pd.DataFrame | None = None
) -> Sheet:
    """Which classes bring the money, and how many customers are that?

    ``cut_points``, from ``rfm.cut_points``, say in the meaning from where on a customer counts as
    near, as frequent, as high in money.
    """
    arguments.codes(summary, "summary", "segment", SEGMENTS)
    order, is_general = list(SEGMENTS), summary["segment"].str.startswith("general_")
    rows = summary.assign(
        tone=np.where(is_general, "grey", "kept"), place=summary["segment"].map(order.index)
    )
    by = ["tone", "monetary_share", "place"]
    rows = rows.sort_values(by, ascending=[False, False, True], ignore_index=True)
    chart = charts.Bars(
        rows=rows, label="segment", label_as="segment", value="monetary_share", counts="customers",
        tone="tone", apart=True, beside="beside", hover="hover", row_px=34, signs=(30, 12),
        opens=charts.Opens(lists=_CUSTOMERS, by=["segment"]),
    )  # fmt: skip
    everybody = int(summary["customers"].sum())
    held = summary[(summary["customers"] > 0) & (summary["monetary_share"] > 0)]
    sentence = words("none")
    for _, most in held.nlargest(1, "monetary_share").iterrows():
        one = most["segment"] if most["customers"] == everybody else None
        sentence = words("some", n=most["customers"], all=one, **most)
    high = "" if cut_points is None else thresholds(cut_points, words) + words("stop")
    return Sheet(
        sentence, chart, subtitle=words("subtitle", customers=everybody),
        meaning=[words("rfm.meaning"), high, words("do")],
    )  # fmt: skip


def thresholds(cut_points: pd.DataFrame, words: Words) -> str:
    """From where on does a customer count as near, as frequent, as high in money?

    Examples
    --------
    >>> table = pd.DataFrame({"measure": ["recency_days", "frequency", "monetary"],
    ...                       "cut": [34.0, 9.0, 12_400.0], "is_high_threshold": [True] * 3})
    >>> thresholds(table, Words())
    'High means: bought within 34 days, on 9 purchase days or more, for 12,400 or more'
    """
    high = cut_points[cut_points["is_high_threshold"].astype(bool)]
    cuts = dict(zip(high["measure"], high["cut"], strict=True))
    parts = [words(f"rfm.high.{name}", cut=cuts[name]) for name in _MEASURES if name in cuts]
    return words(f"rfm.high.{'some' if parts else 'none'}", parts=words("comma").join(parts))


@exhibit(rfm.GRID)
def grid(grid: pd.DataFrame, words: Words, *, high_from: int = 4) -> Sheet:
    """Where does the money stand between lately and long ago, often and seldom?

    ``high_from`` is the score from which on the sentence speaks of "lately" and "often".
    """
    is_narrow = grid["frequency_score"].nunique() > _COLUMNS_ON_A_PHONE
    chart = charts.Matrix(
        rows=grid.assign(buyers=grid["customers"].where(grid["customers"] > 0)),
        x="frequency_score", y="recency_score", value="monetary", counts="customers",
        absent={"customers": 0, "monetary": 0.0}, x_title="x", y_title="y", upward=True,
        cell="cell", cell_phone="cell_phone" if is_narrow else "", row_px=54,
        opens=charts.Opens(lists=_CUSTOMERS, by=["recency_score", "frequency_score"]),
    )  # fmt: skip
    money = float(grid["monetary"].sum())
    is_best = (grid["recency_score"] >= high_from) & (grid["frequency_score"] >= high_from)
    best = float(grid.loc[is_best & (grid["customers"] > 0), "monetary"].sum())
    share = best / money if best > 0 and money > 0 else None
    sentence = words("some" if money > 0 else "none", share=share)
    return Sheet(sentence, chart, subtitle=words("subtitle", customers=grid["customers"].sum()))


@exhibit(rfm.DISTRIBUTION)
def distributions(distribution: pd.DataFrame, words: Words, *, cut_points: pd.DataFrame) -> Sheet:
    """How are recency, frequency and money spread, and where do the scores cut?

    The bars that count as high are in the colour of what is kept. ``cut_points`` come from
    ``rfm.cut_points``.
    """
    rfm.CUT_POINTS.require(cut_points, "cut_points")
    panes = [
        charts.Histogram(
            rows=distribution[distribution["measure"] == measure], x_title=f"{measure}.x",
            y_title="y", hover=f"{measure}.hover", score="score", is_folded=True,
            line_at=_edge(measure, cut_points), line=f"{measure}.line",
            sides=("kept", "grey") if measure == "recency_days" else ("grey", "kept"),
            is_whole=measure != "monetary",
        )
        for measure in _MEASURES
    ]  # fmt: skip
    total = next((pane.rows["customers"].sum() for pane in panes if len(pane.rows)), 0)
    subtitle = words("subtitle", customers=total)
    return Sheet(thresholds(cut_points, words), charts.Panes(charts=panes), subtitle=subtitle)


def _edge(measure: str, cut_points: pd.DataFrame) -> float | None:
    """Where does high begin? The day of the cut itself still counts, and its bar ends later."""
    is_high = cut_points["is_high_threshold"].astype(bool) & (cut_points["measure"] == measure)
    for cut in cut_points.loc[is_high, "cut"].head(1):
        return math.floor(cut) + 1.0 if measure == "recency_days" else float(cut)
    return None


@exhibit(rfm.MIGRATION, minor=["monetary_before"])
def migration(
    migration: pd.DataFrame, words: Words, *, before: Any = None, after: Any = None
) -> Sheet:
    """Who changed class between the two dates, who cooled, and with how much money?

    Who cooled bought lately at the first date, and no longer at the second. A customer seen at one date only is no move. ``before`` and ``after`` name the two periods in
    the meaning.
    """
    pairs = zip(migration["segment_before"], migration["segment_after"], strict=True)
    now, is_gone = migration["monetary_after"], migration["segment_after"] == ABSENT
    rows = migration.assign(
        move=[_move(*pair) for pair in pairs], money=now.mask(is_gone, migration["monetary_before"])
    )
    counts = rows.groupby("move")["customers"].sum().reindex(["fell", "rose", "moved", "stayed"])
    # not seen has a row and a column only where somebody was not
    rows = rows[(rows["customers"] > 0) | ~rows["move"].isin(["came", "left"])]
    chart = charts.Matrix(
        rows=rows.assign(tone=rows["move"].where(rows["customers"] > 0)),
        x="segment_after", y="segment_before", tone="tone", tones=_MOVES,
        counts=("customers", "monetary_before", "monetary_after"), order=(*SEGMENTS, ABSENT),
        x_as="segment", y_as="segment", x_title="after", y_title="before", cell="cell",
        cell_phone="cell_phone", head_px=150, row_px=40,
        opens=charts.Opens(lists=["rfm.movers"], by=_PAIR),
    )  # fmt: skip
    fell, rose = (int(n) for n in counts[["fell", "rose"]].fillna(0))
    held = {way: int(rows.loc[near, "customers"].sum()) for way, near in _cooled(rows).items()}
    key = "some" if fell or rose else "few" if counts.sum() else "none"
    return Sheet(
        words(
            key, fell=fell or None, rose=rose or None, cooled=held["cooled"] or None,
            warmed=held["warmed"] or None,
        ),
        chart,
        listed=migration[migration["customers"] > 0],
        subtitle=words("subtitle", customers=int(migration["customers"].sum())),
        meaning=[words("meaning", before=before, after=after), words("rfm.meaning")],
    )  # fmt: skip


def _cooled(rows: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    """Which moves are from near to far, and which from far to near?"""
    was, now = (rows[f"segment_{end}"].astype("str") for end in ("before", "after"))
    was_near, is_near = (side.str.endswith(_NEAR) for side in (was, now))
    both = (was != ABSENT) & (now != ABSENT)
    return {"cooled": both & was_near & ~is_near, "warmed": both & ~was_near & is_near}


def _move(before: str, after: str) -> str:
    if ABSENT in (before, after):
        return "came" if before == ABSENT else "left"
    if before == after:
        return "stayed"
    step = after.startswith("key_") - before.startswith("key_")
    return {-1: "fell", 0: "moved", 1: "rose"}[step]


@exhibit(rfm.MIGRATION)
def moved(migration: pd.DataFrame, words: Words) -> Sheet:
    """Which moves from class to class were there, those of the most customers first?"""
    is_move = migration["segment_before"] != migration["segment_after"]
    rows = migration[is_move & (migration["customers"] > 0)].sort_values(
        ["customers", "monetary_after"], ascending=False, kind="stable", ignore_index=True
    )
    return Sheet(words("some" if len(rows) else "none", n=rows["customers"].sum()), listed=rows)


@exhibit(
    rfm.MOVES, codes=_PAIR, minor=["monetary_before"], under=["owner_name"], strong=["customer_name"],
    columns=["customer_name", "owner_name", *_PAIR, "monetary_before", "monetary_after"],
)  # fmt: skip
def movers(moves: pd.DataFrame, words: Words) -> Sheet:
    """Who changed class, the most money first? Who stayed in one is left out."""
    rows = moves[moves["segment_before"] != moves["segment_after"]]
    most = rows[["monetary_before", "monetary_after"]].max(axis=1)
    order = pd.DataFrame({"most": -most, "customer_id": rows["customer_id"]})
    rows = rows.loc[order.sort_values(["most", "customer_id"]).index].reset_index(drop=True)
    return Sheet(words("some" if len(rows) else "none", n=len(rows)), listed=rows)


@exhibit(
    rfm.SEGMENTED,
    columns=["customer_id", "customer_name", "owner_name", *schema.CONTACTS, "segment",
             "recency_days", "frequency", "monetary"],
    minor=["customer_id", "recency_days", "frequency"], under=["owner_name", *schema.CONTACTS],
    codes=["segment", "recency_score", "frequency_score", "recency_days"],
)  # fmt: skip
def customers(segments: pd.DataFrame, words: Words) -> Sheet:
    """Who is in which class, the most money first?"""
    order = ["monetary", "customer_id"]
    rows = segments.sort_values(order, ascending=[False, True], ignore_index=True)
    return Sheet(words("some" if len(rows) else "none", n=len(rows)), listed=rows)
