"""Stroke files: written, read, relabelled; broken ones are reported with their line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from number_recognition.digits.drawing.drawing import Drawing, Stroke
from number_recognition.digits.drawing.stroke_files import (
    format_line,
    read_digits_and_numbers,
    read_stroke_files,
    read_strokes,
    relabel_line,
)
from number_recognition.digits.drawing.strokes import (
    LabelledDrawing,
)

LINE = Drawing((Stroke(((0.0, 100.0), (200.0, 100.0)), 10),))


def test_a_stroke_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "strokes.jsonl"
    path.write_text(format_line(LINE, 1, writer=7) + "\n\n" + format_line(LINE, 0) + "\n")
    first, second = read_strokes(path)
    assert (first.drawing, first.label, first.writer) == (LINE, 1, 7)
    assert (second.label, second.writer) == (0, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty file"),
        ("no json", "line 1"),
        ("[]", "expected a JSON object"),
        ('{"label": 10, "strokes": [[[0, 0]]]}', '"label"'),
        ('{"label": true, "strokes": [[[0, 0]]]}', '"label"'),
        ('{"label": 1, "strokes": []}', "at least one stroke"),
        ('{"label": 1, "strokes": [[[0, 0], [1]]]}', "numbers"),
        ('{"label": 1, "strokes": [[[0, NaN]]]}', "numbers"),
        ('{"label": 1, "strokes": [[[0, 1' + "0" * 400 + "]]]}", "numbers"),
        ("[" * 100_000, "expected a JSON object"),
        ('{"label": 1, "width": -1, "strokes": [[[0, 0]]]}', '"width"'),
        (
            '{"label": 1, "writer": ["me"], "strokes": [[[0, 0]]]}',
            '"writer".*a number up to [0-9]+, text or null',
        ),
        ('{"label": 1, "writer": NaN, "strokes": [[[0, 0]]]}', '"writer"'),
        ('{"label": 1, "writer": true, "strokes": [[[0, 0]]]}', '"writer"'),
        ('{"strokes": [[[0, 0]]]}', '"label" .* found no such key'),
        ('{"label": "4a", "strokes": [[[0, 0]]]}', "\"label\" .* found '4a'"),
        ('{"label": 1}', '"strokes" .* found no such key'),
    ],
)
def test_a_broken_stroke_file_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "strokes.jsonl"
    path.write_text(text)
    with pytest.raises(ValueError, match=words) as caught:
        read_strokes(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("writer", [7, 7.5, "anna", None])
def test_a_line_may_be_a_counterexample_of_any_writer_with_other_keys(
    tmp_path: Path, writer: float | str | None
) -> None:
    path = tmp_path / "strokes.jsonl"
    line = {"label": None, "character": "A", "writer": writer, "strokes": [[[0, 1]]], "at": {}}
    path.write_text(json.dumps(line))
    assert read_strokes(path) == [
        LabelledDrawing(Drawing((Stroke(((0.0, 1.0),)),)), None, writer, "A"),
    ]


def test_a_new_label_leaves_the_rest_of_a_line_as_it_was() -> None:
    line = '{"label":3,"writer":"anna","at":"16:05","width":5.125,"strokes":[[[1.23456,2]]]}'
    assert relabel_line(line, None) == line.replace("3", "null", 1)


def test_several_stroke_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    for label in (1, 2):
        (tmp_path / f"{label}.jsonl").write_text(format_line(LINE, label, "anna"))
    entries = read_stroke_files([tmp_path / "2.jsonl", tmp_path / "1.jsonl"])
    assert [(entry.label, entry.writer) for entry in entries] == [(2, "anna"), (1, "anna")]


def test_an_image_is_not_a_stroke_file(tmp_path: Path) -> None:
    path = tmp_path / "strokes.jsonl"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ValueError, match="no text"):
        read_strokes(path)


def test_a_drawing_keeps_the_pen_of_each_stroke_in_a_file(tmp_path: Path) -> None:
    mixed = Drawing((Stroke(((0.0, 0.0), (50.0, 9.0)), 6.0), Stroke(((9.0, 9.0),), 30.0)))
    path = tmp_path / "mixed.jsonl"
    path.write_text(format_line(mixed, 4))
    assert read_strokes(path)[0].drawing == mixed


def test_numbers_of_several_digits_are_read_apart_from_single_digits(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    points = '"strokes": [[[0, 1], [5, 9]]]'
    labels = ['"4 2"', "7", '"007"', "null"]
    path.write_text("\n".join(f'{{"label": {label}, {points}}}' for label in labels))
    digits, numbers = read_digits_and_numbers([path])
    assert [each.label for each in digits] == [7, None] == [d.label for d in read_strokes(path)]
    assert [each.digits for each in numbers] == ["42", "007"]


def test_a_file_of_numbers_alone_is_refused_where_single_digits_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "numbers.jsonl"
    path.write_text('{"label": "42", "strokes": [[[0, 1], [5, 9]]]}')
    with pytest.raises(ValueError, match="expected drawings of single digits, found only numbers"):
        read_strokes(path)
