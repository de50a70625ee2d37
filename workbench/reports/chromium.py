"""What does an installed Chromium make of a page: sheets to print, a picture of it?

It is asked for nothing but the page: a profile of its own that goes with it, no network.
"""

import os
import shutil
import subprocess
from pathlib import Path

from workbench import errors, scratch

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_FLAGS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--no-pdf-header-footer", "--virtual-time-budget=20000",
)  # fmt: skip
_PATIENCE_SECONDS = 180


def found() -> str | None:
    """Where is it, if anywhere?"""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def required(what: str) -> str:
    """Give where it is.

    Raises
    ------
    ReportError
        There is none.
    """
    if (path := found()) is None:
        raise errors.ReportError(
            f"{what} needs Chromium, which is not installed here.",
            mend="Install it (Debian, Ubuntu: sudo apt install chromium), or leave the option out.",
        )
    return path


def pdf(page: Path, out: Path) -> None:
    """Print a page to a PDF file."""
    _make(page, out, f"--print-to-pdf={out}")


def picture(page: Path, out: Path, *, width: int, height: int) -> None:
    """Take a picture of the top of a page, as PNG."""
    _make(page, out, f"--screenshot={out}", f"--window-size={width},{height}")


def _make(page: Path, out: Path, *how: str) -> None:
    path = required(out.name)
    # the sandbox refuses root, who needs no protection from a page of ours
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with scratch.Folder() as profile:
        command = [path, *_FLAGS, *root, f"--user-data-dir={profile}", *how, page.as_uri()]
        try:
            ended = subprocess.run(
                command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise _failed(out, f"did not end within {_PATIENCE_SECONDS} s") from error
    if ended.returncode or not out.is_file():
        raise _failed(out, f"ended with {ended.returncode}")


def _failed(out: Path, why: str) -> errors.ReportError:
    return errors.ReportError(
        f"{out.name} was not made: Chromium {why}.",
        mend="Run it again; without --pdf and --mail the page itself is made.",
    )
