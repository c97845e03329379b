"""Kept drawings with their right labels: images/fine_tuning/0 … 9 and the files beside it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.corrections.correction import (
    Correction,
    count_folders,
    list_folder,
    list_folders,
    write_pixels,
)
from number_recognition.digits.corrections.correction_log import CorrectionLog, Row
from number_recognition.digits.corrections.folders import ALL_LABELS, Folders
from number_recognition.digits.corrections.moves import move_all, moved_to
from number_recognition.digits.corrections.originals import Originals
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.images.image_files import LABELS
from number_recognition.storage.file_errors import explained, reason
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.tables import safe_cell

DEFAULT_FOLDER = PROJECT_DIR / "images" / "fine_tuning"


class Corrections:
    """The folder of kept drawings.

    `<folder>/<digit>/<name>.png` holds the pixels that the network read, 28 × 28, 8-bit grey,
    ink 255; other images that a person puts there count as kept, too. Other tools find ten classes
    in that folder and nothing else. Beside it are `<folder>_counterexamples/not_a_digit/` (drawings
    that are not a digit, again a folder for each class), `<folder>_originals/` (the strokes or the
    image of each drawing, by the same name), `<folder>_trash/` and `<folder>.csv`, the log. The
    folders are the truth.

    Attributes:
        folder: the folder of the digits; `folders` has all.
        originals: the originals of the drawings.
        log: the log.
        warnings: what the user must know, for example that the log was renamed.
    """

    def __init__(
        self, folder: str | Path = DEFAULT_FOLDER, warnings: list[str] | None = None
    ) -> None:
        """Open a folder of kept drawings.

        Args:
            folder: the folder.
            warnings: warnings are added to this list.
        """
        self.warnings: list[str] = [] if warnings is None else warnings
        self.folder = Path(folder)
        self.folders = Folders(self.folder)
        self.originals = Originals(self.folders.originals)
        self.log = CorrectionLog(self.folder.with_name(self.folder.name + ".csv"), self.warnings)

    def prepare(self) -> None:
        """Create the ten folders where they are missing: a missing one shifts other tools' labels.

        Errors are ignored: whatever writes to such a folder reports them.
        """
        for label in LABELS:
            with contextlib.suppress(OSError):
                (self.folder / label).mkdir(parents=True, exist_ok=True)

    def keep(
        self,
        pixels: np.ndarray,
        label: int | None,
        original: Drawing | Image.Image | None = None,
        predicted: int | str | None = None,
        confidence: float = 0.0,
        model: str = "",
        name: str | None = None,
    ) -> Correction:
        """Keep a drawing with its right label; whole or not at all.

        Args:
            pixels: (28, 28) float32, as the network read them.
            label: the digit it is, or None for a drawing that is not a digit.
            original: the strokes, or the image where it came from a file.
            predicted, confidence, model: the prediction ("none": no digit), the network's name.
            name: of its files, without ending, to keep a removed drawing again; None: a new one.

        Raises:
            ValueError: the label is not a digit, or the pixels have another shape.
            OSError: a file cannot be written, or the log not read: nothing is kept then.
        """
        _check_label(label)
        _check_shape(pixels)
        self.prepare()
        correction = Correction(self.folders.kept(label) / f"{name or new_name()}.png", label)
        prediction = _prediction_cells(predicted, confidence, model)
        try:
            if original is not None:
                self.originals.save(correction.path.stem, label, original)
            write_pixels(correction.path, pixels)
            self.log.append(self._log_row(correction, prediction))
        except BaseException:
            with contextlib.suppress(OSError):  # the first error says what is wrong
                correction.path.unlink(missing_ok=True)
                if original is not None:
                    self.originals.delete(correction.path.stem)
            raise
        return correction

    def find(self, correction: Correction) -> Correction | None:
        """Return the drawing with the label it has now; None where it is no longer kept."""
        for folder, label in self.folders.all_kept():
            path = folder / correction.path.name
            if path.exists():
                return Correction(path, label)
        return None

    def remove(self, correction: Correction) -> None:
        """Undo `keep`: delete a drawing's files and its row of the log.

        Once its image is deleted it is no longer kept: what else cannot be deleted is a warning.

        Raises:
            OSError: its image cannot be deleted; it is kept as before then.
        """
        with explained(correction.path, "cannot be deleted"):
            correction.path.unlink(missing_ok=True)
        try:
            self.originals.delete(correction.path.stem)
        except OSError as error:
            self.warnings.append(f"{error} It can be deleted by hand.")
        with self._log_errors_as_warnings():
            self.log.remove({self._log_name(correction)})

    def relabel(self, corrections: Sequence[Correction], label: int | None) -> list[Correction]:
        """Give drawings another label (None: not a digit); all of them or none.

        Raises:
            ValueError: the label is not a digit.
            OSError: one of them cannot be moved; none has another label then.
        """
        _check_label(label)
        folder = self.folders.kept(label)
        relabelled = [Correction(folder / each.path.name, label) for each in corrections]
        return self.put(corrections, relabelled)

    def trash(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Move drawings to the trash; `restore` brings them back. All of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        return self.put(corrections, self.in_trash(corrections))

    def in_trash(self, corrections: Sequence[Correction]) -> list[Correction]:
        """The same drawings as they are named in the trash."""
        return moved_to(corrections, self.folders.trashed)

    def restore(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Bring drawings back from the trash, each under its label; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        return self.put(corrections, moved_to(corrections, self.folders.kept))

    def put(self, before: Sequence[Correction], after: Sequence[Correction]) -> list[Correction]:
        """Move drawings from one path and label to another; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        self.prepare()
        move_all(before, after, self.originals)
        with self._log_errors_as_warnings():
            pairs = zip(before, after, strict=True)
            self.log.update({self._log_name(old): self._log_row(new) for old, new in pairs})
        return list(after)

    def digits(self) -> list[Correction]:
        """Return the kept digits, label by label, the oldest first.

        Raises:
            OSError: a folder cannot be listed; see `list_kept` for the other folders.
        """
        return [each for label in LABELS for each in list_folder(self.folder / label, int(label))]

    def counterexamples(self) -> list[Correction]:
        """Return the kept drawings that are not a digit, the oldest first.

        Raises:
            OSError: their folder cannot be listed.
        """
        folders = (self.folders.counterexamples, self.folders.former_counterexamples)
        return [each for folder in folders for each in list_folder(folder, None)]

    def trashed(self) -> list[Correction]:
        """Return the drawings in the trash, label by label, the oldest first.

        Raises:
            OSError: a folder cannot be listed; see `list_trash` for the other folders.
        """
        return [
            each for label in ALL_LABELS for each in list_folder(self.folders.trashed(label), label)
        ]

    def list_kept(self) -> tuple[list[Correction], dict[Path, str]]:
        """Return the kept drawings, digits first, then counterexamples, the oldest first in each.

        Returns:
            The drawings, and for each folder that could not be listed the reason.
        """
        return list_folders(self.folders.all_kept())

    def list_trash(self) -> tuple[list[Correction], dict[Path, str]]:
        """Return the drawings in the trash; see `list_kept`."""
        return list_folders((self.folders.trashed(label), label) for label in ALL_LABELS)

    def count(self) -> tuple[dict[int | None, int], dict[Path, str]]:
        """Count the kept drawings without listing them.

        Returns:
            How many there are of each label (None: not a digit), and for each folder that cannot
            be listed the reason; their labels are left out.
        """
        return count_folders(self.folders.all_kept())

    def original(self, correction: Correction) -> Drawing | Image.Image | None:
        """Return the strokes or the image that a drawing was made from, where there is one.

        Raises:
            ValueError: the file is broken.
            OSError: it cannot be read.
        """
        return self.originals.load(correction.path.stem)

    def match_log(self) -> bool:
        """Make the log match the folders; whether it did not. Raises OSError (see `keep`)."""

        def list_rows() -> dict[str, Row]:
            listed = (*self.digits(), *self.counterexamples(), *self.trashed())
            return {self._log_name(each): self._log_row(each) for each in listed}

        return self.log.match(list_rows)

    @contextlib.contextmanager
    def _log_errors_as_warnings(self) -> Iterator[None]:
        """Turn an error of the log into a warning: the files themselves are as they should be."""
        try:
            yield
        except OSError as error:
            text = f"cannot be read or written ({reason(error)}); it is out of date now."
            self.warnings.append(f"{self.log.path}: {text}")

    def _log_name(self, correction: Correction) -> str:
        return correction.path.relative_to(self.folder.parent).as_posix()

    def _log_row(
        self, correction: Correction, prediction: Mapping[str, object] | None = None
    ) -> Row:
        values = {
            "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            **(prediction or {}),
            "file": self._log_name(correction),
            "label": correction.label,
        }
        return {name: "" if value is None else str(value) for name, value in values.items()}


def new_name() -> str:
    """A name for the files of a drawing, without ending: the time, and what nothing else has."""
    return f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"


def _prediction_cells(
    predicted: int | str | None, confidence: float, model: str
) -> dict[str, object]:
    """The cells of the log that say what was predicted, and by which network."""
    return {
        "predicted": predicted,
        "confidence": f"{confidence:.4f}",
        "model": safe_cell(model),
    }


def _check_shape(pixels: np.ndarray) -> None:
    if pixels.shape != (28, 28):
        raise ValueError(f"expected pixels of shape (28, 28), found {pixels.shape}")


def _check_label(label: int | None) -> None:
    if label is not None and label not in range(10):
        raise ValueError(f"expected a label from 0 to 9, found {label!r}")
