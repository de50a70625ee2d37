"""How does a folder of exports become a workbench? Settings from what lies there, and notebooks.

What is there already is never overwritten: it is told. Each file appears whole or not at all.
"""

import dataclasses
import filecmp
import glob
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import config, errors, schema, scratch

if TYPE_CHECKING:
    from workbench.loaders.cast.proposal import Proposal
    from workbench.samples import Progress

# Where exports are looked for.
_FOLDERS = (".", "data")
_SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".zip", ".parquet")


@dataclass(frozen=True)
class Source:
    """One file, or several of one kind: as what would it come in, and does it?

    ``source`` is as the settings name it, ``said`` what became of its rows or why it does not load,
    ``questions`` what only a person can tell, ``zone`` the time zone that its times needed,
    ``is_sure`` whether none of its columns is asked, ``is_taken`` whether its table is to come from it.
    """

    source: str
    said: str
    table: str = ""
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    questions: tuple[str, ...] = ()
    loads: bool = False
    is_sure: bool = True
    is_taken: bool = False
    currency: str | None = None
    zone: str | None = None

    def _in(self, sign: str | None) -> "Source":
        """Say what its amounts are in: a sign such as ¥ is two countries', a person says which."""
        if sign is None or re.fullmatch(r"[A-Z]{3}", sign):
            return dataclasses.replace(self, currency=sign)
        asked = f"the amounts are in '{sign}': write its code above, such as currency = \"CNY\""
        return dataclasses.replace(self, questions=(*self.questions, asked))

    def as_toml(self) -> str:
        """Write its section, and what is to be known of it; all in comments where it is not taken."""
        said = [f"{self.source}: {self.said}", *self.questions]
        entry = config.TableSettings(source=self.source, **self.options)
        section = config.table_as_toml(self.table, entry).splitlines() if self.table else []
        lines = [*map(_comment, said), *(section if self.is_taken else map(_comment, section))]
        return "\n".join(lines)


def notebooks() -> Path:
    """Where are the notebooks that come with the package? In the wheel, or beside a checkout.

    Examples
    --------
    >>> (notebooks() / "reports" / "monthly_customers.ipynb").is_file()
    True
    """
    package = Path(__file__).resolve().parent
    carried = package / "_notebooks"
    return carried if carried.is_dir() else package.parent / "notebooks"


def look(
    folder: Path, *, zone: str, known: Mapping[str, config.TableSettings] | None = None
) -> list[Source]:
    r"""Which tables lie in this folder? Each file is proposed as a table, and loaded to see.

    Parameters
    ----------
    folder
        Where, and in its ``data``; what lies deeper is not looked at.
    zone
        The time zone of this computer, which times that name theirs are kept in.
    known
        The tables that have a source already.

    Returns
    -------
    list of Source
        One per file, or per pattern where several files of one kind lie side by side, by name. A
        table that is not known is taken from the first that loads.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "sales.csv").write_text("Kunde,Datum,Betrag\nK1,2026-01-31,9.50\n")
    >>> [(one.table, one.source, one.said) for one in look(folder, zone="UTC")]
    [('orders', 'sales.csv', '1 of 1 rows kept')]
    """
    from workbench import loaders

    sources: list[Source] = []
    kinds: dict[tuple[Any, ...], list[tuple[Path, Proposal]]] = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            proposal = loaders.propose(path)
        except errors.WorkbenchError as error:
            reason = error.one_line.replace(f"{folder}{os.sep}", "")
            sources.append(Source(name, f"cannot be read. {reason}"))
            continue
        if not proposal.columns:
            sources.append(Source(name, "has no column that a table here has"))
            continue
        kind = (path.parent, path.suffix, proposal.table, proposal.headers)
        kinds.setdefault(kind, []).append((path, proposal))
    for members in kinds.values():
        if pattern := _pattern([path for path, _ in members]):
            whole = _tried(pattern, [one for _, one in members], folder, zone=zone)
            if whole.loads:
                sources.append(whole)
                continue
        sources += [_tried(str(path), [one], folder, zone=zone) for path, one in members]
    return _taken(sorted(sources, key=lambda source: source.source), known or {})


