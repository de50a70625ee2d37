"""Which panels are there that take more than a dozen lines? One module per question.

``widgets`` names every panel; a declaration that would crowd it stands here.
"""
