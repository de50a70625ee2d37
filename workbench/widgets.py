"""What can be moved? One panel per question, each a short declaration around a pure answer.

The mechanism is :mod:`workbench.panel`; what a panel shows is what the answer, the figure and the
finding of the same name return. ``settings`` (from ``config.load``) gives the opening values.
"""

from collections.abc import Mapping

from workbench import figures, labels, loaders
from workbench.panel import Choice, recipes
from workbench.panel.old import Panel
from workbench.panels.checking import check
from workbench.panels.churn import panel as repurchase
from workbench.panels.lifetime import panel as lifetime
from workbench.panels.migration import panel as migration
from workbench.panels.nurture import panel as nurture_effect
from workbench.panels.planner import planner
from workbench.panels.queue import panel as nurture_queue
from workbench.panels.retention import panel as retention
from workbench.panels.rfm import panel as rfm
from workbench.panels.track_record import panel as track_record

__all__ = [
    "check",
    "ledger",
    "lifetime",
    "migration",
    "nurture_effect",
    "nurture_queue",
    "planner",
    "repurchase",
    "retention",
    "rfm",
    "track_record",
]


def ledger(
    loaded: loaders.Loaded | Mapping[str, loaders.Loaded], *, lang: labels.Lang = "en"
) -> Panel:
    r"""What came in, what was left out, and why?

    Parameters
    ----------
    loaded
        What ``loaders.load`` gave, or several by the name of their table: then a control chooses.
    lang
        The language the panel opens in.

    Returns
    -------
    Panel
        Table: one row per check. Actions: the rejected rows with their reasons.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = pathlib.Path(folder) / "orders.csv"
    ...     _ = source.write_text("customer_id,ordered_at,amount\na,2026-10-01,5\n")
    ...     panel = ledger(loaders.load(source, cache=folder))
    >>> panel.sentence
    'The one row was kept'
    """
    several = isinstance(loaded, Mapping)
    sources = loaded if isinstance(loaded, Mapping) else {"": loaded}
    ledgers = {name: one.ledger for name, one in sources.items()}
    first = next(iter(ledgers))
    choice = Choice(name="source", value=first, options=tuple(ledgers), words="report.table")
    return Panel(
        "panel.ledger",
        controls=[choice] if several else [],
        answer=lambda source=first: ledgers[source].summary(),
        figure=lambda _, lang, source=first: figures.ledger.summary(ledgers[source], lang=lang),
        actions=lambda _, lang, source=first: ledgers[source].rejects_in_words(lang),
        code=recipes.LEDGER.replace("<part>", "[{source}]" if several else ""),
        lang=lang,
        height=360,
    )
