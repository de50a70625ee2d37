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
        rows=labels.text("figure.rows", lang, n=read, count=labels.number(read, lang)),
    )
    # what was looked for and not found stands in the table, not in the figure
    drawn = table["check"].isin(list(_COLOURS)) | (table["rows"].fillna(0) > 0)
    rows = table[drawn & (table["check"] != _READ)].reset_index(drop=True)
    if rows.empty or not read:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    names = [labels.text(f"ledger.{check}", lang) for check in rows["check"]]
    shares = [0.0 if pd.isna(share) else float(share) for share in rows["share"]]
    beside = [
        f"<b>{labels.number(int(n), lang)}</b> · {text.shown(text.share(share, lang))}"
        for n, share in zip(rows["rows"], shares, strict=True)
    ]
    wide = [text.wrapped(name, lang, width=30) for name in names]
    narrow = [text.wrapped(name, lang, width=20) for name in names]
    figure = style.base(title, height=_height(wide))
    figure.add_bar(
        orientation="h",
        x=shares,
        y=list(range(len(rows))),
        customdata=[int(n) for n in rows["rows"]],
        text=beside,
        textposition="outside",
        textfont={"color": style.GREY_TEXT, "size": style.SMALL},
        cliponaxis=False,
        hovertext=[f"<b>{name}</b><br>{said}" for name, said in zip(names, beside, strict=True)],
        hoverinfo="text",
        marker={
            "color": [_COLOURS.get(str(check), style.GREY) for check in rows["check"]],
            "line": {"width": 0},
        },
    )
    figure.update_xaxes(
        visible=False, range=text.room(shares, beside, wide, window_px=style.WIDE_PX)
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=wide,
        range=[len(rows) - 0.5, -0.5],
        ticklabelstandoff=6,
    )
    figure.update_layout(bargap=0.35)
    phone = {
        "height": _height(narrow),
        "yaxis.ticktext": narrow,
        "xaxis.range": text.room(shares, beside, narrow, window_px=style.PHONE_PX),
    }
    return style.finished(
        figure, alt=findings.sentence(ledger, lang=lang), subtitle=subtitle, phone=phone
    )


def _height(names: list[str]) -> int:
    """Give every row room for the label of the most lines."""
    lines = max(name.count("<br>") + 1 for name in names)
    return 50 + max(30, 16 * lines + 6) * len(names)
