"""How late are customers against their own rhythm, and how many calls is that per owner?"""

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels, schema
from workbench.figures import style, text
from workbench.figures.bins import drawn_bins, ticks
from workbench.findings import churn as findings

_BANDS = ("not_due", "likely_repurchase", "churn_risk", "lost")
_CALLS = ("churn_risk", "likely_repurchase")
# More owners than this make a list, not a figure; the rest are counted below it.
_OWNERS_SHOWN = 20


def ratios(ratios: pd.DataFrame, summary: pd.DataFrame, *, lang: labels.Lang = "en") -> go.Figure:
    """How late are customers against their own rhythm?

    A histogram of days since the last purchase ÷ usual interval, each band in its colour and
    labelled with its name and customers. Bars stand for customers per bin width, so that a bin cut
    by a band edge keeps the shape; the hover text counts customers.

    Parameters
    ----------
    ratios
        One row per bin (``left, right, customers, warning``), from ``churn.ratios``; an open last
        bin has no ``right``.
    summary
        One row per warning (``warning, customers``), from ``churn.summary``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        With ``layout.meta``: ``alt``, ``subtitle``, ``height``, ``phone``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> bins = pd.DataFrame({"left": [0.0, 1.2], "right": [0.1, 1.3], "customers": [3, 5],
    ...                      "warning": ["not_due", "churn_risk"]})
    >>> summary = pd.DataFrame({"warning": ["not_due", "churn_risk"], "customers": [3, 5]})
    >>> figure = ratios(bins, summary)
    >>> [list(trace.y) for trace in figure.data]
    [[3.0], [5.0]]
    """
    schema.require(
        ratios,
        "ratios",
        ("left", "right", "customers", "warning"),
        made_by="churn.ratios(warnings)",
    )
    schema.require(summary, "summary", ("warning", "customers"), made_by="churn.summary(warnings)")
    title = labels.text("figure.churn.ratios.title", lang)
    counts = summary.set_index("warning")["customers"].astype(int)
    subtitle = _ratios_subtitle(counts, lang)
    if ratios.empty or not ratios["customers"].sum():
        return style.no_data(title, subtitle=subtitle, lang=lang)

    bins = drawn_bins(ratios)
    figure = style.base(title, height=380)
    for band in _BANDS:
        part = bins[bins["warning"] == band]
        if part.empty:
            continue
        figure.add_bar(
            x=part["middle"].tolist(),
            y=part["height"].tolist(),
            # a sliver of paper between neighbours
            width=(part["width"] * 0.94).tolist(),
            name=labels.text(f"warning.{band}", lang),
            customdata=part["customers"].tolist(),
            hovertext=[_bin_said(row, lang) for row in part.itertuples()],
            hoverinfo="text",
            marker={"color": style.WARNING_COLOURS[band][0], "line": {"width": 0}},
        )
    edges = _band_edges(bins)
    end = float(bins["end"].max())
    phone = _label_bands(figure, edges, counts, end, lang)
    top = _top(figure, bins, lang)
    split = not math.isclose(bins["width"].min(), bins["width"].max(), rel_tol=1e-6)
    figure.update_yaxes(
        title={"text": _y_title(bins, split, lang)},
        range=[0, top * 1.06],
        domain=[0, 0.8],
        showgrid=True,
        tickvals=ticks(top),
        tickformat=",d",
        tickfont={"color": style.GREY_TEXT},
        ticklabelstandoff=6,
    )
    tick_values = _x_ticks(edges, end, apart=0.2)
    figure.update_xaxes(
        title={"text": labels.text("figure.churn.ratios.x", lang)},
        range=[0, end],
        tickvals=tick_values,
        ticktext=[_x_said(value, bins) for value in tick_values],
        showline=True,
        linecolor=style.GREY,
    )
    figure.update_layout(barmode="overlay", bargap=0)
    sparse = _x_ticks(edges, end, apart=0.3)
    phone |= {"xaxis.tickvals": sparse, "xaxis.ticktext": [_x_said(x, bins) for x in sparse]}
    return style.finished(
        figure, alt=findings.overdue(summary, lang=lang), subtitle=subtitle, phone=phone
    )


