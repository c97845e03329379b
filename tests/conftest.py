"""What several test files share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from network_files import random_network
from window_support import Hand, closing, opened, start_display


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A real X server, started where there is none."""
    yield from start_display()


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network that comes with the program, or one as large as a test needs."""
    from Recognition import SHIPPED

    if SHIPPED.exists():
        return SHIPPED
    return random_network(tmp_path_factory.mktemp("network") / "network.keras")


@pytest.fixture
def app(display: str, network: Path, tmp_path: Path) -> Iterator[object]:
    """The window, on a home of its own; a callback that raises fails the test."""
    window, errors = opened(network, tmp_path)
    yield from closing(window, errors)


@pytest.fixture
def hand(app: object) -> Hand:
    """A person's hand on the pointer and the keys of that window."""
    return Hand(app)
