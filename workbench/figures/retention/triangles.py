"""Of the customers who first came in one month or week, how many came back in each after?"""

import datetime as dt
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.retention import spans
from workbench.findings import retention as findings

# More of them, and no cell has room for its number; the table holds all.
_COHORTS, _AGES = 13, 12
# The narrowest window there is, and how many periods after are drawn in it at most.
_WIDE, _PHONE = (style.WIDE_PX, _AGES), (spans.NARROWEST_PX, 6)


def triangle(
    cohorts: pd.DataFrame,
    *,
    measure: findings.Measure = "customers",
    currency: str | None = None,
    begins: dt.date | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """Of the customers who first came in one month or week, how many came back in each after?

    Parameters
    ----------
    cohorts
        One row per cohort and age, from ``retention.cohorts``.
    measure
        ``customers``, or ``money`` for what they brought against their first period.
    currency
        The money's currency, for the subtitle.
    begins
        The first day of the order book; by default the first cohort's. Where it lies before, these
        customers came to a book that was open already.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        A heat map, the last 13 cohorts in rows, up to 12 periods after in columns, and before them
        how many came. A cell that lies ahead is empty; one without a first money has a dash.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "first_period": pd.to_datetime(["2026-09-01"] * 2 + ["2026-10-01"] * 2),
    ...     "age": [0, 1, 0, 1], "cohort_size": [40, 40, 20, 20], "customers": [40, 12, 20, None],
    ...     "active_share": [1.0, 0.3, 1.0, None], "monetary": [90.0, 45.0, 50.0, None],
    ...     "money_share": [1.0, 0.5, 1.0, None], "every": "month"})
    >>> triangle(table).data[0].z
    ([None, 0.3], [None, None])
    """
    columns = ("first_period", "age", "cohort_size", "customers", "active_share", "monetary")
    schema.require(
        cohorts, "cohorts", (*columns, "money_share", "every"),
        made_by="retention.cohorts(orders, as_of=…)",
    )  # fmt: skip
    every = str(cohorts["every"].iloc[0]) if len(cohorts) else "month"
    title = labels.text(f"figure.retention.triangle.{measure}", lang)
    firsts = sorted(cohorts["first_period"].unique())
    shown = firsts[-_COHORTS:]
    subtitle = labels.text(
        f"figure.retention.triangle.subtitle.{measure}",
        lang,
        every=labels.text(f"every.{every}", lang),
        currency=style.currency(currency, lang),
        missing=_missing(cohorts, shown, lang),
        older=_older(every, lang) if shown == firsts and spans.is_first(firsts, begins) else "",
        last=_last(len(shown), len(firsts), f"figure.retention.last.{every}", lang),
    )
    if not firsts:
        return style.no_data(title, subtitle=subtitle, lang=lang)

    share = "active_share" if measure == "customers" else "money_share"
    near = cohorts.loc[cohorts["first_period"].isin(shown) & (cohorts["age"] <= _AGES)]
    cells = {(row["first_period"], row["age"]): row for row in near.to_dict("records")}
    # a cell is ahead where nothing is known of it; the cells of the first column never are
    known = cohorts.loc[cohorts["first_period"].isin(shown) & cohorts["customers"].notna(), "age"]
    names, shorter = (
        [write(first, every, lang) for first in shown] for write in (spans.short, spans.shorter)
    )
    drawn = [[cells.get((first, age)) for age in range(_AGES + 1)] for first in shown]
    ages = list(range(1, min(int(known.max()), _fitting(drawn, share, names, _WIDE, lang)) + 1))
    rows = [row[: len(ages) + 1] for row in drawn]
    values = [[_share(cell, share) for cell in row] for row in rows]
    hover = [[_said(cell, share, every, lang) for cell in row] for row in rows]
    figure = style.base(title, height=104 + 27 * max(len(shown), 3))
    places = {"x": [0, *ages], "y": list(range(len(shown)))}
    look = {"hoverinfo": "text", "hoverongaps": False, "showscale": False, "xgap": 2, "ygap": 2}
    highest = max((value for row in values for value in row if value is not None), default=0.0)
    figure.add_heatmap(
        **places,
        z=values,
        hovertext=hover,
        zmin=0,
        # where money grows beyond the first, the darkest is as much as the first
        zmax=min(max(highest, 0.01), 1.0),
        colorscale=[[i / (len(style.HEAT) - 1), colour] for i, colour in enumerate(style.HEAT)],
        **look,
    )
    figure.add_heatmap(
        **places,
        z=[[0.0 if _is_grey(cell, share) else None for cell in row] for row in rows],
        hovertext=hover,
        colorscale=[[0, style.GREY_TINT], [1, style.GREY_TINT]],
        **look,
    )
    phone = style.write_cells(figure, list(_written(rows, share, lang)))
    figure.update_xaxes(
        side="top",
        title={"text": labels.text(f"figure.retention.x.{every}", lang)},
        tickvals=[0, *ages],
        ticktext=[
            labels.text(f"figure.retention.{'new' if measure == 'customers' else 'first_money'}",
                        lang),
            *(str(age) for age in ages),
        ],
        range=[-0.5, max(len(ages), 1) + 0.5],
        tickangle=0,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(shown))),
        ticktext=names,
        range=[len(shown) - 0.5, -0.5],
        ticklabelstandoff=4,
    )
    phone |= {
        "yaxis.ticktext": shorter,
        "xaxis.range": [
            -0.5,
            min(max(len(ages), 1), _fitting(drawn, share, shorter, _PHONE, lang)) + 0.5,
        ],
    }
    alt = findings.triangle(cohorts, measure=measure, begins=begins, lang=lang)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone)


