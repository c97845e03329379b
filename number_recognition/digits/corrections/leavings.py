"""Originals of drawings that were being kept when the program was killed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.drawing.rasterize import rasterize
from number_recognition.digits.drawing.stroke_files import parse_line
from number_recognition.digits.drawing.strokes import LabelledDrawing
from number_recognition.digits.images.frame import Frame, frame
from number_recognition.storage.files import is_old


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
