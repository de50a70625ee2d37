"""What is written to whom? Each step's channel, template and words, checked before it is queued."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema
from workbench.nurture import content, variants
from workbench.nurture.channels import channels
from workbench.people import frame
from workbench.results import Result
from workbench.scheduling.plans import PLANNED

PROBLEMS = (
    "unknown_lead", "no_template", "not_approved", "unknown_channel", "no_address", "opted_out",
    "no_channel", "missing_field",
)  # fmt: skip
PREPARED_STEPS = Result(
    "nurture.draft(steps, …)[0]", lead_id="id", plan="plan", step="count", owner_id="id",
    channel="channel", address="text", language="text", template_id="id", template_version="count",
    variant="text", topic="text", subject="text", text="text",
)  # fmt: skip
PREPARED = PREPARED_STEPS.columns[4:]
_OWNER_FIELDS = {
    "owner_name": "owner_name", "phone": "owner_phone", "email": "owner_email",
    "wechat": "owner_wechat",
}  # fmt: skip


DRAFT_PROBLEMS = Result(
    "nurture.draft(steps, …)[1]", row="count", lead_id="id", plan="plan", step="count",
    channel="channel", language="text", problem="text", field="text",
)  # fmt: skip


def draft(
    steps: pd.DataFrame,
    *,
    leads: Any,
    owners: Any,
    templates: pd.DataFrame,
    as_of: arguments.DayLike,
    language: str = "en",
    preference: Sequence[str] = tuple(schema.CHANNELS),
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which of these steps can be written, and what is in the way of the others?

    Parameters
    ----------
    steps
        One row per step: ``lead_id``, ``plan``, ``step``; also ``owner_id`` (else the lead's) and
        ``channel`` (where it is empty, the first of ``preference`` that is eligible and has a
        template).
    leads, owners, templates
        As their contracts say. A lead is written to in its ``language``.
    as_of
        The day: who has opted out by then, and what has been approved.
    language
        For a lead whose language is not known.
    preference
        The order in which channels are tried.
    seed
        Of the lots that choose a variant; as ``variants.draw``.

    Returns
    -------
    tuple
        The rows of ``steps`` with all their columns, and ``owner_id``, ``channel``, ``address``,
        ``language``, ``template_id``, ``template_version``, ``variant``, ``topic``, ``subject``
        and ``text``, the words with every merge field filled in, missing where a step cannot be
        written; and one row per problem: ``row`` (of ``steps``, from 1), ``lead_id``, ``plan``,
        ``step``, ``channel``, ``language``, ``problem`` (one of ``nurture.PROBLEMS``), ``field``
        (the merge field that is missing).

    Raises
    ------
    ContentError
        An approved template is wrong.
    ContractError
        A table is short of a column.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "phone": ["+999 1"]})
    >>> owners = pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin"]})
    >>> templates = pd.DataFrame({
    ...     "template_id": "T1", "plan": "Wake-up", "step": 1, "channel": "sms", "language": "en",
    ...     "variant": "A", "template_version": 1, "approved_by": "Lin",
    ...     "body": ["Hello {lead_name}, {owner_name} here."]})
    >>> steps = pd.DataFrame({"lead_id": ["L1"], "plan": "Wake-up", "step": 1, "owner_id": "S1"})
    >>> _, wrong = draft(steps, leads=leads, owners=owners, templates=templates,
    ...                  as_of="2026-10-31")
    >>> wrong[["lead_id", "problem", "field"]].values.tolist()
    [['L1', 'missing_field', 'lead_name']]
    """
    day = arguments.day("as_of", as_of)
    _check_preference(preference)
    PLANNED.require(steps, "steps", ["lead_id", "plan", "step"])
    usable = content.library(templates, as_of=day)
    leads, owners = frame(leads), frame(owners)
    rows = _people(steps, leads, owners, language)
    problems = _Problems(rows)
    problems.add("unknown_lead", ~rows["is_known"])
    rows = _with_channel(rows, usable, templates, leads, day, tuple(preference), problems)
    rows = _with_template(rows, usable, seed)
    text = _filled(rows, "body", problems)
    subject = _filled(rows, "subject", problems)
    stopped = rows.index.isin(problems.rows)
    done = rows.assign(text=text.where(~stopped), subject=subject.where(~stopped))
    kept = [name for name in steps.columns if name not in (*PREPARED, "owner_id")]
    result = pd.concat(
        [steps[kept].reset_index(drop=True), done[["owner_id", *PREPARED]]], axis="columns"
    )
    return result, problems.table()


PREVIEW = Result("nurture.preview(plan, lead_id, …)", **PREPARED_STEPS.kinds, problem="text")


