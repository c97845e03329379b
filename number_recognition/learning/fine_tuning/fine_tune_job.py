"""The fine-tuning job: train on the kept drawings and report what was gained and lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import Progress, Report, Stopped, ignore, never
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.learning.data.samples import Samples, read_labelled_images
from number_recognition.learning.evaluation.metrics import Evaluation, evaluate
from number_recognition.learning.fine_tuning.rehearsal import (
    counterexample_samples,
    rehearsal_and_validation,
    synthetic_samples,
)
from number_recognition.learning.fine_tuning.report import (
    MNIST_TEST,
    ORIGINAL_TASK,
    Change,
    FineTuningReport,
    advice,
)
from number_recognition.learning.models.numpy_network import DIGITS, NumpyNetwork
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.files import atomic_write
from number_recognition.storage.settings import FineTuningSettings

if TYPE_CHECKING:
    from number_recognition.learning.fine_tuning.fine_tuning import FineTuningResult

_HOLD_OUT_FROM = 60
"""From so many corrections on, a sixth of them is held out."""


def prepare_worker() -> None:
    """Import and render in advance what `fine_tune_job` needs."""
    import_keras()
    import number_recognition.learning.fine_tuning.fine_tuning  # noqa: F401

    synthetic_samples()
    counterexample_samples()


def fine_tune_job(
    model: Path,
    images: Path,
    mnist_file: Path | None,
    settings: FineTuningSettings,
    versions: Path,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> FineTuningReport:
    """Fine-tune a network on the kept drawings and evaluate the result.

    The fine-tuned network is a new file in `versions`; the original file is unchanged.

    Args:
        model: the network to fine-tune.
        images: the folder of kept drawings.
        mnist_file: MNIST (mnist.npz), None where it is not available.
        settings: see `FineTuningSettings`.
        versions: the folder for the new file.
        report: called with the progress about ten times a second.
        stopped: asked often; once it is true, the steps so far count.

    Raises:
        ValueError: there are no readable kept drawings, or the network's file is damaged.
        OSError: the network cannot be read, or the new file not be written.
        WorkStopped: it was stopped before the first step.
    """
    begin = time.monotonic()
    before = NumpyNetwork.load(model)
    data = _load_data(images, mnist_file, settings, before.outputs > DIGITS, report)
    tuned = _fine_tune(model, data, settings, report, stopped)
    report(Progress("evaluating", 1.0))
    network = versions / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}.keras"
    atomic_write(network, tuned.network.save)
    comparison = _Comparison(before, NumpyNetwork.load(network))
    return _build_report(network, model.absolute(), comparison, data, settings, tuned.mix, begin)


@dataclass(frozen=True)
class _Data:
    """The samples of a fine-tuning.

    `training` and `held_out` are parts of the `kept` drawings; `original` is of the original task
    and chose nothing, unlike `validation`; `mnist_test` may be empty; `skipped` is why files could
    not be read.
    """

    training: Samples
    held_out: Samples
    kept: Samples
    rehearsal: Samples
    validation: list[Samples]
    original: Samples
    mnist_test: Samples
    skipped: list[str]


def _load_data(
    images: Path,
    mnist_file: Path | None,
    settings: FineTuningSettings,
    no_digit: bool,
    report: Report,
) -> _Data:
    kept, skipped = _read_drawings(images, no_digit)
    training, held_out = _hold_out(kept, settings.seed)
    report(Progress("loading the rehearsal samples"))
    arrays = mnist.load(mnist_file) if mnist_file is not None else None
    known = Samples(*arrays[:2]) if arrays else None
    rehearsal, validation = rehearsal_and_validation(known, settings, no_digit)
    halves = [samples.split(0.5, settings.seed) for samples in validation]
    return _Data(
        training,
        held_out,
        kept,
        rehearsal,
        [first for first, _ in halves],
        sum((second for _, second in halves), Samples.empty()),
        Samples(*arrays[2:]) if arrays else Samples.empty(),
        skipped,
    )


def _fine_tune(
    model: Path, data: _Data, settings: FineTuningSettings, report: Report, stopped: Stopped
) -> FineTuningResult:
    import_keras()
    from number_recognition.learning.fine_tuning.fine_tuning import fine_tune
    from number_recognition.learning.models.keras_network import load

    return fine_tune(
        load(str(model)),
        data.training,
        data.rehearsal,
        data.validation,
        settings,
        report=report,
        stopped=stopped,
    )


def list_drawings(images: Path, no_digit: bool) -> tuple[list[tuple[Path, int]], list[str]]:
    """List the kept drawings that a network can be trained on.

    Args:
        images: the folder of kept drawings.
        no_digit: whether the network can answer "no digit", so that it learns these, too.

    Returns:
        the file and the label of each, 10 for no digit, and why folders could not be listed.

    Raises:
        ValueError: there are none.
    """
    listed, problems = Corrections(images).list_kept()
    drawings = [
        (each.path, NO_DIGIT if each.label is None else each.label)
        for each in listed
        if each.label is not None or no_digit
    ]
    if not drawings:
        found = "found none; draw a digit and press the key of the digit it is"
        if problems:
            found = f"found none that can be read; the first: {next(iter(problems.values()))}"
        elif listed:
            found = (
                f"found {pluralize(len(listed), 'drawing')} of no digit alone, which this network "
                "cannot answer"
            )
        raise ValueError(f"{images}: expected kept drawings to train on, {found}")
    return drawings, list(problems.values())


def _read_drawings(images: Path, no_digit: bool) -> tuple[Samples, list[str]]:
    """The kept drawings as samples, and why some could not be read."""
    drawings, problems = list_drawings(images, no_digit)
    samples, failed = read_labelled_images(drawings)
    skipped = [reason for _, reason in failed] + problems
    if not len(samples):
        raise ValueError(
            f"{images}: expected kept drawings to train on, found none that can be read; "
            f"the first: {skipped[0]}"
        )
    return samples, skipped


def _hold_out(samples: Samples, seed: int) -> tuple[Samples, Samples]:
    if len(samples) < _HOLD_OUT_FROM:
        return samples, Samples.empty()
    return samples.split(1 / 6, seed)


class _Comparison:
    """A network before and after fine-tuning."""

    def __init__(self, before: NumpyNetwork, after: NumpyNetwork) -> None:
        self._networks = (before, after)

    def evaluations(self, samples: Samples) -> tuple[Evaluation, Evaluation]:
        with ThreadPoolExecutor(2) as threads:
            before, after = threads.map(
                lambda network: evaluate(network, samples.pixels, samples.labels), self._networks
            )
        return before, after

    def change(self, samples: Samples) -> Change | None:
        """The change of accuracy; None without samples."""
        return _change(*self.evaluations(samples)) if len(samples) else None


def _change(before: Evaluation, after: Evaluation) -> Change:
    correct = (float(before.correct.mean()), float(after.correct.mean()))
    return Change(*correct, len(before.labels))


def _build_report(
    network: Path,
    parent: Path,
    comparison: _Comparison,
    data: _Data,
    settings: FineTuningSettings,
    mix: float,
    begin: float,
) -> FineTuningReport:
    before, after = comparison.evaluations(data.original)
    original, kept = _change(before, after), _change(*comparison.evaluations(data.kept))
    tested = comparison.evaluations(data.mnist_test) if len(data.mnist_test) else None
    mnist_test = _change(*tested) if tested else None
    worst_digit, worst_change = _worst_digit(*(tested or (before, after)))
    of = ORIGINAL_TASK if mnist_test is None else MNIST_TEST
    keep, why = advice(kept, mnist_test or original, settings.max_drop, mix, of)
    return FineTuningReport(
        network=network,
        parent=parent,
        corrections=len(data.training),
        kept=kept,
        original=original,
        worst_digit=worst_digit,
        worst_change=worst_change,
        keep=keep,
        why=why,
        seconds=time.monotonic() - begin,
        mix=mix,
        held_out=comparison.change(data.held_out),
        mnist_test=mnist_test,
        changed=_changed_predictions(before, after),
        skipped=data.skipped,
    )


def _changed_predictions(before: Evaluation, after: Evaluation) -> list[tuple[int, int, int]]:
    return [
        (int(before.labels[i]), int(before.predictions[i]), int(after.predictions[i]))
        for i in np.flatnonzero(before.predictions != after.predictions)
    ]


def _worst_digit(before: Evaluation, after: Evaluation) -> tuple[int, float]:
    """The digit whose recall fell most, and by how much."""
    changes = [
        (new or 0.0) - (old or 0.0) for old, new in zip(before.recall, after.recall, strict=True)
    ]
    digit = int(np.argmin(changes))
    return digit, changes[digit]
