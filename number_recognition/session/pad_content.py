"""What is on the pad: strokes, or an image in their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from number_recognition.digits.drawing.drawing import Drawing

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True)
class PadContent:
    """The strokes of the pad, or the image that was opened in their place."""

    drawing: Drawing = field(default_factory=Drawing)
    image: Image.Image | None = None

    def __bool__(self) -> bool:
        return bool(self.drawing) or self.image is not None

    @property
    def image_bytes(self) -> int:
        """About how much memory the image takes; strokes take next to none."""
        if self.image is None:
            return 0
        return self.image.width * self.image.height * len(self.image.getbands())
