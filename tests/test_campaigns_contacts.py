"""Contacts on lists: what the settings allow, and nothing by a channel that somebody opted out of."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hostile_texts import TEXTS

from workbench import (
    addresses,
    campaigns,
    config,
    exhibits,
    reports,
    samples,
    schema,
    worklist,
)
from workbench import tables as written
from workbench.blocks import layout
from workbench.people import People

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["C1", "C2", "C3", "C4"],
        "customer_name": ["Ada", "Bo", "Cy", "Di"],
        "owner_id": ["S1", "S1", "S2", None],
        "phone": ["138 0013 1234", "+999 2", None, "139 0013 9999"],
        "email": ["ada@x.example", "bo@x.example", "cy@x.example", None],
        "wechat": ["wx1", None, "wx3", "wx4"],
    }
)
LISTED = CUSTOMERS[["customer_id", "customer_name"]]


def settings(folder: Path, contacts: str, **more: Any) -> config.Settings:
    return config.Settings.model_validate(
        {"root": folder, "privacy": {"contacts": contacts}, "nurture": {"country": "CN"}, **more}
    )


def told(found: pd.DataFrame) -> dict[str, list[Any]]:
    shown = found.astype("object").where(found.notna(), None)
    return {name: shown[name].tolist() for name in schema.CONTACTS if name in found}


def test_lists_show_what_the_settings_allow_none_masked_or_shown(tmp_path: Path) -> None:
    everybody = People(CUSTOMERS)
    found = {
        how: told(campaigns.reachable(everybody, settings(tmp_path, how)).contacted(LISTED))
        for how in ("none", "masked", "shown")
    }
    assert found["none"] == {}
    assert found["shown"] == told(CUSTOMERS)
    assert found["masked"] == {
        "phone": ["138****1234", "****", None, "139****9999"],
        "email": ["a***@x.example", "b***@x.example", "c***@x.example", None],
        "wechat": ["w***", None, "w***", "w***"],
    }
    assert config.Settings().privacy.contacts == "none"
    assert not list(tmp_path.iterdir()), "nothing is made by looking"


def test_a_channel_somebody_opted_out_of_is_never_offered(tmp_path: Path) -> None:
    customers = CUSTOMERS.assign(email_opted_out_on=[None, "2026-11-02", None, None])
    leads = pd.DataFrame(
        {
            # one shares C1's phone, and has said it in the table; one has become C3
            "lead_id": ["L1", "L2"], "phone": ["+86 13800131234", None],
            "phone_opted_out_on": ["2026-01-05", None], "customer_id": [None, "C3"],
        }
    )  # fmt: skip
    store = worklist.connect(tmp_path / "worklist.db", country="CN")
    seen = {"at": "2026-11-02 09:00", "by": "Lin", "feedback": "opted_out"}
    step = pd.DataFrame({"lead_id": ["L2", "C4"], "plan": "p", "step": 1, "due_date": "2026-11-02"})
    worklist.enrol(store, step, at="2026-11-01 09:00", by="Lin")
    campaigns.answer(store, "L2", channel="email", **seen)
    campaigns.answer(store, "C4", channel="wechat", **seen)
    who = People(customers, leads=leads)
    found = told(
        campaigns.reachable(who, settings(tmp_path, "shown"), store=store).contacted(LISTED)
    )
    assert found == {
        "phone": [None, "+999 2", None, "139 0013 9999"],
        "email": ["ada@x.example", None, None, None],
        "wechat": ["wx1", None, "wx3", None],
    }
    # the worklist of the settings is found too, where none is handed over
    here = settings(tmp_path, "shown", worklist={"store": "worklist.db"})
    assert told(campaigns.reachable(who, here).contacted(LISTED)) == found


def test_of_a_whole_company_nobody_is_offered_a_channel_that_is_closed(tmp_path: Path) -> None:
    made = samples.company(customers=400, seed=5)
    who = People(made["customers"], leads=made["leads"])
    found = campaigns.reachable(who, settings(tmp_path, "shown"))
    for table, key in ((made["customers"], "customer_id"), (made["leads"], "lead_id")):
        rows = found.contacted(table[[key]])
        shared = campaigns.opted_out(None, made["leads"], as_of="9999-12-31")
        for name in schema.CONTACTS:
            closed = set(table.loc[table[f"{name}_opted_out_on"].notna(), name].dropna())
            gone = shared.loc[shared["channel"] == name, "lead_id"]
            closed |= set(made["leads"].loc[made["leads"]["lead_id"].isin(gone), name].dropna())
            assert closed, name
            assert not closed & set(rows[name].dropna())
            assert rows[name].notna().sum() > 100


BAD = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)//", '" onclick="alert(1)', "tel:+1234567",
    "mailto:a@x.example", "data:text/html,x", "1" * 10_000, "a" * 10_000 + "@x.example",
    "\u202e138 0013 1234", "138\u200f00131234", "a\u202e@x.example", "a@x.example?bcc=b@x.example",
    "a@x.example,b@x.example", "a@x.example\nBcc: b@x.example", "12", "ext. 5", "138****1234",
    "a***@x.example", "<a@x.example>", "http://x.example", "138 call me",
)  # fmt: skip


@pytest.mark.parametrize("name", ["phone", "email", "wechat"])
def test_what_is_no_number_and_no_plain_address_is_text_and_no_link(name: str) -> None:
    bad = [*BAD, *TEXTS.values()]
    cells = [written.cell(name, text, written.kind(name, pd.Series([text]))) for text in bad]
    assert cells == bad
    rows = pd.DataFrame({"customer_id": [str(i) for i in range(len(bad))], name: bad})
    assert "<a " not in written.html(rows, rows=len(rows))
    block = exhibits.nurture.answers(rows.assign(lead_name="Ada")).laid(rows=len(rows)).block()
    page = layout.fragment({"kind": "table", "lang": "en", **block.content})
    assert "<a " not in page.split("</table>")[0]
    assert not [
        text for text in bad if "*" not in (shown := addresses.masked(name, text)) or text in shown
    ]


@pytest.mark.parametrize(
    ("name", "value", "href"),
    [
        ("phone", "138 0013 1234", "tel:13800131234"),
        ("phone", "+86 (138) 0013-1234", "tel:+8613800131234"),
        ("phone", "0049 30 123456 ext. 12", "tel:+4930123456;ext=12"),
        ("phone", "１３８００１３１２３４", "tel:13800131234"),
        ("phone", "13800131234.0", "tel:13800131234"),
        ("email", " a+b%c@x.example ", "mailto:a%2Bb%25c@x.example"),
    ],
)
def test_a_number_and_an_address_open_the_programs_of_the_reader(
    name: str, value: str, href: str
) -> None:
    cell = written.cell(name, value, name)
    assert cell == {"text": value, "href": href}
    assert f'<a href="{href}">' in written.html(pd.DataFrame({name: [value]}))


def test_a_wechat_name_is_plain_text_since_no_link_of_it_works_everywhere() -> None:
    assert (
        written.cell("wechat", "wx_ada", written.kind("wechat", pd.Series(["wx_ada"]))) == "wx_ada"
    )


def test_files_hold_contacts_as_inert_text() -> None:
    table = pd.DataFrame({"phone": ["+999 1", "=cmd|x"], "email": ["@x", "a@x.example"]})
    lines = written.csv(table).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'+999 1,'@x", "'=cmd|x,a@x.example"]


SETTINGS = "currency = 'CNY'\n" + "".join(
    f"[tables.{name}]\nsource = 'data/{name}.csv'\n" for name in samples.TABLES
)
REPORTS = ("monthly_customers", "weekly_nurture")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    samples.write(folder / "data", customers=300, seed=8)
    return folder


def files_of(made: reports.Run) -> dict[str, str]:
    named = {"report.html": "", "notebook.ipynb": "", "run.json": ""}
    for name in named:
        named[name] = (made.folder / name).read_text(encoding="utf-8")
    for path in (made.folder / "tables").iterdir():
        named[path.name] = path.read_text(encoding="utf-8-sig")
    return named


@pytest.mark.notebook
@pytest.mark.parametrize("name", REPORTS)
def test_without_leave_no_contact_is_in_any_file_of_an_edition_and_with_it_only_the_owners(
    company: Path, name: str
) -> None:
    known = {
        table: pd.read_csv(company / "data" / f"{table}.csv", dtype="str")
        for table in ("customers", "leads")
    }
    file = company / "workbench.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    made = reports.run(name, settings_file=file)
    whole = files_of(made)
    assert json.loads(whole["run.json"])["contacts"] == "none"
    assert "left out" in whole["report.html"]
    every = {
        value
        for table in known.values()
        for column in schema.CONTACTS
        for value in table[column].dropna()
    }
    for place, text in whole.items():
        assert not [value for value in every if value in text], place
    file.write_text(SETTINGS + "[privacy]\ncontacts = 'shown'\n", encoding="utf-8")
    mine = files_of(reports.run(name, settings_file=file, owner="S08"))
    assert json.loads(mine["run.json"])["contacts"] == "shown"
    assert 'href="tel:+999' in mine["report.html"]
    others = {
        value
        for table in known.values()
        for column in schema.CONTACTS
        for value in table.loc[table["owner_id"] != "S08", column].dropna()
    }
    own = {
        value
        for table in known.values()
        for column in schema.CONTACTS
        for value in table.loc[table["owner_id"] == "S08", column].dropna()
    }
    for place, text in mine.items():
        assert not [value for value in others - own if value in text], place
