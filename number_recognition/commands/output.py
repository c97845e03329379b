"""Output of the commands: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from number_recognition.core.formatting import percent_done
from number_recognition.core.progress import Progress, format_duration

DONE, FAILED, USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130


class ProgressLine:
    """The progress as one line that is overwritten; without a terminal, a line for each tenth.

    Skipped files are printed on lines of their own.
    """

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._width = 0
        self._last_step: tuple[str, int] | None = None

    def __call__(self, progress: Progress) -> None:
        if "skipped" in progress.details:
            self.end()
            for reason in progress.details["skipped"]:
                print_error(f"Skipped: {reason}")
            return
        left = progress.seconds_left
        text = f"{percent_done(progress.done):>5}  {progress.message}"
        text += f", {format_duration(left)} left" if left is not None else ""
        if self._terminal:
            print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)
            return
        step = (progress.message.split(",")[0].split(" ")[0], int(progress.done * 10))
        if step != self._last_step:
            self._last_step = step
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line, so that other output starts on a new one."""
        if self._width:
            print(file=sys.stderr)
            self._width = 0


def escape_odd_names() -> None:
    """Escape file names that are not UTF-8 when they are printed, instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_error(message: object) -> None:
    """Print a message as one line on standard error."""
    print(" ".join(str(message).split()), file=sys.stderr)
