"""Who changed class between two dates?"""

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, labels, schema
from workbench.findings import rfm as findings
from workbench.rfm import ABSENT, SEGMENTS
from workbench.words import Words

_MOVES = {
    "moved": "heat_0", "stayed": "grey_tint", "came": "heat_0", "left": "heat_0",
    "fell": "risk_tint", "rose": "kept_tint",
}  # fmt: skip


def migration(
    migration: pd.DataFrame, *, currency: str | None = None, lang: labels.Lang = "en"
) -> go.Figure:
    """Who changed class between the two dates, and with how much money?

    A matrix, before in rows and after in columns; cells of customers who fell out of the key
    classes, and of those who rose into them, are tinted.

    Parameters
    ----------
    migration
        One row per pair of classes (``segment_before, segment_after, customers, monetary_before,
        monetary_after``), from ``rfm.migration``; ``absent`` where a customer is there only once.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"segment_before": ["key_keep"], "segment_after": ["general_keep"],
    ...                       "customers": [3], "monetary_before": [9.0], "monetary_after": [2.0]})
    >>> migration(table).data[0].customdata[0][0]
    [3, 9.0, 2.0]
    """
    columns = ("segment_before", "segment_after", "customers", "monetary_before", "monetary_after")
    schema.require(migration, "migration", columns, made_by="rfm.migration(before, after)")
    words = Words(lang, currency).within("figure.rfm.migration")
    pairs = zip(migration["segment_before"], migration["segment_after"], strict=True)
    rows = migration.assign(
        move=[_move(before, after) for before, after in pairs],
        money=migration["monetary_after"].mask(
            migration["segment_after"] == ABSENT, migration["monetary_before"]
        ),
    )
    # not seen has a row and a column only where somebody was not
    rows = rows[(rows["customers"] > 0) | ~rows["move"].isin(["came", "left"])]
    chart = charts.Matrix(
        rows=rows.assign(tone=rows["move"].where(rows["customers"] > 0)),
        x="segment_after", y="segment_before", tone="tone", tones=_MOVES,
        counts=columns[2:], order=(*SEGMENTS, ABSENT), x_as="segment", y_as="segment",
        x_title="after", y_title="before", cell="cell", cell_phone="cell_phone",
        head_px=150, row_px=40,
    )  # fmt: skip
    return chart.drawn(
        words, title=words("title"), alt=findings.migration(migration, lang=lang),
        subtitle=words("subtitle", customers=int(migration["customers"].sum())),
    )  # fmt: skip


def _move(before: str, after: str) -> str:
    if before == ABSENT:
        return "came"
    if after == ABSENT:
        return "left"
    if before == after:
        return "stayed"
    was_key, is_key = before.startswith("key_"), after.startswith("key_")
    if was_key == is_key:
        return "moved"
    return "rose" if is_key else "fell"
