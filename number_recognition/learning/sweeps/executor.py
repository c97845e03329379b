"""Executors that train the runs of a sweep: the interface, and processes of this machine."""

from __future__ import annotations

import functools
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from number_recognition.core.progress import Progress, Report, Stopped
from number_recognition.core.worker import WorkerProcess
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec
from number_recognition.learning.sweeps.spec_training import train_spec

_POLL_SECONDS = 0.05


class SweepExecutor(Protocol):
    """Trains runs on its workers."""

    def submit(self, spec: RunSpec) -> Future[Outcome | None]:
        """Train a run; the result is None where it was stopped before its first epoch was done.

        The future raises `BrokenExecutor` when the worker died, and is cancelled when the executor
        is lost. In both cases the run's folder has the last checkpoint.
        """

    def cancel(self) -> None:
        """Stop the runs, which keep their best network; runs not yet begun are left out."""

    def preparing(self) -> dict[str, Progress]:
        """Return what runs do whose samples are being drawn, by their folders, where known."""


def open_executor(workers: int, cluster: str | None) -> AbstractContextManager[SweepExecutor]:
    """The workers of a Dask cluster at an address, or else processes of this machine.

    Raises:
        ValueError, OSError: on entering, where the cluster cannot be used (see `dask_executor`).
    """
    if cluster is None:
        return local_pool(workers)
    from number_recognition.learning.sweeps.dask_executor import dask_executor

    return dask_executor(cluster)


@contextmanager
def local_pool(workers: int) -> Iterator[LocalPool]:
    """Processes of this machine, which are ended on leaving."""
    pool = LocalPool(workers)
    try:
        yield pool
    finally:
        pool.close()


class LocalPool:
    """Worker processes, each with a thread that waits for it, so that one can die alone."""

    def __init__(self, workers: int) -> None:
        self._size = workers
        self._stopping = False
        self._lock = threading.Lock()
        self._workers: dict[int, WorkerProcess] = {}
        self._preparing: dict[str, Progress] = {}
        self._threads = ThreadPoolExecutor(workers, "sweep", initializer=_block_interrupts)

    def submit(self, spec: RunSpec) -> Future[Outcome | None]:
        """See `SweepExecutor`."""
        return self._threads.submit(self._train, spec)

    def cancel(self) -> None:
        """See `SweepExecutor`."""
        self._stopping = True

    def preparing(self) -> dict[str, Progress]:
        """See `SweepExecutor`."""
        with self._lock:
            return dict(self._preparing)

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._stopping = True
            for worker in list(self._workers.values()):
                worker.close()
        self._threads.shutdown(cancel_futures=True)

    def _train(self, spec: RunSpec) -> Outcome | None:
        """Train a run in the process of this thread."""
        with self._lock:
            if self._stopping:
                return None
            worker = self._workers.get(threading.get_ident()) or WorkerProcess()
            self._workers[threading.get_ident()] = worker
        try:
            return self._wait(worker, worker.submit(train_in_process, spec, self._size), spec)
        except BrokenExecutor:
            worker.close()
            del self._workers[threading.get_ident()]
            raise

    def _wait(
        self, worker: WorkerProcess, future: Future[Outcome | None], spec: RunSpec
    ) -> Outcome | None:
        try:
            while not wait([future], timeout=_POLL_SECONDS).done:
                for progress in worker.messages():  # a full pipe would block the worker
                    self._note(spec.folder.name, progress)
                if self._stopping:
                    worker.stop()
            return future.result()
        finally:
            self._note(spec.folder.name, None)

    def _note(self, folder: str, progress: Progress | None) -> None:
        """Note what a run does until it is trained: reports of its training have details."""
        with self._lock:
            if progress is None or progress.details:
                self._preparing.pop(folder, None)
            else:
                self._preparing[folder] = progress


def _block_interrupts() -> None:
    """Processes started from this thread ignore Ctrl+C, which a terminal sends to all of them."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def train_in_process(
    spec: RunSpec, workers: int, *, report: Report, stopped: Stopped
) -> Outcome | None:
    """Train a run in its folder, in one of `workers` processes of this machine."""
    _prepare_process(workers)
    return train_spec(spec, spec.folder, report=report, stopped=stopped)


@functools.cache
def _prepare_process(workers: int) -> None:
    """Import TensorFlow, and limit its threads to a share of the cores."""
    from number_recognition.learning.tensorflow_setup import import_keras

    import_keras()
    if workers > 1:
        from number_recognition.learning.tensorflow_setup import limit_threads

        limit_threads(max(1, (os.cpu_count() or 1) // workers))
