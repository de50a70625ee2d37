"""Files that a person named: whole or not at all, over nobody's data, and back in as they were."""

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import campaigns, cli, errors, loaders, models, outputs, samples, worklist
from workbench.loaders.cast import texts

ORDERS = "customer_id,ordered_at,amount\na,2026-10-01,5\nb,soon,7\n"
LEADS = "lead_id,created_on,phone,email\nL1,2026-01-05,+999 00 0000001,ada@mail.example\n"
SETTINGS = """[tables.orders]
source = "orders.csv"
max_reject_rate = 1.0
[tables.customers]
source = "exports/*.csv"
[tables.owners]
source = "people"
[tables.leads]
source = "leads.csv"
[worklist]
store = "work.db"
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings, sources of every kind and a worklist, entered."""
    texts = {
        "workbench.toml": SETTINGS, "orders.csv": ORDERS, "leads.csv": LEADS,
        "exports/2026-1.csv": "customer_id\na\n", "people/owners.csv": "owner_id,owner_name\nS1,Lin\n",
        "other.csv": ORDERS.replace("a,", "c,"), "kept.csv": "an older list\n",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    worklist.connect("work.db").close()
    with sqlite3.connect("shop.dat") as shop:
        shop.execute("CREATE TABLE orders (id)")
    shop.close()
    duckdb.connect("stock.duck").close()
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".workbench" not in path.parts
    }


HELD = {
    "orders.csv": "source of the table 'orders'", "exports/2026-1.csv": "source of the table 'customers'",
    "people/owners.csv": "source of the table 'owners'", "workbench.toml": "holds settings",
    "work.db": "is a database", "shop.dat": "is a database", "stock.duck": "is a database",
    "people/../orders.csv": "source of the table 'orders'", "other.csv": "what is being read",
}  # fmt: skip


@pytest.mark.parametrize(("name", "why"), HELD.items(), ids=HELD)
@pytest.mark.parametrize("by", ["name", "symbolic link", "hard link"])
def test_what_may_not_be_lost_is_known_by_the_file_itself(
    company: Path, name: str, why: str, by: str
) -> None:
    path = company / name
    if by != "name":
        path = company / "harmless.txt"
        make: Callable[[Path], None] = (
            path.symlink_to if by == "symbolic link" else path.hardlink_to
        )
        make(company / name)
    before = everything(company)
    with pytest.raises(errors.ParameterError, match=rf"would be overwritten: .*{why}"):
        outputs.write(path, "lost", "other.csv")
    assert everything(company) == before


def test_a_worklist_that_is_not_there_yet_keeps_its_place(company: Path) -> None:
    (company / "work.db").unlink()
    with pytest.raises(errors.ParameterError, match="is the worklist"):
        outputs.write("work.db", "a list")


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_what_lies_beside_a_database_is_the_database_too(company: Path, end: str) -> None:
    with pytest.raises(errors.ParameterError, match="is a database"):
        outputs.write(f"shop.dat{end}", "a list")


