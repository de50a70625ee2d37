"""Who changed class between two dates?"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.findings import rfm as findings
from workbench.rfm import ABSENT, SEGMENTS

_MOVES = ("moved", "stayed", "came", "left", "fell", "rose")
_MOVE_COLOURS = {
    "moved": style.HEAT[0],
    "stayed": style.GREY_TINT,
    "came": style.HEAT[0],
    "left": style.HEAT[0],
    "fell": style.RISK_TINT,
    "rose": style.KEPT_TINT,
}


def migration(
    migration: pd.DataFrame, *, currency: str | None = None, lang: labels.Lang = "en"
) -> go.Figure:
    """Who changed class between the two dates, and with how much money?

    Parameters
    ----------
    migration
        One row per pair of classes (``segment_before, segment_after, customers, monetary_before,
        monetary_after``), from ``rfm.migration``; ``absent`` where a customer is there only once.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A matrix, before in rows and after in columns; cells of customers who fell out of the key
        classes or left, and of those who rose into them, are tinted; ``customdata`` holds
        customers, money before and money after.

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
    title = labels.text("figure.rfm.migration.title", lang)
    total = int(migration["customers"].sum()) if len(migration) else 0
    subtitle = labels.text(
        "figure.rfm.migration.subtitle",
        lang,
        currency=style.currency(currency, lang),
        customers=text.customers(total, lang),
    )
    if not total:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    cells = {
        (row["segment_before"], row["segment_after"]): (
            int(row["customers"]),
            float(row["monetary_before"]),
            float(row["monetary_after"]),
        )
        for row in migration.to_dict("records")
    }
    order = (*SEGMENTS, ABSENT)
    befores, afters = (
        [code for code in order if code in _shown(migration, side)] for side in ("before", "after")
    )
    rows = [[cells.get((b, a), (0, 0.0, 0.0)) for a in afters] for b in befores]
    z: list[list[int | None]] = []
    hover: list[list[str]] = []
    for before, row in zip(befores, rows, strict=True):
        moves = [_MOVES.index(_move(before, after)) for after in afters]
        z.append([m if cell[0] else None for m, cell in zip(moves, row, strict=True)])
        hover.append(
            [_migration_hover(before, a, c, lang) for a, c in zip(afters, row, strict=True)]
        )
    names = {
        side: [_class_name(code, side, lang) for code in codes]
        for side, codes in (("before", befores), ("after", afters))
    }
    figure = style.base(title, height=150 + 40 * max(len(befores), 3))
    figure.add_heatmap(
        x=list(range(len(afters))),
        y=list(range(len(befores))),
        z=z,
        customdata=[[list(cell) for cell in row] for row in rows],
        hovertext=hover,
        hoverinfo="text",
        hoverongaps=False,
        zmin=-0.5,
        zmax=len(_MOVES) - 0.5,
        colorscale=_steps([_MOVE_COLOURS[move] for move in _MOVES]),
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure.update_xaxes(
        side="top",
        title={"text": labels.text("figure.rfm.migration.after", lang)},
        tickvals=list(range(len(afters))),
        ticktext=[text.wrapped(name, lang, width=8) for name in names["after"]],
        autotickangles=[0, -90],
    )
    figure.update_yaxes(
        title={"text": labels.text("figure.rfm.migration.before", lang)},
        tickvals=list(range(len(befores))),
        ticktext=names["before"],
        range=[len(befores) - 0.5, -0.5],
        ticklabelstandoff=4,
    )
    phone = style.write_cells(figure, _cells(rows, afters, lang))
    phone |= {
        "yaxis.ticktext": [text.wrapped(name, lang, width=8) for name in names["before"]],
        "xaxis.ticktext": names["after"],
        "xaxis.tickangle": -90,
    }
    return style.finished(
        figure, alt=findings.migration(migration, lang=lang), subtitle=subtitle, phone=phone
    )


def _shown(migration: pd.DataFrame, side: str) -> set[str]:
    """Which classes get a row or a column? Those of the table; "absent" only if somebody was."""
    codes = migration[f"segment_{side}"]
    return set(codes[(codes != ABSENT) | (migration["customers"] > 0)])


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


def _steps(colours: list[str]) -> list[list[Any]]:
    """Make a colour scale of flat steps, one per whole number."""
    n = len(colours)
    return [[edge / n, colour] for i, colour in enumerate(colours) for edge in (i, i + 1)]


def _class_name(code: str, side: str, lang: labels.Lang) -> str:
    if code == ABSENT:
        return labels.text(f"figure.rfm.migration.absent_{side}", lang)
    return labels.text(f"segment.{code}", lang)


def _cells(
    rows: list[list[tuple[int, float, float]]], afters: list[str], lang: labels.Lang
) -> list[tuple[float, float, str, str]]:
    """Say customers and money per cell; on a phone customers alone."""
    cells = []
    for y, row in enumerate(rows):
        for x, (customers, money_before, money_after) in enumerate(row):
            if customers:
                count = f"<b>{text.short(customers, lang)}</b>"
                money = text.short(money_before if afters[x] == ABSENT else money_after, lang)
                cells.append((float(x), float(y), f"{count}<br>{money}", count))
    return cells


def _migration_hover(
    before: str, after: str, cell: tuple[int, float, float], lang: labels.Lang
) -> str:
    way = labels.text(
        "figure.rfm.migration.arrow",
        lang,
        before=_class_name(before, "before", lang),
        after=_class_name(after, "after", lang),
    )
    money = labels.text(
        "figure.rfm.migration.money",
        lang,
        before=labels.money(cell[1], lang),
        after=labels.money(cell[2], lang),
    )
    move = labels.text(f"figure.rfm.migration.{_move(before, after)}", lang)
    return f"<b>{text.customers(cell[0], lang)}</b><br>{way}<br>{move}<br>{money}"
