"""The workers of a Dask cluster as the executor of a sweep."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from number_recognition.core.progress import Progress
from number_recognition.learning.runs.run import CHECKPOINT
from number_recognition.learning.sweeps.run_spec import (
    Outcome,
    RunSpec,
    is_prepared,
    prepare_folder,
)
from number_recognition.storage.files import write_bytes

if TYPE_CHECKING:
    from number_recognition.learning.sweeps.dask_worker import Result

CONNECT_SECONDS = 10
_CLOSE_SECONDS = 1
_POLL_SECONDS = 0.2
_log = logging.getLogger(__name__)
_LARGE_GRAPH = "4 GB"
"""Below this size of a task, Dask does not warn: checkpoints are sent along."""


@contextmanager
def dask_executor(address: str) -> Iterator[DaskExecutor]:
    """The workers of a scheduler; workers that join later are used, too.

    Raises:
        ValueError: `distributed` is not installed, or a worker cannot import the program.
        OSError: there is no scheduler at that address, or it has no workers.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ValueError("a cluster needs Dask: pip install -r requirements-cluster.txt") from error
    # It logs a lost scheduler with a traceback; run_sweep raises an error with one line.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, asyncio.TimeoutError, ValueError) as error:
        raise OSError(f"{address}: expected a Dask scheduler, found none ({error})") from error
    with contextlib.ExitStack() as stack:
        stack.enter_context(
            dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGE_GRAPH})
        )
        stack.callback(client.close, timeout=_CLOSE_SECONDS)
        _check_workers(client, address)
        yield stack.enter_context(contextlib.closing(DaskExecutor(client)))


def _check_workers(client: Any, address: str) -> None:
    """Check that there are workers, and that each can import the program."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except asyncio.TimeoutError as error:  # what Dask raises; in Python 3.10 no TimeoutError
        raise OSError(
            f"{address}: expected workers of the Dask scheduler, found none; start one in the "
            f"program's folder: PYTHONPATH=. dask worker {address} --nthreads 1"
        ) from error
    results = client.run(_call_pickled(), _pickled(_do_nothing), on_error="return")
    for worker, result in results.items():
        if isinstance(result, BaseException):
            raise ValueError(
                f"{worker}: expected a worker that can import the program, found {result!r}; start "
                "it in the program's folder with PYTHONPATH=. set"
            )


def _do_nothing() -> None:
    """Unpickled on a worker, it shows that the worker can import this module."""


def _call_pickled() -> Callable[[bytes], Any]:
    """A function that Dask sends as code, not by its name.

    The scheduler unpickles what it passes on, but need not be able to import the program.
    """

    def call(content: bytes) -> Any:
        import pickle

        function, arguments = pickle.loads(content)
        return function(*arguments)

    return call


def _pickled(function: Callable[..., Any], *arguments: Any) -> bytes:
    return pickle.dumps((function, arguments))


class DaskExecutor:
    """Trains each run on a worker, and writes the files that it sends back."""

    def __init__(self, client: Any) -> None:
        from distributed import Event, Queue

        name = uuid.uuid4().hex
        self._client = client
        self._stop = Event(f"stop-{name}", client=client)
        self._checkpoints = Queue(f"checkpoints-{name}", client=client)
        self._specs: dict[str, RunSpec] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._receiver = threading.Thread(target=self._receive_checkpoints, daemon=True)
        self._receiver.start()

    def submit(self, spec: RunSpec) -> Future[Outcome | None]:
        """See `learning.sweeps.executor.SweepExecutor`."""
        from number_recognition.learning.sweeps.dask_worker import Task, train_on_worker

        checkpoint = spec.folder / CHECKPOINT
        content = checkpoint.read_bytes() if checkpoint.exists() else None
        task = Task(spec, uuid.uuid4().hex, content, self._stop.name, self._checkpoints.name)
        self._specs[task.name] = spec
        future: Future[Outcome | None] = Future()
        dask_future = self._client.submit(
            _call_pickled(), _pickled(train_on_worker, task), key=task.name, pure=False, retries=0
        )
        future.add_done_callback(lambda own: dask_future.cancel() if own.cancelled() else None)
        dask_future.add_done_callback(lambda done: self._finish(done, task.name, future))
        return future

    def cancel(self) -> None:
        """See `learning.sweeps.executor.SweepExecutor`."""
        with contextlib.suppress(OSError):  # without a scheduler there is nothing to stop
            self._stop.set()

    def preparing(self) -> dict[str, Progress]:
        """Return nothing: workers of a cluster report when an epoch is done."""
        return {}

    def close(self) -> None:
        """Delete the queue on the scheduler; a worker that still trains stops by itself."""
        self._closed.set()
        self._receiver.join()
        with contextlib.suppress(OSError):
            self._checkpoints.close()

    def _finish(self, dask_future: Any, name: str, future: Future[Outcome | None]) -> None:
        """Give the result of a task to the future that `submit` returned."""
        if dask_future.cancelled():
            future.cancel()
        if not future.set_running_or_notify_cancel():  # wakes up those who wait for it
            return
        try:
            future.set_result(self._outcome(dask_future, name))
        except BaseException as error:
            future.set_exception(error)

    def _outcome(self, dask_future: Any, name: str) -> Outcome | None:
        from distributed import KilledWorker

        try:
            result: Result = dask_future.result()
        except KilledWorker as error:
            raise BrokenExecutor(str(error)) from error
        with self._lock:
            spec = self._specs.pop(name)
            if result.files:
                _write_files(spec, result.files)
                if CHECKPOINT not in result.files:
                    (spec.folder / CHECKPOINT).unlink(missing_ok=True)
        return result.outcome

    def _receive_checkpoints(self) -> None:
        """Write the checkpoints of workers that do not share the folder of the sweep.

        One that cannot be written is told of once for each run; its next one is tried again.
        """
        failed: set[str] = set()
        while not self._closed.is_set():
            try:
                name, content = self._checkpoints.get(timeout=_POLL_SECONDS)
            except asyncio.TimeoutError:
                continue
            except OSError:
                return
            with self._lock:
                spec = self._specs.get(name)
                if spec is None:  # the run has ended meanwhile
                    continue
                try:
                    _write_files(spec, {CHECKPOINT: content})
                except (OSError, ValueError) as error:
                    if name not in failed:
                        failed.add(name)
                        _log.warning("A checkpoint is not written: %s", error)


def _write_files(spec: RunSpec, files: dict[str, bytes]) -> None:
    """Write files of a run into its folder.

    Raises:
        ValueError: a name is a path outside of the folder.
        OSError: they cannot be written.
    """
    if not is_prepared(spec.folder):
        prepare_folder(spec, spec.folder)
    for name, content in files.items():
        path = spec.folder / name
        if not path.resolve().is_relative_to(spec.folder.resolve()):
            raise ValueError(f"expected the files of a run, found {name!r}")
        write_bytes(path, content)
