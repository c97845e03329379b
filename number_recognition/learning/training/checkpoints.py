"""The checkpoint of a training: all that is needed to resume it, in one file."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from number_recognition.storage.files import atomic_write, check_archive

_MAX_BYTES = 1 << 40
_DAMAGED_FILE_ERRORS = (
    *(OSError, KeyError, ValueError, EOFError, TypeError, RuntimeError, ArithmeticError),
    *(MemoryError, zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True)
class Checkpoint:
    """A training after one of its epochs.

    Attributes:
        samples: the number of training samples.
        stage: the index of the present stage.
        variables: the values of `TrainState.variables()`.
        finished_weights: the weights of the network of each finished stage.
        best_weights: the weights of the best network so far.
        best_accuracy: its validation accuracy.
        history: one dictionary an epoch, all with the same keys.
    """

    samples: int
    stage: int
    variables: list[np.ndarray]
    finished_weights: list[list[np.ndarray]]
    best_weights: list[np.ndarray]
    best_accuracy: float
    history: list[dict[str, float]]

    def write(self, path: Path) -> None:
        """Write the file, completely or not at all.

        Raises:
            OSError: the folder is read-only, the disk full, …; an existing file is unchanged.
        """
        columns = list(self.history[-1])
        arrays: dict[str, Any] = {
            "count": np.array(self.samples),
            "stage": np.array(self.stage),
            "best_accuracy": np.array(self.best_accuracy),
            "columns": np.array(columns),
            "history": np.array([[row[name] for name in columns] for row in self.history]),
            **_number_arrays("state", self.variables),
            **_number_arrays("best", self.best_weights),
        }
        for index, weights in enumerate(self.finished_weights):
            arrays |= _number_arrays(f"learnt_{index}", weights)

        def save(temporary: Path) -> None:
            with temporary.open("wb") as file:
                np.savez(file, **arrays)

        atomic_write(path, save)

    @classmethod
    def read(cls, path: Path) -> Checkpoint:
        """Read a checkpoint.

        Raises:
            ValueError: the file is damaged, or not a checkpoint.
        """
        try:
            # Checkpoints are not compressed: one that is could unpack to any size.
            check_archive(path, _MAX_BYTES, per_byte=1)
            with np.load(path, allow_pickle=False) as file:
                return cls._from_arrays(dict(file))
        except _DAMAGED_FILE_ERRORS as error:
            raise ValueError(
                f"{path}: expected a checkpoint, found a broken or foreign file"
            ) from error

    @classmethod
    def _from_arrays(cls, arrays: dict[str, np.ndarray]) -> Checkpoint:
        columns, stage = arrays["columns"].tolist(), int(arrays["stage"])
        if not 0 <= stage <= len(arrays):
            raise ValueError(f"expected a stage with weights in the file, found {stage}")
        return cls(
            samples=int(arrays["count"]),
            stage=stage,
            variables=_select_arrays(arrays, "state"),
            finished_weights=[_select_arrays(arrays, f"learnt_{index}") for index in range(stage)],
            best_weights=_select_arrays(arrays, "best"),
            best_accuracy=float(arrays["best_accuracy"]),
            history=[dict(zip(columns, map(float, row), strict=True)) for row in arrays["history"]],
        )


def epochs_done(path: Path) -> int:
    """Return how many epochs a training has finished; 0 without a checkpoint that can be read."""
    try:
        with np.load(path) as file:
            return len(file["history"])
    except _DAMAGED_FILE_ERRORS:  # reading it to resume says what is wrong
        return 0


def history_of(path: Path) -> list[dict[str, float]]:
    """Return the epochs in a checkpoint, of which nothing else is read: it is large.

    Empty without a checkpoint that can be read.
    """
    try:
        with np.load(path) as file:
            columns, rows = file["columns"].tolist(), file["history"].tolist()
        return [dict(zip(columns, map(float, row), strict=True)) for row in rows]
    except _DAMAGED_FILE_ERRORS:  # reading it to resume says what is wrong
        return []


def _number_arrays(name: str, arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}_{i}": array for i, array in enumerate(arrays)}


def _select_arrays(arrays: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    """The arrays that `_number_arrays` named, in their order."""
    selected: list[np.ndarray] = []
    while (key := f"{name}_{len(selected)}") in arrays:
        selected.append(arrays[key])
    return selected
