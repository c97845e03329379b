"""What the table of runs says of a run: its number, its name, its state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from number_recognition.core.formatting import pluralize
from number_recognition.learning.runs.run import CHECKPOINT
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.learning.training.checkpoints import epochs_done
from number_recognition.storage.locks import is_locked


def run_numbers(runs: list[RunSummary]) -> dict[str, int]:
    """Return the number of each run by its folder: the oldest is 1."""
    oldest_first = sorted(runs, key=lambda run: (run.when, run.folder))
    return {run.folder: number for number, run in enumerate(oldest_first, start=1)}


def run_name(run: RunSummary) -> str:
    """Return its name, from its settings where none was given."""
    if run.name != run.when:
        return run.name
    layers = run.settings.get("hidden_layers")
    if not isinstance(layers, list):
        return run.name
    text = "x".join(map(str, layers)) or "no hidden layer"
    epochs = run.settings.get("epochs")
    parts = [text, *(str(run.settings[key]) for key in ("activation",) if key in run.settings)]
    return ", ".join([*parts, *([pluralize(epochs, "epoch")] if type(epochs) is int else [])])


def describe_state(run: RunSummary, runs: Path) -> str:
    """Say done, stopped, failed and why, running and in which epoch, or interrupted."""
    if run.state == "failed":
        return f"failed: {run.error}"
    if run.state != "unfinished":
        return run.state
    checkpoint = runs / run.folder / CHECKPOINT
    done = epochs_done(checkpoint) if checkpoint.exists() else 0
    if is_locked(checkpoint):
        return f"running: epoch {done + 1}{_of_all(run.settings)}"
    return f"interrupted after {pluralize(done, 'epoch')}" if done else "interrupted"


def _of_all(settings: dict[str, Any]) -> str:
    epochs = settings.get("epochs")
    return f" of {epochs}" if type(epochs) is int else ""
