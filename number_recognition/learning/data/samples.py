"""Samples to learn from and to be judged on, gathered from every source."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from number_recognition.core.formatting import pluralize
from number_recognition.core.progress import (
    Progress,
    ProgressTimer,
    Report,
    Stopped,
    WorkStopped,
    ignore,
    never,
)
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
from number_recognition.digits.images.image_files import read_labelled_folder, read_pixels
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.settings import CONFIG, PathSettings, TrainingSettings, resolve_path

OnProgress = Callable[[float, str], None]
_OTHERS_LESS = 3
"""What people drew that is no digit is painted in a third of the forms of a digit."""
_SLASHED_LESS = 4
"""Beside people's zeros, so many times fewer with a stroke through them are painted."""
_EMPTY = 0.12
"""Part of the counterexamples that are pictures of paper or noise."""


@dataclass(frozen=True)
class Samples:
    """Pixels with their labels.

    `pixels` (n, 28, 28) uint8 with ink 255, `labels` (n,) uint8, 10 where there is no digit,
    `sources` how many of them came from where, in the order in which they stand.
    """

    pixels: np.ndarray
    labels: np.ndarray
    sources: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def none(cls) -> Samples:
        """No samples at all."""
        return cls(np.empty((0, 28, 28), np.uint8), np.empty(0, np.uint8))

    def __add__(self, other: Samples) -> Samples:
        sources = dict(self.sources)
        for name, count in other.sources.items():
            sources[name] = sources.get(name, 0) + count
        return Samples(
            np.concatenate([self.pixels, other.pixels]),
            np.concatenate([self.labels, other.labels]),
            sources,
        )

    def of(self, source: str) -> Samples:
        """Those of one source."""
        start = 0
        for name, count in self.sources.items():
            if name == source:
                return self.chosen(np.arange(start, start + count)).named(source)
            start += count
        return Samples.none()

    def split(self, part: float, seed: int) -> tuple[Samples, Samples]:
        """Two sets: the larger one, and `part` of the samples chosen at random."""
        order = np.random.default_rng(seed).permutation(len(self))
        count = round(len(self) * part)
        return self.chosen(order[count:]), self.chosen(order[:count])

    def named(self, source: str) -> Samples:
        """The same samples, all of one source."""
        return Samples(self.pixels, self.labels, {source: len(self)} if len(self) else {})

    def chosen(self, indices: np.ndarray) -> Samples:
        """The samples of these numbers."""
        return Samples(self.pixels[indices], self.labels[indices])


@dataclass(frozen=True)
class DataPaths:
    """The files that samples come from; None, () or a folder without images: no such samples."""

    mnist: Path | None = None
    images: Path | None = None
    strokes: tuple[Path, ...] = ()

    @classmethod
    def of(cls, settings: PathSettings, config: str | Path = CONFIG) -> DataPaths:
        """The places that config.json sets."""
        return cls(
            resolve_path(settings.mnist, config) if settings.mnist else None,
            resolve_path(settings.images, config),
            tuple(resolve_path(path, config) for path in settings.strokes),
        )


@dataclass(frozen=True)
class GatheredSamples:
    """Samples to learn from, to validate on, and MNIST's test set where MNIST was asked for.

    `refused` says which kept drawings cannot be read, and why.
    """

    training: Samples
    validation: Samples
    test: Samples
    refused: tuple[str, ...] = ()


def gather(
    settings: TrainingSettings,
    places: DataPaths,
    *,
    report: Report = ignore,
    stopped: Stopped = never,
) -> GatheredSamples:
    """Gather the samples of every source in `settings.data`, each split into learning and judging.

    Kept drawings that cannot be read are left out where they lie, and told of at the end: `details`
    of that report holds the `refused`, a line each.

    A part `validation_split` of each source is set apart: of a stroke file by writer, so that
    nobody's hand is on both sides; of the others at random.

    Raises:
        ValueError: a source has no samples, or its file is no such file.
        FileNotFoundError: a file is not there; for MNIST see `digits.datasets.mnist.MnistMissing`.
        WorkStopped: it was stopped.
    """
    tell = _progress_reporter(report, stopped)
    gathered = GatheredSamples(Samples.none(), Samples.none(), Samples.none())
    for name in (*settings.data, *(["counterexamples"] if settings.no_digit else [])):
        part = _SOURCES[name](settings, places, tell)
        gathered = GatheredSamples(
            gathered.training + part.training.named(name),
            gathered.validation + part.validation.named(name),
            gathered.test + part.test.named(name),
            gathered.refused + part.refused,
        )
    report_skipped(gathered.refused, report)
    return gathered


