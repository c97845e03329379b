"""Edits a few lines of a large CSV without parsing the others."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection

from number_recognition.storage.tables import Line, Table

_MAX_FILES = 64
"""For more files, parsing the whole table is faster than searching for each."""


def edit_lines(
    content: bytes,
    columns: tuple[str, ...],
    files: Collection[str],
    edit: Callable[[Table, Line], str],
) -> bytes | None:
    """Return the content of a table with the lines of some files edited.

    Args:
        content: the whole file.
        columns: see `storage.tables.Table.parse`; the first one holds the file.
        files: the values of that column whose lines are edited.
        edit: returns the new text of a line, empty to remove it.

    Returns:
        The new content; None where the whole table has to be parsed, because lines cannot be found
        by their ends (quotes, UTF-16, no table) or a file has not exactly one line.
    """
    if len(files) > _MAX_FILES:
        return None
    try:
        table = Table.parse(content, columns, with_lines=False)
    except ValueError:
        return None
    if table.is_new or table.encode_text("\n") != b"\n":
        return None
    heading = table.bom + table.encode_text(table.heading)
    body = content[len(heading) :]
    if not _is_one_row_a_line(body):
        return None
    edits: list[tuple[int, int, bytes]] = []
    for file in files:
        span = _find_line(body, table.encode_text(file))
        if span is None:
            return None
        [line] = Table.parse(heading + body[slice(*span)], columns).lines
        if table.value(line, columns[0]) != file:
            return None
        edits.append((*span, table.encode_text(edit(table, line))))
    return heading + _replaced(body, edits)


def _is_one_row_a_line(body: bytes) -> bool:
    """Whether every line, up to its line feed, is a row that the csv module reads."""
    if b'"' in body or body.count(b"\r") != body.count(b"\r\n"):
        return False
    return max(map(len, body.split(b"\n"))) <= csv.field_size_limit()


def _find_line(body: bytes, text: bytes) -> tuple[int, int] | None:
    """Start and end of the only line that contains a text once; None where there is none."""
    position = body.find(text)
    if position < 0 or body.find(text, position + 1) >= 0:
        return None
    end = body.find(b"\n", position)
    return body.rfind(b"\n", 0, position) + 1, len(body) if end < 0 else end + 1


def _replaced(body: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Replace parts of a body, each from start to end, by other bytes."""
    parts: list[bytes] = []
    position = 0
    for start, end, replacement in sorted(edits):
        parts += [body[position:start], replacement]
        position = end
    return b"".join([*parts, body[position:]])
