"""`train`: trains a network in a run folder of its own."""

from __future__ import annotations

import argparse
import dataclasses
import signal
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
from number_recognition.commands.usage import WrongUsage, check_file, check_out
from number_recognition.core.formatting import percent
from number_recognition.core.progress import Stopped, TrainingFailed, WorkStopped
from number_recognition.learning.data.samples import DataPaths
from number_recognition.learning.runs.runs import (
    Run,
    find_unfinished,
    load_recipe,
    resume_run,
    train_run,
)
from number_recognition.learning.tensorflow_setup import import_keras
from number_recognition.storage.counters import count_training
from number_recognition.storage.fields import as_dict
from number_recognition.storage.files import PROJECT_DIR, atomic_write
from number_recognition.storage.renamed_settings import SOURCES
from number_recognition.storage.settings import Config, TrainingSettings, read_config, resolve_path

RECIPES = PROJECT_DIR / "number_recognition" / "learning" / "recipes"
_NOTHING_TO_RESUME = "{}: expected an unfinished run to resume, found none"


def train(options: argparse.Namespace) -> int:
    """Train a network; Ctrl+C stops it and keeps the best so far."""
    config = read_config(options.config)
    runs = resolve_path(config.paths.models, options.config) / "runs"
    if options.resume:
        check_resume(options, runs)
    else:
        check_training(options, [chosen_settings(options, config)], chosen_paths(options, config))
    import_keras()
    line = ProgressLine()
    with interruptible() as stopped:
        try:
            run = _run(options, config, runs, line, stopped)
        except WorkStopped:
            line.end()
            print_error("Stopped before the first epoch was done: nothing to keep.")
            return INTERRUPTED
        except TrainingFailed as error:
            line.end()
            print_error(f"The training was stopped: {error}.")
            return FAILED
        line.end()
    if options.out is not None:
        atomic_write(options.out, lambda temporary: temporary.write_bytes(run.model.read_bytes()))
    _, warning = count_training(Path(options.config).resolve().parent / "counters.json")
    if warning:
        print_error(warning)
    print_json(describe(run)) if options.json else print(as_text(run, options.out))
    if not run.completed:
        print_error("Stopped: the best network so far was kept. --resume goes on.")
    return DONE if run.completed else INTERRUPTED


def _run(
    options: argparse.Namespace, config: Config, runs: Path, line: ProgressLine, stopped: Stopped
) -> Run:
    if options.resume:
        folder = find_unfinished(runs)
        if folder is None:
            raise ValueError(_NOTHING_TO_RESUME.format(runs))
        return resume_run(folder, report=line, stopped=stopped)
    settings = chosen_settings(options, config)
    paths = chosen_paths(options, config)
    name = options.name or "training"
    return train_run(settings, paths, name=name, runs=runs, report=line, stopped=stopped)


def check_resume(options: argparse.Namespace, runs: Path) -> None:
    """Check that there is a run to resume, and nothing with it that would shape another.

    Raises:
        WrongUsage: there are options that shape a run.
        ValueError: there is no unfinished run.
        OSError: the network cannot be copied to --out.
    """
    if others := shaping_options(options):
        raise WrongUsage(
            f"--resume goes on with a run as it was begun: expected no {', '.join(others)} with it"
        )
    check_out(options.out)
    if find_unfinished(runs) is None:
        raise ValueError(_NOTHING_TO_RESUME.format(runs))


def shaping_options(options: argparse.Namespace) -> list[str]:
    """The options given that would shape a new run, as they are written."""
    names = ["recipe", "mnist", "strokes", "images", "name"]
    names += [entry.name for entry in dataclasses.fields(TrainingSettings)]
    given = [name for name in names if getattr(options, name) is not None]
    return ["--" + name.replace("_", "-") for name in given]


def chosen_settings(options: argparse.Namespace, config: Config) -> TrainingSettings:
    """The settings of config.json or of the recipe, with those of the command line on top."""
    settings = basic_settings(options, config)
    given = {
        entry.name: getattr(options, entry.name)
        for entry in dataclasses.fields(TrainingSettings)
        if getattr(options, entry.name) is not None
    }
    return dataclasses.replace(settings, **given)


def basic_settings(options: argparse.Namespace, config: Config) -> TrainingSettings:
    """The settings of the recipe where there is one, else of config.json."""
    return load_recipe(recipe_file(options.recipe)) if options.recipe else config.training


def recipe_file(name: Path) -> Path:
    """The file of a recipe: a path, or the name of one that comes with the program.

    Raises:
        OSError: there is neither.
    """
    names = sorted(path.stem for path in RECIPES.glob("*.json"))
    if (known := SOURCES.get(str(name), str(name))) in names:
        return RECIPES / f"{known}.json"
    check_file(name, f"a recipe ({', '.join(names)}) or its file")
    return name


def chosen_paths(options: argparse.Namespace, config: Config) -> DataPaths:
    """The paths of config.json, with those of the command line on top."""
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
    """Turn the first Ctrl+C into a wish to stop; a second one interrupts as usual."""
    wishes: list[int] = []

    def wish(number: int, frame: object) -> None:
        wishes.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield lambda: bool(wishes)
    finally:
        signal.signal(signal.SIGINT, before)


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
    """A run for people to read."""
    samples = ", ".join(f"{count:,} {name}" for name, count in run.samples.items())
    lines = [
        f"{len(run.history)} epochs on {samples} in {run.metrics['seconds']:.0f} s",
        f"weights           {run.metrics['weights']:,.0f}",
    ]
    for name, words in (("validation", "validation"), ("mnist_test", "MNIST test")):
        if name in run.metrics:
            lines.append(f"{words:<17} {percent(run.metrics[name])} right")
    lines.append(f"kept in           {out or run.model}")
    return "\n".join(lines)
