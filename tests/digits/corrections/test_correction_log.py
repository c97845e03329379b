"""The log of the kept drawings: read and changed in every format that spreadsheets save."""

from __future__ import annotations

import codecs
import csv
import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from number_recognition.digits.corrections.corrections import Corrections

PIXELS = np.eye(28, dtype=np.float32)
HEADING = ["file", "label", "predicted", "confidence", "model", "time"]


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "images" / "fine_tuning")


def saved(cells: list[list[str]], separator: str = ",", newline: str = "\n", **form: int) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=newline, **form).writerows(cells)
    return text.getvalue()


def in_other_order(cells: list[list[str]]) -> list[list[str]]:
    return [row[::-1] for row in cells]


def with_a_column(cells: list[list[str]]) -> list[list[str]]:
    heading, *rows = cells
    return [[*heading, "Note", ""], *([*row, 'schön; sagte er, "gut"', "x"] for row in rows)]


def with_a_note_below(cells: list[list[str]]) -> list[list[str]]:
    return [*cells, [], ["", "", "checked on Monday"]]


FORMS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "as the program writes it": lambda cells: saved(cells).encode(),
    "byte order mark": lambda cells: saved(cells).encode("utf-8-sig"),
    "semicolons": lambda cells: saved(cells, ";").encode(),
    "tabs": lambda cells: saved(cells, "\t").encode(),
    "ends of lines of Windows": lambda cells: saved(cells, newline="\r\n").encode(),
    "ends of lines of an old Macintosh": lambda cells: saved(cells, newline="\r").encode(),
    "everything in quotes": lambda cells: saved(cells, ";", quoting=csv.QUOTE_ALL).encode(),
    "columns in another order": lambda cells: saved(in_other_order(cells)).encode(),
    "more columns": lambda cells: saved(with_a_column(cells), ";").encode("utf-8-sig"),
    "8-bit text": lambda cells: saved(with_a_column(cells), ";").encode("cp1252"),
    "a column was deleted": lambda cells: saved([row[:-1] for row in cells]).encode(),
    "a note below": lambda cells: saved(with_a_note_below(cells)).encode(),
    "Excel's Unicode text": lambda cells: (
        codecs.BOM_UTF16_LE + saved(with_a_column(cells), "\t", "\r\n").encode("utf-16-le")
    ),
    "UTF-16, big end first": lambda cells: (
        codecs.BOM_UTF16_BE + saved(cells, "\t", "\r\n").encode("utf-16-be")
    ),
}


def keep(corrections: Corrections, count: int) -> None:
    for number in range(count):
        corrections.keep(PIXELS, number % 10, predicted=1, confidence=0.5, model="digits.keras")


def save_as(log: Path, form: Callable[[list[list[str]]], bytes]) -> bytes:
    """Save the log from a spreadsheet; what stands in the file then."""
    with log.open(newline="", encoding="utf-8") as lines:
        log.write_bytes(form(list(csv.reader(lines))))
    return log.read_bytes()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_log_saved_from_a_spreadsheet_stays_in_use(
    corrections: Corrections, form: Callable[[list[list[str]]], bytes]
) -> None:
    keep(corrections, 12)
    before = save_as(corrections.log.path, form)
    kept = corrections.keep(PIXELS, 4, predicted=9, model="digits.keras")

    rows = corrections.log.read()
    assert len([row for row in rows.values() if row["model"]]) == 13
    row = rows[f"fine_tuning/4/{kept.path.name}"]
    assert (row["label"], row["predicted"], row["model"]) == ("4", "9", "digits.keras")
    assert corrections.log.path.read_bytes().startswith(before)

    corrections.remove(kept)
    assert corrections.log.path.read_bytes() == before and not corrections.warnings


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_change_in_the_middle_of_a_log_changes_that_row_alone(
    corrections: Corrections, form: Callable[[list[list[str]]], bytes]
) -> None:
    keep(corrections, 12)
    save_as(corrections.log.path, form)
    before = corrections.log.read()
    fourth, fifth = corrections.digits()[5:9:3]
    names = [f"fine_tuning/{each.label}/{each.path.name}" for each in (fourth, fifth)]
    [moved] = corrections.relabel([fourth], 9)
    corrections.remove(fifth)

    after = corrections.log.read()
    changed = {"file": f"fine_tuning/9/{moved.path.name}", "label": "9"}
    assert after.pop(changed["file"]) == {**before[names[0]], **changed}
    assert list(after.items()) == [row for row in before.items() if row[0] not in names]