def _ratios_subtitle(counts: pd.Series, lang: labels.Lang) -> str:
    known = int(counts.reindex(list(_BANDS)).fillna(0).sum())
    hidden = int(counts.get("too_little_history", 0))
    said = labels.text("figure.churn.ratios.subtitle", lang, known=text.customers(known, lang))
    if hidden:
        said += labels.text(
            "figure.churn.ratios.hidden", lang, n=hidden, count=labels.number(hidden, lang)
        )
    return said


def _top(figure: go.Figure, bins: pd.DataFrame, lang: labels.Lang) -> float:
    """Where does the axis end? Above the tallest bar, unless the open bin would dwarf the others.

    That one holds all ratios beyond it, so its height says nothing about the shape: it is cut off
    and its customers are written beside it.
    """
    heights = bins.loc[~bins["is_open"], "height"]
    shape = float(heights.max()) if len(heights) else 0.0
    last = bins.iloc[-1]
    if not last["is_open"] or last["height"] <= shape * 1.5 or shape == 0:
        return float(bins["height"].max())
    figure.add_annotation(
        text=f"<b>{labels.number(int(last['customers']), lang)}</b> ↑",
        showarrow=False, xref="x", x=last["left"], xanchor="right", xshift=-4, borderpad=0,
        y=0.79, yref="paper", yanchor="top",
        font={"color": style.WARNING_COLOURS[last["warning"]][1], "size": style.SMALL},
    )  # fmt: skip
    # the cut: a strip of paper across the bar
    figure.add_shape(
        type="line", xref="x", x0=last["left"], x1=last["end"], yref="paper", y0=0.74, y1=0.765,
        line={"color": style.PAPER, "width": 4},
    )  # fmt: skip
    return shape


def _bin_said(row: Any, lang: labels.Lang) -> str:
    key = "figure.churn.ratios.bin_open" if row.is_open else "figure.churn.ratios.bin"
    said = labels.text(key, lang, left=f"{row.left:.4g}", right=f"{row.right:.4g}")
    band = labels.text(f"warning.{row.warning}", lang)
    return f"<b>{text.customers(int(row.customers), lang)}</b><br>{said}<br>{band}"


def _y_title(bins: pd.DataFrame, split: bool, lang: labels.Lang) -> str:
    if not split:
        return labels.text("figure.churn.ratios.y", lang)
    width = f"{bins['usual'].iloc[0]:.3g}"
    return labels.text("figure.churn.ratios.y_density", lang, width=width)


def _band_edges(bins: pd.DataFrame) -> dict[str, tuple[float, float]]:
    spans = bins.groupby("warning").agg(start=("left", "min"), end=("end", "max"))
    return {
        band: (float(spans["start"][band]), float(spans["end"][band]))
        for band in _BANDS
        if band in spans.index
    }


def _label_bands(
    figure: go.Figure,
    edges: dict[str, tuple[float, float]],
    counts: pd.Series,
    end: float,
    lang: labels.Lang,
) -> dict[str, Any]:
    """Write each band's name and count above it; gives what moves on a phone."""
    said = {
        band: f"{text.wrapped(labels.text(f'warning.{band}', lang), lang)}"
        f"<br><b>{labels.number(int(counts.get(band, 0)), lang)}</b>"
        for band in edges
    }
    centres = [(start + stop) / 2 for start, stop in edges.values()]
    places = []
    for window in (style.WIDE_PX, style.PHONE_PX):
        # the axis takes about 65 px of the window
        per_pixel = end / (window - 65)
        widths = [text.pixels(words, size=style.SMALL) * per_pixel for words in said.values()]
        # The first may reach over the axis' labels, but plotly hides one centred outside the axis.
        start = -min(40 * per_pixel, widths[0] / 2)
        places.append(text.spread(centres, widths, start=start, end=end, gap=6 * per_pixel))
    for (band, (start, stop)), x in zip(edges.items(), places[0], strict=True):
        mark, ink = style.WARNING_COLOURS[band]
        figure.add_annotation(
            x=x, xref="x", y=0.83, yref="paper", yanchor="bottom", text=said[band],
            showarrow=False, font={"color": ink, "size": style.SMALL}, borderpad=0,
        )  # fmt: skip
        pad = min(0.02, (stop - start) / 8)
        figure.add_shape(
            type="line", x0=start + pad, x1=stop - pad, xref="x", y0=0.82, y1=0.82, yref="paper",
            line={"color": mark, "width": 3},
        )  # fmt: skip
    return {f"annotations[{i}].x": x for i, x in enumerate(places[1])}


