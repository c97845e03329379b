"""The log of the kept drawings, a CSV: what was predicted of each, by which network, when."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from number_recognition.storage.files import atomic_write, quarantine
from number_recognition.storage.locks import lock
from number_recognition.storage.tables import Line, Table, read_table

COLUMNS = ("file", "label", "predicted", "confidence", "model", "time")

Row = dict[str, str]


class CorrectionLog:
    """One line for each kept drawing, found by its file as the line names it.

    People may edit it with a spreadsheet: it keeps the separator, the byte order mark and the
    columns that it was saved with. A file that is no such table is set aside under another name,
    and a new one is begun. The folders are the truth: a log that is lost or stale is made anew
    from them.
    """

    def __init__(self, path: Path, warnings: list[str] | None = None) -> None:
        """Make the log of a file.

        Args:
            path: the CSV.
            warnings: what people must know is added here, for example that it was set aside.
        """
        self.path = path
        self.warnings = [] if warnings is None else warnings

    def read(self) -> dict[str, Row]:
        """The lines by the file of their drawing; of two the later one.

        Raises:
            ValueError: it is no such table.
            OSError: it cannot be read.
        """
        table = read_table(self.path, COLUMNS)
        rows = [{name: table.value(line, name) for name in COLUMNS} for line in table.lines]
        return {row["file"]: row for row in rows if row["file"]}

    def append(self, row: Row) -> None:
        """Add one line; whole or not at all.

        Raises:
            OSError: it cannot be read, set aside or written.
        """
        with lock(self.path):
            table = self._table(with_lines=False)
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            try:
                size = os.fstat(handle).st_size
                content = table.encode_text(_appended(table, row))
                if os.write(handle, content) != len(content):
                    os.ftruncate(handle, size)
                    raise OSError(f"{self.path}: the disk is full")
            finally:
                os.close(handle)

    def update(self, changes: Mapping[str, Row]) -> None:
        """Change the line of each file that is named; one without a line gets one.

        Raises:
            OSError: see `append`.
        """
        with lock(self.path):
            table = self._table()
            without = dict(changes)
            for line in table.lines:
                file = table.value(line, "file")
                if file in changes:
                    row = {name: changes[file][name] for name in ("file", "label")}
                    table.change(line, row)
                    without.pop(file, None)
            table.lines += [table.line(row) for row in without.values()]
            self._write(table)

    def remove(self, files: Collection[str]) -> None:
        """Take the lines of files out.

        Raises:
            OSError: see `append`.
        """
        with lock(self.path):
            table = self._table()
            lines = [line for line in table.lines if table.value(line, "file") not in files]
            if len(lines) < len(table.lines):
                table.lines = lines
                self._write(table)

    def rebuild(self, rows: Mapping[str, Row]) -> None:
        """Let there be a line for each of these files, and for no other; known ones stay.

        Raises:
            OSError: see `append`.
        """
        with lock(self.path):
            table = self._table()
            known = {table.value(line, "file"): line for line in table.lines}
            table.lines = [self._line(table, known.get(file), row) for file, row in rows.items()]
            self._write(table)

    @staticmethod
    def _line(table: Table, known: Line | None, row: Row) -> Line:
        if known is None:
            return table.line(row)
        table.change(known, {"label": row["label"]})
        return known

    def _table(self, with_lines: bool = True) -> Table:
        """The table of the file, which is set aside where it is none."""
        try:
            return read_table(self.path, COLUMNS, with_lines)
        except ValueError as error:
            aside = quarantine(self.path)
            self.warnings.append(f"{error}. It was set aside as {aside.name}; a new one is begun.")
            return Table.new(COLUMNS)

    def _write(self, table: Table) -> None:
        content = table.as_bytes()
        atomic_write(self.path, lambda temporary: temporary.write_bytes(content))


def _appended(table: Table, row: Row) -> str:
    """What is written behind the file for another line."""
    text = table.line(row).text
    if table.is_new:
        return table.heading + text
    return text if table.is_ended else table.newline + text
