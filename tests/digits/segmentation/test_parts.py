"""Lines of parts in reading order."""

from __future__ import annotations

from number_recognition.digits.segmentation.parts import Part, split_lines


def part(name: str, left: float, top: float, width: float = 20, height: float = 40) -> Part[str]:
    return Part((left, top, left + width, top + height), name)


def names(parts: list[Part[str]]) -> list[str]:
    return ["".join(part.content for part in line) for line in split_lines(parts)]


def test_lines_are_read_from_top_to_bottom_and_from_left_to_right() -> None:
    parts = [part("d", 40, 100), part("b", 40, 5), part("c", 0, 95), part("a", 0, 0)]
    assert names(parts) == ["ab", "cd"]


def test_digits_of_other_sizes_and_base_lines_stay_in_their_line() -> None:
    assert names([part("a", 0, 0), part("b", 30, 12, height=30), part("c", 60, -8)]) == ["abc"]


def test_a_small_low_digit_beside_high_ones_stays_in_their_line() -> None:
    high = [part("5", 0, 0, height=60), part("6", 30, 5, height=50)]
    assert names([*high, part("4", 60, 46, height=26)]) == ["564"]
    assert names([*high, part("4", 60, 46, height=26), part("0", 90, -4, height=40)]) == ["5640"]


def test_a_stroke_across_another_stays_in_its_line() -> None:
    high = [part("5", 0, 0, height=60), part("6", 30, 5, height=50), part("4", 60, 35, height=32)]
    assert names([*high, part("|", 68, 53, width=8, height=23)]) == ["564|"]


def test_what_stands_below_other_parts_is_another_line() -> None:
    high = [part("5", 0, 0, height=60), part("6", 30, 5, height=50)]
    assert names([*high, part("4", 35, 46, height=26)]) == ["56", "4"]
    assert names([*high, part("4", 60, 70, height=26)]) == ["56", "4"]


def test_a_small_part_belongs_to_the_nearest_line() -> None:
    parts = [part("a", 0, 0), part("b", 0, 100), part("-", 25, 118, 10, 3)]
    assert names(parts) == ["a", "b-"]


def test_nothing_has_no_lines() -> None:
    assert split_lines([]) == []


def test_flat_parts_are_a_line_too() -> None:
    bar, dot = Part((10, 50, 90, 50), "bar"), Part((120, 50, 120, 50), "dot")
    assert [[part.content for part in line] for line in split_lines([dot, bar])] == [["bar", "dot"]]
