"""What does a source name: which file, files, archive, or table of a database?

``sources`` says it; ``files``, ``folders``, ``archives``, ``workbooks`` and ``databases`` know
one kind each. Nothing is read here but the bytes that tell one kind from another.
"""
