"""The evaluate command: evaluate a network on MNIST, labelled images or stroke files."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.commands.checks import check_evaluate
from number_recognition.commands.output import (
    DONE,
    FAILED,
    ProgressLine,
    counted,
    print_error,
    print_json,
)
from number_recognition.commands.usage import WrongUsage
from number_recognition.core.formatting import percent
from number_recognition.core.progress import Progress
from number_recognition.digits.corrections.imports import LabelledPaths, read_image_list
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import NO_DIGIT, PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import read_digits_and_numbers
from number_recognition.digits.drawing.strokes import fit_to_canvas
from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_files import (
    framed_pixels,
    list_labelled_images,
    open_pages,
)
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.evaluation.source_result import (
    SourceResult,
    evaluate_numbers,
    split_share,
)
from number_recognition.learning.reading.batches import predict_batch, read_predicted
from number_recognition.learning.reading.groups import BATCH_SIZE
from number_recognition.storage.config_file import read_config
from Recognition import Recognizer, frame_drawing

USUAL_SIZE = 0.65
"""Size of the strokes as a part of the pad, without --scale."""


def evaluate(options: argparse.Namespace) -> int:
    """Print accuracy and confusion matrix for each source; returns the exit status."""
    check_evaluate(options)
    config = read_config(options.config)
    pen = options.brush or config.window.pen
    if options.strokes:
        _check_pen(options, pen)
    recognizer = Recognizer.load(options.model, config.recognition.refuse_above)
    results: dict[str, SourceResult] = {}
    skipped = 0
    if options.mnist or not (options.images or options.strokes):
        paths = DataPaths.of(config.paths, options.config)
        results["mnist"] = SourceResult(on_mnist(recognizer, options.mnist, paths.mnist))
    if options.images:
        results["images"], skipped = on_images(recognizer, options.images)
    if options.strokes:
        results["strokes"] = on_strokes(recognizer, options, pen)
    if options.json:
        print_json({name: result.as_dict() for name, result in results.items()})
    else:
        for name, result in results.items():
            print("\n".join([*as_lines(name, result.evaluation), *result.lines(name)]))
    return FAILED if skipped else DONE


def _check_pen(options: argparse.Namespace, pen: float) -> None:
    size = (options.scale or USUAL_SIZE) * PAD
    if pen >= size:
        raise WrongUsage(
            f"--brush: expected a pen thinner than the digit, which is {size:g} pixels large "
            f"(--scale), found {pen:g}"
        )


def on_mnist(
    recognizer: Recognizer, path: Path | None, configured: Path | None = None
) -> Evaluation:
    """Evaluate on MNIST's test set, from `path`, else where `mnist.fetch` finds it."""
    line = ProgressLine()
    _, _, pixels, labels = mnist.fetch(
        path,
        configured,
        lambda done, message: line(Progress(message, done)),
        instead="evaluate on other digits (--images FOLDER, --strokes FILE)",
    )
    line.end()
    return recognizer.evaluate(pixels, labels)


def on_images(recognizer: Recognizer, folder: Path) -> tuple[SourceResult, int]:
    """Evaluate on labelled images: those listed in `folder/labels.csv`, else of the ten folders.

    Files that cannot be read are skipped and named on standard error; the second value is their
    number. A blank image counts as refused.
    """
    images, numbers, skipped = labelled_images(folder)
    singles = _Singles(recognizer)
    for path, label in counted(images, len(images), "Reading images"):
        for page in open_pages(path, lambda error: skipped.append(str(error))):
            singles.add(page.image, label)
    pictures, texts = _open_numbers(numbers, skipped)
    for reason in skipped:
        print_error(f"skipped: {reason}")
    if not singles.labels and not pictures:
        raise ValueError(f"{folder}: expected images of digits, found none that can be read")
    evaluation, share = singles.result()
    return (
        SourceResult(
            evaluation,
            evaluate_numbers(
                recognizer.read, texts, counted(pictures, len(pictures), "Reading numbers")
            ),
            share,
        ),
        len(skipped),
    )


