"""`evaluate`: judges a network on MNIST, on labelled images, on people's strokes."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from commands.checks import check_evaluate
from commands.output import DONE, FAILED, ProgressLine, complain, print_json
from digits import mnist
from digits.drawing import PAD, Drawing
from digits.frame import frame
from digits.images import read_labelled_folder
from digits.painter import paint
from digits.strokes import fitted, read_strokes
from learning.evaluation import Evaluation
from learning.progress import Progress
from learning.samples import Places, read_images
from learning.words import percent
from Recognition import Recognizer, frame_drawing
from storage.settings import read_config

USUAL_SIZE = 0.65
"""Size of the strokes by the pad's, where --scale is not given."""


def evaluate(options: argparse.Namespace) -> int:
    """Print accuracy, and what was taken for what, for each source asked for."""
    check_evaluate(options)
    config = read_config(options.config)
    recognizer = Recognizer.load(options.model)
    results, refused = {}, 0
    if options.mnist or not (options.images or options.strokes):
        places = Places.of(config.places, options.config)
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
    """Judge on MNIST's test set, from the path given, else from where `digits.mnist` finds it."""
    line = ProgressLine()
    _, _, pixels, labels = mnist.fetch(
        path, configured, lambda done, message: line(Progress(message, done))
    )
    line.end()
    return recognizer.evaluate(pixels, labels)


def on_images(recognizer: Recognizer, folder: Path) -> tuple[Evaluation, int]:
    """Judge on the images in `folder/0` … `folder/9`; how many were refused, each by name."""
    samples, refused = read_images(*read_labelled_folder(folder))
    for _, reason in refused:
        complain(f"left out: {reason}")
    if not len(samples):
        raise ValueError(f"{folder}: expected images of digits, found none that can be read")
    return recognizer.evaluate(samples.pixels, samples.labels), len(refused)


def on_strokes(recognizer: Recognizer, options: argparse.Namespace, pen: float) -> Evaluation:
    """Judge on a stroke file, each drawing painted as the pad would."""
    drawings = read_strokes(options.strokes)
    pixels = [stroke_pixels(entry.drawing, options, pen) for entry in drawings]
    return recognizer.evaluate(np.stack(pixels), np.array([entry.label for entry in drawings]))


def stroke_pixels(drawing: Drawing, options: argparse.Namespace, pen: float) -> np.ndarray:
    """One drawing of a stroke file as the network reads it, (28, 28) float32."""
    size = (options.scale or USUAL_SIZE) * PAD
    drawn = fitted(drawing, size, pen, options.place or "middle")
    framed = frame(paint(drawn)) if options.as_pictures else frame_drawing(drawn)
    return framed.pixels if framed else np.zeros((28, 28), np.float32)


def as_text(name: str, result: Evaluation) -> str:
    """A result for people to read."""
    lines = [
        f"{name}: {percent(result.accuracy)} of {len(result.labels):,} right, "
        f"calibration error {percent(result.calibration_error)}",
        "        read as" + "".join(f"{digit:6}" for digit in range(10)) + "    recall",
    ]
    for digit, (row, recall) in enumerate(zip(result.confusion, result.recall, strict=True)):
        share = "" if recall is None else f"{percent(recall):>10}"
        lines.append(f"    a {digit}        " + "".join(f"{count:6}" for count in row) + share)
    return "\n".join(lines)
