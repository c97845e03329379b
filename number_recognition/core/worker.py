"""Run jobs in a process of their own, which is reused for the next job."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from number_recognition.core.progress import Progress, count_pause

_worker: dict[str, Any] = {}
"""The arguments of `_start_worker` in a worker process; empty in every other process."""
_NICENESS = 5
_EXIT_SECONDS = 0.5


class WorkerProcess:
    """A spawned process that runs one job after another.

    A job is a module-level function, called with its own arguments and with `report` and `stopped`.
    Its reports are read with `messages`; `stop` and `pause` take effect when it next calls
    `stopped`. A WorkerProcess may be used from one thread only.
    """

    def __init__(self, log: Path | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._receive, self._send = context.Pipe(duplex=False)
        self._stop = context.Event()
        self._pause = context.Event()
        self._executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=context,
            initializer=_start_worker,
            initargs=(self._send, self._stop, self._pause, log),
        )
        self._processes: list[Any] = []

    def submit(self, job: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Run `job(*arguments, **options, report=…, stopped=…)` in the worker."""
        self._stop.clear()
        self._pause.clear()
        for _ in self.messages():
            pass
        return self._after_start(self._executor.submit(_run, job, arguments, options))

    def warm_up(self, prepare: Callable[[], None]) -> Future[Any]:
        """Run `prepare()` in the worker ahead of the first job."""
        return self._after_start(self._executor.submit(prepare))

    def _after_start(self, future: Future[Any]) -> Future[Any]:
        """Close this process's writing end of the pipe, now that the worker has its own.

        Otherwise `messages` would wait forever for a worker killed in the middle of a message.
        """
        self._send.close()
        self._processes = list((self._executor._processes or {}).values())
        return future

    def why_ended(self) -> str:
        """Why the process ended although it was not closed, as far as that is known."""
        end = time.monotonic() + _EXIT_SECONDS
        while True:
            codes = [code for process in self._processes if (code := process.exitcode) is not None]
            # Another thread may be collecting the exit status at this moment.
            if codes or time.monotonic() > end:
                return describe_exit(codes[0] if codes else None)
            time.sleep(0.01)

    def messages(self, limit: int = 50) -> list[Progress]:
        """Return the job's reports since the last call, the oldest first, at most `limit`."""
        messages: list[Progress] = []
        with contextlib.suppress(EOFError, OSError):  # the worker died; the job's future says so
            while len(messages) < limit and self._receive.poll():
                messages.append(self._receive.recv())
        return messages

    def stop(self) -> None:
        """Ask the job to stop; it returns what it has so far."""
        self._stop.set()
        self._pause.clear()

    def pause(self, paused: bool) -> None:
        """Pause the job when it next calls `stopped`, or let it continue."""
        if paused:
            self._pause.set()
        else:
            self._pause.clear()

    def close(self) -> None:
        """Terminate the process at once; the files that a job writes are complete or missing."""
        self.stop()
        for process in self._processes:
            process.terminate()
        self._executor.shutdown(wait=False, cancel_futures=True)


def describe_exit(code: int | None) -> str:
    """Why a process ended: its exit status in words; negative for the number of a signal."""
    if code is None:
        return "its process ended unexpectedly"
    if code >= 0:
        return f"its process ended with status {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if name == "SIGKILL":
        return "its process was killed (SIGKILL), as the system does when memory runs out"
    crashed = name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT")
    return f"its process {'crashed' if crashed else 'was ended'} ({name})"


def _start_worker(send: Connection, stop: Any, pause: Any, log: Path | None) -> None:
    _worker.update(send=send, stop=stop, pause=pause)
    init_worker()
    if log is not None:
        # In a read-only folder, standard error stays that of the window.
        with contextlib.suppress(OSError):
            _write_errors_to(log)


def init_worker() -> None:
    """Set up a worker process: it ends with its parent, ignores Ctrl+C and has a lower priority."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # A terminal sends Ctrl+C to all its processes; this one is stopped by its parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        # Workers of a worker inherit its niceness, and keep it.
        os.nice(max(0, _NICENESS - os.nice(0)))


def _end_with_parent() -> None:
    """End this process when its parent ends, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _write_errors_to(log: Path) -> None:
    """Write standard error to a file, with what TensorFlow's C++ code writes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    file = log.open("ab", buffering=0)
    sys.stderr.flush()
    os.dup2(file.fileno(), 2)


def _run(job: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    try:
        return job(*arguments, **options, report=_report, stopped=_stopped)
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("builtins", "number_recognition"):
            raise
        # Unpickling TensorFlow's errors would import it in the window; others cannot be pickled.
        traceback.print_exc()
        message = f"{type(error).__name__}: {error}"
    # Outside of the `except` block, so that the error is not sent as this one's context, either.
    raise RuntimeError(message)


def _report(progress: Progress) -> None:
    with contextlib.suppress(BrokenPipeError):
        _worker["send"].send(progress)


def _stopped() -> bool:
    start = time.monotonic()
    while _worker["pause"].is_set() and not _worker["stop"].is_set():
        time.sleep(0.02)
    count_pause(time.monotonic() - start)
    return bool(_worker["stop"].is_set())
