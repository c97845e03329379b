"""Kept drawings with their right labels: images/fine_tuning/0 … 9 and what stands beside them."""

from __future__ import annotations

import contextlib
import os
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.corrections.correction_log import CorrectionLog, Row
from number_recognition.digits.drawing.drawing import Drawing
from number_recognition.digits.drawing.stroke_files import format_line, parse_drawing, relabel_line
from number_recognition.digits.images.image_files import (
    LABELS,
    count_images,
    list_images,
    open_image,
)
from number_recognition.storage.files import PROJECT_DIR, atomic_write, write_text
from number_recognition.storage.values import printable

FOLDER = PROJECT_DIR / "images" / "fine_tuning"
_NOT_A_DIGIT = "not_a_digit"
_ALL_LABELS = (*range(10), None)
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16")
"""What a PNG can hold as it is."""
_TIME = re.compile(r"\d{8}T\d{6}")


@dataclass(frozen=True)
class Correction:
    """One kept drawing: its picture as the network saw it, and the digit it is (None: no digit)."""

    path: Path
    label: int | None

    @property
    def kept_at(self) -> str:
        """When it was kept, 20261122T145352 in UTC, for files of other programs when changed."""
        if _TIME.match(self.path.name):
            return self.path.name[:15]
        with contextlib.suppress(OSError):
            return (
                f"{datetime.fromtimestamp(self.path.stat().st_mtime, timezone.utc):%Y%m%dT%H%M%S}"
            )
        return ""


