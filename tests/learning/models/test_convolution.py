"""A convolution written out as dense layers answers the same, and a training can begin with one."""

from __future__ import annotations

import dataclasses
import pickle
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from number_recognition.learning.data.samples import Samples
from number_recognition.learning.models.settings_checks import SettingConflict, validate_schedule
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.settings import TrainingSettings

if TYPE_CHECKING:
    from number_recognition.learning.training.trainer import TrainingResult

SETTINGS = TrainingSettings(
    hidden_layers=(144 * 2, 25 * 3, 20),
    convolution_epochs=1,
    teachers=1,
    teacher_epochs=1,
    epochs=4,
    batch_size=32,
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_normalization": False, "dropout": 0.2},
        {"hidden_layers": (144 * 2,)},
        {"hidden_layers": (144, 25 * 2)},
        {"hidden_layers": (144, 25, 30, 20), "activation": "tanh"},
    ],
)
def test_the_dense_network_answers_as_the_convolution(changes: dict[str, object]) -> None:
    import_keras()
    from number_recognition.learning.models import convolution, keras_network

    settings = dataclasses.replace(SETTINGS, **changes)
    convolved, dense = convolution.build(settings), keras_network.build(settings)
    rng = np.random.default_rng(1)
    # Normalisation that has seen nothing would hide a unit that stands in another's place.
    weights = [
        w + rng.uniform(0.1, 0.5, w.shape).astype(np.float32) if w.ndim == 1 else w
        for w in convolved.get_weights()
    ]
    convolved.set_weights(weights)
    dense.set_weights(convolution.dense_weights(convolved, weights))
    pixels = rng.uniform(0, 1, (5, 28, 28)).astype(np.float32)
    answers = np.asarray(convolved(pixels))
    # Where one digit has it all, any network of these weights would answer the same.
    assert answers.max() < 0.95 and answers.std(axis=0).max() > 0.001
    assert np.allclose(answers, dense(pixels), atol=1e-5)


@pytest.mark.parametrize(("units", "place"), [((100, 50), "layer 1"), ((144, 30), "layer 2")])
def test_units_that_make_no_maps_are_named(units: tuple[int, ...], place: str) -> None:
    import_keras()
    from number_recognition.learning.models import convolution

    with pytest.raises(ValueError, match=f"multiple of .* units in {place}, found"):
        convolution.build(dataclasses.replace(SETTINGS, hidden_layers=units))


def test_a_conflict_of_settings_comes_whole_from_a_worker() -> None:
    with pytest.raises(SettingConflict) as raised:
        validate_schedule(
            dataclasses.replace(SETTINGS, convolution_epochs=0), has_initial_weights=False
        )
    sent = pickle.loads(pickle.dumps(raised.value))
    assert str(sent) == str(raised.value) and sent.setting == "teachers"


def test_an_epoch_that_asks_teachers_counts_for_more_of_the_time() -> None:
    import_keras()
    from number_recognition.learning.training.stages import Stages

    def half_way(**changes: int) -> float:
        """The part of the work that is done when half of the epochs are."""
        settings = dataclasses.replace(SETTINGS, epochs=40, convolution_epochs=10, **changes)
        return Stages(settings).part_done(20)

    untaught, one = half_way(teachers=0), half_way(teachers=1, teacher_epochs=10)
    assert untaught == pytest.approx((10 * 0.7 + 10) / (10 * 0.7 + 30))
    # Teachers learn slowly: the second half, which only asks one, takes less of the time.
    assert one == pytest.approx((7 + 105) / (7 + 105 + 20 * 2.8))


def test_teachers_are_rectifiers_whatever_the_network_is() -> None:
    import_keras()
    from number_recognition.learning.models import convolution

    teacher = convolution.build_teacher(dataclasses.replace(SETTINGS, activation="tanh"))
    used = [layer.activation.__name__ for layer in teacher.layers if "activation" in layer.name]
    assert used == ["relu"] * 7


@pytest.fixture(scope="module")
def whole(digits: tuple[Samples, Samples]) -> TrainingResult:
    """A training that nobody stopped."""
    from number_recognition.learning.training.training import train

    return train(SETTINGS, *few(digits))


def few(digits: tuple[Samples, Samples]) -> tuple[Samples, Samples]:
    """Two fifths of the training samples: a teacher needs a second for them."""
    return digits[0].select(np.arange(160)), digits[1]


def test_a_training_that_begins_as_a_convolution_ends_dense(whole: TrainingResult) -> None:
    assert whole.completed and len(whole.history) == 4
    # A taught loss is of another kind than the convolution's: of one kind are the last two.
    assert whole.history[-1]["loss"] < whole.history[-2]["loss"]
    assert whole.history[-1]["accuracy"] > whole.history[0]["accuracy"] + 0.1
    first = next(w for w in whole.network.get_weights() if w.ndim == 2)
    # A convolution's unit sees 25 of the 784 pixels.
    assert first.shape == (784, 288) and (first != 0).mean() > 0.5


def test_stopped_in_every_part_it_ends_as_if_it_had_never_stopped(
    digits: tuple[Samples, Samples], whole: TrainingResult, tmp_path: Path
) -> None:
    from number_recognition.learning.training.training import train

    checkpoint = tmp_path / "checkpoint.npz"

    def stopped_after(epochs: int) -> bool:
        return checkpoint.exists() and len(np.load(checkpoint)["history"]) >= epochs

    for epochs in (1, 2, 3):
        part = train(
            SETTINGS,
            *few(digits),
            checkpoint=checkpoint,
            resume=checkpoint.exists(),
            stopped=partial(stopped_after, epochs),
        )
        assert not part.completed and len(part.history) == epochs
    ended = train(SETTINGS, *few(digits), checkpoint=checkpoint, resume=True)
    for one, other in zip(ended.network.get_weights(), whole.network.get_weights(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"convolution_epochs": 9}, "epochs"),
        ({"teacher_epochs": 9}, "epochs"),
        ({"convolution_epochs": 0}, "teachers"),
        ({"initial_network": True}, "convolution_epochs"),
    ],
)
def test_what_does_not_go_together_is_refused(
    digits: tuple[Samples, Samples], changes: dict[str, object], named: str
) -> None:
    import_keras()
    from number_recognition.learning.models.keras_network import build
    from number_recognition.learning.training.training import train

    initial = build(SETTINGS) if changes.pop("initial_network", False) else None
    with pytest.raises(ValueError, match=f"^'{named}': expected"):
        train(dataclasses.replace(SETTINGS, **changes), *digits, initial_network=initial)
