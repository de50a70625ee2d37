"""How does a file become a checked table, with an account of every row?

``load`` reads CSV (also fixed width, also gzip) and Parquet, casts by the contract in ``schema``
inside DuckDB, and returns where the accepted rows lie, the table, and the ledger: what was read,
kept and rejected, and why. ``load_configured`` does the same for a table of ``workbench.toml``.

==================  =============================================================================
module              what it knows
==================  =============================================================================
``loading``         the sequence: cache, read, publish
``reading``         each kind of file, from its headers to staged rows
``ledger``          the account of a load
``options``         what was asked of it
``files``           what a file is: there, readable, compressed, in which encoding
``mapping``         our columns from the file's own headers
``delimited``       CSV; ``records`` re-reads what DuckDB finds malformed
``fixed_width``     columns by position
``typed``           Parquet
``casting``         the contract as SQL
``checking``        the accepted rows, the rejects and the counts
``cache``           one folder per source, content and options, published in one step
==================  =============================================================================
"""

from workbench.loaders.ledger import Ledger
from workbench.loaders.loading import Loaded, load, load_configured

__all__ = ["Ledger", "Loaded", "load", "load_configured"]
