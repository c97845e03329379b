"""Learns from corrections without forgetting: rehearsal, old answers among its targets, a mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf

from learning.halves import Halves, Heed, Seen, read_by
from learning.hand import Hand, find_hand
from learning.lesson import corrections_seen, judges_seen, rehearsal_seen
from learning.progress import Pace, Progress, Report, Stopped, WorkStopped, ignore, never
from learning.samples import Samples
from learning.settling import settle
from storage.settings import FineTuningSettings

_NEW = 0.2
"""Part of a batch that is corrections; the rest is rehearsal."""
_UNSURE = 0.25
"""Part of the rehearsal that the network is least sure of: what is forgotten lies there, so that it
is rehearsed as often as all the rest."""
_GIVEN_UP, _GIVEN_UP_IN_HAND = 0.1, 0.05
"""Parts of what was won that may be given up again for a smaller change: what no judge looks at is
forgotten in proportion to the change. Of a hand of its own more is won, so less is given up."""
_REHEARSED_IN_HAND = 2
"""So many times as much is rehearsed beside a hand of its own: it changes the network more."""
_PREPARED, _LEARNT = 0.3, 0.9
"""Parts of the whole time, about, after which the steps begin and end."""


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
    judges: Sequence[Samples],
    settings: FineTuningSettings,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> FineTuned:
    """Teach a copy of the network its corrections.

    Only the last layers learn: those below see strokes, and a new hand makes its digits of the
    same ones. What they see of each sample is worked out once. Each step mixes distorted
    corrections with a rehearsal of the original task, whose targets are half the old network's
    own answers, so that it stays what it was where nothing was wrong, and half the truth. At the
    end the weights go back towards the old ones as far as the original task demands, and as the
    lesson allows.

    Args:
        network: stays as it is.
        corrections: what it shall learn, at least one.
        rehearsal: samples of the original task to train on.
        judges: other samples of the original task, to see what was forgotten: the limit holds
            for all of these sets together, and for the last alone.
        settings: see `FineTuningSettings`.
        report: hears about ten times a second.
        stopped: once it is true, what was learnt so far is what counts.

    Raises:
        ValueError: there are no corrections.
        WorkStopped: it was stopped before anything was learnt.

    Sources: J. Yosinski et al., "How transferable are features in deep neural networks?", 2014
    (lower layers that stay); Z. Li, D. Hoiem, "Learning without forgetting", 2016 (old answers as
    targets); M. Wortsman et al., "Robust fine-tuning of zero-shot models", 2022 (mixed weights).
    """
    if not len(corrections):
        raise ValueError("expected corrections to learn from, found none")
    keras.utils.set_random_seed(settings.seed)
    heed = _heed(stopped)
    report(Progress("looking at the corrections"))
    hand = find_hand(lambda pixels: read_by(network, pixels, heed), corrections)
    found = "distorting the corrections" if hand is None else f"writing in a hand {hand}"
    report(Progress(found, _PREPARED / 3))
    order = np.random.default_rng(settings.seed).permutation(len(rehearsal))
    more = 1 if hand is None else _REHEARSED_IN_HAND
    rehearsal = rehearsal.chosen(order[: more * settings.rehearsal_samples])
    halves = Halves(network, settings.layers)
    lesson = corrections_seen(halves, corrections, rehearsal, hand, settings, heed)
    report(Progress("looking for what it might forget", 2 * _PREPARED / 3))
    known = rehearsal_seen(halves, rehearsal, settings, heed)
    history = _Course(halves, lesson, known, settings).run(report, stopped)
    report(Progress("weighing what was learnt against what was known", _LEARNT))
    jury = judges_seen(halves, judges, settings.seed + 1)
    give_up = _GIVEN_UP if hand is None else _GIVEN_UP_IN_HAND
    mix = settle(halves, lesson, jury, settings.max_drop, give_up)
    return FineTuned(halves.whole(), mix, history, hand)


def _heed(stopped: Stopped) -> Heed:
    def heed() -> None:
        if stopped():
            raise WorkStopped("before anything was learnt")

    return heed


class _Course:
    """The steps of one fine-tuning."""

    def __init__(
        self, halves: Halves, lesson: Seen, rehearsal: Seen, settings: FineTuningSettings
    ) -> None:
        self.upper = halves.upper
        self.settings = settings
        self.known = len(rehearsal.targets)
        self.lesson = len(lesson.targets)
        self.new = min(self.lesson, max(1, round(_NEW * settings.batch_size)))
        self.old = min(self.known, settings.batch_size - self.new)
        self.optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                settings.learning_rate, settings.steps, alpha=0.02
            )
        )
        self.optimizer.build(self.upper.trainable_variables)
        self._step = self._graph(lesson, rehearsal)

    def run(self, report: Report, stopped: Stopped) -> list[dict[str, float]]:
        """Take the steps; the mean loss of every tenth part of them."""
        history: list[dict[str, float]] = []
        pace = Pace(start=_PREPARED)
        rng = np.random.default_rng(self.settings.seed)
        losses: list[float] = []
        for step in range(self.settings.steps):
            if stopped():
                break
            new = rng.integers(0, self.lesson, self.new)
            old = self._rehearsed(rng)
            losses.append(float(self._step(tf.constant(new), tf.constant(old))))
            if pace.due():
                done = _PREPARED + (_LEARNT - _PREPARED) * (step + 1) / self.settings.steps
                message = f"fine-tuning, loss {np.mean(losses[-20:]):.4f}"
                report(Progress(message, done, pace.seconds_left(done)))
            if (step + 1) % max(1, self.settings.steps // 10) == 0:
                history.append({"step": step + 1, "loss": float(np.mean(losses))})
                losses.clear()
        return history

    def _rehearsed(self, rng: np.random.Generator) -> np.ndarray:
        """Numbers of known samples for a step, half of them of the least sure, which come first."""
        unsure = round(_UNSURE * self.known)
        half = self.old // 2 if unsure else 0
        return np.concatenate(
            [
                rng.integers(0, max(1, unsure), half),
                rng.integers(unsure, max(1, self.known), self.old - half),
            ]
        )

    def _graph(self, lesson: Seen, rehearsal: Seen) -> tf.types.experimental.PolymorphicFunction:
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
