"""The undo history of the window: steps that can be undone and redone in order. No Tk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

MAX_STEPS = 200
MAX_IMAGE_BYTES = 128 * 1024 * 1024
"""How much memory the images of all steps may take: a few photos."""


class StepLostError(ValueError):
    """A step can no longer be undone or redone, for example because a file was deleted."""


class Step(Protocol):
    """Something that was done and can be undone and redone.

    `image_bytes` is the memory that its images take. A step with `moves_files` may take long:
    undo and redo it in a background thread.
    """

    @property
    def image_bytes(self) -> int: ...

    @property
    def moves_files(self) -> bool: ...

    def undo(self) -> None:
        """Undo the step; raises StepLostError, or another error after which nothing changed."""

    def redo(self) -> None:
        """Redo the step; raises the same errors as `undo`."""


class UndoHistory:
    """Steps made anywhere in the window, undone in order from the latest.

    The oldest are forgotten beyond `max_steps`, and while their images take more than
    `max_image_bytes`. The latest step can always be undone.
    """

    def __init__(self, max_steps: int = MAX_STEPS, max_image_bytes: int = MAX_IMAGE_BYTES) -> None:
        self._max_steps, self._max_image_bytes = max_steps, max_image_bytes
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def next_undo(self) -> Step | None:
        """The step that `undo` undoes."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Step | None:
        """The step that `redo` redoes."""
        return self._undone[-1] if self._undone else None

    def add(self, step: Step) -> None:
        """Add a step that was just made; what was undone before can no longer be redone."""
        self._done.append(step)
        self._undone.clear()
        del self._done[: -self._max_steps]
        while len(self._done) > 1 and self._image_bytes() > self._max_image_bytes:
            del self._done[0]

    def _image_bytes(self) -> int:
        return sum(step.image_bytes for step in self._done)

    def undo(self) -> Step | None:
        """Undo the latest step and return it; None where there is none.

        Raises:
            StepLostError: it can never be undone, and is forgotten; the one before is next.
            ValueError, OSError: it cannot be undone now; it stays the next.
        """
        step = self.next_undo
        if step is not None:
            _run(step, step.undo, self._done, self._undone)
        return step

    def redo(self) -> Step | None:
        """Redo the step that was undone last and return it; None where there is none.

        Raises:
            StepLostError, ValueError, OSError: as for `undo`.
        """
        step = self.next_redo
        if step is not None:
            _run(step, step.redo, self._undone, self._done)
        return step


def _run(step: Step, action: Callable[[], None], source: list[Step], target: list[Step]) -> None:
    """Undo or redo a step, then move it to the other list."""
    try:
        action()
    except StepLostError:
        _remove(step, source)
        raise
    _remove(step, source)
    target.append(step)


def _remove(step: Step, steps: list[Step]) -> None:
    """Remove a step; another may have been added since, while files were moved in a thread."""
    steps[:] = [other for other in steps if other is not step]
