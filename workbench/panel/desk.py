"""How does one work through a list? The list beside the form, a click on a row takes it in hand.

What is being typed is told to the kernel before the box is left, also when the page is closed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets

from workbench.panel.controls import classed

_HERE = Path(__file__).parent


class Desk(anywidget.AnyWidget):  # type: ignore[misc]
    """What the page does for a desk: it says what is typed, and opens the row that is clicked."""

    _esm = _HERE / "desk.js"
    _css = _HERE / "desk.css"


def laid_out(listed: Sequence[ipywidgets.Widget], form: Sequence[ipywidgets.Widget]) -> Any:
    """Put the list and the form side by side, one below the other where there is no room."""
    columns = [
        classed(ipywidgets.VBox(part), role)
        for part, role in ((list(listed), "list"), (list(form), "form"))
    ]
    return classed(ipywidgets.HBox(columns), "desk")
