"""Waiting for a page that allows no foreign script.

``page.wait_for_function`` asks the page to evaluate a text again and again, which a
content-security policy refuses from the second time on: it fails whenever the first look is too
early. Asked from outside, once a look, the page may keep its policy.
"""

import time
from typing import Any

LOOK_SECONDS = 0.05


def until(page: Any, condition: str, *, arg: Any = None, seconds: float = 30) -> None:
    """Look at the page until the condition holds; fail with the condition where it never does."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition, arg):
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(LOOK_SECONDS)
