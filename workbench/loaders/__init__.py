"""How does a source become a checked table, with an account of every row?

``load`` reads CSV (also fixed width, also packed), Excel, Parquet, folders of them, and tables of
SQLite and PostgreSQL; it casts by the contract in ``schema`` inside DuckDB, and returns where the
accepted rows lie, the table, and the ledger: what was read, kept and rejected, and why.
``load_configured`` does the same for a table of ``workbench.toml``. ``propose`` says which of a
foreign file's columns is which of ours.

==================  =============================================================================
module              what it knows
==================  =============================================================================
``loading``         the sequence: cache, read, publish
``sources``         what a source is: a file, several (``gathering``), or a database
``reading``         each kind of file, from its headers to staged rows
``together``        several files as one table
``ledger``          the account of a load
``options``         what was asked of it
``files``           what a file is: there, readable, compressed, in which encoding
``proposing``       our columns from foreign ``headers``; ``peeking`` reads the first rows
``mapping``         our columns from the file's own headers
``delimited``       CSV; ``records`` re-reads what DuckDB finds malformed
``fixed_width``     columns by position
``archives``        the one file in a ZIP archive
``excel``           a sheet of a workbook, its header and rows
``workbooks``       the container of a workbook; ``compound`` that of .xls
``damage``          error cells, and formulas that were never calculated
``database``        SQLite and PostgreSQL, only read
``cells``           typed cells of workbooks and databases as texts
``typed``           Parquet
``casting``         the contract as SQL
``checking``        the accepted rows, the rejects and the counts
``repeats``         which rows come again
``cache``           one folder per source, content and options, published in one step
==================  =============================================================================
"""

from workbench.loaders.ledger import BY_FILE, LEDGER, REJECTS, Ledger
from workbench.loaders.loading import COMPLETENESS, Loaded, load, load_configured
from workbench.loaders.proposing import PROPOSED, Match, Proposal, propose

__all__ = [
    "BY_FILE", "COMPLETENESS", "LEDGER", "PROPOSED", "REJECTS", "Ledger", "Loaded", "Match",
    "Proposal", "load", "load_configured", "propose",
]  # fmt: skip
