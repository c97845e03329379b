"""What a training reaches that anybody can repeat: with the defaults, and with no data at all."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.row import Row
from number_recognition.core.formatting import percent, percent_done
from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.runs import load_recipe, train_run
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import TrainingSettings
from Recognition import Recognizer

SYNTHETIC = PROJECT_DIR / "number_recognition" / "learning" / "recipes" / "synthetic.json"

Judge = Callable[[Recognizer], dict[str, float]]


def trained_rows(
    seeds: list[int], mnist_file: Path, judge: Judge, tell: Callable[[str], None]
) -> Iterator[Row]:
    """Train with each seed; the mean of each figure over the seeds, with those of each in cells.

    Args:
        seeds: of the trainings.
        mnist_file: what the default training learns from, with synthetic digits.
        judge: gives the figures of a network by name, as parts of 1.
        tell: hears how far the work is.
    """
    for name, settings in (
        ("python Main.py train", TrainingSettings()),
        ("python Main.py train --recipe synthetic", load_recipe(SYNTHETIC)),
    ):
        found: dict[int, dict[str, float]] = {}
        for seed in seeds:
            found[seed] = _trained(
                dataclasses.replace(settings, seed=seed), mnist_file, judge, tell
            )
        seconds = tuple(figures.pop("seconds") for figures in found.values())
        for figure in found[seeds[0]]:
            cells = {f"seed {seed}": figures[figure] for seed, figures in found.items()}
            yield Row(
                f"{name}: {figure}",
                sum(cells.values()) / len(cells),
                len(cells),
                of="seeds",
                worst=f"{percent(min(cells.values()))} to {percent(max(cells.values()))}",
                cells=cells,
                seconds=seconds,
            )


def _trained(
    settings: TrainingSettings, mnist_file: Path, judge: Judge, tell: Callable[[str], None]
) -> dict[str, float]:
    """The figures of a network trained anew, and the seconds that it took in all."""
    import_keras()

    def report(progress: Progress) -> None:
        tell(f"seed {settings.seed}: {percent_done(progress.done)}  {progress.message}")

    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        run = train_run(settings, DataPaths(mnist_file), runs=Path(folder), report=report)
        seconds = time.monotonic() - start
        return {**judge(Recognizer.load(run.model)), "seconds": seconds}
