"""How does a finished table read for a person, on a screen, in a CSV file, in Excel?

Headers and codes become words of the language; text stays text: inert in HTML, never a formula
in a spreadsheet. How a column is written follows from its kind (:mod:`workbench.results`).
"""

import datetime as dt
import html as markup
import importlib
import io
import itertools
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from workbench import addresses, outputs, results
from workbench.people import called
from workbench.words import MISSING, Words, formats, has, spoken

__all__ = ["csv", "excel", "shown"]
__dir__ = __all__.copy

# What is said where a value is missing because nobody can know it.
_UNTOLD = {"probability_alive": "alive.cannot_tell"}
# from where on a reader is not told how much more: who is in doubt stands out
_SURE = {"probability_alive": 0.98}
# What XML cannot hold, and a workbook is XML: control characters, lone surrogates, U+FFFE, U+FFFF.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_FORMATS = {
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "rate": "0.0%",
    "ratio": "0.00",
    "days": "#,##0.0",
    "count": "#,##0",
    "money": "#,##0",
}
# How many digits stand behind the point, kind by kind.
_DIGITS = {"rate": 1, "ratio": 2, "days": 1, "count": 0, "money": 0}
_TIMES = ("date", "moment")
# Kinds whose values open a program: a phone, a mail.
_LINKED = ("phone", "email")
#: Kinds whose values stand on the right.
NUMERIC = ("rate", "ratio", "days", "count", "money", "number")

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


# Where columns are declared that people see.
_ANSWERS = ("purchases", "estimates", "scheduling", "models", "rfm", "churn", "retention", "value",
            "nurture", "targets", "loaders", "worklist")  # fmt: skip


@cache
def _declared() -> None:
    """Import what declares its columns, so that a table is written alike whoever asks first."""
    for name in _ANSWERS:
        importlib.import_module(f"workbench.{name}")


def kind(name: str, column: "pd.Series[Any]") -> str:
    """How are the values of this column written? As declared; an own column by its type.

    Examples
    --------
    >>> kind("customer_id", pd.Series(["7"])), kind("amount", pd.Series([0.4]))
    ('id', 'money')
    """
    _declared()
    declared = results.kind(name)
    # what is no number, or no time, is written as what it is, whatever its name says
    if pd.api.types.is_bool_dtype(column.dtype):
        return "truth"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "moment" if declared == "moment" else "date"
    if pd.api.types.is_numeric_dtype(column.dtype):
        if declared in (None, "period", *_TIMES) or (declared == "text" and column.notna().any()):
            return "number"
    elif declared in (None, "period", "truth", *_TIMES, *NUMERIC):
        return "text"
    return str(declared)


def _code(column: str, kind: str, value: Any, words: Words) -> Any:
    """Give the word for a code; anything that is not a known code stays as it is."""
    if column in _UNTOLD and formats.is_missing(value):
        return words(_UNTOLD[column])
    return words(f"{kind}.{value}") if has(f"{kind}.{value}") else value


def worded(table: pd.DataFrame, *, words: Words | None = None) -> pd.DataFrame:
    """What does the table say in words? Same rows; headers and codes in the language.

    Numbers stay numbers and dates dates, so that a spreadsheet can go on with them.

    Examples
    --------
    >>> worded(pd.DataFrame({"segment": ["key_keep"], "customers": [3]}))
          Class  Customers
    0  Key keep          3
    """
    words = words or spoken()
    columns = {}
    for column in table.columns:
        how = kind(str(column), table[column])
        coded = how not in results.KINDS or column in _UNTOLD
        columns[column] = (
            [_code(str(column), how, value, words) for value in table[column]]
            if coded
            else table[column]
        )
    frame = pd.DataFrame(columns, index=table.index)
    frame.columns = pd.Index([words.header(str(column)) for column in table.columns])
    return frame


Cell = str | dict[str, str]
"""What a cell holds: a text, or a ``text`` with the address (``href``) that it opens."""


def cell(name: str, value: Any, how: str, words: Words | None = None) -> Cell:
    """Write one value as a person reads it, not yet escaped.

    What is a phone number or an e-mail address, and nothing else, is given with its ``tel:`` or
    ``mailto:`` address; no other scheme is ever linked.

    Examples
    --------
    >>> cell("customer_share", 0.4621, "rate"), cell("own_score", 0.42861, "number")
    ('46.2%', '0.429')
    >>> cell("probability_alive", 0.991, "rate"), cell("probability_alive", 0.62, "rate")
    ('≥98%', '62.0%')
    >>> cell("phone", "+999 11 0001", "phone"), cell("phone", "javascript:alert(1)", "phone")
    ({'text': '+999 11 0001', 'href': 'tel:+999110001'}, 'javascript:alert(1)')
    """
    said = text(name, value, how, words)
    href = addresses.linked(how, said) if how in _LINKED else None
    return {"text": said, "href": href} if href else said


