"""What if a threshold stood elsewhere? Dials that a page turns offline: each position made before.

A dial moves exhibits of its own and no others. What the page shows at a position is what ``at``
gives there: the same call, headless.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from workbench import blocks, churn, errors, exhibits, rfm
from workbench.blocks.exhibited import LIST_ROWS
from workbench.churn.bands import DECIMALS
from workbench.exhibit import Shown
from workbench.models import RFMCuts
from workbench.people import People
from workbench.words import Words, spoken

#: At so many positions a dial stands at most: those nearest to the set one.
POSITIONS = 20
# A longer list is saved from the file beside the page: a second copy of it would weigh too much.
_SAVED_ROWS = 1_000
# Numbers the rows of one position, and says nothing of a customer.
_RANK = "rank"


@dataclass(frozen=True)
class Dial:
    """What would the page say if a threshold stood elsewhere?

    Parameters
    ----------
    name
        Of the threshold: its texts stand below ``whatif.<name>`` in the word lists.
    value
        Where it is set; the title, the cards and all other exhibits stand there.
    values
        Where it can stand on the page, rising, ``value`` among them.
    at
        The exhibits at a value, as many and in the same order at each: the headless twin.

    Raises
    ------
    ParameterError
        ``value`` is none of the ``values``, or these are too many.
    """

    name: str
    value: float
    values: Sequence[float]
    at: Callable[[float], Sequence[Shown]] = field(repr=False)

    def __post_init__(self) -> None:
        if self.value not in self.values or len(self.values) > POSITIONS:
            raise errors.ParameterError(
                f"The dial '{self.name}' is set to {self.value:g} and has {len(self.values)} positions.",
                mend=f"Give at most {POSITIONS}, {self.value:g} among them.",
            )

    @cached_property
    def _positions(self) -> list[Sequence[Shown]]:
        return [self.at(value) for value in self.values]

    @property
    def moves(self) -> bool:
        """Is another customer counted or listed anywhere?"""
        return any(
            not _same(one.whole(), set_one.whole())
            for position in self._positions
            for one, set_one in zip(position, self._positions[self._set], strict=True)
        )

    def blocks(self, words: Words | None = None) -> list[blocks.Block]:
        """Give its exhibits as pieces of a page, as they stand where the threshold is set.

        The first holds the dial; each what is different at the positions. Where no position
        differs there is no dial, and the first says so.
        """
        words = words or spoken()
        scoped = words.within(f"whatif.{self.name}")
        ends = {"value": self.value, "low": self.values[0], "high": self.values[-1]}
        made = [
            _member([position[i] for position in self._positions], self._set, words)
            for i in range(len(self._positions[self._set]))
        ]
        if not self.moves:
            key = "same" if len(self.values) > 1 else "none"
            stated: list[dict[str, Any]] = [{"stated": scoped(key, **ends)}, *[{}] * len(made)]
            return [_with(block, more) for (block, _), more in zip(made, stated, strict=False)]
        dial = {
            "name": self.name,
            "label": scoped("label"),
            "set": self._set,
            "positions": [scoped("position", value=value) for value in self.values],
            "stand": scoped("stand", **ends),
            "back": scoped("back", **ends),
        }
        return [
            _with(block, {**dial, "is_first": not i, "pieces": pieces})
            for i, (block, pieces) in enumerate(made)
        ]

    @property
    def _set(self) -> int:
        return list(self.values).index(self.value)

    def _ipython_display_(self) -> None:
        from IPython import display as showing

        notebook: Any = showing
        in_a_report = blocks.in_a_report()
        for one in self.blocks() if in_a_report else self._positions[self._set]:
            notebook.display(one)


def _with(block: blocks.Block, whatif: Mapping[str, Any]) -> blocks.Block:
    return replace(block, content={**block.content, "whatif": dict(whatif)}) if whatif else block


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.drop(columns=_RANK, errors="ignore").equals(
        other.drop(columns=_RANK, errors="ignore")
    )


def _member(
    positions: Sequence[Shown], place: int, words: Words
) -> tuple[blocks.Block, list[dict[str, Any]]]:
    """Give an exhibit as a block, and what is different in it at each position."""
    shown = positions[place]
    pieces: list[dict[str, Any]] = [
        dict(zip(("heading", "subtitle"), one.heading(words), strict=True)) for one in positions
    ]
    if shown.sheet(words).chart is None:
        rows, places = _together([one.whole(words).head(LIST_ROWS) for one in positions])
        # what is saved from inside the page has the columns that are read; the file beside it has all
        kept = {*shown.listed(words).columns, *shown.look.codes}
        rows = rows[[column for column in rows if column in kept]]
        sheet = shown.sheet(words)
        every = replace(shown, make=lambda _words: replace(sheet, listed=rows))
        block, as_set = every.block(words), shown.block(words)
        table = {**block.content["table"], "note": as_set.content["table"]["note"]}
        if len(rows) > _SAVED_ROWS:
            table["csv"] = ""
        # the file beside the page holds the list where the threshold is set
        block = replace(block, content={**block.content, "table": table}, tables=as_set.tables)
        for piece, one, at in zip(pieces, positions, places, strict=True):
            piece |= {"rows": at, "n": len(one.whole(words))}
        return block, pieces
    made = [one.block(words) for one in positions]
    for piece, drawn in zip(pieces, made, strict=True):
        piece |= {
            **{name: drawn.content[name] for name in ("alt", "meaning")},
            "cells": drawn.content["table"]["rows"],
            "figure": drawn.figure,
        }
    return made[place], pieces


def _together(lists: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[list[int]]]:
    """Put the rows of several lists into one, each once, and say which of them each list has.

    Raises
    ------
    ParameterError
        Two lists have two rows in different order.
    """
    every = [rows.drop(columns=_RANK, errors="ignore") for rows in lists]
    named = [_keys(rows) for rows in every]
    found = {
        key: (at, row)
        for at, keys in reversed(list(enumerate(named)))
        for row, key in enumerate(keys)
    }
    order: list[Hashable] = []
    for keys in named:
        known, last = set(order), None
        after: dict[Hashable, list[Hashable]] = {}
        for key in keys:
            if key in known:
                last = key
            else:
                after.setdefault(last, []).append(key)
        order = [
            *after.get(None, ()),
            *(one for key in order for one in (key, *after.get(key, ()))),
        ]
    place = {key: n for n, key in enumerate(order)}
    places = [[place[key] for key in keys] for keys in named]
    if any(at != sorted(set(at)) for at in places):
        raise errors.ParameterError(
            "The rows of a list change their order with the dial.",
            mend="Sort them by what the dial does not move.",
        )
    starts = pd.Series([len(rows) for rows in every]).cumsum().shift(fill_value=0).tolist()
    whole = pd.concat(every, ignore_index=True)
    return whole.iloc[[starts[at] + row for at, row in map(found.__getitem__, order)]], places


def _keys(rows: pd.DataFrame) -> list[Hashable]:
    plain = rows.astype("object")
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


def steps(value: float, *, above: float, below: float, step: float = 0.1) -> list[float]:
    """Which values lie around a set one, by steps, between two others? The nearest, and it.

    Examples
    --------
    >>> steps(1.2, above=0.8, below=1.5)
    [0.9, 1.0, 1.1, 1.2, 1.3, 1.4]
    """
    around = [round(value + n * step, DECIMALS) for n in range(-POSITIONS, POSITIONS + 1)]
    inside = [one for one in around if above < one < below]
    nearest = sorted(inside, key=lambda one: (abs(one - value), one))[:POSITIONS]
    return sorted(nearest)


def risk_from(
    warnings: pd.DataFrame, calls: pd.DataFrame, *, bands: Mapping[str, float],
    **laid: Any,
) -> Dial:  # fmt: skip
    """What if churn risk began earlier or later: how many would be late, and whom would we call?

    Parameters
    ----------
    warnings
        One row per customer, from ``churn.warn``, by any bands.
    calls
        From ``churn.call_list`` of those due and those at risk: ``warning=churn.CALLS``.
    bands
        ``due_from``, ``risk_from`` and ``lost_from`` as set.
    **laid
        How the page lays the list: ``rows``, ``columns``.

    Returns
    -------
    Dial
        Of ``exhibits.churn.calls`` and ``exhibits.churn.ratios``.

    Examples
    --------
    >>> from workbench import purchases
    >>> orders = pd.DataFrame({"customer_id": "a", "amount": 9.0, "ordered_at": pd.to_datetime(
    ...     ["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"])})
    >>> warnings = churn.warn(purchases.history(orders, as_of="2026-10-12"))
    >>> bands = {"due_from": 0.8, "risk_from": 1.2, "lost_from": 3.0}
    >>> dial = risk_from(warnings, churn.call_list(warnings, warning=churn.CALLS), bands=bands)
    >>> [dial.at(value)[0].sentence(Words()) for value in (1.2, 1.4)]
    ['Call this one first: 1 customer at churn risk, 9 at stake', 'No customer is at churn risk']
    """
    due, risk, lost = (bands[name] for name in churn.BANDS)

    def at(value: float) -> list[Shown]:
        edges = {"due_from": due, "risk_from": value, "lost_from": lost}
        moved = churn.banded(warnings, **edges)
        late = calls[(calls["ratio"] >= value) & (calls["ratio"] < lost)]
        late = late.assign(warning="churn_risk", rank=range(1, len(late) + 1))
        listed = exhibits.churn.calls(late, risk_from=value, with_money=False)
        figure = exhibits.churn.ratios(churn.summary(moved), bins=churn.ratios(moved, **edges))
        return [listed.laid(name="churn_risk", **laid), figure.laid(name="warnings")]

    return Dial("risk_from", risk, steps(risk, above=due, below=lost), at)


def high_from(
    measures: pd.DataFrame, cuts: RFMCuts, *, people: People | None = None, owner: str | None = None,
    **laid: Any,
) -> Dial:  # fmt: skip
    """What if another score counted as high: how large would the classes be, and who is in them?

    Parameters
    ----------
    measures, cuts
        From ``rfm.measure``, and ``rfm.cuts`` as set. Where ``method`` is not ``quantile`` no score
        counts as high, and there is one position.
    people, owner
        Names, and whose customers alone are shown.
    **laid
        How the page lays the list: ``rows``, ``columns``.

    Returns
    -------
    Dial
        Of ``exhibits.rfm.segments`` and ``exhibits.rfm.customers``.

    Examples
    --------
    >>> measures = pd.DataFrame({
    ...     "customer_id": list("abcde"), "as_of": pd.Timestamp("2026-10-31"),
    ...     "recency_days": [10, 20, 30, 40, 50], "frequency": [5, 4, 3, 2, 1],
    ...     "monetary": [500.0, 400.0, 300.0, 200.0, 100.0]})
    >>> dial = high_from(measures, rfm.cuts(measures))
    >>> [dial.at(value)[0].sentence(Words()) for value in (4, 5)]
    ['Two fifths of customers, the key champions, bring three fifths of the money', 'Four fifths of customers, the general win-back customers, bring two thirds of the money']
    """
    people, is_moved = people or People(), cuts.method == "quantile"
    values = range(2, cuts.bins + 1) if is_moved else [cuts.high_from]

    def at(value: float) -> list[Shown]:
        moved = replace(cuts, high_from=int(value)) if is_moved else cuts
        classed = people.of(rfm.segment(rfm.score(measures, cuts=moved)), owner)
        figure = exhibits.rfm.segments(rfm.summary(classed), cut_points=rfm.cut_points(moved))
        listed = exhibits.rfm.customers(people.contacted(people.named(classed)))
        return [figure.laid(name="segments"), listed.laid(name="classes", **laid)]

    return Dial("high_from", cuts.high_from, values, at)
