"""`experiment`: trains a network for every combination of the values given."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import sys
from collections.abc import Sequence
from typing import Any

from commands.checks import check_training
from commands.output import DONE, FAILED, INTERRUPTED, ProgressLine, complain, print_json
from commands.train import basic_settings, chosen_places, interruptible
from learning.experiments import Outcome, combinations, experiment
from learning.words import percent
from storage.fields import written
from storage.files import write_whole
from storage.settings import TrainingSettings, place, read_config

_FIGURES = ("validation", "mnist_test", "weights")


def run_experiment(options: argparse.Namespace) -> int:
    """Print one row for each run; Ctrl+C stops what runs and leaves out what has not started."""
    config = read_config(options.config)
    choices = chosen_values(options)
    settings = combinations(basic_settings(options, config), choices)
    places = chosen_places(options, config)
    check_training(options, settings, places)
    line = ProgressLine()
    with interruptible() as stopped:
        outcomes = experiment(
            settings,
            places,
            runs=place(config.places.models, options.config) / "runs",
            name=options.name,
            workers=options.workers or 1,
            cluster=options.cluster or (None if options.workers else config.places.cluster),
            report=line,
            stopped=stopped,
        )
        line.end()
    _print(options, outcomes, [name for name, values in choices.items() if len(values) > 1])
    _keep_best(options, outcomes)
    if len(outcomes) < len(settings) or any(o.run and not o.run.completed for o in outcomes):
        complain(f"Stopped: {len(outcomes)} of {len(settings)} runs were done.")
        return INTERRUPTED
    return DONE if any(outcome.run for outcome in outcomes) else FAILED


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
        best = max(runs, key=lambda run: run.figures.get("validation", 0.0))
        write_whole(options.out, lambda file: file.write_bytes(best.model.read_bytes()))


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
        *(written(getattr(outcome.settings, name)) for name in columns),
        *(values["figures"].get(name, "") for name in _FIGURES),
        values["seconds"] if values["seconds"] is not None else "",
        values["folder"] or "",
        outcome.error,
    ]


def _print_table(outcomes: list[Outcome], names: list[str]) -> None:
    """What differs, and what came of it, the best first."""
    ranked = sorted(outcomes, key=lambda o: -o.run.figures.get("validation", 0) if o.run else 1)
    rows = [[*names, "validation", "MNIST test", "seconds", "run"]]
    for outcome in ranked:
        chosen = [written(getattr(outcome.settings, name)) for name in names]
        figures = outcome.run.figures if outcome.run else {}
        shares = [percent(figures.get(name)) for name in ("validation", "mnist_test")]
        seconds = f"{figures['seconds']:.1f}" if figures else "–"
        where = outcome.run.folder.name if outcome.run else outcome.error
        rows.append([*chosen, *shares, seconds, where])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        print("  ".join(text.ljust(width) for text, width in cells).rstrip())
