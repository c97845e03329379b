"""The experiment command: train a network for every combination of the given settings."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from typing import Any

from number_recognition.commands.checks import check_training
from number_recognition.commands.output import (
    DONE,
    FAILED,
    INTERRUPTED,
    ProgressLine,
    print_error,
    print_json,
)
from number_recognition.commands.train import (
    base_settings,
    check_resume,
    copy_network,
    interruptible,
    merged_paths,
)
from number_recognition.commands.usage import check_out, check_writable
from number_recognition.core.formatting import percent, pluralize
from number_recognition.learning.runs.run import runs_folder
from number_recognition.learning.sweeps.run_spec import Outcome
from number_recognition.learning.sweeps.sweep import combinations, run_sweep
from number_recognition.learning.sweeps.sweep_file import (
    Sweep,
    new_sweep,
    read_sweep,
    sweep_files,
    varied_settings,
)
from number_recognition.storage.config_file import read_config
from number_recognition.storage.fields import to_text
from number_recognition.storage.settings import Config, TrainingSettings
from number_recognition.storage.tables import CsvWriter

_METRICS = ("validation", "mnist_test", "weights")
_NAME = "experiment"


def run_experiment(options: argparse.Namespace) -> int:
    """Train and print one row for each run; Ctrl+C stops. Returns the exit status."""
    if options.resume is not None:
        check_resume(options, "an experiment")
    config = read_config(options.config)
    sweep = _sweep(options, config)
    line = ProgressLine()
    with interruptible() as stopped:
        outcomes = run_sweep(
            sweep,
            workers=options.workers or 1,
            cluster=options.cluster or (None if options.workers else config.paths.cluster),
            report=line,
            stopped=stopped,
        )
        line.end()
    _print(options, outcomes, varied_settings([spec.settings for spec in sweep.specs]))
    is_copied = _copy_best(options, outcomes)
    finished = sum(outcome.finished for outcome in outcomes)
    if finished < len(sweep.specs):
        print_error(
            f"Stopped: {finished} of {len(sweep.specs)} runs are finished; "
            f"experiment --resume {sweep.name} continues."
        )
        return INTERRUPTED
    return DONE if is_copied and all(outcome.run for outcome in outcomes) else FAILED


def _sweep(options: argparse.Namespace, config: Config) -> Sweep:
    """The sweep of the options: a new one, or one to resume, whose unfinished runs are printed."""
    runs = runs_folder(config.paths, options.config)
    check_writable(runs)
    if options.resume is None:
        settings = combinations(base_settings(options, config), setting_values(options))
        paths = merged_paths(options, config)
        check_training(options, settings, paths)
        return new_sweep(settings, paths, runs, options.name or _NAME)
    check_out(options.out)
    files = {file.parent.name: file for file in sweep_files(runs)}
    if not files:
        raise ValueError(f"{runs}: expected an unfinished experiment to resume, found none")
    name = options.resume or next(iter(files))
    if name not in files:
        raise ValueError(f"--resume: expected one of {', '.join(files)}, found {name!r}")
    sweep = read_sweep(files[name])
    print_error(f"Resuming {name}: {_unfinished_runs(sweep)}")
    return sweep


def _unfinished_runs(sweep: Sweep) -> str:
    """The number and titles of the unfinished runs."""
    unfinished = sweep.unfinished()
    titles = "; ".join(spec.title or spec.folder.name for spec in unfinished)
    return f"{pluralize(len(unfinished), 'run')} of {len(sweep.specs)} not finished: {titles}"


def setting_values(options: argparse.Namespace) -> dict[str, Sequence[Any]]:
    """The given values of each setting on the command line."""
    return {
        each.name: values
        for each in dataclasses.fields(TrainingSettings)
        if (values := getattr(options, each.name)) is not None
    }


def _copy_best(options: argparse.Namespace, outcomes: list[Outcome]) -> bool:
    """Copy the network with the best validation accuracy to --out; False where that fails."""
    runs = [outcome.run for outcome in outcomes if outcome.run is not None]
    if options.out is not None and runs:
        best = max(runs, key=lambda run: run.metrics.get("validation", 0.0))
        return copy_network(best.model, options.out)
    return True


def _print(options: argparse.Namespace, outcomes: list[Outcome], names: list[str]) -> None:
    if options.json:
        print_json([outcome.as_dict() for outcome in outcomes])
    elif options.csv:
        columns = [each.name for each in dataclasses.fields(TrainingSettings)]
        writer = CsvWriter(sys.stdout)
        writer.row([*columns, *_METRICS, "seconds", "folder", "error"])
        writer.rows(_row(outcome, columns) for outcome in outcomes)
    else:
        _print_table(outcomes, names)


def _row(outcome: Outcome, columns: list[str]) -> list[Any]:
    values = outcome.as_dict()
    return [
        *(to_text(getattr(outcome.settings, name)) for name in columns),
        *(values["metrics"].get(name, "") for name in _METRICS),
        values["seconds"] if values["seconds"] is not None else "",
        values["folder"] or "",
        outcome.error,
    ]


def _print_table(outcomes: list[Outcome], names: list[str]) -> None:
    """Print the settings that differ and the metrics, best first."""
    ranked = sorted(outcomes, key=lambda o: -o.run.metrics.get("validation", 0) if o.run else 1)
    rows = [[*names, "validation", "MNIST test", "seconds", "run"]]
    for outcome in ranked:
        values = [to_text(getattr(outcome.settings, name)) for name in names]
        metrics = outcome.run.metrics if outcome.run else {}
        accuracies = [percent(metrics.get(name)) for name in ("validation", "mnist_test")]
        seconds = f"{metrics['seconds']:.1f}" if metrics else "–"
        folder = outcome.run.folder.name if outcome.run else outcome.error
        rows.append([*values, *accuracies, seconds, folder])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        print("  ".join(text.ljust(width) for text, width in cells).rstrip())
