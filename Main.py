"""The entry point: without a command the window opens; with one, it runs without a window."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

# The window's matrix products are small, and two BLAS threads that wait for each other on a busy
# machine are a hundred times slower than one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns 0 done, 1 failed, 2 wrong usage, 3 refused, 130 interrupted."""
    from number_recognition.commands.output import FAILED, INTERRUPTED, USAGE, print_error
    from number_recognition.commands.usage import WrongUsage

    given = sys.argv[1:] if arguments is None else arguments
    try:
        return _run(_options(given)) if given else _open_window()
    except KeyboardInterrupt:
        print_error("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except WrongUsage as error:
        print_error(f"Main.py: {error}; see Main.py --help")
        return USAGE
    except (OSError, ValueError) as error:
        print_error(error)
        return FAILED


def _open_window() -> int:
    """The window as config.json has it; it opens sooner without the parser of the command line."""
    from number_recognition.window.app import open_window

    return open_window()


def _options(arguments: list[str]) -> argparse.Namespace:
    from number_recognition.commands.options import parser

    return parser().parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    from number_recognition.commands.output import escape_odd_names, print_error
    from number_recognition.commands.usage import check_command
    from number_recognition.storage.config_file import read_config, update_old_names

    escape_odd_names()
    check_command(options)
    if options.command is None:
        from number_recognition.window.app import open_window

        return open_window(options.model, options.config)
    if message := update_old_names(options.config):
        print_error(message)
    config = read_config(options.config)
    if options.model is None:
        options.model = config.paths.network_file(options.config)
    return _command(options.command)(options)


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command; each is imported only when it is asked for."""
    if name == "predict":
        from number_recognition.commands.predict.command import predict as command
    elif name == "evaluate":
        from number_recognition.commands.evaluate import evaluate as command
    elif name == "train":
        from number_recognition.commands.train import train as command
    elif name == "experiment":
        from number_recognition.commands.experiment import run_experiment as command
    elif name == "strokes":
        from number_recognition.commands.strokes import strokes as command
    elif name == "convert":
        from number_recognition.commands.convert import convert as command
    else:
        from number_recognition.commands.fine_tune import fine_tune as command
    return command


if __name__ == "__main__":
    sys.exit(main())
