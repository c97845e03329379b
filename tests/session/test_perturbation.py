"""Perturbations of strokes and images."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from window_support import one_stroke

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.session.perturbation import Perturbation, changed_drawing, perturb
from number_recognition.session.session import PadContent


def test_strokes_turn_clockwise_about_their_middle() -> None:
    horizontal = Drawing((Stroke(((100.0, 140.0), (180.0, 140.0)), 10.0),))
    turned = changed_drawing(horizontal, Perturbation(turn=90, scale=50, right=10, pen=200))
    assert np.allclose(turned.strokes[0].points, [(168, 120), (168, 160)])
    assert turned.strokes[0].width == 10.0


@pytest.mark.parametrize("name, value", [("turn", 40), ("right", 25), ("down", -25), ("scale", 50)])
def test_an_image_and_its_strokes_change_alike(name: str, value: float) -> None:
    content, perturbation = one_stroke([(110, 60), (170, 220)]), Perturbation(**{name: value})
    image_content = PadContent(image=rasterize(content.drawing, 280))
    from_strokes, from_image = (
        np.asarray(perturb(each, perturbation).image, float) for each in (content, image_content)
    )
    assert np.abs(from_strokes - from_image).mean() < 4


def test_a_blank_image_stays_blank() -> None:
    blank = PadContent(image=Image.new("L", (50, 50), 255))
    assert np.asarray(perturb(blank, Perturbation(turn=10)).image).min() == 255
