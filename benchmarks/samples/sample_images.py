"""Draws the sample images in images/testing: numbers, form cells, photographed notes, no digits.

python -m benchmarks.samples.sample_images images/testing

Digits come from the program's own pen, photos from a simple simulated camera. Images that are there
under other names stay, and `labels.csv` lists all whose name begins with what they show.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from number_recognition.digits.datasets.synthetic import draw_digit
from number_recognition.digits.drawing.drawing import PAD, Drawing
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.images.image_lists import list_images

SEED = 21
LIST = "labels.csv"
_SCALE = 3
"""Digits are painted so many times larger than they stand on the paper."""


class Paper:
    """A sheet on which digits are written, `grey` 8-bit with dark ink."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.grey = Image.new("L", (width, height), 255)
        self.pen = ImageDraw.Draw(self.grey)
        self.rng = np.random.default_rng((SEED, seed))

    def write(self, digits: str, left: float, top: float, height: float, pen: float = 8) -> float:
        """Write digits from left to right, `height` pixels high; returns where they end."""
        x = end = left
        for digit in digits:
            drawing = draw_digit(int(digit), self.rng)
            first, upper, right, lower = drawing.box()
            scale = height * self.rng.uniform(0.9, 1.1) / max(lower - upper, 0.6 * (right - first))
            y = top + self.rng.uniform(-0.06, 0.06) * height
            self._paint(drawing, scale, (x, y), pen)
            end = x + scale * (right - first)
            x = end + self.rng.uniform(0.3, 0.45) * height
        return end

    def write_drawing(
        self, drawing: Drawing, place: tuple[float, float], height: float, pen: float
    ) -> None:
        """Write a digit with its upper left corner at a place, `height` pixels high.

        A lying one is made no wider than that.
        """
        left, top, right, bottom = drawing.box()
        scale = height / max(bottom - top, right - left, 1e-6)
        self._paint(drawing, scale, place, pen)

    def _paint(
        self, drawing: Drawing, scale: float, place: tuple[float, float], pen: float
    ) -> None:
        first, upper, _, _ = drawing.box()
        corner = np.array([first, upper])
        moved = drawing.mapped(lambda points: (points - corner) * scale + 20).with_pen(pen)
        size = round(PAD * _SCALE)
        ink = rasterize(moved, size).resize((round(PAD), round(PAD)))
        left, top = (round(edge) - 20 for edge in place)
        under = self.grey.crop((left, top, left + round(PAD), top + round(PAD)))
        dark = np.minimum(np.asarray(under), np.asarray(ink.convert("L")))
        self.grey.paste(Image.fromarray(dark), (left, top))


def photographed(sheet: Paper, turn: float = 0.0, grain: float = 0.02) -> Image.Image:
    """The sheet as a camera sees it: turned, on a dark table, in slanting light, with grain."""
    page = sheet.grey.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=70)
    blurred = page.filter(ImageFilter.GaussianBlur(0.8))
    grey = 0.12 + 0.68 * np.asarray(blurred, np.float64) / 255
    x, y = np.meshgrid(np.linspace(-1, 1, page.width), np.linspace(-1, 1, page.height))
    slope = sheet.rng.uniform(-0.1, 0.1, 2)
    light = (1 + slope[0] * x + slope[1] * y) * (1 - 0.15 * (x**2 + y**2) / 2)
    noisy = grey * light + sheet.rng.normal(0, grain, grey.shape)
    return Image.fromarray(np.round(np.clip(noisy, 0, 1) * 255).astype(np.uint8))


def number(digits: str, seed: int) -> Image.Image:
    """A number, black on white."""
    sheet = Paper(50 + 130 * len(digits), 130, seed)
    end = sheet.write(digits, 25, 25, 75)
    return sheet.grey.crop((0, 0, round(end) + 25, 130))


def cell(digit: str, seed: int) -> Image.Image:
    """A cell of a form with its printed box."""
    sheet = Paper(150, 150, seed)
    sheet.pen.rectangle((9, 9, 140, 140), outline=40, width=3)
    sheet.write(digit, 52, 38, 72)
    return photographed(sheet)


def row_of_cells(digits: str, seed: int) -> Image.Image:
    """Cells of a form side by side."""
    sheet = Paper(60 + 80 * len(digits), 130, seed)
    for i, digit in enumerate(digits):
        left = 30 + 80 * i
        sheet.pen.rectangle((left, 22, left + 80, 108), outline=60, width=2)
        sheet.write(digit, left + 22, 37, 55, pen=6)
    return sheet.grey


def squared(digit: str, seed: int) -> Image.Image:
    """A digit on squared paper."""
    sheet = Paper(180, 180, seed)
    for place in range(6, 180, 24):
        sheet.pen.line((0, place, 180, place), fill=175)
        sheet.pen.line((place, 0, place, 180), fill=175)
    sheet.write(digit, 52, 46, 80)
    return photographed(sheet, grain=0.01)


