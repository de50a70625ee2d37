"""How fast is the workbench beside the tools people would otherwise use? Equal results required.

=================  ===============================================================================
``__main__``       ``make bench``: makes the orders, runs all sides, requires equal answers, prints
``bench_history``  purchase history from Parquet, by the workbench, pandas, polars and lifetimes
``bench_load``     a CSV of orders, by the workbench with its full ledger, by pandas and by polars
``orders``         the made-up orders
``laps``           starts a process for each side: seconds and peak memory
``side``           what such a process does
=================  ===============================================================================
"""