def samples_of(
    folder: Path,
    *,
    progress: "Progress | None" = None,
    known: Mapping[str, config.TableSettings] | None = None,
) -> list[Source]:
    """Where do the sample company's tables lie? Written to ``data/samples``, where they are not.

    Returns
    -------
    list of Source
        One per table of ``workbench.samples``.
    """
    from workbench import loaders, samples

    place = folder / "data" / "samples"
    with _told(place):
        place.mkdir(parents=True, exist_ok=True)
        with scratch.Folder(place) as draft:
            made = samples.write(draft, progress=progress)
            # what lies there is somebody's
            _moved({path: place / path.name for path in made})
    sources = []
    for path in made:
        ledger = loaders.load(place / path.name, table=path.stem).ledger
        said = f"{ledger.rows_kept:,} rows"
        name = (place / path.name).relative_to(folder).as_posix()
        sources.append(Source(name, said, path.stem, loads=True, currency="CNY"))
    return _taken(sources, known or {})


def _taken(sources: Sequence[Source], known: Mapping[str, config.TableSettings]) -> list[Source]:
    """Take each table from the first source that loads; say of the others that they are not taken."""
    names = {table: entry.source for table, entry in known.items()}
    settled = []
    for source in sources:
        is_wanted = source.loads and source.is_sure
        if is_wanted and source.table not in names:
            source = dataclasses.replace(source, is_taken=True)
            names[source.table] = source.source
        elif is_wanted:
            said = f"{source.said}; not taken, {source.table} is '{names[source.table]}'"
            source = dataclasses.replace(source, said=said)
        settled.append(source)
    return settled


def tables_as_toml(sources: Sequence[Source]) -> str:
    """What would ``workbench.toml`` say of these sources? What is not taken stands in comments.

    Examples
    --------
    >>> print(tables_as_toml([Source("a.txt", "does not load.")]).splitlines()[0])
    # a.txt: does not load.
    """
    sections = [one.as_toml() for one in sorted(sources, key=lambda source: not source.is_taken)]
    names = {one.table for one in sources if one.is_taken}
    wanting = [name for name in schema.TABLES if name not in names]
    if wanting:
        name = "orders" if "orders" in wanting else wanting[0]
        example = config.TableSettings(source=f"exports/{name}.csv")
        says = f"No file is taken as: {', '.join(wanting)}. A table is named like this:"
        lines = [says, *config.table_as_toml(name, example).splitlines()]
        sections.append("\n".join(map(_comment, lines)))
    return "\n\n".join(sections)


def settings_as_toml(sources: Sequence[Source]) -> str:
    """What does a new ``workbench.toml`` say? Its tables, what was found of them, all else as comments.

    The currency is the one that the files state.
    """
    chosen = [source for source in sources if source.is_taken]
    currencies = {one.currency for one in chosen if one.currency}
    stated = currencies.pop() if len(currencies) == 1 else None
    zone = next((one.zone for one in chosen if one.zone), None)
    head = "Settings of the workbench. Sources are relative to this file. A line that begins with #"
    tail = "is a comment: of a setting, its default or an example. More: workbench check --help"
    settings = config.settings_as_toml(tables_as_toml(sources), currency=stated, timezone=zone)
    return f"{_comment(head)}\n{_comment(tail)}\n\n{settings}"


def copy_notebooks(folder: Path) -> tuple[list[Path], list[Path]]:
    """Which notebooks, lessons and report templates are now here, and which were left alone?

    Returns
    -------
    tuple
        The files written, and those that stood there with another content.
    """
    origin, place = notebooks(), folder / "notebooks"
    with _told(place), scratch.Folder(folder) as draft:
        drafts = {}
        for number, path in enumerate(sorted(origin.rglob("*.ipynb"))):
            if not any(part.startswith(".") for part in path.relative_to(origin).parts):
                copied = Path(shutil.copyfile(path, draft / f"{number}.ipynb"))
                drafts[copied] = place / path.relative_to(origin)
        left = _moved(drafts)
        differing = [path for copied, path in left.items() if not filecmp.cmp(copied, path)]
    return [path for path in drafts.values() if path not in left.values()], differing


