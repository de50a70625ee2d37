"""Secrets: they stand in nothing that is told or written, whatever their variable is called."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from report_books import GOOD, book, settings

from workbench import cli, config, errors, loaders, redaction, worklist

SECRET = "s3cr%t/ä'\"<x> y"


@pytest.mark.parametrize(
    "how",
    [
        str, repr, ascii, json.dumps,
        lambda s: __import__("html").escape(s),
        lambda s: __import__("urllib.parse").parse.quote(s, safe=""),
        lambda s: __import__("urllib.parse").parse.quote(s),
        lambda s: __import__("urllib.parse").parse.quote_plus(s),
        lambda s: repr({"password": s, "more": [s]}),
    ],
)  # fmt: skip
def test_a_secret_is_hidden_in_every_way_it_is_written(how: Any) -> None:
    hidden = redaction.secrets({"SHOP": SECRET}, "postgresql://me:${SHOP}@host/db")
    told = redaction.text(f"before {how(SECRET)} after", hidden)
    assert "s3cr" not in told
    assert told.startswith("before ")
    assert told.endswith(" after")


def test_a_password_that_is_written_encoded_is_hidden_as_it_is_too() -> None:
    hidden = redaction.secrets({}, "postgresql://me:p%40ss-word@host/db")
    assert redaction.text("p@ss-word and p%40ss-word", hidden) == "••• and •••"


@pytest.mark.parametrize(
    "source",
    [
        "postgresql://ana:hunter2@db/shop",
        "postgres:/ana:hunter2@db/shop",
        "postgres//ana:hunter2@db/shop",
        "postgres:ana:hunter2@db/shop",
        "postgres;//ana:hunter2@db/shop",
        "postgres:\\\\ana:hunter2@db/shop",
        "postgresql://ana:hun@ter2@db/shop",
        "postgresql://db/shop?password=hunter2",
        "host=db user=ana password=hunter2",
        "host=db password='hun ter2' dbname=shop",
    ],
)
def test_a_source_is_shown_without_its_password_however_it_is_typed(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for shown in (redaction.address(source), redaction.text(f"no '{source}'.", [])):
        assert "ter2" not in shown
        assert "hun" not in shown
    with pytest.raises(errors.WorkbenchError) as told:
        loaders.load(source, cache=tmp_path, sql="SELECT 1") if "://" in source else loaders.load(
            source, cache=tmp_path
        )
    assert "ter2" not in str(told.value)
    (tmp_path / "workbench.toml").write_text(
        f"[tables.orders]\nsource = {json.dumps(source)}\n", encoding="utf-8"
    )
    with pytest.raises(errors.WorkbenchError) as told:
        loaders.load_configured("orders", config.load(tmp_path))
    assert "ter2" not in str(told.value)


@pytest.mark.parametrize(
    "words",
    ["Write to ana@shop.cn", "mailto:ana@shop.cn", "12:30", "a: b@c.cn", "due = 4", "3/4 @ 5"],
)
def test_what_is_no_address_with_a_password_is_left(words: str) -> None:
    assert redaction.text(words, []) == words


def test_short_values_are_hidden_as_words_and_numbers_are_left() -> None:
    hidden = redaction.secrets({"A": "eu", "B": "12", "C": "x"}, "${A}${B}${C}")
    assert redaction.text("eu reunion, 12 x x eu", hidden) == "••• reunion, 12 x x •••"
    assert redaction.text("postgresql://me:12@host", hidden) == "postgresql://me:•••@host"
    hidden = redaction.secrets({"A": "2026", "B": "4711"}, "exports/${A}/${B}.csv")
    assert redaction.text("2026-10: 4711 of 47110", hidden) == "2026-10: ••• of 47110"


def test_a_key_of_several_lines_is_hidden_line_by_line() -> None:
    hidden = redaction.secrets({"PEM": "-----BEGIN\nabcdefgh\nijklmnop"}, "${PEM}")
    assert redaction.everywhere(["abcdefgh\n", "ijklmnop"], hidden) == ["•••\n", "•••"]


@pytest.mark.parametrize(
    "store", ["host=db dbname=work password=hunter2", "dbname=work", "password = 'a b' host=x"]
)
def test_libpq_strings_are_refused_as_a_store(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(errors.SourceError, match="is no address of a database") as told:
        worklist.connect(store)
    assert "hunter2" not in str(told.value)
    assert "a b" not in str(told.value)
    assert "postgresql://user:${NAME}@host:5432/name" in told.value.mend
    settings(tmp_path, f"[worklist]\nstore = {json.dumps(store)}\n")
    with pytest.raises(errors.WorkbenchError, match="is no address of a database") as told:
        worklist.connect(config.load(tmp_path).worklist_address())
    assert "hunter2" not in str(told.value)
    assert [path.name for path in tmp_path.iterdir()] == ["workbench.toml"]


NAMED = '[tables.orders]\nsource = "postgresql://me:${HARMLESS}@127.0.0.1:9/shop"\n'


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", "--debug"),
        ("check", "nowhere-hunter2.csv"),
        ("check", "--hunter2"),
        ("check", "postgres:/me:sw0rdfish@host/db"),
        ("check", "postgres:/me:sw0rdfish@host/db", "--debug"),
        ("check", "a.csv", "b", "postgres://me:sw0rdfish@host/db"),
        ("nurture", "due", "--owner", "postgres://me:sw0rdfish@host/db"),
    ],
)
@pytest.mark.parametrize("broken", ["", "\n[tables.orders\n", '\nstore = "x"\n'])
def test_no_secret_reaches_the_terminal(
    tmp_path: Path,
    words: tuple[str, ...],
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings(tmp_path, NAMED + broken)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARMLESS", "hunter2")
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    assert cli.main(words)
    told = capsys.readouterr().err
    assert "hunter2" not in told
    assert "sw0rdfish" not in told
    assert told.strip()


RAISING = """\
import os, sys
print(os.environ["HARMLESS"], [os.environ["HARMLESS"]])
print(os.environ["HARMLESS"], file=sys.stderr)
os.write(2, os.environ["HARMLESS"].encode() + b"\\n")
os.system("echo $HARMLESS >&2")
"""
TABLE = """\
names = pd.DataFrame({"customer_name": [os.environ["HARMLESS"]]})
blocks.table(names, name="told", heading="x")
"""
ENDS = (
    "connect = lambda url: 1 / 0\nconnect(f\"postgresql://me:{os.environ['HARMLESS']}@host/db\")",
    "raise ValueError(os.environ['HARMLESS'], 'postgres://a:sw0rdfish@b')",
)


@pytest.mark.notebook
@pytest.mark.parametrize("end", ENDS)
def test_no_secret_reaches_anything_a_report_leaves(tmp_path: Path, end: str) -> None:
    settings(tmp_path, NAMED)
    book(tmp_path, "tiny", *GOOD, RAISING, TABLE, end)
    environment = {
        **os.environ,
        "WORKBENCH_CACHE": str(tmp_path / "cache"),
        "HARMLESS": "hunter2 ü",
    }
    command = [sys.executable, "-m", "workbench", "report", "tiny", "--period", "2026-10"]
    ran = subprocess.run(
        command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8", env=environment
    )
    assert ran.returncode == 5
    files = [path for path in (tmp_path / "reports").rglob("*") if path.is_file()]
    assert {"FAILED.html", "run.json", "notebook.ipynb", "told.csv"} <= {one.name for one in files}
    for told in (ran.stderr, ran.stdout, *(one.read_text(encoding="utf-8") for one in files)):
        assert "hunter2" not in told
        assert "sw0rdfish" not in told


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://ana：s3cr3t@db:1/shop", "postgres://ana:s3cr3t＠db/shop",
        "postgresql://ana:s3cr3t:db:1/shop", "postgresql://ana:s3cr3t#db/shop",
        "mysql://ana:s3cr3tdb/shop", "postgresql://ana/s3cr3t@db/shop",
        "postgresql://ana;s3cr3t@db/shop", "postgresql://ana s3cr3t@db/shop", "user=ana pass=s3cr3t",
    ],
)  # fmt: skip
def test_a_password_is_hidden_however_its_address_is_typed(typed: str) -> None:
    assert "s3cr3t" not in redaction.address(typed)
    (found,) = redaction.secrets({}, typed)
    assert found.startswith("s3cr3t")


@pytest.mark.parametrize(
    "typed",
    ["postgresql://db/shop", "postgresql://ana@db:5432/shop", "sqlite:////in/a@b/x.db",
     "C:/in/a@b.csv", "postgresql://[::1]:5432/shop"],
)  # fmt: skip
def test_an_address_without_a_password_is_shown_as_it_is(typed: str) -> None:
    assert (redaction.address(typed), redaction.secrets({}, typed)) == (typed, [])


def test_a_secret_is_taken_out_of_cells_of_tables_and_out_of_names_of_fields() -> None:
    data = {"application/json": {"p@ss/w": 1}, "text/html": "<td>it's\"q&lt;b&gt;</td>"}
    cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": data}]}
    cleaned = redaction.notebook({"cells": [cell]}, ["p@ss/w", "it's\"q<b>"])
    assert cleaned["cells"][0]["outputs"][0]["data"] == {
        "application/json": {"•••": 1}, "text/html": "<td>•••</td>",
    }  # fmt: skip
