"""In which encoding is this text? Said only where it is certain.

UTF-8 and UTF-16 prove themselves. GB18030 does not: almost any bytes decode in it. It is certain
where all lines decode, where what comes out is what Chinese is written with, in words and not
single signs, and where a good part of it is everyday Chinese; other encodings that decode, such as
Big5, EUC-KR or cp1251, come out as rare signs. Western code pages cannot be told from each other:
they have to be stated.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence

# The most frequent characters of Chinese, of its surnames, cities and tables.
_EVERYDAY = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运李刘陈杨黄"
    "赵周吴徐孙朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余叶杜苏魏吕丁沈任姚卢傅钟姜崔谭廖范汪陆"
    "石戴贾韦夏邱侯邹熊孟秦白江阎薛尹段雷龙史陶贺顾毛郝龚邵钱覃武丽娟秀英敏静伟强磊洋勇艳军杰涛超霞刚桂兰"
    "京津沪渝杭州深圳广东江苏浙福湖河川省县客户订单号编日期金额数量价货商店铺售销产姓电话地址备注状态部门负"
    "责类型税退款付费折扣元总计折会员买卖购下录始末级别渠供应库存"
)
_MOST_FAILING = 0.02
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\r\n\f")
_PRINTABLE = frozenset(range(0x20, 0x7F))
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bad lines of which none proves UTF-8: one or two may be damage, more are another encoding.
DAMAGED = 2


def of_start(start: bytes) -> str | None:
    r"""Which encoding does the beginning of a file prove? None where UTF-8 is to be tried.

    Examples
    --------
    >>> of_start("客户编号,金额\n张三,5\n".encode("gb18030"))
    'gb18030'
    >>> of_start("Müller,5\n".encode("cp1252")) is None
    True
    """
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return _utf16(start)
    return of_lines(start.splitlines(keepends=True))


def of_lines(lines: Iterable[bytes]) -> str | None:
    """Which encoding do the lines prove that are not ASCII? None where UTF-8 is to be tried."""
    foreign = [line for line in lines if not line.isascii()]
    if sum(not decodes(line, "utf-8") for line in foreign) * 2 <= len(foreign):
        return None
    return "gb18030" if is_chinese(foreign) else None


def proves_utf8(lines: Iterable[bytes]) -> bool:
    """Is there a line that is UTF-8 and not ASCII?"""
    return any(not line.isascii() and decodes(line, "utf-8") for line in lines)


def is_chinese(lines: Sequence[bytes]) -> bool:
    """Is it certain that lines which are not ASCII are Chinese in GB18030?"""
    texts = []
    for line in lines:
        try:
            texts.append(line.decode("gb18030"))
        except UnicodeDecodeError:
            continue
    if len(texts) < len(lines) * (1 - _MOST_FAILING):
        return False
    text = "".join(texts)
    signs = [sign for sign in text if not sign.isascii()]
    common, usual = 0, 0
    for sign in signs:
        lead = sign.encode("gb18030")
        both_high = len(lead) == 2 and lead[1] >= 0xA1
        usual += both_high and (0xA1 <= lead[0] <= 0xA3 or 0xB0 <= lead[0] <= 0xF7)
        common += both_high and (0xA1 <= lead[0] <= 0xA3 or 0xB0 <= lead[0] <= 0xD7)
    words = re.findall("[\u4e00-\u9fff]+", text)
    ideographs = sum(map(len, words))
    in_words = sum(len(word) for word in words if len(word) > 1)
    everyday = sum(sign in _EVERYDAY for sign in signs)
    return (
        ideographs >= 2
        and common >= 0.7 * len(signs)
        and usual >= 0.8 * len(signs)
        and in_words >= 0.5 * ideographs
        and everyday >= 0.3 * ideographs
    )


def _utf16(start: bytes) -> str | None:
    """UTF-16 without a mark: zeros on one side only, and text when decoded."""
    whole = start[: len(start) // 2 * 2]
    first, second = whole[::2], whole[1::2]
    zeros = max(first.count(0), second.count(0))
    encoding = "utf-16-le" if second.count(0) == zeros else "utf-16-be"
    # 一 is a zero on the other side.
    others = min(first.count(0), second.count(0))
    if zeros < 3 or zeros * 20 < len(first) or others * 4 > zeros:
        return None
    # ASCII with stray zeros: the other pairs are two ASCII signs, which few Chinese ones look like.
    pairs = [pair for pair in zip(first, second, strict=True) if 0 not in pair]
    if sum(pair[0] in _PRINTABLE and pair[1] in _PRINTABLE for pair in pairs) * 2 > len(pairs):
        return None
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(whole)
    except UnicodeDecodeError:
        return None
    strange = any(
        sign in _CONTROLS or unicodedata.category(sign) in ("Cn", "Co", "Cs") for sign in set(text)
    )
    return None if strange else encoding


def decodes(line: bytes, encoding: str) -> bool:
    """Can these bytes be read in an encoding?"""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def is_sound(text: str) -> bool:
    """Is this text without a byte that is not in the encoding?"""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
