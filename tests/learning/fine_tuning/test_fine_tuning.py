"""Fine-tuning: corrections are read, the original task is kept, the report says so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from digit_images import synthetic_samples, write_mnist

from number_recognition.core.progress import WorkStopped
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.evaluation.metrics import evaluate
from number_recognition.learning.fine_tuning.fine_tune_job import fine_tune_job
from number_recognition.learning.fine_tuning.rehearsal import rehearsal_and_validation
from number_recognition.learning.fine_tuning.report import Change, FineTuningReport, advice
from number_recognition.learning.fine_tuning.split_network import SplitNetwork
from number_recognition.learning.fine_tuning.version_store import (
    discard_version,
    list_versions,
    write_report,
)
from number_recognition.learning.fine_tuning.writer_transform import (
    WriterTransform,
    apply_transform,
    estimate_transform,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings
from Recognition import Recognizer

SETTINGS = FineTuningSettings(steps=150, rehearsal_samples=600, learning_rate=0.002)
QUARTER = WriterTransform(90, 0.0)
MAX_DROP = 10.0
"""Points: a small network has no capacity for a second handwriting."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that reads synthetic digits as a small network can."""
    recognizer = Recognizer.build()
    settings = TrainingSettings(
        hidden_layers=(128,), epochs=12, batch_size=64, learning_rate=0.003, distortion=0.5
    )
    recognizer.train(settings, synthetic_samples(1200, 1), synthetic_samples(200, 2))
    path = tmp_path_factory.mktemp("models") / "small.keras"
    recognizer.save(path)
    return path


def accuracy(network: NumpyNetwork, samples: Samples) -> float:
    return evaluate(network, samples.pixels, samples.labels).accuracy


def keep(corrections: Corrections, samples: Samples) -> None:
    # Training depends on the order of the drawings, which is that of their names.
    for number, (pixels, label) in enumerate(zip(samples.pixels, samples.labels, strict=True)):
        path = corrections.keep(pixels.astype(np.float32) / 255, int(label)).path
        path.rename(path.with_name(f"{number:03}.png"))


def run(model: Path, corrections: Corrections, folder: Path, **changes: object) -> FineTuningReport:
    settings = dataclasses.replace(SETTINGS, **changes)
    return fine_tune_job(model, corrections.folder, None, settings, folder / "versions")


@dataclasses.dataclass
class FineTuned:
    """A fine-tuning on thirty digits from a tablet held sideways, and one corrupt image."""

    report: FineTuningReport
    broken: Path
    model_before: bytes
    model: Path


@pytest.fixture(scope="module")
def fine_tuned(model: Path, tmp_path_factory: pytest.TempPathFactory) -> FineTuned:
    folder = tmp_path_factory.mktemp("kept")
    corrections = Corrections(folder / "images" / "fine_tuning")
    keep(corrections, apply_transform(synthetic_samples(30, 5), QUARTER))
    broken = corrections.folder / "3" / "broken.png"
    broken.write_bytes(b"not an image")
    before = model.read_bytes()
    return FineTuned(run(model, corrections, folder, max_drop=MAX_DROP), broken, before, model)


def test_a_quarter_turn_is_estimated_and_none_for_upright_digits(model: Path) -> None:
    network = NumpyNetwork.load(model)
    assert (
        estimate_transform(
            network.predict_in_batches, apply_transform(synthetic_samples(60, 6), QUARTER)
        )
        == QUARTER
    )
    assert estimate_transform(network.predict_in_batches, synthetic_samples(60, 6)) is None


def test_a_transform_is_undone_by_the_opposite_one() -> None:
    samples = synthetic_samples(60, 7)
    rotated = apply_transform(samples, QUARTER)
    restored = apply_transform(rotated, WriterTransform(-90, 0.0))

    def distance(other: Samples) -> float:
        return float(np.abs(other.pixels.astype(float) - samples.pixels).mean())

    # Edges become softer, and the digit may move by a pixel.
    assert distance(restored) < distance(rotated) / 3


