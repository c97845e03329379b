"""Learns from corrections without forgetting: rehearsal, old answers as targets, a gentle mix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf

from learning.distortion import Distortion, distort
from learning.hand import Hand, find_hand, in_hand
from learning.progress import Pace, Progress, Report, Stopped, ignore, never
from learning.samples import Samples
from storage.settings import FineTuningSettings

_HAND = Distortion(rotation=10.0, scaling=0.15, slant=0.18, shift=1.0, elastic=1.4)
_KNOWN = Distortion(rotation=8.0, scaling=0.12, slant=0.15, shift=0.7, elastic=1.0)
"""Corrections are distorted as one hand varies, and what is known a little less: of samples that
it has learnt by heart, a network forgets nothing while it forgets others like them."""
_SPARED = 0.5
"""Of the part of the original task that may be lost, the judges may lose so much: there are few of
them, and what is lost of others may be more by chance."""
_MOST = 6000
"""Distorted corrections; of many corrections, each is seen in fewer forms."""
_IN_HAND = 2000
"""Samples of the rehearsal that are written anew in a hand that was found out."""
_NEW = 0.2
"""Part of a batch that is corrections; the rest is rehearsal."""
_AS_WELL = 0.1
"""So small a part of what was won may be given up again, for a smaller change."""
_ONE_HOT = np.eye(10, dtype=np.float32)
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

    Only the last layers learn: those below see strokes, and a new hand makes its digits of the
    same ones. What they see of each sample is worked out once. Each step mixes distorted
    corrections with a rehearsal of the original task, whose targets are the old network's own
    answers, so that it stays what it was where nothing was wrong. At the end the weights go back
    towards the old ones as far as the original task demands, and as the lesson allows.

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

    Sources: J. Yosinski et al., "How transferable are features in deep neural networks?", 2014
    (lower layers that stay); Z. Li, D. Hoiem, "Learning without forgetting", 2016 (old answers as
    targets); M. Wortsman et al., "Robust fine-tuning of zero-shot models", 2022 (mixed weights).
    """
    if not len(corrections):
        raise ValueError("expected corrections to learn from, found none")
    keras.utils.set_random_seed(settings.seed)
    report(Progress("looking at the corrections"))
    hand = find_hand(lambda pixels: _answers(network, pixels), corrections)
    if hand is not None:
        report(Progress(f"writing in a hand {hand}"))
    order = np.random.default_rng(settings.seed).permutation(len(rehearsal))
    rehearsal = rehearsal.chosen(order[: settings.rehearsal_samples])
    halves = _Halves(network, settings.layers)
    lesson = _lesson(network, halves, corrections, rehearsal, hand, settings)
    known = halves.seen(_distorted(rehearsal.pixels, settings.seed, _KNOWN))
    course = _Course(halves, lesson, known, settings)
    history = course.run(report, stopped)
    report(Progress("weighing what was learnt against what was known", 1.0))
    judging = [
        _Seen(halves.seen(pixels), _ONE_HOT[judges.labels])
        for pixels in (judges.pixels, _distorted(judges.pixels, settings.seed + 1, _KNOWN))
    ]
    mix = halves.settle(lesson, judging, settings.max_drop / 100)
    return FineTuned(halves.whole(), mix, history, hand)


@dataclass(frozen=True)
class _Seen:
    """What the upper half sees (n, units) float32, and what it shall answer (n, 10) float32."""

    values: np.ndarray
    targets: np.ndarray


class _Halves:
    """A network in two: lower layers that stay as they are, and a copy of the upper ones to learn.

    What passes between them is worked out once for each sample.
    """

    def __init__(self, network: keras.Model, layers: int) -> None:
        self.network = network
        dense = [
            number
            for number, layer in enumerate(network.layers)
            if isinstance(layer, keras.layers.Dense)
        ]
        cut = dense[max(0, len(dense) - layers)]
        self._lower = keras.Sequential([keras.layers.Input((28, 28)), *network.layers[:cut]])
        self.upper = keras.Sequential(
            [
                keras.layers.Input(self._lower.output_shape[1:]),
                *(type(layer).from_config(layer.get_config()) for layer in network.layers[cut:]),
            ]
        )
        weights = network.get_weights()
        self._below = len(self._lower.weights)
        self.old = weights[self._below :]
        self.upper.set_weights(self.old)

    def seen(self, pixels: np.ndarray) -> np.ndarray:
        """What the upper half sees of uint8 pixels: (n, 28, 28) -> (n, units)."""
        return _in_parts(lambda part: self._lower(part.astype(np.float32) / 255), pixels)

    def answers(self, seen: np.ndarray) -> np.ndarray:
        """What the upper half answers: (n, units) -> (n, 10)."""
        return _in_parts(lambda part: self.upper(part, training=False), seen)

    def settle(self, lesson: _Seen, judges: list[_Seen], limit: float) -> float:
        """Move back towards the old weights, as the original task demands and the lesson allows.

        Args:
            lesson: what was learnt.
            judges: sets of samples of the original task.
            limit: the part of each of them that may be lost.

        Returns:
            the part of the way from the old weights to the new that is left.
        """
        new = self.upper.get_weights()
        self._mix(new, 0.0)
        known = [self._right(each) - _SPARED * limit for each in judges]
        before, learnt, chosen = self._right(lesson), None, 0.0
        for mix in _MIXES:
            self._mix(new, mix)
            if not all(self._right(each) >= part for each, part in zip(judges, known, strict=True)):
                continue
            right = self._right(lesson)
            learnt = right if learnt is None else learnt
            if right < learnt - _AS_WELL * (learnt - before):
                break
            chosen = mix
        self._mix(new, chosen)
        return chosen

    def _mix(self, new: list[np.ndarray], mix: float) -> None:
        self.upper.set_weights([a + mix * (b - a) for a, b in zip(self.old, new, strict=True)])

    def _right(self, samples: _Seen) -> float:
        """The part that is read right; 1 where there are none."""
        if not len(samples.targets):
            return 1.0
        read = self.answers(samples.values).argmax(axis=1)
        return float((read == samples.targets.argmax(axis=1)).mean())

    def whole(self) -> keras.Model:
        """The network with what the upper half has learnt, of its own."""
        learnt = keras.models.clone_model(self.network)
        learnt.set_weights([*self.network.get_weights()[: self._below], *self.upper.get_weights()])
        return learnt


