"""Which settings are there, with which defaults? A new settings file says it in comments."""

from typing import Any

from workbench.config.sections import Section, Settings

_COMMENTS_FROM = 40


def settings_as_toml(tables: str = "", **stated: Any) -> str:
    r"""Write a whole settings file: what is stated, and all else as comments with its default.

    Parameters
    ----------
    tables
        The sections of the tables, as they are to stand.
    **stated
        ``currency`` and ``timezone``, where they are known.

    Examples
    --------
    >>> text = settings_as_toml(currency="EUR")
    >>> print("\n".join(text.splitlines()[:5]))
    currency = "EUR"                        # what all amounts are in; found in the orders if not said
    # timezone = "Asia/Shanghai"            # the local zone all times are kept in
    <BLANKLINE>
    [rfm]
    # basis = "total"                       # or "average": money per purchase day
    """
    sections = {
        name: entry.annotation
        for name, entry in Settings.model_fields.items()
        if isinstance(entry.annotation, type) and issubclass(entry.annotation, Section)
    }
    plain = _lines(Settings, leave={*sections, "root", "tables"}, stated=stated)
    parts = ["\n".join(plain), tables.strip()]
    # the names of sections are no comments: a line below one is uncommented on its own
    parts += [f"[{name}]\n" + "\n".join(_lines(kind)) for name, kind in sections.items()]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(
    kind: type[Section], *, leave: set[str] | None = None, stated: dict[str, Any] | None = None
) -> list[str]:
    """Write one line for each setting of a section: its default, or an example where that is none."""
    import tomlkit

    lines = []
    for name, entry in kind.model_fields.items():
        if name in (leave or ()):
            continue
        is_stated = (stated or {}).get(name) is not None
        value = (
            (stated or {}).get(name) if is_stated else entry.get_default(call_default_factory=True)
        )
        if not is_stated and value in (None, {}):
            value = (entry.examples or [""])[0]
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            value = inline
        sign = "" if is_stated else "# "
        line = f"{sign}{name} = {tomlkit.item(value).as_string()}"
        lines.append(f"{line + '  ':<{_COMMENTS_FROM}}# {entry.description}")
    return lines
