"""Opting out holds for the address: for all leads that have it, however it is written, for good."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import campaigns, cli, config, errors, nurture, worklist
from workbench.campaigns import Pond
from workbench.worklist import Worklist

DAY = "2026-11-02"
HAND: dict[str, Any] = {"at": f"{DAY} 09:00", "by": "Lin"}
# One number, written in four ways; the extension is another.
NUMBERS = {
    "L1": "030 123456",
    "L2": "+49 30 12 34 56",
    "L3": "0049-30-123456",
    "L4": "030/123456-x7",
}


@pytest.fixture
def pond(tmp_path: Path) -> Pond:
    leads = pd.DataFrame(
        {"lead_id": list(NUMBERS), "lead_name": "Ada", "owner_id": "S1", "created_on": "2026-01-05",
         "language": "en", "phone": list(NUMBERS.values())}
    )  # fmt: skip
    template = pd.DataFrame(
        {"template_id": ["T1", "T2"], "plan": "Own", "step": [1, 2], "channel": "sms", "language": "en",
         "variant": "A", "template_version": 1, "approved_by": "Lin", "approved_on": "2026-01-01",
         "body": "Hello {lead_name}"}
    )  # fmt: skip
    tables = {"leads": leads, "templates": template,
              "owners": pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin"]})}  # fmt: skip
    lines = ['[nurture]\ncountry = "DE"\nsteps = 2\n']
    for name, table in tables.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
        lines.append(f'[tables.{name}]\nsource = "{name}.csv"\n')
    (tmp_path / "workbench.toml").write_text("".join(lines), encoding="utf-8")
    store = worklist.connect(tmp_path / "worklist.db", country="DE")
    return campaigns.pond(config.load(tmp_path), store=store)


def store_of(pond: Pond) -> Worklist:
    assert pond.store is not None
    return pond.store


def enrol(pond: Pond, *leads: str) -> campaigns.Enrolled:
    return campaigns.enrol(pond, leads, as_of=DAY, **HAND)


def opts_out(pond: Pond, lead: str, *, with_table: bool = True) -> campaigns.Answered:
    leads = pond.people.leads if with_table else None
    return campaigns.answer(
        store_of(pond), lead, feedback="opted_out", channel="sms", leads=leads, **HAND
    )


def open_of(pond: Pond) -> set[str]:
    return set(campaigns.open_steps(store_of(pond), as_of="2026-12-31")["lead_id"])


@pytest.mark.parametrize("with_table", [True, False])
def test_who_opts_out_stops_the_steps_of_all_who_share_the_number(
    pond: Pond, with_table: bool
) -> None:
    enrol(pond, "L1", "L2", "L4")
    made = opts_out(pond, "L1", with_table=with_table)
    assert len(made.steps) == 4
    assert open_of(pond) == {"L4"}, "an extension is another number"
    told = worklist.opted_out(store_of(pond), as_of=DAY)["lead_id"].tolist()
    assert told == (["L1", "L2", "L3"] if with_table else ["L1", "L2"])
    worklist.undo(store_of(pond), made.operation or 0, **HAND)
    assert open_of(pond) == {"L1", "L2", "L4"}
    assert worklist.opted_out(store_of(pond), as_of=DAY).empty


def test_who_shares_the_number_is_not_prepared_nor_enrolled(pond: Pond) -> None:
    enrol(pond, "L1")
    opts_out(pond, "L1", with_table=False)
    assert campaigns.draft(pond, ["L2", "L4"], as_of=DAY).left_out["lead_id"].tolist() == [
        "L2",
        "L2",
    ]
    assert set(enrol(pond, "L2", "L3", "L4").enrolled["lead_id"]) == {"L4"}
    steps = pd.DataFrame({"lead_id": ["L9"], "plan": "Own", "step": 1, "due_date": DAY,
                          "channel": "sms", "address": "+49 30 123456"})  # fmt: skip
    with pytest.raises(errors.WorklistError, match="share an address with one who has: 'L9'"):
        worklist.enrol(store_of(pond), steps, **HAND)
    by_phone = steps.assign(channel="phone")
    assert worklist.enrol(store_of(pond), by_phone, **HAND)["is_new"].item(), "by another way"


def test_who_shares_the_number_is_left_out_of_a_list_of_calls(pond: Pond) -> None:
    enrol(pond, "L1")
    opts_out(pond, "L1", with_table=False)
    listed = pd.DataFrame({"lead_id": ["L3", "C1", "C2"], "channel": "sms",
                           "address": [None, "004930123456", "+49 30 9"]})  # fmt: skip
    made = campaigns.hand_over(
        store_of(pond), listed, plan="late", on=DAY, leads=pond.people.leads, **HAND
    )
    assert made.enrolled["lead_id"].tolist() == ["C2"]
    assert len(made.reasons) == 2


def test_what_the_table_of_leads_tells_holds_for_the_address_too(pond: Pond) -> None:
    leads = pond.people.leads.assign(sms_opted_out_on=[None, "2026-10-01", None, None])
    leads["phone"] = ["+49 30 123456", "+49-30-123456", "004930123456", "+49 30 123456 ext. 7"]
    ways = nurture.channels(leads, as_of=DAY)
    left = ways[ways["has_opted_out"]]
    assert left["lead_id"].tolist() == ["L1", "L2", "L3"]
    assert set(left["channel"]) == {"sms"}
    step = {"lead_id": "L9", "channel": "sms", "address": "+49 (30) 123456"}
    since = campaigns.opted_out_on(store_of(pond), leads, step, as_of=DAY)
    assert f"{since}" == "2026-10-01"


def heard(written: str, feedback: str | None, at: str = f"{DAY} 08:00") -> pd.DataFrame:
    return pd.DataFrame({"touch_id": ["m1"], "lead_id": [written], "touched_at": [at],
                         "channel": "sms", "direction": "in", "feedback": [feedback]})  # fmt: skip


def test_an_imported_opt_out_holds_for_all_who_have_the_address_enrolled_or_not(pond: Pond) -> None:
    enrol(pond, "L1", "L4")
    leads = pond.people.leads
    asked = {"leads": leads, "at": f"{DAY} 12:00", "by": "Lin"}
    answer = campaigns.record(store_of(pond), heard("(030) 123456", "positive"), **asked)
    assert answer["outcome"].tolist() == ["unknown_address"], "whose yes it is cannot be told"
    made = campaigns.record(store_of(pond), heard("(030) 123456", "opted_out"), **asked)
    assert made["outcome"].tolist() == ["stopped"]
    assert open_of(pond) == {"L4"}
    assert worklist.opted_out(store_of(pond), as_of=DAY)["lead_id"].tolist() == ["L1", "L2", "L3"]
    again = campaigns.record(store_of(pond), heard("(030) 123456", "opted_out"), **asked)
    assert again["outcome"].tolist() == ["there_already"]


def test_an_opt_out_of_a_lead_in_no_plan_is_kept_before_it_is_written_to(pond: Pond) -> None:
    enrol(pond, "L2")
    asked = {"known": pond.people.leads, "at": f"{DAY} 12:00", "by": "Lin"}
    made = campaigns.record(store_of(pond), heard("L3", "opted_out", "2026-10-01 08:00"), **asked)
    assert made["outcome"].tolist() == ["stopped"], "though it was said before L2 was enrolled"
    assert open_of(pond) == set()
    with pytest.raises(errors.ContentError, match="can be reached by no channel"):
        enrol(pond, "L1")
    nobody = heard("L99", "opted_out").assign(touch_id="m2")
    made = campaigns.record(store_of(pond), nobody, **asked)
    assert made["outcome"].tolist() == ["unknown_lead"]


def test_a_link_calls_the_country_of_the_settings_and_asks_for_the_extension() -> None:
    given = {"country": "DE"}
    assert campaigns.link("phone", "030 123456-x7", **given) == "tel:+4930123456;ext=7"
    assert campaigns.link("sms", "0049 30 123456", text="Hi") == "sms:+4930123456?body=Hi"
    assert campaigns.link("phone", "030 123456") == "tel:030123456"
    assert campaigns.link("phone", "call me", **given) is None


@pytest.mark.shared
def test_the_case_of_phones_that_compare_as_text_comes_in_right(
    shared_cases: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    leads = pd.read_csv("data/samples/leads.csv", dtype="str")
    case = shared_cases / "16-phones-compare-as-text"
    settings = (case / "workbench.toml").read_text(encoding="utf-8")
    (tmp_path / "workbench.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "data" / "samples").mkdir(parents=True)
    leads.to_csv(tmp_path / "data" / "samples" / "leads.csv", index=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    words = ["nurture", "import", str(case / "sms.csv"), "--by-address", "--as-of", "2026-11-04"]
    assert cli.main([*words, "--by", "Lin", "--dry-run"]) == 0
    assert "4  kept in the timeline" in capfd.readouterr().out
    assert cli.main([*words, "--by", "Lin"]) == 0
    with worklist.connect(tmp_path / "worklist.db", make=False) as store:
        assert worklist.opted_out(store, as_of="2026-11-04")["lead_id"].tolist() == ["L0000001"]


def test_who_opts_out_by_a_name_and_an_address_is_known_by_the_address(tmp_path: Path) -> None:
    ways = {"L1": "fi@x.example", "L2": "Fi Poe <FI@x.example>", "L3": "mailto:fi@x.example",
            "L4": "bo@x.example"}  # fmt: skip
    store = worklist.connect(tmp_path / "worklist.db")
    steps = pd.DataFrame({"lead_id": list(ways), "plan": "Own", "step": 1, "due_date": DAY,
                          "channel": "email", "address": list(ways.values())})  # fmt: skip
    worklist.enrol(store, steps, **HAND)
    campaigns.answer(store, "L2", feedback="opted_out", channel="email", **HAND)
    assert campaigns.open_steps(store, as_of=DAY)["lead_id"].tolist() == ["L4"]
    leads = pd.DataFrame({"lead_id": list(ways), "email": list(ways.values())})
    told = pd.DataFrame({"touch_id": ["m1"], "touched_at": pd.to_datetime([f"{DAY} 10:00"]),
                         "lead_id": ["Bo <bo@x.example>"], "channel": "email",
                         "direction": "in", "feedback": "opted_out"})  # fmt: skip
    made = campaigns.record(store, told, leads=leads, **HAND)
    assert made["outcome"].tolist() == ["stopped"]
    assert campaigns.open_steps(store, as_of=DAY).empty
