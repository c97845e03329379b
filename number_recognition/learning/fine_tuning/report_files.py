"""The cards of kept networks, read and checked: what is wrong is told with file and key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from number_recognition.storage.files import read_json_object
from number_recognition.storage.renamed_settings import key_in_file
from number_recognition.storage.values import is_number, shown


@dataclass(frozen=True)
class KeptCard:
    """What the card beside a network tells, None where it does not or is damaged.

    Attributes:
        corrections: from how many kept drawings it learnt.
        kept_before: the part of the kept drawings that was read right before, of 1.
        kept_after: the part that it reads right.
        kept_count: how many drawings that is of.
        mnist_test: its accuracy on MNIST's test set, of 1.
        problem: what is wrong with the card, "" for nothing.
    """

    corrections: int | None = None
    kept_before: float | None = None
    kept_after: float | None = None
    kept_count: int | None = None
    mnist_test: float | None = None
    problem: str = ""


def read_card(network: Path) -> KeptCard:
    """The card beside a network; each value is read by itself, and nothing is raised."""
    path = network.with_suffix(".json")
    try:
        values = read_json_object(path, any_text=True)
    except FileNotFoundError:
        return KeptCard()
    except (OSError, ValueError) as error:
        return KeptCard(problem=str(error))
    reader = _Reader(path)
    kept = reader.part(values, "kept")
    return KeptCard(
        reader.count(values, "corrections"),
        reader.number(kept, "before", "kept."),
        reader.number(kept, "after", "kept."),
        reader.count(kept, "count", "kept."),
        reader.mnist_test(values),
        "; ".join(reader.problems),
    )


class _Reader:
    """Reads single values, and notes what is wrong with each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: list[str] = []

    def part(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        found = values.get(key)
        if found is None or isinstance(found, dict):
            return found or {}
        self._note(key, "an object", found)
        return {}

    def number(self, values: dict[str, Any], key: str, within: str = "") -> float | None:
        found = values.get(key)
        if found is None:
            return None
        if is_number(found):
            return float(found)
        self._note(within + key, "a number", found)
        return None

    def count(self, values: dict[str, Any], key: str, within: str = "") -> int | None:
        found = values.get(key)
        if found is None or (type(found) is int and found >= 0):
            return found
        self._note(within + key, "a whole number from 0 on", found)
        return None

    def mnist_test(self, values: dict[str, Any]) -> float | None:
        """The card of a fine-tuning has a change there, that of a training an accuracy."""
        metrics = self.part(values, key_in_file("metrics", values)) or values
        if is_number(metrics.get("mnist_test")):
            return float(metrics["mnist_test"])
        test = self.part(metrics, "mnist_test")
        key = "accuracy" if "accuracy" in test else "after"
        return self.number(test, key, "mnist_test.")

    def _note(self, key: str, expected: str, found: object) -> None:
        self.problems.append(f"{self._path}, {key!r}: expected {expected}, found {shown(found)}")
