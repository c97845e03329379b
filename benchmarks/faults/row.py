"""A row of the table: what was tried, how often, and what did not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Row:
    """One row.

    Attributes:
        name: what was tried.
        tried: how often.
        failures: what did not hold, each with the seed that shows it again.
        notes: figures beside, the most seconds a refusal took for example.
    """

    name: str
    tried: int = 0
    failures: list[str] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    def note_most(self, name: str, value: float) -> None:
        """Note the largest value of a figure."""
        self.notes[name] = max(value, self.notes.get(name, 0.0))

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values."""
        return {
            "name": self.name,
            "tried": self.tried,
            "failures": self.failures,
            "notes": {name: round(value, 3) for name, value in self.notes.items()},
        }

    def as_text(self) -> str:
        """The row for people to read; the failures in lines below."""
        notes = ", ".join(f"{name} {value:.4g}" for name, value in self.notes.items())
        text = f"{self.name:<44}{self.tried:>7} tried{len(self.failures):>5} failed  {notes}"
        return "\n".join([text.rstrip(), *(f"    {failure}" for failure in self.failures[:20])])
