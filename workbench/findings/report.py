"""Which sentences does the report on customers need beside those of its answers?"""

from workbench import labels


def meaning(
    what: str,
    *,
    lang: labels.Lang = "en",
    **values: str,
) -> list[str]:
    """How is a figure of the report read, and what follows from it? Paragraphs below its table.

    Parameters
    ----------
    what
        ``lifetime``, ``lifetime_segments``, or a figure of the weekly report.
    lang
        ``en`` or ``zh``.
    **values
        What the text names: the bands, the periods compared.

    Examples
    --------
    >>> len(meaning("lifetime"))
    2
    """
    said = [labels.text(f"report.meaning.{what}", lang, **values)]
    if labels.has(f"report.meaning.{what}.do"):
        said.append(labels.text(f"report.meaning.{what}.do", lang, **values))
    return said