def report_skipped(refused: Sequence[str], report: Report) -> None:
    """Report the kept drawings that cannot be read, where there are any."""
    if refused:
        words = pluralize(len(refused), "kept drawing")
        report(Progress(f"{words} left out, since unreadable", details={"refused": list(refused)}))


def _progress_reporter(report: Report, stopped: Stopped) -> OnProgress:
    timer = ProgressTimer()

    def tell(done: float, message: str) -> None:
        if timer.ready():
            if stopped():
                raise WorkStopped(message)
            report(Progress(message, done))

    return tell


def _split(samples: Samples, settings: TrainingSettings) -> GatheredSamples:
    return GatheredSamples(*samples.split(settings.validation_split, settings.seed), Samples.none())


def _from_mnist(settings: TrainingSettings, places: DataPaths, tell: OnProgress) -> GatheredSamples:
    x_train, y_train, x_test, y_test = mnist.fetch(places.mnist, on_progress=tell)
    split = _split(Samples(x_train, y_train), settings)
    training = split.training
    if settings.mnist_morphs:
        training = training + _morphs(training, settings, tell)
    if settings.mnist_repeats > 1:
        training = training.chosen(np.tile(np.arange(len(training)), settings.mnist_repeats))
    return GatheredSamples(training, split.validation, Samples(x_test, y_test))


def _morphs(samples: Samples, settings: TrainingSettings, tell: OnProgress) -> Samples:
    """Digits shaped between two of the samples, which are of the training part alone."""

    def on_progress(done: int) -> None:
        message = f"measuring outlines, {done:,} of {len(samples):,}"
        tell(done / len(samples), message)

    count = settings.mnist_morphs * len(samples)
    return Samples(
        *morphing.morphs(samples.pixels, samples.labels, count, settings.seed, on_progress)
    )


def _from_generated(
    settings: TrainingSettings, places: DataPaths, tell: OnProgress
) -> GatheredSamples:
    pixels, labels = _render(
        synthetic.synthetic_drawings(settings.seed),
        settings.synthetic_samples,
        settings.seed,
        None,
        tell,
        "writing digits",
    )
    return _split(Samples(pixels, labels), settings)


def _from_strokes(
    settings: TrainingSettings, places: DataPaths, tell: OnProgress
) -> GatheredSamples:
    drawings = _learnt_strokes(settings, places)
    judges = _judging_writers(drawings, settings)
    learnt = [entry for entry in drawings if entry.writer not in judges]
    judging = [entry for entry in drawings if entry.writer in judges]
    return GatheredSamples(
        _of_people(learnt, settings.stroke_renderings, settings, tell),
        _of_people(judging, 1, settings, tell),
        Samples.none(),
    )