def _older(every: str, lang: labels.Lang) -> str:
    return labels.text("figure.retention.older", lang, every=labels.text(f"every.{every}", lang))


def _missing(cohorts: pd.DataFrame, shown: list[Any], lang: labels.Lang) -> str:
    drawn = cohorts.loc[cohorts["first_period"].isin(shown) & cohorts["customers"].notna()]
    known = drawn["money_share"].notna().all()
    return "" if known else labels.text("figure.retention.no_first_dash", lang)


def _last(shown: int, there: int, key: str, lang: labels.Lang) -> str:
    return labels.text(key, lang, n=shown, all=there) if shown < there else ""


def _ahead(cell: dict[Any, Any] | None) -> bool:
    return cell is None or pd.isna(cell["customers"])


def _share(cell: dict[Any, Any] | None, share: str) -> float | None:
    """Give what colours a cell: nothing in the first column, ahead, or without a first money."""
    if cell is None or _ahead(cell) or not cell["age"] or pd.isna(cell[share]):
        return None
    return float(cell[share])


def _is_grey(cell: dict[Any, Any] | None, share: str) -> bool:
    if cell is None or _ahead(cell):
        return False
    return not cell["age"] or bool(pd.isna(cell[share]))


def _fitting(
    rows: list[list[dict[Any, Any] | None]],
    share: str,
    names: list[str],
    window: tuple[int, int],
    lang: labels.Lang,
) -> int:
    """How many columns after the first have room for what stands in their cells?"""
    window_px, most = window
    written = [(x, text.pixels(said)) for x, _, said, _ in _written(rows, share, lang)]
    first = max(wide for x, wide in written if not x)
    later = max((wide for x, wide in written if x), default=0.0)
    each = max(later, (first + later) / 2) + 4
    plot = window_px - max(map(text.pixels, names)) - 24
    return max(1, min(most, int(plot / each) - 1))


def _written(
    rows: list[list[dict[Any, Any] | None]], share: str, lang: labels.Lang
) -> list[tuple[float, float, str, str]]:
    written = []
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell is None or _ahead(cell):
                continue
            if not cell["age"]:
                size = labels.number(int(cell["cohort_size"]), lang)
                money = text.short(float(cell["monetary"]), lang)
                said = f"<b>{size if share == 'active_share' else money}</b>"
            else:
                said = _share_said(_share(cell, share), lang)
            written.append((float(x), float(y), said, said))
    return written


def _share_said(share: float | None, lang: labels.Lang) -> str:
    if share is not None and share >= 9.995:
        return labels.text("figure.retention.times", lang, n=labels.number(share, lang))
    return text.shown(text.share(share, lang))


def _said(cell: dict[Any, Any] | None, share: str, every: str, lang: labels.Lang) -> str:
    if cell is None or _ahead(cell):
        return ""
    first = findings.period(cell["first_period"], every, lang)
    size, money = int(cell["cohort_size"]), labels.money(float(cell["monetary"]), lang)
    came = labels.text("figure.retention.came", lang, n=size, count=labels.number(size, lang))
    if not cell["age"]:
        return f"<b>{first}</b><br>{came}<br>{money}"
    known = _share(cell, share)
    lead = (
        labels.text("figure.retention.no_first_money", lang)
        if known is None
        else text.shown(text.share(known, lang))
    )
    some = labels.text(
        "figure.retention.of",
        lang,
        some=labels.number(int(cell["customers"]), lang),
        customers=text.customers(size, lang),
    )
    when = labels.text(
        "figure.retention.when",
        lang,
        first=first,
        time=findings.time(int(cell["age"]), every, lang),
    )
    return f"<b>{lead}</b><br>{some} · {money}<br>{when}"
