"""The labels of pictures, as a CSV lists them, and how many are read right."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from number_recognition.core.formatting import percent, pluralize
from number_recognition.digits.corrections.imports import read_image_labels


@dataclass(frozen=True)
class Labels:
    """The label of each listed file: "7", "42", or "none" for what is no digit."""

    by_path: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, on_error: Callable[[Exception], object]) -> Labels:
        """Read a CSV of file and label.

        Args:
            path: the CSV.
            on_error: called for each line that cannot be used.

        Raises:
            ValueError, OSError: see `read_image_labels`.
        """
        skipped: list[str] = []
        listed = read_image_labels(path, skipped)
        for reason in skipped:
            on_error(ValueError(reason))
        return cls({os.path.abspath(file): label for file, label in listed})

    def paths(self) -> list[Path]:
        """The listed files, in their order, relative to the current folder where below it."""
        here = Path.cwd()
        paths = (Path(path) for path in self.by_path)
        return [path.relative_to(here) if path.is_relative_to(here) else path for path in paths]

    def find(self, path: Path) -> str | None:
        """The label of a file; None where it is not listed."""
        return self.by_path.get(os.path.abspath(path))


def is_right(label: str, text: str) -> bool:
    """Whether a picture with this label is read right; `text` is what is read, lines and all."""
    return label == ("".join(text.split()) or "none")


@dataclass
class Score:
    """How many of the labelled pictures were read right."""

    right: int = 0
    labelled: int = 0

    def add(self, correct: bool | None) -> None:
        """Count a picture; None: it has no label."""
        if correct is not None:
            self.labelled += 1
            self.right += correct

    def __str__(self) -> str:
        if not self.labelled:
            return "No picture has a label."
        share = percent(self.right / self.labelled)
        return f"{share} of {pluralize(self.labelled, 'labelled picture')} right"
