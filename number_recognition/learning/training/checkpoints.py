"""The checkpoint of a training: everything that it needs to go on, in one file, written whole."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from number_recognition.storage.files import atomic_write


@dataclass(frozen=True)
class Checkpoint:
    """A training as it stood after an epoch.

    `samples` how many it learns from, `stage` the number of its stage, `learner` the variables of
    what learns, `stage_weights` the weights of each network that has had its turn, `best` those of the
    best so far with its `best_accuracy`, `history` one dictionary an epoch, all of the same keys.
    """

    samples: int
    stage: int
    learner: list[np.ndarray]
    stage_weights: list[list[np.ndarray]]
    best: list[np.ndarray]
    best_accuracy: float
    history: list[dict[str, float]]

    def write(self, path: Path) -> None:
        """Write it whole or not at all.

        Raises:
            OSError: the folder is read-only, the disk full, …: what was there stays.
        """
        columns = list(self.history[-1])
        arrays: dict[str, Any] = {
            "count": np.array(self.samples),
            "stage": np.array(self.stage),
            "best_accuracy": np.array(self.best_accuracy),
            "columns": np.array(columns),
            "history": np.array([[row[name] for name in columns] for row in self.history]),
            **_numbered("state", self.learner),
            **_numbered("best", self.best),
        }
        for number, weights in enumerate(self.stage_weights):
            arrays |= _numbered(f"learnt_{number}", weights)

        def save(temporary: Path) -> None:
            with temporary.open("wb") as file:
                np.savez(file, **arrays)

        atomic_write(path, save)

    @classmethod
    def read(cls, path: Path) -> Checkpoint:
        """Read one: it was written whole, but may have been damaged since.

        Raises:
            ValueError: it is no such file.
        """
        try:
            with np.load(path) as file:
                arrays = dict(file)
            columns, stage = arrays["columns"].tolist(), int(arrays["stage"])
            if not 0 <= stage <= len(arrays):
                raise ValueError(f"expected a stage with weights in the file, found {stage}")
            return cls(
                samples=int(arrays["count"]),
                stage=stage,
                learner=_counted(arrays, "state"),
                stage_weights=[_counted(arrays, f"learnt_{number}") for number in range(stage)],
                best=_counted(arrays, "best"),
                best_accuracy=float(arrays["best_accuracy"]),
                history=[
                    dict(zip(columns, map(float, row), strict=True)) for row in arrays["history"]
                ],
            )
        except (*_BROKEN, KeyError) as error:
            raise ValueError(
                f"{path}: expected a checkpoint, found a broken or foreign file"
            ) from error


_BROKEN = (
    *(OSError, ValueError, EOFError, TypeError, RuntimeError, ArithmeticError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)


def _numbered(name: str, arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}_{i}": array for i, array in enumerate(arrays)}


def _counted(arrays: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    """The arrays that `_numbered` named, in their order."""
    found: list[np.ndarray] = []
    while (key := f"{name}_{len(found)}") in arrays:
        found.append(arrays[key])
    return found
