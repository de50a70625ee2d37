"""What can a page be made of? Functions that turn finished tables into pieces of a report.

=====================  ===========================================================================
``headline``           the finding as the title, the lede below it
``facts``              one quiet line: as of when, how much data, compared with what
``contents``           one line of links to what follows
``cards``              key figures with their change and whether it is good
``figure``             a figure under its finding, with its table and what it means
``table``              a table under its heading, whole as CSV
``text``               paragraphs and points
``definitions``        a glossary
``ledger``             what came in and what was rejected
``part``               the line below which all is folded: for the analyst
=====================  ===========================================================================

Each returns a ``Block``; a notebook shows it as the last line of a cell. Whatever is not a block
or a Plotly figure stays in the notebook and does not reach the page.
"""

from workbench.blocks.block import FIGURE_MIMETYPE, MIMETYPE, Block, in_a_report
from workbench.blocks.cards import Card, cards, change
from workbench.blocks.exhibited import figure, ledger, table
from workbench.blocks.story import contents, definitions, facts, headline, part, text

__all__ = [
    "FIGURE_MIMETYPE", "MIMETYPE", "Block", "Card", "cards", "change", "contents", "definitions",
    "facts", "figure", "headline", "in_a_report", "ledger", "part", "table", "text",
]  # fmt: skip
__dir__ = __all__.copy
