"""Speed of the training loop in `learning.training`, and of Keras's `fit` doing the same work.

Both train the same network on the same samples with the same augmentation, optimizer and moving
average of the weights. They take turns, and the first epoch of each, which builds the graph, is not
counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tables.figure import Figure
from number_recognition.digits.datasets import synthetic
from number_recognition.digits.drawing.variation import render_samples
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.settings import TrainingSettings

if TYPE_CHECKING:
    import tensorflow as tf

STEPS_PER_EXECUTION = 16
_RENDERED_SAMPLES = 500


@dataclass(frozen=True)
class Cost:
    """What training some samples took."""

    samples: int
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Mark:
    """A moment of a training: the samples trained so far, and the clocks."""

    samples: int
    seconds: float = field(default_factory=time.perf_counter)
    cpu_seconds: float = field(default_factory=time.process_time)

    def cost_until(self, end: Mark) -> Cost:
        """Return what the training took from here to `end`."""
        return Cost(
            end.samples - self.samples,
            end.seconds - self.seconds,
            end.cpu_seconds - self.cpu_seconds,
        )


def measure(samples: int, epochs: int, batch_size: int, rounds: int) -> list[Figure]:
    """Measure the loop and `fit` in turn; each figure is the median over the rounds."""
    import_keras()
    settings = TrainingSettings(batch_size=batch_size, epochs=epochs)
    data = make_samples(samples)
    variants: dict[str, Callable[[], Cost]] = {
        "training loop": lambda: loop_cost(settings, data),
        "fit": lambda: fit_cost(settings, data, 1),
        f"fit, steps_per_execution={STEPS_PER_EXECUTION}": lambda: fit_cost(
            settings, data, STEPS_PER_EXECUTION
        ),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, cost in variants.items():
            costs[name].append(cost())
    return [
        *_compare(costs, "samples/s", lambda cost: cost.samples / cost.seconds),
        *_compare(costs, "samples/CPU s", lambda cost: cost.samples / cost.cpu_seconds),
    ]


def _compare(
    costs: dict[str, list[Cost]], unit: str, rate: Callable[[Cost], float]
) -> list[Figure]:
    """The median rate of each variant, and the ratio of the loop's to each other one."""
    medians = {name: statistics.median(map(rate, each)) for name, each in costs.items()}
    (loop, loop_rate), *others = medians.items()
    return [
        *(Figure(name, median, unit) for name, median in medians.items()),
        *(Figure(f"{loop} / {name}", loop_rate / median, "×") for name, median in others),
    ]


def make_samples(count: int) -> Samples:
    """Synthetic digits; a few hundred are rendered, and repeated."""
    drawings = synthetic.synthetic_drawings(1)
    rendered = Samples(*render_samples(drawings, min(count, _RENDERED_SAMPLES), 1))
    return rendered.select(np.arange(count) % len(rendered))


def loop_cost(settings: TrainingSettings, samples: Samples) -> Cost:
    """Train with the training loop, which writes a checkpoint after each epoch."""
    from number_recognition.learning.training.training import train

    marks: list[Mark] = []
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Path(folder) / "checkpoint.npz"

        def mark_first_epoch() -> bool:
            """Called before each call of the graph; training never stops here."""
            if not marks and checkpoint.exists():
                marks.append(Mark(_epoch_samples(settings, samples)))
            return False

        train(settings, samples, Samples.empty(), checkpoint=checkpoint, stopped=mark_first_epoch)
        end = Mark(settings.epochs * _epoch_samples(settings, samples))
    return marks[0].cost_until(end)


def fit_cost(settings: TrainingSettings, samples: Samples, steps_per_execution: int) -> Cost:
    """Train with `fit`, with `use_ema` for the moving average."""
    import keras

    from number_recognition.learning.models.keras_network import build
    from number_recognition.learning.training.optimizers import build_optimizer

    steps = len(samples) // settings.batch_size
    optimizer = build_optimizer(settings, steps * settings.epochs, settings.learning_rate)
    optimizer.use_ema, optimizer.ema_momentum = True, settings.ema_momentum
    network = build(settings)
    network.compile(
        optimizer,
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    marks: list[Mark] = []
    network.fit(
        _dataset(settings, samples),
        epochs=settings.epochs,
        steps_per_epoch=steps,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: marks.append(
                    Mark((epoch + 1) * _epoch_samples(settings, samples))
                )
            )
        ],
    )
    return marks[0].cost_until(marks[-1])


def _dataset(settings: TrainingSettings, samples: Samples) -> tf.data.Dataset:
    """Augmented batches without end; the next one is prepared while the network trains."""
    import tensorflow as tf

    from number_recognition.learning.data.augmentation import Augmentation, compiled_augment
    from number_recognition.learning.data.batches import images_per_warp

    augment, amount = compiled_augment(), Augmentation.of(settings)
    shared = images_per_warp(settings.batch_size)

    def prepare(step: tf.Tensor, batch: tuple[tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
        images = tf.cast(batch[0], tf.float32) / 255.0
        seed = tf.stack([settings.seed, tf.cast(step, tf.int32)])
        return augment(images, seed, amount, shared), batch[1]

    dataset = tf.data.Dataset.from_tensor_slices((samples.pixels, samples.labels.astype(np.int32)))
    dataset = dataset.shuffle(len(samples), seed=settings.seed).repeat()
    dataset = dataset.batch(settings.batch_size, drop_remainder=True)
    return dataset.enumerate().map(prepare).prefetch(tf.data.AUTOTUNE)


def _epoch_samples(settings: TrainingSettings, samples: Samples) -> int:
    return len(samples) // settings.batch_size * settings.batch_size


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table, or JSON with `--json`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_loop", description=__doc__)
    parser.add_argument("--samples", type=int, default=25600, metavar="N", help="in an epoch")
    parser.add_argument("--epochs", type=int, default=9, metavar="N", help="at least 2")
    parser.add_argument("--batch-size", type=int, default=512, metavar="N", help="of each step")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="runs of each")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if not 1 <= options.batch_size <= options.samples or options.epochs < 2 or options.rounds < 1:
        parser.error(
            "expected at least one round, two epochs, and as many samples as in a batch; found "
            f"{options.rounds} rounds, {options.epochs} epochs, {options.samples} samples and "
            f"{options.batch_size} in a batch"
        )
    figures = measure(options.samples, options.epochs, options.batch_size, options.rounds)
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False))
    else:
        print(*figures, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
