"""One training under way: the network that learns, epoch by epoch, and the one that is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from number_recognition.core.formatting import percent
from number_recognition.core.progress import (
    Progress,
    ProgressTimer,
    Report,
    Stopped,
    TrainingFailed,
)
from number_recognition.learning.data.batches import Batches
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.models import convolution
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.learning.training.learner import Learner
from number_recognition.learning.training.stages import Stages
from number_recognition.learning.training.tensorboard import write_epoch
from number_recognition.storage.settings import TrainingSettings

_CALL_SECONDS = 0.08
"""A graph call is as many steps as take about this long: between two, work can be stopped."""
_GENTLER = 4.0
"""What was learnt as a convolution would be lost in steps as large as those of a new network."""


@dataclass
class Training:
    """A finished or stopped training.

    `network` is the best network it found, or after several rounds of the learning rate the average
    of their ends, a float32 Keras model without optimizer; `history` one
    dictionary an epoch (loss, accuracy, val_loss, val_accuracy, learning_rate, seconds).
    """

    settings: TrainingSettings
    network: keras.Model
    history: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    completed: bool = False


class Trainer:
    """The state of one training: the network that learns and the one that is kept.

    The kept one is dense throughout; before it, a convolution and its teachers may learn.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        samples: Samples,
        validation: Samples,
        start: keras.Model | None,
        checkpoint: Path | None,
    ) -> None:
        """Make the networks of a training; the arguments are those of `learning.training.training.train`."""
        self.settings = settings
        self.validation = validation
        self.checkpoint = checkpoint
        self.count = len(samples)
        self.batches = Batches(samples, settings)
        self.batch = self.batches.batch
        self.steps = self.count // self.batch
        self.stages = Stages(settings)
        self.best_model = self.stages[-1].build(settings)
        if start is not None:
            _check_same_shapes(start, self.best_model)
            self.best_model.set_weights(start.get_weights())
        self.best: list[np.ndarray] = self.best_model.get_weights()
        self.best_accuracy = 0.0
        self.history: list[dict[str, float]] = []
        self._reported_epochs: int | None = None
        self.stage_weights: list[list[np.ndarray]] = []
        self.seconds_before = 0.0
        self._events: tf.summary.SummaryWriter | None = None
        self.begin_stage(0, start.get_weights() if start is not None else None)

    def begin_stage(self, number: int, weights: list[np.ndarray] | None = None) -> None:
        """Let the network of that stage learn, from these weights or its own first ones."""
        settings = self.settings
        self.stage, self.number = self.stages[number], number
        network = self.stage.build(settings, settings.precision)
        if weights is not None:
            network.set_weights(weights)
        teachers = self._teachers() if self.stage.kind == "dense" else []
        goes_on = self.stage.kind == "dense" and self.settings.convolution_epochs
        lr_divisor = _GENTLER if goes_on else 1.0
        steps = self.steps * self.stage.epochs
        self.learner = Learner(network, settings, self.batches, steps, teachers, lr_divisor)
        # Of a teacher nothing is kept in the end, yet it is judged like the rest.
        self.eval_model = (
            self.stage.build(settings) if self.stage.kind == "teacher" else self.best_model
        )
        self._evaluate = tf.function(
            lambda pixels: self.eval_model(pixels, training=False),
            input_signature=[tf.TensorSpec((None, 28, 28))],
        )
        self._graph_built = False

    def _teachers(self) -> list[keras.Model]:
        """The networks that teach the dense one: the teachers, or else the convolution itself."""
        if not self.settings.distillation:
            return []
        kind = "teacher" if self.settings.teachers else "convolution"
        return [
            _with_weights(self.stages[i].build(self.settings), stage_weights)
            for i, stage_weights in enumerate(self.stage_weights)
            if self.stages[i].kind == kind
        ]

    def _next_stage(self) -> None:
        """Keep what the network learnt that has had its epochs; it is the turn of the next."""
        self.stage_weights.append(self.learner.weights())
        number = self.number + 1
        first = None
        if self.stage.kind == "dense":
            first = self.stage_weights[-1]
        elif self.stages[number].kind == "dense":
            first = convolution.dense_weights(
                self.stages[0].build(self.settings), self.stage_weights[0]
            )
        self.begin_stage(number, first)

    def _average_restarts(self) -> list[np.ndarray]:
        """The mean of what the dense network had learnt after each round, the later ones most.

        Each counts as often as its number says.

        Source: P. Izmailov et al., "Averaging weights leads to wider optima and better
        generalization", 2018; all rounds count the same there.
        """
        rounds = [*self.stage_weights, self.learner.weights()][-1 - self.settings.restarts :]
        counts = range(1, len(rounds) + 1)
        return [np.average(each, axis=0, weights=counts) for each in zip(*rounds, strict=True)]

    def _eval_weights(self) -> list[np.ndarray]:
        """What was learnt, as weights of the network that is judged."""
        weights = self.learner.weights()
        if self.stage.kind == "convolution":
            return convolution.dense_weights(self.learner.network, weights)
        return weights

    def write_events(self, folder: Path) -> None:
        """Write the figures of each epoch for TensorBoard, too."""
        self._events = tf.summary.create_file_writer(str(folder))

    def run(self, resume: bool, report: Report, stopped: Stopped) -> Training:
        """Learn epoch by epoch until the last or until stopped; see `learning.training.training.train`.

        Raises:
            TrainingFailed: the loss is no number, or the network does no better than chance.
            ValueError: it shall resume, and the checkpoint is of another training.
        """
        if resume and self.checkpoint is not None and self.checkpoint.exists():
            self._restore(self.checkpoint)
        epochs = self.settings.epochs
        timer = ProgressTimer(start=self._done(0))
        interrupted = False
        while len(self.history) < epochs and not interrupted:
            if self.number != self.stages.at(len(self.history)):
                self._next_stage()
            metrics = self._epoch(timer, report, stopped)
            interrupted = metrics is None
            if metrics is not None:
                self._finish_epoch(metrics, timer)
        completed = len(self.history) == epochs
        if completed and self.settings.restarts:
            self.best = self._average_restarts()
        self.best_model.set_weights(self.best)
        return Training(
            self.settings,
            self.best_model,
            self.history,
            self.seconds_before + timer.seconds(),
            completed=completed,
        )

    def _epoch(
        self, timer: ProgressTimer, report: Report, stopped: Stopped
    ) -> dict[str, float] | None:
        """One pass over the samples: its loss and accuracy, or None if it was stopped."""
        epoch = len(self.history)
        order = np.random.default_rng([self.settings.seed, epoch]).permutation(self.count)
        order = order[: self.steps * self.batch].reshape(self.steps, self.batch).astype(np.int32)
        seed = int(np.random.SeedSequence([self.settings.seed, epoch]).generate_state(1)[0] >> 1)
        clock = ProgressTimer()
        step, loss, right = 0, 0.0, 0.0
        self._size = 1
        for images, labels in self.batches.taken(order, seed, lambda: self._size):
            if stopped():
                return None
            before = clock.seconds()
            sums = self.learner.train_steps(images, labels)
            loss += sums[0]
            right += sums[1]
            step += len(labels)
            self._check_loss(loss, epoch)
            if self._graph_built:
                self._size = _next_size(len(labels), clock.seconds() - before)
            else:
                self._graph_built = True
                timer.begin_estimate(self._done(step))
            if timer.ready():
                self._report(epoch, step, loss, right, timer, report)
        return {"loss": loss / step, "accuracy": right / step / self.batch}

    def _done(self, step: int) -> float:
        """The part of the work that is done when so many steps of an epoch are."""
        return self.stages.done(len(self.history) + step / self.steps)

    def _check_loss(self, loss: float, epoch: int) -> None:
        if not math.isfinite(loss):
            raise TrainingFailed(
                f"the loss is no number in epoch {epoch + 1}: the steps are too large; try a "
                f"learning_rate below {self.settings.learning_rate:g}"
            )

    def _report(
        self, epoch: int, step: int, loss: float, right: float, timer: ProgressTimer, report: Report
    ) -> None:
        done = self._done(step)
        left = timer.seconds_left(done)
        accuracy = right / step / self.batch
        details: dict[str, Any] = {
            "epoch": epoch + 1,
            "epochs": self.settings.epochs,
            "epoch_done": step / self.steps,
            "loss": loss / step,
            "accuracy": accuracy,
        }
        # Ten times a second, a history of thousands of epochs would be more than all the rest.
        if len(self.history) != self._reported_epochs:
            self._reported_epochs = len(self.history)
            details["history"] = list(self.history)
        report(
            Progress(
                f"epoch {epoch + 1} of {self.settings.epochs}, loss {loss / step:.4f}, accuracy "
                f"{percent(accuracy)}",
                done,
                left,
                details,
            )
        )

    def _finish_epoch(self, metrics: dict[str, float], timer: ProgressTimer) -> None:
        self.eval_model.set_weights(self._eval_weights())
        if len(self.validation):
            metrics |= self._validate()
        metrics["learning_rate"] = float(np.asarray(self.learner.optimizer.learning_rate))
        metrics["seconds"] = self.seconds_before + timer.seconds()
        accuracy = metrics.get("val_accuracy", 1.0)
        if self.stage.kind != "teacher" and accuracy >= self.best_accuracy:
            self.best, self.best_accuracy = self.best_model.get_weights(), accuracy
        self.history.append({"epoch": len(self.history), **metrics})
        self._check_progress()
        if self._events is not None:
            write_epoch(self._events, len(self.history), metrics)
        if self.checkpoint is not None:
            self._save(self.checkpoint)

    def _validate(self) -> dict[str, float]:
        losses, right = 0.0, 0
        for start in range(0, len(self.validation), 2048):
            pixels = self.validation.pixels[start : start + 2048].astype(np.float32) / 255
            labels = self.validation.labels[start : start + 2048]
            probabilities = self._evaluate(pixels).numpy()
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
                f"{percent(latest[-1]['accuracy'])} of the time, no better than chance; try "
                f"another learning_rate than {self.settings.learning_rate:g}, or fewer hidden "
                "layers"
            )

    def _save(self, path: Path) -> None:
        Checkpoint(
            self.count,
            self.number,
            [np.asarray(variable) for variable in self.learner.variables()],
            self.stage_weights,
            self.best,
            self.best_accuracy,
            self.history,
        ).write(path)

    def _restore(self, path: Path) -> None:
        """Come back to the network that was learning, and to those that had learnt before it."""
        found = Checkpoint.read(path)
        self.stage_weights = found.stage_weights
        if fits := found.samples == self.count and _same_shapes(found.best, self.best):
            if found.stage != self.number:
                self.begin_stage(found.stage)
            variables = self.learner.variables()
            fits = _same_shapes(found.learner, variables)
        if not fits:
            raise ValueError(
                f"{path}: expected a checkpoint of this training, found one of another network or "
                "other samples; start without it"
            )
        for variable, value in zip(variables, found.learner, strict=True):
            variable.assign(value)
        self.best, self.best_accuracy = found.best, found.best_accuracy
        self.history = found.history
        self.seconds_before = found.history[-1]["seconds"]


def _same_shapes(found: Sequence[np.ndarray], expected: Sequence[np.ndarray | tf.Variable]) -> bool:
    """Whether they are as many, of the same shapes."""
    return [tuple(a.shape) for a in found] == [tuple(b.shape) for b in expected]


def _with_weights(network: keras.Model, weights: list[np.ndarray]) -> keras.Model:
    network.set_weights(weights)
    return network


def _check_same_shapes(start: keras.Model, built: keras.Model) -> None:
    if not _same_shapes(start.weights, built.weights):
        raise ValueError(
            f"'start': expected a network of the layers set, {built.count_params():,} weights, "
            f"found one of {start.count_params():,}; set hidden_layers and batch_normalization "
            "as it has them"
        )


def _next_size(size: int, seconds: float) -> int:
    """As many steps as fit the time of a call, at most twice as many as the last time."""
    return int(np.clip(size * _CALL_SECONDS / max(seconds, 1e-6), 1, 2 * size))
