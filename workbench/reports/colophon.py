"""How was a page made? The lines at its foot, and what reports and tables are called."""

from typing import Any

from workbench import periods
from workbench.reports import manifest
from workbench.words import MISSING, Words


def report_name(name: str, words: Words) -> str:
    """Name a report as people do.

    Examples
    --------
    >>> report_name("monthly_customers", Words("zh")), report_name("own_report", Words())
    ('客户月报', 'Own report')
    """
    return _called(f"report.{name}", words) or name.replace("_", " ").capitalize()


def _called(key: str, words: Words) -> str:
    return words(key) if words.has(key) else ""


def lines(done: manifest.Manifest, words: Words) -> list[dict[str, str]]:
    """When, from what, with what and how long? One term and text per line.

    Examples
    --------
    >>> done = manifest.Manifest(report="calls", period="2026-10", lang="en", status="ok",
    ...                          duration_seconds=8.0)
    >>> lines(done, Words())
    [{'term': 'Contacts', 'text': 'left out'}, {'term': 'Computing time', 'text': '8.0 s'}]
    """

    def said(key: str, value: Any) -> str:
        if value is None:
            return words("report.none")
        if key == "period":
            return words.write(periods.parse(value), "period")
        return words(f"report.language.{value}") if key == "lang" else str(value)

    def term(kind: str, name: str) -> str:
        return _called(f"report.{kind}.{name}", words) or name.replace("_", " ")

    comma, colon = ("，", "：") if words.lang == "zh" else (", ", " ")
    seconds = words.write(done.duration_seconds, "exact number")
    found = {
        "made": f"{done.made_at:%Y-%m-%d %H:%M}" if done.made_at else None,
        "parameters": comma.join(
            f"{term('parameter', key)}{colon}{said(key, value)}"
            for key, value in done.parameters.items()
        ),
        "contacts": words(f"report.contacts.{done.contacts}"),
        "data": comma.join(
            f"{term('table', name)} {(print_ or MISSING)[:12]}"
            for name, print_ in done.data.items()
        ),
        "versions": comma.join(f"{name} {version}" for name, version in done.versions.items()),
        "duration": words("report.colophon.seconds", n=seconds),
    }
    return [
        {"term": words(f"report.colophon.{key}"), "text": text}
        for key, text in found.items()
        if text
    ]
