"""Wrong usage, and files and folders that are not as an option needs them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from number_recognition.commands.output import print_error
from number_recognition.storage.settings import CONFIG

USING_A_NETWORK = (None, "predict", "evaluate", "fine-tune")
"""The commands that --model goes with; None: the window."""


class WrongUsage(ValueError):
    """Options that do not go together, or that a command would ignore."""


def check_command(options: argparse.Namespace) -> None:
    """Check what may stand before any command.

    Raises:
        WrongUsage: --model does not go with the command.
        OSError: --config is a folder, or lies in a folder that is not there.
    """
    if options.model is not None and options.command not in USING_A_NETWORK:
        raise WrongUsage(
            f"--model does not go with {options.command}, which trains new networks; "
            "--initial-weights FILE sets the network to begin with"
        )
    if options.config == CONFIG:
        return
    # What a command writes stands beside it: a mistyped folder must not come into being.
    if options.config.exists() or not options.config.parent.is_dir():
        check_file(options.config, "a configuration (.json)")
    elif options.command is not None:  # the window says so itself
        print_error(f"{options.config}: found no such file; each setting has its default.")


def check_out(path: Path | None) -> None:
    """Check that a file can be written.

    Raises:
        OSError: its folder is not there or cannot be written to, or it is a folder itself.
    """
    if path is None:
        return
    check_folder(path.parent)
    if path.is_dir():
        raise IsADirectoryError(f"{path}: expected a file, found a folder")
    if not os.access(path.parent, os.W_OK):
        raise PermissionError(f"{path.parent}: expected a folder that can be written to")


def check_file(path: Path, what: str) -> None:
    """Check that a file is there.

    Raises:
        OSError: it is not; says what was expected.
    """
    if path.is_dir():
        raise IsADirectoryError(f"{path}: expected {what}, found a folder")
    if not path.exists():
        raise FileNotFoundError(f"{path}: expected {what}, found no such file")


def check_folder(path: Path) -> None:
    """Check that a folder is there.

    Raises:
        OSError: it is not.
    """
    if not path.is_dir():
        found = "a file" if path.exists() else "none"
        raise NotADirectoryError(f"{path}: expected a folder, found {found}")
