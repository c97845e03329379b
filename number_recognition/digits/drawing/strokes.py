"""What is done with the strokes of a drawing: scaled, erased, read from files and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from number_recognition.digits.drawing.drawing import DEFAULT_PEN, PAD, Drawing, Point, Stroke
from number_recognition.storage.values import check_text, is_number, short_repr

_FARTHEST = 1e6
"""So far from the pad's corner a point may lie, in units of the pad; no hand goes there."""
_LARGEST_WRITER = 2**53


def fit_to_canvas(drawing: Drawing, size: float, pen: float, place: str = "middle") -> Drawing:
    """The drawing scaled so that its longer side, pen included, is `size` units of the pad.

    Args:
        drawing: what to scale; its aspect is kept.
        size: longer side of the result, in units of the pad.
        pen: width of the pen in the result, in the same units, less than `size`.
        place: "middle" of the pad, or its upper left "corner".

    Raises:
        ValueError: the drawing is empty, the pen too wide, or the place unknown.
    """
    if not 0 < pen < size:
        raise ValueError(f"expected a pen between 0 and the size {size:g}, found {pen:g}")
    if place not in ("middle", "corner"):
        raise ValueError(f"expected the place 'middle' or 'corner', found {place!r}")
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top)
    scale = (size - pen) / extent if extent else 1.0
    width, height = (right - left) * scale + pen, (bottom - top) * scale + pen
    if place == "corner":
        margin = PAD / 40
        corner = np.array([margin, margin])
    else:
        corner = np.array([(PAD - width) / 2, (PAD - height) / 2])
    offset = corner + pen / 2 - np.array([left, top]) * scale
    return drawing.mapped(lambda points: points * scale + offset).with_pen(pen)


