"""Fine-tuning without forgetting: rehearsal, distillation, interpolation of the weights.

Only the last layers are trained, on the features that the layers below compute once for each
sample. Each step mixes augmented corrections with a rehearsal of the original task, whose targets
are the mean of the label and the old network's prediction. At the end, the weights are interpolated
with the old ones as far as the accuracy on the original task demands.

Sources: J. Yosinski et al., "How transferable are features in deep neural networks?", 2014 (frozen
lower layers); Z. Li, D. Hoiem, "Learning without forgetting", 2016 (predictions of the old network
as targets); M. Wortsman et al., "Robust fine-tuning of zero-shot models", 2022 (interpolated
weights).
"""

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
from number_recognition.learning.fine_tuning.split_network import Features, SplitNetwork
from number_recognition.learning.fine_tuning.weight_interpolation import choose_mix
from number_recognition.learning.fine_tuning.writer_transform import (
    WriterTransform,
    estimate_transform,
)
from number_recognition.learning.models.batches import CancelCheck, predict_in_batches
from number_recognition.storage.settings import FineTuningSettings

_CORRECTION_PART = 0.2
"""Part of a batch that is corrections; the rest is rehearsal."""
_UNCERTAIN_PART = 0.25
"""Part of the rehearsal with the smallest margins, where samples are forgotten first; it is
rehearsed as often as all the rest."""
_GAIN_TOLERANCE, _GAIN_TOLERANCE_TRANSFORMED = 0.1, 0.05
"""Part of the gain that may be lost for a smaller change of the weights: what no validation sample
shows is forgotten in proportion to that change. A writer transform gains more and loses less."""
_TRANSFORM_REHEARSAL_FACTOR = 2
"""With a writer transform, the weights change more and so many times as much is rehearsed."""
_STEPS_BEGIN, _STEPS_END = 0.3, 0.9
"""Parts of the whole time, about, after which the steps begin and end."""


