"""Compute many samples with a Keras network, a few thousand at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

_BATCH = 2048
"""Samples at a time."""

CancelCheck = Callable[[], None]
"""Called often in slow work; raises WorkStopped to end it."""


def no_check() -> None:
    """A `CancelCheck` that never ends the work."""


def predict_in_batches(
    network: keras.Model, pixels: np.ndarray, check_cancelled: CancelCheck = no_check
) -> np.ndarray:
    """Predictions of a network for uint8 pixels, (n, 28, 28) -> (n, outputs)."""
    return in_batches(
        lambda batch: network(batch.astype(np.float32) / 255, training=False),
        pixels,
        check_cancelled,
    )


def in_batches(
    function: Callable[[np.ndarray], tf.Tensor], values: np.ndarray, check_cancelled: CancelCheck
) -> np.ndarray:
    """Apply a function to a few thousand samples at a time."""
    batches = []
    for start in range(0, max(1, len(values)), _BATCH):
        check_cancelled()
        batches.append(np.asarray(function(values[start : start + _BATCH])))
    return np.concatenate(batches)
