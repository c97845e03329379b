"""Whether this TensorFlow can make machine code of a graph."""

from __future__ import annotations

import functools

import tensorflow as tf


@functools.cache
def xla_available() -> bool:
    """True where XLA works; some builds of TensorFlow come without it."""
    try:
        tf.function(lambda x: x + 1.0, jit_compile=True)(tf.zeros(2))
    except (tf.errors.OpError, ValueError):
        return False
    return True
