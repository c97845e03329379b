"""A row of a table of figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One row of the table: what was measured, and each of its cells if there are several.

    `part` is right from 0 to 1, or None where it was not measured and `why` says so.
    """

    name: str
    part: float | None
    n: int = 0
    worst: str = ""
    why: str = ""
    cells: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values."""
        return {
            "name": self.name,
            "value": self.part,
            "n": self.n,
            **({"worst": self.worst, "cells": self.cells} if self.cells else {}),
            **({"not_measured": self.why} if self.why else {}),
        }


def as_text(row: Row) -> str:
    """A row of the table for people to read."""
    if row.part is None:
        return f"{row.name:<50} not measured ({row.why})"
    return f"{row.name:<50}{row.part:9.2%}{row.n:8,}  {row.worst}".rstrip()
