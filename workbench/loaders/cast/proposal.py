"""Which column of a foreign file is which of ours? Proposed from its headers and its values.

A proposal says for each column how sure it is and why, and what else it could be: a person decides.
"""

import dataclasses
import itertools
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from workbench import errors, schema
from workbench.load_options import LoadOptions, computer_zone, one_by_one
from workbench.loaders.cast import annotations, mapping, statuses
from workbench.loaders.cast.headers import NEAR, Headers, Layout, known, layout, names_of
from workbench.loaders.find import sources
from workbench.loaders.open import first_rows
from workbench.loaders.open.cells import DATED
from workbench.results import Result

Confidence = Literal["certain", "likely", "guess", "none"]
Evidence = Literal["layout", "own_name", "known_name", "near_name", "product", "only_dates", ""]

_SCORES: dict[Evidence, float] = {
    "layout": 2.0,
    "own_name": 1.0,
    "known_name": 0.9,
    "only_dates": 0.3,
}
# A product of two known columns is worth less than a column that says the amount itself.
_PRODUCT_SCORE = 0.7
_NEAR_SCORES = (0.5, 0.7)
_MOST_ALTERNATIVES = 4
# A clock time with an offset behind it.
_SHIFTED = re.compile(r":\d\d(\.\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?(\d\d)?)$")


@dataclass(frozen=True)
class Match:
    """One of our columns: what of the file it is made from, how sure that is, and what else.

    ``theirs`` is a header, or the product of two; None where nothing fits. ``fits`` says whether
    the values look like what the column holds.
    """

    column: schema.Column
    theirs: str | None
    confidence: Confidence
    evidence: Evidence
    alternatives: tuple[str, ...] = ()
    fits: bool = True
    is_ambiguous: bool = False


@dataclass(frozen=True)
class Question:
    """What a person has to say, since the file does not tell: about which option or column?

    ``answers`` are what may be stated, the likeliest first; ``text`` asks.
    """

    about: str
    text: str
    answers: tuple[str, ...]


PROPOSED = Result(
    "loaders.propose(…).summary()", column="column", required="truth", theirs="text",
    confidence="confidence", evidence="proposal", fits="truth", is_ambiguous="truth",
    alternatives="text", example="text",
)  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """How would a file come in: as which table, and with which of its columns?

    Parameters
    ----------
    source
        The source as it was named.
    table
        The contract it fits best, or the one that was asked for.
    matches
        One for each column of the contract, in its order.
    headers
        The file's own names.
    tables
        The contracts that the headers could serve as well, the likeliest first.
    found
        What was found on the way: encoding, separator, sheet, header row.
    rows
        The first rows, as texts.
    layout
        The program whose export this is, as ``headers.csv`` calls it; empty where none is known.
    options
        How to load it: ``table``, ``columns`` and every option that is stated or that the file
        tells. What ``loaders.load`` takes beside the source, as it is.
    questions
        What the file does not tell and a person has to say; never saved as if it were known.
    """

    source: str
    table: str
    matches: tuple[Match, ...]
    headers: tuple[str, ...]
    tables: tuple[str, ...]
    found: Mapping[str, Any]
    rows: tuple[tuple[str, ...], ...]
    layout: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Ours to theirs: what ``loaders.load`` takes as ``columns``."""
        return {
            match.column.name: match.theirs for match in self.matches if match.theirs is not None
        }

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns the contract requires and the file does not seem to have."""
        return tuple(m.column.name for m in self.matches if m.column.required and m.theirs is None)

    @property
    def unused(self) -> tuple[str, ...]:
        """The file's columns that nothing is made from."""
        taken = {**self.columns, **self.options.get("columns", {})}
        used = {part for theirs in taken.values() for part in _parts(theirs, self.headers)}
        return tuple(header for header in self.headers if header and header not in used)

    def example(self, theirs: str | None) -> str:
        """Give the first value of one of the file's columns; of a product, of both."""
        if theirs is None:
            return ""
        shown: list[str] = []
        for part in _parts(theirs, self.headers):
            place = self.headers.index(part)
            shown.append(next((row[place] for row in self.rows if row[place]), ""))
        return " * ".join(shown)

    def summary(self) -> pd.DataFrame:
        """What is proposed for each column, how sure is it, and why?

        Returns
        -------
        DataFrame
            One row per column of the contract: ``column``, ``required``, ``theirs`` (empty where
            nothing fits), ``confidence`` (``certain``, ``likely``, ``guess``, ``none``),
            ``evidence`` (``layout``, ``own_name``, ``known_name``, ``near_name``, ``product``, ``only_dates``
            or empty), ``fits`` (the values look like the column's), ``is_ambiguous``,
            ``alternatives``, ``example``.
        """
        flags = {"required", "fits", "is_ambiguous"}
        rows = [
            {
                "column": match.column.name,
                "required": match.column.required,
                "theirs": match.theirs or "",
                "confidence": match.confidence,
                "evidence": match.evidence,
                "fits": match.fits,
                "is_ambiguous": match.is_ambiguous,
                "alternatives": ", ".join(match.alternatives),
                "example": self.example(match.theirs),
            }
            for match in self.matches
        ]
        return pd.DataFrame(rows).astype({n: "bool" if n in flags else "str" for n in rows[0]})


