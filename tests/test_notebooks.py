"""Every notebook keeps the rules of the house, equals its twin, and runs from top to bottom."""

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from docs import twins

ROOT = Path(__file__).parents[1]
BOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
NAMES = [path.relative_to(ROOT).as_posix() for path in BOOKS]
TWINS = twins.pairs()
# Report notebooks are run by the reports' own tests, with the parameters they ask for.
READ_BY_PEOPLE = [path for path in BOOKS if path.parent.name != "reports"]

LONGEST_CELL = 15
LONGEST_MEDIAN = 5
every_notebook = pytest.mark.parametrize("path", BOOKS, ids=NAMES)
every_readable = pytest.mark.parametrize(
    "path", READ_BY_PEOPLE, ids=[path.relative_to(ROOT).as_posix() for path in READ_BY_PEOPLE]
)


@cache
def book(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in book(path).cells if cell.cell_type == "code"]


def lines(source: str) -> int:
    return sum(bool(line.strip("# ")) for line in source.splitlines())


def parameters(path: Path) -> list[Any]:
    return [cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]


def test_there_is_a_notebook_to_read() -> None:
    assert READ_BY_PEOPLE


def test_one_rule_says_up_to_which_day_it_is_known_who_bought() -> None:
    """Or the page and the notebook give two numbers, where the data end before the day asked for."""
    asking = r"value\.(choose|forecast)\(|retention\.cohorts\(|churn\.backtest\(|\.track_record\("
    sources = {path.stem: "\n".join(cell.source for cell in code_cells(path)) for path in BOOKS}
    asked = {name for name, code in sources.items() if re.search(asking, code)}
    assert {"monthly_customers", "06_lifetime_value"} <= asked
    assert asked == {name for name, code in sources.items() if "periods.seen_until(" in code}
    assert [name for name, code in sources.items() if re.search(r"until=as_of\b", code)] == []


@every_notebook
def test_outputs_are_stripped(path: Path) -> None:
    for cell in code_cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None
    assert set(book(path).metadata) <= {"kernelspec", "language_info"}
    assert set(book(path).metadata["language_info"]) <= {"name"}


@every_notebook
def test_the_file_is_a_valid_notebook_with_stable_cell_names(path: Path) -> None:
    nbformat.validate(book(path))
    names = [cell.id for cell in book(path).cells]
    assert len(names) == len(set(names))
    assert not [name for name in names if re.fullmatch(r"[0-9a-f]{8,}", name)]
    assert path.read_text(encoding="utf-8").endswith("}\n")
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4


@every_notebook
def test_cells_are_short(path: Path) -> None:
    lengths = [lines(cell.source) for cell in code_cells(path)]
    assert statistics.median(lengths) <= LONGEST_MEDIAN
    assert max(lengths) <= LONGEST_CELL


@every_notebook
def test_no_cell_defines_anything_or_names_a_place_on_one_machine(path: Path) -> None:
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"(/|~|[A-Za-z]:\\)", node.value), node.value
    prose = "\n".join(cell.source for cell in book(path).cells)
    assert not re.search(r"(?<![\w.])/(home|root|tmp|Users|work)/", prose)


@every_notebook
def test_one_cell_holds_the_parameters_typed_and_explained(path: Path) -> None:
    (cell,) = parameters(path)
    for line in filter(str.strip, cell.source.removeprefix("#\n").splitlines()):
        assert re.fullmatch(r"\w+: [\w| \[\]]+ = .+  # \S.*", line), line


@every_readable
def test_it_goes_from_the_question_to_what_to_do_on_monday(path: Path) -> None:
    first, second, *_ = book(path).cells
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert "?" in first.source or "？" in first.source
    assert second.cell_type == "code"
    assert all(
        isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(second.source).body
    )
    headings = re.findall(
        r"^## (.+)$",
        "\n".join(c.source for c in book(path).cells if c.cell_type == "markdown"),
        re.M,
    )
    assert headings[-1] in ("What to do on Monday", "周一做什么")


@every_readable
def test_prose_stands_before_nearly_every_step(path: Path) -> None:
    prose = sum(cell.cell_type == "markdown" for cell in book(path).cells)
    assert prose >= len(code_cells(path)) / 2


# Twins


@pytest.mark.parametrize(("english", "chinese"), TWINS, ids=[path.stem for path, _ in TWINS])
class TestTwins:
    """The Chinese twin runs the same code; only words for the reader and ``lang`` differ."""

    def test_its_code_is_the_english_one(self, english: Path, chinese: Path) -> None:
        made = twins.twin(english, chinese)
        assert made == chinese.read_text(encoding="utf-8"), (
            f"{chinese.relative_to(ROOT)} is out of date; code is changed in the English one, "
            "then run: make twins"
        )

    def test_it_speaks_chinese_from_the_start(self, english: Path, chinese: Path) -> None:
        for path, lang in ((english, "en"), (chinese, "zh")):
            assert f'lang: str = "{lang}"  # ' in parameters(path)[0].source

    def test_words_are_in_its_language(self, english: Path, chinese: Path) -> None:
        for path, speaks_chinese in ((english, False), (chinese, True)):
            prose = [cell.source for cell in book(path).cells if cell.cell_type == "markdown"]
            comments = re.findall("  # .+", parameters(path)[0].source)
            for words in prose + comments:
                assert bool(re.search(r"[\u4e00-\u9fff]", words)) is speaks_chinese, words


def test_no_twin_is_left_alone() -> None:
    assert {path for path in BOOKS if path.parent.name == "zh"} == {path for _, path in TWINS}


