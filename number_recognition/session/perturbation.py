"""What may be done to a drawing to try a network: moved, turned, scaled, thickened, roughened."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from number_recognition.digits.drawing.drawing import PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.frame import SIZE, extract_ink
from number_recognition.learning.models.prediction import Prediction
from number_recognition.session.pad_content import PadContent
from Recognition import Recognizer

_SIDE = 140
"""Side in pixels at which the changed drawing is painted."""


@dataclass(frozen=True)
class Perturbation:
    """How a drawing is changed.

    `right` and `down` in percent of the pad, `turn` in degrees clockwise, `scale` in percent,
    `pen` the width of the lines in percent, `noise` in percent: of full ink in a picture, of the
    pad's tenth part as a tremor in strokes.
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
    """A slider: its title, its ends, and the unit of its value."""

    title: str
    low: float
    high: float
    unit: str

    def shown(self, value: float) -> str:
        """A value as text with its unit."""
        return f"{value:+.0f}{self.unit}" if self.low < 0 else f"{value:.0f}{self.unit}"


RANGES = {
    "right": Range("Move across", -40, 40, " %"),
    "down": Range("Move down", -40, 40, " %"),
    "turn": Range("Turn", -90, 90, "°"),
    "scale": Range("Scale", 15, 200, " %"),
    "pen": Range("Thicken", 20, 400, " %"),
    "noise": Range("Noise", 0, 60, " %"),
}
"""The sliders by the names of what they change."""


@dataclass(frozen=True)
class PerturbedInput:
    """A drawing as a trial changed it: as a picture, and as strokes where it has them."""

    image: Image.Image
    drawing: Drawing | None


def perturb(page: PadContent, trial: Perturbation) -> PerturbedInput:
    """What lies on the pad, changed. The same trial gives the same noise."""
    if page.image is not None:
        return PerturbedInput(_with_grain(_changed_picture(page.image, trial), trial.noise), None)
    drawing = changed_drawing(page.drawing, trial)
    return PerturbedInput(
        _with_grain(rasterize(drawing, _SIDE), trial.noise), _with_noise(drawing, trial.noise)
    )


def read(recognizer: Recognizer, changed: PerturbedInput, by_strokes: bool) -> Prediction:
    """What a network reads in it, from its strokes where asked for and known."""
    if by_strokes and changed.drawing is not None:
        return recognizer.predict_drawing(changed.drawing)
    return recognizer.predict(changed.image)


def to_ink(changed: PerturbedInput) -> np.ndarray:
    """The changed drawing in small, (28, 28) float32, ink 1 on paper 0."""
    small = changed.image.resize((SIZE, SIZE), Image.Resampling.BOX)
    return 1 - np.asarray(small, np.float32) / 255


def changed_drawing(drawing: Drawing, trial: Perturbation) -> Drawing:
    """The strokes turned and scaled about the middle of their box, then moved."""
    left, top, right, bottom = drawing.box()
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    factor, angle = trial.scale / 100, math.radians(trial.turn)
    matrix = factor * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    offset = centre + np.array([trial.right, trial.down]) * PAD / 100
    return drawing.mapped(
        lambda points: (points - centre) @ matrix.T + offset, pen=factor * trial.pen / 100
    )


def _with_noise(drawing: Drawing, noise: float) -> Drawing:
    rng = np.random.default_rng(1)
    strength = noise / 100 * PAD / 10
    return drawing.mapped(lambda points: points + rng.normal(0, strength, points.shape))


def _changed_picture(image: Image.Image, trial: Perturbation) -> Image.Image:
    """A picture, ink 0 on paper 255, turned and scaled about the middle of its ink, then moved."""
    ink = extract_ink(image)
    if ink is None:
        return Image.new("L", (_SIDE, _SIDE), 255)
    picture = Image.fromarray(np.round(ink * 255).astype(np.uint8))
    unit = _SIDE / max(picture.size)
    left, top, right, bottom = picture.getbbox()
    factor, angle = unit * trial.scale / 100, math.radians(trial.turn)
    margin = [(_SIDE - length * unit) / 2 for length in picture.size]
    x = (left + right) / 2 * unit + margin[0] + trial.right * _SIDE / 100
    y = (top + bottom) / 2 * unit + margin[1] + trial.down * _SIDE / 100
    cosine, sine = math.cos(angle) / factor, math.sin(angle) / factor
    # Pillow wants to know where in the source each pixel of the result comes from.
    back = (
        cosine, sine, (left + right) / 2 - cosine * x - sine * y,
        -sine, cosine, (top + bottom) / 2 + sine * x - cosine * y,
    )  # fmt: skip
    turned = picture.transform(
        (_SIDE, _SIDE), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC
    )
    return _with_lines(turned, trial.pen).point(lambda grey: 255 - grey)


def _with_lines(picture: Image.Image, pen: float) -> Image.Image:
    """Lines of ink 255 wider or narrower: an ordinary pen is a sixteenth of the pad."""
    reach = round(abs(pen / 100 - 1) * _SIDE / 32)
    if not reach:
        return picture
    filters = ImageFilter.MaxFilter if pen > 100 else ImageFilter.MinFilter
    return picture.filter(filters(2 * reach + 1))


def _with_grain(picture: Image.Image, noise: float) -> Image.Image:
    if not noise:
        return picture
    grain = np.random.default_rng(1).normal(0, noise / 100 * 255, (picture.height, picture.width))
    values = np.asarray(picture, np.float64) + grain
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
