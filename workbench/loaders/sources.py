"""What does a source name: one file, several files that belong together, or a database?

Each can say what its content is (a fingerprint), read itself into a draft of the cache, and tell
whether it changed meanwhile. ``loading`` does the same with all of them.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.loaders import cache as caching
from workbench.loaders import database, files, gathering
from workbench.loaders.options import Options

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class OneFile:
    """A file."""

    path: Path
    named: str
    fingerprint: str = ""

    @property
    def stem(self) -> str:
        """The file's name without its suffixes."""
        return self.path.name.split(".")[0]

    @contextmanager
    def opened(self, _options: Options, cache: Path) -> Iterator["OneFile"]:
        """Fingerprint the file."""
        yield OneFile(self.path, self.named, caching.fingerprint(self.path, cache))

    def read(
        self, connection: "duckdb.DuckDBPyConnection", options: Options, draft: Path
    ) -> dict[str, Any]:
        """Read it by what it is."""
        from workbench.loaders import reading

        return reading.read(connection, self.path, self.named, options, draft)

    def state(self) -> object:
        """Size and time of the last change."""
        return _state(self.path)


@dataclass(frozen=True)
class ManyFiles:
    """Several files of one kind, in the order of their names."""

    paths: tuple[Path, ...]
    named: str
    fingerprints: tuple[str, ...] = ()
    path: None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What each file is called: its path below the folder that holds them all."""
        return gathering.names(self.paths)

    @property
    def stem(self) -> str:
        """The name of the folder that holds them all."""
        return gathering.folder_of(self.paths).name

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the names and contents of all files."""
        said = "\0".join(f"{n}\0{f}" for n, f in zip(self.names, self.fingerprints, strict=True))
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()

    @contextmanager
    def opened(self, _options: Options, cache: Path) -> Iterator["ManyFiles"]:
        """Fingerprint every file."""
        found = tuple(caching.fingerprint(path, cache) for path in self.paths)
        yield ManyFiles(self.paths, self.named, found)

    def read(
        self, connection: "duckdb.DuckDBPyConnection", options: Options, draft: Path
    ) -> dict[str, Any]:
        """Read each by what it is, and all as one table."""
        from workbench.loaders import together

        parts = [
            together.Part(path, name, fingerprint)
            for path, name, fingerprint in zip(
                self.paths, self.names, self.fingerprints, strict=True
            )
        ]
        return together.read(connection, parts, options, draft)

    def state(self) -> object:
        """Size and time of the last change of each."""
        return [_state(path) for path in self.paths]


@dataclass(frozen=True)
class Query:
    """A table or a query of a database; its content is what came back."""

    asked: database.Question
    answer: database.Answer | None = None
    path: None = None

    @property
    def named(self) -> str:
        """The address without its password, and what is asked for."""
        return self.asked.named

    @property
    def stem(self) -> str:
        """The table, or that it was a query."""
        return self.asked.db_table or "query"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the rows that came back."""
        return self.answer.fingerprint if self.answer else ""

    @contextmanager
    def opened(self, options: Options, cache: Path) -> Iterator["Query"]:
        """Run the query."""
        with caching.scratch(cache) as folder:
            yield Query(self.asked, database.ask(self.asked, options, folder))

    def read(
        self, connection: "duckdb.DuckDBPyConnection", options: Options, draft: Path
    ) -> dict[str, Any]:
        """Cast what came back."""
        from workbench.loaders import reading

        if self.answer is None:
            return {}
        return reading.read_answer(connection, self.answer, self.named, options, draft)

    def state(self) -> object:
        """Nothing: the rows that came back lie in a file of our own."""
        return None


Source = OneFile | ManyFiles | Query


def find(source: Path | str, *, sql: str | None = None, db_table: str | None = None) -> Source:
    """What does a source name?

    Raises
    ------
    SourceNotFoundError
        Nothing is there, or no file matches.
    SourceError, ParameterError
        It may not be read, is a folder of several kinds, or a database of which no table is named.
    """
    files.check_source(source)
    asked = database.question(source, sql=sql, db_table=db_table)
    if asked is not None:
        return Query(asked)
    paths = gathering.gather(source)
    return (
        OneFile(files.find(source), str(source)) if paths is None else ManyFiles(paths, str(source))
    )


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
