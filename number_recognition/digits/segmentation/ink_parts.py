"""Parts of the ink of an image: connected ink, cut where digits may touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from number_recognition.digits.segmentation.parts import Part

_INK = 0.35
"""From this strength on a pixel belongs to a line; fainter ones are its edge."""
_SPECK = 1 / 6
"""Ink smaller than this in both directions, by the height of the tallest ink, is a speck."""
_CUT_FROM = 0.75
"""Ink this wide by its height may be several digits that touch."""
_THIN = 0.45
"""A cut goes through a column with at most this part of the ink of the densest column around."""
_APART = 0.2
"""Two cuts are at least this far apart, by the height of the ink."""
_AROUND = np.ones((3, 3), np.uint8)
"""Ink is connected beyond a gap of a pixel."""

InkPart = Part[np.ndarray]
"""A part with its ink, (height, width) float32 of its box alone."""


def ink_parts(ink: np.ndarray) -> list[InkPart]:
    """The connected ink of an image, (height, width) float32 from 0 to 1, in no order.

    Specks are left out.
    """
    parts = list(_connected(ink))
    if not parts:
        return []
    tallest = max(max(part.content.shape) for part in parts)
    return [part for part in parts if max(part.content.shape) >= _SPECK * tallest]


def cut_parts(parts: Iterable[InkPart]) -> list[InkPart]:
    """Parts with wide ink cut at the columns with the least ink, where digits may touch.

    A part is then a digit or a piece of one, but seldom two.
    """
    return [piece for part in parts for piece in _cut(part)]


def are_pieces(first: Sequence[InkPart], second: Sequence[InkPart]) -> bool:
    """Whether parts come from connected ink that was cut between them."""
    edges = {part.box[2] for part in first}, {part.box[2] for part in second}
    return any(part.box[0] in edges[0] for part in second) or any(
        part.box[0] in edges[1] for part in first
    )


def _connected(ink: np.ndarray) -> Iterator[InkPart]:
    import cv2  # only for images: the pad opens without it

    mask = (ink > _INK).astype(np.uint8)
    grown = cv2.dilate(mask, _AROUND)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    for number, (left, top, width, height, _) in enumerate(stats.tolist()[1:], 1):
        region = labels[top : top + height, left : left + width] == number
        content = np.where(region, ink[top : top + height, left : left + width], np.float32(0))
        yield Part((left, top, left + width, top + height), content)


def _cut(part: InkPart) -> list[InkPart]:
    """The part in pieces between its cuts."""
    height, width = part.content.shape
    if width < _CUT_FROM * height:
        return [part]
    edges = [0, *_cuts(part.content), width]
    left, top, _, _ = part.box
    pieces = []
    for start, end in pairwise(edges):
        content = part.content[:, start:end]
        rows = np.flatnonzero((content > _INK).any(axis=1))
        if len(rows):
            box = (left + start, top + int(rows[0]), left + end, top + int(rows[-1]) + 1)
            pieces.append(Part(box, content[rows[0] : rows[-1] + 1]))
    return pieces


def _cuts(content: np.ndarray) -> list[int]:
    """Columns at which the ink is thinnest, from left to right."""
    height, width = content.shape
    columns = content.sum(axis=0)
    reach = max(1, round(_APART * height))
    kernel = np.ones(max(1, reach // 4)) / max(1, reach // 4)
    smooth = np.convolve(columns, kernel, mode="same")
    found: list[int] = []
    for x in np.argsort(smooth, kind="stable"):
        around = smooth[max(0, x - 3 * reach) : x + 3 * reach + 1].max()
        near_edge = x < reach or x > width - reach
        if near_edge or smooth[x] > _THIN * around:
            continue
        if all(abs(int(x) - other) >= reach for other in found):
            found.append(int(x))
    return sorted(found)
