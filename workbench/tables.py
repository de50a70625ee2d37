"""How does a finished table read for a person, on a screen, in a CSV file, in Excel?

Headers and codes become words of the language; text stays text: inert in HTML, never a formula
in a spreadsheet.
"""

import datetime as dt
import html as markup
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench import labels, schema

Kind = Literal["text", "id", "date", "moment", "rate", "ratio", "days", "whole", "number", "truth"]

# Columns that hold codes, and where the words of their codes stand in labels.csv.
_CODED = {
    "column": "column",
    "confidence": "confidence",
    "evidence": "proposal",
    **dict.fromkeys(("segment", "tenth"), "segment"),
    "warning": "warning",
    "move_reason": "move_reason",
    "rule": "scheduling.rule",
    "check": "ledger",
    "measure": "column",
    "model": "model",
    "channel": "channel",
    "direction": "direction",
    "feedback": "feedback",
    "reason": "feedback",  # why a step was stopped, where an answer stopped it
    "status": "status",
    "every": "every",
    "what": "what",
    **dict.fromkeys(("edited", "delivered", *schema.TRAITS), "choice"),
}
# What is said where a value is missing because nobody can know it.
_UNTOLD = {"probability_alive": "alive.cannot_tell"}
_RATES = ("share", "completeness", "precision", "recall", "difference", "concordance", "bias",
          "wape", "probability_alive", "probability_no_purchase", "tracking_error")  # fmt: skip
_RATIOS = ("ratio", "lift", "threshold", "predicted_ratio", "mean_absolute_error", "actual_mean",
           "expected_mean", "expected_purchases", "estimate", "standard_error")  # fmt: skip
# Times of which the hour matters; of others the day is shown.
_MOMENTS = ("at", "closed_at")
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# What XML cannot hold, and a workbook is XML: control characters, lone surrogates, U+FFFE, U+FFFF.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_FORMATS = {
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "rate": "0.0%",
    "ratio": "0.00",
    "days": "#,##0.0",
    "whole": "#,##0",
}
_ZERO = {"rate": 1, "ratio": 2, "days": 1, "whole": 0}

# A notebook may be light or dark: the colours are those of the text around.
_STYLE = """
.workbench-shown .workbench-scroll { max-height: none; overflow-x: auto; }
.workbench-shown table.workbench-table {
  margin: 0; border-collapse: collapse; font-size: 14px; line-height: 1.4; table-layout: auto;
}
.workbench-shown .workbench-table caption { padding: 4px 0; text-align: left; }
.workbench-shown .workbench-table tr:is(tr) { background: none; }
.workbench-shown .workbench-table tr > :is(th, td) {
  max-width: 52ch; padding: 6px 14px 6px 0; text-align: left; vertical-align: top;
  white-space: normal; word-break: keep-all;
}
.workbench-shown .workbench-table tr > th { border-bottom: 2px solid currentColor; }
.workbench-shown .workbench-table tr > td { border-bottom: 1px solid rgba(128, 128, 128, 0.3); }
.workbench-shown .workbench-table tr > .number { text-align: right; white-space: nowrap; }
"""


def header(column: str, lang: labels.Lang = "en") -> str:
    """What is this column called?

    A column without a label (somebody's own) reads as its name with spaces.

    Examples
    --------
    >>> header("customer_id"), header("customer_id", "zh"), header("own_score")
    ('Customer ID', '客户编号', 'Own score')
    """
    key = f"column.{column}"
    return labels.text(key, lang) if labels.has(key) else column.replace("_", " ").capitalize()


