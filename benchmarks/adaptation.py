"""How well the network adapts to a writer from corrections, and what it forgets.

python -m benchmarks.adaptation --strokes FILE.jsonl --mnist FILE.npz [--writers N] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# As Main.py does: before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from benchmarks.probes.probing import has_display, probed
from number_recognition.core.formatting import percent, percent_done
from number_recognition.core.progress import Progress
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.stroke_files import read_strokes
from number_recognition.digits.drawing.strokes import LabelledDrawing, Writer, list_writers
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.rehearsal import rehearsal_and_validation
from number_recognition.learning.models.numpy_network import DIGITS
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings
from Recognition import SHIPPED, Recognizer, frame_drawing

if TYPE_CHECKING:
    import keras

    from number_recognition.digits.datasets.mnist import Arrays

QUARTER_TURN = np.array([[0.0, -1.0], [1.0, 0.0]])
LEANING = np.array([[1.0, 1.0], [0.0, 1.0]])
"""x + y for x: with y downwards the top leans to the left, by 45°."""
LEAST_DIGITS = 150
"""Of a writer: a hundred are learnt from, the rest is read."""


def framed(drawings: Iterable[LabelledDrawing], matrix: np.ndarray | None = None) -> Samples:
    """Drawings as the pad would frame them, each first mapped by a matrix if one is given."""
    pixels, labels = [], []
    for each in drawings:
        drawing = each.drawing if matrix is None else _turned(each.drawing, matrix)
        shown = frame_drawing(drawing)
        if shown is None:
            raise ValueError(f"expected strokes with ink, found an empty drawing of {each.label}")
        pixels.append(np.round(shown.pixels * 255).astype(np.uint8))
        labels.append(each.label)
    return Samples(np.stack(pixels), np.array(labels, np.uint8))


def _turned(drawing: Drawing, matrix: np.ndarray) -> Drawing:
    return drawing.mapped(lambda points: points @ matrix.T)


def first_of_each_digit(samples: Samples, count: int) -> np.ndarray:
    """The numbers of the first `count` samples of each digit."""
    return np.sort(np.concatenate([np.flatnonzero(samples.labels == d)[:count] for d in range(10)]))


class Bench:
    """Fine-tunes again and again from the same network, and measures."""

    def __init__(self, options: argparse.Namespace, known: Arrays) -> None:
        import_keras()
        from number_recognition.learning.models.keras_network import load

        x_train, y_train, x_test, y_test = known
        self.network = (
            trained_on_mnist(Samples(x_train, y_train), options.seed)
            if options.start == "mnist"
            else load(str(options.model))
        )
        self.settings = FineTuningSettings()
        self.rehearsal, self.validation_sets = rehearsal_and_validation(
            Samples(x_train, y_train), self.settings, self.network.output_shape[-1] > DIGITS
        )
        self.test = Samples(x_test, y_test)
        self.before = Recognizer.from_keras(self.network)
        self.test_before = _right(self.before, self.test)

    def adapt(self, samples: Samples, chosen: np.ndarray) -> dict[str, float]:
        """Learn the chosen samples; how the others were read before and are read after."""
        from number_recognition.learning.fine_tuning.fine_tuning import fine_tune

        others = samples.select(np.setdiff1d(np.arange(len(samples)), chosen))
        before = _right(self.before, others)
        start = time.perf_counter()
        tuned = fine_tune(
            self.network,
            samples.select(chosen),
            self.rehearsal,
            self.validation_sets,
            self.settings,
        )
        seconds = time.perf_counter() - start
        after = Recognizer.from_keras(tuned.network)
        return {
            "corrections": len(chosen),
            "errors_before": 1 - before,
            "errors_after": 1 - _right(after, others),
            "mnist_drop": 100 * (self.test_before - _right(after, self.test)),
            "mix": tuned.mix,
            "seconds": seconds,
        }

    def misread(self, samples: Samples) -> np.ndarray:
        """Which of the first hundred are misread."""
        first = self.before.evaluate(samples.pixels[:100], samples.labels[:100])
        return np.sort(first.mistakes())


def _right(recognizer: Recognizer, samples: Samples) -> float:
    return recognizer.evaluate(samples.pixels, samples.labels).accuracy


def trained_on_mnist(samples: Samples, seed: int) -> keras.Model:
    """A network as `train --sources mnist --epochs 8` makes it."""
    from number_recognition.learning.training.training import train

    settings = TrainingSettings(sources=("mnist",), epochs=8, seed=seed)
    training, validation = samples.split(settings.validation_split, seed)
    return train(settings, training, validation, report=to_stderr).network


def to_stderr(progress: Progress) -> None:
    """Progress where results do not go."""
    print(f"\r{percent_done(progress.done):>5}  {progress.message}", end="", file=sys.stderr)


def summary(rows: list[dict[str, float]]) -> dict[str, float]:
    """Errors before and after over all rows, the fall of MNIST at its worst, the time."""
    before = float(np.mean([row["errors_before"] for row in rows]))
    after = float(np.mean([row["errors_after"] for row in rows]))
    return {
        "writers": len(rows),
        "corrections": float(np.mean([row["corrections"] for row in rows])),
        "errors_before": before,
        "errors_after": after,
        "errors_left": after / before if before else 0.0,
        "mnist_drop_mean": float(np.mean([row["mnist_drop"] for row in rows])),
        "mnist_drop_worst": float(max(row["mnist_drop"] for row in rows)),
        "seconds": float(np.median([row["seconds"] for row in rows])),
    }


def chosen_writers(drawings: list[LabelledDrawing], options: argparse.Namespace) -> list[Writer]:
    """As many writers as were asked for, at random, of those with enough digits.

    Raises:
        ValueError: none has enough.
    """
    counts = Counter(drawing.writer for drawing in drawings)
    writers = [writer for writer in list_writers(drawings) if counts[writer] >= LEAST_DIGITS]
    if not writers:
        raise ValueError(
            f"{options.strokes}: expected a writer of {LEAST_DIGITS} digits or more, found none"
        )
    order = np.random.default_rng(options.seed).permutation(len(writers))
    return [writers[i] for i in sorted(order[: options.writers or len(writers)])]


def measure(
    drawings: list[LabelledDrawing], chosen: list[Writer], bench: Bench
) -> Iterator[tuple[str, dict[str, float]]]:
    """The rows of the table, each with its name, as they are measured."""
    writers = {w: framed(d for d in drawings if d.writer == w) for w in chosen}
    yield (
        "ten corrections a digit",
        _over(writers.values(), bench, lambda samples: first_of_each_digit(samples, 10)),
    )
    yield (
        "only the misread of the first hundred",
        _over(writers.values(), bench, bench.misread),
    )
    for name, matrix in (("turned by a quarter", QUARTER_TURN), ("leaning by 45°", LEANING)):
        turned = [framed((d for d in drawings if d.writer == w), matrix) for w in chosen]
        yield (
            name + ", five corrections a digit",
            _over(turned, bench, lambda samples: first_of_each_digit(samples, 5)),
        )


def from_key_to_report(options: argparse.Namespace, writer: Writer) -> dict[str, float]:
    """Fifty corrections of a writer rotated by a quarter turn, in the window with a warm worker."""
    sources = ("--mnist", str(options.mnist.resolve()), "--strokes", str(options.strokes.resolve()))
    found = probed("tune", options.model.resolve(), *sources, "--writer", str(writer))
    return {"corrections": found["corrections"], "seconds": found["tuned"]}


def key_to_next(model: Path) -> dict[str, float]:
    """From the key that corrects to a window in which the next digit can be drawn."""
    took = probed("keep", model.resolve())["kept"]
    return {"corrections": len(took), "seconds": float(np.median(took)), "latest": max(took)}


def _over(
    writers: Iterable[Samples], bench: Bench, choose: Callable[[Samples], np.ndarray]
) -> dict[str, float]:
    rows = [bench.adapt(samples, chosen) for samples in writers if len(chosen := choose(samples))]
    return summary(rows) if rows else {"writers": 0, "corrections": 0}


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 0, or 1 where something cannot be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.adaptation", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--strokes", type=Path, required=True, metavar="FILE")
    parser.add_argument("--mnist", type=Path, required=True, metavar="FILE")
    parser.add_argument("--model", type=Path, default=SHIPPED, metavar="FILE")
    parser.add_argument("--from", dest="start", choices=("shipped", "mnist"), default="shipped")
    parser.add_argument("--writers", type=int, default=0, metavar="N", help="so many; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        results = _measured(options)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(results, indent=2, ensure_ascii=False))
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    # Whatever cannot be read is named before anything takes its time.
    drawings = [each for each in read_strokes(options.strokes) if each.label is not None]
    known = mnist.load(options.mnist)
    Recognizer.load(options.model)
    chosen = chosen_writers(drawings, options)
    results: dict[str, Any] = {}

    def add(name: str, row: dict[str, float]) -> None:
        results[name] = row
        if not options.json:
            print(as_text(name, row), flush=True)

    bench = Bench(options, known)
    results |= {"from": options.start, "mnist_before": bench.test_before}
    if not options.json:
        print(f"from {options.start}, MNIST test {percent(bench.test_before)}", flush=True)
    if has_display():
        add("one correction by key, to the next drawing", key_to_next(options.model))
        add("fifty corrections, from the key to the card", from_key_to_report(options, chosen[0]))
    for name, row in measure(drawings, chosen, bench):
        add(name, row)
    return results


def as_text(name: str, row: dict[str, float]) -> str:
    """A row of the table for people to read."""
    if "errors_left" not in row:
        figures = {name: value for name, value in row.items() if name != "corrections"}
        took = ", ".join(f"{name} {value:.3g}" for name, value in figures.items())
        return f"{name:45} {took} ({row.get('corrections', 0)} corrections)"
    return (
        f"{name:45} {percent(row['errors_before']):>9} -> {percent(row['errors_after']):>9} wrong "
        f"({percent(row['errors_left'])} left; {row['writers']} writers, "
        f"{row['corrections']:.1f} corrections), MNIST falls by "
        f"{row['mnist_drop_mean']:.3f} points (worst {row['mnist_drop_worst']:.3f}), "
        f"{row['seconds']:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
