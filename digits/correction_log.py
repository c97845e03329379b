"""The log of the kept drawings, a CSV: what was predicted of each, by which network, when."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

from storage.files import write_text
from storage.locks import locked

COLUMNS = ("file", "label", "predicted", "confidence", "model", "time")

Row = dict[str, str]


class CorrectionLog:
    """One line for each kept drawing, found by its file as the line names it.

    The folders are the truth: a log that is lost or stale is made anew from them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Row]:
        """The lines by the file of their drawing; of two the later one.

        A line that is none is left out, and so is a log that cannot be read.
        """
        try:
            with self.path.open(newline="", encoding="utf-8", errors="replace") as lines:
                rows = [row for row in csv.DictReader(lines) if row.get("file")]
        except (OSError, csv.Error):
            return {}
        return {row["file"]: {name: row.get(name) or "" for name in COLUMNS} for row in rows}

    def append(self, row: Row) -> None:
        """Add one line; whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        with locked(self.path):
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            try:
                size = os.fstat(handle).st_size
                text = _written([row], with_heading=not size).encode()
                if os.write(handle, text) != len(text):
                    os.ftruncate(handle, size)
                    raise OSError(f"{self.path}: the disk is full")
            finally:
                os.close(handle)

    def rewrite(self, change: Callable[[dict[str, Row]], dict[str, Row]]) -> None:
        """Change the lines of the log; whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        with locked(self.path):
            write_text(self.path, _written(list(change(self.read()).values())))

    def follow(self, change: Callable[[dict[str, Row]], dict[str, Row]]) -> None:
        """As `rewrite`, after files moved: they did, whether the log can be written or not."""
        with contextlib.suppress(OSError):
            self.rewrite(change)


def _written(rows: list[Row], with_heading: bool = True) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if with_heading:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
