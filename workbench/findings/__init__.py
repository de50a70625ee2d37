"""What do the numbers say, in a sentence a manager would say? One module per answer.

``findings.<answer>.<name>(table, …, lang=…)`` reads a finished table and returns plain text in
English or Chinese. Names are given whole, as in the data: who puts a sentence on a page escapes it.
"""

import importlib
from typing import Any

_MODULES = (
    "churn",
    "lifetime",
    "quantities",
    "report",
    "retention",
    "rfm",
    "track_record",
)

__all__ = list(_MODULES)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(_MODULES)
