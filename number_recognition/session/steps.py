"""The steps of the undo history: another content of the pad, a kept drawing, edited corrections.

`writer` returns what keeps a drawing, once and after each undo again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.session.pad_content import PackedContent, PadContent, original_of_all
from number_recognition.session.undo_history import StepLostError

if TYPE_CHECKING:
    from PIL import Image

    from number_recognition.digits.corrections.correction import Correction
    from number_recognition.digits.corrections.corrections import Corrections
    from number_recognition.digits.drawing.drawing import Drawing
    from number_recognition.learning.models.prediction import Prediction
    from number_recognition.session.counts import Counts

GetContent = Callable[[], PadContent]
SetContent = Callable[[PadContent], object]
Write = Callable[["Drawing | Image.Image", int | None, str | None], "Correction"]
"""Keeps an original with its label (None: no digit), in files of a name or of a new one (None)."""


@dataclass(eq=False)
class ContentStep:
    """The content of the pad changed: a stroke, an erasure, a clearing, an opened image.

    `other` is the content before, or after where the step was undone.
    """

    other: PackedContent
    get_content: GetContent
    set_content: SetContent
    moves_files = False

    @property
    def image_bytes(self) -> int:
        return self.other.image_bytes

    def undo(self) -> None:
        """Show the other content, and remember the one on the pad in its place."""
        other = PackedContent(self.get_content())
        self.set_content(self.other.unpack())
        self.other = other

    redo = undo


def writer(corrections: Corrections, counts: Counts, prediction: Prediction, model: str) -> Write:
    """Return a function that keeps a drawing or an image.

    Args:
        corrections: the folder of kept drawings.
        counts: are updated when it is kept.
        prediction: what was predicted for it.
        model: the file name of the network that predicted it.

    Raises:
        ValueError: there is nothing to keep.
    """
    if prediction.frame is None:
        raise ValueError("Draw a digit first.")
    # The undo history holds the function: not the images of the prediction as well.
    pixels, confidence = prediction.frame.pixels, prediction.confidence
    predicted = "none" if prediction.refused else prediction.digit

    def write(original: Drawing | Image.Image, label: int | None, name: str | None) -> Correction:
        correction = corrections.keep(
            pixels,
            label,
            original=original,
            predicted=predicted,
            confidence=confidence,
            model=model,
            name=name,
        )
        counts.update()
        return correction

    return write


@dataclass(eq=False)
class KeepStep:
    """The drawing on the pad was kept, which cleared the pad.

    `write` writes `content`, what was kept, again under the label and the file name it had.
    """

    content: PackedContent
    correction: Correction
    set_content: SetContent
    write: Write
    corrections: Corrections
    counts: Counts
    moves_files = False

    @property
    def image_bytes(self) -> int:
        return self.content.image_bytes

    def undo(self) -> None:
        """Remove the kept drawing, whatever label it has by now, and show it on the pad again."""
        kept = self.corrections.find(self.correction)
        if kept is not None:
            self.counts.update_after(lambda: self.corrections.remove(kept), -1, -1)
        self.set_content(self.content.unpack())

    def redo(self) -> None:
        self._write_again()
        self.set_content(PadContent())

    def _write_again(self) -> None:
        original = original_of_all(self.content.unpack())
        self.correction = self.write(original, self.correction.label, self.correction.path.stem)


@dataclass(eq=False)
class KeepDigitStep(KeepStep):
    """One digit of the number on the pad was kept; the pad stays as it is.

    `mark` shows the digit with its label, or without (False).
    """

    mark: Callable[[bool], object]

    def undo(self) -> None:
        """Remove the kept digit, and show it as it was read."""
        kept = self.corrections.find(self.correction)
        if kept is not None:
            self.counts.update_after(lambda: self.corrections.remove(kept), -1, -1)
        self.mark(False)

    def redo(self) -> None:
        self._write_again()
        self.mark(True)


@dataclass(eq=False)
class EditStep:
    """Kept drawings were relabelled, imported, moved to the trash or restored from it.

    `before` and `after` are the same drawings with the labels and files that they had and have;
    those imported were in the trash before. `added` drawings more are kept since, `new` of them
    or of others count as new.
    """

    before: list[Correction]
    after: list[Correction]
    added: int
    new: int
    corrections: Corrections
    counts: Counts
    image_bytes = 0
    moves_files = True

    def undo(self) -> None:
        self._move(self.after, self.before, -1)

    def redo(self) -> None:
        self._move(self.before, self.after, 1)

    def _move(self, source: list[Correction], target: list[Correction], sign: int) -> None:
        try:
            self.counts.update_after(
                lambda: self.corrections.put(source, target), sign * self.added, sign * self.new
            )
        except OSError as error:
            reason = _why_lost(source, target)
            if reason is not None:
                raise StepLostError(reason) from error
            raise


def _why_lost(source: list[Correction], target: list[Correction]) -> str | None:
    """Why drawings can never be moved: their files are gone, or others are in their place."""
    for old, new in zip(source, target, strict=True):
        if not old.path.exists():
            return f"{_short(old.path)} was deleted or moved by another program"
        if new.path != old.path and new.path.exists():
            return f"{_short(new.path)} exists already"
    return None


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
