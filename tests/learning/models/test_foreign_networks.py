"""Dense networks that others made with Keras answer as Keras computes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from number_recognition.learning.models.keras_file import (
    LegacyNetworkError,
    read_legacy_network,
    read_network,
)
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.learning.tensorflow_setup import import_keras

import_keras()
import keras  # noqa: E402
from keras import layers as L  # noqa: E402

PIXELS = np.random.default_rng(1).random((20, 28, 28), dtype=np.float32)


def functional() -> Any:
    """Logits of a Functional network for images with a channel, dropout and normalisation in it."""
    pixels = L.Input((28, 28, 1))
    values = L.Flatten()(pixels)
    values = L.Dense(9, activation="relu")(values)
    values = L.BatchNormalization()(values)
    values = L.Dropout(0.3)(values)
    values = L.Dense(7, use_bias=False)(values)
    values = L.BatchNormalization(scale=False)(values)
    values = L.Activation("gelu")(values)
    return keras.Model(pixels, L.Dense(10)(values))


NETWORKS: dict[str, Callable[[], Any]] = {
    "functional, logits": functional,
    "functional, softmax": lambda: keras.Model(
        pixels := L.Input((784,)), L.Dense(10, activation="softmax")(L.Dense(8)(pixels))
    ),
    "bytes, rescaled": lambda: keras.Sequential(
        [L.Input((28, 28)), L.Rescaling(1 / 255), L.Flatten(), L.Dense(10), L.Softmax()]
    ),
    "bytes, centred": lambda: keras.Sequential(
        [L.Input((28, 28, 1)), L.Rescaling(1 / 127.5, -1), L.Flatten(), L.Dense(10)]
    ),
    "centred": lambda: keras.Sequential(
        [L.Input((784,)), L.Rescaling(2, -1), L.Dense(9, "relu"), L.Rescaling(0.5), L.Dense(10)]
    ),
    "normalised input": lambda: keras.Sequential(
        [L.Input((28, 28)), L.BatchNormalization(), L.Flatten(), L.Dense(10), L.Softmax()]
    ),
    "normalised channel": lambda: keras.Sequential(
        [L.Input((28, 28, 1)), L.BatchNormalization(), L.Flatten(), L.Dense(10)]
    ),
    "normalised logits": lambda: keras.Sequential(
        [L.Input((28, 28)), L.Flatten(), L.Dense(10), L.BatchNormalization(), L.Rescaling(3)]
    ),
    "activations as layers": lambda: keras.Sequential(
        [
            *(L.Input((784,)), L.GaussianNoise(0.1), L.Dense(9), L.ReLU(), L.Dense(8)),
            *(L.LeakyReLU(negative_slope=0.3), L.Dense(7), L.ELU(), L.Dense(10, "relu")),
            L.Softmax(),
        ]
    ),
    "reshaped, eleven outputs": lambda: keras.Sequential(
        [L.Input((784,)), L.Reshape((28, 28)), L.RandomRotation(0.1), L.Reshape((-1,)), L.Dense(11)]
    ),
    "Keras's first example": lambda: keras.Sequential(
        [
            *(L.Input((28, 28)), L.Flatten(), L.Dense(12, activation="relu"), L.Dropout(0.2)),
            L.Dense(10, activation="softmax"),
        ]
    ),
}


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Any:
    """A network with weights and statistics far from the first ones."""
    model = NETWORKS[request.param]()
    rng = np.random.default_rng(2)
    model.set_weights([each + rng.uniform(-0.1, 0.1, each.shape) for each in model.get_weights()])
    model.is_for_bytes = request.param.startswith("bytes")
    return model


def expected_answers(network: Any) -> np.ndarray:
    """The probabilities that Keras gives, for pixels from 0 to 255 where the network rescales."""
    pixels = PIXELS.reshape(len(PIXELS), *network.input_shape[1:])
    answers = network(pixels * (255 if network.is_for_bytes else 1), training=False).numpy()
    is_softmax = np.allclose(answers.sum(axis=1), 1) and (answers >= 0).all()
    return answers if is_softmax else keras.ops.softmax(answers).numpy()


def test_a_network_from_elsewhere_answers_as_keras_does(tmp_path: Path, network: Any) -> None:
    path = tmp_path / "network.keras"
    network.save(path)
    expected = expected_answers(network)
    assert NumpyNetwork.load(path)(PIXELS) == pytest.approx(expected, abs=2e-5)


def test_keras_loads_what_numpy_computes(tmp_path: Path, network: Any) -> None:
    from number_recognition.learning.models.keras_network import load

    path = tmp_path / "network.keras"
    network.save(path)
    loaded = load(str(path))
    assert loaded.input_shape == (None, 28, 28)
    assert loaded(PIXELS).numpy() == pytest.approx(expected_answers(network), abs=2e-5)
    loaded.save(tmp_path / "again.keras")
    assert read_network(tmp_path / "again.keras").is_own


def test_the_older_format_is_named_and_holds_the_same_layers(tmp_path: Path, network: Any) -> None:
    path = tmp_path / "network.h5"
    network.compile("adam", "categorical_crossentropy")
    network.save(path)
    with pytest.raises(LegacyNetworkError, match=r"found one in Keras's older format .HDF5"):
        NumpyNetwork.load(path)
    layers = read_legacy_network(path).layers
    assert NumpyNetwork(tuple(layers))(PIXELS) == pytest.approx(expected_answers(network), abs=2e-5)


def test_weights_alone_and_half_a_file_are_named(tmp_path: Path) -> None:
    model = NETWORKS["bytes, rescaled"]()
    model.save_weights(tmp_path / "a.weights.h5")
    with pytest.raises(ValueError, match="weights without their layers"):
        read_legacy_network(tmp_path / "a.weights.h5")
    model.save(tmp_path / "a.h5")
    whole = (tmp_path / "a.h5").read_bytes()
    (tmp_path / "a.h5").write_bytes(whole[: len(whole) // 2])
    for read in (read_legacy_network, read_network):
        with pytest.raises(ValueError, match="the download was cut off"):
            read(tmp_path / "a.h5")


def two_inputs() -> Any:
    one, other = L.Input((28, 28)), L.Input((28, 28))
    return keras.Model([one, other], L.Dense(10)(L.Flatten()(L.Add()([one, other]))))


def with_a_shortcut() -> Any:
    pixels = L.Input((784,))
    values = L.Dense(784, activation="relu")(pixels)
    return keras.Model(pixels, L.Dense(10)(L.Average()([values, pixels])))


def shared_twice() -> Any:
    pixels, dense = L.Input((784,)), L.Dense(784)
    return keras.Model(pixels, L.Dense(10)(dense(dense(pixels))))


def convolutional() -> Any:
    layers = [L.Input((28, 28, 1)), L.Conv2D(4, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)]
    return keras.Sequential(layers)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (two_inputs, "found Add"),
        (with_a_shortcut, "convolutional|found Average"),
        (shared_twice, "found branches"),
        (convolutional, r"expected a dense network \(an input of 28 × 28 .*found a convolutional"),
        (
            lambda: keras.Sequential([L.Input((28, 28)), L.Flatten(), L.Dense(10, "sigmoid")]),
            "softmax as the last activation, or none, found sigmoid",
        ),
    ],
)
@pytest.mark.parametrize("name", ["a.keras", "a.h5"])
def test_what_numpy_cannot_compute_is_refused_in_words(
    tmp_path: Path, make: Callable[[], Any], words: str, name: str
) -> None:
    make().save(tmp_path / name)
    read = read_legacy_network if name == "a.h5" else read_network
    with pytest.raises(ValueError, match=words) as caught:
        read(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: expected ")
