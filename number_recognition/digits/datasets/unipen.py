"""Reads characters and their writers from UNIPEN folders and from UCI's pen digits.

The text format of both is parsed by `digits.datasets.unipen_format`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from number_recognition.digits.datasets.unipen_format import (
    XY,
    Component,
    Record,
    parse_columns,
    parse_component,
    read_records,
)
from number_recognition.digits.drawing.strokes import Writer

_PENDIGIT = re.compile(r"\s*(\d)\s+(\d+)\s+\d+\s*")
_SEGMENT = re.compile(r'\s*(\S+)\s+(\S+)(?:\s+[^\s"]+)*?\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*')
_SPACED = re.compile(r"(?<=\d)\s*([,:-])\s*(?=\d)")
_RANGE = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
_FOLDERS = ("1a", "1b", "1c", "1d")
"""The folders in `data` with single characters: digits, upper and lower case, symbols."""


@dataclass(frozen=True)
class Character:
    """One handwritten character: each stroke (n, 2) float, y downwards."""

    text: str
    writer: Writer
    strokes: tuple[np.ndarray, ...]

    @property
    def label(self) -> int | None:
        """The digit; None: not a digit."""
        return int(self.text) if self.text in set("0123456789") else None


@dataclass(frozen=True)
class Skipped:
    """Skipped characters: the reason with file and line, and how many."""

    reason: str
    count: int = 1


@dataclass
class ReadResult:
    """The characters that were read, and those that were skipped."""

    characters: list[Character] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_characters(
    path: Path, donors: Iterable[str] = (), y_down: Iterable[str] = ()
) -> ReadResult:
    """Read UCI's pen digits (a file), or UNIPEN (a folder with `data` and `include`).

    Args:
        path: the file or folder.
        donors: the UNIPEN donors to read, by the names of their folders; by default all.
        y_down: the donors whose y axis points downwards; all others' points upwards.

    Raises:
        ValueError: it is neither of both, or a donor is not in it.
        OSError: it cannot be read.
    """
    if path.is_dir():
        return _read_folder(path, {name.lower() for name in donors}, set(map(str.lower, y_down)))
    return _read_pendigits(path)


def _read_pendigits(path: Path) -> ReadResult:
    result = ReadResult()
    title: Record | None = None
    columns = XY
    components: list[Component] = []
    for record in [*read_records(path), Record("END", "", path, 0)]:
        is_title = record.keyword == "COMMENT" and _PENDIGIT.fullmatch(record.text)
        if (is_title or record.keyword == "END") and title is not None:
            _add_pendigit(result, title, components)
        if is_title:
            title, components = record, []
        elif record.keyword == "COORD":
            columns = parse_columns(record)
        elif record.keyword == "PEN_DOWN":
            components.append(parse_component(record, columns, None))
    if title is None:
        raise ValueError(
            f"{path}: expected UCI's pen digits (a file with lines like .COMMENT 8 12 1 and "
            f".PEN_DOWN) or a folder of UNIPEN, found neither"
        )
    return result


def _add_pendigit(result: ReadResult, title: Record, components: list[Component]) -> None:
    match = _PENDIGIT.fullmatch(title.text)
    assert match is not None, "the caller has matched it"
    try:
        strokes = _upright([part.checked_points() for part in components], upwards=True)
        result.characters.append(Character(match[1], int(match[2]), strokes))
    except ValueError as error:
        result.skipped.append(Skipped(f"{title}: {error}"))


def _read_folder(root: Path, donors: set[str], y_down: set[str]) -> ReadResult:
    files = list(_data_files(root))
    if not files:
        raise ValueError(
            f"{root}: expected a folder of UNIPEN with data/1a, 1b, 1c or 1d and a folder for each "
            f"donor in it, found none"
        )
    available = {donor for donor, _ in files}
    if missing := sorted((donors | y_down) - available):
        raise ValueError(
            f"{root}: expected donors out of {', '.join(sorted(available))}, "
            f"found {', '.join(missing)}"
        )
    result = ReadResult()
    for donor, path in files:
        if not donors or donor in donors:
            _read_data_file(result, path, root, donor, upwards=donor not in y_down)
    return result


def _data_files(root: Path) -> Iterator[tuple[str, Path]]:
    """The donor and the path of each file of single characters, in order."""
    for folder in _FOLDERS:
        for found in _find_paths(root, ["data", folder]):
            for path in sorted(found.rglob("*")):
                parts = path.relative_to(found).parts
                if len(parts) > 1 and path.is_file() and not path.name.startswith("."):
                    yield parts[0].lower(), path


def _find_paths(folder: Path, names: list[str]) -> list[Path]:
    """The paths in a folder along these names, in any case of letters."""
    paths = [folder]
    for name in names:
        paths = [
            child
            for path in paths
            if path.is_dir()
            for child in sorted(path.iterdir())
            if child.name.lower() == name.lower()
        ]
    return paths


def _read_data_file(result: ReadResult, path: Path, root: Path, donor: str, upwards: bool) -> None:
    try:
        components, segments = _collect(_with_includes(path, root, (path,)))
    except (ValueError, OSError) as error:
        count = sum(_is_character(record) for record in read_records(path))
        result.skipped.append(Skipped(str(error), count))
        return
    if not segments:
        result.skipped.append(
            Skipped(f"{path}: expected .SEGMENT CHARACTER, found no such line", 0)
        )
    for record, file_writer in segments:
        try:
            text, delineation = _parse_segment(record)
            first, points = _delineated(delineation, components)
            strokes = _upright(points, upwards)
        except ValueError as error:
            result.skipped.append(Skipped(f"{record}: {error}"))
            continue
        writer = first.writer or file_writer
        name = f"{donor}-{writer}" if writer else donor
        result.characters.append(Character(text, name, strokes))


def _collect(
    records: Iterable[Record],
) -> tuple[list[Component], list[tuple[Record, str | None]]]:
    """The components of a file, and its segments that are characters, each with its writer."""
    columns, writer = XY, None
    components: list[Component] = []
    segments: list[tuple[Record, str | None]] = []
    for record in records:
        if record.keyword == "COORD":
            columns = parse_columns(record)
        elif record.keyword == "WRITER_ID":
            writer = record.text.strip() or None
        elif record.keyword == "PEN_DOWN":
            components.append(parse_component(record, columns, writer))
        elif _is_character(record):
            segments.append((record, writer))
    return components, segments


def _is_character(record: Record) -> bool:
    """Whether it is the segment of a character, not of a word, line or page."""
    return record.keyword == "SEGMENT" and record.text.upper().split()[:1] == ["CHARACTER"]


def _parse_segment(record: Record) -> tuple[str, str]:
    """The character and the delineation of a record like `.SEGMENT CHARACTER 3-5 ? "7"`."""
    head, quote, rest = record.text.partition('"')
    match = _SEGMENT.fullmatch(_SPACED.sub(r"\1", head) + quote + rest)
    if match is None:
        found = " ".join(record.text.split())
        raise ValueError(f"expected CHARACTER, a delineation, a quality and a label, found {found}")
    text = match[4] if match[3] is None else re.sub(r"\\(.)", r"\1", match[3])
    if len(text) != 1:
        raise ValueError(f"expected a label of one character, found {text!r}")
    return text, match[2]


def _delineated(
    delineation: str, components: list[Component]
) -> tuple[Component, list[np.ndarray]]:
    """The first component and all strokes of a delineation: `3`, `3-5`, `3,5` or `3:10-4:20`."""
    strokes: list[np.ndarray] = []
    firsts: list[Component] = []
    for part in delineation.split(","):
        match = _RANGE.fullmatch(part)
        if match is None or (match[2] and match[3] is None):
            raise ValueError(f"expected a delineation like 3-5 or 3:10-4:20, found {delineation!r}")
        start, end = int(match[1]), int(match[3] or match[1])
        if not start <= end < len(components):
            raise ValueError(
                f"expected a delineation in the {len(components)} components, found {delineation!r}"
            )
        selected = components[start : end + 1]
        pieces = [component.checked_points() for component in selected]
        if match[4]:
            pieces[-1] = pieces[-1][: int(match[4]) + 1]
        if match[2]:
            pieces[0] = pieces[0][int(match[2]) :]
        strokes += [piece for piece in pieces if len(piece)]
        firsts += selected[:1]
    return firsts[0], strokes


def _upright(strokes: list[np.ndarray], upwards: bool) -> tuple[np.ndarray, ...]:
    """The strokes with y downwards, from 0 where it was flipped; without empty strokes."""
    drawn = [stroke for stroke in strokes if len(stroke)]
    if not drawn:
        raise ValueError("expected at least one point, found none")
    if not upwards:
        return tuple(drawn)
    top = max(stroke[:, 1].max() for stroke in drawn)
    return tuple(np.stack([stroke[:, 0], top - stroke[:, 1]], axis=1) for stroke in drawn)


def _with_includes(path: Path, root: Path, includers: tuple[Path, ...]) -> Iterator[Record]:
    """The records of a file; an INCLUDE is replaced by the records of the included file."""
    for record in read_records(path):
        if record.keyword != "INCLUDE":
            yield record
            continue
        name = record.text.strip().strip('"').replace("\\", "/")
        parts = [part for part in name.split("/") if part]
        found = [file for file in _find_paths(root, ["include", *parts]) if file.is_file()]
        if not found or found[0] in includers:
            problem = "a file that includes this one" if found else "no such file"
            raise ValueError(f"{record}: expected {name} in {root / 'include'}, found {problem}")
        yield from _with_includes(found[0], root, (*includers, found[0]))