def kind(name: str, column: "pd.Series[Any]") -> Kind:
    """How are the values of this column written? By the name's unit, then by the type.

    Examples
    --------
    >>> kind("customer_share", pd.Series([0.4])), kind("ratio", pd.Series([1.2]))
    ('rate', 'ratio')
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "moment" if name in _MOMENTS else "date"
    if pd.api.types.is_bool_dtype(column.dtype):
        return "truth"
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return "id" if name.endswith("_id") else "text"
    base = name.removesuffix("_low").removesuffix("_high")
    if base.endswith(("_share", "_rate")) or base in _RATES:
        return "rate"
    if base in _RATIOS:
        return "ratio"
    if name.endswith("_days") and pd.api.types.is_float_dtype(column.dtype):
        return "days"
    return "whole"


def _base(column: str) -> str:
    return column.removesuffix("_before").removesuffix("_after")


def _word(column: str, value: Any, lang: labels.Lang) -> Any:
    """Give the word for a code; anything that is not a known code stays as it is."""
    if column in _UNTOLD:
        return labels.text(_UNTOLD[column], lang) if _missing(value) else value
    prefix = _CODED.get(_base(column))
    # the rules of a schedule, and those of a warning, which stand under the column's own name
    for key in (f"{prefix}.{value}", f"{column}.{value}"):
        if prefix and labels.has(key):
            return labels.text(key, lang)
    return value


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def worded(table: pd.DataFrame, *, lang: labels.Lang = "en") -> pd.DataFrame:
    """What does the table say in words? Same rows; headers and codes in the language.

    Numbers stay numbers and dates dates, so that a spreadsheet can go on with them.

    Examples
    --------
    >>> worded(pd.DataFrame({"segment": ["key_keep"], "customers": [3]}))
          Class  Customers
    0  Key keep          3
    """
    said = {
        column: [_word(column, value, lang) for value in table[column]]
        if _base(column) in _CODED or column in _UNTOLD
        else table[column]
        for column in table.columns
    }
    frame = pd.DataFrame(said, index=table.index)
    frame.columns = pd.Index([header(str(column), lang) for column in table.columns])
    return frame


def cell(name: str, value: Any, how: Kind, lang: labels.Lang = "en") -> str:
    """Write one value as a person reads it, not yet escaped.

    Examples
    --------
    >>> cell("customer_share", 0.4621, "rate"), cell("ratio", 1.4286, "ratio")
    ('46.2%', '1.43')
    """
    if _missing(value):
        return str(_word(name, value, lang)) if name in _UNTOLD else labels.MISSING
    if how in ("date", "moment"):
        day = labels.date(value.date() if isinstance(value, dt.datetime) else value, lang)
        return f"{day}, {value:%H:%M}" if how == "moment" else day
    if how == "truth":
        return labels.text("panel.yes" if value else "panel.no", lang)
    if how == "rate":  # a chance that is all but certain is not said to be
        near = name.startswith("probability") and 0.999 < float(value) < 1
        return ">" * near + labels.percent(0.999 if near else float(value), lang, digits=1)
    if how in _ZERO:
        return labels.number(float(value), lang, digits=_ZERO[how])
    return str(_word(name, value, lang))


def named(
    table: pd.DataFrame,
    *,
    customers: pd.DataFrame | None = None,
    owners: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who are these customers, and who is in charge of each?

    Parameters
    ----------
    table
        Any table with ``customer_id``.
    customers
        ``customer_id`` with ``customer_name`` and ``owner_id``.
    owners
        ``owner_id`` with ``owner_name``.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order, with ``customer_name``, ``owner_id`` and ``owner_name``
        behind ``customer_id``; missing where a table does not say.

    Examples
    --------
    >>> customers = pd.DataFrame({"customer_id": ["b"], "customer_name": ["Harbour Foods"]})
    >>> named(pd.DataFrame({"customer_id": ["b"], "frequency": [4]}), customers=customers)
      customer_id  customer_name owner_id owner_name  frequency
    0           b  Harbour Foods      NaN        NaN          4
    """
    names = _texts(customers, "customer_id", "customer_name")
    in_charge = _texts(customers, "customer_id", "owner_id")
    owner_names = _texts(owners, "owner_id", "owner_name")
    ids = table["customer_id"].astype("str")
    owner_ids = ids.map(in_charge).astype("str")
    place = list(table.columns).index("customer_id") + 1
    wider = table.copy()
    for name, column in (
        ("owner_name", owner_ids.map(owner_names).astype("str")),
        ("owner_id", owner_ids),
        ("customer_name", ids.map(names).astype("str")),
    ):
        wider.insert(place, name, column)
    return wider