def _lesson(
    network: keras.Model,
    halves: _Halves,
    corrections: Samples,
    rehearsal: Samples,
    hand: Hand | None,
    settings: FineTuningSettings,
) -> _Seen:
    """The corrections in many forms, and where a hand was found out, known digits written in it."""
    times = max(1, min(settings.correction_renderings, _MOST // len(corrections)))
    pixels = _distorted(np.repeat(corrections.pixels, times, axis=0), settings.seed, _HAND)
    targets = _ONE_HOT[np.repeat(corrections.labels, times)]
    if hand is not None:
        known = rehearsal.chosen(np.arange(min(_IN_HAND, len(rehearsal))))
        pixels = np.concatenate([pixels, in_hand(known, hand).pixels])
        own = (_answers(network, known.pixels) + _ONE_HOT[known.labels]) / 2
        targets = np.concatenate([targets, own])
    return _Seen(halves.seen(pixels), targets)


def _distorted(pixels: np.ndarray, seed: int, amount: Distortion) -> np.ndarray:
    """Each image in a form of its own, (n, 28, 28) uint8."""
    distorted = pixels.copy()
    for start in range(0, len(pixels), 1000):
        part = tf.constant(pixels[start : start + 1000].astype(np.float32) / 255)
        warped = distort(part, tf.constant([seed, start]), amount)
        distorted[start : start + 1000] = np.round(255 * np.asarray(warped))
    return distorted


class _Course:
    """The steps of one fine-tuning."""

    def __init__(
        self, halves: _Halves, lesson: _Seen, rehearsal: np.ndarray, settings: FineTuningSettings
    ) -> None:
        self.upper = halves.upper
        self.settings = settings
        self.new = min(len(lesson.targets), max(1, round(_NEW * settings.batch_size)))
        self.old = min(len(rehearsal), settings.batch_size - self.new)
        self.known = len(rehearsal)
        self.lesson = len(lesson.targets)
        self.optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                settings.learning_rate, settings.steps, alpha=0.02
            )
        )
        self.optimizer.build(self.upper.trainable_variables)
        targets = halves.answers(rehearsal)
        self._step = self._graph(lesson, _Seen(rehearsal, targets))

    def run(self, report: Report, stopped: Stopped) -> list[dict[str, float]]:
        """Take the steps; the mean loss of every tenth part of them."""
        history: list[dict[str, float]] = []
        pace = Pace()
        rng = np.random.default_rng(self.settings.seed)
        losses: list[float] = []
        for step in range(self.settings.steps):
            if stopped():
                break
            new = rng.integers(0, self.lesson, self.new)
            old = rng.integers(0, max(1, self.known), self.old)
            losses.append(float(self._step(tf.constant(new), tf.constant(old))))
            if pace.due():
                done = (step + 1) / self.settings.steps
                message = f"fine-tuning, loss {np.mean(losses[-20:]):.4f}"
                report(Progress(message, done, pace.seconds_left(done)))
            if (step + 1) % max(1, self.settings.steps // 10) == 0:
                history.append({"step": step + 1, "loss": float(np.mean(losses))})
                losses.clear()
        return history

    def _graph(self, lesson: _Seen, rehearsal: _Seen) -> tf.types.experimental.PolymorphicFunction:
        new_values, new_targets = tf.constant(lesson.values), tf.constant(lesson.targets)
        old_values, old_targets = tf.constant(rehearsal.values), tf.constant(rehearsal.targets)
        variables = self.upper.trainable_variables

        @tf.function
        def step(new: tf.Tensor, old: tf.Tensor) -> tf.Tensor:
            values = tf.concat([tf.gather(new_values, new), tf.gather(old_values, old)], 0)
            targets = tf.concat([tf.gather(new_targets, new), tf.gather(old_targets, old)], 0)
            with tf.GradientTape() as tape:
                # Normalisation and dropout stay as in use: a few corrections are no fair sample.
                answers = self.upper(values, training=False)
                loss = tf.reduce_mean(keras.losses.categorical_crossentropy(targets, answers))
            self.optimizer.apply(tape.gradient(loss, variables), variables)
            return loss

        return step


def _answers(network: keras.Model, pixels: np.ndarray) -> np.ndarray:
    """Probabilities for uint8 pixels, (n, 28, 28) -> (n, 10)."""
    return _in_parts(lambda part: network(part.astype(np.float32) / 255, training=False), pixels)


def _in_parts(function: Callable[[np.ndarray], tf.Tensor], values: np.ndarray) -> np.ndarray:
    """A function of many samples, some thousand at a time."""
    return np.concatenate(
        [
            np.asarray(function(values[start : start + 2048]))
            for start in range(0, max(1, len(values)), 2048)
        ]
    )
