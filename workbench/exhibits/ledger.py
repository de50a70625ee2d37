"""Was every row read, which were left out and why, and how complete is each column?"""

import datetime as dt
from typing import Any

import pandas as pd

from workbench import charts, loaders, periods
from workbench.blocks.exhibited import came_in
from workbench.exhibit import Sheet, capitalised, exhibit
from workbench.loaders.account.rejects import said
from workbench.words import Words, spoken

_TONES = {"rows_kept": "kept", "rows_rejected": "risk"}


@exhibit(loaders.LEDGER)
def summary(
    checks: pd.DataFrame, words: Words, *, ledger: loaders.Ledger | None = None,
    strangers: pd.DataFrame | None = None, as_of: dt.date | None = None,
    dates: tuple[dt.date | None, dt.date | None] | None = None,
) -> Sheet:  # fmt: skip
    """What became of every row that was read: kept, rejected, without a customer, a refund?

    A table without a row waits for a file. The ``ledger`` itself also says what was taken for a
    sale, and over which days; what else is to be known comes after it: see ``remarks``.
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
    sentence = came_in(checks, words, ledger.notes(words) if ledger is not None else ())
    if remarked := remarks(strangers, as_of=as_of, dates=dates, words=words):
        sentence = words.joined([words("report.sentence", text=capitalised(sentence)), *remarked])
    return Sheet(sentence, chart, subtitle=words("subtitle", rows=read))


def remarks(
    strangers: pd.DataFrame | None = None, *, as_of: dt.date | None = None,
    dates: tuple[dt.date | None, dt.date | None] | None = None, kind: periods.Kind = "month",
    words: Words | None = None,
) -> list[str]:  # fmt: skip
    """What else is to be known before a figure is believed? A sentence each.

    Tables that hardly share an id, as ``people.strangers`` finds them, and a day ``as_of`` that lies
    far from the ``dates`` between which something is known.

    Examples
    --------
    >>> remarks(as_of=dt.date(2027, 10, 31), dates=(dt.date(2025, 1, 1), dt.date(2026, 10, 30)))
    ['31 Oct 2027 lies far after the data, which end on 30 Oct 2026.']
    """
    words = (words or spoken()).within("ledger")
    said_of: list[str] = []
    rows: list[dict[Any, Any]] = [] if strangers is None else strangers.to_dict("records")
    for row in rows:
        named = {name: words(f"report.table.{row[name]}") for name in ("table", "known_in")}
        said_of.append(words("strangers", **(row | named)))
    first, last = dates or (None, None)
    if as_of is not None and (side := periods.far(as_of, first, last, kind=kind)):
        said_of.append(words(f"far.{side}", as_of=as_of, first=first, last=last))
    return [words("report.sentence", text=text) for text in said_of]


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
