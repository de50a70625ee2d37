"""When two addresses are one: phones by digits whoever wrote them, all else by folded text."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import addresses

SAME = {
    "no country's": (None, ["+999 00 0000001", "+999000000001", "+999-00-0000001", "00999000000001",
                            "(00999) 00 0000001", "＋９９９ 00 0000001", "\u200e+999 00 0000001"]),
    "German": ("DE", ["+49 (0)30 12 34-56", "0049 30 123456", "030/123456", "030 12 34 56",
                      "tel:+49-30-123456", "4930123456", "'+4930123456"]),
    "Chinese": ("CN", ["138 0013 8000", "+86 138-0013-8000", "008613800138000", "13800138000.0",
                       "８６１３８００１３８０００", '="13800138000"']),
    "with an extension": ("CN", ["010-12345678转801", "+86 10 12345678 ext. 801", "01012345678x801",
                                 "(010) 1234 5678 分机：801", "tel:+86-10-12345678;ext=801"]),
    "without a country, as programs write it": (None, ["+49 30 123456", "4930123456"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAME)
def test_one_number_is_one_however_it_is_written(kind: str) -> None:
    country, written = SAME[kind]
    known = {addresses.phone(number, country=country) for number in written}
    assert len(known) == 1
    assert None not in known


def test_another_number_country_or_extension_is_another() -> None:
    written = ["+49 30 123456", "+49 30 123456 ext. 1", "+49 30 123456 ext. 2", "+43 30 123456",
               "030 123456", "+999 00 0000001", "+999 00 0000002"]  # fmt: skip
    assert len({addresses.phone(number) for number in written}) == len(written)
    assert addresses.phone("030 123456", country="DE") != addresses.phone("030 123456")


@pytest.mark.parametrize("written", ["", "-", "call me", "12", "1.38E+10", "无"])
def test_what_holds_no_number_is_none(written: str) -> None:
    assert addresses.phone(written) is None
    assert addresses.phone(written, country="XX") is None


@given(st.text(max_size=30))
def test_any_text_can_be_compared(written: str) -> None:
    number = addresses.phone(written, country="CN")
    assert number is None or number.replace(";", "").isdigit()
    typed, extension = addresses.dialled(written)
    assert set(typed + extension) <= set("0123456789+*#")
    addresses.folded("email", pd.Series([written]))


def test_all_else_is_compared_by_folded_text() -> None:
    mails = pd.Series(
        [" Ada@Mail.example", "ada@mail.example\u200b", "ＡＤＡ@mail.example", None, " "]
    )
    assert (
        addresses.folded("email", mails).fillna("").tolist() == ["ada@mail.example"] * 3 + [""] * 2
    )
    streets = addresses.folded("visit", pd.Series(["1  Example Road", "1 example road"]))
    assert streets.nunique() == 1


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+44 20 7946 0958 (office)", "442079460958"),
        ("0044 20 7946 0958 mobile", "442079460958"),
        ("+44 20 7946 0958 - Anna", "442079460958"),
        ("13800138000 work", "8613800138000"),
        ("手机：138 0013 8000（微信同号）", "8613800138000"),
        ("Tel.: +49 30 123456 x12 (Ada)", "4930123456;12"),
        ("13800138000/13900139000", "8613800138000"),
        ("010-12345678-801", "861012345678;801"),
        ("010-12345678(801)", "861012345678;801"),
    ],
)
def test_a_remark_is_no_part_of_a_number(written: str, number: str) -> None:
    assert addresses.phone(written, country="CN") == number
    assert addresses.dialled(written, country="CN")[0] == "+" + number.partition(";")[0]


@pytest.mark.parametrize(
    "written",
    [
        "fi@x.example", " FI@X.example\u200b", "Fi Poe <fi@x.example>", '"Poe, Fi" <Fi@X.Example>',
        "'fi@x.example'", "<fi@x.example>", "< fi@x.example >", "fi@x.example (Fi Poe)",
        "mailto:fi@x.example", "MAILTO:fi%40x.example?subject=Hi", "Fi <mailto:fi@x.example>",
        "Fi Poe fi@x.example", "fi @ x.example", "“Fi” ＜fi＠x.example＞", "fi@x.example.",
        '"fi@work" <fi@x.example>', "fi@x.example <fi@x.example>", "邮箱：fi@x.example、",
    ],
)  # fmt: skip
def test_a_mailbox_is_one_whatever_stands_around_it(written: str) -> None:
    assert addresses.mail(written) == "fi@x.example"


@pytest.mark.parametrize(
    "written",
    [
        "fi+tea@x.example", "o'fi@x.example", "fi@x.example.org", "fi@x.example, bo@x.example",
        "fi@x.example?bcc=bo@x.example", "Fi Poe", "Fi <bo@x.example>", '"fi poe"@x.example',
    ],
)  # fmt: skip
def test_another_mailbox_or_several_are_another(written: str) -> None:
    assert addresses.mail(written) != "fi@x.example"
