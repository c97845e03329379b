"""Waits for a condition that another thread or process fulfils; fails after a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest


def wait_until(
    condition: Callable[[], object],
    seconds: float = 60,
    between: Callable[[], object] = lambda: None,
) -> None:
    """Wait until a condition holds; `between` is called after each check that fails."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"the condition did not hold within {seconds:g} s")
        between()
        time.sleep(0.002)
