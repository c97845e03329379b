"""How fast the window is: it opens, answers, keeps, shows, and goes on while a training runs."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np

from benchmarks.probes.probing import probed, run_python
from benchmarks.tables.figure import Figure

MEGABYTE_LIMIT, STALL_LIMIT, WORST_LIMIT = 150, 30, 80
TICK = 10
"""Milliseconds, as in `benchmarks.probes.probe`."""
RUNS = DRAWINGS = 1000
IMPORT = "import time; t = time.time(); import tensorflow; print(time.time() - t)"


def opening(model: Path, rounds: int) -> list[Figure]:
    """From process start to a window and to the first answer, against TensorFlow's import."""
    shown, answered, imported, memory = [], [], [], []
    probed("open", model)  # the first start of all may have to compile the program
    for _ in range(rounds):
        imported.append(float(run_python(["-c", IMPORT])))
        start = time.time()
        found = probed("open", model)
        shown.append(found["shown"] - start)
        answered.append(found["answered"] - start)
        memory.append(found["megabytes"])
    tensorflow = statistics.median(imported)
    window, answer = statistics.median(shown), statistics.median(answered)
    return [
        Figure("import tensorflow", tensorflow, "s"),
        Figure("process start to the window", window, "s"),
        Figure("  by import tensorflow", window / tensorflow, "×", "at most 0.1"),
        Figure("process start to the first answer to a drawing", answer, "s"),
        Figure("  by import tensorflow", answer / tensorflow, "×", "at most 0.25"),
        Figure(
            "memory of the window's process, drawing",
            statistics.median(memory),
            "MB",
            f"under {MEGABYTE_LIMIT}",
        ),
    ]


def keeping(model: Path) -> list[Figure]:
    """From the key that corrects to a window in which the next digit can be drawn."""
    took = 1000 * np.array(probed("keep", model)["kept"])
    return [
        Figure("a correction by key, to the next stroke", float(np.median(took)), "ms"),
        Figure("  latest", float(took.max()), "ms", "under 50"),
    ]


def stalls(model: Path, seconds: float) -> list[Figure]:
    """How long the window fails to answer while a training runs in the worker."""
    found = probed("train", model, "--seconds", str(seconds))
    gaps = found["gaps"]
    figures = []
    for name, words in (("idle", "idle"), ("drawing", "while one draws")):
        late = np.maximum(np.array(gaps[name]) - TICK, 0)
        figures += [
            Figure(
                f"a tick is late during training, {words}: 99th percentile",
                float(np.quantile(late, 0.99)),
                "ms",
                f"at most {STALL_LIMIT}",
            ),
            Figure("  latest", float(late.max()), "ms", f"at most {WORST_LIMIT}"),
        ]
    stopped = Figure("Stop of a training to stopped", found["stopped"], "s", "at most 1")
    return [*figures, stopped]


def cells(model: Path, mnist: Path) -> list[Figure]:
    """From a click on a line of the confusion matrix to its images on the screen."""
    found = probed("results", model, "--mnist", str(mnist.resolve()))
    took = 1000 * np.array(found["took"])
    name = f"a line of the confusion matrix to its images, of {found['images']:,}"
    return [
        Figure(name, float(np.median(took)), "ms"),
        Figure("  latest", float(took.max()), "ms", "at most 300"),
    ]


def runs(model: Path) -> list[Figure]:
    """From the key that shows the table of a thousand runs to the table on the screen."""
    found = probed("runs", model, "--count", str(RUNS))
    return [
        Figure(f"a table of {RUNS:,} runs, in a new window", found["new"], "s", "at most 1"),
        Figure("  of that, computing", found["new_computing"], "s", "at most 0.5"),
        Figure("  until the curves of a run selected at once", found["curves"], "s"),
        Figure("  again", found["again"], "s", "at most 1"),
        Figure("  when every run has changed", found["unread"], "s"),
    ]


def drawings(model: Path) -> list[Figure]:
    """From the key that shows a thousand kept drawings to their thumbnails on the screen."""
    found = probed("drawings", model, "--count", str(DRAWINGS))
    name = f"thumbnails of {DRAWINGS:,} kept drawings"
    return [Figure(name, found["shown_drawings"], "s", "at most 1")]


def explaining(model: Path) -> list[Figure]:
    """From a move of the pen to a window that shows why the network answers as it does."""
    took = 1000 * np.array(probed("why", model, "--count", "200")["moves"])
    return [
        Figure("a move of the pen, while the Network view shows why", float(np.median(took)), "ms"),
        Figure("  99th percentile", float(np.quantile(took, 0.99)), "ms", "at most 100"),
    ]
