"""The door to training: what is asked for is checked, then a training begins or goes on."""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf

from number_recognition.core.progress import Report, Stopped, ignore, never
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.models.settings_checks import validate_schedule
from number_recognition.learning.training.trainer import Trainer, Training
from number_recognition.storage.settings import TrainingSettings


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
        report: hears about ten times a second, with the figures so far in `details`; among them is
            "history" at first and whenever it has grown.
        stopped: asked between any two graph calls; once it is true, the best so far is returned.

    Raises:
        TrainingFailed: the loss is no number, or the network does no better than chance.
        ValueError: there are no samples, or the checkpoint is of another training.
    """
    if not len(samples):
        raise ValueError("expected samples to train on, found none")
    validate_schedule(settings, start is not None)
    trainer = Trainer(settings, samples, validation, start, checkpoint)
    if events is not None:
        trainer.write_events(events)
    return trainer.run(resume, report, stopped)


def limit_threads(count: int) -> None:
    """Hold TensorFlow to so many threads in this process; before it has computed anything."""
    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)
