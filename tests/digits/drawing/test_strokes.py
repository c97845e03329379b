"""A drawing as a list of strokes: fitting, erasing, undo and redo, stroke files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from digit_images import drawing

from number_recognition.digits.drawing.drawing import PAD, Drawing, History, Stroke
from number_recognition.digits.drawing.stroke_files import (
    format_line,
    read_digits_and_numbers,
    read_stroke_files,
    read_strokes,
    relabel_line,
)
from number_recognition.digits.drawing.strokes import (
    LabelledDrawing,
    erase,
    fit_to_canvas,
    normalize_strokes,
)

LINE = Drawing((Stroke(((0.0, 100.0), (200.0, 100.0)), 10),))


def test_fitted_gives_the_size_asked_for_with_the_pen_in_it() -> None:
    result = fit_to_canvas(drawing(3).drawing, 182, 18)
    left, top, right, bottom = result.box()
    assert max(right - left, bottom - top) + 18 == pytest.approx(182)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((PAD / 2, PAD / 2))
    assert {stroke.width for stroke in result.strokes} == {18}


def test_fitted_into_the_corner_stays_on_the_pad() -> None:
    left, top, right, bottom = fit_to_canvas(drawing(3).drawing, 70, 18, "corner").box()
    assert left - 9 >= 0 and top - 9 >= 0 and right + 9 <= 80 and bottom + 9 <= 80


@pytest.mark.parametrize(
    ("size", "pen", "place"), [(20, 20, "middle"), (20, 0, "middle"), (100, 10, "left")]
)
def test_fitted_refuses_what_cannot_be(size: float, pen: float, place: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        fit_to_canvas(LINE, size, pen, place)


def test_legible_does_not_depend_on_size_place_or_pen() -> None:
    written = drawing(5).drawing
    small = normalize_strokes(fit_to_canvas(written, 56, 32, "corner"))
    large = normalize_strokes(fit_to_canvas(written, 250, 4))
    for one, other in zip(small.strokes, large.strokes, strict=True):
        assert one.width == other.width
        for point, same in zip(one.points, other.points, strict=True):
            assert point == pytest.approx(same, abs=1e-6)


def test_legible_keeps_the_proportions_of_a_dot() -> None:
    dot = normalize_strokes(Drawing((Stroke(((30.0, 30.0), (31.0, 30.0)), 40),)))
    left, _, right, _ = dot.box()
    assert (right - left) / dot.strokes[0].width == pytest.approx(1 / 40)


def test_the_eraser_cuts_a_stroke_in_two() -> None:
    left, right = erase(LINE, [(100, 60), (100, 140)], radius=15).strokes
    assert left.points[0] == (0, 100) and left.points[-1][0] == pytest.approx(85, abs=1.5)
    assert right.points[0][0] == pytest.approx(115, abs=1.5) and right.points[-1] == (200, 100)
    assert left.width == right.width == 10


def test_the_eraser_leaves_what_it_does_not_touch() -> None:
    assert erase(LINE, [(100, 130)], radius=15) is LINE


def test_the_eraser_can_take_everything() -> None:
    assert erase(LINE, [(-10, 100), (210, 100)], radius=5) == Drawing()


def test_undo_and_redo_go_through_every_drawing() -> None:
    history = History(Drawing())
    drawings = [history.drawing]
    for number in range(3):
        history.change(drawings[-1].with_stroke(Stroke(((float(number), 0.0),))))
        drawings.append(history.drawing)
    for expected in drawings[-2::-1]:
        assert history.undo() and history.drawing == expected
    assert not history.undo()
    for expected in drawings[1:]:
        assert history.redo() and history.drawing == expected
    assert not history.redo()


def test_a_change_after_undo_forgets_what_was_undone() -> None:
    history = History(Drawing())
    history.change(LINE)
    history.undo()
    history.change(Drawing())
    assert not history.redo()


def test_the_oldest_steps_are_forgotten() -> None:
    history = History(0, max_steps=5)
    for step in range(1, 21):
        history.change(step)
    assert history.past == [15, 16, 17, 18, 19]
    while history.undo():
        pass
    assert history.drawing == 15 and len(history.future) == 5


def test_large_steps_are_forgotten_sooner_but_never_the_last() -> None:
    history = History(0, max_size=100, size=lambda page: page)
    for page in (40, 70, 30, 500, 1):
        history.change(page)
    assert history.past == [500]
    history.change(2)
    assert history.past == [1]


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
def test_a_line_may_be_no_digit_of_any_writer_with_other_keys(
    tmp_path: Path, writer: float | str | None
) -> None:
    path = tmp_path / "strokes.jsonl"
    line = {"label": None, "character": "A", "writer": writer, "strokes": [[[0, 1]]], "at": {}}
    path.write_text(json.dumps(line))
    assert read_strokes(path) == [
        LabelledDrawing(Drawing((Stroke(((0.0, 1.0),)),)), None, writer),
    ]


def test_a_new_label_leaves_the_rest_of_a_line_as_it_was() -> None:
    line = '{"label":3,"writer":"anna","at":"16:05","width":5.125,"strokes":[[[1.23456,2]]]}'
    assert relabel_line(line, None) == line.replace("3", "null", 1)


def test_numbers_of_several_digits_are_read_apart_from_single_digits(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    points = '"strokes": [[[0, 1], [5, 9]]]'
    labels = ['"4 2"', "7", '"007"', "null"]
    path.write_text("\n".join(f'{{"label": {label}, {points}}}' for label in labels))
    digits, numbers = read_digits_and_numbers([path])
    assert [entry.label for entry in digits] == [7, None] == [e.label for e in read_strokes(path)]
    assert [entry.digits for entry in numbers] == ["42", "007"]


def test_a_file_of_numbers_alone_is_refused_where_single_digits_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "numbers.jsonl"
    path.write_text('{"label": "42", "strokes": [[[0, 1], [5, 9]]]}')
    with pytest.raises(ValueError, match="expected drawings of single digits, found only numbers"):
        read_strokes(path)


def test_several_stroke_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    for label in (1, 2):
        (tmp_path / f"{label}.jsonl").write_text(format_line(LINE, label, "anna"))
    entries = read_stroke_files([tmp_path / "2.jsonl", tmp_path / "1.jsonl"])
    assert [(entry.label, entry.writer) for entry in entries] == [(2, "anna"), (1, "anna")]


def test_a_picture_is_no_stroke_file(tmp_path: Path) -> None:
    path = tmp_path / "strokes.jsonl"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ValueError, match="no text"):
        read_strokes(path)


def test_a_drawing_keeps_the_pen_of_each_stroke_in_a_file(tmp_path: Path) -> None:
    mixed = Drawing((Stroke(((0.0, 0.0), (50.0, 9.0)), 6.0), Stroke(((9.0, 9.0),), 30.0)))
    path = tmp_path / "mixed.jsonl"
    path.write_text(format_line(mixed, 4))
    assert read_strokes(path)[0].drawing == mixed
