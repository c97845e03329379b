"""The sources of samples: MNIST, synthetic digits, stroke files, kept drawings, counterexamples.

Each is a function of the settings, the paths and a progress callback, which raises WorkStopped when
the work is stopped.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from number_recognition.core.progress import OnProgress
from number_recognition.digits.datasets import (
    blank_images,
    counterexamples,
    mnist,
    morphing,
    slashed_zeros,
    synthetic,
)
from number_recognition.digits.drawing import variation
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.drawing.stroke_files import read_stroke_files
from number_recognition.digits.drawing.strokes import LabelledDrawing, Writer, list_writers
from number_recognition.digits.drawing.variation import Variation
from number_recognition.digits.images.image_files import list_labelled_images
from number_recognition.learning.data.samples import (
    DataPaths,
    GatheredSamples,
    Samples,
    read_labelled_images,
)
from number_recognition.storage.settings import TrainingSettings

NO_STROKES = (
    "the source 'strokes' needs a stroke file: --strokes FILE.jsonl, or 'strokes' in the 'paths' "
    "of config.json"
)
_NO_DIGIT_DIVISOR = 3
"""Other characters of the stroke files are rendered this many times less often than digits."""
_SLASHED_ZERO_DIVISOR = 4
"""Slashed zeros are added to the zeros of the stroke files, this many times fewer."""
_BLANK_PART = 0.12
"""Part of the counterexamples that are images of paper or noise."""


def _split(samples: Samples, settings: TrainingSettings) -> GatheredSamples:
    return GatheredSamples.split(samples, settings.validation_split, settings.seed)


def _mnist(
    settings: TrainingSettings, paths: DataPaths, on_progress: OnProgress
) -> GatheredSamples:
    x_train, y_train, x_test, y_test = mnist.fetch(
        paths.mnist,
        on_progress=on_progress,
        instead="train on generated digits alone (Sources: synthetic, or --sources synthetic)",
    )
    split = _split(Samples(x_train, y_train), settings)
    training = split.training.select(np.s_[: settings.mnist_samples])
    if settings.mnist_morphs:
        training = training + _morphs(training, settings, on_progress)
    if settings.mnist_repeats > 1:
        training = training.repeat(settings.mnist_repeats)
    return GatheredSamples(training, split.validation, Samples(x_test, y_test))


def _morphs(samples: Samples, settings: TrainingSettings, on_progress: OnProgress) -> Samples:
    """Shapes between two training samples each."""

    def count_progress(done: int) -> None:
        on_progress(done / len(samples), f"measuring outlines, {done:,} of {len(samples):,}")

    count = settings.mnist_morphs * len(samples)
    return Samples(
        *morphing.morphs(samples.pixels, samples.labels, count, settings.seed, count_progress)
    )


def _synthetic(
    settings: TrainingSettings, paths: DataPaths, on_progress: OnProgress
) -> GatheredSamples:
    samples = _render(
        synthetic.synthetic_drawings(settings.seed),
        settings.synthetic_samples,
        settings.seed,
        None,
        on_progress,
        "drawing synthetic digits",
    )
    return _split(samples, settings)


def _counterexamples(
    settings: TrainingSettings, paths: DataPaths, on_progress: OnProgress
) -> GatheredSamples:
    blank = blank_images.framed(round(_BLANK_PART * settings.counterexamples), settings.seed)
    drawn = _render(
        counterexamples.drawings(settings.seed),
        settings.counterexamples - len(blank),
        settings.seed,
        None,
        on_progress,
        "drawing counterexamples",
    )
    labels = np.full(len(blank), NO_DIGIT, np.uint8)
    return _split(drawn + Samples(blank, labels), settings)


def _strokes(
    settings: TrainingSettings, paths: DataPaths, on_progress: OnProgress
) -> GatheredSamples:
    drawings = _read_strokes(settings, paths)
    writers = _validation_writers(drawings, settings)
    training = [drawing for drawing in drawings if drawing.writer not in writers]
    validation = [drawing for drawing in drawings if drawing.writer in writers]
    return GatheredSamples(
        _render_strokes(training, settings.stroke_renderings, settings, on_progress),
        _render_strokes(validation, 1, settings, on_progress),
        Samples.empty(),
    )


def _read_strokes(settings: TrainingSettings, paths: DataPaths) -> list[LabelledDrawing]:
    """The drawings of the stroke files, without those of held-out writers."""
    if not paths.strokes:
        raise ValueError(NO_STROKES)
    drawings = [
        drawing
        for drawing in read_stroke_files(paths.strokes)
        if drawing.writer not in settings.held_out_writers
        and (drawing.label is not None or settings.no_digit)
        and drawing.character not in counterexamples.TAKEN_FOR_DIGITS
    ]
    if not any(drawing.label is not None for drawing in drawings):
        files = ", ".join(map(str, paths.strokes))
        raise ValueError(f"{files}: expected digits of writers who are not held out, found none")
    return drawings


def _validation_writers(drawings: list[LabelledDrawing], settings: TrainingSettings) -> set[Writer]:
    """A part `validation_split` of the writers, chosen at random."""
    writers = list_writers(drawings)
    count = round(settings.validation_split * len(writers))
    order = np.random.default_rng(settings.seed).permutation(len(writers))
    return {writers[i] for i in order[:count]}


def _render_strokes(
    drawings: list[LabelledDrawing],
    renderings: int,
    settings: TrainingSettings,
    on_progress: OnProgress,
) -> Samples:
    """The digits of stroke files, each rendered so many times, and their counterexamples."""
    digits = [drawing for drawing in drawings if drawing.label is not None]
    no_digits = [drawing for drawing in drawings if drawing.label is None]
    sets: list[tuple[Iterable[LabelledDrawing], int]] = [(digits, renderings * len(digits))]
    if renderings > 1:
        zeros = sum(drawing.label == 0 for drawing in digits)
        slashed = slashed_zeros.zeros(digits, settings.seed)
        sets.append((slashed, renderings * zeros // _SLASHED_ZERO_DIVISOR))
    if settings.no_digit:
        sets.append((no_digits, -(-renderings // _NO_DIGIT_DIVISOR) * len(no_digits)))
        sets.append((counterexamples.of_people(digits, settings.seed), len(digits)))
    amount = Variation() if renderings > 1 else None
    rendered = [
        _render(
            itertools.cycle(chosen), count, settings.seed, amount, on_progress, "rendering strokes"
        )
        for chosen, count in sets
        if count
    ]
    return sum(rendered, Samples.empty())


def _corrections(
    settings: TrainingSettings, paths: DataPaths, on_progress: OnProgress
) -> GatheredSamples:
    samples, skipped = read_labelled_images(list_labelled_images(_images_folder(paths)))
    if not len(samples):
        raise ValueError(
            f"{paths.images}: expected images of digits in subfolders 0 to 9, found none that "
            f"can be read; the first: {skipped[0][1]}"
        )
    split = _split(samples, settings)
    return GatheredSamples(
        split.training.repeat(settings.correction_renderings),
        split.validation,
        Samples.empty(),
        tuple(reason for _, reason in skipped),
    )


def unreadable_corrections(paths: DataPaths) -> list[str]:
    """Return the reason for each kept drawing that cannot be read."""
    try:
        images = list_labelled_images(_images_folder(paths))
    except ValueError:
        return []
    return [reason for _, reason in read_labelled_images(images)[1]]


def _images_folder(paths: DataPaths) -> Path:
    if paths.images is None:
        raise ValueError(
            "the source 'corrections' needs the folder of the kept drawings: --images FOLDER, or "
            "'images' in the 'paths' of config.json"
        )
    return paths.images


def _render(
    drawings: Iterable[LabelledDrawing],
    count: int,
    seed: int,
    amount: Variation | None,
    on_progress: OnProgress,
    message: str,
) -> Samples:
    def count_progress(done: int) -> None:
        on_progress(done / count, f"{message}, {done:,} of {count:,}")

    return Samples(*variation.render_samples(drawings, count, seed, amount, count_progress))


SOURCES: dict[str, Callable[[TrainingSettings, DataPaths, OnProgress], GatheredSamples]] = {
    "mnist": _mnist,
    "synthetic": _synthetic,
    "strokes": _strokes,
    "corrections": _corrections,
    "counterexamples": _counterexamples,
}
"""The sources by the names that `TrainingSettings.sources` has for them."""
