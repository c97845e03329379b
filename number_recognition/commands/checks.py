"""Checks of the options of a command, before anything is trained or written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from number_recognition.commands.usage import WrongUsage, check_file, check_folder, check_out
from number_recognition.digits.datasets import mnist
from number_recognition.digits.drawing.stroke_files import read_stroke_files
from number_recognition.digits.images.image_files import list_labelled_images
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.data.sources import NO_STROKES
from number_recognition.learning.fine_tuning.fine_tune_job import list_drawings
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.settings_checks import (
    SettingConflict,
    check_initial_weights,
    validate_schedule,
)
from number_recognition.storage.settings import TrainingSettings

_SOURCE_OPTIONS = (("mnist", "mnist"), ("strokes", "strokes"), ("images", "corrections"))


def check_evaluate(options: argparse.Namespace) -> None:
    """Check the options of `evaluate`.

    Raises:
        WrongUsage: options of the strokes are given without strokes.
        OSError: a file or folder is missing.
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
    options: argparse.Namespace, settings: Iterable[TrainingSettings], paths: DataPaths
) -> None:
    """Check the settings and files of trainings, and the path of --out.

    Raises:
        WrongUsage: settings conflict, or an option would be ignored.
        ValueError, OSError: a file is missing or damaged.
    """
    check_out(options.out)
    sources: set[str] = set()
    for each in settings:
        try:
            validate_schedule(each, each.initial_weights is not None)
        except SettingConflict as error:
            raise WrongUsage(str(error)) from error
        check_initial_weights(each)
        sources |= set(each.sources)
    for name, source in _SOURCE_OPTIONS:
        if getattr(options, name) is not None and source not in sources:
            raise WrongUsage(f"--{name} goes with {source!r} in --sources, found none")
    _check_sources(sources, paths)


def _check_sources(sources: set[str], paths: DataPaths) -> None:
    """Read the files of the samples, so that a damaged one fails at once."""
    if "mnist" in sources and (file := mnist.find(paths.mnist)) is not None:
        mnist.load(file)
    if "strokes" in sources and paths.strokes:
        for file in paths.strokes:
            check_file(file, "a stroke file (.jsonl)")
        read_stroke_files(paths.strokes)
    elif "strokes" in sources:
        raise ValueError(NO_STROKES)
    if "corrections" in sources and paths.images is not None:
        check_folder(paths.images)
        list_labelled_images(paths.images)


def check_fine_tuning(model: Path, images: Path, mnist_file: Path | None, out: Path | None) -> None:
    """Check the files of a fine-tuning, and the path of --out.

    Raises:
        ValueError, OSError: a file is missing or damaged.
    """
    check_out(out)
    network = NumpyNetwork.load(model)
    check_folder(images)
    list_drawings(images, network.can_refuse)
    if mnist_file is not None:
        mnist.load(mnist_file)
