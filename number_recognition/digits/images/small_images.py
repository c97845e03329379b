"""Frames many small images at once: for so few pixels, NumPy takes longer to start than to compute.

The frames are those of `frame`, which frames all other images.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Sequence

import numpy as np
from PIL import Image

from number_recognition.digits.cleaning.picture import is_small
from number_recognition.digits.images.box import centred, line_widths, scaled_to_box
from number_recognition.digits.images.frame import Frame, frame
from number_recognition.digits.images.grain import (
    FAINTEST,
    MIN_CONTRAST,
    as_bytes,
    may_be_small_and_grainy,
)


def frame_all_in_steps(images: Sequence[Image.Image]) -> Generator[None, None, list[Frame | None]]:
    """Frame each image like `frame`, in steps of a few milliseconds; returns the frames."""
    frames: dict[int, Frame | None] = {}
    same_size: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, image in enumerate(images):
        if image.mode == "L" and "transparency" not in image.info and is_small(image.size):
            same_size[image.size].append(number)
    for numbers in same_size.values():
        found = _frames([images[number] for number in numbers])
        frames |= {numbers[place]: framed for place, framed in found.items()}
        yield
    for number, image in enumerate(images):
        if number not in frames:
            frames[number] = frame(image)
            yield
    return [frames[number] for number in range(len(images))]


def _frames(images: Sequence[Image.Image]) -> dict[int, Frame]:
    """The frames of those images with ink on even paper without grain, by number.

    Args:
        images: small 8-bit grey images of one size.
    """
    width, height = images[0].size
    content = b"".join(image.tobytes() for image in images)
    greys = np.frombuffer(content, np.uint8).reshape(-1, height, width)
    borders = np.concatenate([greys[:, 0], greys[:, -1], greys[:, :, 0], greys[:, :, -1]], axis=1)
    brightness = greys.astype(np.float32) / np.float32(255)
    contrasts = np.abs(brightness - brightness[:, :1, :1])
    strongest = contrasts.max(axis=(1, 2))
    is_plain = (borders == borders[:, :1]).all(axis=1) & (strongest >= MIN_CONTRAST)
    inks = contrasts / np.maximum(strongest, MIN_CONTRAST)[:, None, None]
    is_plain &= ~may_be_small_and_grainy(inks, 0)
    numbers = np.flatnonzero(is_plain)
    return dict(zip(numbers.tolist(), _framed(inks[numbers]), strict=True)) if len(numbers) else {}


def _framed(inks: np.ndarray) -> list[Frame]:
    """The frames of inks from 0 to 1, (n, height, width), with ink in each."""
    drawn, has_ink = as_bytes(inks), inks > FAINTEST
    tops, bottoms = _ends(has_ink, 2)
    lefts, rights = _ends(has_ink, 1)
    boxes = [
        (slice(top, bottom), slice(left, right))
        for top, bottom, left, right in zip(tops, bottoms, lefts, rights, strict=True)
    ]
    alone = np.zeros_like(drawn)  # without faint ink around the box
    for number, box in enumerate(boxes):
        alone[number][box] = drawn[number][box]
    cropped = [Image.fromarray(ink[box]) for ink, box in zip(drawn, boxes, strict=True)]
    widths = line_widths(alone).tolist()
    boxed = [scaled_to_box(image, width) for image, width in zip(cropped, widths, strict=True)]
    return list(map(Frame, drawn, cropped, boxed, centred(boxed)))


def _ends(has_ink: np.ndarray, axis: int) -> tuple[list[int], list[int]]:
    """The first row (`axis` 2) or column (1) with ink of each image, and the first after the last.

    Args:
        has_ink: (n, height, width) bool, some ink in each.
        axis: the other axis.
    """
    inked: np.ndarray = np.any(has_ink, axis=axis)
    first: list[int] = inked.argmax(axis=1).tolist()
    end: list[int] = (inked.shape[1] - inked[:, ::-1].argmax(axis=1)).tolist()
    return first, end
