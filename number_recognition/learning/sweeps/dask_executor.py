"""The workers of a Dask cluster as the executor of a sweep."""

from __future__ import annotations

import contextlib
import logging
import pickle
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from number_recognition.learning.runs.run import CHECKPOINT
from number_recognition.learning.sweeps.run_spec import Outcome, RunSpec, prepare_folder
from number_recognition.storage.files import atomic_write

_CONNECT_SECONDS = 10
_CLOSE_SECONDS = 1
_RECEIVE_SECONDS = 0.2
_LARGE_GRAPH = "4 GB"
"""Dask would warn of a checkpoint that is sent with its run."""


@contextmanager
def dask_executor(address: str) -> Iterator[DaskExecutor]:
    """The workers of a scheduler; those that join later train, too.

    Raises:
        ValueError: `distributed` is not installed, or the workers cannot import the program.
        OSError: there is no scheduler at that address, or it has no workers.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ValueError("a cluster needs Dask: pip install -r requirements-cluster.txt") from error
    # It logs a lost scheduler with a traceback; the sweep says it in a line.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise OSError(f"{address}: expected a Dask scheduler, found none ({error})") from error
    with contextlib.ExitStack() as stack:
        stack.enter_context(
            dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGE_GRAPH})
        )
        stack.callback(client.close, timeout=_CLOSE_SECONDS)
        _check_workers(client, address)
        yield stack.enter_context(contextlib.closing(DaskExecutor(client)))


def _check_workers(client: Any, address: str) -> None:
    """See that there are workers, and that each can import what it has to run."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except TimeoutError as error:
        raise OSError(
            f"{address}: expected workers of the Dask scheduler, found none; start one in the "
            f"program's folder: PYTHONPATH=. dask worker {address} --nthreads 1"
        ) from error
    answers = client.run(_by_value(), _sent(_answer), on_error="return")
    for worker, answer in answers.items():
        if answer is not None and isinstance(answer, BaseException):
            raise ValueError(
                f"{worker}: expected a worker that can import the program, found {answer!r}; start "
                "it in the program's folder with PYTHONPATH=. set"
            )


def _answer() -> None:
    """What a worker is asked that shall show that it has the program."""


def _by_value() -> Callable[[bytes], Any]:
    """A function that is sent as its own code, not by its name.

    So the scheduler, which takes apart what it passes on, need not be able to import the program.
    """

    def call(sent: bytes) -> Any:
        import pickle

        function, arguments = pickle.loads(sent)
        return function(*arguments)

    return call


def _sent(function: Callable[..., Any], *arguments: Any) -> bytes:
    return pickle.dumps((function, arguments))


class DaskExecutor:
    """Sends each run to a worker, and writes what comes back into the run's folder."""

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

        task = Task(
            spec,
            uuid.uuid4().hex,
            _content(spec.folder / CHECKPOINT),
            self._stop.name,
            self._checkpoints.name,
        )
        self._specs[task.name] = spec
        future: Future[Outcome | None] = Future()
        sent = self._client.submit(
            _by_value(), _sent(train_on_worker, task), key=task.name, pure=False, retries=0
        )
        future.add_done_callback(lambda own: sent.cancel() if own.cancelled() else None)
        sent.add_done_callback(lambda sent: self._deliver(sent, task.name, future))
        return future

    def cancel(self) -> None:
        """See `learning.sweeps.executor.SweepExecutor`."""
        with contextlib.suppress(OSError):  # without a scheduler there is nothing to stop
            self._stop.set()

    def close(self) -> None:
        """Leave nothing on the scheduler; a worker that is still at work stops by itself."""
        self._closed.set()
        self._receiver.join()
        with contextlib.suppress(OSError):
            self._checkpoints.close()

    def _deliver(self, sent: Any, name: str, future: Future[Outcome | None]) -> None:
        """Hand on what came of a task, as `concurrent.futures` wants it."""
        if sent.cancelled():
            future.cancel()
        if not future.set_running_or_notify_cancel():  # else nobody who waits would hear of it
            return
        try:
            future.set_result(self._unpacked(sent, name))
        except BaseException as error:
            future.set_exception(error)

    def _unpacked(self, sent: Any, name: str) -> Outcome | None:
        from distributed import KilledWorker

        try:
            answer = sent.result()
        except KilledWorker as error:
            raise BrokenExecutor(str(error)) from error
        with self._lock:
            spec = self._specs.pop(name)
            if answer.files:
                if not spec.folder.is_dir():
                    prepare_folder(spec, spec.folder)
                unpack(answer.files, spec.folder)
                if CHECKPOINT not in answer.files:
                    (spec.folder / CHECKPOINT).unlink(missing_ok=True)
        return answer.outcome

    def _receive_checkpoints(self) -> None:
        """Write the checkpoints that workers without a shared folder send back."""
        while not self._closed.is_set():
            try:
                name, content = self._checkpoints.get(timeout=_RECEIVE_SECONDS)
            except TimeoutError:
                continue
            except OSError:
                return
            with self._lock:
                spec = self._specs.get(name)
                if spec is not None:  # else the run ended meanwhile
                    _write_checkpoint(spec, content)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _write_checkpoint(spec: RunSpec, content: bytes) -> None:
    if not spec.folder.is_dir():
        prepare_folder(spec, spec.folder)
    atomic_write(spec.folder / CHECKPOINT, lambda path: path.write_bytes(content))


def unpack(files: dict[str, bytes], folder: Path) -> None:
    """Write the files of a run into its folder.

    Raises:
        ValueError: one of them would lie elsewhere.
        OSError: they cannot be written.
    """
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"expected the files of a run, found {name!r}")
        atomic_write(path, lambda temporary, content=content: temporary.write_bytes(content))
