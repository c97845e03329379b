"""The network that reads the pad: its file, its name for the user, and what it predicts with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from number_recognition.learning.runs.display_names import description

if TYPE_CHECKING:
    from Recognition import Recognizer

_READS_ONE_DIGIT = (
    "It reads one digit at a time: to read numbers, train with the setting “No digit” "
    "(Training ▸ Advanced)."
)


@dataclass(frozen=True)
class NetworkInUse:
    """A network as the session uses it.

    Attributes:
        recognizer: predicts with it; None before it is loaded.
        path: its file.
        label: how it is named for the user.
    """

    recognizer: Recognizer | None
    path: Path
    label: str

    @property
    def reads_one_digit(self) -> bool:
        """Whether it reads no numbers: only a network that can answer "no digit" does."""
        return self.recognizer is not None and not self.recognizer.network.can_refuse

    @property
    def limits(self) -> str:
        """What it does not read and what to do, a sentence; "" where it reads numbers."""
        return _READS_ONE_DIGIT if self.reads_one_digit else ""

    @classmethod
    def load(cls, path: Path, refuse_above: float | None, label: str = "") -> NetworkInUse:
        """Load a network.

        Args:
            path: its file.
            refuse_above: see `Recognizer.load`.
            label: how it is named for the user, by default after its file.

        Raises:
            FileNotFoundError: the file does not exist.
            ValueError: it is no network for digits.
        """
        # Imported here: the window is on the screen before what reads networks is.
        from Recognition import Recognizer

        return cls(Recognizer.load(path, refuse_above), path, label or description(path))
