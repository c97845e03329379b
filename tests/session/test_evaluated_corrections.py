"""Evaluations of kept drawings whose files were moved, and of which some are no longer kept."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from number_recognition.digits.corrections.correction import Correction
from number_recognition.learning.evaluation.evaluate_job import EvaluationResult
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.session.evaluated_corrections import with_current_labels

ROOT = Path("fine_tuning")


def kept(label: int | None, name: str) -> Correction:
    return Correction(ROOT / ("none" if label is None else str(label)) / name, label)


def result_of(*corrections: Correction) -> EvaluationResult:
    """Every drawing was read as a 4; the pixels of a row are its number."""
    labels = np.array([correction.label for correction in corrections])
    probabilities = np.full((len(labels), 10), 0.05, np.float32)
    probabilities[:, 4] = 0.55
    pixels = np.broadcast_to(np.arange(len(labels))[:, None, None], (len(labels), 28, 28))
    paths = [correction.path for correction in corrections]
    evaluation = Evaluation.of(labels, probabilities)
    return EvaluationResult("kept", Path("a.keras"), evaluation, pixels, paths)


def test_a_moved_drawing_has_its_new_label() -> None:
    result = result_of(kept(4, "a.png"), kept(4, "b.png"))
    moved = with_current_labels(result, [kept(9, "a.png"), kept(4, "b.png")])
    assert moved.evaluation.labels.tolist() == [9, 4] and moved.evaluation.accuracy == 0.5
    assert moved.paths == [ROOT / "9" / "a.png", ROOT / "4" / "b.png"]


def test_drawings_that_are_no_longer_kept_as_digits_are_left_out() -> None:
    result = result_of(kept(4, "a.png"), kept(4, "b.png"), kept(7, "c.png"))
    rest = with_current_labels(result, [kept(None, "a.png"), kept(7, "c.png")])
    assert rest.evaluation.labels.tolist() == [7] and rest.pixels[:, 0, 0].tolist() == [2]


def test_none_may_be_left() -> None:
    rest = with_current_labels(result_of(kept(4, "a.png")), [])
    assert math.isnan(rest.evaluation.accuracy) and math.isnan(rest.evaluation.calibration_error)
    assert rest.evaluation.confusion.sum() == 0 and rest.paths == []


def test_files_of_one_name_in_several_folders_are_not_confused() -> None:
    result = result_of(kept(4, "a.png"), kept(7, "a.png"))
    same = with_current_labels(result, [kept(4, "a.png"), kept(7, "a.png"), kept(1, "new.png")])
    assert same.evaluation.labels.tolist() == [4, 7]
