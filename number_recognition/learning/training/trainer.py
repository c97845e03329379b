"""The training loop: epochs, validation, checkpoints, and the best network so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from number_recognition.core.progress import ProgressTimer, Report, Stopped
from number_recognition.learning.data.batches import Batches
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.learning.training.epoch_report import (
    EpochMetrics,
    EpochReporter,
    check_accuracy,
    check_loss,
)
from number_recognition.learning.training.stage_runner import StageRunner
from number_recognition.learning.training.stages import Stages
from number_recognition.learning.training.tensorboard import write_epoch
from number_recognition.learning.training.validation import Validator
from number_recognition.storage.settings import TrainingSettings

OnEpochEnd = Callable[[int, keras.Model], object]
_CALL_SECONDS = 0.08
"""A call of the graph takes as many steps as fit into this time; a stop waits for the call."""


@dataclass
class TrainingResult:
    """A finished or stopped training.

    Attributes:
        settings: of the training.
        network: the best network, or with restarts the average of the rounds; a float32 Keras model
            without an optimizer.
        history: one dictionary an epoch: loss, accuracy, val_loss, val_accuracy, learning_rate,
            seconds.
        seconds: the time taken, with that before it was resumed.
        completed: False where it was stopped.
    """

    settings: TrainingSettings
    network: keras.Model
    history: list[dict[str, float]] = field(default_factory=list)
    seconds: float = 0.0
    completed: bool = False


class Trainer:
    """One training, with the network being trained and the best one so far.

    The best one is always dense, also while a convolution is trained before it.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        samples: Samples,
        validation: Samples,
        initial_network: keras.Model | None,
        checkpoint: Path | None,
    ) -> None:
        """Build the networks of a training; see `learning.training.training.train`."""
        self._on_epoch_end: OnEpochEnd | None = None
        self._settings = settings
        self._validation = validation
        self._checkpoint = checkpoint
        self._batches = Batches(samples, settings)
        self._stages = Stages(settings)
        self._best_model = self._stages[-1].build(settings)
        initial_weights = None
        if initial_network is not None:
            _check_same_layers(initial_network, self._best_model)
            initial_weights = initial_network.get_weights()
            self._best_model.set_weights(initial_weights)
        self._runner = StageRunner(settings, self._stages, self._batches, initial_weights)
        self._best_weights: list[np.ndarray] = self._best_model.get_weights()
        self._best_accuracy = 0.0
        self._history: list[dict[str, float]] = []
        self._seconds_before = 0.0
        self._event_writer: tf.summary.SummaryWriter | None = None
        self._best_validator = Validator(self._best_model)
        self._prepare_stage()

    def _prepare_stage(self) -> None:
        self._validator = self._best_validator
        if self._runner.stage.kind == "teacher":
            # A teacher is validated, too, but is never the best network.
            self._validator = Validator(self._runner.stage.build(self._settings))
        self._has_graph = False
        self._steps_per_call = 1

    def write_events(self, folder: Path | None) -> None:
        """Write the metrics of each epoch for TensorBoard, too; None: not."""
        writer = tf.summary.create_file_writer(str(folder)) if folder is not None else None
        self._event_writer = writer

    def run(
        self, resume: bool, report: Report, stopped: Stopped, on_epoch_end: OnEpochEnd | None
    ) -> TrainingResult:
        """Train until the last epoch or until stopped; see `learning.training.training.train`.

        Raises:
            TrainingFailed: the loss is not finite, or the accuracy is no better than chance.
            ValueError: the checkpoint to resume from is of another training.
        """
        self._on_epoch_end = on_epoch_end
        if resume and self._checkpoint is not None and self._checkpoint.exists():
            self._restore(self._checkpoint)
        timer = ProgressTimer(start=self._part_done(0))
        reporter = EpochReporter(self._settings, report, timer)
        interrupted = False
        while len(self._history) < self._settings.epochs and not interrupted:
            if self._runner.advance(len(self._history)):
                self._prepare_stage()
            metrics = self._train_epoch(reporter, stopped)
            interrupted = metrics is None
            if metrics is not None:
                self._finish_epoch(metrics, self._seconds_before + timer.seconds())
        return self._result(self._seconds_before + timer.seconds())

    def _result(self, seconds: float) -> TrainingResult:
        completed = len(self._history) == self._settings.epochs
        if completed and self._settings.restarts:
            self._best_weights = self._runner.average_rounds()
        self._best_model.set_weights(self._best_weights)
        return TrainingResult(
            self._settings, self._best_model, self._history, seconds, completed=completed
        )

    def _train_epoch(self, reporter: EpochReporter, stopped: Stopped) -> EpochMetrics | None:
        """Train on all samples once; None if it was stopped."""
        epoch = len(self._history)
        metrics = EpochMetrics(self._batches.batch_size)
        clock = ProgressTimer()
        self._steps_per_call = 1
        for images, labels in self._batches.epoch(epoch, lambda: self._steps_per_call):
            if stopped():
                return None
            before = clock.seconds()
            metrics.add(len(labels), *self._runner.state.train_steps(images, labels))
            check_loss(metrics.loss_sum, epoch + 1, self._settings)
            epoch_done = metrics.steps / self._batches.steps
            done = self._part_done(epoch_done)
            if self._has_graph:
                self._steps_per_call = _next_step_count(len(labels), clock.seconds() - before)
            else:
                self._has_graph = True
                reporter.timer.begin_estimate(done)
            reporter.report(metrics, epoch_done, done, self._history)
        return metrics

    def _part_done(self, epoch_done: float) -> float:
        """The part of the training that is done after this part of the present epoch."""
        return self._stages.part_done(len(self._history) + epoch_done)

    def _finish_epoch(self, metrics: EpochMetrics, seconds: float) -> None:
        """Validate, remember the best weights, and write what is to be written."""
        self._validator.network.set_weights(self._runner.weights())
        row = {"loss": metrics.loss, "accuracy": metrics.accuracy}
        row |= self._validator.evaluate(self._validation)
        row["learning_rate"] = float(np.asarray(self._runner.state.optimizer.learning_rate))
        row["seconds"] = seconds
        accuracy = row.get("val_accuracy", 1.0)
        if self._runner.stage.kind != "teacher" and accuracy >= self._best_accuracy:
            self._best_weights = self._best_model.get_weights()
            self._best_accuracy = accuracy
        self._history.append({"epoch": len(self._history), **row})
        check_accuracy(self._history, self._batches.samples, self._settings)
        if self._event_writer is not None:
            write_epoch(self._event_writer, len(self._history), row)
        if self._checkpoint is not None:
            self._save(self._checkpoint)
        if self._on_epoch_end is not None and self._runner.stage.kind != "teacher":
            self._on_epoch_end(len(self._history), self._best_model)

    def _save(self, path: Path) -> None:
        Checkpoint(
            self._batches.samples,
            self._runner.index,
            [np.asarray(variable) for variable in self._runner.state.variables()],
            self._runner.finished_weights,
            self._best_weights,
            self._best_accuracy,
            self._history,
        ).write(path)

    def _restore(self, path: Path) -> None:
        """Restore the variables of the present stage, and the results of the stages before it."""
        checkpoint = Checkpoint.read(path)
        has_same_samples = checkpoint.samples == self._batches.samples
        variables: list[tf.Variable] = []
        if has_same_samples and _same_shapes(checkpoint.best_weights, self._best_weights):
            self._runner.finished_weights = checkpoint.finished_weights
            if checkpoint.stage != self._runner.index:
                self._runner.begin(checkpoint.stage)
                self._prepare_stage()
            variables = self._runner.state.variables()
        if not _same_shapes(checkpoint.variables, variables):
            raise ValueError(
                f"{path}: expected a checkpoint of this training, found one of another network or "
                "other samples; start without it"
            )
        for variable, value in zip(variables, checkpoint.variables, strict=True):
            variable.assign(value)
        self._best_weights, self._best_accuracy = checkpoint.best_weights, checkpoint.best_accuracy
        self._history = checkpoint.history
        self._seconds_before = checkpoint.history[-1]["seconds"]


def _same_shapes(arrays: Sequence[np.ndarray], others: Sequence[np.ndarray | tf.Variable]) -> bool:
    """Whether there are as many of both, with the same shapes."""
    return [tuple(array.shape) for array in arrays] == [tuple(other.shape) for other in others]


def _check_same_layers(initial_network: keras.Model, network: keras.Model) -> None:
    if not _same_shapes(initial_network.weights, network.weights):
        expected, found = network.count_params(), initial_network.count_params()
        raise ValueError(
            f"'initial_weights': expected a network with the layers set, {expected:,} weights, "
            f"found one with {found:,}; set hidden_layers and batch_normalization to its own"
        )


def _next_step_count(steps: int, seconds: float) -> int:
    """The number of steps that fit the time of a call, at most twice that of the last call."""
    return int(np.clip(steps * _CALL_SECONDS / max(seconds, 1e-6), 1, 2 * steps))
