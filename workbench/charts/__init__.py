"""What kinds of picture are there? Eight, each with options; nobody else draws.

A kind is a finished table and which column of it is what. The variant for a phone, the dark
colours, the escaping of names from the data and the direct labels live here.
"""

from workbench.charts.chart import Chart
from workbench.charts.course import Course
from workbench.charts.dots import Dots
from workbench.charts.matrix import Matrix
from workbench.charts.steps import Steps

__all__ = ["Chart", "Course", "Dots", "Matrix", "Steps"]
