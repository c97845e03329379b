"""What the tests of sweeps share: tiny settings, two kinds of workers, checks of checkpoints."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

from dask_cluster import Cluster

from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.sweeps.sweep import run_sweep
from number_recognition.learning.sweeps.sweep_file import Sweep, new_sweep
from number_recognition.learning.training.checkpoints import Checkpoint
from number_recognition.storage.settings import TrainingSettings

TINY = TrainingSettings(
    hidden_layers=(16,),
    sources=("synthetic",),
    synthetic_samples=200,
    batch_size=20,
    epochs=2,
    distortion=0.0,
    dropout=0.1,  # without it, a long training is compiled with XLA first
)
LONG = dataclasses.replace(TINY, epochs=100_000)
STOP_SECONDS = 5
"""Within these a sweep must end once it is told to stop."""


class Workers:
    """Two workers on this machine or on a cluster: their options, and how one is killed.

    Attributes:
        options: of `run_sweep`.
        arguments: the same on the command line.
        fewer: what makes them fewer, where their number can be chosen.
    """

    def __init__(self, cluster: Cluster | None) -> None:
        self._cluster = cluster
        self._paused: list[Any] = []
        self.options: dict[str, Any] = {"cluster": cluster.address} if cluster else {"workers": 2}
        self.arguments = [f"--{name}={value}" for name, value in self.options.items()]
        self.fewer = [] if cluster else ["--workers=1"]

    def kill_one(self) -> None:
        """Kill a worker; another of this machine pauses, as it would only take time meanwhile."""
        if self._cluster is not None:
            self._cluster.kill(self._cluster.workers[0])
        else:
            first, *self._paused = multiprocessing.active_children()
            first.kill()
            for process in self._paused:
                os.kill(process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let workers that pause go on."""
        while self._paused:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._paused.pop().pid, signal.SIGCONT)

    def replace(self) -> None:
        """Start another worker for the one that was killed; a local pool does so by itself."""
        if self._cluster is not None:
            self._cluster.start_worker()


def epochs_of(checkpoint: Path) -> list[dict[str, float]]:
    return Checkpoint.read(checkpoint).history


def checkpoints(sweep: Sweep) -> list[Path]:
    return [path for spec in sweep.specs if (path := spec.folder / "checkpoint.npz").exists()]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def check_a_worker_that_dies(runs: Path, workers: Workers) -> None:
    """Kill one of two workers while both train; both runs must continue from their checkpoints."""
    sweep = new_sweep([LONG, dataclasses.replace(LONG, seed=2)], DataPaths(), runs)
    before: dict[Path, list[dict[str, float]]] = {}

    def have_continued() -> bool:
        if not before and len(checkpoints(sweep)) == 2:
            workers.kill_one()
            before.update({path: epochs_of(path) for path in checkpoints(sweep)})
            workers.replace()
        continued = [len(epochs_of(p)) > len(h) + 1 for p, h in before.items()]
        if any(continued):
            workers.go_on()
        return bool(before) and all(continued)

    try:
        outcomes = run_sweep(sweep, stopped=have_continued, **workers.options)
    finally:
        workers.go_on()
    assert not any(outcome.error for outcome in outcomes) and len(before) == 2
    for path, history in before.items():
        # The seconds are measured: a run that was started again would have others.
        assert epochs_of(path)[: len(history)] == history
