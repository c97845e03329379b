"""Drawings to try a view with, where nobody has drawn yet."""

from __future__ import annotations

from number_recognition.digits.drawing.drawing import Drawing, Stroke

_PATHS = {
    2: ((85, 95), (100, 65), (140, 52), (180, 68), (188, 105), (165, 145), (120, 185), (85, 222),
        (130, 218), (195, 222)),
    3: ((90, 70), (130, 52), (175, 65), (182, 100), (150, 128), (125, 134), (165, 145), (188, 180),
        (170, 218), (125, 230), (85, 212)),
    7: ((80, 70), (140, 68), (200, 70), (185, 110), (165, 150), (150, 190), (140, 225)),
}  # fmt: skip


def example(number: int = 0) -> Drawing:
    """Return one of a few drawings of a digit; each number another one, around the end."""
    paths = list(_PATHS.values())
    return Drawing((Stroke(tuple((float(x), float(y)) for x, y in paths[number % len(paths)])),))
