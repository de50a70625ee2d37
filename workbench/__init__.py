"""Sales Workbench: which customers are worth what, who is due to buy again, who is slipping away?

Tables come in once, checked; answers are pure functions from tables to tables; exhibits say
and draw finished tables; notebooks, panels and reports only compose. The floors, each importing only
those above it in this list:

=========  =====================================================  ==================================
floor      modules                                                what they hold
=========  =====================================================  ==================================
0 words    ``errors``, ``scratch``, ``redaction``, ``patterns``,  what everything is called, in two
           ``words``, ``schema``, ``addresses``, ``arguments``,   languages; contracts of what comes in
           ``results``, ``periods``, ``load_options``,            and what goes out; checks; settings;
           ``config``                                             drafts; what is never told
1 doors    ``outputs``, ``engine``, ``loaders``, ``samples``,     how files are written, and over
           ``worklist``, ``setting_up``                           nobody's data; how tables come in; SQL
                                                                  where the data is; who is to do what;
                                                                  how a folder begins
2 ground   ``purchases``, ``estimates``, ``scheduling``,          one row per customer; how sure we are;
           ``people``, ``likelihoods``, ``fitting``,              what is due when; who is who; what is
           ``models``                                             fitted
3 answers  ``rfm``, ``churn``, ``retention``, ``value``,          tables to tables, nothing else
           ``nurture``, ``targets``
use cases  ``campaigns``                                          who is dormant, what can be written,
                                                                  who goes onto the worklist
4 sights   ``tables``, ``charts``, ``blocks``, ``exhibit``,       cells and files, kinds of picture,
           ``exhibits``                                           pieces of a page; one answer with its
                                                                  words and its picture
5 panels   ``panel``, ``panels``, ``widgets``, ``lessons``        controls around functions; exercises
6 outputs  ``reports``, ``cli``                                   papermill runs, the command line
=========  =====================================================  ==================================

Importing this package loads none of them: ``workbench.rfm`` is imported when it is first named.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_MODULES = (
    "addresses",
    "arguments",
    "blocks",
    "campaigns",
    "charts",
    "churn",
    "config",
    "engine",
    "errors",
    "estimates",
    "exhibit",
    "exhibits",
    "fitting",
    "lessons",
    "likelihoods",
    "load_options",
    "loaders",
    "models",
    "nurture",
    "outputs",
    "panel",
    "panels",
    "patterns",
    "people",
    "periods",
    "purchases",
    "redaction",
    "reports",
    "results",
    "retention",
    "rfm",
    "samples",
    "scheduling",
    "schema",
    "scratch",
    "setting_up",
    "tables",
    "targets",
    "value",
    "widgets",
    "words",
    "worklist",
)

# What holds the others up is reached by name too, and leaves the tab completion.
_INNER = (
    "arguments", "blocks", "exhibit", "fitting", "likelihoods", "load_options", "panel", "panels",
    "patterns", "redaction", "results", "scratch", "setting_up",
)  # fmt: skip
__all__ = [name for name in _MODULES if name not in _INNER]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
