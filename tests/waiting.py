"""Waits for what another thread or process brings about, and fails in words when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest


def wait_until(
    condition: Callable[[], object],
    seconds: float = 60,
    between: Callable[[], object] = lambda: None,
) -> None:
    """Ask again and again whether the condition holds; do `between` two questions what is given."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds:g} s for a condition that did not come")
        between()
        time.sleep(0.002)
