"""How figures are put in words: one drawing or several, parts in percent, what is no number."""

from __future__ import annotations

import math

NOT_A_NUMBER = "no number"
"""What stands for infinity and NaN, which a damaged or hand-written file can hold."""


WIDEST_PERCENT = "> 99.99 %"
"""The widest text of `percent`, for what must have room for all of them."""


def pluralize(count: int, one: str, many: str = "") -> str:
    """So many of something: "1 drawing", "1,200 drawings"; `many` where it is not `one` and s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def digit_name(label: int | None) -> str:
    """A label with its article: "a 4", "an 8"; None is "no digit"."""
    return "no digit" if label is None else f"{'an' if label == 8 else 'a'} {label}"


def is_finite(value: float) -> bool:
    """Whether it is a number that can be reckoned with and written down."""
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def percent(part: float | None) -> str:
    """A part of 1 as people read it: "93.1 %".

    Hundredths are written below 1 % and from 99 % on, where they tell networks apart: "99.43 %".
    Nothing but 0 is "0 %" and nothing but 1 is "100 %": what is nearer than a hundredth can say is
    "< 0.01 %" or "> 99.99 %". None, which was not measured, is "–".
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


def percent_done(part: float) -> str:
    """How far work is, a part of 1 rounded down: "45 %"."""
    return f"{math.floor(100 * part + 1e-9)} %"
