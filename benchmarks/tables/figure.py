"""A figure of speed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, in which unit, and what is aimed at, if anything is."""

    name: str
    value: float
    unit: str
    aim: str = ""

    def __str__(self) -> str:
        value = f"{self.value:,.0f}" if self.value >= 1000 else f"{self.value:.3g}"
        return f"{self.name:<66}{value:>8} {self.unit:<10} {self.aim}".rstrip()
