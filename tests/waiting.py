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
    start = time.monotonic()
    while not condition():
        waited = time.monotonic() - start
        if waited > seconds:
            pytest.fail(f"the condition did not hold within {seconds:g} s")
        between()
        # The longer it lasts, the fewer checks: each `update` of a window wakes the X server.
        time.sleep(min(max(0.002, 0.1 * waited), 0.02))
