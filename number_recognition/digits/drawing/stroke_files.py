"""Stroke files: one drawing a line, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD, Drawing, Point, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing, LabelledNumber, Writer
from number_recognition.storage.files import open_text
from number_recognition.storage.values import check_text, is_number, parse_json, short_repr

_MAX_COORDINATE = 1e6
"""The largest coordinate of a point, in units of the pad."""
_MAX_WRITER = 2**53
_MOST_CHARACTERS, _MOST_STROKES = 4_000_000, 20_000
"""Of a line of a file."""


def read_strokes(path: str | Path) -> list[LabelledDrawing]:
    """Read the single digits of a stroke file: one JSON object a line, `{"label", "strokes"}`.

    "label" is a digit, or null for not a digit; lines with a number of several digits are skipped
    (see `read_digits_and_numbers`). "strokes" is a list of strokes, each a list of [x, y] in pen
    order, y downwards. Optional are "writer" (a number, text or null), "width" (pen width in units
    of the pad: one number, or a list with one for each stroke) and "character" (text: the character
    where it is not a digit). Other keys are ignored.

    Raises:
        ValueError: the file has no drawing of a single digit, or a line is not one; names the file
            and the line.
        OSError: the file cannot be read.
    """
    drawings, _ = read_digits_and_numbers([path])
    if not drawings:
        raise ValueError(f"{path}: expected drawings of single digits, found only numbers")
    return drawings


def read_stroke_files(paths: Iterable[str | Path]) -> list[LabelledDrawing]:
    """Read the single digits of several stroke files, in order; equal writers are one person.

    Raises:
        ValueError, OSError: see `read_strokes`.
    """
    return [drawing for path in paths for drawing in read_strokes(path)]


def read_digits_and_numbers(
    paths: Iterable[str | Path],
) -> tuple[list[LabelledDrawing], list[LabelledNumber]]:
    """The single digits of stroke files, and the numbers of several digits: `"label": "42"`.

    Raises:
        ValueError: a file holds no drawing, or a line is none; names the file and the line.
        OSError: a file cannot be read.
    """
    drawings: list[LabelledDrawing] = []
    numbers: list[LabelledNumber] = []
    for entry in (entry for path in paths for entry in _read(Path(path))):
        if isinstance(entry, LabelledNumber):
            numbers.append(entry)
        else:
            drawings.append(entry)
    return drawings, numbers


def _read(path: Path) -> list[LabelledDrawing | LabelledNumber]:
    try:
        with open_text(path) as file:
            entries = list(_parsed(file, path))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected a stroke file (JSON lines), found no text") from error
    if not entries:
        raise ValueError(f"{path}: expected a drawing a line, found an empty file")
    return entries


def _parsed(file: TextIO, path: Path) -> Iterator[LabelledDrawing | LabelledNumber]:
    lines = iter(lambda: file.readline(_MOST_CHARACTERS + 1), "")
    for number, line in enumerate(lines, start=1):
        if len(line) > _MOST_CHARACTERS:
            expected = f"expected at most {_MOST_CHARACTERS:,} characters"
            raise ValueError(f"{path}, line {number}: {expected}, found more")
        if line.strip():
            try:
                yield parse_line(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def parse_line(line: str) -> LabelledDrawing | LabelledNumber:
    """Read one line of a stroke file.

    Raises:
        ValueError: names the key, what was expected and what was found.
    """
    values = _parse_object(line)
    label, writer = _label(values), _writer(values)
    if isinstance(label, str):
        return LabelledNumber(_drawing(values), label, writer)
    character = values.get("character")
    text = character if isinstance(character, str) else ""
    return LabelledDrawing(_drawing(values), label, writer, text)


def number_digits(text: str) -> str | None:
    """The digits of a number without the spaces between groups; None where it is no number."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdigit() else None


