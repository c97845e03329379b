"""What the values of options must be; each function reads one from text, as argparse asks it to."""

from __future__ import annotations

import math
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from number_recognition.learning.runs.display_names import check_run_name

MOST_WORKERS = 60
"""Processes that train at a time: Windows waits for no more than these."""
_ADDRESS = re.compile(r"([a-z]+://)?[^\s/]+:\d{1,5}")


def positive(text: str) -> float:
    """A number greater than 0."""
    return _number(text, lambda value: value > 0, "a number greater than 0")


def part(text: str) -> float:
    """A number greater than 0 and at most 1."""
    return _number(text, lambda value: 0 < value <= 1, "a number greater than 0 and at most 1")


def workers(text: str) -> int:
    """How many processes train at a time."""
    words = f"a whole number from 1 to {MOST_WORKERS}"
    return int(_number(text, lambda value: 1 <= value <= MOST_WORKERS and value % 1 == 0, words))


def _number(text: str, fits: Callable[[float], bool], words: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and fits(value)):
        raise ArgumentTypeError(f"expected {words}, found {text!r}")
    return value


def path(text: str) -> Path:
    """A path; an empty one is refused, for Python would take it for the current folder."""
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
