"""Kills in a short form: nothing is lost, half written or left behind. In full: make bench."""

import pytest

from benchmarks import bench_kills


@pytest.mark.slow
@pytest.mark.parametrize("work", bench_kills.WORKS)
def test_a_kill_at_any_moment_loses_nothing_and_leaves_nothing(work: str) -> None:
    assert bench_kills.losses(work, rounds=2, seed=11) == []
