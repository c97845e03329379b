"""The predict command: read the digits in image files."""

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
    """Print the digit in each image file; files that cannot be read go to standard error."""
    settings = read_config(options.config).recognition
    recognizer = Recognizer.load(options.model, settings.refuse_above)
    results, errors = [], []

    def on_error(error: Exception) -> None:
        print_error(error)
        errors.append(error)

    for path in image_files(options.files, on_error):
        try:
            results.append(_predict(recognizer, path))
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


def _predict(recognizer: Recognizer, path: Path) -> dict[str, Any]:
    prediction = recognizer.predict(open_image(path))
    return {
        "file": str(path),
        "digit": prediction.digit,
        "best_guess": prediction.best_guess,
        "confidence": round(prediction.confidence, 6),
        "probabilities": [round(float(p), 6) for p in prediction.probabilities[:10]],
    }


def _print_table(results: list[dict[str, Any]]) -> None:
    for result in results:
        if result["digit"] is not None:
            print(f"{result['file']}: {result['digit']}  ({percent(result['confidence'])})")
        elif result["best_guess"] is not None:
            print(f"{result['file']}: none  (best guess {result['best_guess']})")
        else:
            print(f"{result['file']}: blank")


def _print_csv(results: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    probabilities = [f"p{digit}" for digit in range(10)]
    writer.writerow(["file", "digit", "confidence", *probabilities, "best_guess"])
    for result in results:
        guess = "" if result["best_guess"] is None else result["best_guess"]
        digit = ("none" if guess != "" else "") if result["digit"] is None else result["digit"]
        first = (result["file"], digit, result["confidence"])
        writer.writerow([*first, *result["probabilities"], guess])