@dataclass(frozen=True, kw_only=True)
class _Propose(LoadOptions):
    """What ``propose`` takes beside the source."""

    table: str | None = None


@one_by_one(_Propose)
def propose(source: Path | str, asked: _Propose) -> Proposal:
    r"""Which table is this file, and which of its columns is which of ours?

    Looks at the header and the first rows, in English and Chinese, and reads nothing else. What is
    ambiguous is said; nothing is loaded.

    Parameters
    ----------
    source, encoding, separator, widths, sheet, header_row, sql, db_table
        As in ``loaders.load``; its other options are handed on in ``options``.
    table
        The contract; None takes the one that the file fits best.

    Returns
    -------
    Proposal
        ``loaders.load(source, **proposal.options)`` loads it so; ``summary()`` says why,
        ``missing`` names what the file does not seem to have, ``questions`` what it does not tell.

    Raises
    ------
    SourceNotFoundError, SourceError
        The file is not there, empty, damaged, or not what it was said to be.
    ContractError
        Two columns have one name.
    ParameterError, UnknownNameError
        An option makes no sense.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "shop.csv"
    >>> _ = file.write_text("客户编号,下单时间,数量,单价\n007,2026-03-05,2,9.90\n", encoding="utf-8")
    >>> proposal = propose(file)
    >>> proposal.table, proposal.columns["customer_id"], proposal.columns["amount"]
    ('orders', '客户编号', '数量 * 单价')
    """
    stated = schema.table(asked.table) if asked.table is not None else None
    if asked.sheet == "*":
        return _of_sheets(source, asked)
    # of several sheets that are stated, the first
    first = asked.sheet[0] if isinstance(asked.sheet, tuple) else asked.sheet
    one = dataclasses.replace(asked, sheet=first)
    origin = sources.find(source, asked)
    seen = first_rows.read(origin, one, known())
    headers = Headers(seen)
    contracts = list(schema.TABLES.values())
    layouts = {table.name: layout(table, seen.headers) for table in contracts}
    matches = {table.name: _matches(table, headers, layouts[table.name]) for table in contracts}
    ranked = sorted(
        matches,
        key=lambda name: (bool(layouts[name].name), *_rank(matches[name], headers)),
        reverse=True,
    )
    best = stated.name if stated else ranked[0]
    serving = [name for name in ranked if all(m.theirs for m in matches[name] if m.column.required)]
    made = Proposal(
        origin.named, best, matches[best], seen.headers, tuple(serving), seen.found, seen.rows,
        layouts[best].name,
    )  # fmt: skip
    columns = {**made.columns, **asked.columns}
    used = [part for theirs in columns.values() for part in _parts(theirs, seen.headers)]
    mapping.check_headers(seen.headers, used, schema.table(best), origin.named)
    told, questions = _told(made, columns, asked, layouts[best])
    given = {
        name: value for name, value in asked.given().items() if name not in ("table", "columns")
    }
    options = {"table": best, "columns": columns, **told, **given}
    return dataclasses.replace(made, options=options, questions=tuple(questions))


