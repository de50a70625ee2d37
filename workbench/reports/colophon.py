"""How was a page made? The lines at its foot, and what reports and tables are called."""

from typing import Any

from workbench import labels, periods
from workbench.reports import manifest


def report_name(name: str, lang: labels.Lang) -> str:
    """Name a report as people do.

    Examples
    --------
    >>> report_name("monthly_customers", "zh"), report_name("own_report", "en")
    ('客户月报', 'Own report')
    """
    key = f"report.{name}"
    return labels.text(key, lang) if labels.has(key) else name.replace("_", " ").capitalize()


def lines(done: manifest.Manifest, lang: labels.Lang) -> list[dict[str, str]]:
    """When, from what, with what and how long? One term and text per line.

    Examples
    --------
    >>> done = manifest.Manifest(report="calls", period="2026-10", lang="en", status="ok",
    ...                          duration_seconds=8.0)
    >>> lines(done, "en")
    [{'term': 'Computing time', 'text': '8.0 s'}]
    """

    def said(key: str, value: Any) -> str:
        if value is None:
            return labels.text("report.none", lang)
        if key == "period":
            return periods.parse(value).label(lang)
        return labels.text(f"report.language.{value}", lang) if key == "lang" else str(value)

    def term(key: str) -> str:
        known = f"report.parameter.{key}"
        return labels.text(known, lang) if labels.has(known) else key.replace("_", " ")

    comma, colon = ("，", "：") if lang == "zh" else (", ", " ")
    found = {
        "made": f"{done.made_at:%Y-%m-%d %H:%M}" if done.made_at else None,
        "parameters": comma.join(
            f"{term(key)}{colon}{said(key, value)}" for key, value in done.parameters.items()
        ),
        "data": comma.join(
            f"{table_name(name, lang)} {(print_ or labels.MISSING)[:12]}"
            for name, print_ in done.data.items()
        ),
        "versions": comma.join(f"{name} {version}" for name, version in done.versions.items()),
        "duration": labels.text(
            "report.colophon.seconds",
            lang,
            n=labels.number(done.duration_seconds, lang, digits=1),
        ),
    }
    return [
        {"term": labels.text(f"report.colophon.{key}", lang), "text": text}
        for key, text in found.items()
        if text
    ]


def table_name(name: str, lang: labels.Lang) -> str:
    """Name a table as people do.

    Examples
    --------
    >>> table_name("orders", "zh")
    '订单'
    """
    key = f"report.table.{name}"
    return labels.text(key, lang) if labels.has(key) else name.replace("_", " ")
