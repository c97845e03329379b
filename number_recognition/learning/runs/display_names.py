"""What people call a network: when it was made, from how many drawings, what it gained."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from number_recognition.core.formatting import NOT_A_NUMBER, pluralize
from number_recognition.learning.fine_tuning.version_store import read_report
from number_recognition.storage.files import read_json_object
from number_recognition.storage.values import printable

NOTE_FILE = "note.json"
"""In the folder of a run: what a person calls it."""
LONGEST_NAME = 100
_FORBIDDEN = '<>:"/\\|?*'
"""What no file of Windows may have in its name, the separators of paths among it."""
_VERSION = re.compile(r"(\d{8}T\d{6})(\d{6})?")
_RUN = re.compile(r"(\d{8}T\d{6})(?:-(.+))?")


def check_run_name(name: str) -> None:
    """Check the name of a run, which becomes a part of the name of its folder.

    Raises:
        ValueError: no folder can have it; says what was expected and what was found.
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
    """A kept version and the network of a run in words, any other network by its file."""
    if _VERSION.fullmatch(network.stem):
        return f"fine-tuned network of {created_at(network)}"
    if network.name == "model.keras" and _RUN.fullmatch(network.parent.name):
        return f"network of the {run_display_name(network.parent)}"
    return printable(network.name)


def description(network: Path) -> str:
    """What a network is called, and what its card tells of a kept version."""
    learnt = ", ".join(_card_facts(network)) if _VERSION.fullmatch(network.stem) else ""
    return display_name(network) + (f": {learnt}" if learnt else "")


def run_display_name(folder: Path) -> str:
    """A training by its name, as a person changed it or as it was begun, and when that was."""
    found = _RUN.fullmatch(folder.name)
    if found is None:
        return f"training {printable(folder.name)}"
    name = _noted(folder / NOTE_FILE) or printable(found[2] or "")
    words = f"training “{name}”" if name and name != "training" else "training"
    return f"{words} of {_format_time(found[1])}"


def created_at(network: Path) -> str:
    """When a network was made, by its name where that tells, else by its file."""
    found = _VERSION.fullmatch(network.stem) or _RUN.fullmatch(network.parent.name)
    if found is not None:
        return _format_time(found[1])
    return f"{datetime.fromtimestamp(network.stat().st_mtime):%d %b %Y, %H:%M}"


def _format_time(time: str) -> str:
    """20261122T145352, in UTC, as the clock on the wall had it; as it stands where it is none."""
    with contextlib.suppress(ValueError):
        utc = datetime.strptime(time, "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
        return f"{utc.astimezone():%d %b %Y, %H:%M}"
    return time


def _card_facts(network: Path) -> Iterator[str]:
    """From how many drawings a version has learnt and what it gained, as far as its card tells."""
    card = read_report(network)
    if card.corrections is not None:
        yield f"{pluralize(card.corrections, 'drawing')} learnt"
    if card.kept_count is None:
        return
    if card.kept_before is None or card.kept_after is None:
        yield f"gain: {NOT_A_NUMBER}"
        return
    won = round((card.kept_after - card.kept_before) * card.kept_count)
    yield f"{abs(won)} {'more' if won >= 0 else 'fewer'} of {card.kept_count} read right"


def report_problem(network: Path) -> str:
    """What is wrong with the card of a kept version, "" for nothing and for another network."""
    return read_report(network).problem if _VERSION.fullmatch(network.stem) else ""


def _noted(path: Path) -> str:
    """The name that a person gave a run; "" where there is none that can be read."""
    with contextlib.suppress(OSError, ValueError):
        name = read_json_object(path).get("name")
        return printable(name) if isinstance(name, str) else ""
    return ""
