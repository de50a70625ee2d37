"""A report can be handed out as a mail that nobody has sent yet, and as sheets to print."""

import email
import email.policy
import json
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pandas as pd
import plotly.graph_objects as go
import pytest
from needed import lacking
from report_books import GOOD, HOSTILE, book, settings

from workbench import blocks, config, reports
from workbench.reports import chromium, mail
from workbench.words import Words

PAGE = b"<!DOCTYPE html><title>page</title>" + b"x" * 300_000


def executed(*shown: Any) -> dict[str, Any]:
    return {"cells": [
        {"outputs": [{"data": json.loads(json.dumps(one._repr_mimebundle_()))}]} for one in shown
    ]}  # fmt: skip


def report(name: str = "Harbour Foods") -> dict[str, Any]:
    months = pd.DataFrame({"period": ["2026-09", "2026-10"], "revenue": [100.0, 12345.0]})
    rows = pd.DataFrame({"customer_name": [name, *(f"Customer {n}" for n in range(30))]})
    return executed(
        blocks.headline(f"Call {name}", "It is late.", kicker=["Monthly"]),
        blocks.cards(months, [blocks.Card("revenue", unit="money")]),
        blocks.table(rows, name="calls", heading="Call these"),
        blocks.figure(go.Figure(go.Bar(x=["Mon"], y=[3])), rows, name="days", finding="Days.",
                      meaning=""),
    )  # fmt: skip


def sent(made: EmailMessage) -> EmailMessage:
    """What a mail program reads in it."""
    read = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    return cast("EmailMessage", read)


def said(made: EmailMessage, kind: str) -> str:
    body = made.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def without_chromium(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chromium, "found", lambda: None)


def test_the_mail_says_headline_key_figures_and_first_list_and_carries_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_chromium(monkeypatch)
    ada = Address("Ada Lin", addr_spec="ada@mail.example")
    made = sent(
        mail.message(report(), Words(), page=PAGE, name="calls.html", subject="Calls", to=[ada])
    )
    assert (made["To"], made["Subject"], made["X-Unsent"]) == (
        "Ada Lin <ada@mail.example>", "Calls", "1",
    )  # fmt: skip
    text = said(made, "plain")
    assert text.splitlines()[0] == "Call Harbour Foods"
    assert "Revenue, known customers: 12,300 (▲ 12,245.0% on Sep" in text
    assert text.count("\n- ") == 8
    assert "- Harbour Foods" in text.splitlines()
    (page,) = made.iter_attachments()
    assert (page.get_filename(), page.get_content().encode()) == ("calls.html", PAGE)
    assert len(made.as_bytes()) - len(PAGE) * 4 / 3 < mail.MOST + 10_000


@pytest.mark.parametrize("name", [*HOSTILE, "two\nlines\r\nBcc: all@x.example"])
def test_a_hostile_name_neither_marks_the_mail_up_nor_adds_a_header(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_chromium(monkeypatch)
    made = sent(mail.message(report(name), Words(), page=PAGE, name="c.html", subject=name))
    assert made["Bcc"] is None
    html = said(made, "html")
    assert "<script" not in html
    assert "<img" not in html


def test_an_owner_gets_the_owners_page_and_the_team_whom_the_settings_name(tmp_path: Path) -> None:
    text = "owner_id,owner_name,email\nS1,Ada Lin,ada@mail.example\nS2,Bo,no address\nS3,Cy,\n"
    (tmp_path / "owners.csv").write_text(text)
    file = settings(
        tmp_path,
        '[report]\nmail_to = ["lead@mail.example"]\n[tables.owners]\nsource = "owners.csv"\n',
    )
    loaded = config.load(file)
    told = {owner: [str(one) for one in mail.recipients(loaded, owner)]
            for owner in (None, "S1", "S2", "S3", "S9")}  # fmt: skip
    assert told == {
        None: ["lead@mail.example"], "S1": ["Ada Lin <ada@mail.example>"],
        "S2": [], "S3": [], "S9": [],
    }  # fmt: skip


@pytest.mark.notebook
def test_without_a_chromium_a_pdf_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_chromium(monkeypatch)
    book(tmp_path, "tiny", *GOOD)
    with pytest.raises(Exception, match="--pdf needs Chromium"):
        reports.attempt("tiny", period="2026-10", settings_file=settings(tmp_path), beside=["pdf"])
    assert not (tmp_path / "reports").exists()


@pytest.mark.notebook
@pytest.mark.browser
def test_mail_and_pdf_lie_beside_the_page_and_go_with_the_run_that_lacks_them(
    tmp_path: Path,
) -> None:
    if chromium.found() is None:
        lacking("There is no Chromium here", "Debian: apt-get install chromium")
    drawn = (
        "import plotly.graph_objects as go\n"
        "blocks.figure(go.Figure(go.Bar(x=['Mon'], y=[3])), table, name='days', finding='Days.', "
        "meaning='')"
    )
    book(tmp_path, "tiny", *GOOD, drawn)
    file = settings(tmp_path)
    reports.run("tiny", period="2026-10", settings_file=file)
    both = reports.run("tiny", period="2026-10", settings_file=file, beside=["pdf", "mail"])
    assert not both.skipped
    assert (both.folder / "report.pdf").read_bytes()[:5] == b"%PDF-"
    made = email.message_from_bytes(
        (both.folder / "report.eml").read_bytes(), policy=email.policy.default
    )
    weights = {part.get_content_type(): len(part.get_payload()) for part in made.walk()
               if not part.is_multipart() and not part.is_attachment()}  # fmt: skip
    assert set(weights) == {"text/plain", "text/html", "image/png"}
    assert sum(weights.values()) < mail.MOST
    assert reports.run("tiny", period="2026-10", settings_file=file, beside=["pdf"]).skipped
    again = reports.run("tiny", period="2026-10", settings_file=file, force=True)
    assert not (again.folder / "report.pdf").exists()
    assert not (again.folder / "report.eml").exists()
