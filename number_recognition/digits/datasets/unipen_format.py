"""Parses the text format of UNIPEN and of UCI's pen digits: keywords and points.

A line that starts with a dot and a keyword begins a record, which ends at the next keyword.
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
"""The columns of X and Y and the number of columns, without a .COORD record."""


@dataclass(frozen=True)
class Record:
    """A keyword in upper case with the text that follows it."""

    keyword: str
    text: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}"


@dataclass(frozen=True)
class Component:
    """The points of one stroke as in the file, (n, 2); `error` where they are broken."""

    points: np.ndarray
    writer: str | None
    error: str = ""

    def checked_points(self) -> np.ndarray:
        """Return the points.

        Raises:
            ValueError: they are broken.
        """
        if self.error:
            raise ValueError(self.error)
        return self.points


def read_records(path: Path) -> Iterator[Record]:
    """Yield the records of a file in order; its encoding is Latin-1, with any line ends."""
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
    """Return the columns of X and Y and the number of columns of a `.COORD` record."""
    names = record.text.upper().split()
    if "X" not in names or "Y" not in names:
        raise ValueError(f"{record}: expected .COORD to name X and Y, found {' '.join(names)!r}")
    return names.index("X"), names.index("Y"), len(names)


def parse_component(record: Record, columns: tuple[int, int, int], writer: str | None) -> Component:
    """Return the component of a `.PEN_DOWN` record."""
    x, y, count = columns
    try:
        numbers = np.array(record.text.split(), dtype=float)
        if len(numbers) % count or not np.isfinite(numbers).all():
            raise ValueError
    except ValueError:
        error = f"expected {record} to be followed by rows of {count} numbers"
        return Component(np.empty((0, 2)), writer, error)
    return Component(numbers.reshape(-1, count)[:, [x, y]], writer)
