"""The calendar file: what a calendar program reads, whatever leads are called."""

import datetime as dt
import re

import pandas as pd
import pytest
from hostile_texts import TEXTS
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors
from workbench.campaigns import agendas

AS_OF = dt.date(2026, 11, 1)


def steps(**more: object) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "enrolment_id": ["E1", "E1", "E2"],
            "lead_id": ["L1", "L1", "L2"],
            "plan": "Wake-up",
            "step": [1, 2, 1],
            "due_date": pd.to_datetime(["2026-11-02", "2026-11-30", "2026-11-02"]),
            "status": ["done", "pending", "pending"],
        }
    )
    return table.assign(**more)


def read(text: str) -> list[dict[str, str]]:
    """Read a calendar as its standard says: unfold, split, and require whole events."""
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        if line in ("BEGIN:VEVENT", "END:VEVENT"):
            assert inside == (line == "END:VEVENT")
            inside = not inside
            events += [{}] if inside else []
        elif inside:
            name, _, value = line.partition(":")
            assert re.fullmatch(r"[A-Z-]+(;VALUE=DATE)?", name), line
            assert name not in events[-1]
            events[-1][name] = value
    assert not inside
    return events


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


def test_a_step_is_a_whole_day_and_ends_before_the_next() -> None:
    found = read(agendas.ics(steps(text="Hello"), as_of=AS_OF))
    assert [one["DTSTART;VALUE=DATE"] for one in found] == ["20261102", "20261102", "20261130"]
    assert found[2]["DTEND;VALUE=DATE"] == "20261201"
    assert [one["STATUS"] for one in found] == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert [one["DTSTAMP"] for one in found] == ["20261101T000000Z"] * 3


def test_a_step_that_is_paused_is_cancelled() -> None:
    table = steps(is_paused=[False, True, False])
    assert [one["STATUS"] for one in read(agendas.ics(table, as_of=AS_OF))] == [
        "CANCELLED",
        "CONFIRMED",
        "CANCELLED",
    ]


def test_an_entry_keeps_its_identity_when_it_moves_and_no_two_share_one() -> None:
    before = read(agendas.ics(steps(), as_of=AS_OF))
    later = steps(due_date=pd.to_datetime(["2026-11-04", "2026-12-02", "2026-11-04"]))
    after = read(agendas.ics(later, as_of=dt.date(2026, 11, 3)))
    assert [one["UID"] for one in before] == [one["UID"] for one in after]
    assert len({one["UID"] for one in before}) == 3


def test_equal_steps_give_an_equal_file_in_any_order() -> None:
    table = steps(text="Hello")
    assert agendas.ics(table, as_of=AS_OF) == agendas.ics(table.iloc[::-1], as_of=AS_OF)


def test_no_steps_are_an_empty_calendar() -> None:
    assert read(agendas.ics(steps().head(0), as_of=AS_OF)) == []


def test_a_missing_column_names_the_call_that_makes_it() -> None:
    with pytest.raises(errors.ContractError, match=r"worklist\.steps"):
        agendas.ics(steps().drop(columns="due_date"), as_of=AS_OF)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_words_are_words_alone(text: str) -> None:
    found = read(agendas.ics(steps(text=text, lead_name=text), as_of=AS_OF))
    assert len(found) == 3


def test_a_backslash_before_n_is_no_end_of_a_line() -> None:
    path = r"C:\New\notes; a, b"
    found = read(agendas.ics(steps(text=path), as_of=AS_OF))
    assert found[0]["DESCRIPTION"] == r"C:\\New\\notes\; a\, b"


@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_comes_back_whole_but_for_control_signs(text: str) -> None:
    found = agendas.ics(steps(text=text), as_of=AS_OF)
    assert all(len(line.encode()) <= 75 for line in found.split("\r\n"))
    kept = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", text)
    kept = "".join(one for one in kept if one in "\n\t" or ord(one) >= 32).replace("\x7f", "")
    events = read(found)
    assert {plain(one.get("DESCRIPTION", "")) for one in events} == {kept}
