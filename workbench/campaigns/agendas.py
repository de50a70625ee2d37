"""What do a salesperson's own programs get? Their calendar the steps, their mail the words.

``ics`` writes the steps of a plan as an iCalendar file (RFC 5545), which any calendar program reads:
a step is a whole day's entry, which keeps its identity, so that it is brought up to date and not
doubled when imported again. ``link`` is the address that opens a mail, message or phone program.
"""

import datetime as dt
import hashlib
import re
from typing import Any, Self
from urllib.parse import quote

import icalendar
import pandas as pd

from workbench import addresses, errors, schema
from workbench.words import Words, spoken

_NEEDED = ("enrolment_id", "lead_id", "plan", "step", "due_date", "status")
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
# what no calendar program can show, and no file in UTF-8 can hold
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class _Text(icalendar.vText):
    """A text, none of which is taken for structure; control characters are left out."""

    def __new__(cls, text: str) -> Self:
        return super().__new__(cls, _UNSHOWN.sub("", _BREAK.sub("\n", text)))

    def to_ical(self) -> bytes:
        # the library's own takes a backslash before N for the end of a line, as in C:\New
        return re.sub(r"([\\;,])", r"\\\1", str(self)).replace("\n", r"\n").encode()


def ics(steps: pd.DataFrame, *, as_of: dt.date, words: Words | None = None) -> str:
    r"""Which touches stand on which day, for the calendar program of whoever makes them?

    Parameters
    ----------
    steps
        One row per step, as ``worklist.steps`` or ``worklist.due`` gives it: ``enrolment_id``,
        ``lead_id``, ``plan``, ``step``, ``due_date``, ``status``; where there are, also
        ``lead_name``, ``channel``, ``address``, ``text`` and ``is_paused``. What is not pending, or
        waits, is cancelled.
    as_of
        The day the file speaks of.
    words
        The language of the entries; None: as ``words.speak`` said.

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
    ...     "enrolment_id": ["E1"], "lead_id": ["L1"], "plan": "Wake-up", "step": 1,
    ...     "due_date": pd.to_datetime(["2026-11-02"]), "status": "pending", "text": "Hello; Ada"})
    >>> lines = ics(steps, as_of=dt.date(2026, 11, 1)).split("\r\n")
    >>> [line for line in lines if line.startswith(("DTSTART", "SUMMARY", "DESCRIPTION"))]
    ['DTSTART;VALUE=DATE:20261102', 'SUMMARY:L1: Wake-up\\, step 1', 'DESCRIPTION:Hello\\; Ada']
    """
    schema.require(steps, "steps", _NEEDED, made_by="worklist.steps(store, as_of=…)")
    optional = ["lead_name", "channel", "address", "text", "is_paused"]
    table = steps.reindex(columns=[*_NEEDED, *optional])
    table = table.sort_values(["due_date", "lead_id", "plan", "step", "enrolment_id"])

    say = words or spoken()
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Sales Workbench//Worklist//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", _Text(say("agenda.title")))
    stamp = dt.datetime.combine(as_of, dt.time(), tzinfo=dt.UTC)
    for row in table.to_dict("records"):
        event = icalendar.Event()
        due = pd.Timestamp(row["due_date"]).date()
        identity = f"{row['enrolment_id']}\n{row['step']}".encode()
        is_open = row["status"] == "pending" and row["is_paused"] is not True
        event.add("UID", f"{hashlib.sha256(identity).hexdigest()[:32]}@sales-workbench")
        event.add("DTSTAMP", stamp)
        event.add("DTSTART", due)
        event.add("DTEND", due + dt.timedelta(days=1))
        event.add("SUMMARY", _Text(_summary(row, say)))
        for name, column in (("DESCRIPTION", "text"), ("LOCATION", "address")):
            if text := _stated(row, column):
                event.add(name, _Text(text))
        event.add("STATUS", "CONFIRMED" if is_open else "CANCELLED")
        event.add("TRANSP", "TRANSPARENT")
        calendar.add_component(event)
    return str(calendar.to_ical(sorted=False), "utf-8")


def _summary(row: dict[Any, Any], say: Words) -> str:
    """Say in a line who is to be written to, and by which way."""
    channel = _stated(row, "channel")
    return say(
        "agenda.step_by" if channel else "agenda.step",
        who=_stated(row, "lead_name") or str(row["lead_id"]),
        plan=str(row["plan"]),
        step=row["step"],
        channel=say(f"channel.{channel}") if channel in schema.CHANNELS else channel,
    )


def _stated(row: dict[Any, Any], name: str) -> str:
    return row[name] if isinstance(row[name], str) else ""


def link(
    channel: str,
    address: str | None,
    *,
    text: str | None = "",
    subject: str | None = None,
    country: str | None = None,
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
    country
        Whose phone number it is where it does not say so, as ``CN``.

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
    RFC 6068 (mailto: 2, 5: line breaks are %0D%0A), RFC 5724 (sms), RFC 3966 (tel; 5.3: ext).

    Examples
    --------
    >>> link("email", "ada@mail.example", text="Hello Ada,\nshall we?", subject="Tea & you")
    'mailto:ada@mail.example?subject=Tea%20%26%20you&body=Hello%20Ada%2C%0D%0Ashall%20we%3F'
    >>> link("email", "ada@mail.example?bcc=all@mail.example")
    'mailto:ada@mail.example%3Fbcc%3Dall%40mail.example?body='
    >>> link("sms", "+999 (00) 12-34", text="Tea?"), link("phone", "+999 00")
    ('sms:+999001234?body=Tea%3F', 'tel:+99900')
    >>> link("phone", "010-12345678转801", country="CN")
    'tel:+861012345678;ext=801'
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
    if schema.CHANNELS[channel] != "phone":
        return None
    typed, extension = addresses.dialled(address, country=country)
    number = quote(typed, safe="+")
    if not number:
        return None
    asked_for = f";ext={extension}" if extension else ""
    return f"sms:{number}?{body}" if channel == "sms" else f"tel:{number}{asked_for}"


def _quoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return quote("\r\n".join(lines), safe="")
