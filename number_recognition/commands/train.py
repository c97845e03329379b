"""The train command: train a network in a new folder of the runs."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from number_recognition.commands.checks import check_training
from number_recognition.commands.output import (
    DONE,
    FAILED,
    INTERRUPTED,
    ProgressLine,
    print_error,
    print_json,
)
from number_recognition.commands.usage import WrongUsage, check_out, check_writable
from number_recognition.core.formatting import percent
from number_recognition.core.progress import Stopped, TrainingFailed, WorkStopped
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.recipes import find_recipe, load_recipe
from number_recognition.learning.runs.run import Run, runs_folder
from number_recognition.learning.runs.training_job import resume_run, train_run
from number_recognition.learning.runs.unfinished_runs import list_unfinished
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.config_file import read_config
from number_recognition.storage.counters import count_training
from number_recognition.storage.fields import as_dict
from number_recognition.storage.files import write_bytes
from number_recognition.storage.settings import Config, TrainingSettings

_NOTHING_KEPT = "Stopped before the first epoch was done: nothing was kept."
_KEPT_BEFORE = (
    "Stopped before another epoch was done: those before it are kept; train --resume {} continues."
)


def train(options: argparse.Namespace) -> int:
    """Train a network; Ctrl+C stops it and keeps the best so far. Returns the exit status."""
    config = read_config(options.config)
    runs = runs_folder(config.paths, options.config)
    folder = None
    check_writable(runs)
    if options.resume is not None:
        folder = run_to_resume(options, runs)
    else:
        check_training(options, [merged_settings(options, config)], merged_paths(options, config))
    import_keras()
    line = ProgressLine()
    with interruptible() as stopped:
        try:
            run = _run(options, config, runs, folder, line, stopped)
        except WorkStopped:
            line.end()
            print_error(_NOTHING_KEPT if folder is None else _KEPT_BEFORE.format(folder.name))
            return INTERRUPTED
        except TrainingFailed as error:
            line.end()
            print_error(f"The training was stopped: {error}.")
            return FAILED
        line.end()
    is_copied = options.out is None or copy_network(run.model, options.out)
    _, warning = count_training(Path(options.config).resolve().parent / "counters.json")
    if warning:
        print_error(warning)
    out = options.out if is_copied else None
    print_json(describe(run)) if options.json else print(as_text(run, out))
    if not run.completed:
        print_error(
            "Stopped: the best network so far was kept; "
            f"train --resume {run.folder.name} continues."
        )
        return INTERRUPTED
    return DONE if is_copied else FAILED


def copy_network(network: Path, out: Path) -> bool:
    """Copy a network to --out; where that fails, say so and where it is, and return False."""
    try:
        write_bytes(out, network.read_bytes())
    except OSError as error:
        print_error(f"{str(error).rstrip('.')}; the network is kept as {network}.")
        return False
    return True


def _run(
    options: argparse.Namespace,
    config: Config,
    runs: Path,
    folder: Path | None,
    line: ProgressLine,
    stopped: Stopped,
) -> Run:
    if folder is not None:
        print_error(f"Resuming {folder.name}.")
        return resume_run(folder, report=line, stopped=stopped)
    settings = merged_settings(options, config)
    paths = merged_paths(options, config)
    name = options.name or "training"
    return train_run(settings, paths, name=name, runs=runs, report=line, stopped=stopped)


def run_to_resume(options: argparse.Namespace, runs: Path) -> Path:
    """The folder of the training to resume: the newest, or the one that is named.

    Runs of an unfinished experiment are none: `experiment --resume` trains them.

    Raises:
        WrongUsage: there are options of a new run, which would be ignored.
        ValueError: there is no unfinished training, or none of this name.
        OSError: the network cannot be copied to --out, or the runs cannot be listed.
    """
    check_resume(options, "a run")
    check_out(options.out)
    folders = {folder.name: folder for folder in list_unfinished(runs)}
    if not folders:
        raise ValueError(f"{runs}: expected an unfinished training to resume, found none")
    name = options.resume or next(iter(folders))
    if name not in folders:
        raise ValueError(f"--resume: expected one of {', '.join(folders)}, found {name!r}")
    return folders[name]


def check_resume(options: argparse.Namespace, what: str) -> None:
    """Check that no option of a new run is given, which --resume of `what` would ignore.

    Raises:
        WrongUsage: one is given.
    """
    names = ["recipe", "mnist", "strokes", "images", "name"]
    names += [each.name for each in dataclasses.fields(TrainingSettings)]
    given = [name for name in names if getattr(options, name) is not None]
    if given:
        ignored = ", ".join("--" + name.replace("_", "-") for name in given)
        raise WrongUsage(
            f"--resume continues {what} with its settings: expected no {ignored} with it"
        )


def merged_settings(options: argparse.Namespace, config: Config) -> TrainingSettings:
    """The settings of the recipe or config.json, overridden by those of the command line."""
    settings = base_settings(options, config)
    given = {
        each.name: getattr(options, each.name)
        for each in dataclasses.fields(TrainingSettings)
        if getattr(options, each.name) is not None
    }
    return dataclasses.replace(settings, **given)


def base_settings(options: argparse.Namespace, config: Config) -> TrainingSettings:
    """The settings of the recipe, or else of config.json."""
    return load_recipe(find_recipe(options.recipe)) if options.recipe else config.training


def merged_paths(options: argparse.Namespace, config: Config) -> DataPaths:
    """The paths of config.json, overridden by those of the command line."""
    paths = DataPaths.of(config.paths, options.config)
    given = {
        name: value
        for name in ("mnist", "images", "strokes")
        if (value := getattr(options, name)) is not None
    }
    if "strokes" in given:
        given["strokes"] = tuple(given["strokes"])
    return dataclasses.replace(paths, **given)


@contextmanager
def interruptible() -> Iterator[Stopped]:
    """Let the first Ctrl+C stop the work; a second one raises KeyboardInterrupt as usual."""
    stopped = threading.Event()

    def stop(number: int, frame: object) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, previous)

    previous = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped.is_set
    finally:
        signal.signal(signal.SIGINT, previous)


def describe(run: Run) -> dict[str, object]:
    """A run as plain values."""
    return {
        "folder": str(run.folder),
        "model": str(run.model),
        "completed": run.completed,
        "settings": as_dict(run.settings),
        "samples": run.samples,
        "metrics": run.metrics,
        "seconds": run.metrics["seconds"],
        "history": run.history,
    }


def as_text(run: Run, out: Path | None) -> str:
    """A run as text."""
    samples = ", ".join(f"{count:,} {name}" for name, count in run.samples.items())
    lines = [
        f"{len(run.history)} epochs on {samples} in {run.metrics['seconds']:.0f} s",
        f"weights           {run.metrics['weights']:,.0f}",
    ]
    for name, label in (("validation", "validation"), ("mnist_test", "MNIST test")):
        if name in run.metrics:
            lines.append(f"{label:<17} {percent(run.metrics[name])} correct")
    lines.append(f"saved as          {out or run.model}")
    return "\n".join(lines)
