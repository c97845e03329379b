"""A pad that is wider than high: more room beside the square, at the same scale."""

from __future__ import annotations

import tkinter as tk

import numpy as np
import pytest
from number_drawings import number_drawing
from PIL import Image
from window_support import ONE, wait_until

from number_recognition.digits.drawing.drawing import PAD, Drawing, Stroke
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.session.pad_content import PadContent, render_image
from number_recognition.window.pad.canvas import Pad


def resized(pad: Pad, width: int, height: int) -> None:
    pad.place(x=0, y=0, width=width, height=height)
    wait_until(lambda: (pad.winfo_width(), pad.winfo_height()) == (width, height), pad)
    pad.update()


@pytest.fixture
def pad(bare_window: tk.Tk) -> Pad:
    bare_window.geometry("1000x400+0+0")
    pad = Pad(bare_window)
    resized(pad, 900, 300)
    return pad


def draw(pad: Pad, x: float, y: float, *, until: float) -> None:
    """Draw a line down, in pixels of the canvas."""
    pad.canvas.event_generate("<ButtonPress-1>", x=x, y=y)
    pad.canvas.event_generate("<B1-Motion>", x=x, y=until)
    pad.canvas.event_generate("<ButtonRelease-1>", x=x, y=until)


def shown_ink(pad: Pad) -> np.ndarray:
    """Where the canvas shows ink, (height, width) bool."""
    wait_until(lambda: pad.renderer.complete, pad)
    view, name = pad.renderer.view, pad.canvas.itemcget(pad.renderer.item, "image")
    data = bytes(pad.tk.call(name, "data", "-format", "ppm"))
    size = view.height, view.width, 3
    return np.frombuffer(data[-3 * view.width * view.height :], np.uint8).reshape(size)[..., 0] < 99


def test_the_canvas_takes_the_width(pad: Pad) -> None:
    assert (pad.canvas.winfo_width(), pad.canvas.winfo_height()) == (900, 300)


def test_a_pad_that_is_higher_than_wide_stays_square(pad: Pad) -> None:
    resized(pad, 300, 380)
    assert (pad.canvas.winfo_width(), pad.canvas.winfo_height()) == (300, 300)


def test_the_pen_draws_beside_the_square_at_the_scale_of_the_square(pad: Pad) -> None:
    draw(pad, 30, 50, until=250)
    draw(pad, 870, 50, until=250)
    left, right = (stroke.box for stroke in pad.drawing.strokes)
    assert left[0] == pytest.approx(PAD / 2 - 420 * PAD / 296, abs=1)
    assert right[0] == pytest.approx(PAD / 2 + 420 * PAD / 296, abs=1)
    assert right[3] - right[1] == pytest.approx(200 * PAD / 296, abs=1)
    ink = shown_ink(pad)
    assert ink[150, 28] and ink[150, 868] and not ink[:, 100:800].any()


def test_a_wide_drawing_stays_whole_in_a_narrow_window(pad: Pad) -> None:
    draw(pad, 30, 50, until=250)
    drawing = pad.drawing
    resized(pad, 300, 300)
    ink = shown_ink(pad)
    assert pad.drawing is drawing and ink.any() and not ink[:, 150:].any()
    assert not ink[:, 0].any()
    resized(pad, 900, 300)
    assert shown_ink(pad)[150, 28]


def test_a_drawing_of_the_square_pad_opens_in_the_middle(pad: Pad) -> None:
    drawing = Drawing((Stroke(tuple(ONE)),))
    pad.show(drawing)
    ink = shown_ink(pad)
    side = ink.shape[0]
    middle = ink[:, (ink.shape[1] - side) // 2 :][:, :side]
    painted = np.asarray(rasterize(drawing, side)) < 128
    assert ink.sum() == middle.sum() and (middle == painted).mean() > 0.99


def test_a_wide_image_takes_the_width(pad: Pad) -> None:
    paper = np.full((100, 290, 3), 255, np.uint8)
    paper[:, :2] = paper[:, -2:] = 0
    pad.show(Drawing(), Image.fromarray(paper))
    columns = np.flatnonzero(shown_ink(pad).any(axis=0))
    assert columns[0] < 25 and columns[-1] > 870


def test_a_wide_drawing_is_saved_whole() -> None:
    drawing = number_drawing(7, 1).mapped(lambda points: points * 2.5 + (100, -100))
    image = render_image(PadContent(drawing))
    assert image.width > image.height
    ink = np.asarray(image) < 128
    assert not ink[:, [0, -1]].any() and ink.any()
