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

from digit_images import written
from network_files import random_network
from window_support import Hand, closing, opened, start_display

from number_recognition.learning.data.samples import Samples
from number_recognition.storage.files import write_json


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


@pytest.fixture(scope="session")
def digits() -> tuple[Samples, Samples]:
    """A few hundred generated digits to learn from, others to be judged on."""
    return written(400, 1), written(150, 2)


@pytest.fixture
def app(display: str, network: Path, tmp_path: Path) -> Iterator[object]:
    """The window, on a home of its own; a callback that raises fails the test."""
    window, errors = opened(network, tmp_path)
    yield from closing(window, errors)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose trainings take no time."""
    home = tmp_path_factory.mktemp("home")
    training = {
        "hidden_layers": [8],
        "sources": ["synthetic"],
        "synthetic_samples": 200,
        "batch_size": 20,
        "epochs": 3,
        "distortion": 0,
    }
    write_json(home / "config.json", {"training": training})
    return home


@pytest.fixture(scope="module")
def lasting_app(display: str, network: Path, home: Path) -> Iterator[object]:
    """One window for all tests of a file, since its worker takes seconds to import TensorFlow."""
    window, errors = opened(network, home)
    yield from closing(window, errors)


@pytest.fixture
def hand(app: object) -> Hand:
    """A person's hand on the pointer and the keys of that window."""
    return Hand(app)
