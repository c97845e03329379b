"""Checkpoint files made to harm are refused before they are read."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from number_recognition.learning.training.checkpoints import Checkpoint


def write_checkpoint(path: Path) -> Path:
    weights = [np.zeros((100, 100), np.float32)]
    history = [{"epoch": 0.0, "loss": 0.5, "accuracy": 0.9}]
    Checkpoint(9, 0, weights, [], weights, 0.5, history).write(path)
    return path


def test_a_checkpoint_is_read_as_written(tmp_path: Path) -> None:
    checkpoint = Checkpoint.read(write_checkpoint(tmp_path / "a.npz"))
    assert checkpoint.history == [{"epoch": 0.0, "loss": 0.5, "accuracy": 0.9}]
    assert checkpoint.best_weights[0].shape == (100, 100)


def test_a_compressed_checkpoint_is_refused_as_it_could_unpack_to_any_size(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "a.npz")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(ValueError, match="expected a checkpoint"):
        Checkpoint.read(path)


def test_a_zip_of_an_odd_version_is_refused(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "a.npz")
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 6 : at + 8] = b"\xff\xff"  # the version that is needed to unpack it
    path.write_bytes(content)
    with pytest.raises(ValueError, match="expected a checkpoint"):
        Checkpoint.read(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="expected a checkpoint"):
        Checkpoint.read(tmp_path / "a.npz")
