"""How does a source become a checked table, with an account of every row?

``load`` reads CSV (also fixed width, also packed), Excel, Parquet, folders of them, and tables of
SQLite and PostgreSQL; it casts by the contract in ``schema`` inside DuckDB, and returns where the
accepted rows lie, the table, and the ledger: what was read, kept and rejected, and why.
``load_configured`` does the same for a table of ``workbench.toml``. ``propose`` says which of a
foreign file's columns is which of ours.

Four rooms, each knowing only those before it, and ``loading``, which goes through them:

===========  ====================================================================================
room         what it answers
===========  ====================================================================================
``find``     What does a source name: which file, files, archive, or table of a database?
``open``     How do its bytes become rows of text?
``cast``     Which of our columns is each, and which value does a text stand for?
``account``  Which rows are accepted, which rejected and why, and where is the account kept?
===========  ====================================================================================
"""

from workbench.load_options import LoadOptions
from workbench.loaders.account.ledger import BY_FILE, LEDGER, Ledger
from workbench.loaders.account.rejects import REJECTS
from workbench.loaders.cast.proposal import PROPOSED, Match, Proposal, Question, propose
from workbench.loaders.loading import COMPLETENESS, Loaded, load, load_configured

__all__ = [
    "BY_FILE", "COMPLETENESS", "LEDGER", "PROPOSED", "REJECTS", "Ledger", "LoadOptions", "Loaded",
    "Match", "Proposal", "Question", "load", "load_configured", "propose",
]  # fmt: skip
__dir__ = __all__.copy