def test_settings_of_the_folder_that_is_written_to_hold_as_well(
    company: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(errors.ParameterError, match="source of the table 'orders'"):
        outputs.write(company / "orders.csv", "lost")


def test_where_settings_cannot_be_read_what_is_there_stays(company: Path) -> None:
    (company / "workbench.toml").write_text("[tables", encoding="utf-8")
    with pytest.raises(errors.ConfigError):
        outputs.write("orders.csv", "lost")
    assert outputs.write("new.csv", "new").read_text("utf-8") == "new"


def test_a_secret_that_is_not_set_forbids_no_other_file(company: Path) -> None:
    text = SETTINGS.replace("work.db", "postgresql://ana:${NOT_SET_HERE}@host/sales")
    (company / "workbench.toml").write_text(text, encoding="utf-8")
    assert outputs.write("new.csv", b"new").read_bytes() == b"new"
    with pytest.raises(errors.ParameterError):
        outputs.write("orders.csv", "lost")


def test_any_other_file_is_replaced_whole_and_is_a_file_like_any_other(company: Path) -> None:
    assert outputs.write("kept.csv", "客户\n").read_bytes() == "客户\n".encode()
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((company / "kept.csv").stat().st_mode) == 0o666 & ~mask
    assert not list(company.glob(".workbench-draft-*"))


def test_what_cannot_be_written_leaves_what_was_and_nothing_beside_it(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = everything(company)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.SourceError, match=r"'kept\.csv' cannot be written: No space left"):
        outputs.write("kept.csv", "half")
    assert everything(company) == before


WAYS = {
    "check --rejects, its own source": ("check", "other.csv", "--rejects", "other.csv"),
    "check --rejects, a table": ("check", "other.csv", "--rejects", "orders.csv"),
    "check of a table --rejects": ("check", "--table", "orders", "--rejects", "orders.csv"),
    "import --rejects": ("nurture", "import", "touches.csv", "--rejects", "touches.csv"),
    "import --unmatched": ("nurture", "import", "touches.csv", "--unmatched", "touches.csv"),
    "due --csv": ("nurture", "due", "--csv", "leads.csv"),
    "missed --csv": ("nurture", "missed", "--csv", "workbench.toml"),
    "done --csv": ("nurture", "done", "--csv", "work.db"),
    "handovers --csv": ("nurture", "handovers", "--csv", "exports/2026-1.csv"),
    "samples --out": ("samples", "--customers", "20", "--out", "."),
}


@pytest.mark.parametrize("words", WAYS.values(), ids=WAYS)
def test_no_option_of_the_command_line_overwrites_what_is_held(
    company: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "touch_id,lead_id,touched_at,channel,direction\nt1,L1,2026-10-05 10:00:00,sms,in\n"
    (company / "touches.csv").write_text(text, encoding="utf-8")
    before = everything(company)
    assert cli.main(list(words)) == 2
    assert "would be overwritten" in capsys.readouterr().err
    assert everything(company) == before


def test_no_function_overwrites_what_is_held(company: Path) -> None:
    before = everything(company)
    ledger = loaders.load("other.csv", max_reject_rate=1.0).ledger
    with pytest.raises(errors.ParameterError, match="is what is being read"):
        ledger.write_rejects("other.csv")
    with pytest.raises(errors.ParameterError, match="holds settings"):
        models.BetaGeo(r=1, alpha=1, a=1, b=1, time_unit="W").save("workbench.toml")
    with pytest.raises(errors.ParameterError, match="source of the table 'orders'"):
        samples.write(company, customers=20)
    assert everything(company) == before


def test_no_calendar_file_takes_the_place_of_what_is_held(
    company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = pd.DataFrame({"lead_id": ["L1"], "owner_id": ["S1"]})
    monkeypatch.setattr(campaigns, "ahead", lambda *_, **__: steps)
    monkeypatch.setattr(campaigns, "ics", lambda *_, **__: "BEGIN:VCALENDAR")
    assert cli.main(["nurture", "ics", "calendars"]) == 0
    (company / "calendars" / "worklist-01-S1.ics").unlink()
    (company / "calendars" / "worklist-01-S1.ics").hardlink_to("orders.csv")
    assert cli.main(["nurture", "ics", "calendars"]) == 2
    assert "source of the table 'orders'" in capsys.readouterr().err
    assert (company / "orders.csv").read_text("utf-8") == ORDERS


# Back in as they were

TEXTS = ["=1+1", "'=1+1", "''+1", "@Lin", "-5 % off", "O'Neill", "'quoted'", "'", "＝全角", "plain"]


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.text(alphabet="'=+-@ a\t\r\n＝"),
    )
)
def test_the_guard_that_is_put_is_the_one_that_is_taken_off(text: str) -> None:
    guarded = outputs.guarded(text)
    assert guarded == text or guarded == f"'{text}"
    assert not guarded.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))
    with duckdb.connect() as connection:
        back = connection.execute(f"SELECT {texts.unguarded('t')} FROM (SELECT $1 AS t)", [guarded])
        assert back.fetchall() == [(text,)]


@pytest.mark.parametrize("text", TEXTS)
def test_touches_that_are_handed_out_are_mended_and_come_back_as_they_stood(
    company: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stood = pd.DataFrame(
        {
            "touch_id": ["t1", "t2"], "lead_id": "+999 00 0000009", "channel": "sms",
            "touched_at": ["2026-10-05 10:00:00.250", "2026-10-06"], "direction": ["out", "in"],
            "step": ["3", ""], "text": [outputs.guarded(text), "yes"], "feedback": ["", "positive"],
        }
    )  # fmt: skip
    stood.to_csv("sms.csv", index=False)
    import_ = ["nurture", "import", "--by-address", "--as-of", "2026-11-04", "--by", "Lin"]
    assert cli.main([*import_, "sms.csv", "--unmatched", "back.csv"]) == 0
    handed_out = (company / "back.csv").read_text("utf-8-sig")
    assert ",'+999 00 0000009," in handed_out
    before = loaders.load("sms.csv", table="touches").table
    after = loaders.load("back.csv", table="touches").table
    pd.testing.assert_frame_equal(after[before.columns], before)
    assert after["text"].tolist() == [text, "yes"]
    # one cell mended: whose they are is known now, if not to the worklist
    mended = handed_out.replace("'+999 00 0000009", "'+999 00 0000001", 1)
    (company / "back.csv").write_text(mended, encoding="utf-8")
    capsys.readouterr()
    assert cli.main([*import_, "back.csv"]) == 0
    said = capsys.readouterr().out
    assert "1  not kept: the worklist does not know the lead" in said
    assert "1  not kept: no lead, or several, by this address" in said


def test_what_was_rejected_can_be_read_back_and_copied_into_the_source(company: Path) -> None:
    values = ["'=1", "=1", "-x", "''", "soon"]
    rows = "".join(f"a,{value},1\n" for value in values)
    (company / "other.csv").write_text(ORDERS[:29] + "\n" + rows, encoding="utf-8")
    ledger = loaders.load("other.csv", max_reject_rate=1.0).ledger
    assert ledger.rejects["value"].tolist() == values
    path = ledger.write_rejects("rejects.csv")
    read = loaders.load(
        path, table="customers", columns={"customer_id": "Line", "customer_name": "Value"}
    )
    assert read.table["customer_name"].tolist() == values
