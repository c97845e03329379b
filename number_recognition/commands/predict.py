"""The predict command: read the numbers in image files."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from number_recognition.commands.output import DONE, FAILED, print_error, print_json
from number_recognition.core.formatting import percent
from number_recognition.digits.images.image_files import find_images, open_image
from number_recognition.digits.segmentation.parts import Box
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.reading import Reading
from number_recognition.storage.settings import read_config
from Recognition import Recognizer


def predict(options: argparse.Namespace) -> int:
    """Print the number in each image file; files that cannot be read go to standard error."""
    settings = read_config(options.config).recognition
    recognizer = Recognizer.load(options.model, settings.refuse_above)
    results, errors = [], []

    def on_error(error: Exception) -> None:
        print_error(error)
        errors.append(error)

    for path in image_files(options.files, on_error):
        try:
            results.append(_predict(recognizer, path, options.single))
        except (OSError, ValueError) as error:
            on_error(error)
    if options.json:
        print_json(results)
    elif options.csv:
        _print_csv(results)
    else:
        _print_table(results)
    return FAILED if errors else DONE


def image_files(names: list[Path], on_error: Callable[[Exception], object]) -> list[Path]:
    """The files named, and the images of the folders named.

    Args:
        names: files and folders.
        on_error: called for each folder that cannot be listed or has no images.
    """
    files: list[Path] = []
    for name in names:
        if not name.is_dir():
            files.append(name)
            continue
        images = find_images(name, on_error)
        if not images:
            on_error(ValueError(f"{name}: expected images in this folder, found none"))
        files += images
    return files


def _predict(recognizer: Recognizer, path: Path, single: bool) -> dict[str, Any]:
    """What is printed of an image; with several digits, the keys of one digit are None."""
    image = open_image(path)
    reading = Reading() if single else recognizer.read(image)
    if len(reading.digits) > 1:
        result = {"digit": None, "best_guess": None, "confidence": round(reading.confidence, 6)}
        return {
            "file": str(path),
            **result,
            "probabilities": None,
            "text": reading.text,
            "digits": [_digit(piece.prediction, piece.box) for piece in reading.digits],
        }
    pieces = reading.digits or reading.pieces[:1]
    prediction = pieces[0].prediction if pieces else recognizer.predict(image)
    digits = [_digit(prediction, pieces[0].box if pieces else None)]
    return {
        "file": str(path),
        "digit": prediction.digit,
        "best_guess": prediction.best_guess,
        "confidence": round(prediction.confidence, 6),
        "probabilities": _probabilities(prediction),
        "text": "" if prediction.digit is None else str(prediction.digit),
        "digits": [] if prediction.digit is None else digits,
    }


def _digit(prediction: Prediction, box: Box | None) -> dict[str, Any]:
    return {
        "digit": prediction.digit,
        "confidence": round(prediction.confidence, 6),
        "probabilities": _probabilities(prediction),
        "box": None if box is None else [round(edge, 1) for edge in box],
    }


def _probabilities(prediction: Prediction) -> list[float]:
    return [round(float(p), 6) for p in prediction.probabilities[:10]]


def _print_table(results: list[dict[str, Any]]) -> None:
    for result in results:
        if result["text"]:
            text = result["text"].replace("\n", " ")
            print(f"{result['file']}: {text}  ({percent(result['confidence'])})")
        elif result["best_guess"] is not None:
            print(f"{result['file']}: none  (best guess {result['best_guess']})")
        else:
            print(f"{result['file']}: blank")


def _print_csv(results: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    probabilities = [f"p{digit}" for digit in range(10)]
    columns = ["file", "digit", "confidence", *probabilities, "best_guess", "text", "boxes"]
    writer.writerow(columns)
    for result in results:
        guess = "" if result["best_guess"] is None else result["best_guess"]
        digit = ("none" if guess != "" else "") if result["digit"] is None else result["digit"]
        start = (result["file"], digit, result["confidence"])
        text = result["text"].replace("\n", " ")
        shares = result["probabilities"] or [""] * 10
        writer.writerow([*start, *shares, guess, text, _boxes(result["digits"])])


def _boxes(digits: list[dict[str, Any]]) -> str:
    """The boxes of the digits, "left top right bottom" each, with semicolons between them."""
    boxes = [digit["box"] for digit in digits if digit["box"] is not None]
    return "; ".join(" ".join(f"{edge:g}" for edge in box) for box in boxes)
