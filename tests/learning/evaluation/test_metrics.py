"""Metrics of predictions: accuracy, confusion matrix, refusals, calibration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.models.prediction import NO_DIGIT, Prediction


def answers(digits: list[int], confidence: float) -> np.ndarray:
    """Probabilities (n, 10) of predictions, all of one confidence."""
    table = np.full((len(digits), 10), (1 - confidence) / 9, np.float32)
    table[np.arange(len(digits)), digits] = confidence
    return table


def test_the_confusion_matrix_has_true_rows_and_predicted_columns() -> None:
    result = Evaluation.of(np.array([4, 4, 4, 9]), answers([4, 9, 9, 9], 0.8))
    assert result.confusion[4, 9] == 2 and result.confusion[9, 4] == 0
    assert result.accuracy == 0.5
    assert result.recall[4] == pytest.approx(1 / 3) and result.recall[0] is None
    assert result.precision[9] == pytest.approx(1 / 3) and result.precision[0] is None


def test_confidence_that_equals_the_accuracy_has_no_calibration_error() -> None:
    labels = np.array([1] * 8 + [2] * 2)
    calibrated = Evaluation.of(labels, answers([1] * 10, 0.8))
    overconfident = Evaluation.of(labels, answers([1] * 10, 1.0))
    assert calibrated.calibration_error == pytest.approx(0, abs=1e-6)
    assert overconfident.calibration_error == pytest.approx(0.2, abs=1e-6)


def test_the_most_confident_mistakes_come_first() -> None:
    table = np.concatenate([answers([7], 0.6), answers([7], 0.9), answers([1], 0.9)])
    result = Evaluation.of(np.array([1, 1, 1]), table)
    assert result.mistakes().tolist() == [1, 0]
    assert result.mistakes(true=1, predicted=7).tolist() == [1, 0]
    assert result.mistakes(true=1, predicted=1).tolist() == [2]
    assert result.mistakes(true=3).tolist() == []


def refusing(digits: list[int | None]) -> np.ndarray:
    """Probabilities (n, 11) of predictions, None for "no digit"."""
    table = np.zeros((len(digits), 11), np.float32)
    table[:, :10] = 0.02
    for row, digit in zip(table, digits, strict=True):
        if digit is None:
            row[NO_DIGIT] = 0.8
        else:
            row[digit] = 0.72  # 0.8 of the ten digits
            row[NO_DIGIT] = 0.1
    return table


def test_a_refused_digit_is_wrong_and_counted_separately() -> None:
    result = Evaluation.of(np.array([4, 4, 4, 9]), refusing([4, None, 9, 9]))
    assert (result.accuracy, result.refused) == (0.5, 0.25)
    assert math.isnan(result.other_refused)
    assert result.recall[4] == pytest.approx(1 / 3)
    assert result.confusion.sum() == 3 and "other" not in result.as_dict()
    assert result.mistakes(true=4).tolist() == [1, 2]


def test_mistakes_are_in_the_order_of_the_probabilities_that_are_shown() -> None:
    table = refusing([9, 9])
    table[0, NO_DIGIT], table[0, 9] = 0.4, 0.58  # of the ten digits alone, it is surer
    table[0, :9] = 0.002
    result = Evaluation.of(np.array([4, 4]), table)
    assert result.mistakes().tolist() == [1, 0]


def test_samples_that_are_no_digit_do_not_count_for_the_accuracy() -> None:
    labels = np.array([4, 9, NO_DIGIT, NO_DIGIT, NO_DIGIT])
    result = Evaluation.of(labels, refusing([4, 9, None, 9, None])).as_dict()
    assert (result["n"], result["accuracy"], result["refused"]) == (2, 1, 0)
    assert result["other"] == {"n": 3, "refused": pytest.approx(2 / 3)}
    assert np.array(result["confusion"]).sum() == 2
    other = Evaluation.of(labels[2:], refusing([None, 9, None]))
    assert math.isnan(other.accuracy) and math.isnan(other.refused)
    assert other.correct.tolist() == [True, False, True]
    values = other.as_dict()
    assert (values["n"], values["accuracy"], values["refused"]) == (0, None, None)


def test_without_an_answer_there_is_no_calibration_error() -> None:
    refused = np.full((2, 11), 0.01)
    refused[:, 10] = 0.9
    evaluation = Evaluation.of(np.array([4, 7]), refused)
    assert math.isnan(evaluation.calibration_error)
    assert evaluation.as_dict()["calibration_error"] is None


def test_refused_digits_do_not_count_for_the_calibration_error() -> None:
    labels = np.array([1] * 8 + [2] * 2 + [5, NO_DIGIT])
    table = refusing([1] * 10 + [None, 3])
    assert Evaluation.of(labels, table).calibration_error == pytest.approx(0, abs=1e-6)


def test_a_blank_sample_is_refused() -> None:
    result = Evaluation.of(np.array([3]), np.zeros((1, 10), np.float32))
    assert result.refused == 1 and result.accuracy == 0


def test_the_best_guess_is_a_digit_even_where_it_is_refused() -> None:
    assert Prediction(None, 0.0, answers([3], 0.4)[0]).best_guess == 3
    assert Prediction.blank().best_guess is None


def test_numbers_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(3, 10\)"):
        Evaluation.of(np.zeros(3, int), answers([1, 2], 0.9))


def test_a_prediction_ranks_all_ten_digits() -> None:
    prediction = Prediction.of(answers([3], 0.91)[0])
    assert prediction.digit == 3
    assert [digit for digit, _ in prediction.ranking()] == [3, 0, 1, 2, 4, 5, 6, 7, 8, 9]
