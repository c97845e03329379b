"""What the table and the plots say of a run: its number, its state, its values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from number_recognition.core.formatting import pluralize, setting_name
from number_recognition.learning.runs.run import CHECKPOINT
from number_recognition.learning.runs.run_files import SUMMARY_FILE
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.window.experiments.run_groups import WAITING, is_in_work, natural_order

_IGNORED_SETTINGS = ("seed", "tensorboard")
NO_LAYERS = "none"
_MOST_NAMED = 3
"""Settings that a legend names."""


def run_numbers(runs: list[RunSummary]) -> dict[str, int]:
    """Return the number of each run by its folder: the oldest is 1."""
    oldest_first = sorted(runs, key=natural_order)
    return {run.folder: number for number, run in enumerate(oldest_first, start=1)}


def describe_state(
    run: RunSummary, runs: Path, is_training: bool = False, preparing: str = ""
) -> str:
    """Say waiting, running and in which epoch, done, stopped, interrupted, or failed and why.

    `is_training`: whether the experiment that the run belongs to is being trained; `preparing` is
    what the run does before its first epoch, where that is known.
    """
    if preparing:
        return f"running: {preparing}"
    if run.state == "failed":
        return f"failed: {run.error}"
    if run.state in ("done", "damaged", WAITING):
        return run.state
    checkpoint = runs / run.folder / CHECKPOINT
    if is_in_work(checkpoint):
        return f"running: epoch {run.epochs + 1}{_of_all(run.settings)}"
    after = f" after {pluralize(run.epochs, 'epoch')}" if run.epochs else ""
    if run.state == "stopped" and not _is_newer(checkpoint, runs / run.folder / SUMMARY_FILE):
        return f"stopped{after}"
    if is_training and not run.epochs:
        return WAITING
    return f"interrupted{after}"


def _is_newer(checkpoint: Path, summary: Path) -> bool:
    """Whether a stopped run was resumed and killed: its checkpoint is newer than its summary."""
    try:
        return checkpoint.stat().st_mtime_ns > summary.stat().st_mtime_ns
    except OSError:
        return False


def _of_all(settings: dict[str, Any]) -> str:
    epochs = settings.get("epochs")
    return f" of {epochs}" if type(epochs) is int else ""


def describe_states(states: list[str]) -> str:
    """Say of the runs of an experiment how many are done, failed, running and waiting."""
    done = states.count("done")
    parts = [f"{done} of {len(states)} done"]
    for word in ("failed", "running", WAITING):
        count = sum(state.startswith(word) for state in states)
        parts += [f"{count} {word}"] if count else []
    return ", ".join(parts)


def run_value(run: RunSummary, name: str) -> Any:
    """Return the value of a run in a column, None if it has none."""
    if name in ("name", "state", "note"):
        return getattr(run, name)
    if name == "epochs":
        return run.epochs
    if name in run.metrics:
        return run.metrics[name]
    return setting_value(run, name)


def setting_value(run: RunSummary, name: str) -> Any:
    """Return the value of a setting, lists as text; None if the run has none."""
    value = run.settings.get(name)
    if isinstance(value, list):
        return "x".join(map(str, value)) or NO_LAYERS
    return value


def varied_settings(runs: list[RunSummary]) -> list[str]:
    """Return the names of the settings in which runs differ."""
    names = {name for run in runs for name in run.settings if name not in _IGNORED_SETTINGS}
    return sorted(name for name in names if len(values_of(runs, name)) > 1)


def values_of(runs: list[RunSummary], name: str) -> list[object]:
    """Return the values of a setting in runs, sorted."""
    values = {setting_value(run, name) for run in runs if name in run.settings}
    return sorted(values, key=sort_key)


def sort_key(value: Any) -> tuple[bool, bool, Any]:
    """Order values of any type: nothing first, then texts by the numbers in them, then numbers."""
    if isinstance(value, (int, float)):
        return True, True, value
    parts = [] if value in (None, NO_LAYERS) else re.split(r"([0-9]+)", str(value))
    return value is not None, False, [_part_key(part) for part in parts]


def _part_key(part: str) -> tuple[bool, int, str]:
    """Order numbers in texts by their size."""
    is_number = part.isdecimal()
    return is_number, len(part) if is_number else 0, part


def legend_texts(runs: list[RunSummary], numbers: dict[str, int]) -> list[str]:
    """Return the number of each run and the settings in which it differs from the others."""
    names = varied_settings(runs) or [*_if_varied(runs, "seed")]
    return [f"{numbers[run.folder]}: {_differences(run, names) or run.title}" for run in runs]


def _if_varied(runs: list[RunSummary], name: str) -> list[str]:
    return [name] if len(values_of(runs, name)) > 1 else []


def _differences(run: RunSummary, names: list[str]) -> str:
    texts = [f"{setting_name(name)} {setting_value(run, name)}" for name in names[:_MOST_NAMED]]
    return ", ".join(texts) + (" …" if len(names) > _MOST_NAMED else "")
