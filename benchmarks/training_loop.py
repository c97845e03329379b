"""Speed of the training loop in `learning.training`, and of Keras's `fit` doing the same work.

Both train the same network on the same samples with the same augmentation, optimizer, moving
average of the weights and threads. They take turns, and the first epoch of each, which builds the
graph, is not counted.

python -m benchmarks.training_loop --threads 1 --batch-size 256
python -m benchmarks.training_loop --threads 1 --batch-size 128 --hidden-layers 64 --distortion 0
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
from number_recognition.learning.tensorflow_setup import import_keras, limit_threads
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


def measure(settings: TrainingSettings, samples: int, rounds: int) -> list[Figure]:
    """Measure the loop and `fit` in turn; each figure is the median over the rounds."""
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
        shuffle=False,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(
                # Keras may take more steps in an epoch than it is told.
                on_epoch_end=lambda epoch, logs: marks.append(
                    Mark(int(np.asarray(optimizer.iterations)) * settings.batch_size)
                )
            )
        ],
    )
    return marks[0].cost_until(marks[-1])


def _dataset(settings: TrainingSettings, samples: Samples) -> tf.data.Dataset:
    """Augmented batches of all epochs; the next ones are prepared while the network trains.

    Whole batches are gathered, as the training loop does: to batch sample by sample would take a
    small network longer than to train on them.
    """
    import tensorflow as tf

    from number_recognition.learning.data.augmentation import Augmentation, compiled_augment
    from number_recognition.learning.data.batches import images_per_warp

    amount = Augmentation.of(settings)
    augment = compiled_augment() if amount else None
    shared = images_per_warp(settings.batch_size)
    pixels, labels = tf.constant(samples.pixels), tf.constant(samples.labels.astype(np.int32))
    used = _epoch_samples(settings, samples)

    def order(epoch: tf.Tensor) -> tf.data.Dataset:
        seed = tf.stack([settings.seed, tf.cast(epoch, tf.int32)])
        shuffled = tf.random.experimental.stateless_shuffle(tf.range(len(samples)), seed)[:used]
        batches = tf.reshape(shuffled, (-1, settings.batch_size))
        return tf.data.Dataset.from_tensor_slices(batches)

    def prepare(step: tf.Tensor, chosen: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        images = tf.cast(tf.gather(pixels, chosen), tf.float32) / 255.0
        if augment is not None:
            seed = tf.stack([settings.seed, tf.cast(step, tf.int32)])
            images = augment(images, seed, amount, shared)
        return images, tf.gather(labels, chosen)

    dataset = tf.data.Dataset.counter().flat_map(order)
    return dataset.enumerate().map(prepare).prefetch(tf.data.AUTOTUNE)


def _epoch_samples(settings: TrainingSettings, samples: Samples) -> int:
    return len(samples) // settings.batch_size * settings.batch_size


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table, or JSON with `--json`."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not 1 <= options.batch_size <= options.samples or options.epochs < 2 or options.rounds < 1:
        parser.error(
            "expected at least one round, two epochs, and as many samples as in a batch; found "
            f"{options.rounds} rounds, {options.epochs} epochs, {options.samples} samples and "
            f"{options.batch_size} in a batch"
        )
    settings = TrainingSettings(
        hidden_layers=tuple(options.hidden_layers),
        batch_size=options.batch_size,
        distortion=options.distortion,
        epochs=options.epochs,
    )
    import_keras()
    if options.threads is not None:
        limit_threads(options.threads)
    figures = measure(settings, options.samples, options.rounds)
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False))
    else:
        print(*figures, sep="\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    usual = TrainingSettings()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training_loop",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--samples", type=int, default=24576, metavar="N", help="in an epoch")
    add("--epochs", type=int, default=9, metavar="N", help="at least 2")
    add("--batch-size", type=int, default=usual.batch_size, metavar="N", help="of each step")
    units = list(usual.hidden_layers)
    add("--hidden-layers", type=int, nargs="*", default=units, metavar="N", help="units of each")
    add("--distortion", type=float, default=usual.distortion, metavar="X", help="0 for none")
    add("--threads", type=int, metavar="N", help="of TensorFlow, for both; as it chooses")
    add("--rounds", type=int, default=3, metavar="N", help="runs of each")
    add("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
