"""How many customers, and how much of the money, lie in each class, each score pair, each move?"""

from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.models import MAX_BINS
from workbench.results import Result
from workbench.rfm.scores import SCORES, SEGMENTED, SEGMENTS

ABSENT = "absent"


SUMMARY = Result(
    "rfm.summary(segments)", segment="segment", customers="count", customer_share="rate",
    monetary="money", monetary_share="rate",
)  # fmt: skip


def summary(segments: pd.DataFrame) -> pd.DataFrame:
    """How many customers, and how much of the money, does each class hold?

    Parameters
    ----------
    segments
        One row per customer, as ``rfm.segment`` makes it.

    Returns
    -------
    pandas.DataFrame
        One row per class, all eight, in the order of ``rfm.SEGMENTS``:

        - ``segment``
        - ``customers``, ``customer_share`` (0 to 1)
        - ``monetary``: all net money of these customers, whatever the basis of the measure
        - ``monetary_share`` (0 to 1; null where the total is not above zero, and negative for a
          class that gave back more than it bought)

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, or a class is unknown.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b", "c"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "segment": ["key_champion", "general_keep", "general_keep"],
    ...         "monetary": [300.0, 60.0, 40.0],
    ...     }
    ... )
    >>> summary(segments).query("customers > 0").round(2)
            segment  customers  customer_share  monetary  monetary_share
    0  key_champion          1            0.33     300.0            0.75
    5  general_keep          2            0.67     100.0            0.25
    """
    _require_segments(segments, "segments")
    table = _summed(segments, ["segment"], pd.Index(SEGMENTS, name="segment", dtype="str"))
    total = table["monetary"].sum()
    table.insert(2, "customer_share", table["customers"] / (len(segments) or np.nan))
    return table.assign(monetary_share=table["monetary"] / (total if total > 0 else np.nan))


GRID = Result(
    "rfm.grid(scores)", recency_score="count", frequency_score="count", customers="count",
    monetary="money",
)  # fmt: skip


def grid(scores: pd.DataFrame, *, bins: int = 5) -> pd.DataFrame:
    """Where do customers and their money lie, by how near and how frequent they are?

    Parameters
    ----------
    scores
        One row per customer, as ``rfm.score`` makes it.
    bins
        How many scores there are, as given to ``rfm.score``.

    Returns
    -------
    pandas.DataFrame
        One row per pair of scores, empty ones too: ``recency_score``, ``frequency_score``,
        ``customers``, ``monetary`` (all net money, whatever the basis of the measure).

    Raises
    ------
    ContractError
        A column is missing, or a customer is there twice.
    ParameterError
        A score lies above ``bins``, or ``bins`` is out of range.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "recency_score": [2, 2],
    ...         "frequency_score": [1, 2],
    ...         "monetary": [300.0, 60.0],
    ...     }
    ... )
    >>> grid(scores, bins=2)
       recency_score  frequency_score  customers  monetary
    0              1                1          0       0.0
    1              1                2          0       0.0
    2              2                1          1     300.0
    3              2                2          1      60.0
    """
    pair = ["recency_score", "frequency_score"]
    SCORES.require_customers(scores, "scores", *pair, "monetary")
    mend = f"Use a whole number from 2 to {MAX_BINS}."
    arguments.whole("bins", bins, least=2, most=MAX_BINS, mend=mend)
    if len(scores) and not scores[pair].isin(range(1, bins + 1)).all(axis=None):
        raise errors.ParameterError(
            f"scores: some lie outside 1 to {bins}.",
            mend="Give bins= as it was given to rfm.score.",
        )
    every = pd.MultiIndex.from_product([range(1, bins + 1)] * 2, names=pair)
    return _summed(scores, pair, every)


MIGRATION = Result(
    "rfm.migration(before, after)", segment_before="segment", segment_after="segment",
    customers="count", monetary_before="money", monetary_after="money",
)  # fmt: skip