def _of_sheets(source: Path | str, asked: _Propose) -> Proposal:
    """Propose for the first sheet that has all that a table needs, else for the first one."""
    found: list[Proposal] = []
    for number in itertools.count(1):
        try:
            found.append(propose(source, **{**vars(asked), "sheet": number}))
        except errors.ParameterError:
            break
        if not found[-1].missing:
            break
    options = {**(found[-1] if not found[-1].missing else found[0]).options, "sheet": "*"}
    return dataclasses.replace(found[-1], options=options)


def _told(
    made: Proposal, columns: Mapping[str, str], asked: LoadOptions, known: Layout
) -> tuple[dict[str, Any], list[Question]]:
    """Which options does the file itself tell, and what does it leave open?"""
    told: dict[str, Any] = dict(known.options)
    questions: list[Question] = []
    place = {
        name: made.headers.index(theirs)
        for name, theirs in columns.items()
        if theirs in made.headers
    }
    for match in made.matches:
        sure = match.confidence != "guess" and not match.is_ambiguous and match.fits
        sure = sure or match.evidence == "layout"
        if match.theirs and not sure and match.column.name not in asked.columns:
            text = f"Is '{match.theirs}' the {match.column.name}?"
            if match.column.required:
                questions.append(
                    Question(match.column.name, text, (match.theirs, *match.alternatives))
                )
    carried = [place[name] for name in ("order_id", "customer_id", "ordered_at") if name in place]
    if made.table == "orders" and "order_id" in place and "fill_down" not in told:
        rows = [all(not row[at] for at in carried) for row in made.rows]
        filled = [sum(map(bool, row)) > 1 for row in made.rows]
        if rows[:1] != [True] and any(map(operator.and_, rows, filled)):
            told["fill_down"] = True
    dated = [
        place[m.column.name]
        for m in made.matches
        if m.column.type in DATED and m.column.name in place
    ]
    shifted = any(_SHIFTED.search(row[at]) for row in made.rows for at in dated)
    if shifted and not asked.local_zone:
        told["local_timezone"] = computer_zone()
    for name, theirs in columns.items():
        said = annotations.said(theirs)
        if annotations.ASKED in (said.zone, said.factor):
            what = "timezone" if said.zone else name
            text = f"'{theirs}' says '{said.text}': which is meant?"
            questions.append(Question(what, text, ()))
    if (status := place.get("status")) is not None:
        words = sorted({row[status] for row in made.rows if row[status]})
        resolved = mapping.Resolved((), (), layout=known, headers=made.headers)
        meant = statuses.means("status", words, columns["status"], resolved, asked)
        if open_words := [word for word, means in meant.items() if means == "open"]:
            text = f"Is an order a sale that is {', '.join(open_words)}?"
            questions.append(Question("sale_status", text, tuple(open_words)))
    return told, questions


@dataclass(frozen=True)
class _Candidate:
    """One way to fill one of our columns, and how well it would."""

    theirs: str
    parts: tuple[str, ...]
    score: float
    evidence: Evidence
    rank: int = 0
    fits: bool = True


def _matches(table: schema.Table, headers: Headers, known: Layout) -> tuple[Match, ...]:
    """Give each column the best header that no better-fitting column takes."""
    candidates = {
        column.name: _candidates(table, column, headers, known.columns.get(column.name))
        for column in table.columns
    }
    order = {column.name: place for place, column in enumerate(table.columns)}
    offers = sorted(
        ((offer, name) for name, offers in candidates.items() for offer in offers if offer.score),
        key=lambda offer: (
            -offer[0].score,
            not table.column(offer[1]).required,
            offer[0].rank,
            order[offer[1]],
            offer[0].theirs,
        ),
    )
    chosen: dict[str, _Candidate] = {}
    taken: set[str] = set()
    for offer, name in offers:
        if name not in chosen and not taken & set(offer.parts):
            chosen[name] = offer
            taken |= set(offer.parts)
    _by_values(table, headers, chosen, taken)
    return tuple(
        _match(column, chosen.get(column.name), candidates[column.name], taken)
        for column in table.columns
    )


