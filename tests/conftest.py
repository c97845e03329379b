"""Fixtures that several test files share."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The trainings of the tests are so small that more threads only wait for each other.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from digit_images import synthetic_samples
from network_files import random_network
from window_support import UserInput, close_afterwards, open_window, start_display

from number_recognition.learning.data.samples import Samples
from number_recognition.storage.files import write_json

SWEEPS = "tests/learning/sweeps/"
# The tests of these take longest.
BEGUN_FIRST = (
    SWEEPS,
    "tests/learning/training/",
    "tests/window/drawings/test_many_drawings.py",
    "tests/window/experiments/",
    "tests/window/training/",
    "tests/commands/",
)


def pytest_configure(config: pytest.Config) -> None:
    """Processes that share the tests share the digits that they render, too."""
    if "RENDERED_DIGITS" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="digits-")
        os.environ["RENDERED_DIGITS"] = folder.name
        config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of processes that share the tests, none is left alone with the longest at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(BEGUN_FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """A process runs whole files, and all tests of sweeps: their cluster takes long to start."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return SWEEPS if nodeid.startswith(SWEEPS) else nodeid.split("::")[0]

    return Scheduling(config, log)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a real display, started where there is none."""
    yield from start_display()


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled network, or a small random one where it is missing."""
    from Recognition import SHIPPED

    if SHIPPED.exists():
        return SHIPPED
    return random_network(tmp_path_factory.mktemp("network") / "network.keras")


@pytest.fixture(scope="session")
def digits() -> tuple[Samples, Samples]:
    """A few hundred synthetic digits for training, others for validation."""
    return synthetic_samples(400, 1), synthetic_samples(150, 2)


@pytest.fixture
def app(display: str, network: Path, tmp_path: Path) -> Iterator[object]:
    """The window, with an empty settings folder; a callback that raises fails the test."""
    window, errors = open_window(network, tmp_path)
    yield from close_afterwards(window, errors)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settings folder whose training settings need little time."""
    home = tmp_path_factory.mktemp("home")
    training = {
        "hidden_layers": [8],
        "sources": ["synthetic"],
        "synthetic_samples": 200,
        "batch_size": 20,
        "epochs": 3,
        "distortion": 0,
        "dropout": 0.1,  # without it, a long training is compiled with XLA first
    }
    write_json(home / "config.json", {"training": training})
    return home


@pytest.fixture(scope="module")
def shared_app(display: str, network: Path, home: Path) -> Iterator[object]:
    """One window for all tests of a file: its worker needs seconds to import TensorFlow."""
    window, errors = open_window(network, home)
    yield from close_afterwards(window, errors)


@pytest.fixture
def user(app: object) -> Iterator[UserInput]:
    """The input of a user of that window: pointer and keys; no button stays down after a test."""
    user = UserInput(app)
    yield user
    user.release_buttons()
