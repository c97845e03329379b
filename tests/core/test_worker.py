"""Slow work in another process: it reports, stops, fails and dies, and the next job runs."""

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
from number_recognition.core.worker import WorkerProcess, init_worker


def count(to: int, *, report: Report, stopped: Stopped) -> list[int]:
    """A job that counts, and stops where it is told to."""
    numbers = []
    for number in range(to):
        if stopped():
            break
        numbers.append(number)
        report(Progress(f"at {number}", number / to))
    return numbers


def wait_to_be_stopped(*, report: Report, stopped: Stopped) -> str:
    """A job that ends only when it is told to."""
    report(Progress("waiting"))
    while not stopped():
        time.sleep(0.001)
    return "stopped"


def fail(*, report: Report, stopped: Stopped) -> None:
    """A job that fails, and writes to standard error first."""
    os.write(2, b"a line of the worker\n")
    raise ValueError("expected luck, found none")


class Odd(Exception):
    """An error that cannot be sent from one process to another."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)


def fail_oddly(*, report: Report, stopped: Stopped) -> None:
    """A job that fails with an error of a library."""
    raise Odd("no luck", "at all")


def niceness_of_two_generations(*, report: Report, stopped: Stopped) -> tuple[int, int]:
    """A job that tells how far it yields, and how far a process that it starts does."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=init_worker) as crew:
        return os.nice(0), crew.submit(os.nice, 0).result(30)


def process_id(*, report: Report, stopped: Stopped) -> int:
    """A job that tells where it runs."""
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
    assert [len(worker.messages(most=50)) for _ in range(3)] == [50, 30, 0]


def test_a_job_stops_when_told_and_the_next_one_runs(worker: WorkerProcess) -> None:
    job = worker.submit(wait_to_be_stopped)
    wait_until(worker.messages)
    worker.stop()
    assert job.result(30) == "stopped"
    assert worker.submit(count, 3).result(30) == [0, 1, 2]


def test_a_held_job_waits_and_can_still_be_stopped(worker: WorkerProcess) -> None:
    job = worker.submit(wait_to_be_stopped)
    worker.pause(True)
    wait_until(worker.messages)
    worker.pause(False)
    worker.pause(True)
    assert not job.done()
    worker.stop()
    assert job.result(30) == "stopped"


def test_an_error_comes_back_and_the_worker_stays_warm(worker: WorkerProcess, log: Path) -> None:
    before = worker.submit(process_id).result(30)
    with pytest.raises(ValueError, match="expected luck"):
        worker.submit(fail).result(30)
    assert worker.submit(process_id).result(30) == before != os.getpid()
    assert "a line of the worker" in log.read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_worker_breaks_its_job_and_no_other() -> None:
    worker = WorkerProcess()
    try:
        process = worker.submit(process_id).result(30)
        job = worker.submit(wait_to_be_stopped)
        wait_until(worker.messages)
        os.kill(process, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            job.result(30)
    finally:
        worker.close()


@pytest.mark.skipif(os.name == "nt", reason="asks as POSIX does")
def test_closing_ends_the_process_whatever_it_does() -> None:
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


def test_an_error_of_a_library_is_told_and_the_worker_lives(worker: WorkerProcess) -> None:
    before = worker.submit(process_id).result(60)
    with pytest.raises(RuntimeError, match="Odd: no luck"):
        worker.submit(fail_oddly).result(60)
    assert worker.submit(process_id).result(60) == before


@pytest.mark.skipif(os.name == "nt", reason="asks as POSIX does")
def test_the_workers_of_a_worker_yield_no_further_than_it_does(worker: WorkerProcess) -> None:
    own, of_its_own = worker.submit(niceness_of_two_generations).result(60)
    assert own == of_its_own == max(os.nice(0), 5)
