"""How is a report sent round? As a mail that is ready to be sent, and is not sent by us.

Its body says the headline, the key figures and the first list; the page is attached.
"""

from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from workbench import config, loaders, scratch
from workbench.blocks import layout
from workbench.people import People
from workbench.reports import chromium, html
from workbench.words import Words

#: What a mail may weigh without the page, in bytes.
MOST = 100_000
_ROWS, _WIDTH, _AROUND = 8, 600, 150


def message(
    executed: Mapping[str, Any], words: Words, *, page: bytes, name: str, subject: str,
    to: Sequence[Address] = (),
) -> EmailMessage:  # fmt: skip
    """Write the mail of a report.

    Parameters
    ----------
    executed
        The executed notebook.
    words
        The language of its page.
    page, name
        The page, attached under this name.
    subject
        What it is about.
    to
        Who gets it; nobody leaves that to whoever sends it.
    """
    shown = html.blocks(executed)
    said: dict[str, Any] = {
        "words": words,
        "headline": next(block for block in shown if block["kind"] == "headline"),
        "cards": next((block["cards"] for block in shown if block["kind"] == "cards"), []),
        "listed": next(
            (block for block in shown if block["kind"] == "table" and block["table"]["rows"]), None
        ),
        "rows": _ROWS,
        "page": name,
    }
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(subject.split())
    mail["X-Unsent"] = "1"  # a draft: it is opened to be sent
    if to:
        mail["To"] = to
    text = layout.environment().get_template("mail.txt.j2").render(said)
    mail.set_content(text)
    picture = _picture(executed, words)
    for drawn in (picture, None):
        body = layout.environment().get_template("mail.html.j2").render(said, picture=drawn)
        if len(body.encode()) + len(text.encode()) + len(drawn or b"") * 4 / 3 <= MOST:
            break
    mail.add_alternative(body, subtype="html")
    if drawn:
        (_, body_part) = mail.iter_parts()
        body_part.add_related(drawn, "image", "png", cid="<figure>")
    mail.add_attachment(page, maintype="text", subtype="html", filename=name)
    return mail


def recipients(settings: config.Settings, owner: str | None) -> list[Address]:
    """Who gets it: the owner whose page it is; of the team's page, whom the settings name.

    An address that is none is left out.

    Examples
    --------
    >>> recipients(config.Settings(), None)
    []
    """
    told = [("", one) for one in settings.report.mail_to]
    if owner is not None:
        told = []
        if "owners" in settings.tables:
            people = People(owners=loaders.load_configured("owners", settings))
            known = people.owners.astype({"owner_id": "str"}).set_index("owner_id")
            if "email" in known and owner in known.index:
                told = [(people.owner_names()[owner], str(known.loc[owner, "email"]))]
    return [address for one in told if (address := _address(*one))]


def _address(name: str, address: str) -> Address | None:
    try:
        known = Address(display_name=" ".join(name.split()), addr_spec=address.strip())
    except (ValueError, IndexError):
        return None
    return known if known.username and known.domain else None


def _picture(executed: Mapping[str, Any], words: Words) -> bytes | None:
    """Draw the first figure, where there is a Chromium to draw it."""
    figure = next((block for block in html.blocks(executed) if "drawing" in block), None)
    if figure is None or chromium.found() is None:
        return None
    alone = {"cells": [cell for cell in executed["cells"] if figure["id"] in _ids(cell)][:1]}
    with scratch.Folder() as folder:
        page, drawn = folder / "figure.html", folder / "figure.png"
        colophon = {"notebook": "", "lines": []}
        written = html.report(
            alone, words, name=figure["heading"], footer="", colophon=colophon, index=None
        )
        page.write_text(written, encoding="utf-8")
        chromium.picture(page, drawn, width=_WIDTH, height=figure["height"] + _AROUND)
        return drawn.read_bytes()


def _ids(cell: Mapping[str, Any]) -> list[str]:
    return [block["id"] for block in html.blocks({"cells": [cell]})]
