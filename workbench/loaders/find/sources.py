"""What does a source name: one file, several files that belong together, or a database?"""

import os
from dataclasses import dataclass
from pathlib import Path

from workbench import errors
from workbench.load_options import LoadOptions
from workbench.loaders.find import databases, files, folders


@dataclass(frozen=True)
class Source:
    """A file, several files of one kind in the order of their names, or a question to a database."""

    named: str
    paths: tuple[Path, ...] = ()
    is_several: bool = False
    question: databases.Question | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What each file is called: of several, its path below the folder that holds them all."""
        if not self.is_several:
            return (self.named,)
        folder = folders.common(self.paths)
        return tuple(path.relative_to(folder).as_posix() for path in self.paths)

    @property
    def stem(self) -> str:
        """A short name: of the file, of the folder that holds all, of the table asked for."""
        if self.question is not None:
            return self.question.db_table or "query"
        return (
            folders.common(self.paths).name if self.is_several else self.paths[0].name.split(".")[0]
        )

    def state(self) -> list[tuple[int, int]]:
        """Size and time of the last change of each file."""
        return [(status.st_size, status.st_mtime_ns) for status in map(Path.stat, self.paths)]


def find(source: Path | str, options: LoadOptions) -> Source:
    """What does a source name?

    Raises
    ------
    SourceNotFoundError
        Nothing is there, or no file matches.
    SourceError, ParameterError
        It may not be read, is a folder of several kinds, or a database of which no table is named.
    ParameterTypeError
        It is neither a path nor a text.
    """
    if not isinstance(source, str | os.PathLike):
        raise errors.ParameterTypeError(
            f"source is {str(source)[:40]!r}, of type {type(source).__name__}; it takes a path.",
            mend="Name a file: loaders.load('orders.csv').",
        )
    question = databases.question(source, options)
    if question is not None:
        return Source(question.named, question=question)
    paths = folders.gather(source)
    if paths is None:
        return Source(str(source), (files.find(source),))
    return Source(str(source), paths, is_several=True)