def _moved(drafts: Mapping[Path, Path]) -> dict[Path, Path]:
    """Move each draft to its place, but over nothing; give those whose place is taken."""
    left = {draft: place for draft, place in drafts.items() if os.path.lexists(place)}
    for draft, place in drafts.items():
        if draft not in left:
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(place)
    return left


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Say what the disk refuses."""
    try:
        yield
    except errors.WorkbenchError:
        raise
    except OSError as error:
        raise errors.SourceError(
            f"'{place}' cannot be written: {error.strerror or error}.",
            mend="Check the folder, its permissions and the room on the disk; then do it again.",
        ) from error


def _files(folder: Path) -> list[Path]:
    """List the data files that lie open, in the order of their names."""
    from workbench.loaders.find import workbooks

    endings = (*_SUFFIXES, *workbooks.SUFFIXES)
    places = [folder / name for name in _FOLDERS if (folder / name).is_dir()]
    with _told(folder):
        paths = [path for place in places for path in sorted(place.iterdir())]
    return [
        path
        for path in paths
        if path.suffix.lower() in endings and not path.name.startswith((".", "~$"))
        and path.is_file()
    ]  # fmt: skip


def _pattern(paths: Sequence[Path]) -> str | None:
    """Which pattern names these files and no other? It leaves room for the next month's."""
    start = os.path.commonprefix([path.name for path in paths])  # noqa: RUF071 - of names, not paths
    for prefix in (start.rstrip("0123456789"), start):
        pattern = str(paths[0].with_name(f"{glob.escape(prefix)}*{paths[0].suffix}"))
        if {Path(path) for path in glob.glob(pattern)} == set(paths):  # noqa: PTH207
            return pattern if len(paths) > 1 else None
    return None


def _tried(source: str, proposals: Sequence["Proposal"], folder: Path, *, zone: str) -> Source:
    """Load a source to see whether it does: in this computer's zone, where its times name theirs."""
    from workbench import loaders
    from workbench.loaders.cast import annotations

    options = {name: value for one in reversed(proposals) for name, value in one.options.items()}
    questions = dict.fromkeys(question for one in proposals for question in one.questions)
    table, columns = options["table"], options["columns"]
    name = os.path.relpath(source, folder).replace(os.sep, "/")
    # the zone to keep times in is one for all tables
    given = {key: value for key, value in options.items() if key not in ("table", "local_timezone")}
    needs_zone = "local_timezone" in options or any(
        annotations.said(theirs).zone for theirs in columns.values()
    )
    asked = [f"{one.text} {one.about}: {' or '.join(one.answers) or '…'}" for one in questions]
    is_guess = any(one.about in columns for one in questions)
    local = zone if needs_zone else None
    found = Source(name, "", table, given, tuple(asked), is_sure=not is_guess, zone=local)
    try:
        ledger = loaders.load(source, table=table, **given, local_timezone=local).ledger
    except errors.WorkbenchError as error:
        reason = error.one_line.replace(f"{folder}{os.sep}", "")
        return dataclasses.replace(found, said=f"does not load. {reason}")
    said = f"{ledger.rows_kept:,} of {ledger.rows_read:,} rows kept"
    said += ", if what is asked is so: then take the signs # away" if is_guess else ""
    return dataclasses.replace(found, said=said, loads=True)._in(ledger.currency)


def _comment(line: str) -> str:
    """Make a line of a settings file that says something and sets nothing."""
    return f"# {''.join(sign if sign.isprintable() else ' ' for sign in line)}".rstrip()
