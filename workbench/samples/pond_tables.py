"""How do the simulated leads, their steps and their touches become Arrow tables?"""

import numpy as np
import pyarrow as pa
from pyarrow import compute

from workbench import schema
from workbench.samples import content, names, pond
from workbench.samples.customers import Traits
from workbench.samples.seasons import ACCOUNT, Integers
from workbench.samples.tables import ids

_ENTRY_CHANNELS = ("Website form", "Trade fair", "Referral", "Search ad", "Article", "Walk-in")
_ADD_METHODS = ("form", "excel", "by hand", "form", "form", "by hand")
_INDUSTRIES = ("Café", "Hotel", "Office", "Clinic", "Bookshop", "Bakery")
_PLANS = tuple(plan.name for plan in content.PLANS)
_REASONS = (None, "positive feedback", "negative feedback", None)
_ANSWERS = (None, "positive", "negative", "none")
_TEMPLATES = tuple(
    content.template_id(plan, step, channel)
    for plan in range(len(_PLANS))
    for step in range(content.STEPS)
    for channel in range(len(content.CHANNELS))
)


def _words(words: tuple[str | None, ...], index: Integers) -> pa.Array:
    return pa.array(words, type=pa.string()).take(pa.array(index, mask=index < 0))


def _dates(start: np.datetime64, day: Integers) -> pa.Array:
    return pa.array((start + day).astype("datetime64[D]"), mask=day < 0)


def _yes_no(holds: pond.Flags, known: pond.Flags | None = None) -> pa.Array:
    index = np.where(holds, 0, 1)
    return _words(("yes", "no"), index if known is None else np.where(known, index, -1))


def texts(values: object, known: pond.Flags) -> pa.Array:
    """Give texts, none where they are not known."""
    return pa.array(np.where(known, values, None).tolist(), type=pa.string())  # type: ignore[call-overload]


def lead_table(
    leads: pond.Leads,
    traits: Traits,
    all_names: names.Names,
    start: np.datetime64,
    *,
    first: int,
    first_customer: int,
) -> pa.Table:
    """Who is a lead? One row per lead of a block; ``first`` were numbered before.

    No way to reach them is real: +999 is no country's code, ``.example`` nobody's domain, and the
    other addresses break the rules of the networks they seem to belong to.
    """
    number = first + 1 + np.arange(len(leads.kind))
    became = leads.customer >= 0
    account = leads.kind == ACCOUNT
    customer = np.maximum(leads.customer, 0)
    form = traits.form[customer]
    chinese = np.where(
        became & ~account, np.isin(form, (names.PERSON_ZH, names.COMPANY_ZH)), leads.chinese
    )
    # the names of customers count up from the first, those of leads down from the last
    own = all_names.of(np.where(chinese, names.PERSON_ZH, names.PERSON_EN), -number)
    firm = all_names.of(np.where(chinese, names.COMPANY_ZH, names.COMPANY_EN), -number)
    called = all_names.of(form, first_customer + customer)
    digits = np.char.zfill(number.astype(np.str_), 7)
    joined = np.char.add
    known = {channel: leads.known[:, place] for place, channel in enumerate(content.CHANNELS)}
    source = (leads.source * len(_ENTRY_CHANNELS)).astype(np.int64)
    trade = (leads.source * 1e6).astype(np.int64) % len(_INDUSTRIES)
    columns = {
        "lead_id": ids("L", number, 7),
        "lead_name": pa.array(np.where(became & ~account, called, own).tolist()),
        "company": texts(np.where(became, called, firm), account),
        "owner_id": _words(names.OWNER_IDS, leads.owner),
        "created_on": _dates(start, leads.created),
        "entry_channel": _words(_ENTRY_CHANNELS, source),
        "add_method": _words(_ADD_METHODS, source),
        "industry": _words(_INDUSTRIES, np.where(account, trade, -1)),
        "language": _words(content.LANGUAGES, chinese.astype(np.int64)),
        "wechat": texts(joined("0wx-", digits), known["wechat"]),
        "qq": texts(joined("q0-", digits), known["qq"]),
        "email": texts(joined(joined("lead", digits), "@mail.example"), known["email"]),
        "phone": texts(joined("+999 00 ", digits), known["phone"]),
        "address": texts(
            joined(joined("No. ", (number % 300 + 1).astype(np.str_)), " Example Road"),
            known["visit"],
        ),
    }
    for place, channel in enumerate(content.CHANNELS):
        columns[f"{channel}_opted_out_on"] = _dates(start, leads.opted_out[:, place])
    for place, trait in enumerate(schema.TRAITS):
        columns[trait] = _yes_no(leads.trait[:, place], leads.trait_known[:, place])
    columns["need_confirmed_on"] = _dates(start, leads.confirmed)
    columns["customer_id"] = compute.if_else(
        pa.array(became), ids("C", first_customer + customer + 1, 7), pa.scalar(None, pa.string())
    )
    columns["converted_on"] = _dates(start, leads.converted)
    return pa.table(columns)


