"""What kinds of picture are there? Eight, each with options; nobody else draws.

A kind is a finished table and which column of it is what. The variant for a phone, the dark
colours, the escaping of names from the data and the direct labels live here.
"""

from workbench.charts.bars import Bars
from workbench.charts.chart import Chart, Figure
from workbench.charts.columns import Columns
from workbench.charts.course import Course
from workbench.charts.dots import Dots
from workbench.charts.histogram import Histogram
from workbench.charts.matrix import Matrix
from workbench.charts.opens import Opens, behind
from workbench.charts.panes import Panes
from workbench.charts.steps import Steps
from workbench.charts.timeline import Mark, Timeline

__all__ = [
    "Bars", "Chart", "Columns", "Course", "Dots", "Figure", "Histogram", "Mark", "Matrix", "Opens", "Panes",
    "Steps", "Timeline", "behind",
]  # fmt: skip
__dir__ = __all__.copy
