"""Trains a network, a few steps a graph call: reports, stops and resumes whenever it is asked."""

from __future__ import annotations

import math
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from learning.distortion import Distortion, compiled
from learning.network import build
from learning.progress import (
    Pace,
    Progress,
    Report,
    Stopped,
    TrainingFailed,
    ignore,
    never,
)
from learning.samples import Samples
from storage.files import write_whole
from storage.settings import TrainingSettings

_CALL_SECONDS = 0.08
"""A graph call is as many steps as take about this long: between two, work can be stopped."""
_ALIKE = 4
"""Images of a batch that are distorted alike."""


@dataclass
class Training:
    """A finished or stopped training.

    `network` is the best network it found, a float32 Keras model without optimizer; `history` one
    dictionary an epoch (loss, accuracy, val_loss, val_accuracy, learning_rate, seconds).
    """

    settings: TrainingSettings
    network: keras.Model
    history: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    completed: bool = False


def train(
    settings: TrainingSettings,
    samples: Samples,
    validation: Samples,
    *,
    start: keras.Model | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    events: Path | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> Training:
    """Train a network from its first weights to the end, or on from a checkpoint.

    Args:
        settings: everything that shapes the training.
        samples: what it learns from.
        validation: what it is judged on after each epoch; may be empty, then the last is best.
        start: weights to begin with, of a network as `build(settings)` makes it.
        checkpoint: a file written whole after each epoch.
        resume: go on from `checkpoint` where there is one.
        events: a folder for TensorBoard's event files.
        report: hears about ten times a second, with the figures so far in `details`.
        stopped: asked between any two graph calls; once it is true, the best so far is returned.

    Raises:
        TrainingFailed: the loss is no number, or the network does no better than chance.
        ValueError: there are no samples, or the checkpoint is of another training.
    """
    if not len(samples):
        raise ValueError("expected samples to train on, found none")
    trainer = _Trainer(settings, samples, validation, start, checkpoint)
    if events is not None:
        trainer.write_events(events)
    return trainer.run(resume, report, stopped)


class _Trainer:
    """The state of one training: the network that learns and the one that is kept."""

    def __init__(
        self,
        settings: TrainingSettings,
        samples: Samples,
        validation: Samples,
        start: keras.Model | None,
        checkpoint: Path | None,
    ) -> None:
        self.settings = settings
        self.validation = validation
        self.checkpoint = checkpoint
        self.count = len(samples)
        self.batch = min(settings.batch_size, self.count)
        self.steps = self.count // self.batch
        self.learner = build(settings, settings.precision)
        self.kept = build(settings)
        if start is not None:
            _check_alike(start, self.kept)
            self.learner.set_weights(start.get_weights())
            self.kept.set_weights(start.get_weights())
        self.optimizer = _optimizer(settings, self.steps * settings.epochs)
        self.optimizer.build(self.learner.trainable_variables)
        self.average = [tf.Variable(weight) for weight in self.learner.get_weights()]
        self.best: list[np.ndarray] = self.kept.get_weights()
        self.history: list[dict[str, float]] = []
        self.seconds_before = 0.0
        self._events: tf.summary.SummaryWriter | None = None
        self._take_steps = self._graph(samples)
        self._graph_built = False
        self._judge = tf.function(
            lambda pixels: self.kept(pixels, training=False),
            input_signature=[tf.TensorSpec((None, 28, 28))],
        )

    def write_events(self, folder: Path) -> None:
        """Write the figures of each epoch for TensorBoard, too."""
        self._events = tf.summary.create_file_writer(str(folder))

    def run(self, resume: bool, report: Report, stopped: Stopped) -> Training:
        if resume and self.checkpoint is not None and self.checkpoint.exists():
            self._restore()
        epochs = self.settings.epochs
        pace = Pace(start=len(self.history) / epochs)
        interrupted = False
        while len(self.history) < epochs and not interrupted:
            figures = self._epoch(pace, report, stopped)
            interrupted = figures is None
            if figures is not None:
                self._finish_epoch(figures, pace)
        self.kept.set_weights(self.best)
        return Training(
            self.settings,
            self.kept,
            self.history,
            self.seconds_before + pace.seconds(),
            completed=len(self.history) == epochs,
        )

    def _epoch(self, pace: Pace, report: Report, stopped: Stopped) -> dict[str, float] | None:
        """One pass over the samples: its loss and accuracy, or None if it was stopped."""
        epoch = len(self.history)
        order = np.random.default_rng([self.settings.seed, epoch]).permutation(self.count)
        order = order[: self.steps * self.batch].reshape(self.steps, self.batch).astype(np.int32)
        seed = int(np.random.SeedSequence([self.settings.seed, epoch]).generate_state(1)[0] >> 1)
        clock = Pace()
        step, size, loss, right = 0, 1, 0.0, 0.0
        while step < self.steps:
            if stopped():
                return None
            before = clock.seconds()
            taken = order[step : step + size]
            sums = self._take_steps(taken, tf.constant([seed, step]))
            loss += float(sums[0])
            right += float(sums[1])
            step += len(taken)
            self._check_loss(loss, epoch)
            if self._graph_built:
                size = _next_size(size, clock.seconds() - before)
            else:
                self._graph_built = True
                pace.begin_estimate((epoch + step / self.steps) / self.settings.epochs)
            if pace.due():
                self._report(epoch, step, loss, right, pace, report)
        return {"loss": loss / step, "accuracy": right / step / self.batch}

    def _check_loss(self, loss: float, epoch: int) -> None:
        if not math.isfinite(loss):
            raise TrainingFailed(
                f"the loss is no number in epoch {epoch + 1}: the steps are too large; try a "
                f"learning_rate below {self.settings.learning_rate:g}"
            )

    def _report(
        self, epoch: int, step: int, loss: float, right: float, pace: Pace, report: Report
    ) -> None:
        done = (epoch + step / self.steps) / self.settings.epochs
        left = pace.seconds_left(done)
        accuracy = right / step / self.batch
        report(
            Progress(
                f"epoch {epoch + 1} of {self.settings.epochs}, loss {loss / step:.4f}, accuracy "
                f"{accuracy:.2%}",
                done,
                left,
                {
                    "epoch": epoch + 1,
                    "epochs": self.settings.epochs,
                    "epoch_done": step / self.steps,
                    "loss": loss / step,
                    "accuracy": accuracy,
                    "history": list(self.history),
                },
            )
        )

    def _finish_epoch(self, figures: dict[str, float], pace: Pace) -> None:
        source = self.average if self.settings.weight_average else self.learner.weights
        self.kept.set_weights([np.asarray(weight) for weight in source])
        if len(self.validation):
            figures |= self._validate()
        figures["learning_rate"] = float(np.asarray(self.optimizer.learning_rate))
        figures["seconds"] = self.seconds_before + pace.seconds()
        best = max((past.get("val_accuracy", 0.0) for past in self.history), default=0.0)
        if figures.get("val_accuracy", 1.0) >= best:
            self.best = self.kept.get_weights()
        self.history.append({"epoch": len(self.history), **figures})
        self._check_progress()
        if self._events is not None:
            _write_events(self._events, len(self.history), figures)
        if self.checkpoint is not None:
            self._save(self.checkpoint)

    def _validate(self) -> dict[str, float]:
        losses, right = 0.0, 0
        for start in range(0, len(self.validation), 2048):
            pixels = self.validation.pixels[start : start + 2048].astype(np.float32) / 255
            labels = self.validation.labels[start : start + 2048]
            probabilities = self._judge(pixels).numpy()
            of_label = probabilities[np.arange(len(labels)), labels]
            losses -= float(np.log(np.maximum(of_label, 1e-7)).sum())
            right += int((probabilities.argmax(axis=1) == labels).sum())
        count = len(self.validation)
        return {"val_loss": losses / count, "val_accuracy": right / count}

    def _check_progress(self) -> None:
        """Three epochs at chance level are enough to see that nothing is learnt."""
        latest = self.history[-3:]
        seen = self.count * len(self.history)
        if len(latest) == 3 and seen > 3000 and max(e["accuracy"] for e in latest) < 0.15:
            raise TrainingFailed(
                f"after {len(self.history)} epochs the network is right "
                f"{latest[-1]['accuracy']:.0%} of the time, no better than chance; try another "
                f"learning_rate than {self.settings.learning_rate:g}, or fewer hidden layers"
            )

    def _graph(self, samples: Samples) -> tf.types.experimental.PolymorphicFunction:
        """The function that takes some steps: (steps, batch) sample numbers -> sums of figures."""
        pixels = tf.constant(samples.pixels)
        labels = tf.constant(samples.labels.astype(np.int32))
        amount = Distortion.of(self.settings)
        warp, alike = compiled() if amount else None, math.gcd(self.batch, _ALIKE)
        momentum = self.settings.weight_average

        def step(chosen: tf.Tensor, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            images = tf.cast(tf.gather(pixels, chosen), tf.float32) / 255.0  # (batch, 28, 28)
            truth = tf.gather(labels, chosen)  # (batch,)
            if warp is not None:
                images = warp(images, seed, amount, alike)
            with tf.GradientTape() as tape:
                answers = self.learner(images, training=True)  # (batch, 10)
                loss = self._loss(truth, answers)
                scaled = self.optimizer.scale_loss(loss)
            variables = self.learner.trainable_variables
            self.optimizer.apply(tape.gradient(scaled, variables), variables)
            if momentum:
                # At the start the first weights must not count for more than those learnt since.
                taken = tf.cast(self.optimizer.iterations, tf.float32)
                share = 1 - tf.minimum(momentum, taken / (9 + taken))
                for mean, weight in zip(self.average, self.learner.weights, strict=True):
                    mean.assign_add(share * (tf.convert_to_tensor(weight) - mean))
            hits = tf.equal(tf.argmax(answers, axis=1, output_type=tf.int32), truth)
            return loss, tf.reduce_sum(tf.cast(hits, tf.float32))

        @tf.function(
            input_signature=[
                tf.TensorSpec((None, self.batch), tf.int32),
                tf.TensorSpec((2,), tf.int32),
            ]
        )
        def take_steps(order: tf.Tensor, seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            loss, right = tf.constant(0.0), tf.constant(0.0)
            for i in tf.range(tf.shape(order)[0]):
                step_loss, step_right = step(order[i], tf.stack([seed[0], seed[1] + i]))
                loss += step_loss
                right += step_right
            return loss, right

        return take_steps

    def _loss(self, truth: tf.Tensor, answers: tf.Tensor) -> tf.Tensor:
        smoothing = self.settings.label_smoothing
        target = tf.one_hot(truth, 10) * (1 - smoothing) + smoothing / 10
        return tf.reduce_mean(keras.losses.categorical_crossentropy(target, answers))

    def _variables(self) -> list[tf.Variable]:
        """Everything that a resumed training needs to be as if it had never stopped."""
        return [*self.learner.variables, *self.optimizer.variables, *self.average]

    def _save(self, path: Path) -> None:
        arrays = {f"state_{i}": np.asarray(v) for i, v in enumerate(self._variables())}
        arrays |= {f"best_{i}": weight for i, weight in enumerate(self.best)}
        columns = list(self.history[-1])
        table = np.array([[row[name] for name in columns] for row in self.history])
        arrays |= {"history": table, "columns": np.array(columns), "count": np.array(self.count)}

        def write(temporary: Path) -> None:
            with temporary.open("wb") as file:
                np.savez(file, **arrays)

        write_whole(path, write)

    def _restore(self) -> None:
        assert self.checkpoint is not None
        arrays = _arrays(self.checkpoint)
        variables = self._variables()
        fits = int(arrays.get("count", -1)) == self.count and all(
            f"state_{i}" in arrays and arrays[f"state_{i}"].shape == tuple(v.shape)
            for i, v in enumerate(variables)
        )
        if not fits:
            raise ValueError(
                f"{self.checkpoint}: expected a checkpoint of this training, found one of "
                "another network or other samples; start without it"
            )
        for i, variable in enumerate(variables):
            variable.assign(arrays[f"state_{i}"])
        self.best = [arrays[f"best_{i}"] for i in range(len(self.best))]
        columns = arrays["columns"].tolist()
        self.history = [
            dict(zip(columns, map(float, row), strict=True)) for row in arrays["history"]
        ]
        self.seconds_before = self.history[-1]["seconds"]


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """Everything in a checkpoint: it was written whole, but may have been damaged since."""
    try:
        with np.load(path) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{path}: expected a checkpoint, found a broken or foreign file"
        ) from error


def _write_events(writer: tf.summary.SummaryWriter, step: int, figures: dict[str, float]) -> None:
    """Write figures as `tf.summary.scalar` does, which wants TensorBoard itself for it."""
    from tensorflow.core.framework.summary_pb2 import SummaryMetadata

    metadata = SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"),
        data_class=1,  # DATA_CLASS_SCALAR
    )
    with writer.as_default(step=step):
        for name, figure in figures.items():
            tf.summary.write(name, tf.constant(figure, tf.float32), metadata=metadata)
    writer.flush()


def _check_alike(start: keras.Model, built: keras.Model) -> None:
    found, expected = ([w.shape for w in network.get_weights()] for network in (start, built))
    if found != expected:
        raise ValueError(
            f"'start': expected a network of the layers set, {built.count_params():,} weights, "
            f"found one of {start.count_params():,}; set hidden_layers and batch_normalization "
            "as it has them"
        )


def _next_size(size: int, seconds: float) -> int:
    """As many steps as fit the time of a call, at most twice as many as the last time."""
    return int(np.clip(size * _CALL_SECONDS / max(seconds, 1e-6), 1, 2 * size))


def _optimizer(settings: TrainingSettings, steps: int) -> keras.optimizers.Optimizer:
    """The optimizer with its schedule: a short warm-up, then what `learning_rate_schedule` says."""
    kinds = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "sgd": keras.optimizers.SGD,
        "rmsprop": keras.optimizers.RMSprop,
        "nadam": keras.optimizers.Nadam,
    }
    options: dict[str, float] = {"weight_decay": settings.weight_decay or None}
    if settings.optimizer == "sgd":
        options["momentum"] = 0.9
    return kinds[settings.optimizer](_schedule(settings, steps), **options)


def _schedule(settings: TrainingSettings, steps: int) -> object:
    rate = settings.learning_rate
    if settings.learning_rate_schedule == "constant":
        return rate
    if settings.learning_rate_schedule == "linear":
        return keras.optimizers.schedules.PolynomialDecay(
            rate, steps, end_learning_rate=rate / 1000
        )
    warm_up = min(steps // 20, 500)
    return keras.optimizers.schedules.CosineDecay(
        rate / 20 if warm_up else rate,
        max(1, steps - warm_up),
        alpha=0.02 if warm_up else 0.001,
        warmup_target=rate if warm_up else None,
        warmup_steps=warm_up,
    )


def limit_threads(count: int) -> None:
    """Hold TensorFlow to so many threads in this process; before it has computed anything."""
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)
