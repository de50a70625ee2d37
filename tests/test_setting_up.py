"""A folder of exports becomes a workbench: what is found is written, what is there is left alone."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from workbench import cli, config, load_options, loaders, reports, samples, setting_up
from workbench.cli import nurturing

ORDERS = "Kunde,Datum,Betrag\nK1,2026-01-31,9.50\n"
NAMES = "customer_id,customer_name\nK1,Ada\n"
NAMED = "Kunde,Datum (UTC),Betrag\nK1,2026-01-31 23:30:00,9.50\n"
ZONED = "Kunde,Datum,Betrag\nK1,2026-01-31T23:30:00Z,9.50\n"


@pytest.fixture
def folder(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty folder, entered, on a computer in Shanghai that has loaded nothing yet."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr(load_options, "computer_zone", lambda: "Asia/Shanghai")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command; what it said on either side."""

    def call(*words: str) -> tuple[int, str]:
        code = cli.main(words)
        out, err = capfd.readouterr()
        return code, out + err

    return call


def lay(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def inside(folder: Path) -> dict[str, bytes]:
    """All that lies in a folder, the cache of loads apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
        if path.relative_to(folder).parts[0] != ".workbench"
    }


# What is found


def test_a_folder_of_exports_is_set_up_and_loads(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    lay(folder, sales=ORDERS, data__names=NAMES)
    code, said = run("init")
    assert code == 0, said
    assert "orders: sales.csv, 1 of 1 rows kept" in said
    assert said.endswith("  1. workbench report monthly_customers\n  2. workbench lab\n")
    settings = config.load(folder)
    assert {name: table.source for name, table in settings.tables.items()} == {
        "customers": "data/names.csv",
        "orders": "sales.csv",
    }
    assert loaders.load_configured("orders", settings).table["customer_id"].tolist() == ["K1"]
    assert run("check")[0] == 0


def test_an_empty_folder_is_set_up_and_told_what_is_wanting(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    code, said = run("init")
    assert code == 0
    assert "No data file lies here or in data/." in said
    assert "1. workbench check FILE --propose --save" in said
    assert config.load(folder) == config.Settings(root=folder)
    assert "# No file is taken as: customers, orders," in (folder / "workbench.toml").read_text()


def test_files_of_one_kind_are_a_pattern_with_room_for_the_next(folder: Path) -> None:
    lay(folder, **{"sales-2026-01": ORDERS, "sales-2026-02": ORDERS.replace("01-31", "02-01")})
    (one,) = setting_up.look(folder, zone="UTC")
    assert (one.source, one.said) == ("sales-2026-*.csv", "2 of 2 rows kept")


def test_files_of_one_kind_that_do_not_load_together_are_told_one_by_one(folder: Path) -> None:
    lay(folder, a=ORDERS.replace("9.50", "€9.50"), b=ORDERS.replace("9.50", "$9.50"))
    first, second = setting_up.look(folder, zone="UTC")
    assert (first.source, first.is_taken) == ("a.csv", True)
    assert second.said == "1 of 1 rows kept; not taken, orders is 'a.csv'"


def test_a_zone_that_one_file_of_several_names_is_taken_from_it(folder: Path) -> None:
    lay(folder, a=ORDERS, b=ZONED)
    (one,) = setting_up.look(folder, zone="Asia/Shanghai")
    assert (one.source, one.zone, one.is_taken) == ("*.csv", "Asia/Shanghai", True)


def test_a_pattern_never_takes_a_file_of_another_kind_in(folder: Path) -> None:
    lay(folder, s1=ORDERS, s2=ORDERS, sx=ORDERS.replace("\n", ",\n"))
    found = setting_up.look(folder, zone="UTC")
    assert [one.source for one in found] == ["s1.csv", "s2.csv", "sx.csv"]


def test_of_two_different_files_of_a_table_the_first_that_loads_is_taken(folder: Path) -> None:
    lay(
        folder, a="Kunde,Datum,Betrag\nK1,never,9.50\n", b=ORDERS, c=ORDERS.replace("Kunde", "客户")
    )
    found = setting_up.look(folder, zone="UTC")
    assert [one.is_taken for one in found] == [False, True, False]
    assert found[2].said == "1 of 1 rows kept; not taken, orders is 'b.csv'"
    text = setting_up.settings_as_toml(found)
    assert "# c.csv: 1 of 1 rows kept; not taken" in text
    assert '# [tables.orders]\n# source = "c.csv"' in text


def test_a_file_that_is_no_table_is_told(folder: Path) -> None:
    lay(folder, notes="hello\nworld\n")
    (notes,) = setting_up.look(folder, zone="UTC")
    assert (notes.table, notes.said) == ("", "has no column that a table here has")


@pytest.mark.parametrize("name", ["sales", "a\u202eb", "line\nbreak", "quo'te\"", "[1]*"])
def test_what_does_not_load_is_a_comment_with_its_reason(folder: Path, name: str) -> None:
    lay(folder, **{name: ORDERS.replace("Betrag", "hello")})
    found = setting_up.look(folder, zone="UTC")
    assert config.save_new(folder / "workbench.toml", setting_up.settings_as_toml(found))
    assert config.load(folder).tables == {}
    assert str(folder) not in found[0].said
    assert "does not load. orders: missing column 'amount'" in (
        folder / "workbench.toml"
    ).read_text("utf-8")


def test_what_a_person_has_to_say_is_asked_and_not_written_as_if_it_were_known(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    lay(folder, sales=ORDERS.replace("Datum", "xyz"))
    _, said = run("init")
    assert "to be decided: Is 'xyz' the ordered_at? ordered_at: xyz" in said
    assert "1. Settle what workbench.toml says of orders" in said
    assert config.load(folder).tables == {}
    text = (folder / "workbench.toml").read_text(encoding="utf-8")
    assert "# 1 of 1 rows kept, if what is asked is so" in text.replace("sales.csv: ", "")
    section = "# [tables.orders]" + text.partition("# [tables.orders]")[2].partition("\n\n")[0]
    answered = text.replace(section, re.sub("^# ?", "", section, flags=re.M))
    (folder / "workbench.toml").write_text(answered, encoding="utf-8")
    assert run("check")[0] == 0


def test_a_file_that_cannot_be_read_is_told_and_keeps_no_other_from_it(folder: Path) -> None:
    lay(folder, sales=ORDERS)
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    broken, sales = setting_up.look(folder, zone="UTC")
    assert broken.said.startswith("cannot be read. ")
    assert sales.is_taken


@pytest.mark.parametrize(
    ("text", "zone"), [(ORDERS, None), (ZONED, "Asia/Shanghai"), (NAMED, "Asia/Shanghai")]
)
def test_the_computers_zone_is_written_where_times_need_one_and_said(
    folder: Path, run: Callable[..., tuple[int, str]], text: str, zone: str | None
) -> None:
    lay(folder, sales=text)
    _, said = run("init")
    settings = config.load(folder)
    assert (settings.timezone, settings.tables["orders"].local_timezone) == (zone, None)
    first = loaders.load_configured("orders", settings).table["ordered_at"][0]
    assert str(first.date()) == ("2026-02-01" if zone else "2026-01-31")
    assert ("this computer's zone, Asia/Shanghai" in said) == (zone is not None)


@pytest.mark.parametrize(("amount", "stated"), [("9.50", None), ("¥9.50", None), ("€9.50", "EUR")])
def test_a_currency_is_stated_only_where_the_file_has_one(
    folder: Path, amount: str, stated: str | None
) -> None:
    lay(folder, sales=ORDERS.replace("9.50", amount))
    text = setting_up.settings_as_toml(setting_up.look(folder, zone="UTC"))
    assert ('\ncurrency = "EUR"' in text) == (stated is not None)
    assert ("\n# currency = " in text) == (stated is None)
    assert ("# the amounts are in '¥'" in text) == ("¥" in amount)


# What is there is left alone


def test_a_settings_file_that_stands_is_left_alone_and_told_what_it_does_not_name(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    lay(folder, sales=ORDERS, names=NAMES)
    stands = '[tables.orders]\nsource = "mine.csv"\n'
    (folder / "workbench.toml").write_text(stands, encoding="utf-8")
    code, said = run("init")
    assert code == 0
    assert (folder / "workbench.toml").read_text(encoding="utf-8") == stands
    assert "workbench.toml: left alone, it was there" in said
    assert '[tables.customers]\nsource = "names.csv"' in said
    assert "not taken, orders is 'mine.csv'" in said
    assert (folder / "notebooks" / "01_customers.ipynb").is_file()


def test_a_settings_file_that_is_wrong_is_told_and_nothing_is_written(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    (folder / "workbench.toml").write_text("curency = 1\n", encoding="utf-8")
    code, said = run("init", "--with-samples")
    assert (code, "unknown setting 'curency'" in said) == (4, True)
    assert [*inside(folder)] == ["workbench.toml"]


def test_notebooks_of_ones_own_are_left_alone_and_told(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    run("init")
    own = folder / "notebooks" / "lessons" / "rfm.ipynb"
    own.write_text("mine", encoding="utf-8")
    (folder / "notebooks" / "07_retention.ipynb").unlink()
    code, said = run("init")
    assert code == 0
    assert own.read_text(encoding="utf-8") == "mine"
    assert f"{own.relative_to(folder)}: left alone, it was there" in said
    assert "notebooks: 1 copied" in said


def test_setting_up_twice_changes_nothing(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    lay(folder, sales=ORDERS)
    run("init")
    before = inside(folder)
    assert run("init")[0] == 0
    assert inside(folder) == before


def test_every_notebook_lesson_and_report_template_is_copied(folder: Path, root: Path) -> None:
    copied, left = setting_up.copy_notebooks(folder)
    origin = root / "notebooks"
    expected = {
        path.relative_to(origin): path.read_bytes()
        for path in origin.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    }
    place = folder / "notebooks"
    assert {path.relative_to(place): path.read_bytes() for path in copied} == expected
    assert left == []
    assert {"monthly_customers", "weekly_nurture"} <= {*reports.names(config.Settings(root=folder))}


def test_a_folder_that_cannot_be_written_to_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[int, str]]
) -> None:
    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    code, said = run("init")
    assert code == 3
    assert f"'{folder / 'notebooks'}' cannot be written: No space left on device" in said
    assert [*inside(folder)] == ["workbench.toml"]


# Samples


@pytest.mark.slow
def test_with_samples_every_table_loads_and_what_lay_there_is_left_alone(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    samples.write(folder / "data" / "samples", customers=20)
    own = (folder / "data" / "samples" / "customers.csv").read_bytes()
    (folder / "data" / "samples" / "steps.csv").unlink()
    code, said = run("init", "--with-samples")
    assert code == 0, said
    settings = config.load(folder)
    assert {*settings.tables} == {*samples.TABLES}
    assert settings.currency == "CNY"
    assert (folder / "data" / "samples" / "customers.csv").read_bytes() == own
    assert (folder / "data" / "samples" / "steps.csv").is_file()
    assert run("check")[0] == 0


# Where nothing is set up

NURTURE = typer.main.get_command(nurturing.app).commands  # type: ignore[attr-defined]
ARGUMENTS = {
    "lead": ["L1"], "operation": ["1"], "reason": ["--reason", "ill"], "out": ["out"],
    "feedback": ["--feedback", "positive"], "source": ["list.csv"], "plan": ["--plan", "Own"],
}  # fmt: skip
WORKLIST = [
    [
        "nurture", name,
        *(word for one in command.params if one.required for word in ARGUMENTS[one.name]),
        *(["L1"] if name == "enrol" else []),
    ]
    for name, command in NURTURE.items()
]  # fmt: skip
MAKE = {"enrol", "import", "hand-over", "stop", "answer"}
COMMANDS = [
    *WORKLIST,
    ["report", "monthly_customers"], ["report", "--all"], ["report", "--due"],
    ["check", "--table", "orders"], ["calls"], ["calls", "--excel", "calls.xlsx"], ["lab"],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_where_nothing_is_set_up_a_command_says_so_and_makes_nothing(
    folder: Path, run: Callable[..., tuple[int, str]], words: list[str]
) -> None:
    code, said = run(*words)
    assert code == 4
    assert "workbench init" in said
    assert inside(folder) == {}


@pytest.mark.parametrize("words", [one for one in WORKLIST if one[1] not in MAKE], ids=" ".join)
def test_where_there_is_no_worklist_a_command_says_so_and_makes_none(
    folder: Path, run: Callable[..., tuple[int, str]], words: list[str]
) -> None:
    (folder / "workbench.toml").touch()
    code, said = run(*words)
    assert (code, "worklist: there is none at" in said) == (3, True)
    assert [*inside(folder)] == ["workbench.toml"]


@pytest.mark.parametrize("words", [one for one in WORKLIST if one[1] in MAKE], ids=" ".join)
@pytest.mark.parametrize("list_there", [False, True])
def test_what_is_refused_makes_no_worklist(
    folder: Path, run: Callable[..., tuple[int, str]], words: list[str], list_there: bool
) -> None:
    (folder / "workbench.toml").touch()
    if list_there:
        lay(folder, list="hello\nworld\n")
    before = inside(folder)
    if words[1] == "stop":
        words = [*words[:3], "--feedback", "perhaps"]
    code, _ = run(*words)
    assert code != 0
    assert inside(folder) == before


def test_a_list_that_is_good_makes_the_worklist_but_not_in_a_dry_run(
    folder: Path, run: Callable[..., tuple[int, str]]
) -> None:
    (folder / "workbench.toml").touch()
    lay(folder, list="lead_id,owner_id\nL1,S1\n")
    before = inside(folder)
    words = ("nurture", "hand-over", "list.csv", "--plan", "Own")
    assert run(*words, "--dry-run")[0] == 0
    assert inside(folder) == before
    assert run(*words)[0] == 0
    assert (folder / "data" / "worklist.db").is_file()
    assert {*inside(folder)} == {*before, "data", "data/worklist.db"}
    assert "L1" in run("nurture", "due")[1]
