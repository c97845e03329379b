"""Fine-tuning learns what was misread, and forgets nothing of note."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from digit_images import synthetic_samples, write_mnist

from number_recognition.core.progress import WorkStopped
from number_recognition.digits.corrections.corrections import Corrections
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.fine_tuning.fine_tune_job import (
    Change,
    FineTuningReport,
    advice,
    discard_version,
    fine_tune_job,
    list_versions,
    rehearsal_and_validation,
    write_report,
)
from number_recognition.learning.fine_tuning.writer_transform import (
    WriterTransform,
    apply_transform,
    estimate_transform,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.runs.runs import evaluate
from number_recognition.storage.settings import FineTuningSettings, TrainingSettings
from Recognition import Recognizer

SETTINGS = FineTuningSettings(steps=150, rehearsal_samples=600, learning_rate=0.002)
QUARTER = WriterTransform(90, 0.0)
MAX_DROP = 10.0
"""Points: a small network has no room for a second hand beside the first."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that reads generated digits as a small network can."""
    recognizer = Recognizer.build()
    settings = TrainingSettings(
        hidden_layers=(128,), epochs=12, batch_size=64, learning_rate=0.003, distortion=0.5
    )
    recognizer.train(settings, synthetic_samples(1200, 1), synthetic_samples(200, 2))
    path = tmp_path_factory.mktemp("models") / "small.keras"
    recognizer.save(path)
    return path


def keep(corrections: Corrections, samples: Samples) -> None:
    # A course depends on the order of the drawings, which is that of their names: chance by nature.
    for number, (pixels, label) in enumerate(zip(samples.pixels, samples.labels, strict=True)):
        path = corrections.keep(pixels.astype(np.float32) / 255, int(label)).path
        path.rename(path.with_name(f"{number:03}.png"))


def run(model: Path, corrections: Corrections, folder: Path, **changes: object) -> FineTuningReport:
    settings = dataclasses.replace(SETTINGS, **changes)
    return fine_tune_job(model, corrections.folder, None, settings, folder / "versions")


@dataclasses.dataclass
class Outcome:
    """A fine-tuning on thirty digits from a tablet held sideways, and one corrupt picture."""

    card: FineTuningReport
    broken: Path
    model_before: bytes
    model: Path