@dataclass
class FineTuningResult:
    """The result of fine-tuning.

    `network` is a new Keras model; `mix` its position between the old weights (0) and the trained
    ones (1), 0 where any change would lose too much of the original task; `transform` the writer
    transform that was estimated, if any.
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
    """Train a copy of the network on corrections, as this module says.

    Args:
        network: stays unchanged.
        corrections: the samples to train on, at least one.
        rehearsal: samples of the original task to train on.
        validation_sets: other samples of the original task. `settings.max_drop` holds for all of
            these sets together, and for the last one alone.
        settings: see `FineTuningSettings`.
        report: called with the progress about ten times a second.
        stopped: asked often; once it is true, the steps so far count.

    Raises:
        ValueError: there are no corrections.
        WorkStopped: it was stopped before the first step.
    """
    if not len(corrections):
        raise ValueError("expected corrections to train on, found none")
    keras.utils.set_random_seed(settings.seed)
    check = _cancel_check(stopped)
    transform = _estimate_transform(network, corrections, report, check)
    split = SplitNetwork(network, settings.layers)
    sets = _training_sets(split, corrections, rehearsal, transform, settings, report, check)
    history = _FineTuningLoop(split, *sets, settings).run(report, stopped)
    report(Progress("interpolating the weights", _STEPS_END))
    variants = validation_features(split, validation_sets, settings.seed + 1)
    tolerance = _GAIN_TOLERANCE if transform is None else _GAIN_TOLERANCE_TRANSFORMED
    mix = choose_mix(split, sets[0], variants, settings.max_drop, tolerance)
    return FineTuningResult(split.merged(), mix, history, transform)


def _estimate_transform(
    network: keras.Model, corrections: Samples, report: Report, check_cancelled: CancelCheck
) -> WriterTransform | None:
    report(Progress("estimating the writer transform"))
    transform = estimate_transform(
        lambda pixels: predict_in_batches(network, pixels, check_cancelled), corrections
    )
    message = "augmenting the corrections"
    if transform is not None:
        message += f" and transforming digits: {transform}"
    report(Progress(message, _STEPS_BEGIN / 3))
    return transform


def _training_sets(
    split_network: SplitNetwork,
    corrections: Samples,
    rehearsal: Samples,
    transform: WriterTransform | None,
    settings: FineTuningSettings,
    report: Report,
    check_cancelled: CancelCheck,
) -> tuple[Features, Features]:
    """What the upper layers are trained on: corrections, and a part of the rehearsal."""
    order = np.random.default_rng(settings.seed).permutation(len(rehearsal))
    factor = 1 if transform is None else _TRANSFORM_REHEARSAL_FACTOR
    rehearsal = rehearsal.select(order[: factor * settings.rehearsal_samples])
    correction_set = correction_features(
        split_network, corrections, rehearsal, transform, settings, check_cancelled
    )
    report(Progress("preparing the rehearsal", 2 * _STEPS_BEGIN / 3))
    return correction_set, rehearsal_features(split_network, rehearsal, settings, check_cancelled)


def _cancel_check(stopped: Stopped) -> CancelCheck:
    def check_cancelled() -> None:
        if stopped():
            raise WorkStopped("before the first step")

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
        self._upper = split_network.upper
        self._settings = settings
        self._rehearsal_count = len(rehearsal.targets)
        self._correction_count = len(correction_set.targets)
        corrections = max(1, round(_CORRECTION_PART * settings.batch_size))
        self._batch_corrections = min(self._correction_count, corrections)
        rehearsed = settings.batch_size - self._batch_corrections
        self._batch_rehearsal = min(self._rehearsal_count, rehearsed)
        self._optimizer = keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                settings.learning_rate, settings.steps, alpha=0.02
            )
        )
        self._optimizer.build(self._upper.trainable_variables)
        self._step = self._compile_step(correction_set, rehearsal)

    def run(self, report: Report, stopped: Stopped) -> list[dict[str, float]]:
        """Run the steps; returns the mean loss of every tenth part of them."""
        history: list[dict[str, float]] = []
        timer = ProgressTimer(start=_STEPS_BEGIN)
        rng = np.random.default_rng(self._settings.seed)
        losses: list[float] = []
        for step in range(self._settings.steps):
            if stopped():
                break
            corrections = rng.integers(0, self._correction_count, self._batch_corrections)
            rehearsal = self._rehearsal_indices(rng)
            losses.append(float(self._step(tf.constant(corrections), tf.constant(rehearsal))))
            if timer.ready():
                done = (
                    _STEPS_BEGIN + (_STEPS_END - _STEPS_BEGIN) * (step + 1) / self._settings.steps
                )
                message = f"fine-tuning, loss {np.mean(losses[-20:]):.4f}"
                report(Progress(message, done, timer.seconds_left(done)))
            if (step + 1) % max(1, self._settings.steps // 10) == 0:
                history.append({"step": step + 1, "loss": float(np.mean(losses))})
                losses.clear()
        return history

    def _rehearsal_indices(self, rng: np.random.Generator) -> np.ndarray:
        """Indices of rehearsal samples for a step, half of them uncertain; those come first."""
        uncertain = round(_UNCERTAIN_PART * self._rehearsal_count)
        half = self._batch_rehearsal // 2 if uncertain else 0
        return np.concatenate(
            [
                rng.integers(0, max(1, uncertain), half),
                rng.integers(
                    uncertain, max(1, self._rehearsal_count), self._batch_rehearsal - half
                ),
            ]
        )

    def _compile_step(
        self, correction_set: Features, rehearsal: Features
    ) -> tf.types.experimental.PolymorphicFunction:
        new_values, new_targets = (
            tf.constant(correction_set.values),
            tf.constant(correction_set.targets),
        )
        old_values, old_targets = tf.constant(rehearsal.values), tf.constant(rehearsal.targets)
        variables = self._upper.trainable_variables

        @tf.function(autograph=False)
        def step(new: tf.Tensor, old: tf.Tensor) -> tf.Tensor:
            values = tf.concat([tf.gather(new_values, new), tf.gather(old_values, old)], 0)
            targets = tf.concat([tf.gather(new_targets, new), tf.gather(old_targets, old)], 0)
            with tf.GradientTape() as tape:
                # Batch statistics of a few corrections would not be those of the original task.
                predictions = self._upper(values, training=False)
                loss = tf.reduce_mean(keras.losses.categorical_crossentropy(targets, predictions))
            self._optimizer.apply(tape.gradient(loss, variables), variables)
            return loss

        return step
