"""What the README promises, runs; what stands in two places, is equal."""

import contextlib
import csv
import io
import re
import struct
import tomllib
from pathlib import Path

import pytest
import typer

import workbench
from docs import tables
from workbench import cli, schema
from workbench.words import LANGUAGES, Lang

READMES = ("README.md", "README.zh.md")
RECIPES = ("docs/recipes.md", "docs/recipes.zh.md")
PAGES = (
    *READMES, *RECIPES, "docs/tables.md", "docs/tables.zh.md", "CONTRIBUTING.md", "CHANGELOG.md",
)  # fmt: skip
both_readmes = pytest.mark.parametrize("name", READMES)


def blocks(text: str, language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.M | re.S)
    return [code for said, code in found if said == language]


def project(root: Path) -> dict[str, object]:
    with (root / "pyproject.toml").open("rb") as file:
        return dict(tomllib.load(file)["project"])


def requirements(root: Path) -> set[str]:
    """Everything pyproject.toml asks for, extras included."""
    said = project(root)
    extras = said["optional-dependencies"]
    assert isinstance(extras, dict)
    assert isinstance(said["dependencies"], list)
    return {*said["dependencies"], *(one for extra in extras.values() for one in extra)}


def package(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement)[0]


@both_readmes
def test_the_code_on_the_first_screen_prints_the_table_below_it(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / name).read_text(encoding="utf-8")
    (code,) = blocks(text, "python")
    (table,) = blocks(text, "")
    assert len(code.splitlines()) <= 8
    monkeypatch.chdir(root)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, name, "exec"), {})
    assert [line.rstrip() for line in printed.getvalue().splitlines()] == [
        line.rstrip() for line in table.splitlines()
    ]


@both_readmes
def test_every_command_and_exit_code_stands_in_the_readme(name: str, root: Path) -> None:
    text = (root / name).read_text(encoding="utf-8")
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for command in commands:
        assert f"| `workbench {command}" in text
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, flags=re.M)} == set(
        cli.EXIT_CODES
    )


