"""Training learns, stops when told, and goes on as if it had never stopped."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from number_recognition.core.progress import Progress, TrainingFailed
from number_recognition.learning.data.samples import Samples
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.storage.settings import TrainingSettings

if TYPE_CHECKING:
    from number_recognition.learning.training.trainer import TrainingResult

# Everything that has a state of its own, so that resuming has it all to restore.
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


def trained(
    digits: tuple[Samples, Samples], settings: TrainingSettings = SETTINGS, **options: object
) -> TrainingResult:
    from number_recognition.learning.training.training import train

    return train(settings, *digits, **options)


def weights(training: TrainingResult) -> list[np.ndarray]:
    return training.network.get_weights()


def same(one: TrainingResult, other: TrainingResult) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


def test_it_learns_from_a_few_hundred_digits(digits: tuple[Samples, Samples]) -> None:
    settings = TrainingSettings(hidden_layers=(64,), epochs=20, batch_size=32, distortion=0.3)
    on_progress: list[Progress] = []
    training = trained(digits, settings, report=on_progress.append)
    assert training.completed and len(training.history) == 20
    assert max(row["val_accuracy"] for row in training.history) > 0.85
    assert training.history[-1]["loss"] < training.history[0]["loss"] / 3
    assert [p.done for p in on_progress] == sorted(p.done for p in on_progress)
    assert {"epoch", "epochs", "loss", "accuracy"} <= set(on_progress[-1].details)


def test_half_as_precise_it_learns_as_well_and_what_is_kept_is_whole(
    digits: tuple[Samples, Samples],
) -> None:
    # So many steps are compiled where that is of use.
    training = trained(
        digits,
        TrainingSettings(
            hidden_layers=(64,),
            epochs=40,
            batch_size=32,
            distortion=0.3,
            precision="mixed_bfloat16",
        ),
    )
    assert training.completed and training.history[-1]["val_accuracy"] > 0.85
    assert {weight.dtype for weight in weights(training)} == {np.dtype("float32")}


def test_the_history_is_told_again_only_when_an_epoch_was_added(
    digits: tuple[Samples, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("number_recognition.core.progress.ProgressTimer.ready", lambda timer: True)
    on_progress: list[Progress] = []
    trained(digits, report=on_progress.append)
    told = [len(each.details["history"]) for each in on_progress if "history" in each.details]
    assert told == [0, 1, 2, 3] and len(on_progress) > len(told)


def test_what_is_kept_is_the_best_it_found(digits: tuple[Samples, Samples]) -> None:
    training = trained(digits)
    pixels, labels = digits[1].pixels / np.float32(255), digits[1].labels
    accuracy = (training.network(pixels).numpy().argmax(axis=1) == labels).mean()
    assert accuracy == pytest.approx(max(row["val_accuracy"] for row in training.history))


def test_the_same_seed_gives_the_same_weights(digits: tuple[Samples, Samples]) -> None:
    first, again = trained(digits), trained(digits)
    other = trained(digits, dataclasses.replace(SETTINGS, seed=2))
    assert same(first, again) and not same(first, other)


def test_it_resumes_as_if_it_had_never_stopped(
    digits: tuple[Samples, Samples], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    half = trained(digits, checkpoint=checkpoint, stopped=checkpoint.exists)
    assert not half.completed and 1 <= len(half.history) < SETTINGS.epochs

    whole = trained(digits, checkpoint=checkpoint, resume=True)
    uninterrupted = trained(digits)
    assert whole.completed and same(whole, uninterrupted)
    for row, other in zip(whole.history, uninterrupted.history, strict=True):
        # Figures are sums over as many steps as the machine took at a time: the last digits differ.
        assert row == pytest.approx({**other, "seconds": row["seconds"]}, rel=1e-6)


def test_the_learning_rate_begins_to_fall_anew(digits: tuple[Samples, Samples]) -> None:
    rates = [row["learning_rate"] for row in trained(digits, RESTARTED).history]
    assert rates[0] > rates[1] < rates[2] > rates[3]


def test_the_ends_of_all_rounds_are_averaged(
    digits: tuple[Samples, Samples], tmp_path: Path
) -> None:
    def stopped() -> bool:
        return checkpoint.exists() and len(Checkpoint.read(checkpoint).history) == 2

    checkpoint = tmp_path / "checkpoint.npz"
    trained(digits, RESTARTED, checkpoint=checkpoint, stopped=stopped)
    # A checkpoint holds the variables of the learner, and the average of its weights is last.
    count = len(weights(trained(digits, stopped=lambda: True)))
    first = Checkpoint.read(checkpoint).variables[-count:]
    whole = trained(digits, RESTARTED, checkpoint=checkpoint, resume=True)
    second = Checkpoint.read(checkpoint).variables[-count:]
    for one, two, average in zip(first, second, weights(whole), strict=True):
        assert average == pytest.approx((one + 2 * two) / 3, abs=1e-6)


def test_it_resumes_after_the_learning_rate_began_anew(
    digits: tuple[Samples, Samples], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"

    def stopped() -> bool:
        return checkpoint.exists() and len(Checkpoint.read(checkpoint).history) == 3

    half = trained(digits, RESTARTED, checkpoint=checkpoint, stopped=stopped)
    assert len(half.history) == 3
    whole = trained(digits, RESTARTED, checkpoint=checkpoint, resume=True)
    assert whole.completed and same(whole, trained(digits, RESTARTED))


@pytest.mark.parametrize("restarts", [4, 7])
def test_more_restarts_than_epochs_are_refused(
    digits: tuple[Samples, Samples], restarts: int
) -> None:
    with pytest.raises(ValueError, match=f"'restarts': expected fewer than the 4 .*{restarts}"):
        trained(digits, dataclasses.replace(SETTINGS, restarts=restarts))


def test_without_a_compiler_it_learns_the_same(
    digits: tuple[Samples, Samples], monkeypatch: pytest.MonkeyPatch
) -> None:
    from number_recognition.learning.data import augmentation

    settings = dataclasses.replace(SETTINGS, dropout=0.0)
    monkeypatch.setattr("number_recognition.learning.training.train_state.MIN_STEPS_FOR_XLA", 0)
    with_it = trained(digits, settings)
    for module in ("training.train_state", "data.augmentation"):
        monkeypatch.setattr(f"number_recognition.learning.{module}.xla_available", lambda: False)
    augmentation.compiled_augment.cache_clear()
    without = trained(digits, settings)
    augmentation.compiled_augment.cache_clear()
    assert without.history[-1]["loss"] == pytest.approx(with_it.history[-1]["loss"], rel=0.05)


def test_stopped_at_once_it_returns_at_once(digits: tuple[Samples, Samples]) -> None:
    training = trained(digits, stopped=lambda: True)
    assert not training.completed and training.history == []


def test_a_checkpoint_of_another_training_is_refused(
    digits: tuple[Samples, Samples], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    trained(digits, dataclasses.replace(SETTINGS, epochs=1), checkpoint=checkpoint)
    before = checkpoint.read_bytes()
    with pytest.raises(ValueError, match="another network or other samples"):
        trained(
            digits,
            dataclasses.replace(SETTINGS, hidden_layers=(8,)),
            checkpoint=checkpoint,
            resume=True,
        )
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no checkpoint"])
def test_a_broken_checkpoint_is_named_and_left_alone(
    digits: tuple[Samples, Samples], tmp_path: Path, content: bytes
) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    checkpoint.write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint\.npz: expected"):
        trained(digits, checkpoint=checkpoint, resume=True)
    assert checkpoint.read_bytes() == content


def test_steps_that_are_too_large_are_named(digits: tuple[Samples, Samples]) -> None:
    settings = TrainingSettings(
        hidden_layers=(64, 64),
        batch_normalization=False,
        optimizer="sgd",
        learning_rate=100,
        batch_size=32,
    )
    with pytest.raises(TrainingFailed, match="learning_rate"):
        trained(digits, settings)


def test_without_samples_it_does_not_start(digits: tuple[Samples, Samples]) -> None:
    with pytest.raises(ValueError, match="found none"):
        trained((Samples.empty(), digits[1]))


def test_it_goes_on_from_the_weights_of_another_network(digits: tuple[Samples, Samples]) -> None:
    learnt = trained(digits)
    gentle = dataclasses.replace(SETTINGS, epochs=1, learning_rate=1e-6)
    further = trained(digits, gentle, start=learnt.network)
    for before, after in zip(weights(learnt), weights(further), strict=True):
        assert np.abs(before - after).max() < 0.5
    assert further.history[0]["loss"] < learnt.history[0]["loss"]


def test_it_does_not_go_on_from_a_network_of_other_layers(digits: tuple[Samples, Samples]) -> None:
    other = dataclasses.replace(SETTINGS, hidden_layers=(8,), epochs=1)
    with pytest.raises(ValueError, match="hidden_layers"):
        trained(digits, start=trained(digits, other).network)
