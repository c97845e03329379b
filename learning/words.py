"""How figures are put in words: one drawing or several, parts in percent, what is no number."""

from __future__ import annotations

import math

NO_NUMBER = "no number"
"""What stands for infinity and NaN, which a damaged or hand-written file can hold."""


def counted(count: int, one: str, many: str = "") -> str:
    """So many of something: "1 drawing", "1,200 drawings"; `many` where it is not `one` and s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def is_finite(value: float) -> bool:
    """Whether it is a number that can be reckoned with and written down."""
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def percent(part: float) -> str:
    """A part of 1 as people read it: "99.43 %"."""
    return f"{100 * part:.2f} %" if is_finite(part) else NO_NUMBER
