"""Small report notebooks and projects for the tests of reports."""

import base64
import gzip
import json
import re
import string
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import plotly.graph_objects as go

PARAMETERS = """\
period: str | None = None
lang: str = "en"
owner: str | None = None
settings_file: str | None = None
"""

HOSTILE = (
    "<script>document.title='taken'</script>",
    "=cmd|' /C calc'!A0",
    "{{ 7 * 7 }}{% raise %}",
    "' ; drop table customers; --",
    "\u202eevil\u202c \u05d0\u05d1",
    "<img src=x onerror=\"document.title='taken'\">",
    "</script><script>document.title='taken'</script>",
    'a"b&c<!--',
)

GOOD = (
    "import pandas as pd\nfrom workbench import blocks, words\nwords.speak(lang)",
    "blocks.headline(f'Found in {period}', 'By name.', kicker=['Tiny', period])",
    "table = pd.DataFrame({'customer_name': ['Harbour Foods'], 'customers': [3]})\n"
    "blocks.table(table, name='calls', heading='Call these')",
)


def book(folder: Path, name: str, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a report notebook of these code cells."""
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# Tiny\n\n## The start"),
        tagged,
        *map(nbformat.v4.new_code_cell, cells),
    ]
    path = folder / "notebooks" / "reports" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def packed_data(page: str) -> dict[str, Any]:
    """What a page holds for its scripts, figures and lists, unpacked."""
    packed = re.search('id="page-data">([^<]+)<', page)
    assert packed
    signs = "".join(chr(c) for c in range(33, 127) if chr(c) not in "\"&'<>\\`{}")
    theirs = string.digits + string.ascii_uppercase + string.ascii_lowercase
    theirs += "!#$%&()*+-;<=>?@^_`{|}~"
    held = base64.b85decode(packed[1].translate(str.maketrans(signs, theirs)))
    return dict(json.loads(gzip.decompress(held)))


def settings(folder: Path, text: str = "") -> Path:
    """Write a settings file and give its path."""
    path = folder / "workbench.toml"
    path.write_text(text, encoding="utf-8")
    return path


def cells_of(block: Any) -> list[dict[str, Any]]:
    """A block as the cell of an executed notebook that showed it."""
    return [{"outputs": [{"data": json.loads(json.dumps(block._repr_mimebundle_()))}]}]


def every_block(name: str) -> list[Any]:
    """Each kind of block, with this name wherever a word from data can stand."""
    from workbench import blocks

    table = pd.DataFrame({"customer_name": [name], "value_at_stake": [5.0]})
    return [
        blocks.headline(name, name, kicker=[name]),
        blocks.facts(name, (name, "calls")),
        blocks.table(table, name="t", heading=name, subtitle=name),
        blocks.table(pd.DataFrame({name: [name]}), name="u", heading=name),
        blocks.text(name, name, name="s", items={name: name}, points=[name]),
        blocks.definitions({name: name}),
        blocks.figure(go.Figure(go.Bar(x=[1])), table, name="f", finding=name, meaning=name),
    ]
