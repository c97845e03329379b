"""The same experiments on a Dask cluster: its workers train, and the runs come back as files."""

from __future__ import annotations

import dataclasses
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from learning.errands import Errand, gathered
from learning.runs import Run, begin_run, train_in

_one_at_a_time = threading.Lock()
_RETRIES = 2

Files = dict[str, bytes]


@contextmanager
def joined(address: str) -> Iterator[Executor]:
    """The workers of a cluster as an executor.

    Raises:
        ValueError: `distributed` is not installed.
        OSError: there is no scheduler at that address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ValueError("a cluster needs Dask: pip install -r requirements-cluster.txt") from error
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError) as error:
        raise OSError(f"{address}: expected a Dask scheduler, found none ({error})") from error
    with client:
        yield _Away(client.get_executor(pure=False, retries=_RETRIES))


class _Away(Executor):
    """Sends errands to the workers and unpacks the files that come back."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, job: Any, errand: Errand, /) -> Future[Any]:  # type: ignore[override]
        """Send an errand; its future holds the run, whose files lie in the folder it belongs to."""
        answer: Future[Any] = Future()
        sent = self._executor.submit(job, errand)

        def arrived(sent: Future[Any]) -> None:
            if sent.cancelled() or not answer.set_running_or_notify_cancel():
                answer.cancel()
                return
            try:
                run, files = sent.result()
                unpack(files, errand.folder)
            except BaseException as error:
                answer.set_exception(error)
            else:
                answer.set_result(dataclasses.replace(run, folder=errand.folder))

        sent.add_done_callback(arrived)
        answer.add_done_callback(lambda own: own.cancelled() and sent.cancel())
        return answer


def work_away(errand: Errand) -> tuple[Run, Files]:
    """Train on a worker, in a folder that it throws away; the run and all its files."""
    with _one_at_a_time, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin_run(folder, errand.settings, errand.places)
        samples = gathered(errand)
        run = train_in(folder, errand.settings, samples)
        return run, pack(folder)


def pack(folder: Path) -> Files:
    """The files of a run, by their names below its folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def unpack(files: Files, folder: Path) -> None:
    """Write the files of a run into its folder."""
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"expected the files of a run, found {name!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
