"""By what are customers classed, and by which rule? The choices of settings, answers and panels."""

from typing import Literal, get_args

Basis = Literal["total", "average"]
BASES: tuple[Basis, ...] = get_args(Basis)
Method = Literal["quantile", "mean", "median", "fixed"]
METHODS: tuple[Method, ...] = get_args(Method)
Measure = Literal["recency_days", "frequency", "monetary"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
