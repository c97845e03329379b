"""What runs on the workers of a Dask cluster: one run of a sweep at a time."""

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
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec, train_spec
from number_recognition.learning.sweeps.sweep_file import is_shared

_INTERVAL = 0.5
_one_at_a_time = threading.Lock()

Files = dict[str, bytes]


@dataclass(frozen=True)
class Task:
    """A run as it is sent to a worker.

    `name` is its own for each time that it is sent, `checkpoint` the content of the file to go on
    from; `stop` names the event that stops the sweep, `checkpoints` the queue they are sent back
    through.
    """

    spec: RunSpec
    name: str
    checkpoint: bytes | None
    stop: str
    checkpoints: str


@dataclass(frozen=True)
class Answer:
    """What a worker sends back; `files` are those of the run where it has no shared folder."""

    outcome: Outcome | None
    files: Files


def train_on_worker(task: Task) -> Answer:
    """Train a run, in its own folder where this machine sees it, else in one that is sent back.

    Raises:
        BrokenExecutor: another worker had begun with it and died.
    """
    begun = Event(f"begun-{task.name}")
    if begun.is_set():
        # Dask sends the task again as it was; the sweep sends it with the newest checkpoint.
        raise BrokenExecutor("another worker had begun with the run")
    begun.set()
    stopped = _Stopped(task.stop)
    while not _one_at_a_time.acquire(timeout=_INTERVAL):
        if stopped():
            return Answer(None, {})
    try:
        if is_shared(task.spec) and os.access(task.spec.folder.parent, os.W_OK):
            return Answer(train_spec(task.spec, task.spec.folder, stopped=stopped), {})
        return _train_apart(task, stopped)
    finally:
        _one_at_a_time.release()


class _Stopped:
    """Asks whether a run is to stop: because the sweep is, or because nobody waits for it."""

    def __init__(self, event: str) -> None:
        self._event = Event(event)
        self._worker = get_worker()
        self._task = self._worker.get_current_task()
        self._pace = ProgressTimer()
        self._answer = False

    def __call__(self) -> bool:
        if not self._answer and self._pace.ready(_INTERVAL):
            self._answer = self._is_released() or self._is_event_set()
        return self._answer

    def _is_released(self) -> bool:
        """Whether the scheduler wants it no more: the sweep's own process is gone, for example."""
        task = self._worker.state.tasks.get(self._task)
        return task is None or task.state != "executing"

    def _is_event_set(self) -> bool:
        try:
            return self._event.is_set()
        except OSError:  # the scheduler is gone, and nobody else would stop it
            return True


def _train_apart(task: Task, stopped: _Stopped) -> Answer:
    """Train in a folder that is thrown away; its checkpoints are sent back after each epoch."""
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
        return Answer(outcome, pack(folder) if folder.is_dir() else {})


def pack(folder: Path) -> Files:
    """The files that a training wrote, by their names below its folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.startswith(".")
        and path.name not in (SETTINGS_FILE, NOTE_FILE)
    }
