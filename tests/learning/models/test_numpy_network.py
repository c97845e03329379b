"""Networks are read from `.keras` files and computed as Keras computes them, or refused."""

from __future__ import annotations

import itertools
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import network_files
import numpy as np
import pytest
from network_files import INPUT, dense, layer

from number_recognition.learning.models import keras_file
from number_recognition.learning.models.numpy_network import NumpyNetwork
from number_recognition.storage.settings import ACTIVATIONS, TrainingSettings

PIXELS = np.random.default_rng(1).random((40, 28, 28), dtype=np.float32)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("batch_normalization", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_it_answers_as_keras_does(
    tmp_path: Path, activation: str, batch_normalization: bool, dropout: float
) -> None:
    network = keras_network((17, 9), activation, batch_normalization, dropout)
    network.save(tmp_path / "network.keras")
    expected = network(PIXELS, training=False).numpy()
    answers = NumpyNetwork.load(tmp_path / "network.keras")(PIXELS)
    assert answers.dtype == np.float32
    assert answers == pytest.approx(expected, abs=1e-5)


def test_without_hidden_layers_it_answers_as_keras_does(tmp_path: Path) -> None:
    network = keras_network((), "relu", True, 0.0)
    network.save(tmp_path / "network.keras")
    answers = NumpyNetwork.load(tmp_path / "network.keras")(PIXELS)
    assert answers == pytest.approx(network(PIXELS).numpy(), abs=1e-5)


def keras_network(
    hidden_layers: tuple[int, ...], activation: str, batch_normalization: bool, dropout: float
) -> Any:
    """A network as `build` makes it, with weights and statistics far from the first ones."""
    from number_recognition.learning.models.keras_network import build

    network = build(
        TrainingSettings(
            hidden_layers=hidden_layers,
            activation=activation,
            batch_normalization=batch_normalization,
            dropout=dropout,
        )
    )
    rng = np.random.default_rng(2)
    network.set_weights(
        [weight + rng.uniform(-0.1, 0.1, weight.shape) for weight in network.get_weights()]
    )
    return network


def test_the_activations_of_every_layer_are_there(tmp_path: Path) -> None:
    network = NumpyNetwork.load(network_files.random_network(tmp_path / "n.keras"))
    first, last = network.activations(PIXELS)
    assert first.shape == (40, 12) and first.min() == 0
    assert (last == network(PIXELS)).all()


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([layer("InputLayer", batch_shape=[None, 32, 32])], "28 × 28"),
        ([*INPUT[:1], layer("Conv2D", filters=8)], "convolutional one .Conv2D"),
        ([*INPUT[:1], layer("Lambda", function="os.system")], "found Lambda"),
        ([*INPUT, dense(2_000_000)], "found 2000000"),
        ([*INPUT, dense(-1)], "found -1"),
        ([*INPUT, dense(10, "softmax"), dense(12, "softmax")], "no digit .*found 12 outputs"),
        ([*INPUT, dense(10, "relu")], "softmax"),
        ([*INPUT, dense(10, "softplus")], "found 'softplus'"),
        ([*INPUT], "no Dense layer"),
        ([INPUT[0], dense(10)], "Flatten"),
        ([*INPUT, layer("Sequential", layers=[])], "a network within the network"),
        ([dense(10)], "no input shape"),
        (["Dense"], "broken or foreign"),
        (None, "broken or foreign"),
    ],
)
def test_another_network_is_refused_with_what_was_expected(
    tmp_path: Path, layers: list, expected: str
) -> None:
    arrays = {
        "dense/vars/0": np.zeros((784, 10), "f4"),
        "dense/vars/1": np.zeros(10, "f4"),
        "dense_1/vars/0": np.zeros((10, 12), "f4"),
        "dense_1/vars/1": np.zeros(12, "f4"),
    }
    path = network_files.write(tmp_path / "other.keras", layers, arrays)
    with pytest.raises(ValueError, match=expected) as caught:
        NumpyNetwork.load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"dense/vars/0": np.full((784, 10), np.nan, "f4")},
        {"dense/vars/1": np.full(10, np.inf, "f4")},
        {"dense/vars/0": np.zeros((10, 784), "f4")},
        {"dense/vars/1": np.zeros(1, "f4")},
        {"dense/vars/0": np.full((784, 10), b"text")},
        {"dense/vars/1": (10**10,)},
    ],
    ids=["not a number", "infinite bias", "turned", "short bias", "text", "endless bias"],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, changes: dict) -> None:
    arrays = {"dense/vars/0": np.zeros((784, 10), "f4"), "dense/vars/1": np.zeros(10, "f4")}
    path = network_files.write(
        tmp_path / "unfit.keras", [*INPUT, dense(10, "softmax")], {**arrays, **changes}
    )
    with pytest.raises(ValueError, match=r"unfit\.keras: expected"):
        NumpyNetwork.load(path)


