"""What stands in the tables of nurture: leads, touches, templates and planned steps?"""

from collections.abc import Collection

from workbench.schema.contracts import Column, Table, filled

#: The ways to reach somebody, and the column of ``leads`` that holds the address for each.
CHANNELS = {
    "wechat": "wechat", "qq": "qq", "email": "email", "sms": "phone", "phone": "phone",
    "visit": "address",
}  # fmt: skip
#: The addresses that lists show which people are called from, where the settings allow it.
CONTACTS = ("phone", "email", "wechat")
_TRAIT_MEANINGS = {
    "no_clear_need": "Has no clear need yet.",
    "curious": "Is curious.",
    "positive_minded": "Is positive.",
    "cautious": "Is cautious.",
    "likes_new_things": "Likes new things.",
    "cannot_decide": "Knows much but cannot decide.",
}
#: The six traits of a lead that is worth nurturing, each yes, no or not known.
TRAITS = tuple(_TRAIT_MEANINGS)
FEEDBACK = ("positive", "negative", "opted_out", "none")
STATUSES = ("pending", "done", "skipped", "stopped")

_WAYS = tuple(CHANNELS)
_YES_NO = ("yes", "no")
_VERSION = Column("template_version", "integer", "Which version of the template.", "versions")
_VARIANT = Column("variant", "text", "Which variant of the template.")


def opt_outs(who: str, *, among: Collection[str]) -> tuple[Column, ...]:
    """Declare the days of opting out, a column for each channel whose address is among these."""
    return tuple(
        Column(f"{channel}_opted_out_on", "date",
               f"The day the {who} asked for no more contact by {channel}. Empty: it has not.")
        for channel, address in CHANNELS.items()
        if address in among
    )  # fmt: skip


# a row of each contract is one line, so that it reads as the table it is
# fmt: off
LEADS = Table("leads", "one row per lead: a contact whose need is, or once was, not confirmed yet", (
    filled("lead_id", "id", "Who the lead is."),
    Column("lead_name", "text", "The name people know the lead by."),
    Column("company", "text", "The firm the lead works for."),
    Column("owner_id", "id", "The salesperson in charge."),
    filled("created_on", "date", "The day the lead was first recorded."),
    Column("entry_channel", "text", "Where the lead came from."),
    Column("add_method", "text", "How the lead was entered."),
    Column("industry", "text", "The trade the lead is in."),
    Column("language", "text", "The language the lead is written to in, such as en or zh."),
    Column("wechat", "text", "The address on wechat."),
    Column("qq", "text", "The number on QQ."),
    Column("email", "text", "The e-mail address."),
    Column("phone", "text", "The phone number, also for text messages."),
    Column("address", "text", "Where to visit."),
    *opt_outs("lead", among=CHANNELS.values()),
    *(
        Column(trait, "choice", f"{meaning} Empty: not known.", choices=(*_YES_NO, "unknown"))
        for trait, meaning in _TRAIT_MEANINGS.items()
    ),
    Column("need_confirmed_on", "date", "The day a need was confirmed. Empty: not yet."),
    Column("customer_id", "id", "The customer the lead has become. Empty: none yet."),
    Column("converted_on", "date", "The day the lead became a customer. Empty: not yet."),
), key="lead_id")

TOUCHES = Table("touches", "one row per touch: one contact, to a lead or from one, on one channel", (
    filled("touch_id", "id", "The touch."),
    filled("lead_id", "id", "Whom it reached or who wrote."),
    filled("touched_at", "timestamp", "When, in local time."),
    filled("channel", "choice", "The way it took.", choices=_WAYS),
    filled("direction", "choice", "out: to the lead; in: from the lead.", choices=("out", "in")),
    Column("owner_id", "id", "The salesperson who wrote, called or was written to."),
    Column("plan", "text", "The nurture plan it was a step of. Empty: none."),
    Column("step", "integer", "Which step of the plan it was, from 1.", "steps"),
    Column("template_id", "id", "The template it was written from."),
    _VERSION,
    _VARIANT,
    Column("edited", "choice", "Whether the words were changed before sending.", choices=_YES_NO),
    Column("text", "text", "The words as sent or received."),
    Column("delivered", "choice",
           "Whether it arrived. no: it came back or nobody answered. Empty: nothing came back.",
           choices=_YES_NO),
    Column("feedback", "choice", "What an answer said. Empty: not an answer.", choices=FEEDBACK),
), key="touch_id")

TEMPLATES = Table("templates", "one row per template, version, language and variant", (
    filled("template_id", "id", "The template."),
    filled("plan", "text", "The nurture plan it belongs to."),
    Column("step", "integer", "The step it is for, from 1.", "steps", required=True),
    filled("channel", "choice", "The way it is sent.", choices=_WAYS),
    Column("template_version", "integer", "Its version, from 1; the latest approved one is used.",
           "versions", required=True),
    Column("language", "text", "The language it is in, such as en or zh.", required=True),
    Column("variant", "text", "Its variant, such as A or B, of one and the same step."),
    Column("topic", "text", "What it is about, for those who choose."),
    Column("subject", "text", "The subject line of an e-mail."),
    Column("body", "text", "The words, with merge fields in braces.", required=True),
    Column("approved_by", "text", "Who approved it. Empty: a draft, never used."),
    Column("approved_on", "date", "The day it was approved."),
))

STEPS = Table("steps", "one row per planned step of an enrolment in a nurture plan", (
    filled("enrolment_id", "id", "The enrolment."),
    filled("lead_id", "id", "Who is nurtured."),
    Column("owner_id", "id", "The salesperson in charge."),
    filled("plan", "text", "The nurture plan."),
    filled("enrolled_on", "date", "The first day of the plan."),
    Column("cycle_days", "integer", "The length of the plan.", "days"),
    filled("step", "integer", "Which step, from 1.", "steps"),
    filled("due_date", "date", "The day it is due."),
    Column("channel", "choice", "The way it is to take.", choices=_WAYS),
    Column("template_id", "id", "The template it is written from."),
    _VERSION,
    _VARIANT,
    filled("status", "choice", "Whether it is pending, done, skipped or stopped.", choices=STATUSES),
    Column("closed_on", "date", "The day it was done, skipped or stopped."),
    Column("reason", "text", "Why it was skipped or stopped."),
))
# fmt: on
