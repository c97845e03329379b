"""Files made to take much memory or time, or to read other files, are refused unread."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import network_files
import numpy as np
import pytest
from network_files import INPUT, dense

from number_recognition.storage.files import PROJECT_DIR

MIB = 1024 * 1024
SOFTMAX = [*INPUT, dense(10, "softmax")]


def config_of(layers: list[dict[str, object]]) -> bytes:
    config = {"class_name": "Sequential", "config": {"layers": layers}}
    return json.dumps(config).encode()


def write(path: Path, config: bytes, weights: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", weights)


def weights_of(fill: Callable[[h5py.Group], object]) -> bytes:
    """An HDF5 file whose only Dense layer is filled by a function; its bias is sound."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        group = file.create_group("layers/dense/vars")
        group["1"] = np.zeros(10, "f4")
        fill(group)
    return content.getvalue()


def long_config(path: Path) -> None:
    write(path, b" " * (150 * MIB) + config_of(SOFTMAX), b"")


def deep_config(path: Path) -> None:
    write(path, b"[" * 900_000, b"")


def many_layers(path: Path) -> None:
    write(path, config_of([*INPUT, *([dense(1)] * 9000)]), b"")


def blank_weights(path: Path) -> None:
    write(path, config_of(SOFTMAX), bytes(150 * MIB))


def huge_directory(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(40_000):
            archive.writestr(f"{number:060}", b"")


def write_kernel(path: Path, *arguments: object, **options: object) -> None:
    """A network whose only weights are a dataset made in this way."""
    make = h5py.Group.create_dataset
    write(
        path, config_of(SOFTMAX), weights_of(lambda group: make(group, "0", *arguments, **options))
    )


def text_weights(path: Path) -> None:
    write_kernel(path, (784, 10), h5py.string_dtype(), chunks=True)


def long_text_weights(path: Path) -> None:
    write_kernel(path, (784, 10), "S16000000", chunks=(1, 1))


def declared_weights(path: Path) -> None:
    layers = [*INPUT, dense(16384), dense(6000), dense(10, "softmax")]
    shapes = {"dense": (784, 16384), "dense_1": (16384, 6000), "dense_2": (6000, 10)}
    arrays: network_files.Arrays = {}
    for name, shape in shapes.items():
        arrays |= {f"{name}/vars/0": shape, f"{name}/vars/1": shape[1:]}
    network_files.write(path, layers, arrays)


def packed_weights(path: Path) -> None:
    layers = [*INPUT, dense(16384), dense(6000), dense(10, "softmax")]
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        group = file.create_group("layers/dense/vars")
        options = {"chunks": (784, 4096), "compression": "gzip", "compression_opts": 1}
        group.create_dataset("0", data=np.zeros((784, 16384), "f4"), **options)
        group["1"] = np.zeros(16384, "f4")
    write(path, config_of(layers), content.getvalue())


def external_weights(path: Path) -> None:
    secret = path.with_name("secret")
    secret.write_bytes(bytes(784 * 10 * 4))
    write_kernel(path, (784, 10), "f4", external=[(str(secret), 0, h5py.h5f.UNLIMITED)])


def pipe_beside(path: Path) -> str:
    """A named pipe: whoever opened it would wait for ever."""
    os.mkfifo(path.with_name("pipe"))
    return str(path.with_name("pipe"))


def weights_from_a_pipe(path: Path) -> None:
    write_kernel(path, (784, 10), "f4", external=[(pipe_beside(path), 0, h5py.h5f.UNLIMITED)])


def virtual_weights(path: Path) -> None:
    layout = h5py.VirtualLayout((784, 10), "f4")
    layout[:] = h5py.VirtualSource(pipe_beside(path), "weights", (784, 10))
    make = h5py.Group.create_virtual_dataset
    write(path, config_of(SOFTMAX), weights_of(lambda group: make(group, "0", layout)))


def write_link(path: Path, link: object) -> None:
    write(path, config_of(SOFTMAX), weights_of(lambda group: group.__setitem__("0", link)))


def linked_weights(path: Path) -> None:
    write_link(path, h5py.ExternalLink(pipe_beside(path), "/weights"))


def soft_link(path: Path) -> None:
    write_link(path, h5py.SoftLink("/layers/dense/vars/0"))


POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes and no limits")
FILES = [
    (long_config, "config.json of at most"),
    (deep_config, "broken or foreign"),
    (many_layers, "at most 256 layers"),
    (blank_weights, "model.weights.h5 of at most"),
    (huge_directory, "a directory of"),
    (text_weights, "expected numbers"),
    (long_text_weights, "expected numbers"),
    (declared_weights, "bytes of weights at"),
    (packed_weights, "bytes of weights at"),
    (external_weights, "lie in another file"),
    (weights_from_a_pipe, "lie in another file"),
    (virtual_weights, "lie in another file"),
    (linked_weights, "found a ExternalLink"),
    (soft_link, "found a SoftLink"),
]

LOAD = """
import resource, sys, time
from pathlib import Path
from number_recognition.learning.models.numpy_network import NumpyNetwork
before = resource.getrusage(resource.RUSAGE_SELF)
try:
    NumpyNetwork.load(sys.argv[1])
except ValueError as error:
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(seconds, after.ru_maxrss - before.ru_maxrss, error)
"""


@POSIX
@pytest.mark.parametrize(("make", "words"), FILES, ids=lambda value: getattr(value, "__name__", ""))
def test_it_is_refused_with_little_time_and_memory(
    tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / "n.keras"
    make(path)
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(path)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    seconds, kilobytes, message = done.stdout.split(" ", 2)
    assert words in message and message.startswith(f"{path}: expected ")
    assert float(seconds) < 1 and int(kilobytes) < 100 * 1024
