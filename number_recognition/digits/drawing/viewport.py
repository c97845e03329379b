"""The part of the pad that is shown, and its scale. Opens without NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from number_recognition.digits.drawing.drawing import PAD, Point

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Viewport:
    """What an image shows of the pad; the middle of the square pad is in its middle.

    Where it is wider than high, there is more to the left and to the right of the square.

    Attributes:
        width: of the image in pixels.
        height: of the image in pixels.
        scale: pixels in a unit of the pad.
    """

    width: int
    height: int
    scale: float

    @classmethod
    def square(cls, side: int) -> Viewport:
        """All of the square pad in an image whose side has so many pixels."""
        return cls(side, side, side / PAD)

    @classmethod
    def of_image(cls, size: tuple[int, int]) -> Viewport:
        """What an image of (width, height) pixels covers that is shown on the pad.

        It is as high as the square, and in its middle.
        """
        return cls(*size, size[1] / PAD)

    @classmethod
    def around(
        cls, width: int, height: int, box: Box | None = None, margin: float = 0.0
    ) -> Viewport:
        """The largest scale at which an image shows the square pad and a box, both whole.

        Args:
            width: of the image in pixels.
            height: of the image in pixels.
            box: left, top, right and bottom in units of the pad; None: the square alone.
            margin: around the box, where the scale is smaller for its sake.
        """
        square = cls(width, height, min(width, height) / PAD)
        if box is None or square._shows(box):
            return square
        left, top, right, bottom = box
        across = max(PAD, PAD - 2 * left, 2 * right - PAD) + 2 * margin
        down = max(PAD, PAD - 2 * top, 2 * bottom - PAD) + 2 * margin
        return cls(width, height, min(width / across, height / down))

    @cached_property
    def box(self) -> Box:
        """Left, top, right and bottom of what is shown, in units of the pad."""
        # Rounded, so that the edges of the square are 0 and PAD exactly.
        across, down = round(self.width / self.scale, 9), round(self.height / self.scale, 9)
        left, top = (PAD - across) / 2, (PAD - down) / 2
        return left, top, left + across, top + down

    def _shows(self, box: Box) -> bool:
        """Whether all of a box, in units of the pad, is shown."""
        left, top, right, bottom = self.box
        return left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom

    def to_pixels(self, point: Point) -> Point:
        """Convert a point in units of the pad to pixels of the image."""
        left, top, _, _ = self.box
        return (point[0] - left) * self.scale, (point[1] - top) * self.scale

    def to_pad(self, x: float, y: float) -> Point:
        """Convert a position in pixels of the image to units of the pad."""
        left, top, _, _ = self.box
        return left + x / self.scale, top + y / self.scale