class Corrections:
    """The folder of kept drawings.

    `<folder>/<digit>/<name>.png` is what the network was shown, 28 × 28, 8-bit grey, ink 255;
    other images that a person puts there count as kept, too. Beside that folder, so that other
    tools see ten classes in it and nothing else, stand `<folder>_originals/` (the strokes or the
    picture of each drawing, by the same name, and the counterexamples in `not_a_digit/`),
    `<folder>_trash/` and `<folder>.csv`, the log. The folder is the truth.
    """

    def __init__(self, folder: str | Path = FOLDER, warnings: list[str] | None = None) -> None:
        """Open a folder of kept drawings.

        Args:
            folder: the folder.
            warnings: what people must know is added here, for example that the log was set aside.
        """
        self.warnings: list[str] = [] if warnings is None else warnings
        self.folder = Path(folder)
        self.originals = self.folder.with_name(self.folder.name + "_originals")
        self.trash_folder = self.folder.with_name(self.folder.name + "_trash")
        self.log = CorrectionLog(self.folder.with_name(self.folder.name + ".csv"), self.warnings)

    def prepare(self) -> None:
        """Make the ten folders where they are missing: a missing one shifts other tools' labels.

        One that cannot be made stops nothing: whatever writes to it says so.
        """
        for label in LABELS:
            with contextlib.suppress(OSError):
                (self.folder / label).mkdir(parents=True, exist_ok=True)

    def keep(
        self,
        pixels: np.ndarray,
        label: int | None,
        original: Drawing | Image.Image | None = None,
        predicted: int | None = None,
        confidence: float = 0.0,
        model: str = "",
        name: str | None = None,
    ) -> Correction:
        """Keep a drawing with its right label; whole or not at all.

        Args:
            pixels: (28, 28) float32, as the network read them.
            label: the digit it is, or None for a drawing that is no digit.
            original: the strokes, or the picture where it came from a file.
            predicted: what the network said, with what confidence, and which network.
            confidence: see `predicted`.
            model: see `predicted`.
            name: the name of its files without ending, to keep a removed drawing again; by
                default a new one.

        Raises:
            ValueError: the label is no digit, or the pixels have another shape.
            OSError: the disk is full, the folder read-only, the log unreadable, …: nothing is
                kept then.
        """
        _check(label)
        if pixels.shape != (28, 28):
            raise ValueError(f"expected pixels of shape (28, 28), found {pixels.shape}")
        self.prepare()
        name = name or f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
        path = self._place(label) / f"{name}.png"
        picture = Image.fromarray(np.round(pixels * 255).astype(np.uint8))
        answer: dict[str, object] = {
            "predicted": predicted,
            "confidence": f"{confidence:.4f}",
            "model": printable(model),
        }
        try:
            self._keep_original(name, label, original)
            atomic_write(path, lambda temporary: picture.save(temporary, "PNG"))
            self.log.append(self._row(Correction(path, label), answer))
        except BaseException:
            for part in (path, *self._beside(name)):
                part.unlink(missing_ok=True)
            raise
        return Correction(path, label)

    def find(self, correction: Correction) -> Correction | None:
        """The same drawing under the label it has now; None where it is kept no longer."""
        for label in _ALL_LABELS:
            path = self._place(label) / correction.path.name
            if path.exists():
                return Correction(path, label)
        return None

    def remove(self, correction: Correction) -> None:
        """Take a keeping back: its files go.

        Raises:
            OSError: they cannot be removed.
        """
        correction.path.unlink(missing_ok=True)
        for beside in self._beside(correction.path.stem):
            beside.unlink(missing_ok=True)
        with self._warning():
            self.log.remove({self._name(correction)})

    def relabel(self, corrections: Sequence[Correction], label: int | None) -> list[Correction]:
        """Give drawings another label (None: no digit); all of them or none.

        Raises:
            ValueError: the label is no digit.
            OSError: one of them cannot be moved; none has another label then.
        """
        _check(label)
        place = self._place(label)
        return self.put(corrections, [Correction(place / e.path.name, label) for e in corrections])

    def trash(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Move drawings to the trash, from where `restore` brings them back; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        return self.put(corrections, self.in_trash(corrections))

    def in_trash(self, corrections: Sequence[Correction]) -> list[Correction]:
        """The same drawings as they are named in the trash."""
        folders = [self.trash_folder / _folder_name(entry.label) for entry in corrections]
        return _moved(corrections, folders)

    def restore(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Bring drawings back from the trash, each under its label; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        places = [self._place(entry.label) for entry in corrections]
        return self.put(corrections, _moved(corrections, places))

    def __iter__(self) -> Iterator[Correction]:
        """The kept digits, label by label, the oldest first.

        Raises:
            OSError: a folder cannot be listed; see `list_kept` for the others.
        """
        for label in LABELS:
            yield from _listed(self.folder / label, int(label))

    def counterexamples(self) -> list[Correction]:
        """The kept drawings that are no digit, the oldest first.

        Raises:
            OSError: their folder cannot be listed.
        """
        return _listed(self._place(None), None)

    def trashed(self) -> list[Correction]:
        """What lies in the trash, label by label, the oldest first.

        Raises:
            OSError: a folder cannot be listed; see `list_trash` for the others.
        """
        return [entry for place, label in self._trash_places() for entry in _listed(place, label)]

    def list_kept(self) -> tuple[list[Correction], dict[Path, str]]:
        """What is kept, digits first, then what is no digit, each label the oldest first.

        Returns:
            The drawings, and why folders could not be listed; the others were.
        """
        return _list_each([(self._place(label), label) for label in _ALL_LABELS])

    def count(self) -> tuple[dict[int | None, int], dict[Path, str]]:
        """Count the kept drawings without listing them.

        Returns:
            How many there are of each label (None: no digit), and why folders cannot be listed;
            their labels are left out.
        """
        counts: dict[int | None, int] = {}
        problems: dict[Path, str] = {}
        for label in _ALL_LABELS:
            try:
                counts[label] = count_images(self._place(label))
            except OSError as error:
                problems[self._place(label)] = str(error)
        return counts, problems

    def list_trash(self) -> tuple[list[Correction], dict[Path, str]]:
        """What lies in the trash, as `list_kept` lists what is kept."""
        return _list_each(self._trash_places())

    def _trash_places(self) -> list[tuple[Path, int | None]]:
        return [(self.trash_folder / _folder_name(label), label) for label in _ALL_LABELS]

    def original(self, correction: Correction) -> Drawing | Image.Image | None:
        """The strokes or the picture that a kept drawing was made from, where there is one.

        Raises:
            ValueError: it is broken.
            OSError: it cannot be read.
        """
        for beside in self._beside(correction.path.stem):
            if beside.suffix == ".jsonl":
                return parse_drawing(beside.read_text(encoding="utf-8"))
            return open_image(beside)
        return None

    def rebuild_log(self) -> None:
        """Make the log anew from the folders; what it told of the drawings in them stays.

        Raises:
            OSError: it cannot be read or written, or a folder cannot be listed.
        """
        kept = [*self, *self.counterexamples(), *self.trashed()]
        self.log.rebuild({self._name(entry): self._row(entry) for entry in kept})

    def put(self, before: Sequence[Correction], after: Sequence[Correction]) -> list[Correction]:
        """Move drawings from where they are to where they shall be; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        self.prepare()
        moved: list[tuple[Correction, Correction]] = []
        try:
            for old, new in zip(before, after, strict=True):
                if new.path != old.path:
                    _move_file(old.path, new.path)
                moved.append((old, new))
                if new.label != old.label:
                    self._relabel_original(new)
        except BaseException:
            for old, new in moved:
                with contextlib.suppress(OSError):
                    if new.path != old.path:
                        _move_file(new.path, old.path)
                    self._relabel_original(old)
            raise
        pairs = zip(before, after, strict=True)
        with self._warning():
            self.log.update({self._name(old): self._row(new) for old, new in pairs})
        return list(after)

    @contextlib.contextmanager
    def _warning(self) -> Iterator[None]:
        """The files are as they shall be: a log that cannot follow is a warning, no error."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            self.warnings.append(
                f"{self.log.path}: cannot be read or written ({reason}); it says what was before."
            )

    def _name(self, correction: Correction) -> str:
        return correction.path.relative_to(self.folder.parent).as_posix()

    def _relabel_original(self, entry: Correction) -> None:
        """The strokes beside a drawing carry its label, too."""
        path = self.originals / f"{entry.path.stem}.jsonl"
        if path.exists():
            with contextlib.suppress(ValueError):
                line = relabel_line(path.read_text(encoding="utf-8"), entry.label)
                write_text(path, line + "\n")

    def _place(self, label: int | None) -> Path:
        return self.originals / _NOT_A_DIGIT if label is None else self.folder / str(int(label))

    def _beside(self, name: str) -> list[Path]:
        places = (self.originals / f"{name}{suffix}" for suffix in (".jsonl", ".png", ".tif"))
        return [path for path in places if path.exists()]

    def _keep_original(
        self, name: str, label: int | None, original: Drawing | Image.Image | None
    ) -> None:
        if isinstance(original, Drawing):
            write_text(self.originals / f"{name}.jsonl", format_line(original, label) + "\n")
        elif original is not None:
            suffix = ".png" if original.mode in _PNG_MODES else ".tif"
            atomic_write(self.originals / f"{name}{suffix}", original.save)

    def _row(self, entry: Correction, known: Mapping[str, object] | None = None) -> Row:
        """A line of the log: where a drawing is now, and what is known of it."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        values = {"time": now, **(known or {}), "file": self._name(entry), "label": entry.label}
        return {name: "" if value is None else str(value) for name, value in values.items()}


def _check(label: int | None) -> None:
    if label is not None and label not in range(10):
        raise ValueError(f"expected a label from 0 to 9, found {label!r}")


def _folder_name(label: int | None) -> str:
    return _NOT_A_DIGIT if label is None else str(label)


def _moved(corrections: Sequence[Correction], places: Sequence[Path]) -> list[Correction]:
    """The same drawings in other folders."""
    return [
        Correction(place / entry.path.name, entry.label)
        for entry, place in zip(corrections, places, strict=True)
    ]


def _listed(folder: Path, label: int | None) -> list[Correction]:
    return [Correction(path, label) for path in list_images(folder)]


def _list_each(
    places: Sequence[tuple[Path, int | None]],
) -> tuple[list[Correction], dict[Path, str]]:
    """The drawings of the folders that can be listed, and why the others cannot."""
    entries: list[Correction] = []
    problems: dict[Path, str] = {}
    for folder, label in places:
        try:
            entries += _listed(folder, label)
        except OSError as error:
            problems[folder] = str(error)
    return entries, problems


def _move_file(path: Path, target: Path) -> None:
    """Move a file in one step, and never over another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(f"{target} is there already; {path} stays where it is")
    os.rename(path, target)
