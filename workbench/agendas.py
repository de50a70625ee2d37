"""What does a salesperson's own calendar show? The steps of a plan as an iCalendar file.

Any calendar program reads it (RFC 5545). A step is a whole day's entry, which keeps its identity:
imported again it is brought up to date, not doubled.
"""

import datetime as dt
import hashlib

import pandas as pd

from workbench import labels, schema

_NEEDED = ("enrolment_id", "party_id", "plan", "step", "due_date", "status")
_OCTETS = 75


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