def test_a_small_file_that_declares_a_huge_network_is_refused_unread(tmp_path: Path) -> None:
    widths = (784, 16384, 16384, 16384, 10)
    arrays: network_files.Arrays = {}
    for number, shape in enumerate(itertools.pairwise(widths)):
        name = f"dense_{number}" if number else "dense"
        arrays |= {f"{name}/vars/0": shape, f"{name}/vars/1": shape[1:]}
    layers = [*INPUT, *(dense(width) for width in widths[1:-1]), dense(10, "softmax")]
    path = network_files.write(tmp_path / "huge.keras", layers, arrays)
    assert path.stat().st_size < 100_000

    tracemalloc.start()
    with pytest.raises(ValueError, match="MiB"):
        NumpyNetwork.load(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 300e6


def test_a_file_that_unpacks_to_too_much_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = network_files.random_network(tmp_path / "n.keras")
    monkeypatch.setattr(keras_file, "MAX_BYTES", 10_000)
    with pytest.raises(ValueError, match="unpacked"):
        NumpyNetwork.load(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "found an empty file"),
        (b"{}", "found another file"),
        (b"PK\x03\x04" + bytes(900), "found the first 904 bytes of one; the download was cut off"),
        (b"\x89HDF\r\n\x1a\n", "found a broken or foreign file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "found a Git LFS pointer"),
        (b"\n<!DOCTYPE html><html>Not found", "found a web page"),
        (b"\x1c\0\0\0TFL3", "found a TensorFlow Lite file"),
    ],
)
def test_a_file_that_is_no_network_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "foreign.keras"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words) as caught:
        NumpyNetwork.load(path)
    assert str(caught.value).startswith(f"{path}: expected a ")


def test_a_download_that_was_cut_off_is_named(tmp_path: Path) -> None:
    path = network_files.random_network(tmp_path / "n.keras")
    whole = path.read_bytes()
    for length in (len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="the download was cut off"):
            NumpyNetwork.load(path)


def test_a_foreign_zip_and_a_folder_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential"}))
    with pytest.raises(ValueError, match="found another ZIP file"):
        NumpyNetwork.load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("network/data.pkl", b"")
    with pytest.raises(ValueError, match="found a PyTorch file"):
        NumpyNetwork.load(path)
    with pytest.raises(ValueError, match="found a folder"):
        NumpyNetwork.load(tmp_path)
    (tmp_path / "saved_model.pb").touch()
    with pytest.raises(ValueError, match="found TensorFlow's SavedModel"):
        NumpyNetwork.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="no such file"):
        NumpyNetwork.load(tmp_path / "absent.keras")


def test_whatever_byte_is_broken_nothing_but_a_value_error_comes(tmp_path: Path) -> None:
    whole = network_files.random_network(tmp_path / "n.keras", units=2).read_bytes()
    path, rng = tmp_path / "broken.keras", np.random.default_rng(1)
    for position in rng.integers(0, len(whole), 300):
        broken = bytearray(whole)
        broken[position] ^= 1 << rng.integers(8)
        for content in (bytes(broken), whole[:position]):
            path.write_bytes(content)
            try:
                NumpyNetwork.load(path)
            except ValueError as error:
                assert "broken.keras: expected" in str(error)