def step_table(
    leads: pond.Leads, steps: pond.Steps, start: np.datetime64, *, first: int
) -> pa.Table:
    """What was planned when? One row per step of each enrolled lead of a block."""
    lead, plan = steps.lead, np.where(leads.kind[steps.lead] == ACCOUNT, 1, 0)
    number = first + 1 + lead
    reason = np.where(steps.status == pond.SKIPPED, len(_REASONS), steps.stop_reason)
    return pa.table(
        {
            "enrolment_id": ids("E", number, 7),
            "lead_id": ids("L", number, 7),
            "owner_id": _words(names.OWNER_IDS, leads.owner[lead]),
            "plan": _words(_PLANS, plan),
            "enrolled_on": _dates(start, leads.enrolled[lead]),
            "cycle_days": pa.array(np.array([each.cycle_days for each in content.PLANS])[plan]),
            "step": pa.array(steps.step + 1),
            "due_date": pa.array((start + steps.due).astype("datetime64[D]")),
            "channel": _words(content.CHANNELS, steps.channel),
            "template_id": _words(_TEMPLATES, _template(plan, steps.step, steps.channel)),
            "template_version": pa.array(steps.version),
            "variant": _words(content.VARIANTS, steps.variant),
            "status": _words(schema.STATUSES, steps.status),
            "closed_on": _dates(start, steps.closed),
            "reason": _words((*_REASONS, "no time"), reason),
        }
    )


def _template(plan: Integers, step: Integers, channel: Integers) -> Integers:
    return (plan * content.STEPS + step) * len(content.CHANNELS) + channel


def touch_table(
    leads: pond.Leads, steps: pond.Steps, start: np.datetime64, *, first: int, next_touch: int
) -> pa.Table:
    """Who was reached when, and who wrote back? One row per touch of a block, in order of time."""
    sent = np.flatnonzero(steps.sent >= 0)
    heard = np.flatnonzero(steps.answered >= 0)
    greeted = np.flatnonzero(leads.known.any(axis=1))
    greeting = leads.known[greeted].argmax(axis=1)
    lead = np.concatenate([steps.lead[sent], steps.lead[heard], greeted])
    second = np.concatenate([steps.sent[sent], steps.answered[heard], leads.contact[greeted]])
    out, none = len(sent), np.full(len(heard) + len(greeted), -1)
    plan = np.where(leads.kind[steps.lead[sent]] == ACCOUNT, 1, 0)
    answer = np.concatenate([np.full(out, -1), steps.answer[heard], np.full(len(greeted), -1)])
    delivered = np.concatenate([np.where(steps.delivered[sent], 0, 1), none])
    columns = {
        "channel": np.concatenate([steps.channel[sent], steps.channel[heard], greeting]),
        "direction": np.where(answer >= 0, 1, 0),
        "plan": np.concatenate([plan, none]),
        "step": np.concatenate([steps.step[sent] + 1, none]),
        "template": np.concatenate([_template(plan, steps.step[sent], steps.channel[sent]), none]),
        "version": np.concatenate([steps.version[sent], none]),
        "variant": np.concatenate([steps.variant[sent], none]),
        "edited": np.concatenate([np.where(steps.edited[sent], 0, 1), none]),
    }
    order = np.lexsort((lead, second))
    lead, second, answer, delivered = (each[order] for each in (lead, second, answer, delivered))
    columns = {name: values[order] for name, values in columns.items()}
    chinese = leads.chinese[lead].astype(np.int64)
    text = np.where(answer > 0, ((answer - 1) * 2 + chinese) * 2 + second % 2, -1)
    texts = tuple(
        words
        for kind in ("positive", "negative", "none")
        for language in content.ANSWERS[kind]
        for words in language
    )
    return pa.table(
        {
            "touch_id": ids("H", next_touch + np.arange(len(lead)), 8),
            "lead_id": ids("L", first + 1 + lead, 7),
            "touched_at": pa.array(start.astype("datetime64[s]") + second),
            "channel": _words(content.CHANNELS, columns["channel"]),
            "direction": _words(("out", "in"), columns["direction"]),
            "owner_id": _words(names.OWNER_IDS, leads.owner[lead]),
            "plan": _words(_PLANS, columns["plan"]),
            "step": pa.array(columns["step"], mask=columns["step"] < 0),
            "template_id": _words(_TEMPLATES, columns["template"]),
            "template_version": pa.array(columns["version"], mask=columns["version"] < 0),
            "variant": _words(content.VARIANTS, columns["variant"]),
            "edited": _words(("yes", "no"), columns["edited"]),
            "text": _words(texts, text),
            "delivered": _words(("yes", "no"), delivered),
            "feedback": _words(_ANSWERS, np.where(answer > 0, answer, -1)),
        }
    )
