"""What do the simulated salespeople write? Two nurture plans of six steps, in English and Chinese.

No text has a comma, a quote or a line break of its own, so that the files need no quotes.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa

from workbench.samples import lists

#: Channel by number, in the order of the contract.
CHANNELS = ("wechat", "qq", "email", "sms", "phone", "visit")
WECHAT, QQ, EMAIL, SMS, PHONE, VISIT = range(6)
LANGUAGES = ("en", "zh")
VARIANTS = ("A", "B")
STEPS = 6


@dataclass(frozen=True)
class Plan:
    """One nurture plan: its length, the day of each step, and which channels each prefers."""

    name: str
    cycle_days: int
    days: tuple[int, ...]
    channels: tuple[tuple[int, ...], ...]


_WRITTEN = (WECHAT, SMS, EMAIL, QQ)
_MAIL_FIRST = (EMAIL, WECHAT, SMS, QQ)
_TEXT_FIRST = (SMS, WECHAT, EMAIL, QQ)
_CALL = (PHONE, *_WRITTEN)
#: A plan for people and one for firms; the days are those of the even rule.
PLANS = (
    Plan("Wake-up", 30, (1, 2, 9, 16, 23, 30),
         (_WRITTEN, _WRITTEN, _MAIL_FIRST, _TEXT_FIRST, _WRITTEN, _CALL)),
    Plan("Tasting", 14, (1, 2, 5, 8, 11, 14),
         (_MAIL_FIRST, _WRITTEN, _MAIL_FIRST, _WRITTEN, _CALL, _MAIL_FIRST)),
)  # fmt: skip

#: Steps (from 0) whose written templates come in two variants: B ends in a question.
ASKED_STEPS = (0, 2)
#: The step (from 0) whose template was rewritten while the plans ran.
REWRITTEN_STEP = 3
_APPROVER = "Lin Yue 林悦"
#: Days of the programme on which the templates, and the rewritten one, come into use.
_FIRST_APPROVED, REWRITE_APPROVED = 0, 120

#: Topic, English and Chinese body: six letters of the first plan, then six of the second.
_LETTERS = lists.rows("letters")
_QUESTIONS = (" What do you drink at the moment?", "您平时喝什么呢？")
_REWRITES = (" May I send you one?", "要给您寄一份吗？")

#: What leads answer, by feedback and language; nothing here was ever written by anybody.
ANSWERS = {
    "positive": (
        ("That sounds good - when could you come?", "Please send me the price list."),
        ("听起来不错，什么时候方便？", "请发一下价目表。"),
    ),
    "negative": (
        ("Please do not write again.", "We have a supplier and are happy."),
        ("请不要再联系了。", "我们已有固定供应商。"),
    ),
    "none": (
        ("Thank you - I shall read it later.", "I am travelling until next week."),
        ("谢谢，我稍后看。", "我出差到下周。"),
    ),
}


def template_id(plan: int, step: int, channel: int) -> str:
    """Name the template of a plan, a step (from 0) and a channel."""
    return f"T{plan + 1}{step + 1}-{CHANNELS[channel]}"


def template_table(programme_start: np.datetime64) -> pa.Table:
    """Which templates has the company? One row per template, version, language and variant."""
    first = programme_start.astype("datetime64[D]")
    rows: list[dict[str, object]] = []
    places = [(number, step) for number in range(len(PLANS)) for step in range(STEPS)]
    for letter, (number, step) in zip(_LETTERS, places, strict=True):
        for channel in sorted(PLANS[number].channels[step]):
            variants = VARIANTS if step in ASKED_STEPS and channel != PHONE else VARIANTS[:1]
            versions = (1, 2) if step == REWRITTEN_STEP else (1,)
            for version, language, variant in product(versions, LANGUAGES, variants):
                place = LANGUAGES.index(language)
                more = _QUESTIONS[place] if variant == "B" else ""
                more += _REWRITES[place] if version == 2 else ""
                approved = REWRITE_APPROVED if version == 2 else _FIRST_APPROVED
                rows.append(
                    {
                        "template_id": template_id(number, step, channel),
                        "plan": letter["plan"],
                        "step": step + 1,
                        "channel": CHANNELS[channel],
                        "template_version": version,
                        "language": language,
                        "variant": variant,
                        "topic": letter["topic"],
                        "subject": letter["topic"] if channel == EMAIL else None,
                        "body": letter[language] + more,
                        "approved_by": _APPROVER,
                        "approved_on": (first + approved - 14).item(),
                    }
                )
    # a draft that nobody has approved: an answer has to leave it alone
    rows.append(rows[0] | {"template_version": 2, "approved_by": None, "approved_on": None})
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    approved_on = pa.array(columns["approved_on"], type=pa.date32())
    return pa.table({**columns, "approved_on": approved_on})
