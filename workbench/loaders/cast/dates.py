"""How are the dates of a column written? Found from all its values, never guessed for one row.

Every form is recognised by a pattern over the whole text and turned into ISO text, which
``contract`` then reads as it reads ISO from any file. Forms in which the day could be the month
are told apart by the values above 12; where there are none, the load is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench import errors
from workbench.load_options import LoadOptions
from workbench.loaders.cast.texts import Seen, ascii_text, has_year, joined_offset, matches
from workbench.loaders.open.sql import literal

_MONTHS = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?"
    "|nov(ember)?|dec(ember)?"
)
_SHORT = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_CLOCK = (
    r"(\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?[AaPp][Mm])?"
    r"|(上午|下午) ?\d{1,2}:\d{2}(:\d{2})?"
    r"|(上午|下午)? ?\d{1,2}[时点]\d{1,2}分(\d{1,2}秒)?)"
)
_WEEKDAY = r"([ (]*(星期|周|週|礼拜|禮拜)[一二三四五六日天][ )]*)?"
_AFTER = rf"([ T,]+{_CLOCK})?"
# An English weekday around a date, and an offset after a clock, as mail and browsers write them:
# Thu, 05 Mar 2026 14:30:00 GMT+0800 (China Standard Time)
_ENGLISH_DAY = r"(?i)(^|[ (,]+)((mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?)[.,)]*( |$)"
_OFFSET = (
    r"(:\d{2}(\.\d+)?( ?[AaPp][Mm])?) ?(Z|UTC|GMT)?(([+-])(\d{1,2})(:?(\d{2}))?)?( \([^()]*\))?$"
)
_UPTO12, _DAY = "(0?[1-9]|1[0-2])", r"(1[3-9]|2\d|3[01])"
_SLASH = "[./-]"
_NAMED_DAY = rf"(?i)\d{{1,2}}[ ./-]*({_MONTHS})[ .,/-]*"
_NAMED_MONTH = rf"(?i)({_MONTHS})[ .-]*\d{{1,2}}(,| |, )"

# What a text looks like, the first that fits; patterns are RE2 over the whole text.
_PATTERNS: dict[str, str] = {
    # ISO that DuckDB did not read: 2026-02-30
    "other": r"\d{4}(-\d{1,2}-|/\d{1,2}/)\d{1,2}([ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?",
    "year_first": (
        r"\d{4}(-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{1,2}" + _WEEKDAY + _AFTER + "|"
        r"\d{4}年\d{1,2}月\d{1,2}[日号]?" + _WEEKDAY + "([ T,]*" + _CLOCK + ")?"
    ),
    "day_first": f"{_DAY}{_SLASH}{_UPTO12}{_SLASH}\\d{{4}}{_AFTER}",
    "month_first": f"{_UPTO12}{_SLASH}{_DAY}{_SLASH}\\d{{4}}{_AFTER}",
    "day_or_month_first": f"{_UPTO12}{_SLASH}{_UPTO12}{_SLASH}\\d{{4}}{_AFTER}",
    "day_month_name": rf"{_NAMED_DAY}\d{{4}}{_AFTER}",
    "month_name_day": rf"{_NAMED_MONTH}\d{{4}}{_AFTER}",
    "digits": (
        r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])[0-5]\d([0-5]\d)?)?"
    ),
    "excel": r"[3-5]\d{4}(\.\d+)?",
    "epoch_seconds": r"1[0-8]\d{8}(\.\d+)?",
    "epoch_milliseconds": r"1[0-8]\d{11}",
    "two_digit_year": (
        rf"(?i)\d{{1,2}}{_SLASH}\d{{1,2}}{_SLASH}\d{{2}}{_AFTER}|\d{{2}}年\d{{1,2}}月\d{{1,2}}[日号]?.*"
        rf"|{_NAMED_DAY[4:]}\d{{2}}{_AFTER}|{_NAMED_MONTH[4:]}\d{{2}}{_AFTER}"
    ),
}
_NUMERIC = ("day_first", "month_first", "day_or_month_first")
_COUNTED = {"excel": "Excel serial numbers", "epoch_seconds": "seconds since 1970"} | {
    "epoch_milliseconds": "milliseconds since 1970"
}
# What is a date whatever stands around it: counted days and bare digits could be any number.
UNCOUNTED = frozenset({"iso", *_PATTERNS} - {"other", "digits", *_COUNTED})
# What date_format may say beside the codes of strptime.
STATED = ("iso", *_COUNTED)
_LAST_SERIAL = 2_958_465
_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True)
class DateForm:
    """How one column's dates are written: its family, and how a person would say it."""

    family: str
    written: str


ISO = DateForm("iso", "%Y-%m-%d")


