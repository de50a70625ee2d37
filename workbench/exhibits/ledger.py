"""Was every row read, which were left out and why, and how complete is each column?"""

import pandas as pd

from workbench import charts, loaders
from workbench.blocks.exhibited import came_in
from workbench.exhibit import Sheet, exhibit
from workbench.loaders.account.rejects import said
from workbench.words import Words

_TONES = {"rows_kept": "kept", "rows_rejected": "risk"}


@exhibit(loaders.LEDGER)
def summary(
    checks: pd.DataFrame, words: Words, *, ledger: loaders.Ledger | None = None
) -> Sheet:
    """What became of every row that was read: kept, rejected, without a customer, a refund?

    A table without a row waits for a file. The ``ledger`` itself also says what was taken for a
    sale, and over which days.
    """
    # what was looked for and not found stands in the table, not in the figure
    is_drawn = checks["check"].isin(list(_TONES)) | (checks["rows"].fillna(0) > 0)
    rows = checks[is_drawn & (checks["check"] != "rows_read")]
    chart = charts.Bars(
        rows=rows.assign(tone=rows["check"].map(_TONES).fillna("grey")), label="check",
        label_as="ledger", value="share", counts="rows", tone="tone", beside="beside",
    )  # fmt: skip
    if checks.empty:
        return Sheet(words("none.waiting"), chart, subtitle=words("none.waiting"))
    read = checks.loc[checks["check"] == "rows_read", "rows"].sum()
    sentence = came_in(checks, words)
    if ledger is not None and (notes := ledger.notes(words)):
        sentence = words("noted", sentence=sentence, notes=" ".join(notes))
    return Sheet(sentence, chart, subtitle=words("subtitle", rows=read))


@exhibit(loaders.COMPLETENESS)
def completeness(columns: pd.DataFrame, words: Words) -> Sheet:
    """Which columns are filled, and which are mostly empty? Without a row, it waits for a file."""
    tones = columns["completeness"].ge(1).map({True: "kept", False: "grey"})
    chart = charts.Bars(
        rows=columns.assign(tone=tones), label="column", label_as="column", value="completeness",
        counts="filled", tone="tone", beside="beside",
    )  # fmt: skip
    if columns.empty:
        return Sheet(words("none.waiting"), chart, subtitle=words("none.waiting"))
    subtitle = words("subtitle", rows=columns["rows"].max())
    there = columns.dropna(subset="completeness").sort_values("completeness", kind="stable")
    if there.empty:
        return Sheet(words("none"), chart, subtitle=subtitle)
    least = there.iloc[0]
    share = 1 - float(least["completeness"])
    sentence = words("some", column=least["column"] if share else None, share=share)
    return Sheet(sentence, chart, subtitle=subtitle)


@exhibit(loaders.REJECTS)
def rejects(rejects: pd.DataFrame, words: Words) -> Sheet:
    """Which rows were left out, and why?"""
    sentence = words("some" if len(rejects) else "none", n=len(rejects))
    return Sheet(sentence, listed=said(rejects, words))
