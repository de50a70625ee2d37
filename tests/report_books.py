"""Small report notebooks and projects for the tests of reports."""

from pathlib import Path

import nbformat

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
    "import pandas as pd\nfrom workbench.reports import blocks",
    "blocks.headline(f'Found in {period}', 'By name.', kicker=['Tiny', period], lang=lang)",
    "table = pd.DataFrame({'customer_name': ['Harbour Foods'], 'customers': [3]})\n"
    "blocks.table(table, name='calls', heading='Call these', lang=lang)",
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


def settings(folder: Path, text: str = "") -> Path:
    """Write a settings file and give its path."""
    path = folder / "workbench.toml"
    path.write_text(text, encoding="utf-8")
    return path
