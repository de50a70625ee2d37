"""What do the simulated salespeople write? Two nurture plans of six steps, in English and Chinese.

No text has a comma, a quote or a line break of its own, so that the files need no quotes.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

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
#: A plan for people and one for firms; the days are those of the even rule.
PLANS = (
    Plan(
        "Wake-up",
        30,
        (1, 2, 9, 16, 23, 30),
        (
            _WRITTEN,
            _WRITTEN,
            (EMAIL, WECHAT, SMS, QQ),
            (SMS, WECHAT, EMAIL, QQ),
            _WRITTEN,
            (PHONE, *_WRITTEN),
        ),
    ),
    Plan(
        "Tasting",
        14,
        (1, 2, 5, 8, 11, 14),
        (
            (EMAIL, WECHAT, SMS, QQ),
            _WRITTEN,
            (EMAIL, WECHAT, SMS, QQ),
            _WRITTEN,
            (PHONE, *_WRITTEN),
            (EMAIL, WECHAT, SMS, QQ),
        ),
    ),
)

#: Steps (from 0) whose written templates come in two variants: B ends in a question.
ASKED_STEPS = (0, 2)
#: The step (from 0) whose template was rewritten while the plans ran.
REWRITTEN_STEP = 3
_APPROVER = "Lin Yue 林悦"
#: Days of the programme on which the templates, and the rewritten one, come into use.
_FIRST_APPROVED, REWRITE_APPROVED = 0, 120

#: Topic, English and Chinese body, for each plan and step.
_TEXTS = (
    (
        (
            "Who we are",
            "Hello {lead_name}. This is {owner_name} of the pantry supply. You once asked about "
            "our coffee and tea. No hurry at all: I only want you to know whom to ask.",
            "{lead_name}您好！我是茶咖食材的{owner_name}。您之前了解过我们的咖啡和茶。不着急：有问题随时找我。",
        ),
        (
            "A first taste",
            "A small thing that helps {lead_name}: grind just before brewing and use water that "
            "has stopped boiling for half a minute. The rest is taste.",
            "{lead_name}，分享一个小窍门：现磨现冲，水开后静置半分钟再冲。剩下的就看口味了。",
        ),
        (
            "How others choose",
            "Hello {lead_name}. Here is how most people begin: one light roast and one dark and two weeks "
            "of drinking both. What stays is yours.",
            "{lead_name}，多数人是这样开始的：一款浅烘，一款深烘，各喝两周。最后留下的就是适合您的。",
        ),
        (
            "What is in season",
            "New this month for {lead_name}: the spring harvest has come in. I keep a small bag "
            "aside for people I know.",
            "{lead_name}，本月新到春季产区的豆子和茶。我给熟悉的朋友留了小份试饮装。",
        ),
        (
            "A question answered",
            "Hello {lead_name}. People often ask me how long beans keep. Four weeks in a closed bag away "
            "from light. Ask me anything else at {owner_phone}.",
            "{lead_name}，常有人问豆子能放多久。避光密封约四周。其他问题打给我：{owner_phone}。",
        ),
        (
            "May I call",
            "Hello {lead_name}. This is the last of my notes. If coffee or tea ever comes up: "
            "{owner_name} at {owner_phone}.",
            "{lead_name}，这是最后一次打扰。以后用到咖啡或茶，找{owner_name}：{owner_phone}。",
        ),
    ),
    (
        (
            "A tasting for the team",
            "Hello {lead_name}. {owner_name} here. We bring a tasting of four coffees and two teas "
            "to firms like {company}. It costs nothing and takes half an hour.",
            "{lead_name}您好！我是{owner_name}。我们为{company}这样的企业提供四款咖啡、两款茶的上门品鉴。免费，半小时。",
        ),
        (
            "What a cup costs",
            "Hello {lead_name}. A cup from a good machine costs less than half of one from the corner "
            "shop. I can do the sum for {company}.",
            "{lead_name}，好机器做的一杯咖啡，成本不到门店的一半。我可以为{company}算一笔账。",
        ),
        (
            "How an office chose",
            "Hello {lead_name}. An office of forty let its people vote after a tasting. They drink more "
            "tea than they thought. I can tell you how they did it.",
            "{lead_name}，一家四十人的公司品鉴后投票选择。结果喝茶的比想象的多。可以讲讲他们的做法。",
        ),
        (
            "Service",
            "Hello {lead_name}. Machines stand still when nobody looks after them. Ours are seen to "
            "within a day and the fridge is filled each week.",
            "{lead_name}，机器没人管就会闲置。我们一天内上门维护，每周补货。",
        ),
        (
            "A date",
            "Hello {lead_name}. I am near {company} next week. Shall I bring the tasting along? "
            "{owner_phone} reaches me.",
            "{lead_name}，我下周在{company}附近。要不要把品鉴带过来？电话：{owner_phone}。",
        ),
        (
            "The door stays open",
            "Hello {lead_name}. I will not write again for now. The tasting for {company} stays open: "
            "{owner_name} at {owner_phone}.",
            "{lead_name}，我暂时不再打扰。给{company}的品鉴随时有效：{owner_name}，{owner_phone}。",
        ),
    ),
)
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
    for number, plan in enumerate(PLANS):
        for step in range(STEPS):
            topic, *bodies = _TEXTS[number][step]
            for channel in sorted(plan.channels[step]):
                asked = step in ASKED_STEPS and channel != PHONE
                versions = (1, 2) if step == REWRITTEN_STEP else (1,)
                for version in versions:
                    for place, language in enumerate(LANGUAGES):
                        for variant in VARIANTS if asked else VARIANTS[:1]:
                            more = _QUESTIONS[place] if variant == "B" else ""
                            more += _REWRITES[place] if version == 2 else ""
                            approved = REWRITE_APPROVED if version == 2 else _FIRST_APPROVED
                            rows.append(
                                {
                                    "template_id": template_id(number, step, channel),
                                    "plan": plan.name,
                                    "step": step + 1,
                                    "channel": CHANNELS[channel],
                                    "template_version": version,
                                    "language": language,
                                    "variant": variant,
                                    "topic": topic,
                                    "subject": topic if channel == EMAIL else None,
                                    "body": bodies[place] + more,
                                    "approved_by": _APPROVER,
                                    "approved_on": first + approved - 14,
                                }
                            )
    # a draft that nobody has approved: an answer has to leave it alone
    rows.append(rows[0] | {"template_version": 2, "approved_by": None, "approved_on": None})
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["approved_on"] = [
        None if day is None else np.datetime64(str(day), "D").item()
        for day in columns["approved_on"]
    ]
    return pa.table(columns).set_column(
        list(columns).index("approved_on"),
        "approved_on",
        pa.array(columns["approved_on"], type=pa.date32()),
    )
