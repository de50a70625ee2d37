"""The old place of bins, until nothing asks for them here."""

from workbench.charts.axes import round_ticks as ticks
from workbench.charts.histogram import drawn_bins, folded

__all__ = ["drawn_bins", "folded", "ticks"]