def owned(table: pd.DataFrame, *, owners: pd.DataFrame | None = None) -> pd.DataFrame:
    """Who is in charge of each row?

    Parameters
    ----------
    table
        Any table with ``owner_id``.
    owners
        ``owner_id`` with ``owner_name``.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order, with ``owner_name`` behind ``owner_id``; missing where
        ``owners`` does not say.

    Examples
    --------
    >>> owners = pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin Yue"]})
    >>> owned(pd.DataFrame({"owner_id": ["S1", "S2"], "steps": [4, 2]}), owners=owners)
      owner_id owner_name  steps
    0       S1    Lin Yue      4
    1       S2        NaN      2
    """
    names = table["owner_id"].map(_texts(owners, "owner_id", "owner_name")).astype("str")
    wider = table.copy()
    wider.insert(list(table.columns).index("owner_id") + 1, "owner_name", names)
    return wider


def _texts(table: pd.DataFrame | None, key: str, value: str) -> "pd.Series[str]":
    """Look up one text column by another; empty where the table or the column is not there."""
    if table is None or key not in table or value not in table:
        return pd.Series(dtype="str", index=pd.Index([], dtype="str"))
    texts = table[[key, value]].dropna().astype("str").drop_duplicates(key)
    return texts.set_index(key)[value]


def only(
    table: pd.DataFrame, *, owner_id: str | None = None, segment: str | None = None
) -> pd.DataFrame:
    """Which rows belong to one owner, or to one class? ``None`` keeps all.

    Examples
    --------
    >>> only(pd.DataFrame({"owner_id": ["x", "y"], "calls": [1, 2]}), owner_id="y")
      owner_id  calls
    0        y      2
    """
    wanted = {"owner_id": owner_id, "segment": segment}
    kept = table
    for column, value in wanted.items():
        if value is not None:
            kept = kept[kept[column] == value]
    return kept.reset_index(drop=True)


