"""What is a chart kind? A finished table, and which column of it is what; drawn when asked."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure as Figure

from workbench.charts import style
from workbench.charts.opens import Counted, Opens
from workbench.charts.sketch import Sketch
from workbench.words import Words


@dataclass(frozen=True, kw_only=True)
class Chart(ABC):
    """What do all kinds of picture have in common?

    A kind adds fields that name columns of ``rows`` and keys of words, and draws itself onto an
    empty figure. Words are keys, looked up in the exhibit's scope; values in a mark or a hover
    text are named there with their format: ``hover`` may be ``"<b>{share:short rate}</b>"``.

    Parameters
    ----------
    rows
        The finished table, in the order it is drawn.
    opens
        Which list holds the rows that the marks count.
    """

    rows: pd.DataFrame
    opens: Opens | None = None

    @property
    def is_empty(self) -> bool:
        """Is there nothing to draw?"""
        return self.rows.empty

    @abstractmethod
    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw onto a figure; gives what is different on a phone, by its place in the layout."""

    def counted(self) -> Iterator[Counted]:
        """Which marks count rows of a list, and how many? A kind whose marks count none, none."""
        yield from ()

    def height(self, _words: Words) -> int:
        """How high is the figure, in pixels?"""
        return 380

    def drawn(self, words: Words, *, title: str, subtitle: str, alt: str) -> Figure:
        """Draw the picture with its texts.

        Parameters
        ----------
        words
            The language and currency, within the exhibit's scope.
        title, subtitle, alt
            What is measured; unit and population; the text alternative.

        Returns
        -------
        plotly.graph_objects.Figure
            With ``layout.meta``: ``alt``, ``subtitle``, ``height``; ``phone``, where it differs
            there; ``opens``, where its marks open a list: see ``Opens.told``.
        """
        if self.is_empty:
            return style.no_data(title, words, subtitle=subtitle)
        figure = style.base(title, height=self.height(words))
        phone = self.draw(figure, words)
        opens = self.opens.told(self.counted(), words) if self.opens else None
        return style.finished(figure, alt=alt, subtitle=subtitle, phone=phone, opens=opens)
