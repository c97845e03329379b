"""A contact sheet of errors: each drawing with its truth, the answer and its confidence."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from number_recognition.core.formatting import percent

_SIDE = 84
_TEXT = 30
_COLUMNS = 12
_GAP = 8


@dataclass(frozen=True)
class Error:
    """One drawing misread: where it came from, how it looked, what it is and what was answered."""

    source: str
    image: Image.Image
    label: int
    answer: int | None
    confidence: float


def contact_sheet(errors: list[Error]) -> Image.Image:
    """All errors as one picture, source by source as given; a white one where there are none."""
    rows = max(1, -(-len(errors) // _COLUMNS))
    width, height = _SIDE + _GAP, _SIDE + _TEXT + _GAP
    sheet = Image.new("L", (_COLUMNS * width + _GAP, rows * height + _GAP), 255)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(10)
    for number, error in enumerate(errors):
        row, column = divmod(number, _COLUMNS)
        left, top = _GAP + column * width, _GAP + row * height
        sheet.paste(error.image.resize((_SIDE, _SIDE)), (left, top))
        pen.rectangle((left, top, left + _SIDE - 1, top + _SIDE - 1), outline=200)
        answer = "none" if error.answer is None else error.answer
        words = f"a {error.label}, read as {answer}\n{percent(error.confidence)} {error.source}"
        pen.multiline_text((left, top + _SIDE + 2), words, font=font, fill=0, spacing=1)
    return sheet