@dataclass(frozen=True)
class Legible:
    """How paths are brought to the scale and the pen that the network reads best."""

    centre: Point
    scale: float
    pen: float

    def strokes(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        """These strokes so scaled, in units of the pad, about its middle."""
        scaled = Drawing(strokes).mapped(
            lambda points: (points - self.centre) * self.scale + PAD / 2
        )
        return scaled.with_pen(self.pen).strokes


def legibly(drawing: Drawing, size: float = 200.0, pen: float = 22.0) -> Legible:
    """The scale and the pen of `normalize_strokes` for a drawing.

    Raises:
        ValueError: the drawing is empty.
    """
    left, top, right, bottom = drawing.box()
    extent = max(right - left, bottom - top)
    widest = max(stroke.width for stroke in drawing.strokes)
    is_dot = extent < widest / 2
    scale = (size - pen) / (widest if is_dot else extent)
    centre = ((left + right) / 2, (top + bottom) / 2)
    return Legible(centre, scale, widest * scale if is_dot else pen)


def normalize_strokes(drawing: Drawing, size: float = 200.0, pen: float = 22.0) -> Drawing:
    """The same paths at the scale and with the pen that the network reads best.

    A small digit under a thick pen is a blob on the screen, yet its path is perfectly legible.
    Where the path is shorter than half the width of the pen (a dot), the proportions of the
    screen are kept, since there the pen itself is the shape.
    """
    return Drawing(legibly(drawing, size, pen).strokes(drawing.strokes))


def erase(drawing: Drawing, path: Iterable[Point], radius: float) -> Drawing:
    """The drawing without the parts of its paths that lie within `radius` of `path`.

    Strokes are cut exactly where they enter and leave the eraser's round tip. The same drawing
    (the identical object) is returned where the eraser touched nothing.
    """
    tips = np.asarray(list(path), dtype=float)
    kept: list[Stroke] = []
    touched = False
    (left, top), (right, bottom) = tips.min(axis=0) - radius, tips.max(axis=0) + radius
    for stroke in drawing.strokes:
        from_x, from_y, to_x, to_y = stroke.box
        if from_x > right or to_x < left or from_y > bottom or to_y < top:
            kept.append(stroke)
            continue
        pieces = _outside(np.asarray(stroke.points, dtype=float), tips, radius)
        if pieces is None:
            kept.append(stroke)
        else:
            touched = True
            kept += [replace(stroke, points=tuple(map(tuple, piece))) for piece in pieces]
    return Drawing(tuple(kept)) if touched else drawing


def near(drawing: Drawing, box: tuple[float, float, float, float], margin: float) -> Drawing:
    """The parts of a drawing's strokes that lie in a box or at most `margin` beside it."""
    low, high = np.array(box[:2]) - margin, np.array(box[2:]) + margin
    parts: list[Stroke] = []
    for stroke in drawing.strokes:
        points = np.asarray(stroke.points)
        inside = np.asarray(((points >= low) & (points <= high)).all(axis=1))
        if len(points) > 1 and np.abs(np.diff(points, axis=0)).max() > margin / 2:
            inside[:] = True
        edges = [0, *(np.flatnonzero(np.diff(inside)) + 1), len(points)]
        for start, end in pairwise(edges):
            if inside[start]:
                parts.append(replace(stroke, points=stroke.points[start:end]))
    return Drawing(tuple(parts))


def _outside(points: np.ndarray, tips: np.ndarray, radius: float) -> list[np.ndarray] | None:
    """The pieces of a path farther than `radius` from the polyline `tips`; None if it is whole."""
    dense = _dense(points, spacing=1.0)
    inside = _distance(dense, tips) < radius
    if not inside.any():
        return None
    edges = np.flatnonzero(np.diff(inside)) + 1
    pieces = np.split(dense, edges)
    flags = [inside[start] for start in (0, *edges)]
    return [piece for piece, hit in zip(pieces, flags, strict=True) if not hit and len(piece) > 1]


def _dense(points: np.ndarray, spacing: float) -> np.ndarray:
    """The polyline through `points` with further points, no two more than `spacing` apart."""
    if len(points) == 1:
        return points
    steps = np.hypot(*np.diff(points, axis=0).T)
    counts = np.maximum(1, np.ceil(steps / spacing)).astype(int)
    part = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    along = ((np.arange(len(part)) - first) / counts[part])[:, None]
    return np.concatenate([points[part] + (points[part + 1] - points[part]) * along, points[-1:]])


def _distance(points: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Distance of each of n points to a polyline, (n,) float."""
    if len(tips) == 1:
        to_tip: np.ndarray = np.hypot(*(points - tips[0]).T)
        return to_tip
    start, step = tips[:-1], np.diff(tips, axis=0)
    length = np.maximum((step**2).sum(axis=1), 1e-12)
    along = np.clip(((points[:, None] - start) * step).sum(axis=2) / length, 0, 1)
    nearest = start + along[..., None] * step
    distances: np.ndarray = np.hypot(*np.moveaxis(points[:, None] - nearest, 2, 0))
    least: np.ndarray = distances.min(axis=1)
    return least


Writer = int | float | str | None


@dataclass(frozen=True)
class LabelledDrawing:
    """A drawing, the digit it is (None: no digit), and who drew it (None: unknown).

    `character` is what was meant by a drawing that is no digit, empty where that is unknown.
    """

    drawing: Drawing
    label: int | None
    writer: Writer = None
    character: str = ""


def read_strokes(path: str | Path) -> list[LabelledDrawing]:
    """Read a stroke file: one JSON object a line, `{"label", "writer", "strokes"}`.

    `label` is a digit, or null for no digit. `strokes` is a list of strokes, each a list of [x, y]
    in pen order, y downwards. "writer" (a number, text or null) may be absent, and so may "width"
    (of the pen, in units of the pad, for all strokes or a list) and "character" (text, what was
    meant where it is no digit). Other keys are ignored.

    Raises:
        ValueError: the file holds no drawing, or a line is none; names the file and the line.
        OSError: the file cannot be read.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig") as lines:
            drawings = list(_parsed(lines, path))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected a stroke file (JSON lines), found no text") from error
    if not drawings:
        raise ValueError(f"{path}: expected a drawing a line, found an empty file")
    return drawings


def read_stroke_files(paths: Iterable[str | Path]) -> list[LabelledDrawing]:
    """The drawings of several stroke files, in order; a writer is the same person in all of them.

    Raises:
        ValueError, OSError: see `read_strokes`.
    """
    return [entry for path in paths for entry in read_strokes(path)]


def writers_of(drawings: Iterable[LabelledDrawing]) -> list[Writer]:
    """Everyone who drew them, once and in order; numbers and text are sorted apart."""
    return sorted({entry.writer for entry in drawings}, key=lambda w: (type(w).__name__, w))


def _parsed(lines: Iterable[str], path: Path) -> Iterator[LabelledDrawing]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield parse_line(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def parse_line(line: str) -> LabelledDrawing:
    """Read one line of a stroke file.

    Raises:
        ValueError: names the key, what was expected and what was found.
    """
    entry = _entry(line)
    label, writer = _label(entry), _writer(entry)
    character = entry.get("character")
    meant = character if isinstance(character, str) else ""
    return LabelledDrawing(_drawing(entry), label, writer, meant)


def _label(entry: dict[str, object]) -> int | None:
    if "label" not in entry:
        raise ValueError('expected "label" to be a digit from 0 to 9 or null, found no such key')
    label = entry["label"]
    if label is not None and (type(label) is not int or not 0 <= label <= 9):
        raise ValueError(
            f'expected "label" to be a digit from 0 to 9 or null, found {short_repr(label)}'
        )
    return label


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
        f"found {short_repr(writer)}"
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
            raise ValueError(
                f'expected "width" to be between 0 and {PAD:g}, found {short_repr(found)}'
            )
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
    drawing: Drawing, label: int | None = None, writer: Writer = None, **other: object
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


def relabelled_line(line: str, label: int | None) -> str:
    """A line of a stroke file with another label; everything else on it stays as it is.

    Raises:
        ValueError: the line is no JSON object.
    """
    return _written({**_entry(line), "label": label})


def _written(entry: dict[str, object]) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
