"""The entry point of training: checks its arguments, then starts or resumes a training."""

from __future__ import annotations

from pathlib import Path

import keras

from number_recognition.core.progress import Report, Stopped, ignore, never
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.models.settings_checks import validate_schedule
from number_recognition.learning.training.trainer import OnEpochEnd, Trainer, TrainingResult
from number_recognition.storage.settings import TrainingSettings


def train(
    settings: TrainingSettings,
    samples: Samples,
    validation: Samples,
    *,
    initial_network: keras.Model | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    events: Path | None = None,
    on_epoch_end: OnEpochEnd | None = None,
    report: Report = ignore,
    stopped: Stopped = never,
) -> TrainingResult:
    """Train a network from its initial weights, or resume from a checkpoint.

    Args:
        settings: all settings of the training.
        samples: the training samples.
        validation: samples that it is evaluated on after each epoch, which decide on the best
            network; without any, the last network is the best.
        initial_network: a network whose weights to start from; it has the layers of the settings.
        checkpoint: a file written after each epoch; `resume`: whether to start from it, if there.
        events: a folder for TensorBoard's event files.
        on_epoch_end: called with the number, from 1, and the network after each epoch of it.
        report: called about ten times a second, with the metrics so far in `details`; these include
            `history` in the first report and whenever an epoch was added to it.
        stopped: called between any two calls of the graph; once it returns True, the training ends
            with the best network so far.

    Raises:
        TrainingFailed: the loss is not finite, or the accuracy is no better than chance.
        ValueError: there are no samples, settings cannot be used together, or the checkpoint is of
            another training.
    """
    if not len(samples):
        raise ValueError("expected samples to train on, found none")
    validate_schedule(settings, initial_network is not None)
    trainer = Trainer(settings, samples, validation, initial_network, checkpoint)
    trainer.write_events(events)
    return trainer.run(resume, report, stopped, on_epoch_end)