def test_new_drawings_of_that_kind_are_read_and_the_old_task_is_kept(fine_tuned: FineTuned) -> None:
    before, after = (
        NumpyNetwork.load(fine_tuned.model),
        NumpyNetwork.load(fine_tuned.report.network),
    )
    new = apply_transform(synthetic_samples(200, 8), QUARTER)
    assert accuracy(after, new) > accuracy(before, new) + 0.3
    assert fine_tuned.report.kept.after > fine_tuned.report.kept.before
    assert fine_tuned.report.original.before - fine_tuned.report.original.after <= MAX_DROP / 100


def test_the_network_in_use_stays_as_it_was(fine_tuned: FineTuned) -> None:
    assert fine_tuned.model.read_bytes() == fine_tuned.model_before
    assert fine_tuned.report.network != fine_tuned.model


def test_a_corrupt_kept_drawing_is_skipped_and_reported(fine_tuned: FineTuned) -> None:
    assert fine_tuned.report.kept.count == 30
    assert len(fine_tuned.report.skipped) == 1 and "broken.png" in fine_tuned.report.skipped[0]
    assert fine_tuned.broken.read_bytes() == b"not an image"


def test_the_original_task_is_kept_where_the_corrections_contradict_it(
    model: Path, tmp_path: Path
) -> None:
    """Samples of the original task with other labels cannot be learned without forgetting."""
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    samples = rehearsal_and_validation(None, SETTINGS)[1][0].select(np.arange(200))
    keep(corrections, Samples(samples.pixels, (samples.labels + 1) % 10))
    limited = run(model, corrections, tmp_path, max_drop=0.0)
    unlimited = run(model, corrections, tmp_path, max_drop=100.0)
    assert limited.mix < unlimited.mix
    assert limited.original.after > unlimited.original.after + 0.05
    assert limited.original.after > limited.original.before - 0.02


def test_mnist_is_the_last_validation_set() -> None:
    known = Samples(np.full((60, 28, 28), 7, np.uint8), np.arange(60, dtype=np.uint8) % 10)
    rehearsal, validation = rehearsal_and_validation(known, SETTINGS)
    assert len(validation) == 2
    assert (validation[-1].pixels == 7).all() and not (validation[0].pixels == 7).all()
    assert len(validation[-1]) + (rehearsal.pixels == 7).all(axis=(1, 2)).sum() == 60