def preview(
    plan: str,
    lead_id: str,
    *,
    leads: Any,
    owners: Any,
    templates: pd.DataFrame,
    as_of: arguments.DayLike,
    language: str = "en",
    preference: Sequence[str] = tuple(schema.CHANNELS),
    seed: int = 0,
) -> pd.DataFrame:
    """What would this lead read, step by step, if it were enrolled in this plan?

    Returns
    -------
    pandas.DataFrame
        One row per step of the plan: ``lead_id``, ``plan``, ``step``, the columns of ``draft``,
        and ``problem``, what is in the way where a step cannot be written.

    Raises
    ------
    UnknownNameError
        There is no such plan among the templates, or no such lead.
    ContentError, ContractError
        As ``draft``.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["L1"], "lead_name": ["Ada"], "phone": ["+999 1"]})
    >>> templates = pd.DataFrame({
    ...     "template_id": "T1", "plan": "Wake-up", "step": [1, 2], "channel": "sms",
    ...     "language": "en", "variant": "A", "template_version": 1, "approved_by": "Lin",
    ...     "body": ["Hello {lead_name}", "From {company}"]})
    >>> owners = pd.DataFrame({"owner_id": ["S1"], "owner_name": ["Lin"]})
    >>> found = preview("Wake-up", "L1", leads=leads, owners=owners, templates=templates,
    ...                 as_of="2026-10-31")
    >>> found["text"].iloc[0], found["problem"].iloc[1]
    ('Hello Ada', "step 2 of 'Wake-up' for lead L1: missing field company")
    """
    plans = sorted(templates["plan"].dropna().astype("str").unique()) if len(templates) else []
    arguments.one_of("plan", plan, plans)
    leads = frame(leads)
    arguments.one_of("lead", lead_id, leads["lead_id"].astype("str").tolist())
    numbers = sorted(templates.loc[templates["plan"] == plan, "step"].unique())
    steps = pd.DataFrame({"lead_id": lead_id, "plan": plan, "step": numbers})
    table, wrong = draft(
        steps,
        leads=leads,
        owners=owners,
        templates=templates,
        as_of=as_of,
        language=language,
        preference=preference,
        seed=seed,
    )
    first = wrong.drop_duplicates("row").set_index("row")
    named = {row: _named(problem) for row, problem in first.to_dict("index").items()}
    return table.assign(problem=pd.Series(table.index + 1).map(named).astype("str"))


def _named(problem: dict[Any, Any]) -> str:
    where = f"step {problem['step']} of '{problem['plan']}' for lead {problem['lead_id']}"
    what = problem["problem"].replace("_", " ")
    return f"{where}: {what}" + (
        f" {problem['field']}" if isinstance(problem["field"], str) else ""
    )


