"""Stroke files: one drawing a line, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD, Drawing, Point, Stroke
from number_recognition.digits.drawing.strokes import LabelledDrawing, LabelledNumber, Writer
from number_recognition.storage.values import check_text, is_number, shown

_FARTHEST = 1e6
"""So far from the pad's corner a point may lie, in units of the pad; no hand goes there."""
_LARGEST_WRITER = 2**53


def read_strokes(path: str | Path) -> list[LabelledDrawing]:
    """Read the single digits of a stroke file: one JSON object a line, `{"label", "strokes"}`.

    `label` is a digit, or null for no digit; lines with a number of several digits are left out
    (see `read_numbers`). `strokes` is a list of strokes, each a list of [x, y] in pen order, y
    downwards. "writer" (a number, text or null) may be absent, and so may "width" (of the pen, in
    units of the pad, for all strokes or a list) and "character" (text, what was meant where it is
    no digit). Other keys are ignored.

    Raises:
        ValueError: the file holds no drawing of a single digit, or a line is none; names the file
            and the line.
        OSError: the file cannot be read.
    """
    drawings, _ = read_digits_and_numbers([path])
    if not drawings:
        raise ValueError(f"{path}: expected drawings of single digits, found only numbers")
    return drawings


def read_stroke_files(paths: Iterable[str | Path]) -> list[LabelledDrawing]:
    """The single digits of several stroke files, in order; a writer is one person in all of them.

    Raises:
        ValueError, OSError: see `read_strokes`.
    """
    return [entry for path in paths for entry in read_strokes(path)]


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
        with path.open(encoding="utf-8-sig") as lines:
            entries = list(_parsed(lines, path))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected a stroke file (JSON lines), found no text") from error
    if not entries:
        raise ValueError(f"{path}: expected a drawing a line, found an empty file")
    return entries


def _parsed(lines: Iterable[str], path: Path) -> Iterator[LabelledDrawing | LabelledNumber]:
    for number, line in enumerate(lines, start=1):
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
    entry = _entry(line)
    label, writer = _label(entry), _writer(entry)
    if isinstance(label, str):
        return LabelledNumber(_drawing(entry), label, writer)
    character = entry.get("character")
    meant = character if isinstance(character, str) else ""
    return LabelledDrawing(_drawing(entry), label, writer, meant)


def number_digits(text: str) -> str | None:
    """The digits of a number without the spaces between groups; None where it is no number."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdigit() else None


def _label(entry: dict[str, object]) -> int | str | None:
    """A digit, None for no digit, or the digits of a number of several."""
    expected = 'expected "label" to be a digit from 0 to 9, a number as text ("42") or null'
    if "label" not in entry:
        raise ValueError(f"{expected}, found no such key")
    label = entry["label"]
    if label is None or (type(label) is int and 0 <= label <= 9):
        return label
    digits = number_digits(label) if isinstance(label, str) else None
    if digits is None:
        raise ValueError(f"{expected}, found {shown(label)}")
    return digits if len(digits) > 1 else int(digits)


def _writer(entry: dict[str, object]) -> Writer:
    writer = entry.get("writer")
    if isinstance(writer, str):
        check_text(writer, '"writer"')
    if writer is None or isinstance(writer, str):
        return writer
    if isinstance(writer, (int, float)) and is_number(writer) and abs(writer) <= _LARGEST_WRITER:
        return writer
    raise ValueError(
        f'expected "writer" to be a number up to {_LARGEST_WRITER}, text or null, '
        f"found {shown(writer)}"
    )


def parse_drawing(line: str) -> Drawing:
    """The strokes of one line of a stroke file, whatever digit it is, if it is one.

    Raises:
        ValueError: says what was expected and what was found.
    """
    return _drawing(_entry(line))


def _entry(line: str) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"expected a JSON object, found {line.strip()[:40]!r}") from error
    if not isinstance(entry, dict):
        raise ValueError(f"expected a JSON object, found {type(entry).__name__}")
    return entry


def _drawing(entry: dict[str, object]) -> Drawing:
    strokes = entry.get("strokes")
    if not isinstance(strokes, list) or not strokes:
        found = f"found {_short(strokes)}" if "strokes" in entry else "found no such key"
        raise ValueError(f'expected "strokes" to be a list with at least one stroke, {found}')
    widths = _widths(entry.get("width", DEFAULT_PEN), len(strokes))
    paired = zip(strokes, widths, strict=True)
    return Drawing(tuple(Stroke(_points(points), width) for points, width in paired))


def _widths(width: object, count: int) -> list[float]:
    """The pen of each stroke: one number for all of them, or a list with one for each."""
    widths: list[Any] = width if isinstance(width, list) else [width] * count
    if len(widths) != count:
        raise ValueError(f'expected "width" to list {count} numbers, found {len(widths)}')
    for found in widths:
        if type(found) not in (int, float) or not 0 < found < PAD:
            raise ValueError(f'expected "width" to be between 0 and {PAD:g}, found {shown(found)}')
    return [float(found) for found in widths]


def _points(points: object) -> tuple[Point, ...]:
    try:
        array = np.asarray(points, dtype=float)
    except (TypeError, ValueError, OverflowError):
        array = np.empty(0)
    if (
        array.ndim != 2
        or array.shape[1] != 2
        or not len(array)
        or not (abs(array) <= _FARTHEST).all()
    ):
        raise ValueError(
            f'expected each of "strokes" to be a list of [x, y] numbers, none beyond '
            f"{_FARTHEST:g}, found {_short(points)}"
        )
    return tuple(map(tuple, array.tolist()))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + " …"


def format_line(
    drawing: Drawing, label: int | str | None = None, writer: Writer = None, **other: object
) -> str:
    """The drawing as one line of a stroke file, its end left out; `other` are further keys."""
    entry: dict[str, object] = {"label": label, "writer": writer, **other}
    widths = [stroke.width for stroke in drawing.strokes]
    if widths:
        entry["width"] = widths[0] if len(set(widths)) == 1 else widths
    entry["strokes"] = [
        [[round(x, 2), round(y, 2)] for x, y in stroke.points] for stroke in drawing.strokes
    ]
    return _written(entry)


def relabel_line(line: str, label: int | None) -> str:
    """A line of a stroke file with another label; everything else on it stays as it is.

    Raises:
        ValueError: the line is no JSON object.
    """
    return _written({**_entry(line), "label": label})


def _written(entry: dict[str, object]) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
