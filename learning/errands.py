"""One run of an experiment as it is sent to a worker, and the samples that a worker reads once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from learning.samples import Gathered, Places, gather
from storage.settings import TrainingSettings

_DATA = (
    "data",
    "mnist_morphs",
    "generated_samples",
    "stroke_renderings",
    "held_out_writers",
    "correction_renderings",
    "validation_split",
    "seed",
)
"""The settings that shape the samples: runs that agree in them learn from the same."""


@dataclass(frozen=True)
class Errand:
    """One run as it is sent to a worker: everything that shapes it, and where it belongs."""

    settings: TrainingSettings
    places: Places
    folder: Path
    experiment: str


def gathered(errand: Errand) -> Gathered:
    """The samples of an errand, read once by each worker for all runs that share them."""
    shaping = {name: getattr(errand.settings, name) for name in _DATA}
    return _gathered(TrainingSettings(**shaping), errand.places, errand.experiment)


@functools.lru_cache(maxsize=2)
def _gathered(settings: TrainingSettings, places: Places, experiment: str) -> Gathered:
    return gather(settings, places)
