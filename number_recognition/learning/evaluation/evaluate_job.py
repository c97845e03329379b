"""The evaluation job: MNIST's test set, the kept drawings, or any labelled folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from number_recognition.core.progress import (
    OnProgress,
    Report,
    Stopped,
    ignore,
    never,
    progress_callback,
)
from number_recognition.digits.datasets import mnist
from number_recognition.digits.images.image_files import (
    NO_IMAGES,
    list_labelled_images,
    read_pixels,
)
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.numpy_network import NumpyNetwork

MNIST, KEPT = "mnist", "kept"
_INSTEAD = "evaluate on the kept drawings or on a folder of images"
"""What can be done without MNIST."""
_NONE_KEPT = (
    "expected drawings kept as a digit, found none; draw one and press its key "
    '(those kept as "not a digit" are not evaluated)'
)
_BATCH = 250


@dataclass(frozen=True)
class EvaluationResult:
    """The predictions of a network for labelled images, and the images themselves.

    Attributes:
        title: what it was evaluated on, in words.
        network: the file of the network.
        evaluation: labels and predictions.
        pixels: (n, 28, 28) uint8, ink 255.
        paths: the files of the images, None for MNIST.
        skipped: files that could not be read, and why.
    """

    title: str
    network: Path
    evaluation: Evaluation
    pixels: np.ndarray
    paths: list[Path] | None = None
    skipped: list[str] = field(default_factory=list)


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
    """Evaluate a network on labelled images.

    Args:
        model: its file.
        source: `MNIST` (its test set), `KEPT`, or a folder with the subfolders 0 to 9.
        mnist_file: MNIST (mnist.npz), None for Keras's cache (downloaded where missing).
        kept: the folder of kept drawings.
        refuse_above: see `learning.models.prediction.is_refused`.
        report: called with the progress.
        stopped: asked often; once it is true, the work ends.

    Raises:
        ValueError: there are no images to evaluate on, or the network's file is damaged.
        FileNotFoundError: there is no such network; for MNIST see `mnist.MnistMissing`.
        WorkStopped: it was stopped.
    """
    network = NumpyNetwork.load(model)
    on_progress = progress_callback(report, stopped)
    paths: list[Path] | None = None
    skipped: list[str] = []
    if source == MNIST:
        title = "MNIST's test set"
        _, _, pixels, labels = mnist.fetch(mnist_file, on_progress=on_progress, instead=_INSTEAD)
    else:
        title, folder = _find_folder(source, kept)
        missing = _NONE_KEPT if source == KEPT else NO_IMAGES
        pixels, labels, paths, skipped = _read(folder, missing, on_progress)
    evaluation = Evaluation.of(labels, _predict(network, pixels, on_progress), refuse_above)
    return EvaluationResult(title, model, evaluation, pixels, paths, skipped)


def _find_folder(source: str | Path, kept: Path | None) -> tuple[str, Path]:
    """The folder of a source, after what it is called in words."""
    if source != KEPT:
        return str(source), Path(source)
    if kept is None:
        raise ValueError("expected the folder of the kept drawings, found none")
    return "the kept drawings", kept


def _read(
    folder: Path, missing: str, on_progress: OnProgress
) -> tuple[np.ndarray, np.ndarray, list[Path], list[str]]:
    """Every readable image of a labelled folder: pixels, labels, paths; why files were skipped."""
    pixels, labels, paths, skipped = [], [], [], []
    images = list_labelled_images(folder, missing)
    for number, (path, label) in enumerate(images):
        on_progress(number / len(images), f"reading images, {number:,} of {len(images):,}")
        try:
            pixels.append(read_pixels(path))
        except (ValueError, OSError) as error:
            skipped.append(str(error))
            continue
        labels.append(label)
        paths.append(path)
    if not paths:
        raise ValueError(f"{folder}: expected images of digits, found none that can be read")
    return np.stack(pixels), np.array(labels), paths, skipped


def _predict(network: NumpyNetwork, pixels: np.ndarray, on_progress: OnProgress) -> np.ndarray:
    """Probabilities, (n, 28, 28) uint8 -> (n, 10) or (n, 11) float32."""
    batches = []
    for start in range(0, len(pixels), _BATCH):
        on_progress(start / len(pixels), f"evaluating, {start:,} of {len(pixels):,}")
        batches.append(network.predict_in_batches(pixels[start : start + _BATCH]))
    return np.concatenate(batches)
