"""The convert command: make a network that others trained one of the program's own files."""

from __future__ import annotations

import argparse

from number_recognition.commands.output import DONE
from number_recognition.commands.usage import check_out
from number_recognition.core.formatting import escape_controls
from number_recognition.learning.convert_job import convert_job


def convert(options: argparse.Namespace) -> int:
    """Convert a network and print the name of the new file; returns the exit status."""
    check_out(options.out)
    print(escape_controls(str(convert_job(options.network, options.out))))
    return DONE
