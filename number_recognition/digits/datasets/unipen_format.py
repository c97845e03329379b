"""Reads the text that UNIPEN's files and UCI's pen digits are made of: keywords and points.

A keyword stands on a line of its own after a dot, what belongs to it up to the next one.
`.PEN_DOWN` begins a component (a stroke), whose points follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_KEYWORD = re.compile(r"\s*\.([A-Za-z]\w*)(.*)")
XY = (0, 1, 2)
"""Where X and Y stand, and how many columns there are, where no .COORD says so."""


@dataclass(frozen=True)
class Record:
    """A keyword in capitals with the lines that belong to it."""

    keyword: str
    text: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}"


@dataclass(frozen=True)
class Component:
    """The points of one stroke as they stand in the file, (n, 2); `error` where they are broken."""

    points: np.ndarray
    writer: str | None
    error: str = ""

    def checked_points(self) -> np.ndarray:
        """Its points.

        Raises:
            ValueError: they are broken.
        """
        if self.error:
            raise ValueError(self.error)
        return self.points


def records(path: Path) -> Iterator[Record]:
    """The keywords of a file, in order; its text is Latin-1, its lines end in any way."""
    text = path.read_bytes().decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    keyword, lines, start = "", [], 1
    for number, line in enumerate(text.split("\n"), start=1):
        match = _KEYWORD.match(line)
        if match is None:
            lines.append(line)
            continue
        if keyword:
            yield Record(keyword, "\n".join(lines), path, start)
        keyword, lines, start = match[1].upper(), [match[2]], number
    if keyword:
        yield Record(keyword, "\n".join(lines), path, start)


def parse_columns(record: Record) -> tuple[int, int, int]:
    """Where X and Y stand among the columns, and how many columns there are, as (x, y, count)."""
    names = record.text.upper().split()
    if "X" not in names or "Y" not in names:
        raise ValueError(f"{record}: expected .COORD to name X and Y, found {' '.join(names)!r}")
    return names.index("X"), names.index("Y"), len(names)


def parse_component(record: Record, columns: tuple[int, int, int], writer: str | None) -> Component:
    """The component that a `.PEN_DOWN` begins."""
    x, y, count = columns
    try:
        numbers = np.array(record.text.split(), dtype=float)
        if len(numbers) % count or not np.isfinite(numbers).all():
            raise ValueError
    except ValueError:
        error = f"expected {record} to be followed by rows of {count} numbers"
        return Component(np.empty((0, 2)), writer, error)
    return Component(numbers.reshape(-1, count)[:, [x, y]], writer)
