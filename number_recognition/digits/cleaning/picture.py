"""Clean a photo or a scan of one digit: even its light, and take out what is not the digit."""

from __future__ import annotations

import numpy as np

from number_recognition.digits.cleaning.background import (
    estimate_background,
    has_dark_edge,
    is_uneven,
    on_light_paper,
    without_background,
)
from number_recognition.digits.cleaning.clutter import find_clutter
from number_recognition.digits.cleaning.components import largest_part, widened, with_any
from number_recognition.digits.cleaning.cropped import cropped_digit
from number_recognition.digits.cleaning.dotted import find_dotted_lines
from number_recognition.digits.cleaning.lines import find_pale_lines
from number_recognition.digits.cleaning.page_lines import PageInk, find_page_ink
from number_recognition.digits.cleaning.plain import is_plain, may_have_clutter
from number_recognition.digits.cleaning.shadows import find_shadow_edges
from number_recognition.digits.cleaning.squares import may_be_squared, without_squares

_SMALLEST = 48
"""Pictures with a longer side below this are left as they are: too little is to be seen."""
_FAINT = 0.08
"""Ink that differs from its paper by less than this is none."""
_LEAST_INK = 0.15
"""Of the strongest contrast: ink that is fainter belongs to the paper."""
_BLUR = 1 / 70
"""Of the shorter side: edges of ink are blurred by no more than this."""
_GRAIN_SIZE = 0.06
"""Of the shorter side: where no ink holds together over more than this, all of it is grain."""
_KEPT = 0.95
"""Of the digits of a page: where less is left, small digits were taken for lines or for grain."""
_GRAINS = 6
"""Paper differs from its median by less than this many times its median difference."""


def clean_picture(grey: np.ndarray) -> np.ndarray:
    """The picture with even light and without what is not the digit.

    A picture in which a quick test finds nothing of the kind is returned as it is. OpenCV is
    imported for others alone.

    Args:
        grey: brightness, (height, width) float from 0 to 1.

    Returns:
        The same array, or a new one of this shape with dark ink on white paper.
    """
    if is_small(grey.shape) or is_plain(grey):
        return grey
    if (cropped := cropped_digit(grey)) is not None:
        return cropped
    light = on_light_paper(grey)
    uneven = is_uneven(light)
    may_be_cluttered = uneven or may_have_clutter(find_ink(light))
    squared = may_be_squared(light)
    if not may_be_cluttered and not squared:
        return grey
    even = without_background(light, background := estimate_background(light))
    found = without_squares(1 - even) if squared else None
    if found is not None:
        even = 1 - found
        light = even * background
    elif not may_be_cluttered:
        return grey
    ink = find_ink(even)
    clutter, page = _find_clutter(even, ink), find_page_ink(ink)
    is_clean = not clutter.any() and not is_uneven(background) and not has_dark_edge(background)
    if found is None and is_clean and (page is None or not page.lines.any()):
        return grey
    cleaned = _only_digit(even, clutter, light if uneven else None)
    return cleaned if page is None else _whole_page(cleaned, even, page)


def even_light(grey: np.ndarray) -> np.ndarray:
    """The picture with dark ink in even light; a plain or small one as it is.

    Args:
        grey: see `clean_picture`.
    """
    if is_small(grey.shape) or is_plain(grey):
        return grey
    light = on_light_paper(grey)
    return without_background(light, estimate_background(light))


def is_small(size: tuple[int, ...]) -> bool:
    """Whether a picture of this size is left as it is."""
    return max(size) < _SMALLEST or min(size) < _SMALLEST / 4


def _find_clutter(even: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Where there is ink that is none of the digit's: (height, width) bool."""
    lines = find_dotted_lines(ink)
    lines |= find_pale_lines(1 - even, ink & ~lines)
    return np.asarray(lines | find_clutter(ink & ~lines))


def find_ink(light: np.ndarray) -> np.ndarray:
    """Where a picture with even light is darker than its paper: (height, width) bool."""
    paper, least = _paper_and_ink(light)
    return np.asarray(paper - light > least)


def _paper_and_ink(light: np.ndarray) -> tuple[float, float]:
    """The brightness of the paper, and how much darker ink is at least."""
    step = max(1, min(light.shape) // 128)
    sample = np.sort(light[::step, ::step], axis=None)
    paper = float(sample[len(sample) // 2])
    grain = float(np.sort(np.abs(sample - paper))[len(sample) // 2])
    strongest = paper - float(sample[len(sample) // 500])
    return paper, max(_FAINT / 2, _LEAST_INK * strongest, _GRAINS * grain)


def _whole_page(cleaned: np.ndarray, even: np.ndarray, page: PageInk) -> np.ndarray:
    """The cleaned picture of a page with all of its digits, and without its printed lines."""
    if find_ink(cleaned)[page.digits].mean() < _KEPT:
        return np.where(widened(page.rest), even, np.float32(1))
    return np.where(widened(page.lines) & ~widened(page.rest), np.float32(1), cleaned)


def _only_digit(even: np.ndarray, clutter: np.ndarray, light: np.ndarray | None) -> np.ndarray:
    """The picture with white paper around the digit: clutter has blurred edges, paper has grain.

    `light` is the picture before its uneven light was evened, None where that was even.
    """
    digit = find_ink(even) & ~clutter
    without = np.where(widened(clutter, _BLUR) & ~widened(digit, 0), np.float32(1), even)
    without[clutter] = 1.0
    paper, least = _paper_and_ink(without)
    if digit.any():
        digit = with_any(paper - without > least, digit)
    else:  # fainter ink than that of the clutter, or grain
        digit = paper - without > max(_FAINT, least)
    if light is not None:
        digit &= ~find_shadow_edges(light, digit)
    if largest_part(digit) < _GRAIN_SIZE * min(digit.shape):
        return np.ones_like(without)
    return np.where(widened(digit, _BLUR), without, np.float32(1))
