"""Ready-made settings of a training, and how long each takes on this machine."""

from __future__ import annotations

import dataclasses
import itertools
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from number_recognition.core.progress import format_duration
from number_recognition.learning.models.layers import IMAGE_SIZE
from number_recognition.learning.models.settings_checks import (
    KERNEL_SIZES,
    TEACHER_COST,
    TEACHING_COST,
    output_size,
)
from number_recognition.learning.runs.recipes import find_recipe, load_recipe
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.settings import TrainingSettings

_MNIST_SAMPLES = 60_000
_STROKE_SAMPLES = 20_000
"""About how many drawings the stroke files have."""
START_SECONDS = 8.0
"""Importing TensorFlow, reading the samples and compiling the first step."""
_EFFICIENCY = 0.5
"""The part of the speed of large matrix products that a training of dense layers reaches."""
_CONVOLUTION_EFFICIENCY = 0.4
"""The same of convolutions."""
_DISTORTIONS_PER_CORE = 50_000.0
"""Samples a second that one processor core distorts."""


@dataclass(frozen=True)
class Preset:
    """Ready-made settings, with their name and a sentence about them."""

    name: str
    sentence: str
    settings: TrainingSettings


@cache
def presets() -> tuple[Preset, ...]:
    """Return the ready-made settings, the quickest first."""
    quick = TrainingSettings(
        hidden_layers=(64,), sources=("mnist",), distortion=0.0, epochs=10, batch_size=128
    )
    best = load_recipe(find_recipe("shipped"))
    return (
        Preset("One minute", "64 units on MNIST: to see how a network learns.", quick),
        Preset("Good", "Two layers of 512 units: reads most people's digits.", TrainingSettings()),
        Preset("Best", "The recipe of the bundled network.", best),
    )


def without_missing_strokes(settings: TrainingSettings, has_strokes: bool) -> TrainingSettings:
    """Leave the stroke files out of the sources where none are set."""
    if has_strokes or "strokes" not in settings.sources:
        return settings
    sources = tuple(source for source in settings.sources if source != "strokes")
    return dataclasses.replace(settings, sources=sources or ("synthetic",))


def describe_time(settings: TrainingSettings, past: Sequence[RunSummary] = ()) -> str:
    """Say about how long a training takes on this machine: "about 1 minute"."""
    seconds = estimate_seconds(settings, past)
    if seconds < 45:
        return "less than a minute"
    if seconds < 90:
        return "about a minute"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} minutes"
    return f"about {format_duration(60 * round(seconds / 60)).rpartition(':')[0]} hours"


def estimate_seconds(settings: TrainingSettings, past: Sequence[RunSummary] = ()) -> float:
    """Estimate how long a training takes while nothing else runs.

    From a past run of the same layers and data, and without one from the speed of this machine.
    """
    for run in past:
        if run.state == "done" and run.epochs and _is_alike(run.settings, settings):
            return START_SECONDS + run.metrics.get("seconds", 0.0) * settings.epochs / run.epochs
    samples = _count_samples(settings)
    seconds = 6.0 * samples * _work(settings) / flops_per_second()
    if settings.distortion:
        seconds += settings.epochs * samples / (_DISTORTIONS_PER_CORE * _cores())
    return START_SECONDS + seconds


def _work(settings: TrainingSettings) -> float:
    """The products of a forward pass of one sample, summed over all epochs and made comparable."""
    teacher_epochs = settings.teachers * settings.teacher_epochs
    dense_epochs = settings.epochs - settings.convolution_epochs - teacher_epochs
    dense = _count_weights(settings.hidden_layers) / _EFFICIENCY
    work = dense * dense_epochs * (1.0 + TEACHING_COST * settings.teachers)
    work += dense * TEACHER_COST * teacher_epochs
    if settings.convolution_epochs:
        products = _count_products(settings.hidden_layers) / _CONVOLUTION_EFFICIENCY
        work += products * settings.convolution_epochs
    return work


def _count_products(hidden_layers: Sequence[int]) -> int:
    """The products of a forward pass where the first hidden layers are convolutions."""
    size, channels, products = IMAGE_SIZE, 1, 0
    for units, kernel_size in zip(hidden_layers, KERNEL_SIZES, strict=False):
        size = output_size(size, kernel_size)
        products += units * kernel_size**2 * channels
        channels = units // size**2
    return products + sum(a * b for a, b in itertools.pairwise([*hidden_layers[1:], 10]))


def _is_alike(values: dict[str, object], settings: TrainingSettings) -> bool:
    names = ("hidden_layers", "sources", "convolution_epochs", "teachers", "batch_size")
    plain = {name: getattr(settings, name) for name in names}
    return all(
        values.get(name) == (list(value) if isinstance(value, tuple) else value)
        for name, value in plain.items()
    )


def _count_weights(hidden_layers: Sequence[int]) -> int:
    widths = [784, *hidden_layers, 10]
    return sum(a * b for a, b in itertools.pairwise(widths))


def _count_samples(settings: TrainingSettings) -> float:
    counts = {
        "mnist": _MNIST_SAMPLES * settings.mnist_repeats * (1 + settings.mnist_morphs),
        "synthetic": settings.synthetic_samples,
        "strokes": _STROKE_SAMPLES * settings.stroke_renderings,
    }
    return (1 - settings.validation_split) * sum(
        counts.get(source, 0) for source in settings.sources
    )


def _cores() -> int:
    return os.cpu_count() or 1


@cache
def flops_per_second() -> float:
    """Return the floating-point operations a second that all cores reach, measured in a moment.

    Measured in time of the processor, so that other programs make no difference to it.
    """
    size = 256
    matrix = np.ones((size, size), np.float32)
    _ = matrix @ matrix
    seconds = []
    for _ in range(12):
        start = time.thread_time()
        _ = matrix @ matrix
        seconds.append(time.thread_time() - start)
    return _cores() * 2.0 * size**3 / max(min(seconds), 1e-5)
