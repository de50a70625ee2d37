"""What is a block? One piece of a page, shown by a notebook, laid out by the page's template.

A block is data. Nothing in it is markup: whatever a name holds is escaped once, by the template.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from workbench import errors, tables
from workbench.blocks import layout
from workbench.words import Words, spoken

MIMETYPE = "application/vnd.workbench.block+json"
FIGURE_MIMETYPE = "application/vnd.plotly.v1+json"
TABLES_FOLDER = "WORKBENCH_REPORT_TABLES"
"""The environment variable by which a report run tells its notebook where tables are kept."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


@dataclass(frozen=True)
class Block:
    """What does one piece of the page hold?

    Shown as the last line of a notebook cell, it appears readable in JupyterLab, and laid out in
    the report.

    Parameters
    ----------
    kind
        Which macro of the template lays it out: headline, facts, contents, cards, figure, table,
        text, definitions, ledger or part.
    content
        What stands in it: words and numbers as a reader sees them.
    words
        In which language.
    figure
        The Plotly figure of a ``figure`` block, as JSON.
    tables
        Whole tables by name; in a report run each becomes ``tables/<name>.csv``.
    """

    kind: str
    content: dict[str, Any]
    words: Words = field(default_factory=spoken)
    figure: dict[str, Any] | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude  # every form is always given; the reader chooses
        self.keep_tables()
        bundle: dict[str, Any] = {
            MIMETYPE: {"kind": self.kind, "lang": self.words.lang, **self.content},
            "text/plain": self.plain,
        }
        if self.figure is not None:
            bundle[FIGURE_MIMETYPE] = self.figure
        else:
            bundle["text/html"] = layout.fragment(bundle[MIMETYPE])
        return bundle

    @property
    def plain(self) -> str:
        """The block in one line, for a terminal."""
        c = self.content
        said = [str(c[key]) for key in ("title", "heading", "lede", "subtitle") if c.get(key)]
        return ": ".join(said) or self.kind

    def keep_tables(self) -> None:
        """Write the whole tables beside the report; outside a report run, do nothing.

        Raises
        ------
        ParameterError
            Another table of this page has the name.
        """
        folder = os.environ.get(TABLES_FOLDER)
        for name, table in self.tables.items() if folder else ():
            path, written = Path(str(folder), f"{name}.csv"), tables.csv(table, words=self.words)
            if path.exists() and path.read_bytes() != written:
                raise errors.ParameterError(
                    f"Two tables of the page are called '{name}'.",
                    mend="Give one another name: .laid(name='…') of an exhibit, name= of a block.",
                )
            path.write_bytes(written)


def in_a_report() -> bool:
    """Is a report being made, of which this notebook is a part?"""
    return TABLES_FOLDER in os.environ


def file_name(name: str) -> str:
    """Check the name of a table, which becomes a file's name and an anchor in the page.

    Raises
    ------
    ParameterError
        The name is not made of small letters, digits and underscores.

    Examples
    --------
    >>> file_name("churn_risk")
    'churn_risk'
    """
    if not _NAME.fullmatch(name):
        raise errors.ParameterError(
            f"A table of the page is called '{name}'.",
            mend="Use small letters, digits and underscores, a letter first: churn_risk.",
        )
    return name
