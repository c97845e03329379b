"""What was being kept or imported when the program was killed."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.imports import RECORDS
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import parse_line
from number_recognition.digits.drawing.strokes import LabelledDrawing
from number_recognition.digits.images.frame import Frame, frame
from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import is_old
from number_recognition.storage.locks import is_locked, remove_lock
from number_recognition.storage.values import parse_json


@dataclass(frozen=True)
class UnfinishedImport:
    """An import whose process was killed.

    Attributes:
        record: the file that the import wrote.
        source: the folder or CSV, "" where the record does not say it.
        kept: the drawings that it kept, and that are still kept.
    """

    record: Path
    source: str
    kept: list[Correction]

    def forget(self) -> None:
        """Remove the record; the drawings stay kept. Raises OSError where it cannot be."""
        with explained(self.record, "cannot be deleted"):
            self.record.unlink(missing_ok=True)
        remove_lock(self.record)


def find_unfinished_imports(corrections: Corrections) -> list[UnfinishedImport]:
    """The imports that were killed and of which something is kept; the other records go.

    Raises:
        OSError: a record cannot be listed, read or removed.
    """
    folder = corrections.folder
    records = sorted(folder.parent.glob(f"{glob.escape(folder.name + RECORDS)}*.jsonl"))
    if not records:
        return []
    listed, problems = corrections.list_kept()
    by_name = {each.path.stem: each for each in listed}
    found = []
    for record in records:
        if is_locked(record):
            continue  # it is at work
        with explained(record, "cannot be read"):
            source, *names = record.read_text("utf-8", "replace").splitlines() or [""]
        kept = [by_name[name] for line in names if (name := line.strip('"')) in by_name]
        unfinished = UnfinishedImport(record, _source(source), kept)
        if kept:
            found.append(unfinished)
        elif not problems:  # a folder that cannot be listed may hold some
            unfinished.forget()
    return found


def _source(line: str) -> str:
    try:
        value = parse_json(line, "the record of an import", any_text=True)
    except ValueError:
        return ""
    return str(value.get("source", "")) if isinstance(value, dict) else ""


def find_lone_originals(corrections: Corrections) -> list[Path]:
    """The old originals whose drawing is neither kept nor in the trash.

    Empty where a folder cannot be listed, which may hold the drawing.

    Raises:
        OSError: the folder of the originals cannot be listed.
    """
    kept, problems = corrections.list_kept()
    trashed, other_problems = corrections.list_trash()
    if problems or other_problems:
        return []
    known = {each.path.stem for each in (*kept, *trashed)}
    originals = corrections.originals.list_files()
    return [path for path in originals if path.stem not in known and is_old(path)]


def keep_original(corrections: Corrections, path: Path) -> Correction:
    """Keep the drawing of a lone original: strokes under the label that they state.

    An image states none: its drawing is put in the trash, from where it can be restored and
    labelled.

    Raises:
        ValueError: the file is broken, or has no ink.
        OSError: it cannot be read, or the drawing not be written.
    """
    original = corrections.originals.load(path.stem)
    if original is None:
        raise ValueError(f"{path}: expected a drawing, found no such file")
    if isinstance(original, Image.Image):
        kept = corrections.keep(_pixels(frame(original), path), None, name=path.stem)
        return corrections.trash([kept])[0]
    framed = frame(rasterize(original), clean=False)
    return corrections.keep(_pixels(framed, path), _label_of(path), name=path.stem)


def _pixels(framed: Frame | None, path: Path) -> np.ndarray:
    if framed is None:
        raise ValueError(f"{path}: expected a drawing, found a blank one")
    return framed.pixels


def _label_of(path: Path) -> int | None:
    labelled = parse_line(path.read_text(encoding="utf-8"))
    if not isinstance(labelled, LabelledDrawing):
        raise ValueError(f"{path}: expected the strokes of one digit, found a number")
    return labelled.label
