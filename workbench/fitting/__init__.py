"""How is a model fitted, kept and asked? The mechanism behind ``models``.

``maximum`` finds the most likely parameters and judges the find; ``customers`` reads tables;
``results`` is what every fitted model can do; ``predictions`` and ``spending`` say what comes, with
intervals; ``comparison`` judges models by what came; ``documents`` keeps them; ``cuts`` are RFM's.
"""
