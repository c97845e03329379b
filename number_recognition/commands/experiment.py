"""`experiment`: trains a network for every combination of the values given."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import sys
from collections.abc import Sequence
from typing import Any

from number_recognition.commands.checks import check_training
from number_recognition.commands.output import (
    DONE,
    FAILED,
    INTERRUPTED,
    USAGE,
    ProgressLine,
    print_error,
    print_json,
)
from number_recognition.commands.train import basic_settings, chosen_paths, interruptible
from number_recognition.commands.usage import check_out
from number_recognition.core.formatting import percent, pluralize
from number_recognition.learning.sweeps.run_spec import Outcome
from number_recognition.learning.sweeps.sweep import combinations, run_sweep
from number_recognition.learning.sweeps.sweep_file import (
    Sweep,
    new_sweep,
    read_sweep,
    sweep_files,
    varied_settings,
)
from number_recognition.storage.fields import to_text
from number_recognition.storage.files import atomic_write
from number_recognition.storage.settings import Config, TrainingSettings, read_config, resolve_path

_FIGURES = ("validation", "mnist_test", "weights")
_NAME = "experiment"


def run_experiment(options: argparse.Namespace) -> int:
    """Print one row for each run; Ctrl+C stops what runs and leaves out what has not started."""
    if options.resume is not None and (others := shaping_options(options)):
        print_error(
            "--resume goes on with an experiment as it was begun: expected no "
            f"{', '.join(others)} with it"
        )
        return USAGE
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
    _keep_best(options, outcomes)
    finished = sum(outcome.finished for outcome in outcomes)
    if finished < len(sweep.specs):
        print_error(
            f"Stopped: {finished} of {len(sweep.specs)} runs are finished; "
            f"experiment --resume {sweep.name} goes on."
        )
        return INTERRUPTED
    return DONE if any(outcome.run for outcome in outcomes) else FAILED


def _sweep(options: argparse.Namespace, config: Config) -> Sweep:
    """The sweep that the options describe: a new one, or one to go on with, which is listed."""
    runs = resolve_path(config.paths.models, options.config) / "runs"
    if options.resume is None:
        settings = combinations(basic_settings(options, config), chosen_values(options))
        paths = chosen_paths(options, config)
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
    print_error(f"Resuming {name}: {_listed(sweep)}")
    return sweep


def _listed(sweep: Sweep) -> str:
    """The runs that are not finished, by their titles."""
    unfinished = sweep.unfinished()
    titles = "; ".join(spec.title or spec.folder.name for spec in unfinished)
    return f"{pluralize(len(unfinished), 'run')} of {len(sweep.specs)} not finished: {titles}"


def shaping_options(options: argparse.Namespace) -> list[str]:
    """The options given that would shape a new sweep, as they are written."""
    names = ["recipe", "mnist", "strokes", "images", "name", *chosen_values(options)]
    given = [name for name in names if getattr(options, name) is not None]
    return ["--" + name.replace("_", "-") for name in given]


def chosen_values(options: argparse.Namespace) -> dict[str, Sequence[Any]]:
    """The values given for each setting that was named on the command line."""
    return {
        entry.name: values
        for entry in dataclasses.fields(TrainingSettings)
        if (values := getattr(options, entry.name)) is not None
    }


def _keep_best(options: argparse.Namespace, outcomes: list[Outcome]) -> None:
    """Copy the network that did best on the samples set apart to `--out`."""
    runs = [outcome.run for outcome in outcomes if outcome.run is not None]
    if options.out is not None and runs:
        best = max(runs, key=lambda run: run.metrics.get("validation", 0.0))
        atomic_write(options.out, lambda file: file.write_bytes(best.model.read_bytes()))


def _print(options: argparse.Namespace, outcomes: list[Outcome], names: list[str]) -> None:
    if options.json:
        print_json([outcome.as_dict() for outcome in outcomes])
    elif options.csv:
        columns = [entry.name for entry in dataclasses.fields(TrainingSettings)]
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([*columns, *_FIGURES, "seconds", "folder", "error"])
        writer.writerows(_row(outcome, columns) for outcome in outcomes)
    else:
        _print_table(outcomes, names)


def _row(outcome: Outcome, columns: list[str]) -> list[Any]:
    values = outcome.as_dict()
    return [
        *(to_text(getattr(outcome.settings, name)) for name in columns),
        *(values["metrics"].get(name, "") for name in _FIGURES),
        values["seconds"] if values["seconds"] is not None else "",
        values["folder"] or "",
        outcome.error,
    ]


def _print_table(outcomes: list[Outcome], names: list[str]) -> None:
    """What differs, and what came of it, the best first."""
    ranked = sorted(outcomes, key=lambda o: -o.run.metrics.get("validation", 0) if o.run else 1)
    rows = [[*names, "validation", "MNIST test", "seconds", "run"]]
    for outcome in ranked:
        chosen = [to_text(getattr(outcome.settings, name)) for name in names]
        metrics = outcome.run.metrics if outcome.run else {}
        shares = [percent(metrics.get(name)) for name in ("validation", "mnist_test")]
        seconds = f"{metrics['seconds']:.1f}" if metrics else "–"
        where = outcome.run.folder.name if outcome.run else outcome.error
        rows.append([*chosen, *shares, seconds, where])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        print("  ".join(text.ljust(width) for text, width in cells).rstrip())
