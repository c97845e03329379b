"""Output of the commands: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from number_recognition.core.formatting import escape_controls, percent_done, pluralize
from number_recognition.core.progress import Progress, ProgressTimer, format_duration

DONE, FAILED, USAGE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 130

_CONTROL = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_ENCODER = json.JSONEncoder(ensure_ascii=False)

Item = TypeVar("Item")


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
        text = f"{percent_done(progress.done):>5}  {escape_controls(progress.message)}"
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


def counted(items: Iterable[Item], total: int, what: str, at_once: float = 1.0) -> Iterator[Item]:
    """Give the items one after another, and show how many of all are done.

    Args:
        items: what is worked on.
        total: how many there are.
        what: what is done with them, "Reading drawings" for example.
        at_once: for so many seconds nothing is shown.
    """
    line, timer = ProgressLine(), ProgressTimer()
    for number, item in enumerate(items, start=1):
        yield item
        if timer.seconds() > at_once and timer.ready():
            part = number / total
            text = f"{what}, {number:,} of {total:,}"
            line(Progress(text, part, timer.seconds_left(part)))
    line.end()


class CountLine:
    """The number of things done so far and their rate, as one line of a terminal.

    Nothing is shown where standard error is no terminal, or where results are printed on one: they
    show the progress themselves.

    Args:
        noun: what is counted, "image" for example.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._shows = sys.stderr.isatty() and not sys.stdout.isatty()
        self._timer = ProgressTimer()
        self._count = self._width = 0

    def count(self, name: str) -> None:
        """Count one more thing, with its name."""
        self._count += 1
        if not (self._shows and self._timer.ready()):
            return
        rate = self._count / max(self._timer.seconds(), 0.001)
        text = (
            f"{pluralize(self._count, self._noun)}, {rate:,.0f} a second: {escape_controls(name)}"
        )
        text = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def clear(self) -> None:
        """Take the line away, so that other output has a line of its own."""
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


class JsonList:
    """Prints a JSON list while its values come in, as `print_json` prints all of them."""

    def __init__(self) -> None:
        self._is_empty = True

    def __enter__(self) -> JsonList:
        return self

    def add(self, value: Any) -> None:
        """Print one more value."""
        text = f"{'[' if self._is_empty else ','}\n  {_escaped(_indented(value, '  '))}"
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        finally:  # an interruption comes after the text is written
            self._is_empty = False

    def __exit__(self, *error: object) -> None:
        print("[]" if self._is_empty else "\n]", flush=True)


def escape_odd_names() -> None:
    """Escape file names that are not UTF-8 when they are printed, instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(_as_json(value))


def _as_json(value: Any) -> str:
    """JSON that can be shown on a terminal."""
    return _escaped(json.dumps(value, indent=2, ensure_ascii=False))


def _escaped(text: str) -> str:
    """JSON with those control characters escaped that json leaves as they are."""
    if text.isascii() and "\x7f" not in text:  # quicker than looking at each character
        return text
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _indented(value: Any, indent: str) -> str:
    """What json.dumps gives with an indent of 2, its further lines after this indent.

    Several times as fast: with an indent, json does without its part in C. Keys are texts.
    """
    inside = f"{indent}  "
    if value and isinstance(value, dict):
        texts = [f"{_scalar(key)}: {_indented(each, inside)}" for key, each in value.items()]
    elif value and isinstance(value, list):
        texts = [_indented(each, inside) for each in value]
    else:
        return _scalar(value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = f",\n{inside}"
    return f"{opening}\n{inside}{separator.join(texts)}\n{indent}{closing}"


def _scalar(value: Any) -> str:
    """What json.dumps gives for a value that holds no others."""
    if isinstance(value, float) and value - value == 0:  # neither infinite nor NaN
        return float.__repr__(value)
    return "null" if value is None else _ENCODER.encode(value)


def print_error(message: object) -> None:
    """Print a message as one line on standard error."""
    print(escape_controls(" ".join(str(message).split())), file=sys.stderr)
