"""When is there room? Owners' capacity as queues without a loop, then parties' limits.

Days are counted as working days: the number of a day is how many working days came before it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Whole = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Steps:
    """What is to be placed: one entry per step, those of one plan together and in order.

    Parameters
    ----------
    course
        The lead's plan a step belongs to, by number, rising.
    party, owner
        By number; an owner of -1 is nobody, whose queue has no limit.
    due
        The working day on which the step would fall.
    """

    course: Whole
    party: Whole
    owner: Whole
    due: Whole


@dataclass(frozen=True)
class Room:
    """How much room is there, and what has been promised already?

    Parameters
    ----------
    capacity
        Steps a day, by owner's number; -1 for no limit.
    per_day
        Plans that may touch a party on one day.
    taken
        Steps planned before, which keep their days.
    """

    capacity: Whole
    per_day: int
    taken: Steps


def place(steps: Steps, room: Room) -> tuple[Whole, Whole]:
    """Give each step the first day with room for its party and its owner, oldest due first.

    Returns
    -------
    tuple
        By step: the day its party's limit allows, and the day it is placed on at last. Neither is
        before the step's own day, or that of the step before it in its plan.
    """
    watched = np.flatnonzero(_crowded(steps, room.taken))
    allowed = _by_limit(steps, steps.due, watched, room)
    placed = _by_capacity(steps, allowed, room)
    # An owner's queue may bring two plans of one party together again: then the later waits on, and
    # its owners' queues are formed anew. No step ever moves back, so the rounds end.
    while len(watched):
        spread = _by_limit(steps, placed, watched, room)
        moved = spread > placed
        if not moved.any():
            break
        allowed = _in_order(steps.course, np.where(moved, spread, allowed))
        again = np.isin(steps.owner, np.unique(steps.owner[moved]))
        placed = np.where(again, _by_capacity(steps, allowed, room, among=again), placed)
    return allowed, placed


def _crowded(steps: Steps, taken: Steps) -> Flags:
    """Which steps are of parties with more than one plan, the only ones whose plans can meet?"""
    first = np.append(True, np.diff(steps.course) != 0)[: len(steps.course)]
    plans = np.bincount(
        np.concatenate([steps.party[first], np.unique(taken.party)]),
        minlength=int(steps.party.max(initial=-1)) + 1,
    )
    return np.asarray(plans[steps.party] > 1)


def _in_order(course: Whole, day: Whole) -> Whole:
    """Raise each day to the latest before it in its plan."""
    span = int(day.max(initial=0)) + 1
    return np.asarray(np.maximum.accumulate(course * span + day) - course * span)


def _by_limit(steps: Steps, day: Whole, watched: Whole, room: Room) -> Whole:
    """Give the days on which the watched steps' parties can be touched again.

    What a plan has on one day stays together, and counts once: where a plan has its place already,
    another step of it finds room.
    """
    span = int(max(day.max(initial=0), room.taken.due.max(initial=0))) + len(day) + 1
    # numbered from -1 down: these are other plans than those to be placed
    near = np.isin(room.taken.party, steps.party[watched])
    keys = (room.taken.party * span + room.taken.due)[near].tolist()
    held: dict[int, set[int]] = {}
    for key, course in zip(keys, (-1 - room.taken.course[near]).tolist(), strict=True):
        held.setdefault(key, set()).add(course)
    # by age first: who was due longest comes first; course breaks ties
    order = watched[np.lexsort((steps.course[watched], steps.due[watched], day[watched]))]
    found: list[int] = []
    reached: dict[int, int] = {}
    columns = (steps.party[order] * span, steps.course[order], day[order])
    for party, course, since in zip(*map(np.ndarray.tolist, columns), strict=True):
        free = max(since, reached.get(course, 0))
        while course not in (plans := held.setdefault(party + free, set())):
            if len(plans) < room.per_day:
                plans.add(course)
                break
            free += 1
        reached[course] = free
        found.append(free)
    placed = day.copy()
    placed[order] = found
    return placed


def _by_capacity(steps: Steps, day: Whole, room: Room, among: Flags | None = None) -> Whole:
    """Give the days on which the owners come to it: oldest first."""
    limited = np.append(room.capacity, -1)[steps.owner] >= 0
    rows = np.flatnonzero(limited if among is None else limited & among)
    if not len(rows):
        return day
    owner, since, due = steps.owner[rows], day[rows], steps.due[rows]
    first = int(due.min())
    span = int(since.max()) - first + 1
    queue = np.argsort((owner * span + since - first) * span + due - first, kind="stable")
    taken = room.taken
    mine = taken.owner >= 0
    placed = day.copy()
    placed[rows[queue]] = first_come(
        owner[queue], since[queue], room.capacity, taken.owner[mine], taken.due[mine]
    )
    return placed


def first_come(
    queue: Whole, since: Whole, capacity: Whole, taken_queue: Whole, taken_day: Whole
) -> Whole:
    """Give each in the queue the first day with a free place: first come, first served.

    Of a queue with c places a day, the i-th in it, who waits since day d, takes place number
    ``i + max(c·d - i)``, the maximum over all up to it: a running maximum instead of a loop.

    Parameters
    ----------
    queue, since
        Whose queue, and since which day; sorted by both.
    capacity
        Places a day, by queue.
    taken_queue, taken_day
        Places taken before, whose days are fixed.

    Examples
    --------
    >>> none = np.array([], dtype="int64")
    >>> first_come(np.zeros(4, "int64"), np.array([1, 1, 1, 5]), np.array([2]), none, none).tolist()
    [1, 1, 2, 5]
    >>> first_come(np.zeros(2, "int64"), np.array([1, 1]), np.array([1]), np.array([0]), np.array([2])).tolist()
    [1, 3]
    """
    span = int(max(since.max(initial=0), taken_day.max(initial=0))) + 2
    key, count = np.unique(taken_queue * span + taken_day, return_counts=True)
    owner, day = key // span, key % span
    used = np.cumsum(np.minimum(count, capacity[owner]))
    begins = np.searchsorted(owner, np.arange(len(capacity) + 1))
    # places taken before each queue's own first
    base = np.append(0, used)[begins[:-1]]
    so_far = np.append(0, used)

    before = capacity[queue] * since - (
        so_far[np.searchsorted(key, queue * span + since)] - base[queue]
    )
    starts = np.flatnonzero(np.append(True, np.diff(queue) != 0)[: len(queue)])
    number = np.arange(len(queue)) - np.repeat(starts, np.diff(np.append(starts, len(queue))))
    ahead = before - number
    low = int(ahead.min(initial=0))
    wide = int(ahead.max(initial=0)) - low + 1
    place = np.maximum.accumulate(queue * wide + ahead - low) - queue * wide + low + number
    # how many of the queue's taken days end before this place comes
    ends = capacity[owner] * (day + 1) - (used - base[owner])
    most = int(max(place.max(initial=0), ends.max(initial=0))) + 1
    passed = np.searchsorted(owner * most + ends, queue * most + place, side="right")
    passed = np.maximum(passed, begins[queue])
    return np.asarray((place + so_far[passed] - base[queue]) // capacity[queue])
