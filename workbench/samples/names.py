"""What are the simulated customers and owners called? Names built from invented parts.

English company and family names are two made-up syllables, Chinese company names three characters
that make no known brand. Any likeness to a real firm or person is chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.samples.seasons import Integers


def _words(listed: str, between: str | None = None) -> list[str]:
    return listed.split(between)


def _signs(signs: str, spoken: str) -> dict[str, str]:
    return dict(zip(signs, spoken.split(), strict=True))


_HEADS = _words(
    "Bram Cald Dorn Fenn Garv Hald Ister Jorv Kest Lom Mard Nev Oster Pem Quen Rost Sev Tarn "
    "Ulv Varn Wend Yorn Zem Brin Corv Dray Aldren Frad Thane Ombel"
)
_TAILS = _words(
    "wick mere stow combe vane lund sley rill quist barrow thwaite garth crane moor reeve tide "
    "wold hollow leigh aker"
)
_TRADES = _words(
    "Dental|Bakery|Hotel|Kitchen|Studio|Clinic|Design|Press|Logistics|Foods|Tools|Gallery|Academy|"
    "Robotics|Textiles|Gardens|Books|Roastery|Tea Rooms|Catering|Architects|Print Works|Boatyard|"
    "Cycles|Optics|Ceramics|Joinery|Music School|Florists|Legal",
    "|",
)
_FORMS = ("", " Ltd", " & Co", " Group")
_GIVEN = _words(
    "Ada Anton Beatrix Bruno Carla Cedric Dalia Edmund Elsa Felix Freya Gideon Greta Hanna Hugo "
    "Imogen Ivan Jana Jonas Kira Lennart Lidia Magnus Mina Nadia Niels Odette Oskar Petra Quentin "
    "Rosa Rufus Selma Silas Tamsin Tobias Ursula Viktor Willa Yannick"
)
_INITIALS = ("", *(f" {letter}." for letter in "ABCDEFGHJKLMNPRST"))

_FIRST_SIGN = _signs(
    "青云岚霁汀墨朗素予栖煦沐知映疏澹望溯昀苔",
    "Qing Yun Lan Ji Ting Mo Lang Su Yu Qi Xu Mu Zhi Ying Shu Dan Wang Su Yun Tai",
)
_SECOND_SIGN = _signs(
    "禾杉桥屿鹿舟棠麦竹川野雁棉橘帆枫笙砚苇桐",
    "He Shan Qiao Yu Lu Zhou Tang Mai Zhu Chuan Ye Yan Mian Ju Fan Feng Sheng Yan Wei Tong",
)
_THIRD_SIGN = _signs(
    "渡坊里湾舍巷谷汇集庭堂洲", "Du Fang Li Wan She Xiang Gu Hui Ji Ting Tang Zhou"
)
_ROOTS_ZH = [a + b + c for a in _FIRST_SIGN for b in _SECOND_SIGN for c in _THIRD_SIGN]
_ROOTS_PINYIN = [
    a + b.lower() + " " + c
    for a in _FIRST_SIGN.values()
    for b in _SECOND_SIGN.values()
    for c in _THIRD_SIGN.values()
]
_TRADES_ZH = _words(
    "咖啡馆|牙科诊所|面包房|设计工作室|民宿|茶舍|书店|食品有限公司|餐饮有限公司|科技有限公司|"
    "贸易有限公司|文化传媒有限公司|酒店|花店|建筑事务所|物流有限公司|印刷厂|陶艺工坊|幼儿园|健身中心",
    "|",
)
_TRADES_BOTH = dict(
    zip(
        _words("Bakery|Café|Tea House|Books|Foods|Tools|Hotel|Design|Logistics|Clinic", "|"),
        _words("面包房 咖啡馆 茶舍 书店 食品 工具 酒店 设计 物流 诊所"),
        strict=True,
    )
)
_FAMILY_ZH = "岑柏祁骆温裴阮闻简蓝庄舒邹俞纪梅柯章季翟宁尹耿覃卢"
_GIVEN_ZH_1 = "望予砚知疏景若书以亦昭沐听念令修采怀既初"
_GIVEN_ZH_2 = "舟禾棠言遥川宁白溪澜朔微桐笛圃苇岑霁枫"

_OWNERS = (
    ("Lin Yue 林悦", "Key accounts"),
    ("Henrik Calder", "Key accounts"),
    ("Qiao Shan 乔杉", "North and East"),
    ("Amara Whitlow", "North and East"),
    ("Chen Wei 陈未", "South and West"),
    ("Tilda Voss", "South and West"),
    ("Xu Ran 徐苒", "Online"),
    ("Marek Dolan", "Online"),
)
OWNER_NAMES = tuple(name for name, _ in _OWNERS)
OWNER_TEAMS = tuple(team for _, team in _OWNERS)
OWNER_IDS = tuple(f"S{number:02}" for number in range(1, len(_OWNERS) + 1))
#: No way to reach anybody: +999 is no country's code, and .example nobody's domain.
OWNER_PHONES = tuple(f"+999 11 {number:04}" for number in range(1, len(_OWNERS) + 1))
OWNER_EMAILS = tuple(f"{owner.lower()}@shop.example" for owner in OWNER_IDS)
OWNER_WECHATS = tuple(f"0wx-{owner.lower()}" for owner in OWNER_IDS)

REGIONS = ("North", "East", "South", "Central", "West", "Overseas")


#: Each form of name: how many choices each digit of its number has, and its pieces in order,
#: every one the list that the digit picks from.
_Pieces = tuple[tuple[int, NDArray[np.str_]], ...]


def _pieces(*pieces: tuple[int, Sequence[str]]) -> _Pieces:
    return tuple((digit, np.array(words, dtype=np.str_)) for digit, words in pieces)


_ROOTS_EN = [head + tail for head in _HEADS for tail in _TAILS]
_FORMS_OF_NAME: tuple[_Pieces, ...] = (
    _pieces((0, _ROOTS_EN), (1, [f" {trade}" for trade in _TRADES]), (2, _FORMS)),
    _pieces((0, _ROOTS_ZH), (1, _TRADES_ZH)),
    _pieces(
        (0, _ROOTS_PINYIN),
        (1, [f" {trade} " for trade in _TRADES_BOTH]),
        (0, _ROOTS_ZH),
        (1, list(_TRADES_BOTH.values())),
    ),
    _pieces((0, _GIVEN), (1, _INITIALS), (2, [f" {root}" for root in _ROOTS_EN])),
    _pieces((0, list(_FAMILY_ZH)), (1, list(_GIVEN_ZH_1)), (2, list(_GIVEN_ZH_2))),
)
#: The forms, by the number that stands for them.
COMPANY_EN, COMPANY_ZH, COMPANY_BOTH, PERSON_EN, PERSON_ZH = range(5)


@dataclass(frozen=True)
class Names:
    """All names a company's customers can have, shuffled once.

    The nth customer has the nth name of its form: no name comes twice among the first ten
    thousand customers; after that some do, as real ones do.
    """

    shuffled: tuple[Integers, ...]

    @classmethod
    def shuffle(cls, rng: np.random.Generator) -> "Names":
        """Put the numbers of all possible names of every form in random order."""
        return cls(tuple(rng.permutation(_size(pieces)) for pieces in _FORMS_OF_NAME))

    def of(self, form: Integers, customer: Integers) -> NDArray[np.str_]:
        """Name customers by form and running number."""
        names = np.full(len(form), "", dtype="U48")
        for code, (pieces, shuffled) in enumerate(zip(_FORMS_OF_NAME, self.shuffled, strict=True)):
            chosen = np.flatnonzero(form == code)
            rest = shuffled[customer[chosen] % len(shuffled)]
            digits = {}
            for digit, words in dict(pieces).items():
                rest, digits[digit] = np.divmod(rest, len(words))
            name = np.full(len(chosen), "", dtype=np.str_)
            for digit, words in pieces:
                name = np.char.add(name, words[digits[digit]])
            names[chosen] = name
        return names


def _size(pieces: _Pieces) -> int:
    return math.prod(len(words) for words in dict(pieces).values())
