"""Which reports are there? One page that lists them all, the newest period first."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench import errors, labels, periods
from workbench.reports import colophon, html, manifest, publish

PAGE = "index.html"


def write(root: Path) -> Path:
    """List all reports of a folder on its ``index.html``, in one atomic step.

    Each finding stands in its report's language; the list itself is in Chinese where all are.
    """
    folders = editions(root)
    lang: labels.Lang = "zh" if folders and all(_lang(f) == "zh" for f in folders) else "en"
    by_name: dict[str, list[dict[str, Any]]] = {}
    for folder in folders:
        row = _row(root, folder, lang)
        if row is not None:
            by_name.setdefault(row["report"], []).append(row)
    groups: list[dict[str, Any]] = [
        {
            "name": colophon.report_name(name, lang),
            "rows": sorted(rows, key=lambda r: (-r["as_of"], r["owner"] or "", r["lang"])),
        }
        for name, rows in sorted(by_name.items())
    ]
    count = sum(len(group["rows"]) for group in groups)
    lede = labels.text("report.index.lede" if count else "report.index.empty", lang, n=count)
    page = root / PAGE
    publish.text_to_disk(page, html.index(groups, lang=lang, lede=lede))
    return page


def editions(root: Path) -> list[Path]:
    """Which folders hold a report, or the news that one was not made?"""
    found = [
        link.parent
        for pattern in ("*/*/*", "*/*/*/owner-*")
        for pointer in (".current", publish.FAILED)
        for link in root.glob(f"{pattern}/{pointer}")
        if link.is_symlink()
    ]
    return sorted(set(found))


def _lang(folder: Path) -> str:
    return folder.parent.name if folder.name.startswith("owner-") else folder.name


def _row(root: Path, folder: Path, lang: labels.Lang) -> dict[str, Any] | None:
    good = publish.current(folder)
    bad = publish.failure(folder) if (folder / publish.FAILED_PAGE).is_file() else None
    published = manifest.read(good) if good else None
    failed = manifest.read(bad) if bad else None
    known = published or failed
    if known is None:
        return None
    try:
        period = periods.parse(known.period)
    except errors.WorkbenchError:
        return None
    owner = known.owner or labels.text("report.index.everyone", lang)
    edition = f"{labels.text(f'report.language.{known.lang}', lang)} · {owner}"
    return {
        "report": known.report,
        "period": period.label(lang),
        "owner": known.owner,
        "as_of": period.as_of.toordinal(),
        "edition": edition,
        "lang": known.lang,
        "finding": published.title or known.report if published else "",
        "href": _path(root, folder / publish.PAGE) if published else None,
        "made": f"{known.made_at:%Y-%m-%d %H:%M}" if known.made_at else labels.MISSING,
        "status": labels.text(f"report.status.{failed.status.replace(' ', '_')}", lang)
        if failed
        else "",
        "failed": _path(root, folder / publish.FAILED_PAGE) if failed else None,
    }


def _path(root: Path, file: Path) -> str:
    return quote(file.relative_to(root).as_posix())
