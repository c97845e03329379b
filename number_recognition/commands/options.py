"""The parser of the command line."""

from __future__ import annotations

import argparse
import dataclasses
import functools
from collections.abc import Callable
from typing import Any, NoReturn

from number_recognition.commands.output import USAGE, print_error
from number_recognition.commands.values import (
    address,
    keras_file,
    part,
    path,
    positive,
    run_name,
    workers,
)
from number_recognition.storage.fields import parse, to_text, type_hints
from number_recognition.storage.renamed_settings import SETTINGS
from number_recognition.storage.settings import CONFIG, FineTuningSettings, TrainingSettings


class _Parser(argparse.ArgumentParser):
    """Prints an error in one line, without the usage of forty options."""

    def error(self, message: str) -> NoReturn:
        print_error(f"{self.prog}: {message}; see {self.prog} --help")
        raise SystemExit(USAGE)


def parser() -> argparse.ArgumentParser:
    """The parser of every command; `options.command` is None for the window."""
    top = _Parser(
        prog="Main.py",
        description="Recognizes the digits you draw. Without a command, opens the window.",
    )
    top.add_argument("--model", type=path, help="the network to use (.keras)")
    top.add_argument("--config", type=path, default=CONFIG, help="another config.json")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _add_predict(commands)
    _add_evaluate(commands)
    _add_train(commands)
    _add_experiment(commands)
    _add_fine_tune(commands)
    _add_strokes_command(commands)
    _add_convert(commands)
    return top


def _command(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help[:1].upper() + help[1:] + "."
    )
    # SUPPRESS keeps a value given before the command.
    command.add_argument(
        "--config",
        type=path,
        default=argparse.SUPPRESS,
        metavar="FILE",
        help="another config.json",
    )
    return command


def _add_model(command: argparse.ArgumentParser, help: str) -> None:
    command.add_argument("--model", type=path, default=argparse.SUPPRESS, metavar="FILE", help=help)


def _add_strokes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--strokes",
        type=path,
        nargs="+",
        action="extend",
        metavar="FILE",
        help="stroke files (.jsonl), one or several",
    )


def _add_predict(commands: Any) -> None:
    command = _command(commands, "predict", "read the numbers in image files")
    command.add_argument(
        "files", nargs="*", type=path, metavar="FILE|FOLDER", help="- is an image on standard input"
    )
    command.add_argument(
        "--labels",
        type=path,
        metavar="FILE",
        help="a CSV of file and label (labels.csv); without FILE, the images it lists are read",
    )
    command.add_argument("--single", action="store_true", help="read each image as one digit")
    _add_model(command, "the network to use (.keras)")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")


