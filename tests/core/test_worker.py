"""Jobs in a worker process report, stop, fail or crash, and the next job runs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import pytest
from waiting import wait_until

from number_recognition.core.progress import Progress, Report, Stopped
from number_recognition.core.worker import WorkerProcess, describe_exit, init_worker


def count(to: int, *, report: Report, stopped: Stopped) -> list[int]:
    """A job that counts until it is stopped."""
    numbers = []
    for number in range(to):
        if stopped():
            break
        numbers.append(number)
        report(Progress(f"at {number}", number / to))
    return numbers


def wait_to_be_stopped(*, report: Report, stopped: Stopped) -> str:
    """A job that runs until it is stopped."""
    report(Progress("waiting"))
    while not stopped():
        time.sleep(0.001)
    return "stopped"


def fail(*, report: Report, stopped: Stopped) -> None:
    """A job that fails, and writes to standard error first."""
    os.write(2, b"a line of the worker\n")
    raise ValueError("expected a number, found none")


class UnpicklableError(Exception):
    """An error that cannot be unpickled: its arguments are not those of its constructor."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)


def fail_with_unpicklable_error(*, report: Report, stopped: Stopped) -> None:
    """A job that fails with an error of a library."""
    raise UnpicklableError("no file", "at all")


def niceness_of_two_generations(*, report: Report, stopped: Stopped) -> tuple[int, int]:
    """A job that returns its own niceness, and that of a process that it starts."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=init_worker) as pool:
        return os.nice(0), pool.submit(os.nice, 0).result(30)


def process_id(*, report: Report, stopped: Stopped) -> int:
    """A job that returns its process id."""
    return os.getpid()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "worker.log"


@pytest.fixture(scope="module")
def worker(log: Path) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(log)
    yield worker
    worker.close()


def test_a_job_reports_and_returns(worker: WorkerProcess) -> None:
    on_progress: list[str] = []
    job = worker.submit(count, 120)
    wait_until(
        lambda: on_progress.extend(p.message for p in worker.messages()) or len(on_progress) == 120
    )
    assert on_progress == [f"at {number}" for number in range(120)]
    assert job.result(30) == list(range(120))


def test_messages_come_in_bounded_batches(worker: WorkerProcess) -> None:
    worker.submit(count, 80).result(30)
    assert [len(worker.messages(limit=50)) for _ in range(3)] == [50, 30, 0]


def test_a_job_stops_and_the_next_one_runs(worker: WorkerProcess) -> None:
    job = worker.submit(wait_to_be_stopped)
    wait_until(worker.messages)
    worker.stop()
    assert job.result(30) == "stopped"
    assert worker.submit(count, 3).result(30) == [0, 1, 2]


def test_a_paused_job_waits_and_can_still_be_stopped(worker: WorkerProcess) -> None:
    job = worker.submit(wait_to_be_stopped)
    worker.pause(True)
    wait_until(worker.messages)
    worker.pause(False)
    worker.pause(True)
    assert not job.done()
    worker.stop()
    assert job.result(30) == "stopped"


def test_an_error_is_raised_here_and_the_worker_is_reused(worker: WorkerProcess, log: Path) -> None:
    before = worker.submit(process_id).result(30)
    with pytest.raises(ValueError, match="expected a number"):
        worker.submit(fail).result(30)
    assert worker.submit(process_id).result(30) == before != os.getpid()
    assert "a line of the worker" in log.read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_worker_breaks_its_job() -> None:
    worker = WorkerProcess()
    try:
        process = worker.submit(process_id).result(30)
        job = worker.submit(wait_to_be_stopped)
        wait_until(worker.messages)
        os.kill(process, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            job.result(30)
        assert worker.why_ended() == (
            "its process was killed (SIGKILL), as the system does when memory runs out"
        )
    finally:
        worker.close()


@pytest.mark.skipif(os.name == "nt", reason="uses POSIX calls")
def test_closing_ends_the_process_while_a_job_runs() -> None:
    worker = WorkerProcess()
    process = worker.submit(process_id).result(30)
    worker.submit(wait_to_be_stopped)
    wait_until(worker.messages)
    worker.close()
    wait_until(lambda: has_ended(process))


def has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:
        return True


def test_an_error_of_a_library_is_raised_with_its_message(worker: WorkerProcess) -> None:
    before = worker.submit(process_id).result(60)
    with pytest.raises(RuntimeError, match="UnpicklableError: no file"):
        worker.submit(fail_with_unpicklable_error).result(60)
    assert worker.submit(process_id).result(60) == before


@pytest.mark.skipif(os.name == "nt", reason="uses POSIX calls")
def test_workers_of_a_worker_have_its_niceness(worker: WorkerProcess) -> None:
    niceness, of_its_worker = worker.submit(niceness_of_two_generations).result(60)
    assert niceness == of_its_worker == max(os.nice(0), 5)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize(
    ("code", "text"),
    [
        (None, "its process ended unexpectedly"),
        (3, "its process ended with status 3"),
        (-signal.SIGSEGV, "its process crashed (SIGSEGV)"),
        (-signal.SIGTERM, "its process was ended (SIGTERM)"),
        (-99, "its process was ended (signal 99)"),
    ],
)
def test_the_end_of_a_process_is_told_in_words(code: int | None, text: str) -> None:
    assert describe_exit(code) == text


def test_a_job_runs_though_its_log_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    worker = WorkerProcess(tmp_path / "file" / "worker.log")
    assert worker.submit(count, 2).result(timeout=60) == [0, 1]
    worker.close()