def _x_ticks(edges: dict[str, tuple[float, float]], end: float, *, apart: float) -> list[float]:
    """Choose the ticks: zero and the band edges first, then whole numbers where there is room."""
    bounds = sorted({round(edge, 6) for span in edges.values() for edge in span} - {end})
    whole = [float(n) for n in range(1, math.floor(end) + 1)]
    kept: list[float] = []
    for values, distance in (([0.0, *bounds], apart), (whole, 0.3)):
        for value in values:
            if value < end - 1e-9 and all(abs(value - k) >= distance - 1e-9 for k in kept):
                kept.append(value)
    return sorted(kept)


def _x_said(value: float, bins: pd.DataFrame) -> str:
    open_from = bins.loc[bins["is_open"], "left"]
    is_open = len(open_from) and math.isclose(value, float(open_from.iloc[0]))
    return f"{value:.4g}" + ("+" if is_open else "")


def workload(
    workload: pd.DataFrame,
    change: pd.DataFrame | None = None,
    *,
    currency: str | None = None,
    lang: labels.Lang = "en",
) -> go.Figure:
    """How many calls does each owner have to make, and for how much money?

    Parameters
    ----------
    workload
        One row per owner (``owner_id, owner_name, likely_repurchase, churn_risk, calls,
        value_at_stake``), from ``churn.workload``.
    change
        One row per owner with ``owner_id`` and ``calls_change``, from ``churn.workload_change``.
    currency
        The money's currency, for the subtitle.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    plotly.graph_objects.Figure
        Stacked bars, most calls first, at most 20 owners; the others are counted in a last line.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"owner_id": ["1"], "owner_name": ["Lin Yue"], "churn_risk": [3],
    ...                       "likely_repurchase": [2], "calls": [5], "value_at_stake": [900.0]})
    >>> workload(table).data[0].x
    (3,)
    """
    columns = ("owner_id", "owner_name", *_CALLS, "calls", "value_at_stake")
    schema.require(workload, "workload", columns, made_by="churn.workload(warnings)")
    if change is not None:
        schema.require(
            change,
            "change",
            ("owner_id", "calls_change"),
            made_by="churn.workload_change(before, after)",
        )
    title = labels.text("figure.churn.workload.title", lang)
    subtitle = labels.text(
        "figure.churn.workload.subtitle", lang, currency=style.currency(currency, lang)
    )
    if change is not None:
        subtitle += labels.text("figure.churn.workload.change", lang)
    if workload.empty or not workload["calls"].sum():
        return style.no_data(title, subtitle=subtitle, lang=lang)

    owners = workload.sort_values(
        ["calls", "value_at_stake", "owner_id"], ascending=[False, False, True]
    )
    shown = owners.head(_OWNERS_SHOWN)
    rest = owners.iloc[_OWNERS_SHOWN:]
    rows = list(range(len(shown)))
    names = [
        _owner(name, owner, lang)
        for name, owner in zip(shown["owner_name"], shown["owner_id"], strict=True)
    ]
    beside = _beside(shown, change, lang)
    figure = style.base(title, height=70 + 30 * len(shown) + (28 if len(rest) else 0))
    for i, kind in enumerate(_CALLS):
        figure.add_bar(
            orientation="h",
            x=[int(calls) for calls in shown[kind]],
            y=rows,
            name=labels.text(f"warning.{kind}", lang),
            marker={"color": style.WARNING_COLOURS[kind][0], "line": {"width": 0}},
            hovertext=_owner_hover(shown, names, lang),
            hoverinfo="text",
            # beside the whole bar: what the last part of the stack carries
            **(
                {"text": beside, "textposition": "outside", "cliponaxis": False,
                 "textfont": {"color": style.GREY_TEXT, "size": style.SMALL}}
                if i == len(_CALLS) - 1
                else {}
            ),
        )  # fmt: skip
    _name_the_colours(figure, lang)
    wide, narrow = (
        text.room([float(calls) for calls in shown["calls"]], beside, names, window_px=window)
        for window in (style.WIDE_PX, style.PHONE_PX)
    )
    figure.update_xaxes(visible=False, range=wide)
    figure.update_yaxes(
        tickvals=rows, ticktext=names, range=[len(shown) - 0.5, -0.5], ticklabelstandoff=6
    )
    figure.update_yaxes(domain=[0, 1 - 28 / figure.layout.height])
    figure.update_layout(barmode="stack", bargap=0.35)
    if len(rest):
        _count_the_rest(figure, rest, lang)
    phone = {"xaxis.range": narrow}
    return style.finished(
        figure, alt=findings.workload(workload, lang=lang), subtitle=subtitle, phone=phone
    )


