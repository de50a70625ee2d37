"""Which texts may be used, and what do they leave to be filled in?"""

import re

import pandas as pd

from workbench import arguments, errors, schema
from workbench.results import Result

#: What a template may leave open: the lead's own words and how to reach the owner.
MERGE_FIELDS = (
    "lead_name", "company", "industry", "owner_name", "owner_phone", "owner_email", "owner_wechat",
)  # fmt: skip
#: What a template is for; there is one text for each in a version.
PLACE = ("plan", "step", "channel", "language", "variant")

_COLUMNS = ("template_id", *PLACE, "template_version", "body", "approved_by")
_FIELD = re.compile(r"\{([^{}]*)\}")
_FIRST_NAMED = 5


def fields(text: str) -> tuple[str, ...]:
    """Which merge fields does a text leave open, in their order?

    A field is ``{name}`` with a name of ``MERGE_FIELDS``, and nothing else in braces is anything:
    no attribute, no index, no format, no doubled brace. So a template cannot run code.

    Raises
    ------
    ContentError
        A brace stands alone, or around something that is no merge field.

    Examples
    --------
    >>> fields("Hello {lead_name}, {owner_name} here.")
    ('lead_name', 'owner_name')
    >>> try:
    ...     fields("Hello {lead_name.__class__}")
    ... except errors.ContentError as error:
    ...     print(error)
    '{lead_name.__class__}' is no merge field.
    Did you mean 'lead_name'? Known: {lead_name}, {company}, {industry}, {owner_name}, {owner_phone}, {owner_email}, {owner_wechat}.
    """
    names: list[str] = _FIELD.findall(text)
    merge_fields = ", ".join(f"{{{name}}}" for name in MERGE_FIELDS)
    for name in names:
        if name not in MERGE_FIELDS:
            near = errors.did_you_mean(name.strip(), MERGE_FIELDS) if name.strip() else ""
            raise errors.ContentError(
                f"'{{{name}}}' is no merge field.", mend=f"{near}Known: {merge_fields}."
            )
    left = _FIELD.sub("", text)
    if "{" in left or "}" in left:
        brace = "{" if "{" in left else "}"
        raise errors.ContentError(
            f"A brace '{brace}' stands alone.",
            mend=f"Braces only hold merge fields. Known: {merge_fields}.",
        )
    return tuple(names)


TEMPLATE_PROBLEMS = Result(
    "nurture.problems(templates)", row="count", template_id="id", template_version="count",
    language="text", variant="text", is_approved="truth", what="what",
)  # fmt: skip


def problems(templates: pd.DataFrame) -> pd.DataFrame:
    """What is wrong with the library of templates, drafts included?

    Parameters
    ----------
    templates
        One row per template, version, language and variant, as the contract ``templates`` says.

    Returns
    -------
    pandas.DataFrame
        One row per problem: ``row`` (of ``templates``, from 1), ``template_id``,
        ``template_version``, ``language``, ``variant``, ``is_approved``, and ``what``, a sentence.
        Empty where all is well.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> templates = pd.DataFrame({
    ...     "template_id": "T1", "plan": "Wake-up", "step": 1, "channel": "sms", "language": "en",
    ...     "variant": ["A", "B"], "template_version": 1, "approved_by": "Lin",
    ...     "body": ["Hello {lead_name}", "Hello {lead_nam}"]})
    >>> problems(templates)[["row", "variant", "what"]].values.tolist()
    [[2, 'B', "'{lead_nam}' is no merge field."]]
    """
    table = _read(templates)
    faults: list[tuple[int, str]] = []
    for name in ("body", "subject"):
        for row, text in enumerate(table[name].fillna("")):
            try:
                fields(text)
            except errors.ContentError as error:
                faults.append((row, error.what))
    blank = table["body"].fillna("").str.strip() == ""
    faults += [(row, "The template has no words.") for row in _rows(blank)]
    for name in ("step", "template_version"):
        number = pd.to_numeric(table[name], errors="coerce")
        wrong = ~(number >= 1) | (number % 1 != 0)
        faults += [
            (row, f"{name} is {table[name].iloc[row]}, no whole number from 1.")
            for row in _rows(wrong)
        ]
    twice = table.duplicated([*PLACE, "template_version"], keep="first")
    faults += [
        (row, "Another template has the same plan, step, channel, language, variant and version.")
        for row in _rows(twice)
    ]
    faults.sort(key=lambda fault: fault[0])
    rows = [row for row, _ in faults]
    columns = ["template_id", "template_version", "language", "variant", "is_approved"]
    at_fault = table.iloc[rows][columns].reset_index(drop=True)
    at_fault.insert(0, "row", [row + 1 for row in rows])
    return at_fault.assign(what=pd.Series([what for _, what in faults], dtype="str"))


