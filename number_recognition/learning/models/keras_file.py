"""Read the layers of a dense network from a `.keras` or an older `.h5` file, without Keras.

A file may be damaged or hostile: sizes, types and layout are checked before anything large is read.
"""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np

from number_recognition.learning.models.layer_builder import ReadWeights, build_layers
from number_recognition.learning.models.layers import Layer
from number_recognition.learning.models.network_config import (
    MAX_BYTES,
    LayerConfig,
    NetworkConfig,
    UnsupportedNetworkError,
    refuse,
)
from number_recognition.storage.file_errors import FileError, explained

MAX_CONFIG_BYTES = 1024 * 1024
_MAX_DIRECTORY_BYTES = 64 * 1024
"""Of a ZIP's list of members; Keras writes three or four."""
_MOST_IN_MEMORY = 64 << 20
"""Weights of at most so many bytes are read at once where they are not packed."""
_MAX_RATIO = 8
"""The weights with the state of an optimizer are at most this many times the weights alone."""
_SLACK = 4 * 1024 * 1024
_HEAD = 512

_DAMAGED_FILE_ERRORS = (
    *(OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError),
    *(RuntimeError, ArithmeticError, MemoryError, zlib.error, zipfile.BadZipFile),
)
"""What zipfile, json and h5py raise for damaged files."""


class LegacyNetworkError(UnsupportedNetworkError):
    """A network in the older format of Keras, HDF5; `read_legacy_network` reads it."""


@dataclass(frozen=True)
class NetworkFile:
    """The layers in a file.

    Attributes:
        layers: as NumPy computes them.
        is_own: whether it is a `.keras` file like the program's own, which Keras loads as it is.
    """

    layers: list[Layer]
    is_own: bool


def read_network(path: Path) -> NetworkFile:
    """Read the layers of a dense network from a `.keras` file.

    Raises:
        FileNotFoundError: there is no such file.
        LegacyNetworkError: it is a network in Keras's older format.
        ValueError: it is not a `.keras` file, or its network is of another kind.
    """
    with _named_errors(path), _open(path) as (file, head):
        if head.startswith(_HDF5):
            _check_whole(file)
            raise LegacyNetworkError(
                "expected a network (.keras), found one in Keras's older format (HDF5); "
                f"'Main.py convert {path.name} {path.stem}.keras' converts it"
            )
        if not head.startswith(b"PK\x03\x04"):
            refuse("a network (.keras)", _describe_other(head))
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            return _read_archive(archive)


def read_legacy_network(path: Path) -> NetworkFile:
    """Read the layers of a dense network from a file in Keras's older format (HDF5).

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no such file, or its network is of another kind.
    """
    with _named_errors(path), _open(path) as (file, head):
        if not head.startswith(_HDF5):
            refuse("a network in Keras's older format (HDF5)", _describe_other(head))
        _check_whole(file)
        with h5py.File(file, "r") as content:
            config = _parse_config(_text_attribute(content, "model_config", MAX_CONFIG_BYTES))
            layers, _ = build_layers(config, _legacy_weights(content))
            return NetworkFile(layers, is_own=False)


_HDF5 = b"\x89HDF\r\n\x1a\n"


@contextlib.contextmanager
def _open(path: Path) -> Iterator[tuple[BinaryIO, bytes]]:
    """The open file and its first bytes."""
    if path.is_dir():
        kind = "a folder"
        if (path / "saved_model.pb").exists():
            kind = "TensorFlow's SavedModel; save the Keras model it was made from"
        refuse("a network (.keras)", kind)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected a network (.keras), found no such file")
    with explained(path, "cannot be read"):
        opened = path.open("rb")
    with opened as file:
        head = file.read(_HEAD)
        file.seek(0)
        yield file, head


@contextlib.contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """Name the file in every error, and turn those of a damaged file into a ValueError."""
    try:
        yield
    except (FileNotFoundError, FileError):
        raise
    except UnsupportedNetworkError as error:
        raise type(error)(f"{path}: {error}") from None
    except _DAMAGED_FILE_ERRORS as error:
        raise ValueError(
            f"{path}: expected a dense network saved by Keras, found a broken or foreign file "
            f"({type(error).__name__}: {error})"
        ) from error


def _describe_other(head: bytes) -> str:
    """What a file is that is no network, by its first bytes, and what to do."""
    if not head:
        return "an empty file"
    if head.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer in its place; 'git lfs pull' fetches the network itself"
    if head.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        return "a web page in its place; download the file itself"
    if head[4:8] == b"TFL3":
        return "a TensorFlow Lite file; save the Keras model it was made from"
    if head.startswith(b"PK\x03\x04"):
        return "a ZIP file"
    return "another file"


def _cut_off(size: int) -> str:
    return f"the first {size:,} bytes of one; the download was cut off, fetch it again"


def _check_directory(file: BinaryIO) -> None:
    """Check the end of a ZIP and the size of its directory, which `zipfile` reads as a whole."""
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - (1 << 16) - 22)
    file.seek(start)
    end = file.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0:
        refuse("a whole network (.keras)", _cut_off(size))
    length = int.from_bytes(end[place + 12 : place + 16], "little")
    if length > _MAX_DIRECTORY_BYTES:
        refuse("a network (.keras)", f"a ZIP with a directory of {length:,} bytes")
    file.seek(0)


def _check_whole(file: BinaryIO) -> None:
    """Check that an HDF5 file is as long as it says."""
    try:
        with h5py.File(file, "r"):
            pass
    except OSError as error:
        if "truncated" in str(error):
            refuse("a whole network", _cut_off(file.seek(0, io.SEEK_END)))
        raise
    file.seek(0)