@pytest.fixture(scope="module")
def outcome(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("kept")
    corrections = Corrections(folder / "images" / "fine_tuning")
    keep(corrections, apply_transform(synthetic_samples(30, 5), QUARTER))
    broken = corrections.folder / "3" / "broken.png"
    broken.write_bytes(b"not a picture")
    before = model.read_bytes()
    return Outcome(run(model, corrections, folder, max_drop=MAX_DROP), broken, before, model)


def test_a_hand_turned_by_a_quarter_is_found_and_a_usual_one_is_not(model: Path) -> None:
    network = NumpyNetwork.load(model)
    assert (
        estimate_transform(
            network.predict_in_batches, apply_transform(synthetic_samples(60, 6), QUARTER)
        )
        == QUARTER
    )
    assert estimate_transform(network.predict_in_batches, synthetic_samples(60, 6)) is None


def test_what_a_hand_does_is_undone_by_its_opposite() -> None:
    samples = synthetic_samples(10, 7)
    there = apply_transform(samples, QUARTER)
    back = apply_transform(there, WriterTransform(-90, 0.0))

    def distance(other: Samples) -> float:
        return float(np.abs(other.pixels.astype(float) - samples.pixels).mean())

    # Edges grow softer, and the whole may be placed a pixel aside.
    assert distance(back) < distance(there) / 3


def test_new_drawings_of_that_kind_are_read_and_the_old_task_is_kept(outcome: Outcome) -> None:
    before, after = NumpyNetwork.load(outcome.model), NumpyNetwork.load(outcome.card.network)
    new = apply_transform(synthetic_samples(200, 8), QUARTER)
    assert evaluate(after, new).accuracy > evaluate(before, new).accuracy + 0.3
    assert outcome.card.kept.after > outcome.card.kept.before
    assert outcome.card.original.before - outcome.card.original.after <= MAX_DROP / 100


def test_the_network_in_use_stays_as_it_was(outcome: Outcome) -> None:
    assert outcome.model.read_bytes() == outcome.model_before
    assert outcome.card.network != outcome.model


def test_a_corrupt_picture_among_the_kept_is_named_skipped_and_left(outcome: Outcome) -> None:
    assert outcome.card.kept.count == 30
    assert len(outcome.card.refused) == 1 and "broken.png" in outcome.card.refused[0]
    assert outcome.broken.read_bytes() == b"not a picture"


def test_what_would_forget_is_not_advised(model: Path, tmp_path: Path) -> None:
    """What it is judged on, relabelled: there is no learning this without forgetting."""
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    samples = rehearsal_and_validation(None, SETTINGS)[1][0].select(np.arange(200))
    keep(corrections, Samples(samples.pixels, (samples.labels + 1) % 10))
    card = run(model, corrections, tmp_path, max_drop=0.0)
    assert card.mix < 1
    assert not card.keep
    assert "forget" in card.why or card.original.after >= card.original.before


def test_of_what_it_is_judged_by_mnist_comes_last_and_judges_alone() -> None:
    known = Samples(np.full((60, 28, 28), 7, np.uint8), np.arange(60, dtype=np.uint8) % 10)
    rehearsal, judges = rehearsal_and_validation(known, SETTINGS)
    assert len(judges) == 2
    assert (judges[-1].pixels == 7).all() and not (judges[0].pixels == 7).all()
    assert len(judges[-1]) + (rehearsal.pixels == 7).all(axis=(1, 2)).sum() == 60


def test_beside_a_hand_of_its_own_more_is_rehearsed(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from number_recognition.learning.fine_tuning import fine_tuning
    from number_recognition.learning.models import keras_network as network

    seen, rehearsed = fine_tuning.rehearsal_seen, []

    def counted(halves: object, rehearsal: Samples, *rest: object) -> object:
        rehearsed.append(len(rehearsal))
        return seen(halves, rehearsal, *rest)

    monkeypatch.setattr(fine_tuning, "rehearsal_features", counted)
    settings = dataclasses.replace(SETTINGS, steps=1, rehearsal_samples=100)
    known, judges = synthetic_samples(300, 3), [synthetic_samples(50, 4)]
    for corrections in (
        synthetic_samples(30, 5),
        apply_transform(synthetic_samples(30, 5), QUARTER),
    ):
        fine_tuning.fine_tune(network.load(str(model)), corrections, known, judges, settings)
    assert rehearsed == [100, 200]


def test_with_mnist_at_hand_the_card_tells_of_its_test_set(model: Path, tmp_path: Path) -> None:
    corrections = Corrections(tmp_path / "images" / "fine_tuning")
    keep(corrections, apply_transform(synthetic_samples(20, 5), QUARTER))
    mnist = write_mnist(tmp_path / "mnist.npz")
    settings = dataclasses.replace(SETTINGS, steps=3)
    card = fine_tune_job(model, corrections.folder, mnist, settings, tmp_path / "versions")
    assert card.mnist_test is not None and card.mnist_test.count == 20


@pytest.mark.parametrize(
    ("kept", "original", "keep"),
    [
        (Change(0.5, 0.9, 10), Change(0.99, 0.989, 1000), True),
        (Change(0.5, 0.9, 10), Change(0.99, 0.98, 1000), False),
        (Change(0.9, 0.9, 10), Change(0.99, 0.99, 1000), False),
    ],
)
def test_advice(kept: Change, original: Change, keep: bool) -> None:
    advised, why = advice(kept, original, max_drop=0.1)
    assert advised is keep
    assert why.endswith(".")


@pytest.mark.parametrize(
    ("kept", "why"),
    [(0.5, "nothing without forgetting"), (1.0, "every kept drawing right")],
)
def test_what_learnt_nothing_is_not_advised(kept: float, why: str) -> None:
    original = Change(0.99, 0.99, 1000)
    advised, said = advice(Change(kept, kept, 10), original, max_drop=0.1, mix=0.0)
    assert not advised
    assert why in said


def test_a_stop_is_heard_while_it_still_prepares(model: Path) -> None:
    on_progress = []

    def stopped() -> bool:
        return any("looking for what" in message for message in on_progress)

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


def test_versions_are_listed_newest_first_with_their_cards(
    outcome: Outcome, tmp_path: Path
) -> None:
    cards = [dataclasses.replace(outcome.card, network=tmp_path / f"{n}.keras") for n in (1, 2)]
    for card in cards:
        card.network.write_bytes(outcome.card.network.read_bytes())
        write_report(card)
    listed = list_versions(tmp_path)
    assert [path.name for path, _ in listed] == ["2.keras", "1.keras"]
    assert listed[0][1].corrections == 30


def test_a_discarded_candidate_is_gone(outcome: Outcome, tmp_path: Path) -> None:
    card = dataclasses.replace(outcome.card, network=tmp_path / "candidate.keras")
    card.network.touch()
    discard_version(card)
    assert not card.network.exists()


def test_a_recognizer_learns_corrections_in_a_script(model: Path) -> None:
    recognizer = Recognizer.load(model)
    corrections = apply_transform(synthetic_samples(30, 5), QUARTER)
    before = recognizer.evaluate(corrections.pixels, corrections.labels).accuracy
    mix = recognizer.fine_tune(corrections, settings=dataclasses.replace(SETTINGS, max_drop=10))
    after = recognizer.evaluate(corrections.pixels, corrections.labels).accuracy
    assert 0 < mix <= 1
    assert after > before
