"""What runs on the workers of a Dask cluster: the training of one run of a sweep at a time."""

from __future__ import annotations

import os
import tempfile
import threading
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from distributed import Event, Queue, get_worker

from number_recognition.core.progress import Progress, ProgressTimer
from number_recognition.learning.runs.display_names import NOTE_FILE
from number_recognition.learning.runs.run import CHECKPOINT
from number_recognition.learning.runs.run_files import SETTINGS_FILE
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec
from number_recognition.learning.sweeps.spec_training import train_spec
from number_recognition.learning.sweeps.sweep_file import is_shared

_POLL_SECONDS = 0.5
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Task:
    """A run as it is sent to a worker.

    `name` is unique for each time that it is sent, `checkpoint` the content of the checkpoint to
    start from; `stop` is the name of the event that stops the sweep, `checkpoints` that of the
    queue for new checkpoints.
    """

    spec: RunSpec
    name: str
    checkpoint: bytes | None
    stop: str
    checkpoints: str


@dataclass(frozen=True)
class Result:
    """What a worker returns; `files` are those of the run where the folder is not shared."""

    outcome: Outcome | None
    files: dict[str, bytes]


def train_on_worker(task: Task) -> Result:
    """Train a run, in its folder where this machine shares it, else in a temporary one.

    Raises:
        BrokenExecutor: another worker has begun with it and died.
    """
    begun = Event(f"begun-{task.name}")
    if begun.is_set():
        # Dask would train it from the old checkpoint; the sweep sends it with the newest one.
        raise BrokenExecutor("another worker has begun with the run")
    begun.set()
    stopped = _Stopped(task.stop)
    while not _one_at_a_time.acquire(timeout=_POLL_SECONDS):
        if stopped():
            return Result(None, {})
    try:
        if is_shared(task.spec) and os.access(task.spec.folder.parent, os.W_OK):
            return Result(train_spec(task.spec, task.spec.folder, stopped=stopped), {})
        return _train_in_temporary_folder(task, stopped)
    finally:
        _one_at_a_time.release()


class _Stopped:
    """Whether a run is to stop: the sweep was stopped, or its process is gone."""

    def __init__(self, event: str) -> None:
        self._event = Event(event)
        self._worker = get_worker()
        self._task = self._worker.get_current_task()
        self._timer = ProgressTimer()
        self._is_stopped = False

    def __call__(self) -> bool:
        if not self._is_stopped and self._timer.ready(_POLL_SECONDS):
            self._is_stopped = self._is_released() or self._is_event_set()
        return self._is_stopped

    def _is_released(self) -> bool:
        """Whether the scheduler has released the task, as it does when its client is gone."""
        task = self._worker.state.tasks.get(self._task)
        return task is None or task.state != "executing"

    def _is_event_set(self) -> bool:
        try:
            return bool(self._event.is_set())
        except OSError:  # the scheduler is gone
            return True


def _train_in_temporary_folder(task: Task, stopped: _Stopped) -> Result:
    """Train in a temporary folder; its checkpoint is sent back after each epoch."""
    checkpoints = Queue(task.checkpoints)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / task.spec.folder.name
        folder.mkdir()
        if task.checkpoint is not None:
            (folder / CHECKPOINT).write_bytes(task.checkpoint)

        def report(progress: Progress) -> None:
            if "history" in progress.details and (folder / CHECKPOINT).exists():
                checkpoints.put([task.name, (folder / CHECKPOINT).read_bytes()])

        outcome = train_spec(task.spec, folder, report=report, stopped=stopped)
        if outcome is not None and outcome.run is not None:
            outcome = replace(outcome, run=replace(outcome.run, folder=task.spec.folder))
        return Result(outcome, _read_files(folder) if folder.is_dir() else {})


def _read_files(folder: Path) -> dict[str, bytes]:
    """The files that a training wrote, by their paths below its folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.startswith(".")
        and path.name not in (SETTINGS_FILE, NOTE_FILE)
    }