def migration(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Which classes did customers come from, and which did they go to, between two dates?

    Parameters
    ----------
    before, after
        One row per customer, as ``rfm.segment`` makes it, at two dates (or by two methods at one).

    Returns
    -------
    pandas.DataFrame
        One row per pair of classes, moves that nobody made too: ``segment_before``,
        ``segment_after`` (``absent`` for customers in only one of the tables), ``customers``,
        ``monetary_before``, ``monetary_after``. Summed by ``segment_before`` it gives the summary
        of ``before``, by ``segment_after`` that of ``after``.

    Raises
    ------
    ContractError
        A table breaks its contract.
    ParameterError
        ``before`` is later than ``after``.

    Examples
    --------
    >>> def at(day, customers, segments):
    ...     return pd.DataFrame(
    ...         {
    ...             "customer_id": customers,
    ...             "as_of": pd.Timestamp(day),
    ...             "segment": segments,
    ...             "monetary": 100.0,
    ...         }
    ...     )
    >>> before = at("2026-09-30", ["a", "b"], ["key_champion", "general_develop"])
    >>> after = at("2026-10-31", ["a", "c"], ["key_keep", "general_develop"])
    >>> migration(before, after).query("customers > 0")[["segment_before", "segment_after"]]
         segment_before    segment_after
    1      key_champion         key_keep
    62  general_develop           absent
    78           absent  general_develop
    """
    pair, places = ["segment_before", "segment_after"], (*SEGMENTS, ABSENT)
    # Nobody is absent from both, so that pair has no row.
    every = pd.MultiIndex.from_product([places, places], names=pair)[:-1]
    grouped = moves(before, after).groupby(pair)
    matrix = grouped[["monetary_before", "monetary_after"]].sum().reindex(every, fill_value=0.0)
    matrix.insert(0, "customers", grouped.size().reindex(every, fill_value=0))
    return matrix.reset_index().astype(dict.fromkeys(pair, "str"))


MOVES = Result(
    "rfm.moves(before, after)", customer_id="id", segment_before="segment",
    segment_after="segment", monetary_before="money", monetary_after="money",
)  # fmt: skip


def moves(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Which class did each customer come from, and which did they go to, between two dates?

    Parameters
    ----------
    before, after
        As ``migration``, which counts these rows.

    Returns
    -------
    pandas.DataFrame
        One row per customer of either table, by ``customer_id``: ``segment_before``,
        ``segment_after`` (``absent`` where the table has no such customer), ``monetary_before``,
        ``monetary_after``.

    Raises
    ------
    ContractError, ParameterError
        As ``migration``.

    Examples
    --------
    >>> before, after = (
    ...     pd.DataFrame({"customer_id": ["a"], "as_of": pd.Timestamp(day), "segment": segment,
    ...                   "monetary": 100.0})
    ...     for day, segment in (("2026-09-30", "key_keep"), ("2026-10-31", "general_keep")))
    >>> moves(before, after)[["customer_id", "segment_before", "segment_after"]]
      customer_id segment_before segment_after
    0           a       key_keep  general_keep
    """
    _require_segments(before, "before")
    _require_segments(after, "after")
    arguments.rising(before, after)
    table = _classed(before).merge(
        _classed(after), on="customer_id", how="outer", suffixes=("_before", "_after")
    )
    pair = ["segment_before", "segment_after"]
    table = table.fillna(dict.fromkeys(pair, ABSENT)).fillna(0.0)
    return table[["customer_id", *pair, "monetary_before", "monetary_after"]].astype(
        dict.fromkeys(pair, "str")
    )


def _classed(segments: pd.DataFrame) -> pd.DataFrame:
    table = segments[["customer_id", "segment"]].astype("str")
    return table.assign(monetary=_money(segments))


def _summed(table: pd.DataFrame, classes: list[str], every: "pd.Index[Any]") -> pd.DataFrame:
    """Count customers and add up their money in every class, empty ones too."""
    money = _money(table).groupby([table[column] for column in classes])
    return pd.DataFrame(
        {
            "customers": money.size().reindex(every, fill_value=0).astype("int64"),
            "monetary": money.sum().reindex(every, fill_value=0.0).astype("float64"),
        }
    ).reset_index()


def _require_segments(segments: pd.DataFrame, name: str) -> None:
    SEGMENTED.require_customers(segments, name, "segment", "monetary")
    arguments.codes(segments, name, "segment", SEGMENTS)


def _money(table: pd.DataFrame) -> "pd.Series[float]":
    """Give all net money; by the average basis ``monetary`` is money per day and must not be summed."""
    column = "monetary_total" if "monetary_total" in table.columns else "monetary"
    return table[column].astype("float64")