class _Problems:
    """What is in the way, gathered while the rows are worked on; the first of a row counts."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        self._found: list[pd.DataFrame] = []
        self.rows: set[int] = set()

    def add(
        self, problem: str, where: Any, *, channel: Any = None, field: str | None = None
    ) -> None:
        rows = np.asarray(where, dtype=bool)
        # several fields may be missing in a row; of all else the first problem is the cause
        if field is None:
            rows = rows & ~self._rows.index.isin(self.rows)
        if not rows.any():
            return
        part = self._rows.loc[rows, ["lead_id", "plan", "step", "channel", "language"]]
        if channel is not None:
            part = part.assign(channel=np.asarray(channel)[rows])
        self._found.append(part.assign(problem=problem, field=field))
        self.rows |= set(part.index)

    def table(self) -> pd.DataFrame:
        columns = list(DRAFT_PROBLEMS.columns)
        if not self._found:
            return pd.DataFrame(columns=columns)
        every = pd.concat(self._found).drop_duplicates()
        every = every.sort_index(kind="stable").reset_index(names="row")
        return every.assign(row=every["row"] + 1)[columns]


def _check_preference(preference: Sequence[str]) -> None:
    if isinstance(preference, str) or not preference:
        raise errors.ParameterError(
            f"preference is {preference!r}.", mend="Give channels in order: ['wechat', 'sms']."
        )
    arguments.some_of("preference", preference, schema.CHANNELS, kind="channel")


def _people(
    steps: pd.DataFrame, leads: pd.DataFrame, owners: pd.DataFrame, language: str
) -> pd.DataFrame:
    """Put what is known of lead and owner beside each step."""
    schema.require(leads, "leads", ["lead_id"], made_by="loaders.load(…)", key="lead_id")
    schema.require(owners, "owners", ["owner_id"], made_by="loaders.load(…)", key="owner_id")
    table = steps.reset_index(drop=True)
    rows = pd.DataFrame({name: table[name] for name in ("plan", "step")})
    rows["lead_id"] = table["lead_id"].astype("str")
    wanted = ["lead_name", "company", "industry", "language", "owner_id"]
    lead_fields = leads.reindex(columns=["lead_id", *wanted]).astype("str")
    rows = rows.merge(lead_fields, on="lead_id", how="left", indicator=True)
    rows["is_known"] = rows.pop("_merge") == "both"
    none = pd.Series(pd.NA, index=rows.index)
    rows["channel"] = table.get("channel", none).astype("str")
    if "owner_id" in table:
        rows["owner_id"] = table["owner_id"].astype("str").fillna(rows["owner_id"])
    rows["language"] = rows["language"].fillna(language)
    contact = owners.reindex(columns=["owner_id", *_OWNER_FIELDS]).rename(columns=_OWNER_FIELDS)
    return rows.merge(contact.astype("str"), on="owner_id", how="left")


def _with_channel(
    rows: pd.DataFrame,
    usable: pd.DataFrame,
    templates: pd.DataFrame,
    leads: pd.DataFrame,
    day: Any,
    preference: tuple[str, ...],
    problems: _Problems,
) -> pd.DataFrame:
    """Choose each step's channel, or say why there is none; and the address on it."""
    ways = channels(leads, as_of=day)
    names = list(dict.fromkeys([*preference, *schema.CHANNELS]))
    at = {
        name: ways.pivot(index="lead_id", columns="channel", values=name)
        .reindex(columns=names)
        .reindex(rows["lead_id"])
        .reset_index(drop=True)
        for name in ("address", "has_address", "has_opted_out", "is_eligible")
    }
    eligible, has, left = (
        at[name].eq(True).to_numpy() for name in ("is_eligible", "has_address", "has_opted_out")
    )
    written, drafted = (
        _available(rows, table, names)
        for table in (usable, templates[templates["channel"].notna()])
    )
    tried = np.isin(names, preference)
    can = eligible & written & tried
    chosen = rows["channel"].where(rows["channel"].notna(), np.array(names)[can.argmax(axis=1)])
    stated = rows["channel"].notna().to_numpy()
    place = pd.Series(chosen).map({name: at for at, name in enumerate(names)})
    problems.add("unknown_channel", stated & place.isna().to_numpy())
    column = place.fillna(0).to_numpy(dtype="int64")
    line = np.arange(len(rows))
    none = ~stated & ~can.any(axis=1)
    any_written = written.any(axis=1)
    for problem, where in (
        ("no_template", none & ~drafted.any(axis=1)),
        ("not_approved", none & ~any_written),
        ("no_channel", none),
        ("no_address", stated & ~has[line, column]),
        ("opted_out", stated & left[line, column]),
        ("no_template", stated & ~drafted[line, column]),
        ("not_approved", stated & ~written[line, column]),
    ):
        problems.add(problem, where)
    address = at["address"].to_numpy(dtype=object)[line, column]
    return rows.assign(channel=chosen, address=address)


def _available(rows: pd.DataFrame, table: pd.DataFrame, names: list[str]) -> Any:
    """Say for each step and channel whether there is a text in the lead's language."""
    keys = ["plan", "step", "language"]
    offered = table[[*keys, "channel"]].drop_duplicates().assign(there=True)
    wide = offered.pivot_table(index=keys, columns="channel", values="there", aggfunc="first")
    wide = wide.reindex(columns=names).reset_index()
    return rows[keys].merge(wide, on=keys, how="left")[names].eq(True).to_numpy()


def _with_template(rows: pd.DataFrame, usable: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Draw each step's variant, and put the template beside it."""
    place = ["plan", "step", "channel", "language"]
    ordered = usable.assign(
        lot=usable.groupby(place).cumcount(), of=usable.groupby(place)["variant"].transform("size")
    )
    sizes = ordered.drop_duplicates(place)[[*place, "of"]]
    of = rows[place].merge(sizes, on=place, how="left")["of"].fillna(1).astype("int64")
    lots = variants.draw(rows["lead_id"], rows["plan"], rows["step"], of, seed=seed)
    return rows.assign(lot=lots.to_numpy()).merge(
        ordered.drop(columns=["of", "approved_by"]), on=[*place, "lot"], how="left"
    )


def _filled(rows: pd.DataFrame, name: str, problems: _Problems) -> "pd.Series[str]":
    """Write each row's template with its own words: as text, once, whatever they hold."""
    result = pd.Series(pd.NA, index=rows.index, dtype="str")
    # one pass per template, not per lead: pieces of text and columns of words in turn
    for text, part in rows[rows[name].notna()].groupby(name, sort=False):
        made = pd.Series("", index=part.index, dtype="str")
        for piece in re.split(r"(\{[^{}]*\})", str(text)):
            if not piece.startswith("{"):
                made = made + piece
                continue
            field = piece[1:-1]
            words = part[field].astype("str").str.strip()
            blank = words.isna() | (words == "")
            if blank.any():
                problems.add("missing_field", rows.index.isin(blank.index[blank]), field=field)
            made = made + words.fillna("")
        result[part.index] = made
    return result
