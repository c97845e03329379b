"""The Dask cluster as the executor of a sweep: folders that are not shared, and what can fail."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from dask_cluster import Cluster, running_cluster
from sweep_support import LONG, TINY, Workers, check_a_worker_that_dies, checkpoints, names
from waiting import wait_until

from number_recognition.core.progress import Progress
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.sweeps import dask_executor
from number_recognition.learning.sweeps.sweep import run_sweep
from number_recognition.learning.sweeps.sweep_file import new_sweep, read_sweep, sweep_files
from number_recognition.storage.locks import is_locked

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes as POSIX does")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc/self")
def test_without_a_shared_folder_checkpoints_are_sent_back(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = Path("/proc/self/cwd")  # another folder in each process
    check_a_worker_that_dies(own, Workers(cluster))
    [outcome] = run_sweep(new_sweep([TINY], DataPaths(), own, "short"), cluster=cluster.address)
    assert outcome.run is not None and names(tmp_path / outcome.run.folder.name) == {
        "settings.json", "summary.json", "history.csv", "model.keras"
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc/self")
def test_a_checkpoint_that_cannot_be_written_is_told_of_and_the_next_one_is_written(
    tmp_path: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    tried: list[Path] = []
    write = dask_executor.write_bytes

    def write_from_the_second_on(path: Path, content: bytes) -> None:
        tried.append(path)
        if len(tried) == 1:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(dask_executor, "write_bytes", write_from_the_second_on)
    sweep = new_sweep([LONG], DataPaths(), Path("/proc/self/cwd"))
    run_sweep(sweep, stopped=lambda: bool(checkpoints(sweep)), cluster=cluster.address)
    assert "A checkpoint is not written" in caplog.text and "No space left" in caplog.text


def test_without_a_scheduler_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1)
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    with pytest.raises(OSError, match="expected a Dask scheduler, found none"):
        run_sweep(sweep, cluster="tcp://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_without_workers_the_error_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1)
    runs = tmp_path / "runs"
    with running_cluster(tmp_path, workers=0) as cluster:
        with pytest.raises(OSError, match=r"expected workers .* found none; .* dask worker"):
            run_sweep(new_sweep([TINY], DataPaths(), runs), cluster=cluster.address)
        assert not runs.exists()


def test_a_worker_without_the_program_is_named(tmp_path: Path, cluster: Cluster) -> None:
    worker = cluster.start_worker(program=tmp_path)
    sweep = new_sweep([TINY], DataPaths(), tmp_path)
    with pytest.raises(ValueError, match=r"No module named.*PYTHONPATH"):
        run_sweep(sweep, cluster=cluster.address)
    cluster.kill(worker)
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_dies_ends_the_sweep_with_one_error(
    tmp_path: Path, cluster: Cluster
) -> None:
    """The last of these tests, as another cluster takes long to start."""
    sweep = new_sweep([LONG] * 3, DataPaths(), tmp_path / "runs")

    def kill(progress: Progress) -> None:
        if checkpoints(sweep):
            cluster.scheduler.kill()

    with pytest.raises(OSError, match="the cluster was lost after 0 of 3 runs"):
        run_sweep(sweep, cluster=cluster.address, report=kill)
    assert 1 <= len(checkpoints(sweep)) <= 2
    wait_until(lambda: not any(map(is_locked, checkpoints(sweep))))
    [file] = sweep_files(tmp_path / "runs")
    assert not read_sweep(file).ended
