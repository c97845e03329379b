"""Judges a network as a job: on MNIST's test set, on the kept drawings, on any labelled folder."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from number_recognition.core.progress import (
    Progress,
    ProgressTimer,
    Report,
    Stopped,
    WorkStopped,
    ignore,
    never,
)
from number_recognition.digits.datasets import mnist
from number_recognition.digits.images.image_files import read_labelled_folder, read_pixels
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.numpy_network import NumpyNetwork

MNIST, KEPT = "mnist", "kept"
_BATCH = 250


@dataclass(frozen=True)
class EvaluationResult:
    """The answers of a network to labelled pictures, and the pictures themselves.

    Attributes:
        title: what it was judged on, in words.
        network: the file of the network.
        evaluation: the answers.
        pixels: (n, 28, 28) uint8, ink 255.
        paths: the files of the pictures, None where they are MNIST's.
        refused: files that could not be read, and why.
    """

    title: str
    network: Path
    evaluation: Evaluation
    pixels: np.ndarray
    paths: list[Path] | None = None
    refused: list[str] = field(default_factory=list)

    def relabelled(
        self, numbers: list[int], label: int | None, paths: list[Path]
    ) -> EvaluationResult:
        """The same answers where some of the pictures have another label and stand elsewhere.

        Those that are no digit any more (None) are left out.
        """
        labels = self.evaluation.labels.copy()
        places = list(self.paths or [])
        for number, path in zip(numbers, paths, strict=True):
            labels[number] = -1 if label is None else label
            places[number] = path
        rest = np.flatnonzero(labels >= 0)
        return dataclasses.replace(
            self,
            evaluation=Evaluation.of(
                labels[rest], self.evaluation.probabilities[rest], self.evaluation.refuse_above
            ),
            pixels=self.pixels[rest],
            paths=[places[number] for number in rest],
        )


def evaluate_job(
    model: Path,
    source: str | Path,
    *,
    mnist_file: Path | None = None,
    kept: Path | None = None,
    refuse_above: float | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> EvaluationResult:
    """Judge a network on labelled pictures.

    Args:
        model: its file.
        source: `MNIST` (its test set), `KEPT`, or a folder with the subfolders 0 to 9.
        mnist_file: where MNIST is, None for Keras's cache (downloaded where it is not there).
        kept: the folder of the kept drawings.
        refuse_above: see `learning.models.prediction.is_refused`.
        report: hears how far it is.
        stopped: once it is true, nothing is judged.

    Raises:
        ValueError: there is nothing to judge on, or the network is none.
        FileNotFoundError: the network is not there; for MNIST see `digits.datasets.mnist.MnistMissing`.
        WorkStopped: it was stopped.
    """
    network = NumpyNetwork.load(model)
    tell = _progress_reporter(report, stopped)
    paths: list[Path] | None = None
    refused: list[str] = []
    if source == MNIST:
        title = "MNIST's test set"
        _, _, pixels, labels = mnist.fetch(mnist_file, on_progress=tell)
    else:
        folder = kept if source == KEPT else Path(source)
        if folder is None:
            raise ValueError("expected the folder of the kept drawings, found none")
        title = "the kept drawings" if source == KEPT else str(folder)
        pixels, labels, paths, refused = _read(folder, tell)
    probabilities = _answers(network, pixels, tell)
    evaluation = Evaluation.of(labels, probabilities, refuse_above)
    return EvaluationResult(title, model, evaluation, pixels, paths, refused)


def _progress_reporter(report: Report, stopped: Stopped) -> mnist.OnProgress:
    timer = ProgressTimer()

    def tell(done: float, message: str) -> None:
        if stopped():
            raise WorkStopped(message)
        if timer.ready():
            report(Progress(message, done))

    return tell


def _read(
    folder: Path, tell: mnist.OnProgress
) -> tuple[np.ndarray, np.ndarray, list[Path], list[str]]:
    """Every picture of a labelled folder that can be read: pixels, labels, paths; the refused."""
    pixels, labels, paths, refused = [], [], [], []
    listed = list(zip(*read_labelled_folder(folder), strict=True))
    for number, (path, label) in enumerate(listed):
        tell(number / len(listed), f"reading pictures, {number:,} of {len(listed):,}")
        try:
            pixels.append(read_pixels(path))
        except (ValueError, OSError) as error:
            refused.append(str(error))
            continue
        labels.append(label)
        paths.append(path)
    if not paths:
        raise ValueError(f"{folder}: expected pictures of digits, found none that can be read")
    return np.stack(pixels), np.array(labels), paths, refused


def _answers(network: NumpyNetwork, pixels: np.ndarray, tell: mnist.OnProgress) -> np.ndarray:
    """Probabilities, (n, 28, 28) uint8 -> (n, 10) float32."""
    answers = []
    for start in range(0, len(pixels), _BATCH):
        tell(start / len(pixels), f"judging, {start:,} of {len(pixels):,}")
        answers.append(network.in_parts(pixels[start : start + _BATCH]))
    return np.concatenate(answers)
