"""What the command line understands."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from commands.output import USAGE, complain
from storage.fields import hints, parsed, written
from storage.settings import CONFIG, TrainingSettings


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; of forty options, the usage would hide it."""

    def error(self, message: str) -> NoReturn:
        complain(f"{self.prog}: {message}; see {self.prog} --help")
        raise SystemExit(USAGE)


def parser() -> argparse.ArgumentParser:
    """The parser of every command; `options.command` is None for the window."""
    top = _Parser(
        prog="Main.py",
        description="Draw a digit and it is read right. Without a command, the window opens.",
    )
    top.add_argument("--model", type=Path, help="the network to use (.keras)")
    top.add_argument("--config", type=Path, default=CONFIG, help="another config.json")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _add_predict(commands)
    _add_evaluate(commands)
    _add_train(commands)
    _add_experiment(commands)
    _add_fine_tune(commands)
    return top


def _command(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=help[:1].upper() + help[1:] + ".")
    # Not set here where it is not given here: it may stand before the command.
    command.add_argument(
        "--config",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="FILE",
        help="another config.json",
    )
    return command


def _add_model(command: argparse.ArgumentParser, help: str) -> None:
    command.add_argument("--model", type=Path, default=argparse.SUPPRESS, metavar="FILE", help=help)


def _add_predict(commands: Any) -> None:
    command = _command(commands, "predict", "read the digits in image files")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE|FOLDER")
    _add_model(command, "the network to use (.keras)")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")


def _add_evaluate(commands: Any) -> None:
    command = _command(commands, "evaluate", "judge a network; on MNIST's test set by default")
    _add_model(command, "the network to use (.keras)")
    command.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    command.add_argument("--images", type=Path, metavar="FOLDER", help="images in 0 … 9")
    command.add_argument("--strokes", type=Path, metavar="FILE", help="a stroke file (.jsonl)")
    command.add_argument(
        "--brush", type=positive, metavar="PX", help="pen of the strokes on a pad of 280 pixels"
    )
    command.add_argument(
        "--scale", type=part, default=0.65, metavar="PART", help="size of the strokes by the pad's"
    )
    command.add_argument(
        "--place", choices=("middle", "corner"), default="middle", help="where on the pad"
    )
    command.add_argument(
        "--as-pictures",
        action="store_true",
        help="read the painted strokes as a picture, as if only the ink were known",
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def _add_train(commands: Any) -> None:
    command = _command(commands, "train", "train a network; Ctrl+C stops and keeps the best so far")
    command.add_argument(
        "--recipe", metavar="NAME|FILE", help="settings from a recipe (shipped) or an exported run"
    )
    command.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    command.add_argument("--strokes", type=Path, metavar="FILE", help="a stroke file (.jsonl)")
    command.add_argument("--images", type=Path, metavar="FOLDER", help="kept drawings in 0 … 9")
    command.add_argument("--name", help="a name for the run (training)")
    command.add_argument("--out", type=keras_file, metavar="FILE", help="where to copy the network")
    command.add_argument(
        "--resume",
        action="store_true",
        help="go on with the unfinished run, as it was begun; goes with --out, --json, --config",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    add_settings(command, TrainingSettings)


def _add_experiment(commands: Any) -> None:
    command = _command(
        commands, "experiment", "train a network for every combination of the values given"
    )
    command.add_argument("--recipe", metavar="NAME|FILE", help="what else is set, from a recipe")
    command.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    command.add_argument("--strokes", type=Path, metavar="FILE", help="a stroke file (.jsonl)")
    command.add_argument("--images", type=Path, metavar="FOLDER", help="kept drawings in 0 … 9")
    command.add_argument("--name", help="a name for the runs (experiment)")
    command.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="EXPERIMENT",
        help="go on with an experiment that was stopped or killed, the newest or the one named",
    )
    command.add_argument(
        "--out", type=keras_file, metavar="FILE", help="where to copy the best network"
    )
    command.add_argument(
        "--workers", type=whole, default=1, metavar="N", help="trainings at a time (1)"
    )
    command.add_argument(
        "--cluster", metavar="ADDRESS", help="train on the workers of a Dask scheduler instead"
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")
    add_settings(command, TrainingSettings, several=True)


def _add_fine_tune(commands: Any) -> None:
    command = _command(commands, "fine-tune", "learn the kept drawings without forgetting the rest")
    _add_model(command, "the network to start from")
    command.add_argument("--images", type=Path, metavar="FOLDER", help="kept drawings in 0 … 9")
    command.add_argument("--mnist", type=Path, metavar="FILE", help="MNIST (mnist.npz)")
    command.add_argument("--out", type=keras_file, metavar="FILE", help="where to save the network")
    command.add_argument(
        "--max-drop",
        type=not_negative,
        metavar="POINTS",
        help="points that the original task may lose; beyond, it is refused with exit status 3",
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def add_settings(command: argparse.ArgumentParser, kind: type, several: bool = False) -> None:
    """An option for each setting of a class, one value or several."""
    group = command.add_argument_group("settings (defaults stand in config.json)")
    types = hints(kind)
    for entry in dataclasses.fields(kind):
        choices = entry.metadata.get("choices")
        help = entry.metadata["help"] + (f": {', '.join(choices)}" if choices else "")
        group.add_argument(
            "--" + entry.name.replace("_", "-"),
            dest=entry.name,
            type=_setting(entry, types[entry.name]),
            nargs="+" if several else None,
            metavar=written(entry.default).upper() if several else "VALUE",
            help=help.replace("%", "%%"),
        )


def _setting(entry: dataclasses.Field, hint: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return parsed(entry, hint, text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read


def positive(text: str) -> float:
    """A number greater than 0."""
    return _number(text, lambda value: value > 0, "a number greater than 0")


def whole(text: str) -> int:
    """A whole number of at least 1."""
    value = _number(text, lambda value: value >= 1 and value % 1 == 0, "a whole number from 1 on")
    return int(value)


def not_negative(text: str) -> float:
    """A number of at least 0."""
    return _number(text, lambda value: value >= 0, "a number of at least 0")


def part(text: str) -> float:
    """A number greater than 0 and at most 1."""
    return _number(text, lambda value: 0 < value <= 1, "a number greater than 0 and at most 1")


def _number(text: str, fits: Callable[[float], bool], words: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not fits(value):
        raise argparse.ArgumentTypeError(f"expected {words}, found {text!r}")
    return value


def keras_file(text: str) -> Path:
    """A path that ends in `.keras`."""
    if not text.endswith(".keras"):
        raise argparse.ArgumentTypeError(f"expected a name that ends in .keras, found {text!r}")
    return Path(text)
