"""Is this file there, and may it be read?"""

from pathlib import Path

from workbench import errors, redaction


def find(source: Path | str) -> Path:
    """Give the path of a source that is there and can be read.

    Raises
    ------
    SourceNotFoundError
        Nothing is there; the message names a near one in the same folder.
    SourceError
        It is a folder, or may not be read.
    """
    path, named = Path(source).expanduser(), redaction.address(str(source))
    try:
        there = path.exists()
    except (OSError, ValueError) as error:
        raise errors.SourceNotFoundError(
            f"There is no file '{named}'.", mend="Check the path."
        ) from error
    if not there and named != str(source):
        raise errors.SourceNotFoundError(
            f"There is no file '{named}'.",
            mend="Of a database, write its address: postgresql://user:${NAME}@host/shop.",
        )
    if not there:
        near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        place = "" if path.parent.is_dir() else f"The folder '{path.parent}' is not there either. "
        raise errors.SourceNotFoundError(
            f"There is no file '{named}'.",
            mend=f"{errors.did_you_mean(path.name, near)}{place}Check the path.",
        )
    if path.is_dir():
        raise errors.SourceError(f"'{source}' is a folder.", mend="Name one file in it.")
    if not path.is_file():
        # Opening a pipe would wait for ever, and reading a device never end.
        raise errors.SourceError(
            f"'{source}' is a pipe or a device, not a file.",
            mend="Write its content to a file, and name that.",
        )
    try:
        with path.open("rb") as handle:
            handle.read(1)
    except OSError as error:
        raise errors.SourceError(
            f"'{source}' cannot be read ({error.strerror}).", mend="Check its permissions."
        ) from error
    return path


def begins_with(path: Path, magic: bytes) -> bool:
    """Does the content begin with these bytes, whatever the name says?"""
    with path.open("rb") as handle:
        return handle.read(len(magic)) == magic


def is_parquet(path: Path) -> bool:
    """Does the content say Parquet, whatever the name says?"""
    return begins_with(path, b"PAR1")
