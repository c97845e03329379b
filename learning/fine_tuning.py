"""Learns from corrections without forgetting: rehearsal, old answers as targets, a gentle mix."""

from __future__ import annotations

from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf

from learning.distortion import Distortion, distort
from learning.hand import Hand, find_hand, in_hand
from learning.progress import Pace, Progress, Report, Stopped, ignore, never
from learning.samples import Samples
from storage.settings import FineTuningSettings

_HAND = Distortion(rotation=8.0, scaling=0.12, slant=0.15, shift=1.0, elastic=1.0)
_KNOWN = Distortion(rotation=4.0, scaling=0.06, slant=0.08, shift=0.5, elastic=0.5)
"""Corrections are distorted as one hand varies; what is rehearsed, less: it is plentiful."""
_MOST = 6000
"""Distorted corrections in one epoch; of many corrections, each is seen in fewer forms."""
_IN_HAND = 4000
"""Samples of the rehearsal that are written anew in a hand that was found out."""
_MIXES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.3, 0.2, 0.1)
"""Parts of the way from the old weights to the new that are tried, the boldest first."""


@dataclass
class FineTuned:
    """What fine-tuning came to.

    `network` is a Keras model of its own; `mix` the part of the way from the old weights to the
    new that it stands at, 0 where nothing can be learnt without forgetting; `hand` how the
    corrections differ from the usual as a whole, if they do.
    """

    network: keras.Model
    mix: float
    history: list[dict[str, float]] = field(default_factory=list)
    hand: Hand | None = None


