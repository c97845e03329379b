"""Counterexamples in the folder of earlier versions are read, and moved with their log."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from digit_images import drawing, rasterized

from number_recognition.digits.corrections.correction import Correction
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.corrections.former_versions import move_former_counterexamples
from number_recognition.digits.images.frame import frame

PIXELS = frame(rasterized(drawing(4))).pixels


@pytest.fixture
def corrections(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "images" / "fine_tuning")


def kept_as_by_earlier_versions(corrections: Corrections) -> Correction:
    kept = corrections.keep(PIXELS, None, drawing(4).drawing)
    former = corrections.originals.folder / "not_a_digit" / kept.path.name
    return corrections.put([kept], [Correction(former, None)])[0]


def test_counterexamples_of_earlier_versions_are_read(corrections: Corrections) -> None:
    former = kept_as_by_earlier_versions(corrections)
    assert corrections.counterexamples() == corrections.list_kept()[0] == [former]
    assert corrections.count()[0][None] == 1 and corrections.find(former) == former


def test_counterexamples_of_earlier_versions_are_moved_and_the_log_follows(
    corrections: Corrections,
) -> None:
    former = kept_as_by_earlier_versions(corrections)
    move_former_counterexamples(corrections)
    [moved] = corrections.counterexamples()
    assert moved.path == corrections.folders.counterexamples / former.path.name
    assert not former.path.exists() and corrections.original(moved).strokes
    with corrections.log.path.open(newline="") as lines:
        assert [row["file"] for row in csv.DictReader(lines)] == [
            f"fine_tuning_counterexamples/not_a_digit/{former.path.name}"
        ]


def test_counterexamples_that_cannot_be_moved_are_named_and_stay(corrections: Corrections) -> None:
    former = kept_as_by_earlier_versions(corrections)
    folder = corrections.folders.counterexamples
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.write_text("in the way")
    move_former_counterexamples(corrections)
    assert "They are read where they are" in corrections.warnings[0]
    assert former.path.exists()
