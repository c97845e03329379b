"""Progress reports during an epoch, and the errors of a training that fails."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from number_recognition.core.formatting import percent
from number_recognition.core.progress import Progress, ProgressTimer, Report, TrainingFailed
from number_recognition.storage.settings import TrainingSettings

_CHANCE_ACCURACY = 0.15
_CHANCE_EPOCHS = 3
_MIN_CHANCE_SAMPLES, _MIN_CHANCE_STEPS = 3000, 100


@dataclass
class EpochMetrics:
    """Sums over the steps of an epoch so far."""

    batch_size: int
    steps: int = 0
    loss_sum: float = 0.0
    correct: float = 0.0

    def add(self, steps: int, loss_sum: float, correct: float) -> None:
        """Add the sums of some steps."""
        self.steps += steps
        self.loss_sum += loss_sum
        self.correct += correct

    @property
    def loss(self) -> float:
        """The mean loss of a step."""
        return self.loss_sum / self.steps

    @property
    def accuracy(self) -> float:
        """The part of the samples predicted correctly, from 0 to 1."""
        return self.correct / self.steps / self.batch_size


class EpochReporter:
    """Reports the progress of a training several times a second."""

    def __init__(self, settings: TrainingSettings, report: Report, timer: ProgressTimer) -> None:
        self.timer = timer
        self._settings = settings
        self._report = report
        self._reported_epochs: int | None = None

    def report(
        self,
        metrics: EpochMetrics,
        epoch_done: float,
        done: float,
        history: list[dict[str, float]],
    ) -> None:
        """Report, unless the last report was a moment ago.

        Args:
            metrics: of the epoch so far.
            epoch_done: the part of the epoch that is done, from 0 to 1.
            done: the part of the whole training that is done, from 0 to 1.
            history: of the finished epochs. It is sent only when it has grown: a history of
                thousands of epochs would be most of every report.
        """
        if not self.timer.ready():
            return
        details: dict[str, Any] = {
            "epoch": len(history) + 1,
            "epochs": self._settings.epochs,
            "epoch_done": epoch_done,
            "loss": metrics.loss,
            "accuracy": metrics.accuracy,
        }
        if len(history) != self._reported_epochs:
            self._reported_epochs = len(history)
            details["history"] = list(history)
        message = (
            f"epoch {len(history) + 1} of {self._settings.epochs}, loss {metrics.loss:.4f}, "
            f"accuracy {percent(metrics.accuracy)}"
        )
        self._report(Progress(message, done, self.timer.seconds_left(done), details))


def check_loss(loss: float, epoch: int, settings: TrainingSettings) -> None:
    """Raise TrainingFailed where the loss of an epoch, counted from 1, is not finite."""
    if not math.isfinite(loss):
        raise TrainingFailed(
            f"the loss is NaN or infinite in epoch {epoch}: the steps are too large; try a "
            f"learning_rate below {settings.learning_rate:g}"
        )


def check_accuracy(
    history: list[dict[str, float]], samples: int, settings: TrainingSettings
) -> None:
    """Raise TrainingFailed where the accuracy is no better than chance for three epochs.

    Before enough samples were seen, in enough steps, it cannot be told.

    Args:
        history: an entry an epoch, with its `accuracy`.
        samples: the number of samples in an epoch.
        settings: of the training.
    """
    seen = samples * len(history)
    is_enough = seen > _MIN_CHANCE_SAMPLES and seen >= _MIN_CHANCE_STEPS * settings.batch_size
    if len(history) < _CHANCE_EPOCHS or not is_enough:
        return
    if max(row["accuracy"] for row in history[-_CHANCE_EPOCHS:]) < _CHANCE_ACCURACY:
        raise TrainingFailed(
            f"after {len(history)} epochs the accuracy is {percent(history[-1]['accuracy'])}, no "
            f"better than chance; try another learning_rate than {settings.learning_rate:g}, or "
            "fewer hidden layers"
        )
