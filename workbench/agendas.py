"""What do a salesperson's own programs get? Their calendar the steps, their mail the words.

``ics`` writes the steps of a plan as an iCalendar file (RFC 5545), which any calendar program reads:
a step is a whole day's entry, which keeps its identity, so that it is brought up to date and not
doubled when imported again. ``link`` is the address that opens a mail, message or phone program.
"""

import datetime as dt
import hashlib
import re
from urllib.parse import quote

import pandas as pd

from workbench import errors, labels, schema

_NEEDED = ("enrolment_id", "party_id", "plan", "step", "due_date", "status")
_OCTETS = 75
_PHONE = re.compile(r"[^0-9+*#]")


def ics(steps: pd.DataFrame, *, as_of: dt.date, lang: labels.Lang = "en") -> str:
    r"""Which touches stand on which day, for the calendar program of whoever makes them?

    Parameters
    ----------
    steps
        One row per step, as ``worklist.steps`` or ``worklist.due`` gives it: ``enrolment_id``,
        ``party_id``, ``plan``, ``step``, ``due_date``, ``status``; where there are, also
        ``lead_name``, ``channel``, ``address``, ``text`` and ``is_paused``. What is not pending, or
        waits, is cancelled.
    as_of
        The day the file speaks of.
    lang
        The language of the entries.

    Returns
    -------
    str
        The file, lines ended by CRLF, to be written as UTF-8. Equal steps give an equal file.

    Raises
    ------
    ContractError
        A column is missing.

    References
    ----------
    RFC 5545, Internet Calendaring and Scheduling Core Object Specification: 3.1 (folding),
    3.3.11 (escaping), 3.6.1 (events), 3.8.4.7 (identity).

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "enrolment_id": ["E1"], "party_id": ["L1"], "plan": "Wake-up", "step": 1,
    ...     "due_date": pd.to_datetime(["2026-11-02"]), "status": "pending", "text": "Hello; Ada"})
    >>> lines = ics(steps, as_of=dt.date(2026, 11, 1)).split("\r\n")
    >>> [line for line in lines if line.startswith(("DTSTART", "SUMMARY", "DESCRIPTION"))]
    ['DTSTART;VALUE=DATE:20261102', 'SUMMARY:L1: Wake-up\\, step 1', 'DESCRIPTION:Hello\\; Ada']
    """
    schema.require(steps, "steps", _NEEDED, made_by="worklist.steps(store, as_of=…)")
    optional = ["lead_name", "channel", "address", "text", "is_paused"]
    table = steps.reindex(columns=[*_NEEDED, *optional])
    table = table.sort_values(["due_date", "party_id", "plan", "step", "enrolment_id"])
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sales Workbench//Worklist//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(labels.text('agenda.title', lang))}",
    ]
    stamp = f"{as_of:%Y%m%d}T000000Z"
    for row in table.to_dict("records"):
        lines += _event({str(name): value for name, value in row.items()}, stamp, lang)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(row: dict[str, object], stamp: str, lang: labels.Lang) -> list[str]:
    def said(name: str) -> str | None:
        value = row[name]
        return value if isinstance(value, str) and value else None

    due = pd.Timestamp(str(row["due_date"]))
    who = said("lead_name") or str(row["party_id"])
    channel = said("channel")
    by = labels.text(f"channel.{channel}", lang) if channel in schema.CHANNELS else channel
    summary = labels.text(
        "agenda.step" if by is None else "agenda.step_by",
        lang,
        who=who,
        plan=str(row["plan"]),
        step=row["step"],
        channel=by or "",
    )
    identity = f"{row['enrolment_id']}\n{row['step']}".encode()
    is_open = row["status"] == "pending" and row["is_paused"] is not True
    details = [("DESCRIPTION", said("text")), ("LOCATION", said("address"))]
    return [
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(identity).hexdigest()[:32]}@sales-workbench",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + pd.Timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        *(f"{name}:{_escaped(text)}" for name, text in details if text is not None),
        f"STATUS:{'CONFIRMED' if is_open else 'CANCELLED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """Write a text so that none of it is taken for structure; control characters are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = "".join(sign for sign in lines if sign == "\n" or sign == "\t" or ord(sign) >= 32)
    kept = kept.replace("\x7f", "").replace("\x85", "\n").replace("\u2029", "\n")
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a long line after at most 75 octets, never within a character."""
    parts: list[str] = []
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode("utf-8", "surrogatepass"))
        if size + octets > _OCTETS:
            parts.append(part)
            part, size = "", 1  # the space that a further line begins with
        part, size = part + sign, size + octets
    return "\r\n ".join([*parts, part])


def link(
    channel: str, address: str | None, *, text: str | None = "", subject: str | None = None
) -> str | None:
    r"""With which address does a mail, message or phone program open, the words already in it?

    Nothing is sent by it: the program opens with the text, and a person sends it or does not.

    Parameters
    ----------
    channel
        One of the contract's channels.
    address
        Whom it goes to, as the lead's row has it.
    text
        The words.
    subject
        Of a mail.

    Returns
    -------
    str or None
        A ``mailto:``, ``sms:`` or ``tel:`` address, every sign of the data percent-escaped, so that
        none of it can name another receiver; None for channels whose programs take no address, and
        where there is no address.

    Raises
    ------
    UnknownNameError
        There is no such channel.

    References
    ----------
    RFC 6068 (mailto: 2, 5: line breaks are %0D%0A), RFC 5724 (sms), RFC 3966 (tel).

    Examples
    --------
    >>> link("email", "ada@mail.example", text="Hello Ada,\nshall we?", subject="Tea & you")
    'mailto:ada@mail.example?subject=Tea%20%26%20you&body=Hello%20Ada%2C%0D%0Ashall%20we%3F'
    >>> link("email", "ada@mail.example?bcc=all@mail.example")
    'mailto:ada@mail.example%3Fbcc%3Dall%40mail.example?body='
    >>> link("sms", "+999 (00) 12-34", text="Tea?"), link("phone", "+999 00")
    ('sms:+999001234?body=Tea%3F', 'tel:+99900')
    >>> link("wechat", "0wx-1", text="Tea?") is None
    True
    """
    if channel not in schema.CHANNELS:
        raise errors.unknown("channel", str(channel), schema.CHANNELS)
    if not address:
        return None
    body = f"body={_quoted(text or '')}"
    if channel == "email":
        # the first @ parts name and place; any other is part of neither and stays escaped
        name, at, place = address.partition("@")
        whom = quote(name, safe="") + at + quote(place, safe="")
        head = f"subject={_quoted(subject)}&" if subject else ""
        return f"mailto:{whom}?{head}{body}"
    number = quote(_PHONE.sub("", address), safe="+")
    if not number or channel not in ("sms", "phone"):
        return None
    return f"sms:{number}?{body}" if channel == "sms" else f"tel:{number}"


def _quoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return quote("\r\n".join(lines), safe="")