def write_small(path: Path, question: str, end: str, given: str) -> None:
    new, tags = nbformat.v4, {"tags": ["parameters"]}
    cells = [
        new.new_markdown_cell(question, id="question"),
        new.new_code_cell(given, id="parameters", metadata=tags),
        new.new_code_cell("days + 1", id="sum"),
        new.new_markdown_cell(end, id="end"),
    ]
    path.parent.mkdir(exist_ok=True)
    nbformat.write(new.new_notebook(cells=cells), path)


@contextmanager
def changing(path: Path) -> Iterator[dict[str, Any]]:
    """The cells of a notebook by name; what is then in the dict is written, in its order."""
    small = nbformat.read(path, as_version=4)
    cells = {cell.id: cell for cell in small.cells}
    yield cells
    small.cells = list(cells.values())
    nbformat.write(small, path)


class TestMakingTwins:
    """``make twins``: code changed once is changed in both; missing Chinese is asked for by name."""

    @pytest.fixture
    def english(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(twins, "NOTEBOOKS", tmp_path / "books")
        path = tmp_path / "books" / "a.ipynb"
        ours = 'days: int = 3  # how long\nlang: str = "en"  # the language'
        write_small(path, "# Why?", "## End", ours)
        theirs = 'days: int = 2  # 天数\nlang: str = "zh"  # 语言'
        write_small(path.parent / "zh" / "a.ipynb", "# 为何？", "## 完", theirs)
        return path

    def test_code_changed_once_is_changed_in_both(
        self, english: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        chinese = english.parent / "zh" / "a.ipynb"
        with changing(english) as cells:
            cells["more"] = nbformat.v4.new_code_cell("days + 2", id="more", execution_count=7)
            del cells["sum"]
        twins.main()
        assert capsys.readouterr().out.startswith("books/zh/a.ipynb")
        with changing(chinese) as cells:
            assert [(name, cell.source) for name, cell in cells.items()] == [
                ("question", "# 为何？"),
                ("parameters", 'days: int = 3  # 天数\nlang: str = "zh"  # 语言'),
                ("end", "## 完"),
                ("more", "days + 2"),
            ]
            assert cells["more"].execution_count is None
        twins.main()
        assert not capsys.readouterr().out

    @pytest.mark.parametrize(
        ("change", "asked"),
        [
            pytest.param(
                lambda cells: cells.update(new=nbformat.v4.new_markdown_cell("New", id="new")),
                r'no Markdown cell "new"\. Write its Chinese after "end"',
                id="new prose",
            ),
            pytest.param(
                lambda cells: cells.pop("end"),
                'Markdown cell "end" has no English one',
                id="prose that is gone",
            ),
            pytest.param(
                lambda cells: cells.update(question=cells.pop("question")),
                'Markdown cell "question" stands where the English has "end"',
                id="prose in another order",
            ),
            pytest.param(
                lambda cells: cells["parameters"].update(source="weeks: int = 3  # how long"),
                "no parameter weeks",
                id="a new parameter",
            ),
        ],
    )
    def test_it_asks_for_the_chinese_it_lacks_and_leaves_the_twin(
        self, english: Path, change: Callable[[dict[str, Any]], object], asked: str
    ) -> None:
        chinese = english.parent / "zh" / "a.ipynb"
        before = chinese.read_bytes()
        with changing(english) as cells:
            change(cells)
        with pytest.raises(SystemExit, match=rf"zh/a\.ipynb: {asked}"):
            twins.main()
        assert chinese.read_bytes() == before

    def test_it_asks_for_a_twin_that_is_not_there(self, english: Path) -> None:
        (english.parent / "zh" / "a.ipynb").unlink()
        with pytest.raises(SystemExit, match=r"zh/a\.ipynb: no such file\. Copy a\.ipynb there"):
            twins.main()


# Running


def ran(*command: str, **given: Any) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        **given,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.notebook
@pytest.mark.parametrize("folder", ["notebooks", "notebooks/lessons"])
def test_the_english_ones_run_from_top_to_bottom(folder: str, tmp_path: Path) -> None:
    """With nbval, in this interpreter, each in a kernel of its own and from its own folder."""
    ran(
        "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider",
        "-o", "addopts=", "-o", "filterwarnings=default", "--rootdir", str(tmp_path),
        "-c", "/dev/null", *map(str, sorted((ROOT / folder).glob("*.ipynb"))),
    )  # fmt: skip


_ONE_AFTER_THE_OTHER = """
import os, sys, nbformat
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for path in sys.argv[1:]:
    os.chdir(os.path.dirname(path))
    shell.reset()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            print(path, cell.id)
            shell.run_cell(cell.source).raise_error()
"""


@pytest.mark.notebook
def test_the_chinese_ones_run_from_top_to_bottom() -> None:
    """Their code is the English ones': one process runs them all, without a kernel for each."""
    ran("-c", _ONE_AFTER_THE_OTHER, *(str(chinese) for _, chinese in TWINS))


@pytest.mark.notebook
def test_it_runs_from_any_folder_of_the_project_with_other_parameters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Through papermill, in another folder, on another day, with the sentences of that day."""
    import papermill

    kernels = tmp_path / "kernels" / "python3"
    kernels.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (kernels / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    papermill.execute_notebook(
        ROOT / "notebooks" / "01_customers.ipynb",
        tmp_path / "out.ipynb",
        parameters={"as_of": "2025-06-30", "before": "2025-03-31", "top": 3, "lang": "zh"},
        cwd=ROOT / "data" / "samples",
        kernel_name="python3",
        progress_bar=False,
        store_widget_state=False,
    )
    said = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "显示 3 行，共" in said
    capfd.readouterr()
