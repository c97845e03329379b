"""The evaluate command: evaluate a network on MNIST, labelled images or stroke files."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from number_recognition.commands.checks import check_evaluate
from number_recognition.commands.output import DONE, FAILED, ProgressLine, print_error, print_json
from number_recognition.core.formatting import percent
from number_recognition.core.progress import Progress
from number_recognition.digits.corrections.imports import read_image_list
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.drawing import NO_DIGIT, PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import read_stroke_files
from number_recognition.digits.drawing.strokes import fit_to_canvas
from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.image_files import (
    BlankImage,
    read_labelled_folder,
    read_pixels,
)
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.storage.settings import read_config
from Recognition import Recognizer, frame_drawing

USUAL_SIZE = 0.65
"""Size of the strokes as a part of the canvas, without --scale."""


def evaluate(options: argparse.Namespace) -> int:
    """Print accuracy and confusion matrix for each source; returns the exit status."""
    check_evaluate(options)
    config = read_config(options.config)
    recognizer = Recognizer.load(options.model, config.recognition.refuse_above)
    results, skipped = {}, 0
    if options.mnist or not (options.images or options.strokes):
        paths = DataPaths.of(config.paths, options.config)
        results["mnist"] = on_mnist(recognizer, options.mnist, paths.mnist)
    if options.images:
        results["images"], skipped = on_images(recognizer, options.images)
    if options.strokes:
        results["strokes"] = on_strokes(recognizer, options, options.brush or config.window.pen)
    if options.json:
        print_json({name: result.as_dict() for name, result in results.items()})
    else:
        for name, result in results.items():
            print(as_text(name, result))
    return FAILED if skipped else DONE


def on_mnist(
    recognizer: Recognizer, path: Path | None, configured: Path | None = None
) -> Evaluation:
    """Evaluate on MNIST's test set, from `path`, else where `mnist.fetch` finds it."""
    line = ProgressLine()
    _, _, pixels, labels = mnist.fetch(
        path, configured, lambda done, message: line(Progress(message, done))
    )
    line.end()
    return recognizer.evaluate(pixels, labels)


def on_images(recognizer: Recognizer, folder: Path) -> tuple[Evaluation, int]:
    """Evaluate on labelled images: those listed in `folder/labels.csv`, else of the ten folders.

    Files that cannot be read are skipped and named on standard error; the second value is their
    number. A blank image counts as refused.
    """
    pixels, labels = [], []
    images, skipped = labelled_images(folder)
    for path, label in images:
        try:
            pixels.append(read_pixels(path))
        except BlankImage:
            pixels.append(np.zeros((28, 28), np.uint8))
        except (OSError, ValueError) as error:
            skipped.append(str(error))
            continue
        labels.append(NO_DIGIT if label is None else label)
    for reason in skipped:
        print_error(f"skipped: {reason}")
    if not pixels:
        raise ValueError(f"{folder}: expected images of digits, found none that can be read")
    return evaluate_samples(recognizer, np.stack(pixels), np.array(labels)), len(skipped)


def labelled_images(folder: Path) -> tuple[list[tuple[Path, int | None]], list[str]]:
    """The images of a folder with their labels (None: no digit), and why others were skipped."""
    table = folder / "labels.csv"
    if not table.exists():
        return list(zip(*read_labelled_folder(folder), strict=True)), []
    skipped: list[str] = []
    return read_image_list(table, skipped), skipped


def on_strokes(recognizer: Recognizer, options: argparse.Namespace, pen: float) -> Evaluation:
    """Evaluate on stroke files, each drawing rendered as on the canvas."""
    drawings = read_stroke_files(options.strokes)
    pixels = [stroke_pixels(each.drawing, options, pen) for each in drawings]
    labels = [NO_DIGIT if each.label is None else each.label for each in drawings]
    return evaluate_samples(recognizer, np.stack(pixels), np.array(labels))


def evaluate_samples(recognizer: Recognizer, pixels: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Evaluate on framed samples (n, 28, 28), where blank ones count as refused."""
    probabilities = recognizer.evaluate(pixels, labels).probabilities
    has_ink = pixels.reshape(len(pixels), -1).any(axis=1, keepdims=True)
    return Evaluation.of(labels, probabilities * has_ink, recognizer.refuse_above)


def stroke_pixels(drawing: Drawing, options: argparse.Namespace, pen: float) -> np.ndarray:
    """One drawing of a stroke file as the network reads it, (28, 28) float32."""
    size = (options.scale or USUAL_SIZE) * PAD
    drawn = fit_to_canvas(drawing, size, pen, options.place or "middle")
    framed = frame(rasterize(drawn)) if options.as_pictures else frame_drawing(drawn)
    return framed.pixels if framed else np.zeros((28, 28), np.float32)


def as_text(name: str, result: Evaluation) -> str:
    """An evaluation as text."""
    lines = []
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
    return "\n".join(lines)


def _confusion_lines(result: Evaluation) -> list[str]:
    lines = ["        read as" + "".join(f"{digit:6}" for digit in range(10)) + "  none    recall"]
    for digit, (row, recall) in enumerate(zip(result.confusion, result.recall, strict=True)):
        share = "" if recall is None else f"{percent(recall):>10}"
        none = int((result.labels == digit).sum() - row.sum())
        counts = "".join(f"{count:6}" for count in (*row, none))
        lines.append(f"    a {digit}        {counts}{share}")
    return lines
