"""How many customers, and how much of the money, lie in each class, each score pair, each move?"""

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
    money = _money(segments).groupby(segments["segment"])
    customers = money.size().reindex(SEGMENTS, fill_value=0).astype("int64")
    monetary = money.sum().reindex(SEGMENTS, fill_value=0.0)
    total = monetary.sum()
    return pd.DataFrame(
        {
            "segment": pd.Series(SEGMENTS, dtype="str"),
            "customers": customers.to_numpy(),
            "customer_share": (customers / (len(segments) or np.nan)).to_numpy(),
            "monetary": monetary.to_numpy(),
            "monetary_share": (monetary / (total if total > 0 else np.nan)).to_numpy(),
        }
    )


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
    SCORES.require(
        scores,
        "scores",
        ("customer_id", "as_of", *pair, "monetary"),
        key="customer_id",
        constant="as_of",
    )
    mend = f"Use a whole number from 2 to {MAX_BINS}."
    arguments.whole("bins", bins, least=2, most=MAX_BINS, mend=mend)
    if len(scores) and not scores[pair].isin(range(1, bins + 1)).all(axis=None):
        raise errors.ParameterError(
            f"scores: some lie outside 1 to {bins}.",
            mend="Give bins= as it was given to rfm.score.",
        )
    every = pd.MultiIndex.from_product([range(1, bins + 1)] * 2, names=pair)
    money = _money(scores).groupby([scores[column] for column in pair])
    return pd.DataFrame(
        {
            "customers": money.size().reindex(every, fill_value=0).astype("int64"),
            "monetary": money.sum().reindex(every, fill_value=0.0).astype("float64"),
        }
    ).reset_index()


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
    _require_segments(before, "before")
    _require_segments(after, "after")
    arguments.rising(before, after)
    columns = ["customer_id", "segment", "monetary"]
    moves = (
        before.assign(monetary=_money(before))[columns]
        .astype({"customer_id": "str", "segment": "str"})
        .merge(
            after.assign(monetary=_money(after))[columns].astype(
                {"customer_id": "str", "segment": "str"}
            ),
            on="customer_id",
            how="outer",
            suffixes=("_before", "_after"),
        )
        .fillna(
            {
                "segment_before": ABSENT,
                "segment_after": ABSENT,
                "monetary_before": 0.0,
                "monetary_after": 0.0,
            }
        )
    )
    pair = ["segment_before", "segment_after"]
    places = (*SEGMENTS, ABSENT)
    # Nobody is absent from both, so that pair has no row.
    every = pd.MultiIndex.from_product([places, places], names=pair)[:-1]
    grouped = moves.groupby(pair)
    matrix = pd.DataFrame(
        {
            "customers": grouped.size().reindex(every, fill_value=0).astype("int64"),
            "monetary_before": grouped["monetary_before"].sum().reindex(every, fill_value=0.0),
            "monetary_after": grouped["monetary_after"].sum().reindex(every, fill_value=0.0),
        }
    ).reset_index()
    return matrix.astype(
        {
            "segment_before": "str",
            "segment_after": "str",
            "monetary_before": "float64",
            "monetary_after": "float64",
        }
    )


def _require_segments(segments: pd.DataFrame, name: str) -> None:
    SEGMENTED.require(
        segments,
        name,
        ("customer_id", "as_of", "segment", "monetary"),
        key="customer_id",
        constant="as_of",
    )
    arguments.codes(segments, name, "segment", SEGMENTS)


def _money(table: pd.DataFrame) -> "pd.Series[float]":
    """Give all net money; by the average basis ``monetary`` is money per day and must not be summed."""
    column = "monetary_total" if "monetary_total" in table.columns else "monetary"
    return table[column].astype("float64")