def _match(
    column: schema.Column,
    chosen: _Candidate | None,
    candidates: Sequence[_Candidate],
    taken: set[str],
) -> Match:
    others = [other for other in candidates if chosen is None or other.theirs != chosen.theirs]
    alternatives = tuple(dict.fromkeys(other.theirs for other in others))[:_MOST_ALTERNATIVES]
    if chosen is None:
        return Match(column, None, "none", "", alternatives)
    theirs, evidence, fits = chosen.theirs, chosen.evidence, chosen.fits
    ambiguous = evidence not in ("layout", "own_name") and any(
        other.evidence == evidence and other.fits and not taken & set(other.parts)
        for other in others
    )
    sure = evidence == "layout" or (
        evidence in ("own_name", "known_name") and fits and not ambiguous
    )
    confidence: Confidence = (
        "certain" if sure else "guess" if evidence == "only_dates" else "likely"
    )
    return Match(column, theirs, confidence, evidence, alternatives, fits, ambiguous)


def _candidates(
    table: schema.Table, column: schema.Column, headers: Headers, known: str | None = None
) -> list[_Candidate]:
    """List what a column could be made from, the best first; what the layout knows before all."""
    ranks = {name: rank for rank, name in enumerate(names_of(table.name, column.name))}
    candidates: list[_Candidate] = []
    for name in headers.names:
        plain = headers.plain[name]
        fits = headers.fits(name, column)
        if name == known:
            candidates.append(_Candidate(name, (name,), _SCORES["layout"], "layout", 0, fits))
        elif name == column.name:
            # The loader takes it whatever it holds; that it does not fit is said.
            candidates.append(_Candidate(name, (name,), _SCORES["own_name"], "own_name", 0, fits))
        elif plain in ranks:
            score = _SCORES["known_name"] if fits else 0.0
            candidates.append(_Candidate(name, (name,), score, "known_name", ranks[plain], fits))
        elif near := [
            (share, -ranks[listed])
            for listed, share in headers.near(name).items()
            if listed in ranks
        ]:
            (share, minus_rank), (low, high) = max(near), _NEAR_SCORES
            fits = headers.fits(name, column, by_near_name=True)
            if column.name == "customer_id" and table.key is None and headers.is_key(name):
                # an id with one row each is an order's, no customer's
                continue
            score = low + (high - low) * (share - NEAR) / (100 - NEAR) if fits else 0.0
            candidates.append(_Candidate(name, (name,), score, "near_name", -minus_rank, fits))
    if table.name == schema.ORDERS.name and column.name == "amount":
        candidates += _product(headers)
    return sorted(candidates, key=lambda offer: (-offer.score, offer.rank, offer.theirs))


def _product(headers: Headers) -> list[_Candidate]:
    """Make an amount of a quantity and a price, where a file has both."""
    lines = schema.ORDER_LINES
    factors: list[_Candidate] = []
    for name in ("quantity", "unit_price"):
        candidates = _candidates(lines, lines.column(name), headers)
        factors += [offer for offer in candidates if offer.fits and offer.score][:1]
    if len({factor.parts for factor in factors}) < 2:
        return []
    quantity, price = factors
    theirs = f"{quantity.theirs} * {price.theirs}"
    score = _PRODUCT_SCORE * min(quantity.score, price.score)
    return [_Candidate(theirs, (*quantity.parts, *price.parts), score, "product")]


def _by_values(
    table: schema.Table, headers: Headers, chosen: dict[str, _Candidate], taken: set[str]
) -> None:
    """Take the only column of dates for the only date that is required and still missing."""
    lacking = [c for c in table.columns if c.required and c.type in DATED and c.name not in chosen]
    dated = [name for name in headers.dated() if name not in taken]
    if len(lacking) == 1 and len(dated) == 1:
        (name,) = dated
        chosen[lacking[0].name] = _Candidate(name, (name,), _SCORES["only_dates"], "only_dates")
        taken.add(name)


def _rank(matches: Sequence[Match], headers: Headers) -> tuple[float, ...]:
    """How well does a file serve as a table? Required columns first, then how much of it is used."""
    required = [match for match in matches if match.column.required]
    weights = {"certain": 1.0, "likely": 0.7, "guess": 0.3, "none": 0.0}
    parts = sum(
        weights[match.confidence] * (1 + ("*" in (match.theirs or ""))) for match in matches
    )
    return (
        sum(match.theirs is not None for match in required) / len(required),
        parts / max(1, len(headers.names)),
        -len(matches),
    )


def _parts(theirs: str, headers: Sequence[str]) -> list[str]:
    if theirs in headers:
        return [theirs]
    return [part.strip() for part in theirs.split("*") if part.strip() in headers]
