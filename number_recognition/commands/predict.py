"""`predict`: reads image files."""

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
from number_recognition.storage.settings import read_config
from Recognition import Recognizer


def predict(options: argparse.Namespace) -> int:
    """Print the digit in each image file; a file that is no image is named on standard error."""
    settings = read_config(options.config).recognition
    recognizer = Recognizer.load(options.model, settings.refuse_above)
    answers, refused = [], []

    def refuse(error: Exception) -> None:
        print_error(error)
        refused.append(error)

    for path in image_files(options.files, refuse):
        try:
            answers.append(_answer(recognizer, path))
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


def _answer(recognizer: Recognizer, path: Path) -> dict[str, Any]:
    prediction = recognizer.predict(open_image(path))
    return {
        "file": str(path),
        "digit": prediction.digit,
        "best_guess": prediction.best_guess,
        "confidence": round(prediction.confidence, 6),
        "probabilities": [round(float(p), 6) for p in prediction.probabilities[:10]],
    }


def _print_table(answers: list[dict[str, Any]]) -> None:
    for answer in answers:
        if answer["digit"] is not None:
            print(f"{answer['file']}: {answer['digit']}  ({percent(answer['confidence'])})")
        elif answer["best_guess"] is not None:
            print(f"{answer['file']}: none  (best guess {answer['best_guess']})")
        else:
            print(f"{answer['file']}: blank")


def _print_csv(answers: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    probabilities = [f"p{digit}" for digit in range(10)]
    writer.writerow(["file", "digit", "confidence", *probabilities, "best_guess"])
    for answer in answers:
        guess = "" if answer["best_guess"] is None else answer["best_guess"]
        digit = ("none" if guess != "" else "") if answer["digit"] is None else answer["digit"]
        start = (answer["file"], digit, answer["confidence"])
        writer.writerow([*start, *answer["probabilities"], guess])
