"""Who are the simulated leads, and how do they answer when they are nurtured?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.samples import content
from workbench.samples.customers import Traits
from workbench.samples.seasons import ACCOUNT, PERSON, Floats, Integers

Flags = NDArray[np.bool_]
NEVER = -1
PENDING, DONE, SKIPPED, STOPPED = range(4)
NO_ANSWER, POSITIVE, NEGATIVE, NEUTRAL = range(4)
_DAY = 86_400
_HOUR = 3_600


@dataclass(frozen=True)
class Truth:
    """What is put into the simulated nurture, which no analyst could know.

    A delivered step is answered with the chance ``answer`` × ``by_step`` × ``by_channel`` ×
    (``variant_b`` where the template has variants and this is B) × (``rewritten`` for version 2) ×
    (``edited`` where the words were changed) × the lead's own factor, ``fry`` to the power of its
    share of traits that hold, at a mean of about 1.

    Attributes
    ----------
    answer
        The basic chance of an answer to a delivered step.
    by_step, by_channel
        Factors, by the number of the step and by channel.
    variant_b, rewritten, edited, fry
        Factors, as above.
    positive, negative
        Of the answers, the shares that are positive and negative; the others say nothing.
    opted_out
        Of the negative answers, the share that asks for no more contact by that channel.
    converted, conversion_days
        Of the positive answers, the share that becomes a customer, after this many days on
        average (exponential).
    baseline
        The chance per day that a lead becomes a customer without having answered.
    on_time
        Per owner, the chance that a due step is done on its day.
    late, skipped
        Of the steps not done on their day, the shares done later and skipped; the others are missed.
    delivered
        Per channel, the chance that a touch arrives.
    edited_share
        How often the words are changed before sending.
    """

    answer: float = 0.075
    by_step: tuple[float, ...] = (1.3, 0.7, 1.1, 0.9, 0.8, 1.5)
    by_channel: tuple[float, ...] = (1.3, 1.0, 0.8, 0.6, 1.6, 1.0)
    variant_b: float = 1.6
    rewritten: float = 1.5
    edited: float = 1.4
    fry: float = 3.0
    positive: float = 0.5
    negative: float = 0.25
    opted_out: float = 0.4
    converted: float = 0.4
    conversion_days: float = 18.0
    baseline: float = 0.0004
    on_time: tuple[float, ...] = (0.92, 0.88, 0.90, 0.64, 0.84, 0.76, 0.90, 0.58)
    late: float = 0.7
    skipped: float = 0.1
    delivered: tuple[float, ...] = (0.97, 0.93, 0.90, 0.95, 0.72, 1.0)
    edited_share: float = 0.3


TRUTH = Truth()

_PER_CUSTOMER = 0.45
#: The nurture programme runs for the last so many days of the window.
PROGRAMME_DAYS = 240
_ENROLLED = 0.92
_DORMANT_DAYS = 30
_TRAIT_KNOWN = 0.65
_OWNER_CHANCES = np.cumsum([0.06, 0.06, 0.16, 0.16, 0.14, 0.14, 0.14, 0.14])
#: Chances that an address is known, by channel; sms and phone share one number.
_KNOWN = (0.70, 0.25, 0.60, 0.85, 0.85, 0.45)
_FRY_MEAN = 1.75  # of 3 to the power of a share between 0 and 1


@dataclass(frozen=True)
class Leads:
    """One element per lead; days count from the first of the window, NEVER is none."""

    kind: Integers
    chinese: Flags
    owner: Integers
    created: Integers
    known: Flags  # lead × channel: is there an address?
    trait: Flags  # lead × trait: does it hold?
    trait_known: Flags
    source: Floats
    enrolled: Integers  # the first day of the plan
    contact: Integers  # second of the first contact, soon after the lead was recorded
    customer: Integers  # index of the customer of the block it became
    converted: Integers
    confirmed: Integers
    opted_out: Integers  # lead × channel


@dataclass(frozen=True)
class Steps:
    """One element per planned step, by lead and then step; ``lead`` is its index in the block."""

    lead: Integers
    step: Integers  # from 0
    due: Integers
    channel: Integers
    version: Integers
    variant: Integers
    status: Integers
    closed: Integers
    sent: Integers  # second, or NEVER
    edited: Flags
    delivered: Flags
    answer: Integers
    answered: Integers  # second, or NEVER
    answer_chance: Floats  # what is really so, were it delivered
    stop_reason: Integers  # the answer that stopped it, or NO_ANSWER


def leads_of(customers: int) -> int:
    """How many leads has a block of so many customers? At least one."""
    return max(1, int(customers * _PER_CUSTOMER))


def draw(
    rng: np.random.Generator, traits: Traits, *, days: int, truth: Truth = TRUTH
) -> tuple[Leads, Steps]:
    """Make up the leads of a block and what their nurture brought, up to the end of the window."""
    size = leads_of(len(traits.kind))
    kind = (rng.random(size) >= 0.5).astype(np.int64)
    chinese = rng.random(size) < 0.6
    owner = np.searchsorted(_OWNER_CHANCES, rng.random(size) * _OWNER_CHANCES[-1], side="right")
    # the most leads are young: the company grows
    created = np.sort((days * rng.random(size) ** 0.6).astype(np.int64))
    known = rng.random((size, len(content.CHANNELS))) < np.array(_KNOWN)
    known[:, content.PHONE] = known[:, content.SMS]
    willing = rng.beta(3.0, 2.5, size)
    trait = rng.random((size, 6)) < willing[:, None]
    trait_known = rng.random((size, 6)) < _TRAIT_KNOWN
    factor = truth.fry ** trait.mean(axis=1) / _FRY_MEAN
    contact = created * _DAY + (_HOUR * (9 + 8 * rng.random(size))).astype(np.int64)

    begin = max(0, days - PROGRAMME_DAYS)
    earliest = np.maximum(created + _DORMANT_DAYS, begin)
    enrolled = earliest + ((days - earliest) * rng.random(size)).astype(np.int64)
    plan = np.where(kind == ACCOUNT, 1, 0)
    first_channel = _channels(plan, known)
    fits = (rng.random(size) < _ENROLLED) & (earliest < days) & (first_channel >= 0).all(axis=1)
    enrolled = np.where(fits, enrolled, NEVER)

    steps = _Walk(rng, truth, days, begin).steps(owner, plan, enrolled, first_channel, factor)
    opted_out, confirmed, converted = _outcomes(rng, truth, days, enrolled, steps, size)
    customer, converted = _matched(traits, kind, converted)
    confirmed = np.where((converted >= 0) & (confirmed < 0), converted, confirmed)
    leads = Leads(
        kind=kind, chinese=chinese, owner=owner, created=created, known=known, trait=trait,
        trait_known=trait_known, source=rng.random(size), enrolled=enrolled, contact=contact,
        customer=customer, converted=converted, confirmed=confirmed, opted_out=opted_out,
    )  # fmt: skip
    return leads, steps


def _channels(plan: Integers, known: Flags) -> Integers:
    """Choose for each lead and step the first channel the plan prefers that it has an address for."""
    chosen = np.full((len(plan), content.STEPS), -1, dtype=np.int64)
    for number, each in enumerate(content.PLANS):
        rows = plan == number
        for step, channels in enumerate(each.channels):
            for channel in reversed(channels):
                chosen[rows & known[:, channel], step] = channel
    return chosen


@dataclass(frozen=True)
class _Walk:
    """One plan after another, step by step: what is done when, and who answers."""

    rng: np.random.Generator
    truth: Truth
    days: int
    begin: int

    def steps(
        self, owner: Integers, plan: Integers, enrolled: Integers, channel: Integers, factor: Floats
    ) -> Steps:
        lead = np.flatnonzero(enrolled >= 0)
        number, shape = np.arange(content.STEPS), (len(lead), content.STEPS)
        rng, truth = self.rng, self.truth
        offsets = np.array([each.days for each in content.PLANS])[plan[lead]] - 1
        due = enrolled[lead][:, None] + offsets
        channel = channel[lead]
        is_rewritten = due >= self.begin + content.REWRITE_APPROVED
        version = np.where((number == content.REWRITTEN_STEP) & is_rewritten, 2, 1)
        asked = np.isin(number, content.ASKED_STEPS) & (channel != content.PHONE)
        variant = np.where(asked & (rng.random(shape) < 0.5), 1, 0)
        edited = rng.random(shape) < truth.edited_share
        sent, skipped = self._done(owner[lead], due)
        delivered = rng.random(shape) < np.array(truth.delivered)[channel]
        chance = (
            truth.answer
            * np.array(truth.by_step)
            * np.array(truth.by_channel)[channel]
            * np.where(variant == 1, truth.variant_b, 1.0)
            * np.where(version == 2, truth.rewritten, 1.0)
            * np.where(edited, truth.edited, 1.0)
            * factor[lead][:, None]
        )
        chance = np.minimum(chance, 0.9)
        answers = (rng.random(shape) < chance) & delivered & (sent >= 0)
        kind = 1 + np.searchsorted(
            [truth.positive, truth.positive + truth.negative], rng.random(shape), side="right"
        )
        answer = np.where(answers, kind, NO_ANSWER)
        answered = self._answered(sent, answer, due)
        status, closed, reason = _stopped(sent, skipped, answer, answered)
        shown = status == DONE
        heard = shown & (answered >= 0)
        columns = {
            "lead": np.broadcast_to(lead[:, None], shape),
            "step": np.broadcast_to(number, shape),
            "due": due,
            "channel": channel,
            "version": version,
            "variant": variant,
            "status": status,
            "closed": closed,
            "sent": np.where(shown, sent, NEVER),
            "edited": edited & shown,
            "delivered": delivered & shown,
            "answer": np.where(heard, answer, NO_ANSWER),
            "answered": np.where(heard, answered, NEVER),
            "answer_chance": chance,
            "stop_reason": np.where(status == STOPPED, reason, NO_ANSWER),
        }
        return Steps(**{name: values.ravel() for name, values in columns.items()})

    def _done(self, owner: Integers, due: Integers) -> tuple[Integers, Integers]:
        """Say when each step would be done or skipped if nothing stopped the plan."""
        rng, truth, shape = self.rng, self.truth, due.shape
        on_time = rng.random(shape) < np.array(truth.on_time)[owner][:, None]
        what = rng.random(shape)
        late = 1 + (6 * rng.random(shape) ** 2).astype(np.int64)
        done = on_time | (what < truth.late)
        day = np.where(done, np.where(on_time, due, due + late), -1)
        # a step is never done before the one before it
        day = np.where(done, np.maximum.accumulate(day, axis=1), -1)
        minute = (50 * 60 * rng.random(shape)).astype(np.int64)
        second = day * _DAY + (9 + np.arange(content.STEPS)) * _HOUR + minute
        sent = np.where(done & (day < self.days), second, NEVER)
        skips = ~done & (what < truth.late + truth.skipped)
        skipped = np.where(skips & (due + 1 < self.days), due + 1, NEVER)
        return sent, skipped

    def _answered(self, sent: Integers, answer: Integers, due: Integers) -> Integers:
        """Say when an answer comes: before the next step is done, mostly within a day or two."""
        later = np.where(sent >= 0, sent, np.iinfo(np.int64).max)
        following = np.minimum.accumulate(later[:, ::-1], axis=1)[:, ::-1]
        next_sent = np.concatenate(
            [following[:, 1:], np.full((len(sent), 1), np.iinfo(np.int64).max)], axis=1
        )
        gap = np.diff(due, axis=1, append=0) * _DAY
        gap[:, -1] = gap[:, -2]
        window = np.minimum(np.minimum(next_sent - sent, gap), 4 * _DAY)
        delay = 60 + (0.9 * window * self.rng.random(sent.shape) ** 2.5).astype(np.int64)
        answered = np.where(answer != NO_ANSWER, sent + delay, NEVER)
        return np.where(answered < self.days * _DAY, answered, NEVER)


def _stopped(
    sent: Integers, skipped: Integers, answer: Integers, answered: Integers
) -> tuple[Integers, Integers, Integers]:
    """Stop each plan at its first positive or negative answer: status, day closed, that answer."""
    never = np.iinfo(np.int64).max
    ends = np.where(np.isin(answer, (POSITIVE, NEGATIVE)) & (answered >= 0), answered, never)
    first = ends.min(axis=1, initial=never, keepdims=True)
    ended = first < never
    last = np.take_along_axis(answer, ends.argmin(axis=1, keepdims=True), axis=1)
    keeps = (sent >= 0) & (sent <= first)
    skips = (skipped >= 0) & (skipped * _DAY < first)
    status = np.select([keeps, skips, ended], [DONE, SKIPPED, STOPPED], PENDING)
    closed = np.select([keeps, skips, ended], [sent // _DAY, skipped, first // _DAY], NEVER)
    return status, closed, np.where(ended, last, NO_ANSWER)


def _outcomes(
    rng: np.random.Generator, truth: Truth, days: int, enrolled: Integers, steps: Steps, size: int
) -> tuple[Integers, Integers, Integers]:
    """Say who opted out of what, whose need was confirmed and who became a customer, and when."""
    opted_out = np.full((size, len(content.CHANNELS)), NEVER, dtype=np.int64)
    leaves = (steps.answer == NEGATIVE) & (rng.random(len(steps.lead)) < truth.opted_out)
    opted_out[steps.lead[leaves], steps.channel[leaves]] = steps.answered[leaves] // _DAY

    good = steps.answer == POSITIVE
    heard = np.full(size, NEVER, dtype=np.int64)
    heard[steps.lead[good]] = steps.answered[good] // _DAY
    wins = (heard >= 0) & (rng.random(size) < truth.converted)
    after = 1 + (truth.conversion_days * rng.standard_exponential(size)).astype(np.int64)
    by_answer = np.where(wins, heard + after, NEVER)
    alone = enrolled + (rng.standard_exponential(size) / truth.baseline).astype(np.int64)
    by_itself = np.where((enrolled >= 0) & (heard < 0), alone, NEVER)
    converted = np.where(by_answer >= 0, by_answer, by_itself)
    converted = np.where(converted < days, converted, NEVER)
    confirms = (heard >= 0) & (rng.random(size) < 0.6)
    confirmed = np.where(confirms, heard + 1 + (5 * rng.random(size)).astype(np.int64), NEVER)
    confirmed = np.where((converted >= 0) & (confirmed > converted), converted, confirmed)
    return opted_out, np.where(confirmed < days, confirmed, NEVER), converted


def _matched(traits: Traits, kind: Integers, converted: Integers) -> tuple[Integers, Integers]:
    """Give each lead that converts a customer of its kind who joined just then, one each."""
    customer = np.full(len(converted), NEVER, dtype=np.int64)
    found = np.full(len(converted), NEVER, dtype=np.int64)
    for each in (ACCOUNT, PERSON):
        # customers stand in the order in which they joined: the nth lead takes the next free one
        customers = np.flatnonzero(traits.kind == each)
        joined = traits.joined_day[customers]
        leads = np.flatnonzero((converted >= 0) & (kind == each))
        leads = leads[np.argsort(converted[leads], kind="stable")]
        rank = np.arange(len(leads))
        free = np.searchsorted(joined, converted[leads], side="left")
        taken = np.maximum.accumulate(free - rank) + rank if len(leads) else free
        fits = taken < len(joined)
        customer[leads[fits]] = customers[taken[fits]]
        found[leads[fits]] = joined[taken[fits]]
    return customer, found
