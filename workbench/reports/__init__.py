"""How do finished pages get made, month after month? Notebooks run, checked and published.

A report is a notebook in ``notebooks/reports`` with typed parameters. ``run`` executes it in a
folder of its own, turns its blocks into one page that needs no network, and publishes page,
notebook, tables and manifest in one atomic step.

=================  ===============================================================================
``names``          which reports there are
``lacking``        which table one of them cannot do without
``parameters``     what a report may be asked for, as a pydantic model
``run``            make one edition and publish it
``attempt``        the same, with a failure as a result
``run_many``       several editions, two at a time; ``backfill``, ``due`` and ``of_owners`` say which
=================  ===============================================================================
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.reports.editions import Edition, backfill, due, of_owners, run_many
    from workbench.reports.parameter_models import lacking, names
    from workbench.reports.parameter_models import model as parameters
    from workbench.reports.runs import Run, attempt, run

# papermill and plotly are loaded when a report is made, not when one is named
_HOMES = {
    "editions": ("Edition", "backfill", "due", "of_owners", "run_many"),
    "parameter_models": ("lacking", "names"),
    "runs": ("Run", "attempt", "run"),
}

__all__ = [
    "Edition", "Run", "attempt", "backfill", "due", "lacking", "names", "of_owners", "parameters", "run",
    "run_many",
]  # fmt: skip
__dir__ = __all__.copy


def __getattr__(name: str) -> Any:
    if name == "parameters":
        return importlib.import_module(f"{__name__}.parameter_models").model
    for module, held in _HOMES.items():
        if name in held:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
