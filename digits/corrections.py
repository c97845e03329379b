"""Kept drawings with their right labels: images/fine_tuning/0 … 9 and what stands beside them."""

from __future__ import annotations

import csv
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from digits.strokes import Drawing, parse_drawing, stroke_line
from storage.files import HOME, write_text, write_whole

FOLDER = HOME / "images" / "fine_tuning"
LABELS = [str(digit) for digit in range(10)]
COLUMNS = ("file", "label", "predicted", "confidence", "model", "time")


@dataclass(frozen=True)
class Correction:
    """One kept drawing: its picture as the network saw it, and the digit it is (None: no digit)."""

    path: Path
    label: int | None


class Corrections:
    """The folder of kept drawings.

    `<folder>/<digit>/<name>.png` is what the network was shown, 28 × 28, 8-bit grey, ink 255.
    Beside that folder, so that other tools see ten classes in it and nothing else, stand
    `<folder>_originals/` (the strokes or the picture of each drawing, by the same name, and the
    counterexamples in `not_a_digit/`) and `<folder>.csv`, the log. The folder is the truth.
    """

    def __init__(self, folder: str | Path = FOLDER) -> None:
        self.folder = Path(folder)
        self.originals = self.folder.with_name(self.folder.name + "_originals")
        self.log = self.folder.with_name(self.folder.name + ".csv")

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
        if label is not None and label not in range(10):
            raise ValueError(f"expected a label from 0 to 9, found {label!r}")
        if pixels.shape != (28, 28):
            raise ValueError(f"expected pixels of shape (28, 28), found {pixels.shape}")
        self.prepare()
        name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
        place = self.originals / "not_a_digit" if label is None else self.folder / str(label)
        picture = Image.fromarray(np.round(pixels * 255).astype(np.uint8))
        path = place / f"{name}.png"
        beside = self._keep_original(name, label, original)
        try:
            write_whole(path, lambda temporary: picture.save(temporary, "PNG"))
        except BaseException:
            if beside is not None:
                beside.unlink(missing_ok=True)
            raise
        self._append([self._name(path), label, predicted, f"{confidence:.4f}", model, _now()])
        return Correction(path, label)

    def remove(self, correction: Correction) -> None:
        """Take a keeping back: its files go.

        Raises:
            OSError: they cannot be removed.
        """
        correction.path.unlink(missing_ok=True)
        for beside in self._beside(correction.path.stem):
            beside.unlink(missing_ok=True)

    def __iter__(self) -> Iterator[Correction]:
        """The kept digits, label by label, the oldest first."""
        for label in LABELS:
            for path in sorted((self.folder / label).glob("*.png")):
                if not path.name.startswith("."):
                    yield Correction(path, int(label))

    def original(self, correction: Correction) -> Drawing | Image.Image | None:
        """The strokes or the picture that a kept drawing was made from, where there is one."""
        for beside in self._beside(correction.path.stem):
            if beside.suffix == ".jsonl":
                return parse_drawing(beside.read_text(encoding="utf-8"))
            with Image.open(beside) as image:
                return image.copy()
        return None

    def _beside(self, name: str) -> list[Path]:
        if not self.originals.is_dir():
            return []
        return [p for p in self.originals.glob(f"{name}.*") if not p.name.startswith(".")]

    def _keep_original(
        self, name: str, label: int | None, original: Drawing | Image.Image | None
    ) -> Path | None:
        if isinstance(original, Drawing):
            path = self.originals / f"{name}.jsonl"
            # A stroke file wants a digit: that of a counterexample says nothing, and is left out.
            write_text(path, stroke_line(original, label) + "\n")
            return path
        if original is not None:
            path = self.originals / f"{name}.png"
            write_whole(path, lambda temporary: original.save(temporary, "PNG"))
            return path
        return None

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder.parent).as_posix()

    def _append(self, row: list[object]) -> None:
        """Add a line to the log in one write, so that two windows do not mix theirs."""
        is_new = not self.log.exists()
        lines = ([",".join(COLUMNS)] if is_new else []) + [_csv_line(row)]
        handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, ("\n".join(lines) + "\n").encode())
        finally:
            os.close(handle)


def _csv_line(row: list[object]) -> str:
    class _Line(list):
        write = list.append

    line = _Line()
    csv.writer(line, lineterminator="").writerow(["" if part is None else part for part in row])
    return "".join(line)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def read_labelled_folder(folder: str | Path) -> tuple[list[Path], list[int]]:
    """The images below `<folder>/0` … `<folder>/9` with their labels.

    Raises:
        ValueError: there is none.
    """
    folder = Path(folder)
    paths, labels = [], []
    for label in LABELS:
        for path in sorted((folder / label).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                paths.append(path)
                labels.append(int(label))
    if not paths:
        raise ValueError(f"{folder}: expected images in subfolders 0 to 9, found none")
    return paths, labels


def open_image(path: str | Path) -> Image.Image:
    """Read an image file whole.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no image, or a broken or far too large one.
    """
    path = Path(path)
    try:
        with Image.open(path) as image:
            image.load()
            return image
    except (FileNotFoundError, IsADirectoryError):
        raise FileNotFoundError(f"{path}: expected an image, found no such file") from None
    except UnidentifiedImageError:
        raise ValueError(f"{path}: expected an image, found another file") from None
    except Image.DecompressionBombError as error:
        raise ValueError(f"{path}: expected an image of a sensible size: {error}") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValueError(f"{path}: expected an image, found a broken one ({error})") from error