def text(name: str, value: Any, how: str, words: Words | None = None) -> str:
    """Write one value as a person reads it where nothing can be opened, as in a terminal."""
    words = words or spoken()
    if value is None or bool(pd.isna(value)):
        return str(_code(name, how, None, words)) if name in _UNTOLD else MISSING
    if how in ("date", "moment", "truth"):
        return words.write(value, how)
    if how == "rate":
        sure = _SURE.get(name, math.inf)
        said = formats.percent(min(float(value), sure), words, digits=0 if value >= sure else 1)
        return f"≥{said}" if value >= sure else said
    if how in _DIGITS:
        return formats.number(float(value), words, digits=_DIGITS[how])
    if how == "number":
        return _plain(value, words)
    return str(_code(name, how, value, words))


def code(name: str, value: Any) -> Any:
    """Give a value as a page compares it: an id as text, a day as ``2026-10-31``, none as None.

    Examples
    --------
    >>> code("owner_id", 7.0), code("due_date", pd.Timestamp("2026-10-31")), code("step", None)
    ('7', '2026-10-31', None)
    """
    if formats.is_missing(value):
        return None
    if isinstance(value, dt.date | dt.datetime):
        return value.strftime("%Y-%m-%d")
    if results.kind(name) == "id":
        is_whole = isinstance(value, float) and value.is_integer()
        return str(int(value) if is_whole else value)
    return value.item() if hasattr(value, "item") else value


