"""What a machine lacks is a skip with its reason; where ``CI`` is set it is a failure."""

import os

import pytest


def lacking(what: str, mend: str) -> None:
    """Skip with a reason; fail where CI has to have it."""
    message = f"{what}. {mend}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
