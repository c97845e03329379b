"""Reads the public originals of people's drawings: UCI's pen digits, and folders of UNIPEN.

`digits.datasets.unipen_format` reads the text; here it becomes characters with their writers.
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
    records,
)
from number_recognition.digits.drawing.strokes import Writer

_PENDIGIT = re.compile(r"\s*(\d)\s+(\d+)\s+\d+\s*")
_SEGMENT = re.compile(r'\s*(\S+)\s+(\S+)(?:\s+[^\s"]+)*?\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*')
_SPACED = re.compile(r"(?<=\d)\s*([,:-])\s*(?=\d)")
_RANGE = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
_FOLDERS = ("1a", "1b", "1c", "1d")
"""The folders of `data` that hold single characters: digits, letters twice, symbols."""


@dataclass(frozen=True)
class Character:
    """One character as a person wrote it: each stroke (n, 2) float, y downwards."""

    text: str
    writer: Writer
    strokes: tuple[np.ndarray, ...]

    @property
    def label(self) -> int | None:
        """The digit it is; None: no digit."""
        return int(self.text) if self.text in set("0123456789") else None


@dataclass(frozen=True)
class Skipped:
    """Characters left out: how many, and why (file and line)."""

    reason: str
    count: int = 1


@dataclass
class ReadResult:
    """What was read of an original: the characters, and those left out."""

    characters: list[Character] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_characters(
    path: Path, donors: Iterable[str] = (), y_down: Iterable[str] = ()
) -> ReadResult:
    """Read UCI's pen digits (a file), or UNIPEN (a folder with `data` and `include`).

    Args:
        path: the file or folder.
        donors: of UNIPEN, the donors to read, as their folders are called; by default all.
        y_down: donors whose y grows downwards; that of all others grows upwards.

    Raises:
        ValueError: it is neither, or a donor is not in it.
        OSError: it cannot be read.
    """
    if path.is_dir():
        return _read_folder(path, {name.lower() for name in donors}, set(map(str.lower, y_down)))
    return _read_pendigits(path)


def _read_pendigits(path: Path) -> ReadResult:
    original = ReadResult()
    title: Record | None = None
    columns, components = XY, []
    for record in [*records(path), Record("END", "", path, 0)]:
        begins = record.keyword == "COMMENT" and _PENDIGIT.fullmatch(record.text)
        if (begins or record.keyword == "END") and title is not None:
            _add_pendigit(original, title, components)
        if begins:
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
    return original


def _add_pendigit(original: ReadResult, title: Record, components: list[Component]) -> None:
    match = _PENDIGIT.fullmatch(title.text)
    try:
        strokes = _upright([part.checked_points() for part in components], upwards=True)
        original.characters.append(Character(match[1], int(match[2]), strokes))
    except ValueError as error:
        original.skipped.append(Skipped(f"{title}: {error}"))


def _read_folder(root: Path, donors: set[str], y_down: set[str]) -> ReadResult:
    files = list(_data_files(root))
    if not files:
        raise ValueError(
            f"{root}: expected a folder of UNIPEN with data/1a, 1b, 1c or 1d and a folder for each "
            f"donor in it, found none"
        )
    found = {donor for donor, _ in files}
    if missing := sorted((donors | y_down) - found):
        raise ValueError(
            f"{root}: expected donors out of {', '.join(sorted(found))}, found {', '.join(missing)}"
        )
    original = ReadResult()
    for donor, path in files:
        if not donors or donor in donors:
            _read_data_file(original, path, root, donor, upwards=donor not in y_down)
    return original


def _data_files(root: Path) -> Iterator[tuple[str, Path]]:
    """The donor and the path of each file of single characters, in order."""
    for folder in _FOLDERS:
        for place in _matching(root, ["data", folder]):
            for path in sorted(place.rglob("*")):
                parts = path.relative_to(place).parts
                if len(parts) > 1 and path.is_file() and not path.name.startswith("."):
                    yield parts[0].lower(), path


def _matching(folder: Path, names: list[str]) -> list[Path]:
    """What lies below a folder by these names, capitals or not."""
    places = [folder]
    for name in names:
        places = [
            entry
            for place in places
            if place.is_dir()
            for entry in sorted(place.iterdir())
            if entry.name.lower() == name.lower()
        ]
    return places


def _read_data_file(
    original: ReadResult, path: Path, root: Path, donor: str, upwards: bool
) -> None:
    try:
        components, segments = _gathered(_included(path, root, (path,)))
    except (ValueError, OSError) as error:
        count = sum(_is_character(record) for record in records(path))
        original.skipped.append(Skipped(str(error), count))
        return
    if not segments:
        original.skipped.append(
            Skipped(f"{path}: expected .SEGMENT CHARACTER, found no such line", 0)
        )
    for record, named in segments:
        try:
            text, place = _segment(record)
            first, strokes = _placed(place, components)
            strokes = _upright(strokes, upwards)
        except ValueError as error:
            original.skipped.append(Skipped(f"{record}: {error}"))
            continue
        writer = first.writer or named
        name = f"{donor}-{writer}" if writer else donor
        original.characters.append(Character(text, name, strokes))


def _gathered(
    records: Iterable[Record],
) -> tuple[list[Component], list[tuple[Record, str | None]]]:
    """The components of a file, and its lines that name characters, with the writer there."""
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
    """Whether it names a character, and no word, line or page."""
    return record.keyword == "SEGMENT" and record.text.upper().split()[:1] == ["CHARACTER"]


def _segment(record: Record) -> tuple[str, str]:
    """The character and the place of a line like `.SEGMENT CHARACTER 3-5 ? "7"`."""
    head, quote, rest = record.text.partition('"')
    match = _SEGMENT.fullmatch(_SPACED.sub(r"\1", head) + quote + rest)
    if match is None:
        found = " ".join(record.text.split())
        raise ValueError(f"expected CHARACTER, a place, a quality and a label, found {found}")
    text = match[4] if match[3] is None else re.sub(r"\\(.)", r"\1", match[3])
    if len(text) != 1:
        raise ValueError(f"expected a label of one character, found {text!r}")
    return text, match[2]


def _placed(place: str, components: list[Component]) -> tuple[Component, list[np.ndarray]]:
    """The strokes that a place such as `3`, `3-5`, `3,5` or `3:10-4:20` names, and the first."""
    strokes: list[np.ndarray] = []
    firsts: list[Component] = []
    for part in place.split(","):
        match = _RANGE.fullmatch(part)
        if match is None or (match[2] and match[3] is None):
            raise ValueError(f"expected a place like 3-5 or 3:10-4:20, found {place!r}")
        start, end = int(match[1]), int(match[3] or match[1])
        if not start <= end < len(components):
            raise ValueError(
                f"expected a place among the {len(components)} components, found {place!r}"
            )
        chosen = components[start : end + 1]
        pieces = [component.checked_points() for component in chosen]
        if match[4]:
            pieces[-1] = pieces[-1][: int(match[4]) + 1]
        if match[2]:
            pieces[0] = pieces[0][int(match[2]) :]
        strokes += [piece for piece in pieces if len(piece)]
        firsts += chosen[:1]
    return firsts[0], strokes


def _upright(strokes: list[np.ndarray], upwards: bool) -> tuple[np.ndarray, ...]:
    """The strokes with y downwards, from 0 on where it was turned round; empty ones left out."""
    drawn = [stroke for stroke in strokes if len(stroke)]
    if not drawn:
        raise ValueError("expected at least one point, found none")
    if not upwards:
        return tuple(drawn)
    top = max(stroke[:, 1].max() for stroke in drawn)
    return tuple(np.stack([stroke[:, 0], top - stroke[:, 1]], axis=1) for stroke in drawn)


def _included(path: Path, root: Path, above: tuple[Path, ...]) -> Iterator[Record]:
    """The records of a file, with those of the files it includes in their place."""
    for record in records(path):
        if record.keyword != "INCLUDE":
            yield record
            continue
        name = record.text.strip().strip('"').replace("\\", "/")
        parts = [part for part in name.split("/") if part]
        found = [file for file in _matching(root, ["include", *parts]) if file.is_file()]
        if not found or found[0] in above:
            fault = "a file that includes this one" if found else "no such file"
            raise ValueError(f"{record}: expected {name} in {root / 'include'}, found {fault}")
        yield from _included(found[0], root, (*above, found[0]))
