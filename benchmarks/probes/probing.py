"""Runs `benchmarks.probes.window_probe` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from number_recognition.storage.files import PROJECT_DIR

TIME_LIMIT = 300
"""Seconds after which a window that does not end is closed."""


def has_display() -> bool:
    """Whether a window can be opened; says so on standard error where not."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        print("The window is not measured: there is no display (see DISPLAY).", file=sys.stderr)
        return False
    return True


def probed(what: str, model: Path, *arguments: str) -> dict[str, Any]:
    """What a probe finds in a window of its own.

    Raises:
        OSError: the probe failed, or did not end; with its last word.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "benchmarks.probes.window_probe", what, str(model), folder, *arguments]
        found: dict[str, Any] = json.loads(run_python(command))
        return found


def run_python(arguments: list[str]) -> str:
    """The last line that Python prints when it is run so.

    Raises:
        OSError: it failed, or did not end; with its last word.
    """
    name = " ".join(arguments[:3])
    # TensorFlow's bytecode was written when it was installed; that of the program may be, too.
    own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT_DIR,
            env=own,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"{name}: expected its end within {TIME_LIMIT} s, found none") from None
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = done.stderr.strip().splitlines()
        raise OSError(f"{name} failed: {said[-1] if said else f'exit {done.returncode}'}")
    return lines[-1]
