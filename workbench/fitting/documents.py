"""How is a fitted result kept? As JSON that says what it is, written in one step."""

import json
import os
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self

from workbench import errors, outputs


def refuse(where: str, what: str, mend: str) -> NoReturn:
    """Raise the error for a saved model that cannot be used."""
    raise errors.SourceError(f"{where}: {what}", mend=mend)


def read(path: Path) -> str:
    """Read a file's text, or say why not."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise errors.SourceNotFoundError(
            f"There is no file '{path}'.", mend="Check the path, or save the model there first."
        ) from None
    except UnicodeDecodeError:
        refuse(str(path), "this is no text in UTF-8.", "Name a file that was saved by a model.")
    except OSError as error:
        refuse(str(path), f"cannot be read: {error.strerror}.", "Name a file you may read.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def document(text: str, *, kind: str, version: int, where: str) -> dict[str, Any]:
    """Read a saved model's JSON, having made sure that it is one of this kind and version."""
    again = f"Name a file that was saved by a {kind.split('.')[-1]}."
    try:
        fields = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        refuse(where, f"this is not valid JSON ({error}).", again)
    if not isinstance(fields, dict) or "kind" not in fields:
        refuse(where, "this JSON is no saved model.", again)
    if fields["kind"] != kind:
        refuse(where, f"this is a '{fields['kind']}', not a '{kind}'.", again)
    if fields.get("version") != version:
        refuse(
            where,
            f"version {fields.get('version')!r} is unknown here, {version} is known.",
            "Update the workbench, or save the model again with this one.",
        )
    return {name: value for name, value in fields.items() if name not in ("kind", "version")}


def exact_keys(fields: dict[str, Any], names: tuple[str, ...], *, where: str) -> None:
    """Refuse a document in which a name is missing or unknown."""
    missing = [name for name in names if name not in fields]
    spare = [name for name in fields if name not in names]
    if missing:
        refuse(
            where,
            f"'{missing[0]}' is missing.",
            f"{errors.did_you_mean(missing[0], spare)}It has to hold: {', '.join(names)}.",
        )
    if spare:
        refuse(
            where,
            f"'{spare[0]}' is unknown.",
            f"{errors.did_you_mean(spare[0], names)}It may hold: {', '.join(names)}.",
        )


class Saved:
    """What is kept as JSON text that says what it is: a result that can be saved and loaded."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    called: ClassVar[str] = "model"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.kind = f"workbench.{cls.__name__}"

    def to_json(self) -> str:
        """Write as JSON text; every number comes back exactly."""
        document = {"kind": self.kind, "version": self.version, **self._fields()}
        return json.dumps(document, indent=2, allow_nan=False) + "\n"

    def _fields(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def from_json(cls, text: str, *, where: str | None = None) -> Self:
        """Read from JSON text.

        Parameters
        ----------
        text
            What ``to_json`` wrote.
        where
            What to call the text in an error; None: what it is.

        Raises
        ------
        SourceError
            The text is not JSON, holds something else, or has a version this one cannot read.
        """
        where = where or cls.called
        return cls._read(document(text, kind=cls.kind, version=cls.version, where=where), where)

    @classmethod
    def _read(cls, fields: dict[str, Any], where: str) -> Self:
        raise NotImplementedError

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write to a JSON file in one step, and give its path.

        A reader, or a crash, never meets half a file. A file of that name is replaced.

        Raises
        ------
        ParameterError
            It is a source, settings or a database.
        SourceError
            The folder is not there or may not be written to.
        """
        return outputs.write(Path(path), self.to_json())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read from a JSON file.

        Raises
        ------
        SourceNotFoundError
            There is no such file.
        SourceError
            The file holds something else.
        """
        return cls.from_json(read(Path(path)), where=str(path))
