"""Keras's activation functions in NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np


def activate(name: str, sums: np.ndarray, options: dict[str, float] | None = None) -> np.ndarray:
    """Apply the Keras activation of that name, (n, units) float32 -> (n, units) float32."""
    if name == "leaky_relu" and options and "negative_slope" in options:
        return np.where(sums > 0, sums, np.float32(options["negative_slope"]) * sums)
    return ACTIVATIONS[name](sums).astype(np.float32, copy=False)


def _softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    probabilities: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return (0.5 * (1 + np.tanh(0.5 * x))).astype(x.dtype)


def _erf(x: np.ndarray) -> np.ndarray:
    """The error function to 1.5e-7 (Abramowitz and Stegun, 1964, formula 7.1.26)."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t
    erf: np.ndarray = np.sign(x) * (1 - (series + 0.254829592) * t * np.exp(-(x**2)))
    return erf


def _elu(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "gelu": lambda x: x * (0.5 * (1 + _erf(x / math.sqrt(2)))),
    "silu": lambda x: x * _sigmoid(x),
    "elu": _elu,
    "selu": lambda x: _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "softmax": _softmax,
}
"""The functions by Keras's names, each (n, units) -> (n, units)."""
