"""How do the bytes of a source become rows of text?

``text_file`` with ``encodings``, ``delimited`` (DuckDB's own parser), ``line_by_line`` and
``fixed_width``; ``workbook`` (with ``calamine_reader``, ``compound``), ``sheet`` and ``damage``;
``parquet``; ``database``. ``cells`` writes what Python reads as one Parquet file of texts,
``first_rows`` looks at any of them before anything is known, ``sql`` writes literals.
"""
