"""Exported drawings are imported again, those that are no digit among them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from digit_images import synthetic_samples

from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.export import export_zip
from number_recognition.digits.corrections.imports import import_images


@pytest.mark.parametrize("source", ["", "labels.csv"], ids=["folder", "CSV"])
def test_exported_drawings_are_imported_with_their_labels(tmp_path: Path, source: str) -> None:
    corrections = Corrections(tmp_path / "first" / "fine_tuning")
    pixels = synthetic_samples(3, 1).pixels / np.float32(255)
    for image, label in zip(pixels, (3, 7, None), strict=True):
        corrections.keep(image, label)
    assert export_zip(corrections.list_kept()[0], tmp_path / "all.zip") == 3
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path / "exported")
    others = Corrections(tmp_path / "second" / "fine_tuning")
    imported = import_images(tmp_path / "exported" / source, others)
    assert [each.label for each in imported.kept] == [3, 7, None] and not imported.skipped


def test_a_folder_of_drawings_that_are_no_digit_is_imported(tmp_path: Path) -> None:
    corrections = Corrections(tmp_path / "first" / "fine_tuning")
    corrections.keep(synthetic_samples(1, 1).pixels[0] / np.float32(255), None)
    others = Corrections(tmp_path / "second" / "fine_tuning")
    imported = import_images(corrections.folders.counterexamples.parent, others)
    assert [each.label for each in imported.kept] == [None]
