"""Perturbations of a drawing: it is moved, rotated, scaled, its lines thickened, noise added."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from number_recognition.digits.drawing.drawing import PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.strokes import move_into_square
from number_recognition.digits.images.box import SIZE
from number_recognition.digits.images.frame import extract_ink
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.pad_content import PadContent
from Recognition import Recognizer

_SIDE = 140
"""Width and height in pixels of a perturbed image."""


@dataclass(frozen=True)
class Perturbation:
    """How a drawing is perturbed.

    `right` and `down` are percent of the pad, `turn` degrees clockwise, `scale` percent, `pen`
    percent of the line width. `noise` is the standard deviation in percent: of black in an image,
    of a tenth of the pad for the points of strokes.
    """

    right: float = 0.0
    down: float = 0.0
    turn: float = 0.0
    scale: float = 100.0
    pen: float = 100.0
    noise: float = 0.0


NEUTRAL = Perturbation()


@dataclass(frozen=True)
class Range:
    """The values of one perturbation: a title for its slider, the limits, the unit."""

    title: str
    low: float
    high: float
    unit: str

    def shown(self, value: float) -> str:
        """A value with its unit: "+12 %"."""
        return f"{value:+.0f}{self.unit}" if self.low < 0 else f"{value:.0f}{self.unit}"


RANGES = {
    "right": Range("Move across", -40, 40, " %"),
    "down": Range("Move down", -40, 40, " %"),
    "turn": Range("Turn", -90, 90, "°"),
    "scale": Range("Scale", 15, 200, " %"),
    "pen": Range("Thicken", 20, 400, " %"),
    "noise": Range("Noise", 0, 60, " %"),
}
"""The ranges by the attributes of `Perturbation`."""


@dataclass(frozen=True)
class PerturbedInput:
    """A perturbed drawing: an image, and strokes where there are some."""

    image: Image.Image
    drawing: Drawing | None


def perturb(content: PadContent, perturbation: Perturbation) -> PerturbedInput:
    """Perturb a content of the pad. The same perturbation gives the same noise."""
    if content.image is not None:
        return PerturbedInput(
            _with_grain(_perturbed_image(content.image, perturbation), perturbation.noise), None
        )
    drawing = changed_drawing(move_into_square(content.drawing), perturbation)
    return PerturbedInput(
        _with_grain(rasterize(drawing, _SIDE), perturbation.noise),
        _with_noise(drawing, perturbation.noise),
    )


def read(recognizer: Recognizer, perturbed: PerturbedInput, by_strokes: bool) -> Prediction:
    """Predict the digit, with `by_strokes` from the strokes where there are some."""
    if by_strokes and perturbed.drawing is not None:
        return recognizer.predict_drawing(perturbed.drawing)
    return recognizer.predict(perturbed.image)


def to_ink(perturbed: PerturbedInput) -> np.ndarray:
    """The perturbed image scaled down, (28, 28) float32, ink 1 on paper 0."""
    small = perturbed.image.resize((SIZE, SIZE), Image.Resampling.BOX)
    return 1 - np.asarray(small, np.float32) / 255


def changed_drawing(drawing: Drawing, perturbation: Perturbation) -> Drawing:
    """Rotate and scale strokes about the centre of their bounding box, then move them."""
    left, top, right, bottom = drawing.box()
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    factor, angle = perturbation.scale / 100, math.radians(perturbation.turn)
    matrix = factor * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    offset = centre + np.array([perturbation.right, perturbation.down]) * PAD / 100
    return drawing.mapped(
        lambda points: (points - centre) @ matrix.T + offset, pen=factor * perturbation.pen / 100
    )


def _with_noise(drawing: Drawing, noise: float) -> Drawing:
    rng = np.random.default_rng(1)
    strength = noise / 100 * PAD / 10
    return drawing.mapped(lambda points: points + rng.normal(0, strength, points.shape))


def _perturbed_image(image: Image.Image, perturbation: Perturbation) -> Image.Image:
    """Rotate, scale and move an image about the centre of its ink; the result is black on white."""
    ink = extract_ink(image)
    if ink is None:
        return Image.new("L", (_SIDE, _SIDE), 255)
    grey_ink = Image.fromarray(np.round(ink * 255).astype(np.uint8))
    unit = _SIDE / max(grey_ink.size)
    left, top, right, bottom = grey_ink.getbbox() or (0, 0, *grey_ink.size)
    factor, angle = unit * perturbation.scale / 100, math.radians(perturbation.turn)
    margin = [(_SIDE - length * unit) / 2 for length in grey_ink.size]
    x = (left + right) / 2 * unit + margin[0] + perturbation.right * _SIDE / 100
    y = (top + bottom) / 2 * unit + margin[1] + perturbation.down * _SIDE / 100
    cosine, sine = math.cos(angle) / factor, math.sin(angle) / factor
    # Pillow maps each pixel of the result to its position in the source.
    inverse = (
        cosine, sine, (left + right) / 2 - cosine * x - sine * y,
        -sine, cosine, (top + bottom) / 2 + sine * x - cosine * y,
    )  # fmt: skip
    rotated = grey_ink.transform(
        (_SIDE, _SIDE), Image.Transform.AFFINE, inverse, Image.Resampling.BICUBIC
    )
    return _with_lines(rotated, perturbation.pen).point(lambda grey: 255 - grey)


def _with_lines(grey_ink: Image.Image, pen: float) -> Image.Image:
    """Lines of ink 255 wider or narrower: an ordinary pen is a sixteenth of the pad."""
    reach = round(abs(pen / 100 - 1) * _SIDE / 32)
    if not reach:
        return grey_ink
    filters = ImageFilter.MaxFilter if pen > 100 else ImageFilter.MinFilter
    return grey_ink.filter(filters(2 * reach + 1))


def _with_grain(grey_ink: Image.Image, noise: float) -> Image.Image:
    if not noise:
        return grey_ink
    grain = np.random.default_rng(1).normal(0, noise / 100 * 255, (grey_ink.height, grey_ink.width))
    values = np.asarray(grey_ink, np.float64) + grain
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