def _add_evaluate(commands: Any) -> None:
    command = _command(commands, "evaluate", "evaluate a network; on MNIST's test set by default")
    _add_model(command, "the network to use (.keras)")
    command.add_argument("--mnist", type=path, metavar="FILE", help="MNIST (mnist.npz)")
    command.add_argument(
        "--images", type=path, metavar="FOLDER", help="images in 0 … 9, or with a labels.csv"
    )
    _add_strokes(command)
    command.add_argument(
        "--brush", type=positive, metavar="PX", help="width of the pen on a pad of 280 pixels"
    )
    command.add_argument(
        "--scale",
        type=part,
        metavar="PART",
        help="size of the strokes as a part of the pad (0.65)",
    )
    command.add_argument(
        "--place", choices=("middle", "corner"), help="position on the pad (middle)"
    )
    command.add_argument(
        "--as-pictures",
        action="store_true",
        help="read the rendered strokes as an image, without the strokes",
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def _add_train(commands: Any) -> None:
    command = _command(commands, "train", "train a network; Ctrl+C stops and keeps the best so far")
    command.add_argument(
        "--recipe",
        type=path,
        metavar="NAME|FILE",
        help="settings from a recipe (shipped, synthetic) or an exported run",
    )
    command.add_argument("--mnist", type=path, metavar="FILE", help="MNIST (mnist.npz)")
    _add_strokes(command)
    command.add_argument("--images", type=path, metavar="FOLDER", help="kept drawings in 0 … 9")
    command.add_argument("--name", type=run_name, help="a name for the run (training)")
    command.add_argument("--out", type=keras_file, metavar="FILE", help="where to copy the network")
    command.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help="resume a training that was stopped or killed, the newest or the one named; allows "
        "--out, --json and --config",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    add_settings(command, TrainingSettings)


def _add_experiment(commands: Any) -> None:
    command = _command(
        commands, "experiment", "train a network for every combination of the values given"
    )
    command.add_argument(
        "--recipe", type=path, metavar="NAME|FILE", help="the other settings, from a recipe"
    )
    command.add_argument("--mnist", type=path, metavar="FILE", help="MNIST (mnist.npz)")
    _add_strokes(command)
    command.add_argument("--images", type=path, metavar="FOLDER", help="kept drawings in 0 … 9")
    command.add_argument("--name", type=run_name, help="a name for the runs (experiment)")
    command.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="EXPERIMENT",
        help="resume an experiment that was stopped or killed, the newest or the one named",
    )
    command.add_argument(
        "--out", type=keras_file, metavar="FILE", help="where to copy the best network"
    )
    where = command.add_mutually_exclusive_group()
    where.add_argument("--workers", type=workers, metavar="N", help="trainings at a time (1)")
    where.add_argument(
        "--cluster",
        type=address,
        metavar="ADDRESS",
        help="train on the workers of a Dask scheduler instead",
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")
    add_settings(command, TrainingSettings, several=True)


def _add_fine_tune(commands: Any) -> None:
    command = _command(
        commands, "fine-tune", "fine-tune on the kept drawings without forgetting the rest"
    )
    _add_model(command, "the network to start from")
    command.add_argument("--images", type=path, metavar="FOLDER", help="kept drawings in 0 … 9")
    command.add_argument("--mnist", type=path, metavar="FILE", help="MNIST (mnist.npz)")
    command.add_argument(
        "--out",
        type=keras_file,
        metavar="FILE",
        help="where to save the network; without it, it is used from now on (paths.network in "
        "config.json)",
    )
    max_drop = FineTuningSettings.__dataclass_fields__["max_drop"]
    command.add_argument(
        "--max-drop",
        type=_setting(max_drop, type_hints(FineTuningSettings)["max_drop"]),
        metavar="POINTS",
        help="points of accuracy that the original task may lose; beyond, exit status 3",
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def _add_strokes_command(commands: Any) -> None:
    command = _command(
        commands, "strokes", "convert UCI's pen digits or a folder of UNIPEN to a stroke file"
    )
    command.add_argument(
        "originals",
        nargs="+",
        type=path,
        metavar="ORIGINAL",
        help="pendigits-orig.tra or .tes, or a folder of UNIPEN with data and include",
    )
    command.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="the stroke file (.jsonl)"
    )
    command.add_argument(
        "--donors", nargs="+", metavar="NAME", help="only these donors of UNIPEN (aga apb …)"
    )
    command.add_argument(
        "--kinds",
        nargs="+",
        choices=("digits", "other"),
        default=["digits", "other"],
        help="kinds of characters to write (both)",
    )
    command.add_argument(
        "--y-down",
        nargs="+",
        metavar="NAME",
        help="donors of UNIPEN whose y axis points down; for others and UCI it points up",
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def _add_convert(commands: Any) -> None:
    command = _command(commands, "convert", "convert a dense network of Keras (.h5, .keras)")
    command.add_argument("network", type=path, metavar="IN", help="the network (.h5 or .keras)")
    command.add_argument("out", type=keras_file, metavar="OUT", help="the new file (.keras)")


def add_settings(command: argparse.ArgumentParser, kind: type, several: bool = False) -> None:
    """Add an option for each setting of a class, with one value or several."""
    group = command.add_argument_group("settings (defaults are in config.json)")
    types = type_hints(kind)
    old_names = {name: old for old, name in SETTINGS.items()}
    for field in dataclasses.fields(kind):
        choices = field.metadata.get("choices")
        help = field.metadata["help"] + (f": {', '.join(choices)}" if choices else "")
        add = functools.partial(
            group.add_argument,
            dest=field.name,
            type=_setting(field, types[field.name]),
            nargs="+" if several else None,
            metavar=to_text(field.default).upper() if several else "VALUE",
        )
        add("--" + field.name.replace("_", "-"), help=help.replace("%", "%%"))
        if field.name in old_names:
            add("--" + old_names[field.name].replace("_", "-"), help=argparse.SUPPRESS)


def _setting(field: dataclasses.Field[Any], hint: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return parse(field, hint, text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read
