"""Write the code of the Chinese notebooks anew from the English ones; their Chinese stays.

Run: make twins

A twin in ``zh/`` owns the text of its Markdown cells, known by the cells' names (``id``), and the
comments on its parameters, known by the parameters' names. All else is as in the English notebook,
but that ``lang`` is ``"zh"``.
"""

import re
import sys
from itertools import zip_longest
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PARAMETER = re.compile(r"^(\w+): (.+?)  # (.+)", re.MULTILINE)


def pairs() -> list[tuple[Path, Path]]:
    """Each English notebook and where its twin is; a report's notebook speaks both languages."""
    alone = {"zh", "reports", ".ipynb_checkpoints"}
    found = (path for path in sorted(NOTEBOOKS.rglob("*.ipynb")) if path.parent.name not in alone)
    return [(path, path.parent / "zh" / path.name) for path in found]


def twin(english: Path, chinese: Path) -> str:
    """The text of the twin's file; a ValueError names the Chinese that is missing."""
    if not chinese.is_file():
        raise ValueError(f"no such file. Copy {english.name} there and write its words in Chinese.")
    book, old = nbformat.read(english, 4), nbformat.read(chinese, 4)
    ours, theirs = ({c.id: c for c in b.cells if c.cell_type == "markdown"} for b in (book, old))
    for mine, other in zip_longest(ours, theirs):
        if mine != other:
            raise ValueError(mend(mine, other, list(ours), list(theirs)))
    code = "\n".join(cell.source for cell in old.cells if cell.cell_type == "code")
    comments = {name: comment for name, _, comment in PARAMETER.findall(code)}
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = theirs[cell.id].source
            continue
        cell.outputs, cell.execution_count = [], None
        if "parameters" in cell.metadata.get("tags", []):
            names = [name for name, *_ in PARAMETER.findall(cell.source)]
            if new := [name for name in names if name not in comments]:
                raise ValueError(f"no parameter {new[0]}. Add it there, with a Chinese comment.")
            source = cell.source.replace('lang: str = "en"', 'lang: str = "zh"')
            cell.source = PARAMETER.sub(lambda p: f"{p[1]}: {p[2]}  # {comments[p[1]]}", source)
    return nbformat.writes(book) + "\n"


def mend(mine: str, other: str, ours: list[str], theirs: list[str]) -> str:
    """What to do at the first place where the two have different Markdown cells."""
    if mine and mine not in theirs:
        where = f'after "{ours[ours.index(mine) - 1]}"' if mine != ours[0] else "on top"
        return f'no Markdown cell "{mine}". Write its Chinese {where}, in a cell with that id.'
    if other not in ours:
        return f'Markdown cell "{other}" has no English one. Write that too, or delete this.'
    return f'Markdown cell "{other}" stands where the English has "{mine}". Move it.'


def main() -> None:
    """Write each twin that is out of date; end with what is missing in those that cannot be."""
    refused = []
    for english, chinese in pairs():
        name = chinese.relative_to(NOTEBOOKS.parent).as_posix()
        try:
            text = twin(english, chinese)
            if text != chinese.read_text(encoding="utf-8"):
                chinese.write_text(text, encoding="utf-8", newline="\n")
                print(f"{name} has the code of the English one again.")
        except ValueError as missing:
            refused.append(f"{name}: {missing}")
    if refused:
        sys.exit("\n".join(refused))


if __name__ == "__main__":
    main()
