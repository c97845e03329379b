"""Training improves the network, can be stopped, and resumes with the same results."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from digit_images import synthetic_samples

from number_recognition.core.progress import Progress, TrainingFailed
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.learning.training.epoch_report import check_accuracy
from number_recognition.storage.settings import TrainingSettings

if TYPE_CHECKING:
    from number_recognition.learning.training.trainer import TrainingResult

# Everything with a state of its own, which a resumed training has to restore.
SETTINGS = TrainingSettings(
    hidden_layers=(32, 16),
    dropout=0.1,
    optimizer="adamw",
    weight_decay=0.001,
    ema_momentum=0.5,
    batch_size=32,
    epochs=4,
)

RESTARTED = dataclasses.replace(SETTINGS, restarts=1)


@pytest.fixture(scope="module")
def many_digits() -> tuple[Samples, Samples]:
    """Enough training samples for a good accuracy, and validation samples."""
    return synthetic_samples(2000, 1), synthetic_samples(300, 2)


@pytest.fixture(scope="module")
def whole(digits: tuple[Samples, Samples]) -> TrainingResult:
    """A training that nobody stopped."""
    return train_network(digits)


@pytest.fixture(scope="module")
def restarted(digits: tuple[Samples, Samples]) -> TrainingResult:
    """A training whose learning rate restarts half way."""
    return train_network(digits, RESTARTED)


def train_network(
    digits: tuple[Samples, Samples], settings: TrainingSettings = SETTINGS, **options: object
) -> TrainingResult:
    from number_recognition.learning.training.training import train

    return train(settings, *digits, **options)


def weights(training: TrainingResult) -> list[np.ndarray]:
    return training.network.get_weights()


def same_weights(one: TrainingResult, other: TrainingResult) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


def test_accuracy_rises_and_loss_falls(many_digits: tuple[Samples, Samples]) -> None:
    settings = TrainingSettings(hidden_layers=(64,), epochs=20, batch_size=32, distortion=0.3)
    reports: list[Progress] = []
    training = train_network(many_digits, settings, report=reports.append)
    assert training.completed and len(training.history) == 20
    assert max(row["val_accuracy"] for row in training.history) > 0.85
    assert training.history[-1]["loss"] < training.history[0]["loss"] / 3
    assert [report.done for report in reports] == sorted(report.done for report in reports)
    assert {"epoch", "epochs", "loss", "accuracy"} <= set(reports[-1].details)


def test_mixed_precision_reaches_the_same_accuracy_with_float32_weights(
    many_digits: tuple[Samples, Samples],
) -> None:
    # More than MIN_STEPS_FOR_XLA steps.
    training = train_network(
        many_digits,
        TrainingSettings(
            hidden_layers=(64,),
            epochs=20,
            batch_size=32,
            distortion=0.3,
            precision="mixed_bfloat16",
        ),
    )
    assert training.completed and training.history[-1]["val_accuracy"] > 0.85
    assert {weight.dtype for weight in weights(training)} == {np.dtype("float32")}


def test_the_history_is_reported_only_when_an_epoch_was_added(
    digits: tuple[Samples, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("number_recognition.core.progress.ProgressTimer.ready", lambda timer: True)
    reports: list[Progress] = []
    train_network(digits, report=reports.append)
    lengths = [len(each.details["history"]) for each in reports if "history" in each.details]
    assert lengths == [0, 1, 2, 3] and len(reports) > len(lengths)


def test_the_result_is_the_best_network(
    digits: tuple[Samples, Samples], whole: TrainingResult
) -> None:
    pixels, labels = digits[1].pixels / np.float32(255), digits[1].labels
    accuracy = (whole.network(pixels).numpy().argmax(axis=1) == labels).mean()
    assert accuracy == pytest.approx(max(row["val_accuracy"] for row in whole.history))


def test_the_same_seed_gives_the_same_weights(
    digits: tuple[Samples, Samples], whole: TrainingResult
) -> None:
    other = train_network(digits, dataclasses.replace(SETTINGS, seed=2))
    assert same_weights(train_network(digits), whole) and not same_weights(other, whole)


def test_a_resumed_training_gives_the_same_result(
    digits: tuple[Samples, Samples], whole: TrainingResult, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    half = train_network(digits, checkpoint=checkpoint, stopped=checkpoint.exists)
    assert not half.completed and 1 <= len(half.history) < SETTINGS.epochs

    resumed = train_network(digits, checkpoint=checkpoint, resume=True)
    assert resumed.completed and same_weights(resumed, whole)
    for row, other in zip(resumed.history, whole.history, strict=True):
        # Metrics are summed in calls of varying length: the last digits differ.
        assert row == pytest.approx({**other, "seconds": row["seconds"]}, rel=1e-6)


def test_the_learning_rate_restarts(restarted: TrainingResult) -> None:
    rates = [row["learning_rate"] for row in restarted.history]
    assert rates[0] > rates[1] < rates[2] > rates[3]


def test_resumed_around_a_restart_of_the_learning_rate_the_averaged_weights_are_the_same(
    digits: tuple[Samples, Samples], restarted: TrainingResult, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"

    def train_until(epochs: int) -> list[np.ndarray]:
        """The averaged weights, which are the last variables of a checkpoint."""

        def stopped() -> bool:
            return checkpoint.exists() and len(Checkpoint.read(checkpoint).history) == epochs

        part = train_network(
            digits, RESTARTED, checkpoint=checkpoint, resume=checkpoint.exists(), stopped=stopped
        )
        assert len(part.history) == epochs
        return Checkpoint.read(checkpoint).variables[-len(weights(restarted)) :]

    first = train_until(2)
    train_until(3)
    resumed = train_network(digits, RESTARTED, checkpoint=checkpoint, resume=True)
    assert resumed.completed and same_weights(resumed, restarted)
    second = Checkpoint.read(checkpoint).variables[-len(first) :]
    for one, two, average in zip(first, second, weights(resumed), strict=True):
        assert average == pytest.approx((one + 2 * two) / 3, abs=1e-6)


@pytest.mark.parametrize("restarts", [4, 7])
def test_restarts_must_be_fewer_than_epochs(digits: tuple[Samples, Samples], restarts: int) -> None:
    with pytest.raises(ValueError, match=f"'restarts': expected fewer than the 4 .*{restarts}"):
        train_network(digits, dataclasses.replace(SETTINGS, restarts=restarts))


def test_without_xla_the_result_is_about_the_same(
    digits: tuple[Samples, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    from number_recognition.learning.data import augmentation

    settings = dataclasses.replace(SETTINGS, dropout=0.0)
    monkeypatch.setattr("number_recognition.learning.training.train_state.MIN_STEPS_FOR_XLA", 0)
    monkeypatch.setattr(augmentation, "MIN_IMAGES_FOR_XLA", 0)
    with_xla = train_network(digits, settings)
    for module in ("training.train_state", "data.augmentation"):
        monkeypatch.setattr(f"number_recognition.learning.{module}.xla_available", lambda: False)
    augmentation.compiled_augment.cache_clear()
    without_xla = train_network(digits, settings)
    augmentation.compiled_augment.cache_clear()
    assert without_xla.history[-1]["loss"] == pytest.approx(with_xla.history[-1]["loss"], rel=0.05)


def test_a_training_stopped_at_once_has_no_history(digits: tuple[Samples, Samples]) -> None:
    training = train_network(digits, stopped=lambda: True)
    assert not training.completed and training.history == []


def test_a_killed_training_leaves_no_temporary_files(
    digits: tuple[Samples, Samples], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TensorFlow deletes its own only where the process ends by itself.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    train_network(digits, dataclasses.replace(SETTINGS, epochs=1))
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_of_another_training_is_refused(
    digits: tuple[Samples, Samples], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    train_network(digits, dataclasses.replace(SETTINGS, epochs=1), checkpoint=checkpoint)
    before = checkpoint.read_bytes()
    with pytest.raises(ValueError, match="another network or other samples"):
        train_network(
            digits,
            dataclasses.replace(SETTINGS, hidden_layers=(8,)),
            checkpoint=checkpoint,
            resume=True,
        )
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no checkpoint"])
def test_a_damaged_checkpoint_is_named_and_unchanged(
    digits: tuple[Samples, Samples], tmp_path: Path, content: bytes
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    checkpoint.write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint\.npz: expected"):
        train_network(digits, checkpoint=checkpoint, resume=True)
    assert checkpoint.read_bytes() == content


def test_a_loss_that_is_not_finite_is_explained(digits: tuple[Samples, Samples]) -> None:
    settings = TrainingSettings(
        hidden_layers=(64, 64),
        batch_normalization=False,
        optimizer="sgd",
        learning_rate=100,
        batch_size=32,
    )
    with pytest.raises(TrainingFailed, match="learning_rate"):
        train_network(digits, settings)


def test_few_steps_are_not_called_no_better_than_chance() -> None:
    history = [{"accuracy": 0.12}] * 3
    settings = TrainingSettings(batch_size=512)
    check_accuracy(history, 1500, settings)
    with pytest.raises(TrainingFailed, match="no better than chance"):
        check_accuracy(history, 60_000, settings)


def test_no_samples_are_an_error(digits: tuple[Samples, Samples]) -> None:
    with pytest.raises(ValueError, match="found none"):
        train_network((Samples.empty(), digits[1]))


def test_training_continues_from_another_network(
    digits: tuple[Samples, Samples], whole: TrainingResult
) -> None:
    low_rate = dataclasses.replace(SETTINGS, epochs=1, learning_rate=1e-6)
    further = train_network(digits, low_rate, initial_network=whole.network)
    for before, after in zip(weights(whole), weights(further), strict=True):
        assert np.abs(before - after).max() < 0.5
    assert further.history[0]["loss"] < whole.history[0]["loss"]


def test_a_network_with_other_layers_is_refused_as_a_start(digits: tuple[Samples, Samples]) -> None:
    other = dataclasses.replace(SETTINGS, hidden_layers=(8,), epochs=1)
    with pytest.raises(ValueError, match="hidden_layers"):
        train_network(digits, initial_network=train_network(digits, other).network)
