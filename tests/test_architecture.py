"""The rules of the house that a machine can check: floors, clock, doors, weight, size, words."""

import ast
import functools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import workbench
from workbench import exhibits

PACKAGE = Path(workbench.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in MODULES]
every_module = pytest.mark.parametrize("path", MODULES, ids=NAMES)

HEAVY = ("pandas", "numpy", "scipy", "plotly", "duckdb", "pyarrow", "sqlglot", "pydantic", "rich")
GROUND_AND_ANSWERS = (
    "purchases",
    "estimates",
    "scheduling",
    "likelihoods",
    "fitting",
    "models",
    "rfm",
    "churn",
    "retention",
    "value",
    "nurture",
    "targets",
)
# The one kind of file the ground writes: a fitted result saves itself as JSON.
MAY_SAVE = ("models", "fitting")


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def top_name(path: Path) -> str:
    """The module or package directly under workbench that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def run_python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


# Floors


def test_every_module_imports_only_what_its_floor_allows(root: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_map_in_the_package_docstring_names_every_module() -> None:
    mapped = {
        name
        for line in (workbench.__doc__ or "").splitlines()
        for name in re.findall(r"``([a-z_]+)``", line)
    }
    actual = {top_name(path) for path in MODULES} - {"__init__", "__main__"}
    assert mapped == actual


def test_every_module_of_the_map_can_be_reached_by_name() -> None:
    actual = {top_name(path) for path in MODULES} - {"__init__", "__main__", "cli"}
    for name in sorted(actual):
        assert getattr(workbench, name).__name__ == f"workbench.{name}"


PUBLIC = [workbench, *(getattr(workbench, name) for name in workbench.__all__)]


@pytest.mark.parametrize("module", PUBLIC, ids=lambda module: module.__name__)
def test_tab_completes_what_is_meant_for_users_and_nothing_else(module: ModuleType) -> None:
    listed = [name for name in dir(module) if name != "__version__"]
    assert listed == sorted(set(module.__all__))
    for name in listed:
        value = getattr(module, name)
        is_inner = isinstance(value, ModuleType) and not value.__name__.startswith("workbench.")
        assert not name.startswith("_"), name
        assert not is_inner, name


@pytest.mark.parametrize("name", exhibits.__all__)
def test_tab_completes_the_exhibits_of_a_question_and_nothing_else(name: str) -> None:
    module = getattr(exhibits, name)
    assert dir(module)
    for listed in dir(module):
        assert getattr(module, listed).__module__ == module.__name__, listed


def test_inner_modules_leave_the_tab_completion() -> None:
    for name in ("arguments", "fitting", "load_options", "results", "pd", "importlib"):
        assert name not in dir(workbench)


def test_an_unknown_module_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'rmf'"):
        _ = workbench.rmf


# Clock, files, screen

CLOCK = re.compile(
    r"(^|\.)(date|datetime|Timestamp|dt)\.(today|now|utcnow)$"
    r"|^time\.(time|time_ns|localtime|gmtime|ctime)$"
)


def clock_reads(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and CLOCK.search(dotted(node)):
            yield f"line {node.lineno}: {dotted(node)}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if CLOCK.search(f"time.{alias.name}"):
                    yield f"line {node.lineno}: from time import {alias.name}"


@pytest.mark.parametrize(
    "code",
    [
        "import datetime as dt\ndt.date.today()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.now()",
        "import pandas as pd\npd.Timestamp.now()",
        "import time\ntime.time()",
        "from time import time",
    ],
)
def test_the_clock_check_sees_every_way_of_asking(code: str) -> None:
    assert list(clock_reads(ast.parse(code)))


@every_module
def test_only_the_command_line_asks_the_clock(path: Path) -> None:
    if top_name(path) != "cli":
        assert list(clock_reads(tree_of(path))) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("sql/*.sql")), ids=lambda path: path.name)
def test_no_query_asks_the_clock(path: Path) -> None:
    sql = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    assert not re.findall(r"(?i)\b(current_date|current_timestamp|now\s*\(|today\s*\()", sql)


FILE_MODULES = {"pathlib", "os", "io", "shutil", "tempfile", "glob", "fileinput"}
NETWORK_MODULES = {"socket", "urllib", "http", "requests"}


@every_module
def test_ground_and_answers_see_no_files_and_no_network(path: Path) -> None:
    if top_name(path) not in GROUND_AND_ANSWERS:
        return
    tops = {name.partition(".")[0] for name in imported(tree_of(path))}
    assert not tops & NETWORK_MODULES
    if top_name(path) not in MAY_SAVE:
        assert not tops & FILE_MODULES
        calls = {
            dotted(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)
        }
        assert "open" not in calls
        assert not {call for call in calls if re.search(r"\.(read|to)_(csv|parquet|excel)$", call)}


@every_module
def test_only_the_command_line_prints(path: Path) -> None:
    if top_name(path) == "cli":
        return
    calls = [dotted(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    assert not {"print", "sys.stdout.write", "pprint"} & set(calls)


# Weight


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = json.loads(
        run_python("import workbench, sys, json; print(json.dumps(sorted(sys.modules)))")
    )
    assert not {name for name in loaded if name.partition(".")[0] in HEAVY}
    assert [name for name in loaded if name.startswith("workbench")] == ["workbench"]


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    loaded = json.loads(
        run_python("import workbench.cli, sys, json; print(json.dumps(sorted(sys.modules)))")
    )
    assert not {name for name in loaded if name.partition(".")[0] in HEAVY}


def test_importing_the_package_costs_less_than_50_ms() -> None:
    # processor time, and the best of five: what other programs do meanwhile does not count
    code = "import time; t = time.process_time(); import workbench; print(time.process_time() - t)"
    assert min(float(run_python(code)) for _ in range(5)) < 0.050


# Size and words


@every_module
def test_a_module_is_short_enough_to_hold_one_topic(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


@every_module
def test_no_module_is_a_drawer_for_everything(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc"}


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in tree.body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    method
                    for method in node.body
                    if isinstance(method, kinds) and not method.name.startswith("_")
                )


@every_module
def test_everything_public_says_in_its_first_line_what_it_answers(path: Path) -> None:
    for node in public(tree_of(path)):
        first, *_ = (ast.get_docstring(node) or "").splitlines() or [""]
        assert first.endswith((".", "?", "!", ":", "…")), f"{path.name}, {node.name}: {first!r}"


@every_module
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert path.name == "__main__.py" or (ast.get_docstring(tree_of(path)) or "").strip()


@pytest.mark.parametrize("name", sorted({top_name(path) for path in MODULES} - {"__init__"}))
def test_tests_stand_where_the_module_stands(name: str, root: Path) -> None:
    if name != "__main__":
        tests = root / "tests"
        beside = [*tests.rglob(f"test_{name}.py"), *tests.rglob(f"test_{name}_*.py")]
        assert beside or (tests / name).is_dir(), f"no tests/test_{name}.py"
