"""Values from JSON files: parsing with clear errors, checks of numbers and text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

_LONG_NUMBER = re.compile(r"[0-9]{10}")
"""In every thirtieth character: all numbers of 300 digits and more are found, in little time."""
_UNPRINTABLE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""Escapes of lone surrogates and of NUL."""


def parse_json(text: str, where: str, any_text: bool = False, derived: bool = False) -> Any:
    """Parse JSON; a whole number too large for a float becomes infinite, as 1e999 does.

    Args:
        text: the JSON.
        where: the name of the file, for errors.
        any_text: whether text that cannot be written to a file (see `check_text`) is accepted.
        derived: whether the program alone wrote it, from other files. A key that is given twice is
            not looked for then: that takes time, and nothing would be lost.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
    """
    try:
        value = json.loads(
            text,
            parse_int=_parse_int if _LONG_NUMBER.search(text[::30]) else None,
            object_pairs_hook=None if derived else lambda pairs: _object(pairs, where),
        )
    except json.JSONDecodeError as error:
        position = f"{where}, line {error.lineno}, column {error.colno}"
        if not text[error.pos :].strip():
            position = f"{where}, at its end"
        fault = error.msg[:1].lower() + error.msg[1:]
        raise ValueError(f"{position}: expected JSON, found a fault: {fault}") from error
    except RecursionError as error:
        raise ValueError(f"{where}: expected JSON, found it nested too deeply") from error
    if not any_text and _UNPRINTABLE.search(text):
        for key, part in _texts(value):
            check_text(part, f"{where}, {'.'.join(key)!r}" if key else where)
    return value


def _object(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    """An object of JSON; of a key that is there twice, one value would be lost in silence."""
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{where}: expected each key once in an object, found {twice!r} again")
    return values


def _parse_int(digits: str) -> int | float:
    return int(digits) if is_number(number := float(digits)) else number


def _texts(value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a value, names in objects too, each with the keys of its path."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while waiting:
        key, part = waiting.pop()
        if isinstance(part, dict):
            yield from ((key, name) for name in part)
            waiting += [((*key, name), inner) for name, inner in part.items()]
        elif isinstance(part, list):
            waiting += [((*key, str(number)), inner) for number, inner in enumerate(part)]
        elif isinstance(part, str):
            yield key, part


def check_text(value: str, where: str) -> None:
    """Check that text can be written to a file; surrogate escapes of file names can.

    Raises:
        ValueError: names the file and key, what was expected and what was found.
    """
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{where}: expected text, found half a character: {short_repr(value)}"
        ) from error
    if "\0" in value:
        raise ValueError(f"{where}: expected text, found a NUL character in {short_repr(value)}")


def is_number(value: object) -> bool:
    """Whether a value is a finite number that fits in a float; bools are none."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number too large for a float
        return False


def short_repr(value: object, most: int = 60) -> str:
    """The `repr` of any value in one line of at most `most` characters, for messages."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # too many digits, or nested too deeply
        text = f"a {type(value).__name__} too long to show"
    return printable(text if len(text) <= most else f"{text[: most - 1]}…")


def printable(text: str) -> str:
    """Text with lone surrogates escaped, as in file names that are not UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
