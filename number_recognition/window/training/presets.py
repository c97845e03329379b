"""Ready-made settings of a training."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache

from number_recognition.learning.runs.recipes import find_recipe, load_recipe
from number_recognition.storage.settings import TrainingSettings


@dataclass(frozen=True)
class Preset:
    """Ready-made settings, with their name and a sentence about them."""

    name: str
    sentence: str
    settings: TrainingSettings


@cache
def presets() -> tuple[Preset, ...]:
    """Return the ready-made settings, the quickest first."""
    quick = TrainingSettings(
        hidden_layers=(64,), sources=("mnist",), distortion=0.0, epochs=10, batch_size=128
    )
    best = load_recipe(find_recipe("shipped"))
    return (
        Preset("One minute", "64 units on MNIST: to see how a network learns.", quick),
        Preset("Good", "Two layers of 512 units: reads most people's digits.", TrainingSettings()),
        Preset("Best", "The recipe of the bundled network.", best),
    )


def without_missing_strokes(settings: TrainingSettings, has_strokes: bool) -> TrainingSettings:
    """Leave the stroke files out of the sources where none are set."""
    if has_strokes or "strokes" not in settings.sources:
        return settings
    sources = tuple(source for source in settings.sources if source != "strokes")
    return dataclasses.replace(settings, sources=sources or ("synthetic",))
