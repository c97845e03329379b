"""The predict command: print the number in each image as soon as it is read."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any

from number_recognition.commands.output import DONE, FAILED, CountLine, print_error
from number_recognition.commands.predict.pictures import Picture, find_pictures
from number_recognition.commands.predict.results import result_of, writer_for
from number_recognition.commands.usage import WrongUsage, check_file
from number_recognition.learning.evaluation.picture_labels import Labels, Score
from number_recognition.learning.reading.batches import read_images
from number_recognition.storage.config_file import read_config
from Recognition import Recognizer

_BATCH_SIZE = 128
"""Small images are read fastest in batches of so many: the network's weights do not fit in the
processor's cache, and are read from memory once for each batch."""
_BATCH_PIXELS = 4_000_000
"""Fewer images are a batch where they have more pixels together: all are in memory at once."""
_BATCH_SECONDS = 0.05
"""So much time is spent on opening images before those that are open are read and printed."""


def predict(options: argparse.Namespace) -> int:
    """Print the number in each image file; files that cannot be read go to standard error."""
    if not options.files and options.labels is None:
        raise WrongUsage("predict: FILE, FOLDER or --labels is required, found none")
    if options.labels is not None:
        check_file(options.labels, "a CSV of file and label")
    settings = read_config(options.config).recognition
    recognizer = Recognizer.load(options.model, settings.refuse_above)
    progress = CountLine("image")
    has_errors = False

    def on_error(error: Exception) -> None:
        nonlocal has_errors
        has_errors = True
        say(error)

    def say(message: object) -> None:
        progress.clear()
        print_error(message)

    labels = None if options.labels is None else Labels.read(options.labels, on_error)
    score = Score()
    with writer_for(options, with_labels=labels is not None) as writer:
        for batch in _batches(find_pictures(options.files, labels, on_error, say)):
            for picture, result in _read(batch, recognizer, options.single):
                score.add(result["correct"])
                writer.write(result)
                progress.count(picture.name)
    progress.clear()
    if labels is not None:
        print_error(score)
    return FAILED if has_errors else DONE


def _batches(pictures: Iterator[Picture | None]) -> Iterator[list[Picture]]:
    """The pictures in batches that are small enough to print the first result at once.

    None ends a batch.
    """
    batch: list[Picture] = []
    pixels, start = 0, time.monotonic()
    for picture in pictures:
        if picture is not None:
            batch.append(picture)
            pixels += picture.page.image.width * picture.page.image.height
        is_full = len(batch) == _BATCH_SIZE or pixels >= _BATCH_PIXELS
        if is_full or picture is None or time.monotonic() - start > _BATCH_SECONDS:
            yield batch
            batch, pixels, start = [], 0, time.monotonic()
    if batch:
        yield batch


def _read(
    batch: list[Picture], recognizer: Recognizer, single: bool
) -> Iterator[tuple[Picture, dict[str, Any]]]:
    """Each picture with what is printed of it."""
    images = [picture.page.image for picture in batch]
    found = read_images(images, recognizer.network, recognizer.refuse_above, single=single)
    for picture, read in zip(batch, found, strict=True):
        yield picture, result_of(picture, read)