def html(
    table: pd.DataFrame,
    *,
    lang: labels.Lang = "en",
    rows: int = 20,
    caption: str = "",
    essential: Collection[str] = (),
) -> str:
    """Which rows does the reader see first? An HTML table, escaped, with what is left out said.

    Parameters
    ----------
    table
        Any finished table.
    lang
        Language of headers, codes and numbers.
    rows
        How many rows are shown; beside the caption stands how many there are.
    caption
        What the table holds, one line.
    essential
        The columns that stay on a phone; the others get the class ``minor``. Empty: all stay.

    Examples
    --------
    >>> "&lt;b&gt;" in html(pd.DataFrame({"customer_name": ["<b>"]}))
    True
    """
    kinds = {str(name): kind(str(name), table[name]) for name in table.columns}
    classes = {name: _classes(name, how, essential) for name, how in kinds.items()}
    heads = "".join(
        f'<th scope="col"{classes[name]}>{markup.escape(header(name, lang))}</th>' for name in kinds
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{classes[name]}>{markup.escape(cell(name, value, how, lang))}</td>"
            for (name, how), value in zip(kinds.items(), row, strict=True)
        )
        + "</tr>"
        for row in table.head(rows).itertuples(index=False, name=None)
    )
    shown = labels.number(min(rows, len(table)), lang)
    count = labels.text("panel.showing", lang, shown=shown, n=labels.number(len(table), lang))
    if table.empty:
        heads, count = "", labels.text("panel.no_rows", lang)
    title = f"<strong>{markup.escape(caption)}</strong> " if caption else ""
    name = markup.escape(caption or labels.text("panel.table", lang))
    return (
        f'<div class="workbench-scroll" role="region" tabindex="0" aria-label="{name}">'
        f'<table class="workbench-table"><caption>{title}<span>{count}</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _classes(name: str, how: Kind, essential: Collection[str]) -> str:
    classes = [
        *(["number"] if how in _ZERO else []),
        *(["minor"] if essential and name not in essential else []),
    ]
    return f' class="{" ".join(classes)}"' if classes else ""


@dataclass(frozen=True)
class Shown:
    """A table as a notebook shows it: words in a language, text inert, numbers aligned."""

    table: pd.DataFrame
    lang: labels.Lang
    rows: int

    def _repr_html_(self) -> str:
        said = html(self.table, lang=self.lang, rows=self.rows)
        return f'<style>{_STYLE}</style><div class="workbench-shown">{said}</div>'

    def __repr__(self) -> str:
        return worded(self.table.head(self.rows), lang=self.lang).to_string(index=False)


def shown(table: pd.DataFrame, *, lang: labels.Lang = "en", rows: int = 20) -> Shown:
    """How does a notebook show a table to a person? As the last line of a cell.

    Examples
    --------
    >>> shown(pd.DataFrame({"segment": ["key_keep"], "customers": [3]}))
       Class  Customers
    Key keep          3
    """
    return Shown(table, lang, rows)


def neutral(value: Any) -> Any:
    """Can a spreadsheet take this text for a formula? Then an apostrophe goes before it.

    Examples
    --------
    >>> neutral("=1+1"), neutral(-3), neutral("Harbour Foods")
    ("'=1+1", -3, 'Harbour Foods')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def csv(table: pd.DataFrame, *, lang: labels.Lang = "en") -> bytes:
    r"""Give all rows as CSV in UTF-8 that Excel opens with Chinese text intact.

    Examples
    --------
    >>> csv(pd.DataFrame({"customer_name": ["=cmd|x"], "customers": [-1]})).decode("utf-8-sig")
    "Customer,Customers\r\n'=cmd|x,-1\r\n"
    """
    frame = worded(table, lang=lang)
    for position, name in enumerate(table.columns):
        how = kind(str(name), table[name])
        if how == "date":
            written = table[name].dt.strftime("%Y-%m-%d")
            frame.isetitem(position, written.astype("object").where(table[name].notna(), None))
        elif how in ("text", "id"):
            frame.isetitem(position, [neutral(value) for value in frame.iloc[:, position]])
    frame.columns = pd.Index([neutral(column) for column in frame.columns])
    # With this line end the writer quotes a lone carriage return too, which would begin a row.
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def excel(table: pd.DataFrame, *, lang: labels.Lang = "en", name: str = "") -> bytes:
    """Give all rows as an Excel workbook; text cells are text, whatever they begin with.

    Examples
    --------
    >>> excel(pd.DataFrame({"customers": [1]}))[:2]
    b'PK'
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    # Excel allows 31 characters and none of these in a sheet's name.
    plain = "".join(c for c in name if c not in "[]:*?/\\'" and c.isprintable())
    sheet.title = plain[:31].strip() or "Sheet1"
    frame = worded(table, lang=lang)
    for column, (source, title) in enumerate(zip(table.columns, frame.columns, strict=True), 1):
        how = kind(str(source), table[source])
        head = sheet.cell(1, column)
        head.value = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", title)
        head.data_type, head.font = "s", Font(bold=True)
        widest = len(title)
        for row, value in enumerate(frame.iloc[:, column - 1], 2):
            if _missing(value):
                continue
            target = sheet.cell(row, column)
            if isinstance(value, str):
                target.value = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value)
                target.data_type = "s"
                target.quotePrefix = value.startswith(_FORMULA_STARTS)
                widest = max(widest, len(value))
            else:
                target.value = value.item() if hasattr(value, "item") else value
                target.number_format = _EXCEL_FORMATS.get(how, "General")
        sheet.column_dimensions[get_column_letter(column)].width = min(60, max(10, widest + 2))
    sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
