"""CSV for spreadsheets and scripts: no cell is a formula, none holds control characters."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, Protocol

from number_recognition.core.formatting import escape_controls

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets run a cell that begins with one of these as a formula."""


class _TextFile(Protocol):
    def write(self, text: str, /) -> object: ...


class CsvWriter:
    """Writes the rows of a CSV; see `safe_cell`."""

    def __init__(self, file: _TextFile) -> None:
        self._writer = csv.writer(file, lineterminator="\n")

    def row(self, cells: Iterable[Any]) -> None:
        """Write a row."""
        self._writer.writerow([safe_cell(cell) for cell in cells])

    def rows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write several rows."""
        for row in rows:
            self.row(row)


def safe_cell(cell: Any) -> Any:
    """A cell that a spreadsheet shows as text and a terminal as one line; numbers stay numbers.

    Text that begins like a formula gets an apostrophe before it, as spreadsheets have it for text.
    Control characters are escaped.
    """
    if not isinstance(cell, str):
        return cell
    is_formula = cell.startswith(_FORMULA) and not _is_number(cell)
    return escape_controls("'" + cell if is_formula else cell)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
