"""Wrong usage of the command line, and checks of files and folders."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from number_recognition.commands.output import print_error
from number_recognition.storage.settings import BUNDLED_NETWORK, CONFIG

COMMANDS_WITH_MODEL = (None, "predict", "evaluate", "fine-tune")
"""The commands that --model goes with; None: the window."""


class WrongUsage(ValueError):
    """Options conflict, or a command would ignore one."""


def check_command(options: argparse.Namespace) -> None:
    """Check the options before the command.

    Raises:
        WrongUsage: the command would ignore --model.
        OSError: --config is a folder, or in a missing folder.
    """
    if options.model is not None and options.command not in COMMANDS_WITH_MODEL:
        start = "; --initial-weights FILE sets the network to start from"
        raise WrongUsage(
            f"--model does not go with {options.command}"
            + (start if options.command in ("train", "experiment") else "")
        )
    if options.config == CONFIG:
        return
    # Commands write files next to it: a mistyped folder must not be created.
    if options.config.exists() or not options.config.parent.is_dir():
        check_file(options.config, "a configuration (.json)")
    elif options.command is not None:  # the window reports it
        print_error(f"{options.config}: found no such file; each setting has its default.")


def check_out(path: Path | None) -> None:
    """Check that a file can be written, and is not the bundled network.

    Raises:
        OSError: its folder is missing or read-only, or it is a folder itself.
        ValueError: it is the bundled network, which nothing could bring back.
    """
    if path is None:
        return
    check_folder(path.parent)
    if path.is_dir():
        raise IsADirectoryError(f"{path}: expected a file, found a folder")
    if path.resolve() == BUNDLED_NETWORK.resolve():
        raise ValueError(f"{path}: expected another file, found the bundled network")
    check_writable(path.parent)


def check_writable(folder: Path) -> None:
    """Check that files can be written to a folder, which need not exist yet.

    Raises:
        OSError: it is read-only, or it cannot be made.
    """
    existing = next(each for each in (folder, *folder.resolve().parents) if each.exists())
    check_folder(existing)
    if not os.access(existing, os.W_OK):
        raise PermissionError(
            f"{existing}: expected a folder that can be written to, found a read-only one"
        )


def check_file(path: Path, what: str) -> None:
    """Check that a file exists.

    Raises:
        OSError: it does not, or is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(f"{path}: expected {what}, found a folder")
    if not path.exists():
        raise FileNotFoundError(f"{path}: expected {what}, found no such file")


def check_folder(path: Path) -> None:
    """Check that a folder exists.

    Raises:
        OSError: it does not.
    """
    if not path.is_dir():
        found = "a file" if path.exists() else "none"
        raise NotADirectoryError(f"{path}: expected a folder, found {found}")
