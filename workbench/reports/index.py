"""Which reports are there? One page that lists them all, the newest period first."""

import itertools
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import errors, outputs, periods
from workbench.reports import colophon, html, manifest, publish
from workbench.words import MISSING, Words

PAGE = "index.html"


def write(root: Path) -> Path:
    """List all reports of a folder on its ``index.html``, in one atomic step, where it says else.

    Each finding stands in its report's language; the list itself is in Chinese where all are.
    """
    folders = editions(root)
    words = Words("zh" if folders and all(_lang(f) == "zh" for f in folders) else "en")
    rows = [row for folder in folders if (row := _row(root, folder, words))]
    rows.sort(key=lambda row: (row["report"], -row["as_of"], row["owner"] or "", row["lang"]))
    groups = [
        {"name": colophon.report_name(name, words), "rows": list(found)}
        for name, found in itertools.groupby(rows, lambda row: row["report"])
    ]
    heading = words("report.index.title")
    lede = words("report.index.lede" if rows else "report.index.empty", n=len(rows))
    page = html.page("index", words, title=heading, footer=heading, lede=lede, groups=groups)
    written = root / PAGE
    if not written.is_file() or written.read_bytes() != page.encode():
        outputs.replace(written, page, private=True)
    return written


def editions(root: Path) -> list[Path]:
    """Which folders hold a report, or the news that one was not made?"""
    found = {
        link.parent
        for pattern in ("*/*/*", "*/*/*/owner-*")
        for pointer in (".current", publish.FAILED)
        for link in root.glob(f"{pattern}/{pointer}")
        if link.is_symlink()
    }
    return sorted(found)


def _lang(folder: Path) -> str:
    return folder.parent.name if folder.name.startswith("owner-") else folder.name


def _row(root: Path, folder: Path, words: Words) -> dict[str, Any] | None:
    good = publish.current(folder)
    bad = publish.failure(folder) if (folder / publish.FAILED_PAGE).is_file() else None
    published = manifest.read(good) if good else None
    failed = manifest.read(bad) if bad else None
    known = published or failed
    try:
        period = periods.parse(known.period if known else "")
    except errors.WorkbenchError:
        return None
    assert known is not None
    status = failed.status.replace(" ", "_") if failed else ""
    return {
        "report": known.report,
        "period": words.write(period, "period"),
        "owner": known.owner,
        "as_of": period.as_of.toordinal(),
        "edition": f"{words(f'report.language.{known.lang}')} · "
        f"{known.owner or words('report.index.everyone')}",
        "lang": known.lang,
        "finding": published.title or known.report if published else "",
        "href": _path(root, folder / publish.PAGE) if published else None,
        "made": f"{known.made_at:%Y-%m-%d %H:%M}" if known.made_at else MISSING,
        "status": words(f"report.status.{status}") if status else "",
        "failed": _path(root, folder / publish.FAILED_PAGE) if failed else None,
    }


def _path(root: Path, file: Path) -> str:
    return quote(file.relative_to(root).as_posix())
