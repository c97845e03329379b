"""Names of networks and runs for people: when they were made, and what they gained."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from number_recognition.core.formatting import NOT_A_NUMBER, pluralize
from number_recognition.learning.fine_tuning.version_store import read_report
from number_recognition.learning.runs.run_files import MODEL_FILE
from number_recognition.storage.files import read_json_object
from number_recognition.storage.values import printable

NOTE_FILE = "note.json"
"""In the folder of a run: its name and note."""
LONGEST_NAME = 100
_FORBIDDEN = '<>:"/\\|?*'
"""Characters that Windows allows in no file name, path separators among them."""
_VERSION = re.compile(r"(\d{8}T\d{6})(\d{6})?")
_RUN = re.compile(r"(\d{8}T\d{6})(?:-(.+))?")


def check_run_name(name: str) -> None:
    """Check the name of a run, which is a part of its folder's name.

    Raises:
        ValueError: it cannot be; says what was expected and what was found.
    """
    if not 0 < len(name.encode()) <= LONGEST_NAME:
        raise ValueError(
            f"expected a name of 1 to {LONGEST_NAME} bytes, found {len(name.encode())}"
        )
    if any(letter in _FORBIDDEN or not letter.isprintable() for letter in name):
        raise ValueError(
            f"expected a name without control characters and {' '.join(_FORBIDDEN)}, found {name!r}"
        )
    if name != name.strip(" ."):
        raise ValueError(f"expected a name without dots or spaces at its ends, found {name!r}")


def display_name(network: Path) -> str:
    """The name of a network: of a version or a run by its time, else the name of its file."""
    if _VERSION.fullmatch(network.stem):
        return f"fine-tuned network of {created_at(network)}"
    if network.name == MODEL_FILE and _RUN.fullmatch(network.parent.name):
        return f"network of the {run_display_name(network.parent)}"
    return printable(network.name)


def description(network: Path) -> str:
    """The name of a network, and of a version also the main values of its report."""
    values = ", ".join(_report_values(network)) if _VERSION.fullmatch(network.stem) else ""
    return display_name(network) + (f": {values}" if values else "")


def run_display_name(folder: Path) -> str:
    """The name of a run, as it was begun or renamed, and when it was begun."""
    match = _RUN.fullmatch(folder.name)
    if match is None:
        return f"training {printable(folder.name)}"
    name = _read_name(folder / NOTE_FILE) or printable(match[2] or "")
    title = f"training “{name}”" if name and name != "training" else "training"
    return f"{title} of {_format_time(match[1])}"


def created_at(network: Path) -> str:
    """When a network was made: by its name where that has a time, else by its file."""
    match = _VERSION.fullmatch(network.stem) or _RUN.fullmatch(network.parent.name)
    if match is not None:
        return _format_time(match[1])
    return f"{datetime.fromtimestamp(network.stat().st_mtime):%d %b %Y, %H:%M}"


def _format_time(time: str) -> str:
    """20261122T145352, in UTC, as local time; unchanged where it is no time."""
    with contextlib.suppress(ValueError):
        utc = datetime.strptime(time, "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
        return f"{utc.astimezone():%d %b %Y, %H:%M}"
    return time


def _report_values(network: Path) -> Iterator[str]:
    """How many drawings a version was trained on and what it gained, where its report has it."""
    report = read_report(network)
    if report.corrections is not None:
        yield f"trained on {pluralize(report.corrections, 'drawing')}"
    if report.kept_count is None:
        return
    if report.kept_before is None or report.kept_after is None:
        yield f"gain: {NOT_A_NUMBER}"
        return
    gain = round((report.kept_after - report.kept_before) * report.kept_count)
    yield f"{abs(gain)} {'more' if gain >= 0 else 'fewer'} of {report.kept_count} read correctly"


def report_problem(network: Path) -> str:
    """What is wrong with the report of a version; "" for nothing and for other networks."""
    return read_report(network).problem if _VERSION.fullmatch(network.stem) else ""


def _read_name(path: Path) -> str:
    """The name that a run was given later; "" without a readable one."""
    with contextlib.suppress(OSError, ValueError):
        name = read_json_object(path).get("name")
        return printable(name) if isinstance(name, str) else ""
    return ""
