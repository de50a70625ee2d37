"""What becomes of every row: which are accepted, which rejected, and who keeps the account?

``intake`` takes the files of a source in; ``acceptance`` with ``repeats`` sorts their rows,
``in_place`` leaves a Parquet file where it lies, ``rejects`` and ``ledger`` are the account,
``cache`` is where it is kept.
"""