def _owner(name: Any, owner_id: Any, lang: labels.Lang) -> str:
    if pd.notna(name) and str(name).strip():
        return text.literal(name, limit=16)
    if pd.notna(owner_id) and str(owner_id).strip():
        return text.literal(owner_id, limit=16)
    return labels.text("figure.churn.workload.nobody", lang)


def _beside(shown: pd.DataFrame, change: pd.DataFrame | None, lang: labels.Lang) -> list[str]:
    changes = {}
    if change is not None:
        # the calls that nobody owns have a null id, which equals nothing
        owners = change["owner_id"].astype("object").where(change["owner_id"].notna(), None)
        changes = dict(zip(owners, change["calls_change"], strict=True))
    said = []
    for row in shown.to_dict("records"):
        calls = labels.number(row["calls"], lang)
        moved = changes.get(row["owner_id"] if pd.notna(row["owner_id"]) else None, 0)
        if moved:
            calls += f" {'▲' if moved > 0 else '▼'}{labels.number(abs(moved), lang)}"
        said.append(f"<b>{calls}</b> · {labels.money(row['value_at_stake'], lang)}")
    return said


def _owner_hover(shown: pd.DataFrame, names: list[str], lang: labels.Lang) -> list[str]:
    said = []
    for row, name in zip(shown.to_dict("records"), names, strict=True):
        whole = text.literal(row["owner_name"]) if pd.notna(row["owner_name"]) else name
        parts = "<br>".join(
            labels.text(
                "figure.pair",
                lang,
                name=labels.text(f"warning.{part}", lang),
                value=labels.number(row[part], lang),
            )
            for part in _CALLS
        )
        stake = labels.text(
            "figure.churn.workload.at_stake", lang, money=labels.money(row["value_at_stake"], lang)
        )
        said.append(f"<b>{whole}</b><br>{parts}<br>{stake}")
    return said


def _name_the_colours(figure: go.Figure, lang: labels.Lang) -> None:
    """Write what the two colours mean above the first bar, in these colours."""
    x = 0.0
    for kind in _CALLS:
        mark, ink = style.WARNING_COLOURS[kind]
        # two annotations, since a word needs a darker shade than a mark
        for said, colour in (("■", mark), (labels.text(f"warning.{kind}", lang), ink)):
            figure.add_annotation(
                text=said, showarrow=False, xref="paper", x=0, xanchor="left", xshift=x,
                yref="paper", y=1, yanchor="top", borderpad=0,
                font={"color": colour, "size": style.SMALL},
            )  # fmt: skip
            x += 16 if said == "■" else text.pixels(said) + 18


def _count_the_rest(figure: go.Figure, rest: pd.DataFrame, lang: labels.Lang) -> None:
    calls = int(rest["calls"].sum())
    said = labels.text(
        "figure.churn.workload.more",
        lang,
        n=len(rest),
        count=labels.number(len(rest), lang),
        calls=labels.text("noun.calls", lang, n=calls, count=labels.number(calls, lang)),
    )
    figure.add_annotation(
        text=said, showarrow=False, xref="paper", x=0, xanchor="left", yref="paper", y=0,
        yanchor="top", yshift=-6, font={"color": style.GREY_TEXT, "size": style.SMALL},
    )  # fmt: skip
    figure.update_layout(margin={"b": 34})
