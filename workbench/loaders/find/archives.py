"""What is in a ZIP archive that is no workbook? One file of text may stay packed."""

import shutil
import zipfile
import zlib
from pathlib import Path

from workbench import errors
from workbench.loaders.find import files, limits, workbooks

_TEXTS = (".csv", ".tsv", ".txt")


def only_member(path: Path, named: str, draft: Path) -> Path | None:
    """Unpack the one file of text of a ZIP archive; None where it is no archive.

    Raises
    ------
    SourceError
        It holds none, or several, is damaged, or protected by a password.
    """
    if not files.begins_with(path, workbooks.ZIP):
        return None
    target = draft / "member.csv"
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if not member.is_dir() and not member.filename.startswith("__MACOSX/")
            ]
            if len(members) != 1 or not members[0].filename.lower().endswith(_TEXTS):
                names = ", ".join(f"'{member.filename}'" for member in members[:5]) or "nothing"
                raise errors.SourceError(
                    f"'{named}' is a ZIP archive with {names}"
                    f"{', …' if len(members) > 5 else ''}, not one CSV.",
                    mend="Unpack it, and name the file or folder that holds the table.",
                )
            if members[0].flag_bits & 1:
                raise errors.SourceError(
                    f"'{named}' is protected by a password.",
                    mend="Unpack it with its password, and name the file inside.",
                )
            limits.archive(path, named)
            with archive.open(members[0]) as packed, target.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked, 1 << 22)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise errors.SourceError(
            f"'{named}' is a damaged ZIP archive.", mend="Copy or export it again."
        ) from error
    return target
