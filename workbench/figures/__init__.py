"""What does a finished table look like? One module per answer: table → plotly Figure.

``figures.<answer>.<name>(table, lang=…)`` draws and computes nothing of its own; the sentence
beside it comes from ``findings``. ``style`` holds the palette, in which every colour has one
meaning, and turns a finished figure dark.
"""

import importlib
from typing import Any

_MODULES = (
    "churn",
    "lifetime",
    "retention",
    "rfm",
    "style",
    "text",
    "track_record",
)

__all__ = list(_MODULES)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(_MODULES)
