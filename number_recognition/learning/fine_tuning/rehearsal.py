"""Samples of the original task: to rehearse while fine-tuning, and to validate it on."""

from __future__ import annotations

import functools

from number_recognition.digits.datasets import counterexamples, synthetic
from number_recognition.digits.drawing import variation
from number_recognition.learning.data.samples import Samples
from number_recognition.storage.settings import FineTuningSettings

_VALIDATION_SAMPLES = 5000
"""Of fewer samples, a tenth of a point of accuracy would be a few samples by chance."""
_SYNTHETIC_SAMPLES = 2000
"""Synthetic digits, half of them to rehearse and half to validate on."""
_COUNTEREXAMPLES = 600
"""To rehearse, for a network with an output for "no digit"."""
_SEED = 77


def rehearsal_and_validation(
    known: Samples | None, settings: FineTuningSettings, no_digit: bool = False
) -> tuple[Samples, list[Samples]]:
    """Samples of the original task: to rehearse, and sets to validate on.

    The last validation set, MNIST's where it is available, is also checked by itself.

    Args:
        known: MNIST's training set, added to the synthetic digits; None where not available.
        settings: the seed.
        no_digit: whether the network has an output for "no digit"; counterexamples are rehearsed.
    """
    rehearsal, validation = synthetic_samples().split(1 / 2, settings.seed)
    if no_digit:
        # Not to validate on: digits of a rotated writer look like some of them.
        rehearsal = rehearsal + counterexample_samples()
    if known is None:
        return rehearsal, [validation]
    part = min(1 / 6, _VALIDATION_SAMPLES / len(known))
    known_rehearsal, known_validation = known.split(part, settings.seed)
    return rehearsal + known_rehearsal, [validation, known_validation]


@functools.cache
def synthetic_samples() -> Samples:
    """Synthetic digits of the original task, rendered once in each process."""
    drawings = synthetic.synthetic_drawings(_SEED)
    return Samples(*variation.render_samples(drawings, _SYNTHETIC_SAMPLES, _SEED))


@functools.cache
def counterexample_samples() -> Samples:
    """Synthetic counterexamples, rendered once in each process."""
    drawings = counterexamples.drawings(_SEED)
    return Samples(*variation.render_samples(drawings, _COUNTEREXAMPLES, _SEED))
