"""Many small images are framed at once, each as it would be alone."""

from __future__ import annotations

import numpy as np
from digit_images import drawing, rasterized
from PIL import Image, ImageOps

from number_recognition.digits.drawing.rasterize import run_to_end
from number_recognition.digits.images.frame import frame
from number_recognition.digits.images.small_images import frame_all_in_steps


def small(label: int, side: int = 28) -> Image.Image:
    return rasterized(drawing(label)).resize((side, side))


def images() -> list[Image.Image]:
    """Small images of every kind, some of one size."""
    rng = np.random.default_rng(1)
    grainy = Image.fromarray(rng.integers(0, 40, (28, 28), np.uint8))
    touching = small(7).crop((8, 0, 28, 28)).resize((28, 28))
    dot = Image.new("L", (28, 28), 255)
    dot.putpixel((9, 9), 0)
    faint = Image.new("L", (28, 28))
    faint.paste(11, (2, 2, 9, 9))
    faint.paste(255, (12, 5, 15, 22))
    plain = [small(label) for label in range(10)] + [small(label, 40) for label in (3, 4)]
    return [
        *(*plain, *map(ImageOps.invert, plain[:3]), grainy, touching, dot, faint),
        *(Image.new("L", (28, 28)), small(5, 64), small(6).convert("RGB"), small(8).convert("1")),
    ]


def test_many_small_images_are_framed_as_each_is_alone() -> None:
    for image, framed in zip(images(), run_to_end(frame_all_in_steps(images())), strict=True):
        alone = frame(image)
        if alone is None or framed is None:
            assert alone is framed
            continue
        assert np.array_equal(framed.pixels, alone.pixels)
        assert framed.drawn == alone.drawn
        assert framed.cropped == alone.cropped and framed.boxed == alone.boxed
