"""No row is ever lost: read = kept + rejected, whatever the text, whichever way it is parsed."""

import csv
import io
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workbench import errors, loaders
from workbench.loaders.cast import by_kind
from workbench.loaders.open import delimited, line_by_line

HEADER = "customer_id,ordered_at,amount\n"
CELLS = st.one_of(
    st.sampled_from(
        [
            "1",
            "2026-03-05",
            "9.99",
            "-1",
            "soon",
            "",
            " ",
            "a b",
            "NaN",
            "张三",
            "\ufeff",
            "é\u00a0",
        ]
    ),
    st.text(alphabet="a1-.,;\"' \n\r\t\\=\u3000", max_size=6),
)
PIECES = st.sampled_from(
    [
        "1",
        "2026-03-05",
        "9.99",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        '"',
        '""',
        " ",
        "x",
        "\0",
        "é",
    ]
)


def load(content: bytes, folder: Path, **options: object) -> loaders.Loaded:
    path = folder / "orders.csv"
    path.write_bytes(content)
    return loaders.load(path, cache=folder / "cache", max_reject_rate=1, **options)  # type: ignore[arg-type]


def quoted(rows: list[list[str]]) -> str:
    """Write rows as CSV; the csv module leaves a lone carriage return unquoted."""

    def cell(text: str, alone: bool) -> str:
        needed = (alone and not text.strip()) or any(sign in text for sign in ',"\r\n')
        return '"' + text.replace('"', '""') + '"' if needed else text

    return "".join(",".join(cell(text, len(row) == 1) for text in row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def scratch() -> Path:
    folder = Path(tempfile.mkdtemp())
    yield folder  # type: ignore[misc]
    shutil.rmtree(folder)


QUICK = settings(
    max_examples=settings().max_examples // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUICK
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8))
@example(rows=[["1", "2026-03-05", "1"], ["1"], ["a\nb", "2026-03-05", "x"]])
@example(rows=[["1", "2026-03-05", "1"], ["\ufeff", "2026-03-05", "1"]])
def test_well_quoted_rows_are_all_read_and_kept_or_rejected(
    rows: list[list[str]], scratch: Path
) -> None:
    loaded = load((HEADER + quoted(rows)).encode(), scratch)
    ledger = loaded.ledger
    # rows in which nothing stands are none
    assert (
        len(rows) - sum(not any(map(str.strip, row)) for row in rows)
        <= ledger.rows_read
        <= len(rows)
    )
    assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.rows_apart
    assert len(loaded.table) == ledger.rows_kept
    assert len(ledger.rejects) == ledger.rows_rejected


@QUICK
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8))
def test_line_numbers_are_the_physical_lines_records_start_on(
    rows: list[list[str]], scratch: Path
) -> None:
    # a last row that is whole: what stands below the table is no row
    rows = [*rows, ["z", "2026-03-05", "1"]]
    text = HEADER + quoted(rows)
    ledger = load(text.encode(), scratch).ledger
    reader = csv.reader(io.StringIO(text, newline=""))
    starts = [1]
    for _ in reader:
        starts.append(reader.line_num + 1)
    known = dict(enumerate(starts[:-1]))
    assert set(ledger.rejects["line_number"]) <= set(list(known.values())[1:])
    fitting = [n for n, row in enumerate(rows, 1) if len(row) < 3 or any(row[3:])]
    ragged = ledger.rejects[ledger.rejects["reason"].isin(["too_few_fields", "too_many_fields"])]
    assert ragged["line_number"].tolist() == [known[number] for number in fitting]


@QUICK
@given(pieces=st.lists(PIECES, max_size=30))
@example(pieces=['"', "\n", "x"])
@example(pieces=["1", ",", "2026-03-05", ",", "1", "\r", "x", "\n", "\n"])
@example(pieces=['"', "1", '"', '"', "\n", ",", '"', "\r\n"])
@example(pieces=[" ", '"', "x", '"', ",", "1", ",", "x", "\n"])
def test_malformed_text_loses_no_row_and_raises_nothing_else(
    pieces: list[str], scratch: Path
) -> None:
    text = HEADER + "".join(pieces)
    if text.count("\0") > 2:
        with pytest.raises(errors.SourceError, match="NUL"):
            load(text.encode(), scratch)
        return
    loaded = load(text.encode(), scratch)
    ledger = loaded.ledger
    assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.rows_apart
    assert len(loaded.table) == ledger.rows_kept
    assert len(ledger.rejects) == ledger.rows_rejected


@QUICK
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6))
@pytest.mark.slow
def test_both_parsers_tell_the_same_rows(rows: list[list[str]], scratch: Path) -> None:
    content = (HEADER + quoted(rows)).encode()
    quick = load(content, scratch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_kind, "_in_one_pass", lambda *_: None)
        shutil.rmtree(scratch / "cache")
        slow = load(content, scratch)
    assert quick.table.equals(slow.table)
    assert quick.ledger == slow.ledger
    assert quick.ledger.rejects["line_number"].equals(slow.ledger.rejects["line_number"])
    assert quick.ledger.rejects["reason"].equals(slow.ledger.rejects["reason"])


@QUICK
@given(content=st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_message(content: bytes, scratch: Path) -> None:
    try:
        loaded = load(content, scratch)
    except errors.WorkbenchError as error:
        message = str(error)
    else:
        message = ""
        ledger = loaded.ledger
        assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.rows_apart
    assert not message or "\n" in message


@given(data=st.data())
def test_lines_of_regular_records_skip_the_malformed_ones(data: st.DataObject) -> None:
    total = data.draw(st.integers(0, 30))
    bad = data.draw(st.sets(st.integers(0, max(total - 1, 0)), max_size=total))
    good = [number for number in range(total) if number not in bad]
    lines = delimited.lines_of(
        np.arange(len(good)), np.array([number + 2 for number in bad], dtype="int64"), 1
    )
    assert lines.tolist() == [number + 2 for number in good]


def test_a_large_file_keeps_its_order_and_its_line_numbers(tmp_path: Path) -> None:
    rows = [f"C{number},2026-03-05,1\n" for number in range(300_000)]
    for number in (7, 150_000, 299_999):
        rows[number] = f"C{number},soon,1\n"
    rows[123_456] = "C123456,2026-03-05\n"
    loaded = load((HEADER + "".join(rows)).encode(), tmp_path)
    assert loaded.ledger.rejects["line_number"].tolist() == [9, 123_458, 150_002, 300_001]
    kept = loaded.table["customer_id"].str.slice(1).astype("int64")
    assert kept.is_monotonic_increasing


def test_a_field_limit_that_was_set_elsewhere_is_left_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    load((HEADER + '1,"2026-03-05"x,1\n').encode(), tmp_path)
    assert csv.field_size_limit() == before
    assert line_by_line.MAX_RECORD_LINES > 100
