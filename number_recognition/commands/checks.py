"""What is wrong with the options of a command, found before anything is trained or written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from number_recognition.commands.usage import WrongUsage, check_file, check_folder, check_out
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.stroke_files import read_stroke_files
from number_recognition.digits.images.image_files import read_labelled_folder
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.settings_checks import (
    SettingConflict,
    check_start,
    validate_schedule,
)
from number_recognition.storage.settings import TrainingSettings

_SOURCE_OPTIONS = (("mnist", "mnist"), ("strokes", "strokes"), ("images", "corrections"))


def check_evaluate(options: argparse.Namespace) -> None:
    """Check the options of `evaluate`.

    Raises:
        WrongUsage: options of the strokes are given without strokes.
        OSError: a file or folder is not there.
    """
    if options.strokes is None:
        for name in ("brush", "scale", "place", "as_pictures"):
            if getattr(options, name):
                raise WrongUsage(f"--{name.replace('_', '-')} goes with --strokes, found none")
    else:
        for file in options.strokes:
            check_file(file, "a stroke file (.jsonl)")
    mnist.find(options.mnist)
    if options.images is not None:
        check_folder(options.images)


def check_training(
    options: argparse.Namespace, settings: Iterable[TrainingSettings], places: DataPaths
) -> None:
    """Check what trainings with these settings need, and where the network is to be copied.

    Raises:
        WrongUsage: settings that do not go together, or an option that would be ignored.
        ValueError, OSError: a file is not there, or is no such file.
    """
    check_out(options.out)
    sources: set[str] = set()
    for each in settings:
        try:
            validate_schedule(each, each.start is not None)
        except SettingConflict as error:
            raise WrongUsage(str(error)) from error
        check_start(each)
        sources |= set(each.data)
    for name, source in _SOURCE_OPTIONS:
        if getattr(options, name) is not None and source not in sources:
            raise WrongUsage(f"--{name} goes with {source!r} in --data, found none")
    _check_sources(sources, places)


def _check_sources(sources: set[str], places: DataPaths) -> None:
    """Read the files that samples come from: nothing is prepared for hours before one fails."""
    if "mnist" in sources and (found := mnist.find(places.mnist)) is not None:
        mnist.load(found)
    if "strokes" in sources and places.strokes:
        for file in places.strokes:
            check_file(file, "a stroke file (.jsonl)")
        read_stroke_files(places.strokes)
    elif "strokes" in sources:
        raise ValueError(
            "the data 'strokes' need a stroke file: --strokes FILE.jsonl, or 'strokes' in the "
            "'places' of config.json"
        )
    if "corrections" in sources and places.images is not None:
        check_folder(places.images)
        read_labelled_folder(places.images)


def check_fine_tuning(model: Path, images: Path, mnist_file: Path | None, out: Path | None) -> None:
    """Check what a fine-tuning needs, and where the network is to be copied.

    Raises:
        ValueError, OSError: a file is not there, or is no such file.
    """
    check_out(out)
    NumpyNetwork.load(model)
    check_folder(images)
    if not any(entry.label is not None for entry in Corrections(images)):
        raise ValueError(
            f"{images}: expected kept drawings to learn from, found none; draw a digit and press "
            "the key of the digit it is"
        )
    if mnist_file is not None:
        mnist.load(mnist_file)