class _Singles:
    """Images of one digit or none, framed and read in batches.

    Attributes:
        labels: of the images so far, `NO_DIGIT` for what is none.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self._waiting: list[Image.Image] = []
        self._pixels: list[np.ndarray] = []
        self._split: list[bool] = []
        self.labels: list[int] = []

    def add(self, image: Image.Image, label: int | None) -> None:
        """Add an image with its label, None for no digit."""
        self.labels.append(NO_DIGIT if label is None else label)
        self._waiting.append(image)
        if len(self._waiting) == BATCH_SIZE:
            self._read()

    def _read(self) -> None:
        network, refuse_above = self._recognizer.network, self._recognizer.refuse_above
        predictions = predict_batch(self._waiting, network, refuse_above)
        labels = self.labels[len(self._pixels) :]
        for image, whole, label in zip(self._waiting, predictions, labels, strict=True):
            pixels = framed_pixels(image)
            if pixels is None and whole.frame is not None:
                pixels = whole.frame.as_bytes()
            self._pixels.append(np.zeros((28, 28), np.uint8) if pixels is None else pixels)
            if label != NO_DIGIT and not whole.is_blank:
                reading = read_predicted(image, whole, network, refuse_above)
                self._split.append(len(reading.digits) > 1)
        self._waiting.clear()

    def result(self) -> tuple[Evaluation | None, float | None]:
        """The evaluation of all images, and the share of digits read as several."""
        self._read()
        evaluation = evaluate_samples(self._recognizer, self._pixels, self.labels)
        return evaluation, sum(self._split) / len(self._split) if self._split else None


def _open_numbers(
    numbers: list[tuple[Path, str]], skipped: list[str]
) -> tuple[list[Image.Image], list[str]]:
    """The images of several digits that can be read, and their digits."""
    images, texts = [], []
    for path, text in counted(numbers, len(numbers), "Opening images of numbers"):
        for page in open_pages(path, lambda error: skipped.append(str(error))):
            images.append(page.image)
            texts.append(text)
    return images, texts


def labelled_images(folder: Path) -> tuple[LabelledPaths, list[tuple[Path, str]], list[str]]:
    """The images of a folder with one digit (None: not a digit) and with several; those skipped."""
    table = folder / "labels.csv"
    if not table.exists():
        return [*list_labelled_images(folder)], [], []
    skipped: list[str] = []
    numbers: list[tuple[Path, str]] = []
    return read_image_list(table, skipped, numbers), numbers, skipped


def on_strokes(recognizer: Recognizer, options: argparse.Namespace, pen: float) -> SourceResult:
    """Evaluate on stroke files, each drawing rendered as on the canvas."""
    drawings, numbers = read_digits_and_numbers(options.strokes)
    drawn = counted(drawings, len(drawings), "Rendering drawings")
    pixels = [stroke_pixels(each.drawing, options, pen) for each in drawn]
    labels = [NO_DIGIT if each.label is None else each.label for each in drawings]
    digits = [each.drawing for each in drawings if each.label is not None]
    read = counted(digits, len(digits), "Reading drawings")
    return SourceResult(
        evaluate_samples(recognizer, pixels, labels),
        evaluate_numbers(
            recognizer.read,
            [each.digits for each in numbers],
            counted(
                (_written(each.drawing, options, pen) for each in numbers),
                len(numbers),
                "Reading numbers",
            ),
        ),
        split_share(recognizer.read, (_written(drawing, options, pen) for drawing in read)),
    )


def _written(drawing: Drawing, options: argparse.Namespace, pen: float) -> Drawing | Image.Image:
    """A drawing of a stroke file as it stands on the pad, or as a picture of it."""
    size = (options.scale or USUAL_SIZE) * PAD
    drawn = fit_to_canvas(drawing, size, pen, options.place or "middle")
    return rasterize(drawn) if options.as_pictures else drawn


def evaluate_samples(
    recognizer: Recognizer, framed: list[np.ndarray], digits: list[int]
) -> Evaluation | None:
    """Evaluate on framed samples, (28, 28) each, where blank ones count as refused.

    None where there are no samples.
    """
    if not framed:
        return None
    pixels, labels = np.stack(framed), np.array(digits)
    probabilities = recognizer.evaluate(pixels, labels).probabilities
    has_ink = pixels.reshape(len(pixels), -1).any(axis=1, keepdims=True)
    return Evaluation.of(labels, probabilities * has_ink, recognizer.refuse_above)


def stroke_pixels(drawing: Drawing, options: argparse.Namespace, pen: float) -> np.ndarray:
    """One drawing of a stroke file as the network reads it, (28, 28) float32."""
    written = _written(drawing, options, pen)
    framed = frame_drawing(written) if isinstance(written, Drawing) else frame(written)
    return framed.pixels if framed else np.zeros((28, 28), np.float32)


def as_lines(name: str, result: Evaluation | None) -> list[str]:
    """An evaluation as text."""
    lines: list[str] = []
    if result is None:
        return lines
    if result.is_digit.any():
        lines.append(
            f"{name}: {percent(result.accuracy)} of {result.is_digit.sum():,} correct, "
            f"{percent(result.refused)} refused, "
            f"calibration error {percent(result.calibration_error)}"
        )
        lines += _confusion_lines(result)
    if not result.is_digit.all():
        count = (~result.is_digit).sum()
        share = percent(result.other_refused)
        lines.append(f"{name}: {share} of {count:,} that are no digit refused")
    return lines


def _confusion_lines(result: Evaluation) -> list[str]:
    lines = ["        read as" + "".join(f"{digit:6}" for digit in range(10)) + "  none    recall"]
    for digit, (row, recall) in enumerate(zip(result.confusion, result.recall, strict=True)):
        share = "" if recall is None else f"{percent(recall):>10}"
        none = int((result.labels == digit).sum() - row.sum())
        counts = "".join(f"{count:6}" for count in (*row, none))
        lines.append(f"    a {digit}        {counts}{share}")
    return lines