def test_the_readme_says_the_exit_codes_in_the_programs_words(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    for code, meaning in cli.EXIT_CODES.items():
        assert f"| {code} | {meaning} |" in text


@pytest.mark.parametrize("name", [*READMES, *RECIPES])
def test_every_option_a_page_names_exists(name: str, root: Path) -> None:
    text = (root / name).read_text(encoding="utf-8")
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    known = {
        option
        for command in (
            typer.main.get_command(cli.app),
            *commands.values(),
            *commands["nurture"].commands.values(),
        )
        for parameter in command.params
        for option in parameter.opts
    } | {"--help", "--no-deps"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipes_run_as_they_stand(
    name: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt
    import shlex

    import openpyxl

    from workbench import config, reports, words

    page = (root / name).read_text(encoding="utf-8")
    settings = (root / "workbench.toml").read_text(encoding="utf-8")
    due, company = blocks(page, "toml")
    (tmp_path / "workbench.toml").write_text(company, encoding="utf-8")
    assert set(config.load(tmp_path).model_fields_set) == {"root", "targets", "privacy"}
    settings = settings.partition("[report]")[0].replace('"data/', f'"{root}/data/') + due
    (tmp_path / "workbench.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    asked = reports.due(dt.date(2026, 11, 2))
    assert {one.name for one in asked} == {"monthly_customers", "weekly_nurture"}
    (cron,) = blocks(page, "")
    *when, command = cron.split(maxsplit=5)
    assert len(when) == 5
    assert command.split(" && ")[1].split(" >> ")[0] == ".venv/bin/workbench report --due"

    def sheets() -> list[list[tuple[object, ...]]]:
        book = openpyxl.load_workbook("calls.xlsx")
        return [[(sheet.title,), *sheet.iter_rows(values_only=True)] for sheet in book.worksheets]

    code = "\n".join(blocks(page, "python"))
    assert len(blocks(page, "python")[1].splitlines()) == 3
    try:
        exec(compile(code, name, "exec"), {})
    finally:
        words.speak("en")
    by_three_lines = sheets()
    Path("calls.xlsx").unlink()
    (command,) = [line for line in page.splitlines() if line.startswith("workbench calls")]
    assert cli.main(shlex.split(command)[1:]) == 0
    assert sheets() == by_three_lines
    assert len(by_three_lines) > 5


@pytest.mark.parametrize("name", RECIPES)
def test_the_commands_of_the_recipes_exist(name: str, root: Path) -> None:
    page = (root / name).read_text(encoding="utf-8")
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    named = {line.split()[1] for line in page.splitlines() if line.startswith("workbench ")}
    assert named == {"calls", "init", "lab", "report"}
    assert named <= set(commands)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_all_tables_is_what_the_contracts_say(lang: Lang, root: Path) -> None:
    name = "tables.md" if lang == "en" else f"tables.{lang}.md"
    made = tables.page(lang)
    assert (root / "docs" / name).read_text(encoding="utf-8") == made, "run: make pages"
    for table in schema.TABLES.values():
        section = made.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)`", section, flags=re.M) == list(table.column_names)


@both_readmes
def test_the_readme_leads_to_the_pages(name: str, root: Path) -> None:
    text, end = (root / name).read_text(encoding="utf-8"), name.removeprefix("README")
    for page in ("recipes", "tables"):
        assert f"](docs/{page}{end})" in text


@both_readmes
def test_the_settings_in_the_readme_are_settings(name: str, root: Path, tmp_path: Path) -> None:
    from workbench import config, reports

    settings = blocks((root / name).read_text(encoding="utf-8"), "toml")
    (tmp_path / "workbench.toml").write_text("\n".join(settings), encoding="utf-8")
    loaded = config.load(tmp_path)
    assert set(loaded.report.due) <= set(reports.names(loaded))
    assert loaded.report.due
    assert "*" in loaded.tables["orders"].columns["amount"]


@both_readmes
def test_the_example_of_check_runs_as_it_stands(
    name: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex

    text = (root / name).read_text(encoding="utf-8")
    command = next(block for block in blocks(text, "sh") if block.startswith("workbench check"))
    proposing, stating = command.replace("\\\n", " ").strip().splitlines()
    words = shlex.split(stating)[1:]
    maps = dict(word.split("=", 1) for word in words if re.match(r"[a-z_]+=", word))
    left, right = maps["amount"].split(" * ")
    headers = [maps["customer_id"], maps["ordered_at"], left, right]
    encoding = words[words.index("--encoding") + 1] if "--encoding" in words else "utf-8"
    with (tmp_path / "sales.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([headers, ["甲", "2026-10-01", "2", "5.00"]])
    monkeypatch.chdir(tmp_path)
    assert cli.main(shlex.split(proposing)[1:]) == 0
    assert cli.main(words) == 0


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str, root: Path) -> None:
    text = (root / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith("https://"):
            assert (root / name).parent.joinpath(target).exists(), target


def test_every_make_target_is_explained_and_the_readme_names_those_that_exist(root: Path) -> None:
    text = (root / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (help .*)$", text, flags=re.M)
    explained = set(re.findall(r"^([a-z]+):.*## \S", text, flags=re.M))
    assert explained == set(phony.split())
    for name in PAGES:
        page = (root / name).read_text(encoding="utf-8")
        assert set(re.findall(r"`make ([a-z]+)`", page)) <= explained


def test_the_picture_is_a_png_that_loads_fast(root: Path) -> None:
    picture = (root / "docs" / "report.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000
    width, height = struct.unpack(">II", picture[16:24])
    assert width >= 1000
    assert height >= 600


def test_conda_gets_the_same_set(root: Path) -> None:
    text = (root / "environment.yml").read_text(encoding="utf-8")
    listed = {
        line.strip("- ").partition(" #")[0].strip() for line in re.findall(r"^ +- .*", text, re.M)
    }
    python = f"python{project(root)['requires-python']}"
    assert listed - {"conda-forge", "pip", "pip:", "editable ."} == requirements(root) | {python}


def test_every_dependency_has_its_reason(root: Path) -> None:
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Dependencies")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| ([a-z][a-z0-9-]*) \| \S", section, flags=re.M)
    assert len(explained) == len(set(explained))
    assert set(explained) - {"package"} == {package(one) for one in requirements(root)}


def test_every_dependency_has_a_lower_bound(root: Path) -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?>=[\d.]+", one) for one in requirements(root))


def test_the_version_is_the_same_everywhere(root: Path) -> None:
    version = project(root)["version"]
    assert workbench.__version__ == version
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([\d.]+)\]", changelog, flags=re.M)[0] == version


def test_everything_the_package_reads_is_packaged(root: Path) -> None:
    from fnmatch import fnmatch

    with (root / "pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["setuptools"]["package-data"]["workbench"]
    beside = [
        path.relative_to(root / "workbench").as_posix()
        for path in (root / "workbench").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    assert [one for one in beside if not any(fnmatch(one, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize("name", ["Makefile", ".ci/run", "environment.yml", "pyproject.toml"])
def test_nothing_that_installs_names_a_package_index(name: str, root: Path) -> None:
    assert "://" not in (root / name).read_text(encoding="utf-8")
