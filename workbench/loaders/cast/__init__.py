"""Which typed column does each text belong to, and which value does it stand for?

``mapping`` finds our columns among a file's headers; ``headers`` and ``proposal`` propose which
they could be, by the ``lists`` of what other programs write. ``dates`` and ``numbers`` know how a
column may be written, ``notation`` decides it for a file, ``contract`` writes the casts as SQL,
``staged`` runs them, ``by_kind`` for each kind of source.
"""