LIBRARY = Result(
    "nurture.library(templates, as_of=…)", plan="plan", step="count", channel="channel",
    language="text", variant="text", template_id="id", template_version="count", topic="text",
    subject="text", body="text", approved_by="text",
)  # fmt: skip


def library(templates: pd.DataFrame, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """Which texts may be used on a day? The latest approved version of each.

    A template counts as approved from ``approved_on``, or always where that is empty, once
    somebody's name stands in ``approved_by``. A template without a variant is its own only one.

    Parameters
    ----------
    templates
        One row per template, version, language and variant, as the contract ``templates`` says.
    as_of
        The day; what was approved later is not seen.

    Returns
    -------
    pandas.DataFrame
        One row per plan, step, channel, language and variant, sorted by them: those five,
        ``template_id``, ``template_version``, ``topic``, ``subject``, ``body``, ``approved_by``.

    Raises
    ------
    ContractError
        A column is missing.
    ContentError
        An approved template has a problem; all are attached as ``problems``.

    Examples
    --------
    >>> templates = pd.DataFrame({
    ...     "template_id": "T1", "plan": "Wake-up", "step": 1, "channel": "sms", "language": "en",
    ...     "variant": "A", "template_version": [1, 2, 3], "body": ["one", "two", "three"],
    ...     "approved_by": ["Lin", "Lin", None]})
    >>> library(templates, as_of="2026-10-31")["body"].tolist()
    ['two']
    """
    day = pd.Timestamp(arguments.day("as_of", as_of))
    table = _read(templates)
    wrong = problems(templates)
    wrong = wrong[wrong["is_approved"]]
    if len(wrong):
        first = "; ".join(
            f"{row.template_id} version {row.template_version} {row.language} {row.variant}"
            f" (row {row.row}): {row.what}"
            for row in wrong.head(_FIRST_NAMED).itertuples()
        )
        more = f"; and {len(wrong) - _FIRST_NAMED} more" if len(wrong) > _FIRST_NAMED else ""
        raise errors.ContentError(
            f"templates: {first}{more}",
            mend="Correct these templates; the table of templates is named in workbench.toml.",
            problems=wrong,
        )
    usable = table[table["is_approved"] & ~(table["approved_on"] > day)]
    latest = usable.sort_values([*PLACE, "template_version"]).drop_duplicates(
        list(PLACE), keep="last"
    )
    return latest[list(LIBRARY.columns)].reset_index(drop=True)


def _rows(flags: "pd.Series[bool]") -> list[int]:
    return [row for row, flag in enumerate(flags) if flag]


def _read(templates: pd.DataFrame) -> pd.DataFrame:
    """Give the templates with every column there is in the contract, and whether each is approved."""
    schema.require(
        templates,
        "templates",
        [name for name in _COLUMNS if name != "variant"],
        made_by="loaders.load_configured('templates', settings)",
    )
    names = schema.table("templates").column_names
    table = templates.reindex(columns=list(names)).reset_index(drop=True)
    texts = ["template_id", *(name for name in PLACE if name != "step"), "topic", "subject", "body"]
    table = table.astype(dict.fromkeys([*texts, "approved_by"], "str"))
    table["variant"] = table["variant"].fillna("")
    table["approved_on"] = pd.to_datetime(table["approved_on"])
    return table.assign(is_approved=table["approved_by"].fillna("").str.strip() != "")
