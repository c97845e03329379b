"""The log of the kept drawings, a CSV: what was predicted of each, by which network, and when."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from number_recognition.digits.corrections.log_lines import edit_lines
from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import atomic_write, quarantine
from number_recognition.storage.locks import lock
from number_recognition.storage.tables import Line, Table, read_table

COLUMNS = ("file", "label", "predicted", "confidence", "model", "time")

Row = dict[str, str]


class CorrectionLog:
    """One row for each kept drawing, found by the file that the row names.

    It may be edited with a spreadsheet: the separator, the byte order mark and the columns that
    it was saved with are preserved. A file that cannot be read as such a table is renamed, and a
    new one is started. The folders are the truth: a log that is lost or out of date can be rebuilt
    from them.
    """

    def __init__(self, path: Path, warnings: list[str] | None = None) -> None:
        """Open the log of a file.

        Args:
            path: the CSV.
            warnings: warnings are added here, for example that the file was renamed.
        """
        self.path = path
        self.warnings = [] if warnings is None else warnings

    def read(self) -> dict[str, Row]:
        """Return the rows by the file of their drawing; the last one where a file has several.

        Raises:
            ValueError: the file is no such table.
            OSError: it cannot be read.
        """
        table = read_table(self.path, COLUMNS)
        rows = [{name: table.value(line, name) for name in COLUMNS} for line in table.lines]
        return {row["file"]: row for row in rows if row["file"]}

    def append(self, row: Row) -> None:
        """Append one row, whole or not at all.

        Raises:
            OSError: the file cannot be read, renamed or written.
        """
        with lock(self.path):
            table = self._table(with_lines=False)
            with explained(self.path):
                self._append(table.encode_text(_text_to_append(table, row)))

    def _append(self, content: bytes) -> None:
        """Append to the file; what a full disk had no room for is cut off again."""
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            size = os.fstat(handle).st_size
            if os.write(handle, content) != len(content):
                os.ftruncate(handle, size)
                raise OSError(errno.ENOSPC, "not all was written")
        finally:
            os.close(handle)

    def update(self, changes: Mapping[str, Row]) -> None:
        """Change file and label in the row of each file named; a file without a row gets one.

        Raises:
            OSError: see `append`.
        """

        def edit(table: Table, line: Line) -> str:
            row = changes[table.value(line, "file")]
            table.change(line, {name: row[name] for name in ("file", "label")})
            return line.text

        with lock(self.path):
            if not self._edit_lines(changes, edit):
                self._update_table(changes, edit)

    def _update_table(self, changes: Mapping[str, Row], edit: Callable[[Table, Line], str]) -> None:
        table = self._table()
        missing = dict(changes)
        for line in table.lines:
            file = table.value(line, "file")
            if file in changes:
                edit(table, line)
                missing.pop(file, None)
        table.lines += [table.line(row) for row in missing.values()]
        self._write(table.as_bytes())

    def remove(self, files: Collection[str]) -> None:
        """Remove the rows of files.

        Raises:
            OSError: see `append`.
        """
        with lock(self.path):
            if not self._edit_lines(files, lambda table, line: ""):
                table = self._table()
                lines = [line for line in table.lines if table.value(line, "file") not in files]
                if len(lines) < len(table.lines):
                    table.lines = lines
                    self._write(table.as_bytes())

    def match(self, list_rows: Callable[[], Mapping[str, Row]]) -> bool:
        """Make the rows match the drawings that there are; whether any row was changed.

        Args:
            list_rows: called while nobody else writes the log; returns a row for each drawing by
                its file. A known row keeps all but its label; a row of a file that is not there is
                removed.

        Raises:
            OSError: see `append`.
        """
        with lock(self.path):
            rows, table = dict(list_rows()), self._table()
            lines = [line for line in table.lines if self._is_there(table, line, rows)]
            changed = len(lines) < len(table.lines)
            for line in lines:
                row = rows.pop(table.value(line, "file"), None)
                if row is not None and table.value(line, "label") != row["label"]:
                    table.change(line, {"label": row["label"]})
                    changed = True
            table.lines = lines + [table.line(row) for row in rows.values()]
            if changed or rows:
                self._write(table.as_bytes())
        return changed or bool(rows)

    def _is_there(self, table: Table, line: Line, rows: Mapping[str, Row]) -> bool:
        file = table.value(line, "file")
        if not file or file in rows:
            return True
        try:
            (self.path.parent / file).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError):  # it is not known, or no name of a file: the row stays
            return True
        return True

    def _edit_lines(self, files: Collection[str], edit: Callable[[Table, Line], str]) -> bool:
        """Edit the lines of files where they can be found quickly; False where they cannot."""
        try:
            with explained(self.path, "cannot be read"):
                content = edit_lines(self.path.read_bytes(), COLUMNS, files, edit)
        except FileNotFoundError:
            return False
        if content is not None:
            self._write(content)
        return content is not None

    def _table(self, with_lines: bool = True) -> Table:
        """Read the table; a file that is no such table is renamed, and the table is new."""
        try:
            return read_table(self.path, COLUMNS, with_lines)
        except ValueError as error:
            renamed = quarantine(self.path)
            self.warnings.append(
                f"{error}. It was renamed to {renamed.name}; a new log is started."
            )
            return Table.new(COLUMNS)

    def _write(self, content: bytes) -> None:
        atomic_write(self.path, lambda temporary: temporary.write_bytes(content))


def _text_to_append(table: Table, row: Row) -> str:
    """The text of a new row, with the heading or the end of line that the file still lacks."""
    text = table.line(row).text
    if table.is_new:
        return table.heading + text
    return text if table.is_ended else table.newline + text
