"""What is printed of each picture: text, JSON or CSV."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import Any, Protocol

from number_recognition.commands.output import JsonList
from number_recognition.commands.predict.pictures import Picture
from number_recognition.core.formatting import escape_controls, percent
from number_recognition.digits.images.pages import page_name
from number_recognition.digits.segmentation.parts import Box
from number_recognition.learning.evaluation.picture_labels import is_right
from number_recognition.learning.models.prediction import Prediction
from number_recognition.learning.reading.batches import ReadImage
from number_recognition.storage.tables import CsvWriter

_CSV_COLUMNS = (
    *("file", "digit", "confidence", *(f"p{digit}" for digit in range(10))),
    *("best_guess", "text", "boxes", "page"),
)
_LABEL_COLUMNS = ("label", "correct")


class Writer(Protocol):
    """Prints results one by one."""

    def write(self, result: dict[str, Any]) -> None:
        """Print a result."""


def result_of(picture: Picture, read: ReadImage) -> dict[str, Any]:
    """What is printed of a picture; with several digits, the keys of one digit are None."""
    result = {"file": picture.file, **_reading_of(read), "page": picture.page.number}
    label = picture.label
    correct = None if label is None else is_right(label, read.text)
    return {**result, "label": label, "correct": correct}


def _reading_of(read: ReadImage) -> dict[str, Any]:
    one = None if read.is_number else read.prediction
    digits = [_digit(piece.prediction, piece.box) for piece in read.reading.digits]
    if one is not None and one.digit is not None and not digits:  # read as one digit only
        digits = [_digit(one, None)]
    return {
        "digit": None if one is None else one.digit,
        "best_guess": None if one is None else one.best_guess,
        "confidence": round(read.confidence, 6),
        "probabilities": None if one is None else _probabilities(one),
        "text": read.text,
        "digits": digits,
    }


def _digit(prediction: Prediction, box: Box | None) -> dict[str, Any]:
    return {
        "digit": prediction.digit,
        "confidence": round(prediction.confidence, 6),
        "probabilities": _probabilities(prediction),
        "box": None if box is None else [round(edge, 1) for edge in box],
    }


def _probabilities(prediction: Prediction) -> list[float]:
    return [round(p, 6) for p in prediction.probabilities[:10].tolist()]


@contextlib.contextmanager
def writer_for(options: argparse.Namespace, with_labels: bool) -> Iterator[Writer]:
    """What prints the results as the options ask; JSON is complete even after an interruption."""
    if options.csv:
        yield _CsvResults(with_labels)
    elif options.json:
        with JsonList() as values:
            yield _JsonResults(values, with_labels)
    else:
        yield _TextResults()


class _TextResults:
    def write(self, result: dict[str, Any]) -> None:
        name = escape_controls(page_name(result["file"], result["page"]))
        if result["text"]:
            text = result["text"].replace("\n", " ")
            answer = f"{text}  ({percent(result['confidence'])})"
        elif result["best_guess"] is not None:
            answer = f"none  (best guess {result['best_guess']})"
        else:
            answer = "blank"
        wrong = f"  labelled {result['label']}" if result["correct"] is False else ""
        print(f"{name}: {answer}{wrong}", flush=True)


class _JsonResults:
    def __init__(self, values: JsonList, with_labels: bool) -> None:
        self._values = values
        self._without = () if with_labels else _LABEL_COLUMNS

    def write(self, result: dict[str, Any]) -> None:
        self._values.add({key: result[key] for key in result if key not in self._without})


class _CsvResults:
    def __init__(self, with_labels: bool) -> None:
        self._with_labels = with_labels
        self._writer = CsvWriter(sys.stdout)
        self._writer.row([*_CSV_COLUMNS, *(_LABEL_COLUMNS if with_labels else ())])

    def write(self, result: dict[str, Any]) -> None:
        guess = "" if result["best_guess"] is None else result["best_guess"]
        digit = ("none" if guess != "" else "") if result["digit"] is None else result["digit"]
        text = result["text"].replace("\n", " ")
        shares = result["probabilities"] or [""] * 10
        cells = [result["file"], digit, result["confidence"], *shares, guess, text]
        cells += [_boxes(result["digits"]), result["page"]]
        if self._with_labels:
            correct = result["correct"]
            cells += [result["label"], "" if correct is None else str(correct).lower()]
        self._writer.row(cells)
        sys.stdout.flush()


def _boxes(digits: list[dict[str, Any]]) -> str:
    """The boxes of the digits, "left top right bottom" each, with semicolons between them."""
    boxes = [digit["box"] for digit in digits if digit["box"] is not None]
    return "; ".join(" ".join(f"{edge:g}" for edge in box) for box in boxes)
