"""The worklist from a terminal: a morning, its errors in one line, dry runs that write nothing."""

import csv
import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hostile_texts import TEXTS

from workbench import cli, samples, worklist
from workbench.cli import importing
from workbench.worklist import tables

DAY = "2026-10-31"
FORMULA = "=cmd|' /C calc'!A0"


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(company: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command of the worklist, as Lin."""

    def call(*words: str, day: str = DAY) -> Ran:
        code = cli.main(["nurture", *words, "--as-of", day])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture(scope="module")
def tables_of_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    samples.write(folder, customers=20)
    return folder


@pytest.fixture
def company(tables_of_samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings of its own, three leads of S01 and an owner, entered."""
    (tmp_path / "data").mkdir()
    leads = pd.DataFrame(
        {
            "lead_id": ["L1", "L2", "L3"],
            "lead_name": ["Ada", FORMULA, "Cem"],
            "company": "Tea Ltd",
            "industry": "tea",
            "owner_id": "S01",
            "created_on": "2026-01-05",
            "language": "en",
            "email": ["ada@mail.example", "bo@mail.example", None],
        }
    )
    leads.to_csv(tmp_path / "data" / "leads.csv", index=False)
    lines = [f'[tables.{name}]\nsource = "{tables_of_samples / name}.csv"'
             for name in ("owners", "templates", "touches")]  # fmt: skip
    lines += ['[tables.leads]\nsource = "data/leads.csv"', '[nurture]\nplan = "Wake-up"']
    (tmp_path / "workbench.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kept(company: Path) -> dict[str, int]:
    """How many rows does the store hold, by table?"""
    with worklist.connect(company / "data" / "worklist.db") as store, store.reading() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in tables.METADATA.sorted_tables
        }


def told(ran: Ran) -> str:
    assert ran.code == 0, ran.err
    assert ran.err == ""
    return ran.out


def fails(ran: Ran, code: int, *words: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


def test_a_morning_from_the_dormant_to_the_handover(run: Callable[..., Ran]) -> None:
    said = told(run("enrol", "--dormant", "2", "--by", "Lin"))
    assert said.startswith("2 enrolled in 'Wake-up', 12 steps, 2026-10-31 to 2026-11-29.")
    assert "workbench nurture undo 1" in said
    assert "Ada" in told(run("due", "--owner", "S01"))
    assert "Nothing is due" in told(run("due", "--owner", "S02"))
    assert "Step 1 of 'Wake-up' for L1 is done" in told(run("done", "L1", "--text", "Hi Ada!"))
    assert "L1" in told(run("done"))
    assert "1 of earlier days are not done" in told(run("due", day="2026-11-01"))
    assert "L2" in told(run("missed", day="2026-11-01"))
    skip = ("skip", "L2", "--reason", "ill")
    fails(run(*skip, day="2026-11-01"), 2, "step 1 of 'Wake-up' (due 2026-10-31, email); step 2 of",
          "(due 2026-11-01, email)", "Say which, as in: --plan 'Wake-up' --step 1")  # fmt: skip
    assert "Step 1 of 'Wake-up'" in told(run(*skip, "--step", "1", day="2026-11-01"))
    yes = ("answer", "L1", "--feedback", "positive", "--text", "Call me")
    said = told(run(*yes, day="2026-11-02"))
    assert said.startswith(
        "L1: 5 steps are stopped (positive); sales takes it on: workbench nurture"
    )
    assert "Call me" in told(run("handovers", day="2026-11-03"))
    assert "taken over by Lin" in told(run("take-over", "L1", "--by", "Lin", day="2026-11-03"))
    assert "Nobody waits" in told(run("handovers", day="2026-11-03"))
    lived = told(run("timeline", "L1", day="2026-11-03"))
    for word in ("planned", "done", "Hi Ada!", "positive", "stopped", "taken over"):
        assert word in lived


def test_enrolling_again_changes_nothing(run: Callable[..., Ran], company: Path) -> None:
    told(run("enrol", "L1", "L2"))
    before = kept(company)
    assert (
        "Nothing to write: 0 enrolled in 'Wake-up', 0 steps; 2 there already, as first enrolled"
        in told(run("enrol", "L1", "L2"))
    )
    assert kept(company) == before


@pytest.mark.slow
def test_a_pause_ends_with_the_gaps_there_were_and_can_be_undone(
    run: Callable[..., Ran],
) -> None:
    told(run("enrol", "L1"))
    assert "L1: 6 steps wait" in told(run("pause", "L1"))
    assert "Nothing is due" in told(run("due"))
    said = told(run("resume", "L1", "--start", "2026-12-01", day="2026-11-20"))
    assert "L1: 6 steps from 2026-12-01 on" in said
    assert "L1" in told(run("due", day="2026-12-01"))
    assert "6 steps stand as before" in told(run("undo", said.split()[-1], day="2026-11-20"))
    assert "Nothing is due" in told(run("due", day="2026-12-01"))


WRITES: dict[str, tuple[str, ...]] = {
    "enrol": ("enrol", "L2"),
    "done": ("done", "L1", "--text", "Hi"),
    "skip": ("skip", "L1", "--reason", "ill"),
    "stop": ("stop", "L1", "--feedback", "negative", "--channel", "email"),
    "pause": ("pause", "L1"),
    "undo": ("undo", "1"),
}


@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
@pytest.mark.many
def test_a_dry_run_says_what_would_be_written_and_writes_nothing(
    run: Callable[..., Ran], company: Path, words: tuple[str, ...]
) -> None:
    told(run("enrol", "L1"))
    before = kept(company)
    dry = told(run(*words, "--dry-run"))
    assert dry.startswith("Dry run, nothing was written: ")
    assert kept(company) == before
    wet = told(run(*words))
    assert dry.removeprefix("Dry run, nothing was written: ").rstrip(".\n") in wet
    assert kept(company) != before


BAD: dict[str, tuple[tuple[str, ...], int, tuple[str, ...]]] = {
    "unknown lead": (("enrol", "L9"), 2, ("no lead called 'L9'", "L1")),
    "one unknown among known": (("enrol", "L2", "L9"), 2, ("'L9'",)),
    "no eligible channel": (("enrol", "L3"), 3, ("L3", "nothing was queued")),
    "unknown plan": (("enrol", "L2", "--plan", "Wakeup"), 2, ("Did you mean 'Wake-up'",)),
    "start in the past": (("enrol", "L2", "--start", "2026-10-01"), 3, ("before 2026-10-31",)),
    "cycle 0": (("enrol", "L2", "--cycle-days", "0"), 3, ("below 1",)),
    "half a cycle": (("enrol", "L2", "--cycle-days", "2.5"), 2, ("a whole number",)),
    "since another day": (("enrol", "L1", "--start", "2026-11-09"), 8, ("since 2026-10-31",)),
    "nobody named": (("enrol",), 2, ("--dormant",)),
    "leads and dormant": (("enrol", "L2", "--dormant", "1"), 2, ("one of the two",)),
    "no dormant": (("enrol", "--dormant", "0"), 2, ("at least 1",)),
    "unknown owner": (("due", "--owner", "S99"), 2, ("no owner called 'S99'",)),
    "step nobody planned": (("done", "L1", "--step", "7"), 8, ("no open step 7",)),
    "lead without a plan": (("done", "L3"), 8, ("no step of 'L3'",)),
    "unknown feedback": (("stop", "L1", "--feedback", "perhaps"), 2, ("perhaps",)),
    "opt-out without channel": (("stop", "L1", "--feedback", "opted_out"), 2, ("channel",)),
    "who does not wait": (("take-over", "L1"), 8, ("does not wait",)),
    "not paused": (("resume", "L1"), 8, ("No step of 'L1' waits",)),
    "no such operation": (("undo", "77"), 8, ("no operation 77",)),
    "no folder for a list": (("due", "--csv", "workbench.toml/due.csv"), 3, ("cannot be written",)),
    "unknown timeline": (("timeline", "L9"), 8, ("knows no 'L9'",)),
}  # fmt: skip


@pytest.mark.parametrize(("words", "code", "said"), BAD.values(), ids=BAD)
@pytest.mark.many
def test_what_cannot_be_is_one_line_and_changes_nothing(
    run: Callable[..., Ran],
    company: Path,
    words: tuple[str, ...],
    code: int,
    said: tuple[str, ...],
) -> None:
    told(run("enrol", "L1"))
    before = kept(company)
    fails(run(*words), code, *said)
    assert kept(company) == before


def test_who_opted_out_in_the_worklist_is_never_enrolled_on_that_channel(
    run: Callable[..., Ran], company: Path
) -> None:
    told(run("stop", "L1", "--feedback", "opted_out", "--channel", "email"))
    before = kept(company)
    fails(run("enrol", "L1"), 3, "L1")
    assert kept(company) == before


def template(company: Path, **change: Any) -> None:
    """Give the company one template of its own, for step 1."""
    row = {
        "template_id": "T1", "plan": "Own", "step": 1, "channel": "email", "language": "en",
        "variant": "A", "template_version": 1, "approved_by": "Lin", "approved_on": "2026-01-01",
        "body": "Hello {lead_name}",
    }  # fmt: skip
    pd.DataFrame([row | change]).to_csv(company / "data" / "templates.csv", index=False)
    settings = company / "workbench.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    if lines[-1] == "steps = 1":
        return
    lines = ['source = "data/templates.csv"' if "templates.csv" in one else one for one in lines]
    lines[-1:] = ['plan = "Own"', "steps = 1"]
    settings.write_text("\n".join(lines), encoding="utf-8")


def test_a_template_that_is_not_approved_is_not_used(
    run: Callable[..., Ran], company: Path
) -> None:
    template(company, approved_by=None, approved_on=None)
    fails(run("enrol", "L1"), 3, "L1")
    template(company)
    assert "1 enrolled" in told(run("enrol", "L1"))


@pytest.mark.parametrize(
    "body", ["Hi {lead_name.__class__}", "Hi {{ lead_name }}", "{lead_name!r}"]
)
@pytest.mark.slow
def test_a_template_with_code_is_refused(run: Callable[..., Ran], company: Path, body: str) -> None:
    template(company, body=body)
    fails(run("enrol", "L1"), 3, "T1")
    assert sum(kept(company).values()) == 1  # the version of the store alone


def test_a_list_for_a_spreadsheet_holds_no_formula(run: Callable[..., Ran], company: Path) -> None:
    told(run("enrol", "L2"))
    told(run("due", "--csv", "due.csv"))
    rows = pd.read_csv(company / "due.csv", dtype="str")
    assert len(rows) == 1
    assert not any(str(cell).startswith(("=", "+", "@")) for cell in rows.iloc[0])
    assert any(FORMULA in str(cell) for cell in rows.iloc[0])


def test_each_owner_gets_a_calendar_of_what_lies_ahead(
    run: Callable[..., Ran], company: Path
) -> None:
    told(run("enrol", "L1", "L2"))
    told(run("stop", "L2", "--feedback", "negative", "--channel", "email"))
    path = Path(told(run("ics", "calendars", "--lang", "zh")).strip())
    assert path == Path("calendars/worklist-01-S01.ics")
    text = (company / path).read_bytes().decode("utf-8").replace("\r\n ", "")
    assert text.count("STATUS:CONFIRMED") == text.count("STATUS:CANCELLED") == 6
    assert "SUMMARY:Ada（邮件）：唤醒第 1 步" in text


@pytest.fixture
def export(company: Path) -> Callable[[str], str]:
    def put(text: str) -> str:
        (company / "export.csv").write_text(text, encoding="utf-8")
        return "export.csv"

    return put


def test_a_list_is_handed_over_as_it_comes_to_those_in_charge(
    run: Callable[..., Ran], company: Path, export: Callable[[str], str]
) -> None:
    told(run("stop", "L2", "--feedback", "opted_out", "--channel", "phone"))
    rows = export("排名,线索编号,客户编号\n1,L1,\n2,L2,\n3,L3,C9\n")
    words = ("hand-over", rows, "--plan", "late", "--channel", "phone", "--start", "2026-11-02")
    before = kept(company)
    assert "Dry run, nothing was written: 2 enrolled" in told(run(*words, "--dry-run"))
    assert "Nobody is on the list" in told(run(*words, "--owner", "S02"))
    assert kept(company) == before
    said = told(run(*words, "--owner", "S01"))
    assert said.startswith("2 enrolled in 'late', 2 steps, 2026-11-02 to 2026-11-02. To take it")
    assert "1 left out:\n  Step 1 of 'late' for lead L2: has opted out of phone." in said
    assert "Cem" in told(run("due", "--owner", "S01", day="2026-11-02"))
    assert "2 there already" in told(run(*words))


def test_a_list_of_customers_is_handed_over_and_rows_without_one_are_counted(
    run: Callable[..., Ran], export: Callable[[str], str]
) -> None:
    rows = "".join(f"C{n},S02\n" for n in range(40))
    words = ("hand-over", export(f"Customer ID,Owner ID\n{rows},S02\n"), "--plan", "late")
    said = told(run(*words))
    assert "1 rows of the list cannot be read" in said
    assert "40 enrolled in 'late'" in said
    assert "C39" in told(run("due", "--owner", "S02"))
    words = ("hand-over", export("Customer ID\nC1\n"), "--plan", "birds", "--channel", "pigeon")
    fails(run(*words), 3, "unknown channel, the first is 'pigeon'")
    fails(run("hand-over", export("Name\nAda\n"), "--plan", "late"), 3, "--column customer_id=")


def test_who_has_no_name_is_listed_by_id(run: Callable[..., Ran], company: Path) -> None:
    leads = pd.read_csv(company / "data" / "leads.csv").assign(lead_name=None)
    told(run("enrol", "L2"))
    leads.to_csv(company / "data" / "leads.csv", index=False)
    told(run("due", "--csv", "due.csv"))
    assert pd.read_csv(company / "due.csv")["Lead"].tolist() == ["L2"]


HEADER = "消息ID,联系人,发送时间,渠道,方向,反馈,内容\n"
EXPORT = (
    HEADER
    + """m1,ADA@mail.example ,2026-10-31 10:00,邮件,发出,,"Hi, Ada"
m2,ada@mail.example,2026-11-01 11:00,邮件,收到,正反馈,Call me
m3,who@mail.example,2026-11-01 12:34,邮件,发出,,=1+1
m4,ada@mail.example,no day,邮件,发出,,
"""
)


@pytest.mark.slow
def test_a_chinese_export_is_matched_as_it_comes_and_handed_back_to_be_imported_again(
    run: Callable[..., Ran], company: Path, export: Callable[[str], str]
) -> None:
    told(run("enrol", "L1", "L2"))
    many = [f"x{n},ada@mail.example,2026-10-01 09:00,邮件,收到,无,\n" for n in range(40)]
    words = ("import", export("".join([EXPORT, *many])), "--by-address", "--rejects", "bad.csv")
    words += ("--unmatched", "who.csv")
    before = kept(company)
    dry = told(run(*words, "--dry-run", day="2026-11-02"))
    assert "Dry run" in dry
    assert ".csv" not in dry
    assert not (company / "bad.csv").exists()
    assert not (company / "who.csv").exists()
    assert kept(company) == before
    said = told(run(*words, day="2026-11-02"))
    assert "1  marked a planned step done" in said
    assert "1  ended a plan" in said
    assert "40  kept in the timeline" in said
    assert "1  not kept: no lead, or several, by this address" in said
    assert "1  cannot be read" in said
    bad = (company / "bad.csv").read_text(encoding="utf-8-sig")
    assert "no day" in bad
    assert "\n5," in bad  # the line it stands on
    assert "Call me" in told(run("handovers", day="2026-11-02"))
    after = kept(company)
    assert "42  there already" in told(run(*words, day="2026-11-02"))
    assert kept(company) == after

    who = (company / "who.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in who
    assert "2026-11-01 12:34:00" in who
    mended = who.replace("who@mail.example", "L2")
    (company / "who.csv").write_text(mended, encoding="utf-8")
    assert "1  marked a planned step done" in told(run("import", "who.csv", day="2026-11-02"))


def test_where_nothing_is_to_be_mended_no_file_is_written_and_an_old_one_is_told(
    run: Callable[..., Ran], company: Path, export: Callable[[str], str]
) -> None:
    told(run("enrol", "L1"))
    (company / "who.csv").write_text("of last week", encoding="utf-8")
    whole = export(HEADER + "m1,L1,2026-10-31 10:00,邮件,发出,,Hi\n")
    said = told(run("import", whole, "--rejects", "bad.csv", "--unmatched", "who.csv"))
    assert "Rows that cannot be read: none, nothing was written\n" in said
    assert "nobody knows: none, nothing was written; who.csv is there of an earlier run" in said
    assert not (company / "bad.csv").exists()
    assert (company / "who.csv").read_text(encoding="utf-8") == "of last week"


@pytest.mark.slow
def test_who_opted_out_in_an_export_is_not_enrolled_by_that_way_again(
    run: Callable[..., Ran], export: Callable[[str], str]
) -> None:
    told(run("enrol", "L1"))
    left = export(HEADER + "m1,L1,2026-11-01 10:00,邮件,收到,退订,Stop\n")
    assert "1  ended a plan" in told(run("import", left, day="2026-11-02"))
    fails(run("enrol", "L1", "--start", "2026-12-01", day="2026-12-01"), 3, "L1")


def test_a_file_that_still_says_party_id_is_taken_in(
    run: Callable[..., Ran], export: Callable[[str], str]
) -> None:
    told(run("enrol", "L1"))
    header = "touch_id,party_id,touched_at,channel,direction\n"
    sent = export(header + "m1,L1,2026-10-31 10:00,email,out\n")
    assert "1  marked a planned step done" in told(run("import", sent))


def test_who_cannot_be_written_to_is_named_and_the_others_are_enrolled(
    run: Callable[..., Ran],
) -> None:
    said = told(run("enrol", "L1", "L3"))
    assert said.startswith("1 enrolled in 'Wake-up', 6 steps")
    assert "1 left out:" in said
    assert "for lead L3: can be reached by no channel" in said
    assert "Nothing is due" not in told(run("due"))


def test_too_many_bad_lines_are_an_error_and_are_written_out_and_nothing_is_taken_in(
    run: Callable[..., Ran], company: Path, export: Callable[[str], str]
) -> None:
    told(run("enrol", "L1"))
    before = kept(company)
    ran = run("import", export(EXPORT), "--by-address", "--rejects", "bad.csv")
    assert (ran.code, ran.out) == (3, "")
    assert "bad.csv" in ran.err
    assert "no day" in (company / "bad.csv").read_text(encoding="utf-8-sig")
    fails(run("import", export(EXPORT), "--by-address"), 3, "export.csv")
    fails(run("import", "nowhere.csv"), 3, "nowhere.csv")
    strange = export(EXPORT.replace("联系人", "某某"))
    fails(run("import", strange), 3, "'lead_id'", "--column lead_id=")
    assert kept(company) == before


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.many
def test_what_is_handed_back_holds_no_formula_whatever_was_written(text: str) -> None:
    touches = pd.DataFrame(
        {
            "touch_id": ["m1"],
            "lead_id": [text],
            "touched_at": pd.to_datetime(["2026-11-01 12:34"]),
            "text": [text],
        }
    )
    made = importing._handed_back(touches.assign(outcome="unknown_address", operation_id=None))
    cells = next(
        itertools.islice(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")), 1, 2)
    )
    for cell in (cells[1], cells[3]):
        assert cell in (text, f"'{text}")
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_where_nobody_is_dormant_that_is_said_and_nothing_is_written(
    run: Callable[..., Ran], company: Path
) -> None:
    said = told(run("enrol", "--dormant", "5", day="2020-01-01"))
    assert said == "Nobody is dormant on 2020-01-01; nothing to write.\n"
    assert sum(kept(company).values()) == 1  # the version of the store alone


@pytest.mark.slow
def test_who_answered_in_the_worklist_is_not_dormant(run: Callable[..., Ran]) -> None:
    told(run("enrol", "--dormant", "2"))
    told(run("stop", "L1", "--feedback", "negative", "--channel", "email"))
    told(run("stop", "L2", "--feedback", "none", "--reason", "moved away"))
    said = told(run("enrol", "--dormant", "2", "--dry-run", day="2026-11-05"))
    assert "1 enrolled" in said
    later = told(run("enrol", "--dormant", "2", "--dry-run", day="2026-12-05"))
    assert "2 enrolled" in later
