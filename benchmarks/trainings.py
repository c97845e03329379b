"""What a training reaches that anybody can repeat: with the defaults, and with no data at all."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.tables.row import Row
from number_recognition.core.formatting import percent, percent_done
from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.recipes import load_recipe
from number_recognition.learning.runs.training_job import train_run
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import TrainingSettings
from Recognition import Recognizer

SYNTHETIC = PROJECT_DIR / "number_recognition" / "learning" / "recipes" / "synthetic.json"

Evaluate = Callable[[Recognizer], dict[str, float]]


def trained_rows(
    seeds: list[int], mnist_file: Path, evaluate: Evaluate, on_progress: Callable[[str], None]
) -> Iterator[Row]:
    """Train with each seed; the mean of each metric over the seeds, with those of each in cells.

    Args:
        seeds: of the trainings.
        mnist_file: MNIST for the default training.
        evaluate: returns the metrics of a network by name, from 0 to 1.
        on_progress: called with the progress.
    """
    for name, settings in (
        ("python Main.py train", TrainingSettings()),
        ("python Main.py train --recipe synthetic", load_recipe(SYNTHETIC)),
    ):
        found: dict[int, dict[str, float]] = {}
        for seed in seeds:
            found[seed] = _trained(
                dataclasses.replace(settings, seed=seed), mnist_file, evaluate, on_progress
            )
        seconds = tuple(metrics.pop("seconds") for metrics in found.values())
        for metric in found[seeds[0]]:
            cells = {f"seed {seed}": metrics[metric] for seed, metrics in found.items()}
            yield Row(
                f"{name}: {metric}",
                sum(cells.values()) / len(cells),
                len(cells),
                of="seeds",
                worst=f"{percent(min(cells.values()))} to {percent(max(cells.values()))}",
                cells=cells,
                seconds=seconds,
            )


def _trained(
    settings: TrainingSettings,
    mnist_file: Path,
    evaluate: Evaluate,
    on_progress: Callable[[str], None],
) -> dict[str, float]:
    """The metrics of a network after a new training, and the seconds that it took in all."""
    import_keras()

    def report(progress: Progress) -> None:
        on_progress(f"seed {settings.seed}: {percent_done(progress.done)}  {progress.message}")

    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        run = train_run(settings, DataPaths(mnist_file), runs=Path(folder), report=report)
        seconds = time.monotonic() - start
        return {**evaluate(Recognizer.load(run.model)), "seconds": seconds}