def kind(cell: str) -> str:
    """Write the SQL that says what a trimmed cell looks like; '' for an empty one.

    Parameters
    ----------
    cell
        SQL of the trimmed text.
    """
    text = _date_alone(ascii_text(cell))
    whens = " ".join(
        f"WHEN {matches(cell if name == 'other' else text, pattern)} THEN {literal(name)}"
        for name, pattern in _PATTERNS.items()
    )
    return f"CASE WHEN {cell} = '' THEN '' WHEN {is_iso(cell)} THEN 'iso' {whens} ELSE 'other' END"


def _date_alone(text: str) -> str:
    """Write a text without its weekday and its offset: the date is what is left."""
    day = f"regexp_replace({text}, {literal(_ENGLISH_DAY)}, ' ')"
    alone = f"trim(regexp_replace({day}, {literal(_OFFSET)}, '\\1'))"
    return f"(CASE WHEN {_is_dressed(text)} THEN {alone} ELSE {text} END)"


def _is_dressed(text: str) -> str:
    """Write whether a text may hold a weekday or an offset: cheap, and most hold neither."""
    return f"regexp_matches({text}, '(?i)(mon|tue|wed|thu|fri|sat|sun)|:.*[ztc+-]')"


def _offset(text: str) -> str:
    """Write the offset after a text's clock as ISO has it; '' where there is none."""
    zone, sign, hours, minutes = (
        f"regexp_extract({text}, {literal(_OFFSET)}, {group})" for group in (4, 6, 7, 9)
    )
    return (
        f"CASE WHEN NOT {_is_dressed(text)} THEN '' WHEN {sign} <> '' THEN {sign} || lpad({hours}, 2, '0') || ':' || "
        f"rpad({minutes}, 2, '0') WHEN {zone} <> '' THEN '+00' ELSE '' END"
    )


def is_iso(cell: str) -> str:
    """Write the condition that DuckDB's own cast reads a text as the date it is.

    It would also read 26-03-05 as the year 26, and take PM for a time zone.
    """
    half = f"{cell}[-1] IN ('m', 'M') AND regexp_matches({cell}, '[0-9] ?[AaPp][Mm]$')"
    return f"({has_year(cell)} AND NOT ({half}) AND TRY_CAST({joined_offset(cell)} AS TIMESTAMP) IS NOT NULL)"


def found(seen: Mapping[str, Seen], where: str, options: LoadOptions) -> DateForm:
    """Decide from all values of a column how its dates are written.

    Parameters
    ----------
    seen
        Kinds of ``kind`` and how many values are so.
    where
        The column, as messages name it.
    options
        Whether the day stands first, if that is stated, and the zone the times become.

    Raises
    ------
    ContractError
        Nothing tells day from month, years have two digits, or numbers may or may not be dates.
    """
    groups = {"iso": "year_first"} | dict.fromkeys(_NUMERIC, "numeric")
    families: dict[str, int] = {}
    for looks, entry in seen.items():
        family = groups.get(looks, looks)
        if family not in ("", "other", "real"):
            families[family] = families.get(family, 0) + entry.count
    if not families:
        return ISO
    family = max(families, key=lambda one: families[one])
    if family == "numeric":
        return _numeric(seen, where, options.day_first)
    example = seen["iso" if family == "year_first" and "iso" in seen else family].example
    if family == "two_digit_year":
        raise errors.ContractError(
            f"{where}: years have two digits ({example!r}).",
            mend="State how dates are written, for example date_format='%d.%m.%y'; or write years "
            "with four digits at the source.",
        )
    if family in _COUNTED:
        if len(families) > 1:
            other = next(one for one in seen if groups.get(one, one) in set(families) - {family})
            raise errors.ContractError(
                f"{where}: most values are numbers ({example!r}), others are dates "
                f"({seen[other].example!r}).",
                mend=f"Write all dates one way at the source; or state date_format='{family}' if "
                f"the numbers are {_COUNTED[family]}.",
            )
        if options.local_zone is None and family != "excel":
            raise _moments_without_zone(where, example, family)
        return DateForm(family, family)
    if family == "year_first" and seen.keys() <= {"iso", "other", "real", ""}:
        return ISO
    return DateForm(family, strptime_codes(example, family))


