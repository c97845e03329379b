"""The stages of a training: a convolution and its teachers may learn before the dense network."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from number_recognition.learning.models import convolution, keras_network
from number_recognition.storage.settings import TrainingSettings

_COSTS = {"convolution": 0.7, "teacher": 10.5, "dense": 1.0}
"""What an epoch takes of the time of an untaught dense one, about, for the time that is left."""
_ASKING = 1.8
"""What a dense epoch takes longer for each teacher that it asks."""


@dataclass(frozen=True)
class Stage:
    """What learns for so many epochs: "convolution", "teacher" or "dense"."""

    kind: str
    epochs: int
    seed: int

    def build(self, settings: TrainingSettings, precision: str = "float32") -> keras.Sequential:
        """The network that learns, with its first weights."""
        make = {
            "convolution": convolution.build,
            "teacher": convolution.build_teacher,
            "dense": keras_network.build,
        }
        return make[self.kind](settings, precision, self.seed)


class Stages:
    """All stages of a training, one after the other; the last is the dense network's own.

    Where the learning rate restarts, the dense network has several rounds, and goes on in each with
    the weights of the one before.

    Source of the restarts: I. Loshchilov, F. Hutter, "SGDR: Stochastic gradient descent with warm
    restarts", 2017.
    """

    def __init__(self, settings: TrainingSettings) -> None:
        before: list[Stage] = []
        if settings.convolution_epochs:
            before.append(Stage("convolution", settings.convolution_epochs, settings.seed))
            before += [
                Stage("teacher", settings.teacher_epochs, settings.seed + number + 1)
                for number in range(settings.teachers)
            ]
        self._costs = {**_COSTS, "dense": _COSTS["dense"] + _ASKING * settings.teachers}
        epochs = settings.epochs - sum(stage.epochs for stage in before)
        rounds = settings.restarts + 1
        self._stages = [
            *before,
            *(
                Stage("dense", epochs // rounds + (i < epochs % rounds), settings.seed)
                for i in range(rounds)
            ),
        ]

    def __getitem__(self, number: int) -> Stage:
        return self._stages[number]

    def at(self, epochs: int) -> int:
        """Number of the stage that comes next after so many epochs in all."""
        for number, stage in enumerate(self._stages[:-1]):
            epochs -= stage.epochs
            if epochs < 0:
                return number
        return len(self._stages) - 1

    def done(self, epochs: float) -> float:
        """The part of the work that is done after so many epochs, from 0 to 1."""
        taken = whole = 0.0
        for stage in self._stages:
            part = min(max(epochs, 0.0), stage.epochs)
            taken += self._costs[stage.kind] * part
            whole += self._costs[stage.kind] * stage.epochs
            epochs -= stage.epochs
        return taken / whole
