"""Which file is looked at? One dropped on the panel, or one named by its path."""

import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import anywidget
import ipywidgets
import traitlets

from workbench import errors, scratch
from workbench.panel.controls import Control, Inputs
from workbench.words import Words

_LONGEST_NAME = 80
_KEPT = "data"
# Not for a file's name anywhere, or read by the loaders as a pattern of several files.
_UNSAFE = frozenset('<>:"/\\|?*[]')


def safe_name(name: str) -> str:
    r"""What is a file from somewhere else called here? A plain name, in no other folder.

    Examples
    --------
    >>> safe_name("../../etc/订单 3月.csv"), safe_name("<script>.csv"), safe_name("..")
    ('订单 3月.csv', '_script_.csv', 'upload')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join("_" if c in _UNSAFE or not c.isprintable() else c for c in last)
    plain = plain.lstrip(".-~ ").rstrip(". ")
    stem, dot, suffix = plain.partition(".")
    if len(suffix) > _LONGEST_NAME // 4:
        stem, dot, suffix = plain, "", ""
    # A name has to fit into 255 bytes, with what a cache or a draft puts around it.
    stem = stem[:_LONGEST_NAME].encode()[: 2 * _LONGEST_NAME].decode(errors="ignore")
    return f"{stem}{dot}{suffix}" if stem else "upload"


_session = functools.cache(scratch.Folder)


def folder() -> Path:
    """Where do dropped files lie? A folder of this session alone, gone with it."""
    return _session().path


def kept(source: str, *, beside: Path) -> Path | str:
    """Where does a file lie from now on? A dropped one is copied into ``data`` beside the settings.

    Raises
    ------
    SourceError
        Another file lies there already, or nothing can be written.
    """
    if "://" in source:
        return source
    path = Path(source).expanduser().resolve()
    if not path.is_relative_to(folder().resolve()):
        return path
    target = beside / _KEPT / path.name
    if target.exists() and target.read_bytes() != path.read_bytes():
        raise errors.SourceError(
            f"'{_KEPT}/{path.name}' is another file already, and was left as it is.",
            mend="Rename the file and drop it again, or name the path it lies at.",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch.Folder(target.parent) as draft:
            shutil.copyfile(path, draft / target.name).replace(target)
    except OSError as error:
        raise errors.SourceError(
            f"'{target}' cannot be written ({error.strerror}).",
            mend="Check the folder, its permissions, and that there is room.",
        ) from error
    return target


class Dropped(anywidget.AnyWidget):  # type: ignore[misc]
    """The place to drop a file on. ``value`` counts files that came or failed."""

    _esm = Path(__file__).parent / "upload.js"
    words = traitlets.Unicode().tag(sync=True)
    value = traitlets.Int(0)

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self.problem: errors.WorkbenchError | None = None
        self._id = ""
        self._draft: IO[bytes] | None = None
        self._name, self._size = "", 0
        self.on_msg(self._received)

    def _received(self, _widget: Any, message: Any, buffers: Any) -> None:
        """Take one piece of a file, and ask for the next."""
        try:
            if "name" in message:
                self._begin(message)
            elif message["upload"] != self._id or self._draft is None:
                return
            elif "lost" in message:
                raise OSError(str(message["lost"]))
            elif message["at"] == self._draft.tell():
                self._draft.write(buffers[0] if buffers else b"")
            if self._draft and (at := self._draft.tell()) < self._size:
                self.send({"upload": self._id, "at": at})
            elif self._draft:
                self._draft.close()
                draft, self._draft = Path(self._draft.name), None
                self.path = draft.replace(draft.with_name(self._name))
                self._end(None)
        except OSError as error:
            if self._draft:
                self._draft.close()
                Path(self._draft.name).unlink(missing_ok=True)
                self._draft = None
            what = f"'{self._name}' could not be taken over ({error.strerror or error})."
            mend = "See that the disk has room, or write the file's path into the box beside."
            self._end(errors.SourceError(what, mend=mend))

    def _begin(self, message: Any) -> None:
        if self._draft:
            self._draft.close()
        self._id, self._size = str(message["upload"]), int(message["size"])
        self._name = safe_name(str(message["name"]))
        place = Path(tempfile.mkdtemp(dir=folder()))
        self._draft = (place / f"{self._name}.part").open("wb")

    def _end(self, problem: errors.WorkbenchError | None) -> None:
        self.problem = problem
        self.send({"upload": self._id, "done": True})
        self.value += 1


@dataclass(frozen=True, kw_only=True)
class Upload(Control):
    """A file: dropped, chosen with the keyboard, or named by its path. The value is the path.

    A dropped file lies in a folder of this session, under a name without anything that could
    lead elsewhere; it is gone when the session ends.

    Examples
    --------
    >>> Upload(name="source", value="", label="panel.table").checked(Path("orders.csv"))
    'orders.csv'
    """

    value: str = ""

    def said(self, value: Any, _words: Words) -> str:
        """Give the file's name."""
        return Path(str(value)).name

    def checked(self, value: Any) -> Any:
        """Give a path as text; anything else is refused."""
        if not isinstance(value, str | Path):
            raise self._refuse(value, "Give the path of a file.")
        return str(value).strip()

    def inputs(self, _words: Words) -> Inputs:
        """Make the place to drop on and, beside it, the box for the path."""
        dropped = Dropped()
        box = ipywidgets.Text(value=self.checked(self.value), continuous_update=False)

        def came(_change: Any) -> None:
            if dropped.problem is None:
                box.value = str(dropped.path)

        def typed(_change: Any) -> None:
            dropped.problem = None

        box.observe(typed, names="value")
        dropped.observe(came, names="value")
        return dropped, box

    def read(self, inputs: Inputs) -> Any:
        """Give the path, or what became of the file on its way."""
        if inputs[0].problem is not None:
            raise inputs[0].problem
        return super().read(inputs)

    def write(self, inputs: Inputs, value: Any) -> None:
        """Name a path: whatever was dropped before is out of the way."""
        inputs[0].problem = None
        inputs[1].value = value

    def say(self, inputs: Inputs, words: Words) -> None:
        """Say where to drop."""
        inputs[0].words = words("panel.drop")