def ruled(digits: str, seed: int) -> Image.Image:
    """A number on a ruled line."""
    sheet = Paper(60 + 70 * len(digits), 160, seed)
    for y in (20, 70, 120):
        sheet.pen.line((0, y, sheet.grey.width, y), fill=150, width=2)
    sheet.write(digits, 30, 50, 64)
    return sheet.grey


def page(lines: str, seed: int) -> Image.Image:
    """A photographed page with several lines of numbers, separated by spaces."""
    rows = lines.split()
    sheet = Paper(340, 40 + 80 * len(rows), seed)
    for i, row in enumerate(rows):
        sheet.write(row, 45, 35 + 80 * i, 44, pen=5)
    return photographed(sheet)


def blackboard(digits: str, seed: int) -> Image.Image:
    """Chalk on a board."""
    drawn = number(digits, seed)
    rng = np.random.default_rng((SEED, seed, 1))
    dust = rng.normal(0, 0.03, (drawn.height, drawn.width))
    chalk = (1 - np.asarray(drawn, np.float64) / 255) * rng.uniform(0.75, 1, dust.shape)
    grey = 0.2 + dust + 0.65 * chalk
    return Image.fromarray(np.round(np.clip(grey, 0, 1) * 255).astype(np.uint8))


def scribble(seed: int) -> Image.Image:
    """A tangle of strokes, which is no digit."""
    sheet = Paper(200, 200, seed)
    points = sheet.rng.uniform(30, 170, (16, 2))
    sheet.pen.line([tuple(point) for point in points.tolist()], fill=0, width=7, joint="curve")
    return sheet.grey


def star(seed: int) -> Image.Image:
    """A five-pointed star, which is no digit."""
    sheet = Paper(200, 200, seed)
    angles = np.pi * (0.8 * np.arange(6) - 0.5)
    points = np.stack([100 + 70 * np.cos(angles), 105 + 70 * np.sin(angles)], axis=1)
    sheet.pen.line([tuple(point) for point in points.tolist()], fill=0, width=8, joint="curve")
    return sheet.grey


def empty_squares(seed: int) -> Image.Image:
    """Squared paper with nothing on it."""
    sheet = Paper(180, 180, seed)
    for place in range(11, 180, 22):
        sheet.pen.line((0, place, 180, place), fill=150)
        sheet.pen.line((place, 0, place, 180), fill=150)
    return photographed(sheet, grain=0.01)


def empty_cell(seed: int) -> Image.Image:
    """A cell of a form with nothing in it."""
    sheet = Paper(170, 130, seed)
    sheet.pen.rectangle((9, 9, 160, 120), outline=40, width=3)
    return photographed(sheet)


IMAGES: dict[str, Callable[[int], Image.Image]] = {
    "42-number.png": lambda seed: number("42", seed),
    "713-number.png": lambda seed: number("713", seed),
    "10-number.png": lambda seed: number("10", seed),
    "9058-number.png": lambda seed: number("9058", seed),
    "24680-number.png": lambda seed: number("24680", seed),
    "365-on-a-line.png": lambda seed: ruled("365", seed),
    "1984-in-cells.png": lambda seed: row_of_cells("1984", seed),
    "3-in-a-box.jpg": lambda seed: cell("3", seed),
    "6-in-a-box.jpg": lambda seed: cell("6", seed),
    "8-in-a-box.jpg": lambda seed: cell("8", seed),
    "5-on-squares.jpg": lambda seed: squared("5", seed),
    "2-on-squares.jpg": lambda seed: squared("2", seed),
    "25-in-chalk.jpg": lambda seed: blackboard("25", seed),
    "1206-375-84-page.jpg": lambda seed: page("1206 375 84", seed),
    "none-scribble.png": scribble,
    "none-star.png": star,
    "none-empty-squares.jpg": empty_squares,
    "none-empty-cell.jpg": empty_cell,
}


def encoded(image: Image.Image, name: str) -> bytes:
    """The image as the bytes of a file, by the extension of its name."""
    file = io.BytesIO()
    if name.endswith(".jpg"):
        image.save(file, "JPEG", quality=75, optimize=True)
    else:
        image.quantize(16).save(file, "PNG", optimize=True)
    return file.getvalue()


def label_of(name: str) -> str | None:
    """What an image shows: the digits that its name begins with, or none."""
    match = re.match(r"(none|[0-9]+(-[0-9]+)*)-", name)
    return match[1].replace("-", " ") if match else None


def main(arguments: list[str] | None = None) -> int:
    """Draw the images into a folder; 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.samples.sample_images", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="where they go, images/testing for example")
    folder = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, draw) in enumerate(IMAGES.items(), start=1):
        (folder / name).write_bytes(encoded(draw(seed), name))
    lines = [
        f"{path.name},{label}" for path in list_images(folder) if (label := label_of(path.name))
    ]
    (folder / LIST).write_text("\n".join(["file,label", *lines]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
