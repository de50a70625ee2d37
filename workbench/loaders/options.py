"""What was asked of a load?"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench import errors, schema
from workbench.loaders.casting import Times

Widths = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Options:
    """All that the accepted rows depend on, beside the source's content."""

    table: schema.Table
    columns: dict[str, str]
    times: Times
    encoding: str | None
    separator: str | None
    widths: dict[str, tuple[int, int]] | None
    drop_duplicates: bool

    def said(self) -> dict[str, Any]:
        """Say them as JSON can, for the cache's name."""
        return dataclasses.asdict(self)


def check_widths(widths: Widths) -> dict[str, tuple[int, int]]:
    """Refuse positions that cut nothing out of a line.

    Examples
    --------
    >>> check_widths({"customer_id": (0, 6)})
    {'customer_id': (0, 6)}
    """
    if not widths:
        raise errors.ParameterError(
            "widths names no column.", mend="Write widths={'customer_id': (0, 6), …}."
        )
    checked: dict[str, tuple[int, int]] = {}
    for name, place in widths.items():
        try:
            start, stop = (int(edge) for edge in place)
        except (TypeError, ValueError):
            start, stop = 0, -1
        if not 0 <= start < stop:
            raise errors.ParameterError(
                f"widths: '{name}' is {place!r}.",
                mend="Write where the column starts and stops, counted from 0, the stop left out: "
                f"'{name}': (0, 6) is the first six characters.",
            )
        checked[name] = (start, stop)
    return checked