def _of_people(
    drawings: list[LabelledDrawing], renderings: int, settings: TrainingSettings, tell: OnProgress
) -> Samples:
    """People's digits, each painted so many times, and what of theirs is no digit."""
    digits = [entry for entry in drawings if entry.label is not None]
    others = [entry for entry in drawings if entry.label is None]
    sets: list[tuple[Iterable[LabelledDrawing], int]] = [(digits, renderings * len(digits))]
    if renderings > 1:
        zeros = sum(entry.label == 0 for entry in digits)
        sets.append(
            (slashed_zeros.zeros(digits, settings.seed), renderings * zeros // _SLASHED_LESS)
        )
    if settings.no_digit:
        sets.append((others, -(-renderings // _OTHERS_LESS) * len(others)))
        sets.append((counterexamples.of_people(digits, settings.seed), len(digits)))
    amount = Variation() if renderings > 1 else None
    parts = [
        _render(itertools.cycle(chosen), count, settings.seed, amount, tell, "painting strokes")
        for chosen, count in sets
        if count
    ]
    return sum((Samples(*part) for part in parts), Samples.none())


def _from_counterexamples(
    settings: TrainingSettings, places: DataPaths, tell: OnProgress
) -> GatheredSamples:
    count = settings.counterexamples
    empty = blank_images.framed(round(_EMPTY * count), settings.seed)
    drawn = _render(
        counterexamples.drawings(settings.seed),
        count - len(empty),
        settings.seed,
        None,
        tell,
        "drawing what is no digit",
    )
    none = np.full(len(empty), NO_DIGIT, np.uint8)
    return _split(Samples(*drawn) + Samples(empty, none), settings)


def _learnt_strokes(settings: TrainingSettings, places: DataPaths) -> list[LabelledDrawing]:
    """The drawings of the stroke files that are learnt, those of held-out writers left out."""
    if not places.strokes:
        raise ValueError(
            "the data 'strokes' need a stroke file: --strokes FILE.jsonl, or 'strokes' in the "
            "'places' of config.json"
        )
    drawings = [
        entry
        for entry in read_stroke_files(places.strokes)
        if entry.writer not in settings.held_out_writers
        and (entry.label is not None or settings.no_digit)
        and entry.character not in counterexamples.TAKEN_FOR_DIGITS
    ]
    if not any(entry.label is not None for entry in drawings):
        files = ", ".join(map(str, places.strokes))
        raise ValueError(f"{files}: expected digits of writers who are not held out, found none")
    return drawings


def _judging_writers(drawings: list[LabelledDrawing], settings: TrainingSettings) -> set[Writer]:
    """The part `validation_split` of the writers, chosen at random."""
    writers = list_writers(drawings)
    count = round(settings.validation_split * len(writers))
    order = np.random.default_rng(settings.seed).permutation(len(writers))
    return {writers[i] for i in order[:count]}


def _from_corrections(
    settings: TrainingSettings, places: DataPaths, tell: OnProgress
) -> GatheredSamples:
    folder = places.images or PROJECT_DIR
    paths, labels = read_labelled_folder(folder)
    samples, refused = read_images(paths, labels)
    if not len(samples):
        raise ValueError(
            f"{folder}: expected images of digits in subfolders 0 to 9, found none that can be "
            f"read; the first: {refused[0][1]}"
        )
    split = _split(samples, settings)
    times = settings.correction_renderings
    training = split.training.chosen(np.tile(np.arange(len(split.training)), times))
    return GatheredSamples(
        training,
        split.validation,
        Samples.none(),
        tuple(reason for _, reason in refused),
    )


_SOURCES = {
    "mnist": _from_mnist,
    "generated": _from_generated,
    "strokes": _from_strokes,
    "corrections": _from_corrections,
    "counterexamples": _from_counterexamples,
}


def _render(
    drawings: Iterable[LabelledDrawing],
    count: int,
    seed: int,
    amount: Variation | None,
    tell: OnProgress,
    message: str,
) -> tuple[np.ndarray, np.ndarray]:
    def on_progress(done: int) -> None:
        tell(done / count, f"{message}, {done:,} of {count:,}")

    return variation.render_samples(drawings, count, seed, amount, on_progress)


def read_images(paths: list[Path], labels: list[int]) -> tuple[Samples, list[tuple[Path, str]]]:
    """Frame image files: their samples, and which files were refused and why.

    A picture of 28 × 28 with ink on a black ground is taken as it is: it was framed before.
    """
    pixels, kept, refused = [], [], []
    for path, label in zip(paths, labels, strict=True):
        try:
            pixels.append(read_pixels(path))
            kept.append(label)
        except (OSError, ValueError) as error:
            refused.append((path, str(error)))
    if not kept:
        return Samples.none(), refused
    return Samples(np.stack(pixels), np.array(kept, np.uint8)), refused


def unreadable_corrections(places: DataPaths) -> list[str]:
    """Why kept drawings cannot be read, a line for each that cannot."""
    try:
        paths, labels = read_labelled_folder(places.images or PROJECT_DIR)
    except ValueError:
        return []
    return [reason for _, reason in read_images(paths, labels)[1]]
