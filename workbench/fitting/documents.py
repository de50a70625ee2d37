"""How is a fitted result kept? As JSON that says what it is, written in one step."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from workbench import errors


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


def write(path: Path, text: str) -> Path:
    """Write a file in one step: a reader, or a crash, never meets half of it."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        refuse(str(path), f"cannot be written: {error.strerror}.", "Make the folder first.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files only the owner can read; a model is shared like any other file.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        refuse(str(path), f"cannot be written: {error.strerror}.", "Name a file you may write.")
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


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
