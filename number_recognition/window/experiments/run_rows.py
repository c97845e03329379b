"""The rows of the table of runs: what stands in them, and how values are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from number_recognition.core.formatting import NOT_A_NUMBER, is_finite, percent
from number_recognition.core.progress import format_duration
from number_recognition.learning.runs.run_list import RunSummary
from number_recognition.storage.values import printable
from number_recognition.window.experiments.run_groups import Experiment, group_runs, is_training
from number_recognition.window.experiments.run_states import (
    describe_state,
    describe_states,
    run_value,
)

_GROUP = "experiment "
"""Begins the row of an experiment, which folders of runs cannot."""


@dataclass(frozen=True)
class Row:
    """What stands in the row of a run, or of an experiment, which has no `run`.

    `row` identifies it in the table: the name of the run's folder; `parent` is the row of its
    experiment, "" where it is alone. `number` is a text for an experiment: "3–6".
    """

    row: str
    parent: str
    name: str
    number: int | str
    state: str
    run: RunSummary | None = None

    @property
    def tag(self) -> str:
        """The word of its state that gives it a colour."""
        return self.state.partition(":")[0]

    def value(self, column: str) -> Any:
        """Return its value in a column, None if it has none."""
        if column in ("name", "number", "state"):
            return getattr(self, column)
        return None if self.run is None else run_value(self.run, column)

    def text(self, column: str) -> str:
        """Return its value in a column as text."""
        if self.run is None and column != "state":
            return ""
        return _format(self.value(column), column)


def rows_of(
    runs: list[RunSummary], numbers: dict[str, int], folder: Path, preparing: dict[str, str]
) -> Iterator[Row]:
    """The rows of the runs of a folder, those of an experiment after its own.

    Args:
        runs: in their order.
        numbers: the number of each, by its folder.
        folder: that of all runs.
        preparing: what runs do before their first epoch, by their folders.
    """
    for experiment in group_runs(runs):
        trains = is_training(experiment, folder)
        states = [
            describe_state(run, folder, trains, preparing.get(run.folder, ""))
            for run in experiment.runs
        ]
        parent = ""
        if len(states) > 1:
            group = _group_row(experiment, numbers, states)
            parent = group.row
            yield group
        for run, state in zip(experiment.runs, states, strict=True):
            yield Row(printable(run.folder), parent, run.title, numbers[run.folder], state, run)


def _group_row(experiment: Experiment, numbers: dict[str, int], states: list[str]) -> Row:
    own = sorted(numbers[run.folder] for run in experiment.runs)
    row = _GROUP + printable(experiment.name)
    return Row(row, "", experiment.title, f"{own[0]}–{own[-1]}", describe_states(states))


def _format(value: Any, name: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, (int, float)) and not is_finite(value):
        return NOT_A_NUMBER
    if name in ("validation", "mnist_test"):
        return percent(value)
    if name == "seconds":
        return format_duration(value)
    if name == "weights":
        return f"{value:,.0f}"
    return f"{value:g}" if isinstance(value, float) else printable(str(value))
