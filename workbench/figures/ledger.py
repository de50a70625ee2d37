"""What became of every row that was read?"""

from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.findings import ledger as findings


class Ledger(findings.Counts, Protocol):
    """What a ledger has to give for its figure."""

    def summary(self) -> pd.DataFrame:
        """One row per check: ``check, rows, share``."""


_COLOURS = {"rows_kept": style.KEPT, "rows_rejected": style.RISK}
_READ = "rows_read"


def summary(ledger: Ledger, *, lang: labels.Lang = "en") -> go.Figure:
    """What became of every row that was read: kept, rejected, without a customer, a refund?

    Parameters
    ----------
    ledger
        The ledger of a loaded source.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of the share of rows read, with the rows beside, in the order of the ledger: kept and
        rejected always, other checks where they found something.

    Raises
    ------
    ContractError
        The ledger's summary lacks a column.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"check": ["rows_read", "rows_kept", "rows_rejected"],
    ...                       "rows": [10, 9, 1], "share": [1.0, 0.9, 0.1]})
    >>> ledger = SimpleNamespace(rows_read=10, rows_rejected=1, anonymous=0,
    ...                          summary=lambda: table)
    >>> summary(ledger).data[0].x
    (0.9, 0.1)
    """
    table = ledger.summary()
    schema.require(table, "ledger", ("check", "rows", "share"), made_by="ledger.summary()")
    title = labels.text("figure.ledger.title", lang)
    read = int(ledger.rows_read)
    subtitle = labels.text(
        "figure.ledger.subtitle",
        lang,
        rows=labels.text("noun.rows", lang, n=read, count=labels.number(read, lang)),
    )
    # what was looked for and not found stands in the table, not in the figure
    drawn = table["check"].isin(list(_COLOURS)) | (table["rows"].fillna(0) > 0)
    rows = table[drawn & (table["check"] != _READ)].reset_index(drop=True)
    if rows.empty or not read:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    names = [labels.text(f"ledger.{check}", lang) for check in rows["check"]]
    return _bars(
        title,
        names,
        list(rows["share"]),
        [int(n) for n in rows["rows"]],
        [_COLOURS.get(str(check), style.GREY) for check in rows["check"]],
        subtitle=subtitle,
        alt=findings.sentence(ledger, lang=lang),
        lang=lang,
    )


def completeness(columns: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """Which columns are filled, and which are mostly empty?

    Parameters
    ----------
    columns
        One row per column, as ``Loaded.completeness()`` gives it.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Bars of the share of kept rows that hold a value, in the order of the contract; a column
        that the source does not have has no bar, and says so.

    Raises
    ------
    ContractError
        The table lacks a column.

    Examples
    --------
    >>> columns = pd.DataFrame({"column": ["order_id", "amount"], "rows": 4, "filled": [3, 4],
    ...                         "completeness": [0.75, 1.0]})
    >>> completeness(columns).data[0].x
    (0.75, 1.0)
    """
    schema.require(
        columns,
        "completeness",
        ("column", "rows", "filled", "completeness"),
        made_by="loaded.completeness()",
    )
    title = labels.text("figure.completeness.title", lang)
    read = int(columns["rows"].max()) if len(columns) else 0
    subtitle = labels.text("figure.completeness.subtitle", lang, rows=labels.number(read, lang))
    if not read:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    shares = list(columns["completeness"])
    return _bars(
        title,
        [labels.text(f"column.{column}", lang) for column in columns["column"]],
        shares,
        [int(n) for n in columns["filled"]],
        [style.GREY if pd.isna(one) or one < 1 else style.KEPT for one in shares],
        subtitle=subtitle,
        alt=findings.completeness(columns, lang=lang),
        lang=lang,
    )


def _bars(
    title: str,
    names: list[str],
    shares: list[float],
    counts: list[int],
    colours: list[str],
    *,
    subtitle: str,
    alt: str,
    lang: labels.Lang,
) -> go.Figure:
    """Draw shares of rows as bars, with the rows beside; a share that is missing says so."""
    known = [0.0 if pd.isna(share) else float(share) for share in shares]
    beside = [
        labels.text("figure.completeness.absent", lang)
        if pd.isna(share)
        else f"<b>{labels.number(n, lang)}</b> · {text.shown(text.share(float(share), lang))}"
        for n, share in zip(counts, shares, strict=True)
    ]
    wide = [text.wrapped(name, lang, width=30) for name in names]
    narrow = [text.wrapped(name, lang, width=20) for name in names]
    figure = style.base(title, height=_height(wide))
    figure.add_bar(
        orientation="h",
        x=known,
        y=list(range(len(known))),
        customdata=counts,
        text=beside,
        textposition="outside",
        textfont={"color": style.GREY_TEXT, "size": style.SMALL},
        cliponaxis=False,
        hovertext=[f"<b>{name}</b><br>{said}" for name, said in zip(names, beside, strict=True)],
        hoverinfo="text",
        marker={"color": colours, "line": {"width": 0}},
    )
    figure.update_xaxes(
        visible=False, range=text.room(known, beside, wide, window_px=style.WIDE_PX)
    )
    figure.update_yaxes(
        tickvals=list(range(len(known))),
        ticktext=wide,
        range=[len(known) - 0.5, -0.5],
        ticklabelstandoff=6,
    )
    figure.update_layout(bargap=0.35)
    phone = {
        "height": _height(narrow),
        "yaxis.ticktext": narrow,
        "xaxis.range": text.room(known, beside, narrow, window_px=style.PHONE_PX),
    }
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def _height(names: list[str]) -> int:
    """Give every row room for the label of the most lines."""
    lines = max(name.count("<br>") + 1 for name in names)
    return 50 + max(30, 16 * lines + 6) * len(names)
