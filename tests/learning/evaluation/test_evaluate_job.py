"""Judging a network as a job: its sources, what it refuses, and being stopped."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from network_files import random_network
from PIL import Image

from number_recognition.core.progress import Progress, WorkStopped
from number_recognition.digits.datasets import mnist
from number_recognition.learning.data.gather import gather
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.evaluation.evaluate_job import KEPT, MNIST, evaluate_job
from number_recognition.storage.settings import TrainingSettings


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return random_network(tmp_path / "network.keras")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A digit of noise in each of three folders, and one file that is no picture."""
    rng = np.random.default_rng(1)
    for label in (0, 3, 3, 9):
        pixels = np.zeros((28, 28), np.uint8)
        pixels[4:24, 4:24] = rng.integers(0, 256, (20, 20))
        folder = tmp_path / "pictures" / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / f"{len(list(folder.iterdir()))}.png")
    (tmp_path / "pictures" / "3" / "notes.png").write_text("no picture")
    return tmp_path / "pictures"


@pytest.mark.parametrize("source", [KEPT, "folder"])
def test_a_labelled_folder_is_judged_and_the_unreadable_named(
    model: Path, pictures: Path, source: str
) -> None:
    on_progress: list[Progress] = []
    judged = evaluate_job(
        model, KEPT if source == KEPT else pictures, kept=pictures, report=on_progress.append
    )
    assert judged.evaluation.labels.tolist() == [0, 3, 3, 9]
    assert [path.parent.name for path in judged.paths] == ["0", "3", "3", "9"]
    assert judged.pixels.shape == (4, 28, 28)
    assert len(judged.skipped) == 1 and "notes.png" in judged.skipped[0]
    assert on_progress and judged.network == model
    assert pickle.loads(pickle.dumps(judged)).title == judged.title


def test_mnists_test_set_is_judged(model: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 256, (30, 28, 28), dtype=np.uint8)
    labels = np.arange(30, dtype=np.uint8) % 10
    file = tmp_path / "mnist.npz"
    np.savez(file, x_train=pixels, y_train=labels, x_test=pixels[:20], y_test=labels[:20])
    judged = evaluate_job(model, MNIST, mnist_file=file)
    assert len(judged.evaluation.labels) == 20 and judged.paths is None
    assert judged.evaluation.confusion.sum() == 20


def test_nothing_to_judge_on_is_said(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found none"):
        evaluate_job(model, KEPT, kept=tmp_path / "none")
    (tmp_path / "bad" / "1").mkdir(parents=True)
    (tmp_path / "bad" / "1" / "a.png").write_text("no picture")
    with pytest.raises(ValueError, match="none that can be read"):
        evaluate_job(model, tmp_path / "bad")


def test_drawings_kept_as_no_digit_alone_are_told_from_none(model: Path, pictures: Path) -> None:
    for label in (0, 3, 9):
        shutil.rmtree(pictures / str(label))
    with pytest.raises(ValueError, match=r'kept as a digit, found none.*"not a digit"'):
        evaluate_job(model, KEPT, kept=pictures)


def test_without_mnist_it_says_what_else_can_be_evaluated(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("no network")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(mnist, "download", fail)
    with pytest.raises(mnist.MnistMissing, match="or evaluate on the kept drawings"):
        evaluate_job(model, MNIST)
    with pytest.raises(mnist.MnistMissing, match="--sources synthetic"):
        gather(TrainingSettings(sources=("mnist",)), DataPaths())


def test_it_can_be_stopped(model: Path, pictures: Path) -> None:
    with pytest.raises(WorkStopped):
        evaluate_job(model, pictures, stopped=lambda: True)
