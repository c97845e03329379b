"""Types of the options of the command line, as argparse expects them."""

from __future__ import annotations

import math
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from number_recognition.learning.runs.display_names import check_run_name

MOST_WORKERS = 60
"""Processes that train at a time; Windows can wait for no more."""
_ADDRESS = re.compile(r"([a-z]+://)?[^\s/]+:\d{1,5}")


def positive(text: str) -> float:
    """A number greater than 0."""
    return _number(text, lambda value: value > 0, "a number greater than 0")


def part(text: str) -> float:
    """A number greater than 0 and at most 1."""
    return _number(text, lambda value: 0 < value <= 1, "a number greater than 0 and at most 1")


def workers(text: str) -> int:
    """How many processes train at a time."""
    expected = f"a whole number from 1 to {MOST_WORKERS}"
    return int(_number(text, lambda value: 1 <= value <= MOST_WORKERS and value % 1 == 0, expected))


def _number(text: str, is_valid: Callable[[float], bool], expected: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and is_valid(value)):
        raise ArgumentTypeError(f"expected {expected}, found {text!r}")
    return value


def path(text: str) -> Path:
    """A path; an empty one is an error, since Path("") is the current folder."""
    if not text.strip():
        raise ArgumentTypeError("expected a path, found none")
    return Path(text)


def keras_file(text: str) -> Path:
    """A path that ends in `.keras`."""
    if Path(text).suffix != ".keras":
        raise ArgumentTypeError(f"expected a name that ends in .keras, found {text!r}")
    return Path(text)


def run_name(text: str) -> str:
    """A name for a run."""
    try:
        check_run_name(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    return text


def address(text: str) -> str:
    """The address of a Dask scheduler."""
    if not _ADDRESS.fullmatch(text):
        raise ArgumentTypeError(f"expected an address like tcp://host:8786, found {text!r}")
    return text
