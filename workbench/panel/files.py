"""Which file does a panel hand over? Its tables, all rows, as CSV or Excel."""

from workbench import errors, tables
from workbench.panel.answering import View
from workbench.words import Words

#: The media type of each kind of file.
TYPES = {
    "csv": "text/csv;charset=utf-8",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITTEN = {"csv": ("csv", tables.csv), "excel": ("xlsx", tables.excel)}


def written(title: str, view: View, kind: str, of: str, words: Words) -> tuple[str, bytes]:
    """Give a table of a view as a file: its name and its bytes.

    Raises
    ------
    UnknownNameError
        There is no such kind of file or no such table.
    """
    if kind not in _WRITTEN:
        raise errors.unknown("kind of file", kind, _WRITTEN)
    there = {"table": view.table, **({} if view.actions is None else {"actions": view.actions})}
    shown = list(there)[-1]
    if (of or shown) not in there:
        raise errors.unknown("table of this panel", of, there)
    name = title.rpartition(".")[2] + ("" if of in ("", shown) else "_data")
    suffix, write = _WRITTEN[kind]
    return f"{name}.{suffix}", write(there[of or shown], words=words)
