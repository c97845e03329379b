"""Pictures of digits made worse: printed lines and other strokes on them, uneven light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from number_recognition.digits.images.frame import extract_ink

LEAST, MOST = 160, 480
"""Pictures are brought to a longer side between these before anything is added."""
_MARGIN = 0.06
"""Of each side: pictures with less paper around the digit are left out."""


@dataclass(frozen=True)
class Base:
    """A picture of one digit, and where its ink is.

    Attributes:
        grey: brightness, (height, width) float from 0 to 1.
        box: left, top, right and bottom of the ink in pixels.
        paper: brightness of the paper.
        ink: brightness of the ink.
        mask: where the ink is, (height, width) bool.
    """

    grey: np.ndarray
    box: tuple[int, int, int, int]
    paper: float
    ink: float
    mask: np.ndarray

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.grey.shape[1], self.grey.shape[0]


Degrade = Callable[[Base, Base, np.random.Generator], np.ndarray]
"""From a picture, one whose digit may stand beside it, and random numbers: its new brightness."""


def base(image: Image.Image) -> Base | None:
    """The picture with its ink measured; None without paper on all sides of the digit."""
    image = image.convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("L")
    longer = max(image.size)
    scale = min(max(longer, LEAST), MOST) / longer
    width, height = (max(1, round(length * scale)) for length in image.size)
    image = image.resize((width, height), Image.Resampling.BICUBIC)
    ink = extract_ink(image)
    if ink is None or not (mask := ink > 0.5).any():
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    if min(left, width - right) < _MARGIN * width or min(top, height - bottom) < _MARGIN * height:
        return None
    grey = np.asarray(image, np.float64) / 255
    paper, dark = np.median(grey[~mask]), np.median(grey[mask])
    return Base(grey, (left, top, right, bottom), float(paper), float(dark), mask)


def picture(grey: np.ndarray) -> Image.Image:
    """Brightness from 0 to 1 as an 8-bit grey image."""
    return Image.fromarray(np.round(np.clip(grey, 0, 1) * 255).astype(np.uint8))


def _drawn(
    base: Base, draw: Callable[[ImageDraw.ImageDraw], object], strength: float
) -> np.ndarray:
    """The picture with something drawn on it in its ink, paler where `strength` is below 1."""
    layer = Image.new("L", base.size, 0)
    draw(ImageDraw.Draw(layer))
    amount = np.asarray(layer, np.float64) / 255 * strength
    inked = base.grey * (1 - amount) + base.ink * amount
    darker = base.ink < base.paper
    return np.asarray((np.minimum if darker else np.maximum)(base.grey, inked))


def _width(base: Base, rng: np.random.Generator, least: float, most: float) -> int:
    return max(1, round(rng.uniform(least, most) * min(base.size)))


def _gap(base: Base) -> float:
    """Paper between the ink and the nearest edge of the picture."""
    left, top, right, bottom = base.box
    return float(min(left, top, base.size[0] - right, base.size[1] - bottom))


def box_inside(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """A printed box around the digit, with paper around it."""
    width = max(1, min(_width(base, rng, 0.008, 0.025), int(_gap(base) / 3)))
    inset = rng.uniform(0.3, 0.6) * (_gap(base) - width)
    right, bottom = base.size[0] - 1 - inset, base.size[1] - 1 - inset
    return _drawn(
        base,
        lambda d: d.rectangle((inset, inset, right, bottom), outline=255, width=width),
        rng.uniform(0.7, 1),
    )


def box_at_the_edge(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """A printed box cut out along its own lines."""
    width = max(1, min(_width(base, rng, 0.008, 0.03), int(_gap(base) / 2)))
    size = base.size[0] - 1, base.size[1] - 1
    return _drawn(
        base,
        lambda d: d.rectangle((0, 0, *size), outline=255, width=width),
        rng.uniform(0.7, 1),
    )


def two_sides(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """Two sides of a printed box that meet in a corner."""
    width = max(1, min(_width(base, rng, 0.008, 0.03), int(_gap(base) / 2)))
    inset = rng.uniform(0, 0.5) * (_gap(base) - width)
    x = inset if rng.random() < 0.5 else base.size[0] - 1 - inset
    y = inset if rng.random() < 0.5 else base.size[1] - 1 - inset

    def draw(pen: ImageDraw.ImageDraw) -> None:
        pen.line((x, 0, x, base.size[1]), fill=255, width=width)
        pen.line((0, y, base.size[0], y), fill=255, width=width)

    return _drawn(base, draw, rng.uniform(0.7, 1))


def dark_bar(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """A dark bar along one side, as the edge of a page makes it."""
    side = int(rng.integers(4))
    left, top, right, bottom = base.box
    width, height = base.size
    room = (left, top, width - right, height - bottom)[side]
    thick = min(rng.uniform(0.04, 0.12) * (width, height)[side % 2], 0.8 * room)
    box = [
        (0, 0, thick, height),
        (0, 0, width, thick),
        (width - thick, 0, width, height),
        (0, height - thick, width, height),
    ][side]
    return _drawn(base, lambda d: d.rectangle(box, fill=255), rng.uniform(0.7, 1))


def cut_off_neighbour(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """Part of another digit, cut off by the left or the right edge."""
    left, top, right, bottom = base.box
    o_left, o_top, o_right, o_bottom = other.box
    scale = (bottom - top) / (o_bottom - o_top)
    digit = Image.fromarray(other.mask[o_top:o_bottom, o_left:o_right]).convert("L")
    digit = digit.resize((max(2, round(digit.width * scale)), bottom - top))
    at_left = rng.random() < 0.5
    room = left if at_left else base.size[0] - right
    visible = int(max(1, min(rng.uniform(0.15, 0.5) * digit.width, 0.8 * room)))
    x = visible - digit.width if at_left else base.size[0] - visible
    y = top + round(rng.uniform(-0.1, 0.1) * (bottom - top))
    return _drawn(base, lambda d: d.bitmap((x, y), digit, fill=255), 1.0)


def ruled_lines(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """Ruled paper: lines at even distances, also through the digit."""
    width, strength = _width(base, rng, 0.005, 0.012), rng.uniform(0.3, 0.8)
    gap = rng.uniform(0.18, 0.4) * base.size[1]
    rows = np.arange(rng.uniform(0, gap), base.size[1], gap)

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for y in rows:
            pen.line((0, y, base.size[0], y), fill=255, width=width)

    return _drawn(base, draw, strength)


def underline(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """One line below the digit, about as wide as the picture."""
    width = _width(base, rng, 0.008, 0.025)
    room = base.size[1] - base.box[3]
    y = base.box[3] + width / 2 + rng.uniform(0.2, 0.7) * max(0.0, room - width)
    inset = rng.uniform(0, 0.1) * base.size[0] * (rng.random() < 0.5)
    ends = (inset, y, base.size[0] - 1 - inset, y)
    return _drawn(base, lambda d: d.line(ends, fill=255, width=width), rng.uniform(0.7, 1))


def squares(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """Squared paper, paler than the ink."""
    return _squared(base, rng, rng.uniform(0.25, 0.6))


def dark_squares(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """Squared paper, about as dark as the ink."""
    return _squared(base, rng, rng.uniform(0.75, 1))


def _squared(base: Base, rng: np.random.Generator, strength: float) -> np.ndarray:
    width = _width(base, rng, 0.004, 0.009)
    gap = rng.uniform(0.1, 0.25) * min(base.size)
    rows = np.arange(rng.uniform(0, gap), base.size[1], gap)
    columns = np.arange(rng.uniform(0, gap), base.size[0], gap)

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for y in rows:
            pen.line((0, y, base.size[0], y), fill=255, width=width)
        for x in columns:
            pen.line((x, 0, x, base.size[1]), fill=255, width=width)

    return _drawn(base, draw, strength)


def dotted_lines(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """Dotted lines at even distances, also through the digit."""
    width, strength = _width(base, rng, 0.006, 0.014), rng.uniform(0.5, 1)
    gap, dots = rng.uniform(0.2, 0.5) * base.size[1], width * rng.uniform(2, 4)
    rows = np.arange(rng.uniform(0, gap), base.size[1], gap).round().astype(int).tolist()
    columns = np.arange(rng.uniform(0, dots), base.size[0], dots).round().astype(int).tolist()

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for y in rows:
            for x in columns:
                pen.rectangle((x, y, x + width - 1, y + width - 1), fill=255)

    return _drawn(base, draw, strength)


def line_across(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """One line of a form through the digit, leaning a little, in either direction."""
    width = _width(base, rng, 0.006, 0.015)
    left, top, right, bottom = base.box
    part, lean = rng.uniform(0.15, 0.85), rng.normal(0, 0.01)
    if rng.random() < 0.7:
        y = top + part * (bottom - top)
        ends = 0.0, y, float(base.size[0]), y + lean * base.size[0]
    else:
        x = left + part * (right - left)
        ends = x, 0.0, x + lean * base.size[1], float(base.size[1])
    return _drawn(base, lambda d: d.line(ends, fill=255, width=width), rng.uniform(0.5, 1))


def _positions(base: Base) -> tuple[np.ndarray, np.ndarray]:
    """Distance of each pixel from the centre, rightwards and down, from -1 to 1."""
    rows, columns = (np.linspace(-1, 1, length) for length in base.grey.shape)
    x, y = np.meshgrid(columns, rows)
    return x, y


def hard_shadow(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """A shadow with a sharp straight edge across the picture: 40 % of the light is gone."""
    x, y = _positions(base)
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-0.4, 0.4)
    distance = (x * np.cos(angle) + y * np.sin(angle) - offset) * min(base.size) / 2
    return np.asarray(base.grey * (1 - 0.4 * np.clip(distance + 0.5, 0, 1)))


def hand_shadow(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """A soft round shadow that comes in from one side."""
    x, y = _positions(base)
    angle, radius = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 1.0)
    distance = np.hypot(x - 1.1 * np.cos(angle), y - 1.1 * np.sin(angle)) / radius
    soft = (1 + np.tanh((1 - distance) * rng.uniform(3, 8))) / 2
    return np.asarray(base.grey * (1 - 0.4 * soft))


def vignette(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """The corners 35 % darker than the middle."""
    x, y = _positions(base)
    return np.asarray(base.grey * (1 - 0.35 * (x**2 + y**2) / 2))


def lamp(base: Base, other: Base, rng: np.random.Generator) -> np.ndarray:
    """A lamp's spot, 30 % of white brighter than the paper around it."""
    x, y = _positions(base)
    place, size = rng.uniform(-0.4, 0.4, 2), rng.uniform(0.35, 0.7)
    spot = np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * size**2))
    return np.asarray(base.grey * (0.7 + 0.3 * spot))


CLUTTER: dict[str, Degrade] = {
    "box inside": box_inside,
    "box at the edge": box_at_the_edge,
    "two sides of a box": two_sides,
    "dark bar": dark_bar,
    "cut-off neighbour": cut_off_neighbour,
    "ruled lines": ruled_lines,
    "underline": underline,
    "squares": squares,
    "dark squares": dark_squares,
    "dotted lines": dotted_lines,
    "line across": line_across,
}
LIGHT: dict[str, Degrade] = {
    "hard shadow, 40 %": hard_shadow,
    "a hand's shadow": hand_shadow,
    "vignette, 35 %": vignette,
    "lamp, +30 %": lamp,
}
DEGRADATIONS = CLUTTER | LIGHT
