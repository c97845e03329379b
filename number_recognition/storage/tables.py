"""CSV tables that are also edited in a spreadsheet: the separator and encoding are kept.

Exported CSV (`CsvWriter`) has no cell that is a formula, and none with control characters.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from number_recognition.core.formatting import escape_controls
from number_recognition.storage.file_errors import explained

_SEPARATORS = ",;\t"
_FORMS = (
    (codecs.BOM_UTF8, "utf-8", "surrogateescape"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "surrogatepass"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "surrogatepass"),
    (b"", "utf-8", "surrogateescape"),
)
"""Byte order marks with their encodings. Other 8-bit text passes through UTF-8 as it is."""


@dataclass
class Line:
    """A line of a table: its cells, and its text in the file."""

    cells: list[str]
    text: str


@dataclass
class Table:
    """The lines of a CSV below its heading, and the format of the file.

    `columns` are the names in its heading in lower case, `heading` is its text; `is_new` says that
    the file has no heading yet, `is_ended` that its last line ends with a newline.
    """

    columns: list[str]
    heading: str = ""
    lines: list[Line] = field(default_factory=list)
    separator: str = ","
    newline: str = "\n"
    bom: bytes = b""
    is_new: bool = False
    is_ended: bool = True

    @classmethod
    def new(cls, columns: tuple[str, ...], bom: bytes = b"") -> Table:
        """A table without lines, in UTF-8 with commas."""
        table = cls(list(columns), bom=bom, is_new=True)
        table.heading = table.format_row(list(columns))
        return table

    @classmethod
    def parse(cls, content: bytes, columns: tuple[str, ...], with_lines: bool = True) -> Table:
        """Parse the bytes of a file, with or without its lines; an empty file has none.

        Separators are commas, semicolons or tabs; encodings are UTF-8, UTF-16 with a byte order
        mark, or 8-bit text. Columns may be in any order, missing, or additional.

        Raises:
            ValueError: it is no CSV, or its heading has no column of the first name in `columns`.
        """
        bom, text = _decoded(content)
        if not text.strip():
            return cls.new(columns, bom)
        if "\0" in text:
            raise ValueError("expected a CSV, found binary data")
        try:
            separator = _separator(text, columns[0])
            rows = _lines(text, separator)
            heading, lines = next(rows), list(rows) if with_lines else []
        except csv.Error as error:
            raise ValueError(f"expected a CSV, found {error}") from error
        names = [cell.strip().lower() for cell in heading.cells]
        if columns[0] not in names:
            start = heading.text.strip()[:60]
            raise ValueError(f"expected a CSV with a column {columns[0]!r}, found {start!r}")
        newline = heading.text[len(heading.text.rstrip("\r\n")) :] or "\n"
        is_ended = text.endswith(("\n", "\r"))
        return cls(names, heading.text, lines, separator, newline, bom, is_ended=is_ended)

    def value(self, line: Line, column: str) -> str:
        """The cell of a line in a column; empty where there is none."""
        index = self.columns.index(column) if column in self.columns else len(line.cells)
        return line.cells[index] if index < len(line.cells) else ""

    def change(self, line: Line, values: dict[str, str]) -> None:
        """Change some cells of a line; values of columns that the table lacks are dropped."""
        cells = line.cells + [""] * (len(self.columns) - len(line.cells))
        for index, name in enumerate(self.columns):
            cells[index] = values.get(name, cells[index])
        line.cells, line.text = cells, self.format_row(cells)

    def line(self, values: dict[str, str]) -> Line:
        """A new line with these values by column."""
        cells = [values.get(name, "") for name in self.columns]
        return Line(cells, self.format_row(cells))

    def format_row(self, cells: list[str]) -> str:
        """Cells as a line of the file."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator=self.newline).writerow(cells)
        return text.getvalue()

    def encode_text(self, text: str) -> bytes:
        """Text in the encoding of the file."""
        for bom, encoding, errors in _FORMS:
            if bom == self.bom:
                return text.encode(encoding, errors)
        raise AssertionError(f"unreachable: {self.bom!r} is no known byte order mark")

    def as_bytes(self) -> bytes:
        """The whole file."""
        texts = [self.heading, *(line.text for line in self.lines)]
        ended = [text if text.endswith(("\n", "\r")) else text + self.newline for text in texts]
        return self.bom + self.encode_text("".join(ended))


def _decoded(content: bytes) -> tuple[bytes, str]:
    """The byte order mark and the text of a file."""
    for bom, encoding, errors in _FORMS:
        if content.startswith(bom):
            try:
                return bom, content[len(bom) :].decode(encoding, errors)
            except UnicodeDecodeError as error:
                raise ValueError(f"expected a CSV, found broken {encoding}") from error
    raise AssertionError("unreachable: every content starts with no mark")


def _separator(text: str, needed: str) -> str:
    """The separator that gives the heading the most columns, among them the needed one."""

    def fits(separator: str) -> tuple[bool, int]:
        try:
            cells = next(_lines(text, separator)).cells
        except csv.Error:  # quoted cells with another separator between them
            return False, 0
        return needed in (cell.strip().lower() for cell in cells), len(cells)

    return max(_SEPARATORS, key=fits)


def _lines(text: str, separator: str) -> Iterator[Line]:
    """The lines of a CSV with their text; a quoted cell may span several lines of the file."""
    read_lines: list[str] = []

    def read() -> Iterator[str]:
        for part in io.StringIO(text, newline=""):
            read_lines.append(part)
            yield part

    is_first = True
    for cells in csv.reader(read(), delimiter=separator, strict=True):
        if is_first and not cells:  # an empty line above the heading belongs to it
            continue
        yield Line(cells, "".join(read_lines))
        read_lines.clear()
        is_first = False


def read_table(path: Path, columns: tuple[str, ...], with_lines: bool = True) -> Table:
    """Read the table of a file (see `Table.parse`); where there is none, one without lines.

    Raises:
        ValueError: it is no such table; names the file.
        OSError: it cannot be read.
    """
    try:
        with explained(path, "cannot be read"):
            content = path.read_bytes()
    except FileNotFoundError:
        return Table.new(columns)
    try:
        return Table.parse(content, columns, with_lines)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


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
