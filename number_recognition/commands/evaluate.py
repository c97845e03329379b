"""`evaluate`: judges a network on MNIST, on labelled images, on people's strokes."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.commands.checks import check_evaluate
from number_recognition.commands.output import DONE, FAILED, ProgressLine, print_error, print_json
from number_recognition.core.formatting import percent
from number_recognition.core.progress import Progress
from number_recognition.digits.corrections.imports import read_image_list
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import NO_DIGIT, PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import read_digits_and_numbers
from number_recognition.digits.drawing.strokes import fit_to_canvas
from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_files import (
    BlankImage,
    open_image,
    read_labelled_folder,
    read_pixels,
)
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.evaluation.source_result import (
    SourceResult,
    evaluate_numbers,
    split_share,
)
from number_recognition.storage.settings import read_config
from Recognition import Recognizer, frame_drawing

USUAL_SIZE = 0.65
"""Size of the strokes by the pad's, where --scale is not given."""


def evaluate(options: argparse.Namespace) -> int:
    """Print accuracy, and what was taken for what, for each source asked for."""
    check_evaluate(options)
    config = read_config(options.config)
    recognizer = Recognizer.load(options.model, config.recognition.refuse_above)
    results: dict[str, SourceResult] = {}
    refused = 0
    if options.mnist or not (options.images or options.strokes):
        places = DataPaths.of(config.places, options.config)
        results["mnist"] = SourceResult(on_mnist(recognizer, options.mnist, places.mnist))
    if options.images:
        results["images"], refused = on_images(recognizer, options.images)
    if options.strokes:
        results["strokes"] = on_strokes(recognizer, options, options.brush or config.window.pen)
    if options.json:
        print_json({name: result.as_dict() for name, result in results.items()})
    else:
        for name, result in results.items():
            print("\n".join([*as_lines(name, result.evaluation), *result.lines(name)]))
    return FAILED if refused else DONE


def on_mnist(
    recognizer: Recognizer, path: Path | None, configured: Path | None = None
) -> Evaluation:
    """Judge on MNIST's test set, from the path given, else from where `digits.datasets.mnist` finds it."""
    line = ProgressLine()
    _, _, pixels, labels = mnist.fetch(
        path, configured, lambda done, message: line(Progress(message, done))
    )
    line.end()
    return recognizer.evaluate(pixels, labels)


def on_images(recognizer: Recognizer, folder: Path) -> tuple[SourceResult, int]:
    """Judge on labelled images: those that `folder/labels.csv` lists, else of the ten folders.

    Files that cannot be read are named and left out; the second value is their number. A blank
    image is answered "no digit".
    """
    pixels, labels, split = [], [], []
    digits, numbers, left_out = labelled_images(folder)
    for path, label in digits:
        try:
            pixels.append(read_pixels(path))
            if label is not None:
                split.append(split_share(recognizer.read, [open_image(path)]) or 0.0)
        except BlankImage:
            pixels.append(np.zeros((28, 28), np.uint8))
        except (OSError, ValueError) as error:
            left_out.append(str(error))
            continue
        labels.append(NO_DIGIT if label is None else label)
    images, texts = _open_numbers(numbers, left_out)
    for reason in left_out:
        print_error(f"left out: {reason}")
    if not pixels and not images:
        raise ValueError(f"{folder}: expected images of digits, found none that can be read")
    evaluation = judged(recognizer, pixels, labels)
    share = sum(split) / len(split) if split else None
    result = SourceResult(evaluation, evaluate_numbers(recognizer.read, texts, images), share)
    return result, len(left_out)


def _open_numbers(
    numbers: list[tuple[Path, str]], left_out: list[str]
) -> tuple[list[Image.Image], list[str]]:
    """The images of several digits that can be read, and their digits."""
    images, texts = [], []
    for path, text in numbers:
        try:
            images.append(open_image(path))
            texts.append(text)
        except (OSError, ValueError) as error:
            left_out.append(str(error))
    return images, texts


def labelled_images(
    folder: Path,
) -> tuple[list[tuple[Path, int | None]], list[tuple[Path, str]], list[str]]:
    """The images of a folder with one digit (None: no digit) and with several; what is left out."""
    listed = folder / "labels.csv"
    if not listed.exists():
        return list(zip(*read_labelled_folder(folder), strict=True)), [], []
    refused: list[str] = []
    numbers: list[tuple[Path, str]] = []
    return read_image_list(listed, refused, numbers), numbers, refused


def on_strokes(recognizer: Recognizer, options: argparse.Namespace, pen: float) -> SourceResult:
    """Judge on stroke files, each drawing painted as the pad would."""
    drawings, numbers = read_digits_and_numbers(options.strokes)
    pixels = [stroke_pixels(entry.drawing, options, pen) for entry in drawings]
    labels = [NO_DIGIT if entry.label is None else entry.label for entry in drawings]
    digits = (entry.drawing for entry in drawings if entry.label is not None)
    return SourceResult(
        judged(recognizer, pixels, labels),
        evaluate_numbers(
            recognizer.read,
            [entry.digits for entry in numbers],
            (_written(entry.drawing, options, pen) for entry in numbers),
        ),
        split_share(recognizer.read, (_written(drawing, options, pen) for drawing in digits)),
    )


def _written(drawing: Drawing, options: argparse.Namespace, pen: float) -> Drawing | Image.Image:
    """A drawing of a stroke file as it stands on the pad, or as a picture of it."""
    size = (options.scale or USUAL_SIZE) * PAD
    drawn = fit_to_canvas(drawing, size, pen, options.place or "middle")
    return rasterize(drawn) if options.as_pictures else drawn


def judged(
    recognizer: Recognizer, framed: list[np.ndarray], digits: list[int]
) -> Evaluation | None:
    """Judge framed samples, (28, 28) each, as `predict` would answer them: no digit where blank.

    None where there are no samples.
    """
    if not framed:
        return None
    pixels, labels = np.stack(framed), np.array(digits)
    probabilities = recognizer.evaluate(pixels, labels).probabilities
    probabilities = probabilities * pixels.any(axis=(1, 2))[:, None]
    return Evaluation.of(labels, probabilities, recognizer.refuse_above)


def stroke_pixels(drawing: Drawing, options: argparse.Namespace, pen: float) -> np.ndarray:
    """One drawing of a stroke file as the network reads it, (28, 28) float32."""
    written = _written(drawing, options, pen)
    framed = frame_drawing(written) if isinstance(written, Drawing) else frame(written)
    return framed.pixels if framed else np.zeros((28, 28), np.float32)


def as_lines(name: str, result: Evaluation | None) -> list[str]:
    """A result for people to read."""
    lines: list[str] = []
    if result is None:
        return lines
    if result.accuracy is not None:
        lines.append(
            f"{name}: {percent(result.accuracy)} of {result.is_digit.sum():,} right, "
            f"{percent(result.refused)} refused, "
            f"calibration error {percent(result.calibration_error)}"
        )
        lines += _confusion_lines(result)
    if result.other_refused is not None:
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
