"""Cells of exported CSV are never formulas and never act on a terminal."""

from __future__ import annotations

import csv
import io

import pytest

from number_recognition.storage.tables import CsvWriter


def written(*cells: object) -> list[str]:
    text = io.StringIO()
    CsvWriter(text).row(cells)
    [row] = csv.reader(io.StringIO(text.getvalue()))
    return row


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-a.png", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert written(cell) == ["'" + cell.replace("\t", "\\t").replace("\r", "\\r")]


def test_numbers_and_other_text_stay_as_they_are() -> None:
    cells = [-1.5, 7, "-0.25", "+1e3", "a=b", 'naïve, "quoted"', "0.5", ""]
    assert written(*cells) == [str(cell) for cell in cells]


def test_control_characters_and_halves_of_characters_are_escaped() -> None:
    assert written("a\x1b[2J\x07\n", "\x9b\u202e", "\udcff") == [
        "a\\x1b[2J\\x07\\n", "\\x9b\\u202e", "\\udcff",
    ]  # fmt: skip