def _read_archive(archive: zipfile.ZipFile) -> NetworkFile:
    names = {member.filename: member for member in archive.infolist()}
    if "config.json" not in names or "model.weights.h5" not in names:
        is_torch = any(name.endswith("data.pkl") for name in names)
        kind = "a PyTorch file; only Keras's networks are read" if is_torch else "another ZIP file"
        refuse("a network (.keras)", kind)
    _check_size(names["config.json"], MAX_CONFIG_BYTES)
    config = _parse_config(archive.read("config.json").decode())
    weights = names["model.weights.h5"]
    _check_size(weights, _MAX_RATIO * config.weight_bytes + _SLACK)
    # HDF5 goes back and forth in a file; at each step back, zipfile reads from its start again.
    is_packed = weights.compress_type != zipfile.ZIP_STORED
    is_read_at_once = is_packed or weights.file_size <= _MOST_IN_MEMORY
    with archive.open(weights) as member:
        source = io.BytesIO(member.read()) if is_read_at_once else member
        with h5py.File(source, "r") as content:
            layers, has_softmax = build_layers(config, _archive_weights(content))
    return NetworkFile(layers, config.is_own and has_softmax)


def _check_size(member: zipfile.ZipInfo, limit: int) -> None:
    if member.file_size > min(limit, MAX_BYTES):
        refuse(
            f"{member.filename} of at most {min(limit, MAX_BYTES):,} bytes unpacked",
            f"{member.file_size:,}",
        )


def _parse_config(text: str) -> NetworkConfig:
    config: Any = json.loads(text)
    if not isinstance(config, dict):
        refuse("the configuration of a network", type(config).__name__)
    network = NetworkConfig.parse(config)
    _ = network.weight_bytes  # refuses sizes before any weights are opened
    return network


def _archive_weights(content: h5py.File) -> ReadWeights:
    def read(layer: LayerConfig, number: int, shape: tuple[int, ...]) -> np.ndarray:
        return _read_dataset(content, ["layers", layer.group, "vars", str(number)], shape)

    return read


def _legacy_weights(content: h5py.File) -> ReadWeights:
    def read(layer: LayerConfig, number: int, shape: tuple[int, ...]) -> np.ndarray:
        group = _member(content, ["model_weights", layer.name])
        name = _names_attribute(group, "weight_names")[number]
        return _read_dataset(group, name.split("/"), shape)

    return read


def _member(parent: h5py.Group, path: list[str]) -> Any:
    """What lies at a path in an HDF5 file; links to other files are not followed.

    Raises:
        UnsupportedNetworkError: there is nothing, or a link to elsewhere.
    """
    for name in path:
        link = parent.get(name, getlink=True) if isinstance(parent, h5py.Group) else None
        if not isinstance(link, h5py.HardLink):
            found = "none" if link is None else f"a {type(link).__name__}"
            refuse(f"weights at {'/'.join(path)}", found)
        parent = parent[name]
    return parent


def _read_dataset(parent: h5py.Group, path: list[str], shape: tuple[int, ...]) -> np.ndarray:
    """Read weights of this shape as float32, once their type and layout are checked.

    Raises:
        UnsupportedNetworkError: they are no plain array of this shape in this file.
    """
    name, dataset = "/".join(path), _member(parent, path)
    if not isinstance(dataset, h5py.Dataset):
        refuse(f"weights at {name}", f"a {type(dataset).__name__}")
    creation = dataset.id.get_create_plist()
    if creation.get_layout() == h5py.h5d.VIRTUAL or creation.get_external_count():
        refuse(f"weights in the file itself at {name}", "some that lie in another file")
    if dataset.shape != shape:
        refuse(f"weights of shape {shape} at {name}", f"shape {dataset.shape}")
    if dataset.dtype.kind != "f" or dataset.dtype.itemsize > 8:
        refuse(f"numbers at {name}", f"{dataset.dtype}")
    size = dataset.size * dataset.dtype.itemsize
    if creation.get_nfilters() or dataset.id.get_storage_size() != size:
        refuse(f"{size:,} bytes of weights at {name}", f"{dataset.id.get_storage_size():,} bytes")
    values = np.empty(shape, np.float32)
    dataset.read_direct(values)
    return values


def _text_attribute(group: h5py.Group, name: str, limit: int) -> str:
    """A text attribute of at most so many bytes."""
    if name not in group.attrs:
        refuse("a whole network, saved by model.save", "weights without their layers")
    attribute = group.attrs.get_id(name)
    if attribute.shape != () or attribute.dtype.itemsize > limit:
        refuse(f"{name} to be a text", f"{attribute.dtype} of shape {attribute.shape}")
    value = group.attrs[name]
    text = value.decode() if isinstance(value, bytes) else value
    if not isinstance(text, str) or len(text) > limit:
        refuse(f"{name} to be a text of at most {limit:,} bytes", "another")
    return text


def _names_attribute(group: h5py.Group, name: str) -> list[str]:
    """An attribute that lists a few names."""
    attribute = group.attrs.get_id(name)
    if len(attribute.shape) != 1 or attribute.shape[0] > 8 or attribute.dtype.itemsize > 4096:
        refuse(f"{name} to be a few names", f"{attribute.dtype} of shape {attribute.shape}")
    values = group.attrs[name]
    return [value.decode() if isinstance(value, bytes) else str(value) for value in values]
