"""Every kind of bad file gets a message that says what, where and mend, or a stated result."""

import datetime as dt
import gzip
import os
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench import errors, loaders

pytestmark = pytest.mark.many

HEADER = "order_id,customer_id,ordered_at,amount\n"
GOOD = "O1,C1,2026-03-05,10.00\n"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def write(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rejected(loaded: loaders.Loaded) -> list[tuple[int, str, str, str]]:
    return [tuple(row) for row in loaded.ledger.rejects.itertuples(index=False)]


def whole(loaded: loaders.Loaded) -> bool:
    ledger = loaded.ledger
    return (
        ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.duplicates_dropped
        and len(ledger.rejects) == ledger.rows_rejected
        and len(loaded.table) == ledger.rows_kept
    )


UNREADABLE: dict[str, tuple[bytes, str, dict[str, Any], type[errors.WorkbenchError], str]] = {
    "empty": (b"", "orders.csv", {}, errors.SourceError, r"is empty\.\n.*header line"),
    "empty gzip": (
        gzip.compress(b""),
        "orders.csv.gz",
        {},
        errors.SourceError,
        r"is empty\.\n",
    ),
    "zero bytes called gz": (b"", "orders.csv.gz", {}, errors.SourceError, r"is empty\.\n"),
    "blank lines only": (b"\n\n \n"[:2], "orders.csv", {}, errors.SourceError, r"no header: .*\n"),
    "excel": (
        b"PK\x03\x04rest",
        "o.csv",
        {},
        errors.SourceError,
        r"a damaged Excel workbook or ZIP.*\nCopy",
    ),
    "old excel": (b"\xd0\xcf\x11\xe0", "o.csv", {}, errors.SourceError, r"password.*\n.*save"),
    "sqlite": (
        b"SQLite format 3\0x",
        "o.csv",
        {},
        errors.SourceError,
        r"no SQLite database: it is damaged.*\nCheck",
    ),
    "pdf": (b"%PDF-1.7", "o.csv", {}, errors.SourceError, r"a PDF.*\nExport"),
    "utf-16 cut in a character": (
        HEADER.encode("utf-16")[:-1],
        "o.csv",
        {},
        errors.SourceError,
        r"is not in UTF-16\.\nCopy or export it again; if it is whole, state its encoding",
    ),
    "binary": (bytes(range(256)) * 9, "o.csv", {}, errors.SourceError, r"not text.*\n"),
    "big5 unstated": (
        "客戶編號,日期,金額\n張三豐,2026-03-05,1\n".encode("big5"),
        "o.csv",
        {},
        errors.SourceError,
        r"not in UTF-8 \(line 1\)\.\nState its encoding, for example encoding='\w+' \(it can be "
        r"read as .*big5",
    ),
    "western, unstated": (
        "Käufer;Datum;Betrag\nMüller;2026-03-05;1\n".encode("cp1252"),
        "o.csv",
        {},
        errors.SourceError,
        r"not in UTF-8 \(line 1\)\.\nState its encoding, for example .*cp1252",
    ),
    "no utf-8 as stated": (
        "客户,日期\n".encode("gb18030"),
        "o.csv",
        {"encoding": "utf-8"},
        errors.SourceError,
        r"not in UTF-8.*\nCheck the encoding",
    ),
    "utf-16 stated in vain": (
        b"\x00\xd8\x00",
        "o.csv",
        {"encoding": "utf-16-le"},
        errors.SourceError,
        r"o\.csv' is not",
    ),
    "gzip without its suffix": (
        gzip.compress(b"a"),
        "o.csv",
        {},
        errors.SourceError,
        r"compressed with gzip, but its name.*\nRename it to end in \.csv\.gz",
    ),
    "suffix without gzip": (b"a,b\n", "o.csv.gz", {}, errors.SourceError, r"ends in \.gz.*\n"),
    "gzip cut short": (
        gzip.compress((HEADER + GOOD * 9000).encode(), mtime=0)[:-20],
        "o.csv.gz",
        {},
        errors.SourceError,
        r"damaged: its compressed data end too early.*\nCopy or export it again",
    ),
    "gzip with a broken middle": (
        bytes(gzip.compress(os.urandom(5000), mtime=0)[:900]) + b"\0" * 4000,
        "o.csv.gz",
        {},
        errors.SourceError,
        r"damaged|not text|not in UTF-8",
    ),
    "parquet cut short": (b"PAR1\0\0\0", "o.parquet", {}, errors.SourceError, r"Parquet.*\nCopy"),
    "text called parquet": (b"a,b\n", "o.parquet", {}, errors.SourceError, r"Parquet.*\nCopy"),
    "missing column, near name": (
        b"cust_id,ordered_at,amount\n",
        "o.csv",
        {},
        errors.ContractError,
        r"^orders: missing column 'customer_id'\.\nFound 'cust_id'\. Rename it, or map it: "
        r"workbench\.toml → \[tables\.orders\.columns\] customer_id = \"cust_id\"$",
    ),
    "two missing, near names": (
        b"cust_id,ordered_at,amount_cny\n",
        "o.csv",
        {},
        errors.ContractError,
        r"missing columns 'customer_id', 'amount'\.\nFound 'cust_id', 'amount_cny'\. Rename them",
    ),
    "missing column, nothing near": (
        b"x,ordered_at,amount\n",
        "o.csv",
        {},
        errors.ContractError,
        r"missing column 'customer_id'\.\nFound: 'x', 'ordered_at', 'amount'\. Map what is meant: "
        r".*customer_id = \"…\"",
    ),
    "duplicate header": (
        b"customer_id,amount,ordered_at,amount\n",
        "o.csv",
        {},
        errors.ContractError,
        r"2 columns called 'amount' \(columns 2, 4\)\.\nRename or delete",
    ),
    "map to a column that is not there": (
        b"who,when,sum\n",
        "o.csv",
        {"columns": {"customer_id": "Who", "ordered_at": "when", "amount": "sum"}},
        errors.ContractError,
        r"'customer_id' is mapped to 'Who', which is not a column of the file\.\n"
        r"Did you mean 'who'\? Found: 'who', 'when', 'sum'",
    ),
    "product of a column that is not there": (
        b"who,Quantity,UnitPrice,when\n",
        "o.csv",
        {"columns": {"customer_id": "who", "ordered_at": "when", "amount": "Qty * UnitPrice"}},
        errors.ContractError,
        r"'amount' is mapped to 'Qty', which is not a column",
    ),
    "product of three": (
        b"a,b,c\n",
        "o.csv",
        {"columns": {"amount": "a * b * c"}},
        errors.ParameterError,
        r"mapped to 'a \* b \* c'\.\nA map names one column, or .*the product of two",
    ),
    "product of texts": (
        b"a,b,c\n",
        "o.csv",
        {"columns": {"customer_id": "a * b"}},
        errors.ParameterError,
        r"'customer_id' is mapped to 'a \* b'",
    ),
    "anything computed": (
        b"customer_id,ordered_at,a\n",
        "o.csv",
        {"columns": {"amount": "a + 1); DROP TABLE staged; --"}},
        errors.ContractError,
        r"is mapped to 'a \+ 1\); DROP TABLE staged; --', which is not a column",
    ),
    "map of a column no contract has": (
        b"a\n",
        "o.csv",
        {"columns": {"custommer_id": "a"}},
        errors.UnknownNameError,
        r"no column in table 'orders' called 'custommer_id'\.\nDid you mean 'customer_id'\?",
    ),
    "unknown table": (b"a\n", "o.csv", {"table": "order"}, errors.UnknownNameError, r"'orders'"),
    "unknown encoding": (
        b"a\n",
        "o.csv",
        {"encoding": "gb1803"},
        errors.ParameterError,
        r"encoding is 'gb1803'.*\nDid you mean 'gb18030'\?",
    ),
    "no text encoding": (
        b"a\n",
        "o.csv",
        {"encoding": "hex"},
        errors.ParameterError,
        r"encoding is 'hex', which is none",
    ),
    "long separator": (
        b"a\n",
        "o.csv",
        {"separator": "||"},
        errors.ParameterError,
        r"separator is '\|\|'\.\nIt is one character",
    ),
    "quote as separator": (b"a\n", "o.csv", {"separator": '"'}, errors.ParameterError, "one char"),
    "no date format": (
        (HEADER + GOOD).encode(),
        "o.csv",
        {"date_format": "YYYY-MM-DD"},
        errors.ParameterError,
        r"date_format is 'YYYY-MM-DD', which describes no date\.\n.*'%Y%m%d'",
    ),
    "unknown code in the date format": (
        (HEADER + GOOD).encode(),
        "o.csv",
        {"date_format": "%Q"},
        errors.ParameterError,
        r"date_format is '%Q'",
    ),
    "offset in the date format, no zone": (
        (HEADER + GOOD).encode(),
        "o.csv",
        {"date_format": "%Y-%m-%d %H:%M:%S %z"},
        errors.ParameterError,
        r"no local zone is stated\.\n.*timezone='Asia/Shanghai'",
    ),
    "unknown time zone": (
        (HEADER + GOOD).encode(),
        "o.csv",
        {"timezone": "Asia/Shanghia"},
        errors.ParameterError,
        r"no time zone called 'Asia/Shanghia'\.\nDid you mean 'Asia/Shanghai'\?",
    ),
    "impossible reject rate": (
        b"a\n",
        "o.csv",
        {"max_reject_rate": 5},
        errors.ParameterError,
        r"max_reject_rate is 5\.\n.*0\.05",
    ),
    "reject rate that is no number": (
        b"a\n",
        "o.csv",
        {"max_reject_rate": float("nan")},
        errors.ParameterError,
        r"max_reject_rate is nan\.",
    ),
    "no widths": (b"a\n", "o.txt", {"widths": {}}, errors.ParameterError, r"widths names no"),
    "backward widths": (
        b"a\n",
        "o.txt",
        {"widths": {"a": (5, 3)}},
        errors.ParameterError,
        r"'a' is \(5, 3\)\.\n.*counted from 0",
    ),
    "widths that are no pair": (
        b"a\n",
        "o.txt",
        {"widths": {"a": 6}},
        errors.ParameterError,
        r"'a' is 6\.",
    ),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_bad_source_is_answered_with_what_where_and_mend(
    kind: str, tmp_path: Path, cache: Path
) -> None:
    content, name, options, error, message = UNREADABLE[kind]
    path = write(tmp_path, content, name)
    with pytest.raises(error) as caught:
        loaders.load(path, cache=cache, **options)
    assert re.search(message, str(caught.value)), str(caught.value)
    assert caught.value.what
    assert caught.value.mend
    assert "Traceback" not in str(caught.value)
    assert not list(cache.glob("*-*")), "a failed load leaves nothing in the cache"


ROWS: dict[str, tuple[str | bytes, list[tuple[int, str, str, str]]]] = {
    "no date": ("O2,C1,soon,1\n", [(3, "ordered_at", "soon", "not_a_date")]),
    "a day that is none": ("O2,C1,2026-02-30,1\n", [(3, "ordered_at", "2026-02-30", "not_a_date")]),
    "date missing": ("O2,C1,,1\n", [(3, "ordered_at", "", "missing_value")]),
    "word epoch": ("O2,C1,epoch,1\n", [(3, "ordered_at", "epoch", "not_a_date")]),
    "word infinity": ("O2,C1,infinity,1\n", [(3, "ordered_at", "infinity", "not_a_date")]),
    "before the year 1": (
        "O2,C1,0044-03-15 (BC),1\n",
        [(3, "ordered_at", "0044-03-15 (BC)", "date_out_of_range")],
    ),
    "year 10000": (
        "O2,C1,10000-01-01,1\n",
        [(3, "ordered_at", "10000-01-01", "date_out_of_range")],
    ),
    "offset, no zone": (
        "O2,C1,2026-03-05T10:00:00+08:00,1\nO3,C1,2026-03-05T10:00Z,1\n",
        [
            (3, "ordered_at", "2026-03-05T10:00:00+08:00", "offset_without_zone"),
            (4, "ordered_at", "2026-03-05T10:00Z", "offset_without_zone"),
        ],
    ),
    "no number": ("O2,C1,2026-03-05,free\n", [(3, "amount", "free", "not_a_number")]),
    "amount missing": ("O2,C1,2026-03-05,  \n", [(3, "amount", "", "missing_value")]),
    "decimal comma among points": (
        'O2,C1,2026-03-05,"1,23"\n',
        [(3, "amount", "1,23", "other_number_form")],
    ),
    "either sign in a column of both": (
        'O2,C1,2026-03-05,"1,23"\nO3,C1,2026-03-05,"1,234"\n',
        [(3, "amount", "1,23", "other_number_form"), (4, "amount", "1,234", "other_number_form")],
    ),
    "percentage": ("O2,C1,2026-03-05,12.5%\n", [(3, "amount", "12.5%", "percentage")]),
    "two minus signs": ("O2,C1,2026-03-05,--5\n", [(3, "amount", "--5", "not_a_number")]),
    "groups that are no groups": (
        'O2,C1,2026-03-05,"1,2,3"\n',
        [(3, "amount", "1,2,3", "not_a_number")],
    ),
    "date in another form": (
        "O2,C1,25.03.2026,1\n",
        [(3, "ordered_at", "25.03.2026", "other_date_form")],
    ),
    "year of two digits": (
        "O2,C1,26-03-05,1\nO3,C1,5/3/26,1\n",
        [
            (3, "ordered_at", "26-03-05", "two_digit_year"),
            (4, "ordered_at", "5/3/26", "two_digit_year"),
        ],
    ),
    "Excel serial among dates": (
        "O2,C1,46086,1\n",
        [(3, "ordered_at", "46086", "other_date_form")],
    ),
    "year 0": ("O2,C1,0000-03-05,1\n", [(3, "ordered_at", "0000-03-05", "date_out_of_range")]),
    "half a day after noon, twice said": (
        "O2,C1,2026-03-05 13:00 PM,1\n",
        [(3, "ordered_at", "2026-03-05 13:00 PM", "not_a_date")],
    ),
    "underscore": ("O2,C1,2026-03-05,1_000\n", [(3, "amount", "1_000", "not_a_number")]),
    "NaN": ("O2,C1,2026-03-05,NaN\n", [(3, "amount", "NaN", "not_finite")]),
    "infinite": ("O2,C1,2026-03-05,-inf\n", [(3, "amount", "-inf", "not_finite")]),
    "too large": ("O2,C1,2026-03-05,1e30\n", [(3, "amount", "1e30", "number_too_large")]),
    "beyond a double": ("O2,C1,2026-03-05,1e999\n", [(3, "amount", "1e999", "number_too_large")]),
    "NUL in an id": ("O2,C\x001,2026-03-05,1\n", [(3, "customer_id", "C\x001", "nul_byte")]),
    "two findings": (
        "O2,C1,soon,free\n",
        [(3, "ordered_at; amount", "soon; free", "not_a_date; not_a_number")],
    ),
    "too few fields": ("O2,C1\n", [(3, "", "O2,C1", "too_few_fields")]),
    "too many fields": (
        "O2,C1,2026-03-05,1,?\n",
        [(3, "", "O2,C1,2026-03-05,1,?", "too_many_fields")],
    ),
    "many too many": ("O2,C1,a,b,c,d,e\n", [(3, "", "O2,C1,a,b,c,d,e", "too_many_fields")]),
    "both ragged": (
        "O2,C1\nO3,C1,2026-03-05,1\nO4,C1,x,1\nO5,a,b,c,d\n",
        [
            (3, "", "O2,C1", "too_few_fields"),
            (5, "ordered_at", "x", "not_a_date"),
            (6, "", "O5,a,b,c,d", "too_many_fields"),
        ],
    ),
    "text after a quote": (
        'O2,"C1"x,2026-03-05,1\nO3,C1,soon,1\n',
        [
            (3, "", 'O2,"C1"x,2026-03-05,1', "malformed_quotes"),
            (4, "ordered_at", "soon", "not_a_date"),
        ],
    ),
    "quote never closed": (
        'O2,"C1,2026-03-05,1\nO3,C1,soon,1\n',
        [
            (3, "", 'O2,"C1,2026-03-05,1', "malformed_quotes"),
            (4, "ordered_at", "soon", "not_a_date"),
        ],
    ),
    "quoted line breaks before": (
        'O2,"C\n\n1",2026-03-05,1\nO3,C1,soon,1\n',
        [(6, "ordered_at", "soon", "not_a_date")],
    ),
    "blank lines before": ("\n\n\nO3,C1,soon,1\n\n\n", [(6, "ordered_at", "soon", "not_a_date")]),
    "mixed line ends": (
        "O2,C1,2026-03-05,1\r\nO3,C1,soon,1\nO4,C1,2026-03-05,1\r\n",
        [(4, "ordered_at", "soon", "not_a_date")],
    ),
    "bytes that are no text": (
        b"O2,C\xff,2026-03-05,1\nO3,C1,soon,1\n",
        [
            (3, "", "O2,C\\xff,2026-03-05,1", "not_in_encoding"),
            (4, "ordered_at", "soon", "not_a_date"),
        ],
    ),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_bad_row_is_rejected_with_its_line_and_reason(
    kind: str, tmp_path: Path, cache: Path
) -> None:
    rows, expected = ROWS[kind]
    body = rows if isinstance(rows, bytes) else rows.encode()
    path = write(tmp_path, HEADER.encode() + GOOD.encode() + body + GOOD.encode() * 30)
    loaded = loaders.load(path, cache=cache, max_reject_rate=1)
    assert rejected(loaded) == expected
    assert whole(loaded)


def test_a_header_without_rows_is_an_empty_table_and_a_ledger_of_zeros(
    tmp_path: Path, cache: Path
) -> None:
    loaded = loaders.load(write(tmp_path, HEADER), cache=cache)
    assert loaded.table.empty
    assert [str(kind) for kind in loaded.table.dtypes] == [
        "str",
        "str",
        "datetime64[us]",
        "float64",
    ]
    ledger = loaded.ledger
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == (0, 0, 0)
    assert ledger.reject_rate is None
    assert ledger.first_date is None
    assert ledger.summary()["share"].isna().all()


def test_a_missing_file_names_the_near_one(tmp_path: Path, cache: Path) -> None:
    write(tmp_path, HEADER, "orders_2026.csv")
    with pytest.raises(errors.SourceNotFoundError) as caught:
        loaders.load(tmp_path / "order_2026.csv", cache=cache)
    assert "There is no file" in caught.value.what
    assert "Did you mean 'orders_2026.csv'?" in caught.value.mend


def test_a_missing_folder_is_told(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"The folder .*nowhere' is not there either"):
        loaders.load(tmp_path / "nowhere" / "orders.csv", cache=cache)


def test_a_name_no_file_can_have_is_no_traceback(cache: Path) -> None:
    for name in ("x" * 5000, "a\0b"):
        with pytest.raises(errors.SourceNotFoundError):
            loaders.load(name, cache=cache)


@pytest.mark.parametrize("nothing", [None, 3, ["orders.csv"]])
def test_what_is_no_path_is_no_source(nothing: Any) -> None:
    with pytest.raises(errors.ParameterTypeError, match=r"it takes a path\.\nName a file"):
        loaders.load(nothing)


def test_an_empty_folder_is_told(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(errors.SourceError, match=r"The folder .* holds no file\.\n"):
        loaders.load(tmp_path, cache=cache)


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, HEADER)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(errors.SourceError, match=r"cannot be read .*\nCheck its permissions"):
        loaders.load(path, cache=cache)


def test_past_the_reject_rate_the_error_carries_the_ledger_and_the_mend(
    tmp_path: Path, cache: Path
) -> None:
    path = write(tmp_path, HEADER + "O,C,2026-02-30,1\n" * 3 + GOOD)
    with pytest.raises(errors.RejectRateError) as caught:
        loaders.load(path, cache=cache)
    said = str(caught.value)
    assert "orders: 3 of 4 rows of" in said
    assert "75.0%, allowed 5.0%" in said
    assert "column 'ordered_at', not a date, first in line 2 ('2026-02-30')" in said
    assert "date_format='%d.%m.%Y'" in said
    ledger = caught.value.ledger
    assert ledger.rejects["line_number"].tolist() == [2, 3, 4]
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == (4, 1, 3)


def test_the_reject_rate_holds_for_a_cached_load_too(tmp_path: Path, cache: Path) -> None:
    path = write(tmp_path, HEADER + GOOD + "O,C,soon,1\n")
    assert loaders.load(path, cache=cache, max_reject_rate=0.5).ledger.rows_rejected == 1
    with pytest.raises(errors.RejectRateError):
        loaders.load(path, cache=cache, max_reject_rate=0.4)


def test_an_unclosed_quote_costs_one_row_and_not_the_rest_of_the_file(
    tmp_path: Path, cache: Path
) -> None:
    path = write(tmp_path, HEADER + GOOD + 'O2,"C2,2026-03-05,1\n' + GOOD * 3000)
    loaded = loaders.load(path, cache=cache)
    assert loaded.ledger.rows_kept == 3001
    assert rejected(loaded) == [(3, "", 'O2,"C2,2026-03-05,1', "malformed_quotes")]


def test_a_million_character_cell_is_read_whole(tmp_path: Path, cache: Path) -> None:
    long = "x" * 1_000_000
    path = write(tmp_path, HEADER + f"O1,{long},2026-03-05,1\n")
    assert loaders.load(path, cache=cache).table["customer_id"].tolist() == [long]


@pytest.mark.slow
def test_ten_thousand_columns_are_read_and_listed_as_ignored(tmp_path: Path, cache: Path) -> None:
    extra = ",".join(f"x{number}" for number in range(10_000))
    path = write(tmp_path, HEADER.strip() + "," + extra + "\n" + GOOD.strip() + "," * 10_000 + "\n")
    loaded = loaders.load(path, cache=cache)
    assert loaded.ledger.rows_kept == 1
    assert len(loaded.ledger.ignored_columns) == 10_000


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    in_the_way = write(tmp_path, "a file", "cache")
    with pytest.raises(errors.SourceError, match=r"cache: the folder .*\nSet WORKBENCH_CACHE"):
        loaders.load(write(tmp_path, HEADER + GOOD), cache=in_the_way)


def test_bad_rows_of_a_parquet_file_are_rejected_by_row_number(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "orders.parquet"
    day = dt.datetime(2026, 3, 5)
    table = pa.table(
        {
            "customer_id": ["C1", "C2", "C3", "C4"],
            "ordered_at": pa.array([day, None, day, day], pa.timestamp("us")),
            "amount": [1.0, 2.0, float("inf"), float("nan")],
        }
    )
    pq.write_table(table, path)
    loaded = loaders.load(path, cache=cache, max_reject_rate=1)
    assert [(line, column, reason) for line, column, _, reason in rejected(loaded)] == [
        (2, "ordered_at", "missing_value"),
        (3, "amount", "not_finite"),
        (4, "amount", "not_finite"),
    ]
    assert whole(loaded)