def fine_tune(
    network: keras.Model,
    corrections: Samples,
    rehearsal: Samples,
    judges: Samples,
    settings: FineTuningSettings,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> FineTuned:
    """Teach a copy of the network its corrections.

    Each step mixes distorted corrections with a rehearsal of the original task, whose targets are
    the old network's own answers, so that it stays what it was where nothing was wrong. At the
    end the weights go back towards the old ones as far as the original task demands.

    Args:
        network: stays as it is.
        corrections: what it shall learn, at least one.
        rehearsal: samples of the original task to train on.
        judges: other samples of the original task, to see what was forgotten.
        settings: see `FineTuningSettings`.
        report: hears about ten times a second.
        stopped: once it is true, what was learnt so far is what counts.

    Raises:
        ValueError: there are no corrections.

    Sources: Z. Li, D. Hoiem, "Learning without forgetting", 2016 (old answers as targets);
    M. Wortsman et al., "Robust fine-tuning of zero-shot models", 2022 (mixing of weights).
    """
    if not len(corrections):
        raise ValueError("expected corrections to learn from, found none")
    keras.utils.set_random_seed(settings.seed)
    learner = keras.models.clone_model(network)
    learner.set_weights(network.get_weights())
    hand = find_hand(lambda pixels: _answers(network, pixels), corrections)
    lesson = corrections
    if hand is not None:
        report(Progress(f"writing in a hand {hand}"))
        order = np.random.default_rng(settings.seed).permutation(len(rehearsal))
        lesson = corrections + in_hand(rehearsal.chosen(order[:_IN_HAND]), hand)
    course = _Course(network, learner, lesson, rehearsal, settings)
    history = course.run(report, stopped)
    mix = _settle(network, learner, judges, settings.max_drop / 100)
    return FineTuned(learner, mix, history, hand)


class _Course:
    """The steps of one fine-tuning."""

    def __init__(
        self,
        teacher: keras.Model,
        learner: keras.Model,
        corrections: Samples,
        rehearsal: Samples,
        settings: FineTuningSettings,
    ) -> None:
        self.learner = learner
        self.settings = settings
        times = max(1, min(settings.correction_renderings, _MOST // len(corrections)))
        count = len(corrections) * times
        self.new = np.tile(np.arange(len(corrections)), times)
        self.old = np.arange(len(rehearsal))
        self.batch = min(settings.batch_size, count)
        self.steps = max(1, count // self.batch)
        self.share = min(len(rehearsal), settings.rehearsal_samples) // self.steps
        self.optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                settings.learning_rate, self.steps * settings.epochs, alpha=0.05
            )
        )
        self.optimizer.build(learner.trainable_variables)
        self._step = self._graph(teacher, corrections, rehearsal)

    def run(self, report: Report, stopped: Stopped) -> list[dict[str, float]]:
        history: list[dict[str, float]] = []
        pace = Pace()
        rng = np.random.default_rng(self.settings.seed)
        for epoch in range(self.settings.epochs):
            new, old = rng.permutation(self.new), rng.permutation(self.old)
            losses = []
            for step in range(self.steps):
                if stopped():
                    return history
                losses.append(self._take(step, epoch, new, old))
                done = (epoch + (step + 1) / self.steps) / self.settings.epochs
                if pace.due():
                    message = f"fine-tuning, loss {np.mean(losses):.4f}"
                    report(Progress(message, done, pace.seconds_left(done)))
            history.append({"epoch": epoch, "loss": float(np.mean(losses))})
        return history

    def _take(self, step: int, epoch: int, new: np.ndarray, old: np.ndarray) -> float:
        chosen = new[step * self.batch : (step + 1) * self.batch]
        rehearsed = old[step * self.share : (step + 1) * self.share]
        seed = [self.settings.seed, epoch * self.steps + step]
        return float(self._step(chosen, rehearsed, tf.constant(seed, tf.int32)))

    def _graph(
        self, teacher: keras.Model, corrections: Samples, rehearsal: Samples
    ) -> tf.types.experimental.PolymorphicFunction:
        new_pixels = tf.constant(corrections.pixels)
        new_labels = tf.one_hot(corrections.labels, 10)
        old_pixels = tf.constant(rehearsal.pixels)

        @tf.function(
            input_signature=[
                tf.TensorSpec((None,), tf.int64),
                tf.TensorSpec((None,), tf.int64),
                tf.TensorSpec((2,), tf.int32),
            ]
        )
        def step(chosen: tf.Tensor, rehearsed: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
            new = tf.cast(tf.gather(new_pixels, chosen), tf.float32) / 255  # (batch, 28, 28)
            old = tf.cast(tf.gather(old_pixels, rehearsed), tf.float32) / 255  # (share, 28, 28)
            new = distort(new, seed, _HAND)
            old = distort(old, tf.add(seed, [0, 1 << 20]), _KNOWN)
            images = tf.concat([new, old], 0)
            targets = tf.concat([tf.gather(new_labels, chosen), teacher(old, training=False)], 0)
            variables = self.learner.trainable_variables
            with tf.GradientTape() as tape:
                # Normalisation and dropout stay as in use: a few corrections are no fair sample.
                answers = self.learner(images, training=False)
                loss = tf.reduce_mean(keras.losses.categorical_crossentropy(targets, answers))
            self.optimizer.apply(tape.gradient(loss, variables), variables)
            return loss

        return step


def _settle(before: keras.Model, after: keras.Model, judges: Samples, limit: float) -> float:
    """Move `after` back towards `before` until the original task is kept; the part that is left.

    `limit` is the part of the original task that may be lost. Of the judges only half of it may:
    the network has learnt from most of them, and holds on to those better than to new ones.
    """
    old, new = before.get_weights(), after.get_weights()
    wanted = _right(before, judges) - limit / 2
    for mix in _MIXES:
        after.set_weights([a + mix * (b - a) for a, b in zip(old, new, strict=True)])
        if _right(after, judges) >= wanted:
            return mix
    after.set_weights(old)
    return 0.0


def _right(network: keras.Model, samples: Samples) -> float:
    """The part of the samples that a network reads right; 1 where there are none."""
    if not len(samples):
        return 1.0
    return float((_answers(network, samples.pixels).argmax(axis=1) == samples.labels).mean())


def _answers(network: keras.Model, pixels: np.ndarray) -> np.ndarray:
    """Probabilities for uint8 pixels, (n, 28, 28) -> (n, 10)."""
    parts = [
        np.asarray(network(pixels[start : start + 2048].astype(np.float32) / 255, training=False))
        for start in range(0, len(pixels), 2048)
    ]
    return np.concatenate(parts)
