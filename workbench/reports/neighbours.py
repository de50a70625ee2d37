"""From a page to that of the period before and after, and to the list of all reports.

A page cannot know what is made after it: whenever reports are listed, each page is brought up to
date where what lies beside it has changed, in one atomic step.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from workbench import outputs
from workbench.blocks import layout
from workbench.periods import Period
from workbench.reports import publish
from workbench.words import Lang, Words

Edition = tuple[str, Lang, str | None, Period]
"""Its report, language, owner and period."""

_NAV = re.compile(rb'<nav class="neighbours".*?</nav>', re.DOTALL)
_INDEX = "index.html"


def lead(root: Path, editions: Mapping[Path, Edition]) -> None:
    """Lead from each page to the periods beside its own, of the same report, language and owner.

    Parameters
    ----------
    root
        The folder of all reports.
    editions
        The published ones, by their folder.
    """
    rows: dict[tuple[str, Lang, str | None], list[Path]] = {}
    for folder, (name, lang, owner, _) in editions.items():
        rows.setdefault((name, lang, owner), []).append(folder)
    for (_, lang, _), folders in rows.items():
        folders.sort(key=lambda folder: editions[folder][3].start)
        for before, folder, after in zip(
            [None, *folders], folders, [*folders[1:], None], strict=False
        ):
            sides = {
                side: (editions[other][3], address(other / publish.PAGE, folder))
                for side, other in (("before", before), ("after", after))
                if other is not None
            }
            _bring_up_to_date(folder, nav(Words(lang), sides, address(root / _INDEX, folder)))


def nav(words: Words, sides: Mapping[str, tuple[Period, str]], index: str) -> str:
    """Lay out the links to the sides.

    Examples
    --------
    >>> nav(Words(), {}, "../index.html").count("<a ")
    1
    """
    links = {
        side: (words.write(period, "period"), address) for side, (period, address) in sides.items()
    }
    template = layout.environment().get_template("neighbours.html.j2")
    return template.render(words=words, links=links, index=index)


def address(file: Path, folder: Path) -> str:
    """Give the address of a file as a page in a folder writes it.

    Examples
    --------
    >>> address(Path("reports/calls/2026-09/en/report.html"), Path("reports/calls/2026-10/en"))
    '../../2026-09/en/report.html'
    """
    return quote(Path(os.path.relpath(file, folder)).as_posix())


def _bring_up_to_date(folder: Path, wanted: str) -> None:
    if (run := publish.current(folder)) is None:
        return
    page = run / publish.PAGE
    said = page.read_bytes()
    # text from data is escaped: none of it can be taken for the element
    if (found := _NAV.search(said)) and found[0] != wanted.encode():
        outputs.replace(page, _NAV.sub(lambda _: wanted.encode(), said, count=1), private=True)
