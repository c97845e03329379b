"""Format numbers for people: counts with their nouns, percentages."""

from __future__ import annotations

import math
import re

NOT_A_NUMBER = "not a number"
"""Shown for infinity and NaN, which a damaged or hand-written file can hold."""

WIDEST_PERCENT = "> 99.99 %"
"""The widest text that `percent` returns, for layouts that must fit all of them."""

_ABBREVIATIONS = {"mnist": "MNIST", "ema": "EMA"}
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of a text, and halves of characters."""


def escape_controls(text: str) -> str:
    """Escape what would act on a terminal or could not be printed: "a\\x1b[2J.png".

    File names can hold such characters, and bytes that are not UTF-8.
    """
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def pluralize(count: int, one: str, many: str = "") -> str:
    """Format a count with its noun: "1 drawing", "1,200 drawings"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def digit_name(label: int | None) -> str:
    """A label with its article: "a 4", "an 8"; None is "no digit"."""
    return "no digit" if label is None else f"{'an' if label == 8 else 'a'} {label}"


def setting_name(name: str) -> str:
    """The name of a setting in words: "learning rate", "MNIST samples"."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in name.split("_"))


def setting_label(name: str) -> str:
    """The same as a label, which begins with a capital letter: "Learning rate"."""
    words = setting_name(name)
    return words[:1].upper() + words[1:]


def is_finite(value: float) -> bool:
    """Return whether a number is neither infinite nor NaN, and not too large for a float."""
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer too large for a float
        return False


def percent(part: float | None) -> str:
    """Format a part of 1 as a percentage: "93.1 %".

    Below 1 % and from 99 % on it has two decimals, where networks differ by little: "99.43 %". Only
    0 is "0 %" and only 1 is "100 %": values near them are "< 0.01 %" and "> 99.99 %". None, for
    a value that was not measured, is "–".
    """
    if part is None:
        return "–"
    if not is_finite(part):
        return NOT_A_NUMBER
    if part in (0, 1):
        return f"{100 * part:.0f} %"
    if 0 < part < 0.00005:
        return "< 0.01 %"
    if 0.99995 <= part < 1:
        return "> 99.99 %"
    decimals = 2 if 0 < part < 0.01 or 0.99 <= part < 1 else 1
    return f"{100 * part:.{decimals}f} %"


def exact_percent(part: float | None) -> str:
    """Format a part of 1 with two decimals, beside others that it is compared with: "93.10 %".

    None, for a value that was not measured, is "–".
    """
    return f"{100 * part:.2f} %" if part is not None and is_finite(part) else percent(part)


def change_in_points(before: float | None, after: float | None) -> str:
    """Format the change of a part of 1 that `exact_percent` shows: "-1.58"; "" if unknown.

    It is that of the numbers shown, so that they add up.
    """
    if before is None or after is None or not is_finite(before) or not is_finite(after):
        return ""
    return f"{round(100 * after, 2) - round(100 * before, 2):+.2f}"


def percent_done(part: float) -> str:
    """Format the finished part of work, rounded down: "45 %"."""
    return f"{math.floor(100 * part + 1e-9)} %"
