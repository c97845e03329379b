"""`predict`: reads the numbers in image files."""

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
    """Print the number in each image file; a file that is no image is named on standard error."""
    settings = read_config(options.config).recognition
    recognizer = Recognizer.load(options.model, settings.refuse_above)
    answers, refused = [], []

    def refuse(error: Exception) -> None:
        print_error(error)
        refused.append(error)

    for path in image_files(options.files, refuse):
        try:
            answers.append(_answer(recognizer, path, options.single))
        except (OSError, ValueError) as error:
            refuse(error)
    if options.json:
        print_json(answers)
    elif options.csv:
        _print_csv(answers)
    else:
        _print_table(answers)
    return FAILED if refused else DONE


def image_files(names: list[Path], refuse: Callable[[Exception], object]) -> list[Path]:
    """The files named, and the images of the folders named.

    Args:
        names: files and folders.
        refuse: hears of each folder that cannot be listed or has no images.
    """
    files: list[Path] = []
    for name in names:
        if not name.is_dir():
            files.append(name)
            continue
        found = find_images(name, refuse)
        if not found:
            refuse(ValueError(f"{name}: expected images in this folder, found none"))
        files += found
    return files


def _answer(recognizer: Recognizer, path: Path, single: bool) -> dict[str, Any]:
    """What is printed of an image; with several digits, the keys of one digit are None."""
    image = open_image(path)
    reading = Reading() if single else recognizer.read(image)
    if len(reading.digits) > 1:
        answer = {"digit": None, "best_guess": None, "confidence": round(reading.confidence, 6)}
        return {
            "file": str(path),
            **answer,
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


def _print_table(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        if answer["text"]:
            text = answer["text"].replace("\n", " ")
            print(f"{answer['file']}: {text}  ({percent(answer['confidence'])})")
        elif answer["best_guess"] is not None:
            print(f"{answer['file']}: none  (best guess {answer['best_guess']})")
        else:
            print(f"{answer['file']}: blank")


def _print_csv(answers: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    probabilities = [f"p{digit}" for digit in range(10)]
    columns = ["file", "digit", "confidence", *probabilities, "best_guess", "text", "boxes"]
    writer.writerow(columns)
    for answer in answers:
        guess = "" if answer["best_guess"] is None else answer["best_guess"]
        digit = ("none" if guess != "" else "") if answer["digit"] is None else answer["digit"]
        start = (answer["file"], digit, answer["confidence"])
        text = answer["text"].replace("\n", " ")
        shares = answer["probabilities"] or [""] * 10
        writer.writerow([*start, *shares, guess, text, _boxes(answer["digits"])])


def _boxes(digits: list[dict[str, Any]]) -> str:
    """The boxes of the digits, "left top right bottom" each, with semicolons between them."""
    boxes = [digit["box"] for digit in digits if digit["box"] is not None]
    return "; ".join(" ".join(f"{edge:g}" for edge in box) for box in boxes)
