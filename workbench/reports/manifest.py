"""What does ``run.json`` say of a run? Enough to know what was made from what, and nothing secret."""

import datetime as dt
import hashlib
import importlib.metadata
import json
import platform
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

import workbench
from workbench import config, errors, loaders, patterns, worklist

Status = Literal["ok", "failed", "timed out", "no data"]
_LIBRARIES = ("duckdb", "ipykernel", "pandas", "papermill", "plotly", "pyarrow", "scipy")
_CODE = (".py", ".csv", ".sql", ".css", ".js", ".j2")


class Failure(BaseModel):
    """Why was a report not made, and what is to be done?"""

    model_config = ConfigDict(frozen=True)

    kind: str
    what: str
    mend: str
    cell: int | None = None


class Manifest(BaseModel):
    """What was made, from what, with what, and how did it end?

    Examples
    --------
    >>> Manifest(report="calls", period="2026-10", lang="en", status="ok").owner is None
    True
    """

    model_config = ConfigDict(frozen=True)

    report: str
    period: str
    lang: str
    owner: str | None = None
    status: Status
    title: str | None = None
    error: Failure | None = None
    parameters: dict[str, Any] = {}
    contacts: config.Contacts = "none"
    data: dict[str, str | None] = {}
    inputs: str | None = None
    versions: dict[str, str] = {}
    tables: list[str] = []
    made_at: dt.datetime | None = None
    duration_seconds: float | None = None


def read(run: Path) -> Manifest | None:
    """Read the manifest of a run folder; None where there is none that can be read."""
    try:
        return Manifest.model_validate_json((run / "run.json").read_bytes())
    except (OSError, ValueError):
        return None


def versions() -> dict[str, str]:
    """Which versions of Python and of the libraries that shape the numbers are these?"""
    found = {"workbench": workbench.__version__, "python": platform.python_version()}
    return found | {name: importlib.metadata.version(name) for name in _LIBRARIES}


@cache
def _code() -> str:
    """Fingerprint the package itself: another word or another line is another page."""
    package = Path(str(resources.files("workbench")))
    digest = hashlib.sha256()
    for path in sorted(p for p in package.rglob("*") if p.suffix in _CODE):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def file_fingerprint(path: Path) -> str | None:
    """Fingerprint what a file, or all files of a folder or pattern, hold; None where nothing can be read.

    Examples
    --------
    >>> file_fingerprint(Path("/nowhere")) is None
    True
    """
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            paths = sorted(p for p in path.rglob("*") if p.is_file())
        elif not path.exists() and patterns.is_pattern(path):
            paths = patterns.matching(path)
        else:
            paths = [path]
        for part in paths:
            with part.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    except OSError:
        return None
    return digest.hexdigest() if paths else None


def data(settings: config.Settings, notebook: Path | None = None) -> dict[str, str | None]:
    """Fingerprint what lies in each table's source and, where the notebook reads it, in the worklist.

    Of a database it is that of its rows. None: it cannot be known.
    """
    found = {name: _source(name, settings) for name in sorted(settings.tables)}
    if notebook is not None and _reads_worklist(notebook):
        found["worklist"] = _worklist(settings)
    return found


def _source(name: str, settings: config.Settings) -> str | None:
    source = settings.source(name)
    if isinstance(source, Path):
        return file_fingerprint(source)
    try:
        return loaders.load_configured(name, settings).ledger.fingerprint
    except errors.WorkbenchError:
        return None  # the report says what is wrong


def _reads_worklist(notebook: Path) -> bool:
    """Does a notebook ask for the worklist: by name, or in what it asks of campaigns?"""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return re.search(r"\bworklist\b|\bcampaigns\b", code) is not None


def _worklist(settings: config.Settings) -> str | None:
    address = settings.worklist_address()
    if isinstance(address, Path) and not address.exists():
        return "none"
    try:
        with worklist.connect(address) as store:
            return worklist.fingerprint(store)
    except errors.WorkbenchError:
        return None


def inputs(
    *,
    notebook: Path,
    parameters: dict[str, Any],
    settings: config.Settings,
    data: dict[str, str | None],
) -> str | None:
    """Fingerprint all a page depends on; None where a part of it cannot be known."""
    if None in data.values():
        return None
    known = {
        "notebook": file_fingerprint(notebook),
        "parameters": parameters,
        "settings": settings.model_dump(mode="json", exclude={"root"}),
        "data": data,
        "code": _code(),
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
