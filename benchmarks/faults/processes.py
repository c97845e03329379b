"""Several processes on the same folders, and a process that is killed while it holds a lock."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.faults.home import check, make_home
from benchmarks.faults.row import Row
from number_recognition.storage.files import PROJECT_DIR
from number_recognition.storage.locks import lock

_PROCESSES = 4
_NAMES = ("keep", "keep", "relabel", "trash", "settings", "note", "start")
_HOLD = """
import sys, time
from number_recognition.storage.locks import lock
with lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def share_folders(folder: Path, seed: int, seconds: float) -> Row:
    """Let processes keep, relabel, move and count in the same folders; all is there afterwards."""
    row = Row(f"{_PROCESSES} processes on the same folders")
    home = make_home(folder / f"shared-{seed}")
    commands = [
        [sys.executable, "-m", "benchmarks.faults.operations", str(home), str(number), *_NAMES]
        for number in range(seed, seed + _PROCESSES)
    ]
    processes = [
        subprocess.Popen(
            each, cwd=PROJECT_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for each in commands
    ]
    for process in processes:
        assert process.stdout is not None, "its output is a pipe"
        process.stdout.readline()  # it has begun
    time.sleep(seconds)
    acknowledged: set[str] = set()
    for process in processes:
        ended = process.poll() is not None
        process.kill()
        output, errors = process.communicate()
        done = [line.split() for line in output.splitlines() if line.startswith("done")]
        row.tried += len(done)
        acknowledged |= {name for _, _, *files in done for name in files}
        if ended:
            row.failures.append(f"seed {seed}: a process ended: {errors[-300:]}")
    row.failures += [f"seed {seed}: {problem}" for problem in check(home, acknowledged, set())]
    row.notes["kept"] = len(acknowledged)
    return row


def kill_lock_holder(folder: Path) -> Row:
    """Kill a process that holds a lock: the next one gets it at once."""
    row = Row("the holder of a lock is killed", tried=1)
    path = folder / "locked.json"
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None, "its output is a pipe"
    process.stdout.readline()
    try:
        with lock(path, seconds=0.1):
            row.failures.append("two processes hold the same lock")
    except OSError as error:
        if "another program" not in str(error):
            row.failures.append(f"no message for a user: {error}")
    process.kill()
    process.wait()
    begin = time.monotonic()
    with lock(path, seconds=5):
        row.notes["wait s"] = time.monotonic() - begin
    return row
