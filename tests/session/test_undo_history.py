"""The undo history: the order of steps, what is forgotten, and steps that fail."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from number_recognition.session.undo_history import StepLostError, UndoHistory


@dataclass(eq=False)
class Number:
    """A step that adds a number to a list, and removes it when it is undone."""

    numbers: list[int]
    number: int
    image_bytes: int = 0
    errors: list[Exception] = field(default_factory=list)
    moves_files = False

    def undo(self) -> None:
        if self.errors:
            raise self.errors.pop()
        self.numbers.remove(self.number)

    def redo(self) -> None:
        self.numbers.append(self.number)


def add(history: UndoHistory, numbers: list[int], *steps: Number) -> None:
    for step in steps:
        numbers.append(step.number)
        history.add(step)


def undo_all(history: UndoHistory) -> None:
    while history.undo() is not None:
        pass


def test_steps_are_undone_from_the_latest_and_redone_in_order() -> None:
    history, numbers = UndoHistory(), []
    add(history, numbers, *(Number(numbers, number) for number in range(3)))
    for expected in ([0, 1], [0], []):
        history.undo()
        assert numbers == expected
    assert history.undo() is None
    for expected in ([0], [0, 1], [0, 1, 2]):
        history.redo()
        assert numbers == expected
    assert history.redo() is None


def test_a_new_step_makes_undone_steps_impossible_to_redo() -> None:
    history, numbers = UndoHistory(), []
    add(history, numbers, Number(numbers, 1))
    history.undo()
    add(history, numbers, Number(numbers, 2))
    assert history.next_redo is None and history.redo() is None and numbers == [2]


def test_the_oldest_steps_are_forgotten() -> None:
    history, numbers = UndoHistory(max_steps=5), []
    add(history, numbers, *(Number(numbers, number) for number in range(20)))
    undo_all(history)
    assert numbers == list(range(15))


def test_steps_with_large_images_are_forgotten_sooner_but_never_the_latest() -> None:
    history, numbers = UndoHistory(max_image_bytes=100), []
    sizes = (40, 70, 30, 500)
    add(history, numbers, *(Number(numbers, size, image_bytes=size) for size in sizes))
    undo_all(history)
    assert numbers == [40, 70, 30]


def test_a_lost_step_is_forgotten_and_the_one_before_is_next() -> None:
    history, numbers = UndoHistory(), []
    lost = Number(numbers, 2, errors=[StepLostError("gone")])
    add(history, numbers, Number(numbers, 1), lost)
    with pytest.raises(StepLostError):
        history.undo()
    history.undo()
    assert numbers == [2] and history.next_undo is None


def test_a_step_that_fails_otherwise_stays() -> None:
    history, numbers = UndoHistory(), []
    add(history, numbers, Number(numbers, 1, errors=[OSError("the disk is full")]))
    with pytest.raises(OSError, match="full"):
        history.undo()
    history.undo()
    assert numbers == []
