"""Kept drawings with their right labels: images/fine_tuning/0 … 9 and what stands beside them."""

from __future__ import annotations

import contextlib
import os
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from PIL import Image

from digits.correction_log import CorrectionLog, Row
from digits.images import LABELS
from digits.strokes import Drawing, parse_drawing, stroke_line
from storage.files import HOME, write_text, write_whole

FOLDER = HOME / "images" / "fine_tuning"
_NOT_A_DIGIT = "not_a_digit"
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

    `<folder>/<digit>/<name>.png` is what the network was shown, 28 × 28, 8-bit grey, ink 255.
    Beside that folder, so that other tools see ten classes in it and nothing else, stand
    `<folder>_originals/` (the strokes or the picture of each drawing, by the same name, and the
    counterexamples in `not_a_digit/`), `<folder>_trash/` and `<folder>.csv`, the log. The folder
    is the truth.
    """

    def __init__(self, folder: str | Path = FOLDER) -> None:
        self.folder = Path(folder)
        self.originals = self.folder.with_name(self.folder.name + "_originals")
        self.trash_folder = self.folder.with_name(self.folder.name + "_trash")
        self.log = CorrectionLog(self.folder.with_name(self.folder.name + ".csv"))

    def prepare(self) -> None:
        """Make the ten folders where they are missing: a missing one shifts other tools' labels.

        Raises:
            OSError: they cannot be made.
        """
        for label in LABELS:
            (self.folder / label).mkdir(parents=True, exist_ok=True)

    def keep(
        self,
        pixels: np.ndarray,
        label: int | None,
        original: Drawing | Image.Image | None = None,
        predicted: int | None = None,
        confidence: float = 0.0,
        model: str = "",
    ) -> Correction:
        """Keep a drawing with its right label; whole or not at all.

        Args:
            pixels: (28, 28) float32, as the network read them.
            label: the digit it is, or None for a drawing that is no digit.
            original: the strokes, or the picture where it came from a file.
            predicted: what the network said, with what confidence, and which network.
            confidence: see `predicted`.
            model: see `predicted`.

        Raises:
            ValueError: the label is no digit, or the pixels have another shape.
            OSError: the disk is full, the folder read-only, …: nothing is kept then.
        """
        _check(label)
        if pixels.shape != (28, 28):
            raise ValueError(f"expected pixels of shape (28, 28), found {pixels.shape}")
        self.prepare()
        name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
        path = self._place(label) / f"{name}.png"
        picture = Image.fromarray(np.round(pixels * 255).astype(np.uint8))
        answer = {"predicted": predicted, "confidence": f"{confidence:.4f}", "model": model}
        try:
            self._keep_original(name, label, original)
            write_whole(path, lambda temporary: picture.save(temporary, "PNG"))
            self.log.append(self._row(path, label, answer))
        except BaseException:
            for part in (path, *self._beside(name)):
                part.unlink(missing_ok=True)
            raise
        return Correction(path, label)

    def find(self, correction: Correction) -> Correction | None:
        """The same drawing under the label it has now; None where it is kept no longer."""
        for label in (*range(10), None):
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
        name = correction.path.stem
        for beside in self._beside(name):
            beside.unlink(missing_ok=True)
        self.log.follow(lambda rows: {key: row for key, row in rows.items() if key != name})

    def relabel(self, corrections: Sequence[Correction], label: int | None) -> list[Correction]:
        """Give drawings another label (None: no digit); all of them or none.

        Raises:
            ValueError: the label is no digit.
            OSError: one of them cannot be moved; none has another label then.
        """
        _check(label)
        return self._move(corrections, [(self._place(label), label) for _ in corrections])

    def trash(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Move drawings to the trash, from where `restore` brings them back; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        return self._move(
            corrections,
            [(self.trash_folder / _folder_name(entry.label), entry.label) for entry in corrections],
        )

    def restore(self, corrections: Sequence[Correction]) -> list[Correction]:
        """Bring drawings back from the trash, each under its label; all of them or none.

        Raises:
            OSError: one of them cannot be moved; all are where they were then.
        """
        places = [(self._place(entry.label), entry.label) for entry in corrections]
        return self._move(corrections, places)

    def __iter__(self) -> Iterator[Correction]:
        """The kept digits, label by label, the oldest first."""
        for label in LABELS:
            yield from _listed(self.folder / label, int(label))

    def counterexamples(self) -> list[Correction]:
        """The kept drawings that are no digit, the oldest first."""
        return list(_listed(self._place(None), None))

    def trashed(self) -> list[Correction]:
        """What lies in the trash, label by label, the oldest first."""
        places = [*range(10), None]
        folders = [(self.trash_folder / _folder_name(label), label) for label in places]
        return [entry for folder, label in folders for entry in _listed(folder, label)]

    def original(self, correction: Correction) -> Drawing | Image.Image | None:
        """The strokes or the picture that a kept drawing was made from, where there is one.

        Raises:
            ValueError: it is broken.
            OSError: it cannot be read.
        """
        for beside in self._beside(correction.path.stem):
            if beside.suffix == ".jsonl":
                return parse_drawing(beside.read_text(encoding="utf-8"))
            with Image.open(beside) as image:
                return image.copy()
        return None

    def rebuild_log(self) -> None:
        """Make the log anew from the folders; what it told of the drawings in them stays.

        Raises:
            OSError: it cannot be written.
        """
        kept = [*self, *self.counterexamples(), *self.trashed()]
        self.log.rewrite(lambda rows: self._rows(kept, rows))

    def _move(
        self, corrections: Sequence[Correction], places: list[tuple[Path, int | None]]
    ) -> list[Correction]:
        self.prepare()
        moved: list[tuple[Correction, Correction]] = []
        try:
            for entry, (folder, label) in zip(corrections, places, strict=True):
                new = Correction(folder / entry.path.name, label)
                if new.path != entry.path:
                    _move_file(entry.path, new.path)
                moved.append((entry, new))
                self._relabel_original(new)
        except BaseException:
            for entry, new in moved:
                with contextlib.suppress(OSError):
                    if new.path != entry.path:
                        _move_file(new.path, entry.path)
                    self._relabel_original(entry)
            raise
        now = [new for _, new in moved]
        self.log.follow(lambda rows: {**rows, **self._rows(now, rows)})
        return now

    def _rows(self, kept: Sequence[Correction], known: dict[str, Row]) -> dict[str, Row]:
        names = [entry.path.stem for entry in kept]
        return {
            name: self._row(entry.path, entry.label, known.get(name))
            for name, entry in zip(names, kept, strict=True)
        }

    def _relabel_original(self, entry: Correction) -> None:
        """The strokes beside a drawing carry its label, too."""
        path = self.originals / f"{entry.path.stem}.jsonl"
        if path.exists():
            with contextlib.suppress(ValueError):
                line = stroke_line(parse_drawing(path.read_text(encoding="utf-8")), entry.label)
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
            # A stroke file wants a digit: that of a counterexample says nothing, and is left out.
            line = stroke_line(original, label) + "\n"
            write_text(self.originals / f"{name}.jsonl", line)
        elif original is not None:
            suffix = ".png" if original.mode in _PNG_MODES else ".tif"
            write_whole(self.originals / f"{name}{suffix}", original.save)

    def _row(self, path: Path, label: int | None, known: dict[str, object] | None) -> Row:
        """A line of the log: where a drawing is now, and what was known of it when it was kept."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        values = {"time": now, **(known or {})}
        values["file"] = path.relative_to(self.folder.parent).as_posix()
        values["label"] = "" if label is None else label
        return {name: "" if value is None else str(value) for name, value in values.items()}


def _check(label: int | None) -> None:
    if label is not None and label not in range(10):
        raise ValueError(f"expected a label from 0 to 9, found {label!r}")


def _folder_name(label: int | None) -> str:
    return _NOT_A_DIGIT if label is None else str(label)


def _listed(folder: Path, label: int | None) -> Iterator[Correction]:
    """The pictures in a folder; a name that starts with a dot is one that is still written."""
    for path in sorted(folder.glob("*.png")):
        if not path.name.startswith("."):
            yield Correction(path, label)


def _move_file(path: Path, target: Path) -> None:
    """Move a file in one step, and never over another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(f"{target} is there already; {path} stays where it is")
    os.rename(path, target)
