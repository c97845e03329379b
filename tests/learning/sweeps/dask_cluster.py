"""A Dask scheduler and its workers as processes of their own, as people start them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client
from waiting import wait_until

from number_recognition.storage.files import PROJECT_DIR


class Cluster:
    """A scheduler that cannot import the program, and workers that can.

    Attributes:
        address: of the scheduler.
        scheduler: its process.
        workers: those that were started and not killed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen] = []
        self.address = ""
        self.workers: list[subprocess.Popen] = []

    def start_scheduler(self) -> None:
        """Start the scheduler and wait for its address."""
        file = self._folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0",
                                     "--no-dashboard", "--scheduler-file", str(file))  # fmt: skip
        wait_until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))
        self.address = json.loads(file.read_text())["address"]

    def start_worker(self, program: Path = PROJECT_DIR) -> subprocess.Popen:
        """Start a worker with the program on its path, and wait until the scheduler knows it."""
        with Client(self.address, set_as_default=False) as client:
            count = len(client.scheduler_info(n_workers=-1)["workers"]) + 1
            process = self._start("worker", self.address, "--nthreads", "1", "--no-nanny",
                                  "--no-dashboard", program=program)  # fmt: skip
            client.wait_for_workers(count, timeout=60)
        self.workers.append(process)
        return process

    def kill(self, worker: subprocess.Popen) -> None:
        """Kill a worker."""
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def close(self) -> None:
        """End every process."""
        for process in reversed(self._processes):
            process.kill()
            process.wait()

    def _start(self, *words: str, program: Path | None = None) -> subprocess.Popen:
        environment = {
            **os.environ,
            "DASK_LOGGING__DISTRIBUTED": "error",
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
        }
        environment["PYTHONPATH"] = str(program or "")
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=self._folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)
        return process


@contextmanager
def running_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster in a folder, which ends with the test."""
    cluster = Cluster(folder)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.start_worker()
        yield cluster
    finally:
        cluster.close()