def _numeric(seen: Mapping[str, Seen], where: str, day_first: bool | None) -> DateForm:
    """Decide which number is the day: as stated, or by the values above 12."""
    days, months = seen.get("day_first"), seen.get("month_first")
    either = seen.get("day_or_month_first")
    if day_first is None and days and months:
        raise errors.ContractError(
            f"{where} holds days first ({days.example!r}, {days.count:,} times) and months "
            f"first ({months.example!r}, {months.count:,} times).",
            mend="State which holds, day_first=True or day_first=False, and the other rows are "
            "rejected; or write all dates one way at the source.",
        )
    if day_first is None and not days and not months and either:
        raise errors.ContractError(
            f"{where}: day and month cannot be told apart, no value is above 12 "
            f"({either.example!r}).",
            mend="State day_first=True or day_first=False, or the whole form: "
            "date_format='%d/%m/%Y'; on the command line --day-first or --month-first.",
        )
    order = "day_first" if (days if day_first is None else day_first) else "month_first"
    example = next(entry for entry in (days, months, either) if entry).example
    return DateForm(order, strptime_codes(example, order))


def _moments_without_zone(where: str, example: str, family: str) -> errors.ContractError:
    return errors.ContractError(
        f"{where} holds {_COUNTED[family]} ({example!r}): moments in UTC.",
        mend="State the zone the times become: local_timezone='Asia/Shanghai', "
        'or in workbench.toml: timezone = "Asia/Shanghai".',
    )


def stated(form: str, where: str, zone: str | None) -> DateForm:
    """Give the form that ``date_format`` names by a word.

    Raises
    ------
    ContractError
        Seconds since 1970 need a zone that they become times of.
    """
    if form.startswith("epoch") and zone is None:
        raise _moments_without_zone(where, "1772668800", form)
    return DateForm(form, "%Y-%m-%d" if form == "iso" else form)


def strptime_codes(example: str, family: str) -> str:
    """Say a form in the codes of strptime, from a text that is written so.

    Examples
    --------
    >>> strptime_codes("5.3.2026 14:30", "day_first")
    '%d.%m.%Y %H:%M'
    >>> strptime_codes("Mar 5, 2026 2:30 PM", "month_name_day")
    '%b %d, %Y %I:%M %p'
    >>> strptime_codes("2026年3月5日 下午2:30", "year_first")
    '%Y年%m月%d日 %p%I:%M'
    >>> strptime_codes("Thu, 5 Mar 2026 06:30:00 +0000", "day_month_name")
    '%a, %d %b %Y %H:%M:%S %z'
    """
    if family == "digits":
        return {8: "%Y%m%d", 12: "%Y%m%d%H%M"}.get(len(example), "%Y%m%d%H%M%S")
    orders = {"year_first": "Ymd", "day_first": "dmY", "month_first": "mdY"}
    codes = list(orders.get(family, "dY"))
    half = re.search("上午|下午|[AaPp][Mm]$", example)
    codes += ["I" if half else "H", "M", "S", "f"]
    offset = re.search(_OFFSET, example)
    if offset and (offset[4] or offset[5]):
        said = example[offset.end(1) :]
        code = said.replace(offset[5], "%z") if offset[5] else said.replace(offset[4], "%Z")
        return strptime_codes(example[: offset.end(1)], family) + code
    if day := re.search(_ENGLISH_DAY, example):
        said = "%A" if day[7] else "%a"
        example = example[: day.start(2)] + said + example[day.end(2) :]
    form = re.sub(rf"(?i)\b({_MONTHS})\b", "%b", example)
    form = re.sub("上午|下午|(?i:[ap]m$)", "%p", form)
    return re.sub(r"\d+", lambda _: f"%{codes.pop(0)}", form)


def to_iso(cell: str, form: DateForm) -> str | None:
    """Write the SQL that turns a trimmed cell into ISO text; '?' where it is not in the form.

    None where the column is ISO: there is nothing to turn.
    """
    if form.family == "iso":
        return None
    whole = ascii_text(cell)
    text = _date_alone(whole)
    if form.family in _COUNTED:
        turned = _counted(cell, form.family)
    else:
        both = {"day_first": (0, 2), "month_first": (1, 2)}.get(form.family)
        pattern = "|".join(_PATTERNS[_NUMERIC[place]] for place in both) if both else None
        parsed = _parsed(text, form.family)
        day = f"contains({text}, ':') OR contains({text}, '点') OR contains({text}, '时')"
        if form.family == "digits":
            day = f"length({cell}) > 8"
        fits = matches(text, pattern or _PATTERNS[form.family])
        turned = (
            f"CASE WHEN {fits} THEN CASE WHEN {day} THEN CAST({parsed} AS VARCHAR) || {_offset(whole)} "
            f"ELSE left(CAST({parsed} AS VARCHAR), 10) END END"
        )
        if form.family == "year_first":
            turned = f"CASE WHEN {is_iso(cell)} THEN {cell} ELSE {turned} END"
    return f"CASE WHEN {cell} = '' THEN '' ELSE coalesce({turned}, '?') END"


