"""Runs slow work in a process of its own, which stays warm between two jobs."""

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

from number_recognition.core.progress import Progress

_worker: dict[str, Any] = {}
"""What a worker process was given when it started; empty in every other process."""
_NICENESS = 5


class WorkerProcess:
    """One spawned process for one job after another.

    A job is a function of a module, called with its own arguments and `report` and `stopped`.
    What it reports is read with `messages`; `stop` and `pause` reach it at its next question.
    Only one thread may use a worker.
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

    def submit(self, job: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Run `job(*arguments, **options, report=…, stopped=…)` in the worker."""
        self._stop.clear()
        self._pause.clear()
        for _ in self.messages():
            pass
        return self._sent(self._executor.submit(_run, job, arguments, options))

    def warm_up(self, prepare: Callable[[], None]) -> Future[Any]:
        """Run `prepare()` in the worker, so that the first job need not."""
        return self._sent(self._executor.submit(prepare))

    def _sent(self, future: Future[Any]) -> Future[Any]:
        """Give up this side's end for writing once the worker has its own.

        Else a worker killed in the middle of a message would leave its reader waiting for ever.
        """
        self._send.close()
        return future

    def messages(self, most: int = 50) -> list[Progress]:
        """What the job has reported since the last call, the oldest first."""
        heard: list[Progress] = []
        with contextlib.suppress(EOFError, OSError):  # the worker is gone: its job's future says so
            while len(heard) < most and self._receive.poll():
                heard.append(self._receive.recv())
        return heard

    def stop(self) -> None:
        """Ask the job to stop and to keep what it promised to keep."""
        self._stop.set()
        self._pause.clear()

    def pause(self, paused: bool) -> None:
        """Hold the job where it next asks whether to stop, or let it go on."""
        if paused:
            self._pause.set()
        else:
            self._pause.clear()

    def close(self) -> None:
        """End the worker at once, whatever it does; files it writes are whole or not there."""
        self.stop()
        for process in list((self._executor._processes or {}).values()):
            process.terminate()
        self._executor.shutdown(wait=False, cancel_futures=True)


def _start_worker(send: Connection, stop: Any, pause: Any, log: Path | None) -> None:
    _worker.update(send=send, stop=stop, pause=pause)
    init_worker()
    if log is not None:
        _write_errors_to(log)


def init_worker() -> None:
    """What every process that works for another does first: it ends with it, and yields to it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Ctrl+C goes to every process of a terminal: the one that started this one stops it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        # The window answers first; a worker's own workers, which begin as it is, yield no further.
        os.nice(max(0, _NICENESS - os.nice(0)))


def _end_with_parent() -> None:
    """A worker whose window was killed must not stay behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _write_errors_to(log: Path) -> None:
    """TensorFlow's C++ parts write to standard error whatever one asks of them."""
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
        # TensorFlow's own errors would import it in the window, others cannot even be sent.
        traceback.print_exc()
        words = f"{type(error).__name__}: {error}"
    # Outside of the `except`: the error must not travel along as the context of this one, either.
    raise RuntimeError(words)


def _report(progress: Progress) -> None:
    with contextlib.suppress(BrokenPipeError):
        _worker["send"].send(progress)


def _stopped() -> bool:
    while _worker["pause"].is_set() and not _worker["stop"].is_set():
        time.sleep(0.02)
    return bool(_worker["stop"].is_set())
