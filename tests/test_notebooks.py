"""Every notebook keeps the rules of the house, equals its twin, and runs from top to bottom."""

import ast
import json
import re
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
BOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
NAMES = [path.relative_to(ROOT).as_posix() for path in BOOKS]
TWINS = [
    (path, path.parent / "zh" / path.name)
    for path in BOOKS
    if path.parent.name != "zh" and path.parent.name != "reports"
]
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
    return sum(bool(line.strip()) for line in source.splitlines())


def parameters(path: Path) -> list[Any]:
    return [cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", [])]


def test_there_is_a_notebook_to_read() -> None:
    assert READ_BY_PEOPLE


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
    for line in filter(str.strip, cell.source.splitlines()):
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
    """The Chinese twin runs the same code; only prose and the ``lang`` parameter differ."""

    def test_every_notebook_has_one(self, english: Path, chinese: Path) -> None:
        assert chinese.is_file()

    def test_cells_stand_in_the_same_order(self, english: Path, chinese: Path) -> None:
        assert [(cell.id, cell.cell_type) for cell in book(english).cells] == [
            (cell.id, cell.cell_type) for cell in book(chinese).cells
        ]

    def test_code_is_equal_but_for_the_parameters(self, english: Path, chinese: Path) -> None:
        ours, theirs = (
            [cell.source for cell in code_cells(path) if cell not in parameters(path)]
            for path in (english, chinese)
        )
        assert ours == theirs

    def test_parameters_differ_in_the_language_alone(self, english: Path, chinese: Path) -> None:
        values = []
        for path in (english, chinese):
            (cell,) = parameters(path)
            # Comments are words for the reader and go with the language.
            values.append(ast.unparse(ast.parse(cell.source)).splitlines())
        differing = [(a, b) for a, b in zip(*values, strict=True) if a != b]
        assert differing == [("lang: str = 'en'", "lang: str = 'zh'")]

    def test_prose_is_in_its_language(self, english: Path, chinese: Path) -> None:
        for path, speaks_chinese in ((english, False), (chinese, True)):
            for cell in book(path).cells:
                if cell.cell_type == "markdown":
                    assert bool(re.search(r"[\u4e00-\u9fff]", cell.source)) is speaks_chinese


# Running


@pytest.mark.notebook
@every_readable
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    """With nbval, in this interpreter, from the notebook's own folder."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q",
            "-p", "no:cacheprovider", "-o", "addopts=", "-o", "filterwarnings=default",
            "--rootdir", str(tmp_path), "-c", "/dev/null", str(path),
        ],
        capture_output=True, text=True, check=False, cwd=path.parent, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


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
    assert "显示 3 行，共 3 行" in said
    capfd.readouterr()