def test_relabel_changes_two_cells_of_a_row_with_more_columns(
    corrections: Corrections,
) -> None:
    keep(corrections, 3)
    save_as(corrections.log.path, FORMS["more columns"])
    first, *_ = corrections.digits()
    [moved] = corrections.relabel([first], 9)
    text = corrections.log.path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == [*HEADING, "Note", ""] and len(rows) == 4
    [row] = [row for row in rows if row[0].endswith(moved.path.name)]
    assert row[:3] == [f"fine_tuning/9/{moved.path.name}", "9", "1"]
    assert row[-2:] == ['schön; sagte er, "gut"', "x"]


UNREADABLE = {
    "another heading": b"name;digit\n1;2\n",
    "no text": b"\x89PNG\r\n\0\0\0",
    "UTF-16 without a mark": "file,label\n1,2\n".encode("utf-16-le"),
    "half a character": codecs.BOM_UTF16_LE + b"f\0i",
    "an open quote": b'file,"label\n3/a.png,3\n',
    "a cell without end": b"a" * 200_000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("act", ["keep", "remove", "relabel"])
def test_a_log_that_cannot_be_read_is_renamed(
    corrections: Corrections, content: bytes, act: str
) -> None:
    kept = corrections.keep(PIXELS, 4)
    corrections.log.path.write_bytes(content)
    if act == "keep":
        corrections.keep(PIXELS, 4)
    elif act == "remove":
        corrections.remove(kept)
    else:
        corrections.relabel([kept], 7)
    aside = corrections.log.path.with_name("fine_tuning.csv.corrupt")
    assert aside.read_bytes() == content
    [warning] = corrections.warnings
    assert str(corrections.log.path) in warning and aside.name in warning
    assert len(corrections.digits()) == {"keep": 2, "remove": 0, "relabel": 1}[act]


@pytest.mark.parametrize("broken", [b'"3/a.png,3\n', b"a" * 200_000 + b"\n"])
def test_a_line_that_cannot_be_read_is_never_lost(corrections: Corrections, broken: bytes) -> None:
    corrections.log.path.parent.mkdir(parents=True)
    corrections.log.path.write_bytes(b"file,label\n" + broken)
    kept = corrections.keep(PIXELS, 4)
    written = corrections.log.path.read_bytes()
    assert written.startswith(b"file,label\n" + broken) and kept.path.name.encode() in written
    corrections.remove(kept)
    aside = corrections.log.path.with_name("fine_tuning.csv.corrupt")
    assert aside.read_bytes() == written and aside.name in corrections.warnings[0]


@pytest.mark.parametrize("content", ["{0}\n{0}\n", "{0}\nother.png,3,{0}\n", "x{0}\n{0}\n"])
def test_a_file_named_more_than_once_loses_its_own_rows_alone(
    corrections: Corrections, content: str
) -> None:
    kept = corrections.keep(PIXELS, 4)
    file = f"fine_tuning/4/{kept.path.name}"
    corrections.log.path.write_text("file,label,predicted\n" + content.format(file))
    corrections.remove(kept)
    rows = [line for line in content.format(file).splitlines() if not line.startswith(file)]
    assert corrections.log.path.read_text().splitlines()[1:] == rows


def broken_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(Path, "read_bytes", broken)


def test_a_read_error_keeps_nothing_and_deletes_nothing(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(corrections, 3)
    before = corrections.log.path.read_bytes()
    with monkeypatch.context() as patch:
        broken_disk(patch)
        with pytest.raises(OSError, match="the disk reports an error"):
            corrections.keep(PIXELS, 4)
        with pytest.raises(OSError, match="the disk reports an error"):
            corrections.log.read()
    assert len(corrections.digits()) == 3 and corrections.log.path.read_bytes() == before


def test_a_read_error_after_files_moved_is_a_warning_and_deletes_nothing(
    corrections: Corrections, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(corrections, 3)
    before = corrections.log.path.read_bytes()
    with monkeypatch.context() as patch:
        broken_disk(patch)
        [moved] = corrections.relabel(corrections.digits()[:1], 9)
        corrections.remove(moved)
    assert corrections.log.path.read_bytes() == before and len(corrections.digits()) == 2
    assert all("the disk reports an error" in warning for warning in corrections.warnings)
    assert len(corrections.warnings) == 2


def test_a_line_is_never_joined_to_one_without_an_end(corrections: Corrections) -> None:
    keep(corrections, 2)
    log = corrections.log.path
    log.write_bytes(log.read_bytes().rstrip(b"\n"))
    keep(corrections, 1)
    assert len(corrections.log.read()) == 3


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8, b"\n"])
def test_a_log_without_a_heading_gets_one(corrections: Corrections, content: bytes) -> None:
    corrections.log.path.parent.mkdir(parents=True)
    corrections.log.path.write_bytes(content)
    keep(corrections, 2)
    assert [row["label"] for row in corrections.log.read().values()] == ["0", "1"]
    assert corrections.log.path.read_bytes().startswith(content)