def _parsed(text: str, family: str) -> str:
    """Write the TIMESTAMP of a text that fits its family's pattern.

    The clock decides which format is tried: DuckDB tries many in turn, but each miss is slow.
    """
    if family == "digits":
        forms = {12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
        whens = " ".join(
            f"WHEN {size} THEN {_strptime(text, form)}" for size, form in forms.items()
        )
        return f"CASE length({text}) {whens} ELSE {_strptime(text, '%Y%m%d')} END"
    orders = {"year_first": "%Y/%m/%d", "day_first": "%d/%m/%Y", "month_first": "%m/%d/%Y"}
    plain = f"replace({text}, 'T', ' ')"
    # 周日 holds 日: the weekday goes first
    plain = (
        f"regexp_replace({plain}, {literal(_WEEKDAY[:-1])}, ' ')"
        if family == "year_first"
        else plain
    )
    if family in orders:
        date = orders[family]
        changes = {"年": "/", "月": "/", "日": " ", "号": " ", "-": "/", ".": "/", ",": " "}
        changes |= {"上午": "AM ", "下午": "PM ", "时": ":", "点": ":", "分": ":", "秒": ""}
        for old, new in changes.items():
            plain = f"replace({plain}, {literal(old)}, {literal(new)})"
        plain = (
            f"regexp_replace(trim({plain}), ' +', ' ', 'g')" if family == "year_first" else plain
        )
    else:
        date = "%d %b %Y" if family == "day_month_name" else "%b %d %Y"
        plain = f"regexp_replace({text}, {literal(f'(?i)({_SHORT})[a-z]*')}, '\\1 ')"
        plain = f"regexp_replace({plain}, '[ ,./-]+', ' ', 'g')"
    colons = f"length({plain}) - length(replace({plain}, ':', ''))"
    last = f"upper(right({plain}, 1))"
    half = [f"{date} %p %I:%M", f"{date} %p %I:%M:", f"{date} %p %I:%M:%S"]
    suffixed = [f"{date} %I:%M %p", f"{date} %I:%M%p", f"{date} %I:%M:%S %p", f"{date} %I:%M:%S%p"]
    full = [f"{date} %H:%M:%S", f"{date} %H:%M:", f"{date} %H:%M:%S/%f", f"{date} %H:%M:%S %f"]
    return (
        f"CASE WHEN NOT contains({plain}, ':') THEN {_strptime(plain, date)} "
        f"WHEN {last} = 'M' THEN {_strptime(plain, *suffixed)} "
        f"WHEN contains({plain}, 'AM ') OR contains({plain}, 'PM ') THEN {_strptime(plain, *half)} "
        f"WHEN {colons} = 1 THEN {_strptime(plain, f'{date} %H:%M')} "
        f"ELSE {_strptime(plain, *full)} END"
    )


def _strptime(text: str, *forms: str) -> str:
    return f"try_strptime({text}, [{', '.join(literal(form) for form in forms)}])"


def _counted(cell: str, family: str) -> str:
    """Write the ISO text of a number of days or seconds; seconds carry their offset, UTC."""
    number = f"TRY_CAST({cell} AS DOUBLE)"
    if family == "excel":
        # Before March 1900 Excel counts a day that never was. Times are kept to the millisecond.
        moment = f"(TIMESTAMP '1899-12-30' + to_milliseconds(CAST(round({number} * 86400000) AS BIGINT)))"
        day = f"CASE WHEN {number} = floor({number}) THEN left(CAST({moment} AS VARCHAR), 10) ELSE CAST({moment} AS VARCHAR) END"
        return f"CASE WHEN {number} >= 61 AND {number} < {_LAST_SERIAL + 1} THEN {day} END"
    thousandth = 1 if family == "epoch_milliseconds" else 1000
    moment = f"epoch_ms(CAST(round({number} * {thousandth}) AS BIGINT))"
    return (
        f"CASE WHEN abs({number}) * {thousandth} <= {_LAST_SECOND}000 "
        f"THEN CAST({moment} AS VARCHAR) || '+00' END"
    )


def why_not(cell: str, form: DateForm) -> str:
    """Write the SQL that says why a cell is none of its column's dates."""
    own = {"other", "two_digit_year", form.family}
    own |= {"day_or_month_first"} if form.family in _NUMERIC else set()
    own |= {"iso", "year_first"} if form.family in ("iso", "year_first") else set()
    others = ", ".join(literal(name) for name in ("iso", *_PATTERNS) if name not in own)
    looks = kind(cell)
    return (
        f"CASE WHEN {looks} = 'two_digit_year' THEN 'two_digit_year' "
        f"WHEN {looks} IN ({others}) THEN 'other_date_form' ELSE 'not_a_date' END"
    )