def _label(values: dict[str, object]) -> int | str | None:
    """A digit, None for no digit, or the digits of a number of several."""
    expected = 'expected "label" to be a digit from 0 to 9, a number as text ("42") or null'
    if "label" not in values:
        raise ValueError(f"{expected}, found no such key")
    label = values["label"]
    if label is None or (type(label) is int and 0 <= label <= 9):
        return label
    digits = number_digits(label) if isinstance(label, str) else None
    if digits is None:
        raise ValueError(f"{expected}, found {short_repr(label)}")
    return digits if len(digits) > 1 else int(digits)


def _writer(values: dict[str, object]) -> Writer:
    writer = values.get("writer")
    if isinstance(writer, str):
        check_text(writer, '"writer"')
    if writer is None or isinstance(writer, str):
        return writer
    if isinstance(writer, (int, float)) and is_number(writer) and abs(writer) <= _MAX_WRITER:
        return writer
    raise ValueError(
        f'expected "writer" to be a number up to {_MAX_WRITER}, text or null, '
        f"found {short_repr(writer)}"
    )


def parse_drawing(line: str) -> Drawing:
    """Read the strokes of one line of a stroke file; its label is not read.

    Raises:
        ValueError: says what was expected and what was found.
    """
    return _drawing(_parse_object(line))


def _parse_object(line: str) -> dict[str, object]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"expected a JSON object, found {line.strip()[:40]!r}") from error
    if not isinstance(values, dict):
        raise ValueError(f"expected a JSON object, found {type(values).__name__}")
    return values


def _drawing(values: dict[str, object]) -> Drawing:
    strokes = values.get("strokes")
    if not isinstance(strokes, list) or not strokes:
        found = f"found {_short(strokes)}" if "strokes" in values else "found no such key"
        raise ValueError(f'expected "strokes" to be a list with at least one stroke, {found}')
    if len(strokes) > _MOST_STROKES:
        raise ValueError(
            f'expected "strokes" to list at most {_MOST_STROKES:,} strokes, found {len(strokes):,}'
        )
    widths = _widths(values.get("width", DEFAULT_PEN), len(strokes))
    paired = zip(strokes, widths, strict=True)
    return Drawing(tuple(Stroke(_points(points), width) for points, width in paired))


def _widths(width: object, count: int) -> list[float]:
    """The pen width of each stroke, from one number for all or a list with one for each."""
    widths: list[Any] = width if isinstance(width, list) else [width] * count
    if len(widths) != count:
        raise ValueError(f'expected "width" to list {count} numbers, found {len(widths)}')
    for value in widths:
        if type(value) not in (int, float) or not 0 < value < PAD:
            raise ValueError(
                f'expected "width" to be between 0 and {PAD:g}, found {short_repr(value)}'
            )
    return [float(value) for value in widths]


def _points(points: object) -> tuple[Point, ...]:
    try:
        array = np.asarray(points, dtype=float)
    except (TypeError, ValueError, OverflowError):
        array = np.empty(0)
    if (
        array.ndim != 2
        or array.shape[1] != 2
        or not len(array)
        or not (abs(array) <= _MAX_COORDINATE).all()
    ):
        raise ValueError(
            f'expected each of "strokes" to be a list of [x, y] numbers, none beyond '
            f"{_MAX_COORDINATE:g}, found {_short(points)}"
        )
    return tuple(map(tuple, array.tolist()))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + " …"


def format_line(
    drawing: Drawing, label: int | str | None = None, writer: Writer = None, **other: object
) -> str:
    """Write a drawing as one line of a stroke file, without the line end; `other`: more keys."""
    values: dict[str, object] = {"label": label, "writer": writer, **other}
    widths = [stroke.width for stroke in drawing.strokes]
    if widths:
        values["width"] = widths[0] if len(set(widths)) == 1 else widths
    values["strokes"] = [
        [[round(x, 2), round(y, 2)] for x, y in stroke.points] for stroke in drawing.strokes
    ]
    return _as_json(values)


def relabel_line(line: str, label: int | None) -> str:
    """Return a line of a stroke file with another label and everything else as it was.

    Raises:
        ValueError: the line is no drawing, or has a key twice.
    """
    parse_drawing(line)
    return _as_json({**parse_json(line, "a line of a stroke file"), "label": label})


def _as_json(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
