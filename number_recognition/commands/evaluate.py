"""`evaluate`: judges a network on MNIST, on labelled images, on people's strokes."""

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
"""Size of the strokes by the pad's, where --scale is not given."""


def evaluate(options: argparse.Namespace) -> int:
    """Print accuracy, and what was taken for what, for each source asked for."""
    check_evaluate(options)
    config = read_config(options.config)
    recognizer = Recognizer.load(options.model, config.recognition.refuse_above)
    results, refused = {}, 0
    if options.mnist or not (options.images or options.strokes):
        places = DataPaths.of(config.places, options.config)
        results["mnist"] = on_mnist(recognizer, options.mnist, places.mnist)
    if options.images:
        results["images"], refused = on_images(recognizer, options.images)
    if options.strokes:
        results["strokes"] = on_strokes(recognizer, options, options.brush or config.window.pen)
    if options.json:
        print_json({name: result.as_dict() for name, result in results.items()})
    else:
        for name, result in results.items():
            print(as_text(name, result))
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


def on_images(recognizer: Recognizer, folder: Path) -> tuple[Evaluation, int]:
    """Judge on labelled images: those that `folder/labels.csv` lists, else of the ten folders.

    Files that cannot be read are named and left out; the second value is their number. A blank
    image is answered "no digit".
    """
    pixels, labels = [], []
    entries, left_out = labelled_images(folder)
    for path, label in entries:
        try:
            pixels.append(read_pixels(path))
        except BlankImage:
            pixels.append(np.zeros((28, 28), np.uint8))
        except (OSError, ValueError) as error:
            left_out.append(str(error))
            continue
        labels.append(NO_DIGIT if label is None else label)
    for reason in left_out:
        print_error(f"left out: {reason}")
    if not pixels:
        raise ValueError(f"{folder}: expected images of digits, found none that can be read")
    return judged(recognizer, np.stack(pixels), np.array(labels)), len(left_out)


def labelled_images(folder: Path) -> tuple[list[tuple[Path, int | None]], list[str]]:
    """The images of a folder with their labels (None: no digit), and why others are left out."""
    listed = folder / "labels.csv"
    if not listed.exists():
        return list(zip(*read_labelled_folder(folder), strict=True)), []
    refused: list[str] = []
    return read_image_list(listed, refused), refused


def on_strokes(recognizer: Recognizer, options: argparse.Namespace, pen: float) -> Evaluation:
    """Judge on stroke files, each drawing painted as the pad would."""
    drawings = read_stroke_files(options.strokes)
    pixels = [stroke_pixels(entry.drawing, options, pen) for entry in drawings]
    labels = [NO_DIGIT if entry.label is None else entry.label for entry in drawings]
    return judged(recognizer, np.stack(pixels), np.array(labels))


def judged(recognizer: Recognizer, pixels: np.ndarray, labels: np.ndarray) -> Evaluation:
    """Judge framed samples (n, 28, 28) as `predict` would answer them: no digit where blank."""
    probabilities = recognizer.evaluate(pixels, labels).probabilities
    probabilities = probabilities * pixels.any(axis=(1, 2))[:, None]
    return Evaluation.of(labels, probabilities, recognizer.refuse_above)


def stroke_pixels(drawing: Drawing, options: argparse.Namespace, pen: float) -> np.ndarray:
    """One drawing of a stroke file as the network reads it, (28, 28) float32."""
    size = (options.scale or USUAL_SIZE) * PAD
    drawn = fit_to_canvas(drawing, size, pen, options.place or "middle")
    framed = frame(rasterize(drawn)) if options.as_pictures else frame_drawing(drawn)
    return framed.pixels if framed else np.zeros((28, 28), np.float32)


def as_text(name: str, result: Evaluation) -> str:
    """A result for people to read."""
    lines = []
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
    return "\n".join(lines)


def _confusion_lines(result: Evaluation) -> list[str]:
    lines = ["        read as" + "".join(f"{digit:6}" for digit in range(10)) + "  none    recall"]
    for digit, (row, recall) in enumerate(zip(result.confusion, result.recall, strict=True)):
        share = "" if recall is None else f"{percent(recall):>10}"
        none = int((result.labels == digit).sum() - row.sum())
        counts = "".join(f"{count:6}" for count in (*row, none))
        lines.append(f"    a {digit}        {counts}{share}")
    return lines
