"""An encoding is detected where it is certain, told in the ledger, and refused where it is not."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, loaders
from workbench.loaders.open import encodings

pytestmark = pytest.mark.many

CHINESE = "客户编号,客户姓名\n1,张三丰\n2,李小龙\n3,上海第一贸易有限公司\n"
NAMES = {"customer_id": "客户编号", "customer_name": "客户姓名"}


def load(folder: Path, content: bytes, name: str = "c.csv", **options: Any) -> loaders.Loaded:
    path = folder / name
    path.write_bytes(content)
    options = {"table": "customers", "max_reject_rate": 1, **options}
    return loaders.load(path, cache=folder / "cache", **options)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8 with BOM"),
        ("gb18030", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_each_encoding_is_found_and_told_in_the_ledger(
    tmp_path: Path, encoding: str, said: str, compressed: bool
) -> None:
    content = CHINESE.encode(encoding)
    name = "c.csv.gz" if compressed else "c.csv"
    loaded = load(tmp_path, gzip.compress(content) if compressed else content, name, columns=NAMES)
    assert loaded.table["customer_name"].tolist() == ["张三丰", "李小龙", "上海第一贸易有限公司"]
    assert loaded.ledger.encoding == said


def test_utf_16_with_either_mark_is_found(tmp_path: Path) -> None:
    for order in ("le", "be"):
        content = "\N{ZERO WIDTH NO-BREAK SPACE}customer_id\n1\n".encode(f"utf-16-{order}")
        assert load(tmp_path, content).ledger.encoding == "utf-16"


@pytest.mark.parametrize(
    "line", ["1,张三", "1,王芳", "1,李伟", "1,北京分公司", "1,陈记食品（总店）"]
)
def test_one_chinese_name_among_english_is_enough(tmp_path: Path, line: str) -> None:
    text = f"customer_id,customer_name\n{line}\n" + "".join(f"{n},x\n" for n in range(2, 40))
    loaded = load(tmp_path, text.encode("gb18030"))
    assert loaded.table["customer_name"].iloc[0] == line.split(",")[1]
    assert loaded.ledger.encoding == "gb18030"


def test_rare_signs_of_names_do_not_make_chinese_uncertain(tmp_path: Path) -> None:
    names = ["张喆", "李堃", "王玥", "刘嘉怡", "陈镕基", "赵子龙", "孙悟空", "周杰伦", "吴京"]
    text = "客户编号,客户姓名\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names, 1))
    loaded = load(tmp_path, text.encode("gb18030"), columns=NAMES)
    assert loaded.table["customer_name"].tolist() == names


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["Müller", "Groß", "Søren", "José", "Zoë", "Café Élysée"]),
        ("cp1252", ["ÉÉ", "CRÉÉ", "ÀÉ", "ÖÄ"]),
        ("cp1252", ["größe", "Großmarkt", "Maß"]),
        ("iso8859-2", ["Łódź", "Žižka", "Dvořák", "Čapek"]),
        ("cp1251", ["Москва", "Иван", "Петров", "Сергей", "Анна"]),
        ("koi8-r", ["Москва", "Иван", "Петров", "Сергей"]),
        ("cp1253", ["Αθήνα", "Γιώργος", "Μαρία", "Ελένη"]),
        ("cp1255", ["שלום", "דוד", "רחל", "משה"]),
        ("cp1256", ["محمد", "فاطمة", "علي", "حسن"]),
        ("cp874", ["สมชาย", "กรุงเทพ", "สมหญิง"]),
        ("big5", ["張三豐", "李小龍", "臺北公司", "陳先生"]),
        ("shift_jis", ["田中太郎", "鈴木一郎", "カタカナ", "東京"]),
        ("euc_jp", ["田中太郎", "鈴木一郎", "カタカナ", "さくら"]),
        ("euc_kr", ["김철수", "이영희", "박민수", "서울"]),
    ],
)
def test_what_is_no_chinese_is_never_read_as_chinese(
    tmp_path: Path, encoding: str, names: list[str]
) -> None:
    text = "customer_id,customer_name\n" + "".join(
        f"{n},{name}\n" for n, name in enumerate(names, 1)
    )
    content = text.encode(encoding)
    with pytest.raises(errors.SourceError) as caught:
        load(tmp_path, content)
    assert "is not in UTF-8 (line 2)" in caught.value.what
    assert "State its encoding, for example encoding='" in caught.value.mend
    loaded = load(tmp_path, content, encoding=encoding)
    assert loaded.table["customer_name"].tolist() == names


def test_a_few_lines_in_another_encoding_are_refused_where_none_is_utf_8(tmp_path: Path) -> None:
    text = "customer_id,customer_name\n" + "".join(f"{n},x\n" for n in range(1, 1001))
    content = text.encode() + "a,Müller\nb,Søren\nc,José\n".encode("cp1252")
    with pytest.raises(errors.SourceError, match=r"its encoding is not certain\.\nState.*cp1252"):
        load(tmp_path, content)


def test_damage_in_a_utf_8_file_costs_its_rows_alone(tmp_path: Path) -> None:
    text = "customer_id,customer_name\n" + "".join(f"{n},张三\n" for n in range(1, 101))
    loaded = load(tmp_path, text.encode() + b"a,\xff\nb,\xfe\nc,\xc3\nd,\xe5\xbc\n")
    assert loaded.ledger.encoding == "utf-8"
    assert loaded.ledger.rejects["reason"].tolist() == ["not_in_encoding"] * 4
    assert loaded.ledger.rows_kept == 100


def test_what_comes_after_the_first_megabyte_is_looked_at_too(tmp_path: Path) -> None:
    english = "".join(f"{n},{'x' * 40}\n" for n in range(1, 30_001))
    start = ("customer_id,customer_name\n" + english).encode()
    assert len(start) > 1 << 20
    loaded = load(tmp_path, start + "a,张三\nb,李四\nc,\n".encode("gb18030"))
    assert loaded.ledger.encoding == "gb18030"
    assert loaded.table["customer_name"].iloc[30_000] == "张三"
    with pytest.raises(errors.SourceError, match="its encoding is not certain"):
        load(tmp_path, start + "a,Müller\nb,Søren\nc,José\n".encode("cp1252"))


def test_a_stated_encoding_is_never_second_guessed(tmp_path: Path) -> None:
    loaded = load(tmp_path, CHINESE.encode("gb18030"), encoding="cp1252", columns={
        "customer_id": "客户编号".encode("gb18030").decode("cp1252")
    })  # fmt: skip
    assert loaded.ledger.encoding == "cp1252"


@given(text=st.text(alphabet="客户订单金额张王李上海北京,12\n", min_size=1, max_size=60))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    assert encodings.of_start(text.encode()) is None


@given(content=st.binary(max_size=300))
def test_random_bytes_are_hardly_ever_certain(content: bytes) -> None:
    found = encodings.of_start(content)
    if found is not None:
        assert found in ("gb18030", "utf-16", "utf-32", "utf-16-le", "utf-16-be")


def test_a_table_in_utf_16_keeps_every_row(tmp_path: Path) -> None:
    rows = "".join(f"{n},客户{n}\n" for n in range(1, 200_001))
    loaded = load(tmp_path, ("customer_id,customer_name\n" + rows).encode("utf-16"))
    assert loaded.ledger.rows_kept == 200_000


def test_utf_16_that_ends_in_half_a_character_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError, match=r"is not in UTF-16"):
        load(tmp_path, CHINESE.encode("utf-16")[:-1])