def test_more_is_rehearsed_with_a_writer_transform(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from number_recognition.learning.fine_tuning import fine_tuning
    from number_recognition.learning.models import keras_network as network

    original, counts = fine_tuning.rehearsal_features, []

    def counted(split_network: SplitNetwork, rehearsal: Samples, *rest: object) -> object:
        counts.append(len(rehearsal))
        return original(split_network, rehearsal, *rest)

    monkeypatch.setattr(fine_tuning, "rehearsal_features", counted)
    settings = dataclasses.replace(SETTINGS, steps=1, rehearsal_samples=100)
    known, validation = synthetic_samples(300, 3), [synthetic_samples(50, 4)]
    for corrections in (
        synthetic_samples(30, 5),
        apply_transform(synthetic_samples(30, 5), QUARTER),
    ):
        fine_tuning.fine_tune(network.load(str(model)), corrections, known, validation, settings)
    assert counts == [100, 200]


def test_with_mnist_the_report_has_its_test_set(model: Path, tmp_path: Path) -> None:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    keep(corrections, apply_transform(synthetic_samples(20, 5), QUARTER))
    mnist = write_mnist(tmp_path / "mnist.npz")
    settings = dataclasses.replace(SETTINGS, steps=3)
    report = fine_tune_job(model, corrections.folder, mnist, settings, tmp_path / "versions")
    assert report.mnist_test is not None and report.mnist_test.count == 20


@pytest.mark.parametrize(
    ("kept", "original", "keep"),
    [
        (Change(0.5, 0.9, 10), Change(0.99, 0.989, 1000), True),
        (Change(0.5, 0.9, 10), Change(0.99, 0.98, 1000), False),
        (Change(0.5, 0.9, 10), Change(0.99, 0.988, 500), True),  # one prediction
        (Change(0.5, 0.9, 10), Change(0.99, 0.986, 500), False),
        (Change(0.9, 0.9, 10), Change(0.99, 0.99, 1000), False),
    ],
)
def test_advice(kept: Change, original: Change, keep: bool) -> None:
    advised, why = advice(kept, original, max_drop=0.1, of="MNIST test set")
    assert advised is keep
    assert why.endswith(".") and "original task" not in why


@pytest.mark.parametrize(("after", "is_told"), [(0.988, True), (0.99, False)])
def test_one_prediction_over_the_limit_is_told(after: float, is_told: bool) -> None:
    why = advice(Change(0.5, 0.9, 10), Change(0.99, after, 500), max_drop=0.1)[1]
    assert ("1 of 500 predictions changes" in why) is is_told


def test_a_loss_as_large_as_the_limit_is_not_called_one_prediction() -> None:
    advised, why = advice(Change(0.5, 0.9, 10), Change(0.99, 0.989, 10_000), max_drop=0.1)
    assert advised and "1 of" not in why


@pytest.mark.parametrize(
    ("kept", "reason"),
    [(0.5, "more of the original task than the limit"), (1.0, "every kept drawing correctly")],
)
def test_an_unchanged_network_is_not_advised(kept: float, reason: str) -> None:
    original = Change(0.99, 0.99, 1000)
    advised, why = advice(Change(kept, kept, 10), original, max_drop=0.1, mix=0.0)
    assert not advised
    assert reason in why


def test_it_can_be_stopped_before_the_first_step(model: Path) -> None:
    on_progress = []

    def stopped() -> bool:
        return any("rehearsal" in message for message in on_progress)

    with pytest.raises(WorkStopped):
        Recognizer.load(model).fine_tune(
            synthetic_samples(30, 5),
            settings=SETTINGS,
            report=lambda progress: on_progress.append(progress.message),
            stopped=stopped,
        )
    assert not any("loss" in message for message in on_progress)


def test_nothing_kept_says_what_to_do(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="draw a digit and press"):
        run(model, Corrections(tmp_path / "none"), tmp_path)


def test_when_nothing_kept_can_be_read_the_first_is_named(model: Path, tmp_path: Path) -> None:
    corrections = Corrections(tmp_path / "fine_tuning")
    corrections.prepare()
    (corrections.folder / "5" / "broken.jpeg").write_text("no image")
    with pytest.raises(ValueError, match=r"none that can be read; the first: .*broken\.jpeg"):
        run(model, corrections, tmp_path)


def test_a_folder_that_cannot_be_listed_is_named(model: Path, tmp_path: Path) -> None:
    corrections = Corrections(tmp_path / "fine_tuning")
    corrections.folder.mkdir()
    (corrections.folder / "5").write_text("a file in place of the folder")
    with pytest.raises(ValueError, match=r"the first: .*5: cannot be listed"):
        run(model, corrections, tmp_path)


def test_versions_are_listed_newest_first_with_their_reports(
    fine_tuned: FineTuned, tmp_path: Path
) -> None:
    reports = [
        dataclasses.replace(fine_tuned.report, network=tmp_path / f"{n}.keras") for n in (1, 2)
    ]
    for report in reports:
        report.network.write_bytes(fine_tuned.report.network.read_bytes())
        write_report(report)
    listed = list_versions(tmp_path)
    assert [path.name for path, _ in listed] == ["2.keras", "1.keras"]
    assert listed[0][1].corrections == 30


def test_a_discarded_version_is_gone(fine_tuned: FineTuned, tmp_path: Path) -> None:
    report = dataclasses.replace(fine_tuned.report, network=tmp_path / "version.keras")
    report.network.touch()
    discard_version(report)
    assert not report.network.exists()


def test_a_recognizer_learns_corrections_in_a_script(model: Path) -> None:
    recognizer = Recognizer.load(model)
    corrections = apply_transform(synthetic_samples(30, 5), QUARTER)
    before = recognizer.evaluate(corrections.pixels, corrections.labels).accuracy
    mix = recognizer.fine_tune(corrections, settings=dataclasses.replace(SETTINGS, max_drop=10))
    after = recognizer.evaluate(corrections.pixels, corrections.labels).accuracy
    assert 0 < mix <= 1
    assert after > before
