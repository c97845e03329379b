"""Fine-tuned networks in models/versions: each a file with its report next to it."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from number_recognition.storage.file_errors import explained
from number_recognition.storage.files import is_old, read_json_object, write_json
from number_recognition.storage.renamed_settings import key_in_file
from number_recognition.storage.values import is_number, short_repr

if TYPE_CHECKING:
    from number_recognition.learning.fine_tuning.report import FineTuningReport


@dataclass(frozen=True)
class ReportSummary:
    """The main values of a saved report; None where a value is missing or damaged.

    Attributes:
        corrections: how many kept drawings the network was trained on.
        kept_before: accuracy on the kept drawings before, 0 to 1.
        kept_after: accuracy on them after.
        kept_count: how many drawings that is of.
        mnist_test: accuracy on MNIST's test set.
        problem: what is wrong with the report, "" for nothing.
        parent: the network that was fine-tuned.
    """

    corrections: int | None = None
    kept_before: float | None = None
    kept_after: float | None = None
    kept_count: int | None = None
    mnist_test: float | None = None
    problem: str = ""
    parent: Path | None = None


def write_report(report: FineTuningReport) -> None:
    """Save a report next to its network, which makes it a listed version.

    Raises:
        OSError: it cannot be written.
    """
    write_json(report.network.with_suffix(".json"), report.as_dict())


def discard_version(report: FineTuningReport) -> None:
    """Delete a fine-tuned network that is not kept.

    Raises:
        OSError: it cannot be deleted.
    """
    with explained(report.network, "cannot be deleted"):
        report.network.unlink(missing_ok=True)


def list_candidates(versions: Path) -> list[Path]:
    """The networks in a folder that were neither kept nor discarded, newest first.

    A fine-tuning is asked about when it ends: these are of programs that were ended before the
    answer. Those younger than an hour may be asked about now, and are left out.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [path for path, is_listed in _networks(versions) if not is_listed and is_old(path)]


def leave_candidate(network: Path) -> None:
    """Let a network that is neither kept nor discarded be listed as a candidate at once.

    It gets an old time: there is no window any more that may be asking about it. One whose time
    cannot be changed is listed an hour later.
    """
    with contextlib.suppress(OSError):
        os.utime(network, (0, 0))


def keep_candidate(network: Path) -> None:
    """Make a network a listed version, whose report is lost.

    Raises:
        OSError: its report cannot be written.
    """
    write_json(network.with_suffix(".json"), {})


def list_versions(versions: Path) -> list[tuple[Path, ReportSummary]]:
    """The versions in a folder with their reports, newest first.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [(path, read_report(path)) for path, is_listed in _networks(versions) if is_listed]


def _networks(versions: Path) -> list[tuple[Path, bool]]:
    """The networks in a folder, newest first, and whether each has a report."""
    with explained(versions, "cannot be listed"):
        paths = sorted(versions.glob("[!.]*.keras"), reverse=True)
        return [(path, path.with_suffix(".json").exists()) for path in paths]


def read_report(network: Path) -> ReportSummary:
    """Read the report next to a network, each value by itself; nothing is raised."""
    path = network.with_suffix(".json")
    try:
        values = read_json_object(path, any_text=True)
    except FileNotFoundError:
        return ReportSummary()
    except (OSError, ValueError) as error:
        return ReportSummary(problem=str(error))
    reader = _Reader(path)
    kept = reader.section(values, "kept")
    return ReportSummary(
        reader.count(values, "corrections"),
        reader.number(kept, "before", "kept."),
        reader.number(kept, "after", "kept."),
        reader.count(kept, "count", "kept."),
        reader.mnist_test(values),
        parent=reader.path(values, "parent"),
        problem="; ".join(reader.problems),
    )


class _Reader:
    """Reads single values, and collects what is wrong with each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: list[str] = []

    def section(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        value = values.get(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self._add_problem(key, "an object", value)
        return {}

    def number(self, values: dict[str, Any], key: str, section: str = "") -> float | None:
        value = values.get(key)
        if value is None:
            return None
        if is_number(value):
            return float(value)
        self._add_problem(section + key, "a number", value)
        return None

    def count(self, values: dict[str, Any], key: str, section: str = "") -> int | None:
        value = values.get(key)
        if value is None or (type(value) is int and value >= 0):
            return value
        self._add_problem(section + key, "a whole number from 0 on", value)
        return None

    def path(self, values: dict[str, Any], key: str) -> Path | None:
        value = values.get(key)
        if value is None or (isinstance(value, str) and value):
            return None if value is None else Path(value)
        self._add_problem(key, "the path of a file", value)
        return None

    def mnist_test(self, values: dict[str, Any]) -> float | None:
        """The report of a fine-tuning has a change there, that of a training an accuracy."""
        metrics = self.section(values, key_in_file("metrics", values)) or values
        if is_number(metrics.get("mnist_test")):
            return float(metrics["mnist_test"])
        test = self.section(metrics, "mnist_test")
        key = "accuracy" if "accuracy" in test else "after"
        return self.number(test, key, "mnist_test.")

    def _add_problem(self, key: str, expected: str, value: object) -> None:
        found = short_repr(value)
        self.problems.append(f"{self._path}, {key!r}: expected {expected}, found {found}")
