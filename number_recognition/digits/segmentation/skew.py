"""How far the lines of a page lean, and the page with its lines level."""

from __future__ import annotations

import numpy as np
from PIL import Image

from number_recognition.digits.cleaning.components import widened
from number_recognition.digits.cleaning.page_lines import find_page_lines
from number_recognition.digits.segmentation.parts import Box

_INK, _FAINT = 0.35, 0.15
"""From this strength on a pixel belongs to a written line of ink, and to a printed one."""
_MOST_POINTS = 4000
"""So many pixels of ink are looked at, at most."""
_ANGLES = np.arange(-24.0, 24.5)
"""Degrees that are tried."""
_ROWS = 160
"""Of the ink's longer side: printed lines are thinner than one of so many parts."""
_ROWS_OF_DIGIT = 8
_LEAST = 3.0
"""Degrees: what leans less is level."""
_CLEARLY_UNEVEN, _CLEARLY_LEANING = 5.0, 1.15
"""Rows along printed lines differ so many times more than for other angles, and than when level."""
_LEANING = 1.03
"""Rows along written lines differ so many times more than when level; by chance, they differ by 1 %
in half of the level pages."""
_BLURRED = 3
"""Pixels from the edge of a picture that turning it blurs."""


def skew_of_lines(ink: np.ndarray) -> tuple[float, bool] | None:
    """How far printed lines lean, and whether most run from top to bottom; None: there are none.

    Args:
        ink: (height, width) from 0 to 1.

    Returns:
        By how many degrees the image must be turned to the left until they are level or upright, 0
        where it need not. Level written lines may look like printed ones.

    Source: H. Baird, "The skew angle of printed documents", 1987.
    """
    x, y = _points(ink, _FAINT)
    if not len(x):
        return None
    size = float(max(np.ptp(x), np.ptp(y), 1)) / _ROWS
    across, down = (_unevenness(*points, size, difference=True) for points in ((x, y), (-y, x)))
    is_down = _peak(down) > _peak(across)
    scores = down if is_down else across
    angle, level = _best(scores)
    if _peak(scores) < _CLEARLY_UNEVEN:
        return None
    is_leaning = abs(angle) >= _LEAST and scores.max() > _CLEARLY_LEANING * level
    return angle if is_leaning else 0.0, is_down


def skew_of_digits(ink: np.ndarray, size: float) -> float:
    """By how many degrees an image must be turned to the left for level lines of digits; or 0.

    Args:
        ink: (height, width) from 0 to 1.
        size: height of a digit in pixels.
    """
    x, y = _points(ink, _INK)
    if not len(x):
        return 0.0
    scores = _unevenness(x, y, max(size / _ROWS_OF_DIGIT, 0.5))
    angle, level = _best(scores)
    is_leaning = abs(angle) >= _LEAST and scores.max() > _LEANING * level
    return angle if is_leaning else 0.0


def _points(ink: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of the pixels with ink, of many every second, third, …"""
    y, x = np.nonzero(ink > least)
    step = max(1, -(-len(y) // _MOST_POINTS))
    return x[::step].astype(np.float32), y[::step].astype(np.float32)


def _unevenness(x: np.ndarray, y: np.ndarray, size: float, difference: bool = False) -> np.ndarray:
    """How unevenly the points are spread over rows of a size, for each of the angles.

    With `difference`, how much each row differs from the next counts, not how full it is.
    """
    turns = np.deg2rad(_ANGLES)[:, None]
    places = y * np.cos(turns) - x * np.sin(turns)
    places -= places.min(axis=1, keepdims=True)
    rows = (np.bincount(line) for line in (places / size).astype(np.intp))
    counts = (np.diff(np.pad(row, 1)) if difference else row for row in rows)
    return np.array([np.square(row).sum() for row in counts], float)


def _peak(scores: np.ndarray) -> float:
    return float(scores.max() / max(np.median(scores), 1))


def _best(scores: np.ndarray) -> tuple[float, float]:
    """The best angle, and the score of none."""
    return float(_ANGLES[scores.argmax()]), float(scores[np.abs(_ANGLES) < 1].max())


def turned(ink: np.ndarray, angle: float) -> np.ndarray:
    """The ink turned to the left by an angle in degrees, none of it cut off."""
    image = _image(ink).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    return np.asarray(image, np.float32) / 255


def with_level_lines(ink: np.ndarray, angle: float, is_down: bool) -> np.ndarray | None:
    """The ink turned by an angle, and without the printed lines that are level then.

    Lines that end at the picture's edge go on to the edge of the new picture, since they are told
    by that. Rows of cells have lines both ways: where the short ones seem to be the rows', and too
    short, the others are looked for.

    Args:
        ink: (height, width) from 0 to 1.
        angle: see `turned`.
        is_down: whether most lines run from top to bottom.

    Returns:
        The ink, (height, width) from 0 to 1; None where there are no such lines.
    """
    for quarter in (int(is_down), 1 - int(is_down)):
        upright = np.rot90(ink, quarter)
        inside = Image.new("L", upright.shape[::-1], 255).rotate(angle, expand=True)
        level = _continued(turned(upright, angle), np.asarray(inside) > 0)
        lines = find_page_lines(level > _FAINT)
        if lines.any():
            blurred = widened(lines) & ~widened((level > _FAINT) & ~widened(lines))
            level = np.where(lines | blurred, 0, level)
            return np.ascontiguousarray(np.rot90(level, -quarter))
    return None


def _continued(ink: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Each row with its first and last values inside going on to the edges."""
    width = ink.shape[1]
    first = inside.argmax(axis=1) + _BLURRED
    last = np.maximum(width - 1 - inside[:, ::-1].argmax(axis=1) - _BLURRED, 0)
    first = np.minimum(first, last)
    nearest = np.clip(np.arange(width), first[:, None], last[:, None])
    return np.take_along_axis(ink, nearest, axis=1)


def box_before(box: Box, ink: np.ndarray, angle: float, shape: tuple[int, ...]) -> Box:
    """Where the ink in a box of a turned picture was before it was turned.

    Args:
        box: in the turned picture.
        ink: the turned picture, (height, width) from 0 to 1.
        angle: by how many degrees it was turned to the left.
        shape: height and width of the picture before that.
    """
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    y, x = np.nonzero(ink[top:bottom, left:right] > _INK)
    across = x + left + 0.5 - ink.shape[1] / 2
    down = y + top + 0.5 - ink.shape[0] / 2
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    x = across * cosine - down * sine + shape[1] / 2
    y = across * sine + down * cosine + shape[0] / 2
    return float(x.min()) - 0.5, float(y.min()) - 0.5, float(x.max()) + 0.5, float(y.max()) + 0.5


def _image(ink: np.ndarray) -> Image.Image:
    return Image.fromarray(np.round(ink * 255).astype(np.uint8))
