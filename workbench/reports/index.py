"""Which reports are there? One page that lists them all, in each language, the newest period first."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import filelock

from workbench import errors, outputs, periods
from workbench.reports import colophon, html, manifest, neighbours, publish
from workbench.words import Lang, Words

PAGE = "index.html"
_LOCK, _PATIENCE_SECONDS = ".index.lock", 60


def write(root: Path) -> Path:
    """List all reports of a folder on its ``index.html``, and lead from page to page, where it is new.

    Each language has its part, which a browser opens by what its reader reads; of each report it
    shows the newest key figures with their last periods. One process at a time does it.
    """
    with filelock.FileLock(root / _LOCK, timeout=_PATIENCE_SECONDS, mode=0o600):
        folders = editions(root)
        known = [row for folder in folders if (row := _row(root, folder))]
        known.sort(key=lambda row: (row["report"], -row["as_of"], row["owner"] or ""))
        languages: list[Lang] = [
            lang for lang in get_args(Lang) if any(row["lang"] == lang for row in known)
        ]
        shelves = [
            _shelf([row for row in known if row["lang"] == lang], Words(lang))
            for lang in languages or ["en"]
        ]
        words = shelves[0]["words"]
        heading = words("report.index.title")
        page = html.page("index", words, title=heading, footer=heading, shelves=shelves)
        written = root / PAGE
        if not written.is_file() or written.read_bytes() != page.encode():
            outputs.replace(written, page, private=True)
        neighbours.lead(root, {row["folder"]: row["edition"] for row in known if row["href"]})
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


def _shelf(rows: Sequence[dict[str, Any]], words: Words) -> dict[str, Any]:
    groups = []
    for name, found in itertools.groupby(rows, lambda row: row["report"]):
        listed = list(found)
        newest = next((row for row in listed if row["figures"] and not row["owner"]), listed[0])
        groups.append(
            {
                "name": colophon.report_name(name, words),
                "figures": newest["figures"],
                "period": newest["period"],
                "rows": listed,
            }
        )
    lede = words("report.index.lede" if rows else "report.index.empty", n=len(rows))
    lang = "zh-Hans" if words.lang == "zh" else "en"
    return {"words": words, "lang": lang, "lede": lede, "groups": groups}


def _row(root: Path, folder: Path) -> dict[str, Any] | None:
    good = publish.current(folder)
    bad = publish.failure(folder) if (folder / publish.FAILED_PAGE).is_file() else None
    published = manifest.read(good) if good else None
    failed = manifest.read(bad) if bad else None
    known = published or failed
    try:
        period = periods.parse(known.period if known else "")
        words = Words(known.lang if known else "")  # type: ignore[arg-type]  # it refuses others
    except errors.WorkbenchError:
        return None
    assert known is not None
    status = failed.status.replace(" ", "_") if failed else ""
    return {
        "folder": folder,
        "edition": (known.report, known.lang, known.owner, period),
        "report": known.report,
        "period": words.write(period, "period"),
        "owner": known.owner,
        "as_of": period.as_of.toordinal(),
        "lang": known.lang,
        "finding": published.title or known.report if published else "",
        "figures": published.figures if published else [],
        "href": neighbours.address(folder / publish.PAGE, root) if published else None,
        "made": f"{known.made_at:%Y-%m-%d %H:%M}" if known.made_at else "",
        "status": words(f"report.status.{status}") if status else "",
        "failed": neighbours.address(folder / publish.FAILED_PAGE, root) if failed else None,
    }