def belonging(table: pd.DataFrame, key: Mapping[str, Any]) -> "pd.Series[bool]":
    """Which rows belong to a mark of a figure? By column a value, or two ends: from, and below.

    Examples
    --------
    >>> calls = pd.DataFrame({"owner_id": ["S1", "S1", "S2"], "ratio": [1.2, 1.3, 1.2]})
    >>> belonging(calls, {"owner_id": "S1", "ratio": [1.2, 1.3]}).tolist()
    [True, False, False]
    """

    def holds(value: Any, wanted: Any) -> bool:
        if not isinstance(wanted, list):
            return bool(value == wanted)
        low, high = wanted
        return value is not None and low <= value and (high is None or value < high)

    rows = pd.Series(True, index=table.index)
    for name, wanted in key.items():
        rows &= pd.Series([holds(code(name, value), wanted) for value in table[name]], table.index)
    return rows.astype("bool")


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Which numbers would a person read? The same rows, with as many digits as a cell shows.

    Examples
    --------
    >>> rounded(pd.DataFrame({"amount": [12_400.4], "customer_share": [0.46214]}))
        amount  customer_share
    0  12400.0           0.462
    """
    digits = {
        column: _DIGITS.get(how, 4) + 2 * (how == "rate")
        for column in table.select_dtypes("float").columns
        for how in [kind(str(column), table[column])]
    }
    return table.round(digits)


def _plain(value: Any, words: Words) -> str:
    """Write a number of which only its size is known: three digits that mean something."""
    if math.isinf(value) or float(value) == int(value):
        return formats.number(value, words)
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return formats.number(value, words, digits=digits) if abs(value) >= 1e-4 else f"{value:.3g}"


def html(
    table: pd.DataFrame,
    *,
    words: Words | None = None,
    rows: int = 20,
    caption: str = "",
    essential: Collection[str] = (),
) -> str:
    """Which rows does the reader see first? An HTML table, escaped, with what is left out said.

    Parameters
    ----------
    table
        Any finished table.
    words
        Language of headers, codes and numbers; by default what was last said with ``words.speak``.
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
    words = words or spoken()
    kinds = {str(name): kind(str(name), table[name]) for name in table.columns}
    classes = {name: _classes(name, how, essential) for name, how in kinds.items()}
    heads = "".join(
        f'<th scope="col"{classes[name]}>{markup.escape(words.header(name))}</th>' for name in kinds
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{classes[name]}>{_marked(cell(name, value, how, words))}</td>"
            for (name, how), value in zip(kinds.items(), row, strict=True)
        )
        + "</tr>"
        for row in table.head(rows).itertuples(index=False, name=None)
    )
    shown = words.write(min(rows, len(table)), "count")
    count = words("panel.showing", shown=shown, n=words.write(len(table), "count"))
    if table.empty:
        heads, count = "", words("panel.no_rows")
    title = f"<strong>{markup.escape(caption)}</strong> " if caption else ""
    name = markup.escape(caption or words("panel.table"))
    return (
        f'<div class="workbench-scroll" role="region" tabindex="0" aria-label="{name}">'
        f'<table class="workbench-table"><caption>{title}<span>{count}</span></caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _marked(cell: Cell) -> str:
    if isinstance(cell, str):
        return markup.escape(cell)
    href, said = markup.escape(cell["href"]), markup.escape(cell["text"])
    return f'<a href="{href}">{said}</a>'


def _classes(name: str, how: str, essential: Collection[str]) -> str:
    classes = [
        *(["number"] if how in NUMERIC else []),
        *(["minor"] if essential and name not in essential else []),
    ]
    return f' class="{" ".join(classes)}"' if classes else ""


@dataclass(frozen=True)
class Shown:
    """A table as a notebook shows it: words in a language, text inert, numbers aligned."""

    table: pd.DataFrame
    words: Words
    rows: int

    def _repr_html_(self) -> str:
        said = html(self.table, words=self.words, rows=self.rows)
        return f'<style>{_STYLE}</style><div class="workbench-shown">{said}</div>'

    def __repr__(self) -> str:
        return worded(self.table.head(self.rows), words=self.words).to_string(
            index=False, na_rep=MISSING
        )


def shown(table: pd.DataFrame, *, words: Words | None = None, rows: int = 20) -> Shown:
    """How does a notebook show a table to a person? As the last line of a cell.

    Examples
    --------
    >>> shown(pd.DataFrame({"segment": ["key_keep"], "customers": [3]}))
       Class  Customers
    Key keep          3
    """
    return Shown(table, words or spoken(), rows)


def csv(table: pd.DataFrame, *, words: Words | None = None) -> bytes:
    r"""Give all rows as CSV in UTF-8 that Excel opens with Chinese text intact.

    Examples
    --------
    >>> csv(pd.DataFrame({"customer_name": ["=cmd|x"], "customers": [-1]})).decode("utf-8-sig")
    "Customer,Customers\r\n'=cmd|x,-1\r\n"
    """
    frame = worded(table, words=words)
    for position, name in enumerate(table.columns):
        how = kind(str(name), table[name])
        if how == "date":
            written = table[name].dt.strftime("%Y-%m-%d")
            frame.isetitem(position, written.astype("object").where(table[name].notna(), None))
        elif how in ("text", "id", *_LINKED):
            frame.isetitem(position, [outputs.guarded(value) for value in frame.iloc[:, position]])
    frame.columns = pd.Index([outputs.guarded(column) for column in frame.columns])
    # With this line end the writer quotes a lone carriage return too, which would begin a row.
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def excel(
    table: pd.DataFrame, *, words: Words | None = None, name: str = "", by: str | None = None
) -> bytes:
    """Give all rows as an Excel workbook; text cells are text, whatever they begin with.

    With ``by="owner"`` there is a sheet for each ``owner_id``, called by ``owner_name``, and a last
    one for the rows of no owner.

    Examples
    --------
    >>> excel(pd.DataFrame({"customers": [1]}))[:2]
    b'PK'
    """
    import xlsxwriter

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    if by is None or table.empty:
        parts = [(name, table)]
    else:
        owners = table.assign(called=called(table, by)).groupby(f"{by}_id", dropna=False)
        nobody = (words or spoken())("churn.workload.nobody")
        parts = [
            (rows["called"].fillna(nobody).iloc[0], table.loc[rows.index]) for _, rows in owners
        ]
    names: list[str] = []
    for part, rows in parts:
        names.append(_sheet_name(part, names))
        _write_sheet(book, names[-1], rows, words)
    book.close()
    return written.getvalue()


def _sheet_name(name: str, taken: Collection[str]) -> str:
    """Name a sheet as Excel allows: 31 characters, some signs not, and none twice in any case."""
    plain = "".join(c for c in name if c not in "[]:*?/\\'" and c.isprintable()).strip()
    if plain.casefold() in ("", "history"):  # Excel keeps that name for itself
        plain = f"{plain} 1".strip() if plain else "Sheet1"
    lower = {one.casefold() for one in taken}
    for number in itertools.count(1):
        end = f" ({number})" if number > 1 else ""
        # Excel counts in UTF-16, in which an emoji is two
        cut = plain.encode("utf-16-le")[: 2 * (31 - len(end))].decode("utf-16-le", "ignore")
        if (said := cut.strip() + end).casefold() not in lower:
            break
    return said


def _write_sheet(book: Any, name: str, table: pd.DataFrame, words: Words | None) -> None:
    sheet = book.add_worksheet(name)
    quoted = book.add_format({"quote_prefix": True})
    bold = book.add_format({"bold": True})
    frame = worded(table, words=words)
    for column, (source, title) in enumerate(zip(table.columns, frame.columns, strict=True)):
        how = kind(str(source), table[source])
        form = book.add_format({"num_format": _EXCEL_FORMATS.get(how, "General")})
        sheet.write_string(0, column, _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", title), bold)
        widest = len(title)
        for row, value in enumerate(frame.iloc[:, column], 1):
            if value is None or pd.isna(value):
                continue
            if isinstance(value, str):
                text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value)
                sheet.write_string(
                    row, column, text, quoted if outputs.guarded(value) != value else None
                )
                widest = max(widest, len(value))
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, form)
            else:
                sheet.write(row, column, value.item() if hasattr(value, "item") else value, form)
        sheet.set_column(column, column, min(60, max(10, widest + 2)))
    sheet.freeze_panes(1, 0)
