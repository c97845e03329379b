"""Learns from corrections without forgetting: rehearsal, old answers among its targets, a mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import keras
import numpy as np
import tensorflow as tf

from number_recognition.core.progress import (
    Progress,
    ProgressTimer,
    Report,
    Stopped,
    WorkStopped,
    ignore,
    never,
)
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.fine_tuning_data import (
    correction_features,
    rehearsal_features,
    validation_features,
)
from number_recognition.learning.fine_tuning.split_network import (
    CancelCheck,
    Features,
    SplitNetwork,
    predict_in_batches,
)
from number_recognition.learning.fine_tuning.weight_interpolation import choose_mix
from number_recognition.learning.fine_tuning.writer_transform import (
    WriterTransform,
    estimate_transform,
)
from number_recognition.storage.settings import FineTuningSettings

_NEW = 0.2
"""Part of a batch that is corrections; the rest is rehearsal."""
_UNSURE = 0.25
"""Part of the rehearsal that the network is least sure of: what is forgotten lies there, so that it
is rehearsed as often as all the rest."""
_LOSS_ALLOWED, _LOSS_ALLOWED_TRANSFORMED = 0.1, 0.05
"""Parts of what was won that may be given up again for a smaller change: what no judge looks at is
forgotten in proportion to the change. Of a hand of its own more is won, so less is given up."""
_REHEARSAL_FACTOR = 2
"""So many times as much is rehearsed beside a hand of its own: it changes the network more."""
_PREPARED, _LEARNT = 0.3, 0.9
"""Parts of the whole time, about, after which the steps begin and end."""


@dataclass
class FineTuningResult:
    """What fine-tuning came to.

    `network` is a Keras model of its own; `mix` the part of the way from the old weights to the
    new that it stands at, 0 where nothing can be learnt without forgetting; `transform` how the
    corrections differ from the usual as a whole, if they do.
    """

    network: keras.Model
    mix: float
    history: list[dict[str, float]] = field(default_factory=list)
    transform: WriterTransform | None = None


def fine_tune(
    network: keras.Model,
    corrections: Samples,
    rehearsal: Samples,
    validation_sets: Sequence[Samples],
    settings: FineTuningSettings,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> FineTuningResult:
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
    check_cancelled = _cancel_check(stopped)
    report(Progress("looking at the corrections"))
    transform = estimate_transform(
        lambda pixels: predict_in_batches(network, pixels, check_cancelled), corrections
    )
    found = "distorting the corrections" if transform is None else f"writing in a hand {transform}"
    report(Progress(found, _PREPARED / 3))
    order = np.random.default_rng(settings.seed).permutation(len(rehearsal))
    more = 1 if transform is None else _REHEARSAL_FACTOR
    rehearsal = rehearsal.select(order[: more * settings.rehearsal_samples])
    split_network = SplitNetwork(network, settings.layers)
    correction_set = correction_features(
        split_network, corrections, rehearsal, transform, settings, check_cancelled
    )
    report(Progress("looking for what it might forget", 2 * _PREPARED / 3))
    known = rehearsal_features(split_network, rehearsal, settings, check_cancelled)
    history = _FineTuningLoop(split_network, correction_set, known, settings).run(report, stopped)
    report(Progress("weighing what was learnt against what was known", _LEARNT))
    form_sets = validation_features(split_network, validation_sets, settings.seed + 1)
    give_up = _LOSS_ALLOWED if transform is None else _LOSS_ALLOWED_TRANSFORMED
    mix = choose_mix(split_network, correction_set, form_sets, settings.max_drop, give_up)
    return FineTuningResult(split_network.merged(), mix, history, transform)


def _cancel_check(stopped: Stopped) -> CancelCheck:
    def check_cancelled() -> None:
        if stopped():
            raise WorkStopped("before anything was learnt")

    return check_cancelled


class _FineTuningLoop:
    """The steps of one fine-tuning."""

    def __init__(
        self,
        split_network: SplitNetwork,
        correction_set: Features,
        rehearsal: Features,
        settings: FineTuningSettings,
    ) -> None:
        self.upper = split_network.upper
        self.settings = settings
        self.known = len(rehearsal.targets)
        self.correction_set = len(correction_set.targets)
        self.new = min(self.correction_set, max(1, round(_NEW * settings.batch_size)))
        self.old = min(self.known, settings.batch_size - self.new)
        self.optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                settings.learning_rate, settings.steps, alpha=0.02
            )
        )
        self.optimizer.build(self.upper.trainable_variables)
        self._step = self._graph(correction_set, rehearsal)

    def run(self, report: Report, stopped: Stopped) -> list[dict[str, float]]:
        """Take the steps; the mean loss of every tenth part of them."""
        history: list[dict[str, float]] = []
        timer = ProgressTimer(start=_PREPARED)
        rng = np.random.default_rng(self.settings.seed)
        losses: list[float] = []
        for step in range(self.settings.steps):
            if stopped():
                break
            new = rng.integers(0, self.correction_set, self.new)
            old = self._rehearsed(rng)
            losses.append(float(self._step(tf.constant(new), tf.constant(old))))
            if timer.ready():
                done = _PREPARED + (_LEARNT - _PREPARED) * (step + 1) / self.settings.steps
                message = f"fine-tuning, loss {np.mean(losses[-20:]):.4f}"
                report(Progress(message, done, timer.seconds_left(done)))
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

    def _graph(
        self, correction_set: Features, rehearsal: Features
    ) -> tf.types.experimental.PolymorphicFunction:
        new_values, new_targets = (
            tf.constant(correction_set.values),
            tf.constant(correction_set.targets),
        )
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
