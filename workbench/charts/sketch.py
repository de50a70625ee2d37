"""What do chart kinds draw on? The parts of a figure as plain data, made a figure at the end.

A ``plotly.graph_objects.Figure`` checks every part anew with each one that is added, which takes
a hundred times as long as adding it; here all is checked once, by ``figure``.
"""

from dataclasses import dataclass, field
from functools import partialmethod
from typing import Any

import plotly.graph_objects as go

Part = dict[str, Any]


@dataclass
class Sketch:
    """A figure that is being drawn: its traces, and its layout with axes, annotations and shapes.

    Examples
    --------
    >>> sketch = Sketch()
    >>> sketch.add_bar(y=[3])
    >>> sketch.update_layout(title={"text": "Calls"})
    >>> sketch.figure().data[0].y
    (3,)
    """

    data: list[Part] = field(default_factory=list)
    layout: Part = field(
        default_factory=lambda: {"xaxis": {}, "yaxis": {}, "annotations": [], "shapes": []}
    )

    @property
    def annotations(self) -> list[Part]:
        """The words at places of the figure, in the order they were written."""
        notes: list[Part] = self.layout["annotations"]
        return notes

    @property
    def height(self) -> float:
        """How high it is, in pixels."""
        return float(self.layout["height"])

    def add_trace(self, kind: str, **look: Any) -> None:
        """Add a trace: bars, a line or marks, a heat map."""
        self.data.append({"type": kind, **look})

    add_bar = partialmethod(add_trace, "bar")
    add_scatter = partialmethod(add_trace, "scatter")
    add_heatmap = partialmethod(add_trace, "heatmap")

    def add_annotation(self, note: Part) -> None:
        """Write words."""
        self.annotations.append(note)

    def add_shape(self, shape: Part) -> None:
        """Draw a line or an area."""
        self.layout["shapes"].append(shape)

    def update_layout(self, **look: Any) -> None:
        """Change the layout; what is said of a part leaves the rest of it as it was."""
        _merge(self.layout, look)

    def update_xaxes(self, **look: Any) -> None:
        """Change the flat axis."""
        _merge(self.layout["xaxis"], look)

    def update_yaxes(self, **look: Any) -> None:
        """Change the upright axis."""
        _merge(self.layout["yaxis"], look)

    def figure(self) -> go.Figure:
        """Give it as a figure, all of it checked."""
        layout = {name: part for name, part in self.layout.items() if part not in ([], {})}
        return go.Figure({"data": self.data, "layout": layout})


def _merge(part: Part, look: Part) -> None:
    for name, value in look.items():
        if isinstance(value, dict) and isinstance(part.get(name), dict):
            _merge(part[name], value)
        else:
            part[name] = dict(value) if isinstance(value, dict) else value
