"""Plain values from files: numbers that fit, text that can be written, words for what is wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

_LONG_NUMBER = re.compile(r"[0-9]{300}")
_ODD_TEXT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""What JSON with half a character or with NUL has in it."""


def parse_json(text: str, where: str, any_text: bool = False) -> Any:
    """The value that JSON stands for; a whole number beyond all floats is infinite, as 1e999 is.

    Args:
        text: the JSON.
        where: what to call it in errors.
        any_text: whether text that no file can hold (see `check_text`) is let through.

    Raises:
        ValueError: names the place and key, what was expected and what was found.
    """
    try:
        value = json.loads(text, parse_int=_whole if _LONG_NUMBER.search(text) else None)
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}, column {error.colno}"
        raise ValueError(f"{place}: expected JSON, found {error.msg}") from error
    except RecursionError as error:
        raise ValueError(f"{where}: expected JSON, found it nested too deeply") from error
    if not any_text and _ODD_TEXT.search(text):
        for key, part in _texts(value):
            check_text(part, f"{where}, {'.'.join(key)!r}" if key else where)
    return value


def _whole(digits: str) -> int | float:
    return int(digits) if is_number(number := float(digits)) else number


def _texts(value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a value, the names in objects too, with the keys that lead there."""
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
    """Refuse text that no file can hold; bytes of a name that are no UTF-8 can be written.

    Raises:
        ValueError: names the place, what was expected and what was found.
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
    """Whether it is a finite number (true and false are none) that fits in a float."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def short_repr(value: object, most: int = 60) -> str:
    """A value as messages show it: in one short line, whatever it is."""
    try:
        words = repr(value)
    except (ValueError, RecursionError):  # too many digits, or nested too deeply
        words = f"a {type(value).__name__} too long to show"
    return printable(words if len(words) <= most else f"{words[: most - 1]}…")


def printable(text: str) -> str:
    """Text that can be printed and displayed: half characters, as in odd file names, are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
