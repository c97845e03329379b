"""A row of a table of figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from number_recognition.core.formatting import percent


@dataclass(frozen=True)
class Row:
    """One row of the table: what was measured, and each of its cells if there are several.

    `part` is right from 0 to 1, or None where it was not measured and `why` says so; `n` how many
    there are of what `of` names, `seconds` what each training of several took.
    """

    name: str
    part: float | None
    n: int = 0
    of: str = "samples"
    worst: str = ""
    why: str = ""
    cells: dict[str, float] = field(default_factory=dict)
    seconds: tuple[float, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values."""
        return {
            "name": self.name,
            "value": self.part,
            "n": self.n,
            "of": self.of,
            **({"worst": self.worst, "cells": self.cells} if self.cells else {}),
            **({"seconds": list(self.seconds)} if self.seconds else {}),
            **({"not_measured": self.why} if self.why else {}),
        }


def as_text(row: Row) -> str:
    """A row of the table for people to read."""
    if row.part is None:
        return f"{row.name:<50} not measured ({row.why})"
    count = f"{row.n:,} {row.of if row.n != 1 else row.of.removesuffix('s')}"
    took = f", {min(row.seconds):.0f} to {max(row.seconds):.0f} s" if row.seconds else ""
    return f"{row.name:<50}{percent(row.part):>10}{count:>15}  {row.worst}{took}".rstrip()
