"""How long trainings take on this machine: from past runs, else from the speed that it reaches."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from number_recognition.core.formatting import is_finite
from number_recognition.core.progress import format_duration
from number_recognition.digits.datasets.synthetic import synthetic_drawings
from number_recognition.digits.drawing.variation import render_samples
from number_recognition.learning.data.samples import SAMPLE_SETTINGS
from number_recognition.learning.models.layers import IMAGE_SIZE
from number_recognition.learning.models.settings_checks import (
    KERNEL_SIZES,
    TEACHER_COST,
    TEACHING_COST,
    output_size,
)
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.settings import TrainingSettings

_MNIST_SAMPLES = 60_000
_STROKE_SAMPLES = 17_000
"""About how many drawings of the stroke files are trained on."""
START_SECONDS = 8.0
"""Importing TensorFlow, reading the samples and compiling the first step."""
_EFFICIENCY = 0.9
"""The part of `flops_per_second` that a training of dense layers reaches."""
_CONVOLUTION_EFFICIENCY = 0.53
"""The same of convolutions."""
_SECONDS_PER_STEP = 0.002
"""What each step takes beside its products: most of the time of small networks."""
_DISTORTIONS_PER_CORE = 100_000.0
"""Samples a second that one processor core distorts."""
_OF_ANY_VALUE = ("held_out_writers", "seed")
"""Settings of the samples that change their number by little or not at all."""
_COUNTEREXAMPLE, _STROKES, _MORPH = 1.3, 1.1, 0.03
"""How many times as long as a generated digit these take to draw."""
_MEASURED = 10
"""Digits that are drawn to measure how long one takes."""


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
    """Estimate how long a training takes while nothing else runs, with drawing its samples."""
    return START_SECONDS + estimate_drawing(settings) + estimate_learning(settings, past)


def estimate_drawing(settings: TrainingSettings) -> float:
    """Estimate the seconds in which the samples of a training are drawn, before it begins."""
    digits = {
        "mnist": _MORPH * _count_mnist(settings) * settings.mnist_morphs,
        "synthetic": settings.synthetic_samples,
        "strokes": _STROKES * _STROKE_SAMPLES * settings.stroke_renderings,
    }
    count = sum(digits.get(source, 0.0) for source in settings.sources)
    count += _COUNTEREXAMPLE * settings.counterexamples if settings.no_digit else 0.0
    return count * seconds_per_digit() if count else 0.0


def estimate_learning(settings: TrainingSettings, past: Sequence[RunSummary] = ()) -> float:
    """Estimate the seconds that the epochs of a training take.

    From a past run of the same layers and data, and without one from the speed of this machine.
    """
    for run in past:
        seconds = run.metrics.get("seconds", math.nan)
        is_done = run.state == "done" and run.epochs > 0 and is_finite(seconds)
        if is_done and _is_alike(run.settings, settings):
            return seconds * settings.epochs / run.epochs
    samples = _count_samples(settings)
    seconds = 6.0 * samples * _work(settings) / flops_per_second()
    seconds += _SECONDS_PER_STEP * settings.epochs * samples / settings.batch_size
    if settings.distortion:
        seconds += settings.epochs * samples / (_DISTORTIONS_PER_CORE * _cores())
    return seconds


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
    names = (
        "hidden_layers",
        "convolution_epochs",
        "teachers",
        "batch_size",
        "distortion",
        *(name for name in SAMPLE_SETTINGS if name not in _OF_ANY_VALUE),
    )
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
        "synthetic": settings.synthetic_samples,
        "strokes": _STROKE_SAMPLES * settings.stroke_renderings,
    }
    count: float = sum(counts.get(source, 0) for source in settings.sources)
    count += settings.counterexamples if settings.no_digit else 0
    count *= 1 - settings.validation_split
    if "mnist" in settings.sources:
        factor = settings.mnist_repeats * (1 + settings.mnist_morphs)
        count += _count_mnist(settings) * factor
    return count


def _count_mnist(settings: TrainingSettings) -> float:
    """How many of MNIST's digits are trained on."""
    return min((1 - settings.validation_split) * _MNIST_SAMPLES, settings.mnist_samples)


def _cores() -> int:
    return os.cpu_count() or 1


@cache
def flops_per_second() -> float:
    """Return the floating-point operations a second that all cores reach, measured in a moment.

    Measured in time of the processor, so that other programs make no difference to it, and with
    products so small that none is shared between threads: the time of threads that wait for a core
    in use would count.
    """
    count, size = 16, 64
    matrices = np.ones((count, size, size), np.float32)
    seconds = _least_seconds(lambda: matrices @ matrices, 80)
    return _cores() * 2.0 * count * size**3 / max(seconds, 1e-6)


@cache
def seconds_per_digit() -> float:
    """Return how long it takes to draw a generated digit, measured like `flops_per_second`."""
    drawings = synthetic_drawings(seed=1)
    return _least_seconds(lambda: render_samples(drawings, _MEASURED, seed=1), 3) / _MEASURED


def _least_seconds(work: Callable[[], object], times: int) -> float:
    """The least time of the processor that some work takes, after a first time."""
    work()
    seconds = []
    for _ in range(times):
        start = time.thread_time()
        work()
        seconds.append(time.thread_time() - start)
    return min(seconds)
