"""Write the pages of all tables, ``tables.md`` and ``tables.zh.md``, from the contracts.

Run: make pages

Names, types, meanings and choices are those of ``workbench.schema``, Chinese names of columns those
of ``workbench/words``, the example the fullest row of the sample company. What has no Chinese yet is
asked for by a ``KeyError``.
"""

import csv
from pathlib import Path

from workbench import schema, words
from workbench.nurture.content import MERGE_FIELDS
from workbench.words import LANGUAGES, Lang

DOCS = Path(__file__).parent
LONGEST = 60
HEADS = {
    "en": ("column", "type", "needed", "meaning", "example"),
    "zh": ("列", "名称", "类型", "必需", "示例"),
}
NEEDED = {"en": ("yes, in every row", "yes"), "zh": ("是，每行都要有", "是")}
TITLES = {
    "en": "# The columns of every table\n\n[中文](tables.zh.md)\n\nYour file may call its columns "
    "otherwise: `workbench check FILE --propose` says which is which. A column that is not needed may "
    "be missing, and any further column is left alone. Each example is one row of the "
    "[sample company](../data/samples).",
    "zh": "# 各表的列\n\n[English](tables.md)\n\n您的文件可以用别的列名：`workbench check FILE --propose` "
    "会说明哪一列是哪一列。不是必需的列可以没有，多余的列不受影响。示例取自[示例公司](../data/samples)的一行。",
}  # fmt: skip
TYPES = {
    "id": "编号", "text": "文字", "choice": "选项", "date": "日期", "timestamp": "时间", "money": "金额",
    "integer": "整数", "number": "数字",
}  # fmt: skip
UNITS = {
    "currency of the source": "来源的货币", "days": "天", "pieces": "件", "steps": "步", "versions": "版本",
}  # fmt: skip
GRAINS = {
    "customers": "每位客户一行", "orders": "每笔订单一行；订单的明细行也可以，同一客户同一天会合并",
    "order_lines": "每笔订单的每件产品一行", "products": "每种产品一行", "owners": "每位负责人一行",
    "leads": "每条线索一行", "touches": "每次触达一行：对线索或来自线索，经一个渠道",
    "templates": "每个模板、版本、语言和变体一行", "steps": "培育计划的每个计划步骤一行",
}  # fmt: skip
MERGED = {
    "en": ("## Merge fields", "In `body` and `subject` of a template these stand for what the tables hold. A "
           "missing value is an error that names the lead, before anything is queued; other braces are "
           "refused.", ("field", "stands for")),
    "zh": ("## 合并字段", "模板的 `body` 和 `subject` 中，下列字段会换成表中的内容。缺少内容时会报错并指出是哪条线索，"
           "之后才会排入待办；其他花括号不被接受。", ("字段", "代表")),
}  # fmt: skip


def page(lang: Lang) -> str:
    """The text of one page."""
    parts = [TITLES[lang], *(_section(table, lang) for table in schema.TABLES.values())]
    title, lede, head = MERGED[lang]
    rows = [(f"`{{{field}}}`", _source(field)) for field in MERGE_FIELDS]
    return "\n\n".join([*parts, f"{title}\n\n{lede}\n\n{_table(head, rows)}"]) + "\n"


def _source(field: str) -> str:
    who, _, column = field.partition("_")
    if who == "owner":
        return f"`owners.{field if column == 'name' else column}`"
    return f"`leads.{field}`"


def _section(table: schema.Table, lang: Lang) -> str:
    grain = table.grain[0].upper() + table.grain[1:] if lang == "en" else GRAINS[table.name]
    key = (
        {"en": f"; `{table.key}` stands once", "zh": f"；`{table.key}` 不重复"}[lang]
        if table.key
        else ""
    )
    example = _example(table)
    rows = []
    for column in table.columns:
        type_, unit = column.type, column.unit
        if lang == "zh":
            type_, unit = TYPES[type_], UNITS[unit] if unit else None
        choices = ", ".join(f"`{choice}`" for choice in column.choices)
        kind = (": " if lang == "en" else "：").join(filter(None, [type_, choices or unit or ""]))
        needed = NEEDED[lang][column.nullable] if column.required else ""
        said = [kind, needed, column.meaning] if lang == "en" else [
            words.Words("zh").header(column.name), kind, needed,
        ]  # fmt: skip
        rows.append((f"`{column.name}`", *said, _cell(example.get(column.name, ""))))
    end = "." if lang == "en" else "。"
    return f"## {table.name}\n\n{grain}{key}{end}\n\n{_table(HEADS[lang], rows)}"


def _example(table: schema.Table) -> dict[str, str]:
    """The first of the rows with the most cells filled."""
    with (DOCS.parent / "data" / "samples" / f"{table.name}.csv").open(encoding="utf-8") as file:
        return max(csv.DictReader(file), key=lambda row: sum(map(bool, row.values())))


def _cell(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "".join(f"| {cell} ".replace("  ", " ") for cell in cells) + "|" for cells in lines
    )


def main() -> None:
    """Write both pages."""
    for lang in LANGUAGES:
        path = DOCS / ("tables.md" if lang == "en" else f"tables.{lang}.md")
        path.write_text(page(lang), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
