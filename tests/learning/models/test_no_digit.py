"""Networks with an eleventh answer, "no digit": learnt, calibrated, judged, fine-tuned."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import network_files
import numpy as np
import pytest
from digit_images import drawing, rasterized, synthetic_samples

from number_recognition.commands.checks import check_fine_tuning
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.digits.datasets import counterexamples
from number_recognition.digits.drawing import variation
from number_recognition.digits.drawing.drawing import NO_DIGIT
from number_recognition.digits.drawing.stroke_files import format_line
from number_recognition.learning.data.gather import gather
from number_recognition.learning.data.samples import DataPaths, Samples
from number_recognition.learning.evaluation.metrics import Evaluation
from number_recognition.learning.fine_tuning import rehearsal
from number_recognition.learning.fine_tuning.fine_tune_job import fine_tune_job
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.models.prediction import Prediction
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings
from Recognition import Recognizer

if TYPE_CHECKING:
    from number_recognition.learning.training.trainer import TrainingResult

SETTINGS = TrainingSettings(
    hidden_layers=(64,), epochs=12, batch_size=32, distortion=0.3, no_digit=True
)


def no_digits(count: int, seed: int) -> Samples:
    """Counterexamples as the network reads them."""
    return Samples(*variation.render_samples(counterexamples.drawings(seed), count, seed))


@pytest.fixture(scope="module")
def training() -> TrainingResult:
    """A small network that learnt digits and counterexamples."""
    from number_recognition.learning.training.training import train

    return train(
        SETTINGS,
        synthetic_samples(600, 1) + no_digits(400, 1),
        synthetic_samples(150, 2) + no_digits(80, 2),
    )


def test_what_is_no_digit_is_enough_to_fine_tune_a_network_that_answers_so(tmp_path: Path) -> None:
    kept = Corrections(tmp_path / "images" / "fine_tuning")
    kept.keep(synthetic_samples(1, 1).pixels[0], None)
    eleven, ten = eleven_outputs(tmp_path / "a.keras"), tmp_path / "b.keras"
    network_files.random_network(ten)
    check_fine_tuning(eleven, kept.folder, None, None)
    with pytest.raises(ValueError, match="found 1 drawing of no digit alone"):
        check_fine_tuning(ten, kept.folder, None, None)


def eleven_outputs(path: Path) -> Path:
    """A sound network of eleven outputs that has learnt nothing."""
    rng = np.random.default_rng(1)
    return network_files.write(
        path,
        [*network_files.INPUT, network_files.dense(11, "softmax")],
        {
            "dense/vars/0": rng.normal(0, 0.2, (784, 11)).astype("f4"),
            "dense/vars/1": np.zeros(11, "f4"),
        },
    )


def answers(*best: tuple[int, float]) -> np.ndarray:
    """Rows of eleven probabilities, the one of that number as given, the others alike."""
    table = np.array([[(1 - p) / 10] * 11 for _, p in best], np.float32)
    for row, (number, p) in enumerate(best):
        table[row, number] = p
    return table


def test_it_learns_what_is_no_digit(training: TrainingResult) -> None:
    read = Evaluation.of(
        np.full(200, NO_DIGIT),
        Recognizer.from_keras(training.network).predict_pixels(no_digits(200, 3).pixels),
    )
    assert training.network.output_shape == (None, 11)
    assert read.other_refused > 0.7 and training.history[-1]["val_accuracy"] > 0.7


def test_ten_and_eleven_outputs_are_read_and_no_others(tmp_path: Path) -> None:
    assert NumpyNetwork.load(eleven_outputs(tmp_path / "eleven.keras")).outputs == 11
    assert NumpyNetwork.load(network_files.random_network(tmp_path / "ten.keras")).outputs == 10
    path = network_files.write(
        tmp_path / "twelve.keras",
        [*network_files.INPUT, network_files.dense(12, "softmax")],
        {"dense/vars/0": np.zeros((784, 12), "f4"), "dense/vars/1": np.zeros(12, "f4")},
    )
    with pytest.raises(ValueError, match="ten outputs, or eleven"):
        NumpyNetwork.load(path)


def test_what_is_refused_has_no_digit_and_a_best_guess() -> None:
    table = answers((NO_DIGIT, 0.6))[0]
    table[3] += 0.02
    prediction = Prediction.of(table)
    assert prediction.digit is None and prediction.refused and not prediction.is_blank
    assert prediction.best_guess == 3
    assert prediction.confidence == prediction.no_digit == pytest.approx(0.6)
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.sum() == pytest.approx(1)


def test_a_digit_of_eleven_answers_is_as_sure_as_among_the_ten() -> None:
    prediction = Prediction.of(answers((4, 0.7))[0])
    assert prediction.digit == prediction.best_guess == 4 and not prediction.refused
    assert prediction.confidence == pytest.approx(0.7 / 0.97)
    assert prediction.no_digit == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("no_digit", "refuse_above", "refused"),
    [(0.4, None, False), (0.6, None, True), (0.4, 0.3, True), (0.6, 0.7, False), (0.6, 1, False)],
)
def test_one_rule_says_what_is_refused(
    no_digit: float, refuse_above: float | None, refused: bool
) -> None:
    outputs = np.array([[0, 0, 0, 1 - no_digit, *[0] * 6, no_digit]], np.float32)
    prediction = Prediction.of(outputs[0], refuse_above=refuse_above)
    evaluation = Evaluation.of(np.array([3]), outputs, refuse_above)
    assert prediction.refused == refused == (evaluation.refused == 1)
    assert prediction.digit == (None if refused else 3)
    assert prediction.second_guess == (3 if refused else NO_DIGIT)
    assert prediction.probability == pytest.approx(no_digit if refused else 1 - no_digit)
    assert prediction.outputs == pytest.approx(outputs[0])


def test_nothing_is_refused_where_no_digit_is_no_output() -> None:
    outputs = np.eye(10, dtype=np.float32)[3]
    assert Prediction.of(outputs, refuse_above=0).digit == 3
    assert Prediction.of(outputs).second_guess == 0


def test_blank_is_blank_under_every_rule() -> None:
    nothing = np.zeros((1, 11), np.float32)
    prediction = Prediction.of(nothing[0], refuse_above=0)
    assert prediction.is_blank and prediction.second_guess is None and prediction.probability == 0
    assert Evaluation.of(np.array([3]), nothing, 0).refused == 1


def test_refused_digits_have_a_column_of_their_own() -> None:
    probabilities = answers((4, 0.9), (NO_DIGIT, 0.8), (4, 0.6))
    counts = Evaluation.of(np.array([4, 4, 9]), probabilities).answer_counts
    assert counts.shape == (10, 11) and counts.sum() == 3
    assert counts[4, 4] == counts[4, NO_DIGIT] == counts[9, 4] == 1
    assert Evaluation.of(np.array([4]), probabilities[:1, :10]).answer_counts.shape == (10, 10)


def test_blank_is_not_refused(tmp_path: Path) -> None:
    blank = Prediction.blank()
    assert blank.is_blank and not blank.refused and blank.best_guess is None
    ten = Recognizer.load(network_files.random_network(tmp_path / "ten.keras"))
    prediction = ten.predict(rasterized(drawing(3)))
    assert not prediction.refused and prediction.no_digit == 0


def test_a_refused_digit_is_wrong_and_counted() -> None:
    result = Evaluation.of(
        np.array([4, 4, 9, NO_DIGIT]),
        answers((4, 0.9), (NO_DIGIT, 0.8), (4, 0.6), (NO_DIGIT, 0.9)),
    )
    assert result.accuracy == result.refused == pytest.approx(1 / 3)
    assert result.confusion.sum() == 2 and result.confusion[9, 4] == 1
    assert result.recall[4] == 0.5 and result.recall[9] == 0
    assert sum(count for *_, count in result.reliability()) == 2 and result.other_refused == 1


def test_calibration_refuses_the_share_of_digits_that_it_shall() -> None:
    from number_recognition.learning.training.calibration import bias_of_refusals

    margins = np.arange(1, 1001) / 100
    assert (margins < bias_of_refusals(margins, 0.02)).mean() == 0.02
    assert bias_of_refusals(np.array([5.0, -1.0, 6.0]), 0.01) < -1


def test_a_calibrated_network_refuses_few_digits(training: TrainingResult) -> None:
    from number_recognition.learning.training.calibration import REFUSED, calibrate

    digits = synthetic_samples(500, 5)
    surest = np.argsort(training.network(digits.pixels / 255.0).numpy()[:, :NO_DIGIT].max(axis=1))
    validation = (
        digits.with_source("mnist")
        # A source of which none is refused must not let twice as many of the others be.
        + digits.select(surest[-20:]).with_source("strokes")
        + no_digits(50, 5).with_source("counterexamples")
    )
    metrics = calibrate(training.network, validation)
    assert set(metrics) == {"temperature", "no_digit_bias"}
    read = Recognizer.from_keras(training.network).evaluate(validation.pixels, validation.labels)
    assert 0 < read.refused <= REFUSED


def test_gathering_takes_in_counterexamples_and_null_lines(tmp_path: Path) -> None:
    lines = [
        format_line(drawing(label, writer).drawing, label, writer)
        for writer in range(1, 5)
        for label in range(10)
    ]
    other = format_line(drawing(4).drawing, None, 1)
    lines.append(other.replace("{", '{"label": null, "character": "A", ', 1))
    lines.append(other.replace("{", '{"label": null, "character": "O", ', 1))
    path = tmp_path / "strokes.jsonl"
    path.write_text("\n".join(lines))
    settings = dataclasses.replace(
        SETTINGS, sources=("strokes",), counterexamples=30, stroke_renderings=1, validation_split=0
    )
    gathered = gather(settings, DataPaths(strokes=(path,))).training
    assert gathered.sources["counterexamples"] == 30
    # One letter; rows and halves, as many as digits; of the letter O, nothing.
    assert (gathered.from_source("strokes").labels == NO_DIGIT).sum() == 1 + 40
    without = gather(
        dataclasses.replace(settings, no_digit=False), DataPaths(strokes=(path,))
    ).training
    assert without.sources == {"strokes": 40} and without.labels.max() == 9


def test_fine_tuning_keeps_and_learns_the_eleventh_answer(training: TrainingResult) -> None:
    from number_recognition.learning.fine_tuning.fine_tuning import fine_tune

    corrections = no_digits(20, 9)
    tuned = fine_tune(
        training.network,
        corrections,
        synthetic_samples(200, 7) + no_digits(50, 7),
        [synthetic_samples(200, 8)],
        FineTuningSettings(steps=40, max_drop=5),
    )
    assert tuned.network.output_shape == (None, 11)
    before, after = (
        Recognizer.from_keras(network).evaluate(corrections.pixels, corrections.labels)
        for network in (training.network, tuned.network)
    )
    assert after.other_refused >= before.other_refused


def test_kept_counterexamples_are_learnt_by_a_network_that_can_answer_so(
    training: TrainingResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fewer than are rendered for a person, which takes seconds.
    monkeypatch.setattr(rehearsal, "synthetic_samples", lambda: synthetic_samples(600, 1))
    monkeypatch.setattr(rehearsal, "counterexample_samples", lambda: no_digits(400, 1))
    corrections = Corrections(tmp_path / "kept")
    none = no_digits(6, 11)
    for pixels in none.pixels:
        corrections.keep(pixels.astype(np.float32) / 255, None)
    recognizer = Recognizer.from_keras(training.network)
    recognizer.save(tmp_path / "eleven.keras")
    settings = FineTuningSettings(steps=40, rehearsal_samples=300)
    card = fine_tune_job(
        tmp_path / "eleven.keras", tmp_path / "kept", None, settings, tmp_path / "versions"
    )
    assert card.corrections == 6 and card.kept.count == 6
    assert NumpyNetwork.load(card.network).outputs == 11


def test_without_an_eleventh_answer_counterexamples_are_not_learnt(tmp_path: Path) -> None:
    corrections = Corrections(tmp_path / "kept")
    corrections.keep(no_digits(1, 11).pixels[0].astype(np.float32) / 255, None)
    ten = network_files.random_network(tmp_path / "ten.keras")
    with pytest.raises(ValueError, match="expected kept drawings"):
        fine_tune_job(ten, tmp_path / "kept", None, FineTuningSettings(), tmp_path / "versions")
